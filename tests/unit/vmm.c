/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The VMM over the stand-in device: a whole run, every RMI call failing once, a peer that leaves
 * or lies at any moment, components that ask nonsense. After each, nothing may be left behind.
 */
#include <unistd.h>

#include "vmm_redact.h"

static void run_whole(size_t size)
{
	port_start();
	redact_load();
	redact_attest();
	redact_stream(size);
	redact_finish();
}

static void whole_run(void **state)
{
	(void)state;
	redact_begin();
	run_whole(0);
	redact_begin();
	run_whole(1);
	redact_begin();
	run_whole(WINDOW_SIZE);
	redact_begin();
	run_whole(300000);
}

/* A host that drops every WAKE only delays. */
static void lost_wakes(void **state)
{
	(void)state;
	redact_begin();
	redact_no_wakes = true;
	run_whole(60000);
}

static void every_call_fails_once(void **state)
{
	unsigned int total, i;

	(void)state;
	redact_start();
	redact_load();
	total = fake.calls;
	port_put(RUN_STOP, 0, NULL, 0);
	assert_int_equal(redact_get(), RUN_DONE);
	port_end();
	assert_true(total > 200);
	for (i = 1; i <= total; i += i < 40 || i > total - 40 ? 1 : 7) {
		redact_begin();
		fake.fail_at = i;
		fake.fail_with = MICA_POLICY(MICA_RULE_SHAPE);
		port_start();
		redact_send_policy();
		port_put(RUN_LOAD, 0, NULL, 0);
		redact_failed(i == 2 ? "rule 8 (SHAPE)" : "");
	}
}

static void refusals_are_named(void **state)
{
	(void)state;
	redact_begin();
	fake.fail_at = 66;	/* 64 granules, the blob's four aux pages come from them */
	fake.fail_with = MICA_POLICY(MICA_RULE_WF_STATE);
	port_start();
	redact_send_policy();
	port_put(RUN_LOAD, 0, NULL, 0);
	redact_failed("refused by rule 10 (WF_STATE)");

	redact_begin();
	fake.fail_at = 65;
	fake.fail_with = MICA_POLICY(MICA_RULE_BLOB);
	port_start();
	redact_send_policy();
	port_put(RUN_LOAD, 0, NULL, 0);
	redact_failed("WF_CREATE(");

	redact_begin();
	fake.no_mica = true;
	port_start();
	redact_send_policy();
	port_put(RUN_LOAD, 0, NULL, 0);
	redact_failed("no Mica extension");
}

static void peer_leaves(void **state)
{
	int when;

	(void)state;
	for (when = 0; when < 6; when++) {
		redact_start();
		if (when == 1 || when == 2)
			redact_send_policy();
		if (when == 2)
			port_put(RUN_LOAD, 0, NULL, 0);
		if (when >= 3)
			redact_load();
		if (when >= 4)
			redact_attest();
		if (when >= 5)
			port_put(RUN_DATA, REGION_INPUT, redact_image, sizeof(redact_image));
		port_end();
	}
}

static void peer_stops(void **state)
{
	(void)state;
	redact_start();
	port_put(RUN_STOP, 0, NULL, 0);
	assert_int_equal(redact_get(), RUN_READY);
	assert_int_equal(redact_get(), RUN_DONE);
	port_end();

	redact_start();
	redact_load();
	redact_attest();
	port_put(RUN_STOP, 0, NULL, 0);
	assert_int_equal(redact_get(), RUN_DONE);
	port_end();
}

static void bad_messages(void **state)
{
	static uint8_t zeroes[CREDIT + 1];
	struct redact_blob b = redact_blob();
	struct run_msg huge = { .type = RUN_BLOB, .len = RUN_MSG_MAX + 1 };

	(void)state;
	redact_start();
	port_put(RUN_BEGIN, 0, NULL, 0);
	redact_failed("out of order");

	redact_start();
	port_put(77, 0, NULL, 0);
	redact_failed("unknown message 77");

	redact_start();
	assert_int_equal(write(port_fd, &huge, sizeof(huge)), sizeof(huge));
	redact_failed("bad header");

	redact_start();
	port_put(RUN_BLOB, 0, &b, sizeof(b) - 1);
	redact_failed("canonical rule 1");

	redact_start();
	port_put(RUN_BLOB, 0, &b, sizeof(b));
	port_put(RUN_IMAGE, 3, redact_image, 1);
	redact_failed("role 3");

	redact_start();
	port_put(RUN_BLOB, 0, &b, sizeof(b));
	port_put(RUN_IMAGE, 0, zeroes, sizeof(zeroes));
	port_put(RUN_IMAGE, 0, zeroes, sizeof(zeroes));
	port_put(RUN_IMAGE, 0, zeroes, sizeof(zeroes));
	redact_failed("larger than its memory");

	redact_start();
	port_put(RUN_BLOB, 0, &b, sizeof(b));
	port_put(RUN_LOAD, 0, NULL, 0);
	redact_failed("no image for role 'ingest'");

	redact_start();
	redact_load();
	port_put(RUN_CHALLENGE, 0, zeroes, 63);
	redact_failed("63 bytes");

	redact_start();
	redact_load();
	port_put(RUN_DATA, REGION_OUTPUT, zeroes, 1);
	redact_failed("no input window");

	redact_start();
	redact_load();
	port_put(RUN_DATA, REGION_INPUT, zeroes, CREDIT + 1);
	redact_failed("beyond the credit");

	/* control: exactly the credit is fine, and so is the end after it; nothing after that */
	redact_start();
	redact_load();
	port_put(RUN_DATA, REGION_INPUT, zeroes, CREDIT);
	port_put(RUN_EOF, REGION_INPUT, NULL, 0);
	port_put(RUN_DATA, REGION_INPUT, zeroes, 1);
	redact_failed("after its end");
}

