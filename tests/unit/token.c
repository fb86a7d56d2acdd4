/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The monitor's token, made by its own code over the fake machine with an EL3 of the test's, and judged by the tenant's
 * verifier, which shares no line with it. Then the two RSI calls: states, arguments, interrupts.
 */
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "../../lib/cbor/cbor.h"
#include "../../policy/verifier/verify.h"
#include "../../rmm/attest/attest.h"
#include "smc_once.h"

#include "sign1.h"

#define GET_REALM_KEY	0xc40001b2UL
#define GET_PLAT_TOKEN	0xc40001b3UL
#define SCALAR_BYTE	0x17
#define PIECE		700		/* EL3 hands its token out in pieces of this size */

static EVP_PKEY *platform_key;
static uint8_t platform_point[97];
static uint8_t token[3 * PAGE];
static size_t token_size;

/* ---- an EL3 ---- */

static struct {
	long key_status, token_status;
	uint64_t key_size;
	bool other_challenge, endless, empty;
	uint8_t token[4096];
	size_t size, given;
} el3;

static void make_platform_token(const uint8_t challenge[32])
{
	static const uint8_t filler[1024] = { 1 };
	uint8_t payload[2048];
	struct cbor c, t;

	cbor_begin(&c, payload, sizeof(payload));
	cbor_map(&c, 8);
	cbor_int(&c, 265), cbor_text(&c, "tag:arm.com,2023:cca_platform#1.0.0");
	cbor_int(&c, 10), cbor_bytes(&c, challenge, 32);
	cbor_int(&c, 2396), cbor_bytes(&c, filler, 32);
	cbor_int(&c, 256), cbor_bytes(&c, filler, 33);
	cbor_int(&c, 2401), cbor_bytes(&c, filler, 1000);
	cbor_int(&c, 2395), cbor_uint(&c, 0x3003);
	cbor_int(&c, 2402), cbor_text(&c, "sha-256");
	cbor_int(&c, 2399), cbor_array(&c, 1), cbor_map(&c, 2);
	cbor_int(&c, 2), cbor_bytes(&c, filler, 32);
	cbor_int(&c, 5), cbor_bytes(&c, filler, 32);
	cbor_begin(&t, el3.token, sizeof(el3.token));
	sign1(&t, platform_key, payload, c.len);
	el3.size = t.len;
	el3.given = 0;
}

static void give_key(struct arch_smc *r)
{
	memset(fake_shared_page(), SCALAR_BYTE, 48);
	r->x[0] = (uint64_t)el3.key_status;
	r->x[1] = el3.key_size;
}

static void give_token(struct arch_smc *r)
{
	uint8_t challenge[32];
	size_t n;

	if (r->x[3] != 0) {
		memcpy(challenge, fake_shared_page(), 32);
		challenge[0] ^= el3.other_challenge;
		make_platform_token(challenge);
	}
	n = el3.size - el3.given < PIECE ? el3.size - el3.given : PIECE;
	memcpy(fake_shared_page(), el3.token + el3.given, n);
	el3.given += n;
	r->x[0] = (uint64_t)el3.token_status;
	r->x[1] = el3.empty ? 0 : n;
	r->x[2] = el3.endless ? 1 : el3.size - el3.given;
	if (el3.endless)
		el3.given = 0;
}

static void smc(struct arch_smc *r)
{
	if (r->x[0] == GET_REALM_KEY)
		give_key(r);
	else if (r->x[0] == GET_PLAT_TOKEN)
		give_token(r);
	else
		r->x[0] = (uint64_t)-1;
}

static int fresh(void **state)
{
	reset(state);
	memset(&el3, 0, sizeof(el3));
	el3.key_size = 48;
	fake_set_el3(smc);
	return 0;
}

static int with_key(void **state)
{
	fresh(state);
	return attest_init() ? 0 : -1;
}

/* ---- a Realm that asks ---- */

static uint64_t page;			/* PA of the Realm's first RAM page */

