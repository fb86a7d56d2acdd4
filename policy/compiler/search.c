/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breadth-first searches. Searching backwards from the targets gives every vertex its distance; walking forwards along
 * falling distances, smallest name first, gives the shortest path with its tie-break.
 */
#include <string.h>

#include "search.h"

bool role_is_mute(const struct m_role *r)
{
	return r->rights == 0;
}

bool role_is_confined(const struct m_role *r)
{
	return role_is_mute(r) && r->windows.n == 0;
}

/* Rights that let the role reach the host, and the host the role. VTIMER is no edge. */
#define OUT_RIGHTS	(MICA_RIGHT_HOSTCALL | MICA_RIGHT_PSCI | MICA_RIGHT_AUDIT | MICA_RIGHT_MMIO | \
			 MICA_RIGHT_TIMER | MICA_RIGHT_IRQ)
#define IN_RIGHTS	(OUT_RIGHTS & ~MICA_RIGHT_AUDIT)

static bool has_window(const struct model *m, const struct m_role *r, bool in)
{
	for (uint32_t i = 0; i < r->windows.n; i++) {
		const struct m_window *w = &m->windows.v[r->windows.v[i]];

		if (in ? w->in : w->out)
			return true;
	}
	return false;
}

static bool to_host(const struct model *m, const struct m_role *r)
{
	return (r->rights & OUT_RIGHTS) || has_window(m, r, false);
}

static bool from_host(const struct model *m, const struct m_role *r)
{
	return r->image == IMAGE_ANY || (r->rights & IN_RIGHTS) || has_window(m, r, true);
}

/* ---- state ---- */

void search_init(struct search *s, const struct model *m)
{
	uint32_t roles = m->roles.n + 1, channels = m->channels.n + 1;

	*s = (struct search){ .m = m, .host = m->roles.n };
	s->dist = arena_alloc(m->arena, roles * sizeof(*s->dist));
	s->queue = arena_alloc(m->arena, roles * sizeof(*s->queue));
	s->cut = arena_alloc(m->arena, roles);
	s->chan = arena_alloc(m->arena, channels * sizeof(*s->chan));
	s->chans = arena_alloc(m->arena, 2 * channels * sizeof(*s->chans));
	s->seen = arena_alloc(m->arena, channels);
	s->seen_ack = arena_alloc(m->arena, channels);
	memset(s->dist, 0xff, roles * sizeof(*s->dist));
	memset(s->chan, 0xff, channels * sizeof(*s->chan));
	for (uint32_t i = 0; i < m->roles.n; i++) {
		if (from_host(m, &m->roles.v[i]))
			*VEC_ADD(m->arena, &s->from_host) = i;
		if (to_host(m, &m->roles.v[i]))
			*VEC_ADD(m->arena, &s->to_host) = i;
	}
}

static void clear(struct search *s)
{
	for (uint32_t i = 0; i < s->tail; i++)
		s->dist[s->queue[i]] = FAR;
	for (uint32_t i = 0; i < s->n_chans; i++) {
		s->chan[s->chans[i]] = FAR;
		s->seen[s->chans[i]] = s->seen_ack[s->chans[i]] = false;
	}
	for (uint32_t i = 0; s->cuts && i < s->cuts->n; i++)
		s->cut[s->cuts->v[i]] = false;
	s->head = s->tail = s->n_chans = 0;
}

/* ---- steps ---- */

static void reach(struct search *s, uint32_t v, uint32_t d)
{
	if (s->dist[v] != FAR || s->cut[v])
		return;
	s->dist[v] = d;
	s->queue[s->tail++] = v;
}

static void reach_all(struct search *s, const struct indices *v, uint32_t d)
{
	for (uint32_t i = 0; i < v->n; i++)
		reach(s, v->v[i], d);
}

/* Those on the other side of a channel, as data flows or against it. */
static const struct indices *across(const struct search *s, uint32_t c)
{
	return s->forward ? &s->m->channels.v[c].readers : &s->m->channels.v[c].writers;
}

static const struct indices *across_ack(const struct search *s, uint32_t c)
{
	return s->forward ? &s->m->channels.v[c].writers : &s->m->channels.v[c].readers;
}

/* Everything with a hop into role v; forward: out of it. */
static void step_role(struct search *s, uint32_t v, uint32_t d)
{
	const struct m_role *r = &s->m->roles.v[v];
	const struct indices *data = s->forward ? &r->writes : &r->reads, *acks = s->forward ? &r->reads : &r->writes;

	for (uint32_t i = 0; i < data->n; i++) {
		uint32_t c = data->v[i];

		if (s->seen[c])
			continue;
		s->seen[c] = true;
		s->chan[c] = d;
		s->chans[s->n_chans++] = c;
		reach_all(s, across(s, c), d);
	}
	for (uint32_t i = 0; i < acks->n; i++) {
		uint32_t c = acks->v[i];

		if (!s->m->channels.v[c].ack || s->seen_ack[c])
			continue;
		s->seen_ack[c] = true;
		s->chans[s->n_chans++] = c;
		reach_all(s, across_ack(s, c), d);
	}
	for (uint32_t i = 0; i < r->gates.n; i++) {
		const struct m_gate *g = &s->m->gates.v[r->gates.v[i]];

		reach(s, g->caller == v ? g->callee : g->caller, d);
	}
	if (s->forward ? to_host(s->m, r) : from_host(s->m, r))
		reach(s, s->host, d);
}

