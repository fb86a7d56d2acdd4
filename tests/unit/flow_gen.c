/* SPDX-License-Identifier: Apache-2.0 */
/* Random policies: see flow_gen.h. Statements are made one by one, then shuffled: their order never matters. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "flow_gen_parts.h"

const char *const place_names[PLACES] = { "mill", "ba", "zeta", "b", "alpha", "ink", "host", "raw", "aux", "out", "c9", "c1" };
const char *const file_names[FILES] = { "random.mica", "k/a.mica", "k/b.mica", "c.mica", "d.mica", "k/e.mica", "k/f.mica" };

static uint64_t state;

void gen_seed(uint64_t seed)
{
	state = 0x9e3779b97f4a7c15 ^ seed * 0x100000001b3;
}

unsigned int gen_pick(unsigned int n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned int)((state >> 11) % n);
}

bool chance(unsigned int percent) { return gen_pick(100) < percent; }

/* ---- text ---- */

void add(char *text, const char *fmt, ...)
{
	size_t len = strlen(text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text + len, 1024 - len, fmt, ap);
	va_end(ap);
}

void put(struct world *w, unsigned int file, const char *s)
{
	w->len[file] += (size_t)snprintf(w->text[file] + w->len[file], sizeof(w->text[file]) - w->len[file], "%s", s);
}

unsigned int line_of(const struct world *w, unsigned int file)
{
	unsigned int n = 1;

	for (const char *p = w->text[file]; *p; p++)
		n += *p == '\n';
	return n;
}

/* Any blank may be a line end or a comment. */
void put_scattered(struct world *w, unsigned int file, const char *s)
{
	bool scatter = chance(10);
	char one[2] = { 0 };

	for (; *s; s++) {
		one[0] = *s;
		put(w, file, *s == ' ' && scatter && chance(30) ? (chance(50) ? "\n\t" : " # { never x ~> }\n  ") : one);
	}
}

struct statement *statement(struct world *w)
{
	struct statement *s = &w->st[w->n_st++];

	memset(s, 0, sizeof(*s));
	return s;
}

struct opens *opens(struct statement *s, unsigned int from, unsigned int to, const char *fmt, const char *name)
{
	struct opens *o = &s->opens[s->n_opens++];

	o->from = from;
	o->to = to;
	snprintf(o->by, sizeof(o->by), fmt, name);
	return o;
}

/* ---- realms ---- */

static void put_pin(struct world *w, struct statement *s, unsigned int r)
{
	if (w->any[r])
		add(s->text, " image any");
	else if (w->buildable || chance(50))
		add(s->text, " measurement sha256:%064x", r + 1);
	else
		add(s->text, " image \"x.bin\"");
}

static void put_from(struct world *w, struct statement *s, unsigned int r)
{
	struct gen_component *c = &w->comp[w->component[r]];

	add(s->text, " from \"%s\" {", file_names[w->component[r]]);
	if (c->any && !w->any[r])
		put_pin(w, s, r);
	for (unsigned int i = 0; i < c->n_peers; i++)
		add(s->text, " peer q%u = %s", i, place_names[c->peers[r][i]]);
}

static void put_realm(struct world *w, unsigned int r)
{
	struct statement *s = statement(w);
	bool pair = r + 1 < w->roles && chance(15) && w->component[r] == w->component[r + 1];

	if (pair) {
		w->any[r + 1] = w->any[r];
		w->declassifies[r + 1] = w->declassifies[r];
		memcpy(w->comp[w->component[r]].peers[r + 1], w->comp[w->component[r]].peers[r], sizeof(w->comp[0].peers[0]));
	}
	add(s->text, "realm %s", place_names[r]);
	if (pair)
		add(s->text, ", %s", place_names[r + 1]);
	if (w->component[r]) {
		put_from(w, s, r);
	} else {
		add(s->text, " {");
		put_pin(w, s, r);
		add(s->text, " vcpus 4");
	}
	add(s->text, "%s }", w->declassifies[r] ? " declassifies" : "");
	for (unsigned int k = r; k <= r + pair; k++) {
		w->declared[k] = true;
		w->realm_of[k] = w->n_st - 1;
		w->place_in_realm[k] = k - r;
		if (w->any[k]) {
			w->edge[HOST][k] = true;
			opens(s, HOST, k, "%s", "image any")->file = (unsigned int)w->component[k];
		}
	}
}

