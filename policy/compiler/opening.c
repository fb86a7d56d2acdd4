/* SPDX-License-Identifier: Apache-2.0 */
/* What opens a hop: the edge table of docs/spec/policy-language.md section 4, read off the model. */
#include <string.h>

#include "search.h"

#define OTHERS_MAX 4

/* The policy's own statements come before those of component files. */
static bool before(const struct source *a, struct span x, const struct source *b, struct span y)
{
	return a->order != b->order ? a->order < b->order : x.begin < y.begin;
}

static void add_other(struct opening *o, const struct source *src, struct span at, const char *by)
{
	if (++o->n_others > OTHERS_MAX)
		return;
	o->others = arena_printf(o->m->arena, "%s%s%s (line %u)", o->others ? o->others : "", o->others ? ", " : "", by,
				 source_line(src, at.begin));
}

static void opens(struct opening *o, enum hop_kind kind, uint32_t index, const struct source *src, struct span at,
		  const char *by)
{
	if (o->all) {
		*VEC_ADD(o->m->arena, o->all) = (struct flow_edge){ .kind = kind, .index = index, .by = by, .at = at,
								    .src = src };
		return;
	}
	if (o->by && !before(src, at, o->src, o->at)) {
		add_other(o, src, at, by);
		return;
	}
	if (o->by)
		add_other(o, o->src, o->at, o->by);
	o->by = by;
	o->at = at;
	o->src = src;
}

static bool holds(const struct indices *v, uint32_t x)
{
	for (uint32_t i = 0; i < v->n; i++)
		if (v->v[i] == x)
			return true;
	return false;
}

static void opens_channel(struct opening *o, uint32_t c, enum hop_kind kind)
{
	const struct m_channel *ch = &o->m->channels.v[c];

	opens(o, kind, c, ch->item->src, ch->item->at,
	      arena_printf(o->m->arena, "channel %s%s", ch->name, kind == HOP_ACK ? ", ack" : ""));
}

static void opens_gate(struct opening *o, uint32_t g, enum hop_kind kind)
{
	const struct m_gate *gate = &o->m->gates.v[g];

	opens(o, kind, g, gate->item->src, gate->item->at,
	      arena_printf(o->m->arena, "gate %s%s", gate->name, kind == HOP_RETURN ? ", return" : ""));
}

static void role_to_role(struct opening *o, uint32_t u, uint32_t v)
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
static void host_hop(struct opening *o, uint32_t role, bool out)
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
	struct opening o = { .m = m, .all = out };
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

struct opening opening_of(const struct model *m, struct place u, struct place v)
{
	struct opening o = { .m = m };

	if (u.channel)
		opens_channel(&o, u.i, HOP_CHANNEL);
	else if (v.channel)
		opens_channel(&o, v.i, HOP_CHANNEL);
	else if (v.i == m->roles.n)
		host_hop(&o, u.i, true);
	else if (u.i == m->roles.n)
		host_hop(&o, v.i, false);
	else
		role_to_role(&o, u.i, v.i);
	if (o.n_others > OTHERS_MAX)
		o.others = arena_printf(m->arena, "%s and %u more", o.others, o.n_others - OTHERS_MAX);
	return o;
}
