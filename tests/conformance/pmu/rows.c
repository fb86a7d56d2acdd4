/* SPDX-License-Identifier: Apache-2.0 */
/* The PMU of a Realm: what is offered, that it counts and interrupts, and that no counter crosses between worlds. */
#include "../orders.h"
#define COMMAND "PMU"

#define PPI_PMU		23
#define COUNTERS	2		/* of the Realm; the machine has more */
#define E		1UL
#define LC		(1UL << 6)
#define NSH		(1UL << 27)	/* count at EL2 */
#define SW_INCR		0UL
#define LONG_TIME	5000000UL	/* turns of a loop: some ten milliseconds on any machine */

static struct realm r;

static void make(uint64_t flags, uint8_t ctrs) { orders_new(&r, flags, ctrs, 1, 1); }
static uint64_t ovf(void) { return realm_run(&r)->exit.pmu_ovf_status; }
static uint64_t reason(void) { return realm_run(&r)->exit.exit_reason; }

/* The host's own PMU as after reset, and nothing pending. */
static void host_pmu_off(void)
{
	HOST_WRITE(PMCR_EL0, LC | 6);
	HOST_WRITE(PMCNTENCLR_EL0, ~0U);
	HOST_WRITE(PMINTENCLR_EL1, ~0U);
	HOST_WRITE(PMOVSCLR_EL0, ~0U);
	ppi_off(PPI_PMU);
}

static void set_up(uint64_t x[REGS])
{
	(void)x;
	host_pmu_off();
	make(RMI_REALM_FLAG_PMU, COUNTERS);
}

static void set_up_without(uint64_t x[REGS])
{
	(void)x;
	host_pmu_off();
	make(0, COUNTERS);
}

/* The row's own call is of no interest: its check is the row. */
static const struct env env_pmu = { .fid = SMC_RMI_FEATURES, .set_up = set_up, .tear_down = host_pmu_off };
static const struct env env_none = { .fid = SMC_RMI_FEATURES, .set_up = set_up_without, .tear_down = host_pmu_off };

static bool w(uint64_t reg, uint64_t v) { return realm_write(&r, reg, v); }
static uint64_t rd(uint64_t reg) { return realm_read(&r, reg); }

/* Cycles of the Realm's own counter over a loop inside, or outside. */
static uint64_t cycles(uint64_t inside, uint64_t outside)
{
	uint64_t best = ~0UL;

	for (int i = 0; i < 5; i++) {
		uint64_t before = rd(REALM_PMCCNTR_EL0), n;

		order(&r, REALM_LOOP, inside, 0);
		for (volatile uint64_t k = 0; k < outside; k++)
			;
		n = rd(REALM_PMCCNTR_EL0) - before;
		best = n < best ? n : best;
	}
	return best;
}

static bool counting(void) { return w(REALM_PMCNTENSET_EL0, 1UL << 31) && w(REALM_PMCR_EL0, E | LC); }

static bool counts_inside_only(void)
{
	uint64_t in, out;

	if (!counting())
		return false;
	in = cycles(LONG_TIME, 0);
	out = cycles(0, 4 * LONG_TIME);
	return in != 0 && out < in / 4;
}

/* The host's cycle counter, which counts at its own level, over a run of the Realm or a loop of its own. */
static uint64_t host_cycles(uint64_t realms, uint64_t own)
{
	uint64_t best = ~0UL;

	for (int i = 0; i < 5; i++) {
		uint64_t before, n;

		HOST_WRITE(PMCCFILTR_EL0, NSH);
		HOST_WRITE(PMCNTENSET_EL0, 1U << 31);
		HOST_WRITE(PMCR_EL0, HOST_READ(PMCR_EL0) | E);
		before = HOST_READ(PMCCNTR_EL0);
		order(&r, REALM_LOOP, realms, 0);
		for (volatile uint64_t k = 0; k < own; k++)
			;
		n = HOST_READ(PMCCNTR_EL0) - before;
		best = n < best ? n : best;
	}
	return best;
}

static bool host_counts_itself_only(void)
{
	uint64_t own = host_cycles(0, LONG_TIME);

	return own != 0 && host_cycles(4 * LONG_TIME, 0) < own / 2 && (HOST_READ(PMCR_EL0) & E);
}

/* ---- registers of one world and of the other ---- */

