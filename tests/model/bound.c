/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Realm that is bound: born so, sealed once, and what 1.0's commands may still do to it. Source: docs/spec/extension.md
 * section 2 (table), section 3 (REALM_CREATE, REALM_ACTIVATE).
 */
#include <string.h>

#include "model.h"

struct m_wf *m_wf_of(struct model *m, const struct m_realm *r)
{
	return r->wf != M_NONE ? &m->wf[r->wf] : NULL;
}

const struct m_role *m_record(struct model *m, const struct m_realm *r)
{
	return &m_wf_of(m, r)->policy.role[r->role];
}

const struct m_grant *m_grant(const struct m_wf *w, unsigned int role, uint64_t i)
{
	for (unsigned int n = 0; n < w->policy.grants; n++)
		if (w->policy.grant[n].role == role && i-- == 0)
			return &w->policy.grant[n];
	return NULL;
}

const struct m_region *m_region_at(const struct m_wf *w, unsigned int role, unsigned int kind, uint64_t v)
{
	for (unsigned int i = 0; i < w->policy.regions; i++) {
		const struct m_region *r = &w->policy.region[i];
		uint64_t size = kind == MICA_REGION_INTIDS ? r->pages : r->pages * M_PAGE;

		if (r->role == role && r->kind == kind && v >= r->base && v - r->base < size)
			return r;
	}
	return NULL;
}

/* ---- the table of section 2 ---- */

uint64_t m_may(struct model *m, const struct m_realm *r, enum m_command c)
{
	static const struct { uint64_t loading, sealed, draining; } row[] = {
#define SEALED		MICA_POLICY(MICA_RULE_SEALED)
#define GONE		MICA_POLICY(MICA_RULE_ROLE_STATE)
		[M_POPULATE]		= { 0, SEALED, GONE },	/* DATA_CREATE*, INIT_RIPAS */
		[M_SHAPE_TABLES]	= { 0, SEALED, 0 },	/* RTT_CREATE, RTT_FOLD */
		[M_MAP_UNPROTECTED]	= { 0, SEALED, GONE },
		[M_TAKE_AWAY]		= { 0, SEALED, 0 },	/* *_DESTROY, RTT_UNMAP_UNPROTECTED */
		[M_SET_RIPAS]		= { 0, SEALED, GONE },
		[M_ADD_REC]		= { 0, RMI_ERROR_REALM, RMI_ERROR_REALM },
	};

	if (r->wf == M_NONE)
		return RMI_SUCCESS;
	switch (m_role_state(&m->wf[r->wf], r->role)) {
	case MICA_ROLE_LOADING:
		return row[c].loading;
	case MICA_ROLE_DRAINING:
		return row[c].draining;
	default:
		return row[c].sealed;
	}
}

uint64_t m_may_ram(struct model *m, const struct m_realm *r, uint64_t base, uint64_t top)
{
	const struct m_role *role;

	if (r->wf == M_NONE)
		return RMI_SUCCESS;
	role = m_record(m, r);
	return base >= role->ram_base && top <= role->ram_base + role->ram_size ? RMI_SUCCESS : MICA_POLICY(MICA_RULE_LAYOUT);
}

/* Inside one window, with its rights, write-back. */
uint64_t m_may_window(struct model *m, const struct m_realm *r, uint64_t ipa, int level, uint64_t desc)
{
	const struct m_region *w;

	if (r->wf == M_NONE)
		return RMI_SUCCESS;
	w = m_region_at(m_wf_of(m, r), r->role, MICA_REGION_WINDOW, ipa);
	return w != NULL && ipa + m_size(level) <= w->base + w->pages * M_PAGE &&
	       (desc >> 6 & 3) == w->rights && (desc >> 2 & 7) == 6 ? RMI_SUCCESS : MICA_POLICY(MICA_RULE_WINDOW);
}

uint64_t m_may_rec(struct model *m, const struct m_realm *r, uint64_t flags)
{
	if (r->wf == M_NONE || (flags & RMI_REC_FLAG_RUNNABLE) || (m_record(m, r)->rights & MICA_RIGHT_PSCI))
		return RMI_SUCCESS;
	return MICA_POLICY(MICA_RULE_SHAPE);
}

/* ---- REALM_CREATE ---- */

static bool shape_ok(const struct m_role *role, const struct rmi_realm_params *p)
{
	for (unsigned int i = 0; i < sizeof(p->rpv); i++)
		if (p->rpv[i] != 0)
			return false;
	return p->s2sz == role->s2sz && p->hash_algo == role->hash && p->num_bps == role->num_bps &&
	       p->num_wps == role->num_wps && p->sve_vl == 0 && p->flags == 0;
}

