/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gates when one side ends, while the chain runs and while it does not; signals inside a chain; what Realms are told about
 * gates. docs/spec/extension.md section 7.
 */
#include <pthread.h>
#include <time.h>

#include "../../rmm/mica/hooks.h"
#include "mica_gate_world.h"

/* ---- the end of one side ---- */

static void reset_a(void)
{
	GRANTED(MICA(ROLE_RESET, wf, 0));
}

static void reset_b(void)
{
	GRANTED(MICA(ROLE_RESET, wf, 1));
}

static void a_caller_hears_that_its_callee_is_gone(void **state)
{
	(void)state;
	/* while the chain runs: now */
	gate(0, 0, 1, 1);
	start_gate();
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SMC, CALL(0, 1), NULL }, { 1, 1, SMC, RECV(0, 0xb0), reset_b }, { 0, 0, IRQ, { 0 }, NULL });
	assert_refused(seen[2], POLICY(PEER_GONE));
	assert_int_equal(gate_is(0), GATE_NONE);
	take_down(1);
	/* while it does not: when it is entered next */
	load(1);
	park(1, 1, 0);
	suspend();
	reset_b();
	assert_int_equal(gate_is(0), GATE_NONE);
	take_down(1);
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, IRQ, { 0 }, NULL });
	assert_refused(seen[0], POLICY(PEER_GONE));
	/* and a READY one: at the call */
	load(1);
	park(1, 1, 0);
	reset_b();
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SMC, CALL(0, 1), NULL }, { 0, 0, IRQ, { 0 }, NULL });
	assert_refused(seen[1], POLICY(PEER_GONE));
	assert_int_equal(audit_of(0, MICA_RULE_PEER_GONE), 3);
}

static void an_error_interrupt_is_not_lost_with_the_callee(void **state)
{
	(void)state;
	gate(0, 0, 1, 1);
	start_gate();
	RUN(0, 0, RMI_EXIT_SERROR, { 0, 0, SMC, CALL(0, 1), NULL }, { 1, 1, SERROR, { 0 }, reset_b });
	ONLY_REASON(0, 0);
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, IRQ, { 0 }, NULL });
	assert_refused(seen[0], POLICY(PEER_GONE));
}

static uint64_t vse;

static void look_at_vse(void)
{
	vse = fake_regs()->HCR_EL2 >> 8 & 1;
}

/* A contained error is that of the REC that ran, whatever became of those before it. */
static void an_error_stays_with_the_head_of_a_chain_that_breaks(void **state)
{
	(void)state;
	for (int base = 0; base < 2; base++) {
		reset(state);
		row(3, 1);
		RUN(0, 0, base ? RMI_EXIT_MICA_STOPPED : RMI_EXIT_SERROR, { 0, 0, SMC, CALL(0, 1), NULL }, { 1, 0, SMC, CALL(1, 2), NULL },
		    { 2, 0, SERROR, { ESR_AET_UER }, base ? reset_a : reset_b });
		ONLY_REASON(0, 0);
		if (base) {
			RUN(1, 0, RMI_EXIT_IRQ, { 2, 0, IRQ, { 0 }, look_at_vse });
		} else {
			RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, IRQ, { 0 }, look_at_vse });
			assert_int_equal(vse, 0);		/* not the caller's */
			RUN(2, 0, RMI_EXIT_IRQ, { 2, 0, IRQ, { 0 }, look_at_vse });
		}
		assert_int_equal(vse, 1);
	}
}

static uint64_t hvc_at, goes_on_at;

static void trap_behind_the_instruction(void)
{
	hvc_at = fake_regs()->ELR_EL2;
	fake_regs()->ELR_EL2 += 4;
	reset_a();
}

static void look_at_pc(void)
{
	goes_on_at = fake_regs()->ELR_EL2;
}

static void an_hvc_that_was_not_served_comes_again(void **state)
{
	(void)state;
	gate(0, 0, 1, 1);
	start_gate();
	RUN(0, 0, RMI_EXIT_MICA_STOPPED, { 0, 0, SMC, CALL(0, 1), NULL },
	    { 1, 1, SYNC, { ESR_EC_VAL(EC_HVC) | ESR_IL }, trap_behind_the_instruction });
	RUN(1, 1, RMI_EXIT_IRQ, { 1, 1, IRQ, { 0 }, look_at_pc });
	assert_int_equal(goes_on_at, hvc_at);
}

