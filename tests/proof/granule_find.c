/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From address to granule and back, on the board the monitor is built for: its whole table, any bank that fits it,
 * any 64-bit address. No granule is read here; what is done with one is granule.c.
 * Options: --unwind 2
 */
#include "../../rmm/plat/qemu/plat.h"
#include "../../rmm/granule/granule.c"
#include "panic.h"

/* never called: no contents here */
void *arch_granule_va(pa_t a) { (void)a; return NULL; }
void arch_granule_zero(pa_t a) { (void)a; }
bool arch_ns_read(void *dst, pa_t src, size_t size) { (void)dst; (void)src; (void)size; return false; }
bool arch_ns_write(pa_t dst, const void *src, size_t size) { (void)dst; (void)src; (void)size; return false; }

#define PAGES_END	(1UL << 52)	/* no physical address is longer */

static uint64_t base, size;

static void any_bank(void)
{
	base = any_u64();
	size = any_u64();
	ASSUME(size <= PAGES_END && base <= PAGES_END - size);
	may_panic = base % 4096 != 0 || size / 4096 > PLAT_MAX_GRANULES;
	COVER(may_panic && base % 4096 == 0);
	granule_init(pa(base), size);
	assert(!may_panic);
}

/* A whole page of the bank, and no part of it the monitor's. */
static bool delegable(uint64_t a)
{
	return a % 4096 == 0 && a >= base && a < base + size && base + size - a >= 4096 &&
	       (a + 4096 <= PLAT_RMM_BASE || a >= (uint64_t)PLAT_RMM_BASE + PLAT_RMM_SIZE);
}

static void found_iff_delegable(uint64_t a)
{
	struct granule *g = granule_find(pa(a));

	assert((g != NULL) == (delegable(a)));
	COVER(g == NULL && a % 4096 != 0 && a > base && a < base + size);
	COVER(g == NULL && a % 4096 == 0 && a < base);
	COVER(g == NULL && a % 4096 == 0 && a >= base && a < base + size);
	COVER(g == NULL && a > PAGES_END);
	COVER(g != NULL && a == base + size - 4096 && size / 4096 == PLAT_MAX_GRANULES);
	if (g == NULL)
		return;
	assert((uint64_t)(g - granules) == (a - base) / 4096 && (uint64_t)(g - granules) < PLAT_MAX_GRANULES);
	assert(granule_pa(g).v == a);
}

static void no_two_addresses_share(uint64_t a, uint64_t b)
{
	const struct granule *x = granule_find(pa(a)), *y = granule_find(pa(b));

	assert(x == NULL || x != y || a == b);
	COVER(x != NULL && y != NULL && a == b + 4096);
}

void proof(void)
{
	any_bank();
	found_iff_delegable(any_u64());
	no_two_addresses_share(any_u64(), any_u64());
}
