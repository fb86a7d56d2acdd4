/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random policies against a second opinion: verdicts, shortest paths with their tie-break and the lines that open each
 * hop, by all-pairs distances over a matrix that is filled from the generator's own choices; and every blob that
 * is built is taken by the monitor's decoder. MICA_RUNS and MICA_SEED choose how many and which.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../lib/blob/blob.h"
#include "../../policy/compiler/compile.h"
#include "../../policy/view/diff.h"
#include "../../policy/view/explain.h"

#define ROLES		6
#define CHANNELS	5
#define HOST		ROLES			/* the node after the roles */
#define CHAN(c)		(HOST + 1 + (c))
#define NODES		(CHAN(CHANNELS))
#define CLAIMS		4
#define FAR		1000

static uint64_t state;

static unsigned int pick(unsigned int n)	/* 0 .. n-1 */
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned int)((state >> 11) % n);
}

static bool chance(unsigned int percent) { return pick(100) < percent; }

/* ---- the generator: text, and what it means ---- */

struct claim {
	bool must;
	bool a[NODES], b[NODES], via[ROLES];
	unsigned int line;
};

struct world {
	char text[8192];
	size_t len;
	unsigned int line;
	unsigned int roles, channels;
	bool any[ROLES], declassifies[ROLES], rights[ROLES];
	/* the line of the first statement that opens the hop, 0: none */
	unsigned int hop[NODES][NODES];
	struct claim claims[CLAIMS];
	unsigned int n_claims;
	bool buildable;
};

/* Names whose order differs from the order of declaration. */
static const char *const names[NODES] = { "mill", "ba", "zeta", "b", "alpha", "ink", "host", "raw", "aux", "out", "c9", "c1" };

static void line(struct world *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	w->len += (size_t)vsnprintf(w->text + w->len, sizeof(w->text) - w->len, fmt, ap);
	va_end(ap);
}

static void end_line(struct world *w)
{
	line(w, "\n");
	w->line++;
}

static void open_hop(struct world *w, unsigned int from, unsigned int to)
{
	if (from != to && w->hop[from][to] == 0)
		w->hop[from][to] = w->line;
}

static void put_names(struct world *w, const bool *in, unsigned int first, unsigned int last)
{
	unsigned int n = 0, all = 0;

	for (unsigned int i = first; i < last; i++)
		all += in[i];
	line(w, all == 1 && chance(50) ? "" : "{ ");
	bool braces = w->text[w->len - 2] == '{' && w->text[w->len - 1] == ' ';

	for (unsigned int i = first; i < last; i++)
		if (in[i])
			line(w, "%s%s", n++ ? ", " : "", names[i]);
	line(w, braces ? " }" : "");
}

static void put_role(struct world *w, unsigned int r)
{
	w->any[r] = chance(30);
	w->declassifies[r] = !w->any[r] && chance(50);
	if (w->any[r]) {
		line(w, "realm %s { image any }", names[r]);
		open_hop(w, HOST, r);
	} else {
		line(w, "realm %s { measurement sha256:%064x%s vcpus 4 }", names[r], r + 1,
		     w->declassifies[r] ? " declassifies" : "");
	}
	end_line(w);
}

static bool some(bool *in, unsigned int n)
{
	unsigned int all = 0;

	for (unsigned int i = 0; i < n; i++)
		all += in[i] = chance(35);
	return all != 0;
}

