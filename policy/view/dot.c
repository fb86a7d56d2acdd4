/* SPDX-License-Identifier: Apache-2.0 */
/* The picture in Graphviz's language. Names of a policy are [a-z0-9_]; nothing else of it gets in but its path, escaped. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "picture.h"

/* Ink by construct, thin where only an answer flows. Classes let a page choose its own. */
static const struct { const char *class, *ink; bool thin; } inks[] = {
	[HOP_CHANNEL] = { "channel", "#1d4ed8", false }, [HOP_ACK] = { "ack", "#5b7bd5", true },
	[HOP_GATE] = { "gate", "#0f766e", false }, [HOP_RETURN] = { "return", "#4c9a93", true },
	[HOP_WINDOW] = { "window", "#b45309", false }, [HOP_RIGHT] = { "right", "#7c3aed", false },
	[HOP_IMAGE] = { "image", "#6b7280", false },
};

#define RED	"#dc2626"

static void print_quoted(FILE *out, const char *s)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	if (!f)
		return;
	print_safe(f, s, strlen(s));
	fclose(f);
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '"' || text[i] == '\\')
			fputc('\\', out);
		fputc(text[i], out);
	}
	free(text);
}

/* ---- nodes ---- */

static const char *what(const struct graph *g, const struct m_role *r)
{
	char size[24];

	return arena_printf(&g->p->arena, "%s, %s%s", r->image == IMAGE_ANY ? "unknown code" : "pinned",
			    size_text(size, r->memory, " "), r->linux_guest ? " linux" : "");
}

static void print_role(FILE *out, const struct picture *pic, uint32_t v)
{
	const struct m_role *r = &pic->g->m->roles.v[v];
	const struct m_claim *c = pic->only ? pic->only->claim : NULL;
	bool end = c && (has_index(&c->a.roles, v) || has_index(&c->b.roles, v)), via = c && has_index(&c->via, v);

	fprintf(out, "  r%" PRIu32 " [id=\"r%" PRIu32 "\" class=\"role%s%s%s%s%s\" tooltip=\"%s\"\n"
		"    label=<<b>%s</b><br/><font point-size=\"9\">%s</font>>\n    style=\"rounded,filled%s\" fillcolor=\"%s\"%s%s];\n", v, v,
		role_is_confined(r) ? " confined" : "", r->declassifies ? " declassifies" : "",
		r->image == IMAGE_ANY ? " unknown" : "", end ? " end" : "", via ? " via" : "", r->name, r->name, what(pic->g, r),
		r->image == IMAGE_ANY ? ",dashed" : "", role_is_confined(r) ? "#dbeafe" : "#ffffff",
		r->declassifies ? " peripheries=2" : "", end ? " penwidth=2.5" : via ? " color=\"#15803d\" penwidth=2" : "");
}

static void print_nodes(FILE *out, const struct picture *pic)
{
	const struct graph *g = pic->g;

	if (pic->shown[g->host])
		fprintf(out, "  host [id=\"host\" class=\"host\" tooltip=\"host\" label=<<b>host</b><br/><font point-size=\"9\">everything "
			"outside</font>>\n    style=filled fillcolor=\"#d4d4d8\"%s];\n",
			pic->only && (pic->only->claim->a.host || pic->only->claim->b.host) ? " penwidth=2.5" : "");
	for (uint32_t v = 0; v < g->m->roles.n; v++)
		if (pic->shown[v])
			print_role(out, pic, v);
}

static bool knot_used(const struct picture *pic, uint32_t c)
{
	const char *node = arena_printf(&pic->g->p->arena, "c%" PRIu32, c);

	if (pic->only && (has_index(&pic->only->claim->a.channels, c) || has_index(&pic->only->claim->b.channels, c)))
		return true;
	for (uint32_t i = 0; i < pic->lines.n; i++)
		if (strcmp(pic->lines.v[i].tail, node) == 0 || strcmp(pic->lines.v[i].head, node) == 0)
			return true;
	return false;
}

