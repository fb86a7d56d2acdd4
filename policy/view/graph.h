/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The flow graph as something to show: vertices, every construct that opens an edge, searches over them. What `mica
 * explain`, `graph`, `diff` and `report` share. The edges are flow.c's (flow_between), so that no picture can show another
 * graph than the one the claims are proved on.
 */
#ifndef MICA_VIEW_GRAPH_H
#define MICA_VIEW_GRAPH_H

#include "../compiler/compile.h"

#define GRAPH_FAR	UINT32_MAX

struct graph {
	struct policy *p;
	const struct model *m;
	uint32_t host;			/* vertices: roles by index, then the host */
	uint32_t n;
	struct flow_edges edges;	/* by place in the file */
	struct indices *out, *in;	/* per vertex: edges */
};

/* An end of a claim or of a question: a vertex or a channel. */
struct place { bool channel; uint32_t i; };

struct hops { VEC_FIELDS(struct hop); };

/* Of a sound policy. Lives in the policy's arena. */
void graph_open(struct graph *g, struct policy *p);
const char *graph_name(const struct graph *g, uint32_t v);
const char *graph_place_name(const struct graph *g, struct place p);
/* Role, channel or `host` by name. False: no such thing. */
bool graph_find(const struct graph *g, const char *name, struct place *out);

const struct source *graph_src(const struct graph *g);
uint32_t graph_item_line(const struct item *it);
/* "line 12", or "parts/filter.mica line 12" if it stands in another file than the policy. */
const char *graph_where(const struct graph *g, const struct source *src, struct span at);
/* The same of a claim; of a requirement with whose it is. */
const char *graph_claim_where(const struct graph *g, const struct m_claim *c);
/* A statement as one line. */
const char *graph_text(const struct graph *g, const struct source *src, struct span at);
/* Its doc comment, lines joined by blanks; NULL if it has none. */
const char *graph_doc(const struct graph *g, const struct item *it);
const char *graph_lines(const struct graph *g, const struct lines *lines);
/* "64 KiB", "4 words", or "". */
const char *graph_edge_size(const struct graph *g, const struct flow_edge *e);
/* The value of a number that may be a constant. */
uint64_t graph_number(const struct graph *g, const struct num *n);
bool has_index(const struct indices *v, uint32_t x);

/* ---- search.c ---- */

/* A set of vertices, empty. */
bool *graph_set(const struct graph *g);
/* Put into @set the vertices that a path from a side starts with: its own, and the readers of its channels. */
void graph_starts(const struct graph *g, const struct m_side *side, const bool *cut, bool *set);
/* Add to @set whatever it reaches forwards (or what reaches it), not entering @cut (may be NULL). */
void graph_spread(const struct graph *g, bool *set, const bool *cut, bool backwards);
/* The same from one vertex, which is in @set only if it comes back to itself. */
void graph_reach(const struct graph *g, uint32_t from, const bool *cut, bool backwards, bool *set);
/* Hops to a side by vertex, GRAPH_FAR if none. */
uint32_t *graph_distances(const struct graph *g, const struct m_side *to, const bool *cut);
/* Append the shortest path from vertex @v, smallest names first. dist[v] must not be GRAPH_FAR. */
void graph_walk(const struct graph *g, uint32_t v, const uint32_t *dist, const struct m_side *to, struct hops *out);
/* Shortest path between two places; false if there is none. */
bool graph_path(const struct graph *g, struct place from, struct place to, const bool *cut, struct hops *out);
/* One place as a side of its own. */
struct m_side graph_side(const struct graph *g, const struct place *p);
struct hop graph_hop(const struct graph *g, const struct flow_edge *e);

#endif
