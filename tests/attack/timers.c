/* SPDX-License-Identifier: Apache-2.0 */
/* Timers, the interrupt controller, PMU and debug registers: state of the CPU that two worlds use in turn. */
#include "attack.h"

/* Program: a register := X0, then yield. */
#define SET(reg)	"msr " reg ", x0\n\t isb"

#define TELLS(name, row, what, reg, right)								\
ATTEMPT(timer, name, row, "a Realm tells the host a number by " what, "right " #right)			\
{													\
	unsigned int a = role(open ? MICA_RIGHT_##right : 0);						\
													\
	start();											\
	RUN(a, SET(reg), SECRET);									\
	EXPECT_EQ(only_reasons(a), !open);								\
	return host_saw(SECRET);									\
}
TELLS(cntv_cval, "row/timer s5/TIMER I7", "the comparison value of its virtual timer", "cntv_cval_el0", TIMER)
TELLS(cntp_cval, "row/timer s5/TIMER s14/timer-line I7", "the comparison value of its physical timer", "cntp_cval_el0",
	TIMER)

#define CTL_TELLS(name, reg)										\
ATTEMPT(timer, name, "row/timer s5/TIMER", "a Realm tells a bit by the mask bit of " #reg, "right TIMER")	\
{													\
	unsigned int a = role(open ? MICA_RIGHT_TIMER : 0);						\
													\
	start();											\
	RUN(a, SET(#reg), 2);										\
	return left(a)->cntv_ctl == 2 || left(a)->cntp_ctl == 2;					\
}
CTL_TELLS(cntv_ctl, cntv_ctl_el0)
CTL_TELLS(cntp_ctl, cntp_ctl_el0)

/* A timer goes off while the Realm runs. */
#define GOES_OFF(name, t, ppi)										\
ATTEMPT(timer, name, "row/timer row/exit-kind s14/timer-line", \
	"a Realm makes the line of " #t " go up: an exit at a time of its choice", "right TIMER")	\
{													\
	unsigned int a = role(open ? MICA_RIGHT_TIMER : 0);						\
													\
	start();											\
	gic_enable(ppi);										\
	RUN(a, "msr " #t "_cval_el0, xzr\n\t mov x1, #1\n\t msr " #t "_ctl_el0, x1\n\t isb\n\t"		\
	    "1: subs x0, x0, #1\n\t b.ne 1b", 100000);							\
	gic_disable_all();										\
	return LEFT(a, IRQ);										\
}
GOES_OFF(cntv_line, cntv, PPI_V_TIMER)
GOES_OFF(cntp_line, cntp, PPI_P_TIMER)

/* ---- list registers ---- */

/* The host injects @intid: status of the entry; what the Realm takes. */
static uint64_t inject(unsigned int a, uint64_t intid, uint64_t *taken)
{
	uint64_t status;

	load(a, CODE(GIC_ON TAKE));
	entry(a)->gicv3_lrs[0] = LR(intid);
	status = enter(a);
	entry(a)->gicv3_lrs[0] = 0;
	*taken = status == RMI_SUCCESS && done(a) ? after(a)->out[0] : 1023;
	return status;
}

ATTEMPT(gic, timer_injected, "row/gic row/timer s5/TIMER", "the host injects the interrupt of a timer", "right TIMER")
{
	unsigned int a = role(open ? MICA_RIGHT_TIMER : 0);
	uint64_t taken;

	start();
	must(inject(a, PPI_V_TIMER, &taken));
	return taken == PPI_V_TIMER;
}

ATTEMPT(gic, spi_injected, "row/gic s5/IRQ", "the host injects a device's interrupt", "the number is opened")
{
	unsigned int a = role(0);
	uint64_t taken;

	if (open)
		intids(a, 40, 1);
	start();
	must(inject(a, 40, &taken));
	return taken == 40;
}

ATTEMPT(gic, other_number, "row/gic s5/IRQ rule/19", "a role with numbers 40 and 41 is given 42", "41")
{
	unsigned int a = role(0);
	uint64_t taken, status;

	intids(a, 40, 2);
	start();
	status = inject(a, open ? 41 : 42, &taken);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(IRQ));
	return taken == 41 || taken == 42;
}

ATTEMPT(gic, timer_number, "row/gic s5/TIMER rule/19", "a role with TIMER alone is given a device's interrupt",
	"the timer's")
{
	unsigned int a = role(MICA_RIGHT_TIMER);
	uint64_t taken, status;

	start();
	status = inject(a, open ? PPI_P_TIMER : 40, &taken);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(IRQ));
	return taken != 1023;
}

ATTEMPT(gic, last_list_register, "row/gic rule/19", "the number that is not opened stands in the last list register",
	"an opened one")
{
	unsigned int a = role(0), last;
	uint64_t status;

	intids(a, 40, 1);
	start();
	last = (unsigned int)(RMI(FEATURES, 0).x[1] >> RMI_FEAT0_LRS_SHIFT & 0xf);
	load(a, CODE(GIC_ON TAKE));
	entry(a)->gicv3_lrs[last] = LR(open ? 40 : 41);
	status = enter(a);
	entry(a)->gicv3_lrs[last] = 0;
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(IRQ));
	return status == RMI_SUCCESS && after(a)->out[0] == 40;
}

ATTEMPT(gic, list_registers_back, "row/gic I7",
	"the host reads in the list registers whether a Realm took an interrupt", "right TIMER")
{
	unsigned int a = role(open ? MICA_RIGHT_TIMER : 0);
	uint64_t taken;

	start();
	must(inject(a, PPI_V_TIMER, &taken));
	return left(a)->gicv3_lrs[0] != 0;
}

ATTEMPT(gic, sgi, "row/sysreg s5/IRQ", "a Realm tells a number by the SGI it sends", "right IRQ")
{
	unsigned int a = role(0);

	if (open)
		intids(a, 1, 1);
	start();
	load(a, CODE("msr s3_0_c12_c11_5, x0"))[0] = 5UL << 24 | 1;
	must(enter(a));
	EXPECT(open || (done(a) && only_reasons(a)));
	return LEFT(a, SYNC) && host_saw(5UL << 24 | 1);
}

ATTEMPT(gic, dir, "row/sysreg row/gic s5/IRQ",
	"the host has writes of ICC_DIR_EL1 trapped, and a Realm tells a number by one", "right IRQ")
{
	unsigned int a = role(0);

	if (open)
		intids(a, 40, 1);
	start();
	entry(a)->gicv3_hcr = HCR_TDIR;
	load(a, CODE(GIC_ON "msr s3_0_c12_c11_1, x0"))[0] = 41;
	must(enter(a));
	entry(a)->gicv3_hcr = 0;
	EXPECT(open || (done(a) && only_reasons(a)));
	return LEFT(a, SYNC) && host_saw(41);
}

ATTEMPT(gic, vmcr, "row/gic I7", "a Realm tells a number by its priority mask", "right IRQ")
{
	unsigned int a = role(0);

	if (open)
		intids(a, 40, 1);
	start();
	RUN(a, "mov x9, #7\n\t msr s3_0_c12_c12_5, x9\n\t msr s3_0_c4_c6_0, x0\n\t isb", 0xa8);
	return left(a)->gicv3_vmcr >> 24 == 0xa8;
}

ATTEMPT(gic, maintenance, "row/gic s14/maintenance",
	"the host asks for a maintenance interrupt: an exit when the Realm ends an interrupt", "right IRQ")
{
	unsigned int a = role(0);
	bool got;

	if (open)
		intids(a, 40, 1);
	start();
	gic_enable(PPI_MAINTENANCE);
	entry(a)->gicv3_hcr = HCR_UIE;
	load(a, CODE("nop"));
	must(enter(a));
	entry(a)->gicv3_hcr = 0;
	got = LEFT(a, IRQ) || left(a)->gicv3_misr != 0;
	gic_disable_all();
	return got;
}

ATTEMPT(gic, own_timer, "s5/VTIMER row/timer", "a Realm gets its timer's interrupt from nobody",
	"right VTIMER: from the monitor, and the host sees nothing")
{
	unsigned int a = role(open ? MICA_RIGHT_VTIMER : 0);
	uint64_t *x;

	start();
	x = RUN(a, GIC_ON "msr cntv_cval_el0, xzr\n\t mov x1, #1\n\t msr cntv_ctl_el0, x1\n\t isb\n\t" RSI_VERSION TAKE);
	EXPECT(only_reasons(a));
	return x[0] == PPI_V_TIMER;
}

ATTEMPT(gic, sgi_of_other, "s5/VTIMER row/sysreg",
	"a role with VTIMER sends an SGI to other CPUs: neither host nor peer gets it", "to itself")
{
	unsigned int a = role(MICA_RIGHT_VTIMER);
	uint64_t *x;

	start();
	x = RUN(a, GIC_ON "msr s3_0_c12_c11_5, x0\n\t isb\n\t" RSI_VERSION TAKE, 7UL << 24 | (open ? 1 : 2));
	EXPECT(only_reasons(a));
	return x[0] == 7;
}

/* ---- registers that the worlds share ---- */

/* The attacker looks for the victim's word in a register; the control looks for its own. */
#define LEFTOVER(name, row, what, put, get)								\
ATTEMPT(registers, name, row " I7", "a Realm of another workflow looks for a word in " what, \
	"it put it there itself")	\
{													\
	unsigned int a, b;										\
	uint64_t got;											\
													\
	a = role(0);											\
	start();											\
	use(1);												\
	b = role(0);											\
	start();											\
	use(open ? 1 : 0);										\
	RUN(open ? b : a, put, SECRET & ~3UL);								\
	use(1);												\
	got = RUN(b, get)[0];										\
	return got == (SECRET & ~3UL);									\
}
LEFTOVER(vector, "row/teardown", "D7", FP_ON "fmov d7, x0", FP_ON "fmov x0, d7")
LEFTOVER(tpidr_el0, "row/teardown", "TPIDR_EL0", "msr tpidr_el0, x0", "mrs x0, tpidr_el0")
LEFTOVER(tpidrro, "row/teardown", "TPIDRRO_EL0", "msr tpidrro_el0, x0", "mrs x0, tpidrro_el0")
LEFTOVER(ttbr0, "row/teardown", "TTBR0_EL1", "msr ttbr0_el1, x0", "mrs x0, ttbr0_el1")
LEFTOVER(far, "row/teardown", "FAR_EL1", "msr far_el1, x0", "mrs x0, far_el1")
LEFTOVER(cval, "row/timer", "CNTV_CVAL_EL0", "msr cntv_cval_el0, x0", "mrs x0, cntv_cval_el0")
LEFTOVER(breakpoint, "row/debug", "DBGBVR0_EL1", "msr dbgbvr0_el1, x0", "mrs x0, dbgbvr0_el1")
LEFTOVER(watchpoint, "row/debug", "DBGWVR0_EL1", "msr dbgwvr0_el1, x0", "mrs x0, dbgwvr0_el1")

ATTEMPT(registers, host_breakpoint, "row/debug", "a Realm reads the host's breakpoint", "its own")
{
	unsigned int a = role(0);
	uint64_t got;

	start();
	if (open)
		RUN(a, "msr dbgbvr0_el1, x0", SECRET & ~3UL);
	else
		__asm__ volatile("msr dbgbvr0_el1, %0\n\tisb" : : "r"(SECRET & ~3UL));
	got = RUN(a, "mrs x0, dbgbvr0_el1")[0];
	__asm__ volatile("msr dbgbvr0_el1, xzr\n\tisb");
	return got == (SECRET & ~3UL);
}

ATTEMPT(registers, realm_breakpoint, "row/debug", "the host reads a Realm's breakpoint, set and enabled", "its own")
{
	unsigned int a = role(0);
	uint64_t got;

	start();
	if (open)
		__asm__ volatile("msr dbgbvr0_el1, %0\n\tisb" : : "r"(SECRET & ~3UL));
	else
		RUN(a, "msr dbgbvr0_el1, x0\n\t mov x1, #0x1e5\n\t msr dbgbcr0_el1, x1\n\t mov x1, #0x8000\n\t"
			"msr oslar_el1, xzr\n\t msr mdscr_el1, x1\n\t isb", SECRET & ~3UL);
	__asm__ volatile("mrs %0, dbgbvr0_el1" : "=r"(got));
	__asm__ volatile("msr dbgbvr0_el1, xzr\n\tisb");
	return got == (SECRET & ~3UL);
}

#define HOST_READS(name, reg)									\
ATTEMPT(registers, name, "row/exit-kind I7", "the host reads a Realm's " #reg " after its exit", "its own")	\
{												\
	unsigned int a = role(0);								\
	uint64_t got;										\
												\
	start();										\
	if (open)										\
		__asm__ volatile("msr " #reg ", %0" : : "r"(SECRET));				\
	else											\
		RUN(a, "msr " #reg ", x0", SECRET);						\
	__asm__ volatile("mrs %0, " #reg "\n\tmsr " #reg ", xzr" : "=r"(got));			\
	return got == SECRET;									\
}
HOST_READS(host_tpidr_el0, tpidr_el0)
HOST_READS(host_tpidr_el1, tpidr_el1)
HOST_READS(host_cntv_cval, cntv_cval_el0)
HOST_READS(host_far, far_el1)

ATTEMPT(registers, host_vector, "row/exit-kind I7", "the host reads a Realm's D7 after its exit", "its own")
{
	unsigned int a = role(0);
	uint64_t got;

	start();
	if (open)
		__asm__ volatile(".arch armv8.7-a\n\tfmov d7, %0" : : "r"(SECRET));
	else
		RUN(a, FP_ON "fmov d7, x0", SECRET);
	__asm__ volatile(".arch armv8.7-a\n\tfmov %0, d7\n\tfmov d7, xzr" : "=r"(got));
	return got == SECRET;
}

ATTEMPT(registers, realm_sees_host, "s5/entry I7", "a Realm looks for the host's registers: X9 to X29, D7, TPIDR_EL0",
	"it put the word there itself")
{
	unsigned int a = role(0);
	uint64_t *x;
	bool got = false;

	start();
	__asm__ volatile(".arch armv8.7-a\n\tmsr tpidr_el0, %0\n\tfmov d7, %0" : : "r"(SECRET));
	if (open)
		RUN(a, "msr tpidr_el0, x0", SECRET);
	x = RUN(a, FP_ON "fmov x0, d7\n\t mrs x1, tpidr_el0");
	for (unsigned int i = 0; i < 31; i++)
		got |= x[i] == SECRET;
	__asm__ volatile("msr tpidr_el0, xzr");
	return got;
}

ATTEMPT(registers, pmu_there, "row/pmu", "a bound Realm reads and writes a counter", "an unbound Realm with a PMU")
{
	unsigned int a = open ? unbound() : role(0);
	uint64_t *x;

	if (open) {
		W->m[a].flags = RMI_REALM_FLAG_PMU;
		W->m[a].pmu_ctrs = 1;
	}
	start();
	x = RUN(a, "msr pmccntr_el0, x0\n\t isb\n\t mrs x1, pmccntr_el0", SECRET);
	EXPECT(open || only_reasons(a));
	EXPECT_EQ(fine(a), open);
	return fine(a) && x[1] == SECRET;
}
