/* SPDX-License-Identifier: Apache-2.0 */
/* What claims name: P502 to P508. Whether they hold is flow.c's to say. */
#include <string.h>

#include "model.h"

static bool contains(const struct indices *v, uint32_t x)
{
	for (uint32_t i = 0; i < v->n; i++)
		if (v->v[i] == x)
			return true;
	return false;
}

static void add_once(struct model *m, struct indices *v, uint32_t x)
{
	if (!contains(v, x))
		*VEC_ADD(m->arena, v) = x;
}

static bool add_symbol(struct model *m, struct sym *s, struct ref name, struct m_side *side)
{
	struct diag *g;

	s->used = true;
	switch (s->kind) {
	case SYM_ROLE:
		add_once(m, &side->roles, s->index);
		return true;
	case SYM_SET:
		for (uint32_t i = 0; i < m->sets.v[s->index].roles.n; i++)
			add_once(m, &side->roles, m->sets.v[s->index].roles.v[i]);
		return true;
	case SYM_CHANNEL:
		add_once(m, &side->channels, s->index);
		return true;
	case SYM_BAD:
		return false;
	default:
		g = diag_error(m->diags, "P507", m->src, name.at, "'%s' is %s", name.name,
			       sym_kind_text(s->kind));
		if (s->kind == SYM_WINDOW)
			diag_hint(m->diags, g, "a window is host memory: write host");
		return false;
	}
}

static bool add_term(struct model *m, struct ref name, struct m_side *side)
{
	struct sym *s;

	if (strcmp(name.name, "any") == 0) {
		side->any = true;
		return true;
	}
	if (strcmp(name.name, "host") == 0) {
		side->host = true;
		return true;
	}
	s = sym_find(m, name.name);
	if (!s) {
		sym_unknown(m, name);
		return false;
	}
	return add_symbol(m, s, name, side);
}

static bool side(struct model *m, const struct refs *terms, struct m_side *out)
{
	bool ok = true;

	for (uint32_t i = 0; i < terms->n; i++) {
		for (uint32_t k = 0; k < i; k++)
			if (strcmp(terms->v[i].name, terms->v[k].name) == 0) {
				diag_error(m->diags, "P105", m->src, terms->v[i].at, "'%s' is listed twice",
					   terms->v[i].name);
				ok = false;
			}
		ok = add_term(m, terms->v[i], out) && ok;
	}
	return ok;
}

static bool via_role(struct model *m, struct ref name, uint32_t role, struct indices *out)
{
	const struct m_role *r = &m->roles.v[role];
	struct diag *g;

	if (!r->declassifies) {
		g = diag_error(m->diags, "P502", m->src, name.at, "'%s' does not declassify", r->name);
		diag_note(m->diags, g, m->src, r->at, "declared here");
		diag_hint(m->diags, g, "add declassifies to its realm, if you trust its code");
		return false;
	}
	add_once(m, out, role);
	return true;
}

static bool via(struct model *m, struct ref name, struct indices *out)
{
	struct sym *s = sym_find(m, name.name);
	struct indices *set;
	struct diag *g;
	bool ok = true;

	if (strcmp(name.name, "host") == 0 || strcmp(name.name, "any") == 0) {
		diag_error(m->diags, "P505", m->src, name.at, "'%s' is no role; only roles can declassify",
			   name.name);
		return false;
	}
	if (!s) {
		sym_unknown(m, name);
		return false;
	}
	s->used = true;
	if (s->kind == SYM_BAD)
		return false;
	if (s->kind == SYM_ROLE)
		return via_role(m, name, s->index, out);
	if (s->kind != SYM_SET) {
		g = diag_error(m->diags, "P505", m->src, name.at, "'%s' is %s; only roles can declassify",
			       name.name, sym_kind_text(s->kind));
		if (s->kind == SYM_CHANNEL)
			diag_hint(m->diags, g, "name its reader");
		return false;
	}
	set = &m->sets.v[s->index].roles;
	for (uint32_t i = 0; i < set->n; i++)
		ok = via_role(m, name, set->v[i], out) && ok;
	return ok;
}

/* The place of a role in a list, or the whole list if it came in by a set. */
static struct span place_of(const struct model *m, const struct refs *terms, uint32_t role)
{
	for (uint32_t i = 0; i < terms->n; i++)
		if (strcmp(terms->v[i].name, m->roles.v[role].name) == 0)
			return terms->v[i].at;
	return terms->v[0].at;
}

static bool disjoint(struct model *m, const struct item *it, const struct m_claim *c)
{
	bool ok = true;

	for (uint32_t i = 0; i < c->a.roles.n; i++)
		if (contains(&c->b.roles, c->a.roles.v[i])) {
			diag_error(m->diags, "P504", m->src, place_of(m, &it->b, c->a.roles.v[i]),
				   "'%s' stands on both sides", m->roles.v[c->a.roles.v[i]].name);
			ok = false;
		}
	for (uint32_t i = 0; i < c->a.channels.n; i++)
		if (contains(&c->b.channels, c->a.channels.v[i])) {
			diag_error(m->diags, "P504", m->src, it->b.v[0].at, "'%s' stands on both sides",
				   m->channels.v[c->a.channels.v[i]].name);
			ok = false;
		}
	if (c->a.host && c->b.host) {
		diag_error(m->diags, "P504", m->src, it->b.v[0].at, "'host' stands on both sides");
		ok = false;
	}
	for (uint32_t i = 0; i < c->via.n; i++)
		if (contains(&c->a.roles, c->via.v[i]) || contains(&c->b.roles, c->via.v[i])) {
			diag_error(m->diags, "P503", m->src, place_of(m, &it->via, c->via.v[i]),
				   "'%s' is both an end and an exception", m->roles.v[c->via.v[i]].name);
			ok = false;
		}
	return ok;
}

/* `any`: every role that is on no other side. */
static bool expand_any(struct model *m, const struct item *it, struct m_claim *c)
{
	struct m_side *open = c->a.any ? &c->a : &c->b, *other = c->a.any ? &c->b : &c->a;

	if (c->a.any && c->b.any) {
		diag_error(m->diags, "P506", m->src, it->b.v[0].at, "`any` on both sides");
		return false;
	}
	if (!open->any)
		return true;
	for (uint32_t i = 0; i < m->roles.n; i++)
		if (!contains(&other->roles, i) && !contains(&c->via, i))
			add_once(m, &open->roles, i);
	if (open->roles.n == 0) {
		diag_error(m->diags, "P508", m->src, c->a.any ? it->a.v[0].at : it->b.v[0].at,
			   "no role is left for `any`");
		return false;
	}
	return true;
}

void resolve_claim(struct model *m, const struct item *it)
{
	struct m_claim c = { .item = it, .must = it->kind == ITEM_MUST };
	bool ok = side(m, &it->a, &c.a);

	ok = side(m, &it->b, &c.b) && ok;
	for (uint32_t i = 0; i < it->via.n; i++)
		ok = via(m, it->via.v[i], &c.via) && ok;
	if (ok && disjoint(m, it, &c) && expand_any(m, it, &c))
		*VEC_ADD(m->arena, &m->claims) = c;
}
