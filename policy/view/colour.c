/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How alike two roles are when names say nothing: colour refinement. In round 0 a role's colour is its image (or its partner,
 * once it has one); each further round mixes in the wires and the colours at their other ends. Only a preference: equal
 * colours by chance cost nothing but a worse guess.
 */
#include <string.h>

#include "match.h"

#define ROUNDS	12

struct colours {
	uint64_t *old[ROUNDS], *new[ROUNDS];
};

static uint64_t mix(uint64_t a, uint64_t b)
{
	uint64_t x = (a ^ (b + 0x9e3779b97f4a7c15)) * 0xbf58476d1ce4e5b9;

	return (x ^ x >> 29) * 0x94d049bb133111eb;
}

static uint64_t mix_text(uint64_t a, const char *s)
{
	for (; *s; s++)
		a = mix(a, (unsigned char)*s);
	return a;
}

static uint64_t image_colour(const struct m_role *r)
{
	uint64_t c = mix(r->image, r->rights);

	if (r->image == IMAGE_FILE)
		return mix_text(c, r->path);
	for (unsigned int i = 0; r->image == IMAGE_HASH && i < r->hash_size; i++)
		c = mix(c, r->rim[i]);
	return c;
}

static uint64_t channel_colour(const struct m_channel *c, enum hop_kind kind)
{
	return mix(mix(kind, c->size), (uint64_t)c->two_way << 3 | c->ack << 2 | c->signal << 1 | c->keep);
}

static uint64_t edge_colour(const struct graph *g, const struct flow_edge *e)
{
	switch (e->kind) {
	case HOP_CHANNEL: case HOP_ACK:
		return channel_colour(&g->m->channels.v[e->index], e->kind);
	case HOP_GATE: case HOP_RETURN:
		return mix(mix(e->kind, g->m->gates.v[e->index].args), g->m->gates.v[e->index].results);
	case HOP_WINDOW:
		return mix(e->kind, g->m->windows.v[e->index].size);
	default:
		return e->kind;
	}
}

static void first_round(const struct pairing *p, const struct graph *g, bool old, uint64_t *out)
{
	const uint32_t *map = (old ? p->to_new : p->to_old)[PART_ROLE];

	for (uint32_t i = 0; i < g->n; i++)
		out[i] = map[i] != NOBODY ? mix(1, old ? map[i] : i) : mix(2, image_colour(&g->m->roles.v[i]));
}

/* Sums, so that the order of wires does not matter. */
static void next_round(const struct graph *g, const uint64_t *before, uint64_t *out)
{
	for (uint32_t i = 0; i < g->n; i++)
		out[i] = before[i];
	for (uint32_t i = 0; i < g->edges.n; i++) {
		const struct flow_edge *e = &g->edges.v[i];
		uint64_t colour = edge_colour(g, e);

		out[e->from] += mix(mix(colour, 1), before[e->to]);
		out[e->to] += mix(mix(colour, 2), before[e->from]);
	}
}

const struct colours *colours_of(const struct pairing *p)
{
	struct arena *a = &p->new->p->arena;
	struct colours *c = arena_alloc(a, sizeof(*c));

	for (int k = 0; k < ROUNDS; k++) {
		c->old[k] = arena_alloc(a, p->old->n * sizeof(uint64_t));
		c->new[k] = arena_alloc(a, p->new->n * sizeof(uint64_t));
		if (k == 0) {
			first_round(p, p->old, true, c->old[0]);
			first_round(p, p->new, false, c->new[0]);
		} else {
			next_round(p->old, c->old[k - 1], c->old[k]);
			next_round(p->new, c->new[k - 1], c->new[k]);
		}
	}
	return c;
}

uint32_t colours_like(const struct colours *c, uint32_t old, uint32_t new)
{
	uint32_t n = 0;

	while (n < ROUNDS && c->old[n][old] == c->new[n][new])
		n++;
	return n;
}
