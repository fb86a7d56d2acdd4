/* SPDX-License-Identifier: Apache-2.0 */
/* PSCI between the RECs of a Realm, from the call to its effect: exit, completion, registers, the target's first instruction. rsi.md 3. */
#include "../guest.h"
#define COMMAND "PSCI_FLOW"

static const struct env env = { .set_up = guest_psci };

#define SUCCESS		((uint64_t)PSCI_SUCCESS)
#define DENIED		((uint64_t)PSCI_DENIED)
#define ALREADY_ON	((uint64_t)PSCI_ALREADY_ON)
#define INVALID		((uint64_t)PSCI_INVALID_PARAMETERS)
#define INVALID_ADDRESS	((uint64_t)PSCI_INVALID_ADDRESS)
#define GARBAGE		0xdead00000000UL
#define REPORT		0x100			/* in the unprotected page: what a started REC leaves there */

static const volatile uint64_t *report(void) { return page_ptr(guest.shared + REPORT); }

/* REC @i makes a call; X4..X17 hold something that stays. */
static void ask(unsigned int i, uint64_t fid, uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t *in = program(i, CODE("smc #0"));

	for (int n = 0; n < 30; n++)
		in[n] = 0x5ec4e700 + n;
	in[0] = fid;
	in[1] = a;
	in[2] = b;
	in[3] = c;
	enter(i);
}

static void exited(unsigned int i, uint64_t fid, uint64_t target)
{
	EXIT_IS(i, .exit_reason = RMI_EXIT_PSCI, .gprs[0] = fid, .gprs[1] = target);
}

static uint64_t complete(unsigned int calling, unsigned int target, uint64_t status)
{
	return RMI0(PSCI_COMPLETE, guest_rec[calling], guest_rec[target], status);
}

/* The caller goes on: X0 as told, X1..X3 zero, the rest as it was; the entry record's registers are nobody's. */
static void told(unsigned int i, uint64_t x0)
{
	memset(entry(i)->gprs, 0x5a, sizeof(entry(i)->gprs));
	finish(i);
	no_exception(i);
	EXPECT_EQ(after(i)->out[0], x0);
	for (int n = 1; n <= 3; n++)
		EXPECT_EQ(after(i)->out[n], 0);
	for (int n = 4; n < 30; n++)
		EXPECT_EQ(after(i)->out[n], 0x5ec4e700 + n);
}

static void call_told(uint64_t fid, uint64_t a, uint64_t b, uint64_t c, unsigned int target, uint64_t status, uint64_t x0)
{
	ask(0, fid, a, b, c);
	exited(0, fid, target);
	must(complete(0, target, status));
	told(0, x0);
}

static void cpu_on(unsigned int target)
{
	call_told(PSCI_CPU_ON_64, target, 0, REALM_EXEC_IN(target, 0), target, SUCCESS, SUCCESS);
}

/* Refused without an exit. */
static void local(uint64_t fid, uint64_t a, uint64_t b, uint64_t x0)
{
	ask(0, fid, a, b, 0);
	EXPECT(asks(0));
	EXPECT_EQ(after(0)->out[0], x0);
}

static bool off(unsigned int i)
{
	return RMI0(REC_ENTER, guest_rec[i], guest_run[i]) == REC;
}

SHOW(cpu_on__target_runs, EXPECT(off(1)); cpu_on(1); EXPECT_EQ(run_code(1, CODE("mov x0, #7"), 0, 0, 0), 7); EXPECT(off(2)));
SHOW(cpu_on__each, cpu_on(2); cpu_on(1); EXPECT_EQ(run_code(1, CODE("mrs x0, mpidr_el1"), 0, 0, 0) & 15, 1);
     EXPECT_EQ(run_code(2, CODE("mrs x0, mpidr_el1"), 0, 0, 0) & 15, 2));
SHOW(cpu_on__by_a_started_one, cpu_on(1); ask(1, PSCI_CPU_ON_64, 2, 0, REALM_EXEC_IN(2, 0)); exited(1, PSCI_CPU_ON_64, 2);
     must(complete(1, 2, SUCCESS)); told(1, SUCCESS); EXPECT_EQ(run_code(2, CODE("mov x0, #9"), 0, 0, 0), 9));
SHOW(cpu_on__32, call_told(PSCI_CPU_ON_32, GARBAGE | 1, GARBAGE, GARBAGE | REALM_EXEC_IN(1, 0), 1, SUCCESS, SUCCESS);
     EXPECT_EQ(run_code(1, CODE("mov x0, #7"), 0, 0, 0), 7));
SHOW(cpu_on__denied, call_told(PSCI_CPU_ON_64, 1, 0, 0, 1, DENIED, DENIED); EXPECT(off(1)));
SHOW(cpu_on__denied_then_granted, call_told(PSCI_CPU_ON_64, 1, 0, 0, 1, DENIED, DENIED); cpu_on(1);
     EXPECT_EQ(run_code(1, CODE("mov x0, #7"), 0, 0, 0), 7));
