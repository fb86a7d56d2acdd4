// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * What a file holds in the monitor: Realms, RECs, workflows, and how far channels and grants
 * were populated. Enough to take everything down, no more. Records are prepared before a
 * creating call, so nothing can fail once the monitor said yes.
 */
#include <linux/idr.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "mica_drv.h"

#define VMID_MAX	255		/* what every implementation has */

static DEFINE_IDA(vmids);

struct mica_wf *mica_find_wf(struct mica_ctx *ctx, u64 pa)
{
	struct mica_wf *wf;

	list_for_each_entry(wf, &ctx->wfs, node)
		if (wf->pa == pa)
			return wf;
	return NULL;
}

struct mica_realm *mica_find_realm(struct mica_ctx *ctx, u64 rd)
{
	struct mica_realm *realm;

	list_for_each_entry(realm, &ctx->realms, node)
		if (realm->rd == rd)
			return realm;
	return NULL;
}

struct mica_rec *mica_find_rec(struct mica_ctx *ctx, u64 pa)
{
	struct mica_rec *rec;

	list_for_each_entry(rec, &ctx->recs, node)
		if (rec->pa == pa)
			return rec;
	return NULL;
}

static bool granules_ours(struct mica_ctx *ctx, const u64 *pa, u64 count)
{
	u64 i;

	for (i = 0; i < count; i++)
		if (!mica_mem_find(ctx, MICA_MEM_GRANULES, pa[i], PAGE_SIZE))
			return false;
	return true;
}

/* The monitor checks values; what must be ours are the granules the page names. */
int mica_take_realm_params(struct mica_call *call, void *page)
{
	struct rmi_realm_params *p = page;
	u64 size = (u64)p->rtt_num_start << PAGE_SHIFT;

	if (size == 0 || !mica_mem_find(call->ctx, MICA_MEM_GRANULES, p->rtt_base, size))
		return -EPERM;
	return 0;
}

int mica_before_realm_create(struct mica_call *call)
{
	struct rmi_realm_params *p = call->ctx->params;
	struct mica_realm *realm;
	int vmid;

	realm = kzalloc(sizeof(*realm), GFP_KERNEL_ACCOUNT);
	if (!realm)
		return -ENOMEM;
	/* VMIDs belong to the machine, so the driver chooses; no measurement holds them. */
	vmid = ida_alloc_range(&vmids, 1, VMID_MAX, GFP_KERNEL);
	if (vmid < 0) {
		kfree(realm);
		return vmid;
	}
	p->vmid = vmid;
	realm->vmid = vmid;
	realm->s2sz = p->s2sz;
	realm->start_level = p->rtt_level_start;
	xa_init(&realm->grants);
	call->made = realm;
	return 0;
}

int mica_take_rec_params(struct mica_call *call, void *page)
{
	struct rmi_rec_params *p = page;

	if (p->num_aux > RMI_MAX_REC_AUX)
		return -EINVAL;
	return granules_ours(call->ctx, p->aux, p->num_aux) ? 0 : -EPERM;
}

int mica_take_wf_params(struct mica_call *call, void *page)
{
	struct mica_wf_params *p = page;

	if (p->n_aux > MICA_WF_MAX_AUX || p->blob_size == 0 || p->blob_size > MICA_BLOB_MAX)
		return -EINVAL;
	if (!mica_mem_find(call->ctx, MICA_MEM_SHARED, p->blob_pa, p->blob_size))
		return -EPERM;
	return granules_ours(call->ctx, p->aux, p->n_aux) ? 0 : -EPERM;
}

static void free_realm(struct mica_realm *realm)
{
	ida_free(&vmids, realm->vmid);
	xa_destroy(&realm->grants);
	kfree(realm);
}

void mica_forget_realm(struct mica_realm *realm)
{
	list_del(&realm->node);
	free_realm(realm);
}

