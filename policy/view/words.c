/* SPDX-License-Identifier: Apache-2.0 */
/* Sentences about one role: its code, its wires, what follows from them. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "words.h"

#define SPELLED_OUT	8			/* names in a list that could as well be "everybody else" */

#define TEXT(g, ...)	((const char *)arena_printf(&(g)->p->arena, __VA_ARGS__))

static const char *size_of(const struct graph *g, uint64_t bytes)
{
	char out[24];

	return TEXT(g, "%s", size_text(out, bytes, " "));
}

static void add_fact(const struct graph *g, struct facts *to, const char *label, const struct item *it, const char *text)
{
	*VEC_ADD(&g->p->arena, to) = (struct fact){ label, text, it ? graph_item_line(it) : 0 };
}

/* Names with commas, and a word before the last. */
struct names { FILE *f; char *text; size_t size; uint32_t n, left; const char *last; };

static void names_open(struct names *l, uint32_t n, const char *last)
{
	*l = (struct names){ .left = n, .last = last };
	l->f = open_memstream(&l->text, &l->size);
}

static void names_add(struct names *l, const char *name)
{
	l->left--;
	if (l->f)
		fprintf(l->f, "%s%s%s%s", l->n == 0 ? "" : l->left ? ", " : " ", l->n && !l->left ? l->last : "",
			l->n && !l->left ? " " : "", name);
	l->n++;
}

static const char *names_close(struct names *l, const struct graph *g)
{
	const char *s = "";

	if (l->f && fclose(l->f) == 0)
		s = arena_strndup(&g->p->arena, l->text, l->size);
	free(l->text);
	return l->n ? s : "nobody";
}

const char *words_list(const struct graph *g, const struct indices *v, const char *last)
{
	struct names l;

	names_open(&l, v->n, last);
	for (uint32_t i = 0; i < v->n; i++)
		names_add(&l, graph_name(g, v->v[i]));
	return names_close(&l, g);
}

const char *words_set(const struct graph *g, const bool *set, const char *last)
{
	struct names l;
	uint32_t n = 0;

	for (uint32_t i = 0; i < g->n; i++)
		n += set[i];
	names_open(&l, n, last);
	for (uint32_t i = 0; i < g->n; i++)
		if (set[i])
			names_add(&l, graph_name(g, i));
	return names_close(&l, g);
}

const char *words_side(const struct graph *g, const struct m_side *side, const char *last)
{
	struct names l;

	names_open(&l, side->roles.n + side->channels.n + side->host, last);
	for (uint32_t k = 0; k < side->roles.n; k++)
		names_add(&l, graph_name(g, side->roles.v[k]));
	for (uint32_t k = 0; k < side->channels.n; k++)
		names_add(&l, g->m->channels.v[side->channels.v[k]].name);
	if (side->host)
		names_add(&l, "host");
	return names_close(&l, g);
}

const char *words_workflow_doc(const struct graph *g)
{
	return graph_lines(g, &g->p->ast.doc);
}

/* Participants of a channel but the role itself. */
static const char *others(const struct graph *g, const struct indices *v, uint32_t role)
{
	struct indices out = { 0 };

	for (uint32_t i = 0; i < v->n; i++)
		if (v->v[i] != role)
			*VEC_ADD(&g->p->arena, &out) = v->v[i];
	return words_list(g, &out, "and");
}

/* ---- what it is ---- */

static const char *runs(const struct graph *g, const struct m_role *r)
{
	char hex[2 * 64 + 1];

	switch (r->image) {
	case IMAGE_FILE:
		return TEXT(g, "%s runs \"%s\", pinned: its measurement (sha%u) is taken when the policy is built.", r->name,
			    r->path, r->hash_size * 8);
	case IMAGE_HASH:
		for (unsigned int i = 0; i < r->hash_size; i++)
			sprintf(hex + 2 * i, "%02x", r->rim[i]);
		return TEXT(g, "%s runs the code that measures sha%u:%s, pinned.", r->name, r->hash_size * 8, hex);
	default:
		return TEXT(g, "%s runs unknown code (image any): the host chooses it.", r->name);
	}
}

