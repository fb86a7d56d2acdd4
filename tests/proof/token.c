/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The token of any Realm: it fits its buffer and what TOKEN_INIT announced, and a writer that ran over is never taken
 * for one that did not. The writer here counts bytes; that the true one counts the same is cbor.c's matter.
 * Options: --unwind 66
 */
#include "../../rmm/attest/token.c"
#include "../../rmm/mica/claim.c"
#include "panic.h"

/* ---- the writer: RFC 8949 says how long a head is ---- */

static bool tight;		/* buffers may be smaller than they are */
static unsigned int begun;	/* writers, one after another */
static size_t asked[8];		/* bytes that each was given */

void cbor_begin(struct cbor *c, void *buf, size_t size)
{
	size_t less = any_u64();

	ASSUME(less < size);
	*c = (struct cbor){ .buf = buf, .size = tight ? less : size };
	asked[++begun] = 0;
}

static void count(struct cbor *c, size_t n)
{
	asked[begun] += n;
	if (c->overflow || n > c->size - c->len)
		c->overflow = true;
	else
		c->len += n;
}

static void head(struct cbor *c, uint64_t v)
{
	count(c, v < 24 ? 1 : v < 256 ? 2 : v < 65536 ? 3 : v < 1UL << 32 ? 5 : 9);
}

void cbor_raw(struct cbor *c, const void *data, size_t n)
{
	(void)data;
	count(c, n);
}

void cbor_uint(struct cbor *c, uint64_t v) { head(c, v); }
void cbor_int(struct cbor *c, int64_t v) { head(c, v < 0 ? ~(uint64_t)v : (uint64_t)v); }
void cbor_bytes_head(struct cbor *c, size_t n) { head(c, n); }
void cbor_bytes(struct cbor *c, const void *data, size_t n) { head(c, n); cbor_raw(c, data, n); }
void cbor_array(struct cbor *c, size_t n) { head(c, n); }
void cbor_map(struct cbor *c, size_t n) { head(c, n); }
void cbor_tag(struct cbor *c, uint64_t tag) { head(c, tag); }
void cbor_text(struct cbor *c, const char *text)
{
	size_t n = 0;

	while (text[n])
		n++;
	head(c, n);
	cbor_raw(c, text, n);
}

/* ---- a REC, its Realm, the workflow that it may be bound to ---- */

static struct rd rd;
static struct rec rec;
static struct wf wf;
static struct wf_role roles[MICA_MAX_ROLES / ROLES_PER_PAGE][ROLES_PER_PAGE];
static struct mica_blob_role record;
static struct granule g_rd, g_wf, g_aux;
static _Alignas(GRANULE_SIZE) uint8_t window[ATTEST_AUX_GRANULES * GRANULE_SIZE];
static uint8_t platform[PLATFORM_TOKEN_MAX], rak[RAK_COSE_KEY_SIZE], challenge[64];
static bool all_sha512;
static int held;

pa_t granule_pa(const struct granule *g) { (void)g; return pa(0); }
void *granule_va(const struct granule *g) { return g == &g_rd ? (void *)&rd : (void *)&wf; }
void granule_lock(struct granule *g, enum granule_state want)
{
	assert(g == &g_rd ? want == GRANULE_RD : g == &g_wf && want == GRANULE_WF);
	held++;
}
void granule_unlock(struct granule *g) { (void)g; held--; }

/* One decoded record stands for each: rule 4 leaves two values of its hash. */
const struct mica_blob_role *blob_role(const struct blob *b, unsigned int i)
{
	assert(b == &wf.blob && i < b->roles);
	record.hash = (uint8_t)(all_sha512 || any_bool());
	return &record;
}

static size_t platform_size;
const uint8_t *attest_platform_token(size_t *size) { *size = platform_size; return platform; }
const uint8_t *rak_cose_key(void) { return rak; }

static int mapped;
void *arch_window_map(const pa_t *pages, unsigned int n)
{
	(void)pages;
	assert(n == ATTEST_AUX_GRANULES && mapped == 0);
	mapped++;
	return window;
}
void arch_window_unmap(void) { mapped--; }
void arena_enter(struct arena *a) { (void)a; }
void arena_init(struct arena *a, size_t size) { assert(__CPROVER_w_ok(a, size) && size > sizeof(*a)); }
void mbedtls_platform_zeroize(void *p, size_t size) { assert(__CPROVER_w_ok(p, size)); }

void mbedtls_sha512_init(mbedtls_sha512_context *c) { (void)c; }
int mbedtls_sha512_starts(mbedtls_sha512_context *c, int is384) { (void)c; assert(is384); return 0; }
int mbedtls_sha512_update(mbedtls_sha512_context *c, const unsigned char *p, size_t n)
{
	(void)c;
	(void)p;
	(void)n;
	return 0;
}
int mbedtls_sha512_finish(mbedtls_sha512_context *c, unsigned char *out) { (void)c; (void)out; return 0; }
void mbedtls_sha512_free(mbedtls_sha512_context *c) { (void)c; }

static bool begin_ok;
bool rak_sign_begin(struct rak_signature *sig, const uint8_t digest[RAK_DIGEST_SIZE])
{
	assert(__CPROVER_w_ok(sig, sizeof(*sig)) && __CPROVER_r_ok(digest, RAK_DIGEST_SIZE));
	return begin_ok;
}

static enum attest_step signed_as;
enum attest_step rak_sign_step(struct rak_signature *sig, uint8_t out[RAK_SIGNATURE_SIZE])
{
	const struct work *w = (const struct work *)window;

