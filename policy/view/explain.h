/* SPDX-License-Identifier: Apache-2.0 */
/* `mica explain`: what was granted, in words. Text, or JSON of schema mica.explain/1. */
#ifndef MICA_VIEW_EXPLAIN_H
#define MICA_VIEW_EXPLAIN_H

#include "words.h"

/* The workflow: every role, then the claims. */
void explain_all(FILE *out, const struct graph *g);
/* One role, the host, or a channel. */
void explain_place(FILE *out, const struct graph *g, struct place p);
/* How the first can influence the second: one way for each construct out of it, or why there is none. */
void explain_pair(FILE *out, const struct graph *g, struct place from, struct place to);

void explain_all_json(FILE *out, const struct graph *g);
void explain_place_json(FILE *out, const struct graph *g, struct place p);
void explain_pair_json(FILE *out, const struct graph *g, struct place from, struct place to);

/* A way from a place: its first hop's construct, and the shortest path that begins with it. */
struct way {
	const char *by;
	struct span at;
	const struct source *src;
	const char *to;			/* whom the construct leads to first */
	bool leads;			/* to the target at all; hops is empty otherwise */
	struct hops hops;
};

struct ways {
	VEC_FIELDS(struct way);
	uint32_t leading;
	const char *why_not;		/* if none leads there */
};

void explain_ways(const struct graph *g, struct place from, struct place to, struct ways *out);

#endif
