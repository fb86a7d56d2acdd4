/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What follows from changed edges: who reaches whom inside the workflow (not through the host, through which everything
 * reaches everything), and by which roles somebody gets out to the host or the host gets in. Of pairs of roles that both
 * policies have, and not where the pair's own edge has been told already.
 */
#include <string.h>

#include "diff.h"

#define TEXT(d, ...)	((const char *)arena_printf((d)->arena, __VA_ARGS__))

/* Roles that the host can write to, or that can write to it. */
static bool *beside_host(const struct graph *g, bool in)
{
	const struct indices *edges = in ? &g->out[g->host] : &g->in[g->host];
	bool *set = graph_set(g);

	for (uint32_t i = 0; i < edges->n; i++)
		set[in ? g->edges.v[edges->v[i]].to : g->edges.v[edges->v[i]].from] = true;
	return set;
}

/* Forwards or backwards from @v without passing the host. */
static bool *inside(const struct graph *g, uint32_t v, bool backwards)
{
	bool *cut = graph_set(g), *set = graph_set(g);

	cut[g->host] = true;
	graph_reach(g, v, cut, backwards, set);
	set[v] = false;
	return set;
}

static const char *join(struct diff *d, const char *list, const char *name)
{
	return list ? TEXT(d, "%s, %s", list, name) : name;
}

/* Sources with the same targets, or the host's targets by the same way, are one line. */
struct reach { char sign; const char *from, *to, *by; };
struct reaches {
	VEC_FIELDS(struct reach);
	const bool *beside[2][2];	/* by old, by in: roles beside the host */
};

static void gather(struct diff *d, struct reaches *all, char sign, const char *from, const char *to, const char *by)
{
	bool host = strcmp(from, "host") == 0;

	for (uint32_t i = 0; i < all->n; i++) {
		struct reach *r = &all->v[i];

		if (r->sign != sign || strcmp(r->by, by) != 0 || strcmp(host ? r->from : r->to, host ? from : to) != 0)
			continue;
		if (host)
			r->to = join(d, r->to, to);
		else
			r->from = join(d, r->from, from);
		return;
	}
	*VEC_ADD(d->arena, all) = (struct reach){ sign, from, to, by };
}

static const char *braced(struct diff *d, const char *list)
{
	return strchr(list, ',') ? TEXT(d, "{ %s }", list) : list;
}

/* Roles that @v (of @g) reaches, and its partner does not reach theirs. */
static void to_roles(struct diff *d, struct reaches *all, uint32_t v, uint32_t peer, bool old)
{
	const struct graph *g = old ? d->pairs.old : d->pairs.new, *h = old ? d->pairs.new : d->pairs.old;
	const uint32_t *map = (old ? d->pairs.to_new : d->pairs.to_old)[PART_ROLE];
	bool *here = inside(g, v, false), *there = inside(h, peer, false);
	const char *list = NULL;

	for (uint32_t i = 0; i < g->host; i++)
		if (here[i] && map[i] != NOBODY && !there[map[i]] && !diff_edge_changed(d, v, i, old))
			list = join(d, list, graph_name(g, i));
	if (list)
		gather(d, all, old ? '-' : '+', graph_name(g, v), list, "");
}

/* Roles beside the host by which @v gets out (or by which the host gets to it), and its partner does not. */
static void by_host(struct diff *d, struct reaches *all, uint32_t v, uint32_t peer, bool in, bool old)
{
	const struct graph *g = old ? d->pairs.old : d->pairs.new, *h = old ? d->pairs.new : d->pairs.old;
	const uint32_t *map = (old ? d->pairs.to_new : d->pairs.to_old)[PART_ROLE];
	const bool *beside_g = all->beside[old][in], *beside_h = all->beside[!old][in];
	bool *here = inside(g, v, in), *there = inside(h, peer, in), any = beside_h[peer];
	const char *list = NULL;

	for (uint32_t i = 0; i < h->host; i++)
		any = any || (there[i] && beside_h[i]);
	for (uint32_t i = 0; i < g->host; i++)
		if (here[i] && beside_g[i] && map[i] != NOBODY && !(there[map[i]] && beside_h[map[i]]))
			list = join(d, list, graph_name(g, i));
	if (list)
		gather(d, all, old ? '-' : '+', in ? "host" : graph_name(g, v), in ? graph_name(g, v) : "host",
		       TEXT(d, "%s through %s", old ? (any ? "no longer" : "no longer, was") : any ? "now also" : "now,", list));
}

/* Reach follows from edges, so without a change of those there is none. */
static bool edges_changed(const struct diff *d)
{
	for (uint32_t i = 0; i < d->changes.n; i++)
		if (d->changes.v[i].kind == CHANGE_FLOW || d->changes.v[i].kind == CHANGE_RIGHT)
			return true;
	return false;
}

void diff_reach(struct diff *d)
{
	struct reaches all = { 0 };

	if (!edges_changed(d))
		return;
	for (int in = 0; in < 2; in++) {
		all.beside[0][in] = beside_host(d->pairs.new, in);
		all.beside[1][in] = beside_host(d->pairs.old, in);
	}
	for (int old = 0; old < 2; old++) {
		const struct graph *g = old ? d->pairs.old : d->pairs.new;
		const uint32_t *map = (old ? d->pairs.to_new : d->pairs.to_old)[PART_ROLE];

		for (uint32_t v = 0; v < g->host; v++) {
			if (map[v] == NOBODY)
				continue;
			to_roles(d, &all, v, map[v], old);
			by_host(d, &all, v, map[v], false, old);
			by_host(d, &all, v, map[v], true, old);
		}
	}
	for (uint32_t i = 0; i < all.n; i++)
		diff_add(d, all.v[i].sign, CHANGE_REACH, TEXT(d, "%s ~> %s", braced(d, all.v[i].from), braced(d, all.v[i].to)),
			 all.v[i].by, "");
}
