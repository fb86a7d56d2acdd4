/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From items to model, in passes, because the order of items never matters: constants and roles, sets, the names
 * of wires, then what wires join, control, claims. Last what takes the whole policy: P203, P208, P325, P306, warnings.
 */
#include <string.h>

#include "model.h"

static void resolve_const(struct model *m, const struct item *it)
{
	if (sym_add(m, SYM_CONST, it->names.v[0], m->consts.n))
		*VEC_ADD(m->arena, &m->consts) = it->value;
}

static void resolve_set(struct model *m, const struct item *it)
{
	struct m_set set = { .name = it->set.name, .at = it->set.at };

	for (uint32_t i = 0; i < it->names.n; i++) {
		struct ref name = it->names.v[i];
		struct sym *s = sym_find(m, name.name);
		struct diag *g;
		bool twice = false;

		if (!s) {
			sym_unknown(m, name);
			continue;
		}
		if (s->kind == SYM_BAD)
			continue;
		if (s->kind != SYM_ROLE) {
			g = diag_error(m->diags, "P106", m->src, name.at, "a set holds roles, '%s' is %s",
				       name.name, sym_kind_text(s->kind));
			if (s->kind == SYM_CHANNEL)
				diag_hint(m->diags, g, "name channels in the claim itself");
			continue;
		}
		for (uint32_t k = 0; k < set.roles.n; k++)
			twice = twice || set.roles.v[k] == s->index;
		if (twice)
			diag_error(m->diags, "P105", m->src, name.at, "'%s' is listed twice", name.name);
		else
			*VEC_ADD(m->arena, &set.roles) = s->index;
	}
	*VEC_ADD(m->arena, &m->sets) = set;
}

/* Space for each wire, by name; the wire itself is filled in later, or stays empty if it is in error. */
static void declare_wire(struct model *m, const struct item *it)
{
	if (it->kind == ITEM_CHANNEL && sym_add(m, SYM_CHANNEL, it->names.v[0], m->channels.n))
		(void)VEC_ADD(m->arena, &m->channels);
	if (it->kind == ITEM_WINDOW && sym_add(m, SYM_WINDOW, it->names.v[0], m->windows.n))
		(void)VEC_ADD(m->arena, &m->windows);
	if (it->kind == ITEM_GATE && sym_add(m, SYM_GATE, it->names.v[0], m->gates.n))
		(void)VEC_ADD(m->arena, &m->gates);
}

/* Is this item the one that owns its name? A second declaration is reported and ignored. */
static bool owns_name(const struct model *m, const struct item *it, enum sym_kind kind)
{
	const struct sym *s = sym_find(m, it->names.v[0].name);

	return s && s->kind == kind && s->at.begin == it->names.v[0].at.begin;
}

static void resolve_wire(struct model *m, const struct item *it)
{
	if (it->kind == ITEM_CHANNEL && owns_name(m, it, SYM_CHANNEL))
		resolve_channel(m, it);
	else if (it->kind == ITEM_WINDOW && owns_name(m, it, SYM_WINDOW))
		resolve_window(m, it);
	else if (it->kind == ITEM_GATE && owns_name(m, it, SYM_GATE))
		resolve_gate(m, it);
	else if (it->kind == ITEM_CONTROL)
		resolve_control(m, it);
}

/* ---- warnings ---- */

static bool named_by_claim(const struct model *m, uint32_t role)
{
	for (uint32_t i = 0; i < m->claims.n; i++)
		for (uint32_t k = 0; k < m->claims.v[i].via.n; k++)
			if (m->claims.v[i].via.v[k] == role)
				return true;
	return false;
}

