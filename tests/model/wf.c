/* SPDX-License-Identifier: Apache-2.0 */
/* A workflow's operations. Order of rules: docs/spec/extension.md section 3. */
#include <stdlib.h>
#include <string.h>

#include "model.h"

struct m_wf *m_wf_at(struct model *m, uint64_t pa)
{
	for (unsigned int i = 0; i < M_WFS; i++)
		if (m->wf[i].used && m->wf[i].pa == pa)
			return &m->wf[i];
	return NULL;
}

unsigned int m_role_state(const struct m_wf *w, unsigned int role)
{
	unsigned int s = w->role[role].state;

	return s != MICA_ROLE_EMPTY && w->state == MICA_WF_STOPPED ? MICA_ROLE_DRAINING : s;
}

static unsigned int roles_in(const struct m_wf *w, unsigned int state)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < w->policy.roles; i++)
		n += m_role_state(w, i) == state;
	return n;
}

static unsigned int pages_added(const struct m_wf *w)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < w->policy.channels; i++)
		n += w->channel[i].added;
	return n;
}

/* ---- WF_CREATE ---- */

static uint64_t pages(uint64_t bytes)
{
	return (bytes + M_PAGE - 1) / M_PAGE;
}

static bool zero(const uint8_t *p, const void *end)
{
	while (p < (const uint8_t *)end)
		if (*p++ != 0)
			return false;
	return true;
}

static bool fields_ok(const struct mica_wf_params *p)
{
	return p->blob_pa % M_PAGE == 0 && p->blob_size != 0 && p->n_aux != 0 && p->n_aux <= MICA_WF_MAX_AUX &&
	       zero(p->z0, p->z0 + sizeof(p->z0)) && zero((const uint8_t *)&p->aux[p->n_aux], p + 1);
}

static bool granules_ok(const struct model *m, uint64_t wf, const struct mica_wf_params *p)
{
	if (!m_is(m, wf, M_DELEGATED))
		return false;
	for (uint64_t i = 0; i < p->n_aux; i++) {
		if (!m_is(m, p->aux[i], M_DELEGATED) || p->aux[i] == wf)
			return false;
		for (uint64_t j = 0; j < i; j++)
			if (p->aux[i] == p->aux[j])
				return false;
	}
	return true;
}

static bool blob_readable(const struct model *m, const struct mica_wf_params *p)
{
	for (uint64_t i = 0; i < pages(p->blob_size); i++)
		if (!m_is(m, p->blob_pa + i * M_PAGE, M_NS) || !m->readable(p->blob_pa + i * M_PAGE))
			return false;
	return true;
}

static void new_wf(struct model *m, uint64_t pa, const struct mica_wf_params *p, const struct m_blob *blob)
{
	struct m_wf *w = m->wf;

	while (w->used)
		if (++w == m->wf + M_WFS)
			abort();	/* the driver keeps below */
	memset(w, 0, sizeof(*w));
	w->used = true;
	w->pa = pa;
	w->state = MICA_WF_NEW;
	w->policy = blob->policy;
	memcpy(w->id, blob->id, sizeof(w->id));
	w->n_aux = (unsigned int)p->n_aux;
	memcpy(w->aux, p->aux, sizeof(w->aux));
	for (unsigned int i = 0; i < w->policy.roles; i++) {
		w->role[i].state = MICA_ROLE_EMPTY;
		w->role[i].epoch = 1;
		w->role[i].realm = M_NONE;
	}
	m_set(m, pa, M_WF);
	for (unsigned int i = 0; i < w->n_aux; i++)
		m_set(m, w->aux[i], M_WF_AUX);
}

static void wf_create(struct model *m, const uint64_t x[6], bool readable, const struct mica_wf_params *p, struct m_result *r)
{
	const struct m_blob *blob;
	uint64_t n_aux;

	r->x[0] = RMI_ERROR_INPUT;
	if (!m_is(m, x[3], M_NS) || !readable || !fields_ok(p) || !granules_ok(m, x[2], p))
		return;
	r->x[0] = MICA_POLICY(MICA_RULE_LIMIT);
	if (p->blob_size > MICA_BLOB_MAX)
		return;
	r->x[0] = RMI_ERROR_INPUT;
	if (pages(p->blob_size) > p->n_aux || !blob_readable(m, p))
		return;
	blob = m->blob_at(p->blob_pa);
	n_aux = pages(p->blob_size) + pages(256 * blob->roles) + pages(16 * blob->channels) + pages(32 * blob->gates);
	if (p->n_aux != n_aux)
		return;
	r->x[0] = MICA_POLICY(MICA_RULE_BLOB);
	r->x[1] = p->blob_size != blob->size ? MICA_BLOB_RULE_HEADER : blob->rule;
	if (r->x[1] != MICA_BLOB_OK)
		return;
	r->x[0] = blob->sve ? SMCCC_NOT_SUPPORTED : RMI_SUCCESS;
	if (r->x[0] == RMI_SUCCESS)
		new_wf(m, x[2], p, blob);
}

