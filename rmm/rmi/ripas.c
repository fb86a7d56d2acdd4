/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RMI_RTT_INIT_RIPAS, RMI_RTT_SET_RIPAS. Both go over neighbouring entries of one table and stop early where
 * they must; what they reached is an output, and the host calls again for the rest.
 */
#include "../../lib/measure/measure.h"
#include "../arch/arch.h"
#include "../mica/hooks.h"
#include "../realm/rec.h"
#include "rtt_internal.h"

/* The part of [base, top) that one table covers, entry by entry. */
struct range_walk {
	struct s2_walk w;
	ipa_t at;			/* address of the entry at w.idx */
	uint64_t top;
};

static uint64_t range_size(const struct range_walk *rw)
{
	return s2_entry_size(rw->w.level);
}

/* Does the entry at rw->at exist in this table and lie wholly below top? */
static bool range_more(const struct range_walk *rw)
{
	return rw->w.idx < S2_ENTRIES && range_size(rw) <= rw->top - rw->at.v;
}

static void range_next(struct range_walk *rw)
{
	rw->at.v += range_size(rw);
	rw->w.idx++;
}

/* ---- INIT_RIPAS ---- */

/* False: the entry must stay as it is, and ends the range. */
static bool init_entry(struct range_walk *rw, const struct s2_root *r)
{
	const struct s2_entry ram = { .kind = S2_UNASSIGNED, .ripas = RMI_RAM };
	struct s2_entry e = s2_walk_entry(&rw->w);

	if (e.kind != S2_UNASSIGNED || e.ripas == RMI_DESTROYED)
		return false;
	s2_walk_set(&rw->w, &ram, r, rw->at, S2_FLUSH_NONE);
	return true;
}

static uint64_t init_ripas(struct rd *rd, ipa_t base, uint64_t top, uint64_t *out_top)
{
	struct range_walk rw = { .at = base, .top = top };

	s2_walk_lock(&rd->s2, base, 3, &rw.w);
	if (IS_ALIGNED(base.v, range_size(&rw)))
		while (range_more(&rw) && init_entry(&rw, &rd->s2))
			range_next(&rw);
	s2_walk_end(&rw.w);
	if (rw.at.v == base.v)
		return RMI_RET(RMI_ERROR_RTT, rw.w.level);
	measure_ripas(rd->hash_algo, base.v, rw.at.v, range_size(&rw), rd->measurement[0]);
	*out_top = rw.at.v;
	return RMI_SUCCESS;
}

static uint64_t init_checked(struct rd *rd, ipa_t base, uint64_t top, uint64_t *out_top)
{
	uint64_t status;

	if (top > s2_par_size(&rd->s2))
		return RMI_ERROR_INPUT;
	if (rd_state(rd) != REALM_NEW)
		return RMI_ERROR_REALM;
	status = mica_may(rd, MICA_CMD_DATA_CREATE);
	if (status == RMI_SUCCESS)
		status = mica_may_ram(rd, base.v, top);
	return status != RMI_SUCCESS ? status : init_ripas(rd, base, top, out_top);
}

void rmi_rtt_init_ripas(const struct rmi_args *in, struct rmi_result *out)
{
	uint64_t base = in->x[2], top = in->x[3];
	struct granule *g;

	out->x[0] = RMI_ERROR_INPUT;
	if (top <= base || !IS_ALIGNED(base | top, GRANULE_SIZE))
		return;
	g = granule_find_lock(pa(in->x[1]), GRANULE_RD);
	if (g == NULL)
		return;
	out->x[0] = init_checked(granule_va(g), ipa(base), top, &out->x[1]);
	granule_unlock(g);
}

/* ---- SET_RIPAS: what the Realm asked for and the host agreed to ---- */

/* False: the entry must stay as it is, and ends the range. */
static bool set_entry(struct range_walk *rw, const struct s2_root *r, const struct rec *rec)
{
	struct s2_entry e = s2_walk_entry(&rw->w);
	enum s2_flush flush = s2_is_valid_leaf(&e) ? S2_FLUSH_ENTRY : S2_FLUSH_NONE;

	if (e.kind != S2_UNASSIGNED && e.kind != S2_ASSIGNED)
		return false;
	if (e.ripas == RMI_DESTROYED && !rec->ripas.change_destroyed)
		return false;
	if (e.ripas == rec->ripas.ripas)
		return true;
	e.ripas = rec->ripas.ripas;
	s2_walk_set(&rw->w, &e, r, rw->at, flush);
	return true;
}

static uint64_t set_ripas(const struct s2_root *r, struct rec *rec, uint64_t top, uint64_t *out_top)
{
	struct range_walk rw = { .at = ipa(rec->ripas.addr), .top = top };

	s2_walk_lock(r, rw.at, 3, &rw.w);
	if (IS_ALIGNED(rw.at.v, range_size(&rw)))
		while (range_more(&rw) && set_entry(&rw, r, rec))
			range_next(&rw);
	s2_walk_end(&rw.w);
	if (rw.at.v == rec->ripas.addr)
		return RMI_RET(RMI_ERROR_RTT, rw.w.level);
	rec->ripas.addr = rw.at.v;
	*out_top = rw.at.v;
	return RMI_SUCCESS;
}

static uint64_t set_checked(struct granule *g_rd, struct granule *g_rec, uint64_t base, uint64_t top,
			    uint64_t *out_top)
{
	struct rd *rd = granule_va(g_rd);
	struct rec *rec = granule_va(g_rec);
	uint64_t status;

	/* first: whether a gate's server runs is not for the host */
	status = mica_may(rd, MICA_CMD_SET_RIPAS);
	if (status != RMI_SUCCESS)
		return status;
	/* a running REC is another CPU's: nothing of it may be read */
	if (__atomic_load_n(&g_rec->refs, __ATOMIC_ACQUIRE) != 0 || rec->g_rd != g_rd)
		return RMI_ERROR_REC;
	if (base != rec->ripas.addr || top > rec->ripas.top)
		return RMI_ERROR_INPUT;
	return set_ripas(&rd->s2, rec, top, out_top);
}

void rmi_rtt_set_ripas(const struct rmi_args *in, struct rmi_result *out)
{
	struct granule_req reqs[] = {
		{ .pa = pa(in->x[1]), .want = GRANULE_RD },
		{ .pa = pa(in->x[2]), .want = GRANULE_REC },
	};
	uint64_t base = in->x[3], top = in->x[4];

	out->x[0] = RMI_ERROR_INPUT;
	if (top <= base || !IS_ALIGNED(top, GRANULE_SIZE) ||
	    !granule_lock_set(reqs, ARRAY_SIZE(reqs)))
		return;
	out->x[0] = set_checked(reqs[0].g, reqs[1].g, base, top, &out->x[1]);
	granule_unlock_set(reqs, ARRAY_SIZE(reqs));
}
