/* SPDX-License-Identifier: Apache-2.0 */
/* A COSE_Sign1 (ES384) as a platform or a RAK makes it, by OpenSSL. Include after cmocka. */
#ifndef TESTS_UNIT_SIGN1_H
#define TESTS_UNIT_SIGN1_H

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include "../../lib/cbor/cbor.h"

static inline void sign1(struct cbor *c, EVP_PKEY *key, const uint8_t *payload, size_t size)
{
	static const uint8_t prot[] = { 0xa1, 0x01, 0x38, 0x22 };
	uint8_t tbs[8192], der[128], raw[96];
	size_t der_size = sizeof(der);
	const uint8_t *p = der;
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	struct cbor t;
	ECDSA_SIG *sig;

	cbor_begin(&t, tbs, sizeof(tbs));
	cbor_array(&t, 4);
	cbor_text(&t, "Signature1");
	cbor_bytes(&t, prot, sizeof(prot));
	cbor_bytes(&t, prot, 0);
	cbor_bytes(&t, payload, size);
	assert_int_equal(EVP_DigestSignInit(md, NULL, EVP_sha384(), NULL, key), 1);
	assert_int_equal(EVP_DigestSign(md, der, &der_size, tbs, t.len), 1);
	EVP_MD_CTX_free(md);
	sig = d2i_ECDSA_SIG(NULL, &p, (long)der_size);
	BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, 48);
	BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + 48, 48);
	ECDSA_SIG_free(sig);

	cbor_tag(c, 18);
	cbor_array(c, 4);
	cbor_bytes(c, prot, sizeof(prot));
	cbor_map(c, 0);
	cbor_bytes(c, payload, size);
	cbor_bytes(c, raw, sizeof(raw));
}

#endif
