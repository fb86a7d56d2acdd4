/* SPDX-License-Identifier: Apache-2.0 */
/* Claims, proved or refuted: P500, P501, P618, and W903, W904 of those that hold. */
#include <string.h>

#include "search.h"

#define ALSO_MAX 8			/* hops of a path about which hints say more */

/* ---- what a violation says ---- */

/* A claim up to its exception: what is violated. */
static struct span claimed(const struct item *it)
{
	const struct refs *b = &it->b;
	struct span at = { it->at.begin, b->v[b->n - 1].at.end };

	/* the brace after a list belongs to it */
	for (uint32_t i = at.end; i < it->at.end; i++) {
		char c = it->src->text[i];

		if (c == '}')
			at.end = i + 1;
		if (c == '}' || (c != ' ' && c != '\t' && c != '\n'))
			break;
	}
	return at;
}

static struct diag *violated(struct model *m, const struct m_claim *c, const char *what)
{
	const struct m_role *r;
	struct diag *g;

	if (c->role == NO_ROLE)
		return diag_error(m->diags, c->must ? "P501" : "P500", c->item->src, claimed(c->item), "%s%s",
				  c->must ? "" : "never claim is violated: ", what);
	r = &m->roles.v[c->role];
	g = diag_error(m->diags, "P618", c->item->src, claimed(c->item), "requirement of '%s' is violated: %s", r->name, what);
	diag_note(m->diags, g, m->src, r->at, "required by the component of this role");
	return g;
}

static void hint_pin(struct model *m, struct diag *g, const struct hop *h)
{
	if (strcmp(h->by, "image any") == 0)
		diag_hint(m->diags, g, "pin %s with `image \"FILE\"` or `measurement HASH`; pinning does not "
			  "mean trusting it", h->to);
}

/* What surprises most: to acknowledge is to write. */
static void hint_ack(struct model *m, struct diag *g, const struct verdict *v)
{
	unsigned int told = 0;

	for (uint32_t i = 0; i < v->path.n; i++)
		if (v->path.v[i].ack_of && told++ < ALSO_MAX)
			diag_hint(m->diags, g, "hop %u goes against channel %s, whose `ack` is a page that its readers write; without "
				  "`ack` there is no such way", i + 1, v->path.v[i].ack_of);
}

/* Roles on the way that are trusted to release, but not by this claim. */
static void hint_release(struct model *m, struct diag *g, const struct verdict *v)
{
	for (uint32_t i = 1; i < v->path.n && v->claim->role == NO_ROLE; i++) {
		struct sym *s = sym_find(m, v->path.v[i].from);

		if (s && s->kind == SYM_ROLE && m->roles.v[s->index].declassifies)
			diag_hint(m->diags, g, "%s declassifies: add it to `except via`, if what it passes on is "
				  "meant to get out", s->name);
	}
}

/* ---- never ---- */

/* The path from @from, hop by hop; if it is @kept. Its last place. */
static struct place walk(struct model *m, const struct search *s, struct verdict *v, struct place from, bool kept,
			 const char **others)
{
	struct place end = from;
	unsigned int told = 0;

	for (uint32_t left = place_dist(s, from), n = 1; left > 0; left--, n++) {
		struct place q = next_place(s, end, &v->claim->b);
		struct opening o;

		if (kept) {
			o = opening_of(m, end, q);
			*VEC_ADD(m->arena, &v->path) =
				(struct hop){ place_name(m, end), place_name(m, q), o.by, o.at, o.src, o.ack_of };
			if (o.others && told++ < ALSO_MAX)
				*others = arena_printf(m->arena, *others ? "%s; hop %u also by %s" :
						       "%shop %u is also open by %s", *others ? *others : "", n, o.others);
		}
		end = q;
	}
	return end;
}