/* Registers of the Realm when it is entered again, after an exit inside the call. */
static enum rec_trap look(uint64_t gpr[31])
{
	memcpy(result, gpr, sizeof(result));
	return REC_TRAP_IRQ;
}

static void call(const struct test_realm *r, uint64_t fid, uint64_t a, uint64_t b, uint64_t c)
{
	memset(x, 0, sizeof(x));
	x[0] = fid;
	x[1] = a;
	x[2] = b;
	x[3] = c;
	fake_set_realm(smc_once);
	GRANTED(enter(r));
}

static const uint8_t challenge[64] = "a challenge that nobody has sent before";

static void init(const struct test_realm *r)
{
	memset(x, 0, sizeof(x));
	x[0] = SMC_RSI_ATTEST_TOKEN_INIT;
	memcpy(&x[1], challenge, sizeof(challenge));
	fake_set_realm(smc_once);
	GRANTED(enter(r));
	assert_int_equal(result[0], RSI_SUCCESS);
}

static void find_page(const struct test_realm *r)
{
	uint64_t out[4];

	GRANTED(rmi_call(SMC_RMI_RTT_READ_ENTRY, (const uint64_t[5]){ r->rd, RAM_BASE, 3 }, out));
	page = out[2];
}

/* The whole token in windows of @window bytes. */
static void fetch(const struct test_realm *r, size_t window)
{
	find_page(r);
	init(r);
	token_size = 0;
	do {
		call(r, SMC_RSI_ATTEST_TOKEN_CONTINUE, RAM_BASE, 64, window);
		assert_true(result[0] == RSI_SUCCESS || result[0] == RSI_INCOMPLETE);
		assert_true(result[1] <= window && token_size + result[1] <= sizeof(token));
		memcpy(token + token_size, (const uint8_t *)fake_peek(pa(page)) + 64, result[1]);
		token_size += result[1];
	} while (result[0] == RSI_INCOMPLETE);
}

static struct test_wf w;
static struct verify_role roles[2];

static struct verify_expect expectation(void)
{
	uint64_t out[4];
	static uint8_t workflow[32];

	GRANTED(wf_info(&w, MICA_INFO_WORKFLOW_ID, 0, out));
	memcpy(workflow, out, sizeof(workflow));
	roles[0] = (struct verify_role){ .name = "a", .hash_size = 32 };
	roles[1] = (struct verify_role){ .name = "b", .hash_size = 32 };
	return (struct verify_expect){ .challenge = challenge, .workflow_id = workflow, .roles = roles, .n_roles = 2,
				       .platform_key = platform_point };
}

/* ---- tests ---- */

static void verifier_accepts_a_bound_realms_token(void **state)
{
	struct verify_expect want;
	struct verify_result res;
	uint64_t out[4];

	(void)state;
	start_wf(&w);
	want = expectation();
	for (unsigned int role = 0; role < 2; role++) {
		fetch(&w.realm[role], 1000);
		if (verify_token(token, token_size, &want, &res))
			fail_msg("%s", res.error);
		assert_int_equal(res.holder, role);
		assert_int_equal(res.holder_epoch, 1);
		GRANTED(wf_info(&w, MICA_INFO_INSTANCE_ID, 0, out));
		assert_memory_equal(res.instance_id, out, 32);
	}
}

static void verifier_refuses_every_changed_byte(void **state)
{
	struct verify_expect want;
	struct verify_result res;

	(void)state;
	start_wf(&w);
	want = expectation();
	fetch(&w.realm[0], 4096 - 64);
	assert_int_equal(verify_token(token, token_size, &want, &res), 0);
	for (size_t i = 0; i < token_size; i++) {
		token[i] ^= 1U << i % 8;
		if (verify_token(token, token_size, &want, &res) == 0)
			fail_msg("accepted with byte %zu changed", i);
		token[i] ^= 1U << i % 8;
	}
	assert_int_equal(verify_token(token, token_size, &want, &res), 0);
}