static void warn_roles(struct model *m)
{
	for (uint32_t i = 0; i < m->roles.n; i++) {
		const struct m_role *r = &m->roles.v[i];

		if (r->declassifies && !named_by_claim(m, i))
			diag_warning(m->diags, "W901", m->src, r->declassifies_at,
				     "'%s' declassifies, but no claim names it", r->name);
		if (r->image == IMAGE_ANY && (r->windows.n || r->rights))
			diag_warning(m->diags, "W902", m->src, r->at,
				     "'%s' runs unknown code and can talk to the host", r->name);
		if (!r->used)
			diag_warning(m->diags, "W907", m->src, r->at, "'%s' has no connection", r->name);
	}
}

static void warn_unused(struct model *m)
{
	for (uint32_t i = 0; i < m->table_size; i++)
		for (const struct sym *s = m->table[i]; s; s = s->next)
			if (!s->used && (s->kind == SYM_SET || s->kind == SYM_CONST))
				diag_warning(m->diags, "W909", m->src, s->at, "'%s' is not used", s->name);
}

static bool same_text(const struct model *m, struct span a, struct span b)
{
	const char *s = m->src->text;
	uint32_t i = a.begin, k = b.begin;

	for (;;) {
		while (i < a.end && (s[i] == ' ' || s[i] == '\t' || s[i] == '\n'))
			i++;
		while (k < b.end && (s[k] == ' ' || s[k] == '\t' || s[k] == '\n'))
			k++;
		if (i == a.end || k == b.end)
			return i == a.end && k == b.end;
		if (s[i++] != s[k++])
			return false;
	}
}

static void warn_claims(struct model *m)
{
	struct diag *g;

	if (m->claims.n == 0)
		diag_warning(m->diags, "W912", m->src, m->ast->workflow.at, "the workflow makes no claim");
	for (uint32_t i = 0; i < m->claims.n; i++)
		for (uint32_t k = 0; k < i; k++)
			if (same_text(m, m->claims.v[i].item->at, m->claims.v[k].item->at)) {
				g = diag_warning(m->diags, "W908", m->src, m->claims.v[i].item->at,
						 "the same claim twice");
				diag_note(m->diags, g, m->src, m->claims.v[k].item->at, "first made here");
				break;
			}
}

void resolve(struct model *m)
{
	const struct ast *ast = m->ast;
	struct diag *g;

	m->name = ast->workflow.name;
	sym_init(m, ast->items.n + ast->bad.n);
	for (uint32_t i = 0; i < ast->items.n; i++)
		if (ast->items.v[i].kind == ITEM_CONST)
			resolve_const(m, &ast->items.v[i]);
	for (uint32_t i = 0; i < ast->items.n; i++)
		if (ast->items.v[i].kind == ITEM_REALM)
			resolve_realm(m, &ast->items.v[i]);
	for (uint32_t i = 0; i < ast->items.n; i++)
		declare_wire(m, &ast->items.v[i]);
	for (uint32_t i = 0; i < ast->bad.n; i++)
		if (!sym_find(m, ast->bad.v[i].name))
			(void)sym_add(m, SYM_BAD, ast->bad.v[i], 0);
	for (uint32_t i = 0; i < ast->items.n; i++)
		if (ast->items.v[i].kind == ITEM_SET && sym_add(m, SYM_SET, ast->items.v[i].set, m->sets.n))
			resolve_set(m, &ast->items.v[i]);
	for (uint32_t i = 0; i < ast->items.n; i++)
		resolve_wire(m, &ast->items.v[i]);
	check_wires(m);
	check_roles(m);
	for (uint32_t i = 0; i < ast->items.n; i++)
		if (ast->items.v[i].kind == ITEM_NEVER || ast->items.v[i].kind == ITEM_MUST)
			resolve_claim(m, &ast->items.v[i]);
	if (m->roles.n == 0 && m->diags->errors == 0) {
		g = diag_error(m->diags, "P203", m->src, ast->workflow.at, "a workflow needs a realm");
		diag_hint(m->diags, g, "realm NAME { image \"FILE\" }");
	}
	if (m->diags->errors == 0) {
		warn_roles(m);
		warn_unused(m);
		warn_claims(m);
	}
}