/* x[2] rd, x[3] parameters, x[4] workflow, x[5] role. */
uint64_t m_bind(struct model *m, const uint64_t x[6], bool readable, const void *params)
{
	struct m_wf *w = m_wf_at(m, x[4]);
	struct m_realm *r;

	if (m_realm_may(m, x[2], x[3], readable, params) != RMI_SUCCESS || w == NULL || x[5] >= w->policy.roles)
		return RMI_ERROR_INPUT;
	if (w->state == MICA_WF_STOPPED)
		return MICA_POLICY(MICA_RULE_WF_STATE);
	if (w->role[x[5]].state != MICA_ROLE_EMPTY)
		return MICA_POLICY(MICA_RULE_ROLE_STATE);
	if (!shape_ok(&w->policy.role[x[5]], params))
		return MICA_POLICY(MICA_RULE_SHAPE);
	r = m_realm_new(m, x[2], params);
	r->wf = (int)(w - m->wf);
	r->role = (unsigned int)x[5];
	w->role[r->role].state = MICA_ROLE_LOADING;
	w->role[r->role].realm = (int)(r - m->realm);
	return RMI_SUCCESS;
}

/* ---- REALM_ACTIVATE ---- */

/* Is every page of [base, base + size) what the role's record wants there? */
static bool all_there(struct model *m, const struct m_realm *r, uint64_t base, uint64_t size, unsigned int kind)
{
	for (uint64_t a = base; a < base + size; a += M_PAGE) {
		struct m_walk w = model_walk(m, r, a, 3);

		if (m_at(&w)->kind != kind || (kind == RMI_ASSIGNED && a < m_par(r) && m_at(&w)->ripas != RMI_RAM))
			return false;
	}
	return true;
}

static bool complete(struct model *m, const struct m_realm *r)
{
	const struct m_policy *p = &m_wf_of(m, r)->policy;

	if (!all_there(m, r, p->role[r->role].ram_base, p->role[r->role].ram_size, RMI_ASSIGNED))
		return false;
	for (unsigned int i = 0; i < p->grants; i++)
		if (p->grant[i].role == r->role &&
		    !all_there(m, r, p->grant[i].ipa, p->channel[p->grant[i].channel].pages * M_PAGE, M_CHAN_LEAF))
			return false;
	for (unsigned int i = 0; i < p->regions; i++)
		if (p->region[i].role == r->role && p->region[i].kind == MICA_REGION_WINDOW &&
		    !all_there(m, r, p->region[i].base, p->region[i].pages * M_PAGE, RMI_ASSIGNED))
			return false;
	return true;
}

/* 1.0's checks are done. The caller makes the Realm ACTIVE if this agrees. */
uint64_t m_seal(struct model *m, struct m_realm *r)
{
	struct m_wf *w = m_wf_of(m, r);
	const struct m_role *role;

	if (w == NULL)
		return RMI_SUCCESS;
	role = &w->policy.role[r->role];
	if (w->state == MICA_WF_STOPPED)
		return MICA_POLICY(MICA_RULE_WF_STATE);
	if (m_role_state(w, r->role) != MICA_ROLE_LOADING)
		return MICA_POLICY(MICA_RULE_ROLE_STATE);
	if (r->recs != role->vcpus || r->rec_index != role->vcpus)
		return MICA_POLICY(MICA_RULE_SHAPE);
	if (!complete(m, r))
		return MICA_POLICY(MICA_RULE_INCOMPLETE);
	if ((role->pinned && r->rim != role->rim) || (w->role[r->role].latched && r->rim != w->role[r->role].latch))
		return MICA_POLICY(MICA_RULE_RIM);
	w->role[r->role].latched = true;
	w->role[r->role].latch = r->rim;
	w->role[r->role].state = MICA_ROLE_SEALED;
	return RMI_SUCCESS;
}

/* ---- the end ---- */

void m_realm_gone(struct model *m, struct m_realm *r)
{
	struct m_wf *w = m_wf_of(m, r);

	if (w == NULL)
		return;
	if (m_role_state(w, r->role) == MICA_ROLE_DRAINING && w->role[r->role].epoch != UINT32_MAX)
		w->role[r->role].epoch++;
	w->role[r->role].state = MICA_ROLE_EMPTY;
	w->role[r->role].realm = M_NONE;
	w->role[r->role].pending = w->role[r->role].waiters = 0;
}

/* 1.0's SYSTEM_OFF, and the role DEAD. */
void m_realm_off(struct model *m, struct m_realm *r)
{
	struct m_wf *w = m_wf_of(m, r);

	r->state = 2;
	if (w == NULL || w->role[r->role].state != MICA_ROLE_SEALED)
		return;
	w->role[r->role].state = MICA_ROLE_DEAD;
	m_gates_end(w, r->role);
}