/* The realm token is the last member of the collection: how long are its claims? */
static size_t claims_size(void)
{
	return token_size - (1 + 2 + 1 + 3 + 3 + el3.size + 3 + 3) - (1 + 1 + 5 + 1 + 3) - (2 + 96);
}

static void unbound_token_is_the_standard_one(void **state)
{
	struct test_realm r;
	struct verify_expect want;
	struct verify_result res;

	(void)state;
	start_wf(&w);
	want = expectation();
	make_realm(&r);
	GRANTED(RMI(REALM_ACTIVATE, r.rd));
	fetch(&r, 1000);
	assert_int_equal(claims_size(), 481);
	assert_int_equal(verify_token(token, token_size, &want, &res), -1);
	assert_string_equal(res.error, "realm token has 8 claims, a bound Realm's has 9");
}

static void sha512_token(void **state)
{
	struct test_realm r;
	uint64_t params;

	(void)state;
	realm_params(&r, &params)->hash_algo = RMI_HASH_SHA_512;
	GRANTED(RMI(REALM_CREATE, r.rd, params));
	give_ram(&r);
	give_rec(&r);
	GRANTED(RMI(REALM_ACTIVATE, r.rd));
	fetch(&r, 1000);
	assert_int_equal(claims_size(), 641);
}

/* REMs are in the token as they were when it was begun. */
static void snapshot_at_init(void **state)
{
	uint8_t first[3 * PAGE];
	size_t n;

	(void)state;
	start_wf(&w);
	fetch(&w.realm[0], 1000);
	memcpy(first, token, sizeof(first));
	n = token_size;
	init(&w.realm[0]);
	call(&w.realm[0], SMC_RSI_MEASUREMENT_EXTEND, 1, 8, 0x1111);
	assert_int_equal(result[0], RSI_SUCCESS);
	call(&w.realm[0], SMC_RSI_ATTEST_TOKEN_CONTINUE, RAM_BASE, 0, 4096);
	assert_int_equal(result[0], RSI_SUCCESS);
	assert_int_equal(result[1], n);
	/* all but the signature */
	assert_memory_equal(fake_peek(pa(page)), first, n - 96);
	fetch(&w.realm[0], 4000);
	assert_int_equal(token_size, n);
	assert_memory_not_equal(token, first, n - 96);
}

static void continue_arguments(void **state)
{
	static const struct { uint64_t a, offset, size; } bad[] = {
		{ RAM_BASE + 8, 0, 100 }, { RAM_BASE, 4096, 0 }, { RAM_BASE, 4095, 2 }, { RAM_BASE, 0, 4097 },
		{ RAM_BASE, 1, ~0UL }, { WINDOW_BASE, 0, 100 }, { GRANT_BASE, 0, 100 }, { 1UL << 39, 0, 100 },
		{ RAM_BASE + RAM_PAGES * PAGE, 0, 100 }, { ~0xfffUL, 0, 100 },
	};

	(void)state;
	start_wf(&w);
	call(&w.realm[0], SMC_RSI_ATTEST_TOKEN_CONTINUE, RAM_BASE, 0, 4096);
	assert_int_equal(result[0], RSI_ERROR_STATE);
	init(&w.realm[0]);
	assert_int_equal(result[1], ATTEST_TOKEN_MAX_BOUND);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		call(&w.realm[0], SMC_RSI_ATTEST_TOKEN_CONTINUE, bad[i].a, bad[i].offset, bad[i].size);
		assert_int_equal(result[0], RSI_ERROR_INPUT);
		assert_int_equal(result[1], 0);
	}
	/* the refusals have not spoilt it */
	call(&w.realm[0], SMC_RSI_ATTEST_TOKEN_CONTINUE, RAM_BASE, 0, 4096);
	assert_int_equal(result[0], RSI_SUCCESS);
	call(&w.realm[0], SMC_RSI_ATTEST_TOKEN_CONTINUE, RAM_BASE, 0, 4096);
	assert_int_equal(result[0], RSI_ERROR_STATE);
}

