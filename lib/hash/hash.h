/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 and SHA-512 over Mbed TLS 3.6, the same source in the firmware and in the tools.
 * Digests are zero padded to 64 bytes, as RMM stores measurements.
 */
#ifndef MICA_LIB_HASH_H
#define MICA_LIB_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "mbedtls/sha256.h"
#include "mbedtls/sha512.h"

enum hash_algo { HASH_SHA256 = 0, HASH_SHA512 = 1 };	/* numbers of RmiHashAlgorithm */
#define HASH_MAX_SIZE	64

struct hash_ctx {
	enum hash_algo algo;
	union {
		mbedtls_sha256_context sha256;
		mbedtls_sha512_context sha512;
	} u;
};

static inline size_t hash_size(enum hash_algo algo)
{
	return algo == HASH_SHA256 ? 32 : 64;
}

/*
 * None of these can fail: the backends have no resources to run out of. Every init has its final or end, with no other
 * hash and no switch of Realms in between.
 */
void hash_init(struct hash_ctx *ctx, enum hash_algo algo);
void hash_update(struct hash_ctx *ctx, const void *data, size_t size);
void hash_final(struct hash_ctx *ctx, uint8_t out[HASH_MAX_SIZE]);
/* A row of hashes from one init: the digest, and the context begins anew; after the last of them, end. */
void hash_next(struct hash_ctx *ctx, uint8_t out[HASH_MAX_SIZE]);
void hash_end(struct hash_ctx *ctx);
void hash(enum hash_algo algo, const void *data, size_t size, uint8_t out[HASH_MAX_SIZE]);

#endif
