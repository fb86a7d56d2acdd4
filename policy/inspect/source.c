/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a blob: records in their order, channels folded. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../compiler/model.h"
#include "../fmt/fmt.h"
#include "inspect.h"

#define PAGE 4096UL

/* A channel of the language: what its parts in the blob have in common. Roles as bits of their index. */
struct folded {
	char name[MICA_NAME_SIZE];
	uint64_t pages, writers, readers;
	bool two_way, ack, signal, keep;
	struct numbered { unsigned int parts, end; } data, acks;	/* how many have a number; the highest, and 1 */
};

struct writer {
	struct arena *arena;
	const struct blob *b;
	FILE *out;
	const char *why;
	struct { VEC_FIELDS(struct folded); } channels;
};

static bool cannot(struct writer *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static bool cannot(struct writer *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	w->why = arena_vprintf(w->arena, fmt, ap);
	va_end(ap);
	return false;
}

/* ---- names that only a component file can give ---- */

/* Interrupts have no name in a policy, and one control statement gives several roles the same device. */
static bool same_name_twice(const struct mica_blob_region *x, const struct mica_blob_region *y)
{
	return x->kind != MICA_REGION_INTIDS && y->kind != MICA_REGION_INTIDS &&
	       (x->kind == MICA_REGION_WINDOW || y->kind == MICA_REGION_WINDOW) && strcmp(x->name, y->name) == 0;
}

static bool own_names(struct writer *w)
{
	for (unsigned int i = 0; i < w->b->grants; i++) {
		const struct mica_blob_grant *g = blob_grant(w->b, i);
		const char *channel = blob_channel(w->b, g->channel)->name;

		if (strcmp(g->name, channel) != 0)
			return cannot(w, "role '%s' calls channel '%s' by a name of its own, '%s': its component file gave it, "
				      "and that file is not part of a compiled policy", blob_role(w->b, g->role)->name, channel, g->name);
	}
	for (unsigned int i = 0; i < w->b->regions; i++)
		for (unsigned int k = 0; k < i; k++)
			if (same_name_twice(blob_region(w->b, i), blob_region(w->b, k)))
				return cannot(w, "two roles have a window or device '%s': component files gave these names, and such files are "
					      "not part of a compiled policy", blob_region(w->b, i)->name);
	for (unsigned int i = 0; i < w->b->gates; i++) {
		const struct mica_blob_gate *g = blob_gate(w->b, i);

		if (strcmp(g->caller_name, g->callee_name) != 0)
			return cannot(w, "a gate is '%s' to role '%s' and '%s' to role '%s': a component file gave these names, and "
				      "that file is not part of a compiled policy", g->caller_name, blob_role(w->b, g->caller)->name,
				      g->callee_name, blob_role(w->b, g->callee)->name);
	}
	return true;
}

/* ---- folding ---- */

static bool all_digits(const char *s)
{
	return *s && strspn(s, "0123456789") == strlen(s);
}

/* "raw-ack-1" is the acknowledgement of raw, number 1 (or none: ""). False if no channel is spelled out so. */
static bool split(const char *name, char base[MICA_NAME_SIZE], bool *ack, const char **number)
{
	size_t n = strcspn(name, "-");
	const char *rest = name + n;

	memcpy(base, name, n);
	base[n] = '\0';
	*ack = strncmp(rest, "-ack", 4) == 0;
	rest += *ack ? 4 : 0;
	*number = *rest == '-' ? rest + 1 : "";
	return !*rest || (*rest == '-' && all_digits(rest + 1));
}

static struct folded *channel_called(struct writer *w, const char *name)
{
	struct folded *c;

	for (uint32_t i = 0; i < w->channels.n; i++)
		if (strcmp(w->channels.v[i].name, name) == 0)
			return &w->channels.v[i];
	c = VEC_ADD(w->arena, &w->channels);
	memcpy(c->name, name, MICA_NAME_SIZE);
	return c;
}

static void count(struct numbered *n, const char *number)
{
	unsigned int end = *number ? (unsigned int)strtoul(number, NULL, 10) + 1 : 0;

	n->parts += *number != '\0';
	n->end = end > n->end ? end : n->end;
}

/* A number is missing: the part that its one participant alone would have seen, so that role stands on both sides. */
static bool one_is_missing(const struct numbered *n)
{
	return n->parts == 1 || n->parts != n->end;
}

static void both_sides(struct writer *w)
{
	for (uint32_t i = 0; i < w->channels.n; i++) {
		struct folded *c = &w->channels.v[i];
		uint64_t readers = c->readers;

		if (one_is_missing(&c->acks))
			c->readers |= c->writers;
		if (one_is_missing(&c->data))
			c->writers |= readers;
	}
}

static bool fold(struct writer *w)
{
	for (unsigned int i = 0; i < w->b->channels; i++) {
		const struct mica_blob_channel *c = blob_channel(w->b, i);
		uint64_t rw = 0, r = 0;
		char base[MICA_NAME_SIZE];
		const char *number;
		struct folded *f;
		bool ack;

		for (unsigned int k = 0; k < w->b->grants; k++) {
			const struct mica_blob_grant *g = blob_grant(w->b, k);

			if (g->channel == i)
				*(g->rights == MICA_GRANT_RW ? &rw : &r) |= 1UL << g->role;
		}
		if (!split(c->name, base, &ack, &number))
			return cannot(w, "no channel of the language is spelled out as '%s'", c->name);
		f = channel_called(w, base);
		f->signal |= c->flags & MICA_CHAN_SIGNAL;
		f->keep |= c->flags & MICA_CHAN_KEEP;
		f->ack |= ack;
		f->two_way |= !ack && (rw & (rw - 1));
		f->writers |= ack ? r : rw;
		f->readers |= ack ? rw : r;
		if (!ack)
			f->pages = c->pages;
		count(ack ? &f->acks : &f->data, number);
	}
	both_sides(w);
	return true;
}

/* ---- writing ---- */

void put_roles(FILE *out, const struct blob *b, uint64_t roles)
{
	bool many = roles & (roles - 1);
	const char *sep = "";

	fputs(many ? "{ " : "", out);
	for (unsigned int i = 0; i < b->roles; i++)
		if (roles >> i & 1) {
			fprintf(out, "%s%s", sep, blob_role(b, i)->name);
			sep = ", ";
		}
	fputs(many ? " }" : "", out);
}

static void put_channel(struct writer *w, const struct folded *c)
{
	const char *sep = " (";
	char size[24];

	fprintf(w->out, "channel %s %s ", c->name, size_text(size, c->pages * PAGE, ""));
	if (c->two_way) {		/* all participants write: one of them stands left */
		put_roles(w->out, w->b, c->writers & -c->writers);
		fputs(" <-> ", w->out);
		put_roles(w->out, w->b, c->writers & (c->writers - 1));
	} else {
		put_roles(w->out, w->b, c->writers);
		fputs(" -> ", w->out);
		put_roles(w->out, w->b, c->readers);
	}
	if (c->ack)
		fprintf(w->out, "%sack", sep), sep = ", ";
	if (c->signal)
		fprintf(w->out, "%ssignal", sep), sep = ", ";
	if (c->keep)
		fprintf(w->out, "%skeep", sep), sep = ", ";
	fputs(*sep == ',' ? ")\n" : "\n", w->out);
}

static bool is_linux(const struct mica_blob_role *r)
{
	return r->rights & MICA_RIGHT_VTIMER;
}

static void put_role(struct writer *w, const struct mica_blob_role *r)
{
	unsigned int bytes = r->hash ? 64 : 32;
	char size[24];

	fprintf(w->out, "realm %s { ", r->name);
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
	if (r->flags & MICA_ROLE_DECLASSIFIES)
		fputs(" declassifies", w->out);
	fputs(" }\n", w->out);
}

static void put_windows(struct writer *w)
{
	static const char *const arrow[] = { "?", "host -> %s", "%s -> host", "host <-> %s" };

	for (unsigned int i = 0; i < w->b->regions; i++) {
		const struct mica_blob_region *r = blob_region(w->b, i);
		char size[24];

		if (r->kind != MICA_REGION_WINDOW)
			continue;
		fprintf(w->out, "window %s %s ", r->name, size_text(size, r->pages * PAGE, ""));
		fprintf(w->out, arrow[r->rights & 3], blob_role(w->b, r->role)->name);
		fputc('\n', w->out);
	}
}

static void put_all(struct writer *w, const uint8_t id[32])
{
	fputs("# Read back from a compiled policy. Claims, comments and the names of image files are not part of one.\n"
	      "# workflow ID sha256:", w->out);
	for (unsigned int i = 0; i < 32; i++)
		fprintf(w->out, "%02x", id[i]);
	fprintf(w->out, "\nworkflow %s {\n", blob_header(w->b)->name);
	for (unsigned int i = 0; i < w->b->roles; i++)
		put_role(w, blob_role(w->b, i));
	fputs(w->channels.n ? "\n" : "", w->out);
	for (uint32_t i = 0; i < w->channels.n; i++)
		put_channel(w, &w->channels.v[i]);
	put_windows(w);
	for (unsigned int i = 0; i < w->b->gates; i++) {
		const struct mica_blob_gate *g = blob_gate(w->b, i);

		fprintf(w->out, "gate %s %s => %s (args %u, results %u)\n", g->caller_name, blob_role(w->b, g->caller)->name,
			blob_role(w->b, g->callee)->name, g->args, g->results);
	}
	put_controls(w->out, w->b);
	fputs("}\n", w->out);
}

const char *source_of(struct arena *a, const struct blob *b, const uint8_t id[32], const char **why)
{
	struct writer w = { .arena = a, .b = b };
	struct diags d = { .arena = a };
	const char *text = NULL;
	char *raw = NULL;
	size_t n = 0;

	if (!own_names(&w) || !fold(&w)) {
		*why = w.why;
		return NULL;
	}
	w.out = open_memstream(&raw, &n);
	if (!w.out)
		abort();
	put_all(&w, id);
	if (fclose(w.out))
		abort();
	if (!fmt_text(&d, "the text", raw, n, &text, &n)) {
		diag_sort(&d);
		*why = arena_printf(a, "it would need text that is no policy: %s: %s", d.v[0]->code, d.v[0]->message);
		text = NULL;
	}
	free(raw);
	return text;
}
