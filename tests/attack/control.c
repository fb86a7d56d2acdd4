/* SPDX-License-Identifier: Apache-2.0 */
/* Control transfers to the host that no right opens: host calls, PSCI, device accesses. */
#include "attack.h"

/* A host call with X1 in its structure, at X0: X0 = status, X2 = the answer in the structure. */
#define CALL_HOST	"mov x9, x0\n\t str x1, [x0]\n\t str x1, [x0, #8]\n\t str x1, [x0, #248]\n\t mov x1, x0\n\t" HOST_CALL \
			"ldr x2, [x9, #8]"

ATTEMPT(control, host_call, "row/hostcall s5/HOSTCALL", "a mute Realm makes a host call with a secret in all its words",
	"right HOSTCALL")
{
	unsigned int a = role(open ? HOSTCALL : 0);

	start();
	EXPECT_EQ(RUN(a, CALL_HOST, AT_RAM, SECRET)[0], open ? RSI_SUCCESS : POLICY(HOSTCALL));
	EXPECT_EQ(LEFT(a, HOST_CALL), open);
	EXPECT_EQ(only_reasons(a), !open);
	return host_saw(SECRET);
}

ATTEMPT(control, host_answers, "row/hostcall s5/HOSTCALL",
	"the host answers a host call that was refused: words for the Realm's structure", "right HOSTCALL")
{
	unsigned int a = role(open ? HOSTCALL : 0);

	start();
	for (unsigned int i = 0; i < 31; i++)
		entry(a)->gprs[i] = SECRET;
	return RUN(a, CALL_HOST, AT_RAM, 1)[2] == SECRET;
}

/* ---- PSCI ---- */

/* Two vCPUs, both on; one makes a PSCI call that an open role takes to the host. */
static bool psci_exits(bool open, uint64_t fid, uint64_t x1, uint64_t want_closed)
{
	unsigned int a = role(open ? MICA_RIGHT_PSCI : 0);
	uint64_t *x;

	W->p.role[a].vcpus = 2;
	start();
	x = load(a, CODE("smc #0"));
	x[0] = fid;
	x[1] = x1;
	x[3] = SECRET;
	must(enter(a));
	if (!open) {
		EXPECT(done(a));
		EXPECT_EQ(after(a)->out[0], want_closed);
		EXPECT(only_reasons(a));
	}
	return LEFT(a, PSCI) && left(a)->gprs[0] == fid && left(a)->gprs[1] == x1;
}

ATTEMPT(control, psci_cpu_on, "row/psci s5/PSCI", "a Realm tells the host a number by the target of CPU_ON",
	"right PSCI")
{
	return psci_exits(open, PSCI_CPU_ON_64, 1, (uint64_t)PSCI_DENIED);
}

ATTEMPT(control, psci_affinity, "row/psci s5/PSCI", "the same by the target of AFFINITY_INFO", "right PSCI")
{
	return psci_exits(open, PSCI_AFFINITY_INFO_64, 1, (uint64_t)PSCI_NOT_SUPPORTED);
}

ATTEMPT(control, psci_cpu_off, "row/psci s5/PSCI", "the same by whether a vCPU switches itself off", "right PSCI")
{
	return psci_exits(open, PSCI_CPU_OFF, 0, (uint64_t)PSCI_DENIED);
}

/* The Realm ends; does the host learn by which call? */
static bool off_tells(bool open, uint64_t fid)
{
	unsigned int a = role(open ? MICA_RIGHT_PSCI : 0);
	uint64_t *x;

	start();
	x = load(a, CODE("smc #0"));
	x[0] = fid;
	x[1] = x[2] = SECRET;
	must(enter(a));
	EXPECT_EQ(LEFT(a, MICA_OFF), !open);
	EXPECT_EQ(only_reasons(a), !open);
	EXPECT_EQ(enter(a), RMI_RET(RMI_ERROR_REALM, 1));
	return host_saw(fid);
}

