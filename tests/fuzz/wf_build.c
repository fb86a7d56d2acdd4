/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host with a purpose: the next call that brings a workflow to where its Realms run, or, once it ends, to where nothing of
 * it is left. One call a step, so that anything else can come between.
 */
#include "wf.h"

static uint64_t mica(uint64_t op, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	return call(SMC_RMI_MICA, op, a, b, c, d);
}

/* ---- up ---- */

/* True: there is an entry at @level for the address. Else a table was added, or tried to be. */
static bool table_there(struct m_realm *r, uint64_t ipa, int level)
{
	struct m_walk w = model_walk(&model, r, ipa, level);
	uint64_t pa;

	if (w.level >= level || m_at(&w)->kind != RMI_UNASSIGNED)
		return true;
	if (own_pages(1, 1, &pa))
		call(SMC_RMI_RTT_CREATE, r->rd, pa, ipa & ~(m_size(w.level) - 1), (uint64_t)w.level + 1, 0);
	return false;
}

static struct m_entry *entry(struct m_realm *r, uint64_t ipa)
{
	struct m_walk w = model_walk(&model, r, ipa, 3);

	return m_at(&w);
}

static uint64_t block_page(uint64_t offset)
{
	uint64_t pa = BLOCK_BASE + offset;

	if (m_is(&model, pa, M_NS))
		call_now(SMC_RMI_GRANULE_DELEGATE, pa, 0, 0, 0, 0);
	return pa;
}

/* Even pages from the host, measured or not, odd ones zeroes: the same at every time, but for a mistake now and then. */
static bool load_ram(struct m_realm *r, const struct m_role *role)
{
	for (uint64_t a = role->ram_base; a < role->ram_base + role->ram_size; a += M_PAGE) {
		uint64_t i = (a - role->ram_base) / M_PAGE, pa;
		struct m_entry *e;

		if (role->ram_size == m_size(2) && model_walk(&model, r, a, 3).level == 2 && entry(r, a)->kind == RMI_ASSIGNED)
			return false;		/* folded */
		if (!table_there(r, a, 3))
			return true;
		e = entry(r, a);
		if (e->kind == RMI_ASSIGNED && e->ripas == RMI_RAM)
			continue;
		if (role->ram_size == m_size(2) && e->ripas == RMI_RAM) {
			for (unsigned int n = 0; n < 64 && i < BLOCK_PAGES; n++, i++)
				call(SMC_RMI_DATA_CREATE_UNKNOWN, r->rd, block_page(i * M_PAGE), role->ram_base + i * M_PAGE, 0, 0);
			return true;
		} else if (role->ram_size == m_size(2)) {
			pa = 0;
		} else if (!own_pages(1, 1, &pa)) {
			return true;
		}
		if (role->ram_size != m_size(2) && i % 2 == 0)
			call(SMC_RMI_DATA_CREATE, r->rd, pa, a, IMAGE_BASE + (i + one_in(48)) % IMAGE_PAGES * M_PAGE, i % 4 == 0);
		else if (e->ripas != RMI_RAM)
			call(SMC_RMI_RTT_INIT_RIPAS, r->rd, a, role->ram_size == m_size(2) ? a + role->ram_size : a + M_PAGE, 0, 0);
		else
			call(SMC_RMI_DATA_CREATE_UNKNOWN, r->rd, pa, a, 0, 0);
		return true;
	}
	if (role->ram_size == m_size(2)) {
		call(SMC_RMI_RTT_FOLD, r->rd, role->ram_base, 3, 0, 0);
		return true;
	}
	return false;
}

static bool load_channels(struct m_realm *r, const struct m_wf *w)
{
	const struct m_grant *g;

	for (unsigned int i = 0; (g = m_grant(w, r->role, i)) != NULL; i++) {
		bool big = w->policy.channel[g->channel].pages == BIG_PAGES;

		for (unsigned int k = 0; k < w->policy.channel[g->channel].pages; k++) {
			uint64_t a = g->ipa + k * M_PAGE;

			if (entry(r, a)->kind == M_CHAN_LEAF)
				continue;
			if (table_there(r, a, big ? 2 : 3))
				mica(MICA_CHAN_MAP, r->rd, i, k * M_PAGE, big ? 2 : 3);
			return true;
		}
	}
	return false;
}

