/* SPDX-License-Identifier: Apache-2.0 */
/* The same as JSON, schema mica.explain/1 (docs/policy-tools.md). Keys are only ever added. */
#include <inttypes.h>

#include "../cli/json.h"
#include "explain.h"

static void head(FILE *out, const struct graph *g)
{
	fputs("{ \"schema\": \"mica.explain/1\", \"file\": ", out);
	json(out, graph_src(g)->path);
	fprintf(out, ", \"workflow\": \"%s\", \"ok\": true", g->m->name);
}

static void facts(FILE *out, const char *key, const struct facts *f)
{
	fprintf(out, ",\n    \"%s\": [", key);
	for (uint32_t i = 0; i < f->n; i++) {
		fputs(i ? ", { \"label\": " : "{ \"label\": ", out);
		json(out, f->v[i].label);
		fputs(", \"text\": ", out);
		json(out, f->v[i].text);
		if (f->v[i].line)
			fprintf(out, ", \"line\": %" PRIu32 " }", f->v[i].line);
		else
			fputs(", \"line\": null }", out);
	}
	fputc(']', out);
}

static void text(FILE *out, const char *key, const char *s)
{
	fprintf(out, ", \"%s\": ", key);
	if (s)
		json(out, s);
	else
		fputs("null", out);
}

/* Names of the vertices that an edge joins with @v, each once. */
static void names(FILE *out, const struct graph *g, const char *key, uint32_t v, bool in)
{
	const struct indices *e = in ? &g->in[v] : &g->out[v];
	bool *seen = graph_set(g);
	const char *sep = "";

	fprintf(out, ",\n    \"%s\": [", key);
	for (uint32_t i = 0; i < e->n; i++)
		seen[in ? g->edges.v[e->v[i]].from : g->edges.v[e->v[i]].to] = true;
	for (uint32_t i = 0; i < g->n; i++)
		if (seen[i]) {
			fprintf(out, "%s\"%s\"", sep, graph_name(g, i));
			sep = ", ";
		}
	fputc(']', out);
}

static void reached(FILE *out, const struct graph *g, const char *key, uint32_t v, bool backwards)
{
	bool *seen = graph_set(g);
	const char *sep = "";

	fprintf(out, ",\n    \"%s\": [", key);
	graph_reach(g, v, NULL, backwards, seen);
	for (uint32_t i = 0; i < g->n; i++)
		if (seen[i] && i != v) {
			fprintf(out, "%s\"%s\"", sep, graph_name(g, i));
			sep = ", ";
		}
	fputc(']', out);
}

static const char *yes(bool b)
{
	return b ? "true" : "false";
}

static void vertex(FILE *out, const struct graph *g, uint32_t v)
{
	struct role_words w;

	if (v == g->host)
		words_host(g, &w);
	else
		words_role(g, v, &w);
	fprintf(out, "{ \"name\": \"%s\"", w.name);
	text(out, "doc", w.doc);
	text(out, "author", w.author);
	text(out, "runs", w.runs);
	if (v != g->host) {
		const struct m_role *r = &g->m->roles.v[v];

		fprintf(out, ",\n    \"image\": \"%s\", \"memory\": %" PRIu64 ", \"vcpus\": %u, \"linux\": %s, \"restart\": %s, "
			"\"mute\": %s, \"confined\": %s, \"declassifies\": %s",
			r->image == IMAGE_ANY ? "any" : r->image == IMAGE_HASH ? "measurement" : "file", r->memory, r->vcpus,
			yes(r->linux_guest), yes(r->restart), yes(role_is_mute(r)), yes(role_is_confined(r)), yes(r->declassifies));
	}
	facts(out, "takes", &w.takes);
	facts(out, "gives", &w.gives);
	facts(out, "opens", &w.opens);
	facts(out, "reach", &w.reach);
	names(out, g, "influences", v, false);
	reached(out, g, "influences_in_the_end", v, false);
	names(out, g, "influenced_by", v, true);
	reached(out, g, "influenced_by_in_the_end", v, true);
	text(out, "residual", w.residual);
	fputs(" }", out);
}

