/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who reaches what: every leaf of every Realm's true tables, through the granule protection of the fake machine, against what the
 * policy says; every translation that a TLB still holds; and the run-time words of workflows.
 */
#include <stdio.h>
#include <string.h>

#include "../../rmm/mica/wf.h"
#include "../fake/fake_internal.h"
#include "wf.h"

/* The world of a granule: what fake_pas() says, for those who ask for all of them after each step. */
static enum fake_pas world(uint64_t i)
{
	return (enum fake_pas)fake_pas_of[i];
}

/* ---- tables, as hardware walks them ---- */

static uint8_t actual[M_GRANULES], expected[M_REALMS][M_GRANULES];

/* A leaf of this size at @pa: who holds the page decides whether it helps. */
static void reach(uint64_t pa_, uint64_t size, bool ns, unsigned int rights)
{
	for (uint64_t p = pa_; p < pa_ + size && p < model.bank + model.pages * M_PAGE; p += M_PAGE) {
		uint64_t i = (p - model.bank) / M_PAGE;

		if (p >= model.bank && world(i) == (ns ? FAKE_NS : FAKE_REALM))
			actual[i] |= (uint8_t)rights;
	}
}

/* Unchecked, as what it reads is no object of the test's, and it reads most of what a step costs. */
__attribute__((no_sanitize("address", "undefined")))
static void walk_table(uint64_t table, int level)
{
	const uint64_t *d = fake_peek(pa(table));

	for (unsigned int i = 0; i < 512; i++) {
		uint64_t out = d[i] & 0x0000fffffffff000UL;

		if (!(d[i] & 1))
			continue;
		if (level < 3 && (d[i] & 2))
			walk_table(out, level + 1);	/* bounded by the levels */
		else
			reach(out, m_size(level), d[i] >> 55 & 1, (d[i] >> 6 & 3) | ((d[i] >> 53 & 3) == 0 ? M_EXECUTE : 0));
	}
}

static void check_realm_access(const struct m_realm *r, uint8_t *want)
{
	const struct rd *rd = fake_peek(pa(r->rd));

	memset(actual, 0, sizeof(actual));
	for (unsigned int i = 0; i < rd->s2.num_start; i++)
		walk_table(rd->s2.base.v + i * M_PAGE, rd->s2.start_level);
	model_access(&model, r, want);
	if (memcmp(actual, want, model.pages) == 0)
		return;
	for (uint64_t i = 0; i < model.pages; i++) {
		/* another world than the host's may have taken a page that the host thinks its own */
		uint8_t may = model.state[i] == M_NS && world(i) != FAKE_NS ? 0 : want[i];

		if (actual[i] != may)
			mismatch("Realm %lx reaches granule %lx as %u, the policy says %u", r->rd, model.bank + i * M_PAGE, actual[i], may);
	}
}

/* The host: memory that it never gave away, and nothing else. */
static void check_host_access(void)
{
	for (uint64_t i = 0; i < model.pages; i++) {
		uint64_t at = model.bank + i * M_PAGE;
		bool its_own = model.state[i] == M_NS && !(at >= model.hole && at < model.hole + model.hole_size);

		if (!its_own && world(i) == FAKE_NS)
			mismatch("the host reaches granule %lx", at);
	}
}

/* ---- TLBs ---- */

static void check_translation(uint16_t vmid, uint64_t ipa_, uint64_t size, uint64_t out, bool ns, unsigned int rights)
{
	const struct m_realm *r = NULL;

	for (unsigned int i = 0; i < M_REALMS; i++)
		if (model.realm[i].used && model.realm[i].vmid == vmid)
			r = &model.realm[i];
	if (r == NULL)
		mismatch("a TLB holds %lx of VMID %u, which no Realm has", ipa_, vmid);
	for (uint64_t p = out; p < out + size && p < model.bank + model.pages * M_PAGE; p += M_PAGE) {
		uint64_t i = (p - model.bank) / M_PAGE;

		if (p < model.bank || (model.state[i] == M_NS) != ns)
			continue;	/* the wrong world: no way through */
		if (rights & ~(unsigned int)expected[r - model.realm][i])
			mismatch("a TLB lets Realm %lx reach granule %lx as %u, the policy says %u", r->rd, p, rights,
				 expected[r - model.realm][i]);
	}
}

void check_access(void)
{
	check_host_access();
	for (unsigned int i = 0; i < M_REALMS; i++)
		if (model.realm[i].used)
			check_realm_access(&model.realm[i], expected[i]);
	fake_tlb_each(check_translation);
}

