/* SPDX-License-Identifier: Apache-2.0 */
/* Invariants of docs/spec/extension.md section 13 that no test of one command shows: docs/invariants.md. */
#include "../../rmm/attest/attest.h"
#include "mica_gate_world.h"

/* ---- I3: a channel's count is the number of leaves that name its pages ---- */

static uint64_t mapped_count(void)
{
	uint64_t out[4];

	GRANTED(rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ MICA_WF_INFO, wf, MICA_INFO_CHANNEL, 0 }, out));
	return out[2];
}

/* Leaves of the Realm that name the page, anywhere a leaf of it can be. */
static unsigned int leaves_of(unsigned int role)
{
	static const struct { uint64_t base, pages; } places[] = { { RAM_BASE, 2 * RAM_PAGES }, { GRANT_BASE, 8 }, { WINDOW_BASE, 8 } };
	unsigned int n = 0;
	uint64_t out[4];

	for (unsigned int k = 0; k < ARRAY_SIZE(places); k++)
		for (uint64_t i = 0; i < places[k].pages; i++) {
			const uint64_t in[5] = { realms[role][0].rd, places[k].base + i * PAGE, 3 };

			GRANTED(rmi_call(SMC_RMI_RTT_READ_ENTRY, in, out));
			n += out[0] == 3 && out[1] == RMI_ASSIGNED && out[2] == chan_page;
		}
	return n;
}

static void a_channels_count_is_its_leaves(void **state)
{
	(void)state;
	policy_roles(&policy, 2, 1);
	policy_channel(&policy, 0);
	GRANTED(create_wf());
	chan_page = granule1();
	GRANTED(MICA(CHAN_ADD, wf, 0, chan_page));
	assert_int_equal(mapped_count(), 0);
	load(0);
	assert_int_equal(mapped_count(), 1);
	assert_int_equal(leaves_of(0), 1);
	load(1);
	assert_int_equal(mapped_count(), 2);
	assert_int_equal(leaves_of(0) + leaves_of(1), 2);
	GRANTED(MICA(WF_ACTIVATE, wf));
	GRANTED(MICA(WF_STOP, wf));
	for (unsigned int i = 0; i < 2; i++) {
		REFUSED(MICA(CHAN_REMOVE, wf, 0), POLICY(IN_USE));
		GRANTED(MICA(CHAN_UNMAP, realms[i][0].rd, 0, 0, 3));
		assert_int_equal(mapped_count(), 1 - i);
		assert_int_equal(leaves_of(0) + leaves_of(1), 1 - i);
	}
	GRANTED(MICA(CHAN_REMOVE, wf, 0));
}

/* ---- I7: every byte of an exit, whatever the rights; what is not opened of an entry reaches nobody ---- */

static uint64_t gprs_seen[31], lr0_seen, hcr_seen;

/* What the host brought, and then traces. */
static void look_and_leave(void)
{
	lr0_seen = fake_regs()->ICH_LR0_EL2;
	hcr_seen = fake_regs()->ICH_HCR_EL2;
	leave_traces();
}

static enum rec_trap unbound_leaves_traces(uint64_t gpr[31])
{
	memset(gpr, 0x33, 31 * sizeof(gpr[0]));
	leave_traces();
	return REC_TRAP_IRQ;
}

/* What RMM 1.0 shows of the same traces: each of these bytes is a byte that can leak. */
static struct rmi_rec_exit shown_by_base(void)
{
	struct test_realm u;

	make_realm(&u);
	GRANTED(RMI(REALM_ACTIVATE, u.rd));
	fake_set_realm(unbound_leaves_traces);
	GRANTED(enter(&u));
	return run_page(&u)->exit;
}

/* Section 5, row by row. */
static struct rmi_rec_exit shown(uint32_t rights, const struct rmi_rec_exit *all, uint64_t reason)
{
	struct rmi_rec_exit e = { .exit_reason = reason };

