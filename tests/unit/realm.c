/* SPDX-License-Identifier: Apache-2.0 */
/* VERSION, FEATURES, granules and the life of an unbound Realm: every failure condition refuses and changes nothing. */
#include "../../rmm/core/cpu.h"
#include "../../rmm/rmi/rmi_internal.h"
#include "world.h"

static void version_and_features(void **state)
{
	uint64_t out[4];

	(void)state;
	GRANTED(rmi_call(SMC_RMI_VERSION, (const uint64_t[5]){ 0x10000 }, out));
	assert_int_equal(out[0], 0x10000);
	assert_int_equal(out[1], 0x10000);
	for (uint64_t want = 0; want < 3; want++) {
		const uint64_t req[] = { 0x10001, 0x20000, 0 };

		assert_int_equal(rmi_call(SMC_RMI_VERSION, (const uint64_t[5]){ req[want] }, out), RMI_ERROR_INPUT);
		assert_int_equal(out[0], 0x10000);
		assert_int_equal(out[1], 0x10000);
	}
	GRANTED(rmi_call(SMC_RMI_FEATURES, (const uint64_t[5]){ 0 }, out));
	assert_int_equal(out[0] & 0xff, 48);
	assert_int_equal(out[0] >> 42, 0);
	assert_int_equal(out[0] >> 8 & 3, 0);			/* no LPA2, no SVE */
	assert_int_equal(out[0] >> 14 & 0x3f, 5);		/* breakpoints, watchpoints */
	assert_int_equal(out[0] >> 20 & 0x3f, 3);
	assert_int_equal(out[0] >> 26 & 0x3f, 6 << 1 | 1);	/* PMU of six counters */
	assert_int_equal(out[0] >> 32 & 3, 3);			/* both hashes */
	GRANTED(rmi_call(SMC_RMI_FEATURES, (const uint64_t[5]){ 1 }, out));
	assert_int_equal(out[0], 0);
}

static void unknown_commands(void **state)
{
	static const uint64_t fids[] = { 0xc4000156, 0xc4000160, 0xc4000163, 0xc400016a, 0xc400018f, 0x84000150 };

	(void)state;
	for (unsigned int i = 0; i < 6; i++)
		REFUSED(rmi_call(fids[i], (const uint64_t[5]){ 0 }, NULL), (uint64_t)SMCCC_NOT_SUPPORTED);
}

static void granule_delegate(void **state)
{
	uint64_t a = ns_page(), absent = ns_page(), secure = ns_page();

	(void)state;
	memset(fake_ns_va(pa(a)), 0x5a, PAGE);
	fake_set_pas(pa(absent), FAKE_ABSENT);
	fake_set_pas(pa(secure), FAKE_SECURE);
	REFUSED(RMI(GRANULE_DELEGATE, a + 1), RMI_ERROR_INPUT);
	REFUSED(RMI(GRANULE_DELEGATE, a + PAGE / 2), RMI_ERROR_INPUT);
	REFUSED(RMI(GRANULE_DELEGATE, 0), RMI_ERROR_INPUT);
	REFUSED(RMI(GRANULE_DELEGATE, 1UL << 47), RMI_ERROR_INPUT);
	REFUSED(RMI(GRANULE_DELEGATE, ~0xfffUL), RMI_ERROR_INPUT);
	REFUSED(RMI(GRANULE_DELEGATE, secure), RMI_ERROR_INPUT);
	fake_el3_refuse_next(-1);
	REFUSED(RMI(GRANULE_DELEGATE, a), RMI_ERROR_INPUT);
	REFUSED(RMI(GRANULE_UNDELEGATE, a), RMI_ERROR_INPUT);
	GRANTED(RMI(GRANULE_DELEGATE, a));
	assert_int_equal(fake_pas(pa(a)), FAKE_REALM);
	assert_true(fake_page_is_zero(pa(a)));			/* the host's bytes are gone */
	REFUSED(RMI(GRANULE_DELEGATE, a), RMI_ERROR_INPUT);
	REFUSED(RMI(GRANULE_UNDELEGATE, a + 8), RMI_ERROR_INPUT);
	GRANTED(RMI(GRANULE_UNDELEGATE, a));
	assert_int_equal(fake_pas(pa(a)), FAKE_NS);
	REFUSED(RMI(GRANULE_UNDELEGATE, a), RMI_ERROR_INPUT);
}

