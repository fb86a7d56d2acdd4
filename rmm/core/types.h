/* SPDX-License-Identifier: Apache-2.0 */
/* Address types that refuse to mix. A bare uint64_t appears only where registers are decoded. */
#ifndef RMM_CORE_TYPES_H
#define RMM_CORE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../abi/types.h"

typedef struct { uint64_t v; } pa_t;	/* physical address, bytes */
typedef struct { uint64_t v; } ipa_t;	/* a Realm's intermediate physical address, bytes */

static inline pa_t pa(uint64_t v) { return (pa_t){ v }; }
static inline ipa_t ipa(uint64_t v) { return (ipa_t){ v }; }

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define BIT(n)		(1UL << (n))
#define IS_ALIGNED(v, a)	(((v) & ((uint64_t)(a) - 1)) == 0)
#define ALIGN_DOWN(v, a)	((v) & ~((uint64_t)(a) - 1))

#define MAX_CPUS	32

/* A broken invariant of ours; input from outside never gets here. Prints the name and stops the CPU. */
_Noreturn void rmm_panic(const char *what);
#define RMM_ASSERT(c)	do { if (!(c)) rmm_panic(#c); } while (0)

void *memcpy(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);

#endif
