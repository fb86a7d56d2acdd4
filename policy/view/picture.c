/* SPDX-License-Identifier: Apache-2.0 */
/* From edges to lines: both ways of one construct are one line, rights of a role are one line, crowds meet in a knot. */
#include <inttypes.h>
#include <string.h>

#include "picture.h"

#define TEXT(g, ...)	((const char *)arena_printf(&(g)->p->arena, __VA_ARGS__))

const char *picture_node(const struct graph *g, uint32_t v)
{
	return v == g->host ? "host" : TEXT(g, "r%" PRIu32, v);
}

static const char *knot_node(const struct graph *g, uint32_t c)
{
	return TEXT(g, "c%" PRIu32, c);
}

/* ---- what is shown ---- */

/* Vertices on some way from one end of the claim to the other; the ends themselves always. */
static void between(struct picture *pic, const struct m_claim *c)
{
	const struct graph *g = pic->g;
	bool *ends[2] = { graph_set(g), graph_set(g) }, *reach[2] = { graph_set(g), graph_set(g) };
	const struct m_side *side[2] = { &c->a, &c->b };

	for (int k = 0; k < 2; k++) {
		const struct m_side roles = { .roles = side[k]->roles, .host = side[k]->host };

		graph_starts(g, &roles, NULL, ends[k]);
	}
	for (int k = 0; k < 2; k++) {
		memcpy(reach[k], ends[k], g->n);
		for (uint32_t i = 0; i < side[k]->channels.n; i++) {
			const struct m_channel *ch = &g->m->channels.v[side[k]->channels.v[i]];
			const struct indices *v = k == 0 ? &ch->readers : &ch->writers;

			for (uint32_t j = 0; j < v->n; j++)
				reach[k][v->v[j]] = true;
		}
		graph_spread(g, reach[k], ends[!k], k == 1);	/* a way ends where it arrives */
	}
	for (uint32_t v = 0; v < g->n; v++)
		pic->shown[v] = ends[0][v] || ends[1][v] || (reach[0][v] && reach[1][v]);
}

static bool on_side(const struct graph *g, const struct m_side *s, uint32_t v)
{
	return v == g->host ? s->host : has_index(&s->roles, v);
}

static bool edge_shown(const struct picture *pic, const struct flow_edge *e)
{
	if (!pic->shown[e->from] || !pic->shown[e->to])
		return false;
	return !pic->only || (!on_side(pic->g, &pic->only->claim->a, e->to) && !on_side(pic->g, &pic->only->claim->b, e->from));
}

/* ---- violated claims ---- */

bool picture_is_hop(const struct graph *g, const struct flow_edge *e, const struct hop *h)
{
	const char *channel = e->kind == HOP_CHANNEL ? g->m->channels.v[e->index].name : "";

	return strcmp(e->by, h->by) == 0 &&
	       (strcmp(graph_name(g, e->from), h->from) == 0 || strcmp(channel, h->from) == 0) &&
	       (strcmp(graph_name(g, e->to), h->to) == 0 || strcmp(channel, h->to) == 0);
}

static void mark_path(struct picture *pic, const struct verdict *v, bool several)
{
	const struct graph *g = pic->g;

	for (uint32_t i = 0; i < v->path.n; i++)
		for (uint32_t k = 0; k < g->edges.n; k++)
			if (picture_is_hop(g, &g->edges.v[k], &v->path.v[i])) {
				const char *hop = several ? TEXT(g, "line %" PRIu32 ", hop %" PRIu32, graph_item_line(v->claim->item),
								 i + 1) : TEXT(g, "hop %" PRIu32, i + 1);

				pic->hop[k] = pic->hop[k] ? TEXT(g, "%s; %s", pic->hop[k], hop) : hop;
			}
}

static void mark_violations(struct picture *pic)
{
	const struct verdicts *all = &pic->g->p->verdicts;
	uint32_t n = 0;

	for (uint32_t i = 0; i < all->n; i++)
		n += all->v[i].path.n != 0;
	for (uint32_t i = 0; i < all->n; i++)
		if (!pic->only || pic->only == &all->v[i])
			mark_path(pic, &all->v[i], n > 1 && !pic->only);
}

/* ---- lines ---- */

static struct line *line_at(struct picture *pic, const char *tail, const char *head, enum hop_kind kind, uint32_t index)
{
	struct line *l;

	for (uint32_t i = pic->lines.n; i-- > 0; ) {
		l = &pic->lines.v[i];
		if (l->kind == kind && l->index == index && strcmp(l->tail, tail) == 0 && strcmp(l->head, head) == 0)
			return l;
	}
	l = VEC_ADD(&pic->g->p->arena, &pic->lines);
	*l = (struct line){ .tail = tail, .head = head, .kind = kind, .index = index };
	return l;
}

static void covers(struct picture *pic, struct line *l, uint32_t edge)
{
	const char *hop = pic->hop[edge];

	*VEC_ADD(&pic->g->p->arena, &l->edges) = edge;
	if (hop && (!l->hop || !strstr(l->hop, hop)))
		l->hop = l->hop ? TEXT(pic->g, "%s; %s", l->hop, hop) : hop;
}

/* A channel that the claim names: end_channels() draws it. */
static bool is_end(const struct picture *pic, uint32_t channel)
{
	return pic->only && (has_index(&pic->only->claim->a.channels, channel) ||
			     has_index(&pic->only->claim->b.channels, channel));
}