	if (rights & MICA_RIGHT_TIMER) {
		e.cntv_ctl = all->cntv_ctl;
		e.cntv_cval = all->cntv_cval;
		e.cntp_ctl = all->cntp_ctl;
		e.cntp_cval = all->cntp_cval;
	}
	if (rights & MICA_RIGHT_IRQ) {
		e.gicv3_hcr = all->gicv3_hcr;
		e.gicv3_misr = all->gicv3_misr;
		e.gicv3_vmcr = all->gicv3_vmcr;
	}
	if (rights & (MICA_RIGHT_TIMER | MICA_RIGHT_IRQ))
		memcpy(e.gicv3_lrs, all->gicv3_lrs, sizeof(e.gicv3_lrs));
	return e;
}

/* An entry full of what is not opened; what is opened stays zero, or 1.0 or rule 19 would refuse it. */
static void fill_entry(uint32_t rights)
{
	struct rmi_rec_enter *e = entry_of(0, 0);

	memset(e->gprs, 0x11, sizeof(e->gprs));
	if (!(rights & MICA_RIGHT_IRQ))
		e->gicv3_hcr = ~0UL;
	if (!(rights & (MICA_RIGHT_IRQ | MICA_RIGHT_TIMER)))
		memset(e->gicv3_lrs, 0xff, sizeof(e->gicv3_lrs));
}

static void with_rights(uint32_t rights, const struct rmi_rec_exit *all)
{
	struct rmi_rec_exit want;

	policy_roles(&policy, 2, 1);
	policy.role[0].rights = rights;
	if (rights & MICA_RIGHT_MMIO)
		policy_region(&policy, 0, MICA_REGION_DEVICE, DEVICE, 1, MICA_REGION_READ | MICA_REGION_WRITE);
	if (rights & MICA_RIGHT_IRQ)
		policy_region(&policy, 0, MICA_REGION_INTIDS, 40, 2, 0);
	start();
	fill_entry(rights);
	lr0_seen = hcr_seen = ~0UL;
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, IRQ, { 0 }, look_and_leave });
	memcpy(gprs_seen, seen[0], sizeof(gprs_seen));
	want = shown(rights, all, RMI_EXIT_IRQ);
	assert_memory_equal(exit_of(0, 0), &want, sizeof(want));
	assert_int_equal(lr0_seen, 0);
	assert_int_equal(hcr_seen & 3UL << 27, 0);
	assert_int_equal(gprs_seen[0], 0x1000);		/* REC_CREATE's, not the entry's */
	for (unsigned int i = 1; i < 31; i++)
		assert_int_not_equal(gprs_seen[i], 0x1111111111111111);
	/* the other reasons bring no more */
	RUN(0, 0, RMI_EXIT_SERROR, { 0, 0, SERROR, { 0 }, look_and_leave });
	want = shown(rights, all, RMI_EXIT_SERROR);
	assert_memory_equal(exit_of(0, 0), &want, sizeof(want));
	RUN(0, 0, RMI_EXIT_MICA_IDLE, { 0, 0, SMC, { PSCI_CPU_SUSPEND_64 }, look_and_leave });
	want = shown(rights, all, RMI_EXIT_MICA_IDLE);
	assert_memory_equal(exit_of(0, 0), &want, sizeof(want));
}

static void each_byte_of_an_exit_is_opened_by_a_right(void **state)
{
	static const uint32_t closed[] = { MICA_RIGHT_HOSTCALL, MICA_RIGHT_PSCI, MICA_RIGHT_MMIO, MICA_RIGHT_TIMER, MICA_RIGHT_IRQ, MICA_RIGHT_AUDIT };
	const struct rmi_rec_exit zero = { .exit_reason = RMI_EXIT_IRQ };
	struct rmi_rec_exit all;

	for (unsigned int i = 0; i < 1U << ARRAY_SIZE(closed); i++) {
		uint32_t rights = 0;

		for (unsigned int k = 0; k < ARRAY_SIZE(closed); k++)
			rights |= i >> k & 1 ? closed[k] : 0;
		reset(state);
		all = shown_by_base();
		assert_memory_not_equal(&all, &zero, sizeof(zero));
		with_rights(rights, &all);
	}
}

