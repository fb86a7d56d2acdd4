/* SPDX-License-Identifier: Apache-2.0 */
/* The PMU of Realms: when it is offered, that registers of one world are never the other's, the overflow status. */
#include "world.h"

#define COUNTERS	2
#define CYCLE		BIT(31)
#define E		BIT(0)
#define MDCR_HPMN	0x1fUL
#define MDCR_TPMCR	BIT(5)
#define MDCR_TPM	BIT(6)
#define MDCR_HPME	BIT(7)
#define MDCR_HPMD	BIT(17)
#define MDCR_HCCD	BIT(23)

static struct test_realm r;

static struct fake_regs *regs(void)
{
	return fake_regs();
}

static struct rmi_rec_exit *exit_of(void)
{
	return &run_page(&r)->exit;
}

static void make(uint64_t flags, uint8_t counters)
{
	struct rmi_realm_params *p;
	uint64_t params;

	p = realm_params(&r, &params);
	p->flags = flags;
	p->pmu_num_ctrs = counters;
	GRANTED(RMI(REALM_CREATE, r.rd, params));
	give_ram(&r);
	give_rec(&r);
	GRANTED(RMI(REALM_ACTIVATE, r.rd));
}

/* ---- what is offered ---- */

static uint64_t features(void)
{
	uint64_t out[4];

	GRANTED(rmi_call(SMC_RMI_FEATURES, (const uint64_t[5]){ 0 }, out));
	return out[0];
}

static void offered_by_versions_that_are_switched_whole(void **state)
{
	struct rmi_realm_params *p;
	uint64_t params, dfr0 = regs()->ID_AA64DFR0_EL1 & ~(0xfUL << 8);

	(void)state;
	p = realm_params(&r, &params);
	p->flags = RMI_REALM_FLAG_PMU;
	p->pmu_num_ctrs = 1;
	for (uint64_t version = 0; version < 16; version++) {
		regs()->ID_AA64DFR0_EL1 = dfr0 | version << 8;
		if (version >= 6 && version <= 8) {
			assert_int_equal(features() >> 26 & 0x3f, 6 << 1 | 1);
			GRANTED(RMI(REALM_CREATE, r.rd, params));
			GRANTED(RMI(REALM_DESTROY, r.rd));
		} else {
			assert_int_equal(features() >> 26 & 0x3f, 0);
			REFUSED(RMI(REALM_CREATE, r.rd, params), RMI_ERROR_INPUT);
		}
	}
}

static void no_counters_need_the_hardware_for_it(void **state)
{
	struct rmi_realm_params *p;
	uint64_t params;

	(void)state;
	regs()->ID_AA64DFR0_EL1 &= ~(0xfUL << 60);
	p = realm_params(&r, &params);
	p->flags = RMI_REALM_FLAG_PMU;
	REFUSED(RMI(REALM_CREATE, r.rd, params), RMI_ERROR_INPUT);
	p->pmu_num_ctrs = 1;
	GRANTED(RMI(REALM_CREATE, r.rd, params));
}

/* The version as a Realm may see it: none, or the one that is switched. */
static uint64_t version_seen;

static enum rec_trap read_dfr0(uint64_t gpr[31])
{
	if (fake_realm_runs() > 1) {
		version_seen = gpr[3] >> 8 & 0xf;
		return REC_TRAP_IRQ;
	}
	regs()->ESR_EL2 = 0x18UL << 26 | 3UL << 20 | 5UL << 1 | 3UL << 5 | 1;	/* MRS X3, ID_AA64DFR0_EL1 */
	return REC_TRAP_SYNC;
}

static void the_id_register_says_so(void **state)
{
	(void)state;
	make(0, COUNTERS);
	fake_set_realm(read_dfr0);
	GRANTED(enter(&r));
	assert_int_equal(version_seen, 0);
	regs()->ID_AA64DFR0_EL1 = (regs()->ID_AA64DFR0_EL1 & ~(0xfUL << 8)) | 8UL << 8;
	make(RMI_REALM_FLAG_PMU, COUNTERS);
	fake_set_realm(read_dfr0);
	GRANTED(enter(&r));
	assert_int_equal(version_seen, 6);
}

/* ---- traps ---- */

static uint64_t mdcr, pmcr;

static enum rec_trap look(uint64_t gpr[31])
{
	(void)gpr;
	mdcr = regs()->MDCR_EL2;
	pmcr = regs()->PMCR_EL0;
	return REC_TRAP_IRQ;
}

