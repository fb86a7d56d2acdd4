/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Searches over the flow graph. Vertices are the roles and the host; a channel, its acknowledgement, a window, a
 * gate, a right is what joins two of them in one hop. One search costs no more than what it reaches.
 */
#ifndef MICA_POLICY_SEARCH_H
#define MICA_POLICY_SEARCH_H

#include "flow.h"

#define FAR	UINT32_MAX
#define HOPS_MAX 1000000U		/* of all paths that are kept */

/* A vertex of a path; a channel only at an end. */
struct place { bool channel; uint32_t i; };

/* Distances in hops to one side of a claim (or, forward, from it). host has index roles.n. */
struct search {
	const struct model *m;
	uint32_t host;
	bool forward;
	bool host_is_wall;		/* a path may end in the host but not pass it */
	uint32_t *dist;			/* per role, and host; FAR: no path */
	uint32_t *chan;			/* per channel as the other end: 1 + its nearest reader's (forward: writer's) */
	bool *cut;			/* per role: not in this graph */
	bool *seen, *seen_ack;		/* per channel: those across it have their distance */
	uint32_t *queue, head, tail;	/* what has a distance, nearest first */
	uint32_t *chans, n_chans;	/* what has to be cleared for the next search */
	const struct indices *cuts;
	struct indices from_host, to_host;	/* roles with a hop from the host, to it */
	uint32_t hops_left;
};

void search_init(struct search *s, const struct model *m);
/* Search backwards from @side, or forward; roles in @cut (or NULL) are not in the graph. */
void search(struct search *s, const struct m_side *side, const struct indices *cut, bool forward, bool host_is_wall);

uint32_t place_dist(const struct search *s, struct place p);
const char *place_name(const struct model *m, struct place p);
/* After a backward search. The nearest place of a side, smallest name first; false: none has a path. */
bool nearest(const struct search *s, const struct m_side *side, struct place *out);
/* The next place on the way from @u to the side searched for: one hop nearer, smallest name first. */
struct place next_place(const struct search *s, struct place u, const struct m_side *to);

/* Is there any hop out of it (into it)? */
bool has_hop_out(const struct search *s, uint32_t vertex);
bool has_hop_in(const struct search *s, uint32_t vertex);

/* Of all constructs that open a hop, the first in the file; the others only for the hint. */
struct opening {
	const char *by;
	const struct source *src;
	struct span at;
	const char *others;		/* "channel rows (line 20)", or NULL */
	const char *ack_of;		/* the channel, if its acknowledgement alone opens the hop, or NULL */
};

struct opening opening_of(const struct model *m, struct place u, struct place v);

#endif
