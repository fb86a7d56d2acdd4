/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Realm attestation key: ECDSA over P-384, given by EL3 once, kept in monitor memory for the
 * whole uptime, constant after boot. Signatures are made in steps of bounded length.
 */
#ifndef RMM_ATTEST_RAK_H
#define RMM_ATTEST_RAK_H

#define MBEDTLS_ALLOW_PRIVATE_ACCESS
#include <mbedtls/ecdsa.h>

#include "attest.h"

#define RAK_SCALAR_SIZE		48
#define RAK_COSE_KEY_SIZE	107
#define RAK_DIGEST_SIZE		48	/* SHA-384 */
#define RAK_SIGNATURE_SIZE	96	/* r || s, big-endian */

/*
 * Take the private scalar, big-endian, and derive the public key. The CPU is in an arena. False: not a
 * key of P-384, or the arena is too small. Cold boot only.
 */
bool rak_set(const uint8_t scalar[RAK_SCALAR_SIZE]);

/* Public key as a serialised COSE_Key, as it stands in tokens; and its SHA-256, 32 bytes. */
const uint8_t *rak_cose_key(void);
const uint8_t *rak_hash(void);

/* Masks what the key's use looks like from outside; no secret depends on it being random. */
struct rak_blinding {
	uint8_t seed[32];
	uint64_t counter;
};

/* A signature in progress; points into itself and into the arena. */
struct rak_signature {
	mbedtls_ecp_group group;
	mbedtls_mpi r, s;
	mbedtls_ecdsa_restart_ctx restart;
	struct rak_blinding blinding;
	uint8_t digest[RAK_DIGEST_SIZE];
};

/* Both: the CPU is in the arena that belongs to @sig. False: the arena is too small. */
bool rak_sign_begin(struct rak_signature *sig, const uint8_t digest[RAK_DIGEST_SIZE]);
/* One step. ATTEST_READY: @out is written. After READY or FAILED nothing of @sig is in use. */
enum attest_step rak_sign_step(struct rak_signature *sig, uint8_t out[RAK_SIGNATURE_SIZE]);

#endif
