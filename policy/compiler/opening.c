/* SPDX-License-Identifier: Apache-2.0 */
/* What opens a hop: the edge table of docs/spec/policy-language.md section 4, read off the model. */
#include <stdlib.h>
#include <string.h>

#include "search.h"

#define OTHERS_MAX 4

/* Constructs that open one hop. */
struct collector {
	const struct model *m;
	struct flow_edges *out;
};

static void opens(struct collector *c, enum hop_kind kind, uint32_t index, const struct source *src, struct span at,
		  const char *by)
{
	*VEC_ADD(c->m->arena, c->out) = (struct flow_edge){ .kind = kind, .index = index, .by = by, .at = at, .src = src };
}

static bool holds(const struct indices *v, uint32_t x)
{
	for (uint32_t i = 0; i < v->n; i++)
		if (v->v[i] == x)
			return true;
	return false;
}

static void opens_channel(struct collector *o, uint32_t c, enum hop_kind kind)
{
	const struct m_channel *ch = &o->m->channels.v[c];

	opens(o, kind, c, ch->item->src, ch->item->at,
	      arena_printf(o->m->arena, "channel %s%s", ch->name, kind == HOP_ACK ? ", ack" : ""));
}

static void opens_gate(struct collector *o, uint32_t g, enum hop_kind kind)
{
	const struct m_gate *gate = &o->m->gates.v[g];

	opens(o, kind, g, gate->item->src, gate->item->at,
	      arena_printf(o->m->arena, "gate %s%s", gate->name, kind == HOP_RETURN ? ", return" : ""));
}

static void role_to_role(struct collector *o, uint32_t u, uint32_t v)
{
	const struct model *m = o->m;
	const struct m_role *r = &m->roles.v[u];

	for (uint32_t i = 0; i < r->writes.n; i++)
		if (holds(&m->channels.v[r->writes.v[i]].readers, v))
			opens_channel(o, r->writes.v[i], HOP_CHANNEL);
	for (uint32_t i = 0; i < r->reads.n; i++)
		if (m->channels.v[r->reads.v[i]].ack && holds(&m->channels.v[r->reads.v[i]].writers, v))
			opens_channel(o, r->reads.v[i], HOP_ACK);
	for (uint32_t i = 0; i < r->gates.n; i++) {
		const struct m_gate *g = &m->gates.v[r->gates.v[i]];

		if (g->caller == u && g->callee == v)
			opens_gate(o, r->gates.v[i], HOP_GATE);
		if (g->callee == u && g->caller == v)
			opens_gate(o, r->gates.v[i], HOP_RETURN);
	}
}

/* Between a role and the host, either way. */
static void host_hop(struct collector *o, uint32_t role, bool out)
{
	const struct model *m = o->m;
	const struct m_role *r = &m->roles.v[role];
	bool own_file = r->image_src == r->item->src;

	for (uint32_t i = 0; i < r->windows.n; i++) {
		const struct m_window *w = &m->windows.v[r->windows.v[i]];

		if (out ? w->out : w->in)
			opens(o, HOP_WINDOW, r->windows.v[i], w->item->src, w->item->at,
			      arena_printf(m->arena, "window %s", w->name));
	}
	for (uint32_t i = 0; r->control && i < r->control->attrs.n; i++) {
		const struct attr *a = &r->control->attrs.v[i];

		if (out || strcmp(a->word, "audit") != 0)
			opens(o, HOP_RIGHT, i, r->control->src, r->control->at, arena_printf(m->arena, "control %s", a->word));
	}
	if (!out && r->image == IMAGE_ANY)
		opens(o, HOP_IMAGE, role, r->image_src, own_file ? r->item->at : r->image_at, "image any");
}

void flow_between(const struct model *m, uint32_t u, uint32_t v, struct flow_edges *out)
{
	struct collector o = { m, out };
	uint32_t first = out->n;

	if (u == v)
		return;
	if (v == m->roles.n)
		host_hop(&o, u, true);
	else if (u == m->roles.n)
		host_hop(&o, v, false);
	else
		role_to_role(&o, u, v);
	for (uint32_t i = first; i < out->n; i++) {
		out->v[i].from = u;
		out->v[i].to = v;
	}
}

int flow_edge_by_place(const void *x, const void *y)
{
	const struct flow_edge *a = x, *b = y;

	if (a->src->order != b->src->order)
		return a->src->order < b->src->order ? -1 : 1;
	if (a->at.begin != b->at.begin)
		return a->at.begin < b->at.begin ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->index != b->index)
		return a->index < b->index ? -1 : 1;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->to < b->to ? -1 : a->to > b->to;
}

static const char *other_openings(const struct model *m, const struct flow_edges *e)
{
	const char *s = NULL;

	for (uint32_t i = 1; i < e->n && i <= OTHERS_MAX; i++)
		s = arena_printf(m->arena, "%s%s%s (line %u)", s ? s : "", s ? ", " : "", e->v[i].by,
				 source_line(e->v[i].src, e->v[i].at.begin));
	if (e->n > OTHERS_MAX + 1)
		s = arena_printf(m->arena, "%s and %u more", s, e->n - 1 - OTHERS_MAX);
	return s;
}

struct opening opening_of(const struct model *m, struct place u, struct place v)
{
	struct flow_edges e = { 0 };
	struct collector o = { m, &e };

	if (u.channel)
		opens_channel(&o, u.i, HOP_CHANNEL);
	else if (v.channel)
		opens_channel(&o, v.i, HOP_CHANNEL);
	else
		flow_between(m, u.i, v.i, &e);
	if (e.n > 1)
		qsort(e.v, e.n, sizeof(*e.v), flow_edge_by_place);
	return (struct opening){ e.v[0].by, e.v[0].src, e.v[0].at, other_openings(m, &e),
				 e.n == 1 && e.v[0].kind == HOP_ACK ? m->channels.v[e.v[0].index].name : NULL };
}