	(void)sig;
	assert(out >= w->token && out + RAK_SIGNATURE_SIZE <= w->token + sizeof(w->token));
	return signed_as;
}

void *memcpy(void *dst, const void *src, size_t n)
{
	const struct work *w = (const struct work *)window;
	const uint8_t *from = src;

	assert(from >= w->token && n <= sizeof(w->token) - (size_t)(from - w->token));
	return dst;
}

/* Bound or not, and to how many roles: constants, or the prover does not come to an end. */
static void any_realm(bool bound, uint16_t n_roles)
{
	__CPROVER_havoc_object(&rd);
	__CPROVER_havoc_object(&rec);
	__CPROVER_havoc_object(roles);
	rd.mica.wf = bound ? &g_wf : NULL;
	ASSUME(rd.hash_algo <= HASH_SHA512 && rd.mica.role < MICA_MAX_ROLES);	/* REALM_CREATE */
	wf.blob.roles = n_roles;
	for (unsigned int i = 0; i < ARRAY_SIZE(wf.roles); i++)
		wf.roles[i] = roles[i];
	for (unsigned int i = 0; i < ATTEST_AUX_GRANULES; i++)
		rec.aux[i] = &g_aux;
	rec.g_rd = &g_rd;
	rec.num_aux = ATTEST_AUX_GRANULES;
	platform_size = any_u64();
	ASSUME(platform_size >= PLATFORM_TOKEN_MIN && platform_size <= PLATFORM_TOKEN_MAX);	/* attest_init() */
	all_sha512 = any_bool();
	begin_ok = any_bool();
	tight = may_panic = false;
	begun = held = mapped = 0;
}

/* The longest there is: 64 roles, SHA-512 throughout, epochs and role of the longest. A shorter value is a shorter token. */
static void longest_claim(void)
{
	for (unsigned int i = 0; i < MICA_MAX_ROLES; i++)
		wf_role(&wf, i)->epoch = UINT32_MAX;
	rd.mica.role = MICA_MAX_ROLES - 1;
	rd.hash_algo = HASH_SHA512;
	all_sha512 = true;
	platform_size = PLATFORM_TOKEN_MAX;
}

static void fits(bool bound)
{
	struct work *w = (struct work *)window;
	uint8_t digest[RAK_DIGEST_SIZE];
	struct cbor claims;
	size_t size;

	any_realm(bound, MICA_MAX_ROLES);
	if (bound)
		longest_claim();
	size = build(w, &rec, challenge, &claims);
	/* of three writers: once for the place of the claims, the claims, the rest; then what is signed */
	assert(held == 0 && begun == 3 && size == asked[3] + asked[2] && claims.len == asked[2]);
	assert(size + RAK_SIGNATURE_SIZE <= (bound ? ATTEST_TOKEN_MAX_BOUND : ATTEST_TOKEN_MAX));
	assert(claims.len <= (bound ? CLAIMS_MAX_BOUND : CLAIMS_MAX) && claims.len >= 256);
	digest_claims(claims.buf, claims.len, digest);
	assert(begun == 4);
	COVER(bound ? size > ATTEST_TOKEN_MAX : rd.hash_algo == HASH_SHA512);
}

void proof_fits(void)
{
	fits(false);
}

void proof_fits_bound(void)
{
	fits(true);
}

/* Were any buffer too small, the monitor would stop: nothing that misses a byte is signed. */
static void overflow_stops(bool bound)
{
	struct cbor claims;
	size_t size;

	any_realm(bound, 1);
	tight = may_panic = true;
	size = build((struct work *)window, &rec, challenge, &claims);
	assert(!claims.overflow && claims.len == asked[2] && size == asked[3] + asked[2]);
	COVER(size > 0);
}

void proof_overflow(void)
{
	overflow_stops(false);
}

void proof_overflow_bound(void)
{
	overflow_stops(true);
}

/* In ATTEST_SIGN and ATTEST_COPY: any length that build() answers, any size that the Realm asks for. */
void proof_copy(void)
{
	size_t len = any_u64(), pos = any_u64(), size = any_u64(), n;
	bool done;

	any_realm(false, 1);
	ASSUME(len <= ATTEST_TOKEN_MAX_BOUND - RAK_SIGNATURE_SIZE);
	rec.token_len = len;
	rec.token_state = ATTEST_SIGN;
	signed_as = (enum attest_step)any_u8();
	ASSUME((unsigned int)signed_as <= ATTEST_FAILED);
	assert(attest_token_step(&rec) == signed_as && mapped == 0);
	assert(rec.token_len == len + (signed_as == ATTEST_READY ? RAK_SIGNATURE_SIZE : 0));
	assert(rec.token_state == (signed_as == ATTEST_READY ? ATTEST_COPY : signed_as == ATTEST_FAILED ? ATTEST_NONE : ATTEST_SIGN));
	ASSUME(signed_as == ATTEST_READY && pos <= rec.token_len);
	rec.token_pos = pos;
	n = attest_token_copy(&rec, NULL, size, &done);
	assert(n <= size && rec.token_pos == pos + n && rec.token_pos <= rec.token_len && mapped == 0);
	assert(n == size || rec.token_pos == rec.token_len);
	assert(done == (rec.token_pos == rec.token_len) && rec.token_state == (done ? ATTEST_NONE : ATTEST_COPY));
	COVER(!done && n == size && n > 4096);
	COVER(done && n == 0);
	COVER(done && size > 1UL << 40);
}
