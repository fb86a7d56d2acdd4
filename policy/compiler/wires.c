/* SPDX-License-Identifier: Apache-2.0 */
/* Channels, windows, gates: P103, P105 and P301 to P324. */
#include <string.h>

#include "model.h"

static bool is_host(const struct end *e)
{
	return strcmp(e->role.name, "host") == 0;
}

struct span end_span(const struct end *e)
{
	return (struct span){ e->role.at.begin, e->port.name ? e->port.at.end : e->role.at.end };
}

bool end_roles(struct model *m, const struct end *e, struct indices *out)
{
	struct sym *s = sym_find(m, e->role.name);

	if (is_host(e)) {
		diag_error(m->diags, "P103", m->src, e->role.at, "'host' is no role, a role is needed here");
		return false;
	}
	if (!s) {
		sym_unknown(m, e->role);
		return false;
	}
	s->used = true;
	if (s->kind == SYM_BAD)
		return false;
	if (s->kind == SYM_SET && !e->port.name) {
		if (!spell_out(m, m->src, e->role.at, m->sets.v[s->index].roles.n))
			return false;
		for (uint32_t i = 0; i < m->sets.v[s->index].roles.n; i++)
			*VEC_ADD(m->arena, out) = m->sets.v[s->index].roles.v[i];
		return true;
	}
	if (s->kind != SYM_ROLE) {
		diag_error(m->diags, "P103", m->src, e->role.at, "'%s' is %s, a role is needed here",
			   s->name, sym_kind_text(s->kind));
		return false;
	}
	if (e->port.name && !m->roles.v[s->index].component) {
		diag_error(m->diags, "P607", m->src, end_span(e), "'%s' has no component, so no ports", s->name);
		return false;
	}
	*VEC_ADD(m->arena, out) = s->index;
	return true;
}

bool wire_size(struct model *m, const struct num *n, uint64_t *size)
{
	struct diag *g;

	if (!num_size(m, n, size))
		return false;
	if (is_page_multiple(*size))
		return true;
	g = diag_error(m->diags, "P301", m->src, n->at, "size must be a positive multiple of 4 KiB");
	page_multiple_hint(m, g, *size);
	return false;
}

/* ---- ends ---- */

/* A statement on its way into the model. */
struct wire {
	const struct item *item;
	enum port_kind kind;
	uint32_t index;			/* its own, among its kind */
};

/* The roles of one end, each at the port it names: P603 to P607. False after an error. */
static bool wire_end(struct model *m, const struct wire *w, const struct end *e, enum port_dir need,
		     struct indices *roles)
{
	bool ok = end_roles(m, e, roles);

	for (uint32_t i = 0; ok && i < roles->n; i++) {
		if (!m->roles.v[roles->v[i]].component)
			continue;
		if (e->port.name)
			return narrow_port(m, roles->v[i], e, w->kind, need, w->item, w->index);
		need_port(m, &m->roles.v[roles->v[i]], end_span(e));
		ok = false;
	}
	return ok;
}

/* ---- channels ---- */

static const struct attr *attr_of(const struct item *it, const char *word)
{
	for (uint32_t i = 0; i < it->attrs.n; i++)
		if (strcmp(it->attrs.v[i].word, word) == 0)
			return &it->attrs.v[i];
	return NULL;
}

static bool no_host(struct model *m, const struct end *e)
{
	struct diag *g;

	if (!is_host(e))
		return true;
	g = diag_error(m->diags, "P302", m->src, end_span(e), "the host cannot take part in a channel");
	diag_hint(m->diags, g, "a channel is protected memory; use `window`");
	return false;
}

/* All roles of one side. A role that stands twice is P105; host is P302. */
static bool channel_side(struct model *m, const struct wire *w, const struct ends *ends, enum port_dir need,
			 struct indices *out, struct port_names *ports)
{
	bool ok = true;

	new_list(m);
	for (uint32_t i = 0; i < ends->n; i++) {
		const struct end *e = &ends->v[i];
		struct indices more = { 0 };

		if (!no_host(m, e) || !wire_end(m, w, e, need, &more)) {
			ok = false;
			continue;
		}
		for (uint32_t k = 0; k < more.n; k++) {
			if (!list_add(m, more.v[k])) {
				diag_error(m->diags, "P105", m->src, end_span(e), "'%s' is listed twice",
					   m->roles.v[more.v[k]].name);
				ok = false;
				continue;
			}
			*VEC_ADD(m->arena, out) = more.v[k];
			*VEC_ADD(m->arena, ports) = e->port.name;
		}
	}
	return ok && out->n != 0;	/* a set whose members are all in error is empty */
}