static void put_channel(struct world *w, unsigned int c)
{
	bool left[NODES] = { 0 }, right[NODES] = { 0 };
	bool two_way = chance(20), ack = !two_way && chance(40), signal = chance(40);
	unsigned int l = pick(w->roles), r = pick(w->roles);

	if (!some(left, w->roles))
		left[l] = true;
	if (!some(right, w->roles))
		right[r] = true;
	for (unsigned int i = 0; i < w->roles; i++)
		if (left[i])
			right[i] = false;	/* each role on one side */
	for (r = 0; r < w->roles && !right[r]; r++)
		;
	if (r == w->roles) {			/* nobody left to read: the next one does */
		for (r = 0; r < w->roles && left[r]; r++)
			;
		if (r == w->roles)
			left[r = 0] = false;
		right[r] = true;
	}
	line(w, "channel %s %uKiB ", names[CHAN(c)], 4 * (1 + pick(4)));
	put_names(w, left, 0, w->roles);
	line(w, two_way ? " <-> " : " -> ");
	put_names(w, right, 0, w->roles);
	line(w, ack && signal ? " (ack, signal)" : ack ? " (ack)" : signal ? " (signal)" : "");
	for (unsigned int i = 0; i < w->roles; i++) {
		for (unsigned int j = 0; j < w->roles; j++) {
			bool in_i = left[i] || right[i], in_j = left[j] || right[j];

			if (two_way ? in_i && in_j : left[i] && right[j])
				open_hop(w, i, j);
			if (ack && right[i] && left[j])
				open_hop(w, i, j);
		}
		if (left[i] || (two_way && right[i]))
			open_hop(w, i, CHAN(c));
		if (right[i] || (two_way && left[i]))
			open_hop(w, CHAN(c), i);
	}
	end_line(w);
}

static void put_window(struct world *w, unsigned int n)
{
	unsigned int r = pick(w->roles), kind = pick(3);

	switch (kind) {
	case 0: line(w, "window w%u 4KiB host -> %s", n, names[r]); break;
	case 1: line(w, "window w%u 4KiB %s -> host", n, names[r]); break;
	default: line(w, "window w%u 8KiB %s <-> host", n, names[r]); break;
	}
	if (kind != 1)
		open_hop(w, HOST, r);
	if (kind != 0)
		open_hop(w, r, HOST);
	end_line(w);
}

static void put_gate(struct world *w, unsigned int n)
{
	unsigned int a = pick(w->roles), b = pick(w->roles);

	if (a == b || w->any[b])	/* an `any` role here has one vCPU, which serves one gate */
		return;
	line(w, "gate g%u %s => %s (args %u, results %u)", n, names[a], names[b], pick(9), pick(9));
	open_hop(w, a, b);
	open_hop(w, b, a);
	end_line(w);
}

static void put_control(struct world *w, unsigned int r)
{
	static const struct { const char *text; bool in; } rights[] = {
		{ "hostcall", true }, { "audit", false }, { "psci", true }, { "timer", true }, { "mmio uart%u 4KiB", true },
		{ "interrupts (40)", true }, { "hostcall, audit", true },
	};
	unsigned int k = pick(w->buildable ? 2 : 7);

	line(w, "control %s { ", names[r]);
	line(w, rights[k].text, r);
	line(w, " }");
	open_hop(w, r, HOST);
	if (rights[k].in)
		open_hop(w, HOST, r);
	w->rights[r] = true;
	end_line(w);
}

/* A side of roles, channels and host, none of it in `taken`. False: nothing is left. */
static bool put_side(struct world *w, bool *side, const bool *taken)
{
	unsigned int n = 0, first = NODES;

	for (unsigned int i = 0; i < CHAN(w->channels); i++) {
		if ((i >= w->roles && i < HOST) || taken[i] || !chance(i < HOST ? 30 : i == HOST ? 25 : 12))
			continue;
		side[i] = true;
		n++;
		first = first == NODES ? i : first;
	}
	if (n == 0)
		return false;
	if (n == 1 && chance(70)) {
		line(w, "%s", names[first]);
		return true;
	}
	line(w, "{ ");
	for (unsigned int i = 0, k = 0; i < NODES; i++)
		if (side[i])
			line(w, "%s%s", k++ ? ", " : "", names[i]);
	line(w, " }");
	return true;
}