static void report_never(struct model *m, struct search *s, struct verdict *v)
{
	const struct m_claim *c = v->claim;
	const char *others = NULL;
	struct place p = { false, 0 }, end;
	struct diag *g;
	uint32_t hops;
	bool kept;

	(void)nearest(s, &c->a, &p);
	hops = place_dist(s, p);
	kept = hops <= s->hops_left;
	end = walk(m, s, v, p, kept, &others);
	g = violated(m, c, arena_printf(m->arena, "%s can reach %s in %u hop%s", place_name(m, p), place_name(m, end),
					hops, hops == 1 ? "" : "s"));
	if (!kept)
		diag_hint(m->diags, g, "the paths of the claims before it took all the room for paths there is");
	s->hops_left -= kept ? hops : 0;
	for (uint32_t i = 0; i < v->path.n; i++)
		*VEC_ADD(m->arena, &g->hops) = (struct diag_hop){ v->path.v[i].from, v->path.v[i].to,
								  v->path.v[i].by, v->path.v[i].src, v->path.v[i].at };
	for (uint32_t i = 0; i < v->path.n; i++)
		hint_pin(m, g, &v->path.v[i]);
	if (others)
		diag_hint(m->diags, g, "%s", others);
	hint_ack(m, g, v);
	hint_release(m, g, v);
}

static void check_never(struct model *m, struct search *s, struct verdict *v)
{
	const struct m_claim *c = v->claim;
	struct place p = { false, 0 };

	search(s, &c->b, &c->via, false, false);
	v->holds = !nearest(s, &c->a, &p);
	if (!v->holds)
		report_never(m, s, v);
}

/* ---- must ---- */

/* Every element of one side, as a side of its own. */
static uint32_t split(struct model *m, const struct m_side *side, struct place **places)
{
	struct place *out = arena_alloc(m->arena, (side->roles.n + side->channels.n + 1) * sizeof(*out));
	uint32_t n = 0;

	*places = out;
	for (uint32_t i = 0; i < side->roles.n; i++)
		out[n++] = (struct place){ false, side->roles.v[i] };
	for (uint32_t i = 0; i < side->channels.n; i++)
		out[n++] = (struct place){ true, side->channels.v[i] };
	if (side->host)
		out[n++] = (struct place){ false, m->roles.n };
	return n;
}

static struct m_side side_of(const struct model *m, struct place *p)
{
	struct m_side one = { 0 };
	struct indices v = { .v = &p->i, .n = 1, .cap = 1 };

	if (p->channel)
		one.channels = v;
	else if (p->i == m->roles.n)
		one.host = true;
	else
		one.roles = v;
	return one;
}

/* The last role on the way that passes nothing on; NULL if there is none. */
static const char *dead_end(const struct search *s)
{
	for (uint32_t i = s->tail; i > 0; i--)
		if (s->queue[i - 1] != s->host && !has_hop_out(s, s->queue[i - 1]))
			return s->m->roles.v[s->queue[i - 1]].name;
	return NULL;
}

static void report_must(struct model *m, struct search *s, const struct m_claim *c, struct place from, struct place to)
{
	struct m_side a = side_of(m, &from);
	const char *stop;
	struct diag *g = violated(m, c, arena_printf(m->arena, "no open path from '%s' to '%s'", place_name(m, from),
						     place_name(m, to)));

	search(s, &a, NULL, true, false);
	if (place_dist(s, to) != FAR) {
		diag_hint(m->diags, g, "only through the host");
		return;
	}
	search(s, &a, NULL, true, true);
	stop = dead_end(s);
	if (stop)
		diag_hint(m->diags, g, "stops at '%s', which writes nothing", stop);
	else
		diag_hint(m->diags, g, "nothing that '%s' can reach writes towards '%s'", place_name(m, from),
			  place_name(m, to));
}

static bool all_reached(const struct search *s, const struct place *v, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (place_dist(s, v[i]) == FAR)
			return false;
	return true;
}

