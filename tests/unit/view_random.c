/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What explain, graph, diff and report show, against the generator of random policies: the edges of the shown graph are
 * those that the generator opened; the proof of a claim is closed and agrees with its verdict; the shortest way between two
 * places is as short as the table of edges says; diff leaves nothing new unsaid. MICA_RUNS and MICA_SEED as in flow_random.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../policy/view/diff.h"
#include "../../policy/view/explain.h"
#include "flow_gen.h"

#define FAR	1000

static void give_up(const struct world *w, const struct policy *p, const char *what)
{
	for (unsigned int f = 0; f < FILES; f++)
		if (w->len[f])
			fprintf(stderr, "---- %s\n%.*s", file_names[f], (int)w->len[f], w->text[f]);
	diag_print(&p->diags, stderr, false);
	fail_msg("%s", what);
}

static void open_world(const struct world *w, struct policy *p, struct graph *g)
{
	struct memory_file files[FILES];

	for (unsigned int f = 0; f < FILES; f++)
		files[f] = (struct memory_file){ file_names[f], w->text[f], w->len[f] };
	(void)policy_open_text(p, file_names[0], w->text[0], w->len[0], &(struct memory_files){ files, FILES });
	if (!p->sound)
		give_up(w, p, "the policy is refused");
	graph_open(g, p);
}

static unsigned int runs(unsigned int usual)
{
	const char *n = getenv("MICA_RUNS"), *seed = getenv("MICA_SEED");

	gen_seed(seed ? strtoul(seed, NULL, 0) : 1);
	return n ? (unsigned int)strtoul(n, NULL, 0) : usual;
}

/* A vertex of the shown graph as a place of the world. */
static unsigned int place_of(const struct graph *g, uint32_t v)
{
	unsigned int i = 0;

	if (v == g->host)
		return HOST;
	while (strcmp(place_names[i], graph_name(g, v)) != 0)
		i++;
	return i;
}

static const struct flow_edge *first_edge(const struct graph *g, uint32_t u, uint32_t v)
{
	for (uint32_t i = 0; i < g->out[u].n; i++)
		if (g->edges.v[g->out[u].v[i]].to == v)
			return &g->edges.v[g->out[u].v[i]];
	return NULL;
}

static void edges_agree(const struct world *w, const struct policy *p, const struct graph *g)
{
	assert_int_equal(g->host, w->roles);
	for (uint32_t u = 0; u < g->n; u++)
		for (uint32_t v = 0; v < g->n; v++) {
			const struct flow_edge *e = first_edge(g, u, v);
			const struct opens *o = u == v ? NULL : first_opening(w, place_of(g, u), place_of(g, v));

			if (!e != !o)
				give_up(w, p, "an edge of the shown graph");
			if (e && (strcmp(e->by, o->by) != 0 || source_line(e->src, e->at.begin) != o->line ||
				  strcmp(e->src->path, file_names[o->file]) != 0))
				give_up(w, p, "what opens an edge of the shown graph");
		}
}

/* The set that proves a claim: closed but for its exits, and without a way into the right side exactly if the claim holds. */
static void proof_agrees(const struct world *w, const struct policy *p, const struct graph *g, const struct verdict *v)
{
	const struct m_claim *c = v->claim;
	struct claim_proof proof;
	bool broken = false;

	words_proof(g, c, &proof);
	for (unsigned int i = 0; i < g->n; i++)
		broken = broken || (proof.inside[i] && (i == g->host ? c->b.host : has_index(&c->b.roles, i)));
	for (uint32_t i = 0; i < c->b.channels.n; i++)
		for (uint32_t k = 0; k < g->m->channels.v[c->b.channels.v[i]].writers.n; k++)
			broken = broken || proof.inside[g->m->channels.v[c->b.channels.v[i]].writers.v[k]];
	for (uint32_t i = 0; i < g->edges.n; i++) {
		const struct flow_edge *e = &g->edges.v[i];

		if (!proof.inside[e->from])
			continue;
		if (!proof.inside[e->to] && (e->to == g->host || !has_index(&c->via, e->to)))
			give_up(w, p, "an edge that leaves the proof's set for no exception");
		if (!proof.inside[e->to] && !has_index(&proof.exits, i))
			give_up(w, p, "an exit that the proof does not list");
	}
	if (broken == v->holds)
		give_up(w, p, "a proof against its verdict");
}

