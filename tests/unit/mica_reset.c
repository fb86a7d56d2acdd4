/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ROLE_RESET: a role is taken down and loaded again while its peers live. What comes back has the same RIM; what the old one
 * wrote is gone unless the policy keeps it; peers are told along edges and by nothing else.
 */
#include "../../rmm/mica/wf.h"
#include "mica_world.h"

/* a writes channel c to b; a has flags; c has @chan. */
static void pair(uint32_t flags, uint16_t chan)
{
	policy_roles(&policy, 3, 1);
	policy.role[0].flags = flags;
	policy_channel(&policy, MICA_CHAN_SIGNAL | chan);
	start();
}

static uint64_t reset_role(uint64_t role)
{
	return MICA(ROLE_RESET, wf, role);
}

static struct wf_role *role_of(unsigned int i)
{
	return wf_role(arch_granule_va(pa(wf)), i);
}

static void reset_needs_state_right_and_role(void **state)
{
	(void)state;
	policy_roles(&policy, 2, 1);
	policy.role[0].flags = MICA_ROLE_RESTART;
	GRANTED(create_wf());
	load(0);
	REFUSED(reset_role(0), POLICY(WF_STATE));		/* not ACTIVE yet */
	load(1);
	GRANTED(MICA(WF_ACTIVATE, wf));
	REFUSED(reset_role(2), RMI_ERROR_INPUT);
	REFUSED(reset_role(1UL << 32), RMI_ERROR_INPUT);
	REFUSED(reset_role(1), POLICY(ROLE_STATE));		/* no `restart` */
	REFUSED(MICA(ROLE_RESET, realms[0][0].rd, 0), RMI_ERROR_INPUT);
	GRANTED(reset_role(0));
	assert_int_equal(state_of(0), MICA_ROLE_DRAINING);
	REFUSED(reset_role(0), POLICY(ROLE_STATE));
	take_down(0);
	REFUSED(reset_role(0), POLICY(ROLE_STATE));		/* EMPTY */
	load(0);
	GRANTED(MICA(WF_STOP, wf));
	REFUSED(reset_role(0), POLICY(WF_STATE));
}

static void the_last_epoch_is_not_reset(void **state)
{
	(void)state;
	pair(MICA_ROLE_RESTART, 0);
	role_of(0)->epoch = UINT32_MAX;
	REFUSED(reset_role(0), POLICY(LIMIT));
	role_of(0)->epoch = UINT32_MAX - 1;
	GRANTED(reset_role(0));
	take_down(0);
	assert_int_equal(role_of(0)->epoch, UINT32_MAX);
}

static void nothing_is_built_in_a_draining_role(void **state)
{
	struct test_realm *r = &realms[0][0];
	uint64_t params, spare = granule1();

	(void)state;
	pair(MICA_ROLE_RESTART, 0);
	REFUSED(RMI(REC_DESTROY, r->rec), POLICY(SEALED));
	REFUSED(MICA(CHAN_UNMAP, r->rd, 0, 0, 3), POLICY(ROLE_STATE));
	GRANTED(reset_role(0));
	REFUSED(ENTER(0, 0), POLICY(ROLE_STATE));
	REFUSED(RMI(DATA_CREATE_UNKNOWN, r->rd, spare, RAM_BASE + RAM_PAGES * PAGE), POLICY(ROLE_STATE));
	REFUSED(MICA(CHAN_MAP, r->rd, 0, 0, 3), POLICY(ROLE_STATE));
	REFUSED(RMI(REALM_DESTROY, r->rd), RMI_ERROR_REALM);		/* not empty */
	realm_params(&realms[0][1], &params);
	REFUSED(rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ MICA_REALM_CREATE, realms[0][1].rd, params, wf, 0 }, NULL),
		POLICY(ROLE_STATE));
	take_down(0);
	assert_int_equal(state_of(0), MICA_ROLE_EMPTY);
	GRANTED(rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ MICA_REALM_CREATE, realms[0][1].rd, params, wf, 0 }, NULL));
	assert_int_equal(role_of(0)->epoch, 2);
	GRANTED(RMI(REALM_DESTROY, realms[0][1].rd));			/* LOADING: it never ran */
	assert_int_equal(role_of(0)->epoch, 2);
}

