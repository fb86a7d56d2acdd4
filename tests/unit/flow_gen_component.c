/* SPDX-License-Identifier: Apache-2.0 */
/* Component files of random policies: ports to the liking of the wires, and requirements with what they mean for each role. */
#include <stdio.h>
#include <string.h>

#include "flow_gen_parts.h"

/* A port of role r's component, declared to the liking of this one wire. */
void put_port(struct world *w, struct statement *s, unsigned int r, const char *dir, const char *what, bool size,
		     const char *attrs)
{
	struct gen_component *c = &w->comp[w->component[r]];
	char *t = c->ports_text;

	add(s->text, ".p%u", c->n_names);
	snprintf(t + strlen(t), sizeof(c->ports_text) - strlen(t), "  %s%s p%u%s%s\n", what,
		 chance(20) && !strcmp(what, "") && strcmp(dir, "inout") ? "inout" : dir, c->n_names,
		 size && chance(50) ? " 4KiB" : "", attrs);
	c->n_names++;
}

void put_end(struct world *w, struct statement *s, unsigned int r, const char *dir, unsigned int channel,
		    const char *attrs)
{
	struct gen_component *c = &w->comp[w->component[r]];
	struct gen_port *p;

	add(s->text, "%s", place_names[r]);
	if (!w->component[r])
		return;
	p = &c->ports[c->n_ports++];
	memset(p, 0, sizeof(*p));
	snprintf(p->name, sizeof(p->name), "p%u", c->n_names);
	p->wired[r] = true;
	p->channel[r] = channel;
	put_port(w, s, r, dir, "", true, attrs);
}

static void put_rights_of_component(struct world *w, unsigned int file)
{
	put_scattered(w, file, "  control { hostcall, psci, timer, audit, mmio uart0 8KiB, mmio uart1 8KiB, mmio uart2 8KiB, "
		      "mmio uart3 8KiB, mmio uart4 8KiB, mmio uart5 8KiB, interrupts (32, 40, 41) }\n");
}

/* What one name of a requirement means for role r, into set; false if it says nothing: its port is not wired. */
struct meaning {
	char text[16];
	unsigned int kind, index;	/* 0 self, 1 host, 2 any, 3 port, 4 peer */
};

static bool mean(const struct world *w, unsigned int file, unsigned int r, const struct meaning *x, bool *set)
{
	const struct gen_component *c = &w->comp[file];

	switch (x->kind) {
	case 0: set[r] = true; return true;
	case 1: set[HOST] = true; return true;
	case 2: return true;
	case 3:
		if (!c->ports[x->index].wired[r])
			return false;
		set[CHAN(c->ports[x->index].channel[r])] = true;
		return true;
	default: set[c->peers[r][x->index]] = true; return true;
	}
}

static struct meaning pick_name(const struct gen_component *c)
{
	static const char *const words[] = { "self", "host", "any" };
	struct meaning x = { .kind = gen_pick(5) };

	if (x.kind == 3 && c->n_ports == 0)
		x.kind = 0;
	if (x.kind == 4 && c->n_peers == 0)
		x.kind = 1;
	if (x.kind == 3)
		x.index = gen_pick(c->n_ports);
	if (x.kind == 4)
		x.index = gen_pick(c->n_peers);
	if (x.kind == 4)
		snprintf(x.text, sizeof(x.text), "q%u", x.index);
	else
		snprintf(x.text, sizeof(x.text), "%s", x.kind == 3 ? c->ports[x.index].name : words[x.kind]);
	return x;
}

/* Complete a claim: `any`, overlaps, exceptions that may release. False: it would be an error. */
bool sensible(const struct world *w, struct gen_claim *c, bool any_a, bool any_b)
{
	unsigned int n = 0;

	if (any_a && any_b)
		return false;
	for (unsigned int r = 0; r < w->roles; r++) {
		if (c->via[r] && (!w->declassifies[r] || c->a[r] || c->b[r]))
			return false;
		if (any_a)
			n += c->a[r] = !c->b[r] && !c->via[r];
		if (any_b)
			n += c->b[r] = !c->a[r] && !c->via[r];
	}
	if ((any_a || any_b) && n == 0)
		return false;
	for (unsigned int i = 0; i < PLACES; i++)
		if (c->a[i] && c->b[i])
			return false;
	return true;
}

static void put_requirement(struct world *w, unsigned int file)
{
	const struct gen_component *c = &w->comp[file];
	struct meaning a = pick_name(c), b = pick_name(c), via = pick_name(c);
	bool must = chance(25), has_via = !must && chance(50) && (via.kind == 0 || via.kind == 4);
	struct gen_claim claims[ROLES];
	bool says[ROLES] = { false }, same = !strcmp(a.text, b.text) || (has_via && (!strcmp(a.text, via.text) || !strcmp(b.text, via.text)));
	char text[128];

	if (same)
		return;
	for (unsigned int r = 0; r < w->roles; r++) {
		struct gen_claim *x = &claims[r];

		if (!c->roles[r])
			continue;
		memset(x, 0, sizeof(*x));
		says[r] = mean(w, file, r, &a, x->a);
		says[r] = mean(w, file, r, &b, x->b) && says[r];
		if (has_via)
			x->via[via.kind == 0 ? r : c->peers[r][via.index]] = true;
		if (says[r] && !sensible(w, x, a.kind == 2, b.kind == 2))
			return;
	}
	for (unsigned int r = 0; r < w->roles; r++)
		if (says[r] && w->n_claims < CLAIMS) {
			claims[r].must = must;
			claims[r].role = (int)r;
			claims[r].file = file;
			claims[r].line = line_of(w, file);
			w->claims[w->n_claims++] = claims[r];
		}
	snprintf(text, sizeof(text), "  require %s %s ~> %s%s%s\n", must ? "must" : "never", a.text, b.text,
		 has_via ? " except via " : "", has_via ? via.text : "");
	put(w, file, text);
}

void put_component(struct world *w, unsigned int file)
{
	struct gen_component *c = &w->comp[file];
	char line[128];

	put(w, file, "## Made by nobody.\ncomponent k {\n");
	if (chance(50))
		put(w, file, "  # a comment\n");
	c->image_line = line_of(w, file);
	put(w, file, c->any ? "  image any; vcpus 4\n" :
	    "  measurement sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff  vcpus 4\n");
	put(w, file, c->ports_text);
	put(w, file, "  in never_wired\n");
	for (unsigned int i = 0; i < c->n_peers; i++) {
		snprintf(line, sizeof(line), "  peer q%u\n", i);
		put(w, file, line);
	}
	put_rights_of_component(w, file);
	for (unsigned int i = 0; i < (w->buildable ? 0 : 3); i++)
		put_requirement(w, file);
	put(w, file, "}\n");
}