static const char *standing(const struct graph *g, uint32_t role)
{
	const struct m_role *r = &g->m->roles.v[role];
	const char *way, *lines;
	struct names l;
	uint32_t n = 0;

	if (role_is_confined(r))
		way = "Confined: it has no window, and its exits carry nothing.";
	else if (role_is_mute(r))
		way = "Mute: its exits carry nothing, but it has a window.";
	else
		way = "It talks to the host.";
	if (!r->declassifies)
		return way;
	for (uint32_t k = 0; k < g->m->claims.n; k++)
		n += has_index(&g->m->claims.v[k].via, role);
	names_open(&l, n, "and");
	for (uint32_t k = 0; k < g->m->claims.n; k++)
		if (has_index(&g->m->claims.v[k].via, role))
			names_add(&l, graph_claim_where(g, &g->m->claims.v[k]));
	lines = names_close(&l, g);
	return n ? TEXT(g, "%s Trusted to release what it gets (%s).", way, lines) :
		       TEXT(g, "%s Declassifies, but no claim relies on it.", way);
}

/* ---- wires ---- */

static const char *of(const struct graph *g, const char *name)
{
	return TEXT(g, "%s'%s", name, name[strlen(name) - 1] == 's' ? "" : "s");
}

/* How the role's own code calls a wire, if it comes from a component. */
static const char *port(const struct graph *g, const char *name)
{
	return name ? TEXT(g, ", its port %s", name) : "";
}

static const char *port_in(const struct graph *g, const struct port_names *names, const struct indices *roles, uint32_t role)
{
	for (uint32_t i = 0; i < roles->n && i < names->n; i++)
		if (roles->v[i] == role)
			return port(g, names->v[i]);
	return "";
}

static void reads(const struct graph *g, uint32_t role, uint32_t c, struct role_words *w)
{
	const struct m_channel *ch = &g->m->channels.v[c];
	const char *who = others(g, &ch->writers, role);

	add_fact(g, &w->takes, "reads", ch->item, TEXT(g, "%s (%s), written by %s%s", ch->name, size_of(g, ch->size), who,
		 port_in(g, &ch->reader_ports, &ch->readers, role)));
	if (ch->ack)
		add_fact(g, &w->takes, "also writes", ch->item, TEXT(g, "%s acknowledgement page, read by %s", of(g, ch->name), who));
}

static void writes(const struct graph *g, uint32_t role, uint32_t c, struct role_words *w)
{
	const struct m_channel *ch = &g->m->channels.v[c];
	const char *who = others(g, &ch->readers, role);

	add_fact(g, &w->gives, "writes", ch->item, TEXT(g, "%s (%s), read by %s%s", ch->name, size_of(g, ch->size), who,
		 port_in(g, &ch->writer_ports, &ch->writers, role)));
	if (ch->ack)
		add_fact(g, &w->gives, "also reads", ch->item, TEXT(g, "%s, written by %s", of(g, ch->name), who));
}

static void gate(const struct graph *g, uint32_t role, const struct m_gate *t, struct facts *out)
{
	bool calls = t->caller == role;

	add_fact(g, out, calls ? "calls" : "serves", t->item,
		 TEXT(g, "%s (%u words in, %u and a status back), %s %s%s", t->name, t->args, t->results,
		      calls ? "served by" : "called by", graph_name(g, calls ? t->callee : t->caller),
		      port(g, calls ? t->caller_port : t->callee_port)));
}

static void window(const struct graph *g, const struct m_window *w, struct facts *out)
{
	add_fact(g, out, w->in && w->out ? "shares" : w->in ? "takes" : "gives", w->item,
		 TEXT(g, "window %s (%s) %s the host, plain to it%s", w->name, size_of(g, w->size),
		      w->in && w->out ? "with" : w->in ? "from" : "to", port(g, w->port)));
}

