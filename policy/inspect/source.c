/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a blob: records in their order, channels folded. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../compiler/model.h"
#include "../fmt/fmt.h"
#include "text.h"

#define PAGE 4096UL

bool cannot(struct writer *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	w->why = arena_vprintf(w->arena, fmt, ap);
	va_end(ap);
	return false;
}

/* ---- channels, windows, gates ---- */

static void put_list(FILE *out, const struct blob *b, uint64_t roles, struct writer *w, const struct folded *c, bool writes)
{
	bool many = roles & (roles - 1);
	const char *sep = "";

	fputs(many ? "{ " : "", out);
	for (unsigned int i = 0; i < b->roles; i++) {
		if (!(roles & BIT(i)))
			continue;
		fprintf(out, "%s%s", sep, blob_role(b, i)->name);
		if (c && w->components & BIT(i))
			fprintf(out, ".%s", port_of(w, i, c, writes));
		sep = ", ";
	}
	fputs(many ? " }" : "", out);
}

void put_roles(FILE *out, const struct blob *b, uint64_t roles)
{
	put_list(out, b, roles, NULL, NULL, false);
}

static void put_ends(struct writer *w, const struct folded *c, uint64_t roles, bool writes)
{
	put_list(w->out, w->b, roles, w, c, writes);
}

void put_attributes(struct writer *w, const struct folded *c)
{
	const char *sep = " (";

	if (c->ack)
		fprintf(w->out, "%sack", sep), sep = ", ";
	if (c->signal)
		fprintf(w->out, "%ssignal", sep), sep = ", ";
	if (c->keep)
		fprintf(w->out, "%skeep", sep), sep = ", ";
	fputs(*sep == ',' ? ")\n" : "\n", w->out);
}

static void put_channel(struct writer *w, const struct folded *c)
{
	char size[24];

	fprintf(w->out, "channel %s %s ", c->name, size_text(size, c->pages * PAGE, ""));
	if (c->two_way) {		/* all participants write: one of them stands left */
		put_ends(w, c, c->writers & -c->writers, true);
		fputs(" <-> ", w->out);
		put_ends(w, c, c->writers & (c->writers - 1), true);
	} else {
		put_ends(w, c, c->writers, true);
		fputs(" -> ", w->out);
		put_ends(w, c, c->readers, false);
	}
	put_attributes(w, c);
}

static bool is_linux(const struct mica_blob_role *r)
{
	return r->rights & MICA_RIGHT_VTIMER;
}

void put_build(struct writer *w, const struct mica_blob_role *r)
{
	unsigned int bytes = r->hash ? 64 : 32;
	char size[24];

	if (r->flags & MICA_ROLE_PINNED) {
		fprintf(w->out, "measurement sha%u:", bytes * 8);
		for (unsigned int i = 0; i < bytes; i++)
			fprintf(w->out, "%02x", r->rim[i]);
	} else {
		fputs("image any", w->out);
	}
	if (is_linux(r))
		fputs(" linux", w->out);
	if (r->ram_size != (is_linux(r) ? DEFAULT_MEMORY_LINUX : DEFAULT_MEMORY_NATIVE))
		fprintf(w->out, " memory %s", size_text(size, r->ram_size, ""));
	if (r->vcpus != 1)
		fprintf(w->out, " vcpus %u", r->vcpus);
	if (r->flags & MICA_ROLE_RESTART)
		fputs(" restart", w->out);
}

static void put_role(struct writer *w, unsigned int i)
{
	const struct mica_blob_role *r = blob_role(w->b, i);
	bool restart = r->flags & MICA_ROLE_RESTART, declassifies = r->flags & MICA_ROLE_DECLASSIFIES;

	if (w->components & BIT(i)) {
		fprintf(w->out, "realm %s from \"%s.mica\"", r->name, r->name);
		if (restart || declassifies)
			fprintf(w->out, " {%s%s }", restart ? " restart" : "", declassifies ? " declassifies" : "");
		fputc('\n', w->out);
		return;
	}
	fprintf(w->out, "realm %s { ", r->name);
	put_build(w, r);
	fputs(declassifies ? " declassifies }\n" : " }\n", w->out);
}

