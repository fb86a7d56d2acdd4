/* SPDX-License-Identifier: Apache-2.0 */
/* The order of trust: platform, then the key it vouches for, then what that key signed. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../../abi/mica.h"
#include "cose.h"
#include "verify.h"

#define TAG_CCA_COLLECTION	399
#define KEY_PLATFORM_TOKEN	44234
#define KEY_REALM_TOKEN		44241

#define CLAIM_NONCE		10
#define CLAIM_PROFILE		265
#define CLAIM_PLAT_INSTANCE	256
#define CLAIM_PLAT_LIFECYCLE	2395
#define CLAIM_PLAT_IMPL		2396
#define CLAIM_PLAT_COMPONENTS	2399
#define CLAIM_PLAT_CONFIG	2401
#define CLAIM_PLAT_HASH		2402
#define CLAIM_RPV		44235
#define CLAIM_HASH_ALGO		44236
#define CLAIM_RAK		44237
#define CLAIM_RIM		44238
#define CLAIM_REMS		44239
#define CLAIM_RAK_HASH_ALGO	44240

#define PROFILE_PLATFORM	"tag:arm.com,2023:cca_platform#1.0.0"
#define PROFILE_REALM		"tag:arm.com,2023:realm#1.0.0"

#define REALM_CLAIMS		9	/* the eight of RMM 1.0 and Mica's */
#define LIFECYCLE_SECURED	0x3000

/*
 * TF-A for QEMU returns one fixed platform token, whatever the challenge; the private half of
 * its key is not a secret anybody keeps. So it is known as a whole, by its SHA-256:
 *   the array in plat/qemu/common/qemu_plat_attest_token.c of TF-A 2.12.1, as bytes.
 */
static const uint8_t development_token_sha256[32] = {
	0x32, 0x09, 0x27, 0x56, 0xc6, 0x83, 0xca, 0xc9, 0x52, 0xcb, 0xa7, 0x2d, 0x8f, 0xc4, 0xe1, 0x74,
	0x52, 0x1f, 0xfb, 0xd9, 0xc7, 0x61, 0x92, 0x22, 0x80, 0x50, 0x74, 0xdd, 0x2c, 0x02, 0x9a, 0x50,
};

struct check {
	const struct verify_expect *want;
	struct verify_result *res;
	uint8_t rak_hash[32];		/* what the platform vouches for */
};

static bool refuse(struct check *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static bool refuse(struct check *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->res->error, sizeof(c->res->error), fmt, ap);
	va_end(ap);
	return false;
}

static bool bytes_of(const cbor_item_t *map, int64_t key, size_t size, struct bytes *out)
{
	return item_bytes(map_get(map, key), out) && out->size == size;
}

/* ---- either token ---- */

struct token {
	struct cose_sign1 sign1;
	cbor_item_t *outer, *map;
};

/* Which of the two this is goes into the error. token_close() in any case. */
static bool token_open(struct check *c, const char *which, const struct bytes *bytes, struct token *t)
{
	t->outer = cose_sign1_open(bytes, &t->sign1);
	t->map = t->outer ? cbor_parse_strict(t->sign1.payload.data, t->sign1.payload.size) : NULL;
	return (t->map && cbor_isa_map(t->map)) || refuse(c, "%s token: not a COSE_Sign1 (ES384) over a map", which);
}

static void token_close(struct token *t)
{
	if (t->map)
		cbor_decref(&t->map);
	if (t->outer)
		cbor_decref(&t->outer);
}

/* ---- platform token ---- */

static bool platform_anchor(struct check *c, const struct bytes *token,
			    const struct cose_sign1 *sign1)
{
	uint8_t digest[32];

	if (c->want->platform_key)
		return cose_sign1_verify(sign1, c->want->platform_key) ||
		       refuse(c, "platform token: signature does not match the platform key");
	sha256(token->data, token->size, digest);
	if (memcmp(digest, development_token_sha256, sizeof(digest)) != 0)
		return refuse(c, "platform token: signed by a platform that no trust anchor is known for");
	c->res->development = true;
	if (!c->want->accept_development)
		return refuse(c, "platform is DEVELOPMENT: anybody can make its signatures");
	return true;
}

static bool platform_claims(struct check *c, const cbor_item_t *map)
{
	const cbor_item_t *list = map_get(map, CLAIM_PLAT_COMPONENTS);
	struct bytes b;
	uint64_t lifecycle;

	if (!item_text_is(map_get(map, CLAIM_PROFILE), PROFILE_PLATFORM))
		return refuse(c, "platform token: profile is not " PROFILE_PLATFORM);
	if (!bytes_of(map, CLAIM_PLAT_IMPL, 32, &b) || !bytes_of(map, CLAIM_PLAT_INSTANCE, 33, &b) ||
	    !item_bytes(map_get(map, CLAIM_PLAT_CONFIG), &b) || !map_get(map, CLAIM_PLAT_HASH))
		return refuse(c, "platform token: a mandatory claim is missing");
	if (!list || !cbor_isa_array(list) || cbor_array_size(list) == 0)
		return refuse(c, "platform token: no software components");
	c->res->components = (unsigned int)cbor_array_size(list);
	if (!item_uint(map_get(map, CLAIM_PLAT_LIFECYCLE), &lifecycle))
		return refuse(c, "platform token: no lifecycle");
	c->res->lifecycle = (unsigned int)lifecycle;
	if ((lifecycle & ~UINT64_C(0xff)) != LIFECYCLE_SECURED)
		return refuse(c, "platform lifecycle is 0x%" PRIx64 ", not secured (0x30xx)", lifecycle);
	if (!bytes_of(map, CLAIM_NONCE, sizeof(c->rak_hash), &b))
		return refuse(c, "platform token: challenge is not 32 bytes");
	memcpy(c->rak_hash, b.data, sizeof(c->rak_hash));
	return true;
}

