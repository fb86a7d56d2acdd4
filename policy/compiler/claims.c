/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What claims name: P105, P502 to P508, P617, P620. Whether they hold is flow.c's to say. A claim of the workflow names
 * what the workflow declares; a requirement names what its component declares, and means what that is wired to.
 */
#include <string.h>

#include "model.h"

/* Whose names count, and where an error is shown. */
struct claimant {
	struct model *m;
	const struct item *item;
	uint32_t role;			/* of a requirement; NO_ROLE */
};

/* What one term of a claim means. */
enum term_kind { TERM_NOTHING, TERM_ROLES, TERM_CHANNEL, TERM_HOST, TERM_ANY, TERM_UNWIRED };
struct term {
	enum term_kind kind;
	const uint32_t *v;		/* roles, or the channel */
	uint32_t n;
};

static const struct m_role *claiming(const struct claimant *c)
{
	return c->role == NO_ROLE ? NULL : &c->m->roles.v[c->role];
}

static bool is_word(struct ref name, const char *word)
{
	return strcmp(name.name, word) == 0;
}

/* ---- terms of the workflow ---- */

static void cannot_name(struct model *m, const struct sym *s, struct ref name)
{
	struct diag *g = diag_error(m->diags, "P507", m->src, name.at, "'%s' is %s", name.name, sym_kind_text(s->kind));

	if (s->kind == SYM_WINDOW || s->kind == SYM_MMIO)
		diag_hint(m->diags, g, "%s is host memory: write host", s->kind == SYM_WINDOW ? "a window" : "mmio");
	else
		diag_hint(m->diags, g, "name the roles it joins");
}

/* A channel in error is declared, but nothing more is said about it. */
static struct term channel_term(const struct model *m, const uint32_t *index)
{
	return (struct term){ m->channels.v[*index].item ? TERM_CHANNEL : TERM_NOTHING, index, 1 };
}

static struct term term_of_sym(struct model *m, struct sym *s, struct ref name)
{
	struct m_set *set;

	s->used = true;
	switch (s->kind) {
	case SYM_ROLE:
		return (struct term){ TERM_ROLES, &s->index, 1 };
	case SYM_SET:
		set = &m->sets.v[s->index];
		if (!spell_out(m, m->src, name.at, set->roles.n))
			return (struct term){ 0 };
		return (struct term){ TERM_ROLES, set->roles.v, set->roles.n };
	case SYM_CHANNEL:
		return channel_term(m, &s->index);
	case SYM_BAD:
		return (struct term){ 0 };
	default:
		cannot_name(m, s, name);
		return (struct term){ 0 };
	}
}

/* ---- terms of a component ---- */

/* Its names have been checked with its file; here they are only looked up. */
static struct term term_of_component(const struct claimant *c, struct ref name)
{
	const struct m_role *r = claiming(c);
	const struct sym *s = sym_find(r->component->own, name.name);

	if (is_word(name, "self"))
		return (struct term){ TERM_ROLES, &c->role, 1 };
	if (s->kind == SYM_PEER)
		return (struct term){ r->peer_roles[s->index] == NO_ROLE ? TERM_NOTHING : TERM_ROLES,
				      &r->peer_roles[s->index], 1 };
	if (!r->wired[s->index].item)
		return (struct term){ .kind = TERM_UNWIRED };
	return channel_term(c->m, &r->wired[s->index].index);
}

static struct term term_of(const struct claimant *c, struct ref name)
{
	struct sym *s;

	if (is_word(name, "any"))
		return (struct term){ .kind = TERM_ANY };
	if (is_word(name, "host"))
		return (struct term){ .kind = TERM_HOST };
	if (c->role != NO_ROLE)
		return term_of_component(c, name);
	s = sym_find(c->m, name.name);
	if (!s) {
		sym_unknown(c->m, name);
		return (struct term){ 0 };
	}
	return term_of_sym(c->m, s, name);
}

/* ---- sides ---- */

static struct sym *channel_sym(struct model *m, uint32_t channel)
{
	return sym_find(m, m->channels.v[channel].name);
}

/* Words that are no names and can stand in a list. */
struct words { bool host, self, any; };

static bool *word_of(struct words *w, struct ref name)
{
	return is_word(name, "host") ? &w->host : is_word(name, "self") ? &w->self :
	       is_word(name, "any") ? &w->any : NULL;
}

/* Put it into the list at hand; was it in there before? */
static bool again(struct model *m, struct words *w, struct ref name)
{
	struct sym *s = sym_find(m, name.name);
	bool *word = word_of(w, name), before;

	if (!word)
		return s && !list_add_sym(m, s);
	before = *word;
	*word = true;
	return before;
}

