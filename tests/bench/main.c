/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each call costs, in ticks of the counter: instructions, under -icount shift=0. From SMC to return, EL3's way there and
 * back included for calls of the host. Lines "bench NAME min median max".
 */
#include "../bare/gic.h"
#include "../bare/realm/realm_abi.h"
#include "sample.h"

#define PAGE	GRANULE_SIZE
#define BLOCK	(2UL << 20)

static struct realm r;

static void new_realm_as(uint64_t what, uint64_t flags)
{
	struct rmi_realm_params *p = page_ptr(page_alloc(1, PAGE));
	static uint16_t vmid;

	realm_params_default(p, 0, ++vmid);
	p->flags = flags;
	p->pmu_num_ctrs = flags & RMI_REALM_FLAG_PMU ? 6 : 0;
	realm_create_as(&r, p);
	realm_tables(&r);
	realm_load(&r);
	EXPECT_EQ(RMI0(RTT_INIT_RIPAS, r.rd, REALM_LATE, REALM_LATE + PAGE), RMI_SUCCESS);
	EXPECT_EQ(RMI0(DATA_CREATE_UNKNOWN, r.rd, granule_alloc(1, PAGE), REALM_LATE), RMI_SUCCESS);
	realm_rec(&r, what);
}

static void new_realm(uint64_t what)
{
	new_realm_as(what, 0);
}

/* ---- calls of the host ---- */

static void bench_el3(void)
{
	for (int i = 0; i < 20; i++) {
		/* answered by EL3 itself: the way there and back, without us */
		(void)rmi_call(SMCCC_VERSION, 0, 0, 0, 0, 0);
		add(rmi_ticks);
	}
	show("el3_smccc_version");
}

static void bench_version(void)
{
	for (int i = 0; i < 20; i++)
		COST(RMI0(VERSION, RMI_ABI_VERSION_1_0));
	show("rmi_version");
}

static void bench_granules(void)
{
	uint64_t pa = page_alloc(1, PAGE);

	for (int i = 0; i < 20; i++) {
		COST(RMI0(GRANULE_DELEGATE, pa));
		EXPECT_EQ(RMI0(GRANULE_UNDELEGATE, pa), RMI_SUCCESS);
	}
	show("granule_delegate");
	for (int i = 0; i < 20; i++) {
		EXPECT_EQ(RMI0(GRANULE_DELEGATE, pa), RMI_SUCCESS);
		COST(RMI0(GRANULE_UNDELEGATE, pa));
	}
	show("granule_undelegate");
}

/* For whoever counts instructions from outside, world by world: this many pairs, and nothing else. */
#define PAIRS	((volatile const uint64_t *)0x5ff00000)

static void only_pairs(uint64_t n)
{
	uint64_t pa = page_alloc(1, PAGE);

	for (; n > 0; n--) {
		EXPECT_EQ(RMI0(GRANULE_DELEGATE, pa), RMI_SUCCESS);
		EXPECT_EQ(RMI0(GRANULE_UNDELEGATE, pa), RMI_SUCCESS);
	}
}

static void bench_tables(void)
{
	uint64_t table = granule_alloc(1, PAGE);

	new_realm(REALM_HELLO);
	for (int i = 0; i < 20; i++) {
		COST(RMI0(RTT_CREATE, r.rd, table, BLOCK, 3));
		EXPECT_EQ(RMI0(RTT_DESTROY, r.rd, BLOCK, 3), RMI_SUCCESS);
	}
	show("rtt_create_level3");
	for (int i = 0; i < 20; i++) {
		EXPECT_EQ(RMI0(RTT_CREATE, r.rd, table, BLOCK, 3), RMI_SUCCESS);
		COST(RMI0(RTT_DESTROY, r.rd, BLOCK, 3));
	}
	show("rtt_destroy_level3");
	for (int i = 0; i < 20; i++)
		COST(RMI0(RTT_READ_ENTRY, r.rd, 0, 3));
	show("rtt_read_entry");
	for (int i = 0; i < 20; i++) {
		COST(RMI0(RTT_MAP_UNPROTECTED, r.rd, REALM_UNPROT + PAGE, 3, r.shared | RMI_DESC_MEMATTR_WB));
		EXPECT_EQ(RMI0(RTT_UNMAP_UNPROTECTED, r.rd, REALM_UNPROT + PAGE, 3), RMI_SUCCESS);
	}
	show("rtt_map_unprotected");
}

