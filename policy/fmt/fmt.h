/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The formatter: text in, text out, no file. It works on tokens and the blanks between them, so that it keeps what
 * the parser forgets: comments, blank lines, order. Rules: docs/spec/policy-language.md section 8.
 *
 * tokens.c cuts the text, items.c knows where an item ends and what its columns are, layout.c makes rows of
 * them, rows.c aligns and prints.
 */
#ifndef MICA_FMT_H
#define MICA_FMT_H

#include "../compiler/lex.h"

/*
 * Format @text (of @path, for messages). False if it is no policy: *d says why. True: *out is text of *size bytes
 * in the arena of @d, NUL terminated, with the same tokens but for `;`.
 */
bool fmt_text(struct diags *d, const char *path, const char *text, size_t size, const char **out, size_t *out_size);

/* ---- tokens.c ---- */

struct fmt_comment {
	struct span at;			/* without blanks at its end */
	uint32_t blanks;		/* empty lines before it */
	bool trailing;			/* on the line of the token before */
	bool demoted;			/* `##` that was no doc comment and must not become one */
};

struct fmt_token {
	struct span at;
	enum token_kind kind;
	uint32_t comment, comments;	/* first and number of those before it */
	uint32_t blanks;		/* empty lines just before it */
	bool newline;			/* a line ended before it */
};

struct fmt_text {			/* a policy cut into tokens; the last one is TOK_END */
	struct arena *arena;
	struct source src;
	VEC_FIELDS(struct fmt_token);
	struct { VEC_FIELDS(struct fmt_comment); } comments;
};

/* Cut. False with diagnostics. Semicolons are gone, but for those that a meaning hangs on. */
bool fmt_cut(struct diags *d, const char *path, const char *text, size_t size, struct fmt_text *f);
bool fmt_is(const struct fmt_text *f, uint32_t token, const char *text);
/* Same tokens but for `;`, same comments? */
bool fmt_same(const struct fmt_text *a, const struct fmt_text *b);

/* ---- items.c ---- */

/* Statements that are alike are aligned with each other. */
enum fmt_like { LIKE_NOTHING, LIKE_NAMED, LIKE_REALM, LIKE_WIRE, LIKE_CONTROL, LIKE_CLAIM, LIKE_PORT, LIKE_PORT_WIRE };
enum fmt_place { IN_WORKFLOW, IN_COMPONENT, IN_REALM };

#define FMT_CELLS 8

struct fmt_item {
	enum fmt_like like;
	unsigned int columns;		/* how many cells are aligned; the others just follow */
	unsigned int n;
	struct { uint32_t begin, end; } cell[FMT_CELLS];	/* tokens; begin == end: empty column */
	uint32_t begin, end;		/* all of it */
	uint32_t body;			/* the `{` of a realm's body, or 0 */
};

/* The item that begins at token @at. False if there is none: *wrong is the token that does not fit. */
bool fmt_item(const struct fmt_text *f, enum fmt_place place, uint32_t at, struct fmt_item *out, uint32_t *wrong);
/* The token after the group that opens at @open ( `{` or `(` ), or 0 if it is never closed. */
uint32_t fmt_group_end(const struct fmt_text *f, uint32_t open);

/* ---- rows.c ---- */

struct fmt_row {
	uint32_t blanks;		/* empty lines before it */
	unsigned int indent, n, columns;
	const char *cell[FMT_CELLS];
	unsigned int wide;		/* bit c: two blanks before cell c */
	uint32_t run;			/* rows of one run share columns */
	const char *comment;		/* at the end, or NULL */
};

struct fmt_rows {
	struct arena *arena;
	VEC_FIELDS(struct fmt_row);
	uint32_t runs;
};

const char *fmt_print(const struct fmt_rows *rows, size_t *size);
unsigned int fmt_width(const char *s);	/* code points */

/* ---- layout.c ---- */

/* The rows of a policy. False if an item cannot be made out: an error is in *d. */
bool fmt_layout(struct diags *d, const struct fmt_text *f, struct fmt_rows *rows);

#endif
