/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verifier against tokens made here with keys made here: one good token, then every way in
 * which a token can be wrong that the table below names, then every single byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../abi/mica.h"
#include "../../lib/cbor/cbor.h"
#include "../../policy/verifier/verify.h"
#include "sign1.h"

#define ROLES	3
#define RIM	32

/* What goes into a token; a test changes one field and expects a refusal. */
struct recipe {
	unsigned int tag, lifecycle, version, holder, n_roles, rem_count, epoch;
	uint64_t holder_epoch;
	uint8_t challenge[64], rpv[64], workflow[32], instance[32], rims[ROLES][RIM];
	const char *profile, *platform_profile, *hash, *rak_hash;
	bool no_mica, extra_claim, foreign_rak, own_rim_differs, duplicate_claim, unordered, swapped, no_components,
	     long_head, trailing;
};

static EVP_PKEY *platform_key, *rak, *stranger;
static uint8_t platform_point[97];
static struct verify_role roles[ROLES] = {
	{ .name = "ingest", .pinned = true, .hash_size = RIM, .rim = { 1 } },
	{ .name = "redactor", .hash_size = RIM },
	{ .name = "sink", .pinned = true, .hash_size = RIM, .rim = { 3 } },
};
static uint8_t challenge[64] = { 0xc0 }, workflow[32] = { 0xf0 };

static struct recipe good(void)
{
	struct recipe r = {
		.tag = 399, .lifecycle = 0x3003, .version = 1, .holder = 2, .n_roles = ROLES,
		.rem_count = 4, .epoch = 1, .holder_epoch = 1,
		.profile = "tag:arm.com,2023:realm#1.0.0",
		.platform_profile = "tag:arm.com,2023:cca_platform#1.0.0",
		.hash = "sha-256", .rak_hash = "sha-256",
		.rims = { { 1 }, { 77 }, { 3 } }, .instance = { 0x1d },
	};

	memcpy(r.challenge, challenge, sizeof(challenge));
	memcpy(r.workflow, workflow, sizeof(workflow));
	return r;
}

static void point_of(EVP_PKEY *key, uint8_t point[97])
{
	size_t n;

	assert_int_equal(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, 97, &n), 1);
	assert_int_equal(n, 97);
}

static void cose_key(EVP_PKEY *key, uint8_t out[107])
{
	uint8_t point[97];
	struct cbor c;

	point_of(key, point);
	cbor_begin(&c, out, 107);
	cbor_map(&c, 4);
	cbor_int(&c, 1), cbor_int(&c, 2);
	cbor_int(&c, -1), cbor_int(&c, 2);
	cbor_int(&c, -2), cbor_bytes(&c, point + 1, 48);
	cbor_int(&c, -3), cbor_bytes(&c, point + 49, 48);
	assert_int_equal(c.len, 107);
}

static size_t platform_payload(const struct recipe *r, uint8_t *buf, size_t size)
{
	static const uint8_t filler[33] = { 1 };
	uint8_t key[107], digest[32];
	struct cbor c;

	cose_key(r->foreign_rak ? stranger : rak, key);
	SHA256(key, sizeof(key), digest);
	cbor_begin(&c, buf, size);
	cbor_map(&c, 8);
	cbor_int(&c, 265), cbor_text(&c, r->platform_profile);
	cbor_int(&c, 10), cbor_bytes(&c, digest, 32);
	cbor_int(&c, 2396), cbor_bytes(&c, filler, 32);
	cbor_int(&c, 256), cbor_bytes(&c, filler, 33);
	cbor_int(&c, 2401), cbor_bytes(&c, filler, 4);
	cbor_int(&c, 2395), cbor_uint(&c, r->lifecycle);
	cbor_int(&c, 2402), cbor_text(&c, "sha-256");
	cbor_int(&c, 2399), cbor_array(&c, r->no_components ? 0 : 1);
	if (!r->no_components) {
		cbor_map(&c, 2);
		cbor_int(&c, 2), cbor_bytes(&c, filler, 32);
		cbor_int(&c, 5), cbor_bytes(&c, filler, 32);
	}
	return c.len;
}