/* Where a role stands in a list of ends; all of the list if it came in by a set. */
static struct span end_of(const struct model *m, const struct ends *ends, uint32_t role)
{
	for (uint32_t i = 0; i < ends->n; i++)
		if (strcmp(ends->v[i].role.name, m->roles.v[role].name) == 0)
			return end_span(&ends->v[i]);
	return (struct span){ ends->v[0].role.at.begin, end_span(&ends->v[ends->n - 1]).end };
}

/* Readers join the writers: with <-> all of them write, and nobody stands twice. */
static bool join_sides(struct model *m, const struct item *it, struct m_channel *c)
{
	bool alone = c->writers.n == 1 && c->readers.n == 1;
	struct diag *g;

	new_list(m);
	for (uint32_t i = 0; i < c->writers.n; i++)
		list_add(m, c->writers.v[i]);
	for (uint32_t i = 0; i < c->readers.n; i++) {
		if (list_add(m, c->readers.v[i])) {
			*VEC_ADD(m->arena, &c->writers) = c->readers.v[i];
			*VEC_ADD(m->arena, &c->writer_ports) = c->reader_ports.v[i];
		} else if (!alone) {
			g = diag_error(m->diags, "P304", m->src, end_of(m, &it->right, c->readers.v[i]),
				       "'%s' already takes part on this side", m->roles.v[c->readers.v[i]].name);
			diag_note(m->diags, g, m->src, end_of(m, &it->left, c->readers.v[i]), "here");
			diag_hint(m->diags, g, "with <-> each role stands once");
			return false;
		}
	}
	c->readers = c->writers;
	c->reader_ports = c->writer_ports;
	return true;
}

/* Somebody writes what somebody else reads. */
static bool connects(struct model *m, const struct item *it, const struct m_channel *c)
{
	struct diag *g;

	if (c->writers.n > 1 || c->readers.n > 1 || c->writers.v[0] != c->readers.v[0])
		return true;
	g = diag_error(m->diags, "P303", m->src, end_span(&it->right.v[0]), "channel '%s' connects nobody", c->name);
	diag_hint(m->diags, g, "name another role");
	return false;
}

static bool narrow_side(struct model *m, const struct item *it, const struct indices *roles,
			const struct port_names *ports)
{
	bool ok = true;

	for (uint32_t i = 0; i < roles->n; i++)
		if (ports->v[i])
			ok = narrow_size(m, &m->roles.v[roles->v[i]], ports->v[i], it) && ok;
	return ok;
}

static bool channel_attributes(struct model *m, const struct item *it, struct m_channel *c)
{
	const struct attr *ack = attr_of(it, "ack");
	struct diag *g;

	c->ack = ack != NULL;
	c->signal = attr_of(it, "signal") != NULL;
	c->keep = attr_of(it, "keep") != NULL;
	if (ack)
		c->ack_at = ack->at;
	if (!ack || !c->two_way)
		return true;
	g = diag_error(m->diags, "P305", m->src, ack->at, "a two-way channel already flows back");
	diag_hint(m->diags, g, "drop ack");
	return false;
}

void resolve_channel(struct model *m, const struct item *it)
{
	struct m_channel c = { .name = it->names.v[0].name, .at = it->names.v[0].at, .item = it,
			       .two_way = it->two_way };
	struct wire w = { it, PORT_CHANNEL, sym_find(m, c.name)->index };
	enum port_dir both = c.two_way ? DIR_INOUT : 0;
	bool ok = wire_size(m, &it->value, &c.size);

	ok = channel_side(m, &w, &it->left, DIR_OUT | both, &c.writers, &c.writer_ports) && ok;
	ok = channel_side(m, &w, &it->right, DIR_IN | both, &c.readers, &c.reader_ports) && ok;
	ok = channel_attributes(m, it, &c) && ok;
	if (!ok)
		return;
	ok = narrow_side(m, it, &c.writers, &c.writer_ports);
	ok = narrow_side(m, it, &c.readers, &c.reader_ports) && ok;
	if (ok && c.two_way)
		ok = join_sides(m, it, &c);
	if (ok && connects(m, it, &c))
		m->channels.v[w.index] = c;
}

/* ---- windows ---- */

