/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RMI_RTT_MAP_UNPROTECTED, RMI_RTT_UNMAP_UNPROTECTED: host memory in the upper half of a Realm's
 * address space. Any address may be mapped; hardware faults where it is not Non-secure.
 */
#include "../arch/arch.h"
#include "../mica/hooks.h"
#include "rtt_internal.h"

#define DESC_ATTR	(7UL << RMI_DESC_MEMATTR_SHIFT | 3UL << RMI_DESC_S2AP_SHIFT)
#define DESC_MEMATTR(d)	((d) >> RMI_DESC_MEMATTR_SHIFT & 7)
#define MEMATTR_RESERVED 4
#define OA_LIMIT	(1UL << 48)	/* no LPA2 */
#define MIN_BLOCK_LEVEL	1

static bool args_valid(const struct s2_root *r, ipa_t a, int64_t level)
{
	return level >= MIN_BLOCK_LEVEL && rtt_entry_args_valid(r, a, level) &&
	       !s2_in_par(r, a, 1);
}

/* Output address aligned to the level, MemAttr, S2AP, and nothing else. */
static bool desc_valid(uint64_t desc, int level)
{
	uint64_t oa = desc & ~DESC_ATTR;

	return oa < OA_LIMIT && IS_ALIGNED(oa, s2_entry_size(level)) &&
	       DESC_MEMATTR(desc) != MEMATTR_RESERVED;
}

static uint64_t map(struct rd *rd, ipa_t a, int64_t level, uint64_t desc)
{
	const struct s2_entry leaf = {
		.kind = S2_ASSIGNED_NS,
		.pa = pa(desc & ~DESC_ATTR),
		.attr = desc & DESC_ATTR,
	};
	struct s2_walk w;
	uint64_t status;

	if (!args_valid(&rd->s2, a, level) || !desc_valid(desc, (int)level))
		return RMI_ERROR_INPUT;
	status = mica_may(rd, MICA_CMD_MAP_UNPROTECTED);
	if (status == RMI_SUCCESS)
		status = mica_may_window(rd, a, (int)level, desc);
	if (status != RMI_SUCCESS)
		return status;
	s2_walk_lock(&rd->s2, a, (int)level, &w);
	if (w.level < level || s2_walk_entry(&w).kind != S2_UNASSIGNED_NS) {
		status = RMI_RET(RMI_ERROR_RTT, w.level);
	} else {
		s2_walk_set(&w, &leaf, &rd->s2, a, S2_FLUSH_NONE);
		mica_count_windows(rd, (int64_t)(s2_entry_size((int)level) / GRANULE_SIZE));
	}
	s2_walk_end(&w);
	return status;
}

void rmi_rtt_map_unprotected(const struct rmi_args *in, struct rmi_result *out)
{
	struct granule *g = granule_find_lock(pa(in->x[1]), GRANULE_RD);

	if (g == NULL) {
		out->x[0] = RMI_ERROR_INPUT;
		return;
	}
	out->x[0] = map(granule_va(g), ipa(in->x[2]), (int64_t)in->x[3], in->x[4]);
	granule_unlock(g);
}

static uint64_t unmap(struct rd *rd, ipa_t a, int64_t level, uint64_t *top)
{
	const struct s2_entry gone = { .kind = S2_UNASSIGNED_NS };
	struct s2_walk w;
	uint64_t status;

	if (!args_valid(&rd->s2, a, level))
		return RMI_ERROR_INPUT;
	status = mica_may(rd, MICA_CMD_DESTROY);
	if (status != RMI_SUCCESS)
		return status;
	s2_walk_lock(&rd->s2, a, (int)level, &w);
	if (w.level < level || s2_walk_entry(&w).kind != S2_ASSIGNED_NS) {
		status = RMI_RET(RMI_ERROR_RTT, w.level);
	} else {
		s2_walk_set(&w, &gone, &rd->s2, a, S2_FLUSH_ENTRY);
		mica_count_windows(rd, -(int64_t)(s2_entry_size((int)level) / GRANULE_SIZE));
	}
	*top = rtt_top(&w, a);
	s2_walk_end(&w);
	return status;
}

void rmi_rtt_unmap_unprotected(const struct rmi_args *in, struct rmi_result *out)
{
	struct granule *g = granule_find_lock(pa(in->x[1]), GRANULE_RD);

	if (g == NULL) {
		out->x[0] = RMI_ERROR_INPUT;
		return;
	}
	out->x[0] = unmap(granule_va(g), ipa(in->x[2]), (int64_t)in->x[3], &out->x[1]);
	granule_unlock(g);
}
