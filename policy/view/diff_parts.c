/* SPDX-License-Identifier: Apache-2.0 */
/* What changed in a role or a wire itself: names, images, shapes, rights that open no edge between two names. */
#include <inttypes.h>
#include <string.h>

#include "diff.h"

#define TEXT(d, ...)	((const char *)arena_printf((d)->arena, __VA_ARGS__))

static const char *const part_word[N_PARTS] = { "role", "channel", "window", "gate" };

/* ---- names ---- */

static void names(struct diff *d, enum part part)
{
	const struct graph *old = d->pairs.old, *new = d->pairs.new;

	for (uint32_t i = 0; i < part_count(old, part); i++) {
		uint32_t k = d->pairs.to_new[part][i];

		if (k != NOBODY && strcmp(part_name(old, part, i), part_name(new, part, k)) != 0)
			diff_add(d, '~', CHANGE_NAME, TEXT(d, "%s %s", part_word[part], part_name(old, part, i)), "",
				 TEXT(d, "is now called %s", part_name(new, part, k)));
	}
}

/* ---- rights ---- */

static bool has_number(const struct graph *g, const struct attr *a, uint64_t n)
{
	for (uint32_t i = 0; a && i < a->nums.n; i++)
		if (graph_number(g, &a->nums.v[i]) == n)
			return true;
	return false;
}

/* The same right of another role: mmio by name. */
static const struct attr *same_right(const struct m_role *r, const struct attr *a)
{
	for (uint32_t i = 0; r && r->control && i < r->control->attrs.n; i++) {
		const struct attr *b = &r->control->attrs.v[i];

		if (strcmp(a->word, b->word) == 0 && (strcmp(a->word, "mmio") != 0 || strcmp(a->ref.name, b->ref.name) == 0))
			return b;
	}
	return NULL;
}

static void interrupts(struct diff *d, bool old, const struct m_role *r, const struct attr *a, const struct attr *other)
{
	const struct graph *g = old ? d->pairs.old : d->pairs.new, *h = old ? d->pairs.new : d->pairs.old;

	for (uint32_t i = 0; i < a->nums.n; i++) {
		uint64_t n = graph_number(g, &a->nums.v[i]);

		if (!has_number(h, other, n))
			diff_add(d, old ? '-' : '+', CHANGE_RIGHT, TEXT(d, "%s %s interrupt %" PRIu64, r->name, old ? "loses" : "gains", n),
				 "", "");
	}
}

/* A device that stays under its name with another size or place. */
static void device(struct diff *d, const struct attr *was, const struct attr *is)
{
	uint64_t a = graph_number(d->pairs.old, &was->num), b = graph_number(d->pairs.new, &is->num);
	char x[24], y[24];

	if (a != b)
		diff_add(d, '~', CHANGE_SHAPE, TEXT(d, "mmio %s", is->ref.name),
			 TEXT(d, "%s  ->  %s", size_text(x, a, " "), size_text(y, b, " ")), "");
	if (was->place.kind != is->place.kind || graph_number(d->pairs.old, &was->place) != graph_number(d->pairs.new, &is->place))
		diff_add(d, '~', CHANGE_SHAPE, TEXT(d, "mmio %s", is->ref.name), "at another address", "");
}

static void one_right(struct diff *d, bool old, const struct m_role *r, const struct attr *a, const struct attr *other)
{
	bool mmio = strcmp(a->word, "mmio") == 0;

	if (strcmp(a->word, "interrupts") == 0)
		interrupts(d, old, r, a, other);
	else if (!other)
		diff_add(d, old ? '-' : '+', CHANGE_RIGHT, TEXT(d, "%s %s %s%s%s", r->name, old ? "loses" : "gains", a->word,
			 mmio ? " " : "", mmio ? a->ref.name : ""), "", "");
	else if (mmio && !old)
		device(d, other, a);
}

static void rights(struct diff *d, bool old)
{
	const struct graph *g = old ? d->pairs.old : d->pairs.new, *h = old ? d->pairs.new : d->pairs.old;

	for (uint32_t i = 0; i < g->m->roles.n; i++) {
		const struct m_role *r = &g->m->roles.v[i];
		uint32_t peer = (old ? d->pairs.to_new : d->pairs.to_old)[PART_ROLE][i];
		const struct m_role *s = peer == NOBODY ? NULL : &h->m->roles.v[peer];

		for (uint32_t k = 0; r->control && k < r->control->attrs.n; k++)
			one_right(d, old, r, &r->control->attrs.v[k], same_right(s, &r->control->attrs.v[k]));
		if (r->restart && !(s && s->restart))
			diff_add(d, old ? '-' : '+', CHANGE_RIGHT, TEXT(d, "%s %s restarted", r->name, old ? "may no longer be" : "may be"), "",
				 "the host chooses when");
	}
}

/* ---- roles ---- */

