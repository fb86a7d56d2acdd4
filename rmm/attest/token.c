/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The CCA token of a Realm: the collection of the platform's token and its own, a COSE_Sign1. It is
 * built in place and needs only the signature at its end, which takes a while.
 * Source: RMM specification, Realm token; RFC 9052, Sig_structure; docs/spec/attestation.md.
 */
#include <mbedtls/platform_util.h>

#include "../../abi/mica_blob.h"
#include "../../abi/rsi.h"
#include "../mica/hooks.h"
#include "arena.h"
#include "platform_token.h"
#include "rak.h"

#define TAG_CCA_COLLECTION	399
#define KEY_PLATFORM_TOKEN	44234
#define KEY_REALM_TOKEN		44241

#define CLAIM_CHALLENGE		10
#define CLAIM_PROFILE		265
#define CLAIM_RPV		44235
#define CLAIM_HASH_ALGO		44236
#define CLAIM_RAK		44237
#define CLAIM_RIM		44238
#define CLAIM_REMS		44239
#define CLAIM_RAK_HASH_ALGO	44240
#define CLAIMS			8

static const uint8_t es384[] = { 0xa1, 0x01, 0x38, 0x22 };	/* protected header {1: -35} */

/* What the auxiliary granules of a REC hold, side by side in this CPU's window. */
struct work {
	struct rak_signature signature;
	uint8_t token[ATTEST_TOKEN_MAX_BOUND];
	struct arena arena;		/* to the end of the window */
};

/*
 * Claims need at most this: the eight of 1.0 and, of a bound Realm, the entry of each role
 * (array head, RIM with head, epoch) and 96 bytes around them.
 */
#define CLAIMS_MAX		768
#define CLAIMS_MAX_BOUND	(CLAIMS_MAX + 96 + MICA_MAX_ROLES * (1 + 2 + 64 + 5))
#define AROUND_CLAIMS		(64 + RAK_SIGNATURE_SIZE)
_Static_assert(PLATFORM_TOKEN_MAX + CLAIMS_MAX + AROUND_CLAIMS <= ATTEST_TOKEN_MAX, "1.0 token");
_Static_assert(PLATFORM_TOKEN_MAX + CLAIMS_MAX_BOUND + AROUND_CLAIMS <= ATTEST_TOKEN_MAX_BOUND,
	       "token of a bound Realm");

static struct work *work_map(const struct rec *rec)
{
	pa_t pages[ATTEST_AUX_GRANULES];
	struct work *w;

	RMM_ASSERT(rec->num_aux >= ATTEST_AUX_GRANULES);
	for (unsigned int i = 0; i < ATTEST_AUX_GRANULES; i++)
		pages[i] = granule_pa(rec->aux[i]);
	w = arch_window_map(pages, ATTEST_AUX_GRANULES);
	arena_enter(&w->arena);
	return w;
}

static void work_unmap(void)
{
	arena_enter(NULL);
	arch_window_unmap();
}

/* Everything before the claims. @size of the claims: its head takes three bytes, whatever it is. */
static void put_before_claims(struct cbor *c, size_t size)
{
	const size_t cose_head = 1 + 1 + (1 + sizeof(es384)) + 1;	/* tag to unprotected header */
	const size_t cose_size = cose_head + 3 + size + 2 + RAK_SIGNATURE_SIZE;
	size_t platform_size;
	const uint8_t *platform = attest_platform_token(&platform_size);

	cbor_tag(c, TAG_CCA_COLLECTION);
	cbor_map(c, 2);
	cbor_uint(c, KEY_PLATFORM_TOKEN);
	cbor_bytes(c, platform, platform_size);
	cbor_uint(c, KEY_REALM_TOKEN);
	cbor_bytes_head(c, cose_size);
	cbor_tag(c, 18);			/* COSE_Sign1 */
	cbor_array(c, 4);
	cbor_bytes(c, es384, sizeof(es384));
	cbor_map(c, 0);
	cbor_bytes_head(c, size);
}

