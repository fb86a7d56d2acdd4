/* SPDX-License-Identifier: Apache-2.0 */
/* Memory from the driver: granules, delegated as they are needed, and pages shared with Realms. */
#include <stdlib.h>
#include <string.h>

#include "vmm.h"

#define CHUNK		(4UL << 20)	/* what the kernel finds in one piece without effort */
#define DELEGATE_AHEAD	64		/* granules a batch; at most this many stay unused */

static int remember(struct vmm *vmm, uint64_t pa, uint64_t pages)
{
	struct spans *s = &vmm->delegated;
	size_t cap = s->cap ? 2 * s->cap : 64;
	struct span *v;

	vmm->granules_peak += pages;
	if (s->n && s->v[s->n - 1].pa + s->v[s->n - 1].pages * PAGE == pa) {
		s->v[s->n - 1].pages += pages;
		return 0;
	}
	if (s->n == s->cap) {
		v = reallocarray(s->v, cap, sizeof(*v));
		if (v == NULL)
			return vmm_fail(vmm, "out of memory for %zu spans", cap);
		s->v = v;
		s->cap = cap;
	}
	s->v[s->n++] = (struct span){ pa, pages };
	return 0;
}

static int delegate(struct vmm *vmm, uint64_t pa, uint64_t pages)
{
	uint64_t i;

	/* Remembered first: if a batch fails half way, the way back skips what was not delegated. */
	if (remember(vmm, pa, pages) < 0)
		return -1;
	for (i = 0; i < pages; i++)
		if (rmi_queue(vmm, SMC_RMI_GRANULE_DELEGATE, pa + i * PAGE, 0, 0, 0, 0) < 0)
			return -1;
	return rmi_flush(vmm);
}

static int get_mem(struct vmm *vmm, enum mica_mem_kind kind, uint64_t size, uint64_t align,
		   uint64_t *pa)
{
	int ret = dev_mem(kind, size, align, pa);

	if (ret < 0)
		return vmm_fail(vmm, "the machine has no %llu contiguous bytes left: %s",
				(unsigned long long)size, strerror(-ret));
	return 0;
}

static uint64_t from_pool(struct vmm *vmm)
{
	struct pool *p = &vmm->pool;
	uint64_t pages, pa;

	if (p->next == p->end) {
		if (get_mem(vmm, MICA_MEM_GRANULES, CHUNK, BLOCK, &pa) < 0)
			return 0;
		p->next = p->ready = pa;
		p->end = pa + CHUNK;
	}
	if (p->next == p->ready) {
		pages = min_u64(DELEGATE_AHEAD, (p->end - p->ready) / PAGE);
		if (delegate(vmm, p->ready, pages) < 0)
			return 0;
		p->ready += pages * PAGE;
	}
	pa = p->next;
	p->next += PAGE;
	return pa;
}

uint64_t block(struct vmm *vmm)
{
	struct pool *p = &vmm->blocks;
	uint64_t pa;

	if (p->next == p->end) {
		if (get_mem(vmm, MICA_MEM_GRANULES, CHUNK, BLOCK, &pa) < 0)
			return 0;
		p->next = pa;
		p->end = pa + CHUNK;
	}
	pa = p->next;
	p->next += BLOCK;
	return delegate(vmm, pa, BLOCK / PAGE) < 0 ? 0 : pa;
}

uint64_t granule(struct vmm *vmm)
{
	uint64_t pa = vmm->spare.n ? vmm->spare.v[--vmm->spare.n].at : from_pool(vmm);

	if (pa && vmm->loading && entries_add(vmm, &vmm->loading->granules, (struct entry){ .at = pa }) < 0)
		return 0;
	return pa;
}

uint64_t granules(struct vmm *vmm, uint64_t pages, uint64_t align)
{
	uint64_t pa;

	if (get_mem(vmm, MICA_MEM_GRANULES, pages * PAGE, align, &pa) < 0)
		return 0;
	return delegate(vmm, pa, pages) < 0 ? 0 : pa;
}

void *shared(struct vmm *vmm, uint64_t size, uint64_t *pa)
{
	void *map;

	if (get_mem(vmm, MICA_MEM_SHARED, size, size >= BLOCK ? BLOCK : PAGE, pa) < 0)
		return NULL;
	map = dev_map(*pa, size);
	if (map == NULL)
		vmm_fail(vmm, "cannot map %llu bytes of shared memory", (unsigned long long)size);
	return map;
}
