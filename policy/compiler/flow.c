/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Searches over the flow graph. Vertices are the roles and the host; a channel, its acknowledgement, a window, a
 * gate, a right is what joins two of them in one hop. Searching backwards from the targets gives every vertex its
 * distance; walking forwards along falling distances, smallest name first, gives the shortest path with
 * its tie-break.
 */
#include <stdlib.h>
#include <string.h>

#include "flow.h"

#define FAR	UINT32_MAX

/* Distances in hops to the targets of one search. host has index roles.n. */
struct search {
	const struct model *m;
	uint32_t host;
	uint32_t *dist;			/* per role, and host; FAR: no path */
	uint32_t *from_channel;		/* per channel, as a source: 1 + its nearest reader's; FAR */
	bool *cut;			/* per role: not in this graph */
	bool *seen, *seen_ack;		/* per channel: its writers (readers) have their distance */
	uint32_t *queue, head, tail;
	bool host_is_wall;		/* a path may end in the host but not pass it */
};

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

static bool window_in(const struct model *m, const struct m_role *r, bool in)
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
	return (r->rights & OUT_RIGHTS) || window_in(m, r, false);
}

static bool from_host(const struct model *m, const struct m_role *r)
{
	return r->image == IMAGE_ANY || (r->rights & IN_RIGHTS) || window_in(m, r, true);
}

/* ---- one search ---- */

static void search_init(struct search *s, const struct model *m)
{
	*s = (struct search){ .m = m, .host = m->roles.n };
	s->dist = arena_alloc(m->arena, (m->roles.n + 1) * sizeof(*s->dist));
	s->queue = arena_alloc(m->arena, (m->roles.n + 1) * sizeof(*s->queue));
	s->cut = arena_alloc(m->arena, m->roles.n + 1);
	s->from_channel = arena_alloc(m->arena, (m->channels.n + 1) * sizeof(*s->from_channel));
	s->seen = arena_alloc(m->arena, m->channels.n + 1);
	s->seen_ack = arena_alloc(m->arena, m->channels.n + 1);
}

static void search_reset(struct search *s)
{
	const struct model *m = s->m;

	memset(s->dist, 0xff, (m->roles.n + 1) * sizeof(*s->dist));
	memset(s->from_channel, 0xff, (m->channels.n + 1) * sizeof(*s->from_channel));
	memset(s->cut, 0, m->roles.n + 1);
	memset(s->seen, 0, m->channels.n + 1);
	memset(s->seen_ack, 0, m->channels.n + 1);
	s->head = s->tail = 0;
	s->host_is_wall = false;
}

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

/* Everything with a hop into role v. */
static void into_role(struct search *s, uint32_t v, uint32_t d)
{
	const struct model *m = s->m;
	const struct m_role *r = &m->roles.v[v];

	for (uint32_t i = 0; i < r->reads.n; i++) {
		uint32_t c = r->reads.v[i];

		if (s->from_channel[c] == FAR)
			s->from_channel[c] = d;
		if (!s->seen[c])
			reach_all(s, &m->channels.v[c].writers, d);
		s->seen[c] = true;
	}
	for (uint32_t i = 0; i < r->writes.n; i++) {
		uint32_t c = r->writes.v[i];

		if (!m->channels.v[c].ack || s->seen_ack[c])
			continue;
		s->seen_ack[c] = true;
		reach_all(s, &m->channels.v[c].readers, d);
	}
	for (uint32_t i = 0; i < r->gates.n; i++) {
		const struct m_gate *g = &m->gates.v[r->gates.v[i]];

		reach(s, g->caller == v ? g->callee : g->caller, d);
	}
	if (from_host(m, r))
		reach(s, s->host, d);
}

static void into_host(struct search *s, uint32_t d)
{
	for (uint32_t i = 0; i < s->m->roles.n; i++)
		if (to_host(s->m, &s->m->roles.v[i]))
			reach(s, i, d);
}

static void expand(struct search *s)
{
	while (s->head < s->tail) {
		uint32_t v = s->queue[s->head++], d = s->dist[v] + 1;

		if (v != s->host)
			into_role(s, v, d);
		else if (!s->host_is_wall || d == 1)
			into_host(s, d);
	}
}