SHOW(cpu_on__already_on, cpu_on(1); call_told(PSCI_CPU_ON_64, 1, 8, 0, 1, SUCCESS, ALREADY_ON);
     EXPECT_EQ(run_code(1, CODE("mov x0, #7"), 0, 0, 0), 7));
SHOW(cpu_on__already_on_after_it_ran, cpu_on(1); run_code(1, CODE("nop"), 0, 0, 0);
     call_told(PSCI_CPU_ON_64, 1, 8, 0, 1, SUCCESS, ALREADY_ON));
SHOW(cpu_on__on_is_not_denied, cpu_on(1); ask(0, PSCI_CPU_ON_64, 1, 0, 0); EXPECT_EQ(complete(0, 1, DENIED), INPUT);
     must(complete(0, 1, SUCCESS)); told(0, ALREADY_ON));
SHOW(cpu_on__self, local(PSCI_CPU_ON_64, 0, 0, ALREADY_ON));
SHOW(cpu_on__no_such, local(PSCI_CPU_ON_64, 3, 0, INVALID));
SHOW(cpu_on__no_such_aff3, local(PSCI_CPU_ON_64, 1UL << 32 | 1, 0, INVALID));
SHOW(cpu_on__entry_unprotected, local(PSCI_CPU_ON_64, 1, PAR_END, INVALID_ADDRESS));
SHOW(cpu_on__entry_last_protected, ask(0, PSCI_CPU_ON_64, 1, PAR_END - 4, 0); exited(0, PSCI_CPU_ON_64, 1));
SHOW(cpu_on__mpidr_res1_ignored, ask(0, PSCI_CPU_ON_64, 1UL << 31 | 1, 0, 0); exited(0, PSCI_CPU_ON_64, 1UL << 31 | 1);
     must(complete(0, 1, SUCCESS)));

/* ---- what the target starts with ---- */
#define TARGET	"adr x2, 1f; mov x10, x30; smc #0; b 2f; 1: mov x5, #0x8000000000; stp x0, x1, [x5, #0x100]; mrs x6, sctlr_el1; mrs x7, daif; "	\
		"stp x6, x7, [x5, #0x110]; mrs x6, currentel; mrs x7, spsel; stp x6, x7, [x5, #0x120]; adr x6, 1b; mrs x7, mpidr_el1; "		\
		"stp x6, x7, [x5, #0x130]; mrs x6, nzcv; stp x6, x2, [x5, #0x140]; mov x0, #0x84000000; add x0, x0, #2; smc #0; 2: "
static void started(struct code c, uint64_t ctx)
{
	uint64_t *in = program(0, c);

	in[0] = PSCI_CPU_ON_64;
	in[1] = 1;
	in[3] = ctx;
	enter(0);
	exited(0, PSCI_CPU_ON_64, 1);
	must(complete(0, 1, SUCCESS));
	finish(0);
	EXPECT_EQ(after(0)->out[0], SUCCESS);
	enter(1);
	exited(1, PSCI_CPU_OFF, 0);
}
SHOW(target__context_id, started(CODE(TARGET), 0x0123456789abcdefUL); EXPECT_EQ(report()[0], 0x0123456789abcdefUL));
SHOW(target__pc, started(CODE(TARGET), 0); EXPECT_EQ(report()[6], after(0)->at + 4 * 4));
SHOW(target__mpidr, started(CODE(TARGET), 0); EXPECT_EQ(report()[7], 1UL << 31 | 1));
SHOW(target__sctlr, started(CODE(TARGET), 0); EXPECT_EQ(report()[2], 0x00c50878UL));
SHOW(target__pstate, started(CODE(TARGET), 0); EXPECT_EQ(report()[3], 0xf << 6); EXPECT_EQ(report()[4], 1 << 2); EXPECT_EQ(report()[5], 1);
     EXPECT_EQ(report()[8], 0));
SHOW(target__byte_order_of_caller, started(CODE("mrs x8, sctlr_el1; orr x9, x8, #1 << 25; msr sctlr_el1, x9; isb; adr x2, 1f; smc #0; "
		"msr sctlr_el1, x8; isb; b 2f; 1: mov x5, #0x8000000000; mrs x6, sctlr_el1; rev x6, x6; str x6, [x5, #0x100]; "
		"mov x0, #0x84000000; add x0, x0, #2; smc #0; 2: "), 0);
     EXPECT_EQ(report()[0], 0x00c50878UL | 1UL << 25));
SHOW(target__once_more_after_off, started(CODE(TARGET), 5); started(CODE(TARGET), 6); EXPECT_EQ(report()[0], 6));

SHOW(pending__not_entered, ask(0, PSCI_CPU_ON_64, 1, 0, 0); EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC);
     EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC); must(complete(0, 1, SUCCESS)); told(0, SUCCESS));
SHOW(pending__once, ask(0, PSCI_CPU_ON_64, 1, 0, 0); must(complete(0, 1, SUCCESS)); EXPECT_EQ(complete(0, 1, SUCCESS), INPUT);
     told(0, SUCCESS));