static bool load_windows(struct m_realm *r, const struct m_wf *w)
{
	for (unsigned int i = 0; i < w->policy.regions; i++) {
		const struct m_region *x = &w->policy.region[i];

		if (x->role != r->role || x->kind != MICA_REGION_WINDOW)
			continue;
		for (unsigned int k = 0; k < x->pages; k++) {
			uint64_t a = x->base + k * M_PAGE, rights = one_in(24) ? draw(4) : x->rights;

			if (entry(r, a)->kind == RMI_ASSIGNED)
				continue;
			if (table_there(r, a, 3))
				call(SMC_RMI_RTT_MAP_UNPROTECTED, r->rd, a, 3,
				     (WINDOW_BASE + draw(WINDOW_PAGES) * M_PAGE) | rights << 6 | (one_in(24) ? draw(8) : 6) << 2, 0);
			return true;
		}
	}
	return false;
}

static bool load_recs(struct m_realm *r, const struct m_role *role)
{
	uint64_t params = HOST_BASE + draw(PARAM_PAGES) * M_PAGE, list[RMI_MAX_REC_AUX + 1];
	struct rmi_rec_params *p = fake_ns_va(pa(params));

	if (r->rec_index >= role->vcpus)
		return false;
	if (p == NULL || !own_pages(model.num_aux + 1, 1, list))
		return true;
	*p = (struct rmi_rec_params){ .mpidr = r->rec_index, .pc = 0x1000 * r->rec_index, .num_aux = model.num_aux };
	p->flags = r->rec_index == 0 || !(role->rights & MICA_RIGHT_PSCI) ? !one_in(24) : r->rec_index % 2 == 0;
	p->gprs[0] = r->rec_index;
	for (unsigned int i = 0; i < model.num_aux; i++)
		p->aux[i] = list[0] + (i + 1) * M_PAGE;
	call(SMC_RMI_REC_CREATE, r->rd, list[0], params, 0, 0);
	return true;
}

static void create_realm(const struct m_wf *w, unsigned int role)
{
	uint64_t params = HOST_BASE + draw(PARAM_PAGES) * M_PAGE, rd;
	struct rmi_realm_params *p = fake_ns_va(pa(params));
	unsigned int used = 0;

	for (unsigned int i = 0; i < M_REALMS; i++)
		used += model.realm[i].used;
	if (p == NULL || used == M_REALMS)
		return;
	shape_realm(p, &w->policy.role[role]);
	if (own_pages(1, 1, &rd))
		mica(MICA_REALM_CREATE, rd, params, w->pa, role);
}

/* ---- down ---- */

static bool take_channels(struct m_realm *r, const struct m_wf *w)
{
	const struct m_grant *g;

	for (unsigned int i = 0; (g = m_grant(w, r->role, i)) != NULL; i++)
		for (unsigned int k = 0; k < w->policy.channel[g->channel].pages; k++) {
			struct m_walk walk = model_walk(&model, r, g->ipa + k * M_PAGE, 3);

			if (m_at(&walk)->kind != M_CHAN_LEAF)
				continue;
			mica(MICA_CHAN_UNMAP, r->rd, i, k * M_PAGE, (uint64_t)walk.level);
			return true;
		}
	return false;
}

static void take_down(struct m_realm *r, const struct m_wf *w)
{
	if (take_channels(r, w)) {
		while (!one_in(4) && take_channels(r, w))
			;
		return;
	}
	if (entry(r, w->policy.role[r->role].ram_base)->kind == RMI_ASSIGNED && one_in(4))
		call(SMC_RMI_DATA_DESTROY, r->rd, w->policy.role[r->role].ram_base, 0, 0, 0);
	else
		tear_down(r);
}