/* Which of them: the device with its size, the numbers. */
static const char *right_name(const struct graph *g, const struct attr *a)
{
	const char *s = a->word;

	if (strcmp(a->word, "mmio") == 0)
		return TEXT(g, "mmio %s (%s)", a->ref.name, size_of(g, graph_number(g, &a->num)));
	for (uint32_t i = 0; i < a->nums.n; i++)
		s = TEXT(g, "%s%s %" PRIu64, s, i ? "," : "", graph_number(g, &a->nums.v[i]));
	return s;
}

const char *words_right(const struct graph *g, const struct attr *right)
{
	static const struct { const char *word, *text; } rights[] = {
		{ "hostcall", "registers and an immediate pass to and from the host" },
		{ "psci", "its power calls and their arguments pass to the host, answers come back" },
		{ "timer", "the host sees when its timer is due, and may inject that interrupt" },
		{ "audit", "the host may read how many of its acts were refused" },
		{ "mmio", "addresses and values of accesses pass to and from the host" },
		{ "interrupts", "the host injects these and sees them handled" },
	};

	for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]); i++)
		if (strcmp(right->word, rights[i].word) == 0)
			return TEXT(g, "%s: %s", right_name(g, right), rights[i].text);
	return right->word;
}

static void wires(const struct graph *g, uint32_t role, struct role_words *w)
{
	const struct m_role *r = &g->m->roles.v[role];

	for (uint32_t i = 0; i < r->reads.n; i++)
		if (!g->m->channels.v[r->reads.v[i]].two_way)
			reads(g, role, r->reads.v[i], w);
	for (uint32_t i = 0; i < r->writes.n; i++) {
		const struct m_channel *ch = &g->m->channels.v[r->writes.v[i]];

		if (ch->two_way)
			add_fact(g, &w->opens, "shares", ch->item, TEXT(g, "%s (%s), read and written by it and %s%s", ch->name,
				 size_of(g, ch->size), others(g, &ch->readers, role), port_in(g, &ch->writer_ports, &ch->writers, role)));
		else
			writes(g, role, r->writes.v[i], w);
	}
	for (uint32_t i = 0; i < r->gates.n; i++)
		gate(g, role, &g->m->gates.v[r->gates.v[i]], &w->opens);
	for (uint32_t i = 0; i < r->windows.n; i++)
		window(g, &g->m->windows.v[r->windows.v[i]], &w->opens);
	for (uint32_t i = 0; r->control && i < r->control->attrs.n; i++)
		add_fact(g, &w->opens, "may", r->control, words_right(g, &r->control->attrs.v[i]));
	if (r->restart)
		add_fact(g, &w->opens, "may be", r->item,
			 "destroyed and filled again while its peers live (restart); they see its epoch go up");
}

/* ---- what follows ---- */

/* Neighbours by name, the rest after them; a rest that is everybody is not spelled out. */
static const char *influenced(const struct graph *g, uint32_t v, bool backwards)
{
	bool *direct = graph_set(g), *rest = graph_set(g);
	const struct indices *edges = backwards ? &g->in[v] : &g->out[v];
	uint32_t n = 0, all = 0;

	for (uint32_t i = 0; i < edges->n; i++)
		direct[backwards ? g->edges.v[edges->v[i]].from : g->edges.v[edges->v[i]].to] = true;
	graph_reach(g, v, NULL, backwards, rest);
	for (uint32_t i = 0; i < g->n; i++) {
		rest[i] = rest[i] && !direct[i] && i != v;
		n += rest[i];
		all += rest[i] || direct[i];
	}
	if (n == 0)
		return words_set(g, direct, "and");
	return TEXT(g, "%s; through them %s", words_set(g, direct, "and"),
		    n > SPELLED_OUT && all == g->n - 1 ? "everybody else" : words_set(g, rest, "and"));
}

static void influence(const struct graph *g, uint32_t v, struct facts *out)
{
	add_fact(g, out, "can influence", NULL, influenced(g, v, false));
}

