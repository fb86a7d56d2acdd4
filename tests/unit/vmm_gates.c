/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gate servers over the stand-in device: a calls b, c is somebody else. What the monitor would do between two entries
 * is the script's: parked() answers rule 17 as long as the test says that the REC is the monitor's.
 */
#include "vmm_peer.h"

static atomic_int parks, refusals, runs, mine, release_a;

#define PARKED	MICA_POLICY(MICA_RULE_PARKED)

/* Parks at its first entry; is refused from then on, or runs when `mine` says how often. */
static uint64_t play_server(unsigned int role, struct rmi_rec_run *run)
{
	(void)role;
	if (parks == 0 || mine > 0) {
		runs += parks != 0;
		mine -= parks != 0;
		parks++;
		return exit_with(run, RMI_EXIT_MICA_PARKED);
	}
	refusals++;
	return PARKED;
}

static uint64_t play_until_released(unsigned int role, struct rmi_rec_run *run)
{
	return release_a ? play_exit_ok(role, run) : play_idle(role, run);
}

static uint64_t play_always_parked(unsigned int role, struct rmi_rec_run *run)
{
	(void)role;
	(void)run;
	return PARKED;
}

static struct peer_blob begin(void)
{
	struct peer_blob b = peer_blob();

	peer_gate(&b, A, B, 0);
	port_open();
	parks = refusals = runs = mine = release_a = 0;
	fake.play[A] = play_until_released;
	fake.play[B] = play_server;
	fake.play[C] = play_exit_ok;
	return b;
}

/* It stays parked, is asked for, and the run is over when nobody is left to call it. */
static void parked_server(void **state)
{
	struct peer_blob b = begin();

	(void)state;
	peer_load(&b);
	peer_expect_exit(C, HOW_EXIT);
	peer_until(&refusals, 3);
	assert_int_equal(parks, 1);
	release_a = 1;
	peer_expect_rest(B, 1U << C);
	peer_end();
}

/* Control: a server that is not parked keeps the run up, whoever else has ended. */
static void unparked_server(void **state)
{
	struct peer_blob b = begin();

	(void)state;
	fake.play[A] = play_exit_ok;
	fake.play[B] = play_idle;
	peer_load(&b);
	assert_int_equal(port_get(), RUN_ROLE_EXIT);
	assert_int_equal(port_get(), RUN_ROLE_EXIT);
	assert_true(port_quiet(300));
	peer_stop();
}

/* A REC that never parked has no reason to be refused so. */
static void parked_without_parking(void **state)
{
	struct peer_blob b = begin();

	(void)state;
	fake.play[C] = play_idle;
	fake.play[B] = play_always_parked;
	peer_load(&b);
	peer_expect_fail("role 'b': RMI_REC_ENTER(");
	peer_end();
}

/* The caller ends in the middle of a call: the server is tried at once, finishes, parks again, and is left alone again. */
static void orphan(void **state)
{
	struct peer_blob b = begin();

	(void)state;
	fake.play[C] = play_idle;
	peer_load(&b);
	peer_until(&refusals, 1);
	mine = 1;
	release_a = 1;
	peer_expect_exit(A, HOW_EXIT);
	peer_until(&runs, 1);
	peer_until(&refusals, 4);
	assert_int_equal(parks, 2);
	peer_stop();
}

/* What an orphan does before it parks is served as anybody's. */
static uint64_t play_orphan_calls(unsigned int role, struct rmi_rec_run *run)
{
	(void)role;
	switch (parks) {
	case 0:
		break;
	case 1:
		if (!mine)
			return PARKED;
		parks = 2;
		return exit_call(run, 99, 0);
	case 2:
		runs = (int64_t)run->enter.gprs[0] < 0;
		break;
	default:
		return PARKED;
	}
	parks++;
	return exit_with(run, RMI_EXIT_MICA_PARKED);
}

static void orphan_is_served(void **state)
{
	struct peer_blob b = begin();

	(void)state;
	fake.play[B] = play_orphan_calls;
	fake.play[C] = play_idle;
	peer_load(&b);
	peer_until(&parks, 1);
	mine = 1;
	peer_until(&parks, 3);
	assert_int_equal(runs, 1);
	peer_stop();
}

/* It switched itself off while it served: no exit says so, the next entry does; the others go on. */
static void dies_in_a_call(void **state)
{
	struct peer_blob b = begin();

	(void)state;
	peer_load(&b);
	peer_expect_exit(C, HOW_EXIT);
	peer_until(&refusals, 1);
	fake_role_dies(B);
	peer_expect_exit(B, HOW_OFF);
	assert_true(port_quiet(100));
	release_a = 1;
	peer_expect_exit(A, HOW_EXIT);
	peer_end();
}

static uint64_t play_refused(unsigned int role, struct rmi_rec_run *run)
{
	(void)role;
	(void)run;
	return MICA_POLICY(MICA_RULE_ROLE_STATE);
}

/* Rule 11 of a role that lives is no end of it: said, and not waited for. */
static void refused_while_it_lives(void **state)
{
	struct peer_blob b = begin();

	(void)state;
	fake.play[B] = play_refused;
	fake.play[C] = play_idle;
	peer_load(&b);
	peer_expect_fail("role 'b': RMI_REC_ENTER(");
	peer_end();
}

/* Two vCPUs, one parked: the other keeps the run up until it is parked, too. */
static atomic_int second_parks;
static unsigned int idler;
static uint64_t play_two(unsigned int role, unsigned int rec, struct rmi_rec_run *run)
{
	(void)role;
	if (rec == idler && !second_parks)
		return exit_with(run, RMI_EXIT_MICA_IDLE);
	return exit_with(run, RMI_EXIT_MICA_PARKED);
}

static void all_of_its_recs(void **state)
{
	(void)state;
	for (idler = 0; idler < 2; idler++) {
		struct peer_blob b = begin();

		b.role[B].vcpus = 2;
		peer_gate(&b, A, B, 1);
		second_parks = 0;
		fake.play[A] = play_exit_ok;
		fake.play_rec[B] = play_two;
		peer_load(&b);
		assert_int_equal(port_get(), RUN_ROLE_EXIT);
		assert_int_equal(port_get(), RUN_ROLE_EXIT);
		assert_true(port_quiet(200));
		second_parks = 1;
		peer_expect_exit(B, HOW_REST);
		peer_end();
	}
}

static void peer_leaves_parked(void **state)
{
	struct peer_blob b = begin();

	(void)state;
	fake.play[C] = play_idle;
	peer_load(&b);
	peer_until(&refusals, 1);
	port_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parked_server),
		cmocka_unit_test(unparked_server),
		cmocka_unit_test(parked_without_parking),
		cmocka_unit_test(orphan),
		cmocka_unit_test(orphan_is_served),
		cmocka_unit_test(dies_in_a_call),
		cmocka_unit_test(refused_while_it_lives),
		cmocka_unit_test(all_of_its_recs),
		cmocka_unit_test(peer_leaves_parked),
	};

	return cmocka_run_group_tests_name("vmm_gates", tests, NULL, NULL);
}
