/* SPDX-License-Identifier: Apache-2.0 */
/* Arena: blocks of growing size in a list, bump allocation inside. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	_Alignas(16) char data[];
};

#define BLOCK_MIN ((size_t)64 * 1024)
#define BLOCK_MAX ((size_t)8 * 1024 * 1024)

static struct arena_block *block_new(const struct arena *a, size_t need)
{
	size_t size = BLOCK_MIN;
	struct arena_block *b;

	if (a->head != NULL && a->head->size < BLOCK_MAX)
		size = a->head->size * 2;
	else if (a->head != NULL)
		size = BLOCK_MAX;
	if (size < need)
		size = need;
	b = calloc(1, sizeof(*b) + size);
	if (b == NULL) {
		fputs("mica: out of memory\n", stderr);
		abort();
	}
	b->size = size;
	return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
	size_t need = (size + 15) & ~(size_t)15;
	void *p;

	if (a->head == NULL || a->head->size - a->head->used < need) {
		struct arena_block *b = block_new(a, need);

		b->next = a->head;
		a->head = b;
	}
	p = a->head->data + a->head->used;
	a->head->used += need;
	return p;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *p = arena_alloc(a, n + 1);

	memcpy(p, s, n);
	return p;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return p;
}

void *arena_grow(struct arena *a, const void *old, uint32_t *cap, size_t elem)
{
	uint32_t n = *cap;
	void *p;

	*cap = n == 0 ? 2 : n * 2;
	p = arena_alloc(a, (size_t)*cap * elem);
	if (n != 0)
		memcpy(p, old, (size_t)n * elem);
	return p;
}

void arena_free(struct arena *a)
{
	struct arena_block *b = a->head;

	while (b != NULL) {
		struct arena_block *next = b->next;

		free(b);
		b = next;
	}
	a->head = NULL;
}
