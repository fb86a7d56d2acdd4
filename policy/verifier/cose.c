/* SPDX-License-Identifier: Apache-2.0 */
/* COSE_Sign1 (RFC 9052) with ES384 over OpenSSL. */
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/sha.h>
#include <string.h>

#include "cose.h"

#define COSE_TAG_SIGN1_HEAD	0xD2	/* tag 18 */
#define SIGNATURE_SIZE		96

static const uint8_t protected_header[] = { 0xA1, 0x01, 0x38, 0x22 };	/* {1: -35}: ES384 */
static const uint8_t key_head[] = { 0xA4, 0x01, 0x02, 0x20, 0x02, 0x21, 0x58, 0x30 };
static const uint8_t key_y_head[] = { 0x22, 0x58, 0x30 };

void sha256(const void *data, size_t size, uint8_t out[32])
{
	SHA256(data, size, out);
}

cbor_item_t *cose_sign1_open(const struct bytes *token, struct cose_sign1 *out)
{
	struct bytes prot;
	cbor_item_t *array, **part;

	/* libcbor 0.8 refuses one-byte tags beyond 5, so the tag is taken off here. */
	if (token->size == 0 || token->data[0] != COSE_TAG_SIGN1_HEAD)
		return NULL;
	array = cbor_parse_strict(token->data + 1, token->size - 1);
	if (!array)
		return NULL;
	part = cbor_isa_array(array) && cbor_array_size(array) == 4 ? cbor_array_handle(array) : NULL;
	if (part && item_bytes(part[0], &prot) && prot.size == sizeof(protected_header) &&
	    memcmp(prot.data, protected_header, prot.size) == 0 &&
	    cbor_isa_map(part[1]) && cbor_map_size(part[1]) == 0 &&
	    item_bytes(part[2], &out->payload) && item_bytes(part[3], &out->signature) &&
	    out->signature.size == SIGNATURE_SIZE)
		return array;
	cbor_decref(&array);
	return NULL;
}

bool cose_key_point(const struct bytes *key, uint8_t point[P384_POINT_SIZE])
{
	const uint8_t *k = key->data;

	if (key->size != COSE_KEY_SIZE || memcmp(k, key_head, sizeof(key_head)) != 0 ||
	    memcmp(k + 56, key_y_head, sizeof(key_y_head)) != 0)
		return false;
	point[0] = 0x04;
	memcpy(point + 1, k + 8, 48);
	memcpy(point + 49, k + 59, 48);
	return true;
}

/* r || s, 48 bytes each, to the DER form OpenSSL wants. Length, or 0. */
static int der_signature(const uint8_t raw[SIGNATURE_SIZE], unsigned char der[128])
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(raw, 48, NULL), *s = BN_bin2bn(raw + 48, 48, NULL);
	int len = 0;

	if (sig && r && s && ECDSA_SIG_set0(sig, r, s)) {
		r = s = NULL;		/* sig owns them */
		len = i2d_ECDSA_SIG(sig, &der);
	}
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(sig);
	return len > 0 ? len : 0;
}

static EVP_PKEY *public_key(const uint8_t point[P384_POINT_SIZE])
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)"P-384", 0),
		OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)point, P384_POINT_SIZE),
		OSSL_PARAM_END,
	};
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *key = NULL;

	if (!ctx || EVP_PKEY_fromdata_init(ctx) <= 0 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) <= 0)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* Sig_structure = [ "Signature1", protected, h'', payload ], up to the payload's own bytes. */
static size_t sig_structure_head(size_t payload_size, uint8_t out[32])
{
	static const uint8_t fixed[] = {
		0x84, 0x6A, 'S', 'i', 'g', 'n', 'a', 't', 'u', 'r', 'e', '1',
		0x44, 0xA1, 0x01, 0x38, 0x22, 0x40,
	};

	memcpy(out, fixed, sizeof(fixed));
	return sizeof(fixed) + cbor_encode_bytestring_start(payload_size, out + sizeof(fixed),
							    32 - sizeof(fixed));
}

bool cose_sign1_verify(const struct cose_sign1 *s, const uint8_t point[P384_POINT_SIZE])
{
	unsigned char der[128];
	uint8_t head[32];
	size_t head_size = sig_structure_head(s->payload.size, head);
	int der_size = der_signature(s->signature.data, der);
	EVP_PKEY *key = public_key(point);
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	bool ok;

	ok = key && md && der_size &&
	     EVP_DigestVerifyInit(md, NULL, EVP_sha384(), NULL, key) == 1 &&
	     EVP_DigestVerifyUpdate(md, head, head_size) == 1 &&
	     EVP_DigestVerifyUpdate(md, s->payload.data, s->payload.size) == 1 &&
	     EVP_DigestVerifyFinal(md, der, (size_t)der_size) == 1;
	EVP_MD_CTX_free(md);
	EVP_PKEY_free(key);
	return ok;
}
