/* SPDX-License-Identifier: Apache-2.0 */
/* The words on paper: labels in a column, two columns where they fit. */
#include <inttypes.h>
#include <string.h>

#include "explain.h"

#define PAPER	132			/* columns */

static int widest_label(const struct facts *f, int least)
{
	for (uint32_t i = 0; i < f->n; i++)
		if ((int)strlen(f->v[i].label) > least)
			least = (int)strlen(f->v[i].label);
	return least;
}

static int widest_text(const struct facts *f)
{
	int most = 0;

	for (uint32_t i = 0; i < f->n; i++)
		if ((int)strlen(f->v[i].text) > most)
			most = (int)strlen(f->v[i].text);
	return most;
}

static void print_facts(FILE *out, const struct facts *f, int label)
{
	for (uint32_t i = 0; i < f->n; i++)
		fprintf(out, "  %-*s  %s\n", label, f->v[i].label, f->v[i].text);
}

/* What comes in on the left, what goes out on the right; below each other if that would be too wide. */
static void print_channels(FILE *out, const struct facts *in, const struct facts *o)
{
	int l = widest_label(in, 5), r = widest_label(o, 6), wide = widest_text(in);
	bool two = in->n && o->n && 2 + l + 2 + wide + 3 + r + 2 + widest_text(o) <= PAPER;

	if (!two) {
		print_facts(out, in, l > r ? l : r);
		print_facts(out, o, l > r ? l : r);
		return;
	}
	for (uint32_t i = 0; i < in->n || i < o->n; i++) {
		if (i < in->n)
			fprintf(out, "  %-*s  ", l, in->v[i].label);
		else
			fprintf(out, "  %*s  ", l, "");
		if (i < o->n)
			fprintf(out, "%-*s   %-*s  %s\n", wide, i < in->n ? in->v[i].text : "", r, o->v[i].label, o->v[i].text);
		else
			fprintf(out, "%s\n", in->v[i].text);
	}
}

static void print_doc(FILE *out, const char *doc)
{
	if (!doc)
		return;
	fputs("  ## ", out);
	print_safe(out, doc, strlen(doc));
	fputc('\n', out);
}

static void print_role(FILE *out, const struct role_words *w)
{
	print_safe(out, w->runs, strlen(w->runs));
	fprintf(out, "%s%s %s\n", *w->shape ? " " : "", w->shape, w->standing);
	print_doc(out, w->doc);
	if (w->author) {
		fputs("  from  ", out);
		print_safe(out, w->author, strlen(w->author));
		fputc('\n', out);
	}
	print_channels(out, &w->takes, &w->gives);
	print_facts(out, &w->opens, widest_label(&w->opens, 0));
	for (uint32_t i = 0; i < w->reach.n; i++)
		fprintf(out, "  %s%s%s\n", w->reach.v[i].label, strcmp(w->reach.v[i].label, "can influence") == 0 ? "  " : " ",
			w->reach.v[i].text);
	fprintf(out, "  the host still sees: %s\n", w->residual);
}

static void print_channel(FILE *out, const struct graph *g, uint32_t c)
{
	const struct m_channel *ch = &g->m->channels.v[c];
	const char *doc = graph_doc(g, ch->item);
	char size[24];

	fprintf(out, "%s is a channel: %s of protected memory that the host can neither read nor write (line %" PRIu32 ").\n",
		ch->name, size_text(size, ch->size, " "), graph_item_line(ch->item));
	print_doc(out, doc);
	if (ch->two_way)
		fprintf(out, "  read and written by  %s\n", words_list(g, &ch->writers, "and"));
	else
		fprintf(out, "  written by  %s\n  read by     %s\n", words_list(g, &ch->writers, "and"),
			words_list(g, &ch->readers, "and"));
	if (ch->ack)
		fprintf(out, "  ack: each reader has a page of its own that the writers read, a full reverse path\n");
	if (ch->signal)
		fprintf(out, "  signal: its participants may ring each other along it; the host sees that one wakes\n");
	if (ch->keep)
		fprintf(out, "  keep: its contents survive the restart of a participant\n");
}

