/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What in a new policy is what in an old one. A wrong guess costs legibility, never truth: the graphs are compared under the
 * pairing, and whatever it does not cover is a difference.
 */
#ifndef MICA_VIEW_MATCH_H
#define MICA_VIEW_MATCH_H

#include "graph.h"

#define NOBODY	UINT32_MAX

enum part { PART_ROLE, PART_CHANNEL, PART_WINDOW, PART_GATE, N_PARTS };

struct pairing {
	const struct graph *old, *new;
	uint32_t *to_new[N_PARTS];	/* by index in the old model; PART_ROLE has the host at its end */
	uint32_t *to_old[N_PARTS];
};

void match(struct pairing *p, const struct graph *old, const struct graph *new);
uint32_t part_count(const struct graph *g, enum part part);
const char *part_name(const struct graph *g, enum part part, uint32_t i);
/* Do two roles demand the same code? */
bool same_image(const struct m_role *a, const struct m_role *b);
/* ---- colour.c ---- */

struct colours;
const struct colours *colours_of(const struct pairing *p);
/* How many hops around an old and a new role everything looks alike, names apart. */
uint32_t colours_like(const struct colours *c, uint32_t old, uint32_t new);

#endif
