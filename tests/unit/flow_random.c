/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random policies against a second opinion: verdicts, shortest paths with their tie-break, the construct and the line that
 * open each hop, the order of claims; and every blob that is built is taken by the monitor's decoder. Components, their
 * requirements, sets, many-to-many channels, acknowledgements, gates, every right, `any` and exceptions included.
 * MICA_RUNS and MICA_SEED choose how many and which.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../lib/blob/blob.h"
#include "../../policy/compiler/compile.h"
#include "flow_gen.h"

static void give_up(const struct world *w, const struct policy *p, const char *what)
{
	for (unsigned int f = 0; f < FILES; f++)
		if (w->len[f])
			fprintf(stderr, "---- %s\n%s", file_names[f], w->text[f]);
	diag_print(&p->diags, stderr, false);
	fail_msg("%s", what);
}

static void compare_hop(const struct world *w, const struct policy *p, const struct hop *h, unsigned int from, unsigned int to)
{
	const struct opens *o = first_opening(w, from, to);

	if (strcmp(h->from, place_names[from]) != 0 || strcmp(h->to, place_names[to]) != 0)
		give_up(w, p, "names on the path");
	if (strcmp(h->src->path, file_names[o->file]) != 0 || source_line(h->src, h->at.begin) != o->line)
		give_up(w, p, "line that opens a hop");
	if (strcmp(h->by, o->by) != 0)
		give_up(w, p, "construct that opens a hop");
}

static void compare_claim(const struct world *w, const struct policy *p, const struct gen_claim *c, const struct verdict *v)
{
	unsigned int path[PLACES + 1], n;

	if (v->claim->must != c->must || v->holds != claim_holds(w, c))
		give_up(w, p, c->must ? "verdict of a must claim" : "verdict of a never claim");
	n = c->must ? 0 : best_path(w, c, path);
	if (!c->must && v->holds != (n == 0))
		fail_msg("the second opinion contradicts itself");
	if (v->path.n != n)
		give_up(w, p, "length of the path");
	for (unsigned int i = 0; i < n; i++)
		compare_hop(w, p, &v->path.v[i], path[i], path[i + 1]);
}

/* The workflow's claims by line, then each role's by declaration and line. */
static const struct world *sorting;

static uint64_t rank(const struct gen_claim *c)
{
	uint64_t statement = c->role < 0 ? 0 : sorting->st[sorting->realm_of[c->role]].line;

	return statement << 32 | (uint64_t)(c->role < 0 ? 0 : sorting->place_in_realm[c->role]) << 24 | c->line;
}

static int by_rank(const void *a, const void *b)
{
	uint64_t x = rank(a), y = rank(b);

	return x < y ? -1 : x > y;
}

static void compare(struct world *w, const struct policy *p)
{
	sorting = w;
	qsort(w->claims, w->n_claims, sizeof(w->claims[0]), by_rank);
	if (!p->sound || p->verdicts.n != w->n_claims)
		give_up(w, p, "the policy is refused");
	for (uint32_t i = 0; i < p->verdicts.n; i++) {
		const struct verdict *v = &p->verdicts.v[i];
		const struct gen_claim *c = &w->claims[i];
		const struct item *it = v->claim->item;

		if (strcmp(it->src->path, file_names[c->file]) != 0 || source_line(it->src, it->at.begin) != c->line)
			give_up(w, p, "a claim at another line");
		if (c->role < 0 ? v->claim->role != NO_ROLE :
		    strcmp(p->model.roles.v[v->claim->role].name, place_names[c->role]) != 0)
			give_up(w, p, "a claim of another role");
		compare_claim(w, p, c, v);
	}
}

static int open_world(const struct world *w, struct policy *p)
{
	struct memory_file files[FILES];

	for (unsigned int f = 0; f < FILES; f++)
		files[f] = (struct memory_file){ file_names[f], w->text[f], w->len[f] };
	return policy_open_text(p, file_names[0], w->text[0], w->len[0], &(struct memory_files){ files, FILES });
}

static unsigned int runs(unsigned int usual)
{
	const char *n = getenv("MICA_RUNS"), *seed = getenv("MICA_SEED");

	gen_seed(seed ? strtoul(seed, NULL, 0) : 1);
	return n ? (unsigned int)strtoul(n, NULL, 0) : usual;
}