/* "role", or "role.port" of a component. */
static const char *end_of(struct writer *w, unsigned int role, const char *port)
{
	const char *name = blob_role(w->b, role)->name;

	return w->components & BIT(role) ? arena_printf(w->arena, "%s.%s", name, port) : name;
}

static void put_windows(struct writer *w)
{
	static const char *const arrow[] = { "?", "host -> %s", "%s -> host", "host <-> %s" };

	for (unsigned int i = 0; i < w->b->regions; i++) {
		const struct mica_blob_region *r = blob_region(w->b, i);
		char size[24];

		if (r->kind != MICA_REGION_WINDOW)
			continue;
		fprintf(w->out, "window %s %s ", w->window[i], size_text(size, r->pages * PAGE, ""));
		fprintf(w->out, arrow[r->rights & 3], end_of(w, r->role, r->name));
		fputc('\n', w->out);
	}
}

static void put_gates(struct writer *w)
{
	for (unsigned int i = 0; i < w->b->gates; i++) {
		const struct mica_blob_gate *g = blob_gate(w->b, i);

		fprintf(w->out, "gate %s %s => %s (args %u, results %u)\n", w->gate[i], end_of(w, g->caller, g->caller_name),
			end_of(w, g->callee, g->callee_name), g->args, g->results);
	}
}

static void put_policy(struct writer *w, const uint8_t id[32])
{
	fputs("# Read back from a compiled policy. Claims, comments and the names of image files are not part of one.\n"
	      "# workflow ID sha256:", w->out);
	for (unsigned int i = 0; i < 32; i++)
		fprintf(w->out, "%02x", id[i]);
	fprintf(w->out, "\nworkflow %s {\n", blob_header(w->b)->name);
	for (unsigned int i = 0; i < w->b->roles; i++)
		put_role(w, i);
	fputs(w->channels.n ? "\n" : "", w->out);
	for (uint32_t i = 0; i < w->channels.n; i++)
		put_channel(w, &w->channels.v[i]);
	put_windows(w);
	put_gates(w);
	put_controls(w->out, w->b);
	fputs("}\n", w->out);
}

/* ---- the files ---- */

static bool formatted(struct writer *w, struct new_file *f, char *raw, size_t n)
{
	struct diags d = { .arena = w->arena };
	const char *text = NULL;
	bool ok = fmt_text(&d, f->name, raw, n, &text, &n);

	free(raw);
	f->text = text;
	if (ok)
		return true;
	diag_sort(&d);
	return cannot(w, "it would need text that is no policy: %s: %s", d.v[0]->code, d.v[0]->message);
}

/* role: whose file, or NO_ROLE for the workflow's. */
static bool add_file(struct writer *w, struct texts *t, unsigned int role, const uint8_t id[32])
{
	struct new_file *f = &t->v[t->n++];
	char *raw = NULL;
	size_t n = 0;

	f->name = role == NO_ROLE ? "workflow.mica" : arena_printf(w->arena, "%s.mica", blob_role(w->b, role)->name);
	f->what = role == NO_ROLE ? "the policy" : "a component";
	w->out = open_memstream(&raw, &n);
	if (!w->out)
		abort();
	if (role == NO_ROLE)
		put_policy(w, id);
	else
		put_component_file(w, role);
	if (fclose(w->out))
		abort();
	return formatted(w, f, raw, n);
}

bool source_of(struct arena *a, const struct blob *b, const uint8_t id[32], struct texts *t, const char **why)
{
	struct writer *w = arena_alloc(a, sizeof(*w));
	bool ok;

	*w = (struct writer){ .arena = a, .b = b };
	t->n = 0;
	ok = fold(w) && give_names(w) && add_file(w, t, NO_ROLE, id);
	for (unsigned int i = 0; ok && i < b->roles; i++)
		ok = !(w->components & BIT(i)) || add_file(w, t, i, id);
	*why = w->why;
	return ok;
}
