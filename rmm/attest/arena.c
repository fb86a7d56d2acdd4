/* SPDX-License-Identifier: Apache-2.0 */
/*
 * First fit over blocks that lie one behind the other; neighbours that are free join when a
 * search passes them. A signature keeps a few dozen blocks alive, so the walk is short.
 */
#include <mbedtls/platform_util.h>

#include "../arch/arch.h"
#include "arena.h"

struct block {
	uint32_t size;			/* of what follows, a multiple of 16 */
	uint32_t used;
	uint64_t pad;			/* keeps what follows aligned */
};
_Static_assert(sizeof(struct block) == 16, "blocks are aligned by their sizes");

#define SPLIT_MIN	(2 * sizeof(struct block))

static struct arena *current[MAX_CPUS];

void arena_init(struct arena *a, size_t size)
{
	struct block *first = (struct block *)(void *)a->mem;

	a->size = (uint32_t)ALIGN_DOWN(size - sizeof(*a), sizeof(struct block));
	a->peak = 0;
	first->size = a->size - (uint32_t)sizeof(*first);
	first->used = 0;
}

void arena_enter(struct arena *a)
{
	current[arch_cpu_id()] = a;
}

static struct block *next_block(const struct arena *a, struct block *b)
{
	uint8_t *end = (uint8_t *)(b + 1) + b->size;

	return end < a->mem + a->size ? (struct block *)(void *)end : NULL;
}

/* Swallow the free neighbours above a free block. */
static void join(const struct arena *a, struct block *b)
{
	for (struct block *n = next_block(a, b); n != NULL && !n->used; n = next_block(a, b))
		b->size += (uint32_t)sizeof(*n) + n->size;
}

/* Give back what a block does not need, if that makes a block of its own. */
static void split(struct block *b, uint32_t size)
{
	if (b->size - size >= SPLIT_MIN) {
		struct block *rest = (struct block *)(void *)((uint8_t *)(b + 1) + size);

		rest->size = b->size - size - (uint32_t)sizeof(*rest);
		rest->used = 0;
		b->size = size;
	}
}

void *arena_calloc(size_t n, size_t size)
{
	struct arena *a = current[arch_cpu_id()];
	uint32_t want, top;
	struct block *b;

	RMM_ASSERT(a != NULL);
	if (n == 0 || size == 0 || n > a->size / size)
		return NULL;
	want = (uint32_t)((n * size + sizeof(*b) - 1) & ~(sizeof(*b) - 1));
	for (b = (struct block *)(void *)a->mem; b != NULL; b = next_block(a, b)) {
		if (b->used)
			continue;
		join(a, b);
		if (b->size < want)
			continue;
		split(b, want);
		b->used = 1;
		top = (uint32_t)((uint8_t *)(b + 1) - a->mem) + b->size;
		if (top > a->peak)
			a->peak = top;
		memset(b + 1, 0, b->size);
		return b + 1;
	}
	return NULL;
}

void arena_free(void *p)
{
	const struct arena *a = current[arch_cpu_id()];
	struct block *b;

	if (p == NULL)
		return;
	b = (struct block *)p - 1;
	RMM_ASSERT(a != NULL && (uint8_t *)b >= a->mem && (uint8_t *)p < a->mem + a->size && b->used);
	mbedtls_platform_zeroize(p, b->size);
	b->used = 0;
}

/*
 * Mbed TLS and this folder wipe secrets with it (MBEDTLS_PLATFORM_ZEROIZE_ALT). Callers are
 * compiled in other files, so no compiler can see that nobody reads the zeroes and drop them.
 */
void mbedtls_platform_zeroize(void *buf, size_t size)
{
	if (size > 0)
		memset(buf, 0, size);
}