static bool on_side(const struct graph *g, const struct m_side *s, uint32_t v)
{
	return v == g->host ? s->host : has_index(&s->roles, v);
}

/* What a claim says about one vertex of its left (or right) side. */
static void claim_fact(const struct graph *g, const struct verdict *vd, bool left, struct facts *out)
{
	const struct m_claim *c = vd->claim;
	const char *who = words_side(g, left ? &c->b : &c->a, "or");
	const char *without = c->via.n ? TEXT(g, " without passing %s", words_list(g, &c->via, "or")) : " at all";
	const char *where = graph_claim_where(g, c);

	if (vd->holds)
		add_fact(g, out, left ? "cannot reach" : "cannot be reached", NULL,
			 TEXT(g, "%s%s%s (%s)", left ? "" : "by ", who, without, where));
	else
		add_fact(g, out, left ? "should not reach" : "should not be reached", NULL,
			 TEXT(g, "%s%s%s, but that claim is violated (%s)", left ? "" : "by ", who, without, where));
}

static void claims(const struct graph *g, uint32_t v, struct facts *out)
{
	for (int left = 1; left >= 0; left--)
		for (uint32_t i = 0; i < g->p->verdicts.n; i++) {
			const struct verdict *vd = &g->p->verdicts.v[i];

			if (!vd->claim->must && on_side(g, left ? &vd->claim->a : &vd->claim->b, v))
				claim_fact(g, vd, left, out);
		}
}

static const char *residual(const struct graph *g, const struct m_role *r)
{
	bool rung = false;

	for (uint32_t i = 0; i < r->reads.n; i++)
		rung = rung || g->m->channels.v[r->reads.v[i]].signal;
	for (uint32_t i = 0; i < r->writes.n; i++) {
		const struct m_channel *c = &g->m->channels.v[r->writes.v[i]];

		rung = rung || (c->signal && (c->ack || c->two_way));
	}
	return TEXT(g, "when and how often it exits,%s that it died%s (residual)", rung ? " when it is rung," : "",
		    r->restart ? "; and chooses when it restarts" : "");
}

void words_role(const struct graph *g, uint32_t role, struct role_words *out)
{
	const struct m_role *r = &g->m->roles.v[role];

	*out = (struct role_words){ .name = r->name, .doc = graph_doc(g, r->item), .runs = runs(g, r) };
	if (r->component) {
		const char *doc = graph_lines(g, &r->component->ast.doc);

		out->author = TEXT(g, "component %s of %s%s%s", r->component->ast.workflow.name, r->component->src.path,
				   doc ? ": " : "", doc ? doc : "");
	}
	out->shape = TEXT(g, "%s, %u vCPU%s, %s.", size_of(g, r->memory), r->vcpus, r->vcpus == 1 ? "" : "s",
			  r->linux_guest ? "linux" : "native");
	out->standing = standing(g, role);
	wires(g, role, out);
	influence(g, role, &out->reach);
	claims(g, role, &out->reach);
	out->influenced = influenced(g, role, true);
	out->residual = residual(g, r);
}

void words_host(const struct graph *g, struct role_words *out)
{
	*out = (struct role_words){
		.name = "host", .shape = "", .standing = "Trusted by nobody.",
		.runs = "host is everything outside: kernel, VMM, network, disks, other workflows. What one part of it learns, "
			"all of it may.",
		.residual = "of every role: when and how often it exits, that it died; and chooses when each runs (residual)",
	};
	for (uint32_t i = 0; i < g->m->windows.n; i++)
		add_fact(g, &out->opens, "window", g->m->windows.v[i].item,
			 TEXT(g, "%s (%s) %s %s", g->m->windows.v[i].name, size_of(g, g->m->windows.v[i].size),
			      g->m->windows.v[i].in && g->m->windows.v[i].out ? "with" : g->m->windows.v[i].in ? "to" : "from",
			      graph_name(g, g->m->windows.v[i].role)));
	influence(g, g->host, &out->reach);
	claims(g, g->host, &out->reach);
	out->influenced = influenced(g, g->host, true);
}
