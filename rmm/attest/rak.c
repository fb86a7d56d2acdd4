/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key and its use, over Mbed TLS. Nonces are those of RFC 6979, a function of key and
 * message, so no random source can betray the key; randomness only blinds the computation.
 */
#include "rak.h"

#include <mbedtls/platform_util.h>

/*
 * Field multiplications between two looks for an interrupt, in the unit of
 * mbedtls_ecp_set_max_ops(). Figures: docs/spec/attestation.md.
 */
#define STEP_OPS	1000

#define LIMBS		(RAK_SCALAR_SIZE / sizeof(mbedtls_mpi_uint))

static mbedtls_mpi_uint scalar_limbs[LIMBS];
static const mbedtls_mpi key = { .p = scalar_limbs, .s = 1, .n = LIMBS };
static uint8_t cose_key[RAK_COSE_KEY_SIZE];
static uint8_t cose_key_hash[HASH_MAX_SIZE];

/*
 * Timing that does not depend on data, for the key and what is computed with it: an entry from a Realm brings the Realm's choice. It stays
 * on until this CPU runs a Realm again, whose PSTATE is its own; nothing else of the monitor minds.
 */
#define DIT_ON		BIT(24)

static void constant_time(void)
{
	write_DIT(DIT_ON);
}

const uint8_t *rak_cose_key(void)
{
	return cose_key;
}

const uint8_t *rak_hash(void)
{
	return cose_key_hash;
}

/* Secret because the key is in it, and different each time where the CPU has a random source. */
static void blinding_init(struct rak_blinding *b, const uint8_t *digest, size_t size)
{
	uint8_t seed[HASH_MAX_SIZE];
	struct hash_ctx ctx;
	uint64_t word;

	hash_init(&ctx, HASH_SHA256);
	hash_update(&ctx, scalar_limbs, sizeof(scalar_limbs));
	hash_update(&ctx, digest, size);
	for (unsigned int i = 0; i < 4; i++)
		if (arch_random(&word))
			hash_update(&ctx, &word, sizeof(word));
	hash_final(&ctx, seed);
	memcpy(b->seed, seed, sizeof(b->seed));
	b->counter = 0;
	mbedtls_platform_zeroize(seed, sizeof(seed));
}

/* An mbedtls_f_rng_t: SHA-256 of seed and counter, as long as it takes. */
static int blinding_bytes(void *arg, unsigned char *out, size_t size)
{
	struct rak_blinding *b = arg;
	uint8_t block[HASH_MAX_SIZE];

	while (size > 0) {
		size_t n = size < 32 ? size : 32;

		b->counter++;
		hash(HASH_SHA256, b, sizeof(*b), block);
		memcpy(out, block, n);
		out += n;
		size -= n;
	}
	mbedtls_platform_zeroize(block, sizeof(block));
	return 0;
}

/* {1: 2 (EC2), -1: 2 (P-384), -2: X, -3: Y}: lengths are fixed, so the bytes around X and Y are. */
static bool encode_public(const mbedtls_ecp_point *q)
{
	static const uint8_t head[] = { 0xa4, 0x01, 0x02, 0x20, 0x02, 0x21, 0x58, 0x30 };
	static const uint8_t mid[] = { 0x22, 0x58, 0x30 };
	uint8_t *x = cose_key + sizeof(head), *y = x + RAK_SCALAR_SIZE + sizeof(mid);

	_Static_assert(sizeof(head) + sizeof(mid) + 2 * RAK_SCALAR_SIZE == RAK_COSE_KEY_SIZE, "");
	memcpy(cose_key, head, sizeof(head));
	memcpy(x + RAK_SCALAR_SIZE, mid, sizeof(mid));
	return mbedtls_mpi_write_binary(&q->X, x, RAK_SCALAR_SIZE) == 0 &&
	       mbedtls_mpi_write_binary(&q->Y, y, RAK_SCALAR_SIZE) == 0;
}

static bool read_scalar(const uint8_t *scalar)
{
	mbedtls_mpi d = key;		/* same limbs, and just as many as needed: none allocated */

	return mbedtls_mpi_read_binary(&d, scalar, RAK_SCALAR_SIZE) == 0;
}

bool rak_set(const uint8_t scalar[RAK_SCALAR_SIZE])
{
	struct rak_blinding blinding;
	mbedtls_ecp_group group;
	mbedtls_ecp_point q;
	bool ok;

	constant_time();
	mbedtls_ecp_group_init(&group);
	mbedtls_ecp_point_init(&q);
	ok = read_scalar(scalar) &&
	     mbedtls_ecp_group_load(&group, MBEDTLS_ECP_DP_SECP384R1) == 0 &&
	     mbedtls_ecp_check_privkey(&group, &key) == 0;
	if (ok) {
		blinding_init(&blinding, NULL, 0);
		ok = mbedtls_ecp_mul(&group, &q, &key, &group.G, blinding_bytes, &blinding) == 0 &&
		     encode_public(&q);
		mbedtls_platform_zeroize(&blinding, sizeof(blinding));
	}
	mbedtls_ecp_point_free(&q);
	mbedtls_ecp_group_free(&group);
	if (!ok)
		return false;
	hash(HASH_SHA256, cose_key, sizeof(cose_key), cose_key_hash);
	mbedtls_ecp_set_max_ops(STEP_OPS);
	return true;
}

static void signature_end(struct rak_signature *sig)
{
	mbedtls_ecdsa_restart_free(&sig->restart);
	mbedtls_mpi_free(&sig->r);
	mbedtls_mpi_free(&sig->s);
	mbedtls_ecp_group_free(&sig->group);
	mbedtls_platform_zeroize(sig, sizeof(*sig));
}

bool rak_sign_begin(struct rak_signature *sig, const uint8_t digest[RAK_DIGEST_SIZE])
{
	constant_time();
	mbedtls_ecp_group_init(&sig->group);
	mbedtls_mpi_init(&sig->r);
	mbedtls_mpi_init(&sig->s);
	mbedtls_ecdsa_restart_init(&sig->restart);
	memcpy(sig->digest, digest, RAK_DIGEST_SIZE);
	blinding_init(&sig->blinding, digest, RAK_DIGEST_SIZE);
	if (mbedtls_ecp_group_load(&sig->group, MBEDTLS_ECP_DP_SECP384R1) == 0)
		return true;
	signature_end(sig);
	return false;
}

enum attest_step rak_sign_step(struct rak_signature *sig, uint8_t out[RAK_SIGNATURE_SIZE])
{
	int ret;

	constant_time();
	ret = mbedtls_ecdsa_sign_det_restartable(&sig->group, &sig->r, &sig->s, &key, sig->digest, RAK_DIGEST_SIZE,
						 MBEDTLS_MD_SHA384, blinding_bytes, &sig->blinding, &sig->restart);
	if (ret == MBEDTLS_ERR_ECP_IN_PROGRESS)
		return ATTEST_AGAIN;
	if (ret == 0)
		ret = mbedtls_mpi_write_binary(&sig->r, out, RAK_SCALAR_SIZE);
	if (ret == 0)
		ret = mbedtls_mpi_write_binary(&sig->s, out + RAK_SCALAR_SIZE, RAK_SCALAR_SIZE);
	signature_end(sig);
	return ret == 0 ? ATTEST_READY : ATTEST_FAILED;
}
