/* SPDX-License-Identifier: Apache-2.0 */
/* Searches over the shown graph: breadth first, ties by name, as the claims' counterexamples. */
#include <string.h>

#include "graph.h"

bool *graph_set(const struct graph *g)
{
	return arena_alloc(&g->p->arena, g->n * sizeof(bool));
}

static void put(bool *set, const bool *cut, uint32_t v)
{
	if (!cut || !cut[v])
		set[v] = true;
}

void graph_starts(const struct graph *g, const struct m_side *side, const bool *cut, bool *set)
{
	for (uint32_t i = 0; i < side->roles.n; i++)
		put(set, cut, side->roles.v[i]);
	if (side->host)
		put(set, cut, g->host);
	for (uint32_t i = 0; i < side->channels.n; i++) {
		const struct indices *r = &g->m->channels.v[side->channels.v[i]].readers;

		for (uint32_t k = 0; k < r->n; k++)
			put(set, cut, r->v[k]);
	}
}

static void neighbours(const struct graph *g, uint32_t v, bool backwards, bool *set, const bool *cut, struct indices *queue)
{
	const struct indices *edges = backwards ? &g->in[v] : &g->out[v];

	for (uint32_t i = 0; i < edges->n; i++) {
		const struct flow_edge *e = &g->edges.v[edges->v[i]];
		uint32_t w = backwards ? e->from : e->to;

		if (set[w] || (cut && cut[w]))
			continue;
		set[w] = true;
		*VEC_ADD(&g->p->arena, queue) = w;
	}
}

void graph_spread(const struct graph *g, bool *set, const bool *cut, bool backwards)
{
	struct indices queue = { 0 };

	for (uint32_t v = 0; v < g->n; v++)
		if (set[v])
			*VEC_ADD(&g->p->arena, &queue) = v;
	for (uint32_t head = 0; head < queue.n; head++)
		neighbours(g, queue.v[head], backwards, set, cut, &queue);
}

void graph_reach(const struct graph *g, uint32_t from, const bool *cut, bool backwards, bool *set)
{
	struct indices queue = { 0 };

	neighbours(g, from, backwards, set, cut, &queue);
	for (uint32_t head = 0; head < queue.n; head++)
		neighbours(g, queue.v[head], backwards, set, cut, &queue);
}

struct m_side graph_side(const struct graph *g, const struct place *p)
{
	struct m_side one = { 0 };
	struct indices *v = p->channel ? &one.channels : &one.roles;

	if (!p->channel && p->i == g->host)
		one.host = true;
	else
		*VEC_ADD(&g->p->arena, v) = p->i;
	return one;
}

/* ---- distances and paths ---- */

static void at_distance(struct indices *queue, struct arena *a, uint32_t *dist, const bool *cut, uint32_t v, uint32_t d)
{
	if (dist[v] != GRAPH_FAR || (cut && cut[v]))
		return;
	dist[v] = d;
	*VEC_ADD(a, queue) = v;
}

static void into(const struct graph *g, struct indices *queue, uint32_t *dist, const bool *cut, uint32_t v)
{
	for (uint32_t i = 0; i < g->in[v].n; i++)
		at_distance(queue, &g->p->arena, dist, cut, g->edges.v[g->in[v].v[i]].from, dist[v] + 1);
}

uint32_t *graph_distances(const struct graph *g, const struct m_side *to, const bool *cut)
{
	uint32_t *dist = arena_alloc(&g->p->arena, g->n * sizeof(*dist)), head = 0, level0;
	struct arena *a = &g->p->arena;
	struct indices queue = { 0 };

	memset(dist, 0xff, g->n * sizeof(*dist));
	for (uint32_t i = 0; i < to->roles.n; i++)
		at_distance(&queue, a, dist, cut, to->roles.v[i], 0);
	if (to->host)
		at_distance(&queue, a, dist, cut, g->host, 0);
	for (level0 = queue.n; head < level0; head++)
		into(g, &queue, dist, cut, queue.v[head]);
	for (uint32_t i = 0; i < to->channels.n; i++) {		/* writers of a target channel stand one hop away */
		const struct indices *w = &g->m->channels.v[to->channels.v[i]].writers;

		for (uint32_t k = 0; k < w->n; k++)
			at_distance(&queue, a, dist, cut, w->v[k], 1);
	}
	for (; head < queue.n; head++)
		into(g, &queue, dist, cut, queue.v[head]);
	return dist;
}