static void bench_ripas(void)
{
	for (int i = 0; i < 8; i++) {
		new_realm(REALM_HELLO);
		COST(RMI0(RTT_INIT_RIPAS, r.rd, REALM_HOLE, REALM_HOLE + PAGE));
	}
	show("rtt_init_ripas_1");
	for (int i = 0; i < 4; i++) {
		new_realm(REALM_HELLO);
		EXPECT_EQ(RMI0(RTT_CREATE, r.rd, granule_alloc(1, PAGE), BLOCK, 3), RMI_SUCCESS);
		COST(RMI0(RTT_INIT_RIPAS, r.rd, BLOCK, 2 * BLOCK));
	}
	show("rtt_init_ripas_512");
}

static void bench_data(void)
{
	uint64_t data = granule_alloc(1, PAGE), src = page_alloc(1, PAGE);

	new_realm(REALM_HELLO);
	for (uint64_t measure = 0; measure < 2; measure++) {
		for (int i = 0; i < 8; i++) {
			COST(RMI0(DATA_CREATE, r.rd, data, REALM_HOLE, src, measure));
			EXPECT_EQ(RMI0(DATA_DESTROY, r.rd, REALM_HOLE), RMI_SUCCESS);
		}
		show(measure ? "data_create_measured" : "data_create_unmeasured");
	}
	for (int i = 0; i < 20; i++) {
		COST(RMI0(DATA_CREATE_UNKNOWN, r.rd, data, REALM_HOLE));
		EXPECT_EQ(RMI0(DATA_DESTROY, r.rd, REALM_HOLE), RMI_SUCCESS);
	}
	show("data_create_unknown");
	for (int i = 0; i < 20; i++) {
		EXPECT_EQ(RMI0(DATA_CREATE_UNKNOWN, r.rd, data, REALM_HOLE), RMI_SUCCESS);
		COST(RMI0(DATA_DESTROY, r.rd, REALM_HOLE));
	}
	show("data_destroy");
}

static void bench_objects(void)
{
	uint64_t params = page_alloc(1, PAGE), rd = granule_alloc(1, PAGE), rtt = granule_alloc(2, 2 * PAGE);

	realm_params_default(page_ptr(params), rtt, 0x7000);
	for (int i = 0; i < 8; i++) {
		COST(RMI0(REALM_CREATE, rd, params));
		EXPECT_EQ(RMI0(REALM_DESTROY, rd), RMI_SUCCESS);
	}
	show("realm_create");
	for (int i = 0; i < 8; i++) {
		new_realm(REALM_HELLO);		/* its last call but for this is REC_CREATE */
		add(rmi_ticks);
	}
	show("rec_create");
	for (int i = 0; i < 8; i++) {
		new_realm(REALM_HELLO);
		COST(RMI0(REALM_ACTIVATE, r.rd));
	}
	show("realm_activate");
}

static void bench_large_realm(void)
{
	const uint64_t size = 64UL << 20, base = 1UL << 30;
	uint64_t src = page_alloc(1, PAGE), sum = 0;

	new_realm(REALM_HELLO);
	EXPECT_EQ(RMI0(RTT_CREATE, r.rd, granule_alloc(1, PAGE), base, 2), RMI_SUCCESS);
	for (uint64_t a = base; a < base + size; a += PAGE) {
		uint64_t pa = page_alloc(1, PAGE);

		if (a % BLOCK == 0) {
			EXPECT_EQ(RMI0(RTT_CREATE, r.rd, granule_alloc(1, PAGE), a, 3), RMI_SUCCESS);
			sum += rmi_ticks;
			EXPECT_EQ(RMI0(RTT_INIT_RIPAS, r.rd, a, a + BLOCK), RMI_SUCCESS);
			sum += rmi_ticks;
		}
		EXPECT_EQ(RMI0(GRANULE_DELEGATE, pa), RMI_SUCCESS);
		sum += rmi_ticks;
		/* one page in eight has contents */
		EXPECT_EQ(a % (8 * PAGE) == 0 ? RMI0(DATA_CREATE, r.rd, pa, a, src, 1) :
						RMI0(DATA_CREATE_UNKNOWN, r.rd, pa, a), RMI_SUCCESS);
		sum += rmi_ticks;
	}
	add(sum);
	show("realm_of_64_mib");
}

