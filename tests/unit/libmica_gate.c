/* SPDX-License-Identifier: Apache-2.0 */
/* libmica's gates over a monitor that is a table: which registers go out, which come back, what each refusal becomes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../realm/libmica.h"

static uint64_t sent[11], answer[11];

void mica_smc(uint64_t x[11])
{
	for (int i = 0; i < 11; i++) {
		sent[i] = x[i];
		x[i] = answer[i];
	}
	/* GATE_INFO: two gates */
	if (sent[0] == SMC_RSI_MICA_GATE_INFO) {
		x[0] = sent[1] < 2 ? RSI_SUCCESS : RSI_ERROR_INPUT;
		x[1] = 7 + sent[1];
		x[2] = sent[1];
		x[3] = 2 | 3 << 8 | 1 << 16;
		x[4] = sent[1] == 0 ? 0x656e6f : 0x6f7774;	/* "one", "two" */
		x[5] = 0;
	}
}

static void gates_are_found_by_name(void **state)
{
	struct mica_gate g;

	(void)state;
	assert_int_equal(mica_gate_open(&g, "two"), 0);
	assert_int_equal(g.number, 8);
	assert_true(g.serves);
	assert_int_equal(g.args, 2);
	assert_int_equal(g.results, 3);
	assert_int_equal(g.server, 1);
	assert_int_equal(mica_gate_open(&g, "one"), 0);
	assert_false(g.serves);
	assert_int_equal(mica_gate_open(&g, "thr"), -ENOENT);
	assert_int_equal(mica_gate_open(&g, ""), -ENOENT);
	assert_int_equal(mica_gate(2, &g), -ENOENT);
}

static void only_declared_words_go_out(void **state)
{
	const struct mica_gate g = { .number = 9, .args = 2, .results = 3 };
	uint64_t out[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, in[8];

	(void)state;
	for (uint64_t i = 0; i < 11; i++)
		answer[i] = 0x100 + i;
	answer[0] = RSI_SUCCESS;
	assert_int_equal(mica_gate_call(&g, out, in), 0);
	assert_int_equal(sent[0], SMC_RSI_MICA_GATE_CALL);
	assert_int_equal(sent[1], 9);
	for (uint64_t i = 0; i < 8; i++) {
		assert_int_equal(sent[2 + i], i < 2 ? out[i] : 0);
		assert_int_equal(in[i], 0x101 + i);
	}
	assert_int_equal(mica_gate_serve(&g, out, in), 0);
	assert_int_equal(sent[0], SMC_RSI_MICA_GATE_RECV);
	for (uint64_t i = 0; i < 8; i++)
		assert_int_equal(sent[2 + i], i < 3 ? out[i] : 0);
}

static void refusals_have_names(void **state)
{
	static const struct { uint64_t status; int error; } rows[] = {
		{ MICA_POLICY(MICA_RULE_PEER_GONE), -EPIPE }, { MICA_POLICY(MICA_RULE_BUSY), -EBUSY },
		{ MICA_POLICY(MICA_RULE_LIMIT), -ELOOP }, { MICA_POLICY(MICA_RULE_NO_RIGHT), -EACCES },
		{ ~0UL, -EACCES }, { RSI_ERROR_STATE, -EACCES },
	};
	const struct mica_gate g = { .number = 9, .args = 8, .results = 8 };
	uint64_t words[8] = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		answer[0] = rows[i].status;
		assert_int_equal(mica_gate_call(&g, words, words), rows[i].error);
		assert_int_equal(mica_gate_serve(&g, words, words), rows[i].error);
	}
}

static void peers_and_counts(void **state)
{
	struct mica_peer p;

	(void)state;
	for (uint64_t i = 0; i < 11; i++)
		answer[i] = 0x200 + i;
	answer[0] = RSI_SUCCESS;
	assert_int_equal(mica_peer(3, &p), 0);
	assert_int_equal(sent[1], 3);
	assert_false(p.live);			/* 1 and nothing else says so */
	assert_int_equal(p.epoch, 0x202);
	assert_int_equal(p.rim[0], 0x203);
	assert_int_equal(p.rim[7], 0x20a);
	answer[1] = 1;
	assert_int_equal(mica_peer(3, &p), 0);
	assert_true(p.live);
	assert_int_equal(mica_audit(MICA_RULE_BUSY), 1);
	assert_int_equal(sent[1], MICA_RULE_BUSY);
	answer[0] = MICA_POLICY(MICA_RULE_NO_RIGHT);
	assert_int_equal(mica_peer(3, &p), -EACCES);
	assert_int_equal(mica_audit(MICA_RULE_BUSY), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gates_are_found_by_name),
		cmocka_unit_test(only_declared_words_go_out),
		cmocka_unit_test(refusals_have_names),
		cmocka_unit_test(peers_and_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
