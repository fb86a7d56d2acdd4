/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A picture of the graph: which vertices are shown, and one line for each construct between them. Drawn by Graphviz (dot.c);
 * `mica report` asks the same lines what lights up when somebody clicks.
 */
#ifndef MICA_VIEW_PICTURE_H
#define MICA_VIEW_PICTURE_H

#include "graph.h"

struct line {
	const char *tail, *head;	/* node names in dot: "r3", "host", "c5"; head stands to the right of tail */
	enum hop_kind kind;
	uint32_t index;			/* of the channel, window, gate; of the role */
	uint32_t right_item;		/* HOP_RIGHT: how many rights the label names */
	bool forth, back;		/* which ends have an arrow */
	const char *label;
	const char *hop;		/* "hop 2", if a violated claim goes this way */
	struct indices edges;		/* of the graph that it stands for */
};

struct picture {
	const struct graph *g;
	const struct verdict *only;	/* what lies between the ends of this claim, or NULL */
	bool residual;
	bool *shown;			/* vertices */
	bool *knot;			/* channels drawn as a node: several writers or readers, or the end of a claim */
	struct { VEC_FIELDS(struct line); } lines;
	const char **hop;		/* per edge: hop of a violated claim, or NULL */
};

void picture_make(struct picture *pic, const struct graph *g, const struct verdict *only, bool residual);
const char *picture_node(const struct graph *g, uint32_t v);
/* Is the edge this hop of a counterexample? */
bool picture_is_hop(const struct graph *g, const struct flow_edge *e, const struct hop *h);

/* dot.c: as Graphviz's language. With @for_page: without background and caption, which the page has itself. */
void dot_print(FILE *out, const struct picture *pic, bool for_page);
/* svg.c: through `dot -Tsvg`. 0, or -1 with one sentence in *why. The text is in the arena. */
int dot_to_svg(const struct graph *g, const char *dot, size_t size, const char **svg, size_t *svg_size, const char **why);
/* Both at once. */
int picture_svg(const struct picture *pic, bool for_page, const char **svg, size_t *size, const char **why);

#endif