static void put_claim(struct world *w)
{
	struct claim *c = &w->claims[w->n_claims];
	bool taken[NODES] = { 0 }, any_a = false, any_b = false;
	size_t undo = w->len;
	unsigned int n = 0, vias = 0;

	memset(c, 0, sizeof(*c));
	c->must = chance(25);
	for (unsigned int r = 0; r < w->roles && !c->must; r++)
		if (w->declassifies[r] && chance(30))
			taken[r] = c->via[r] = true, vias++;
	line(w, c->must ? "must " : "never ");
	any_a = chance(10);
	if (any_a)
		line(w, "any");
	else if (!put_side(w, c->a, taken))
		goto none;
	for (unsigned int i = 0; i < NODES; i++)
		taken[i] |= c->a[i];
	line(w, " ~> ");
	any_b = !any_a && chance(10);
	if (any_b)
		line(w, "any");
	else if (!put_side(w, c->b, taken))
		goto none;
	for (unsigned int r = 0; r < w->roles; r++) {
		if (any_a)
			n += c->a[r] = !c->b[r] && !c->via[r];
		if (any_b)
			n += c->b[r] = !c->a[r] && !c->via[r];
	}
	if ((any_a || any_b) && n == 0)
		goto none;
	if (vias) {
		line(w, " except via ");
		for (unsigned int r = 0, k = 0; r < w->roles; r++)
			if (c->via[r])
				line(w, "%s%s", k++ ? ", " : "", names[r]);
	}
	c->line = w->line;
	w->n_claims++;
	end_line(w);
	return;
none:
	w->len = undo;
	w->text[undo] = '\0';
}

static void generate(struct world *w, bool buildable)
{
	memset(w, 0, sizeof(*w));
	w->buildable = buildable;
	w->line = 1;
	w->roles = 2 + pick(ROLES - 1);
	w->channels = pick(CHANNELS + 1);
	line(w, "workflow random {");
	end_line(w);
	for (unsigned int r = 0; r < w->roles; r++)
		put_role(w, r);
	for (unsigned int c = 0; c < w->channels; c++)
		put_channel(w, c);
	for (unsigned int n = pick(4), i = 0; i < n; i++)
		put_window(w, i);
	for (unsigned int n = buildable ? 0 : pick(4), i = 0; i < n; i++)
		put_gate(w, i);
	for (unsigned int r = 0; r < w->roles; r++)
		if (chance(15))
			put_control(w, r);
	for (unsigned int n = buildable ? 0 : 1 + pick(CLAIMS), i = 0; i < n; i++)
		put_claim(w);
	line(w, "}");
	end_line(w);
}

/* ---- the second opinion ---- */

/* Hops from each node to the nearest of `to`, through roles and host that are not in `without`. */
static void distances(const struct world *w, const bool *to, const bool *without, unsigned int d[NODES])
{
	for (unsigned int i = 0; i < NODES; i++)
		d[i] = FAR;
	for (unsigned int round = 0; round < NODES; round++)
		for (unsigned int i = 0; i < NODES; i++)
			for (unsigned int j = 0; j < NODES; j++) {
				unsigned int via = to[j] ? 1 : j > HOST || without[j] ? FAR : d[j] + 1;

				if (w->hop[i][j] && via < d[i])
					d[i] = via;
			}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(names[*(const unsigned int *)a], names[*(const unsigned int *)b]);
}

/* The shortest path, smallest in names; its length, or 0. */
static unsigned int best_path(const struct world *w, const struct claim *c, unsigned int path[NODES])
{
	unsigned int d[NODES], order[NODES], n = 0, best = FAR, at = NODES;
	bool without[NODES] = { 0 };

	memcpy(without, c->via, sizeof(c->via));
	distances(w, c->b, without, d);
	for (unsigned int i = 0; i < NODES; i++) {
		order[i] = i;
		if (c->a[i] && d[i] < best)
			best = d[i];
	}
	if (best == FAR)
		return 0;
	qsort(order, NODES, sizeof(order[0]), by_name);
	for (unsigned int i = 0; i < NODES && at == NODES; i++)
		if (c->a[order[i]] && d[order[i]] == best)
			at = order[i];
	for (path[n++] = at; best > 0; best--) {
		for (unsigned int i = 0; i < NODES; i++) {
			unsigned int j = order[i];

			if (!w->hop[at][j] || (best == 1 ? !c->b[j] : j > HOST || without[j] || c->b[j] || d[j] != best - 1))
				continue;
			path[n++] = at = j;
			break;
		}
	}
	return n - 1;
}

/* A way from each of a to each of b that does not lead through the host. */
static bool must_holds(const struct world *w, const struct claim *c)
{
	bool without[NODES] = { 0 };
	unsigned int d[NODES];

	without[HOST] = true;
	for (unsigned int b = 0; b < NODES; b++) {
		bool to[NODES] = { 0 };

		if (!c->b[b])
			continue;
		to[b] = true;
		distances(w, to, without, d);
		for (unsigned int a = 0; a < NODES; a++)
			if (c->a[a] && d[a] == FAR)
				return false;
	}
	return true;
}

