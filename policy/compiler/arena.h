/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory of one compilation: allocated piece by piece, released at once. Running out of it
 * ends the process; the compiler runs on the tenant's own machine and has nothing to save.
 */
#ifndef MICA_POLICY_ARENA_H
#define MICA_POLICY_ARENA_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct arena_block;

struct arena {
	struct arena_block *head;
};

/* Zeroed, aligned for anything. Lives until arena_free(). */
void *arena_alloc(struct arena *a, size_t size);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap);
/* Double *cap (in elements) and move the old elements over; the old array stays valid. */
void *arena_grow(struct arena *a, const void *old, uint32_t *cap, size_t elem);
void arena_free(struct arena *a);

/* A growing array: struct things { VEC_FIELDS(struct thing); }; */
#define VEC_FIELDS(type) type *v; uint32_t n, cap
/* Append one zeroed element and give its address, valid until the next VEC_ADD. */
#define VEC_ADD(a, vec) \
	((void)((vec)->n < (vec)->cap || \
		((vec)->v = arena_grow((a), (vec)->v, &(vec)->cap, sizeof(*(vec)->v)))), \
	 &(vec)->v[(vec)->n++])

#endif