SHOW(pending__other_target, ask(0, PSCI_CPU_ON_64, 1, 0, 0); EXPECT_EQ(complete(0, 2, SUCCESS), INPUT); EXPECT(off(2));
     must(complete(0, 1, SUCCESS)));

#define ON	0
#define OFF	1
SHOW(affinity_info__off, call_told(PSCI_AFFINITY_INFO_64, 1, 0, 9, 1, SUCCESS, OFF));
SHOW(affinity_info__on, cpu_on(1); call_told(PSCI_AFFINITY_INFO_64, 1, 0, 9, 1, SUCCESS, ON));
SHOW(affinity_info__off_again, cpu_on(1); ask(1, PSCI_CPU_OFF, 0, 0, 0); exited(1, PSCI_CPU_OFF, 0);
     call_told(PSCI_AFFINITY_INFO_64, 1, 0, 9, 1, SUCCESS, OFF));
SHOW(affinity_info__32, call_told(PSCI_AFFINITY_INFO_32, GARBAGE | 1, GARBAGE, 9, 1, SUCCESS, OFF));
SHOW(affinity_info__self, local(PSCI_AFFINITY_INFO_64, 0, 0, ON));
SHOW(affinity_info__level, local(PSCI_AFFINITY_INFO_64, 1, 1, INVALID));
SHOW(affinity_info__no_such, local(PSCI_AFFINITY_INFO_64, 3, 0, INVALID));
SHOW(affinity_info__not_denied, ask(0, PSCI_AFFINITY_INFO_64, 1, 0, 0); EXPECT_EQ(complete(0, 1, DENIED), INPUT);
     must(complete(0, 1, SUCCESS)));

SHOW(cpu_off, cpu_on(1); ask(1, PSCI_CPU_OFF, 1, 2, 3); exited(1, PSCI_CPU_OFF, 0); EXPECT(off(1)); EXPECT(off(1));
     EXPECT_EQ(run_code(0, CODE("mov x0, #7"), 0, 0, 0), 7));
SHOW(cpu_off__on_again, cpu_on(1); ask(1, PSCI_CPU_OFF, 1, 2, 3); memset((void *)left(1), 0, 8); cpu_on(1);
     EXPECT_EQ(run_code(1, CODE("mov x0, #7"), 0, 0, 0), 7));
SHOW(cpu_off__last_one, ask(0, PSCI_CPU_OFF, 0, 0, 0); exited(0, PSCI_CPU_OFF, 0); EXPECT(off(0)));
SHOW(cpu_suspend, ask(0, PSCI_CPU_SUSPEND_64, 1, 2, 3); exited(0, PSCI_CPU_SUSPEND_64, 0); finish(0); EXPECT_EQ(after(0)->out[0], SUCCESS);
     EXPECT_EQ(after(0)->out[4], 0x5ec4e704));
SHOW(cpu_suspend__power_down_state, ask(0, PSCI_CPU_SUSPEND_64, 1 << 16, 0, 3); exited(0, PSCI_CPU_SUSPEND_64, 0); finish(0);
     EXPECT_EQ(after(0)->out[0], SUCCESS));
SHOW(cpu_suspend__32, ask(0, PSCI_CPU_SUSPEND_32, 1, 2, 3); exited(0, PSCI_CPU_SUSPEND_32, 0); finish(0);
     EXPECT_EQ(after(0)->out[0], SUCCESS));
static void over(uint64_t fid, unsigned int by)
{
	if (by != 0)
		cpu_on(by);
	ask(by, fid, 1, 2, 3);
	exited(by, fid, 0);
	for (unsigned int i = 0; i < GUEST_RECS; i++)
		EXPECT_EQ(RMI0(REC_ENTER, guest_rec[i], guest_run[i]), REALM(1));
}
SHOW(system_off, over(PSCI_SYSTEM_OFF, 0));
SHOW(system_off__by_another, over(PSCI_SYSTEM_OFF, 1));
SHOW(system_reset, over(PSCI_SYSTEM_RESET, 0));
SHOW(system_reset__by_another, over(PSCI_SYSTEM_RESET, 2));
SHOW(system_off__while_pending, ask(0, PSCI_CPU_ON_64, 1, 0, REALM_EXEC_IN(1, 0)); must(complete(0, 1, SUCCESS));
     ask(1, PSCI_SYSTEM_OFF, 0, 0, 0);
     EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REALM(1)));
/* the hint of SMCCC 1.3 and a dirty upper half of X0 are no part of the function */
SHOW(fid__sve_hint, local(PSCI_VERSION | SMCCC_SVE_HINT, 0, 0, PSCI_VERSION_1_1));
SHOW(fid__upper_half, local(PSCI_VERSION | GARBAGE, 0, 0, PSCI_VERSION_1_1));
SHOW(fid__version_64, local(PSCI_VERSION | SMCCC_64, 0, 0, (uint64_t)PSCI_NOT_SUPPORTED));
SHOW(fid__cpu_off_64, local(PSCI_CPU_OFF | SMCCC_64, 0, 0, (uint64_t)PSCI_NOT_SUPPORTED));