/* ---- the rest of its life ---- */

static uint64_t wf_activate(struct m_wf *w)
{
	if (w->state != MICA_WF_NEW)
		return MICA_POLICY(MICA_RULE_WF_STATE);
	if (roles_in(w, MICA_ROLE_SEALED) != w->policy.roles)
		return MICA_POLICY(MICA_RULE_ROLE_STATE);
	w->state = MICA_WF_ACTIVE;
	return RMI_SUCCESS;
}

static uint64_t wf_destroy(struct model *m, struct m_wf *w)
{
	if (w->state == MICA_WF_ACTIVE)
		return MICA_POLICY(MICA_RULE_WF_STATE);
	if (roles_in(w, MICA_ROLE_EMPTY) != w->policy.roles || pages_added(w) != 0)
		return MICA_POLICY(MICA_RULE_IN_USE);
	for (unsigned int i = 0; i < w->n_aux; i++)
		m_set(m, w->aux[i], M_DELEGATED);
	m_set(m, w->pa, M_DELEGATED);
	w->used = false;
	return RMI_SUCCESS;
}

static uint64_t role_reset(struct m_wf *w, uint64_t role)
{
	unsigned int s;

	if (role >= w->policy.roles)
		return RMI_ERROR_INPUT;
	if (w->state != MICA_WF_ACTIVE)
		return MICA_POLICY(MICA_RULE_WF_STATE);
	s = m_role_state(w, (unsigned int)role);
	if ((s != MICA_ROLE_SEALED && s != MICA_ROLE_DEAD) || !w->policy.role[role].restart)
		return MICA_POLICY(MICA_RULE_ROLE_STATE);
	if (w->role[role].epoch == UINT32_MAX)
		return MICA_POLICY(MICA_RULE_LIMIT);
	w->role[role].state = MICA_ROLE_DRAINING;
	m_gates_end(w, (unsigned int)role);
	w->role[role].pending = 0;
	return RMI_SUCCESS;
}

/* ---- channel pages of the workflow ---- */

static uint64_t chan_add(struct model *m, struct m_wf *w, uint64_t channel, uint64_t pa)
{
	uint64_t align;

	if (channel >= w->policy.channels)
		return RMI_ERROR_INPUT;
	if (w->state != MICA_WF_NEW)
		return MICA_POLICY(MICA_RULE_WF_STATE);
	if (w->channel[channel].added == w->policy.channel[channel].pages)
		return MICA_POLICY(MICA_RULE_LIMIT);
	align = w->policy.channel[channel].pages * M_PAGE >= m_size(2) ? m_size(2) : M_PAGE;
	if (w->channel[channel].added == 0 ? pa % align != 0 :
	    pa != w->channel[channel].base + w->channel[channel].added * M_PAGE)
		return RMI_ERROR_INPUT;
	if (w->channel[channel].added++ == 0)
		w->channel[channel].base = pa;
	m_set(m, pa, M_CHAN);
	return RMI_SUCCESS;
}

static void chan_remove(struct model *m, struct m_wf *w, uint64_t channel, struct m_result *r)
{
	r->x[0] = RMI_ERROR_INPUT;
	if (channel >= w->policy.channels)
		return;
	r->x[0] = MICA_POLICY(MICA_RULE_WF_STATE);
	if (w->state == MICA_WF_ACTIVE)
		return;
	r->x[0] = MICA_POLICY(MICA_RULE_IN_USE);
	if (m_chan_mapped(m, w, (unsigned int)channel) != 0)
		return;
	r->x[0] = RMI_ERROR_INPUT;
	if (w->channel[channel].added == 0)
		return;
	w->channel[channel].added--;
	r->x[0] = RMI_SUCCESS;
	r->x[1] = w->channel[channel].base + w->channel[channel].added * M_PAGE;
	m->word[(r->x[1] - m->bank) / M_PAGE] = 0;
	m_set(m, r->x[1], M_DELEGATED);
}

/* ---- what a host is told ---- */

