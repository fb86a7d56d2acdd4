/* SPDX-License-Identifier: Apache-2.0 */
/* `mica diff`: what two policies grant, compared. */
#ifndef MICA_VIEW_DIFF_H
#define MICA_VIEW_DIFF_H

#include "match.h"

enum change_kind { CHANGE_FLOW, CHANGE_RIGHT, CHANGE_REACH, CHANGE_CLAIM, CHANGE_ROLE, CHANGE_IMAGE, CHANGE_SHAPE, CHANGE_NAME };

struct change {
	char sign;			/* + widens, - narrows, ~ neither */
	enum change_kind kind;
	const char *subject;		/* "redactor -> ingest" */
	const char *by;			/* "channel raw, ack (line 20)", or "" */
	const char *note;		/* "new right: ...", or "" */
	bool widens;			/* a + or a claim that got weaker */
	uint32_t order;
};

struct diff {
	struct pairing pairs;
	struct arena *arena;
	struct { VEC_FIELDS(struct change); } changes;
};

void diff_make(struct diff *d, const struct graph *old, const struct graph *new);
bool diff_widens(const struct diff *d);
void diff_print(FILE *out, const struct diff *d);
void diff_print_json(FILE *out, const struct diff *d);
const char *change_word(enum change_kind kind);

/* Parts of diff_make(). */
void diff_claims(struct diff *d);
void diff_reach(struct diff *d);
void diff_parts(struct diff *d);
struct change *diff_add(struct diff *d, char sign, enum change_kind kind, const char *subject, const char *by, const char *note);
/* Did the pair of new vertices (or, if @old, of old ones) get or lose an edge of its own? */
bool diff_edge_changed(const struct diff *d, uint32_t from, uint32_t to, bool old);

#endif