/* ---- REALM_CREATE: one thing wrong at a time ---- */

static struct test_realm r;
static struct rmi_realm_params *p;
static uint64_t params;

#define SPOIL(name, act) static void spoil_##name(void) { act; }
SPOIL(hash, p->hash_algo = 2)
SPOIL(s2sz_small, p->s2sz = 31)
SPOIL(s2sz_large, p->s2sz = 49)
SPOIL(s2sz_level, p->s2sz = 44)			/* more than 16 tables at level 1 */
SPOIL(lpa2, p->flags = RMI_REALM_FLAG_LPA2)
SPOIL(sve, p->flags = RMI_REALM_FLAG_SVE)
SPOIL(pmu_many, p->flags = RMI_REALM_FLAG_PMU; p->pmu_num_ctrs = 7)
SPOIL(pmu_wide, p->flags = RMI_REALM_FLAG_PMU; p->pmu_num_ctrs = 0x86)
SPOIL(bps_zero, p->num_bps = 0)
SPOIL(bps_many, p->num_bps = 16)
SPOIL(wps_zero, p->num_wps = 0)
SPOIL(wps_many, p->num_wps = 16)
SPOIL(level_negative, p->rtt_level_start = -1)
SPOIL(level_3, p->rtt_level_start = 3)
SPOIL(level_0, p->rtt_level_start = 0)
SPOIL(num_zero, p->rtt_num_start = 0)
SPOIL(num_two, p->rtt_num_start = 2)
SPOIL(num_huge, p->rtt_num_start = 0x10000001)
SPOIL(rtt_unaligned, p->rtt_base += 8)
SPOIL(rtt_ns, p->rtt_base = ns_page())
SPOIL(rtt_is_rd, p->rtt_base = r.rd)
SPOIL(rtt_nowhere, p->rtt_base = 1UL << 47)

static void realm_create_params(void **state)
{
	static void (*const spoils[])(void) = {
		spoil_hash, spoil_s2sz_small, spoil_s2sz_large, spoil_s2sz_level, spoil_lpa2, spoil_sve, spoil_pmu_many,
		spoil_pmu_wide,
		spoil_bps_zero, spoil_bps_many, spoil_wps_zero, spoil_wps_many, spoil_level_negative, spoil_level_3,
		spoil_level_0, spoil_num_zero, spoil_num_two, spoil_num_huge, spoil_rtt_unaligned, spoil_rtt_ns,
		spoil_rtt_is_rd, spoil_rtt_nowhere,
	};

	(void)state;
	p = realm_params(&r, &params);
	for (size_t i = 0; i < sizeof(spoils) / sizeof(spoils[0]); i++) {
		struct rmi_realm_params good = *p;

		spoils[i]();
		REFUSED(RMI(REALM_CREATE, r.rd, params), RMI_ERROR_INPUT);
		*p = good;
	}
	GRANTED(RMI(REALM_CREATE, r.rd, params));
}

static void realm_create_pointers(void **state)
{
	struct test_realm other;
	uint64_t again, realm_page, absent = ns_page();

	(void)state;
	p = realm_params(&r, &params);
	fake_set_pas(pa(absent), FAKE_ROOT);
	realm_page = granule1();
	REFUSED(RMI(REALM_CREATE, r.rd, params + 8), RMI_ERROR_INPUT);
	REFUSED(RMI(REALM_CREATE, r.rd, 0), RMI_ERROR_INPUT);
	REFUSED(RMI(REALM_CREATE, r.rd, realm_page), RMI_ERROR_INPUT);
	REFUSED(RMI(REALM_CREATE, r.rd, absent), RMI_ERROR_INPUT);	/* faults under the copy */
	REFUSED(RMI(REALM_CREATE, r.rd + 8, params), RMI_ERROR_INPUT);
	REFUSED(RMI(REALM_CREATE, ns_page(), params), RMI_ERROR_INPUT);
	GRANTED(RMI(REALM_CREATE, r.rd, params));
	REFUSED(RMI(REALM_CREATE, r.rd, params), RMI_ERROR_INPUT);
	/* a VMID serves one Realm; a refused creation does not keep one */
	p = realm_params(&other, &again);
	p->vmid = r.vmid;
	REFUSED(RMI(REALM_CREATE, other.rd, again), RMI_ERROR_INPUT);
	p->vmid = other.vmid;
	p->hash_algo = 9;
	REFUSED(RMI(REALM_CREATE, other.rd, again), RMI_ERROR_INPUT);
	p->hash_algo = RMI_HASH_SHA_512;
	GRANTED(RMI(REALM_CREATE, other.rd, again));
}