static void only_the_same_image_comes_back(void **state)
{
	struct test_realm *r = &realms[0][0];
	uint64_t params;

	(void)state;
	pair(MICA_ROLE_RESTART, 0);
	GRANTED(reset_role(0));
	take_down(0);
	realm_params(r, &params);
	GRANTED(rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ MICA_REALM_CREATE, r->rd, params, wf, 0 }, NULL));
	give_ram(r);
	map_tables(r, GRANT_BASE);
	GRANTED(MICA(CHAN_MAP, r->rd, 0, 0, 3));
	give_rec(r);			/* X0 of its REC differs from what add_recs() measures */
	REFUSED(RMI(REALM_ACTIVATE, r->rd), POLICY(RIM));
	REFUSED(ENTER(0, 0), RMI_RET(RMI_ERROR_REALM, 0));
	take_down(0);
	load(0);
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SMC, { SMC_RSI_MICA_SELF, MICA_SELF_ROLE }, NULL }, { 0, 0, IRQ, { 0 }, NULL });
	assert_int_equal(seen[0][0], 0x1000);		/* from its first instruction */
	assert_int_equal(seen[1][6], 2);
}

static void write_to_channel(void)
{
	*(uint64_t *)arch_granule_va(pa(chan_page)) = 0x5ec7e7;
}

static void what_it_wrote_goes_with_it_unless_kept(void **state)
{
	(void)state;
	for (int keep = 0; keep < 2; keep++) {
		reset(state);
		pair(MICA_ROLE_RESTART, keep ? MICA_CHAN_KEEP : 0);
		write_to_channel();
		GRANTED(reset_role(0));
		assert_false(fake_page_is_zero(pa(chan_page)));	/* peers go on until it is unmapped */
		take_down(0);
		assert_int_equal(fake_page_is_zero(pa(chan_page)), !keep);
	}
}

static void a_reader_takes_nothing_with_it(void **state)
{
	(void)state;
	policy_roles(&policy, 2, 1);
	policy.role[1].flags = MICA_ROLE_RESTART;
	policy_channel(&policy, 0);
	start();
	write_to_channel();
	GRANTED(reset_role(1));
	take_down(1);
	assert_false(fake_page_is_zero(pa(chan_page)));
}

static void no_translation_of_its_own_survives(void **state)
{
	struct rd *rd;
	struct fake_leaf leaf;

	(void)state;
	pair(MICA_ROLE_RESTART, 0);
	rd = arch_granule_va(pa(realms[0][0].rd));
	assert_true(fake_realm_touch(&rd->s2, ipa(GRANT_BASE), &leaf));
	assert_true(fake_tlb_holds(pa(chan_page)));
	GRANTED(reset_role(0));
	take_down(0);
	assert_false(fake_tlb_holds(pa(chan_page)));
}

/* PEER_INFO of role a, asked by @role: X0, X1, X2. */
static const uint64_t *peer_a(uint8_t role)
{
	RUN(role, 0, RMI_EXIT_IRQ, { role, 0, SMC, { SMC_RSI_MICA_PEER_INFO, 0 }, NULL }, { role, 0, IRQ, { 0 }, NULL });
	return seen[1];
}

static void peers_are_told_along_edges(void **state)
{
	uint64_t rim[8];

	(void)state;
	pair(MICA_ROLE_RESTART, 0);
	assert_int_equal(peer_a(1)[1], 1);
	assert_int_equal(peer_a(1)[2], 1);
	memcpy(rim, &seen[1][3], sizeof(rim));
	assert_int_equal(peer_a(2)[0], POLICY(NO_RIGHT));	/* c has no edge from a */
	GRANTED(reset_role(0));
	assert_int_equal(peer_a(1)[0], RSI_SUCCESS);
	assert_int_equal(seen[1][1], 0);
	assert_int_equal(seen[1][2], 1);
	take_down(0);
	assert_int_equal(peer_a(1)[1], 0);
	assert_int_equal(seen[1][2], 2);
	load(0);
	assert_int_equal(peer_a(1)[1], 1);
	assert_int_equal(seen[1][2], 2);
	assert_memory_equal(&seen[1][3], rim, sizeof(rim));
	assert_int_equal(peer_a(2)[0], POLICY(NO_RIGHT));
	assert_int_equal(seen[1][1] | seen[1][2] | seen[1][3], 0);
}

static void a_dead_role_comes_back(void **state)
{
	(void)state;
	pair(MICA_ROLE_RESTART, 0);
	RUN(0, 0, RMI_EXIT_MICA_OFF, { 0, 0, SMC, { PSCI_SYSTEM_OFF }, NULL });
	REFUSED(RMI(REC_DESTROY, realms[0][0].rec), POLICY(SEALED));
	GRANTED(reset_role(0));
	take_down(0);
	load(0);
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, IRQ, { 0 }, NULL });
}