static bool host_alone(const struct ends *e)
{
	return e->n == 1 && is_host(&e->v[0]);
}

/* The end that is not the host; NULL after P311, P312. */
static const struct ends *window_role(struct model *m, const struct item *it)
{
	const struct end *last = &it->right.v[it->right.n - 1];
	const struct ends *role = host_alone(&it->left) ? &it->right : &it->left;
	struct diag *g;

	if (host_alone(&it->left) != host_alone(&it->right) && !is_host(&role->v[0])) {
		if (role->n == 1)
			return role;
		g = diag_error(m->diags, "P312", m->src,
			       (struct span){ role->v[0].role.at.begin, end_span(&role->v[role->n - 1]).end },
			       "a window belongs to one role");
		diag_hint(m->diags, g, "one window a role: the host can copy anyway");
		return NULL;
	}
	g = diag_error(m->diags, "P311", m->src, (struct span){ it->left.v[0].role.at.begin, end_span(last).end },
		       "a window has host at exactly one end");
	diag_hint(m->diags, g, "between roles use `channel`");
	return NULL;
}

void resolve_window(struct model *m, const struct item *it)
{
	struct m_window w = { .name = it->names.v[0].name, .item = it };
	struct wire wire = { it, PORT_WINDOW, sym_find(m, w.name)->index };
	bool ok = wire_size(m, &it->value, &w.size);
	const struct ends *side = window_role(m, it);
	struct indices roles = { 0 };
	struct diag *g;

	if (!side)
		return;
	w.in = it->two_way || side == &it->right;
	w.out = it->two_way || side == &it->left;
	if (!wire_end(m, &wire, &side->v[0], (w.in ? DIR_IN : 0) | (w.out ? DIR_OUT : 0), &roles) || roles.n == 0)
		return;
	if (roles.n != 1) {
		g = diag_error(m->diags, "P312", m->src, end_span(&side->v[0]), "a window belongs to one role");
		diag_hint(m->diags, g, "one window a role: the host can copy anyway");
		return;
	}
	w.role = roles.v[0];
	w.port = side->v[0].port.name;
	if (ok && (!w.port || narrow_size(m, &m->roles.v[w.role], w.port, it)))
		m->windows.v[wire.index] = w;
}

/* ---- gates ---- */

static bool gate_end(struct model *m, const struct wire *w, const struct ends *ends, enum port_dir need, uint32_t *role)
{
	const struct end *e = &ends->v[0];
	struct indices roles = { 0 };
	struct diag *g;

	for (uint32_t i = 0; i < ends->n; i++)
		if (is_host(&ends->v[i])) {
			g = diag_error(m->diags, "P321", m->src, end_span(&ends->v[i]), "a gate joins two roles");
			diag_hint(m->diags, g, "use `control a { hostcall }`");
			return false;
		}
	if (ends->n == 1 && (!wire_end(m, w, e, need, &roles) || roles.n == 0))
		return false;
	if (ends->n != 1 || roles.n != 1) {
		g = diag_error(m->diags, "P324", m->src,
			       (struct span){ e->role.at.begin, end_span(&ends->v[ends->n - 1]).end },
			       "a gate has one caller and one callee");
		diag_hint(m->diags, g, "one gate a pair");
		return false;
	}
	*role = roles.v[0];
	return true;
}

static bool gate_count(struct model *m, const struct num *n, unsigned int *words)
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
	struct wire w = { it, PORT_GATE, sym_find(m, gate.name)->index };
	bool ok = gate_count(m, &it->value, &gate.args);

	gate.caller_port = it->left.v[0].port.name;
	gate.callee_port = it->right.v[0].port.name;
	ok = gate_count(m, &it->value2, &gate.results) && ok;
	ok = gate_end(m, &w, &it->left, DIR_OUT, &gate.caller) && ok;
	ok = gate_end(m, &w, &it->right, DIR_IN, &gate.callee) && ok;
	if (ok && gate.caller == gate.callee) {
		diag_error(m->diags, "P322", m->src, end_span(&it->right.v[0]), "a gate to itself");
		ok = false;
	}
	if (ok && gate.caller_port)
		ok = narrow_words(m, &m->roles.v[gate.caller], gate.caller_port, &gate);
	if (ok && gate.callee_port)
		ok = narrow_words(m, &m->roles.v[gate.callee], gate.callee_port, &gate);
	if (ok)
		m->gates.v[w.index] = gate;
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
