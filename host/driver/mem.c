// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Memory of a file: contiguous pages that may be delegated, or shared with user space. The two
 * kinds never mix, so no user mapping can hit a granule that left the non-secure world.
 */
#include <linux/bitmap.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "mica_drv.h"

#define GFP_MICA	(GFP_KERNEL_ACCOUNT | __GFP_NOWARN | __GFP_RETRY_MAYFAIL)

static void free_pages_from(struct page *page, u64 pages)
{
	while (pages--)
		__free_page(page++);
}

/* Exactly `pages` single pages in a row, aligned: the surplus of a power of two goes back. */
static struct page *alloc_run(u64 pages, u64 align, gfp_t gfp)
{
	u64 want = roundup_pow_of_two(max(pages, align >> PAGE_SHIFT));
	unsigned int order = ilog2(want);
	struct page *page = NULL;

	if (order <= MAX_PAGE_ORDER) {
		page = alloc_pages(gfp, order);
		if (page)
			split_page(page, order);
	}
	if (!page)
		page = alloc_contig_pages(want, gfp & ~__GFP_ZERO, NUMA_NO_NODE, NULL);
	if (!page)
		return NULL;
	free_pages_from(page + pages, want - pages);
	return page;
}

struct mica_mem *mica_mem_alloc(struct mica_ctx *ctx, enum mica_mem_kind kind, u64 size, u64 align)
{
	u64 pages = size >> PAGE_SHIFT, i;
	struct mica_mem *mem;

	mem = kzalloc(sizeof(*mem), GFP_KERNEL_ACCOUNT);
	if (!mem)
		return NULL;
	mem->kind = kind;
	mem->pages = pages;
	if (kind == MICA_MEM_GRANULES) {
		mem->delegated = bitmap_zalloc(pages, GFP_KERNEL_ACCOUNT);
		if (!mem->delegated)
			goto free_mem;
	}
	mem->first = alloc_run(pages, align, GFP_MICA);
	if (!mem->first)
		goto free_bits;
	if (kind == MICA_MEM_SHARED)
		for (i = 0; i < pages; i++)
			clear_page(page_address(mem->first + i));
	mem->pa = page_to_phys(mem->first);
	list_add(&mem->node, &ctx->mems);
	return mem;

free_bits:
	bitmap_free(mem->delegated);
free_mem:
	kfree(mem);
	return NULL;
}

struct mica_mem *mica_mem_find(struct mica_ctx *ctx, enum mica_mem_kind kind, u64 pa, u64 size)
{
	struct mica_mem *mem;

	list_for_each_entry(mem, &ctx->mems, node) {
		u64 bytes = mem->pages << PAGE_SHIFT;

		if (mem->kind == kind && pa >= mem->pa && size <= bytes &&
		    pa - mem->pa <= bytes - size)
			return mem;
	}
	return NULL;
}

void *mica_mem_page(struct mica_mem *mem, u64 pa)
{
	return page_address(mem->first + ((pa - mem->pa) >> PAGE_SHIFT));
}

int mica_mem_mmap(struct mica_ctx *ctx, struct vm_area_struct *vma)
{
	u64 size = vma->vm_end - vma->vm_start;
	struct mica_mem *mem;

	if (vma->vm_pgoff > PHYS_ADDR_MAX >> PAGE_SHIFT || !(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	mutex_lock(&ctx->lock);
	mem = mica_mem_find(ctx, MICA_MEM_SHARED, (u64)vma->vm_pgoff << PAGE_SHIFT, size);
	mutex_unlock(&ctx->lock);
	if (!mem)
		return -EINVAL;
	/* The mapping holds the file, and the file holds the memory until it is released. */
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP | VM_DONTCOPY);
	return remap_pfn_range(vma, vma->vm_start, vma->vm_pgoff, size, vma->vm_page_prot);
}

static void release_one(struct mica_mem *mem)
{
	u64 i;

	for (i = 0; i < mem->pages; i++) {
		if (mem->delegated && test_bit(i, mem->delegated))
			pr_err("mica: granule %pa is lost: the monitor keeps it\n",
			       &(phys_addr_t){ mem->pa + (i << PAGE_SHIFT) });
		else
			__free_page(mem->first + i);
		cond_resched();
	}
	bitmap_free(mem->delegated);
	kfree(mem);
}

void mica_mem_release(struct mica_ctx *ctx)
{
	struct mica_mem *mem, *next;

	list_for_each_entry_safe(mem, next, &ctx->mems, node) {
		list_del(&mem->node);
		release_one(mem);
	}
}