/* Hops from each place to one, over the world's openings, by relaxation. */
static void distances(const struct world *w, unsigned int to, unsigned int d[PLACES])
{
	for (unsigned int i = 0; i < PLACES; i++)
		d[i] = i == to ? 0 : FAR;
	for (unsigned int round = 0; round < PLACES; round++)
		for (unsigned int i = 0; i < w->n_st; i++)
			for (unsigned int k = 0; k < w->st[i].n_opens; k++) {
				const struct opens *o = &w->st[i].opens[k];

				if (o->from <= HOST && o->to <= HOST && d[o->to] + 1 < d[o->from])
					d[o->from] = d[o->to] + 1;
			}
}

static void ways_agree(const struct world *w, const struct policy *p, const struct graph *g)
{
	for (uint32_t u = 0; u < g->n; u++)
		for (uint32_t v = 0; v < g->n; v++) {
			unsigned int d[PLACES], best = FAR;
			struct ways ways;

			if (u == v)
				continue;
			distances(w, place_of(g, v), d);
			explain_ways(g, (struct place){ false, u }, (struct place){ false, v }, &ways);
			for (uint32_t i = 0; i < ways.n; i++)
				if (ways.v[i].leads && ways.v[i].hops.n < best)
					best = ways.v[i].hops.n;
			if (best != d[place_of(g, u)] || (best == FAR) != (ways.leading == 0) || (best == FAR) != (ways.why_not != NULL))
				give_up(w, p, "the shortest way between two places");
		}
}

static void shown_graph_agrees(void **unused)
{
	static struct world w;
	unsigned int n = runs(2000), proofs = 0;

	(void)unused;
	for (unsigned int i = 0; i < n; i++) {
		struct policy p;
		struct graph g;

		generate(&w, false);
		open_world(&w, &p, &g);
		edges_agree(&w, &p, &g);
		ways_agree(&w, &p, &g);
		for (uint32_t k = 0; k < p.verdicts.n; k++)
			if (!p.verdicts.v[k].claim->must) {
				proof_agrees(&w, &p, &g, &p.verdicts.v[k]);
				proofs += p.verdicts.v[k].holds;
			}
		policy_close(&p);
	}
	assert_true(proofs > n / 4);
}

/* Does the new policy have a hop between two roles that the old one has not, under the pairing? */
static bool gained_hop(const struct diff *d, const struct graph *old, const struct graph *new)
{
	for (uint32_t i = 0; i < new->edges.n; i++) {
		uint32_t u = d->pairs.to_old[PART_ROLE][new->edges.v[i].from], v = d->pairs.to_old[PART_ROLE][new->edges.v[i].to];
		bool had = false;

		for (uint32_t k = 0; u != NOBODY && v != NOBODY && k < old->out[u].n; k++)
			had = had || old->edges.v[old->out[u].v[k]].to == v;
		if (!had)
			return true;
	}
	return false;
}

/* Nothing that is new goes unsaid, whatever the pairing; a policy does not differ from itself. */
static void diff_says_all(void **unused)
{
	static struct world a, b;
	unsigned int n = runs(1000), gained = 0;

	(void)unused;
	for (unsigned int i = 0; i < n; i++) {
		struct policy p, q, r;
		struct graph g, h, k;
		struct diff d;

		generate(&a, false);
		generate(&b, false);
		open_world(&a, &p, &g);
		open_world(&b, &q, &h);
		open_world(&a, &r, &k);
		diff_make(&d, &g, &h);
		if (gained_hop(&d, &g, &h)) {
			gained++;
			if (!diff_widens(&d))
				give_up(&b, &q, "a new hop that diff does not call wider");
		}
		diff_make(&d, &g, &k);
		if (d.changes.n != 0)
			give_up(&a, &p, "a difference to itself");
		policy_close(&p);
		policy_close(&q);
		policy_close(&r);
	}
	assert_true(gained > n / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shown_graph_agrees),
		cmocka_unit_test(diff_says_all),
	};

	return cmocka_run_group_tests_name("view_random", tests, NULL, NULL);
}