#define HOST_REGS(X)	X(PMCCNTR_EL0, 0x1111) X(PMCCFILTR_EL0, NSH) X(PMSELR_EL0, 3) X(PMUSERENR_EL0, 5)	\
			X(PMEVCNTR0_EL0, 0x2220) X(PMEVCNTR1_EL0, 0x2221) X(PMEVCNTR2_EL0, 0x2222) X(PMEVCNTR3_EL0, 0x2223)	\
			X(PMEVCNTR4_EL0, 0x2224) X(PMEVCNTR5_EL0, 0x2225)					\
			X(PMEVTYPER0_EL0, NSH | 0x11) X(PMEVTYPER5_EL0, NSH | 0x11)

static void host_marks(void)
{
#define MARK(reg, v)	HOST_WRITE(reg, v);
	HOST_REGS(MARK)
	HOST_WRITE(PMCNTENSET_EL0, 0x25);
	HOST_WRITE(PMINTENSET_EL1, 0x26);
	HOST_WRITE(PMOVSSET_EL0, 0x29);
}

static bool host_marks_there(void)
{
	bool ok = HOST_READ(PMCNTENSET_EL0) == 0x25 && HOST_READ(PMINTENSET_EL1) == 0x26 && HOST_READ(PMOVSSET_EL0) == 0x29;

#define THERE(reg, v)	ok = ok && HOST_READ(reg) == (v);
	HOST_REGS(THERE)
	return ok;
}

/* A Realm of its own before and after: what one leaves is in nobody else's registers. */
static bool sees_reset_values(void)
{
	return rd(REALM_PMCCNTR_EL0) == 0 && rd(REALM_PMCCFILTR_EL0) == 0 && rd(REALM_PMSELR_EL0) == 0 &&
	       rd(REALM_PMUSERENR_EL0) == 0 && rd(REALM_PMEVCNTR0_EL0) == 0 && rd(REALM_PMEVCNTR1_EL0) == 0 &&
	       rd(REALM_PMEVTYPER0_EL0) == 0 && rd(REALM_PMCNTENSET_EL0) == 0 && rd(REALM_PMINTENSET_EL1) == 0 &&
	       rd(REALM_PMOVSSET_EL0) == 0 && (rd(REALM_PMCR_EL0) & 0x7ff) == 0x60;
}

static bool realm_marks(void)
{
	return w(REALM_PMCCNTR_EL0, 0x7770) && w(REALM_PMCCFILTR_EL0, 1UL << 31) && w(REALM_PMSELR_EL0, 1) && w(REALM_PMUSERENR_EL0, 2) &&
	       w(REALM_PMEVCNTR0_EL0, 0x7771) && w(REALM_PMEVCNTR1_EL0, 0x7772) && w(REALM_PMEVTYPER0_EL0, 0x11) &&
	       w(REALM_PMCNTENSET_EL0, 1) && w(REALM_PMINTENSET_EL1, 2) && w(REALM_PMOVSSET_EL0, 1);
}

static bool realm_marks_there(void)
{
	return rd(REALM_PMCCNTR_EL0) == 0x7770 && rd(REALM_PMCCFILTR_EL0) == 1UL << 31 && rd(REALM_PMSELR_EL0) == 1 &&
	       rd(REALM_PMUSERENR_EL0) == 2 && rd(REALM_PMEVCNTR0_EL0) == 0x7771 && rd(REALM_PMEVCNTR1_EL0) == 0x7772 &&
	       rd(REALM_PMEVTYPER0_EL0) == 0x11 && rd(REALM_PMCNTENSET_EL0) == 1 && rd(REALM_PMINTENSET_EL1) == 2 &&
	       rd(REALM_PMOVSSET_EL0) == 1;
}

static bool other_realm_sees_nothing(void)
{
	struct realm first;

	if (!realm_marks())
		return false;
	first = r;
	make(RMI_REALM_FLAG_PMU, COUNTERS);
	if (!sees_reset_values())
		return false;
	r = first;
	return realm_marks_there();
}

/* A counter that is not the Realm's: Undefined, or nothing of the host's in it. */
static bool hidden(uint64_t reg)
{
	struct answer a = order(&r, REALM_READ, reg, 0);

	return undefined(a) || a.value == 0;
}