/* ---- a Realm at work ---- */

static void bench_enter(const char *name, uint64_t flags)
{
	new_realm_as(REALM_PING, flags);
	EXPECT_EQ(RMI0(REALM_ACTIVATE, r.rd), RMI_SUCCESS);
	EXPECT_EQ(RMI0(REC_ENTER, r.rec, r.run), RMI_SUCCESS);
	for (int i = 0; i < 20; i++)
		COST(RMI0(REC_ENTER, r.rec, r.run));
	show(name);
}

/* With an interrupt pending all the while: the REC is loaded and leaves again. */
static void bench_enter_irq(void)
{
	const unsigned int sgi = 3;

	new_realm(REALM_PING);
	EXPECT_EQ(RMI0(REALM_ACTIVATE, r.rd), RMI_SUCCESS);
	gic_enable(sgi);
	gic_pend(sgi);
	for (int i = 0; i < 20; i++) {
		COST(RMI0(REC_ENTER, r.rec, r.run));
		EXPECT_EQ(realm_run(&r)->exit.exit_reason, RMI_EXIT_IRQ);
	}
	gic_disable_all();
	show("rec_enter_irq");
}

/* One SMC of the Realm; ticks between it and its return, seen there. */
static uint64_t proxy(const uint64_t x[11])
{
	struct rmi_rec_run *run = realm_run(&r);

	memcpy(run->enter.gprs, x, 11 * sizeof(x[0]));
	do
		EXPECT_EQ(RMI0(REC_ENTER, r.rec, r.run), RMI_SUCCESS);
	while (run->exit.exit_reason != RMI_EXIT_HOST_CALL);
	return run->exit.gprs[11];
}

static void bench_rsi(void)
{
	static const struct { const char *name; uint64_t x[11]; } calls[] = {
		{ "rsi_version", { SMC_RSI_VERSION, RSI_ABI_VERSION_1_0 } },
		{ "rsi_ipa_state_get", { SMC_RSI_IPA_STATE_GET, 0, PAGE } },
		{ "rsi_measurement_read", { SMC_RSI_MEASUREMENT_READ, 0 } },
		{ "rsi_measurement_extend", { SMC_RSI_MEASUREMENT_EXTEND, 1, 32 } },
		{ "rsi_realm_config", { SMC_RSI_REALM_CONFIG, REALM_LATE } },
	};
	const uint64_t init[11] = { SMC_RSI_ATTEST_TOKEN_INIT, 1, 2, 3 };
	const uint64_t next[11] = { SMC_RSI_ATTEST_TOKEN_CONTINUE, REALM_LATE, 0, PAGE };

	new_realm(REALM_PROXY);
	EXPECT_EQ(RMI0(REALM_ACTIVATE, r.rd), RMI_SUCCESS);
	EXPECT_EQ(RMI0(REC_ENTER, r.rec, r.run), RMI_SUCCESS);
	for (size_t c = 0; c < sizeof(calls) / sizeof(calls[0]); c++) {
		for (int i = 0; i < 20; i++)
			add(proxy(calls[c].x));
		EXPECT_EQ(realm_run(&r)->exit.gprs[0], RSI_SUCCESS);
		show(calls[c].name);
	}
	for (int i = 0; i < 3; i++) {
		uint64_t sum = proxy(init);

		sum += proxy(next);
		EXPECT_EQ(realm_run(&r)->exit.gprs[0], RSI_SUCCESS);
		add(sum);
	}
	show("token");
}

_Noreturn void bare_main(void)
{
	if (*PAIRS != 0) {
		only_pairs(*PAIRS);
		bare_report("bench");
		bare_power_off();
	}
	bench_el3();
	bench_version();
	bench_granules();
	bench_tables();
	bench_ripas();
	bench_data();
	bench_objects();
	bench_enter("rec_enter_host_call", 0);
	bench_enter("rec_enter_host_call_pmu_6", RMI_REALM_FLAG_PMU);
	bench_enter_irq();
	bench_rsi();
	bench_large_realm();
	bare_report("bench");
	bare_power_off();
}