/* ---- words of a workflow ---- */

static char difference[160];

static bool same(const struct m_wf *w, unsigned int i, const char *what, uint64_t got, uint64_t want)
{
	if (got != want)
		snprintf(difference, sizeof(difference), "workflow %lx: %s %u is %lu, the model says %lu", w->pa, what, i, got, want);
	return got == want;
}

static unsigned int pages_there(const struct m_wf *w)
{
	unsigned int n = 0;

	for (unsigned int c = 0; c < w->policy.channels; c++)
		n += w->channel[c].added;
	return n;
}

static bool role_agrees(const struct m_wf *w, const struct wf *real, unsigned int i)
{
	const struct wf_role *role = wf_role(real, i);
	bool all = same(w, i, "state of role", role_state(real, role), m_role_state(w, i)) &&
		   same(w, i, "epoch of role", role->epoch, w->role[i].epoch) &&
		   same(w, i, "pending word of role", role->pending, w->role[i].pending) &&
		   same(w, i, "waiter word of role", role->waiters, w->role[i].waiters) &&
		   same(w, i, "latch of role", role->latched, w->role[i].latched) &&
		   same(w, i, "RD of role", role->rd != NULL ? granule_pa(role->rd).v : 0,
			w->role[i].realm != M_NONE ? model.realm[w->role[i].realm].rd : 0);

	for (unsigned int rule = 0; rule < MICA_RULES && all; rule++)
		all = same(w, rule, "audit count of rule", role->audit[rule], w->role[i].audit[rule]);
	return all;
}

static bool page_agrees(const struct m_wf *w, uint64_t page)
{
	uint64_t word = model.word[(page - model.bank) / M_PAGE];
	const uint64_t *memory = fake_peek(pa(page));

	return same(w, 0, "word in a channel", memory[0], word) &&
	       (word != 0 || same(w, 0, "a channel page is wiped:", fake_page_is_zero(pa(page)), true));
}

static bool channel_agrees(const struct m_wf *w, const struct wf *real, unsigned int i)
{
	const struct wf_chan *c = wf_chan(real, i);
	bool all = same(w, i, "pages of channel", c->added, w->channel[i].added) &&
		   same(w, i, "mapped pages of channel", c->mapped, m_chan_mapped(&model, w, i));

	for (unsigned int k = 0; k < w->channel[i].added && all; k++)
		all = page_agrees(w, w->channel[i].base + k * M_PAGE);
	return all;
}

static bool workflow_agrees(const struct m_wf *w)
{
	static const unsigned int word[] = { [GATE_NONE] = M_GATE_NONE, [GATE_READY] = M_GATE_READY, [GATE_BUSY] = M_GATE_BUSY,
					     [GATE_ORPHAN] = M_GATE_ORPHAN };
	const struct granule *g = granule_find(pa(w->pa));
	const struct wf *real;
	bool all;

	if (!same(w, 0, "its granule", g->state, GRANULE_WF))
		return false;
	real = wf_of(g);
	all = same(w, 0, "state", real->state, w->state) && same(w, 0, "populated", real->populated, pages_there(w)) &&
	      memcmp(real->id, w->id, 32) == 0;
	for (unsigned int i = 0; i < w->policy.roles && all; i++)
		all = role_agrees(w, real, i);
	for (unsigned int i = 0; i < w->policy.channels && all; i++)
		all = channel_agrees(w, real, i);
	for (unsigned int i = 0; i < w->policy.gates && all; i++)
		all = same(w, i, "gate", word[real->gates[i].state], w->gate[i].word);
	return all;
}

bool workflows_agree(const char **why)
{
	*why = difference;
	for (unsigned int n = 0; n < M_WFS; n++)
		if (model.wf[n].used && !workflow_agrees(&model.wf[n]))
			return false;
	return true;
}

void check_workflows(void)
{
	const char *why;

	if (!workflows_agree(&why))
		mismatch("%s", why);
	for (unsigned int n = 0; n < M_WFS; n++)
		for (unsigned int i = 0; model.wf[n].used && i < model.wf[n].policy.roles; i++) {
			const struct wf_role *role = wf_role(wf_of(granule_find(pa(model.wf[n].pa))), i);

			if (role->latched && memcmp(role->latch, real_rim(model.wf[n].role[i].latch), 64) != 0)
				mismatch("workflow %lx: latch of role %u", model.wf[n].pa, i);
		}
}
