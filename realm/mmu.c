/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The component's own view of memory, built before the MMU is on: what the image may do to
 * itself (text read and execute, constants read, the rest never execute, nothing under the
 * stacks), and channels and windows with no more rights than stage 2 gives them. Virtual = IPA.
 */
#include "libmica.h"

#define PAGE		4096UL
#define BLOCK		(2UL << 20)
#define VA_BITS		48

#define DESC_TABLE	3UL
#define DESC_PAGE	3UL
#define DESC_BLOCK	1UL
#define DESC_RO		(1UL << 7)
#define DESC_SH_INNER	(3UL << 8)
#define DESC_AF		(1UL << 10)
#define DESC_PXN	(1UL << 53)
#define DESC_UXN	(1UL << 54)
#define DESC_ADDR	0x0000fffffffff000UL

#define MAP_BASE	(DESC_SH_INNER | DESC_AF | DESC_UXN)	/* attribute 0 of MAIR */
#define MAP_RX		(MAP_BASE | DESC_RO)
#define MAP_R		(MAP_BASE | DESC_RO | DESC_PXN)
#define MAP_RW		(MAP_BASE | DESC_PXN)

#define TCR_T0SZ	(64UL - VA_BITS)
#define TCR_WB		(1UL << 8 | 1UL << 10 | 3UL << 12)	/* walks: write-back, inner shareable */
#define TCR_EPD1	(1UL << 23)
#define TCR_IPS_48	(5UL << 32)

static uint64_t *root;
static uint64_t pool, pool_end;		/* tables are taken from free RAM, which is zero */

static uint64_t *table_new(void)
{
	uint64_t *t = (uint64_t *)pool;

	if (pool + PAGE > pool_end)
		mica_panic("no memory for translation tables");
	pool += PAGE;
	return t;
}

/* The entry for va at `level`, tables above it made as needed. */
static uint64_t *entry(uint64_t va, int level)
{
	uint64_t *t = root;

	for (int l = 0; ; l++) {
		uint64_t *e = &t[va >> (39 - 9 * l) & 511];

		if (l == level)
			return e;
		if (!*e)
			*e = (uint64_t)table_new() | DESC_TABLE;
		t = (uint64_t *)(*e & DESC_ADDR);
	}
}

static void map(uint64_t from, uint64_t to, uint64_t attr)
{
	while (from < to) {
		if (from % BLOCK == 0 && to - from >= BLOCK) {
			*entry(from, 2) = from | attr | DESC_BLOCK;
			from += BLOCK;
		} else {
			*entry(from, 3) = from | attr | DESC_PAGE;
			from += PAGE;
		}
	}
}

static void map_grants(void)
{
	struct mica_grant g;

	for (unsigned int i = 0; mica_grant(i, &g) == 0; i++)
		map((uint64_t)g.base, (uint64_t)g.base + g.size,
		    g.rights == MICA_GRANT_RW ? MAP_RW : MAP_R);
}

static void map_windows(void)
{
	char name[MICA_NAME_SIZE];
	struct mica_window w;
	unsigned int kind;

	for (unsigned int i = 0; mica_region(i, &w, &kind, name) == 0; i++)
		if (kind == MICA_REGION_WINDOW)
			map((uint64_t)w.base, (uint64_t)w.base + w.size,
			    w.rights & MICA_REGION_WRITE ? MAP_RW : MAP_R);
}

struct mmu_regs {
	uint64_t ttbr, tcr;
};

/* Called by start.S; the result arrives in X0 and X1. */
struct mmu_regs mmu_build(void);
struct mmu_regs mmu_build(void)
{
	self_init();
	pool = (uint64_t)__heap;
	pool_end = self_ram_top();
	root = table_new();

	map((uint64_t)__text, (uint64_t)__rodata, MAP_RX);
	map((uint64_t)__rodata, (uint64_t)__data, MAP_R);
	map((uint64_t)__data, (uint64_t)__data_end, MAP_RW);
	map((uint64_t)__fault_stack, (uint64_t)__fault_stack_top, MAP_RW);
	map((uint64_t)__stack, (uint64_t)__stack_top, MAP_RW);
	/* The heap itself stays unmapped: nothing uses it but these tables, which are final. */
	map_grants();
	map_windows();
	cpus_init((uint64_t)root, TCR_T0SZ | TCR_WB | TCR_EPD1 | TCR_IPS_48);

	return (struct mmu_regs){
		.ttbr = (uint64_t)root,
		.tcr = TCR_T0SZ | TCR_WB | TCR_EPD1 | TCR_IPS_48,
	};
}
