/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The second opinion, from the definitions of docs/spec/policy-language.md section 4 and by brute force: reachability is
 * the closure of the edge table over all nodes, channels and acknowledgements included; paths are compared as
 * sequences of names.
 */
#include <string.h>

#include "flow_gen.h"

/* ---- verdicts ---- */

/* Is there a path of one edge at least, without the nodes of `without` (but for its ends)? */
static void closure(const struct world *w, const bool *without, bool r[NODES][NODES])
{
	memcpy(r, w->edge, sizeof(w->edge));
	for (unsigned int k = 0; k < NODES; k++)
		for (unsigned int i = 0; i < NODES; i++)
			for (unsigned int j = 0; j < NODES && !without[k]; j++)
				r[i][j] = r[i][j] || (r[i][k] && r[k][j]);
}

bool claim_holds(const struct world *w, const struct gen_claim *c)
{
	bool without[NODES] = { false }, r[NODES][NODES];
	bool some = false, all = true;

	if (c->must)
		without[HOST] = true;
	else
		memcpy(without, c->via, sizeof(c->via));
	closure(w, without, r);
	for (unsigned int i = 0; i < PLACES; i++)
		for (unsigned int j = 0; j < PLACES; j++)
			if (c->a[i] && c->b[j]) {
				some = some || r[i][j];
				all = all && r[i][j];
			}
	return c->must ? all : !some;
}

/* ---- paths ---- */

static bool before(const struct opens *a, const struct opens *b)
{
	return a->file != b->file ? a->file < b->file : a->line < b->line;
}

const struct opens *first_opening(const struct world *w, unsigned int from, unsigned int to)
{
	const struct opens *best = NULL;

	for (unsigned int i = 0; i < w->n_st; i++)
		for (unsigned int k = 0; k < w->st[i].n_opens; k++) {
			const struct opens *o = &w->st[i].opens[k];

			if (o->from == from && o->to == to && (!best || before(o, best)))
				best = o;
		}
	return best;
}

/* Sequences of k hops from each place to B, smallest in names. */
struct sequences {
	bool any[PLACES];
	unsigned int v[PLACES][PLACES + 1];
};

static bool smaller(const unsigned int *a, const unsigned int *b, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (a[i] != b[i])
			return strcmp(place_names[a[i]], place_names[b[i]]) < 0;
	return false;
}

static void longer(const bool hop[PLACES][PLACES], const bool *via, const struct sequences *old, struct sequences *s,
		   unsigned int k)
{
	memset(s, 0, sizeof(*s));
	for (unsigned int u = 0; u < PLACES; u++)
		for (unsigned int v = 0; v < PLACES; v++) {
			/* a channel stands at an end only, an exception nowhere */
			bool middle = k == 1 || (v <= HOST && (v == HOST || !via[v]));

			if (!hop[u][v] || !old->any[v] || !middle)
				continue;
			if (s->any[u] && !smaller(old->v[v], s->v[u] + 1, k))
				continue;
			s->any[u] = true;
			s->v[u][0] = u;
			memcpy(s->v[u] + 1, old->v[v], k * sizeof(old->v[v][0]));
		}
}

unsigned int best_path(const struct world *w, const struct gen_claim *c, unsigned int path[PLACES + 1])
{
	bool hop[PLACES][PLACES] = { { false } };
	struct sequences s[2] = { { .any = { false } } };

	for (unsigned int i = 0; i < w->n_st; i++)
		for (unsigned int k = 0; k < w->st[i].n_opens; k++)
			hop[w->st[i].opens[k].from][w->st[i].opens[k].to] = true;
	for (unsigned int i = 0; i < PLACES; i++) {
		s[0].any[i] = c->b[i];
		s[0].v[i][0] = i;
	}
	for (unsigned int k = 1; k < PLACES; k++) {
		const struct sequences *now = &s[k % 2];
		bool found = false;

		longer((const bool (*)[PLACES])hop, c->via, &s[(k + 1) % 2], &s[k % 2], k);
		for (unsigned int i = 0; i < PLACES; i++) {
			if (!c->a[i] || !now->any[i] || (found && !smaller(now->v[i], path, k + 1)))
				continue;
			memcpy(path, now->v[i], (k + 1) * sizeof(path[0]));
			found = true;
		}
		if (found)
			return k;
	}
	return 0;
}
