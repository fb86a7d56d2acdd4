/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From items to model, in passes, because the order of items never matters: first every name, then roles, sets, what
 * wires join and who holds rights, claims. Last what takes the whole policy: P203, P208, P325, P306, warnings.
 */
#include <string.h>

#include "model.h"

/* ---- names ---- */

/* Space for what each item declares, by name; it is filled in later, or stays empty if the item is in error. */
static void declare(struct model *m, const struct item *it)
{
	struct ref name = it->kind == ITEM_SET ? it->set : it->names.n ? it->names.v[0] : (struct ref){ 0 };

	if (it->kind == ITEM_CONST && sym_add(m, SYM_CONST, name, m->consts.n))
		*VEC_ADD(m->arena, &m->consts) = it->value;
	if (it->kind == ITEM_SET && sym_add(m, SYM_SET, name, m->sets.n))
		*VEC_ADD(m->arena, &m->sets) = (struct m_set){ .name = name.name, .at = name.at };
	if (it->kind == ITEM_CHANNEL && sym_add(m, SYM_CHANNEL, name, m->channels.n))
		(void)VEC_ADD(m->arena, &m->channels);
	if (it->kind == ITEM_WINDOW && sym_add(m, SYM_WINDOW, name, m->windows.n))
		(void)VEC_ADD(m->arena, &m->windows);
	if (it->kind == ITEM_GATE && sym_add(m, SYM_GATE, name, m->gates.n))
		(void)VEC_ADD(m->arena, &m->gates);
	for (uint32_t i = 0; it->kind == ITEM_REALM && i < it->names.n; i++)
		if (sym_add(m, SYM_ROLE, it->names.v[i], m->roles.n))
			*VEC_ADD(m->arena, &m->roles) = (struct m_role){ .name = it->names.v[i].name,
									 .at = it->names.v[i].at, .item = it };
	for (uint32_t i = 0; it->kind == ITEM_CONTROL && i < it->attrs.n; i++)
		if (it->attrs.v[i].ref.name && sym_add(m, SYM_MMIO, it->attrs.v[i].ref, m->mmios.n))
			(void)VEC_ADD(m->arena, &m->mmios);
}

static uint32_t count_names(const struct ast *ast)
{
	uint32_t n = ast->bad.n;

	for (uint32_t i = 0; i < ast->items.n; i++)
		n += 1 + ast->items.v[i].names.n + ast->items.v[i].attrs.n;
	return n;
}

static void declare_all(struct model *m)
{
	const struct ast *ast = m->ast;

	for (uint32_t i = 0; i < ast->items.n; i++)
		declare(m, &ast->items.v[i]);
	for (uint32_t i = 0; i < ast->bad.n; i++)
		if (!sym_find(m, ast->bad.v[i].name))
			(void)sym_add(m, SYM_BAD, ast->bad.v[i], 0);
}

/* Is this item the one that owns its name? A second declaration is reported and ignored. */
static bool owns_name(const struct model *m, struct ref name, enum sym_kind kind)
{
	const struct sym *s = sym_find(m, name.name);

	return s && s->kind == kind && s->at.begin == name.at.begin;
}

/* ---- items ---- */

static void resolve_set(struct model *m, const struct item *it)
{
	struct m_set *set = &m->sets.v[sym_find(m, it->set.name)->index];

	new_list(m);
	for (uint32_t i = 0; i < it->names.n; i++) {
		struct ref name = it->names.v[i];
		struct sym *s = sym_find(m, name.name);
		struct diag *g;

		if (!s && strcmp(name.name, "host") != 0)
			sym_unknown(m, name);
		if (s ? s->kind == SYM_BAD : strcmp(name.name, "host") != 0)
			continue;
		if (!s || s->kind != SYM_ROLE) {
			g = diag_error(m->diags, "P106", m->src, name.at, "a set holds roles, '%s' is %s",
				       name.name, s ? sym_kind_text(s->kind) : "none");
			if (s && s->kind == SYM_CHANNEL)
				diag_hint(m->diags, g, "name channels in the claim itself");
			continue;
		}
		if (list_add(m, s->index))
			*VEC_ADD(m->arena, &set->roles) = s->index;
		else
			diag_error(m->diags, "P105", m->src, name.at, "'%s' is listed twice", name.name);
	}
}

static void resolve_wire(struct model *m, const struct item *it)
{
	if (it->kind == ITEM_CHANNEL && owns_name(m, it->names.v[0], SYM_CHANNEL))
		resolve_channel(m, it);
	else if (it->kind == ITEM_WINDOW && owns_name(m, it->names.v[0], SYM_WINDOW))
		resolve_window(m, it);
	else if (it->kind == ITEM_GATE && owns_name(m, it->names.v[0], SYM_GATE))
		resolve_gate(m, it);
	else if (it->kind == ITEM_CONTROL)
		resolve_control(m, it);
}

static void resolve_items(struct model *m)
{
	const struct ast *ast = m->ast;

	for (uint32_t i = 0; i < ast->items.n; i++)
		if (ast->items.v[i].kind == ITEM_REALM)
			resolve_realm(m, &ast->items.v[i]);
	for (uint32_t i = 0; i < ast->items.n; i++)
		if (ast->items.v[i].kind == ITEM_SET && owns_name(m, ast->items.v[i].set, SYM_SET))
			resolve_set(m, &ast->items.v[i]);
	for (uint32_t i = 0; i < ast->items.n; i++)
		resolve_wire(m, &ast->items.v[i]);
	bind_peers(m);
	check_wires(m);
	check_roles(m);
	for (uint32_t i = 0; i < ast->items.n; i++)
		if (ast->items.v[i].kind == ITEM_NEVER || ast->items.v[i].kind == ITEM_MUST)
			resolve_claim(m, &ast->items.v[i]);
	resolve_requirements(m);
}

void resolve(struct model *m)
{
	struct diag *g;

	m->name = m->ast->workflow.name;
	sym_init(m, count_names(m->ast));
	declare_all(m);
	resolve_items(m);
	if (m->roles.n == 0 && m->diags->errors == 0) {
		g = diag_error(m->diags, "P203", m->src, m->ast->workflow.at, "a workflow needs a realm");
		diag_hint(m->diags, g, "`mica init` writes a start");
	}
	if (m->diags->errors == 0)
		warn_policy(m);
}
