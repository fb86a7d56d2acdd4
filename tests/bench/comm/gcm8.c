/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GCM with bits reflected inside bytes, so that bit i of a little-endian number is the coefficient of x^i and a product
 * needs no shift. Eight products are added up before one reduction modulo x^128 + x^7 + x^2 + x + 1.
 */
#include <string.h>

#include <arm_neon.h>

#include "gcm8.h"

typedef uint8x16_t block;

/* Products of the low, of the high halves: 64 by 64 bits, no carries. */
#ifdef __aarch64__
static inline block low(block a, block b)
{
	block r;

	asm("pmull %0.1q, %1.1d, %2.1d" : "=w"(r) : "w"(a), "w"(b));
	return r;
}

static inline block high(block a, block b)
{
	block r;

	asm("pmull2 %0.1q, %1.2d, %2.2d" : "=w"(r) : "w"(a), "w"(b));
	return r;
}
#endif

static inline block up(block a)		/* by 64 bits */
{
	return vextq_u8(vdupq_n_u8(0), a, 8);
}

static inline block down(block a)
{
	return vextq_u8(a, vdupq_n_u8(0), 8);
}

struct product {
	block lo, mid, hi;
};

static inline void add_product(struct product *p, block a, const uint8_t h[16], const uint8_t swapped[16])
{
	block b = vld1q_u8(h), s = vld1q_u8(swapped);

	p->lo = veorq_u8(p->lo, low(a, b));
	p->hi = veorq_u8(p->hi, high(a, b));
	p->mid = veorq_u8(veorq_u8(p->mid, low(a, s)), high(a, s));
}

static inline block reduce(struct product p)
{
	const block poly = vreinterpretq_u8_u64(vdupq_n_u64(0x87));
	block lo = veorq_u8(p.lo, up(p.mid)), hi = veorq_u8(p.hi, down(p.mid)), t = high(hi, poly);

	lo = veorq_u8(lo, up(t));
	return veorq_u8(lo, low(veorq_u8(hi, down(t)), poly));
}

static inline block times(block a, const struct gcm8 *g, unsigned int i)
{
	struct product p = { vdupq_n_u8(0), vdupq_n_u8(0), vdupq_n_u8(0) };

	add_product(&p, a, g->h[i], g->swapped[i]);
	return reduce(p);
}

static inline block cipher(const struct gcm8 *g, block b)
{
	for (unsigned int r = 0; r < GCM8_ROUNDS - 1; r++)
		b = vaesmcq_u8(vaeseq_u8(b, vld1q_u8(g->rk[r])));
	return veorq_u8(vaeseq_u8(b, vld1q_u8(g->rk[GCM8_ROUNDS - 1])), vld1q_u8(g->rk[GCM8_ROUNDS]));
}

static uint32_t sub_word(uint32_t w)
{
	/* AESE with a key of zeroes: the first row is where ShiftRows leaves it */
	block b = vaeseq_u8(vreinterpretq_u8_u32(vdupq_n_u32(w)), vdupq_n_u8(0));

	return vgetq_lane_u32(vreinterpretq_u32_u8(b), 0);
}

static void expand(struct gcm8 *g, const uint8_t key[32])
{
	uint32_t w[4 * (GCM8_ROUNDS + 1)], rcon = 1;

	memcpy(w, key, 32);
	for (unsigned int i = 8; i < 4 * (GCM8_ROUNDS + 1); i++) {
		uint32_t t = w[i - 1];

		if (i % 8 == 0) {
			t = sub_word(t >> 8 | t << 24) ^ rcon;
			rcon <<= 1;
		} else if (i % 8 == 4) {
			t = sub_word(t);
		}
		w[i] = w[i - 8] ^ t;
	}
	memcpy(g->rk, w, sizeof(w));
}

static void put_power(struct gcm8 *g, unsigned int i, block h)
{
	vst1q_u8(g->h[i], h);
	vst1q_u8(g->swapped[i], vextq_u8(h, h, 8));
}

void gcm8_setkey(struct gcm8 *g, const uint8_t key[32])
{
	block h;

	expand(g, key);
	h = vrbitq_u8(cipher(g, vdupq_n_u8(0)));
	put_power(g, GCM8_BLOCKS - 1, h);
	for (unsigned int i = GCM8_BLOCKS - 1; i > 0; i--)
		put_power(g, i - 1, times(vld1q_u8(g->h[i]), g, GCM8_BLOCKS - 1));
}

void gcm8_start(struct gcm8 *g, bool encrypt, const uint8_t nonce[12], const uint8_t aad[16])
{
	memcpy(g->first, nonce, 12);
	memcpy(g->first + 12, "\0\0\0\1", 4);
	g->counter = 1;
	g->length = 0;
	g->encrypt = encrypt;
	vst1q_u8(g->acc, times(vrbitq_u8(vld1q_u8(aad)), g, GCM8_BLOCKS - 1));
}

