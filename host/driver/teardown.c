// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/*
 * Takes down whatever a file left behind, in the order the extension wants: stop, RECs, channel
 * mappings, memory and tables, Realms, channels, workflows, granules. Runs when the last
 * reference to the file is gone, so nothing can be running or added. A step the monitor refuses
 * is reported and skipped; the granules that hang on it are kept from the kernel.
 */
#include <linux/bitmap.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "mica_drv.h"

#define LEAF_LEVEL	3

static u64 entry_size(int level)
{
	return PAGE_SIZE << (9 * (LEAF_LEVEL - level));
}

static void stuck(const char *what, u64 object, u64 status)
{
	pr_err_ratelimited("mica: teardown: %s of %#llx answers %#llx\n", what, object, status);
}

static void stop_workflows(struct mica_ctx *ctx)
{
	struct mica_wf *wf;
	u64 st;

	list_for_each_entry(wf, &ctx->wfs, node) {
		st = mica_smc5(SMC_RMI_MICA, MICA_WF_STOP, wf->pa, 0, 0, 0, NULL);
		if (st != RMI_SUCCESS)
			stuck("WF_STOP", wf->pa, st);
	}
}

static void destroy_recs(struct mica_ctx *ctx)
{
	struct mica_rec *rec, *next;
	u64 st;

	list_for_each_entry_safe(rec, next, &ctx->recs, node) {
		struct mica_call call = { .ctx = ctx, .rec = rec };

		st = mica_smc5(SMC_RMI_REC_DESTROY, rec->pa, 0, 0, 0, 0, NULL);
		if (st != RMI_SUCCESS)
			stuck("REC_DESTROY", rec->pa, st);
		mica_after_rec_destroy(&call, true);
	}
}

/* Every page of a grant that was ever mapped; blocks first, what is not there just fails. */
static void unmap_grant(struct mica_realm *realm, u64 grant, u64 bytes)
{
	u64 off = 0;

	while (off < bytes) {
		if (IS_ALIGNED(off, entry_size(2)) &&
		    mica_smc5(SMC_RMI_MICA, MICA_CHAN_UNMAP, realm->rd, grant, off, 2,
			      NULL) == RMI_SUCCESS) {
			off += entry_size(2);
			continue;
		}
		mica_smc5(SMC_RMI_MICA, MICA_CHAN_UNMAP, realm->rd, grant, off, LEAF_LEVEL, NULL);
		off += PAGE_SIZE;
		cond_resched();
	}
}

static void unmap_channels(struct mica_realm *realm)
{
	unsigned long grant;
	void *entry;

	xa_for_each(&realm->grants, grant, entry)
		unmap_grant(realm, grant, (u64)xa_to_value(entry) << PAGE_SHIFT);
}

static bool split_with(struct mica_realm *realm, u64 base, int level, phys_addr_t granule)
{
	return mica_smc5(SMC_RMI_RTT_CREATE, realm->rd, granule, base, level + 1, 0,
			 NULL) == RMI_SUCCESS;
}

/*
 * Split the block at ipa. The first ones cost the spare granules, every later one a granule
 * of data destroyed just before; all come back with the tables.
 */
static bool unfold(struct mica_ctx *ctx, struct mica_realm *realm, u64 ipa, int level)
{
	u64 base = ALIGN_DOWN(ipa, entry_size(level)), i;

	for (i = 0; i < ctx->spare->pages; i++) {
		phys_addr_t pa = ctx->spare->pa + (i << PAGE_SHIFT);

		if (!test_bit(i, ctx->spare->delegated) && mica_delegate(ctx, pa))
			continue;
		if (split_with(realm, base, level, pa))
			return true;
	}
	return ctx->reuse && split_with(realm, base, level, ctx->reuse);
}

/* Destroy the data from ipa on; returns the next address to look at, always further. */
static u64 clear_protected(struct mica_ctx *ctx, struct mica_realm *realm, u64 ipa)
{
	u64 out[4], st, top;
	int level;

	st = mica_smc5(SMC_RMI_DATA_DESTROY, realm->rd, ipa, 0, 0, 0, out);
	top = out[1];
	if (st == RMI_SUCCESS) {
		ctx->reuse = out[0];
		return max(top, ipa + PAGE_SIZE);
	}
	if (RMI_RET_STATUS(st) == RMI_ERROR_RTT && top > ipa)
		return top;
	/* Something live that is no page of data: a block, or what the monitor keeps from us. */
	level = RMI_RET_INDEX(st);
	if (RMI_RET_STATUS(st) == RMI_ERROR_RTT && level < LEAF_LEVEL && level >= 0) {
		if (unfold(ctx, realm, ipa, level))
			return ipa;
	} else {
		level = LEAF_LEVEL;
	}
	stuck("DATA_DESTROY", ipa, st);
	return ALIGN_DOWN(ipa, entry_size(level)) + entry_size(level);
}