/* What a host may do to the tables of a Realm that it loads: a table in a hole, and one that is gone again. */
static void odd_shape(unsigned int role)
{
	uint64_t rd = realms[role][0].rd;

	for (unsigned int i = 1; i < 8; i += 2) {
		uint64_t a = RAM_BASE + (i << 21);

		GRANTED(RMI(RTT_CREATE, rd, granule1(), a, 3));
		if (i < 5)
			GRANTED(RMI(RTT_DESTROY, rd, a, 3));	/* its hole is RIPAS DESTROYED now */
	}
}

/* ---- I8: whatever a Realm asks the monitor to write or read, it is in its RAM ---- */

static uint64_t ask(uint64_t fid, uint64_t a)
{
	struct rec *rec = arch_granule_va(pa(realms[1][0].rec));

	rec->token_state = ATTEST_COPY;		/* signed: a piece of it is wanted */
	rec->token_len = PAGE;
	rec->token_pos = 0;
	RUN(1, 0, RMI_EXIT_IRQ, { 1, 0, SMC, { fid, a, 0, PAGE }, NULL }, { 1, 0, IRQ, { 0 }, NULL });
	return seen[1][0];
}

static void every_buffer_is_ram(void **state)
{
	static const uint64_t fids[] = { SMC_RSI_REALM_CONFIG, SMC_RSI_ATTEST_TOKEN_CONTINUE, SMC_RSI_HOST_CALL };
	static const uint64_t no_ram[] = { GRANT_BASE, DEVICE, RAM_BASE + RAM_PAGES * PAGE, RAM_BASE - PAGE,
		RAM_BASE + (1UL << 21) /* RIPAS DESTROYED: of an unbound Realm an exit */, RAM_BASE + (5UL << 21) };
	struct rmi_rec_exit none = { .exit_reason = RMI_EXIT_IRQ };

	(void)state;
	policy_roles(&policy, 2, 1);
	policy.role[1].rights = MICA_RIGHT_HOSTCALL | MICA_RIGHT_MMIO;
	policy_region(&policy, 1, MICA_REGION_DEVICE, DEVICE, 1, MICA_REGION_READ);
	policy_channel(&policy, 0);		/* role 1 reads */
	before_seal = odd_shape;
	start();
	before_seal = NULL;
	memset(arch_granule_va(pa(chan_page)), 0x5a, PAGE);
	for (unsigned int k = 0; k < ARRAY_SIZE(fids); k++)
		for (unsigned int i = 0; i < ARRAY_SIZE(no_ram); i++) {
			assert_int_equal(ask(fids[k], no_ram[i]), RSI_ERROR_INPUT);
			assert_memory_equal(exit_of(1, 0), &none, sizeof(none));
		}
	for (unsigned int i = 0; i < PAGE; i++)
		assert_int_equal(((const uint8_t *)arch_granule_va(pa(chan_page)))[i], 0x5a);
	/* the control */
	assert_int_equal(ask(SMC_RSI_REALM_CONFIG, RAM_BASE), RSI_SUCCESS);
	assert_int_equal(ask(SMC_RSI_ATTEST_TOKEN_CONTINUE, RAM_BASE), RSI_SUCCESS);
	RUN(1, 0, RMI_EXIT_HOST_CALL, { 1, 0, SMC, { SMC_RSI_HOST_CALL, RAM_BASE }, NULL });
}

/* ---- I4: a workflow outlives its Realms ---- */