static bool platform_token(struct check *c, const struct bytes *token)
{
	struct token t;
	bool ok = token_open(c, "platform", token, &t) && platform_anchor(c, token, &t.sign1) && platform_claims(c, t.map);

	token_close(&t);
	return ok;
}

/* ---- realm token ---- */

/* The key that signed it must be the one the platform vouches for. */
static bool realm_key(struct check *c, const cbor_item_t *map, const struct cose_sign1 *sign1)
{
	uint8_t digest[32], point[P384_POINT_SIZE];
	struct bytes key;

	if (!item_bytes(map_get(map, CLAIM_RAK), &key) || !cose_key_point(&key, point))
		return refuse(c, "realm token: attestation key is not a P-384 COSE_Key");
	if (!item_text_is(map_get(map, CLAIM_RAK_HASH_ALGO), "sha-256"))
		return refuse(c, "realm token: binding hash is not sha-256");
	sha256(key.data, key.size, digest);
	if (memcmp(digest, c->rak_hash, sizeof(digest)) != 0)
		return refuse(c, "attestation key is not the one the platform vouches for");
	if (!cose_sign1_verify(sign1, point))
		return refuse(c, "realm token: signature is wrong");
	return true;
}

static bool realm_rems(const cbor_item_t *map, size_t size)
{
	const cbor_item_t *rems = map_get(map, CLAIM_REMS);
	struct bytes b;

	if (!rems || !cbor_isa_array(rems) || cbor_array_size(rems) != 4)
		return false;
	for (size_t i = 0; i < 4; i++)
		if (!item_bytes(cbor_array_handle(rems)[i], &b) || b.size != size)
			return false;
	return true;
}

static bool realm_claims(struct check *c, const cbor_item_t *map, struct bytes *rim)
{
	static const uint8_t zero[64];
	struct bytes b;
	bool sha512;

	if (!map_ascending(map))
		return refuse(c, "realm token: claims are not in ascending order");
	if (cbor_map_size(map) != REALM_CLAIMS)
		return refuse(c, "realm token has %zu claims, a bound Realm's has %d",
			      cbor_map_size(map), REALM_CLAIMS);
	if (!item_text_is(map_get(map, CLAIM_PROFILE), PROFILE_REALM))
		return refuse(c, "realm token: profile is not " PROFILE_REALM);
	if (!bytes_of(map, CLAIM_NONCE, 64, &b) || (!c->want->any_challenge && memcmp(b.data, c->want->challenge, 64) != 0))
		return refuse(c, "challenge is not the one that was sent: a replayed token");
	memcpy(c->res->challenge, b.data, sizeof(c->res->challenge));
	if (!bytes_of(map, CLAIM_RPV, 64, &b) || memcmp(b.data, zero, 64) != 0)
		return refuse(c, "personalisation value is not zero: the host added unmeasured data");
	sha512 = item_text_is(map_get(map, CLAIM_HASH_ALGO), "sha-512");
	if (!sha512 && !item_text_is(map_get(map, CLAIM_HASH_ALGO), "sha-256"))
		return refuse(c, "realm token: unknown hash algorithm");
	if (!bytes_of(map, CLAIM_RIM, sha512 ? 64 : 32, rim) || !realm_rems(map, rim->size))
		return refuse(c, "realm token: measurements are malformed");
	return true;
}

/* ---- Mica's claim ---- */

static bool mica_role(struct check *c, unsigned int i, const cbor_item_t *entry)
{
	const struct verify_role *want = &c->want->roles[i];
	struct bytes rim;
	uint64_t epoch;

	if (!cbor_isa_array(entry) || cbor_array_size(entry) != 2 ||
	    !item_bytes(cbor_array_handle(entry)[0], &rim) || (rim.size != 32 && rim.size != 64) ||
	    !item_uint(cbor_array_handle(entry)[1], &epoch) || epoch < 1 || epoch > UINT32_MAX)
		return refuse(c, "Mica claim: entry of role '%s' is malformed", want->name);
	if (rim.size != want->hash_size)
		return refuse(c, "RIM of role '%s' has %zu bytes, the policy's hash gives %u",
			      want->name, rim.size, want->hash_size);
	if (want->pinned && memcmp(rim.data, want->rim, rim.size) != 0)
		return refuse(c, "RIM of pinned role '%s' is not the policy's", want->name);
	memcpy(c->res->roles[i].rim, rim.data, rim.size);
	c->res->roles[i].rim_size = (unsigned int)rim.size;
	c->res->roles[i].epoch = epoch;
	return true;
}

