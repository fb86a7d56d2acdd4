/* SPDX-License-Identifier: Apache-2.0 */
/* Channels, windows, gates: P103, P105, P106 and P301 to P325. */
#include <string.h>

#include "model.h"

static bool is_host(const struct end *e)
{
	return strcmp(e->role.name, "host") == 0;
}

static struct span end_span(const struct end *e)
{
	return (struct span){ e->role.at.begin, e->port.name ? e->port.at.end : e->role.at.end };
}

bool end_roles(struct model *m, const struct end *e, struct indices *out)
{
	struct sym *s = sym_find(m, e->role.name);

	if (!s) {
		sym_unknown(m, e->role);
		return false;
	}
	s->used = true;
	if (s->kind == SYM_BAD)
		return false;
	if (s->kind == SYM_SET && !e->port.name) {
		for (uint32_t i = 0; i < m->sets.v[s->index].roles.n; i++)
			*VEC_ADD(m->arena, out) = m->sets.v[s->index].roles.v[i];
		return true;
	}
	if (s->kind != SYM_ROLE) {
		diag_error(m->diags, "P103", m->src, e->role.at, "'%s' is %s, a role is needed here",
			   s->name, sym_kind_text(s->kind));
		return false;
	}
	if (e->port.name) {
		diag_error(m->diags, "P607", m->src, end_span(e), "'%s' has no component, so no ports", s->name);
		return false;
	}
	*VEC_ADD(m->arena, out) = s->index;
	return true;
}

/* ---- channels ---- */

static const struct attr *attr_of(const struct item *it, const char *word)
{
	for (uint32_t i = 0; i < it->attrs.n; i++)
		if (strcmp(it->attrs.v[i].word, word) == 0)
			return &it->attrs.v[i];
	return NULL;
}

static bool contains(const struct indices *v, uint32_t x)
{
	for (uint32_t i = 0; i < v->n; i++)
		if (v->v[i] == x)
			return true;
	return false;
}

/* All roles of one side. A role that stands twice is P105; host is P302. */
static bool channel_side(struct model *m, const struct ends *ends, struct indices *out)
{
	bool ok = true;

	for (uint32_t i = 0; i < ends->n; i++) {
		const struct end *e = &ends->v[i];
		struct indices more = { 0 };
		struct diag *g;

		if (is_host(e)) {
			g = diag_error(m->diags, "P302", m->src, end_span(e),
				       "the host cannot take part in a channel");
			diag_hint(m->diags, g, "a channel is protected memory; use `window`");
			ok = false;
			continue;
		}
		if (!end_roles(m, e, &more)) {
			ok = false;
			continue;
		}
		for (uint32_t k = 0; k < more.n; k++) {
			if (contains(out, more.v[k])) {
				diag_error(m->diags, "P105", m->src, end_span(e), "'%s' is listed twice",
					   m->roles.v[more.v[k]].name);
				ok = false;
			} else {
				*VEC_ADD(m->arena, out) = more.v[k];
			}
		}
	}
	return ok;
}

static bool two_way_sides(struct model *m, const struct item *it, struct m_channel *c)
{
	bool ok = true;

	for (uint32_t i = 0; i < c->readers.n; i++) {
		uint32_t r = c->readers.v[i];
		struct diag *g;

		if (contains(&c->writers, r) && c->writers.n + c->readers.n > 2) {
			g = diag_error(m->diags, "P304", m->src, it->right.v[0].role.at,
				       "'%s' already takes part on this side", m->roles.v[r].name);
			diag_hint(m->diags, g, "with <-> each role stands once");
			ok = false;
		} else if (!contains(&c->writers, r)) {
			*VEC_ADD(m->arena, &c->writers) = r;
		}
	}
	c->readers = c->writers;
	return ok;
}

static bool connects(const struct m_channel *c)
{
	for (uint32_t w = 0; w < c->writers.n; w++)
		for (uint32_t r = 0; r < c->readers.n; r++)
			if (c->writers.v[w] != c->readers.v[r])
				return true;
	return false;
}

static bool channel_size(struct model *m, const struct item *it, uint64_t *size)
{
	struct diag *g;

	if (!num_size(m, &it->value, size))
		return false;
	if (is_page_multiple(*size))
		return true;
	g = diag_error(m->diags, "P301", m->src, it->value.at, "size must be a positive multiple of 4 KiB");
	page_multiple_hint(m, g, *size);
	return false;
}

void resolve_channel(struct model *m, const struct item *it)
{
	struct m_channel c = { .name = it->names.v[0].name, .at = it->names.v[0].at, .item = it,
			       .two_way = it->two_way };
	struct diag *g;
	bool ok = channel_size(m, it, &c.size);

	ok = channel_side(m, &it->left, &c.writers) && ok;
	ok = channel_side(m, &it->right, &c.readers) && ok;
	if (ok && c.two_way)
		ok = two_way_sides(m, it, &c);
	if (ok && !connects(&c)) {
		g = diag_error(m->diags, "P303", m->src, it->right.v[0].role.at, "channel '%s' connects nobody",
			       c.name);
		diag_hint(m->diags, g, "name another role");
		ok = false;
	}
	c.ack = attr_of(it, "ack") != NULL;
	c.signal = attr_of(it, "signal") != NULL;
	c.keep = attr_of(it, "keep") != NULL;
	if (c.ack)
		c.ack_at = attr_of(it, "ack")->at;
	if (c.ack && c.two_way) {
		g = diag_error(m->diags, "P305", m->src, c.ack_at, "a two-way channel already flows back");
		diag_hint(m->diags, g, "drop ack");
		ok = false;
	}
	if (ok)
		m->channels.v[sym_find(m, c.name)->index] = c;
}