/* ---- the comparison ---- */

static void give_up(const struct world *w, const struct policy *p, const char *what)
{
	fprintf(stderr, "%s\n%s", what, w->text);
	diag_print(&p->diags, stderr, false);
	fail_msg("%s", what);
}

static void compare_path(const struct world *w, const struct policy *p, const struct claim *c, const struct verdict *v)
{
	unsigned int path[NODES], n = best_path(w, c, path);

	if (v->holds != (n == 0))
		give_up(w, p, "verdict of a never claim");
	if (v->path.n != n)
		give_up(w, p, "length of the path");
	for (unsigned int i = 0; i < n; i++) {
		const struct hop *h = &v->path.v[i];

		if (strcmp(h->from, names[path[i]]) != 0 || strcmp(h->to, names[path[i + 1]]) != 0)
			give_up(w, p, "names on the path");
		if (source_line(&p->src, h->at.begin) != w->hop[path[i]][path[i + 1]])
			give_up(w, p, "line that opens a hop");
	}
}

static const struct claim *claim_at(const struct world *w, unsigned int at)
{
	for (unsigned int i = 0; i < w->n_claims; i++)
		if (w->claims[i].line == at)
			return &w->claims[i];
	return NULL;
}

static void compare(const struct world *w, const struct policy *p)
{
	if (!p->sound || p->verdicts.n != w->n_claims)
		give_up(w, p, "the policy is refused");
	for (uint32_t i = 0; i < p->verdicts.n; i++) {
		const struct verdict *v = &p->verdicts.v[i];
		const struct claim *c = claim_at(w, source_line(&p->src, v->claim->item->at.begin));

		if (c == NULL)
			give_up(w, p, "a claim at another line");
		else if (!c->must)
			compare_path(w, p, c, v);
		else if (v->holds != must_holds(w, c))
			give_up(w, p, "verdict of a must claim");
	}
}

static void open_text(const struct world *w, struct policy *p, const char *path)
{
	FILE *f = fopen(path, "w");
	const char *why;

	assert_non_null(f);
	fwrite(w->text, 1, w->len, f);
	fclose(f);
	if (policy_open(p, path, &why) == 2)
		fail_msg("%s", why);
}

static unsigned int runs(unsigned int usual)
{
	const char *n = getenv("MICA_RUNS"), *seed = getenv("MICA_SEED");

	state = 0x9e3779b97f4a7c15 ^ (seed ? strtoul(seed, NULL, 0) : 1) * 0x100000001b3;
	return n ? (unsigned int)strtoul(n, NULL, 0) : usual;
}

static const char *scratch(void)
{
	static char path[64];

	snprintf(path, sizeof(path), "/dev/shm/mica-flow-%d.mica", (int)getpid());
	return path;
}

static void verdicts_agree(void **unused)
{
	unsigned int n = runs(10000), broken = 0, kept = 0;
	struct world w;

	(void)unused;
	for (unsigned int i = 0; i < n; i++) {
		struct policy p;

		generate(&w, false);
		open_text(&w, &p, scratch());
		compare(&w, &p);
		for (uint32_t k = 0; k < p.verdicts.n; k++)
			p.verdicts.v[k].holds ? kept++ : broken++;
		policy_close(&p);
	}
	unlink(scratch());
	/* neither verdict is rare, or the comparison shows little */
	assert_true(broken > n / 4 && kept > n / 4);
}

static void blobs_decode(void **unused)
{
	unsigned int n = runs(10000) / 5, built = 0;
	struct world w;

	(void)unused;
	for (unsigned int i = 0; i < n; i++) {
		struct policy p;
		struct built out;
		struct blob b;

		generate(&w, true);
		open_text(&w, &p, scratch());
		/* claims are not what is built */
		if (p.sound && policy_build(&p, false, NULL, 0, &out) == 0) {
			if (blob_open_flat(&b, out.blob, out.blob_size) != MICA_BLOB_OK)
				give_up(&w, &p, "a blob that the decoder refuses");
			assert_int_equal(b.roles, w.roles);
			built++;
		} else {
			give_up(&w, &p, "a policy that cannot be built");
		}
		policy_close(&p);
	}
	unlink(scratch());
	assert_int_equal(built, n);
}