static void mica_claim(const struct recipe *r, struct cbor *c)
{
	cbor_int(c, MICA_CLAIM_KEY);
	cbor_map(c, 6);
	cbor_int(c, 1), cbor_uint(c, r->version);
	cbor_int(c, 2), cbor_bytes(c, r->workflow, 32);
	cbor_int(c, 3), cbor_bytes(c, r->instance, 32);
	cbor_int(c, 4), cbor_uint(c, r->holder);
	cbor_int(c, 5), cbor_uint(c, r->holder_epoch);
	cbor_int(c, 6), cbor_array(c, r->n_roles);
	for (unsigned int i = 0; i < r->n_roles; i++) {
		cbor_array(c, 2);
		cbor_bytes(c, r->rims[i % ROLES], RIM);
		cbor_uint(c, r->epoch);
	}
}

static size_t realm_payload(const struct recipe *r, uint8_t *buf, size_t size)
{
	uint8_t key[107], rim[RIM], zero[RIM] = { 0 };
	struct cbor c;

	cose_key(rak, key);
	memcpy(rim, r->rims[r->holder % ROLES], RIM);
	rim[5] ^= r->own_rim_differs;
	cbor_begin(&c, buf, size);
	cbor_map(&c, 9 - r->no_mica + r->extra_claim + r->duplicate_claim);
	cbor_int(&c, 10), cbor_bytes(&c, r->challenge, 64);
	if (r->extra_claim)
		cbor_int(&c, 99), cbor_uint(&c, 1);
	if (!r->unordered)
		cbor_int(&c, 265), cbor_text(&c, r->profile);
	cbor_int(&c, 44235), cbor_bytes(&c, r->rpv, 64);
	if (r->unordered)
		cbor_int(&c, 265), cbor_text(&c, r->profile);
	cbor_int(&c, 44236), cbor_text(&c, r->hash);
	cbor_int(&c, 44237), cbor_bytes(&c, key, 107);
	cbor_int(&c, 44238), cbor_bytes(&c, rim, RIM);
	cbor_int(&c, 44239), cbor_array(&c, r->rem_count);
	for (unsigned int i = 0; i < r->rem_count; i++)
		cbor_bytes(&c, zero, RIM);
	cbor_int(&c, 44240), cbor_text(&c, r->rak_hash);
	if (!r->no_mica)
		mica_claim(r, &c);
	if (r->duplicate_claim)
		cbor_int(&c, 10), cbor_bytes(&c, r->challenge, 64);
	return c.len;
}

static size_t make_token(const struct recipe *r, uint8_t *out, size_t size)
{
	uint8_t payload[4096], plat[4096], realm[4096];
	struct cbor c, p, q;

	cbor_begin(&p, plat, sizeof(plat));
	sign1(&p, platform_key, payload, platform_payload(r, payload, sizeof(payload)));
	cbor_begin(&q, realm, sizeof(realm));
	sign1(&q, rak, payload, realm_payload(r, payload, sizeof(payload)));
	cbor_begin(&c, out, size);
	cbor_tag(&c, r->tag);
	if (r->long_head)
		cbor_raw(&c, "\xb8\x02", 2);	/* map of 2 with a longer head than it needs */
	else
		cbor_map(&c, 2);
	cbor_int(&c, r->swapped ? 44241 : 44234), cbor_bytes(&c, plat, p.len);
	cbor_int(&c, r->swapped ? 44234 : 44241), cbor_bytes(&c, realm, q.len);
	if (r->trailing)
		cbor_uint(&c, 0);
	assert_false(c.overflow || p.overflow || q.overflow);
	return c.len;
}

static struct verify_expect expectation(void)
{
	return (struct verify_expect){ .challenge = challenge, .workflow_id = workflow, .roles = roles,
				       .n_roles = ROLES, .platform_key = platform_point };
}

static void accepts_the_good_token(void **state)
{
	struct verify_expect want = expectation();
	struct recipe r = good();
	struct verify_result res;
	uint8_t token[8192];

	(void)state;
	if (verify_token(token, make_token(&r, token, sizeof(token)), &want, &res))
		fail_msg("%s", res.error);
	assert_string_equal(res.error, "");
	assert_int_equal(res.n_roles, ROLES);
	assert_int_equal(res.holder, 2);
	assert_int_equal(res.roles[1].rim[0], 77);	/* image any: reported, not demanded */
	assert_int_equal(res.lifecycle, 0x3003);
	assert_false(res.development);
}

/* A report about a kept token: its challenge is told, not compared; nothing else is forgiven. */
static void tells_the_challenge_of_a_kept_token(void **state)
{
	struct verify_expect want = expectation();
	struct recipe r = good();
	struct verify_result res;
	uint8_t token[8192];
	size_t size;

	(void)state;
	r.challenge[63] ^= 1;
	size = make_token(&r, token, sizeof(token));
	assert_int_equal(verify_token(token, size, &want, &res), -1);
	want.any_challenge = true;
	want.challenge = NULL;
	assert_int_equal(verify_token(token, size, &want, &res), 0);
	assert_memory_equal(res.challenge, r.challenge, 64);
	r.workflow[0] ^= 1;
	assert_int_equal(verify_token(token, make_token(&r, token, sizeof(token)), &want, &res), -1);
}