static void a_server_that_switches_off_ends_the_call(void **state)
{
	(void)state;
	for (int open = 0; open < 2; open++) {
		reset(state);
		gate(0, open ? MICA_RIGHT_PSCI : 0, 1, 1);
		start_gate();
		RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SMC, CALL(0, 1), NULL }, { 1, 1, SMC, { PSCI_SYSTEM_OFF }, NULL },
		    { 0, 0, IRQ, { 0 }, NULL });
		assert_refused(seen[2], POLICY(PEER_GONE));
		ONLY_REASON(0, 0);
		assert_int_equal(state_of(1), MICA_ROLE_DEAD);
		assert_int_equal(refs(1, 1), 0);
	}
}

static void an_orphan_is_entered_by_the_host(void **state)
{
	(void)state;
	gate(0, MICA_RIGHT_PSCI, 1, 1);
	start_gate();
	suspend();
	GRANTED(MICA(ROLE_RESET, wf, 0));
	assert_int_equal(gate_is(0), GATE_ORPHAN);
	REFUSED(ENTER(0, 0), POLICY(ROLE_STATE));
	take_down(0);
	RUN(1, 1, RMI_EXIT_IRQ, { 1, 1, IRQ, { 0 }, NULL });
	load(0);
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SMC, CALL(0, 1), NULL }, { 0, 0, IRQ, { 0 }, NULL });
	assert_refused(seen[1], POLICY(BUSY));
	RUN(1, 1, RMI_EXIT_MICA_PARKED, { 1, 1, SMC, RECV(0, 0xdead), NULL });		/* the results go nowhere */
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SMC, CALL(0, 7), NULL }, { 1, 1, SMC, RECV(0, 8), NULL }, { 0, 0, IRQ, { 0 }, NULL });
	assert_int_equal(seen[1][1], 7);
	assert_int_equal(seen[2][1], 8);
}

static void a_chain_stops_with_its_base(void **state)
{
	(void)state;
	gate(0, 0, 1, 1);
	start_gate();
	RUN(0, 0, RMI_EXIT_MICA_STOPPED, { 0, 0, SMC, CALL(0, 1), NULL }, { 1, 1, SMC, RECV(0, 0xb0), reset_a });
	ONLY_REASON(0, 0);
	take_down(0);
	assert_int_equal(gate_is(0), GATE_ORPHAN);
	RUN(1, 1, RMI_EXIT_MICA_PARKED, { 1, 1, SMC, RECV(0, 0xb0), NULL });		/* that RECV was not served */
}

static void the_middle_of_a_chain_goes(void **state)
{
	(void)state;
	row(4, 1);
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SMC, CALL(0, 1), NULL }, { 1, 0, SMC, CALL(1, 2), NULL },
	    { 2, 0, SMC, CALL(2, 3), NULL }, { 3, 0, SMC, RECV(2, 0xd0), reset_b }, { 0, 0, IRQ, { 0 }, NULL });
	assert_refused(seen[4], POLICY(PEER_GONE));
	assert_int_equal(gate_is(0), GATE_NONE);
	assert_int_equal(gate_is(1), GATE_ORPHAN);
	assert_int_equal(gate_is(2), GATE_BUSY);
	take_down(1);
	/* c goes on by itself, in its call to d */
	REFUSED(ENTER(3, 0), POLICY(PARKED));
	RUN(2, 0, RMI_EXIT_MICA_PARKED, { 3, 0, SMC, RECV(2, 0xd0), NULL }, { 2, 0, SMC, RECV(1, 0xc0), NULL });
	assert_int_equal(seen[1][1], 0xd0);
	for (unsigned int i = 0; i < 4; i++)
		if (i != 1)
			assert_int_equal(refs(i, 0), 0);
}

/* The gate is BUSY again, with another caller, in another epoch: the old link is stale. */
static void a_stale_link_leads_nowhere(void **state)
{
	(void)state;
	gate(0, 0, 1, 1);
	start_gate();
	suspend();
	reset_b();
	take_down(1);
	load(1);
	park(1, 1, 0);
	RUN(0, 1, RMI_EXIT_IRQ, { 0, 1, SMC, CALL(0, 2), NULL }, { 1, 1, IRQ, { 0 }, NULL });
	assert_int_equal(gate_is(0), GATE_BUSY);
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, IRQ, { 0 }, NULL });
	assert_refused(seen[0], POLICY(PEER_GONE));
	RUN(0, 1, RMI_EXIT_IRQ, { 1, 1, SMC, RECV(0, 5), NULL }, { 0, 1, IRQ, { 0 }, NULL });
	assert_int_equal(seen[1][1], 5);
}

