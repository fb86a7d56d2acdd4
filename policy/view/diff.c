/* SPDX-License-Identifier: Apache-2.0 */
/* Edges of two graphs under a pairing, and the list of changes. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "diff.h"

#define TEXT(d, ...)	((const char *)arena_printf((d)->arena, __VA_ARGS__))

struct change *diff_add(struct diff *d, char sign, enum change_kind kind, const char *subject, const char *by, const char *note)
{
	struct change *c = VEC_ADD(d->arena, &d->changes);

	*c = (struct change){ .sign = sign, .kind = kind, .subject = subject, .by = by, .note = note, .widens = sign == '+',
			      .order = d->changes.n };
	return c;
}

const char *change_word(enum change_kind kind)
{
	static const char *const words[] = { "flow", "right", "reach", "claim", "role", "image", "shape", "name" };

	return words[kind];
}

/* ---- flows ---- */

static enum part part_of(enum hop_kind kind)
{
	switch (kind) {
	case HOP_CHANNEL: case HOP_ACK: return PART_CHANNEL;
	case HOP_GATE: case HOP_RETURN: return PART_GATE;
	case HOP_WINDOW: return PART_WINDOW;
	default: return PART_ROLE;
	}
}

/* Does the other policy have the same edge? Rights are compared apart. */
static bool has_edge(const struct diff *d, const struct flow_edge *e, bool old)
{
	const struct graph *other = old ? d->pairs.new : d->pairs.old;
	uint32_t *const *to = old ? d->pairs.to_new : d->pairs.to_old;
	uint32_t from = to[PART_ROLE][e->from], into = to[PART_ROLE][e->to], index = to[part_of(e->kind)][e->index];

	if (from == NOBODY || into == NOBODY || index == NOBODY)
		return false;
	for (uint32_t i = 0; i < other->out[from].n; i++) {
		const struct flow_edge *f = &other->edges.v[other->out[from].v[i]];

		if (f->to == into && f->kind == e->kind && f->index == index)
			return true;
	}
	return false;
}

static bool has_right(const struct diff *d, const struct flow_edge *e, bool old)
{
	const struct graph *g = old ? d->pairs.old : d->pairs.new, *other = old ? d->pairs.new : d->pairs.old;
	uint32_t role = e->from == g->host ? e->to : e->from, peer = (old ? d->pairs.to_new : d->pairs.to_old)[PART_ROLE][role];
	const char *word = g->m->roles.v[role].control->attrs.v[e->index].word;
	const struct item *control = peer == NOBODY ? NULL : other->m->roles.v[peer].control;

	for (uint32_t i = 0; control && i < control->attrs.n; i++)
		if (strcmp(control->attrs.v[i].word, word) == 0)
			return true;
	return false;
}

bool diff_edge_changed(const struct diff *d, uint32_t from, uint32_t to, bool old)
{
	const struct graph *g = old ? d->pairs.old : d->pairs.new;

	for (uint32_t i = 0; i < g->out[from].n; i++) {
		const struct flow_edge *e = &g->edges.v[g->out[from].v[i]];

		if (e->to == to && !(e->kind == HOP_RIGHT ? has_right(d, e, old) : has_edge(d, e, old)))
			return true;
	}
	return false;
}

static const char *right_text(struct diff *d, const struct graph *g, const struct flow_edge *e)
{
	const char *u = graph_name(g, e->from), *v = graph_name(g, e->to);
	const char *name = e->kind == HOP_IMAGE ? "" : part_name(g, part_of(e->kind), e->index);

	switch (e->kind) {
	case HOP_CHANNEL: return TEXT(d, "%s writes %s (%s), %s reads it", u, name, graph_edge_size(g, e), v);
	case HOP_ACK: return TEXT(d, "%s writes %s's acknowledgement page", u, name);
	case HOP_GATE: return TEXT(d, "%s calls %s with %s", u, v, graph_edge_size(g, e));
	case HOP_RETURN: return TEXT(d, "%s answers %s's calls, %s and a status", u, v, graph_edge_size(g, e));
	case HOP_WINDOW: return TEXT(d, "%s writes window %s, %s reads it", u, name, v);
	default: return TEXT(d, "the host chooses %s's code", v);
	}
}

static void flows(struct diff *d, bool old)
{
	const struct graph *g = old ? d->pairs.old : d->pairs.new;

	for (uint32_t i = 0; i < g->edges.n; i++) {
		const struct flow_edge *e = &g->edges.v[i];

		if (e->kind == HOP_RIGHT || has_edge(d, e, old))
			continue;
		diff_add(d, old ? '-' : '+', CHANGE_FLOW, TEXT(d, "%s -> %s", graph_name(g, e->from), graph_name(g, e->to)),
			 TEXT(d, "%s (%s)", e->by, graph_where(g, e->src, e->at)),
			 TEXT(d, "%s right: %s", old ? "lost" : "new", right_text(d, g, e)));
	}
}

/* ---- all of it ---- */

static int sign_rank(char sign)
{
	return sign == '+' ? 0 : sign == '~' ? 1 : 2;
}

static int by_rank(const void *x, const void *y)
{
	const struct change *a = x, *b = y;

	if (a->sign != b->sign)
		return sign_rank(a->sign) - sign_rank(b->sign);
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

void diff_make(struct diff *d, const struct graph *old, const struct graph *new)
{
	*d = (struct diff){ .arena = &new->p->arena };
	match(&d->pairs, old, new);
	flows(d, false);
	flows(d, true);
	diff_parts(d);
	diff_reach(d);
	diff_claims(d);
	if (d->changes.n > 1)
		qsort(d->changes.v, d->changes.n, sizeof(*d->changes.v), by_rank);
}

bool diff_widens(const struct diff *d)
{
	for (uint32_t i = 0; i < d->changes.n; i++)
		if (d->changes.v[i].widens)
			return true;
	return false;
}