struct wrong {
	const char *what;		/* part of the message that must come */
	void (*spoil)(struct recipe *r);
};

#define SPOIL(name, act) static void spoil_##name(struct recipe *r) { act; }
SPOIL(tag, r->tag = 400)
SPOIL(long_head, r->long_head = true)
SPOIL(trailing, r->trailing = true)
SPOIL(swapped, r->swapped = true)
SPOIL(platform_profile, r->platform_profile = "http://arm.com/CCA-SSD/1.0.0")
SPOIL(lifecycle_unknown, r->lifecycle = 0)
SPOIL(lifecycle_debug, r->lifecycle = 0x4000)
SPOIL(lifecycle_wide, r->lifecycle = 0x13003)
SPOIL(components, r->no_components = true)
SPOIL(foreign, r->foreign_rak = true)
SPOIL(rak_hash, r->rak_hash = "sha-512")
SPOIL(profile, r->profile = "tag:arm.com,2023:realm#2.0.0")
SPOIL(challenge, r->challenge[63] ^= 1)
SPOIL(rpv, r->rpv[0] = 1)
SPOIL(hash, r->hash = "sha-384")
SPOIL(hash_other, r->hash = "sha-512")
SPOIL(rems, r->rem_count = 3)
SPOIL(no_mica, r->no_mica = true)
SPOIL(extra, r->extra_claim = true)
SPOIL(unordered, r->unordered = true)
SPOIL(duplicate, r->duplicate_claim = true; r->no_mica = true)
SPOIL(version, r->version = 2)
SPOIL(workflow, r->workflow[0] ^= 1)
SPOIL(fewer, r->n_roles = 2; r->holder = 0)
SPOIL(more, r->n_roles = 4)
SPOIL(pinned, r->rims[0][31] ^= 1)
SPOIL(epoch0, r->epoch = 0)
SPOIL(holder, r->holder = 3)
SPOIL(holder_epoch, r->holder_epoch = 2)
SPOIL(own_rim, r->own_rim_differs = true)

static const struct wrong wrongs[] = {
	{ "does not begin with CBOR tag 399", spoil_tag },
	{ "not a whole CCA token", spoil_long_head },
	{ "goes on behind its end", spoil_trailing },
	{ "platform token", spoil_swapped },
	{ "profile is not", spoil_platform_profile },
	{ "lifecycle is 0x0,", spoil_lifecycle_unknown },
	{ "lifecycle is 0x4000", spoil_lifecycle_debug },
	{ "lifecycle is 0x13003", spoil_lifecycle_wide },
	{ "no software components", spoil_components },
	{ "not the one the platform vouches for", spoil_foreign },
	{ "binding hash", spoil_rak_hash },
	{ "realm token: profile", spoil_profile },
	{ "replayed", spoil_challenge },
	{ "personalisation", spoil_rpv },
	{ "unknown hash", spoil_hash },
	{ "measurements are malformed", spoil_hash_other },
	{ "measurements are malformed", spoil_rems },
	{ "8 claims", spoil_no_mica },
	{ "10 claims", spoil_extra },
	{ "realm token", spoil_duplicate },
	{ "ascending order", spoil_unordered },
	{ "unknown version", spoil_version },
	{ "workflow ID", spoil_workflow },
	{ "covers 2 roles", spoil_fewer },
	{ "covers 4 roles", spoil_more },
	{ "pinned role 'ingest'", spoil_pinned },
	{ "entry of role 'ingest' is malformed", spoil_epoch0 },
	{ "holder is role 3 of 3", spoil_holder },
	{ "differs from its entry", spoil_holder_epoch },
	{ "differs from its entry", spoil_own_rim },
};

static void refuses_each_wrong_token(void **state)
{
	struct verify_expect want = expectation();
	struct verify_result res;
	uint8_t token[8192];

	(void)state;
	for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
		struct recipe r = good();

		wrongs[i].spoil(&r);
		if (verify_token(token, make_token(&r, token, sizeof(token)), &want, &res) == 0)
			fail_msg("accepted, but: %s", wrongs[i].what);
		if (!strstr(res.error, wrongs[i].what))
			fail_msg("'%s' instead of '%s'", res.error, wrongs[i].what);
	}
}

