/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random policies and what they mean, written down by the generator as it makes them: the second opinion of
 * flow_random.c knows nothing of the compiler.
 */
#ifndef MICA_TESTS_FLOW_GEN_H
#define MICA_TESTS_FLOW_GEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROLES		6
#define CHANNELS	5
#define HOST		ROLES			/* the node after the roles */
#define CHAN(c)		(HOST + 1 + (c))
#define PLACES		CHAN(CHANNELS)		/* what a claim can name, and what a path shows */
#define ACK(c)		(PLACES + (c))
#define NODES		ACK(CHANNELS)
#define FILES		(1 + ROLES)		/* the policy, then component files */

/* Names whose order differs from the order of declaration. */
extern const char *const place_names[PLACES];
extern const char *const file_names[FILES];

/* A construct that opens a hop between two places. */
struct opens {
	unsigned int from, to;
	char by[32];
	unsigned int file, line;	/* line: filled in with that of its statement, unless it is in a component */
};

struct statement {
	char text[1024];
	struct opens opens[160];
	unsigned int n_opens, line;
};

struct gen_claim {
	bool must;
	bool a[PLACES], b[PLACES], via[ROLES];
	unsigned int file, line;
	unsigned int statement;		/* of the policy's own claims */
	int role;			/* whose requirement; -1 */
};

#define STATEMENTS	64
#define CLAIMS		64

struct gen_port {
	char name[16];
	bool wired[ROLES];		/* of which of the component's roles */
	unsigned int channel[ROLES];
};

struct gen_component {
	bool used;
	bool any;			/* image any, not pinned by its author */
	bool roles[ROLES];
	unsigned int image_line;
	char ports_text[4096];
	struct gen_port ports[48];	/* of channels */
	unsigned int n_ports;
	unsigned int n_names;
	unsigned int n_peers;
	unsigned int peers[ROLES][2];	/* bound by each role */
};

struct world {
	char text[FILES][32768];
	size_t len[FILES];
	struct statement st[STATEMENTS];
	unsigned int n_st;
	unsigned int roles, channels, density;	/* percent of roles on a side of a channel */
	bool any[ROLES], declassifies[ROLES], declared[ROLES];
	unsigned int serves[ROLES];
	int component[ROLES];		/* its file, or 0 */
	struct gen_component comp[FILES];
	unsigned int realm_of[ROLES], place_in_realm[ROLES];	/* its statement, and where in it */
	bool set[2][ROLES];
	unsigned int n_sets;
	bool edge[NODES][NODES];	/* section 4, row by row */
	struct gen_claim claims[CLAIMS];
	unsigned int n_claims;
	unsigned int gates, devices, intids;	/* intids: regions of them */
	bool buildable;			/* without claims and image files */
};

void gen_seed(uint64_t seed);
unsigned int gen_pick(unsigned int n);	/* 0 .. n-1 */
/* A policy without errors. With claims, or buildable. */
void generate(struct world *w, bool buildable);

/* flow_model.c: verdict and path of a claim from the edges and openings alone. */
bool claim_holds(const struct world *w, const struct gen_claim *c);
/* The path of a violated never claim: its length, places in path[0..n]. */
unsigned int best_path(const struct world *w, const struct gen_claim *c, unsigned int path[PLACES + 1]);
/* The construct that is shown for a hop. */
const struct opens *first_opening(const struct world *w, unsigned int from, unsigned int to);

#endif