/* What the random policies contained, so that a generator that makes nothing of a kind is seen. */
struct tally { unsigned int kept, broken, required, hops, long_paths, by_kind[7]; };

static void count(struct tally *t, const struct policy *p)
{
	static const char *const kinds[] = { "channel", ", ack", "gate", ", return", "window", "control", "image any" };

	for (uint32_t i = 0; i < p->verdicts.n; i++) {
		const struct verdict *v = &p->verdicts.v[i];

		v->holds ? t->kept++ : t->broken++;
		t->required += v->claim->role != NO_ROLE;
		t->hops += v->path.n;
		t->long_paths += v->path.n > 2;
		for (uint32_t k = 0; k < v->path.n; k++)
			for (unsigned int j = 0; j < 7; j++)
				t->by_kind[j] += strstr(v->path.v[k].by, kinds[j]) != NULL;
	}
}

static void verdicts_agree(void **unused)
{
	static struct world w;
	unsigned int n = runs(5000);
	struct tally t = { 0 };

	(void)unused;
	for (unsigned int i = 0; i < n; i++) {
		struct policy p;

		generate(&w, false);
		(void)open_world(&w, &p);
		compare(&w, &p);
		count(&t, &p);
		policy_close(&p);
	}
	printf("%u policies: %u claims hold, %u do not, %u are requirements; %u hops, %u paths longer than two\n", n, t.kept,
	       t.broken, t.required, t.hops, t.long_paths);
	/* nothing is rare, or the comparison shows little */
	assert_true(t.kept > n / 4 && t.broken > n / 4 && t.required > n / 4 && t.long_paths > n / 20);
	for (unsigned int j = 0; j < 7; j++)
		assert_true(t.by_kind[j] > n / 100);
}

/* Every gate, device and interrupt of the policy is there, and the k-th gate into a role is served by its REC 3-k: all have four. */
static void compare_records(const struct world *w, const struct policy *p, const struct blob *b, unsigned int seen[2])
{
	unsigned int devices = 0, intids = 0, served[ROLES] = { 0 }, servers[ROLES] = { 0 };

	for (unsigned int i = 0; i < b->regions; i++) {
		devices += blob_region(b, i)->kind == MICA_REGION_DEVICE;
		intids += blob_region(b, i)->kind == MICA_REGION_INTIDS;
	}
	if (b->gates != w->gates || devices != w->devices || intids != w->intids)
		give_up(w, p, "records of gates, devices, interrupts");
	for (unsigned int i = 0; i < b->gates; i++) {
		const struct mica_blob_gate *g = blob_gate(b, i);

		served[g->callee]++;
		servers[g->callee] |= 1U << g->server_rec;
	}
	for (unsigned int r = 0; r < w->roles; r++)
		if (servers[r] != (((1U << served[r]) - 1) << (4 - served[r])))
			give_up(w, p, "REC that serves a gate");
	seen[0] += b->gates;
	seen[1] += devices + intids;
}

static void blobs_decode(void **unused)
{
	static struct world w;
	unsigned int n = runs(5000) / 5, built = 0, seen[2] = { 0 };

	(void)unused;
	for (unsigned int i = 0; i < n; i++) {
		struct policy p;
		struct built out;
		struct blob b;

		generate(&w, true);
		(void)open_world(&w, &p);
		/* claims are not what is built */
		if (p.sound && policy_build(&p, false, NULL, 0, &out) == 0) {
			if (blob_open_flat(&b, out.blob, out.blob_size) != MICA_BLOB_OK)
				give_up(&w, &p, "a blob that the decoder refuses");
			assert_int_equal(b.roles, w.roles);
			compare_records(&w, &p, &b, seen);
			built++;
		} else {
			give_up(&w, &p, "a policy that cannot be built");
		}
		policy_close(&p);
	}
	assert_int_equal(built, n);
	assert_true(seen[0] > n / 2 && seen[1] > n / 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_agree),
		cmocka_unit_test(blobs_decode),
	};

	return cmocka_run_group_tests_name("flow_random", tests, NULL, NULL);
}