/* Distances to a side: its roles and host at 0; writers of its channels one hop away. */
static void search_to(struct search *s, const struct m_side *to)
{
	reach_all(s, &to->roles, 0);
	if (to->host)
		reach(s, s->host, 0);
	/* a writer of a target channel is at 1: it must not be queued before the targets' own level */
	if (to->channels.n != 0) {
		uint32_t level0 = s->tail;

		while (s->head < level0) {
			uint32_t v = s->queue[s->head++];

			if (v == s->host)
				into_host(s, 1);
			else
				into_role(s, v, 1);
		}
		for (uint32_t i = 0; i < to->channels.n; i++)
			reach_all(s, &s->m->channels.v[to->channels.v[i]].writers, 1);
	}
	expand(s);
}

/* ---- the path ---- */

/* A vertex of the printed path; a channel only at an end. */
struct place { bool channel; uint32_t i; };

static const char *place_name(const struct search *s, struct place p)
{
	if (p.channel)
		return s->m->channels.v[p.i].name;
	return p.i == s->host ? "host" : s->m->roles.v[p.i].name;
}

static uint32_t place_dist(const struct search *s, struct place p)
{
	return p.channel ? s->from_channel[p.i] : s->dist[p.i];
}

/* Of all constructs that open a hop, the first in the file; the others only for the hint. */
struct opening {
	const struct model *m;
	const char *by;
	struct span at;
	const char *others;		/* "channel rows (line 20)", or NULL */
	struct flow_edges *all;		/* if somebody wants every one of them */
};

static void opens(struct opening *o, enum hop_kind kind, uint32_t index, struct span at, const char *by)
{
	const char *second = by;
	struct span second_at = at;

	if (o->all) {
		*VEC_ADD(o->m->arena, o->all) = (struct flow_edge){ .kind = kind, .index = index, .by = by, .at = at };
		return;
	}
	if (!o->by || at.begin < o->at.begin) {
		second = o->by;
		second_at = o->at;
		o->by = by;
		o->at = at;
	}
	if (second)
		o->others = arena_printf(o->m->arena, "%s%s%s (line %u)", o->others ? o->others : "",
					 o->others ? ", " : "", second,
					 source_line(o->m->src, second_at.begin));
}

static bool holds(const struct indices *v, uint32_t x)
{
	for (uint32_t i = 0; i < v->n; i++)
		if (v->v[i] == x)
			return true;
	return false;
}

static void opens_channel(struct opening *o, uint32_t c, enum hop_kind kind)
{
	const struct m_channel *ch = &o->m->channels.v[c];

	opens(o, kind, c, ch->item->at,
	      arena_printf(o->m->arena, "channel %s%s", ch->name, kind == HOP_ACK ? ", ack" : ""));
}

static void role_to_role(struct opening *o, uint32_t u, uint32_t v)
{
	const struct model *m = o->m;
	const struct m_role *r = &m->roles.v[u];

	for (uint32_t i = 0; i < r->writes.n; i++)
		if (holds(&m->channels.v[r->writes.v[i]].readers, v))
			opens_channel(o, r->writes.v[i], HOP_CHANNEL);
	for (uint32_t i = 0; i < r->reads.n; i++)
		if (m->channels.v[r->reads.v[i]].ack && holds(&m->channels.v[r->reads.v[i]].writers, v))
			opens_channel(o, r->reads.v[i], HOP_ACK);
	for (uint32_t i = 0; i < r->gates.n; i++) {
		const struct m_gate *g = &m->gates.v[r->gates.v[i]];

		if (g->caller == u && g->callee == v)
			opens(o, HOP_GATE, r->gates.v[i], g->item->at, arena_printf(m->arena, "gate %s", g->name));
		if (g->callee == u && g->caller == v)
			opens(o, HOP_RETURN, r->gates.v[i], g->item->at,
			      arena_printf(m->arena, "gate %s, return", g->name));
	}
}

