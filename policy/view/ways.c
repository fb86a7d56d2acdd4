/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How A can influence B: for every construct out of A the shortest path that begins with it and does not come back
 * through A, which would only be a longer way of saying another one.
 */
#include <string.h>

#include "explain.h"

#define TEXT(g, ...)	((const char *)arena_printf(&(g)->p->arena, __VA_ARGS__))

static void add_way(const struct graph *g, struct ways *out, struct hop first, uint32_t v, const uint32_t *dist,
		    const struct m_side *to)
{
	struct way *w = NULL;

	for (uint32_t i = 0; i < out->n; i++)
		if (strcmp(out->v[i].by, first.by) == 0)
			w = &out->v[i];
	if (w && (dist[v] == GRAPH_FAR || (w->leads && w->hops.n <= dist[v] + 1)))
		return;
	if (!w)
		w = VEC_ADD(&g->p->arena, out);
	out->leading += !w->leads && dist[v] != GRAPH_FAR;
	*w = (struct way){ .by = first.by, .at = first.at, .src = first.src, .to = first.to, .leads = dist[v] != GRAPH_FAR };
	if (!w->leads)
		return;
	*VEC_ADD(&g->p->arena, &w->hops) = first;
	graph_walk(g, v, dist, to, &w->hops);
}

/* Out of a channel there is one construct: itself. */
static void from_channel(const struct graph *g, uint32_t c, const uint32_t *dist, const struct m_side *to, struct ways *out)
{
	const struct m_channel *ch = &g->m->channels.v[c];

	for (uint32_t i = 0; i < ch->readers.n; i++)
		add_way(g, out, (struct hop){ ch->name, graph_name(g, ch->readers.v[i]),
			TEXT(g, "channel %s", ch->name), ch->item->at, ch->item->src, NULL }, ch->readers.v[i], dist, to);
}

/* A channel that @v writes and asks about is reached by writing it. */
static void into_channels(const struct graph *g, uint32_t v, const struct m_side *to, struct ways *out)
{
	for (uint32_t i = 0; i < to->channels.n; i++) {
		const struct m_channel *ch = &g->m->channels.v[to->channels.v[i]];
		struct way *w;

		if (v == g->host || !has_index(&ch->writers, v))
			continue;
		for (uint32_t k = 0; k < out->n; k++)		/* it replaces the way on to its readers */
			if (strcmp(out->v[k].by, TEXT(g, "channel %s", ch->name)) == 0) {
				out->leading -= out->v[k].leads;
				memmove(&out->v[k], &out->v[k + 1], (--out->n - k) * sizeof(*out->v));
			}
		w = VEC_ADD(&g->p->arena, out);
		*w = (struct way){ .by = TEXT(g, "channel %s", ch->name), .at = ch->item->at, .src = ch->item->src, .to = ch->name,
			       .leads = true };
		*VEC_ADD(&g->p->arena, &w->hops) = (struct hop){ graph_name(g, v), ch->name, w->by, ch->item->at, ch->item->src, NULL };
		out->leading++;
	}
}

static const char *why_not(const struct graph *g, struct place from, struct place to, const struct ways *w)
{
	bool *reached = graph_set(g), any = false;
	const char *a = graph_place_name(g, from), *b = graph_place_name(g, to);
	struct m_side side = graph_side(g, &from);

	if (w->n == 0)
		return TEXT(g, "%s writes nothing that anybody else reads, calls nobody and cannot exit with a message", a);
	if (from.channel)
		graph_starts(g, &side, NULL, reached);
	else
		graph_reach(g, from.i, NULL, false, reached);
	graph_spread(g, reached, NULL, false);
	for (uint32_t i = 0; i < g->n; i++) {
		reached[i] = reached[i] && (from.channel || i != from.i);
		any = any || reached[i];
	}
	return any ? TEXT(g, "%s can influence %s, and nothing of that leads on to %s", a, words_set(g, reached, "and"), b) :
		     TEXT(g, "%s can influence nobody", a);
}

void explain_ways(const struct graph *g, struct place from, struct place to, struct ways *out)
{
	struct m_side side = graph_side(g, &to);
	bool *cut = graph_set(g);
	const uint32_t *dist;

	*out = (struct ways){ 0 };
	if (!from.channel)
		cut[from.i] = true;
	dist = graph_distances(g, &side, cut);
	if (from.channel)
		from_channel(g, from.i, dist, &side, out);
	for (uint32_t i = 0; !from.channel && i < g->out[from.i].n; i++) {
		const struct flow_edge *e = &g->edges.v[g->out[from.i].v[i]];

		add_way(g, out, graph_hop(g, e), e->to, dist, &side);
	}
	if (!from.channel)
		into_channels(g, from.i, &side, out);
	if (out->leading == 0)
		out->why_not = why_not(g, from, to, out);
}