void explain_place(FILE *out, const struct graph *g, struct place p)
{
	struct role_words w;

	if (p.channel) {
		print_channel(out, g, p.i);
		return;
	}
	if (p.i == g->host)
		words_host(g, &w);
	else
		words_role(g, p.i, &w);
	print_role(out, &w);
	if (p.i == g->host)
		fprintf(out, "  can be influenced by  %s\n", w.influenced);
}

static void print_claims(FILE *out, const struct graph *g)
{
	for (uint32_t i = 0; i < g->p->verdicts.n; i++) {
		const struct verdict *v = &g->p->verdicts.v[i];

		fprintf(out, "%s  %-8s  %2" PRIu32 "  %s", i ? "" : "\nclaims\n", v->holds ? "holds" : "VIOLATED",
			graph_item_line(v->claim->item), graph_text(g, v->claim->item->src, v->claim->item->at));
		if (v->claim->role != NO_ROLE)
			fprintf(out, "  (%s, required by %s)", v->claim->item->src->path, g->m->roles.v[v->claim->role].name);
		fputc('\n', out);
	}
}

void explain_all(FILE *out, const struct graph *g)
{
	const struct model *m = g->m;

	fprintf(out, "workflow %s: %" PRIu32 " role%s, %" PRIu32 " channel%s, %" PRIu32 " window%s, %" PRIu32 " gate%s\n", m->name,
		m->roles.n, m->roles.n == 1 ? "" : "s", m->channels.n, m->channels.n == 1 ? "" : "s",
		m->windows.n, m->windows.n == 1 ? "" : "s", m->gates.n, m->gates.n == 1 ? "" : "s");
	print_doc(out, words_workflow_doc(g));
	for (uint32_t i = 0; i < m->roles.n; i++) {
		fputc('\n', out);
		explain_place(out, g, (struct place){ false, i });
	}
	print_claims(out, g);
}

/* ---- two places ---- */

static void print_way(FILE *out, const struct graph *g, const struct way *w)
{
	int pair = 0, by = 0;

	fprintf(out, "  %s (%s)\n", w->by, graph_where(g, w->src, w->at));
	for (uint32_t i = 0; i < w->hops.n; i++) {
		int p = (int)(strlen(w->hops.v[i].from) + 4 + strlen(w->hops.v[i].to)), b = (int)strlen(w->hops.v[i].by);

		pair = p > pair ? p : pair;
		by = b > by ? b : by;
	}
	for (uint32_t i = 0; i < w->hops.n; i++) {
		const struct hop *h = &w->hops.v[i];

		fprintf(out, "    hop %" PRIu32 "  %s -> %-*s  %-*s  %s\n", i + 1, h->from,
			pair - 4 - (int)strlen(h->from), h->to, by, h->by, graph_where(g, h->src, h->at));
	}
}

void explain_pair(FILE *out, const struct graph *g, struct place from, struct place to)
{
	const char *a = graph_place_name(g, from), *b = graph_place_name(g, to);
	struct ways ways;

	explain_ways(g, from, to, &ways);
	if (ways.leading == 0) {
		fprintf(out, "%s cannot influence %s: %s.\n", a, b, ways.why_not);
		return;
	}
	fprintf(out, "%s can influence %s; %" PRIu32 " of %" PRIu32 " way%s out of it lead%s there:\n", a, b, ways.leading, ways.n,
		ways.n == 1 ? "" : "s", ways.leading == 1 ? "s" : "");
	for (uint32_t i = 0; i < ways.n; i++)
		if (ways.v[i].leads)
			print_way(out, g, &ways.v[i]);
	for (uint32_t i = 0; i < ways.n; i++)
		if (!ways.v[i].leads)
			fprintf(out, "  %s (%s) leads no further than %s\n", ways.v[i].by, graph_where(g, ways.v[i].src, ways.v[i].at),
				ways.v[i].to);
}