static void a_role_in_a_chain_twice_ends_it_once(void **state)
{
	(void)state;
	policy_roles(&policy, 2, 2);
	policy_gate(&policy, 0, 1, 0, 1, 1);
	policy_gate(&policy, 1, 0, 1, 1, 1);		/* back into a, to another REC of it */
	start();
	park(1, 0, 0);
	park(0, 1, 1);
	RUN(0, 0, RMI_EXIT_MICA_STOPPED, { 0, 0, SMC, CALL(0, 1), NULL }, { 1, 0, SMC, CALL(1, 2), NULL },
	    { 0, 1, SMC, { PSCI_SYSTEM_OFF }, NULL });
	ONLY_REASON(0, 0);
	assert_int_equal(gate_is(0), GATE_ORPHAN);
	assert_int_equal(gate_is(1), GATE_NONE);
	RUN(1, 0, RMI_EXIT_IRQ, { 1, 0, IRQ, { 0 }, NULL });
	assert_refused(seen[0], POLICY(PEER_GONE));
}

/* ---- other CPUs ---- */

static uint64_t entry;

static struct granule *server_granule(void)
{
	return granule_find(pa(realms[1][1].rec));
}

/* Another CPU's REC_ENTER of the server has marked it running, just before it is called. */
static void marked_by_an_entry(void)
{
	assert_int_equal(server_granule()->refs, 0);
	server_granule()->refs = 1;
}

/* The call has made the server the head, its caller ends, and that entry goes on: it now looks at the gate. */
static void entry_looks_at_an_orphan(void)
{
	GRANTED(MICA(ROLE_RESET, wf, 0));
	assert_int_equal(gate_is(0), GATE_ORPHAN);
	entry = mica_may_enter(arch_granule_va(pa(realms[1][1].rec)));
}

static void an_orphan_is_not_entered_while_its_chain_runs(void **state)
{
	(void)state;
	gate(0, 0, 1, 1);
	start_gate();
	RUN(0, 0, RMI_EXIT_MICA_STOPPED, { 0, 0, SMC, CALL(0, 1), marked_by_an_entry }, { 1, 1, IRQ, { 0 }, entry_looks_at_an_orphan });
	assert_int_equal(entry, RMI_ERROR_REC);
	/* the control: the chain has let go of it */
	assert_int_equal(server_granule()->refs, 1);
	GRANTED(mica_may_enter(arch_granule_va(pa(realms[1][1].rec))));
	server_granule()->refs = 0;
	RUN(1, 1, RMI_EXIT_IRQ, { 1, 1, IRQ, { 0 }, NULL });
}

static pthread_t other;

/* The chain answers: its gate is READY, then it lets go. Nobody owns the server but the entry that looks. */
static void *answer_under_the_lock(void *arg)
{
	struct wf_gate *g = ((struct wf *)arch_granule_va(pa(wf)))->gates;
	struct timespec moment = { .tv_nsec = 20000000 };

	nanosleep(&moment, NULL);
	__atomic_store_n(&g->state, GATE_READY, __ATOMIC_SEQ_CST);
	__atomic_fetch_sub(&server_granule()->refs, 1, __ATOMIC_SEQ_CST);
	granule_unlock(arg);
	return NULL;
}

static void entry_looks_while_the_chain_answers(void)
{
	struct granule *g = granule_find(pa(wf));

	GRANTED(MICA(ROLE_RESET, wf, 0));
	assert_int_equal(gate_is(0), GATE_ORPHAN);
	granule_lock(g, GRANULE_WF);
	assert_int_equal(pthread_create(&other, NULL, answer_under_the_lock, g), 0);
	entry = mica_may_enter(arch_granule_va(pa(realms[1][1].rec)));
	pthread_join(other, NULL);
	server_granule()->refs++;		/* the chain of this test lets go itself */
}

/*
 * ORPHAN in one look and a single mark in the next: in between the chain answered, the gate is READY, and the next call would
 * run the server that this entry runs. Both are one look, under the lock.
 */
