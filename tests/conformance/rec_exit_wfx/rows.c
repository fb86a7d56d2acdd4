/* SPDX-License-Identifier: Apache-2.0 */
/* WFI, WFE and their forms with a timeout, trapped as the host asks, one entry at a time. rmi.md 7.4. */
#include "../../bare/gic.h"
#include "../guest.h"
#define COMMAND "REC_EXIT_WFX"

static void tear_down(void) { gic_disable_all(); }
static const struct env env = { .set_up = guest_new, .tear_down = tear_down };

#define WFIT_X1		".inst 0xd5031021"
#define WFET_X1		".inst 0xd5031001"
#define TO_EL0		"adr x3, 1f; msr elr_el1, x3; msr spsr_el1, x4; isb; eret; 1: "

static void trapped(struct code c, uint64_t flags, uint64_t ti)
{
	uint64_t *in = program(0, c);

	in[1] = ~0UL;
	in[4] = 0x3c0;
	entry(0)->flags = flags;
	enter(0);
	EXIT_IS(0, .esr = EC(EC_WFX) | ti);
}

/* The emulator does not trap WFE: then the Realm has gone on. A machine that does shows it as here. */
static void trapped_if_at_all(struct code c, uint64_t flags, uint64_t ti)
{
	program(0, c)[1] = 0;
	entry(0)->flags = flags;
	enter(0);
	if (!asks(0)) {
		EXIT_IS(0, .esr = EC(EC_WFX) | ti);
		finish(0);
	}
	no_exception(0);
	EXPECT_EQ(after(0)->out[0], 1);
}

SHOW(wfi, trapped(CODE("wfi; mov x0, #1"), RMI_ENTER_TRAP_WFI, 0); finish(0); no_exception(0); EXPECT_EQ(after(0)->out[0], 1));
SHOW(wfi__both_flags, trapped(CODE("wfi; mov x0, #1"), RMI_ENTER_TRAP_WFI | RMI_ENTER_TRAP_WFE, 0); finish(0));
SHOW(wfi__twice, trapped(CODE("wfi; wfi; mov x0, #1"), RMI_ENTER_TRAP_WFI, 0); entry(0)->flags = RMI_ENTER_TRAP_WFI;
     enter(0); EXIT_IS(0, .esr = EC(EC_WFX)); finish(0); EXPECT_EQ(after(0)->out[0], 1));
SHOW(wfi__el0, trapped(CODE(TO_EL0 "wfi; svc #0"), RMI_ENTER_TRAP_WFI, 0); finish(0);
     EXPECT_EQ(after(0)->vector, VECTOR_EL0); EXPECT_EQ(after(0)->esr >> 26, 0x15));
SHOW(wfi__gprs_ignored, trapped(CODE("wfi"), RMI_ENTER_TRAP_WFI, 0); memset(entry(0)->gprs, 0x5a, sizeof(entry(0)->gprs)); finish(0);
     EXPECT_EQ(after(0)->out[0], 0); EXPECT_EQ(after(0)->out[1], ~0UL); EXPECT_EQ(after(0)->out[29], 0));
SHOW(wfi__no_answer_allowed, trapped(CODE("wfi"), RMI_ENTER_TRAP_WFI, 0); entry(0)->flags = RMI_ENTER_EMUL_MMIO;
     EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC); entry(0)->flags = RMI_ENTER_INJECT_SEA;
     EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC));
SHOW(wfit, trapped_if_at_all(CODE(WFIT_X1 "; mov x0, #1"), RMI_ENTER_TRAP_WFI, 2));
SHOW(wfe, trapped_if_at_all(CODE("wfe; mov x0, #1"), RMI_ENTER_TRAP_WFE, 1));
SHOW(wfet, trapped_if_at_all(CODE(WFET_X1 "; mov x0, #1"), RMI_ENTER_TRAP_WFE, 3));
/* not asked for: the CPU waits in the Realm until the host's interrupt takes it */
static void waits(uint64_t flags)
{
	program(0, CODE("wfi; wfi; wfi; wfi; b ."));
	el2_timer_start(2000);
	entry(0)->flags = flags;
	enter(0);
	EXIT_IS(0, .exit_reason = RMI_EXIT_IRQ);
}
SHOW(wfi_not_trapped, waits(0));
SHOW(wfi_not_trapped__only_wfe_asked, waits(RMI_ENTER_TRAP_WFE));
SHOW(wfi_not_trapped__flag_is_of_one_entry, trapped(CODE("wfi; wfi; b ."), RMI_ENTER_TRAP_WFI, 0); el2_timer_start(2000); enter(0);
     EXIT_IS(0, .exit_reason = RMI_EXIT_IRQ));