static uint64_t meanwhile;

/* Another CPU makes its Realm while the first one's rules are looked at, and these refuse. */
static uint64_t refuses(const struct rmi_realm_params *params, void *arg)
{
	const uint64_t *other = arg;

	(void)params;
	meanwhile = RMI(REALM_CREATE, other[0], other[1]);
	return MICA_POLICY(MICA_RULE_SHAPE);
}

static uint64_t agrees_late(const struct rmi_realm_params *params, void *arg)
{
	(void)refuses(params, arg);
	return RMI_SUCCESS;
}

static bool dropped;
static void drop(void *arg)
{
	(void)arg;
	dropped = true;
}

/* Found by tests/smp --workflows: the other was told that the VMID is in use, and it was not. */
static void a_refused_creation_holds_no_vmid_meanwhile(void **state)
{
	struct test_realm other;
	uint64_t again[2];
	struct realm_create_hooks hooks = { .may = refuses, .drop = drop, .arg = again };

	(void)state;
	p = realm_params(&r, &params);
	realm_params(&other, &again[1])->vmid = r.vmid;
	again[0] = other.rd;
	/* it is in use at the end, and that comes before every rule */
	assert_int_equal(realm_create(r.rd, params, &hooks), RMI_ERROR_INPUT);
	assert_int_equal(meanwhile, RMI_SUCCESS);
	assert_false(dropped);
	GRANTED(RMI(REALM_DESTROY, other.rd));
	/* the rules agree, and the VMID is gone by then: what they hold is given back */
	hooks.may = agrees_late;
	assert_int_equal(realm_create(r.rd, params, &hooks), RMI_ERROR_INPUT);
	assert_int_equal(meanwhile, RMI_SUCCESS);
	assert_true(dropped);
	GRANTED(RMI(REALM_DESTROY, other.rd));
	GRANTED(RMI(REALM_CREATE, r.rd, params));
}

