/* SPDX-License-Identifier: Apache-2.0 */
/* What each component may do, in words, as cards; the script copies one beside the picture. */
#include <inttypes.h>
#include <string.h>

#include "report.h"

static void facts(FILE *out, const struct facts *f)
{
	for (uint32_t i = 0; i < f->n; i++) {
		fputs("<li>", out);
		html_element(out, "b", NULL, f->v[i].label);
		fputc(' ', out);
		html(out, f->v[i].text);
		if (f->v[i].line)
			fprintf(out, " <span class=\"ln\">line %" PRIu32 "</span>", f->v[i].line);
		fputs("</li>\n", out);
	}
}

static void badges(FILE *out, const struct m_role *r)
{
	fputs("<p class=\"badges\">", out);
	if (role_is_confined(r))
		fputs("<span class=\"badge confined\">confined</span>", out);
	else if (role_is_mute(r))
		fputs("<span class=\"badge\">mute</span>", out);
	if (r->declassifies)
		fputs("<span class=\"badge declassifies\">trusted to release</span>", out);
	fputs(r->image == IMAGE_ANY ? "<span class=\"badge unknown\">unknown code</span>" : "<span class=\"badge\">pinned</span>", out);
	if (r->restart)
		fputs("<span class=\"badge\">restarts</span>", out);
	fputs("</p>\n", out);
}

static void card(FILE *out, const struct graph *g, uint32_t v)
{
	struct role_words w;

	if (v == g->host)
		words_host(g, &w);
	else
		words_role(g, v, &w);
	fprintf(out, "<article class=\"card\" id=\"card-%s\">\n", picture_node(g, v));
	html_element(out, "h3", NULL, w.name);
	if (v != g->host)
		badges(out, &g->m->roles.v[v]);
	if (w.doc)
		html_element(out, "p", "doc", w.doc);
	if (w.author)
		html_element(out, "p", "hint", w.author);
	fputs("<p>", out);
	html(out, w.runs);
	fputc(' ', out);
	html_element(out, "span", NULL, w.shape);
	fputc(' ', out);
	html(out, w.standing);
	fputs("</p>\n<ul>\n", out);
	facts(out, &w.takes);
	facts(out, &w.gives);
	facts(out, &w.opens);
	fputs("</ul>\n<ul class=\"reach\">\n", out);
	facts(out, &w.reach);
	fputs("<li><b>can be influenced by</b> ", out);
	html(out, w.influenced);
	fputs("</li>\n<li class=\"residual\"><b>the host still sees</b> ", out);
	html(out, w.residual);
	fputs("</li>\n</ul>\n</article>\n", out);
}

void report_roles(FILE *out, const struct report *r)
{
	fputs("<section id=\"components\">\n<h2>What each component may do</h2>\n<div class=\"cards\">\n", out);
	for (uint32_t v = 0; v < r->g->n; v++)
		card(out, r->g, v);
	fputs("</div>\n</section>\n", out);
}