ATTEMPT(control, psci_off, "row/psci s5/PSCI row/exit-kind",
	"a Realm says by SYSTEM_OFF, and not another call, that it ends", "right PSCI")
{
	return off_tells(open, PSCI_SYSTEM_OFF);
}

ATTEMPT(control, psci_reset, "row/psci s5/PSCI row/exit-kind", "the same by SYSTEM_RESET", "right PSCI")
{
	return off_tells(open, PSCI_SYSTEM_RESET);
}

ATTEMPT(control, psci_suspend, "row/psci row/exit-kind", "a Realm adds a function and words to its CPU_SUSPEND",
	"a Realm that no workflow binds")
{
	unsigned int a = open ? unbound() : role(MICA_RIGHT_PSCI);

	start();
	RUN(a, "smc #0", PSCI_CPU_SUSPEND_64, SECRET, SECRET);
	EXPECT(open || only_reasons(a));
	return host_saw(PSCI_CPU_SUSPEND_64);
}

ATTEMPT(control, psci_complete, "row/psci cmd/PSCI_COMPLETE", "the host answers a PSCI call that was never shown to it",
	"right PSCI: the call is shown")
{
	unsigned int a = role(open ? MICA_RIGHT_PSCI : 0);
	uint64_t status, *x;

	W->p.role[a].vcpus = 2;
	start();
	x = load(a, CODE("smc #0"));
	x[0] = PSCI_CPU_ON_64;
	x[1] = 1;
	must(enter(a));
	status = RMI0(PSCI_COMPLETE, W->m[a].rec[0], W->m[a].rec[1], PSCI_SUCCESS);
	EXPECT_EQ(status, open ? RMI_SUCCESS : RMI_ERROR_INPUT);
	return status == RMI_SUCCESS;
}

/* ---- devices ---- */

/* The Realm stores a secret where device 0 is, or would be: is there an exit? If not, an abort that counts for @rule. */
static bool device_store(bool open, unsigned int a, enum mica_rule rule)
{
	uint64_t *x = load(a, CODE(STORE));

	x[0] = AT_DEVICE(0);
	x[1] = SECRET;
	must(enter(a));
	EXPECT(open || done(a));
	if (!open)
		aborted(a, rule);
	return LEFT(a, SYNC);
}

ATTEMPT(control, device_store, "row/mmio s5/MMIO s4/abort-window rule/1",
	"a Realm stores a secret to a device that is not in its policy", "the device is")
{
	unsigned int a = role(0);

	if (open)
		device(a, 0, IN | OUT);
	start();
	return device_store(open, a, MICA_RULE_WINDOW) && host_saw(SECRET);
}

/* A load of a device whose rights are @rights: does the host's answer arrive? */
static bool device_load(unsigned int a, uint64_t at)
{
	load(a, CODE(LOAD))[0] = at;
	must(enter(a));
	if (!LEFT(a, SYNC))
		return fine(a) && after(a)->out[0] == SECRET;
	entry(a)->flags |= RMI_ENTER_EMUL_MMIO;
	entry(a)->gprs[0] = SECRET;
	must(enter(a));
	entry(a)->flags &= ~RMI_ENTER_EMUL_MMIO;
	return done(a) && fine(a) && after(a)->out[0] == SECRET;
}

ATTEMPT(control, device_load, "row/mmio s5/MMIO",
	"a Realm loads from a device that is not in its policy, and tells by the address", "the device is")
{
	unsigned int a = role(0);

	if (open)
		device(a, 0, IN | OUT);
	start();
	return device_load(a, AT_DEVICE(0));
}

ATTEMPT(control, device_read_only, "row/mmio s4/device s4/abort-device rule/2",
	"a store to a device that the role may only read", "both directions")
{
	unsigned int a = role(0);

	device(a, 0, open ? IN | OUT : IN);
	start();
	return device_store(open, a, MICA_RULE_MMIO);
}

ATTEMPT(control, device_write_only, "row/mmio s4/device s4/abort-device rule/2",
	"a load from a device that the role may only write", "both directions")
{
	unsigned int a = role(0);
	bool got;

	device(a, 0, open ? IN | OUT : OUT);
	start();
	got = device_load(a, AT_DEVICE(0));
	EXPECT_EQ(audit(a, MICA_RULE_MMIO), !open);
	return got;
}