/* Does everything on the left reach one role, and that everything on the right? Two searches instead of one for each place. */
static bool through_one(struct search *s, const struct m_side *role, const struct place *a, uint32_t na, const struct place *b,
			uint32_t nb)
{
	struct m_side one = { .roles = { .v = role->roles.v, .n = 1, .cap = 1 } };

	if (role->roles.n == 0)
		return false;
	search(s, &one, NULL, false, true);
	if (!all_reached(s, a, na))
		return false;
	search(s, &one, NULL, true, true);
	return all_reached(s, b, nb);
}

/* One search for each place of the smaller side, if it takes that. */
static void check_must(struct model *m, struct search *s, struct verdict *v)
{
	const struct m_claim *c = v->claim;
	struct place *a, *b;
	uint32_t na = split(m, &c->a, &a), nb = split(m, &c->b, &b);
	bool forward = na < nb;

	v->holds = true;
	if (na > 1 && nb > 1 && (through_one(s, &c->a, a, na, b, nb) || through_one(s, &c->b, a, na, b, nb)))
		return;
	for (uint32_t i = 0; i < (forward ? na : nb) && v->holds; i++) {
		struct m_side one = side_of(m, forward ? &a[i] : &b[i]);

		search(s, &one, NULL, forward, true);
		for (uint32_t k = 0; k < (forward ? nb : na) && v->holds; k++) {
			v->holds = place_dist(s, forward ? b[k] : a[k]) != FAR;
			if (!v->holds)
				report_must(m, s, c, forward ? a[i] : a[k], forward ? b[k] : b[i]);
		}
	}
}

/* ---- warnings about claims that hold ---- */

/* Is a declassifier of the claim on some way from A to B at all? */
static void warn_exceptions(struct model *m, struct search *s, const struct m_claim *c)
{
	bool *reached = arena_alloc(m->arena, c->via.n + 1);

	search(s, &c->a, NULL, true, false);
	for (uint32_t i = 0; i < c->via.n; i++)
		reached[i] = s->dist[c->via.v[i]] != FAR;
	search(s, &c->b, NULL, false, false);
	for (uint32_t i = 0; i < c->via.n; i++)
		if (!reached[i] || s->dist[c->via.v[i]] == FAR)
			diag_warning(m->diags, "W903", m->src, c->item->at,
				     "'%s' is on no path of this claim", m->roles.v[c->via.v[i]].name);
}

/* A claim that holds only because nothing leaves A, or nothing enters B, says little. */
static bool warn_empty_end(struct model *m, const struct search *s, const struct m_claim *c)
{
	bool leaves = c->a.channels.n != 0 || (c->a.host && has_hop_out(s, s->host));
	bool enters = c->b.channels.n != 0 || (c->b.host && has_hop_in(s, s->host));

	for (uint32_t i = 0; i < c->a.roles.n && !leaves; i++)
		leaves = has_hop_out(s, c->a.roles.v[i]);
	for (uint32_t i = 0; i < c->b.roles.n && !enters; i++)
		enters = has_hop_in(s, c->b.roles.v[i]);
	if (leaves && enters)
		return false;
	diag_warning(m->diags, "W904", m->src, c->item->at, "the claim holds only because %s: is a wire missing?",
		     leaves ? "nothing can reach its right side" : "its left side can reach nothing");
	return true;
}

/* The workflow's own claims: what a component's author requires, the tenant cannot change. */
static void warn_claim(struct model *m, struct search *s, const struct verdict *v)
{
	if (v->claim->must || v->claim->role != NO_ROLE)
		return;
	if (v->holds && warn_empty_end(m, s, v->claim))
		return;
	if (v->claim->via.n)
		warn_exceptions(m, s, v->claim);
}

void flow_check(struct model *m, struct verdicts *out)
{
	struct search s;

	search_init(&s, m);
	s.hops_left = HOPS_MAX;
	for (uint32_t i = 0; i < m->claims.n; i++) {
		struct verdict v = { .claim = &m->claims.v[i] };

		if (v.claim->must)
			check_must(m, &s, &v);
		else
			check_never(m, &s, &v);
		warn_claim(m, &s, &v);
		*VEC_ADD(m->arena, out) = v;
	}
}