static void interrupted_while_signing(void **state)
{
	unsigned int interruptions = 0;

	(void)state;
	start_wf(&w);
	find_page(&w.realm[0]);
	init(&w.realm[0]);
	fake_interrupt(true);
	do {
		call(&w.realm[0], SMC_RSI_ATTEST_TOKEN_CONTINUE, RAM_BASE, 0, 4096);
		assert_int_equal(run_page(&w.realm[0])->exit.exit_reason, RMI_EXIT_IRQ);
		if (fake_realm_runs() == 1) {	/* left inside the call */
			fake_set_realm(look);
			GRANTED(enter(&w.realm[0]));
			assert_int_equal(result[0], RSI_INCOMPLETE);
			assert_int_equal(result[1], 0);
			interruptions++;
		}
	} while (result[0] == RSI_INCOMPLETE && interruptions < 10000);
	fake_interrupt(false);
	assert_int_equal(result[0], RSI_SUCCESS);
	assert_true(interruptions > 1);
}

/* PSTATE.DIT as the Realm has it, which is what the monitor is entered with. */
static enum rec_trap smc_without_dit(uint64_t gpr[31])
{
	fake_regs()->DIT = 0;
	return smc_once(gpr);
}

static uint64_t dit_after(uint64_t fid)
{
	x[0] = fid;
	x[1] = RAM_BASE;
	x[2] = x[3] = 0;
	fake_interrupt(true);		/* leave inside the call, while the monitor's is there */
	fake_set_realm(smc_without_dit);
	GRANTED(enter(&w.realm[0]));
	fake_interrupt(false);
	return fake_regs()->DIT;
}

static void the_key_is_used_in_constant_time(void **state)
{
	const uint64_t dit = 1UL << 24;

	(void)state;
	fake_regs()->DIT = 0;
	assert_true(attest_init());
	assert_int_equal(fake_regs()->DIT, dit);
	start_wf(&w);
	init(&w.realm[0]);
	for (unsigned int i = 0; i < 2; i++)		/* it takes more steps than that */
		assert_int_equal(dit_after(SMC_RSI_ATTEST_TOKEN_CONTINUE), dit);
}

static void assert_shared_page_wiped(void)
{
	const uint8_t *p = fake_shared_page();

	for (size_t i = 0; i < PAGE; i++)
		assert_int_equal(p[i], 0);
}

static void boot_needs_a_bound_key(void **state)
{
	(void)state;
	assert_true(attest_init());
	assert_shared_page_wiped();
	fresh(NULL), el3.key_status = -1;
	assert_false(attest_init());
	fresh(NULL), el3.key_size = 32;
	assert_false(attest_init());
	fresh(NULL), el3.token_status = -1;
	assert_false(attest_init());
	fresh(NULL), el3.other_challenge = true;
	assert_false(attest_init());
	fresh(NULL), el3.endless = true;
	assert_false(attest_init());
	fresh(NULL), el3.empty = true;
	assert_false(attest_init());
	/* the key does not stay behind, whatever went wrong */
	assert_shared_page_wiped();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(verifier_accepts_a_bound_realms_token, with_key),
		cmocka_unit_test_setup(verifier_refuses_every_changed_byte, with_key),
		cmocka_unit_test_setup(unbound_token_is_the_standard_one, with_key),
		cmocka_unit_test_setup(sha512_token, with_key),
		cmocka_unit_test_setup(snapshot_at_init, with_key),
		cmocka_unit_test_setup(continue_arguments, with_key),
		cmocka_unit_test_setup(interrupted_while_signing, with_key),
		cmocka_unit_test_setup(the_key_is_used_in_constant_time, fresh),
		cmocka_unit_test_setup(boot_needs_a_bound_key, fresh),
	};
	size_t n;

	platform_key = EVP_EC_gen("P-384");
	if (platform_key == NULL ||
	    EVP_PKEY_get_octet_string_param(platform_key, OSSL_PKEY_PARAM_PUB_KEY, platform_point, 97, &n) != 1)
		return 1;
	return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