static void a_bound_realm_keeps_its_workflow(void **state)
{
	(void)state;
	for (unsigned int stopped = 0; stopped < 2; stopped++, reset(NULL)) {
		policy_roles(&policy, 2, 1);		/* no channel page that would keep it, too */
		GRANTED(create_wf());
		load(1);
		REFUSED(MICA(WF_DESTROY, wf), POLICY(IN_USE));
		if (!stopped)
			load(0);
		if (!stopped)
			GRANTED(MICA(WF_ACTIVATE, wf));
		REFUSED(MICA(WF_DESTROY, wf), stopped ? POLICY(IN_USE) : POLICY(WF_STATE));
		GRANTED(MICA(WF_STOP, wf));
		REFUSED(MICA(WF_DESTROY, wf), POLICY(IN_USE));
		take_down(1);
		if (!stopped) {
			REFUSED(MICA(WF_DESTROY, wf), POLICY(IN_USE));
			take_down(0);
		}
		GRANTED(MICA(WF_DESTROY, wf));
	}
}

/* ---- a sealed Realm is told what its policy says of an address, not what shape its host gave the tables ---- */

#define ASKED	64
static struct { uint64_t get[3], set[3]; } told[2][ASKED];

/* What role b hears of [a, top): its state, and whether it is EMPTY. */
static void hear(unsigned int at, unsigned int life, uint64_t a, uint64_t top)
{
	RUN(1, 0, RMI_EXIT_IRQ, { 1, 0, SMC, { SMC_RSI_IPA_STATE_GET, a, top }, NULL },
	    { 1, 0, SMC, { SMC_RSI_IPA_STATE_SET, a, top, RMI_EMPTY }, NULL }, { 1, 0, IRQ, { 0 }, NULL });
	memcpy(told[life][at].get, seen[1], sizeof(told[life][at].get));
	memcpy(told[life][at].set, seen[2], sizeof(told[life][at].set));
}

static void a_realm_is_not_told_what_shape_the_host_gave_it(void **state)
{
	static void (*const shapes[2])(unsigned int role) = { NULL, odd_shape };
	unsigned int n = 0;

	(void)state;
	for (unsigned int life = 0; life < 2; life++, reset(NULL)) {
		policy_roles(&policy, 2, 1);
		policy_channel(&policy, 0);
		before_seal = shapes[life];
		start();
		before_seal = NULL;
		n = 0;
		for (unsigned int i = 0; i < 10; i++)
			for (unsigned int k = 0; k < 3; k++)
				hear(n++, life, RAM_BASE + ((uint64_t)i << 21) + k * 3 * PAGE, RAM_BASE + ((uint64_t)(i + 2 * k + 1) << 21));
		hear(n++, life, 0, RAM_BASE);
		hear(n++, life, GRANT_BASE - PAGE, GRANT_BASE + PAGE);
		hear(n++, life, GRANT_BASE, GRANT_BASE + 8 * PAGE);
		hear(n++, life, 0, 1UL << 38);
	}
	assert_memory_equal(told[0], told[1], n * sizeof(told[0][0]));
	/* and what the policy says is what is there */
	assert_int_equal(told[0][0].get[1], RAM_BASE + RAM_PAGES * PAGE);
	assert_int_equal(told[0][0].get[2], RMI_RAM);
	assert_int_equal(told[0][3].get[1], RAM_BASE + (2UL << 21));
	assert_int_equal(told[0][3].get[2], RMI_EMPTY);
	assert_int_equal(told[0][3].set[0], RSI_SUCCESS);
	assert_int_equal(told[0][n - 4].get[1], RAM_BASE);
	assert_int_equal(told[0][n - 3].get[1], GRANT_BASE);
	assert_int_equal(told[0][n - 3].set[0], RSI_ERROR_INPUT);
	assert_int_equal(told[0][n - 2].get[1], GRANT_BASE + PAGE);
	assert_int_equal(told[0][n - 2].get[2], 3);
	assert_int_equal(told[0][n - 1].get[1], RAM_BASE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_channels_count_is_its_leaves, reset),
		cmocka_unit_test_setup(each_byte_of_an_exit_is_opened_by_a_right, reset),
		cmocka_unit_test_setup(every_buffer_is_ram, reset),
		cmocka_unit_test_setup(a_bound_realm_keeps_its_workflow, reset),
		cmocka_unit_test_setup(a_realm_is_not_told_what_shape_the_host_gave_it, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
