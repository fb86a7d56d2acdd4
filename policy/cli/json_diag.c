/* SPDX-License-Identifier: Apache-2.0 */
/* Diagnostics as JSON: the form that mica.check/1 promises, and every other command uses. */
#include <inttypes.h>

#include "../compiler/diag.h"
#include "cli.h"
#include "json.h"

static void json_place(FILE *out, const struct source *src, struct span at)
{
	fputs("\"file\": ", out);
	json(out, src->path);
	fprintf(out, ", \"line\": %" PRIu32 ", \"col\": %" PRIu32, source_line(src, at.begin),
		source_column(src, at.begin));
}

static void json_diag(FILE *out, const struct diag *g)
{
	fprintf(out, "{ \"code\": \"%s\", \"severity\": \"%s\", ", g->code,
		g->severity == SEV_ERROR ? "error" : "warning");
	json_place(out, g->src, g->at);
	fprintf(out, ", \"end_line\": %" PRIu32 ", \"end_col\": %" PRIu32 ", \"message\": ",
		source_line(g->src, g->at.end), source_column(g->src, g->at.end));
	json(out, g->message);
	fputs(", \"hints\": [", out);
	for (uint32_t i = 0; i < g->hints.n; i++) {
		fputs(i ? ", " : "", out);
		json(out, g->hints.v[i]);
	}
	fputs("], \"related\": [", out);
	for (uint32_t i = 0; i < g->notes.n; i++) {
		fputs(i ? ", { " : "{ ", out);
		json_place(out, g->notes.v[i].src, g->notes.v[i].at);
		fputs(", \"message\": ", out);
		json(out, g->notes.v[i].text);
		fputs(" }", out);
	}
	fputs("] }", out);
}

static uint32_t json_rows(FILE *out, const struct diags *d, uint32_t before)
{
	for (uint32_t i = 0; i < d->n; i++) {
		fputs(before + i ? ",\n    " : "\n    ", out);
		json_diag(out, d->v[i]);
	}
	return before + d->n;
}

void json_diags(FILE *out, const struct diags *d)
{
	json_diags_of_two(out, d, NULL);
}

void json_diags_of_two(FILE *out, const struct diags *a, const struct diags *b)
{
	uint32_t n;

	fputc('[', out);
	n = json_rows(out, a, 0);
	if (b)
		json_rows(out, b, n);
	fputc(']', out);
}