static void traps(void **state)
{
	(void)state;
	regs()->MDCR_EL2 = 6;
	regs()->PMCR_EL0 |= E;
	make(RMI_REALM_FLAG_PMU, COUNTERS);
	fake_set_realm(look);
	GRANTED(enter(&r));
	assert_int_equal(mdcr & (MDCR_HPMN | MDCR_TPMCR | MDCR_TPM | MDCR_HPME), COUNTERS);
	assert_int_equal(mdcr & (MDCR_HPMD | MDCR_HCCD), MDCR_HPMD | MDCR_HCCD);
	assert_int_equal(pmcr & 0x7ff, 0x60);
	assert_int_equal(regs()->PMCR_EL0 & E, 0);
	make(0, COUNTERS);
	regs()->PMCR_EL0 |= E;
	fake_set_realm(look);
	GRANTED(enter(&r));
	assert_int_equal(mdcr & (MDCR_TPMCR | MDCR_TPM | MDCR_HPME), MDCR_TPMCR | MDCR_TPM);
	assert_int_equal(mdcr & (MDCR_HPMD | MDCR_HCCD), MDCR_HPMD | MDCR_HCCD);
	assert_int_equal(pmcr & E, 0);
	assert_int_equal(exit_of()->pmu_ovf_status, 0);
}

/* ---- registers: all that the hardware has, of one world and of the other ---- */

#define ALL_REGS(X)						\
	X(PMCCNTR_EL0) X(PMCCFILTR_EL0) X(PMSELR_EL0) X(PMUSERENR_EL0) X(PMCNTEN) X(PMINTEN) X(PMOVS)

static void fill(uint64_t mark)
{
	uint64_t n = 0;

#define FILL(reg)	regs()->reg = mark + n++;
	ALL_REGS(FILL)
#define COUNTER(i)	FILL(PMEVCNTR##i##_EL0) FILL(PMEVTYPER##i##_EL0)
#include "../../rmm/arch/numbered_sysregs.def"
}

/* Up to counter @counters: what fill() left, or zero. */
static void check(uint64_t mark, unsigned int counters)
{
	uint64_t n = 0;

#define CHECK(reg)	assert_int_equal(regs()->reg, mark == 0 ? 0 : mark + n); n++;
	ALL_REGS(CHECK)
#define COUNTER(i)	if (i < counters) { CHECK(PMEVCNTR##i##_EL0) CHECK(PMEVTYPER##i##_EL0) }
#include "../../rmm/arch/numbered_sysregs.def"
}

static uint64_t expected, left_behind;
static unsigned int implemented;

static enum rec_trap scribble(uint64_t gpr[31])
{
	(void)gpr;
	check(expected, implemented);
	fill(left_behind);
	return REC_TRAP_IRQ;
}

static void registers_of(unsigned int hardware, uint8_t counters)
{
	struct test_realm first;

	implemented = hardware;
	regs()->PMCR_EL0 = (regs()->PMCR_EL0 & ~(0x1fUL << 11)) | (uint64_t)hardware << 11;
	make(RMI_REALM_FLAG_PMU, counters);
	fake_set_realm(scribble);
	fill(0x1000);
	expected = 0;
	left_behind = 0x70000000;		/* in the masks: only bits that the Realm has not */
	if (counters == 31)
		left_behind = 0x2000;
	GRANTED(enter(&r));
	check(0x1000, hardware);
	first = r;
	make(RMI_REALM_FLAG_PMU, counters);	/* another Realm finds nothing of the first */
	fake_set_realm(scribble);
	GRANTED(enter(&r));
	check(0x1000, hardware);
	make(0, 0);				/* one without does not touch them */
	fake_set_realm(look);
	GRANTED(enter(&r));
	check(0x1000, hardware);
	r = first;
	if (counters != 31)
		return;
	expected = 0x2000;
	fake_set_realm(scribble);
	GRANTED(enter(&r));
	check(0x1000, hardware);
}

static void registers_are_one_worlds_only(void **state)
{
	(void)state;
	registers_of(31, 31);
	reset(state);
	registers_of(6, 2);
	reset(state);
	registers_of(1, 1);
}

/* ---- overflow ---- */

static struct { uint64_t e, ovs, inten, cnten; } set;

static enum rec_trap set_masks(uint64_t gpr[31])
{
	(void)gpr;
	regs()->PMCR_EL0 = (regs()->PMCR_EL0 & ~E) | set.e;
	regs()->PMOVS = set.ovs;
	regs()->PMINTEN = set.inten;
	regs()->PMCNTEN = set.cnten;
	return REC_TRAP_IRQ;
}

static void overflow_status(void **state)
{
	static const struct { uint64_t e, ovs, inten, cnten, status; } rows[] = {
		{ 1, 1, 1, 1, 1 }, { 1, CYCLE, CYCLE, CYCLE, 1 }, { 1, 2, 3, 3, 1 }, { 1, 3, 2, 3, 1 },
		{ 1, 1, 1, 0, 1 },			/* the line does not ask whether the counter still counts */
		{ 0, 1, 1, 1, 0 }, { 0, CYCLE, CYCLE, CYCLE, 0 }, { 1, 0, 1, 1, 0 }, { 1, 1, 0, 1, 0 }, { 1, 1, 2, 3, 0 },
		{ 1, CYCLE, 1, CYCLE | 1, 0 }, { 1, 4, 4, 4, 0 }, { 1, 0x20, 0x20, 0x20, 0 },		/* not the Realm's */
		{ 1, BIT(30), BIT(30), BIT(30), 0 }, { 1, BIT(32), BIT(32), BIT(32), 0 }, { 0, 0, 0, 0, 0 },
	};

	(void)state;
	make(RMI_REALM_FLAG_PMU, COUNTERS);
	fake_set_realm(set_masks);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		memcpy(&set, &rows[i], sizeof(set));
		GRANTED(enter(&r));
		assert_int_equal(exit_of()->exit_reason, RMI_EXIT_IRQ);
		assert_int_equal(exit_of()->pmu_ovf_status, rows[i].status);
		assert_int_equal(regs()->PMOVS, 0);	/* the host's */
	}
	set.e = set.ovs = set.inten = set.cnten = 1;
	make(0, COUNTERS);			/* none: whatever is in the registers is not its */
	fake_set_realm(set_masks);
	GRANTED(enter(&r));
	assert_int_equal(exit_of()->pmu_ovf_status, 0);
}