/* P105, by name. The same role by two names is no error: sets may share members. */
static bool listed_once(struct model *m, const struct refs *terms)
{
	struct words w = { 0 };
	bool ok = true;

	new_list(m);
	for (uint32_t i = 0; i < terms->n; i++) {
		if (!again(m, &w, terms->v[i]))
			continue;
		diag_error(m->diags, "P105", m->src, terms->v[i].at, "'%s' is listed twice", terms->v[i].name);
		ok = false;
	}
	return ok;
}

static bool add_term(const struct claimant *c, const struct term *t, struct m_side *side)
{
	switch (t->kind) {
	case TERM_ANY:
		side->any = true;
		return true;
	case TERM_HOST:
		side->host = true;
		return true;
	case TERM_CHANNEL:
		if (list_add_sym(c->m, channel_sym(c->m, t->v[0])))	/* two ports may mean one channel */
			*VEC_ADD(c->m->arena, &side->channels) = t->v[0];
		return true;
	case TERM_ROLES:
		for (uint32_t i = 0; i < t->n; i++)
			if (list_add(c->m, t->v[i]))
				*VEC_ADD(c->m->arena, &side->roles) = t->v[i];
		return true;
	default:
		return false;
	}
}

static bool side(const struct claimant *c, const struct refs *terms, struct m_side *out)
{
	bool ok = c->role != NO_ROLE || listed_once(c->m, terms);

	new_list(c->m);
	for (uint32_t i = 0; i < terms->n; i++) {
		struct term t = term_of(c, terms->v[i]);

		ok = add_term(c, &t, out) && ok;
	}
	return ok;
}

/* ---- exceptions ---- */

static bool may_release(const struct claimant *c, struct ref name, uint32_t role)
{
	const struct m_role *r = &c->m->roles.v[role];
	struct model *m = c->m;
	struct diag *g;

	if (r->declassifies)
		return true;
	if (c->role == NO_ROLE) {
		g = diag_error(m->diags, "P502", m->src, name.at, "'%s' does not declassify", r->name);
		diag_note(m->diags, g, m->src, r->at, "declared here");
	} else if (is_word(name, "self")) {
		g = diag_error(m->diags, "P620", m->src, r->at, "'%s' does not declassify", r->name);
		diag_note(m->diags, g, c->item->src, name.at, "its author asks for it here");
	} else {
		const struct m_role *own = claiming(c);
		const struct attr *a = own->peers[sym_find(own->component->own, name.name)->index];

		g = diag_error(m->diags, "P620", m->src, a->ref2.at, "'%s', bound to peer '%s', does not declassify",
			       r->name, name.name);
		diag_note(m->diags, g, c->item->src, name.at, "the author of the component asks for it here");
	}
	diag_hint(m->diags, g, "add declassifies to its realm, if you trust its code");
	return false;
}

/* P505: of the workflow's own claims; a requirement's exceptions have been checked with its file. */
static bool can_release(const struct claimant *c, struct ref name)
{
	struct model *m = c->m;
	struct sym *s = sym_find(m, name.name);
	struct diag *g;

	if (c->role != NO_ROLE)
		return true;
	if (is_word(name, "host") || is_word(name, "any")) {
		diag_error(m->diags, "P505", m->src, name.at, "'%s' is no role; only roles can declassify", name.name);
		return false;
	}
	if (!s || s->kind == SYM_ROLE || s->kind == SYM_SET || s->kind == SYM_BAD)
		return true;
	g = diag_error(m->diags, "P505", m->src, name.at, "'%s' is %s; only roles can declassify",
		       name.name, sym_kind_text(s->kind));
	if (s->kind == SYM_CHANNEL)
		diag_hint(m->diags, g, "name its reader");
	return false;
}

static bool via(const struct claimant *c, struct indices *out)
{
	const struct refs *terms = &c->item->via;
	bool ok = c->role != NO_ROLE || listed_once(c->m, terms);

	new_list(c->m);
	for (uint32_t i = 0; i < terms->n; i++) {
		struct term t = { 0 };

		if (can_release(c, terms->v[i]))
			t = term_of(c, terms->v[i]);
		ok = ok && t.kind == TERM_ROLES;
		for (uint32_t k = 0; t.kind == TERM_ROLES && k < t.n; k++) {
			ok = may_release(c, terms->v[i], t.v[k]) && ok;
			if (list_add(c->m, t.v[k]))
				*VEC_ADD(c->m->arena, out) = t.v[k];
		}
	}
	return ok;
}