/* s2sz, level, tables: the geometries of the specification's table, and their neighbours. */
static void start_geometries(void **state)
{
	static const struct { uint8_t s2sz; int8_t level; uint8_t tables; bool good; } g[] = {
		{ 32, 2, 4, true }, { 34, 2, 16, true }, { 40, 1, 2, true }, { 42, 1, 8, true }, { 43, 1, 16, true },
		{ 39, 1, 1, true }, { 48, 0, 1, true }, { 40, 0, 1, true }, { 32, 1, 1, true },
		{ 35, 2, 16, false }, { 44, 1, 16, false }, { 32, 2, 2, false }, { 39, 0, 1, false }, { 42, 1, 4, false },
		{ 32, 3, 16, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(g) / sizeof(g[0]); i++) {
		uint64_t tables = granules(g[i].tables, g[i].tables * PAGE), out[4];

		p = realm_params(&r, &params);
		p->s2sz = g[i].s2sz;
		p->rtt_level_start = g[i].level;
		p->rtt_num_start = g[i].tables;
		p->rtt_base = tables;
		if (!g[i].good) {
			REFUSED(RMI(REALM_CREATE, r.rd, params), RMI_ERROR_INPUT);
			continue;
		}
		GRANTED(RMI(REALM_CREATE, r.rd, params));
		/* last entry of the protected half, first of the other */
		GRANTED(rmi_call(SMC_RMI_RTT_READ_ENTRY, (const uint64_t[5]){ r.rd, 0, (uint64_t)g[i].level }, out));
		assert_int_equal(out[1], RMI_UNASSIGNED);
		GRANTED(RMI(REALM_DESTROY, r.rd));
		for (unsigned int k = 0; k < g[i].tables; k++)
			assert_true(fake_page_is_zero(pa(tables + k * PAGE)));
		if (g[i].tables > 1) {
			p->rtt_base = tables + PAGE;	/* not aligned to all of them */
			REFUSED(RMI(REALM_CREATE, r.rd, params), RMI_ERROR_INPUT);
		}
	}
}

static void realm_life(void **state)
{
	uint64_t data;

	(void)state;
	make_realm(&r);
	REFUSED(RMI(REALM_ACTIVATE, r.rd + 1), RMI_ERROR_INPUT);
	REFUSED(RMI(REALM_ACTIVATE, r.rec), RMI_ERROR_INPUT);
	REFUSED(RMI(REALM_DESTROY, r.rtt), RMI_ERROR_INPUT);
	REFUSED(RMI(REALM_DESTROY, r.rd), RMI_ERROR_REALM);	/* REC and tables */
	REFUSED(RMI(REC_ENTER, r.rec, r.run), RMI_RET(RMI_ERROR_REALM, 0));
	GRANTED(RMI(REALM_ACTIVATE, r.rd));
	REFUSED(RMI(REALM_ACTIVATE, r.rd), RMI_ERROR_REALM);
	REFUSED(RMI(GRANULE_UNDELEGATE, r.rd), RMI_ERROR_INPUT);
	REFUSED(RMI(GRANULE_UNDELEGATE, r.rtt), RMI_ERROR_INPUT);
	REFUSED(RMI(GRANULE_UNDELEGATE, r.rec), RMI_ERROR_INPUT);
	GRANTED(enter(&r));
	GRANTED(RMI(REC_DESTROY, r.rec));
	assert_true(fake_page_is_zero(pa(r.rec)));
	REFUSED(RMI(REALM_DESTROY, r.rd), RMI_ERROR_REALM);	/* tables */
	for (unsigned int i = 0; i < RAM_PAGES; i++) {
		uint64_t out[4];

		GRANTED(rmi_call(SMC_RMI_DATA_DESTROY, (const uint64_t[5]){ r.rd, RAM_BASE + i * PAGE }, out));
		data = out[0];
		assert_true(fake_page_is_zero(pa(data)));
		GRANTED(RMI(GRANULE_UNDELEGATE, data));
	}
	GRANTED(RMI(RTT_DESTROY, r.rd, RAM_BASE, 3));
	REFUSED(RMI(REALM_DESTROY, r.rd), RMI_ERROR_REALM);
	GRANTED(RMI(RTT_DESTROY, r.rd, RAM_BASE, 2));
	GRANTED(RMI(REALM_DESTROY, r.rd));
	assert_true(fake_page_is_zero(pa(r.rd)));
	REFUSED(RMI(REALM_DESTROY, r.rd), RMI_ERROR_INPUT);
	GRANTED(RMI(GRANULE_UNDELEGATE, r.rd));
}

/* Each feature without which the monitor would run and be wrong, or not run at all. */
static void a_cpu_that_lacks_something_is_refused(void **state)
{
	struct fake_regs *regs = fake_regs(), good = *regs;

	(void)state;
	assert_null(cpu_lacks());
	regs->ID_AA64ISAR0_EL1 &= ~(0xfUL << 12);
	assert_non_null(cpu_lacks());
	*regs = good;
	regs->DCZID_EL0 = 7;			/* 512 bytes */
	assert_null(cpu_lacks());
	regs->DCZID_EL0 = 8;
	assert_non_null(cpu_lacks());
	regs->DCZID_EL0 = 4 | BIT(4);		/* prohibited */
	assert_non_null(cpu_lacks());
	*regs = good;
	regs->ID_AA64PFR0_EL1 &= ~(0xfUL << 48);
	assert_non_null(cpu_lacks());
	for (unsigned int bit = 28; bit < 30; bit++) {
		*regs = good;
		regs->CTR_EL0 &= ~BIT(bit);
		assert_non_null(cpu_lacks());
	}
	*regs = good;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(version_and_features, reset),
		cmocka_unit_test_setup(unknown_commands, reset),
		cmocka_unit_test_setup(granule_delegate, reset),
		cmocka_unit_test_setup(realm_create_params, reset),
		cmocka_unit_test_setup(realm_create_pointers, reset),
		cmocka_unit_test_setup(a_refused_creation_holds_no_vmid_meanwhile, reset),
		cmocka_unit_test_setup(start_geometries, reset),
		cmocka_unit_test_setup(realm_life, reset),
		cmocka_unit_test_setup(a_cpu_that_lacks_something_is_refused, reset),
	};

	return cmocka_run_group_tests_name("realm", tests, NULL, NULL);
}
