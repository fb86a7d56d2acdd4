/* SPDX-License-Identifier: Apache-2.0 */
/* Vertices and edges in order, and the names of both. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "graph.h"

bool has_index(const struct indices *v, uint32_t x)
{
	for (uint32_t i = 0; i < v->n; i++)
		if (v->v[i] == x)
			return true;
	return false;
}

const struct source *graph_src(const struct graph *g)
{
	return &g->p->src;
}

uint32_t graph_item_line(const struct item *it)
{
	return source_line(it->src, it->at.begin);
}

const char *graph_where(const struct graph *g, const struct source *src, struct span at)
{
	uint32_t line = source_line(src, at.begin);

	if (src == graph_src(g))
		return arena_printf(&g->p->arena, "line %" PRIu32, line);
	return arena_printf(&g->p->arena, "%s line %" PRIu32, src->path, line);
}

const char *graph_claim_where(const struct graph *g, const struct m_claim *c)
{
	const char *where = graph_where(g, c->item->src, c->item->at);

	if (c->role == NO_ROLE)
		return where;
	return arena_printf(&g->p->arena, "%s, required by %s", where, g->m->roles.v[c->role].name);
}

const char *graph_name(const struct graph *g, uint32_t v)
{
	return v == g->host ? "host" : g->m->roles.v[v].name;
}

const char *graph_place_name(const struct graph *g, struct place p)
{
	return p.channel ? g->m->channels.v[p.i].name : graph_name(g, p.i);
}

bool graph_find(const struct graph *g, const char *name, struct place *out)
{
	const struct sym *s;

	*out = (struct place){ false, g->host };
	if (strcmp(name, "host") == 0)
		return true;
	s = sym_find(g->m, name);
	if (!s || (s->kind != SYM_ROLE && s->kind != SYM_CHANNEL))
		return false;
	*out = (struct place){ s->kind == SYM_CHANNEL, s->index };
	return true;
}

static const char *words_text(const struct graph *g, unsigned int n)
{
	return arena_printf(&g->p->arena, "%u word%s", n, n == 1 ? "" : "s");
}

const char *graph_edge_size(const struct graph *g, const struct flow_edge *e)
{
	char size[24];

	switch (e->kind) {
	case HOP_CHANNEL:
		return arena_printf(&g->p->arena, "%s", size_text(size, g->m->channels.v[e->index].size, " "));
	case HOP_ACK:
		return "4 KiB";
	case HOP_WINDOW:
		return arena_printf(&g->p->arena, "%s", size_text(size, g->m->windows.v[e->index].size, " "));
	case HOP_GATE:
		return words_text(g, g->m->gates.v[e->index].args);
	case HOP_RETURN:
		return words_text(g, g->m->gates.v[e->index].results);
	default:
		return "";
	}
}

uint64_t graph_number(const struct graph *g, const struct num *n)
{
	const struct sym *s = n->kind == NUM_CONST ? sym_find(g->m, n->name) : NULL;

	return s && s->kind == SYM_CONST ? g->m->consts.v[s->index].value : n->value;
}

/* ---- construction ---- */

static void add_all(bool *seen, struct indices *out, struct arena *a, const struct indices *v)
{
	for (uint32_t i = 0; i < v->n; i++) {
		if (!seen[v->v[i]])
			*VEC_ADD(a, out) = v->v[i];
		seen[v->v[i]] = true;
	}
}

/* Whoever takes part in anything that role @u does: its hops lead to no other role. */
static void neighbours(const struct graph *g, uint32_t u, bool *seen, struct indices *out)
{
	const struct m_role *r = &g->m->roles.v[u];
	struct arena *a = &g->p->arena;

	for (uint32_t i = 0; i < r->writes.n; i++)
		add_all(seen, out, a, &g->m->channels.v[r->writes.v[i]].readers);
	for (uint32_t i = 0; i < r->reads.n; i++)
		add_all(seen, out, a, &g->m->channels.v[r->reads.v[i]].writers);
	for (uint32_t i = 0; i < r->gates.n; i++) {
		const struct m_gate *gate = &g->m->gates.v[r->gates.v[i]];
		uint32_t ends[2] = { gate->caller, gate->callee };
		struct indices both = { .v = ends, .n = 2, .cap = 2 };

		add_all(seen, out, a, &both);
	}
	for (uint32_t i = 0; i < out->n; i++)
		seen[out->v[i]] = false;
}

void graph_open(struct graph *g, struct policy *p)
{
	const struct model *m = &p->model;
	bool *seen = arena_alloc(&p->arena, m->roles.n + 1);

	*g = (struct graph){ .p = p, .m = m, .host = m->roles.n, .n = m->roles.n + 1 };
	g->out = arena_alloc(&p->arena, g->n * sizeof(*g->out));
	g->in = arena_alloc(&p->arena, g->n * sizeof(*g->in));
	for (uint32_t u = 0; u < m->roles.n; u++) {
		struct indices to = { 0 };

		neighbours(g, u, seen, &to);
		for (uint32_t i = 0; i < to.n; i++)
			flow_between(m, u, to.v[i], &g->edges);
		flow_between(m, u, g->host, &g->edges);
		flow_between(m, g->host, u, &g->edges);
	}
	if (g->edges.n > 1)
		qsort(g->edges.v, g->edges.n, sizeof(*g->edges.v), flow_edge_by_place);
	for (uint32_t i = 0; i < g->edges.n; i++) {
		*VEC_ADD(&p->arena, &g->out[g->edges.v[i].from]) = i;
		*VEC_ADD(&p->arena, &g->in[g->edges.v[i].to]) = i;
	}
}