static void plan_roles(struct world *w)
{
	for (unsigned int r = 0; r < w->roles; r++) {
		w->component[r] = chance(25) ? 1 + (int)(chance(70) ? r : gen_pick(r + 1)) : 0;
		w->any[r] = chance(30);
		if (w->component[r]) {
			struct gen_component *c = &w->comp[w->component[r]];

			if (!c->used) {
				c->used = true;
				c->any = chance(60);
				c->n_peers = gen_pick(3);
			}
			c->roles[r] = true;
			w->any[r] = c->any && (w->any[r] || chance(50));
			for (unsigned int i = 0; i < 2; i++)
				c->peers[r][i] = gen_pick(w->roles);
		}
		w->declassifies[r] = !w->any[r] && chance(50);
	}
}

/* ---- sets ---- */

static void put_sets(struct world *w)
{
	for (w->n_sets = 0; w->n_sets < gen_pick(3); w->n_sets++) {
		struct statement *s = statement(w);
		unsigned int n = 0;

		add(s->text, "set s%u = { ", w->n_sets);
		for (unsigned int r = 0; r < w->roles; r++)
			if (chance(40) || (r == w->roles - 1 && n == 0)) {
				w->set[w->n_sets][r] = true;
				add(s->text, "%s%s", n++ ? ", " : "", place_names[r]);
			}
		add(s->text, " }");
	}
}

/* A set all of whose members are in `in`, and none of a component if plain; -1. */
static int set_within(const struct world *w, const bool *in, bool plain)
{
	for (unsigned int k = 0; k < w->n_sets; k++) {
		bool ok = chance(60);

		for (unsigned int r = 0; r < w->roles; r++)
			ok = ok && (!w->set[k][r] || (in[r] && !(plain && w->component[r])));
		if (ok)
			return (int)k;
	}
	return -1;
}

/* ---- channels ---- */

static void put_side(struct world *w, struct statement *s, const bool *in, const char *dir, unsigned int channel,
		     const char *attrs)
{
	int set = set_within(w, in, true);
	unsigned int n = 0, all = set >= 0;
	bool braces;

	for (unsigned int i = 0; i < w->roles; i++)
		all += in[i] && !(set >= 0 && w->set[set][i]);
	braces = all > 1 || chance(50);
	add(s->text, braces ? "{ " : "");
	if (set >= 0)
		add(s->text, "%ss%d", n++ ? ", " : "", set);
	for (unsigned int i = 0; i < w->roles; i++) {
		if (!in[i] || (set >= 0 && w->set[set][i]))
			continue;
		add(s->text, "%s", n++ ? ", " : "");
		put_end(w, s, i, dir, channel, attrs);
	}
	add(s->text, braces ? " }" : "");
}

/* Two sides that connect somebody. On a one-way channel a role may stand on both. */
static void pick_sides(const struct world *w, bool *left, bool *right, bool two_way)
{
	unsigned int l, r;

	do {
		l = r = 0;
		for (unsigned int i = 0; i < w->roles; i++) {
			l += left[i] = chance(w->density);
			r += right[i] = chance(w->density) && !(two_way && left[i]) && (!left[i] || chance(20));
		}
	} while (l == 0 || r == 0 || (l == 1 && r == 1 && !memcmp(left, right, ROLES)));
}

static void channel_edges(struct world *w, struct statement *s, unsigned int c, const bool *writes, const bool *reads,
			  bool ack)
{
	const char *name = place_names[CHAN(c)];

	for (unsigned int i = 0; i < w->roles; i++) {
		if (writes[i]) {
			w->edge[i][CHAN(c)] = true;
			opens(s, i, CHAN(c), "channel %s", name);
			w->edge[ACK(c)][i] = ack;
		}
		if (reads[i]) {
			w->edge[CHAN(c)][i] = true;
			opens(s, CHAN(c), i, "channel %s", name);
			w->edge[i][ACK(c)] = ack;
		}
		for (unsigned int j = 0; j < w->roles; j++) {
			if (i != j && writes[i] && reads[j])
				opens(s, i, j, "channel %s", name);
			if (i != j && ack && reads[i] && writes[j])
				opens(s, i, j, "channel %s, ack", name);
		}
	}
}