static const char *image_text(struct diff *d, const struct m_role *r)
{
	char hex[17] = "";

	if (r->image == IMAGE_ANY)
		return "image any";
	if (r->image == IMAGE_FILE)
		return TEXT(d, "image \"%s\"%s", r->path, r->hash_size == 64 ? " sha512" : "");
	for (int i = 0; i < 8; i++)
		sprintf(hex + 2 * i, "%02x", r->rim[i]);
	return TEXT(d, "measurement sha%u:%s...", r->hash_size * 8, hex);
}

static const char *shape_text(struct diff *d, const struct m_role *r)
{
	char size[24];

	return TEXT(d, "%s, %u vCPU%s, %s", size_text(size, r->memory, " "), r->vcpus, r->vcpus == 1 ? "" : "s",
		    r->linux_guest ? "linux" : "native");
}

static void one_role(struct diff *d, const struct m_role *a, const struct m_role *b)
{
	const char *x = shape_text(d, a), *y = shape_text(d, b);

	if (!same_image(a, b))
		diff_add(d, '~', CHANGE_IMAGE, b->name, TEXT(d, "%s  ->  %s", image_text(d, a), image_text(d, b)), "");
	if (strcmp(x, y) != 0)
		diff_add(d, '~', CHANGE_SHAPE, b->name, TEXT(d, "%s  ->  %s", x, y), "");
	if (a->declassifies != b->declassifies)
		diff_add(d, '~', CHANGE_ROLE, b->name, "", b->declassifies ? "may now be named in `except via` (declassifies)" :
			 "may no longer be named in `except via`");
}

static void roles(struct diff *d)
{
	const struct graph *old = d->pairs.old, *new = d->pairs.new;

	for (uint32_t i = 0; i < new->m->roles.n; i++) {
		const struct m_role *r = &new->m->roles.v[i];

		if (d->pairs.to_old[PART_ROLE][i] == NOBODY)
			diff_add(d, '~', CHANGE_ROLE, r->name, TEXT(d, "new: %s", image_text(d, r)), "");
		else
			one_role(d, &old->m->roles.v[d->pairs.to_old[PART_ROLE][i]], r);
	}
	for (uint32_t i = 0; i < old->m->roles.n; i++)
		if (d->pairs.to_new[PART_ROLE][i] == NOBODY)
			diff_add(d, '~', CHANGE_ROLE, old->m->roles.v[i].name, "gone", "");
}

/* ---- wires ---- */

static void attribute(struct diff *d, const char *name, const char *word, bool was, bool is, const char *note)
{
	if (was != is)
		diff_add(d, is ? '+' : '-', CHANGE_RIGHT, TEXT(d, "channel %s %s %s", name, is ? "gains" : "loses", word), "", note);
}

static void one_channel(struct diff *d, const struct m_channel *a, const struct m_channel *b)
{
	char x[24], y[24];

	if (a->size != b->size)
		diff_add(d, '~', CHANGE_SHAPE, TEXT(d, "channel %s", b->name),
			 TEXT(d, "%s  ->  %s", size_text(x, a->size, " "), size_text(y, b->size, " ")), "");
	attribute(d, b->name, "signal", a->signal, b->signal, "its participants may ring each other");
	attribute(d, b->name, "keep", a->keep, b->keep, "its contents survive a restart");
}

static void wires(struct diff *d)
{
	const struct graph *old = d->pairs.old, *new = d->pairs.new;
	char x[24], y[24];

	for (uint32_t i = 0; i < new->m->channels.n; i++)
		if (d->pairs.to_old[PART_CHANNEL][i] != NOBODY)
			one_channel(d, &old->m->channels.v[d->pairs.to_old[PART_CHANNEL][i]], &new->m->channels.v[i]);
	for (uint32_t i = 0; i < new->m->windows.n; i++) {
		uint32_t k = d->pairs.to_old[PART_WINDOW][i];

		if (k != NOBODY && old->m->windows.v[k].size != new->m->windows.v[i].size)
			diff_add(d, '~', CHANGE_SHAPE, TEXT(d, "window %s", new->m->windows.v[i].name),
				 TEXT(d, "%s  ->  %s", size_text(x, old->m->windows.v[k].size, " "),
				      size_text(y, new->m->windows.v[i].size, " ")), "");
	}
	for (uint32_t i = 0; i < new->m->gates.n; i++) {
		uint32_t k = d->pairs.to_old[PART_GATE][i];
		const struct m_gate *a = k == NOBODY ? NULL : &old->m->gates.v[k], *b = &new->m->gates.v[i];

		if (a && (a->args != b->args || a->results != b->results))
			diff_add(d, '~', CHANGE_SHAPE, TEXT(d, "gate %s", b->name),
				 TEXT(d, "args %u, results %u  ->  args %u, results %u", a->args, a->results, b->args, b->results), "");
	}
}

void diff_parts(struct diff *d)
{
	if (strcmp(d->pairs.old->m->name, d->pairs.new->m->name) != 0)
		diff_add(d, '~', CHANGE_NAME, TEXT(d, "workflow %s", d->pairs.old->m->name), "",
			 TEXT(d, "is now called %s", d->pairs.new->m->name));
	for (int part = 0; part < N_PARTS; part++)
		names(d, part);
	rights(d, false);
	rights(d, true);
	roles(d);
	wires(d);
}