/* Between a role and the host, either way. */
static void host_hop(struct opening *o, uint32_t role, bool out)
{
	const struct model *m = o->m;
	const struct m_role *r = &m->roles.v[role];

	for (uint32_t i = 0; i < r->windows.n; i++) {
		const struct m_window *w = &m->windows.v[r->windows.v[i]];

		if (out ? w->out : w->in)
			opens(o, HOP_WINDOW, r->windows.v[i], w->item->at,
			      arena_printf(m->arena, "window %s", w->name));
	}
	for (uint32_t i = 0; r->control && i < r->control->attrs.n; i++) {
		const struct attr *a = &r->control->attrs.v[i];

		if (out || strcmp(a->word, "audit") != 0)
			opens(o, HOP_RIGHT, i, r->control->at, arena_printf(m->arena, "control %s", a->word));
	}
	if (!out && r->image == IMAGE_ANY)
		opens(o, HOP_IMAGE, role, r->item->at, "image any");
}

void flow_between(const struct model *m, uint32_t u, uint32_t v, struct flow_edges *out)
{
	struct opening o = { .m = m, .all = out };
	uint32_t first = out->n;

	if (u == v)
		return;
	if (v == m->roles.n)
		host_hop(&o, u, true);
	else if (u == m->roles.n)
		host_hop(&o, v, false);
	else
		role_to_role(&o, u, v);
	for (uint32_t i = first; i < out->n; i++) {
		out->v[i].from = u;
		out->v[i].to = v;
	}
}

static struct opening opening_of(const struct search *s, struct place u, struct place v)
{
	struct opening o = { .m = s->m };

	if (u.channel)
		opens_channel(&o, u.i, HOP_CHANNEL);
	else if (v.channel)
		opens_channel(&o, v.i, HOP_CHANNEL);
	else if (v.i == s->host)
		host_hop(&o, u.i, true);
	else if (u.i == s->host)
		host_hop(&o, v.i, false);
	else
		role_to_role(&o, u.i, v.i);
	return o;
}

/* Keep the place with the smaller name, among those at the wanted distance. */
static void prefer(const struct search *s, struct place *best, bool *any, struct place p, uint32_t want)
{
	if (place_dist(s, p) != want || (!p.channel && s->cut[p.i]))
		return;
	if (!*any || strcmp(place_name(s, p), place_name(s, *best)) < 0)
		*best = p;
	*any = true;
}

static void prefer_all(const struct search *s, struct place *best, bool *any, const struct indices *v,
		       uint32_t want)
{
	for (uint32_t i = 0; i < v->n; i++)
		prefer(s, best, any, (struct place){ false, v->v[i] }, want);
}

static struct place next_place(const struct search *s, struct place u, const struct m_side *to)
{
	const struct model *m = s->m;
	uint32_t want = place_dist(s, u) - 1;
	struct place best = { false, 0 };
	bool any = false;

	if (u.channel) {
		prefer_all(s, &best, &any, &m->channels.v[u.i].readers, want);
		return best;
	}
	if (u.i == s->host) {
		for (uint32_t i = 0; i < m->roles.n; i++)
			if (from_host(m, &m->roles.v[i]))
				prefer(s, &best, &any, (struct place){ false, i }, want);
		return best;
	}
	for (uint32_t i = 0; i < m->roles.v[u.i].writes.n; i++)
		prefer_all(s, &best, &any, &m->channels.v[m->roles.v[u.i].writes.v[i]].readers, want);
	for (uint32_t i = 0; i < m->roles.v[u.i].reads.n; i++)
		if (m->channels.v[m->roles.v[u.i].reads.v[i]].ack)
			prefer_all(s, &best, &any, &m->channels.v[m->roles.v[u.i].reads.v[i]].writers, want);
	for (uint32_t i = 0; i < m->roles.v[u.i].gates.n; i++) {
		const struct m_gate *g = &m->gates.v[m->roles.v[u.i].gates.v[i]];

		prefer(s, &best, &any, (struct place){ false, g->caller == u.i ? g->callee : g->caller }, want);
	}
	if (to_host(m, &m->roles.v[u.i]))
		prefer(s, &best, &any, (struct place){ false, s->host }, want);
	for (uint32_t i = 0; want == 0 && i < to->channels.n; i++) {
		struct place c = { true, to->channels.v[i] };

		if (holds(&m->channels.v[c.i].writers, u.i) &&
		    (!any || strcmp(place_name(s, c), place_name(s, best)) < 0)) {
			best = c;
			any = true;
		}
	}
	return best;
}

