/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token BLOB CHALLENGE: the token of role 0 of an instance of that policy, on the standard output, as the emulated platform would
 * give it: the platform token and the realm attestation key are those that TF-A for QEMU hands out (platform.h, made of its
 * sources), the claims are those of rmm/attest/claims.c. So `mica verify` accepts it, as DEVELOPMENT, and a policy of any
 * size can be verified without a run of it. docs/spec/attestation.md
 *
 * The signature's nonce comes from key and message, so the same input gives the same token, and its verification takes the same
 * instructions. To measure with, and for nothing else.
 */
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../abi/mica.h"
#include "../../abi/mica_blob.h"
#include "../../lib/cbor/cbor.h"
#include "platform.h"		/* sample_platform_token, sample_delegated_key */

#define HALF		48	/* bytes of a coordinate of P-384 */
#define ARBITRARY_RIM	0x5a	/* of a role whose image is any */

struct blob {
	size_t size;
	union {
		struct mica_blob_header header;
		uint8_t bytes[MICA_BLOB_MAX];
	};
};

static struct blob blob;
static uint8_t challenge[64];
static EC_GROUP *curve;
static BIGNUM *rak;

static void die(const char *what)
{
	fprintf(stderr, "token: %s\n", what);
	exit(1);
}

static void need(bool ok)
{
	if (!ok)
		die("the library refuses");
}

static const struct mica_blob_role *roles(void)
{
	return (const struct mica_blob_role *)(blob.bytes + sizeof(blob.header));
}

static unsigned int rim_of(const struct mica_blob_role *r, uint8_t rim[64])
{
	if (r->flags & MICA_ROLE_PINNED)
		memcpy(rim, r->rim, 64);
	else
		memset(rim, ARBITRARY_RIM, 64);
	return r->hash ? 64 : 32;
}

/* k * G, as 0x04 || X || Y. */
static void multiply(const BIGNUM *k, uint8_t out[1 + 2 * HALF])
{
	EC_POINT *p = EC_POINT_new(curve);

	need(p && EC_POINT_mul(curve, p, k, NULL, NULL, NULL) == 1);
	need(EC_POINT_point2oct(curve, p, POINT_CONVERSION_UNCOMPRESSED, out, 1 + 2 * HALF, NULL) == 1 + 2 * HALF);
	EC_POINT_free(p);
}

/* ECDSA: r = x of kG, s = (digest + r * key) / k. */
static void sign(const uint8_t *message, size_t size, uint8_t out[2 * HALF])
{
	const BIGNUM *order = EC_GROUP_get0_order(curve);
	uint8_t seed[2 * HALF], digest[HALF], point[1 + 2 * HALF];
	BIGNUM *k = BN_new(), *r = BN_new(), *s = BN_new(), *z = BN_new();
	BN_CTX *ctx = BN_CTX_new();

	need(k && r && s && z && ctx);
	SHA384(message, size, digest);
	memcpy(seed, sample_delegated_key, HALF);
	memcpy(seed + HALF, digest, HALF);
	need(BN_bin2bn(SHA384(seed, sizeof(seed), NULL), HALF, z) && BN_mod(k, z, order, ctx));
	multiply(k, point);
	need(BN_bin2bn(point + 1, HALF, z) && BN_mod(r, z, order, ctx));
	need(BN_mod_mul(s, r, rak, order, ctx) && BN_bin2bn(digest, HALF, z) && BN_mod_add(s, s, z, order, ctx));
	need(BN_mod_inverse(z, k, order, ctx) != NULL && BN_mod_mul(s, s, z, order, ctx));
	need(BN_bn2binpad(r, out, HALF) == HALF && BN_bn2binpad(s, out + HALF, HALF) == HALF);
	BN_free(k);
	BN_free(r);
	BN_free(s);
	BN_free(z);
	BN_CTX_free(ctx);
}

static void put_key(struct cbor *c)
{
	uint8_t point[1 + 2 * HALF], key[107];
	struct cbor k;

	multiply(rak, point);
	cbor_begin(&k, key, sizeof(key));
	cbor_map(&k, 4);
	cbor_int(&k, 1);
	cbor_int(&k, 2);		/* EC2 */
	cbor_int(&k, -1);
	cbor_int(&k, 2);		/* P-384 */
	cbor_int(&k, -2);
	cbor_bytes(&k, point + 1, HALF);
	cbor_int(&k, -3);
	cbor_bytes(&k, point + 1 + HALF, HALF);
	cbor_bytes(c, key, k.len);
}

