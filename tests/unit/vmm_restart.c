/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Roles that die, over the stand-in device, which resets only what its policy and state allow and counts what is left:
 * b may be restarted unless a test says otherwise; a and c are its peers.
 */
#include "vmm_peer.h"

static atomic_int lives, limit, release, answered;
static atomic_uint epoch_seen;
static atomic_int stale;		/* lives that found something in their run page */

/* Its first entry in an epoch. */
static bool born(void)
{
	if (epoch_seen == fake.epoch[B])
		return false;
	epoch_seen = fake.epoch[B];
	lives++;
	return true;
}

/* Dies in its first `limit` lives, each time at its second entry; then goes on for ever. */
static uint64_t play_mortal(unsigned int role, struct rmi_rec_run *run)
{
	if (born()) {
		stale += run->enter.gprs[5] != 0;
		run->enter.gprs[5] = 1;
		return exit_with(run, RMI_EXIT_MICA_IDLE);
	}
	if (lives <= limit)
		return play_off(role, run);
	return play_idle(role, run);
}

static uint64_t play_until_released(unsigned int role, struct rmi_rec_run *run)
{
	return release ? play_exit_ok(role, run) : play_idle(role, run);
}

static struct peer_blob begin(void)
{
	struct peer_blob b = peer_blob();

	b.role[B].flags = MICA_ROLE_RESTART;
	b.role[B].rights = 0;
	port_open();
	lives = release = answered = stale = 0;
	epoch_seen = 0;
	limit = 1;
	fake.play[A] = play_until_released;
	fake.play[B] = play_mortal;
	fake.play[C] = play_until_released;
	return b;
}

/* Both others end; b is a service and does not keep the run up. */
static void finish(void)
{
	release = 1;
	peer_expect_rest(B, 0);
	peer_end();
}

static void lives_again(void **state)
{
	struct peer_blob b = begin();

	(void)state;
	peer_load(&b);
	peer_expect_restart(B, 1);
	assert_int_equal(port_data.restart.how, HOW_OFF);
	peer_until(&lives, 2);
	assert_true(port_quiet(200));
	assert_int_equal(fake.resets, 1);
	assert_int_equal(fake.epoch[B], 2);
	assert_int_equal(fake.epoch[A], 1);
	assert_int_equal(stale, 0);
	finish();
}

/* What a Realm was built from is enough for the next one. */
static void takes_no_more_memory(void **state)
{
	uint64_t used[2];
	int i, k;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct peer_blob b = begin();

		limit = i * 3;
		peer_load(&b);
		for (k = 1; k <= limit; k++)
			peer_expect_restart(B, (unsigned int)k);
		peer_until(&lives, limit + 1);
		release = 1;
		while (port_get() != RUN_DONE)
			;
		used[i] = port_data.done.granules_used;
		assert_int_equal(port_data.done.granules_left, 0);
		port_end();
	}
	assert_int_equal(used[0], used[1]);
}

static void given_up(void **state)
{
	struct peer_blob b = begin();
	unsigned int i;

	(void)state;
	limit = 100;
	peer_load(&b);
	for (i = 1; i <= 5; i++)
		peer_expect_restart(B, i);
	peer_expect_exit(B, HOW_OFF);
	assert_int_equal(fake.resets, 5);
	assert_int_equal(lives, 6);
	release = 1;
	assert_int_equal(port_get(), RUN_ROLE_EXIT);
	assert_int_equal(port_get(), RUN_ROLE_EXIT);
	peer_end();
}

/* The policy does not say `restart`: it is dead, and the others go on. */
static void not_without_the_flag(void **state)
{
	struct peer_blob b = begin();

	(void)state;
	b.role[B].flags = 0;
	peer_load(&b);
	peer_expect_exit(B, HOW_OFF);
	assert_true(port_quiet(400));
	assert_int_equal(fake.resets, 0);
	release = 1;
	assert_int_equal(port_get(), RUN_ROLE_EXIT);
	assert_int_equal(port_get(), RUN_ROLE_EXIT);
	peer_end();
}

static uint64_t play_says_status(unsigned int role, struct rmi_rec_run *run)
{
	(void)role;
	lives++;
	return exit_call(run, MICA_HC_EXIT, lives <= limit ? MICA_EXIT_PANIC : MICA_EXIT_OK);
}

/* A role that can say how it ended: a bad end is another life, a good one is the end. */
static void says_how_it_ended(void **state)
{
	struct peer_blob b = begin();

	(void)state;
	b.role[B].rights = MICA_RIGHT_HOSTCALL;
	fake.play[B] = play_says_status;
	peer_load(&b);
	peer_expect_restart(B, 1);
	assert_int_equal(port_data.restart.how, HOW_EXIT);
	assert_int_equal(port_data.restart.status, MICA_EXIT_PANIC);
	peer_expect_exit(B, HOW_EXIT);
	assert_int_equal(port_data.exit.status, MICA_EXIT_OK);
	assert_int_equal(fake.resets, 1);
	release = 1;
	assert_int_equal(port_get(), RUN_ROLE_EXIT);
	assert_int_equal(port_get(), RUN_ROLE_EXIT);
	peer_end();
}

/* The same without the flag ends the run, and one that never gets better does in the end. */
static void bad_end_ends_the_run(void **state)
{
	struct peer_blob b = begin();
	unsigned int i;

	(void)state;
	b.role[B].rights = MICA_RIGHT_HOSTCALL;
	b.role[B].flags = 0;
	fake.play[B] = play_says_status;
	peer_load(&b);
	peer_expect_exit(B, HOW_EXIT);
	assert_int_equal(port_data.exit.status, MICA_EXIT_PANIC);
	peer_end();

	b = begin();
	b.role[B].rights = MICA_RIGHT_HOSTCALL;
	limit = 100;
	fake.play[B] = play_says_status;
	peer_load(&b);
	for (i = 1; i <= 5; i++)
		peer_expect_restart(B, i);
	peer_expect_exit(B, HOW_EXIT);
	peer_end();
}

