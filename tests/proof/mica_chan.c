/* SPDX-License-Identifier: Apache-2.0 */
/*
 * I1 and I3 of channels: CHAN_MAP as a whole call puts exactly a page or block of the grant's own channel at the grant's own address,
 * with the grant's right and as section 4 says, and does so exactly when the policy, the states and the table permit;
 * CHAN_UNMAP takes exactly that away, of pages, and wipes exactly what must not outlive its writer; CHAN_ADD and CHAN_REMOVE keep
 * a channel contiguous.
 * Options: --unwind 5 --unwindset unmap.0:2
 */
#include "../../rmm/s2tt/desc.c"
#include "../../rmm/mica/chan.c"
#include "../../rmm/mica/role.c"
#include "mica_realm.h"

static struct wf_chan before[CHANNELS];
static uint64_t pages_before;
static bool wiped;
static uint64_t part_at;

/* After the entry is gone. */
void arch_granule_zero(pa_t a)
{
	assert(sets == 1 && !wiped && a.v == part_at);
	wiped = true;
}

struct granule *granule_find(pa_t a) { page_pa = a; return &g_page; }
struct granule *wf_find_lock(pa_t a) { (void)a; held += found; return found ? &g_wf : NULL; }
void gates_end(struct wf *w, unsigned int i) { (void)w; (void)i; assert(0); }

static struct rmi_args in;
static struct rmi_result out;

static void any_call(void)
{
	any_realm();
	__CPROVER_havoc_object(&in);
	out = (struct rmi_result){ .x = { 0 } };
	for (unsigned int i = 0; i < CHANNELS; i++)
		before[i] = chans[i];
	pages_before = rd.mica.chan_pages;
	wiped = false;
}

static uint64_t size_of(uint64_t level) { return level == 2 ? 1UL << 21 : 4096; }

/* Is (grant, off, level) a page or block of that grant? */
static bool part_true(const struct mica_blob_grant *g)
{
	uint64_t off = in.x[4], size = size_of(in.x[5]);

	return (in.x[5] == 2 || in.x[5] == 3) && (wide)off + size <= (wide)channels[g->channel].pages * 4096 && off % size == 0 &&
	       (g->ipa + off) % size == 0 && chans[g->channel].base % size == 0;
}

static void nothing_changed(void)
{
	assert(sets == 0 && !wiped && released == 0 && rd.mica.chan_pages == pages_before);
	for (unsigned int i = 0; i < CHANNELS; i++)
		assert(chans[i].mapped == before[i].mapped && chans[i].added == before[i].added && chans[i].base == before[i].base);
}

static void counted(const struct mica_blob_grant *g, uint64_t pages)
{
	assert(rd.mica.chan_pages == pages_before + pages);
	for (unsigned int i = 0; i < CHANNELS; i++) {
		assert(chans[i].mapped == (uint32_t)(before[i].mapped + (i == g->channel ? pages : 0)));
		assert(chans[i].added == before[i].added && chans[i].base == before[i].base);
	}
}

/* Section 4: Normal write-back, inner shareable, accessed; no execution; Secure state's own; bit 56 is the monitor's. */
static uint64_t leaf_true(const struct mica_blob_grant *g)
{
	return (chans[g->channel].base + in.x[4]) | (g->rights == 3 ? 3UL : 1UL) << 6 | 6UL << 2 | 3UL << 8 | 1UL << 10 | 2UL << 53 |
	       1UL << 56 | (in.x[5] == 3 ? 3UL : 1UL);
}

void proof_map(void)
{
	const struct mica_blob_grant *g = &grants[0];
	uint64_t want = RMI_SUCCESS;

	any_call();
	if (in.x[3] < GRANTS)
		g = &grants[in.x[3]];
	mica_chan_map(&in, &out);
	if (!found || rd.mica.wf == NULL)
		want = RMI_ERROR_INPUT;
	else if (wf.state == MICA_WF_STOPPED)
		want = MICA_POLICY(10);
	else if (!is(MICA_ROLE_LOADING))
		want = MICA_POLICY(11);
	else if (in.x[3] >= record.grant_count)
		want = MICA_POLICY(13);
	else if (!part_true(g))
		want = RMI_ERROR_INPUT;
	else if (chans[g->channel].added != channels[g->channel].pages)
		want = MICA_POLICY(9);
	else if ((uint64_t)walk_level != in.x[5] || entry.kind != S2_UNASSIGNED)
		want = RMI_RET(RMI_ERROR_RTT, walk_level);
	assert(out.x[0] == want && held == 0);
	COVER(want == RMI_ERROR_INPUT && found && rd.mica.wf != NULL && in.x[5] == 2 && in.x[4] + size_of(2) < in.x[4]);
	COVER(want == MICA_POLICY(9));
	COVER(want == RMI_RET(RMI_ERROR_RTT, 3));
	if (want != RMI_SUCCESS) {
		nothing_changed();
		return;
	}
	assert(sets == 1 && set_at.v == g->ipa + in.x[4] && set_flush == S2_FLUSH_NONE && !wiped);
	assert(set_at.v + size_of(in.x[5]) <= 1UL << (record.s2sz - 1));
	assert(set_to.kind == S2_ASSIGNED_CHAN && s2_encode(&set_to, walk_level) == leaf_true(g));
	assert(in.x[4] + size_of(in.x[5]) <= (uint64_t)chans[g->channel].added * 4096);	/* pages that are the channel's */
	counted(g, size_of(in.x[5]) / 4096);
	COVER(g->rights == 1 && in.x[5] == 2 && in.x[3] == 1);
	COVER(g->rights == 3 && in.x[5] == 3 && in.x[4] != 0);
}

