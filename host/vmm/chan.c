/* SPDX-License-Identifier: Apache-2.0 */
/* Channels: contiguous granules given to the workflow, mapped where its policy says. */
#include "vmm.h"

static int add(struct vmm *vmm, unsigned int index)
{
	const struct mica_blob_channel *rec = blob_channel(&vmm->blob, index);
	struct channel *chan = &vmm->channels[index];

	chan->pages = rec->pages;
	chan->pa = granules(vmm, chan->pages, chan->pages * PAGE >= BLOCK ? BLOCK : PAGE);
	if (chan->pa == 0)
		return -1;
	while (chan->added < chan->pages) {
		if (rmi_queue(vmm, SMC_RMI_MICA, MICA_CHAN_ADD, vmm->wf, index,
			      chan->pa + chan->added * PAGE, 0) < 0)
			return -1;
		chan->added++;
	}
	return rmi_flush(vmm);
}

int chan_add_all(struct vmm *vmm)
{
	unsigned int i;

	for (i = 0; i < vmm->blob.channels; i++)
		if (add(vmm, i) < 0)
			return -1;
	return 0;
}

/* The largest leaf that address, memory and what is left allow. */
static int leaf_level(uint64_t ipa, uint64_t pa, uint64_t left)
{
	return ipa % BLOCK == 0 && pa % BLOCK == 0 && left >= BLOCK ? 2 : 3;
}

static int map_grant(struct vmm *vmm, struct realm *realm, unsigned int index)
{
	const struct mica_blob_grant *g = blob_grant(&vmm->blob, realm->rec->grant_first + index);
	const struct channel *chan = &vmm->channels[g->channel];
	uint64_t size = chan->pages * PAGE, off = 0;

	while (off < size) {
		int level = leaf_level(g->ipa + off, chan->pa + off, size - off);
		struct entry entry = { .at = off, .grant = index, .level = level };

		if (realm_need_tables(vmm, realm, g->ipa + off, level) < 0 ||
		    rmi_queue(vmm, SMC_RMI_MICA, MICA_CHAN_MAP, realm->rd, index, off, level) < 0 ||
		    entries_add(vmm, &realm->mappings, entry) < 0)
			return -1;
		off += entry_size(level);
	}
	return rmi_flush(vmm);
}

int chan_map_all(struct vmm *vmm, struct realm *realm)
{
	unsigned int i;

	for (i = 0; i < realm->rec->grant_count; i++)
		if (map_grant(vmm, realm, i) < 0)
			return -1;
	return 0;
}
