/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gates of the blob. The k-th gate that a role serves, by caller and then by name, is served by REC vcpus-1-k: a role's
 * first RECs stay its own. Records are sorted by that number, so gates of one pair stand in descending order of name.
 */
#include <stdlib.h>
#include <string.h>

#include "emit.h"

struct order { const struct m_gate *gate; struct mica_blob_gate rec; };

static int by_parties(const struct mica_blob_gate *x, const struct mica_blob_gate *y)
{
	return x->caller != y->caller ? x->caller - y->caller : x->callee - y->callee;
}

static int by_gate_name(const void *a, const void *b)
{
	const struct order *x = a, *y = b;
	int order = by_parties(&x->rec, &y->rec);

	return order ? order : strcmp(x->gate->name, y->gate->name);
}

static int by_server(const void *a, const void *b)
{
	const struct mica_blob_gate *x = a, *y = b;
	int order = by_parties(x, y);

	return order ? order : x->server_rec - y->server_rec;
}

static void fill_gate(const struct emitter *e, const struct m_gate *g, struct mica_blob_gate *rec)
{
	snprintf(rec->caller_name, sizeof(rec->caller_name), "%s", g->caller_port ? g->caller_port : g->name);
	snprintf(rec->callee_name, sizeof(rec->callee_name), "%s", g->callee_port ? g->callee_port : g->name);
	rec->caller = (uint8_t)e->blob_role[g->caller];
	rec->callee = (uint8_t)e->blob_role[g->callee];
	rec->args = (uint8_t)g->args;
	rec->results = (uint8_t)g->results;
}

void emit_gates(struct emitter *e)
{
	const struct model *m = &e->p->model;
	struct order *o = arena_alloc(&e->p->arena, (m->gates.n + 1) * sizeof(*o));
	unsigned int served[MICA_MAX_ROLES] = { 0 };

	for (uint32_t i = 0; i < m->gates.n; i++) {
		o[i].gate = &m->gates.v[i];
		fill_gate(e, o[i].gate, &o[i].rec);
	}
	qsort(o, m->gates.n, sizeof(*o), by_gate_name);
	for (uint32_t i = 0; i < m->gates.n; i++) {
		struct mica_blob_gate *rec = &o[i].rec;

		rec->server_rec = (uint8_t)(role_of(e, rec->callee)->vcpus - 1 - served[rec->callee]++);
		*VEC_ADD(&e->p->arena, &e->gates) = *rec;
	}
	if (e->gates.n > 1)
		qsort(e->gates.v, e->gates.n, sizeof(*e->gates.v), by_server);
}