/* ---- overlap ---- */

/* Where a requirement's term gets its meaning: the peer's binding, or the statement its port is wired to. */
static struct span wiring_of(const struct claimant *c, struct ref name)
{
	const struct m_role *r = claiming(c);
	const struct sym *s = sym_find(r->component->own, name.name);

	if (!s)
		return r->at;		/* self */
	return s->kind == SYM_PEER ? r->peers[s->index]->ref2.at : r->wired[s->index].at;
}

static struct diag *overlap(const struct claimant *c, struct ref name, const char *code, const char *what, const char *fault)
{
	bool own = c->role == NO_ROLE;
	struct diag *g = diag_error(c->m->diags, code, c->m->src, own ? name.at : wiring_of(c, name), "'%s' %s", what, fault);

	if (!own)
		diag_note(c->m->diags, g, c->item->src, c->item->at, "in this requirement");
	return g;
}

static void mark_side(struct model *m, const struct m_side *side)
{
	new_list(m);
	for (uint32_t i = 0; i < side->roles.n; i++)
		(void)list_add(m, side->roles.v[i]);
	for (uint32_t i = 0; i < side->channels.n; i++)
		(void)list_add_sym(m, channel_sym(m, side->channels.v[i]));
}

/* Names in @terms that mean something already on side @a: one error each. */
static bool apart(const struct claimant *c, const struct m_side *a, const struct refs *terms, const char *code,
		  const char *fault)
{
	struct model *m = c->m;
	struct diag *g;
	bool ok = true;

	mark_side(m, a);
	for (uint32_t i = 0; i < terms->n; i++) {
		struct term t = term_of(c, terms->v[i]);
		const char *what = NULL;

		for (uint32_t k = 0; t.kind == TERM_ROLES && !what && k < t.n; k++)
			if (in_list(m, t.v[k]))
				what = m->roles.v[t.v[k]].name;
		if (t.kind == TERM_CHANNEL && channel_sym(m, t.v[0])->mark == m->list)
			what = m->channels.v[t.v[0]].name;
		if (t.kind == TERM_HOST && a->host)
			what = "host";
		ok = ok && !what;
		if (!what)
			continue;
		g = overlap(c, terms->v[i], code, what, fault);
		if (terms == &c->item->b && t.kind == TERM_ROLES && a->roles.n > 1 && c->role == NO_ROLE &&
		    c->item->kind == ITEM_NEVER)
			diag_hint(m->diags, g, "that roles do not reach each other is a claim for each of them: never %s ~> "
				  "{ the others }", what);
	}
	return ok;
}

static bool disjoint(const struct claimant *c, const struct m_claim *claim)
{
	bool ok = apart(c, &claim->a, &c->item->b, "P504", "stands on both sides");

	ok = apart(c, &claim->a, &c->item->via, "P503", "is both an end and an exception") && ok;
	return apart(c, &claim->b, &c->item->via, "P503", "is both an end and an exception") && ok;
}

/* `any`: every role that is on no other side. */
static bool expand_any(const struct claimant *c, struct m_claim *claim)
{
	struct m_side *open = claim->a.any ? &claim->a : &claim->b, *other = claim->a.any ? &claim->b : &claim->a;
	const struct refs *terms = claim->a.any ? &c->item->a : &c->item->b;
	struct model *m = c->m;
	struct diag *g;

	if (claim->a.any && claim->b.any) {
		diag_error(m->diags, "P506", m->src, c->item->b.v[0].at, "`any` on both sides");
		return false;
	}
	if (!open->any)
		return true;
	if (!spell_out(m, c->item->src, terms->v[0].at, m->roles.n))
		return false;
	mark_side(m, other);
	for (uint32_t i = 0; i < claim->via.n; i++)
		(void)list_add(m, claim->via.v[i]);
	for (uint32_t i = 0; i < m->roles.n; i++)
		if (!in_list(m, i))
			*VEC_ADD(m->arena, &open->roles) = i;
	if (open->roles.n != 0)
		return true;
	g = diag_error(m->diags, "P508", c->item->src, terms->v[0].at, "no role is left for `any`");
	if (c->role != NO_ROLE)
		diag_note(m->diags, g, m->src, claiming(c)->at, "required by the component of this role");
	return false;
}

static void resolve_one(const struct claimant *c)
{
	struct m_claim claim = { .item = c->item, .must = c->item->kind == ITEM_MUST, .role = c->role };
	bool ok = side(c, &c->item->a, &claim.a);

	ok = side(c, &c->item->b, &claim.b) && ok;
	ok = via(c, &claim.via) && ok;
	if (ok && disjoint(c, &claim) && expand_any(c, &claim))
		*VEC_ADD(c->m->arena, &c->m->claims) = claim;
}