/* The nearest place of a side, smallest name first. False: none has a path. */
static bool nearest(const struct search *s, const struct m_side *side, struct place *out)
{
	uint32_t best = FAR;
	bool any = false;

	for (int pass = 0; pass < 2; pass++) {	/* first how near, then which */
		for (uint32_t i = 0; i < side->roles.n; i++) {
			struct place p = { false, side->roles.v[i] };

			if (pass == 0)
				best = place_dist(s, p) < best ? place_dist(s, p) : best;
			else
				prefer(s, out, &any, p, best);
		}
		for (uint32_t i = 0; i < side->channels.n; i++) {
			struct place p = { true, side->channels.v[i] };

			if (pass == 0)
				best = place_dist(s, p) < best ? place_dist(s, p) : best;
			else
				prefer(s, out, &any, p, best);
		}
		if (side->host) {
			struct place p = { false, s->host };

			if (pass == 0)
				best = place_dist(s, p) < best ? place_dist(s, p) : best;
			else
				prefer(s, out, &any, p, best);
		}
		if (best == FAR)
			return false;
	}
	return true;
}

/* ---- never ---- */

static void hint_pin(struct model *m, struct diag *g, const struct hop *h)
{
	if (strcmp(h->by, "image any") == 0)
		diag_hint(m->diags, g, "pin %s with `image \"FILE\"` or `measurement HASH`; pinning does not "
			  "mean trusting it", h->to);
}

/* Roles on the way that are trusted to release, but not by this claim. */
static void hint_release(struct model *m, struct diag *g, const struct verdict *v)
{
	for (uint32_t i = 1; i < v->path.n; i++) {
		struct sym *s = sym_find(m, v->path.v[i].from);

		if (s && s->kind == SYM_ROLE && m->roles.v[s->index].declassifies)
			diag_hint(m->diags, g, "%s declassifies: add it to `except via`, if what it passes on is "
				  "meant to get out", s->name);
	}
}

static void report_never(struct model *m, struct search *s, struct verdict *v)
{
	const struct m_claim *c = v->claim;
	const char *others = NULL;
	struct place p = { false, 0 };
	struct place end;
	struct diag *g;

	(void)nearest(s, &c->a, &p);
	end = p;
	for (uint32_t left = place_dist(s, p), n = 1; left > 0; left--, n++) {
		struct place q = next_place(s, end, &c->b);
		struct opening o = opening_of(s, end, q);

		*VEC_ADD(m->arena, &v->path) =
			(struct hop){ place_name(s, end), place_name(s, q), o.by, o.at };
		if (o.others)
			others = arena_printf(m->arena, others ? "%s; hop %u also by %s" : "%shop %u is also open by %s",
					      others ? others : "", n, o.others);
		end = q;
	}
	g = diag_error(m->diags, "P500", m->src, c->item->at,
		       "never claim is violated: %s can reach %s in %u hop%s", place_name(s, p),
		       place_name(s, end), v->path.n, v->path.n == 1 ? "" : "s");
	for (uint32_t i = 0; i < v->path.n; i++)
		*VEC_ADD(m->arena, &g->hops) = (struct diag_hop){ v->path.v[i].from, v->path.v[i].to,
								  v->path.v[i].by, m->src, v->path.v[i].at };
	for (uint32_t i = 0; i < v->path.n; i++)
		hint_pin(m, g, &v->path.v[i]);
	if (others)
		diag_hint(m->diags, g, "%s", others);
	hint_release(m, g, v);
}

static void check_never(struct model *m, struct search *s, struct verdict *v)
{
	const struct m_claim *c = v->claim;
	struct place p = { false, 0 };

	search_reset(s);
	for (uint32_t i = 0; i < c->via.n; i++)
		s->cut[c->via.v[i]] = true;
	search_to(s, &c->b);
	v->holds = !nearest(s, &c->a, &p);
	if (!v->holds)
		report_never(m, s, v);
}

/* ---- must ---- */

static void report_must(struct model *m, struct search *s, const struct m_claim *c, struct place from,
			struct place to, const struct m_side *target)
{
	struct diag *g = diag_error(m->diags, "P501", m->src, c->item->at, "no open path from '%s' to '%s'",
				    place_name(s, from), place_name(s, to));

