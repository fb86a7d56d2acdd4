/* SPDX-License-Identifier: Apache-2.0 */
/* A component file for a role of a blob: what it is, and ports for what it has, under its own names. */
#include <string.h>

#include "text.h"

static void put_port(struct writer *w, const struct folded *c, const char *port, const char *direction)
{
	fprintf(w->out, "%s %s", direction, port);
	put_attributes(w, c);
}

static void put_ports(struct writer *w, unsigned int role)
{
	for (uint32_t i = 0; i < w->channels.n; i++) {
		const struct folded *c = &w->channels.v[i];
		bool writes = c->writers & BIT(role), reads = c->readers & BIT(role);
		const char *out = port_of(w, role, c, true), *in = port_of(w, role, c, false);

		if (c->two_way && writes) {
			put_port(w, c, out, "inout");
		} else if (writes && reads && strcmp(in, out) == 0) {
			put_port(w, c, out, "inout");
		} else {
			if (writes)
				put_port(w, c, out, "out");
			if (reads)
				put_port(w, c, in, "in");
		}
	}
}

void put_component_file(struct writer *w, unsigned int role)
{
	static const char *const directions[] = { "?", "in", "out", "inout" };
	const struct mica_blob_role *r = blob_role(w->b, role);

	fprintf(w->out, "# Read back from a compiled policy: the names that the code of role '%s' uses.\ncomponent %s {\n", r->name, r->name);
	put_build(w, r);
	fputc('\n', w->out);
	put_ports(w, role);
	for (unsigned int i = 0; i < r->region_count; i++) {
		const struct mica_blob_region *d = blob_region(w->b, r->region_first + i);

		if (d->kind == MICA_REGION_WINDOW)
			fprintf(w->out, "window %s %s\n", directions[d->rights & 3], d->name);
	}
	for (unsigned int i = 0; i < w->b->gates; i++) {
		const struct mica_blob_gate *g = blob_gate(w->b, i);

		if (g->caller == role)
			fprintf(w->out, "gate calls %s (args %u, results %u)\n", g->caller_name, g->args, g->results);
		if (g->callee == role)
			fprintf(w->out, "gate serves %s (args %u, results %u)\n", g->callee_name, g->args, g->results);
	}
	put_role_rights(w->out, w->b, role);
	fputs("}\n", w->out);
}