static bool hidden_counters(void)
{
	host_marks();
	if (!hidden(REALM_PMEVCNTR5_EL0) || !hidden(REALM_PMEVTYPER5_EL0))
		return false;
	order(&r, REALM_WRITE, REALM_PMEVCNTR5_EL0, 0x666);
	order(&r, REALM_WRITE, REALM_PMCR_EL0, 2);		/* reset of event counters */
	return host_marks_there();
}

/* ---- overflow ---- */

/* A counter about to overflow; the interrupt open if so said. */
static bool full(uint64_t inten, uint64_t pmcr)
{
	return w(REALM_PMEVTYPER0_EL0, SW_INCR) && w(REALM_PMEVCNTR0_EL0, 0xffffffff) && w(REALM_PMCNTENSET_EL0, 1) &&
	       w(REALM_PMINTENSET_EL1, inten) && w(REALM_PMCR_EL0, pmcr);
}

/* The increment: true if it is answered without an interrupt. */
static bool overflow(void) { return order_begin(&r, REALM_WRITE, REALM_PMSWINC_EL0, 1); }

static bool overflow_is_an_irq_exit(void)
{
	const struct rmi_rec_exit *e = &realm_run(&r)->exit;

	ppi_on(PPI_PMU);
	if (!full(1, E | LC) || ovf() != 0 || overflow())
		return false;
	return reason() == RMI_EXIT_IRQ && ovf() == 1 && e->esr == 0 && e->far == 0 && e->hpfar == 0 && e->gprs[0] == 0 &&
	       !ppi_pending(PPI_PMU) && HOST_READ(PMOVSSET_EL0) == 0;
}

/* A host masks the line while the status is active; the Realm takes its time to clear it. */
static bool overflow_until_cleared(void)
{
	if (!overflow_is_an_irq_exit())
		return false;
	ppi_off(PPI_PMU);
	if (!order_go_on(&r) || rd(REALM_PMOVSSET_EL0) != 1 || ovf() != 1 || reason() != RMI_EXIT_HOST_CALL ||
	    (uint32_t)rd(REALM_PMEVCNTR0_EL0) != 0 || ovf() != 1)
		return false;
	if (!w(REALM_PMOVSCLR_EL0, 1) || ovf() != 0)
		return false;
	ppi_on(PPI_PMU);
	return order_begin(&r, REALM_LOOP, LONG_TIME, 0) && ovf() == 0 && rd(REALM_PMOVSSET_EL0) == 0;
}

static bool overflow_unmasked_exits_again(void)
{
	return overflow_is_an_irq_exit() && !order_go_on(&r) && reason() == RMI_EXIT_IRQ && ovf() == 1;
}

static bool overflow_silent(uint64_t inten, uint64_t pmcr)
{
	ppi_on(PPI_PMU);
	return full(inten, pmcr) && overflow() && ovf() == 0;
}

static bool overflow_recorded_without_interrupt(void)
{
	return overflow_silent(0, E | LC) && rd(REALM_PMOVSSET_EL0) == 1 && ovf() == 0;
}

/* Whatever the emulator lets a Realm do to counters it has not, the line is not held by them. */
static bool overflow_of_a_hidden_counter(void)
{
	ppi_on(PPI_PMU);
	if (!w(REALM_PMCR_EL0, E | LC))
		return false;
	order(&r, REALM_WRITE, REALM_PMINTENSET_EL1, 0x20);
	order(&r, REALM_WRITE, REALM_PMOVSSET_EL0, 0x20);
	return ovf() == 0 && rd(REALM_PMINTENSET_EL1) == 0 && rd(REALM_PMOVSSET_EL0) == 0 &&
	       order_begin(&r, REALM_LOOP, LONG_TIME, 0);
}

static bool host_overflow_survives(bool *answered)
{
	ppi_on(PPI_PMU);
	HOST_WRITE(PMCR_EL0, HOST_READ(PMCR_EL0) | E);	/* first: QEMU drives the line when a mask is written */
	HOST_WRITE(PMINTENSET_EL1, 1);
	HOST_WRITE(PMOVSSET_EL0, 1);
	if (!ppi_pending(PPI_PMU))
		return false;
	*answered = order_begin(&r, REALM_LOOP, 1, 0);
	return ppi_pending(PPI_PMU) && HOST_READ(PMOVSSET_EL0) == 1 && ovf() == 0;
}