/* ---- windows ---- */

void resolve_window(struct model *m, const struct item *it)
{
	const struct end *l = &it->left.v[0], *r = &it->right.v[0], *role;
	bool one = it->left.n == 1 && it->right.n == 1;
	struct m_window w = { .name = it->names.v[0].name, .item = it };
	struct indices roles = { 0 };
	struct diag *g;
	bool ok = channel_size(m, it, &w.size);

	if (!one || is_host(l) == is_host(r)) {
		g = diag_error(m->diags, "P311", m->src, (struct span){ l->role.at.begin, r->role.at.end },
			       "a window has host at exactly one end");
		diag_hint(m->diags, g, "between roles use `channel`");
		return;
	}
	role = is_host(l) ? r : l;
	if (!end_roles(m, role, &roles))
		return;
	if (roles.n != 1) {
		g = diag_error(m->diags, "P312", m->src, end_span(role), "a window belongs to one role");
		diag_hint(m->diags, g, "one window a role: the host can copy anyway");
		return;
	}
	w.role = roles.v[0];
	w.in = it->two_way || is_host(l);
	w.out = it->two_way || is_host(r);
	if (ok)
		m->windows.v[sym_find(m, w.name)->index] = w;
}

/* ---- gates ---- */

static bool gate_end(struct model *m, const struct end *e, uint32_t *role)
{
	struct indices roles = { 0 };
	struct diag *g;

	if (is_host(e)) {
		g = diag_error(m->diags, "P321", m->src, end_span(e), "a gate joins two roles");
		diag_hint(m->diags, g, "use `control a { hostcall }`");
		return false;
	}
	if (!end_roles(m, e, &roles))
		return false;
	if (roles.n != 1) {
		g = diag_error(m->diags, "P324", m->src, end_span(e), "a gate has one caller and one callee");
		diag_hint(m->diags, g, "one gate a pair");
		return false;
	}
	*role = roles.v[0];
	return true;
}

static bool gate_words(struct model *m, const struct num *n, unsigned int *words)
{
	struct diag *g;
	uint64_t v;

	if (!num_count(m, n, &v))
		return false;
	if (v > MICA_GATE_WORDS) {
		g = diag_error(m->diags, "P323", m->src, n->at, "a gate carries at most %d words each way",
			       MICA_GATE_WORDS);
		diag_hint(m->diags, g, "pass a channel offset instead");
		return false;
	}
	*words = (unsigned int)v;
	return true;
}

void resolve_gate(struct model *m, const struct item *it)
{
	struct m_gate gate = { .name = it->names.v[0].name, .item = it };
	bool ok = gate_words(m, &it->value, &gate.args);

	ok = gate_words(m, &it->value2, &gate.results) && ok;
	ok = gate_end(m, &it->left.v[0], &gate.caller) && ok;
	ok = gate_end(m, &it->right.v[0], &gate.callee) && ok;
	if (ok && gate.caller == gate.callee) {
		diag_error(m->diags, "P322", m->src, it->right.v[0].role.at, "a gate to itself");
		ok = false;
	}
	if (ok)
		m->gates.v[sym_find(m, gate.name)->index] = gate;
}

/* ---- all wires ---- */

static void index_channel(struct model *m, uint32_t i)
{
	const struct m_channel *c = &m->channels.v[i];
	bool restarts = false;

	for (uint32_t k = 0; k < c->writers.n; k++) {
		struct m_role *r = &m->roles.v[c->writers.v[k]];

		*VEC_ADD(m->arena, &r->writes) = i;
		r->used = true;
		restarts = restarts || r->restart;
	}
	for (uint32_t k = 0; k < c->readers.n; k++) {
		struct m_role *r = &m->roles.v[c->readers.v[k]];

		*VEC_ADD(m->arena, &r->reads) = i;
		r->used = true;
		restarts = restarts || r->restart;
	}
	if (c->keep && !restarts)
		diag_error(m->diags, "P306", m->src, attr_of(c->item, "keep")->at,
			   "'keep' has no meaning: no participant restarts");
}

/* Per-role lists of what a role takes part in; rules that need every realm known. */
void check_wires(struct model *m)
{
	for (uint32_t i = 0; i < m->channels.n; i++)
		if (m->channels.v[i].item)
			index_channel(m, i);
	for (uint32_t i = 0; i < m->windows.n; i++)
		if (m->windows.v[i].item) {
			*VEC_ADD(m->arena, &m->roles.v[m->windows.v[i].role].windows) = i;
			m->roles.v[m->windows.v[i].role].used = true;
		}
	for (uint32_t i = 0; i < m->gates.n; i++) {
		const struct m_gate *g = &m->gates.v[i];

		if (!g->item)
			continue;
		*VEC_ADD(m->arena, &m->roles.v[g->caller].gates) = i;
		*VEC_ADD(m->arena, &m->roles.v[g->callee].gates) = i;
		m->roles.v[g->callee].serves++;
		m->roles.v[g->caller].used = m->roles.v[g->callee].used = true;
	}
}
