/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory for Mbed TLS: a fixed piece that belongs to one computation, wherever that runs. The CPU
 * that carries on with the computation enters its arena first and leaves it before it does
 * anything else; what is allocated may hold pointers into the arena, so it must be mapped at the
 * same address every time.
 */
#ifndef RMM_ATTEST_ARENA_H
#define RMM_ATTEST_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct arena {
	uint32_t size;			/* of mem, bytes */
	uint32_t peak;			/* most of mem ever in use, for sizing */
	uint8_t mem[] __attribute__((aligned(16)));
};

/* Make @size bytes at @a an empty arena. */
void arena_init(struct arena *a, size_t size);
/* All arena_calloc() and arena_free() of this CPU from now on; NULL: leave. */
void arena_enter(struct arena *a);

/* Zeroed memory, 16-byte aligned; NULL when there is none. Freed memory is wiped. */
void *arena_calloc(size_t n, size_t size);
void arena_free(void *p);

#endif