static bool take_pages(const struct m_wf *w)
{
	for (unsigned int c = 0; c < w->policy.channels; c++)
		if (w->channel[c].added != 0) {
			mica(MICA_CHAN_REMOVE, w->pa, c, 0, 0);
			return true;
		}
	return false;
}

/* ---- a step ---- */

static bool fill_channel(const struct m_wf *w, unsigned int c)
{
	unsigned int n = w->policy.channel[c].pages, added = w->channel[c].added;
	uint64_t next = w->channel[c].base + added * M_PAGE;

	if (added == n)
		return false;
	if (n == BIG_PAGES) {
		for (unsigned int k = 0; k < 64 && added + k < BIG_PAGES; k++)
			mica(MICA_CHAN_ADD, w->pa, c, block_page((added + k) * M_PAGE), 0);
		return true;
	}
	if (added == 0 && !own_pages(n, 1, &next))
		return true;
	else if (m_is(&model, next, M_NS))
		call_now(SMC_RMI_GRANULE_DELEGATE, next, 0, 0, 0, 0);
	if (mica(MICA_CHAN_ADD, w->pa, c, next, 0) != RMI_SUCCESS && one_in(4))
		mica(MICA_WF_STOP, w->pa, 0, 0, 0);	/* somebody else has the page: it will not be complete */
	return true;
}

void load_step(struct m_wf *w, unsigned int role)
{
	struct m_realm *r = w->role[role].realm != M_NONE ? &model.realm[w->role[role].realm] : NULL;

	if (r != NULL && one_in(64)) {
		call(SMC_RMI_REALM_ACTIVATE, r->rd, 0, 0, 0, 0);	/* too early */
		return;
	}
	if (w->state == MICA_WF_NEW && !one_in(16))
		for (unsigned int c = 0; c < w->policy.channels; c++)
			if (fill_channel(w, c))
				return;
	if (r == NULL) {
		create_realm(w, role);
		return;
	}
	if (load_ram(r, &w->policy.role[role]) || load_channels(r, w) || load_windows(r, w) || load_recs(r, &w->policy.role[role]))
		return;
	if (call(SMC_RMI_REALM_ACTIVATE, r->rd, 0, 0, 0, 0) != RMI_SUCCESS && one_in(2))
		take_down(r, w);	/* measured wrong, or a REC too many: from the start */
}

static void end_step(struct m_wf *w)
{
	for (unsigned int i = 0; i < w->policy.roles; i++)
		if (w->role[i].realm != M_NONE) {
			take_down(&model.realm[w->role[i].realm], w);
			return;
		}
	if (!take_pages(w))
		mica(MICA_WF_DESTROY, w->pa, 0, 0, 0);
}

void build_step(void)
{
	struct m_wf *w = pick_wf();
	unsigned int first;

	if (w == NULL || (free_wfs() > 3 && one_in(32))) {
		make_workflow();
		return;
	}
	if (w->state == MICA_WF_STOPPED) {
		end_step(w);
		return;
	}
	if (one_in(300))
		mica(MICA_WF_STOP, w->pa, 0, 0, 0);	/* perhaps it cannot be completed */
	first = draw(w->policy.roles);
	for (unsigned int i = 0; i < w->policy.roles; i++) {
		unsigned int role = (first + i) % w->policy.roles;

		switch (m_role_state(w, role)) {
		case MICA_ROLE_DRAINING:
			take_down(&model.realm[w->role[role].realm], w);
			return;
		case MICA_ROLE_DEAD:
			mica(w->policy.role[role].restart ? MICA_ROLE_RESET : MICA_WF_STOP, w->pa, role, 0, 0);
			return;
		case MICA_ROLE_EMPTY:
		case MICA_ROLE_LOADING:
			load_step(w, role);
			return;
		}
	}
	if (w->state == MICA_WF_NEW)
		mica(MICA_WF_ACTIVATE, w->pa, 0, 0, 0);
	else if (one_in(96))
		mica(MICA_WF_STOP, w->pa, 0, 0, 0);
	else if (one_in(48))
		mica(MICA_ROLE_RESET, w->pa, first, 0, 0);
	else if (capture == NULL)
		enter_step();
}