static void put_workflow(struct cbor *c)
{
	static const uint8_t instance[32] = "an instance that never ran";
	uint8_t id[32], rim[64];

	SHA256(blob.bytes, blob.size, id);
	cbor_int(c, MICA_CLAIM_KEY);
	cbor_map(c, 6);
	cbor_int(c, 1);
	cbor_uint(c, 1);
	cbor_int(c, 2);
	cbor_bytes(c, id, sizeof(id));
	cbor_int(c, 3);
	cbor_bytes(c, instance, sizeof(instance));
	cbor_int(c, 4);
	cbor_uint(c, 0);
	cbor_int(c, 5);
	cbor_uint(c, 1);
	cbor_int(c, 6);
	cbor_array(c, blob.header.roles);
	for (unsigned int i = 0; i < blob.header.roles; i++) {
		unsigned int n = rim_of(&roles()[i], rim);

		cbor_array(c, 2);
		cbor_bytes(c, rim, n);
		cbor_uint(c, 1);
	}
}

static void put_claims(struct cbor *c)
{
	static const uint8_t zero[64];
	uint8_t rim[64];
	unsigned int n = rim_of(&roles()[0], rim);

	cbor_map(c, 9);
	cbor_int(c, 10);
	cbor_bytes(c, challenge, sizeof(challenge));
	cbor_int(c, 265);
	cbor_text(c, "tag:arm.com,2023:realm#1.0.0");
	cbor_int(c, 44235);
	cbor_bytes(c, zero, 64);
	cbor_int(c, 44236);
	cbor_text(c, n == 64 ? "sha-512" : "sha-256");
	cbor_int(c, 44237);
	put_key(c);
	cbor_int(c, 44238);
	cbor_bytes(c, rim, n);
	cbor_int(c, 44239);
	cbor_array(c, 4);
	for (unsigned int i = 0; i < 4; i++)
		cbor_bytes(c, zero, n);
	cbor_int(c, 44240);
	cbor_text(c, "sha-256");
	put_workflow(c);
}

/* COSE_Sign1, ES384. */
static void put_signed(struct cbor *c, const struct cbor *claims)
{
	static const uint8_t es384[] = { 0xa1, 0x01, 0x38, 0x22 };
	static uint8_t message[16384];
	uint8_t signature[2 * HALF];
	struct cbor m;

	cbor_begin(&m, message, sizeof(message));
	cbor_array(&m, 4);
	cbor_text(&m, "Signature1");
	cbor_bytes(&m, es384, sizeof(es384));
	cbor_bytes(&m, es384, 0);
	cbor_bytes(&m, claims->buf, claims->len);
	need(!m.overflow);
	sign(message, m.len, signature);
	cbor_tag(c, 18);
	cbor_array(c, 4);
	cbor_bytes(c, es384, sizeof(es384));
	cbor_map(c, 0);
	cbor_bytes(c, claims->buf, claims->len);
	cbor_bytes(c, signature, sizeof(signature));
}

static void read_input(const char *path, const char *hex)
{
	FILE *f = fopen(path, "rb");

	if (!f)
		die("cannot read the blob");
	blob.size = fread(blob.bytes, 1, sizeof(blob.bytes), f);
	fclose(f);
	if (blob.size < sizeof(blob.header) || memcmp(blob.header.magic, MICA_BLOB_MAGIC, 8) != 0 || blob.header.total != blob.size)
		die("this is no blob");
	if (strlen(hex) != 2 * sizeof(challenge))
		die("the challenge has 128 hex digits");
	for (unsigned int i = 0; i < sizeof(challenge); i++)
		if (sscanf(hex + 2 * i, "%2hhx", &challenge[i]) != 1)
			die("the challenge has 128 hex digits");
}

int main(int argc, char **argv)
{
	static uint8_t claims[8192], realm[16384], token[32768];
	struct cbor c, r, t;

	if (argc != 3)
		die("usage: token BLOB CHALLENGE >TOKEN");
	read_input(argv[1], argv[2]);
	curve = EC_GROUP_new_by_curve_name(NID_secp384r1);
	rak = BN_bin2bn(sample_delegated_key, sizeof(sample_delegated_key), NULL);
	need(curve && rak);
	cbor_begin(&c, claims, sizeof(claims));
	put_claims(&c);
	cbor_begin(&r, realm, sizeof(realm));
	put_signed(&r, &c);
	cbor_begin(&t, token, sizeof(token));
	cbor_tag(&t, 399);
	cbor_map(&t, 2);
	cbor_int(&t, 44234);
	cbor_bytes(&t, sample_platform_token, sizeof(sample_platform_token));
	cbor_int(&t, 44241);
	cbor_bytes(&t, realm, r.len);
	need(!c.overflow && !r.overflow && !t.overflow);
	BN_free(rak);
	EC_GROUP_free(curve);
	return fwrite(token, 1, t.len, stdout) == t.len && fflush(stdout) == 0 ? 0 : 1;
}
