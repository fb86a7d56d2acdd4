/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diagnostics: what is wrong, where, and what to do about it. Codes and wording are the
 * catalogue of docs/spec/policy-language.md. Passes add in any order; the list is sorted by
 * place once, before it is shown.
 */
#ifndef MICA_POLICY_DIAG_H
#define MICA_POLICY_DIAG_H

#include <stdbool.h>
#include <stdio.h>

#include "source.h"

enum severity { SEV_ERROR, SEV_WARNING };

struct diag_note {			/* a further place: "first declared here" */
	const struct source *src;
	struct span at;
	const char *text;
};

struct diag_hop {			/* one hop of a counterexample */
	const char *from, *to, *by;
	const struct source *src;
	struct span at;			/* the construct that opens it */
};

struct diag {
	char code[5];
	enum severity severity;
	const struct source *src;
	struct span at;
	uint32_t order;			/* of birth: ties of place */
	const char *message;
	struct { VEC_FIELDS(const char *); } hints;
	struct { VEC_FIELDS(struct diag_note); } notes;
	struct { VEC_FIELDS(struct diag_hop); } hops;
};

#define DIAG_MAX 1000			/* kept; the rest is only counted */

struct diags {
	struct arena *arena;
	VEC_FIELDS(struct diag *);
	uint32_t errors, warnings;
	uint32_t dropped;		/* beyond DIAG_MAX */
	struct diag spare;		/* where dropped ones are written */
};

struct diag *diag_error(struct diags *d, const char *code, const struct source *src,
			struct span at, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
struct diag *diag_warning(struct diags *d, const char *code, const struct source *src,
			  struct span at, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
void diag_hint(struct diags *d, struct diag *g, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void diag_note(struct diags *d, struct diag *g, const struct source *src, struct span at,
	       const char *text);

void diag_sort(struct diags *d);
/* Its message; warnings do not count. */
const char *diag_first_error(const struct diags *d);
/* --strict: every warning becomes an error. */
void diag_warnings_to_errors(struct diags *d);
/* All of them as text: place, message, excerpt, further places, hops, hints. */
void diag_print(const struct diags *d, FILE *out, bool colour);
/* Text for a terminal: control and direction-changing characters become '?'. */
void print_safe(FILE *out, const char *s, size_t n);
/* Source text with every run of blanks and comments as one blank. */
void print_text(FILE *out, const struct source *src, struct span at);

/* "64KiB" as written in source; out holds 24 bytes or more. */
const char *size_text(char *out, uint64_t bytes, const char *gap);
/* Edit distance, or @max + 1 as soon as it is larger. */
unsigned int edit_distance(const char *a, const char *b, unsigned int max);

#endif
