/* SPDX-License-Identifier: Apache-2.0 */
/* The calls that a bound Realm has: who it is, whom it may know of, signals. Source: docs/spec/extension.md sections 6 and 8. */
#include <string.h>

#include "model.h"

static bool is_party(const struct m_gate *g, unsigned int role)
{
	return g->caller == role || g->callee == role;
}

/* The i-th gate that the role calls or serves; as many as there are if it has fewer. */
static unsigned int gate_of(const struct m_wf *w, unsigned int role, uint64_t i)
{
	unsigned int n;

	for (n = 0; n < w->policy.gates; n++)
		if (is_party(&w->policy.gate[n], role) && i-- == 0)
			break;
	return n;
}

static unsigned int count_grants(const struct m_wf *w, unsigned int role)
{
	unsigned int n = 0;

	while (m_grant(w, role, n) != NULL)
		n++;
	return n;
}

static const struct m_region *region_of(const struct m_wf *w, unsigned int role, uint64_t i)
{
	for (unsigned int n = 0; n < w->policy.regions; n++)
		if (w->policy.region[n].role == role && i-- == 0)
			return &w->policy.region[n];
	return NULL;
}

/* ---- facts of the policy ---- */

static bool self(const struct m_wf *w, unsigned int role, uint64_t *x)
{
	uint64_t gates = 0, regions = 0;

	while (gate_of(w, role, gates) < w->policy.gates)
		gates++;
	while (region_of(w, role, regions) != NULL)
		regions++;
	switch (x[1]) {
	case MICA_SELF_ROLE:
		memcpy(&x[1], (const uint64_t[]){ role, w->policy.role[role].rights, count_grants(w, role), gates, regions,
						  w->role[role].epoch }, 6 * sizeof(*x));
		return true;
	case MICA_SELF_WORKFLOW_ID:
		memcpy(&x[1], w->id, 32);
		return true;
	case MICA_SELF_INSTANCE_ID:
		memcpy(&x[1], w->instance, 32);
		return true;
	case MICA_SELF_RAM:
		x[1] = w->policy.role[role].ram_base;
		x[2] = w->policy.role[role].ram_size;
		return true;
	}
	return false;
}

static bool grant_info(const struct m_wf *w, unsigned int role, uint64_t *x)
{
	const struct m_grant *g = m_grant(w, role, x[1]);

	if (g == NULL)
		return false;
	x[1] = g->ipa;
	x[2] = w->policy.channel[g->channel].pages * M_PAGE;
	x[3] = g->channel | (g->writes ? 3UL : 1UL) << 16 | (g->bit == M_NONE ? 0xffUL : (uint64_t)g->bit) << 24;
	memcpy(&x[4], g->name, sizeof(g->name));
	return true;
}

static bool region_info(const struct m_wf *w, unsigned int role, uint64_t *x)
{
	const struct m_region *r = region_of(w, role, x[1]);

	if (r == NULL)
		return false;
	x[1] = r->base;
	x[2] = r->kind == MICA_REGION_INTIDS ? r->pages : r->pages * M_PAGE;
	x[3] = r->kind | (uint64_t)r->rights << 8;
	memcpy(&x[4], r->name, sizeof(r->name));
	return true;
}

static bool gate_info(const struct m_wf *w, unsigned int role, uint64_t *x)
{
	unsigned int n = gate_of(w, role, x[1]);
	const struct m_gate *g = &w->policy.gate[n];

	if (n == w->policy.gates)
		return false;
	x[1] = n;
	x[2] = g->callee == role;
	x[3] = g->args | (uint64_t)g->results << 8 | (uint64_t)g->server << 16;
	memcpy(&x[4], x[2] ? g->callee_name : g->caller_name, sizeof(g->caller_name));
	return true;
}

/* ---- facts of another role: only along an edge from it ---- */

static bool takes_part(const struct m_wf *w, unsigned int role, unsigned int channel)
{
	for (unsigned int i = 0; m_grant(w, role, i) != NULL; i++)
		if (m_grant(w, role, i)->channel == channel)
			return true;
	return false;
}

static bool edge(const struct m_wf *w, unsigned int from, unsigned int to)
{
	for (unsigned int i = 0; m_grant(w, from, i) != NULL; i++)
		if (m_grant(w, from, i)->writes && takes_part(w, to, m_grant(w, from, i)->channel))
			return true;
	for (unsigned int i = 0; i < w->policy.gates; i++)
		if (is_party(&w->policy.gate[i], from) && is_party(&w->policy.gate[i], to))
			return true;
	return from == to;
}

/* X3..X10, the RIM, are the driver's to compare: the model has no value for it, but 0 before the first seal. */
static bool peer_info(struct model *m, struct m_wf *w, struct m_rec *rec)
{
	uint64_t *x = rec->gpr, role = x[1];

	if (role >= w->policy.roles || !edge(w, (unsigned int)role, m->realm[rec->realm].role))
		return m_refuse(m, rec, MICA_RULE_NO_RIGHT, 10);
	x[0] = RSI_SUCCESS;
	x[1] = m_role_state(w, (unsigned int)role) == MICA_ROLE_SEALED;
	x[2] = w->role[role].epoch;
	memset(&x[3], 0, 8 * sizeof(*x));
	return false;
}

