/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Roles first: the same name with the same image; then a renamed one, the same image with the same wires; then the same name
 * with another image. Then wires, by name and ends, by ends, by name.
 */
#include <string.h>

#include "match.h"

uint32_t part_count(const struct graph *g, enum part part)
{
	switch (part) {
	case PART_ROLE: return g->m->roles.n;
	case PART_CHANNEL: return g->m->channels.n;
	case PART_WINDOW: return g->m->windows.n;
	default: return g->m->gates.n;
	}
}

const char *part_name(const struct graph *g, enum part part, uint32_t i)
{
	switch (part) {
	case PART_ROLE: return graph_name(g, i);
	case PART_CHANNEL: return g->m->channels.v[i].name;
	case PART_WINDOW: return g->m->windows.v[i].name;
	default: return g->m->gates.v[i].name;
	}
}

bool same_image(const struct m_role *a, const struct m_role *b)
{
	if (a->image != b->image)
		return false;
	if (a->image == IMAGE_FILE)
		return strcmp(a->path, b->path) == 0 && a->hash_size == b->hash_size;
	return a->image == IMAGE_ANY || (a->hash_size == b->hash_size && memcmp(a->rim, b->rim, a->hash_size) == 0);
}

static void pair(struct pairing *p, enum part part, uint32_t old, uint32_t new)
{
	p->to_new[part][old] = new;
	p->to_old[part][new] = old;
}

/* ---- wires ---- */

/* The same vertices under the pairing; with @loose, those without a partner may be each other's. */
static bool same_set(const struct pairing *p, const struct indices *old, const struct indices *new, bool loose)
{
	if (old->n != new->n)
		return false;
	for (uint32_t i = 0; i < old->n; i++) {
		uint32_t to = p->to_new[PART_ROLE][old->v[i]];

		if (to == NOBODY ? !loose : !has_index(new, to))
			return false;
	}
	for (uint32_t i = 0; i < new->n; i++)
		if (p->to_old[PART_ROLE][new->v[i]] == NOBODY && !loose)
			return false;
	return true;
}

static bool same_vertex(const struct pairing *p, uint32_t old, uint32_t new, bool loose)
{
	struct indices a = { .v = &old, .n = 1, .cap = 1 }, b = { .v = &new, .n = 1, .cap = 1 };

	return same_set(p, &a, &b, loose);
}

static bool same_ends(const struct pairing *p, enum part part, uint32_t old, uint32_t new, bool loose)
{
	const struct model *a = p->old->m, *b = p->new->m;

	switch (part) {
	case PART_CHANNEL:
		return a->channels.v[old].two_way == b->channels.v[new].two_way &&
		       same_set(p, &a->channels.v[old].writers, &b->channels.v[new].writers, loose) &&
		       same_set(p, &a->channels.v[old].readers, &b->channels.v[new].readers, loose);
	case PART_WINDOW:
		return a->windows.v[old].in == b->windows.v[new].in && a->windows.v[old].out == b->windows.v[new].out &&
		       same_vertex(p, a->windows.v[old].role, b->windows.v[new].role, loose);
	default:
		return same_vertex(p, a->gates.v[old].caller, b->gates.v[new].caller, loose) &&
		       same_vertex(p, a->gates.v[old].callee, b->gates.v[new].callee, loose);
	}
}

static bool same_shape(const struct pairing *p, enum part part, uint32_t old, uint32_t new)
{
	const struct model *a = p->old->m, *b = p->new->m;

	if (part == PART_CHANNEL) {
		const struct m_channel *c = &a->channels.v[old], *d = &b->channels.v[new];

		return c->size == d->size && c->ack == d->ack && c->signal == d->signal && c->keep == d->keep;
	}
	if (part == PART_WINDOW)
		return a->windows.v[old].size == b->windows.v[new].size;
	return a->gates.v[old].args == b->gates.v[new].args && a->gates.v[old].results == b->gates.v[new].results;
}

static bool wires_like(const struct pairing *p, enum part part, const struct indices *old, const struct indices *new)
{
	bool *used = arena_alloc(&p->new->p->arena, new->n + 1);

	if (old->n != new->n)
		return false;
	for (uint32_t i = 0; i < old->n; i++) {
		uint32_t k = 0;

		while (k < new->n && (used[k] || !same_shape(p, part, old->v[i], new->v[k]) ||
				      !same_ends(p, part, old->v[i], new->v[k], true)))
			k++;
		if (k == new->n)
			return false;
		used[k] = true;
	}
	return true;
}