static void wf_info(struct model *m, const struct m_wf *w, uint64_t sel, uint64_t i, struct m_result *r)
{
	r->x[0] = RMI_SUCCESS;
	if (sel == MICA_INFO_STATE) {
		r->x[1] = w->state;
		r->x[2] = w->policy.roles;
		r->x[3] = roles_in(w, MICA_ROLE_SEALED);
		r->x[4] = w->policy.roles - roles_in(w, MICA_ROLE_EMPTY);
	} else if (sel == MICA_INFO_ROLE && i < w->policy.roles) {
		r->x[1] = m_role_state(w, (unsigned int)i);
		r->x[2] = w->role[i].epoch;
		r->x[3] = w->role[i].realm != M_NONE ? m->realm[w->role[i].realm].rd : 0;
	} else if (sel == MICA_INFO_CHANNEL && i < w->policy.channels) {
		r->x[1] = w->channel[i].added != 0 ? w->channel[i].base : 0;
		r->x[2] = w->channel[i].added;
		r->x[3] = m_chan_mapped(m, w, (unsigned int)i);
	} else if (sel == MICA_INFO_WORKFLOW_ID) {
		memcpy(&r->x[1], w->id, sizeof(w->id));
	} else if (sel == MICA_INFO_INSTANCE_ID) {
		memcpy(&r->x[1], w->instance, sizeof(w->instance));
	} else {
		r->x[0] = RMI_ERROR_INPUT;
	}
}

static void audit_read(const struct m_wf *w, uint64_t role, uint64_t rule, struct m_result *r)
{
	r->x[0] = RMI_ERROR_INPUT;
	if (role >= w->policy.roles || rule == 0 || rule >= MICA_RULES)
		return;
	r->x[0] = MICA_POLICY(MICA_RULE_NO_RIGHT);
	if (!(w->policy.role[role].rights & MICA_RIGHT_AUDIT))
		return;
	r->x[0] = RMI_SUCCESS;
	r->x[1] = w->role[role].audit[rule];
}

static void features(struct m_result *r)
{
	r->x[1] = MICA_MAGIC_VERSION;
	r->x[2] = 64 | 512 << 8 | 1024UL << 24 | 64UL << 40 | 4UL << 48;	/* section 12 */
	r->x[3] = MICA_FEAT_GATES | MICA_FEAT_SIGNALS | MICA_FEAT_VTIMER | MICA_FEAT_AUDIT;
}

/* Operations that name a workflow in X2. */
static void on_wf(struct model *m, struct m_wf *w, const uint64_t x[6], struct m_result *r)
{
	switch (x[1]) {
	case MICA_WF_ACTIVATE:
		r->x[0] = wf_activate(w);
		break;
	case MICA_WF_STOP:
		w->state = MICA_WF_STOPPED;
		break;
	case MICA_WF_DESTROY:
		r->x[0] = wf_destroy(m, w);
		break;
	case MICA_ROLE_RESET:
		r->x[0] = role_reset(w, x[3]);
		break;
	case MICA_CHAN_ADD:
		r->x[0] = m_is(m, x[4], M_DELEGATED) ? chan_add(m, w, x[3], x[4]) : RMI_ERROR_INPUT;
		break;
	case MICA_CHAN_REMOVE:
		chan_remove(m, w, x[3], r);
		break;
	case MICA_WF_INFO:
		wf_info(m, w, x[3], x[4], r);
		break;
	case MICA_AUDIT_READ:
		audit_read(w, x[3], x[4], r);
		break;
	default:
		r->x[0] = SMCCC_NOT_SUPPORTED;
	}
}

void model_mica(struct model *m, const uint64_t x[6], bool readable, const void *params, struct m_result *r)
{
	struct m_wf *w = m_wf_at(m, x[2]);

	switch (x[1]) {
	case MICA_FEATURES:
		features(r);
		break;
	case MICA_WF_CREATE:
		wf_create(m, x, readable, params, r);
		break;
	case MICA_REALM_CREATE:
		r->x[0] = m_bind(m, x, readable, params);
		break;
	case MICA_CHAN_MAP:
		m_chan_map(m, x, r);
		break;
	case MICA_CHAN_UNMAP:
		m_chan_unmap(m, x, r);
		break;
	default:
		if (w != NULL)
			on_wf(m, w, x, r);
		else
			r->x[0] = x[1] <= MICA_AUDIT_READ ? RMI_ERROR_INPUT : SMCCC_NOT_SUPPORTED;
	}
}