static void channel_line(struct picture *pic, uint32_t edge, const struct flow_edge *e)
{
	const struct graph *g = pic->g;
	const struct m_channel *c = &g->m->channels.v[e->index];
	bool turned = c->two_way && !pic->knot[e->index] && e->from == c->writers.v[1];
	struct line *l;

	if (!pic->knot[e->index]) {
		l = line_at(pic, picture_node(g, turned ? e->to : e->from), picture_node(g, turned ? e->from : e->to), HOP_CHANNEL,
			    e->index);
		*(turned ? &l->back : &l->forth) = true;
		l->label = TEXT(g, "%s %s", c->name, graph_edge_size(g, e));
		covers(pic, l, edge);
		return;
	}
	if (is_end(pic, e->index))
		return;
	l = line_at(pic, picture_node(g, e->from), knot_node(g, e->index), HOP_CHANNEL, e->index);
	l->forth = true;
	l->back = c->two_way;
	covers(pic, l, edge);
	if (c->two_way)
		return;
	l = line_at(pic, knot_node(g, e->index), picture_node(g, e->to), HOP_CHANNEL, e->index);
	l->forth = true;
	covers(pic, l, edge);
}

static void right_line(struct picture *pic, uint32_t edge, const struct flow_edge *e)
{
	const struct graph *g = pic->g;
	uint32_t role = e->from == g->host ? e->to : e->from;
	const struct attr *a = &g->m->roles.v[role].control->attrs.v[e->index];
	struct line *l = line_at(pic, "host", picture_node(g, role), HOP_RIGHT, role);

	*(e->from == g->host ? &l->forth : &l->back) = true;
	if (e->index + 1 > l->right_item) {
		l->right_item = e->index + 1;
		l->label = l->label ? TEXT(g, "%s, %s", l->label, a->word) : a->word;
	}
	covers(pic, l, edge);
}

static void window_line(struct picture *pic, uint32_t edge, const struct flow_edge *e)
{
	const struct graph *g = pic->g;
	const struct m_window *w = &g->m->windows.v[e->index];
	struct line *l = line_at(pic, "host", picture_node(g, w->role), HOP_WINDOW, e->index);

	*(e->from == g->host ? &l->forth : &l->back) = true;
	l->label = TEXT(g, "window %s %s", w->name, graph_edge_size(g, e));
	covers(pic, l, edge);
}

static const char *label_of(const struct picture *pic, const struct flow_edge *e)
{
	const struct graph *g = pic->g;

	switch (e->kind) {
	case HOP_ACK:
		return pic->knot[e->index] ? TEXT(g, "%s ack", g->m->channels.v[e->index].name) : "ack";
	case HOP_GATE:
		return TEXT(g, "gate %s %s", g->m->gates.v[e->index].name, graph_edge_size(g, e));
	case HOP_RETURN:
		return TEXT(g, "return %s", graph_edge_size(g, e));
	default:
		return e->by;
	}
}

/* An answer is laid out along what it answers, so that a picture reads from left to right. */
static void add_edge(struct picture *pic, uint32_t edge)
{
	const struct graph *g = pic->g;
	const struct flow_edge *e = &g->edges.v[edge];
	struct line *l;
	bool answer;

	if (e->kind == HOP_CHANNEL) {
		channel_line(pic, edge, e);
	} else if (e->kind == HOP_RIGHT) {
		right_line(pic, edge, e);
	} else if (e->kind == HOP_WINDOW) {
		window_line(pic, edge, e);
	} else {
		answer = e->kind == HOP_ACK || e->kind == HOP_RETURN;
		l = line_at(pic, picture_node(g, answer ? e->to : e->from), picture_node(g, answer ? e->from : e->to), e->kind, e->index);
		l->forth = !answer;
		l->back = answer;
		l->label = label_of(pic, e);
		covers(pic, l, edge);
	}
}

/* An end of the claim that is a channel: shown as a knot, with what leaves or enters it whoever is on its other side. */
static void end_channels(struct picture *pic, const struct m_side *side, bool source)
{
	const struct graph *g = pic->g;
	struct line *l;

	for (uint32_t k = 0; k < g->edges.n; k++) {
		const struct flow_edge *e = &g->edges.v[k];
		const char *node = source ? picture_node(g, e->to) : picture_node(g, e->from);

		if (e->kind != HOP_CHANNEL || !has_index(&side->channels, e->index) || !pic->shown[source ? e->to : e->from])
			continue;
		l = line_at(pic, source ? knot_node(g, e->index) : node, source ? node : knot_node(g, e->index), HOP_CHANNEL,
			    e->index);
		l->forth = true;
		covers(pic, l, k);
	}
}

static void find_knots(struct picture *pic)
{
	for (uint32_t i = 0; i < pic->g->m->channels.n; i++) {
		const struct m_channel *c = &pic->g->m->channels.v[i];

		pic->knot[i] = c->two_way ? c->writers.n > 2 : c->writers.n > 1 || c->readers.n > 1;
		pic->knot[i] = pic->knot[i] || is_end(pic, i);
	}
}

void picture_make(struct picture *pic, const struct graph *g, const struct verdict *only, bool residual)
{
	*pic = (struct picture){ .g = g, .only = only, .residual = residual, .shown = graph_set(g) };
	pic->knot = arena_alloc(&g->p->arena, g->m->channels.n + 1);
	pic->hop = arena_alloc(&g->p->arena, (g->edges.n + 1) * sizeof(*pic->hop));
	if (only)
		between(pic, only->claim);
	else
		memset(pic->shown, true, g->n);
	find_knots(pic);
	mark_violations(pic);
	for (uint32_t i = 0; i < g->edges.n; i++)
		if (edge_shown(pic, &g->edges.v[i]))
			add_edge(pic, i);
	if (only) {
		end_channels(pic, &only->claim->a, true);
		end_channels(pic, &only->claim->b, false);
	}
}
