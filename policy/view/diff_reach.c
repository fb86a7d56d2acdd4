/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What follows from changed edges: who reaches whom inside the workflow (not through the host, through which everything
 * reaches everything), and by which roles somebody gets out to the host or the host gets in. Of pairs of roles that both
 * policies have, and not where the pair's own edge has been told already.
 */
#include <string.h>

#include "diff.h"

#define TEXT(d, ...)	((const char *)arena_printf((d)->arena, __VA_ARGS__))

static bool edge_between(const struct graph *g, uint32_t u, uint32_t v)
{
	for (uint32_t i = 0; i < g->out[u].n; i++)
		if (g->edges.v[g->out[u].v[i]].to == v)
			return true;
	return false;
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
struct reaches { VEC_FIELDS(struct reach); };

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

/* Roles next to the host by which @v gets out (or by which the host gets to it), and its partner does not. */
static void by_host(struct diff *d, struct reaches *all, uint32_t v, uint32_t peer, bool in, bool old)
{
	const struct graph *g = old ? d->pairs.old : d->pairs.new, *h = old ? d->pairs.new : d->pairs.old;
	const uint32_t *map = (old ? d->pairs.to_new : d->pairs.to_old)[PART_ROLE];
	bool *here = inside(g, v, in), *there = inside(h, peer, in), any = in ? edge_between(h, h->host, peer) :
		    edge_between(h, peer, h->host);
	const char *list = NULL;

	for (uint32_t i = 0; i < h->host; i++)
		any = any || (there[i] && (in ? edge_between(h, h->host, i) : edge_between(h, i, h->host)));
	for (uint32_t i = 0; i < g->host; i++) {
		uint32_t k = map[i];

		if (!here[i] || k == NOBODY || !(in ? edge_between(g, g->host, i) : edge_between(g, i, g->host)))
			continue;
		if (!there[k] || !(in ? edge_between(h, h->host, k) : edge_between(h, k, h->host)))
			list = join(d, list, graph_name(g, i));
	}
	if (list)
		gather(d, all, old ? '-' : '+', in ? "host" : graph_name(g, v), in ? graph_name(g, v) : "host",
		       TEXT(d, "%s through %s", old ? (any ? "no longer" : "no longer, was") : any ? "now also" : "now,", list));
}

void diff_reach(struct diff *d)
{
	struct reaches all = { 0 };

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