/* n counter blocks, n of data, n of the hash. What n and `encrypt` are is known to the compiler: it keeps all in registers. */
static inline __attribute__((always_inline)) block blocks(const struct gcm8 *g, bool encrypt, unsigned int n, uint32x4_t *counter,
							  block acc, const uint8_t *from, uint8_t *to)
{
	const uint32x4_t one = vsetq_lane_u32(1, vdupq_n_u32(0), 3);
	struct product p = { vdupq_n_u8(0), vdupq_n_u8(0), vdupq_n_u8(0) };
	block b[GCM8_BLOCKS], in[GCM8_BLOCKS];

#pragma GCC unroll 8
	for (unsigned int i = 0; i < n; i++) {
		*counter = vaddq_u32(*counter, one);
		b[i] = vrev32q_u8(vreinterpretq_u8_u32(*counter));
	}
#pragma GCC unroll 13
	for (unsigned int r = 0; r < GCM8_ROUNDS - 1; r++) {
		block k = vld1q_u8(g->rk[r]);

#pragma GCC unroll 8
		for (unsigned int i = 0; i < n; i++)
			b[i] = vaesmcq_u8(vaeseq_u8(b[i], k));
	}
#pragma GCC unroll 8
	for (unsigned int i = 0; i < n; i++) {
		in[i] = vld1q_u8(from + 16 * i);
		b[i] = vaeseq_u8(b[i], vld1q_u8(g->rk[GCM8_ROUNDS - 1]));
		b[i] = veorq_u8(in[i], veorq_u8(b[i], vld1q_u8(g->rk[GCM8_ROUNDS])));
		vst1q_u8(to + 16 * i, b[i]);
	}
#pragma GCC unroll 8
	for (unsigned int i = 0; i < n; i++) {
		block x = vrbitq_u8(encrypt ? b[i] : in[i]);

		add_product(&p, i == 0 ? veorq_u8(x, acc) : x, g->h[GCM8_BLOCKS - n + i], g->swapped[GCM8_BLOCKS - n + i]);
	}
	return reduce(p);
}

/* What is left of a message, less than a block: zeroes fill it up for the hash. */
static block last(struct gcm8 *g, uint32x4_t counter, block acc, const uint8_t *from, uint8_t *to, size_t n)
{
	uint8_t in[16] = { 0 }, out[16] = { 0 }, key[16];

	counter = vaddq_u32(counter, vsetq_lane_u32(1, vdupq_n_u32(0), 3));
	vst1q_u8(key, cipher(g, vrev32q_u8(vreinterpretq_u8_u32(counter))));
	memcpy(in, from, n);
	for (size_t i = 0; i < n; i++)
		to[i] = out[i] = in[i] ^ key[i];
	return times(veorq_u8(acc, vrbitq_u8(vld1q_u8(g->encrypt ? out : in))), g, GCM8_BLOCKS - 1);
}

static inline __attribute__((always_inline)) void update(struct gcm8 *g, bool encrypt, const uint8_t *from, uint8_t *to, size_t n)
{
	uint32x4_t counter = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(g->first)));
	block acc = vld1q_u8(g->acc);

	counter = vsetq_lane_u32(g->counter, counter, 3);
	g->length += n;
	g->counter += (uint32_t)(n / 16);
	for (; n >= 16 * GCM8_BLOCKS; n -= 16 * GCM8_BLOCKS, from += 16 * GCM8_BLOCKS, to += 16 * GCM8_BLOCKS)
		acc = blocks(g, encrypt, GCM8_BLOCKS, &counter, acc, from, to);
	for (; n >= 16; n -= 16, from += 16, to += 16)
		acc = blocks(g, encrypt, 1, &counter, acc, from, to);
	if (n)
		acc = last(g, counter, acc, from, to, n);
	vst1q_u8(g->acc, acc);
}

void gcm8_update(struct gcm8 *g, const uint8_t *from, uint8_t *to, size_t n)
{
	if (g->encrypt)
		update(g, true, from, to, n);
	else
		update(g, false, from, to, n);
}

void gcm8_finish(struct gcm8 *g, uint8_t tag[16])
{
	uint64_t lengths[2] = { __builtin_bswap64(16 * 8), __builtin_bswap64(g->length * 8) };
	block x = veorq_u8(vrbitq_u8(vld1q_u8((const uint8_t *)lengths)), vld1q_u8(g->acc));

	x = vrbitq_u8(times(x, g, GCM8_BLOCKS - 1));
	vst1q_u8(tag, veorq_u8(x, cipher(g, vld1q_u8(g->first))));
}
