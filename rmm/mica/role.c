/* SPDX-License-Identifier: Apache-2.0 */
/* A role's life: binding at creation, seal and latch, off, gone; its audit counters. */
#include "wf.h"

#include "hooks.h"

enum mica_role_state role_state(const struct wf *wf, const struct wf_role *role)
{
	enum mica_role_state s = __atomic_load_n(&role->state, __ATOMIC_SEQ_CST);

	return s != MICA_ROLE_EMPTY && wf_state(wf) == MICA_WF_STOPPED ? MICA_ROLE_DRAINING : s;
}

void role_set_state(struct wf_role *role, enum mica_role_state state)
{
	__atomic_store_n(&role->state, state, __ATOMIC_SEQ_CST);
}

/* ---- audit ---- */

void audit_count(const struct rd *rd, enum mica_rule rule)
{
	uint32_t *n = &rd_role(rd)->audit[rule];
	uint32_t old = __atomic_load_n(n, __ATOMIC_RELAXED);

	while (old != UINT32_MAX &&
	       !__atomic_compare_exchange_n(n, &old, old + 1, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

uint32_t audit_read(const struct wf_role *role, enum mica_rule rule)
{
	return __atomic_load_n(&role->audit[rule], __ATOMIC_RELAXED);
}

uint64_t mica_audit_read(struct wf *wf, const struct rmi_args *in, struct rmi_result *out)
{
	uint64_t role = in->x[3], rule = in->x[4];

	if (role >= wf->blob.roles || rule == 0 || rule >= MICA_RULES)
		return RMI_ERROR_INPUT;
	if (!(blob_role(&wf->blob, (unsigned int)role)->rights & MICA_RIGHT_AUDIT))
		return MICA_POLICY(MICA_RULE_NO_RIGHT);
	out->x[1] = audit_read(wf_role(wf, (unsigned int)role), rule);
	return RMI_SUCCESS;
}

/* ---- REALM_CREATE ---- */

struct binding {
	pa_t wf_pa;
	uint64_t role;
	struct granule *wf;		/* locked from may() to bind() or drop() */
};

/* Everything a Realm may be told apart by is the record's, not the host's. */
static bool shape_matches(const struct rmi_realm_params *p, const struct mica_blob_role *r)
{
	uint64_t flags = r->flags & MICA_ROLE_SVE ? RMI_REALM_FLAG_SVE : 0;

	return p->s2sz == r->s2sz && p->hash_algo == r->hash && p->flags == flags &&
	       p->sve_vl == r->sve_vl && p->num_bps == r->num_bps && p->num_wps == r->num_wps &&
	       all_zero(p->rpv, sizeof(p->rpv));
}

static uint64_t may_bind(const struct wf *wf, uint64_t role, const struct rmi_realm_params *p)
{
	if (role >= wf->blob.roles)
		return RMI_ERROR_INPUT;
	if (wf_state(wf) == MICA_WF_STOPPED)
		return MICA_POLICY(MICA_RULE_WF_STATE);
	if (wf_role(wf, (unsigned int)role)->rd != NULL)
		return MICA_POLICY(MICA_RULE_ROLE_STATE);
	if (!shape_matches(p, blob_role(&wf->blob, (unsigned int)role)))
		return MICA_POLICY(MICA_RULE_SHAPE);
	return RMI_SUCCESS;
}

/* The WF lock stays held on success, so that what was checked still holds in bind(). */
static uint64_t may(const struct rmi_realm_params *p, void *arg)
{
	struct binding *b = arg;
	uint64_t status;

	b->wf = wf_find_lock(b->wf_pa);
	if (b->wf == NULL)
		return RMI_ERROR_INPUT;
	status = may_bind(wf_of(b->wf), b->role, p);
	if (status != RMI_SUCCESS)
		granule_unlock(b->wf);
	return status;
}

static void bind(struct rd *rd, struct granule *g_rd, void *arg)
{
	struct binding *b = arg;
	struct wf *wf = wf_of(b->wf);
	struct wf_role *role = wf_role(wf, (unsigned int)b->role);

	rd->mica = (struct mica_binding){ .wf = b->wf, .role = (uint16_t)b->role };
	role->rd = g_rd;
	role_set_state(role, MICA_ROLE_LOADING);
	wf->bound++;
	granule_unlock(b->wf);
}

static void drop(void *arg)
{
	const struct binding *b = arg;

	granule_unlock(b->wf);
}

void mica_realm_create(const struct rmi_args *in, struct rmi_result *out)
{
	struct binding b = { .wf_pa = pa(in->x[4]), .role = in->x[5] };
	const struct realm_create_hooks hooks = { .may = may, .bind = bind, .drop = drop, .arg = &b };

	out->x[0] = realm_create(in->x[2], in->x[3], &hooks);
}

/* ---- seal ---- */

/* Pages the record wants mapped: all of every grant, all of every window. */
static uint64_t grant_pages(const struct wf *wf, const struct mica_blob_role *rec)
{
	uint64_t n = 0;

	for (unsigned int i = 0; i < rec->grant_count; i++)
		n += blob_channel(&wf->blob, role_grant(wf, rec, i)->channel)->pages;
	return n;
}

static uint64_t window_pages(const struct wf *wf, const struct mica_blob_role *rec)
{
	uint64_t n = 0;

	for (unsigned int i = 0; i < rec->region_count; i++)
		if (role_region(wf, rec, i)->kind == MICA_REGION_WINDOW)
			n += role_region(wf, rec, i)->pages;
	return n;
}

static bool complete(const struct wf *wf, const struct rd *rd, const struct mica_blob_role *rec)
{
	return rd->mica.ram_pages == rec->ram_size / GRANULE_SIZE &&
	       rd->mica.chan_pages == grant_pages(wf, rec) &&
	       rd->mica.window_pages == window_pages(wf, rec);
}

static bool rim_agrees(const struct rd *rd, const struct wf_role *role, const struct mica_blob_role *rec)
{
	const uint8_t *rim = rd->measurement[0];

	if (rec->flags & MICA_ROLE_PINNED && memcmp(rim, rec->rim, HASH_MAX_SIZE) != 0)
		return false;
	return !role->latched || memcmp(rim, role->latch, HASH_MAX_SIZE) == 0;
}

static uint64_t may_seal(const struct wf *wf, const struct rd *rd, const struct wf_role *role,
			 unsigned int recs)
{
	const struct mica_blob_role *rec = rd_record(rd);

	if (wf_state(wf) == MICA_WF_STOPPED)
		return MICA_POLICY(MICA_RULE_WF_STATE);
	if (role_state(wf, role) != MICA_ROLE_LOADING)
		return MICA_POLICY(MICA_RULE_ROLE_STATE);
	if (recs != rec->vcpus || rd->rec_index != rec->vcpus)
		return MICA_POLICY(MICA_RULE_SHAPE);
	if (!complete(wf, rd, rec))
		return MICA_POLICY(MICA_RULE_INCOMPLETE);
	if (!rim_agrees(rd, role, rec))
		return MICA_POLICY(MICA_RULE_RIM);
	return RMI_SUCCESS;
}

uint64_t mica_seal(struct rd *rd, unsigned int recs)
{
	struct wf_role *role;
	uint64_t status;

	if (!rd_bound(rd))
		return RMI_SUCCESS;
	granule_lock(rd->mica.wf, GRANULE_WF);
	role = rd_role(rd);
	status = may_seal(rd_wf(rd), rd, role, recs);
	if (status == RMI_SUCCESS) {
		if (!role->latched)	/* once: peers read it without the lock */
			memcpy(role->latch, rd->measurement[0], HASH_MAX_SIZE);
		role->latched = 1;
		role_set_state(role, MICA_ROLE_SEALED);
	}
	granule_unlock(rd->mica.wf);
	return status;
}

/* ---- the end ---- */

static uint64_t may_reset(const struct wf *wf, uint64_t i)
{
	const struct wf_role *role;
	enum mica_role_state s;

	if (i >= wf->blob.roles)
		return RMI_ERROR_INPUT;
	role = wf_role(wf, (unsigned int)i);
	s = role_state(wf, role);
	if (wf_state(wf) != MICA_WF_ACTIVE)
		return MICA_POLICY(MICA_RULE_WF_STATE);
	if ((s != MICA_ROLE_SEALED && s != MICA_ROLE_DEAD) ||
	    !(blob_role(&wf->blob, (unsigned int)i)->flags & MICA_ROLE_RESTART))
		return MICA_POLICY(MICA_RULE_ROLE_STATE);
	return role->epoch != UINT32_MAX ? RMI_SUCCESS : MICA_POLICY(MICA_RULE_LIMIT);
}

/* The host takes it down and loads it again; its peers go on. */
uint64_t mica_role_reset(struct wf *wf, const struct rmi_args *in, struct rmi_result *out)
{
	uint64_t status = may_reset(wf, in->x[3]);
	struct wf_role *role;

	(void)out;
	if (status != RMI_SUCCESS)
		return status;
	role = wf_role(wf, (unsigned int)in->x[3]);
	role_set_state(role, MICA_ROLE_DRAINING);
	gates_end(wf, (unsigned int)in->x[3]);
	__atomic_store_n(&role->pending, 0, __ATOMIC_SEQ_CST);
	return RMI_SUCCESS;
}

void mica_realm_off(struct rd *rd)
{
	struct wf_role *role;

	if (!rd_bound(rd))
		return;
	granule_lock(rd->mica.wf, GRANULE_WF);
	role = rd_role(rd);
	if (role->state == MICA_ROLE_SEALED) {
		role_set_state(role, MICA_ROLE_DEAD);
		gates_end(rd_wf(rd), rd->mica.role);
	}
	granule_unlock(rd->mica.wf);
}

void mica_realm_gone(struct rd *rd)
{
	struct wf_role *role;
	struct wf *wf;

	if (!rd_bound(rd))
		return;
	granule_lock(rd->mica.wf, GRANULE_WF);
	wf = rd_wf(rd);
	role = rd_role(rd);
	if (role_state(wf, role) == MICA_ROLE_DRAINING && role->epoch != UINT32_MAX)
		role->epoch++;
	role_set_state(role, MICA_ROLE_EMPTY);
	role->rd = NULL;
	__atomic_store_n(&role->pending, 0, __ATOMIC_SEQ_CST);
	__atomic_store_n(&role->waiters, 0, __ATOMIC_SEQ_CST);
	wf->bound--;
	granule_unlock(rd->mica.wf);
}