static void bad_role_exit(void **state)
{
	(void)state;
	redact_begin();
	redact_sink_exit = MICA_EXIT_PEER_GONE;
	port_start();
	redact_load();
	redact_attest();
	port_put(RUN_EOF, REGION_INPUT, NULL, 0);
	do {
		assert_int_equal(redact_get(), RUN_ROLE_EXIT);
	} while (port_msg.arg != SINK);
	assert_int_equal(port_data.exit.how, 1);
	assert_int_equal(port_data.exit.status, MICA_EXIT_PEER_GONE);
	do {
		assert_int_not_equal(redact_get(), 0);
	} while (port_msg.type == RUN_ROLE_EXIT);
	assert_int_equal(port_msg.type, RUN_DONE);
	port_end();
}

static uint64_t play_sync(unsigned int r, struct rmi_rec_run *run)
{
	(void)r;
	run->exit.exit_reason = RMI_EXIT_SYNC;
	run->exit.esr = 0x93000007;
	return 0;
}

static uint64_t play_refused(unsigned int r, struct rmi_rec_run *run)
{
	(void)r;
	(void)run;
	return MICA_POLICY(MICA_RULE_PARKED);
}

static void odd_exits(void **state)
{
	(void)state;
	redact_begin();
	fake.play[REDACTOR] = play_sync;
	port_start();
	redact_load();
	redact_failed("role 'redactor' left with exit reason 0 (SYNC; esr 0x93000007");

	redact_begin();
	fake.play[REDACTOR] = play_refused;
	port_start();
	redact_load();
	redact_failed("refused by rule 17 (PARKED)");
}

static int64_t answers[12];

/* Host calls that make no sense, one after the other, then a clean exit. */
static uint64_t play_nonsense(unsigned int r, struct rmi_rec_run *run)
{
	static const uint64_t asks[][3] = {
		{ 0, 0, 0 }, { 99, 0, 0 }, { 0xfff7, 0, 0 },
		{ MICA_HC_READ, 0, 0 },			/* its window is for output */
		{ MICA_HC_READ, 1, 0 }, { MICA_HC_READ, ~0UL, 0 },
		{ MICA_HC_WRITE, 0, WINDOW_SIZE + 1 }, { MICA_HC_WRITE, 0, ~0UL },
		{ MICA_HC_WRITE, 7, 1 }, { MICA_HC_TOKEN, 0, WINDOW_SIZE + 1 },
		{ MICA_HC_END, 1UL << 40, 0 },
		{ MICA_HC_WRITE, 0, WINDOW_SIZE },	/* control */
	};
	int i = redact_step[r]++;

	if (i > 0 && i <= 12)
		answers[i - 1] = run->enter.gprs[0];
	if (i < 12)
		return redact_ask(run, asks[i][0], asks[i][1], asks[i][2]);
	return redact_ask(run, MICA_HC_EXIT, 0, 0);
}

static void nonsense_host_calls(void **state)
{
	unsigned int i;

	(void)state;
	redact_begin();
	fake.play[SINK] = play_nonsense;
	port_start();
	redact_load();
	assert_int_equal(redact_get(), RUN_OUTPUT);
	assert_int_equal(port_msg.len, WINDOW_SIZE);
	assert_int_equal(redact_get(), RUN_ROLE_EXIT);
	for (i = 0; i < 11; i++)
		assert_true(answers[i] < 0);
	assert_int_equal(answers[11], 0);
	port_put(RUN_STOP, 0, NULL, 0);
	assert_int_equal(redact_get(), RUN_DONE);
	port_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_run),
		cmocka_unit_test(lost_wakes),
		cmocka_unit_test(every_call_fails_once),
		cmocka_unit_test(refusals_are_named),
		cmocka_unit_test(peer_leaves),
		cmocka_unit_test(peer_stops),
		cmocka_unit_test(bad_messages),
		cmocka_unit_test(bad_role_exit),
		cmocka_unit_test(odd_exits),
		cmocka_unit_test(nonsense_host_calls),
	};

	return cmocka_run_group_tests_name("vmm", tests, NULL, redact_clean_up);
}
