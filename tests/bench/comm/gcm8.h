/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AES-256-GCM eight blocks at a time, as the fastest libraries do it: a bound on what a better library could save. Written
 * to be counted, and compared with Mbed TLS before it is (seal.c); not to protect anything.
 * Twelve bytes of nonce, sixteen of associated data, a message in pieces of which all but the last are whole blocks.
 */
#ifndef BENCH_GCM8_H
#define BENCH_GCM8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GCM8_ROUNDS	14
#define GCM8_BLOCKS	8

struct gcm8 {
	uint8_t rk[GCM8_ROUNDS + 1][16];
	uint8_t h[GCM8_BLOCKS][16];	/* [i]: the hash key to the power of 8 - i, bits reflected */
	uint8_t swapped[GCM8_BLOCKS][16];	/* the same, halves exchanged */
	uint8_t acc[16], first[16];	/* the hash so far; the counter block of the tag */
	uint32_t counter;
	uint64_t length;
	bool encrypt;
};

void gcm8_setkey(struct gcm8 *g, const uint8_t key[32]);
void gcm8_start(struct gcm8 *g, bool encrypt, const uint8_t nonce[12], const uint8_t aad[16]);
void gcm8_update(struct gcm8 *g, const uint8_t *from, uint8_t *to, size_t n);
void gcm8_finish(struct gcm8 *g, uint8_t tag[16]);

#endif