static void put_channel(struct world *w, unsigned int c)
{
	bool left[ROLES] = { false }, right[ROLES] = { false }, two_way = chance(20);
	bool ack = !two_way && chance(40), signal = chance(40);
	const char *attrs = ack && signal ? " (ack, signal)" : ack ? " (ack)" : signal ? " (signal)" : "";
	struct statement *s = statement(w);

	pick_sides(w, left, right, two_way);
	add(s->text, chance(20) ? "channel %s PAGES " : "channel %s %uKiB ", place_names[CHAN(c)], 4 * (1 + gen_pick(4)));
	put_side(w, s, left, two_way ? "inout" : "out", c, attrs);
	add(s->text, two_way ? " <-> " : " -> ");
	put_side(w, s, right, two_way ? "inout" : "in", c, attrs);
	add(s->text, "%s", attrs);
	for (unsigned int i = 0; two_way && i < w->roles; i++)
		left[i] = right[i] = left[i] || right[i];
	channel_edges(w, s, c, left, right, ack);
}

/* ---- windows, gates, rights ---- */

static void put_window(struct world *w, unsigned int n)
{
	unsigned int r = gen_pick(w->roles), kind = gen_pick(3);
	struct statement *s = statement(w);
	char name[16];

	snprintf(name, sizeof(name), "w%u", n);
	add(s->text, "window %s %uKiB %s%s", name, 4 * (1 + gen_pick(2)), kind == 0 ? "host -> " : "", place_names[r]);
	if (w->component[r])
		put_port(w, s, r, kind == 0 ? "in" : kind == 1 ? "out" : "inout", "window ", true, "");
	add(s->text, kind == 0 ? "" : kind == 1 ? " -> host" : " <-> host");
	if (kind != 1) {
		w->edge[HOST][r] = true;
		opens(s, HOST, r, "window %s", name);
	}
	if (kind != 0) {
		w->edge[r][HOST] = true;
		opens(s, r, HOST, "window %s", name);
	}
}

static void put_gate(struct world *w, unsigned int n)
{
	unsigned int a = gen_pick(w->roles), b = gen_pick(w->roles), args = gen_pick(9), results = gen_pick(9);
	char name[16], words[40];
	struct statement *s;

	if (a == b || w->serves[b] == 4)
		return;
	w->serves[b]++;
	w->gates++;
	s = statement(w);
	snprintf(name, sizeof(name), "g%u", n);
	snprintf(words, sizeof(words), " (args %u, results %u)", args, results);
	add(s->text, "gate %s %s", name, place_names[a]);
	if (w->component[a])
		put_port(w, s, a, "", "gate calls", false, " (args 8, results 8)");
	add(s->text, " => %s", place_names[b]);
	if (w->component[b])
		put_port(w, s, b, "", "gate serves", false, words);
	add(s->text, "%s", words);
	w->edge[a][b] = w->edge[b][a] = true;
	opens(s, a, b, "gate %s", name);
	opens(s, b, a, "gate %s, return", name);
}

static void put_control(struct world *w, unsigned int r)
{
	static const struct { const char *text, *out, *in; } rights[] = {
		{ "hostcall", "hostcall", "hostcall" }, { "audit", "audit", NULL }, { "hostcall, audit", "hostcall", "hostcall" },
		{ "audit, hostcall", "audit", "hostcall" }, { "psci", "psci", "psci" }, { "timer", "timer", "timer" },
		{ "mmio uart%u 4KiB", "mmio", "mmio" }, { "interrupts (40)", "interrupts", "interrupts" },
		{ "audit, interrupts (32, 41)", "audit", "interrupts" },
	};
	unsigned int k = gen_pick(9);
	struct statement *s = statement(w);

	w->devices += k == 6;
	w->intids += k == 7 ? 1 : k == 8 ? 2 : 0;
	add(s->text, chance(70) ? "control %s { " : "control { %s } { ", place_names[r]);
	if (k == 6)
		add(s->text, "mmio uart%u 4KiB%s }", r, chance(50) ? " at 0x4000001000" : "");
	else
		add(s->text, "%s }", rights[k].text);
	w->edge[r][HOST] = true;
	opens(s, r, HOST, "control %s", rights[k].out);
	if (rights[k].in) {
		w->edge[HOST][r] = true;
		opens(s, HOST, r, "control %s", rights[k].in);
	}
}

/* ---- claims ---- */

static void put_terms(const struct world *w, struct statement *s, const bool *side)
{
	int set = set_within(w, side, false);
	unsigned int n = 0, all = set >= 0;

	for (unsigned int i = 0; i < PLACES; i++)
		all += side[i] && !(set >= 0 && i < ROLES && w->set[set][i]);
	add(s->text, all > 1 || chance(30) ? "{ " : "");
	all = s->text[strlen(s->text) - 2] == '{';
	if (set >= 0)
		add(s->text, "%ss%d", n++ ? ", " : "", set);
	for (unsigned int i = 0; i < PLACES; i++)
		if (side[i] && !(set >= 0 && i < ROLES && w->set[set][i]))
			add(s->text, "%s%s", n++ ? ", " : "", place_names[i]);
	add(s->text, all ? " }" : "");
}