static void an_orphan_that_has_just_answered_is_not_entered(void **state)
{
	(void)state;
	gate(0, 0, 1, 1);
	start_gate();
	RUN(0, 0, RMI_EXIT_MICA_STOPPED, { 0, 0, SMC, CALL(0, 1), marked_by_an_entry },
	    { 1, 1, IRQ, { 0 }, entry_looks_while_the_chain_answers });
	assert_int_equal(entry, POLICY(PARKED));
	server_granule()->refs = 0;
}

static uint16_t marks;

/* For a while the lock is another CPU's; what it sees is what the answer's first half has done. */
static void *hold_the_lock(void *arg)
{
	struct timespec moment = { .tv_nsec = 20000000 };

	nanosleep(&moment, NULL);
	marks = __atomic_load_n(&server_granule()->refs, __ATOMIC_ACQUIRE);
	granule_unlock(arg);
	return NULL;
}

static void lock_elsewhere(void)
{
	struct granule *g = granule_find(pa(wf));

	granule_lock(g, GRANULE_WF);
	assert_int_equal(pthread_create(&other, NULL, hold_the_lock, g), 0);
}

/* Else it could be destroyed, its role loaded again, its successor called, and the gate of that call opened. */
static void a_server_is_marked_until_its_gate_is_ready(void **state)
{
	(void)state;
	gate(0, 0, 1, 1);
	start_gate();
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SMC, CALL(0, 1), NULL }, { 1, 1, SMC, RECV(0, 2), lock_elsewhere }, { 0, 0, IRQ, { 0 }, NULL });
	pthread_join(other, NULL);
	assert_int_equal(marks, 1);
	assert_int_equal(refs(1, 1), 0);
	assert_int_equal(gate_is(0), GATE_READY);
}

/* ---- signals inside a chain ---- */

static void a_server_waits_in_the_entry_of_its_caller(void **state)
{
	(void)state;
	gate(0, 0, 1, 1);
	policy_channel(&policy, MICA_CHAN_SIGNAL);	/* a writes, b reads */
	start_gate();
	RUN(0, 0, RMI_EXIT_MICA_IDLE, { 0, 0, SMC, CALL(0, 1), NULL }, { 1, 1, SMC, { SMC_RSI_MICA_WAIT, 1 }, NULL });
	ONLY_REASON(0, 0);
	RUN_NOTHING(0, 0, RMI_EXIT_MICA_IDLE);
	assert_int_equal(refs(1, 1), 0);
	RUN(0, 1, RMI_EXIT_MICA_WAKE, { 0, 1, SMC, { SMC_RSI_MICA_SIGNAL, 0 }, NULL });
	assert_int_equal(exit_of(0, 1)->gprs[0], 1UL << 1);
	RUN(0, 0, RMI_EXIT_IRQ, { 1, 1, SMC, RECV(0), NULL }, { 0, 0, IRQ, { 0 }, NULL });
	assert_int_equal(seen[0][1], 1);
}

static void a_server_wakes_others(void **state)
{
	(void)state;
	policy_roles(&policy, 3, 1);
	policy.role[0].rights = ALL;
	everything_open_to(0);
	policy_gate(&policy, 2, 0, 0, 1, 1);		/* c calls a, which writes to b */
	policy_channel(&policy, MICA_CHAN_SIGNAL);
	start();
	park(0, 0, 0);
	RUN(1, 0, RMI_EXIT_MICA_IDLE, { 1, 0, SMC, { SMC_RSI_MICA_WAIT, 1 }, NULL });
	RUN(2, 0, RMI_EXIT_MICA_WAKE, { 2, 0, SMC, CALL(0), NULL }, { 0, 0, SMC, { SMC_RSI_MICA_SIGNAL, 0 }, fire_timer });
	assert_int_equal(exit_of(2, 0)->gprs[0], 1UL << 1);
	assert_int_equal(exit_of(2, 0)->cntv_cval | exit_of(2, 0)->gicv3_vmcr, 0);
}

/* ---- what Realms are told ---- */