/* In a Realm with a PMU the line is the Realm's. */
static bool host_overflow_comes_later(void)
{
	bool answered;

	return host_overflow_survives(&answered) && answered;
}

/* In one without, QEMU leaves the line as it was: the host hears of it at once. */
static bool host_overflow_comes(void)
{
	bool answered;

	return host_overflow_survives(&answered) && (answered || reason() == RMI_EXIT_IRQ);
}

static uint64_t dfr0(unsigned int lsb) { return rd(REALM_ID_AA64DFR0_EL1) >> lsb & 0xf; }

static bool all_undefined(void)
{
	static const uint8_t regs[] = { REALM_PMCR_EL0, REALM_PMCCNTR_EL0, REALM_PMCNTENSET_EL0, REALM_PMOVSSET_EL0,
					REALM_PMSELR_EL0, REALM_PMUSERENR_EL0, REALM_PMEVCNTR0_EL0, REALM_PMEVTYPER0_EL0 };

	for (unsigned int i = 0; i < sizeof(regs); i++)
		if (!undefined(order(&r, REALM_READ, regs[i], 0)) || !undefined(order(&r, REALM_WRITE, regs[i], 1)))
			return false;
	return undefined(order(&r, REALM_WRITE, REALM_PMSWINC_EL0, 1));
}

#define env env_pmu
GOOD(features, , (r[1] >> 26 & 1) == 1 && (r[1] >> 27 & 0x1f) == (HOST_READ(PMCR_EL0) >> 11 & 0x1f));
GOOD(id_register, , dfr0(8) == 6);
GOOD(num_ctrs, , (rd(REALM_PMCR_EL0) >> 11 & 0x1f) == COUNTERS);
GOOD(num_ctrs__none, make(RMI_REALM_FLAG_PMU, 0), (rd(REALM_PMCR_EL0) >> 11 & 0x1f) == 0 && counting() && cycles(LONG_TIME, 0) != 0);
GOOD(num_ctrs__all, make(RMI_REALM_FLAG_PMU, 6), (rd(REALM_PMCR_EL0) >> 11 & 0x1f) == 6 && w(REALM_PMEVCNTR5_EL0, 9) &&
     rd(REALM_PMEVCNTR5_EL0) == 9);
GOOD(reset, , sees_reset_values());
GOOD(reset__host_marks, host_marks(), sees_reset_values());
GOOD(realm_counts, , counts_inside_only());
GOOD(realm_counts__off, , w(REALM_PMCNTENSET_EL0, 1UL << 31) && cycles(LONG_TIME, 0) == 0);
GOOD(realm_counts__events, , full(0, E | LC) && w(REALM_PMEVCNTR0_EL0, 7) && w(REALM_PMSWINC_EL0, 1) && rd(REALM_PMEVCNTR0_EL0) == 8);
GOOD(realm_keeps, , realm_marks() && realm_marks_there());
GOOD(realm_keeps__host_marks, , realm_marks() && (host_marks(), realm_marks_there()) && host_marks_there());
GOOD(realm_keeps__other_realm, , other_realm_sees_nothing());
GOOD(realm_keeps__hidden, , hidden_counters());
GOOD(host_keeps, host_marks(), realm_marks() && host_marks_there());
GOOD(host_keeps__overflow, , host_overflow_comes_later());
GOOD(host_counts_itself, , host_counts_itself_only());
GOOD(overflow_exit, , overflow_is_an_irq_exit());
GOOD(overflow_exit__until_cleared, , overflow_until_cleared());
GOOD(overflow_exit__again, , overflow_unmasked_exits_again());
GOOD(overflow_status__no_interrupt, , overflow_recorded_without_interrupt());
GOOD(overflow_status__disabled, , w(REALM_PMOVSSET_EL0, 1) && w(REALM_PMINTENSET_EL1, 1) && ovf() == 0);
GOOD(overflow_status__hidden_counter, , overflow_of_a_hidden_counter());
#undef env

#define env env_none
GOOD(id_register__none, , dfr0(8) == 0);
GOOD(undefined__none, , all_undefined() && ovf() == 0);
GOOD(host_counts_itself__none, , host_counts_itself_only());
GOOD(host_keeps__none, host_marks(), rd(REALM_ID_AA64DFR0_EL1) != 0 && host_marks_there());
GOOD(host_keeps__none_overflow, , host_overflow_comes());
#undef env
