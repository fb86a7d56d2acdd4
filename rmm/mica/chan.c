/* SPDX-License-Identifier: Apache-2.0 */
/* Channel pages: into a channel, into a Realm's stage 2, out of it, out of the channel. */
#include "wf.h"

#include "../arch/arch.h"
#include "../s2tt/s2tt.h"

#define BLOCK_PAGES	S2_ENTRIES		/* pages of a level 2 block */

/* ---- pages of the workflow ---- */

static uint64_t may_add(const struct wf *wf, uint64_t index, pa_t page)
{
	const struct mica_blob_channel *rec;
	const struct wf_chan *chan;
	uint64_t base_align;

	if (index >= wf->blob.channels)
		return RMI_ERROR_INPUT;
	if (wf_state(wf) != MICA_WF_NEW)
		return MICA_POLICY(MICA_RULE_WF_STATE);
	rec = blob_channel(&wf->blob, (unsigned int)index);
	chan = wf_chan(wf, (unsigned int)index);
	if (chan->added == rec->pages)
		return MICA_POLICY(MICA_RULE_LIMIT);
	base_align = rec->pages >= BLOCK_PAGES ? BLOCK_PAGES * GRANULE_SIZE : GRANULE_SIZE;
	if (chan->added == 0)
		return IS_ALIGNED(page.v, base_align) ? RMI_SUCCESS : RMI_ERROR_INPUT;
	return page.v == chan->base + (uint64_t)chan->added * GRANULE_SIZE ? RMI_SUCCESS : RMI_ERROR_INPUT;
}

void mica_chan_add(const struct rmi_args *in, struct rmi_result *out)
{
	struct granule *page = granule_find_lock(pa(in->x[4]), GRANULE_DELEGATED);
	struct granule *g = page != NULL ? wf_find_lock(pa(in->x[2])) : NULL;
	struct wf_chan *chan;

	out->x[0] = g != NULL ? may_add(wf_of(g), in->x[3], granule_pa(page)) : RMI_ERROR_INPUT;
	if (out->x[0] == RMI_SUCCESS) {
		chan = wf_chan(wf_of(g), (unsigned int)in->x[3]);
		if (chan->added++ == 0)
			chan->base = granule_pa(page).v;
		wf_of(g)->populated++;
		granule_unlock_to(page, GRANULE_CHAN);
	} else if (page != NULL) {
		granule_unlock(page);
	}
	if (g != NULL)
		granule_unlock(g);
}

static uint64_t may_remove(const struct wf *wf, uint64_t index)
{
	const struct wf_chan *chan;

	if (index >= wf->blob.channels)
		return RMI_ERROR_INPUT;
	chan = wf_chan(wf, (unsigned int)index);
	if (wf_state(wf) == MICA_WF_ACTIVE)
		return MICA_POLICY(MICA_RULE_WF_STATE);
	if (chan->mapped != 0)
		return MICA_POLICY(MICA_RULE_IN_USE);
	return chan->added != 0 ? RMI_SUCCESS : RMI_ERROR_INPUT;
}

uint64_t mica_chan_remove(struct wf *wf, const struct rmi_args *in, struct rmi_result *out)
{
	uint64_t status = may_remove(wf, in->x[3]);
	struct wf_chan *chan;
	struct granule *page;

	if (status != RMI_SUCCESS)
		return status;
	chan = wf_chan(wf, (unsigned int)in->x[3]);
	chan->added--;
	wf->populated--;
	out->x[1] = chan->base + (uint64_t)chan->added * GRANULE_SIZE;
	page = granule_find(pa(out->x[1]));
	granule_lock(page, GRANULE_CHAN);
	granule_release(page);
	return RMI_SUCCESS;
}

/* ---- pages of a Realm ---- */

/* What CHAN_MAP and CHAN_UNMAP name: a page or block of a grant. */
struct part {
	const struct mica_blob_grant *grant;	/* NULL: no such grant */
	const struct mica_blob_channel *rec;
	struct wf_chan *chan;
	uint64_t off, size;
	ipa_t a;
	int level;
	bool valid;				/* a level, and aligned to it, inside the grant */
};

static struct part part_of(const struct rd *rd, const struct rmi_args *in)
{
	struct wf *wf = rd_wf(rd);
	const struct mica_blob_role *rec = rd_record(rd);
	struct part p = { .off = in->x[4] };
	uint64_t bytes;

	if (in->x[3] >= rec->grant_count)
		return p;
	p.grant = role_grant(wf, rec, in->x[3]);
	p.rec = blob_channel(&wf->blob, p.grant->channel);
	p.chan = wf_chan(wf, p.grant->channel);
	if (in->x[5] != 2 && in->x[5] != 3)
		return p;
	p.level = (int)in->x[5];
	p.size = s2_entry_size(p.level);
	bytes = (uint64_t)p.rec->pages * GRANULE_SIZE;
	p.a = ipa(p.grant->ipa + p.off);
	p.valid = p.off < bytes && p.size <= bytes - p.off && IS_ALIGNED(p.off, p.size) &&
		  IS_ALIGNED(p.a.v, p.size) && IS_ALIGNED(p.chan->base, p.size);
	return p;
}

