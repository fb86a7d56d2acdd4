/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who reaches what, from the policy: a bound Realm its own RAM, its channels with its grants' rights, its windows with
 * their regions' rights, and nothing else. Each page is where the policy puts it, whatever an entry says: the entries tell
 * only what is in place by now. Source: docs/spec/extension.md section 4.
 */
#include <string.h>

#include "model.h"

/* An unbound Realm: 1.0. */
static unsigned int may_unbound(const struct m_realm *r, const struct m_entry *e, uint64_t ipa)
{
	if (e->kind != RMI_ASSIGNED)
		return 0;
	if (ipa >= m_par(r))
		return e->out >> 6 & 3;
	return e->ripas == RMI_RAM ? M_READ | M_WRITE | M_EXECUTE : 0;
}

static unsigned int may_bound(struct model *m, const struct m_realm *r, const struct m_entry *e, uint64_t ipa, uint64_t *pa)
{
	const struct m_wf *w = m_wf_of(m, r);
	const struct m_role *role = m_record(m, r);
	const struct m_region *window = m_region_at(w, r->role, MICA_REGION_WINDOW, ipa);

	if (ipa - role->ram_base < role->ram_size)
		return e->kind == RMI_ASSIGNED && e->ripas == RMI_RAM ? M_READ | M_WRITE | M_EXECUTE : 0;
	if (window != NULL)
		return e->kind == RMI_ASSIGNED ? window->rights : 0;
	for (unsigned int i = 0; m_grant(w, r->role, i) != NULL; i++) {
		const struct m_grant *g = m_grant(w, r->role, i);

		if (ipa - g->ipa >= w->policy.channel[g->channel].pages * M_PAGE)
			continue;
		*pa = (w->channel[g->channel].base + (ipa - g->ipa)) & ~(M_PAGE - 1);
		return e->kind == M_CHAN_LEAF ? (g->writes ? M_READ | M_WRITE : M_READ) : 0;
	}
	return 0;
}

unsigned int model_may(struct model *m, const struct m_realm *r, uint64_t ipa, uint64_t *pa)
{
	struct m_walk w;

	*pa = 0;
	if (ipa >> r->s2sz != 0)
		return 0;
	w = model_walk(m, r, ipa, 3);
	*pa = ((m_at(&w)->out & ~(M_PAGE - 1)) + (ipa & (m_size(w.level) - 1))) & ~(M_PAGE - 1);
	return r->wf == M_NONE ? may_unbound(r, m_at(&w), ipa) : may_bound(m, r, m_at(&w), ipa, pa);
}

/* What lies at the granule must be of the world that the address means; else hardware lets nobody through. */
static void note(const struct model *m, const struct m_realm *r, uint64_t ipa, uint64_t pa, unsigned int may, uint8_t *rights)
{
	uint64_t i = (pa - m->bank) / M_PAGE;

	if (pa < m->bank || i >= m->pages || (m->state[i] == M_NS) != (ipa >= m_par(r)))
		return;
	rights[i] |= (uint8_t)may;
}

static void pages(struct model *m, const struct m_realm *r, uint64_t base, uint64_t size, uint8_t *rights)
{
	uint64_t pa;

	for (uint64_t a = base; a < base + size; a += M_PAGE) {
		unsigned int may = model_may(m, r, a, &pa);

		note(m, r, a, pa, may, rights);
	}
}

/* All leaves of an unbound Realm, whose policy they are. */
static void leaves(struct model *m, const struct m_realm *r, const struct m_table *t, uint64_t base, int level, uint8_t *rights)
{
	for (unsigned int i = 0; i < 512; i++) {
		const struct m_entry *e = &t->e[i];
		uint64_t a = base + i * m_size(level), pa = e->out & ~(M_PAGE - 1);
		unsigned int may = may_unbound(r, e, a);

		if (e->kind == RMI_TABLE)
			leaves(m, r, m_table_at(m, e->out), a, level + 1, rights);	/* bounded by the levels */
		/* a host may map an unbound Realm more than there is memory */
		for (uint64_t off = 0; may != 0 && off < m_size(level) && pa + off < m->bank + m->pages * M_PAGE; off += M_PAGE)
			note(m, r, a, pa + off, may, rights);
	}
}

void model_access(struct model *m, const struct m_realm *r, uint8_t *rights)
{
	const struct m_policy *p;

	memset(rights, 0, M_GRANULES);
	if (r->wf == M_NONE) {
		for (unsigned int i = 0; i < r->num_start; i++)
			leaves(m, r, m_table_at(m, r->rtt_base + i * M_PAGE), i * 512UL * m_size(r->start_level), r->start_level,
			       rights);
		return;
	}
	p = &m_wf_of(m, r)->policy;
	pages(m, r, p->role[r->role].ram_base, p->role[r->role].ram_size, rights);
	for (unsigned int i = 0; i < p->grants; i++)
		if (p->grant[i].role == r->role)
			pages(m, r, p->grant[i].ipa, p->channel[p->grant[i].channel].pages * M_PAGE, rights);
	for (unsigned int i = 0; i < p->regions; i++)
		if (p->region[i].role == r->role && p->region[i].kind == MICA_REGION_WINDOW)
			pages(m, r, p->region[i].base, p->region[i].pages * M_PAGE, rights);
}