/* I11: a writer has a counter, and an exit takes time. */
static void a_writer_knows_who_waits_along_edges_only(void **state)
{
	(void)state;
	for (unsigned int back = 0; back < 2; back++, reset(NULL)) {
		policy_roles(&policy, 2, 1);
		policy_channel(&policy, MICA_CHAN_SIGNAL);
		if (back)
			policy_gate(&policy, 0, 1, 0, 0, 0);
		start();
		if (back)
			RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SMC, { SMC_RSI_MICA_SIGNAL, 0 }, NULL }, { 0, 0, IRQ, { 0 }, NULL });
		else
			RUN(0, 0, RMI_EXIT_MICA_WAKE, { 0, 0, SMC, { SMC_RSI_MICA_SIGNAL, 0 }, NULL });
		assert_int_equal(exit_of(0, 0)->gprs[0], back ? 0 : 1UL << 1);
		RUN(1, 0, RMI_EXIT_MICA_IDLE, { 1, 0, SMC, { SMC_RSI_MICA_WAIT, 1 }, NULL }, { 1, 0, SMC, { SMC_RSI_MICA_WAIT, 1 }, NULL });
		assert_int_equal(seen[1][1], 1);		/* the bit was set, whoever was told */
		RUN(0, 0, RMI_EXIT_MICA_WAKE, { 0, 0, SMC, { SMC_RSI_MICA_SIGNAL, 0 }, NULL });
		assert_int_equal(exit_of(0, 0)->gprs[0], 1UL << 1);
	}
}

static void signals_do_not_outlive_the_role(void **state)
{
	(void)state;
	policy_roles(&policy, 2, 1);
	policy.role[1].flags = MICA_ROLE_RESTART;
	policy_channel(&policy, MICA_CHAN_SIGNAL);
	start();
	RUN(1, 0, RMI_EXIT_MICA_IDLE, { 1, 0, SMC, { SMC_RSI_MICA_WAIT, 1 }, NULL });
	RUN(0, 0, RMI_EXIT_MICA_WAKE, { 0, 0, SMC, { SMC_RSI_MICA_SIGNAL, 0 }, NULL });
	assert_int_equal(role_of(1)->pending, 1);
	GRANTED(reset_role(1));
	assert_int_equal(role_of(1)->pending, 0);
	take_down(1);
	assert_int_equal(role_of(1)->waiters, 0);
	load(1);
	RUN(1, 0, RMI_EXIT_MICA_IDLE, { 1, 0, SMC, { SMC_RSI_MICA_WAIT, 1 }, NULL });	/* not left over */
}

static void reset_a(void)
{
	GRANTED(reset_role(0));
	REFUSED(RMI(REC_DESTROY, realms[0][0].rec), RMI_ERROR_REC);	/* it runs */
}

static void a_reset_is_seen_at_the_next_trap(void **state)
{
	(void)state;
	pair(MICA_ROLE_RESTART, 0);
	RUN(0, 0, RMI_EXIT_MICA_STOPPED, { 0, 0, SMC, { SMC_RSI_MICA_SIGNAL, 0 }, reset_a });
	ONLY_REASON(0, 0);
	assert_int_equal(role_of(1)->pending, 0);			/* no service */
	take_down(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(reset_needs_state_right_and_role, reset),
		cmocka_unit_test_setup(the_last_epoch_is_not_reset, reset),
		cmocka_unit_test_setup(nothing_is_built_in_a_draining_role, reset),
		cmocka_unit_test_setup(only_the_same_image_comes_back, reset),
		cmocka_unit_test_setup(what_it_wrote_goes_with_it_unless_kept, reset),
		cmocka_unit_test_setup(a_reader_takes_nothing_with_it, reset),
		cmocka_unit_test_setup(no_translation_of_its_own_survives, reset),
		cmocka_unit_test_setup(peers_are_told_along_edges, reset),
		cmocka_unit_test_setup(a_dead_role_comes_back, reset),
		cmocka_unit_test_setup(a_writer_knows_who_waits_along_edges_only, reset),
		cmocka_unit_test_setup(signals_do_not_outlive_the_role, reset),
		cmocka_unit_test_setup(a_reset_is_seen_at_the_next_trap, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
