/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims as sets: a never claim implies another if it forbids at least as much. An old claim that no new one implies is a
 * promise taken back, whatever the graph does; that is said even where no edge changed.
 */
#include <string.h>

#include "diff.h"

#define TEXT(d, ...)	((const char *)arena_printf((d)->arena, __VA_ARGS__))

/* Every member of @a (of the old policy, unless @same) that still exists is in @b. */
static bool subset(const uint32_t *map, const struct indices *a, const struct indices *b, bool ignore_gone)
{
	for (uint32_t i = 0; i < a->n; i++) {
		uint32_t x = map[a->v[i]];

		if (x == NOBODY ? !ignore_gone : !has_index(b, x))
			return false;
	}
	return true;
}

static bool side_in(uint32_t *const *map, const struct m_side *a, const struct m_side *b)
{
	return subset(map[PART_ROLE], &a->roles, &b->roles, true) && subset(map[PART_CHANNEL], &a->channels, &b->channels, true) &&
	       (!a->host || b->host);
}

static bool side_gone(uint32_t *const *map, const struct m_side *a)
{
	bool gone = !a->host;

	for (uint32_t i = 0; i < a->roles.n; i++)
		gone = gone && map[PART_ROLE][a->roles.v[i]] == NOBODY;
	for (uint32_t i = 0; i < a->channels.n; i++)
		gone = gone && map[PART_CHANNEL][a->channels.v[i]] == NOBODY;
	return gone;
}

/* Does @strong (of the policy that @map leads to) forbid, or demand, all that @weak does? */
static bool implies(uint32_t *const *map, uint32_t *const *back, const struct m_claim *strong, const struct m_claim *weak)
{
	return strong->must == weak->must && side_in(map, &weak->a, &strong->a) && side_in(map, &weak->b, &strong->b) &&
	       subset(back[PART_ROLE], &strong->via, &weak->via, false);
}

static bool same_side(const struct diff *d, const struct m_side *old, const struct m_side *new)
{
	return side_in(d->pairs.to_new, old, new) && side_in(d->pairs.to_old, new, old);
}

/* Does some claim of the other policy imply this one? */
static bool implied(const struct diff *d, const struct m_claim *c, bool old)
{
	const struct verdicts *v = old ? &d->pairs.new->p->verdicts : &d->pairs.old->p->verdicts;
	uint32_t *const *map = old ? d->pairs.to_new : d->pairs.to_old, *const *back = old ? d->pairs.to_old : d->pairs.to_new;

	for (uint32_t i = 0; i < v->n; i++)
		if (implies(map, back, v->v[i].claim, c))
			return true;
	return false;
}

/* The new claim that took an old one's place: as many equal sides as possible, and not one that was there before. */
static const struct verdict *successor(const struct diff *d, const struct m_claim *c, const bool *used)
{
	const struct verdicts *v = &d->pairs.new->p->verdicts;
	const struct verdict *best = NULL;
	int best_score = 0;

	for (uint32_t i = 0; i < v->n; i++) {
		const struct m_claim *n = v->v[i].claim;
		int score = same_side(d, &c->a, &n->a) + same_side(d, &c->b, &n->b);

		if (n->must == c->must && !used[i] && score > best_score && !implied(d, n, false)) {
			best = &v->v[i];
			best_score = score;
		}
		/* a claim with the same ends and more exceptions is implied by the old one, and is what took its place */
		if (n->must == c->must && !used[i] && score == 2 && best_score < 2) {
			best = &v->v[i];
			best_score = 2;
		}
	}
	return best;
}

/* "except via ..." of a claim's text, or what there is instead. */
static const char *except(const char *text)
{
	const char *at = strstr(text, "except via");

	return at ? at : "without exception";
}

static void lost(struct diff *d, const struct verdict *o, bool *used)
{
	const struct verdict *n = successor(d, o->claim, used);
	const char *text = graph_text(d->pairs.old, o->claim->item->src, o->claim->item->at), *then = "gone";
	bool ends;

	if (n) {
		used[n - d->pairs.new->p->verdicts.v] = true;
		ends = same_side(d, &o->claim->a, &n->claim->a) && same_side(d, &o->claim->b, &n->claim->b);
		then = graph_text(d->pairs.new, n->claim->item->src, n->claim->item->at);
		if (ends)
			then = except(then);
	}
	diff_add(d, '~', CHANGE_CLAIM, text, n ? TEXT(d, "->  %s", then) : then, o->claim->must ? "" : "(weaker)")->widens = !o->claim->must;
}

/* The same claim in the new policy, if it is there: does it still fare as it did? */
static void kept(struct diff *d, const struct verdict *o)
{
	const struct verdicts *v = &d->pairs.new->p->verdicts;

	for (uint32_t i = 0; i < v->n; i++) {
		const struct verdict *n = &v->v[i];
		const char *text = graph_text(d->pairs.new, n->claim->item->src, n->claim->item->at);

		if (!implies(d->pairs.to_new, d->pairs.to_old, n->claim, o->claim) ||
		    !implies(d->pairs.to_old, d->pairs.to_new, o->claim, n->claim))
			continue;
		if (o->holds && !n->holds)
			diff_add(d, '+', CHANGE_CLAIM, text, "held, is violated now", "");
		if (!o->holds && n->holds)
			diff_add(d, '-', CHANGE_CLAIM, text, "was violated, holds now", "");
		return;
	}
}

static void old_claims(struct diff *d, bool *used)
{
	const struct verdicts *v = &d->pairs.old->p->verdicts;

	for (uint32_t i = 0; i < v->n; i++) {
		const struct m_claim *c = v->v[i].claim;

		if (side_gone(d->pairs.to_new, &c->a) || side_gone(d->pairs.to_new, &c->b))
			diff_add(d, '~', CHANGE_CLAIM, graph_text(d->pairs.old, c->item->src, c->item->at), "gone, as what it names", "");
		else if (!implied(d, c, true))
			lost(d, &v->v[i], used);
		else
			kept(d, &v->v[i]);
	}
}

void diff_claims(struct diff *d)
{
	const struct verdicts *v = &d->pairs.new->p->verdicts;
	bool *used = arena_alloc(d->arena, v->n + 1);

	old_claims(d, used);
	for (uint32_t i = 0; i < v->n; i++)
		if (!used[i] && !implied(d, v->v[i].claim, false))
			diff_add(d, '~', CHANGE_CLAIM, graph_text(d->pairs.new, v->v[i].claim->item->src, v->v[i].claim->item->at), "new",
				 v->v[i].claim->must ? "" : v->v[i].holds ? "(stronger)" : "(violated)");
}
