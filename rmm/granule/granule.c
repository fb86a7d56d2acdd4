/* SPDX-License-Identifier: Apache-2.0 */
/* The granule table: four bytes for each page of the DRAM bank, and every change of state. */
#include "granule.h"

#include "../arch/arch.h"
#include "plat.h"

static struct granule granules[PLAT_MAX_GRANULES];
static uint64_t bank_base;
static uint64_t bank_pages;

/* Which states may follow each. All that is not external memory is entered from and left to DELEGATED. */
static const uint16_t granule_next[GRANULE_NSTATES] = {
	[GRANULE_NS]		= BIT(GRANULE_DELEGATED),
	[GRANULE_DELEGATED]	= BIT(GRANULE_NS) | BIT(GRANULE_RD) | BIT(GRANULE_REC) |
				  BIT(GRANULE_REC_AUX) | BIT(GRANULE_RTT) | BIT(GRANULE_DATA) |
				  BIT(GRANULE_WF) | BIT(GRANULE_WF_AUX) | BIT(GRANULE_CHAN),
	[GRANULE_RD]		= BIT(GRANULE_DELEGATED),
	[GRANULE_REC]		= BIT(GRANULE_DELEGATED),
	[GRANULE_REC_AUX]	= BIT(GRANULE_DELEGATED),
	[GRANULE_RTT]		= BIT(GRANULE_DELEGATED),
	[GRANULE_DATA]		= BIT(GRANULE_DELEGATED),
	[GRANULE_WF]		= BIT(GRANULE_DELEGATED),
	[GRANULE_WF_AUX]	= BIT(GRANULE_DELEGATED),
	[GRANULE_CHAN]		= BIT(GRANULE_DELEGATED),
};

void granule_init(pa_t base, uint64_t size)
{
	RMM_ASSERT(IS_ALIGNED(base.v, GRANULE_SIZE) && size / GRANULE_SIZE <= PLAT_MAX_GRANULES);
	bank_base = base.v;
	bank_pages = size / GRANULE_SIZE;
}

struct granule *granule_find(pa_t a)
{
	uint64_t page = (a.v - bank_base) >> GRANULE_SHIFT;	/* wraps to a huge number below the bank */

	if (!IS_ALIGNED(a.v, GRANULE_SIZE) || page >= bank_pages)
		return NULL;
	if (a.v - PLAT_RMM_BASE < PLAT_RMM_SIZE)
		return NULL;
	return &granules[page];
}

pa_t granule_pa(const struct granule *g)
{
	return pa(bank_base + ((uint64_t)(g - granules) << GRANULE_SHIFT));
}

void *granule_va(const struct granule *g)
{
	return arch_granule_va(granule_pa(g));
}

static enum granule_state granule_state(const struct granule *g)
{
	return __atomic_load_n(&g->state, __ATOMIC_RELAXED);
}

static void granule_set_state(struct granule *g, enum granule_state next)
{
	RMM_ASSERT(granule_next[g->state] & BIT(next));
	RMM_ASSERT(next != GRANULE_DELEGATED || g->refs == 0);
	__atomic_store_n(&g->state, next, __ATOMIC_RELAXED);
}

struct granule *granule_find_lock(pa_t a, enum granule_state want)
{
	struct granule *g = granule_find(a);

	if (g == NULL)
		return NULL;
	spin_lock(&g->lock);
	if (granule_state(g) != want) {
		spin_unlock(&g->lock);
		return NULL;
	}
	return g;
}

void granule_lock(struct granule *g, enum granule_state want)
{
	spin_lock(&g->lock);
	RMM_ASSERT(granule_state(g) == want);
}

void granule_unlock(struct granule *g)
{
	spin_unlock(&g->lock);
}

void granule_unlock_to(struct granule *g, enum granule_state next)
{
	granule_set_state(g, next);
	spin_unlock(&g->lock);
}

void granule_release(struct granule *g)
{
	arch_granule_zero(granule_pa(g));
	granule_unlock_to(g, GRANULE_DELEGATED);
}

/* order[0..i) = indices of requests by ascending address: put request i among them. False if its address is there. */
static bool insert_request(const struct granule_req *reqs, uint8_t *order, unsigned int i)
{
	unsigned int j = i;

	for (; j > 0 && reqs[order[j - 1]].pa.v >= reqs[i].pa.v; j--) {
		if (reqs[order[j - 1]].pa.v == reqs[i].pa.v)
			return false;
		order[j] = order[j - 1];
	}
	order[j] = (uint8_t)i;
	return true;
}

bool granule_lock_set(struct granule_req *reqs, unsigned int n)
{
	uint8_t order[GRANULE_REQ_MAX];

	RMM_ASSERT(n <= GRANULE_REQ_MAX);
	for (unsigned int i = 0; i < n; i++)
		if (!insert_request(reqs, order, i))
			return false;
	for (unsigned int i = 0; i < n; i++) {
		struct granule_req *r = &reqs[order[i]];

		r->g = granule_find_lock(r->pa, r->want);
		if (r->g != NULL)
			continue;
		while (i-- > 0)
			granule_unlock(reqs[order[i]].g);
		return false;
	}
	return true;
}

void granule_unlock_set(struct granule_req *reqs, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		granule_unlock(reqs[i].g);
}

/*
 * No lock: should the granule be delegated between the look and the access, the access faults
 * and says so. The look keeps us from touching memory that is ours through the other alias.
 */
bool granule_is_ns(pa_t a)
{
	const struct granule *g = granule_find(pa(ALIGN_DOWN(a.v, GRANULE_SIZE)));

	return g != NULL && granule_state(g) == GRANULE_NS;
}

bool granule_ns_read(pa_t a, void *dst, size_t size)
{
	return granule_is_ns(a) && arch_ns_read(dst, a, size);
}

bool granule_ns_write(pa_t a, const void *src, size_t size)
{
	return granule_is_ns(a) && arch_ns_write(a, src, size);
}