static void channel(FILE *out, const struct graph *g, uint32_t c)
{
	const struct m_channel *ch = &g->m->channels.v[c];
	const struct indices *side[2] = { &ch->writers, &ch->readers };
	static const char *const key[2] = { "writers", "readers" };

	fprintf(out, "{ \"name\": \"%s\", \"size\": %" PRIu64 ", \"two_way\": %s, \"ack\": %s, \"signal\": %s, \"keep\": %s, "
		"\"line\": %" PRIu32, ch->name, ch->size, yes(ch->two_way), yes(ch->ack), yes(ch->signal), yes(ch->keep),
		graph_item_line(ch->item));
	text(out, "doc", graph_doc(g, ch->item));
	for (int s = 0; s < 2; s++) {
		fprintf(out, ", \"%s\": [", key[s]);
		for (uint32_t i = 0; i < side[s]->n; i++)
			fprintf(out, "%s\"%s\"", i ? ", " : "", graph_name(g, side[s]->v[i]));
		fputc(']', out);
	}
	fputs(" }", out);
}

void explain_all_json(FILE *out, const struct graph *g)
{
	head(out, g);
	text(out, "doc", words_workflow_doc(g));
	fputs(",\n  \"roles\": [", out);
	for (uint32_t i = 0; i < g->n; i++) {
		fputs(i ? ",\n  " : "\n  ", out);
		vertex(out, g, i);
	}
	fputs("],\n  \"channels\": [", out);
	for (uint32_t i = 0; i < g->m->channels.n; i++) {
		fputs(i ? ",\n  " : "\n  ", out);
		channel(out, g, i);
	}
	fputs("],\n  \"claims\": [", out);
	for (uint32_t i = 0; i < g->p->verdicts.n; i++) {
		const struct verdict *v = &g->p->verdicts.v[i];

		fprintf(out, "%s\n  { \"line\": %" PRIu32 ", \"holds\": %s", i ? "," : "", graph_item_line(v->claim->item),
			yes(v->holds));
		text(out, "file", v->claim->item->src->path);
		text(out, "role", v->claim->role == NO_ROLE ? NULL : g->m->roles.v[v->claim->role].name);
		text(out, "text", graph_text(g, v->claim->item->src, v->claim->item->at));
		fputs(" }", out);
	}
	fputs("] }\n", out);
}

void explain_place_json(FILE *out, const struct graph *g, struct place p)
{
	head(out, g);
	fputs(p.channel ? ",\n  \"channels\": [" : ",\n  \"roles\": [", out);
	if (p.channel)
		channel(out, g, p.i);
	else
		vertex(out, g, p.i);
	fputs("] }\n", out);
}

static void hop(FILE *out, const struct hop *h, bool further)
{
	fprintf(out, "%s{ \"from\": \"%s\", \"to\": \"%s\", \"by\": \"%s\"", further ? ", " : "", h->from, h->to, h->by);
	text(out, "file", h->src->path);
	fprintf(out, ", \"line\": %" PRIu32 " }", source_line(h->src, h->at.begin));
}

void explain_pair_json(FILE *out, const struct graph *g, struct place from, struct place to)
{
	struct ways ways;

	explain_ways(g, from, to, &ways);
	head(out, g);
	fprintf(out, ", \"from\": \"%s\", \"to\": \"%s\", \"reaches\": %s", graph_place_name(g, from), graph_place_name(g, to),
		yes(ways.leading != 0));
	text(out, "why_not", ways.why_not);
	fputs(",\n  \"ways\": [", out);
	for (uint32_t i = 0; i < ways.n; i++) {
		const struct way *w = &ways.v[i];

		fprintf(out, "%s\n  { \"by\": \"%s\", \"line\": %" PRIu32 ", \"leads\": %s, \"path\": [", i ? "," : "", w->by,
			source_line(w->src, w->at.begin), yes(w->leads));
		for (uint32_t k = 0; k < w->hops.n; k++)
			hop(out, &w->hops.v[k], k != 0);
		fputs("] }", out);
	}
	fputs("] }\n", out);
}
