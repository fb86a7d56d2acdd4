/* SPDX-License-Identifier: Apache-2.0 */
/* Claims with what proves or refutes them: a reader can follow each with a finger. */
#include <inttypes.h>
#include <string.h>

#include "report.h"

#define PATHS_SHOWN	12

static void hop_row(FILE *out, const struct graph *g, const char *from, const char *to, const char *by, const struct source *src,
		    struct span at)
{
	fputs("<tr><td>", out);
	html(out, from);
	fputs(" &#8594; ", out);
	html(out, to);
	fputs("</td><td>", out);
	html(out, by);
	fputs("</td><td>", out);
	html(out, graph_where(g, src, at));
	fputs("</td><td>", out);
	html_element(out, "code", NULL, graph_text(g, src, at));
	fputs("</td></tr>\n", out);
}

static void hops(FILE *out, const struct graph *g, const struct hop *v, uint32_t n)
{
	fputs("<div class=\"scroll\"><table class=\"hops\">\n", out);
	for (uint32_t i = 0; i < n; i++)
		hop_row(out, g, v[i].from, v[i].to, v[i].by, v[i].src, v[i].at);
	fputs("</table></div>\n", out);
}

static void never_holds(FILE *out, const struct report *r, const struct m_claim *c)
{
	const struct graph *g = r->g;
	struct claim_proof proof;

	words_proof(g, c, &proof);
	fputs("<p>", out);
	html(out, c->via.n ? "Without passing " : "At most ");
	if (c->via.n)
		html(out, words_list(g, &c->via, "or"));
	html(out, c->via.n ? " one gets from the left side to no more than " : "the left side gets to ");
	html_element(out, "b", NULL, words_set(g, proof.inside, "and"));
	html(out, proof.exits.n ? ". Every edge out of that set leads into an exception:" :
		  ". No edge leaves that set.");
	fputs("</p>\n", out);
	if (proof.exits.n == 0)
		return;
	fputs("<div class=\"scroll\"><table class=\"hops\">\n", out);
	for (uint32_t i = 0; i < proof.exits.n; i++) {
		const struct flow_edge *e = &g->edges.v[proof.exits.v[i]];

		hop_row(out, g, graph_name(g, e->from), graph_name(g, e->to), e->by, e->src, e->at);
	}
	fputs("</table></div>\n", out);
}

/* What the checker said about it. */
static void diagnosis(FILE *out, const struct report *r, const struct verdict *v)
{
	const struct diags *d = &r->g->p->diags;

	for (uint32_t i = 0; i < d->n; i++) {
		const struct diag *g = d->v[i];

		if (g->severity != SEV_ERROR || g->src != v->claim->item->src ||
		    g->at.begin != v->claim->item->at.begin)
			continue;
		fputs("<p>", out);
		html(out, g->message);
		fputs("</p>\n", out);
		for (uint32_t k = 0; k < g->hints.n; k++) {
			fputs("<p class=\"hint\">", out);
			html(out, g->hints.v[k]);
			fputs("</p>\n", out);
		}
	}
}

static uint32_t places_of(const struct graph *g, const struct m_side *s, struct place *out)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->roles.n; i++)
		out[n++] = (struct place){ false, s->roles.v[i] };
	for (uint32_t i = 0; i < s->channels.n; i++)
		out[n++] = (struct place){ true, s->channels.v[i] };
	if (s->host)
		out[n++] = (struct place){ false, g->host };
	return n;
}

/* One open path for each pair; never through the host, which may refuse to carry. */
static void must_holds(FILE *out, const struct report *r, const struct m_claim *c)
{
	const struct graph *g = r->g;
	size_t most = (g->n + g->m->channels.n) * sizeof(struct place);
	struct place *a = arena_alloc(&g->p->arena, most), *b = arena_alloc(&g->p->arena, most);
	uint32_t na = places_of(g, &c->a, a), nb = places_of(g, &c->b, b), shown = 0;
	bool *no_host = graph_set(g);

	no_host[g->host] = !c->a.host && !c->b.host;
	fputs("<p>There is an open path that does not depend on the host:</p>\n", out);
	for (uint32_t i = 0; i < na && shown < PATHS_SHOWN; i++)
		for (uint32_t k = 0; k < nb && shown < PATHS_SHOWN; k++) {
			struct hops path = { 0 };

			if (graph_path(g, a[i], b[k], no_host, &path))
				hops(out, g, path.v, path.n);
			shown++;
		}
	if (na * nb > shown)
		fprintf(out, "<p>and one for each of the other %" PRIu32 " pairs</p>\n", na * nb - shown);
}

static void one(FILE *out, const struct report *r, uint32_t i)
{
	const struct verdict *v = &r->g->p->verdicts.v[i];

	fprintf(out, "<article class=\"claim %s\" id=\"claim-%" PRIu32 "\">\n<h3><span class=\"badge %s\">%s</span> <code>",
		v->holds ? "holds" : "violated", i, v->holds ? "good" : "bad", v->holds ? "holds" : "violated");
	html(out, graph_text(r->g, v->claim->item->src, v->claim->item->at));
	fputs("</code> ", out);
	html_element(out, "span", "ln", graph_claim_where(r->g, v->claim));
	fputs("</h3>\n", out);
	if (!v->holds)
		diagnosis(out, r, v);
	if (!v->holds && v->path.n)
		hops(out, r->g, v->path.v, v->path.n);
	if (v->holds && v->claim->must)
		must_holds(out, r, v->claim);
	if (v->holds && !v->claim->must)
		never_holds(out, r, v->claim);
	if (!v->claim->must)
		fprintf(out, "<p><button type=\"button\" class=\"show\" data-claim=\"%" PRIu32 "\">Show in the graph</button></p>\n", i);
	fputs("</article>\n", out);
}

void report_claims(FILE *out, const struct report *r)
{
	fputs("<section id=\"claims\">\n<h2>Claims and their proofs</h2>\n", out);
	if (r->g->p->verdicts.n == 0)
		fputs("<p>The policy makes no claim.</p>\n", out);
	for (uint32_t i = 0; i < r->g->p->verdicts.n; i++)
		one(out, r, i);
	fputs("</section>\n", out);
}