static void print_knots(FILE *out, const struct picture *pic)
{
	char size[24];

	for (uint32_t i = 0; i < pic->g->m->channels.n; i++) {
		const struct m_channel *c = &pic->g->m->channels.v[i];

		if (pic->knot[i] && knot_used(pic, i))
			fprintf(out, "  c%" PRIu32 " [id=\"c%" PRIu32 "\" class=\"knot\" tooltip=\"channel %s\" label=\"%s %s\" "
				"shape=box style=\"rounded,filled\" fillcolor=\"#eff6ff\" color=\"%s\" fontcolor=\"%s\" fontsize=9 "
				"height=0.2 margin=\"0.06,0.02\"];\n", i, i, c->name, c->name, size_text(size, c->size, " "),
				inks[HOP_CHANNEL].ink, inks[HOP_CHANNEL].ink);
	}
}

/* ---- lines ---- */

static void print_line(FILE *out, const struct picture *pic, uint32_t i)
{
	const struct line *l = &pic->lines.v[i];
	const char *ink = l->hop ? RED : inks[l->kind].ink, *label = l->label ? l->label : "";
	bool thin = inks[l->kind].thin;

	fprintf(out, "  %s -> %s [id=\"e%" PRIu32 "\" class=\"line %s%s\" tooltip=\"%s\" label=\"%s%s%s\" color=\"%s\" fontcolor=\"%s\"",
		l->tail, l->head, i, inks[l->kind].class, l->hop ? " hop" : "", pic->g->edges.v[l->edges.v[0]].by,
		l->hop ? l->hop : "", l->hop && *label ? "\\n" : "", label, ink, ink);
	fprintf(out, " penwidth=%s arrowsize=%s%s%s];\n", l->hop ? "2.6" : thin ? "0.6" : "1.4", thin ? "0.5" : "0.75",
		l->forth && l->back ? " dir=both" : l->back ? " dir=back" : "", thin ? " fontsize=8" : "");
}

static void print_residual(FILE *out, const struct picture *pic)
{
	for (uint32_t v = 0; v < pic->g->m->roles.n; v++)
		if (pic->shown[v] && pic->shown[pic->g->host])
			fprintf(out, "  host -> r%" PRIu32 " [class=\"line residual\" tooltip=\"residual: scheduling, exits, death\" style=dotted "
				"dir=both color=\"#71717a\" penwidth=0.9 arrowsize=0.5 constraint=false];\n", v);
}

static void print_caption(FILE *out, const struct picture *pic)
{
	const struct policy *p = pic->g->p;
	uint32_t held = 0;

	for (uint32_t i = 0; i < p->verdicts.n; i++)
		held += p->verdicts.v[i].holds;
	fputs("  label=\"", out);
	if (pic->only) {
		fprintf(out, "workflow %s, ", p->model.name);
		print_quoted(out, graph_claim_where(pic->g, pic->only->claim));
		fprintf(out, ": %s  (%s)\\l", graph_text(pic->g, pic->only->claim->item->src, pic->only->claim->item->at),
			pic->only->holds ? "holds" : "violated");
	} else {
		fprintf(out, "workflow %s: %" PRIu32 " of %" PRIu32 " claims hold\\l", p->model.name, held, p->verdicts.n);
	}
	fputs("double outline: trusted to release   filled: confined   dashed: unknown code   thin: acknowledgement, return", out);
	fprintf(out, "%s%s\\l\";\n", pic->residual ? "   dotted: residual" : "", held < p->verdicts.n ? "   red: violates a claim" : "");
}

void dot_print(FILE *out, const struct picture *pic, bool for_page)
{
	fputs("# ", out);
	print_safe(out, graph_src(pic->g)->path, strlen(graph_src(pic->g)->path));
	fprintf(out, "\ndigraph %s {\n  tooltip=\"", pic->g->m->name);
	print_quoted(out, graph_src(pic->g)->path);
	fprintf(out, "\";\n  rankdir=LR; ranksep=0.55; nodesep=0.3; labeljust=l; fontsize=10; fontname=\"Helvetica\"; %s\n"
		"  node [shape=box fontname=\"Helvetica\" fontsize=12 color=\"#3f3f46\" margin=\"0.14,0.07\"];\n"
		"  edge [fontname=\"Helvetica\" fontsize=9];\n", for_page ? "bgcolor=transparent;" : "bgcolor=white;");
	if (!for_page)
		print_caption(out, pic);
	print_nodes(out, pic);
	print_knots(out, pic);
	for (uint32_t i = 0; i < pic->lines.n; i++)
		print_line(out, pic, i);
	if (pic->residual)
		print_residual(out, pic);
	fputs("}\n", out);
}
