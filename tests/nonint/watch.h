/* SPDX-License-Identifier: Apache-2.0 */
/* struct watch as watch.S sees it. */
#ifndef NONINT_WATCH_H
#define NONINT_WATCH_H

#define W_NZCV		248
#define W_STORED	256
#define W_EXCLUSIVE	264
#define W_BEFORE	272
#define W_AFTER		280
#define W_VECTORS	288

#define VECTOR_MAX	256		/* bytes of a Z register */

#ifndef __ASSEMBLER__
#include <stdint.h>

struct watch {
	uint64_t x[31];			/* X0..X7 in, all out */
	uint64_t nzcv, stored;		/* 0: the store-exclusive succeeded */
	uint64_t exclusive;
	uint64_t before, after;		/* counter */
	uint64_t fpcr, fpsr;
	uint8_t vectors[32 * VECTOR_MAX + 17 * (VECTOR_MAX / 8)];
} __attribute__((aligned(16)));
_Static_assert(__builtin_offsetof(struct watch, nzcv) == W_NZCV, "watch");
_Static_assert(__builtin_offsetof(struct watch, stored) == W_STORED, "watch");
_Static_assert(__builtin_offsetof(struct watch, exclusive) == W_EXCLUSIVE, "watch");
_Static_assert(__builtin_offsetof(struct watch, before) == W_BEFORE, "watch");
_Static_assert(__builtin_offsetof(struct watch, after) == W_AFTER, "watch");
_Static_assert(__builtin_offsetof(struct watch, fpcr) == W_VECTORS, "watch");
#endif

#endif