static uint64_t may_map(const struct wf *wf, const struct wf_role *role, const struct part *p)
{
	if (wf_state(wf) == MICA_WF_STOPPED)
		return MICA_POLICY(MICA_RULE_WF_STATE);
	if (role_state(wf, role) != MICA_ROLE_LOADING)
		return MICA_POLICY(MICA_RULE_ROLE_STATE);
	if (p->grant == NULL)
		return MICA_POLICY(MICA_RULE_NO_RIGHT);
	if (!p->valid)
		return RMI_ERROR_INPUT;
	if (p->chan->added != p->rec->pages)
		return MICA_POLICY(MICA_RULE_INCOMPLETE);
	return RMI_SUCCESS;
}

static uint64_t may_unmap(const struct wf *wf, const struct wf_role *role, const struct part *p)
{
	enum mica_role_state s = role_state(wf, role);

	if (s != MICA_ROLE_LOADING && s != MICA_ROLE_DRAINING)
		return MICA_POLICY(MICA_RULE_ROLE_STATE);
	if (p->grant == NULL)
		return MICA_POLICY(MICA_RULE_NO_RIGHT);
	return p->valid ? RMI_SUCCESS : RMI_ERROR_INPUT;
}

static uint64_t map(struct rd *rd, const struct part *p, struct s2_walk *w)
{
	const struct s2_entry leaf = {
		.kind = S2_ASSIGNED_CHAN,
		.pa = pa(p->chan->base + p->off),
		.attr = p->grant->rights == MICA_GRANT_RW ? RMI_DESC_S2AP_RW : RMI_DESC_S2AP_RO,
	};

	if (w->level < p->level || s2_walk_entry(w).kind != S2_UNASSIGNED)
		return RMI_RET(RMI_ERROR_RTT, w->level);
	s2_walk_set(w, &leaf, &rd->s2, p->a, S2_FLUSH_NONE);
	p->chan->mapped += p->size / GRANULE_SIZE;
	rd->mica.chan_pages += p->size / GRANULE_SIZE;
	return RMI_SUCCESS;
}

/* What a role that ends has written does not outlive it, unless the policy keeps it. */
static bool must_wipe(const struct rd *rd, const struct part *p)
{
	return role_state(rd_wf(rd), rd_role(rd)) == MICA_ROLE_DRAINING &&
	       p->grant->rights == MICA_GRANT_RW && !(p->rec->flags & MICA_CHAN_KEEP);
}

static uint64_t unmap(struct rd *rd, const struct part *p, struct s2_walk *w)
{
	const struct s2_entry gone = { .kind = S2_UNASSIGNED, .ripas = RMI_EMPTY };

	if (w->level < p->level || s2_walk_entry(w).kind != S2_ASSIGNED_CHAN)
		return RMI_RET(RMI_ERROR_RTT, w->level);
	s2_walk_set(w, &gone, &rd->s2, p->a, S2_FLUSH_ENTRY);
	p->chan->mapped -= p->size / GRANULE_SIZE;
	rd->mica.chan_pages -= p->size / GRANULE_SIZE;
	if (must_wipe(rd, p))
		for (uint64_t at = 0; at < p->size; at += GRANULE_SIZE)
			arch_granule_zero(pa(p->chan->base + p->off + at));
	return RMI_SUCCESS;
}

struct chan_op {
	uint64_t (*may)(const struct wf *wf, const struct wf_role *role, const struct part *p);
	uint64_t (*act)(struct rd *rd, const struct part *p, struct s2_walk *w);
};

/* Leaves of channels change under the RD's, the table's and the workflow's lock, taken in this order. */
static uint64_t change(struct rd *rd, const struct rmi_args *in, const struct chan_op *op)
{
	struct part p = part_of(rd, in);
	struct s2_walk w;
	uint64_t status;

	if (p.valid)
		s2_walk_lock(&rd->s2, p.a, p.level, &w);
	granule_lock(rd->mica.wf, GRANULE_WF);
	status = op->may(rd_wf(rd), rd_role(rd), &p);
	if (status == RMI_SUCCESS)
		status = op->act(rd, &p, &w);
	granule_unlock(rd->mica.wf);
	if (p.valid)
		s2_walk_end(&w);
	return status;
}

static void change_named(const struct rmi_args *in, struct rmi_result *out, const struct chan_op *op)
{
	struct granule *g = granule_find_lock(pa(in->x[2]), GRANULE_RD);
	struct rd *rd;

	if (g == NULL) {
		out->x[0] = RMI_ERROR_INPUT;
		return;
	}
	rd = granule_va(g);
	out->x[0] = rd_bound(rd) ? change(rd, in, op) : RMI_ERROR_INPUT;
	granule_unlock(g);
}

void mica_chan_map(const struct rmi_args *in, struct rmi_result *out)
{
	static const struct chan_op op = { may_map, map };

	change_named(in, out, &op);
}

void mica_chan_unmap(const struct rmi_args *in, struct rmi_result *out)
{
	static const struct chan_op op = { may_unmap, unmap };

	change_named(in, out, &op);
}