static bool may_be_renamed(const struct pairing *p, uint32_t old, uint32_t new)
{
	const struct m_role *a = &p->old->m->roles.v[old], *b = &p->new->m->roles.v[new];

	return same_image(a, b) && a->rights == b->rights && wires_like(p, PART_CHANNEL, &a->writes, &b->writes) &&
	       wires_like(p, PART_CHANNEL, &a->reads, &b->reads) && wires_like(p, PART_WINDOW, &a->windows, &b->windows) &&
	       wires_like(p, PART_GATE, &a->gates, &b->gates);
}

/* ---- roles ---- */

static void roles_by_name(struct pairing *p, bool and_image)
{
	for (uint32_t i = 0; i < p->old->m->roles.n; i++) {
		const struct m_role *r = &p->old->m->roles.v[i];
		const struct sym *s = sym_find(p->new->m, r->name);

		if (p->to_new[PART_ROLE][i] == NOBODY && s && s->kind == SYM_ROLE && p->to_old[PART_ROLE][s->index] == NOBODY &&
		    (!and_image || same_image(r, &p->new->m->roles.v[s->index])))
			pair(p, PART_ROLE, i, s->index);
	}
}

static bool unpaired(const struct pairing *p)
{
	bool old = false, new = false;

	for (uint32_t i = 0; i < p->old->m->roles.n; i++)
		old = old || p->to_new[PART_ROLE][i] == NOBODY;
	for (uint32_t i = 0; i < p->new->m->roles.n; i++)
		new = new || p->to_old[PART_ROLE][i] == NOBODY;
	return old && new;
}

/* A renamed role has the same image and the same wires. Of several that have, the likest (colour.c); of equals, the first. */
static bool pair_renamed(struct pairing *p)
{
	uint32_t best_old = NOBODY, best_new = NOBODY, best = 0;
	const struct colours *c = colours_of(p);

	for (uint32_t i = 0; i < p->old->m->roles.n; i++)
		for (uint32_t k = 0; p->to_new[PART_ROLE][i] == NOBODY && k < p->new->m->roles.n; k++) {
			uint32_t like = colours_like(c, i, k) + 1;

			if (like > best && p->to_old[PART_ROLE][k] == NOBODY && may_be_renamed(p, i, k)) {
				best_old = i;
				best_new = k;
				best = like;
			}
		}
	if (best_old != NOBODY)
		pair(p, PART_ROLE, best_old, best_new);
	return best_old != NOBODY;
}

/* ---- wires, once the roles are known ---- */

static void wires(struct pairing *p, enum part part, bool by_name, bool by_ends)
{
	for (uint32_t i = 0; i < part_count(p->old, part); i++)
		for (uint32_t k = 0; p->to_new[part][i] == NOBODY && k < part_count(p->new, part); k++)
			if (p->to_old[part][k] == NOBODY &&
			    (!by_name || strcmp(part_name(p->old, part, i), part_name(p->new, part, k)) == 0) &&
			    (!by_ends || same_ends(p, part, i, k, false)) &&
			    (by_name || same_shape(p, part, i, k)))
				pair(p, part, i, k);
}

void match(struct pairing *p, const struct graph *old, const struct graph *new)
{
	*p = (struct pairing){ .old = old, .new = new };
	for (int part = 0; part < N_PARTS; part++) {
		size_t a = (part_count(old, part) + 1) * sizeof(uint32_t), b = (part_count(new, part) + 1) * sizeof(uint32_t);

		p->to_new[part] = memset(arena_alloc(&new->p->arena, a), 0xff, a);
		p->to_old[part] = memset(arena_alloc(&new->p->arena, b), 0xff, b);
	}
	pair(p, PART_ROLE, old->host, new->host);
	roles_by_name(p, true);
	while (unpaired(p) && pair_renamed(p))
		;
	roles_by_name(p, false);
	for (int part = PART_CHANNEL; part < N_PARTS; part++) {
		wires(p, part, true, true);
		wires(p, part, false, true);
		wires(p, part, true, false);
	}
}