static void step(struct search *s, uint32_t v)
{
	uint32_t d = s->dist[v] + 1;

	if (v != s->host)
		step_role(s, v, d);
	else if (!s->host_is_wall || d == 1)
		reach_all(s, s->forward ? &s->from_host : &s->to_host, d);
}

void search(struct search *s, const struct m_side *side, const struct indices *cut, bool forward, bool host_is_wall)
{
	clear(s);
	s->forward = forward;
	s->host_is_wall = host_is_wall;
	s->cuts = cut;
	for (uint32_t i = 0; cut && i < cut->n; i++)
		s->cut[cut->v[i]] = true;
	reach_all(s, &side->roles, 0);
	if (side->host)
		reach(s, s->host, 0);
	/* those across a channel of the side are one hop away: behind what stands in the side itself, before what is farther */
	for (uint32_t i = 0; i < side->channels.n; i++)
		reach_all(s, across(s, side->channels.v[i]), 1);
	for (; s->head < s->tail; s->head++)
		step(s, s->queue[s->head]);
}

/* ---- the path ---- */

const char *place_name(const struct model *m, struct place p)
{
	if (p.channel)
		return m->channels.v[p.i].name;
	return p.i == m->roles.n ? "host" : m->roles.v[p.i].name;
}

uint32_t place_dist(const struct search *s, struct place p)
{
	return p.channel ? s->chan[p.i] : s->dist[p.i];
}

/* The choice among places: at the wanted distance, smallest name first. */
struct choice {
	const struct search *s;
	uint32_t want;
	struct place best;
	bool any;
};

static void prefer(struct choice *c, struct place p)
{
	if (place_dist(c->s, p) != c->want)
		return;
	if (!c->any || strcmp(place_name(c->s->m, p), place_name(c->s->m, c->best)) < 0)
		c->best = p;
	c->any = true;
}

static void prefer_all(struct choice *c, const struct indices *v)
{
	for (uint32_t i = 0; i < v->n; i++)
		prefer(c, (struct place){ false, v->v[i] });
}

static bool in_indices(const struct indices *v, uint32_t x)
{
	for (uint32_t i = 0; i < v->n; i++)
		if (v->v[i] == x)
			return true;
	return false;
}

/* A target channel is at distance 0, whatever its readers are. */
static void prefer_target(struct choice *c, uint32_t from, uint32_t channel)
{
	struct place p = { true, channel };

	if (!in_indices(&c->s->m->channels.v[channel].writers, from))
		return;
	if (!c->any || strcmp(place_name(c->s->m, p), place_name(c->s->m, c->best)) < 0)
		c->best = p;
	c->any = true;
}

static void from_role(struct choice *c, uint32_t u, const struct m_side *to)
{
	const struct model *m = c->s->m;
	const struct m_role *r = &m->roles.v[u];

	for (uint32_t i = 0; i < r->writes.n; i++)
		prefer_all(c, &m->channels.v[r->writes.v[i]].readers);
	for (uint32_t i = 0; i < r->reads.n; i++)
		if (m->channels.v[r->reads.v[i]].ack)
			prefer_all(c, &m->channels.v[r->reads.v[i]].writers);
	for (uint32_t i = 0; i < r->gates.n; i++) {
		const struct m_gate *g = &m->gates.v[r->gates.v[i]];

		prefer(c, (struct place){ false, g->caller == u ? g->callee : g->caller });
	}
	if (to_host(m, r))
		prefer(c, (struct place){ false, c->s->host });
	for (uint32_t i = 0; c->want == 0 && i < to->channels.n; i++)
		prefer_target(c, u, to->channels.v[i]);
}

struct place next_place(const struct search *s, struct place u, const struct m_side *to)
{
	struct choice c = { .s = s, .want = place_dist(s, u) - 1 };

	if (u.channel)
		prefer_all(&c, &s->m->channels.v[u.i].readers);
	else if (u.i == s->host)
		prefer_all(&c, &s->from_host);
	else
		from_role(&c, u.i, to);
	return c.best;
}

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

bool nearest(const struct search *s, const struct m_side *side, struct place *out)
{
	struct choice c = { .s = s, .want = side->host ? s->dist[s->host] : FAR };

	for (uint32_t i = 0; i < side->roles.n; i++)
		c.want = least(c.want, s->dist[side->roles.v[i]]);
	for (uint32_t i = 0; i < side->channels.n; i++)
		c.want = least(c.want, s->chan[side->channels.v[i]]);
	if (c.want == FAR)
		return false;
	prefer_all(&c, &side->roles);
	for (uint32_t i = 0; i < side->channels.n; i++)
		prefer(&c, (struct place){ true, side->channels.v[i] });
	if (side->host)
		prefer(&c, (struct place){ false, s->host });
	*out = c.best;
	return true;
}

/* ---- hops of one vertex ---- */

static bool has_ack(const struct model *m, const struct indices *channels)
{
	for (uint32_t i = 0; i < channels->n; i++)
		if (m->channels.v[channels->v[i]].ack)
			return true;
	return false;
}

bool has_hop_out(const struct search *s, uint32_t v)
{
	const struct m_role *r = &s->m->roles.v[v];

	if (v == s->host)
		return s->from_host.n != 0;
	return r->writes.n || r->gates.n || to_host(s->m, r) || has_ack(s->m, &r->reads);
}

bool has_hop_in(const struct search *s, uint32_t v)
{
	const struct m_role *r = &s->m->roles.v[v];

	if (v == s->host)
		return s->to_host.n != 0;
	return r->reads.n || r->gates.n || from_host(s->m, r) || has_ack(s->m, &r->writes);
}