/* Ascending keys: the one deterministic encoding. */
static void put_claims(struct cbor *c, const struct rd *rd, const uint8_t *challenge)
{
	size_t hash_len = hash_size((enum hash_algo)rd->hash_algo);
	bool mica;

	cbor_map(c, CLAIMS + (rd_bound(rd) ? 1 : 0));
	cbor_uint(c, CLAIM_CHALLENGE);
	cbor_bytes(c, challenge, RSI_CHALLENGE_SIZE);
	cbor_uint(c, CLAIM_PROFILE);
	cbor_text(c, "tag:arm.com,2023:realm#1.0.0");
	cbor_uint(c, CLAIM_RPV);
	cbor_bytes(c, rd->rpv, sizeof(rd->rpv));
	cbor_uint(c, CLAIM_HASH_ALGO);
	cbor_text(c, rd->hash_algo == HASH_SHA256 ? "sha-256" : "sha-512");
	cbor_uint(c, CLAIM_RAK);
	cbor_bytes(c, rak_cose_key(), RAK_COSE_KEY_SIZE);
	cbor_uint(c, CLAIM_RIM);
	cbor_bytes(c, rd->measurement[0], hash_len);
	cbor_uint(c, CLAIM_REMS);
	cbor_array(c, REALM_SLOTS - 1);
	for (unsigned int i = 1; i < REALM_SLOTS; i++)
		cbor_bytes(c, rd->measurement[i], hash_len);
	cbor_uint(c, CLAIM_RAK_HASH_ALGO);
	cbor_text(c, "sha-256");
	mica = mica_token_claim(rd, c);
	RMM_ASSERT(mica == rd_bound(rd));
}

/* SHA-384 of ["Signature1", protected header, no external data, claims]. */
static void digest_claims(const uint8_t *claims, size_t size, uint8_t out[RAK_DIGEST_SIZE])
{
	static const uint8_t empty;
	mbedtls_sha512_context ctx;
	uint8_t head[32];
	struct cbor c;

	cbor_begin(&c, head, sizeof(head));
	cbor_array(&c, 4);
	cbor_text(&c, "Signature1");
	cbor_bytes(&c, es384, sizeof(es384));
	cbor_bytes(&c, &empty, 0);
	cbor_bytes_head(&c, size);
	RMM_ASSERT(!c.overflow);

	mbedtls_sha512_init(&ctx);
	(void)mbedtls_sha512_starts(&ctx, 1);
	(void)mbedtls_sha512_update(&ctx, head, c.len);
	(void)mbedtls_sha512_update(&ctx, claims, size);
	(void)mbedtls_sha512_finish(&ctx, out);
	mbedtls_sha512_free(&ctx);
}

/* The token up to the signature's bytes; returns that length, and where the claims are. */
static size_t build(struct work *w, struct rec *rec, const uint8_t *challenge, struct cbor *claims)
{
	struct cbor c;
	size_t before;

	/* What stands before the claims is as long for any size of them: leave it out at first. */
	cbor_begin(&c, w->token, sizeof(w->token));
	put_before_claims(&c, CLAIMS_MAX);
	before = c.len;

	cbor_begin(claims, w->token + before, sizeof(w->token) - before);
	granule_lock(rec->g_rd, GRANULE_RD);
	put_claims(claims, rec_rd(rec), challenge);
	granule_unlock(rec->g_rd);

	cbor_begin(&c, w->token, sizeof(w->token));
	put_before_claims(&c, claims->len);
	RMM_ASSERT(c.len == before && !claims->overflow);
	c.len += claims->len;
	cbor_bytes_head(&c, RAK_SIGNATURE_SIZE);
	RMM_ASSERT(!c.overflow && c.len + RAK_SIGNATURE_SIZE <= sizeof(w->token));
	return c.len;
}

bool attest_token_start(struct rec *rec, const uint8_t challenge[64])
{
	struct work *w = work_map(rec);
	uint8_t digest[RAK_DIGEST_SIZE];
	struct cbor claims;
	bool ok;

	/* Nothing of an earlier token: its signature may have been half done. */
	mbedtls_platform_zeroize(w, ATTEST_AUX_GRANULES * GRANULE_SIZE);
	arena_init(&w->arena, ATTEST_AUX_GRANULES * GRANULE_SIZE - offsetof(struct work, arena));
	rec->token_len = build(w, rec, challenge, &claims);
	rec->token_pos = 0;
	digest_claims(claims.buf, claims.len, digest);
	ok = rak_sign_begin(&w->signature, digest);
	rec->token_state = ok ? ATTEST_SIGN : ATTEST_NONE;
	work_unmap();
	return ok;
}

enum attest_step attest_token_step(struct rec *rec)
{
	struct work *w = work_map(rec);
	enum attest_step step = rak_sign_step(&w->signature, w->token + rec->token_len);

	work_unmap();
	if (step == ATTEST_READY) {
		rec->token_len += RAK_SIGNATURE_SIZE;
		rec->token_state = ATTEST_COPY;
	} else if (step == ATTEST_FAILED) {
		rec->token_state = ATTEST_NONE;
	}
	return step;
}

size_t attest_token_copy(struct rec *rec, void *dst, size_t size, bool *done)
{
	size_t left = rec->token_len - rec->token_pos;
	size_t n = size < left ? size : left;
	const struct work *w = work_map(rec);

	memcpy(dst, w->token + rec->token_pos, n);
	work_unmap();
	rec->token_pos += n;
	*done = n == left;
	if (*done)
		rec->token_state = ATTEST_NONE;
	return n;
}