static bool pick_terms(const struct world *w, bool *side)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < CHAN(w->channels); i++)
		if (i < w->roles || i >= HOST)
			n += side[i] = chance(i < HOST ? 25 : i == HOST ? 25 : 12);
	return n != 0;
}

static void put_claim(struct world *w)
{
	struct gen_claim *c = &w->claims[w->n_claims];
	bool any_a = chance(10), any_b = !any_a && chance(10), as_written[2][PLACES];
	struct statement *s;
	unsigned int n = 0;

	memset(c, 0, sizeof(*c));
	c->role = -1;
	c->must = chance(25);
	if ((!any_a && !pick_terms(w, c->a)) || (!any_b && !pick_terms(w, c->b)))
		return;
	for (unsigned int r = 0; r < w->roles && !c->must; r++)
		n += c->via[r] = w->declassifies[r] && !c->a[r] && !c->b[r] && chance(30);
	memcpy(as_written[0], c->a, PLACES);
	memcpy(as_written[1], c->b, PLACES);
	if (!sensible(w, c, any_a, any_b))
		return;
	s = statement(w);
	add(s->text, c->must ? "must " : "never ");
	if (any_a)
		add(s->text, "any");
	else
		put_terms(w, s, as_written[0]);
	add(s->text, " ~> ");
	if (any_b)
		add(s->text, "any");
	else
		put_terms(w, s, as_written[1]);
	if (n)
		add(s->text, " except via ");
	for (unsigned int r = 0, k = 0; n && r < w->roles; r++)
		if (c->via[r])
			add(s->text, "%s%s", k++ ? ", " : "", place_names[r]);
	c->statement = w->n_st - 1;
	w->n_claims++;
}

/* ---- the whole ---- */

static void put_statements(struct world *w)
{
	unsigned int order[STATEMENTS];

	for (unsigned int i = 0; i < w->n_st; i++)
		order[i] = i;
	for (unsigned int i = w->n_st; i > 1; i--) {
		unsigned int k = gen_pick(i), x = order[i - 1];

		order[i - 1] = order[k];
		order[k] = x;
	}
	put(w, 0, "workflow random {\n");
	for (unsigned int i = 0; i < w->n_st; i++) {
		struct statement *s = &w->st[order[i]];

		if (chance(5))
			put(w, 0, "## About what follows.\n");
		s->line = line_of(w, 0);
		put_scattered(w, 0, s->text);
		put(w, 0, chance(10) ? ";\n" : "\n");
		for (unsigned int k = 0; k < s->n_opens; k++)
			s->opens[k].line = s->line;
	}
	put(w, 0, "const PAGES = 16KiB }\n");
}

void generate(struct world *w, bool buildable)
{
	memset(w, 0, sizeof(*w));
	w->buildable = buildable;
	w->density = 10 + gen_pick(40);
	w->roles = 2 + gen_pick(ROLES - 1);
	w->channels = gen_pick(CHANNELS + 1);
	plan_roles(w);
	for (unsigned int r = 0; r < w->roles; r++)
		if (!w->declared[r])
			put_realm(w, r);
	put_sets(w);
	for (unsigned int c = 0; c < w->channels; c++)
		put_channel(w, c);
	for (unsigned int n = gen_pick(4), i = 0; i < n; i++)
		put_window(w, i);
	for (unsigned int n = gen_pick(4), i = 0; i < n; i++)
		put_gate(w, i);
	for (unsigned int r = 0; r < w->roles; r++)
		if (chance(15))
			put_control(w, r);
	for (unsigned int n = buildable ? 0 : 2 + gen_pick(7), i = 0; i < n; i++)
		put_claim(w);
	put_statements(w);
	for (unsigned int i = 0; i < w->n_claims; i++)
		w->claims[i].line = w->st[w->claims[i].statement].line;
	for (unsigned int f = 1; f < FILES; f++)
		if (w->comp[f].used)
			put_component(w, f);
	for (unsigned int i = 0; i < w->n_st; i++)
		for (unsigned int k = 0; k < w->st[i].n_opens; k++)
			if (w->st[i].opens[k].file)
				w->st[i].opens[k].line = w->comp[w->st[i].opens[k].file].image_line;
}