void resolve_claim(struct model *m, const struct item *it)
{
	const struct claimant c = { m, it, NO_ROLE };

	resolve_one(&c);
}

/* ---- requirements ---- */

/* A port that a requirement names and nobody wired: then it says nothing. */
static bool unwired(const struct claimant *c, struct ref *port)
{
	const struct refs *sides[] = { &c->item->a, &c->item->b };

	for (unsigned int i = 0; i < 2; i++)
		for (uint32_t k = 0; k < sides[i]->n; k++) {
			*port = sides[i]->v[k];
			if (term_of(c, *port).kind == TERM_UNWIRED)
				return true;
		}
	return false;
}

static void dropped(const struct claimant *c, struct ref port)
{
	const struct m_role *r = claiming(c);
	struct diag *g = diag_warning(c->m->diags, "W905", c->m->src, r->at,
				      "a requirement of '%s' says nothing: port '%s' is not wired", r->name, port.name);

	diag_note(c->m->diags, g, c->item->src, c->item->at, "this one");
}

void resolve_requirements(struct model *m)
{
	for (uint32_t i = 0; i < m->roles.n; i++) {
		const struct m_component *from = m->roles.v[i].component;

		for (uint32_t k = 0; from && k < from->requirements.n; k++) {
			const struct claimant c = { m, from->requirements.v[k], i };
			struct ref port;

			if (!unwired(&c, &port))
				resolve_one(&c);
		}
	}
}

void warn_requirements(struct model *m)
{
	for (uint32_t i = 0; i < m->roles.n; i++) {
		const struct m_component *from = m->roles.v[i].component;

		for (uint32_t k = 0; from && k < from->requirements.n; k++) {
			const struct claimant c = { m, from->requirements.v[k], i };
			struct ref port;

			if (unwired(&c, &port))
				dropped(&c, port);
		}
	}
}

/* ---- a requirement as its file has it ---- */

static bool requirement_term(struct model *own, struct ref name, bool exception)
{
	const struct sym *s = sym_find(own, name.name);
	struct diag *g;

	if (exception && (is_word(name, "host") || is_word(name, "any") || (s && s->kind == SYM_PORT))) {
		diag_error(own->diags, "P505", own->src, name.at, "'%s' is %s; only roles can declassify", name.name,
			   s ? "a port" : "no role");
		return false;
	}
	if (is_word(name, "self") || is_word(name, "host") || is_word(name, "any"))
		return true;
	if (!s) {
		g = diag_error(own->diags, "P617", own->src, name.at, "a requirement can name self, host, any, ports and peers");
		diag_hint(own->diags, g, "declare a peer: peer %s", name.name);
		return false;
	}
	if (s->kind == SYM_WINDOW || s->kind == SYM_GATE || s->kind == SYM_MMIO)
		cannot_name(own, s, name);
	return s->kind == SYM_PORT || s->kind == SYM_PEER;
}

static bool requirement_list(struct model *own, const struct refs *terms, bool exception)
{
	bool ok = listed_once(own, terms);

	for (uint32_t i = 0; i < terms->n; i++)
		ok = requirement_term(own, terms->v[i], exception) && ok;
	return ok;
}

/* The same name in two lists. */
static void requirement_apart(struct model *own, const struct refs *a, const struct refs *b, const char *code,
			      const char *fault)
{
	struct words w = { 0 };

	new_list(own);
	for (uint32_t i = 0; i < a->n; i++)
		(void)again(own, &w, a->v[i]);
	for (uint32_t i = 0; i < b->n; i++) {
		if (!again(own, &w, b->v[i]))
			continue;
		if (is_word(b->v[i], "any"))
			diag_error(own->diags, "P506", own->src, b->v[i].at, "`any` on both sides");
		else
			diag_error(own->diags, code, own->src, b->v[i].at, "'%s' %s", b->v[i].name, fault);
	}
}

void check_requirement(struct model *own, const struct item *it)
{
	bool ok = requirement_list(own, &it->a, false);

	ok = requirement_list(own, &it->b, false) && ok;
	ok = requirement_list(own, &it->via, true) && ok;
	if (!ok)
		return;
	requirement_apart(own, &it->a, &it->b, "P504", "stands on both sides");
	requirement_apart(own, &it->a, &it->via, "P503", "is both an end and an exception");
	requirement_apart(own, &it->b, &it->via, "P503", "is both an end and an exception");
}