/* ---- the graph that explain, graph, diff and report show ---- */

/* Vertices of the shown graph are roles in the order of the file and the host, as are those of the world. */
static void edges_agree(const struct world *w, const struct policy *p, const struct graph *g)
{
	assert_int_equal(g->host, w->roles);
	for (unsigned int u = 0; u < g->n; u++)
		for (unsigned int v = 0; v < g->n; v++) {
			unsigned int first = 0;

			for (uint32_t i = 0; i < g->out[u].n && !first; i++)
				if (g->edges.v[g->out[u].v[i]].to == v)
					first = graph_line(g, g->edges.v[g->out[u].v[i]].at);
			if (first != w->hop[u == g->host ? HOST : u][v == g->host ? HOST : v])
				give_up(w, p, "an edge of the shown graph");
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
	for (uint32_t i = 0; i < g->edges.n; i++) {
		const struct flow_edge *e = &g->edges.v[i];

		if (!proof.inside[e->from])
			continue;
		broken = broken || (e->kind == HOP_CHANNEL && has_index(&c->b.channels, e->index));
		if (!proof.inside[e->to] && (e->to == g->host || !has_index(&c->via, e->to)))
			give_up(w, p, "an edge that leaves the proof's set for no exception");
		if (!proof.inside[e->to] && !has_index(&proof.exits, i))
			give_up(w, p, "an exit that the proof does not list");
	}
	if (broken == v->holds)
		give_up(w, p, "a proof against its verdict");
}

/* One place to another: as far as the world says, hop by hop along edges that it has. */
static void ways_agree(const struct world *w, const struct policy *p, const struct graph *g)
{
	unsigned int u = pick(g->n), v = pick(g->n), d[NODES], best = FAR;
	bool to[NODES] = { 0 }, none[NODES] = { 0 };
	struct ways ways;

	if (u == v)
		return;
	to[v == g->host ? HOST : v] = true;
	distances(w, to, none, d);
	explain_ways(g, (struct place){ false, u }, (struct place){ false, v }, &ways);
	for (uint32_t i = 0; i < ways.n; i++)
		if (ways.v[i].leads && ways.v[i].hops.n < best)
			best = ways.v[i].hops.n;
	if (best != d[u == g->host ? HOST : u] || (best == FAR) != (ways.leading == 0) || (best == FAR) != (ways.why_not != NULL))
		give_up(w, p, "the shortest way between two places");
}

static void shown_graph_agrees(void **unused)
{
	unsigned int n = runs(10000) / 2;
	struct world w;

	(void)unused;
	for (unsigned int i = 0; i < n; i++) {
		struct policy p;
		struct graph g;

		generate(&w, false);
		open_text(&w, &p, scratch());
		graph_open(&g, &p);
		edges_agree(&w, &p, &g);
		ways_agree(&w, &p, &g);
		for (uint32_t k = 0; k < p.verdicts.n; k++)
			if (!p.verdicts.v[k].claim->must)
				proof_agrees(&w, &p, &g, &p.verdicts.v[k]);
		policy_close(&p);
	}
	unlink(scratch());
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
	unsigned int n = runs(10000) / 5, gained = 0;
	struct world a, b;

	(void)unused;
	for (unsigned int i = 0; i < n; i++) {
		struct policy p, q, r;
		struct graph g, h, k;
		struct diff d;

		generate(&a, false);
		generate(&b, false);
		open_text(&a, &p, scratch());
		open_text(&b, &q, scratch());
		open_text(&a, &r, scratch());
		graph_open(&g, &p);
		graph_open(&h, &q);
		graph_open(&k, &r);
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
	unlink(scratch());
	assert_true(gained > n / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_agree),
		cmocka_unit_test(blobs_decode),
		cmocka_unit_test(shown_graph_agrees),
		cmocka_unit_test(diff_says_all),
	};

	return cmocka_run_group_tests_name("flow_random", tests, NULL, NULL);
}
