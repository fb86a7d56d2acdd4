/* SPDX-License-Identifier: Apache-2.0 */
/* What is no error and yet worth a look, in a policy without errors: W901, W902, W905 to W909, W912. */
#include <stdlib.h>
#include <string.h>

#include "model.h"

/* ---- roles ---- */

static void warn_roles(struct model *m)
{
	new_list(m);
	for (uint32_t i = 0; i < m->claims.n; i++)
		for (uint32_t k = 0; k < m->claims.v[i].via.n; k++)
			(void)list_add(m, m->claims.v[i].via.v[k]);
	for (uint32_t i = 0; i < m->roles.n; i++) {
		const struct m_role *r = &m->roles.v[i];

		if (r->declassifies && !in_list(m, i))
			diag_warning(m->diags, "W901", m->src, r->declassifies_at,
				     "'%s' declassifies, but no claim names it", r->name);
		if (r->image == IMAGE_ANY && (r->windows.n || r->rights))
			diag_warning(m->diags, "W902", m->src, r->at,
				     "'%s' runs unknown code and can talk to the host", r->name);
		if (!r->used)
			diag_warning(m->diags, "W907", m->src, r->at, "'%s' has no connection", r->name);
	}
}

static void warn_ports(struct model *m)
{
	static const char *const what[] = { [PORT_CHANNEL] = "port", [PORT_WINDOW] = "window", [PORT_GATE] = "gate" };

	for (uint32_t i = 0; i < m->roles.n; i++) {
		const struct m_role *r = &m->roles.v[i];

		for (uint32_t k = 0; r->component && k < r->component->ports.n; k++) {
			const struct m_port *p = &r->component->ports.v[k];
			struct diag *g;

			if (r->wired[k].item)
				continue;
			g = diag_warning(m->diags, "W905", m->src, r->at, "%s '%s' of '%s' is not wired", what[p->kind],
					 p->name, r->name);
			diag_note(m->diags, g, &r->component->src, p->at, "declared here");
		}
	}
}

/* ---- gates ---- */

/* Callers reach callees. Which role a walk came from, so that a cycle can be named; roles.n: not reached. */
static void walk_calls(const struct model *m, uint32_t from, uint32_t *came, uint32_t *queue)
{
	uint32_t head = 0, tail = 0;

	for (uint32_t i = 0; i < m->roles.n; i++)
		came[i] = m->roles.n;
	came[from] = from;
	queue[tail++] = from;
	while (head < tail) {
		uint32_t u = queue[head++];

		for (uint32_t i = 0; i < m->roles.v[u].gates.n; i++) {
			const struct m_gate *g = &m->gates.v[m->roles.v[u].gates.v[i]];

			if (g->caller != u || came[g->callee] != m->roles.n)
				continue;
			came[g->callee] = u;
			queue[tail++] = g->callee;
		}
	}
}

/* Roles that no cycle of calls can contain drop out, one after the other; what is left has one. */
static void drop_callers(const struct model *m, uint32_t *calls, uint32_t *queue)
{
	uint32_t head = 0, tail = 0;

	for (uint32_t i = 0; i < m->gates.n; i++)
		calls[m->gates.v[i].caller]++;
	for (uint32_t i = 0; i < m->roles.n; i++)
		if (calls[i] == 0)
			queue[tail++] = i;
	while (head < tail) {
		uint32_t v = queue[head++];

		for (uint32_t i = 0; i < m->roles.v[v].gates.n; i++) {
			const struct m_gate *g = &m->gates.v[m->roles.v[v].gates.v[i]];

			if (g->callee == v && --calls[g->caller] == 0)
				queue[tail++] = g->caller;
		}
	}
}

