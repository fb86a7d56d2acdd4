/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers for the script: vertices are numbered as in the graph, elements of the picture by their ids. No text of the policy. */
#include <inttypes.h>

#include "report.h"

static void set(FILE *out, const struct graph *g, const char *key, const bool *in)
{
	const char *sep = "";

	fprintf(out, ", \"%s\": [", key);
	for (uint32_t i = 0; i < g->n; i++)
		if (in[i]) {
			fprintf(out, "%s%" PRIu32, sep, i);
			sep = ", ";
		}
	fputc(']', out);
}

static void edges(FILE *out, const struct graph *g)
{
	fputs("\"edges\": [", out);
	for (uint32_t i = 0; i < g->edges.n; i++)
		fprintf(out, "%s[%" PRIu32 ", %" PRIu32 "]", i ? ", " : "", g->edges.v[i].from, g->edges.v[i].to);
	fputc(']', out);
}

static char row_of(enum hop_kind kind)
{
	static const char rows[] = { [HOP_CHANNEL] = 'c', [HOP_ACK] = 'c', [HOP_GATE] = 'g', [HOP_RETURN] = 'g',
				     [HOP_WINDOW] = 'w', [HOP_RIGHT] = 'r', [HOP_IMAGE] = 'i' };

	return rows[kind];
}

/* Which edges a line of the picture stands for, and which row of the table tells about it. */
static void lines(FILE *out, const struct picture *pic)
{
	fputs(",\n\"lines\": [", out);
	for (uint32_t i = 0; i < pic->lines.n; i++) {
		const struct line *l = &pic->lines.v[i];

		fprintf(out, "%s{ \"row\": \"wire-%c%" PRIu32 "\", \"edges\": [", i ? ", " : "", row_of(l->kind), l->index);
		for (uint32_t k = 0; k < l->edges.n; k++)
			fprintf(out, "%s%" PRIu32, k ? ", " : "", l->edges.v[k]);
		fputs("] }", out);
	}
	fputc(']', out);
}

static void claim(FILE *out, const struct report *r, const struct verdict *v)
{
	const struct graph *g = r->g;
	bool *via = graph_set(g), *ends = graph_set(g);
	struct claim_proof proof;
	const struct m_side b = { .roles = v->claim->b.roles, .host = v->claim->b.host };

	words_proof(g, v->claim, &proof);
	for (uint32_t i = 0; i < v->claim->via.n; i++)
		via[v->claim->via.v[i]] = true;
	graph_starts(g, &b, NULL, ends);
	fprintf(out, "{ \"holds\": %s", v->holds ? "true" : "false");
	set(out, g, "inside", proof.inside);
	set(out, g, "via", via);
	set(out, g, "target", ends);
	fputs(", \"exits\": [", out);
	for (uint32_t i = 0; i < proof.exits.n; i++)
		fprintf(out, "%s%" PRIu32, i ? ", " : "", proof.exits.v[i]);
	fputs("], \"path\": [", out);
	for (uint32_t k = 0, n = 0; k < v->path.n; k++)
		for (uint32_t i = 0; i < g->edges.n; i++)
			if (picture_is_hop(g, &g->edges.v[i], &v->path.v[k]))
				fprintf(out, "%s%" PRIu32, n++ ? ", " : "", i);
	fputs("] }", out);
}

void report_data(FILE *out, const struct report *r)
{
	const struct graph *g = r->g;
	bool *declassifies = graph_set(g);

	for (uint32_t i = 0; i < g->m->roles.n; i++)
		declassifies[i] = g->m->roles.v[i].declassifies;
	fputs("<script type=\"application/json\" id=\"data\">\n{ ", out);
	fprintf(out, "\"host\": %" PRIu32, g->host);
	set(out, g, "declassifies", declassifies);
	fputs(",\n", out);
	edges(out, g);
	lines(out, &r->pic);
	fputs(",\n\"claims\": [", out);
	for (uint32_t i = 0; i < g->p->verdicts.n; i++) {
		fputs(i ? ",\n" : "", out);
		claim(out, r, &g->p->verdicts.v[i]);
	}
	fputs("] }\n</script>\n", out);
}