static enum rec_trap look_at_masks(uint64_t gpr[31])
{
	(void)gpr;
	set.ovs = regs()->PMOVS;
	set.inten = regs()->PMINTEN;
	set.cnten = regs()->PMCNTEN;
	return REC_TRAP_IRQ;
}

/* Whatever the machine let it set. */
static void masks_have_the_realms_counters_only(void **state)
{
	(void)state;
	make(RMI_REALM_FLAG_PMU, COUNTERS);
	set.ovs = set.inten = set.cnten = ~0UL;
	fake_set_realm(set_masks);
	GRANTED(enter(&r));
	fake_set_realm(look_at_masks);
	GRANTED(enter(&r));
	assert_int_equal(set.ovs, CYCLE | 3);
	assert_int_equal(set.inten, CYCLE | 3);
	assert_int_equal(set.cnten, CYCLE | 3);
}

static void overflow_stays_until_cleared(void **state)
{
	(void)state;
	make(RMI_REALM_FLAG_PMU, COUNTERS);
	set.e = set.ovs = set.inten = set.cnten = 1;
	fake_set_realm(set_masks);
	GRANTED(enter(&r));
	assert_int_equal(exit_of()->pmu_ovf_status, 1);
	fake_set_realm(look);
	GRANTED(enter(&r));
	assert_int_equal(exit_of()->pmu_ovf_status, 1);
	assert_int_equal(pmcr & E, E);
	set.ovs = 0;
	fake_set_realm(set_masks);
	GRANTED(enter(&r));
	assert_int_equal(exit_of()->pmu_ovf_status, 0);
}

/* ---- a CPU without ---- */

static uint64_t run_on_version(uint64_t version)
{
	regs()->ID_AA64DFR0_EL1 = (regs()->ID_AA64DFR0_EL1 & ~(0xfUL << 8)) | version << 8;
	regs()->PMCR_EL0 |= E;
	fake_set_realm(look);
	GRANTED(enter(&r));
	return pmcr & E;
}

/* There PMCR_EL0 is UNDEFINED: the monitor would end by its first entry. */
static void registers_that_are_not_there_are_left_alone(void **state)
{
	(void)state;
	make(0, 0);
	assert_int_equal(run_on_version(0), E);
	assert_int_equal(run_on_version(0xf), E);		/* a PMU, but not this one */
	assert_int_equal(run_on_version(1), 0);			/* the control: too old to be offered, but it counts */
	assert_int_equal(run_on_version(9), 0);
}

/* ---- a Realm of a workflow ---- */

static void a_bound_realm_stops_the_counters(void **state)
{
	struct test_wf w;

	(void)state;
	start_wf(&w);
	r = w.realm[0];
	regs()->PMCR_EL0 |= E;
	regs()->MDCR_EL2 |= MDCR_HPME;
	fill(0x1000);
	set.e = set.ovs = set.inten = set.cnten = 1;
	fake_set_realm(look);
	GRANTED(enter(&r));
	assert_int_equal(pmcr & E, 0);
	assert_int_equal(mdcr & (MDCR_HPME | MDCR_TPM | MDCR_TPMCR), MDCR_TPM | MDCR_TPMCR);
	check(0x1000, 31);
	fake_set_realm(set_masks);
	GRANTED(enter(&r));
	assert_int_equal(exit_of()->pmu_ovf_status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(offered_by_versions_that_are_switched_whole, reset),
		cmocka_unit_test_setup(no_counters_need_the_hardware_for_it, reset),
		cmocka_unit_test_setup(the_id_register_says_so, reset),
		cmocka_unit_test_setup(traps, reset),
		cmocka_unit_test_setup(registers_are_one_worlds_only, reset),
		cmocka_unit_test_setup(overflow_status, reset),
		cmocka_unit_test_setup(masks_have_the_realms_counters_only, reset),
		cmocka_unit_test_setup(overflow_stays_until_cleared, reset),
		cmocka_unit_test_setup(registers_that_are_not_there_are_left_alone, reset),
		cmocka_unit_test_setup(a_bound_realm_stops_the_counters, reset),
	};

	return cmocka_run_group_tests_name("pmu", tests, NULL, NULL);
}
