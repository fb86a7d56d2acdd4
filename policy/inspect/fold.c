/* SPDX-License-Identifier: Apache-2.0 */
/* Channels of the language from the channels of a blob, in which `ack` and several writers are spelled out. */
#include <stdlib.h>
#include <string.h>

#include "text.h"

static bool all_digits(const char *s)
{
	return *s && strspn(s, "0123456789") == strlen(s);
}

bool split(const char *name, char base[MICA_NAME_SIZE], bool *ack, const char **number)
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

bool fold(struct writer *w)
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
