/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The monitor's address space: stage 1 of EL2&0, 4 KiB granule, 39 bits, walk from level 1. All CPUs
 * share the tables below their root; a root is private for the sake of the CPU's window.
 * W^X: text RX, the rest of the image R or RW never executable; SCTLR_EL2.WXN besides.
 */
#include "mmu.h"

#include "../arch.h"
#include "plat.h"

#define ENTRIES		512

#define D_VALID		BIT(0)
#define D_TABLE		BIT(1)		/* table, or page at level 3 */
#define D_NORMAL	(0UL << 2)	/* MAIR index */
#define D_DEVICE	(1UL << 2)
#define D_NS		BIT(5)
#define D_RO		BIT(7)
#define D_SH_INNER	(3UL << 8)
#define D_AF		BIT(10)
#define D_PXN		BIT(53)
#define D_UXN		BIT(54)
#define D_OA		0x0000fffffffff000UL

#define MAP_TEXT	(D_AF | D_SH_INNER | D_NORMAL | D_RO | D_UXN)
#define MAP_RODATA	(D_AF | D_SH_INNER | D_NORMAL | D_RO | D_UXN | D_PXN)
#define MAP_DATA	(D_AF | D_SH_INNER | D_NORMAL | D_UXN | D_PXN)
#define MAP_DEVICE	(D_AF | D_DEVICE | D_UXN | D_PXN)
#define MAP_NS		(MAP_DATA | D_NS)

#define SIZE_4K		(1UL << 12)
#define SIZE_2M		(1UL << 21)
#define SIZE_1G		(1UL << 30)

typedef uint64_t table_t[ENTRIES] __attribute__((aligned(4096)));

/* identity: 2 for the UART, 1 + one per 2 MiB of image + 1; DRAM maps: a few each for the edges */
#define POOL_TABLES	32
static table_t pool[POOL_TABLES];
static unsigned int pool_used;

static table_t shared_root;
table_t mmu_roots[MAX_CPUS];		/* boot.S computes addresses from it */
static table_t window_l2[MAX_CPUS], window_l3[MAX_CPUS];

uint8_t rmm_stacks[MAX_CPUS][STACK_SLOT] __attribute__((aligned(STACK_SLOT)));
_Static_assert(MAX_CPUS == 32, "boot.S checks the same number");

/* from the linker script */
extern uint8_t rmm_text_start[], rmm_text_end[], rmm_rodata_start[], rmm_rodata_end[];
extern uint8_t rmm_data_start[], rmm_image_end[];

static uint64_t *table_below(uint64_t *entry)
{
	if (!(*entry & D_VALID)) {
		RMM_ASSERT(pool_used < POOL_TABLES);
		*entry = (uint64_t)pool[pool_used++] | D_TABLE | D_VALID;
	}
	return (uint64_t *)(*entry & D_OA);
}

static bool fits(uint64_t va, uint64_t pa, uint64_t size, uint64_t block)
{
	return IS_ALIGNED(va | pa, block) && size >= block;
}

/* Map [va, va + size) to pa with the largest blocks that fit. Never over an existing leaf. */
static void map(uint64_t va, uint64_t pa, uint64_t size, uint64_t attr)
{
	while (size > 0) {
		uint64_t *l1 = &shared_root[va / SIZE_1G], *l2, *leaf = l1;
		uint64_t block = SIZE_1G;

		if (!fits(va, pa, size, SIZE_1G)) {
			l2 = &table_below(l1)[va / SIZE_2M % ENTRIES];
			leaf = l2;
			block = SIZE_2M;
			if (!fits(va, pa, size, SIZE_2M)) {
				leaf = &table_below(l2)[va / SIZE_4K % ENTRIES];
				block = SIZE_4K;
			}
		}
		*leaf = pa | attr | D_VALID | (block == SIZE_4K ? D_TABLE : 0);
		va += block;
		pa += block;
		size -= block;
	}
}

static void map_identity(const void *start, const void *end, uint64_t attr)
{
	map((uint64_t)start, (uint64_t)start, (uint64_t)end - (uint64_t)start, attr);
}

static void publish_root(unsigned int cpu)
{
	memcpy(mmu_roots[cpu], shared_root, sizeof(table_t));
	window_l2[cpu][0] = (uint64_t)window_l3[cpu] | D_TABLE | D_VALID;
	mmu_roots[cpu][VA_WINDOW / SIZE_1G] = (uint64_t)window_l2[cpu] | D_TABLE | D_VALID;
}

void mmu_build_image(void)
{
	map_identity(rmm_text_start, rmm_text_end, MAP_TEXT);
	map_identity(rmm_rodata_start, rmm_rodata_end, MAP_RODATA);
	map_identity(rmm_data_start, rmm_stacks, MAP_DATA);
	for (unsigned int i = 0; i < MAX_CPUS; i++)
		map_identity(rmm_stacks[i] + SIZE_4K, rmm_stacks[i] + STACK_SLOT, MAP_DATA);
	map_identity(rmm_stacks + MAX_CPUS, rmm_image_end, MAP_DATA);
	map(PLAT_SHARED_BASE, PLAT_SHARED_BASE, SIZE_4K, MAP_DATA);
	map(PLAT_UART_BASE, PLAT_UART_BASE, SIZE_4K, MAP_DEVICE);
	publish_root(0);
}

/* The bank less the monitor's own memory, which must have no second address. */
static void map_bank(uint64_t offset, pa_t base, uint64_t size, uint64_t attr)
{
	uint64_t hole_end = PLAT_RMM_BASE + PLAT_RMM_SIZE;

	RMM_ASSERT(base.v <= PLAT_RMM_BASE && base.v + size >= hole_end);
	map(offset + base.v, base.v, PLAT_RMM_BASE - base.v, attr);
	map(offset + hole_end, hole_end, base.v + size - hole_end, attr);
}

void mmu_map_dram(pa_t base, uint64_t size)
{
	map_bank(VA_REALM_MAP, base, size, MAP_DATA);
	map_bank(VA_NS_MAP, base, size, MAP_NS);
	for (unsigned int i = 0; i < MAX_CPUS; i++)
		publish_root(i);
	arch_dsb_ish();
	arch_isb();
}

void *arch_window_map(const pa_t *pages, unsigned int n)
{
	uint64_t *l3 = window_l3[arch_cpu_id()];

	RMM_ASSERT(n <= ARCH_WINDOW_PAGES && l3[0] == 0);
	for (unsigned int i = 0; i < n; i++)
		l3[i] = pages[i].v | MAP_DATA | D_TABLE | D_VALID;
	arch_dsb_ish();
	arch_isb();
	return (void *)VA_WINDOW;
}

void arch_window_unmap(void)
{
	uint64_t *l3 = window_l3[arch_cpu_id()];

	for (unsigned int i = 0; i < ARCH_WINDOW_PAGES && l3[i] != 0; i++) {
		l3[i] = 0;
		arch_dsb_ish();
		arch_tlbi_own(VA_WINDOW + i * SIZE_4K);
	}
}