static void refuses_unknown_platform(void **state)
{
	struct verify_expect want = expectation();
	struct recipe r = good();
	struct verify_result res;
	uint8_t token[8192], other[97];
	size_t n = make_token(&r, token, sizeof(token));

	(void)state;
	want.platform_key = NULL;
	want.accept_development = true;
	assert_int_equal(verify_token(token, n, &want, &res), -1);
	assert_non_null(strstr(res.error, "no trust anchor"));
	point_of(stranger, other);
	want.platform_key = other;
	assert_int_equal(verify_token(token, n, &want, &res), -1);
	assert_non_null(strstr(res.error, "does not match the platform key"));
}

/* Nothing of a token may be changed: every byte, three ways. */
static void refuses_any_single_byte_corruption(void **state)
{
	static const uint8_t flips[] = { 0x01, 0x80, 0xff };
	struct verify_expect want = expectation();
	struct recipe r = good();
	struct verify_result res;
	uint8_t token[8192];
	size_t n = make_token(&r, token, sizeof(token));

	(void)state;
	assert_int_equal(verify_token(token, n, &want, &res), 0);
	for (size_t at = 0; at < n; at++) {
		for (size_t f = 0; f < sizeof(flips); f++) {
			token[at] ^= flips[f];
			if (verify_token(token, n, &want, &res) == 0)
				fail_msg("byte %zu ^ 0x%02x accepted", at, flips[f]);
			token[at] ^= flips[f];
		}
	}
	assert_int_equal(verify_token(token, n, &want, &res), 0);
}

static void refuses_every_truncation(void **state)
{
	struct verify_expect want = expectation();
	struct recipe r = good();
	struct verify_result res;
	uint8_t token[8192];
	size_t n = make_token(&r, token, sizeof(token));

	(void)state;
	for (size_t size = 0; size < n; size++) {
		uint8_t *exact = malloc(size ? size : 1);	/* the sanitizer watches its end */

		memcpy(exact, token, size);
		assert_int_equal(verify_token(exact, size, &want, &res), -1);
		assert_non_null(strstr(res.error, size == 0 ? "it is empty" : size < 3 ? "CBOR tag 399" : "it is cut off"));
		free(exact);
	}
}

/* Encodings made to exhaust a parser. */
static void refuses_hostile_cbor(void **state)
{
	static const struct { const char *bytes; size_t size; } inputs[] = {
		{ "\x9b\xff\xff\xff\xff\xff\xff\xff\xff", 9 },
		{ "\xbb\x7f\xff\xff\xff\xff\xff\xff\xff", 9 },
		{ "\xd9\x01\x8f\xbb\x80\x00\x00\x00\x00\x00\x00\x00", 12 },
		{ "\xd9\x01\x8f\xa2\x19\xac\xca\x5b\xff\xff\xff\xff\xff\xff\xff\xff", 16 },
		{ "\xd9\x01\x8f\xbf\xff", 5 },
		{ "\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x00", 18 },
		{ "\xd9\x01\x8f\xd9\x01\x8f\xd9\x01\x8f\xd9\x01\x8f\xa0", 13 },
		{ "\xfb\x00\x00\x00\x00\x00\x00\x00\x00", 9 },
		{ "\xf6", 1 },
	};
	struct verify_expect want = expectation();
	struct verify_result res;

	(void)state;
	for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++)
		assert_int_equal(verify_token((const uint8_t *)inputs[i].bytes, inputs[i].size, &want,
					      &res), -1);
}

static int make_keys(void **state)
{
	(void)state;
	platform_key = EVP_EC_gen("P-384");
	rak = EVP_EC_gen("P-384");
	stranger = EVP_EC_gen("P-384");
	point_of(platform_key, platform_point);
	return 0;
}

static int free_keys(void **state)
{
	(void)state;
	EVP_PKEY_free(platform_key);
	EVP_PKEY_free(rak);
	EVP_PKEY_free(stranger);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_the_good_token),
		cmocka_unit_test(tells_the_challenge_of_a_kept_token),
		cmocka_unit_test(refuses_each_wrong_token),
		cmocka_unit_test(refuses_unknown_platform),
		cmocka_unit_test(refuses_any_single_byte_corruption),
		cmocka_unit_test(refuses_every_truncation),
		cmocka_unit_test(refuses_hostile_cbor),
	};

	return cmocka_run_group_tests_name("verify_token", tests, make_keys, free_keys);
}