/* A REC that serves a call elsewhere is not destroyed at once; one that never leaves is reported. */
static void still_running(void **state)
{
	struct peer_blob b = begin();

	(void)state;
	fake.running_for = 30;
	peer_load(&b);
	peer_expect_restart(B, 1);
	peer_until(&lives, 2);
	assert_int_equal(fake.running_for, 0);
	finish();
}

/* Each call of a restart refused once: the run ends with the reason, and nothing stays. */
static void every_call_fails_once(void **state)
{
	unsigned int first, last, kept = 0, i;
	struct peer_blob b = begin();

	(void)state;
	limit = 0;
	peer_load(&b);
	first = fake.calls + 1;
	limit = 1;
	peer_expect_restart(B, 1);
	peer_until(&lives, 2);
	last = fake.calls;
	peer_stop();
	assert_true(last - first > 60);
	for (i = first; i <= last; i += i < first + 30 || i + 30 > last ? 1 : 5) {
		b = begin();
		fake.fail_at = i;
		fake.fail_with = MICA_POLICY(MICA_RULE_SHAPE);
		peer_load(&b);
		release = 0;
		peer_expect_restart(B, 1);
		/* A step of the way down that is refused is stepped over; what follows from it is not. */
		while (lives < 2 && port_quiet(1))
			;
		if (lives >= 2) {
			peer_stop();
			continue;
		}
		assert_int_equal(port_get(), RUN_FAIL);
		/* What the monitor keeps of the old Realm stays until the driver's file is closed: said, not hidden. */
		if (strstr(port_data.text, "does not let go")) {
			assert_int_equal(port_get(), RUN_DONE);
			port_abandon();
			kept++;
		} else {
			peer_end();
		}
	}
	assert_true(kept > 10);
}

static void refused_reset_is_named(void **state)
{
	struct peer_blob b = begin();

	(void)state;
	limit = 0;
	peer_load(&b);
	fake.fail_at = fake.calls + 1;
	fake.fail_with = MICA_POLICY(MICA_RULE_LIMIT);
	limit = 1;
	peer_expect_restart(B, 1);
	peer_expect_fail("b: ROLE_RESET(");
	peer_end();
}

/* Told to stop, or left, while a role waits for its next life and while it gets it. */
static void stopped_in_between(void **state)
{
	int when;

	(void)state;
	for (when = 0; when < 6; when++) {
		struct peer_blob b = begin();

		limit = 100;
		peer_load(&b);
		if (when >= 2)
			peer_expect_restart(B, 1);
		if (when >= 4)
			peer_expect_restart(B, 2);
		if (when % 2)
			peer_stop();
		else
			port_end();
	}
}

/* A component that was given the challenge and died with it is asked again. */
static uint64_t play_forgets(unsigned int role, struct rmi_rec_run *run)
{
	(void)role;
	if (born())
		return exit_call(run, MICA_HC_CHALLENGE, 0);
	if (run->enter.gprs[0] == 1)
		answered++;
	return exit_call(run, MICA_HC_EXIT, lives == 1 ? MICA_EXIT_PANIC : MICA_EXIT_OK);
}

static void asked_again(void **state)
{
	struct peer_blob b = begin();
	uint8_t challenge[64] = { 1 };

	(void)state;
	b.role[B].rights = MICA_RIGHT_HOSTCALL;
	fake.play[B] = play_forgets;
	peer_load(&b);
	port_put(RUN_CHALLENGE, 0, challenge, sizeof(challenge));
	peer_expect_restart(B, 1);
	peer_expect_exit(B, HOW_EXIT);
	assert_int_equal(answered, 2);
	peer_stop();
}

/* One vCPU waits in the host, another ends the role: the first does not hold up the next life. */
static uint64_t play_one_waits(unsigned int role, unsigned int rec, struct rmi_rec_run *run)
{
	if (rec == 1)
		return exit_call(run, MICA_HC_BEGIN, 0);
	if (born())
		return exit_with(run, RMI_EXIT_MICA_IDLE);
	return lives == 1 ? exit_call(run, MICA_HC_EXIT, MICA_EXIT_PANIC) : play_idle(role, run);
}

static void others_wait_in_the_host(void **state)
{
	struct peer_blob b = begin();

	(void)state;
	b.role[B].rights = MICA_RIGHT_HOSTCALL;
	b.role[B].vcpus = 2;
	fake.play_rec[B] = play_one_waits;
	peer_load(&b);
	peer_expect_restart(B, 1);
	peer_until(&lives, 2);
	peer_stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lives_again),
		cmocka_unit_test(takes_no_more_memory),
		cmocka_unit_test(given_up),
		cmocka_unit_test(not_without_the_flag),
		cmocka_unit_test(says_how_it_ended),
		cmocka_unit_test(bad_end_ends_the_run),
		cmocka_unit_test(still_running),
		cmocka_unit_test(every_call_fails_once),
		cmocka_unit_test(refused_reset_is_named),
		cmocka_unit_test(stopped_in_between),
		cmocka_unit_test(asked_again),
		cmocka_unit_test(others_wait_in_the_host),
	};

	return cmocka_run_group_tests_name("vmm_restart", tests, NULL, NULL);
}