	search_reset(s);
	search_to(s, target);
	if (place_dist(s, from) != FAR)
		diag_hint(m->diags, g, "only through the host");
	else
		diag_hint(m->diags, g, "nothing that '%s' can reach writes towards '%s'", place_name(s, from),
			  place_name(s, to));
}

/* Every element of one side, as a side of its own. */
static uint32_t split(const struct search *s, const struct m_side *side, struct place *out)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < side->roles.n; i++)
		out[n++] = (struct place){ false, side->roles.v[i] };
	for (uint32_t i = 0; i < side->channels.n; i++)
		out[n++] = (struct place){ true, side->channels.v[i] };
	if (side->host)
		out[n++] = (struct place){ false, s->host };
	return n;
}

static struct m_side side_of(const struct search *s, struct place *p)
{
	struct m_side one = { 0 };
	struct indices v = { .v = &p->i, .n = 1, .cap = 1 };

	if (p->channel)
		one.channels = v;
	else if (p->i == s->host)
		one.host = true;
	else
		one.roles = v;
	return one;
}

static void check_must(struct model *m, struct search *s, struct verdict *v)
{
	const struct m_claim *c = v->claim;
	uint32_t most = m->roles.n + m->channels.n + 1;
	struct place *a = arena_alloc(m->arena, most * sizeof(*a)), *b = arena_alloc(m->arena, most * sizeof(*b));
	uint32_t na = split(s, &c->a, a), nb = split(s, &c->b, b);

	v->holds = true;
	for (uint32_t k = 0; k < nb && v->holds; k++) {
		struct m_side target = side_of(s, &b[k]);

		search_reset(s);
		s->host_is_wall = true;
		search_to(s, &target);
		for (uint32_t i = 0; i < na && v->holds; i++) {
			v->holds = place_dist(s, a[i]) != FAR;
			if (!v->holds)
				report_must(m, s, c, a[i], b[k], &target);
		}
	}
}

/* ---- warnings about claims that hold ---- */

/* Is a declassifier of the claim on some way from A to B at all? */
static void warn_exceptions(struct model *m, struct search *s, const struct m_claim *c)
{
	for (uint32_t i = 0; i < c->via.n; i++) {
		struct m_side via = { .roles = { .v = &c->via.v[i], .n = 1, .cap = 1 } };
		struct place p = { false, 0 };
		bool into, out;

		search_reset(s);
		search_to(s, &via);
		into = nearest(s, &c->a, &p);
		search_reset(s);
		search_to(s, &c->b);
		out = s->dist[c->via.v[i]] != FAR;
		if (!into || !out)
			diag_warning(m->diags, "W903", m->src, c->item->at,
				     "'%s' is on no path of this claim", m->roles.v[c->via.v[i]].name);
	}
}

/* A claim that holds only because nothing leaves A, or nothing enters B, says little. */
static void warn_empty_end(struct model *m, struct search *s, const struct m_claim *c)
{
	bool enters = false, leaves = c->a.host || c->a.channels.n != 0;

	for (uint32_t i = 0; i < c->a.roles.n; i++) {
		const struct m_role *r = &m->roles.v[c->a.roles.v[i]];

		leaves = leaves || r->writes.n || r->gates.n || to_host(m, r);
		for (uint32_t k = 0; k < r->reads.n; k++)
			leaves = leaves || m->channels.v[r->reads.v[k]].ack;
	}
	search_reset(s);
	search_to(s, &c->b);
	for (uint32_t i = 0; i <= m->roles.n; i++)
		enters = enters || s->dist[i] == 1;
	if (!leaves || !enters)
		diag_warning(m->diags, "W904", m->src, c->item->at,
			     "the claim holds only because %s: is a wire missing?",
			     leaves ? "nothing can reach its right side" : "its left side can reach nothing");
}

void flow_check(struct model *m, struct verdicts *out)
{
	struct search s;

	search_init(&s, m);
	for (uint32_t i = 0; i < m->claims.n; i++) {
		struct verdict v = { .claim = &m->claims.v[i] };

		if (v.claim->must) {
			check_must(m, &s, &v);
		} else {
			check_never(m, &s, &v);
			warn_exceptions(m, &s, v.claim);
			if (v.holds && v.claim->via.n == 0)
				warn_empty_end(m, &s, v.claim);
		}
		*VEC_ADD(m->arena, out) = v;
	}
}
