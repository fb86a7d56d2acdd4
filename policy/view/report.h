/* SPDX-License-Identifier: Apache-2.0 */
/* `mica report`: one page that stands alone. Each part is a section of it. */
#ifndef MICA_VIEW_REPORT_H
#define MICA_VIEW_REPORT_H

#include "../verifier/verify.h"
#include "html.h"
#include "picture.h"
#include "words.h"

struct report_token {
	const char *file;
	bool accepted, challenged;	/* was a challenge given to compare with? */
	struct verify_result result;
};

struct report {
	const struct graph *g;
	struct picture pic;
	const char *svg;
	size_t svg_size;
	const struct built *built;	/* only if there are tokens */
	const struct report_token *tokens;
	uint32_t n_tokens;
};

void report_print(FILE *out, const struct report *r);

/* Sections. */
void report_roles(FILE *out, const struct report *r);
void report_claims(FILE *out, const struct report *r);
void report_wires(FILE *out, const struct report *r);
void report_residual(FILE *out, const struct report *r);
void report_tokens(FILE *out, const struct report *r);
/* What the script has to know: edges, lines, claims. JSON in a script element. */
void report_data(FILE *out, const struct report *r);
/* Graphviz's SVG as part of a page: no prolog, no namespaces, no titles made of node names. */
void report_svg(FILE *out, const char *svg, size_t size);

/* assets.c: report.css and report.js */
extern const char report_css[], report_js[];

#endif
