/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Right VTIMER on a real interrupt controller: one Realm has it, the other runs the same code without. The Realm reads its virtual
 * CPU interface; nothing of its timer reaches the host.
 */
#include "flow.h"
#include "realm/realm_abi.h"

enum { PLAIN, VTIMER };

#define SPURIOUS	1023

static const struct flow_role roles[FLOW_ROLES] = {
	[PLAIN] = { "plain", MICA_RIGHT_HOSTCALL, REALM_INTERRUPTS },
	[VTIMER] = { "vtimer", MICA_RIGHT_HOSTCALL | MICA_RIGHT_VTIMER, REALM_INTERRUPTS },
};

/* What the Realm acknowledged: before anything, with its timer up, again, after its own SGI, after a WFI with the timer up. */
static void expect(struct flow *f, unsigned int role, const uint64_t want[REALM_INTERRUPT_LOOKS])
{
	struct rmi_rec_run *run = realm_run(&f->realm[role]);

	run->enter.flags = RMI_ENTER_TRAP_WFI;
	EXPECT_EQ(flow_enter(f, role), RMI_SUCCESS);
	EXPECT_EQ(run->exit.exit_reason, RMI_EXIT_MICA_IDLE);
	EXPECT(only_reason(&run->exit));
	EXPECT_EQ(flow_enter(f, role), RMI_SUCCESS);
	EXPECT_EQ(run->exit.exit_reason, RMI_EXIT_HOST_CALL);
	EXPECT_EQ(run->exit.imm, REALM_CALL_INTERRUPTS);
	for (unsigned int i = 0; i < REALM_INTERRUPT_LOOKS; i++)
		EXPECT_EQ(run->exit.gprs[i], want[i]);
	EXPECT_EQ(run->exit.cntv_ctl | run->exit.cntv_cval | run->exit.gicv3_vmcr | run->exit.gicv3_lrs[0], 0);
}

void test_vtimer(void)
{
	static const uint64_t none[REALM_INTERRUPT_LOOKS] = { SPURIOUS, SPURIOUS, SPURIOUS, SPURIOUS, SPURIOUS };
	static const uint64_t own[REALM_INTERRUPT_LOOKS] = { SPURIOUS, 27, SPURIOUS, 7, 27 };
	struct flow f;

	flow_start(&f, roles, false, 30);
	expect(&f, PLAIN, none);
	expect(&f, VTIMER, own);
	flow_end(&f);
}