static void realms_are_told_about_their_gates(void **state)
{
	(void)state;
	policy_roles(&policy, 4, 2);
	policy_gate(&policy, 0, 1, 1, 2, 3);
	policy_gate(&policy, 1, 2, 1, 4, 5);
	start();
	RUN(1, 0, RMI_EXIT_IRQ, { 1, 0, SMC, { SMC_RSI_MICA_SELF }, NULL }, { 1, 0, SMC, { SMC_RSI_MICA_GATE_INFO, 0 }, NULL },
	    { 1, 0, SMC, { SMC_RSI_MICA_GATE_INFO, 1 }, NULL }, { 1, 0, SMC, { SMC_RSI_MICA_GATE_INFO, 2 }, NULL },
	    { 1, 0, SMC, { SMC_RSI_MICA_GATE_INFO, ~0UL }, NULL }, { 1, 0, IRQ, { 0 }, NULL });
	assert_int_equal(seen[1][4], 2);
	assert_int_equal(seen[2][1], 0);
	assert_int_equal(seen[2][2], 1);
	assert_int_equal(seen[2][3], 2 | 3 << 8 | 1 << 16);
	assert_string_equal((const char *)&seen[2][4], "from-0");
	assert_int_equal(seen[3][1], 1);
	assert_int_equal(seen[3][2], 0);
	assert_string_equal((const char *)&seen[3][4], "to-1");
	assert_int_equal(seen[4][0], RSI_ERROR_INPUT);
	assert_int_equal(seen[5][0], RSI_ERROR_INPUT);
	for (int i = 1; i < 10; i++)
		assert_int_equal(seen[4][i], 0);
	RUN(3, 0, RMI_EXIT_IRQ, { 3, 0, SMC, { SMC_RSI_MICA_GATE_INFO, 0 }, NULL }, { 3, 0, IRQ, { 0 }, NULL });
	assert_int_equal(seen[1][0], RSI_ERROR_INPUT);
}

/* Both directions of a gate are edges; nobody else is told. */
static void ends_of_a_gate_know_whether_the_other_lives(void **state)
{
	static const struct { uint8_t asks; uint64_t about; bool told; } rows[] = {
		{ 0, 1, true }, { 1, 0, true }, { 1, 2, true }, { 2, 1, true }, { 0, 0, true },
		{ 0, 2, false }, { 2, 0, false }, { 3, 0, false }, { 3, 1, false }, { 0, 3, false }, { 0, 4, false },
	};

	(void)state;
	policy_roles(&policy, 4, 2);
	policy_gate(&policy, 0, 1, 1, 2, 3);
	policy_gate(&policy, 1, 2, 1, 4, 5);
	start();
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t r = rows[i].asks;

		RUN(r, 0, RMI_EXIT_IRQ, { r, 0, SMC, { SMC_RSI_MICA_PEER_INFO, rows[i].about }, NULL }, { r, 0, IRQ, { 0 }, NULL });
		assert_int_equal(seen[1][0], rows[i].told ? RSI_SUCCESS : POLICY(NO_RIGHT));
		assert_int_equal(seen[1][1], rows[i].told);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_caller_hears_that_its_callee_is_gone, reset),
		cmocka_unit_test_setup(an_error_interrupt_is_not_lost_with_the_callee, reset),
		cmocka_unit_test_setup(an_error_stays_with_the_head_of_a_chain_that_breaks, reset),
		cmocka_unit_test_setup(an_hvc_that_was_not_served_comes_again, reset),
		cmocka_unit_test_setup(a_server_that_switches_off_ends_the_call, reset),
		cmocka_unit_test_setup(an_orphan_is_entered_by_the_host, reset),
		cmocka_unit_test_setup(a_chain_stops_with_its_base, reset),
		cmocka_unit_test_setup(the_middle_of_a_chain_goes, reset),
		cmocka_unit_test_setup(a_stale_link_leads_nowhere, reset),
		cmocka_unit_test_setup(a_role_in_a_chain_twice_ends_it_once, reset),
		cmocka_unit_test_setup(an_orphan_is_not_entered_while_its_chain_runs, reset),
		cmocka_unit_test_setup(an_orphan_that_has_just_answered_is_not_entered, reset),
		cmocka_unit_test_setup(a_server_is_marked_until_its_gate_is_ready, reset),
		cmocka_unit_test_setup(a_server_waits_in_the_entry_of_its_caller, reset),
		cmocka_unit_test_setup(a_server_wakes_others, reset),
		cmocka_unit_test_setup(realms_are_told_about_their_gates, reset),
		cmocka_unit_test_setup(ends_of_a_gate_know_whether_the_other_lives, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
