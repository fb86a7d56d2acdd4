/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names. A blob has the names that roles use. Those of a workflow's own roles are the names of its statements; where that
 * cannot be - a channel is called otherwise, two things are called alike - a component file gave them, and gives them again.
 */
#include <string.h>

#include "text.h"

/* ---- which roles are components ---- */

/* How many statements of a workflow would declare @name. */
static unsigned int declared(const struct writer *w, const char *name)
{
	unsigned int n = 0, devices = 0;

	for (unsigned int i = 0; i < w->b->roles; i++)
		n += strcmp(blob_role(w->b, i)->name, name) == 0;
	for (uint32_t i = 0; i < w->channels.n; i++)
		n += strcmp(w->channels.v[i].name, name) == 0;
	for (unsigned int i = 0; i < w->b->regions; i++) {
		const struct mica_blob_region *r = blob_region(w->b, i);

		if (r->kind != MICA_REGION_INTIDS && strcmp(r->name, name) == 0)
			*(r->kind == MICA_REGION_WINDOW ? &n : &devices) += 1;
	}
	for (unsigned int i = 0; i < w->b->gates; i++)
		n += strcmp(blob_gate(w->b, i)->caller_name, name) == 0;
	return n + (devices != 0);	/* one control statement gives several roles the same device */
}

static bool own_channel_names(struct writer *w)
{
	for (unsigned int i = 0; i < w->b->grants; i++) {
		const struct mica_blob_grant *g = blob_grant(w->b, i);
		const char *channel = blob_channel(w->b, g->channel)->name, *number;
		char port[MICA_NAME_SIZE];
		bool ack;

		if (strcmp(g->name, channel) == 0)
			continue;
		if (!split(g->name, port, &ack, &number) || strcmp(g->name + strlen(port), channel + strcspn(channel, "-")) != 0)
			return cannot(w, "role '%s' calls channel '%s' '%s': no port is spelled out so", blob_role(w->b, g->role)->name,
				      channel, g->name);
		w->components |= BIT(g->role);
	}
	return true;
}

static void find_components(struct writer *w)
{
	for (unsigned int i = 0; i < w->b->regions; i++) {
		const struct mica_blob_region *r = blob_region(w->b, i);

		if (r->kind == MICA_REGION_WINDOW && declared(w, r->name) > 1)
			w->components |= BIT(r->role);
	}
	for (unsigned int i = 0; i < w->b->gates; i++) {
		const struct mica_blob_gate *g = blob_gate(w->b, i);

		if (strcmp(g->caller_name, g->callee_name) != 0 || declared(w, g->caller_name) > 1)
			w->components |= BIT(g->caller) | BIT(g->callee);
	}
}

/* ---- names for their windows and gates ---- */

static bool numbered(const char *name, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(name, prefix, n) == 0 && name[n] >= '0' && name[n] <= '9';
}

static bool in_use(const struct writer *w, const char *prefix)
{
	bool used = false;

	for (unsigned int i = 0; i < w->b->roles; i++)
		used = used || numbered(blob_role(w->b, i)->name, prefix);
	for (uint32_t i = 0; i < w->channels.n; i++)
		used = used || numbered(w->channels.v[i].name, prefix);
	for (unsigned int i = 0; i < w->b->regions; i++)
		used = used || numbered(blob_region(w->b, i)->name, prefix);
	for (unsigned int i = 0; i < w->b->gates; i++)
		used = used || numbered(blob_gate(w->b, i)->caller_name, prefix) || numbered(blob_gate(w->b, i)->callee_name, prefix);
	return used;
}

/* "w", or "ww" .. where something is called w and a number. */
static const char *unused(struct writer *w, const char *letter)
{
	const char *prefix = letter;

	while (in_use(w, prefix))
		prefix = arena_printf(w->arena, "%s%s", prefix, letter);
	return prefix;
}

/*
 * Names decide layout, and what is read back has to be laid out as it was: a role's windows stand in ascending order of name, of
 * the gates that one role calls in another the first by name has the highest server.
 */
static void name_statements(struct writer *w)
{
	const char *window = unused(w, "w"), *gate = unused(w, "g");

	for (unsigned int i = 0; i < w->b->regions; i++) {
		const struct mica_blob_region *r = blob_region(w->b, i);

		w->window[i] = w->components & BIT(r->role) ? arena_printf(w->arena, "%s%03u", window, i) : r->name;
	}
	for (unsigned int i = 0; i < w->b->gates; i++) {
		const struct mica_blob_gate *g = blob_gate(w->b, i);

		if (!(w->components & BIT(g->caller)))
			w->gate[i] = g->caller_name;
		else if (!(w->components & BIT(g->callee)))
			w->gate[i] = g->callee_name;
		else
			w->gate[i] = arena_printf(w->arena, "%s%03u", gate, w->b->gates - 1 - i);
	}
}

bool give_names(struct writer *w)
{
	if (!own_channel_names(w))
		return false;
	find_components(w);
	name_statements(w);
	return true;
}

const char *port_of(struct writer *w, unsigned int role, const struct folded *c, bool writes)
{
	const char *other = c->name;

	for (unsigned int i = 0; i < w->b->grants; i++) {
		const struct mica_blob_grant *g = blob_grant(w->b, i);
		char base[MICA_NAME_SIZE];
		const char *number, *port;
		bool ack, writer;

		if (g->role != role || !split(blob_channel(w->b, g->channel)->name, base, &ack, &number) || strcmp(base, c->name) != 0)
			continue;
		port = arena_strndup(w->arena, g->name, strcspn(g->name, "-"));
		writer = c->two_way || (g->rights == MICA_GRANT_RW) != ack;
		if (writer == writes)
			return port;
		other = port;		/* it stands on both sides, and one of them is not in the blob */
	}
	return other;
}