struct hop graph_hop(const struct graph *g, const struct flow_edge *e)
{
	return (struct hop){ graph_name(g, e->from), graph_name(g, e->to), e->by, e->at, e->src, NULL };
}

static struct hop channel_hop(const struct graph *g, uint32_t c, const char *from, const char *to)
{
	const struct m_channel *ch = &g->m->channels.v[c];

	return (struct hop){ from, to, arena_printf(&g->p->arena, "channel %s", ch->name), ch->item->at, ch->item->src, NULL };
}

/* The next edge on a shortest path from @v: smallest name, first in the file. NULL: only a channel is nearer. */
static const struct flow_edge *next_edge(const struct graph *g, uint32_t v, const uint32_t *dist)
{
	const struct flow_edge *best = NULL;

	for (uint32_t i = 0; i < g->out[v].n; i++) {
		const struct flow_edge *e = &g->edges.v[g->out[v].v[i]];

		if (dist[e->to] == dist[v] - 1 && (!best || strcmp(graph_name(g, e->to), graph_name(g, best->to)) < 0))
			best = e;
	}
	return best;
}

/* A target channel that @v writes, if its name comes before @than. */
static bool last_channel(const struct graph *g, uint32_t v, const struct m_side *to, const char *than, uint32_t *out)
{
	bool any = false;

	for (uint32_t i = 0; i < to->channels.n; i++) {
		const struct m_channel *c = &g->m->channels.v[to->channels.v[i]];

		if (!has_index(&c->writers, v) || (than && strcmp(c->name, than) >= 0))
			continue;
		than = c->name;
		*out = to->channels.v[i];
		any = true;
	}
	return any;
}

void graph_walk(const struct graph *g, uint32_t v, const uint32_t *dist, const struct m_side *to, struct hops *out)
{
	while (dist[v] != 0) {
		const struct flow_edge *e = next_edge(g, v, dist);
		uint32_t c;

		if (dist[v] == 1 && last_channel(g, v, to, e ? graph_name(g, e->to) : NULL, &c)) {
			*VEC_ADD(&g->p->arena, out) = channel_hop(g, c, graph_name(g, v), g->m->channels.v[c].name);
			return;
		}
		*VEC_ADD(&g->p->arena, out) = graph_hop(g, e);
		v = e->to;
	}
}

bool graph_path(const struct graph *g, struct place from, struct place to, const bool *cut, struct hops *out)
{
	struct m_side side = graph_side(g, &to);
	const uint32_t *dist = graph_distances(g, &side, cut);
	const struct indices *readers;
	uint32_t best = GRAPH_FAR;

	if (!from.channel) {
		if (dist[from.i] == GRAPH_FAR)
			return false;
		graph_walk(g, from.i, dist, &side, out);
		return true;
	}
	readers = &g->m->channels.v[from.i].readers;
	for (uint32_t i = 0; i < readers->n; i++) {
		uint32_t r = readers->v[i];

		if (dist[r] != GRAPH_FAR && (best == GRAPH_FAR || dist[r] < dist[best] ||
		    (dist[r] == dist[best] && strcmp(graph_name(g, r), graph_name(g, best)) < 0)))
			best = r;
	}
	if (best == GRAPH_FAR)
		return false;
	*VEC_ADD(&g->p->arena, out) = channel_hop(g, from.i, g->m->channels.v[from.i].name, graph_name(g, best));
	graph_walk(g, best, dist, &side, out);
	return true;
}