ATTEMPT(control, device_next_page, "row/mmio s4/abort-window", "a load from the page behind a device",
	"the page of the device")
{
	unsigned int a = role(0);

	device(a, 0, IN | OUT);
	start();
	return device_load(a, AT_DEVICE(open ? 0 : 1));
}

ATTEMPT(control, device_of_other, "row/mmio s5/MMIO", "a load from the device of another role of the workflow",
	"the device is this role's, too")
{
	unsigned int a = role(0), b = role(0);

	device(b, 0, IN | OUT);
	if (open)
		device(a, 0, IN | OUT);
	start();
	return device_load(a, AT_DEVICE(0));
}

/* The Realm gets at its device by @attack, or by a load of one register. */
static bool device_access(bool open, struct code attack)
{
	unsigned int a = role(0);

	device(a, 0, IN | OUT);
	start();
	load(a, open ? CODE("ldr x0, [x0]") : attack)[0] = AT_DEVICE(0);
	must(enter(a));
	EXPECT(open || done(a));
	if (!open)
		aborted(a, MICA_RULE_MMIO);
	return LEFT(a, SYNC);
}

ATTEMPT(control, device_pair, "row/mmio s4/abort-device",
	"an access that no host can emulate (a pair), to tell by the fault's address", "one register")
{
	return device_access(open, CODE("ldp x0, x1, [x0]"));
}

ATTEMPT(control, device_fetch, "row/mmio s4/abort-device", "a Realm jumps into its device: the host would see where",
	"it loads from there")
{
	return device_access(open, CODE("br x0"));
}

/* After an ordinary exit, or after a device's, the host sets a flag of the entry. */
static bool forge(bool open, uint64_t flag)
{
	unsigned int a = role(0);
	uint64_t status;

	if (open)
		device(a, 0, IN | OUT);
	start();
	load(a, CODE(LOAD))[0] = AT_DEVICE(0);
	must(enter(a));
	entry(a)->flags |= flag;
	entry(a)->gprs[0] = SECRET;
	status = enter(a);
	EXPECT_EQ(status, open ? RMI_SUCCESS : RMI_ERROR_REC);
	return status == RMI_SUCCESS;
}

ATTEMPT(control, forge_mmio, "row/mmio s5/entry cmd/REC_ENTER", "the host completes a load that no exit asked for",
	"after an exit for a device")
{
	return forge(open, RMI_ENTER_EMUL_MMIO);
}

ATTEMPT(control, forge_abort, "row/mmio s5/entry cmd/REC_ENTER", "the host injects an abort that no exit allows",
	"after an exit for a device")
{
	return forge(open, RMI_ENTER_INJECT_SEA);
}

/* ---- what an entry may not bring ---- */

ATTEMPT(control, entry_registers, "s5/entry row/hostcall",
	"the host fills every field of the entry record: the Realm's registers after a yield",
	"right HOSTCALL, and a host call instead")
{
	unsigned int a = role(open ? HOSTCALL : 0);
	uint64_t *x;
	bool got = false;

	start();
	memset(entry(a), 0x5e, sizeof(*entry(a)));
	entry(a)->flags = RMI_ENTER_TRAP_WFI | RMI_ENTER_RIPAS_REJECT;
	memset(entry(a)->gicv3_lrs, open ? 0 : 0x5e, sizeof(entry(a)->gicv3_lrs));
	entry(a)->gicv3_hcr = open ? 0 : ~0UL;
	if (open)
		return RUN(a, CALL_HOST, AT_RAM, 1)[2] == 0x5e5e5e5e5e5e5e5eUL;
	x = RUN(a, "smc #0", PSCI_CPU_SUSPEND_64, 1, 2, 3, 4, 5, 6, 7, 8, 9);
	for (unsigned int i = 1; i < 30; i++)
		got |= x[i] != (i < 10 ? i : 0);
	EXPECT_EQ(x[0], 0);
	return got;
}