/* Of pages. What is none is refused as by CHAN_MAP; a block is wiped by a loop that the prover does not come to an end with. */
void proof_unmap(void)
{
	const struct mica_blob_grant *g = &grants[0];
	uint64_t want = RMI_SUCCESS, pages;
	bool wipes;

	any_call();
	in.x[5] = 3;
	pages = size_of(in.x[5]) / 4096;
	if (in.x[3] < GRANTS)
		g = &grants[in.x[3]];
	part_at = chans[g->channel].base + in.x[4];
	wipes = is(MICA_ROLE_DRAINING) && g->rights == 3 && !(channels[g->channel].flags & 2);
	mica_chan_unmap(&in, &out);
	if (!found || rd.mica.wf == NULL)
		want = RMI_ERROR_INPUT;
	else if (!is(MICA_ROLE_LOADING) && !is(MICA_ROLE_DRAINING))
		want = MICA_POLICY(11);
	else if (in.x[3] >= record.grant_count)
		want = MICA_POLICY(13);
	else if (!part_true(g))
		want = RMI_ERROR_INPUT;
	else if ((uint64_t)walk_level != in.x[5] || entry.kind != S2_ASSIGNED_CHAN)
		want = RMI_RET(RMI_ERROR_RTT, walk_level);
	assert(out.x[0] == want && held == 0);
	if (want != RMI_SUCCESS) {
		nothing_changed();
		return;
	}
	assert(sets == 1 && set_at.v == g->ipa + in.x[4] && set_flush == S2_FLUSH_ENTRY);
	assert(set_to.kind == S2_UNASSIGNED && set_to.ripas == RMI_EMPTY && set_to.pa.v == 0 && set_to.attr == 0);
	assert(wiped == wipes);
	counted(g, -pages);
	COVER(wiped);
	COVER(!wiped && is(MICA_ROLE_DRAINING) && g->rights == 3);
	COVER(is(MICA_ROLE_LOADING));
}

void proof_add(void)
{
	uint64_t want = RMI_SUCCESS, i, align;
	pa_t page;

	any_call();
	page = page_pa;
	i = in.x[3];
	mica_chan_add(&in, &out);
	align = i < CHANNELS && channels[i].pages >= 512 ? 1UL << 21 : 4096;
	if (!found_page || !found || i >= wf.blob.channels)
		want = RMI_ERROR_INPUT;
	else if (wf.state != MICA_WF_NEW)
		want = MICA_POLICY(10);
	else if (before[i].added == channels[i].pages)
		want = MICA_POLICY(16);
	else if (before[i].added == 0 ? page.v % align != 0 : page.v != before[i].base + before[i].added * 4096UL)
		want = RMI_ERROR_INPUT;
	assert(out.x[0] == want && held == 0);
	if (want != RMI_SUCCESS) {
		nothing_changed();
		return;
	}
	assert(released == 1 && chans[i].added == before[i].added + 1 && chans[i].mapped == before[i].mapped && sets == 0);
	assert(page.v == chans[i].base + before[i].added * 4096UL && (before[i].added != 0 || chans[i].base % align == 0));
	COVER(before[i].added == 0 && align != 4096);
	COVER(before[i].added != 0);
}

void proof_remove(void)
{
	uint64_t want = RMI_SUCCESS, i, status;

	any_call();
	i = in.x[3];
	status = mica_chan_remove(&wf, &in, &out);
	if (i >= wf.blob.channels)
		want = RMI_ERROR_INPUT;
	else if (wf.state == MICA_WF_ACTIVE)
		want = MICA_POLICY(10);
	else if (before[i].mapped != 0)
		want = MICA_POLICY(18);
	else if (before[i].added == 0)
		want = RMI_ERROR_INPUT;
	assert(status == want && held == 0);
	if (want != RMI_SUCCESS) {
		nothing_changed();
		return;
	}
	assert(released == 1 && chans[i].added == before[i].added - 1 && chans[i].base == before[i].base);
	assert(page_pa.v == chans[i].base + chans[i].added * 4096UL && out.x[1] == page_pa.v);
	COVER(chans[i].added == 0);
}