void mica_after_realm_create(struct mica_call *call, bool success)
{
	struct mica_realm *realm = call->made;

	if (!success) {
		free_realm(realm);
		return;
	}
	realm->rd = call->in[0] == SMC_RMI_MICA ? call->in[2] : call->in[1];
	list_add(&realm->node, &call->ctx->realms);
}

void mica_after_realm_destroy(struct mica_call *call, bool success)
{
	if (success)
		mica_forget_realm(call->realm);
}

int mica_before_rec_create(struct mica_call *call)
{
	call->made = kzalloc(sizeof(struct mica_rec), GFP_KERNEL_ACCOUNT);
	return call->made ? 0 : -ENOMEM;
}

void mica_after_rec_create(struct mica_call *call, bool success)
{
	struct mica_rec *rec = call->made;

	if (!success) {
		kfree(rec);
		return;
	}
	rec->pa = call->in[2];
	rec->realm = call->realm;
	list_add(&rec->node, &call->ctx->recs);
}

int mica_before_rec_destroy(struct mica_call *call)
{
	return call->rec->busy ? -EBUSY : 0;
}

void mica_after_rec_destroy(struct mica_call *call, bool success)
{
	if (!success)
		return;
	list_del(&call->rec->node);
	kfree(call->rec);
}

int mica_before_wf_create(struct mica_call *call)
{
	struct mica_wf *wf = kzalloc(sizeof(*wf), GFP_KERNEL_ACCOUNT);

	if (!wf)
		return -ENOMEM;
	wf->pa = call->x[2];
	xa_init(&wf->channels);
	call->made = wf;
	return 0;
}

void mica_after_wf_create(struct mica_call *call, bool success)
{
	struct mica_wf *wf = call->made;

	if (success)
		list_add(&wf->node, &call->ctx->wfs);
	else
		kfree(wf);
}

void mica_forget_wf(struct mica_wf *wf)
{
	list_del(&wf->node);
	xa_destroy(&wf->channels);
	kfree(wf);
}

void mica_after_wf_destroy(struct mica_call *call, bool success)
{
	if (success)
		mica_forget_wf(call->wf);
}

/* Counters live in an xarray entry that exists before the call, so storing cannot fail. */
static int prepare_count(struct xarray *xa, u64 index)
{
	if (index >= MICA_MAX_GRANTS)
		return 0;	/* the monitor refuses it */
	return xa_insert(xa, index, xa_mk_value(0), GFP_KERNEL_ACCOUNT) == -ENOMEM ? -ENOMEM : 0;
}

static u64 count_of(struct xarray *xa, u64 index)
{
	void *entry = xa_load(xa, index);

	return entry ? xa_to_value(entry) : 0;
}

int mica_before_chan_add(struct mica_call *call)
{
	return prepare_count(&call->wf->channels, call->x[3]);
}

void mica_after_chan_add(struct mica_call *call, bool success)
{
	struct xarray *xa = &call->wf->channels;
	u64 chan = call->in[3];

	if (success)
		xa_store(xa, chan, xa_mk_value(count_of(xa, chan) + 1), GFP_NOWAIT);
}

void mica_after_chan_remove(struct mica_call *call, bool success)
{
	struct xarray *xa = &call->wf->channels;
	u64 chan = call->in[3], count = count_of(xa, chan);

	if (success && count)
		xa_store(xa, chan, xa_mk_value(count - 1), GFP_NOWAIT);
}

int mica_before_chan_map(struct mica_call *call)
{
	return prepare_count(&call->realm->grants, call->x[3]);
}

/* Only the far end is kept: teardown tries every page up to it. */
void mica_after_chan_map(struct mica_call *call, bool success)
{
	struct xarray *xa = &call->realm->grants;
	u64 grant = call->in[3], size, end;

	if (!success)
		return;
	size = call->in[5] == 2 ? PMD_SIZE : PAGE_SIZE;
	end = (call->in[4] + size) >> PAGE_SHIFT;
	if (end > count_of(xa, grant))
		xa_store(xa, grant, xa_mk_value(end), GFP_NOWAIT);
}