/* ---- signals ---- */

static bool signal(struct model *m, struct m_wf *w, struct m_rec *base, struct rmi_rec_exit *exit)
{
	struct m_rec *rec = model_head(m, base);
	unsigned int role = m->realm[rec->realm].role;
	const struct m_grant *mine = m_grant(w, role, rec->gpr[1]);
	uint64_t wake = 0;

	if (mine == NULL || !mine->writes || !w->policy.channel[mine->channel].signal)
		return m_refuse(m, rec, MICA_RULE_NO_RIGHT, 0);
	for (unsigned int i = 0; i < w->policy.grants; i++) {
		const struct m_grant *g = &w->policy.grant[i];

		if (g->channel != mine->channel || g->role == role || g->bit == M_NONE)
			continue;
		w->role[g->role].pending |= 1UL << g->bit;
		if (w->role[g->role].waiters != 0 || !edge(w, g->role, role))
			wake |= 1UL << g->role;
	}
	rec->gpr[0] = RSI_SUCCESS;
	if (wake == 0)
		return false;
	model_leave(m, base, exit, RMI_EXIT_MICA_WAKE, 0);
	exit->gprs[0] = wake;
	return true;
}

/* Steps 1 and 3 of WAIT. True: the wait is over, its results are in place. */
bool m_wait_over(struct model *m, struct m_rec *rec, bool no_wait)
{
	const struct m_realm *r = &m->realm[rec->realm];
	uint64_t *pending = &m->wf[r->wf].role[r->role].pending, bits = *pending & rec->wait.mask;
	bool late = bits == 0 && rec->wait.deadline != 0 && m->now >= rec->wait.deadline;

	*pending &= ~bits;
	if (bits == 0 && !late && !no_wait)
		return false;
	m->wf[r->wf].role[r->role].waiters &= ~(1UL << rec->index);
	rec->wait.waiting = false;
	rec->gpr[0] = RSI_SUCCESS;
	rec->gpr[1] = bits;
	rec->gpr[2] = late;
	return true;
}

static bool wait(struct model *m, struct m_wf *w, struct m_rec *base, struct rmi_rec_exit *exit)
{
	struct m_rec *rec = model_head(m, base);
	uint64_t flags = rec->gpr[3];

	if ((rec->gpr[1] == 0 && rec->gpr[2] == 0) || (flags & ~MICA_WAIT_NOWAIT))
		return m_fail(rec, RSI_ERROR_INPUT, 2);
	rec->wait.mask = rec->gpr[1];
	rec->wait.deadline = rec->gpr[2];
	if (m_wait_over(m, rec, flags & MICA_WAIT_NOWAIT))
		return false;
	rec->wait.waiting = true;
	w->role[m->realm[rec->realm].role].waiters |= 1UL << rec->index;
	model_leave(m, base, exit, RMI_EXIT_MICA_IDLE, 0);
	return true;
}

/* ---- all of them ---- */

static bool answer(struct m_rec *rec, bool found, unsigned int outputs)
{
	if (!found)
		return m_fail(rec, RSI_ERROR_INPUT, outputs);
	rec->gpr[0] = RSI_SUCCESS;
	return false;
}

static bool own_audit(const struct m_wf *w, unsigned int role, uint64_t *x)
{
	if (x[1] == 0 || x[1] >= MICA_RULES)
		return false;
	x[1] = w->role[role].audit[x[1]];
	return true;
}

bool m_mica_call(struct model *m, struct m_rec *base, uint64_t fid, struct rmi_rec_exit *exit)
{
	struct m_rec *rec = model_head(m, base);
	struct m_realm *r = &m->realm[rec->realm];
	struct m_wf *w = m_wf_of(m, r);

	if (fid == SMC_RSI_MICA_VERSION) {
		rec->gpr[1] = MICA_MAGIC_VERSION;
		rec->gpr[2] = w != NULL;
		return answer(rec, true, 0);
	}
	if (w == NULL)
		return m_fail(rec, RSI_ERROR_STATE, 0);
	switch (fid) {
	case SMC_RSI_MICA_SELF:
		return answer(rec, self(w, r->role, rec->gpr), 6);
	case SMC_RSI_MICA_GRANT_INFO:
		return answer(rec, grant_info(w, r->role, rec->gpr), 9);
	case SMC_RSI_MICA_REGION_INFO:
		return answer(rec, region_info(w, r->role, rec->gpr), 9);
	case SMC_RSI_MICA_GATE_INFO:
		return answer(rec, gate_info(w, r->role, rec->gpr), 9);
	case SMC_RSI_MICA_AUDIT_READ:
		return answer(rec, own_audit(w, r->role, rec->gpr), 1);
	case SMC_RSI_MICA_PEER_INFO:
		return peer_info(m, w, rec);
	case SMC_RSI_MICA_SIGNAL:
		return signal(m, w, base, exit);
	case SMC_RSI_MICA_WAIT:
		return wait(m, w, base, exit);
	case SMC_RSI_MICA_GATE_CALL:
		return m_gate_call(m, base);
	default:
		return m_gate_recv(m, base, exit);
	}
}
