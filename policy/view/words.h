/* SPDX-License-Identifier: Apache-2.0 */
/* A role, in plain sentences: what `mica explain` prints and `mica report` shows. Nothing here knows paper or screen. */
#ifndef MICA_VIEW_WORDS_H
#define MICA_VIEW_WORDS_H

#include "graph.h"

struct fact {
	const char *label;		/* "reads" */
	const char *text;		/* "raw (64 KiB), written by ingest" */
	uint32_t line;			/* of the statement behind it; 0: of none */
};

struct facts { VEC_FIELDS(struct fact); };

struct role_words {
	const char *name, *doc;
	const char *author;		/* "component aligner of vendor/aligner.mica: ...", or NULL */
	const char *runs;		/* "redactor runs unknown code (image any): the host chooses it." */
	const char *shape;		/* "16 MiB, 1 vCPU, native." */
	const char *standing;		/* "Confined: it has no window, and its exits carry nothing." */
	struct facts takes, gives;	/* channels: what it reads and writes */
	struct facts opens;		/* two-way channels, gates, windows, control rights, restart */
	struct facts reach;		/* whom it can influence, what it cannot reach */
	const char *influenced;		/* by whom */
	const char *residual;		/* what the host still sees */
};

void words_role(const struct graph *g, uint32_t role, struct role_words *out);
void words_host(const struct graph *g, struct role_words *out);
const char *words_workflow_doc(const struct graph *g);

/* "a, b and c"; @last is the word before the last. "nobody" if empty. */
const char *words_list(const struct graph *g, const struct indices *v, const char *last);
const char *words_set(const struct graph *g, const bool *set, const char *last);
/* One side of a claim, channels included: "host or raw". */
const char *words_side(const struct graph *g, const struct m_side *side, const char *last);
/* What a control right means: "any host call: registers and an immediate, both ways". */
const char *words_right(const struct graph *g, const struct attr *right);

/*
 * Why a never claim holds: S is what its left side reaches without its exceptions, and every edge that leaves S goes
 * into one of them. Whoever doubts the proof only has to look at those edges.
 */
struct claim_proof {
	bool *inside;			/* S, by vertex */
	struct indices exits;		/* edges from S, and from source channels, into the exceptions */
};

void words_proof(const struct graph *g, const struct m_claim *c, struct claim_proof *out);

#endif
