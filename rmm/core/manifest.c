/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Only the DRAM banks are of interest: the console is a fact of the board. The firmware's
 * console checksum leaves fields out, so it could not be checked the same way anyway.
 */
#include "manifest.h"

#include "plat.h"

#define MANIFEST_MAJOR(v)	((v) >> 16 & 0x7fff)
#define MANIFEST_MINOR(v)	((v) & 0xffff)
#define MANIFEST_MINOR_MIN	3

struct manifest_page {
	uint32_t version;
	uint32_t padding;
	uint64_t plat_data;
	uint64_t num_banks;
	uint64_t banks;			/* PA */
	uint64_t checksum;
};

struct manifest_bank {
	uint64_t base, size;
};

/* The one bank we can manage: page aligned, no larger than the table, around our own memory. */
static bool bank_usable(const struct manifest_bank *b)
{
	return IS_ALIGNED(b->base | b->size, GRANULE_SIZE) &&
	       b->size / GRANULE_SIZE <= PLAT_MAX_GRANULES &&
	       b->base <= PLAT_RMM_BASE && b->size <= UINT64_MAX - b->base &&
	       b->base + b->size >= PLAT_RMM_BASE + PLAT_RMM_SIZE;
}

enum boot_code manifest_read(struct manifest *m, const void *page, pa_t page_pa)
{
	struct manifest_page head;
	struct manifest_bank bank;
	uint64_t off;

	memcpy(&head, page, sizeof(head));
	if (MANIFEST_MAJOR(head.version) != 0 || MANIFEST_MINOR(head.version) < MANIFEST_MINOR_MIN)
		return BOOT_MANIFEST_VERSION;
	off = head.banks - page_pa.v;
	if (head.num_banks != 1 || off > GRANULE_SIZE - sizeof(bank) || !IS_ALIGNED(off, 8))
		return BOOT_MANIFEST_DATA;
	memcpy(&bank, (const uint8_t *)page + off, sizeof(bank));
	if (head.num_banks + head.banks + bank.base + bank.size + head.checksum != 0)
		return BOOT_MANIFEST_DATA;
	if (!bank_usable(&bank))
		return BOOT_MANIFEST_DATA;
	m->dram_base = pa(bank.base);
	m->dram_size = bank.size;
	return BOOT_OK;
}