static u64 clear_unprotected(struct mica_realm *realm, u64 ipa)
{
	int level = LEAF_LEVEL;
	u64 out[4], st;

	for (;;) {
		st = mica_smc5(SMC_RMI_RTT_UNMAP_UNPROTECTED, realm->rd, ipa, level, 0, 0, out);
		if (st == RMI_SUCCESS)
			return max(out[0], ipa + entry_size(level));
		if (RMI_RET_STATUS(st) != RMI_ERROR_RTT)
			break;
		if (out[0] > ipa)
			return out[0];
		if (RMI_RET_INDEX(st) >= level)
			break;
		level = RMI_RET_INDEX(st);	/* a block there: once more, at its own level */
	}
	stuck("RTT_UNMAP_UNPROTECTED", ipa, st);
	return ALIGN_DOWN(ipa, entry_size(level)) + entry_size(level);
}

static void clear_leaves(struct mica_ctx *ctx, struct mica_realm *realm)
{
	u64 end = 1ULL << realm->s2sz, ipa = 0;

	while (ipa < end / 2) {
		ipa = clear_protected(ctx, realm, ipa);
		cond_resched();
	}
	ipa = end / 2;
	while (ipa < end) {
		ipa = clear_unprotected(realm, ipa);
		cond_resched();
	}
}

/* All tables at `level`: their parents are entries at level - 1. */
static void destroy_tables(struct mica_realm *realm, int level)
{
	u64 end = 1ULL << realm->s2sz, ipa = 0, out[4], st;

	while (ipa < end) {
		st = mica_smc5(SMC_RMI_RTT_READ_ENTRY, realm->rd, ipa, level - 1, 0, 0, out);
		if (st != RMI_SUCCESS) {
			stuck("RTT_READ_ENTRY", ipa, st);
			return;
		}
		if (out[0] == level - 1 && out[1] == RMI_TABLE) {
			st = mica_smc5(SMC_RMI_RTT_DESTROY, realm->rd, ipa, level, 0, 0, NULL);
			if (st != RMI_SUCCESS)
				stuck("RTT_DESTROY", ipa, st);
		}
		ipa += entry_size(min_t(u64, out[0], level - 1));
		cond_resched();
	}
}

static void destroy_realm(struct mica_ctx *ctx, struct mica_realm *realm)
{
	int level;
	u64 st;

	clear_leaves(ctx, realm);
	for (level = LEAF_LEVEL; level > realm->start_level; level--)
		destroy_tables(realm, level);
	st = mica_smc5(SMC_RMI_REALM_DESTROY, realm->rd, 0, 0, 0, 0, NULL);
	if (st == RMI_SUCCESS) {
		mica_forget_realm(realm);
		return;
	}
	stuck("REALM_DESTROY", realm->rd, st);
	list_del(&realm->node);		/* its VMID stays taken for ever */
	xa_destroy(&realm->grants);
	kfree(realm);
}

static void destroy_workflow(struct mica_wf *wf)
{
	unsigned long chan;
	void *entry;
	u64 left, st;

	xa_for_each(&wf->channels, chan, entry) {
		for (left = xa_to_value(entry); left; left--) {
			st = mica_smc5(SMC_RMI_MICA, MICA_CHAN_REMOVE, wf->pa, chan, 0, 0, NULL);
			if (st != RMI_SUCCESS) {
				stuck("CHAN_REMOVE", chan, st);
				break;
			}
			cond_resched();
		}
	}
	st = mica_smc5(SMC_RMI_MICA, MICA_WF_DESTROY, wf->pa, 0, 0, 0, NULL);
	if (st != RMI_SUCCESS)
		stuck("WF_DESTROY", wf->pa, st);
	mica_forget_wf(wf);
}

static void undelegate_all(struct mica_ctx *ctx)
{
	struct mica_mem *mem;
	unsigned long i;

	list_for_each_entry(mem, &ctx->mems, node) {
		if (!mem->delegated)
			continue;
		for_each_set_bit(i, mem->delegated, mem->pages) {
			mica_undelegate(ctx, mem->pa + ((u64)i << PAGE_SHIFT));
			cond_resched();
		}
	}
}

void mica_teardown(struct mica_ctx *ctx)
{
	struct mica_realm *realm, *next_realm;
	struct mica_wf *wf, *next_wf;

	lockdep_assert_held(&ctx->lock);
	stop_workflows(ctx);
	destroy_recs(ctx);
	list_for_each_entry(realm, &ctx->realms, node)
		unmap_channels(realm);
	list_for_each_entry_safe(realm, next_realm, &ctx->realms, node)
		destroy_realm(ctx, realm);
	list_for_each_entry_safe(wf, next_wf, &ctx->wfs, node)
		destroy_workflow(wf);
	undelegate_all(ctx);
}