/* "a => b => a", backwards from the caller of the gate that closes the cycle. */
static void warn_cycle(struct model *m, const struct m_gate *gate, const uint32_t *came)
{
	const char *s = m->roles.v[gate->callee].name;
	uint32_t shown = 0;
	struct diag *g;

	for (uint32_t u = gate->caller; u != gate->callee; u = came[u])
		if (++shown <= 8)
			s = arena_printf(m->arena, "%s => %s", m->roles.v[u].name, s);
	s = arena_printf(m->arena, "%s%s => %s", m->roles.v[gate->callee].name, shown > 8 ? " => ..." : "", s);
	g = diag_warning(m->diags, "W906", m->src, gate->item->at, "gates form a cycle: %s", s);
	diag_hint(m->diags, g, "a nested call into a role that is waiting may be refused");
}

/* One warning for the first gate in the file that stands in a cycle. */
static void warn_gates(struct model *m)
{
	uint32_t *calls = arena_alloc(m->arena, (m->roles.n + 1) * sizeof(*calls));
	uint32_t *queue = arena_alloc(m->arena, (m->roles.n + 1) * sizeof(*queue));
	uint32_t *came = arena_alloc(m->arena, (m->roles.n + 1) * sizeof(*came));

	drop_callers(m, calls, queue);
	for (uint32_t i = 0; i < m->gates.n; i++) {
		const struct m_gate *g = &m->gates.v[i];

		if (calls[g->caller] == 0 || calls[g->callee] == 0)
			continue;
		walk_calls(m, g->callee, came, queue);
		if (came[g->caller] == m->roles.n)
			continue;		/* leads to a cycle, is in none */
		warn_cycle(m, g, came);
		return;
	}
}

/* ---- names and claims ---- */

static void warn_unused(struct model *m)
{
	for (uint32_t i = 0; i < m->table_size; i++)
		for (const struct sym *s = m->table[i]; s; s = s->next)
			if (!s->used && (s->kind == SYM_SET || s->kind == SYM_CONST))
				diag_warning(m->diags, "W909", m->src, s->at, "'%s' is not used", s->name);
}

/* The next character that is neither blank nor comment; 0 at the end. */
static char next_char(const char *s, uint32_t *i, uint32_t end)
{
	while (*i < end && (s[*i] == ' ' || s[*i] == '\t' || s[*i] == '\n' || s[*i] == '#'))
		if (s[(*i)++] == '#')
			while (*i < end && s[*i] != '\n')
				++*i;
	return *i < end ? s[(*i)++] : '\0';
}

static int compare_text(const char *s, struct span a, struct span b)
{
	uint32_t i = a.begin, k = b.begin;
	char x, y;

	do {
		x = next_char(s, &i, a.end);
		y = next_char(s, &k, b.end);
	} while (x == y && x);
	return (unsigned char)x - (unsigned char)y;
}

struct said { const char *text; const struct item *item; };

static int by_text(const void *x, const void *y)
{
	const struct said *a = x, *b = y;
	int d = compare_text(a->text, a->item->at, b->item->at);

	return d ? d : a->item->at.begin < b->item->at.begin ? -1 : 1;
}

static void warn_claims(struct model *m)
{
	struct said *said = arena_alloc(m->arena, (m->claims.n + 1) * sizeof(*said));
	uint32_t n = 0;
	struct diag *g;

	if (m->claims.n == 0)
		diag_warning(m->diags, "W912", m->src, m->ast->workflow.at, "the workflow makes no claim");
	for (uint32_t i = 0; i < m->claims.n; i++)
		if (m->claims.v[i].role == NO_ROLE)
			said[n++] = (struct said){ m->src->text, m->claims.v[i].item };
	if (n > 1)
		qsort(said, n, sizeof(*said), by_text);
	for (uint32_t i = 1, first = 0; i < n; i++) {
		if (compare_text(m->src->text, said[first].item->at, said[i].item->at) != 0) {
			first = i;
			continue;
		}
		g = diag_warning(m->diags, "W908", m->src, said[i].item->at, "the same claim twice");
		diag_note(m->diags, g, m->src, said[first].item->at, "first made here");
	}
}

void warn_policy(struct model *m)
{
	warn_roles(m);
	warn_ports(m);
	warn_requirements(m);
	warn_gates(m);
	warn_unused(m);
	warn_claims(m);
}
