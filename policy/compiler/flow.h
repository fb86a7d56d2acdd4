/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The transitive flow graph and the claims over it. Nodes and edges are those of docs/spec/policy-language.md
 * section 4, read off the rights that the monitor sets. One search per claim (must: per target).
 */
#ifndef MICA_POLICY_FLOW_H
#define MICA_POLICY_FLOW_H

#include "model.h"

struct hop {
	const char *from, *to;
	const char *by;			/* "channel raw, ack" */
	struct span at;			/* the statement that opens it */
	const struct source *src;	/* its file */
	const char *ack_of;		/* the channel whose `ack` alone opens it, or NULL */
};

struct verdict {
	const struct m_claim *claim;
	bool holds;
	struct { VEC_FIELDS(struct hop); } path;	/* of a violated never claim; empty beyond HOPS_MAX altogether */
};

struct verdicts { VEC_FIELDS(struct verdict); };

/* Only if the model has no errors. Violations are P500, P501, P618 in m->diags; W903, W904 too. */
void flow_check(struct model *m, struct verdicts *out);

/* What opens a hop, for those who show the graph: vertices are roles by index, roles.n is the host. */
enum hop_kind { HOP_CHANNEL, HOP_ACK, HOP_GATE, HOP_RETURN, HOP_WINDOW, HOP_RIGHT, HOP_IMAGE };

struct flow_edge {
	uint32_t from, to;
	enum hop_kind kind;
	uint32_t index;			/* channel, gate, window; HOP_RIGHT: in control->attrs; HOP_IMAGE: the role */
	const char *by;			/* as in struct hop */
	struct span at;
	const struct source *src;	/* the file at is in */
};

struct flow_edges { VEC_FIELDS(struct flow_edge); };

/* Append every construct that opens the hop u -> v. */
void flow_between(const struct model *m, uint32_t u, uint32_t v, struct flow_edges *out);
/* For qsort(): as in the file; the policy's own statements before those of component files. */
int flow_edge_by_place(const void *x, const void *y);

/* Has the role no control right; no window either? */
bool role_is_mute(const struct m_role *r);
bool role_is_confined(const struct m_role *r);

#endif