static bool mica_roles(struct check *c, const cbor_item_t *list)
{
	if (!list || !cbor_isa_array(list))
		return refuse(c, "Mica claim: no list of roles");
	if (cbor_array_size(list) != c->want->n_roles)
		return refuse(c, "token covers %zu roles, the policy has %u",
			      cbor_array_size(list), c->want->n_roles);
	for (unsigned int i = 0; i < c->want->n_roles; i++)
		if (!mica_role(c, i, cbor_array_handle(list)[i]))
			return false;
	c->res->n_roles = c->want->n_roles;
	return true;
}

static bool mica_claim(struct check *c, const cbor_item_t *map, const struct bytes *rim)
{
	struct verify_result *res = c->res;
	uint64_t version, role, epoch;
	struct bytes id, instance;

	if (!map || !cbor_isa_map(map))
		return refuse(c, "no Mica claim: the Realm is not bound to a workflow");
	if (cbor_map_size(map) != 6 || !map_ascending(map) || !item_uint(map_get(map, 1), &version) ||
	    version != 1)
		return refuse(c, "Mica claim: unknown version");
	if (!bytes_of(map, 2, 32, &id) || !bytes_of(map, 3, 32, &instance) ||
	    !item_uint(map_get(map, 4), &role) || !item_uint(map_get(map, 5), &epoch))
		return refuse(c, "Mica claim is malformed");
	memcpy(res->workflow_id, id.data, 32);
	memcpy(res->instance_id, instance.data, 32);
	if (memcmp(id.data, c->want->workflow_id, 32) != 0)
		return refuse(c, "workflow ID is not that of the policy: another graph runs");
	if (!mica_roles(c, map_get(map, 6)))
		return false;
	if (role >= c->want->n_roles)
		return refuse(c, "Mica claim: holder is role %" PRIu64 " of %u", role, c->want->n_roles);
	res->holder = (unsigned int)role;
	res->holder_epoch = (uint32_t)epoch;
	if (epoch != res->roles[role].epoch || rim->size != res->roles[role].rim_size ||
	    memcmp(rim->data, res->roles[role].rim, rim->size) != 0)
		return refuse(c, "RIM or epoch of the holder differs from its entry in the list");
	return true;
}

static bool realm_token(struct check *c, const struct bytes *token)
{
	struct bytes rim;
	struct token t;
	bool ok = token_open(c, "realm", token, &t) && realm_key(c, t.map, &t.sign1) && realm_claims(c, t.map, &rim) &&
		  mica_claim(c, map_get(t.map, MICA_CLAIM_KEY), &rim);

	token_close(&t);
	return ok;
}

/* Bytes that are no CBOR of a token at all: what kind of file somebody took for one. */
static bool no_collection(struct check *c, const uint8_t *token, size_t size)
{
	static const uint8_t head[] = { 0xd9, TAG_CCA_COLLECTION >> 8, TAG_CCA_COLLECTION & 0xff };

	if (size == 0)
		return refuse(c, "not a CCA token: it is empty");
	if (size < sizeof(head) || memcmp(token, head, sizeof(head)) != 0)
		return refuse(c, "not a CCA token: it does not begin with CBOR tag 399");
	return refuse(c, "not a whole CCA token: it is cut off, goes on behind its end, or is not deterministic CBOR");
}

static bool collection(struct check *c, const cbor_item_t *outer)
{
	struct bytes platform, realm;
	cbor_item_t *map;
	bool ok;

	if (!cbor_isa_tag(outer) || cbor_tag_value(outer) != TAG_CCA_COLLECTION)
		return refuse(c, "not a CCA token: it does not begin with CBOR tag 399");
	map = cbor_tag_item(outer);
	ok = cbor_isa_map(map) && cbor_map_size(map) == 2 &&
	     item_bytes(map_get(map, KEY_PLATFORM_TOKEN), &platform) &&
	     item_bytes(map_get(map, KEY_REALM_TOKEN), &realm);
	if (!ok)
		refuse(c, "not a CCA token: platform and realm token, nothing else");
	else
		ok = platform_token(c, &platform) && realm_token(c, &realm);
	cbor_decref(&map);
	return ok;
}

int verify_token(const uint8_t *token, size_t size, const struct verify_expect *want,
		 struct verify_result *res)
{
	struct check c = { .want = want, .res = res };
	cbor_item_t *outer;
	bool ok;

	memset(res, 0, sizeof(*res));
	if (want->n_roles == 0 || want->n_roles > MICA_MAX_ROLES) {
		refuse(&c, "a workflow has 1 to %d roles", MICA_MAX_ROLES);
		return -1;
	}
	outer = cbor_parse_strict(token, size);
	ok = outer ? collection(&c, outer) : no_collection(&c, token, size);
	if (outer)
		cbor_decref(&outer);
	return ok ? 0 : -1;
}
