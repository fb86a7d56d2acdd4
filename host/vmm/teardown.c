/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way back, in the order the extension wants: RECs, channel mappings, memory and tables,
 * Realms, channels, workflow, granules. Called with the workflow stopped and no thread left; a
 * refused call is stepped over, since the driver takes down what remains when the file closes.
 */
#include <string.h>

#include "vmm.h"

static void queue(struct vmm *vmm, uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3,
		  uint64_t x4)
{
	struct batch *b = &vmm->batch;

	if (b->n == MICA_RMI_BATCH)
		rmi_drain(vmm);
	b->calls[b->n++] = (struct mica_rmi_call){ { fid, x1, x2, x3, x4 } };
}

static void destroy_recs(struct vmm *vmm, struct realm *realm)
{
	unsigned int i;

	for (i = 0; i < realm->n_recs; i++)
		queue(vmm, SMC_RMI_REC_DESTROY, realm->recs[i].pa, 0, 0, 0);
	realm->n_recs = 0;
}

static void unmap_channels(struct vmm *vmm, struct realm *realm)
{
	size_t i;

	for (i = 0; i < realm->mappings.n; i++) {
		const struct entry *m = &realm->mappings.v[i];

		queue(vmm, SMC_RMI_MICA, MICA_CHAN_UNMAP, realm->rd, m->grant, m->at);
		vmm->batch.calls[vmm->batch.n - 1].x[5] = m->level;
	}
	realm->mappings.n = 0;
}

static void unmap_window(struct vmm *vmm, struct realm *realm, struct window *w)
{
	size_t i;

	for (i = 0; i < w->leaves.n; i++)
		queue(vmm, SMC_RMI_RTT_UNMAP_UNPROTECTED, realm->rd, w->leaves.v[i].at,
		      w->leaves.v[i].level, 0);
	w->leaves.n = 0;
}

/* Page by page; a block is unfolded before, and its table goes again at once, to be the next one's. */
static void destroy_ram(struct vmm *vmm, struct realm *realm)
{
	uint64_t ipa = realm->rec->ram_base, end = ipa + realm->data_pages * PAGE;
	bool folded = false;

	for (; ipa < end; ipa += PAGE) {
		if (ipa % BLOCK == 0)
			folded = ram_folded(realm, ipa);
		if (folded && ipa % BLOCK == 0)
			queue(vmm, SMC_RMI_RTT_CREATE, realm->rd, realm->unused.v[0].pa, ipa, 3);
		queue(vmm, SMC_RMI_DATA_DESTROY, realm->rd, ipa, 0, 0);
		if (folded && (ipa + PAGE) % BLOCK == 0)
			queue(vmm, SMC_RMI_RTT_DESTROY, realm->rd, align_down(ipa, BLOCK), 3, 0);
	}
	realm->data_pages = 0;
	realm->blocks_used = 0;
	realm->unused.n = 0;
}

static void empty_realm(struct vmm *vmm, struct realm *realm)
{
	unsigned int i;

	destroy_ram(vmm, realm);
	for (i = 0; i < realm->n_windows; i++)
		unmap_window(vmm, realm, &realm->windows[i]);
	/* Tables were created from the root on, so the reverse order is bottom up. */
	while (realm->tables.n) {
		const struct entry *t = &realm->tables.v[--realm->tables.n];

		queue(vmm, SMC_RMI_RTT_DESTROY, realm->rd, t->at, t->level, 0);
	}
}

static void destroy_realm(struct vmm *vmm, struct realm *realm)
{
	empty_realm(vmm, realm);
	queue(vmm, SMC_RMI_REALM_DESTROY, realm->rd, 0, 0, 0);
	realm->rd = 0;
}

static void destroy_workflow(struct vmm *vmm)
{
	unsigned int i;

	for (i = 0; i < vmm->blob.channels; i++)
		for (; vmm->channels[i].added; vmm->channels[i].added--)
			queue(vmm, SMC_RMI_MICA, MICA_CHAN_REMOVE, vmm->wf, i, 0);
	queue(vmm, SMC_RMI_MICA, MICA_WF_DESTROY, vmm->wf, 0, 0);
	vmm->wf = 0;
}

static void undelegate(struct vmm *vmm)
{
	uint64_t page;
	size_t i;

	for (i = 0; i < vmm->delegated.n; i++)
		for (page = 0; page < vmm->delegated.v[i].pages; page++)
			queue(vmm, SMC_RMI_GRANULE_UNDELEGATE, vmm->delegated.v[i].pa + page * PAGE,
			      0, 0, 0);
	vmm->delegated.n = 0;
}

static void each_realm(struct vmm *vmm, void (*step)(struct vmm *, struct realm *))
{
	unsigned int i;

	for (i = 0; i < vmm->n_realms; i++)
		if (vmm->realms[i].rd)
			step(vmm, &vmm->realms[i]);
}

void realm_strip(struct vmm *vmm, struct realm *realm)
{
	destroy_recs(vmm, realm);
	unmap_channels(vmm, realm);
	empty_realm(vmm, realm);
	rmi_drain(vmm);
}

void realm_unload(struct vmm *vmm, struct realm *realm)
{
	realm_strip(vmm, realm);
	queue(vmm, SMC_RMI_REALM_DESTROY, realm->rd, 0, 0, 0);
	rmi_drain(vmm);
	realm->rd = 0;
}

void workflow_teardown(struct vmm *vmm)
{
	vmm->batch.n = 0;	/* what a failed load left queued is not made any more */
	each_realm(vmm, destroy_recs);
	each_realm(vmm, unmap_channels);
	each_realm(vmm, destroy_realm);
	if (vmm->wf)
		destroy_workflow(vmm);
	undelegate(vmm);
	rmi_drain(vmm);
}
