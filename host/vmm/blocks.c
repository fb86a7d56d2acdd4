/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RAM in blocks of 2 MiB: loaded page by page, as RMM 1.0 wants it, into granules that lie as the pages do, and folded once it is
 * whole. No measurement knows of it. A folded block is one whose level 3 table is none of the Realm's.
 */
#include <string.h>

#include "vmm.h"

bool in_whole_block(const struct realm *realm, uint64_t ipa)
{
	uint64_t base = align_down(ipa, BLOCK);

	return base >= realm->rec->ram_base && base + BLOCK <= realm->rec->ram_base + realm->rec->ram_size;
}

/* Those of a former load are used first. */
static int next_block(struct vmm *vmm, struct realm *realm)
{
	struct entry entry = { 0 };

	if (realm->blocks_used == realm->blocks.n) {
		entry.at = block(vmm);
		if (entry.at == 0 || entries_add(vmm, &realm->blocks, entry) < 0)
			return -1;
	}
	realm->blocks_used++;
	return 0;
}

uint64_t ram_granule(struct vmm *vmm, struct realm *realm, uint64_t ipa)
{
	if (!in_whole_block(realm, ipa))
		return granule(vmm);
	if (ipa % BLOCK == 0 && next_block(vmm, realm) < 0)
		return 0;
	return realm->blocks.v[realm->blocks_used - 1].at + ipa % BLOCK;
}

static void drop_table(struct realm *realm, size_t i)
{
	struct entries *t = &realm->tables;

	memmove(&t->v[i], &t->v[i + 1], (--t->n - i) * sizeof(t->v[0]));
}

int ram_fold(struct vmm *vmm, struct realm *realm)
{
	size_t i;

	if (rmi_flush(vmm) < 0)
		return -1;
	for (i = realm->tables.n; i > 0; i--) {
		struct entry t = realm->tables.v[i - 1];

		if (t.level != 3 || !in_whole_block(realm, t.at))
			continue;
		if (entries_add(vmm, &realm->unused, t) < 0)
			return -1;
		if (rmi(vmm, SMC_RMI_RTT_FOLD, realm->rd, t.at, 3, 0, 0) < 0) {
			realm->unused.n--;
			return -1;
		}
		drop_table(realm, i - 1);
	}
	return 0;
}

/* Is there a block to be unfolded before the page at ipa, its first, can go? */
bool ram_folded(const struct realm *realm, uint64_t ipa)
{
	return in_whole_block(realm, ipa) && !realm_has_table(realm, align_down(ipa, BLOCK), 3);
}
