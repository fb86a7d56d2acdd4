/* SPDX-License-Identifier: Apache-2.0 */
/* RECs as the host sees them: create, destroy, enter, PSCI_COMPLETE, features. */
#include <stdlib.h>
#include <string.h>

#include "model.h"

static unsigned int rmi_index(uint64_t mpidr)
{
	return (unsigned int)((mpidr & 0xf) | (mpidr >> 8 & 0xff) << 4 | (mpidr >> 16 & 0xff) << 12 | (mpidr >> 24 & 0xff) << 20);
}

static void measure(struct m_realm *r, const struct rmi_rec_params *p)
{
	m_measure(r, "rec", 3);
	m_measure(r, &p->flags, sizeof(p->flags));
	m_measure(r, &p->pc, sizeof(p->pc));
	m_measure(r, p->gprs, sizeof(p->gprs));
}

static uint64_t create(struct model *m, const uint64_t x[6], bool readable, const struct rmi_rec_params *p)
{
	struct m_realm *r = m_realm_at(m, x[1]);
	struct m_rec *rec = m->rec;
	uint64_t status;

	if (!m_is(m, x[3], M_NS) || !readable || p->num_aux > RMI_MAX_REC_AUX || r == NULL || !m_is(m, x[2], M_DELEGATED))
		return RMI_ERROR_INPUT;
	for (unsigned int i = 0; i < p->num_aux; i++) {
		if (!m_is(m, p->aux[i], M_DELEGATED) || p->aux[i] == x[2])
			return RMI_ERROR_INPUT;
		for (unsigned int j = 0; j < i; j++)
			if (p->aux[i] == p->aux[j])
				return RMI_ERROR_INPUT;
	}
	if (r->state != 0 || r->rec_index == m->max_recs)
		return RMI_ERROR_REALM;
	status = m_may(m, r, M_ADD_REC);
	if (status != RMI_SUCCESS)
		return status;
	if ((p->mpidr & ~0xffffff0fUL) != 0 || rmi_index(p->mpidr) != r->rec_index || p->num_aux != m->num_aux)
		return RMI_ERROR_INPUT;
	status = m_may_rec(m, r, p->flags);
	if (status != RMI_SUCCESS)
		return status;
	while (rec->used)
		if (++rec == m->rec + M_RECS)
			abort();	/* the driver keeps below */
	memset(rec, 0, sizeof(*rec));
	rec->used = true;
	rec->realm = (int)(r - m->realm);
	rec->pa = x[2];
	rec->index = r->rec_index++;
	r->recs++;
	rec->runnable = p->flags & RMI_REC_FLAG_RUNNABLE;
	rec->pc = p->pc;
	memcpy(rec->gpr, p->gprs, sizeof(p->gprs));
	rec->num_aux = (unsigned int)p->num_aux;
	memcpy(rec->aux, p->aux, sizeof(rec->aux));
	rec->calling = M_NONE;
	if (rec->runnable)
		measure(r, p);
	m_set(m, x[2], M_REC);
	for (unsigned int i = 0; i < rec->num_aux; i++)
		m_set(m, rec->aux[i], M_REC_AUX);
	return RMI_SUCCESS;
}

static uint64_t destroy(struct model *m, uint64_t pa)
{
	struct m_rec *rec = m_rec_at(m, pa);
	uint64_t status;

	if (rec == NULL)
		return RMI_ERROR_INPUT;
	status = m_may(m, &m->realm[rec->realm], M_TAKE_AWAY);
	if (status != RMI_SUCCESS)
		return status;
	if (rec->running)
		return RMI_ERROR_REC;
	for (unsigned int i = 0; i < rec->num_aux; i++)
		m_set(m, rec->aux[i], M_DELEGATED);
	m_set(m, pa, M_DELEGATED);
	m->realm[rec->realm].recs--;
	rec->used = false;
	return RMI_SUCCESS;
}

static uint64_t psci_complete(struct model *m, const uint64_t x[6])
{
	struct m_rec *calling = m_rec_at(m, x[1]), *target = m_rec_at(m, x[2]);
	int64_t status = (int64_t)x[3];
	bool on;

	if (calling == NULL || target == NULL || calling == target || calling->running || !calling->psci.pending ||
	    calling->realm != target->realm || target->index != calling->psci.target)
		return RMI_ERROR_INPUT;
	on = target->running || target->runnable;
	if (status != PSCI_SUCCESS && !(status == PSCI_DENIED && calling->psci.cpu_on && !on))
		return RMI_ERROR_INPUT;
	if (m_active(m, calling) != RMI_SUCCESS)
		return m_active(m, calling);
	calling->psci.pending = false;
	memset(&calling->gpr[1], 0, 3 * sizeof(uint64_t));
	if (!calling->psci.cpu_on) {
		calling->gpr[0] = !on;
	} else if (on) {
		calling->gpr[0] = (uint64_t)PSCI_ALREADY_ON;
	} else if (status != PSCI_SUCCESS) {
		calling->gpr[0] = (uint64_t)PSCI_DENIED;
	} else {
		calling->gpr[0] = PSCI_SUCCESS;
		target->gpr[0] = calling->psci.context;
		target->pc = calling->psci.entry;
		target->runnable = true;
	}
	return RMI_SUCCESS;
}

bool model_rec(struct model *m, uint64_t fid, const uint64_t x[6], bool readable, const void *params, struct m_result *r)
{
	switch (fid) {
	case SMC_RMI_REC_AUX_COUNT:
		r->x[0] = m_realm_at(m, x[1]) != NULL ? RMI_SUCCESS : RMI_ERROR_INPUT;
		r->x[1] = r->x[0] == RMI_SUCCESS ? m->num_aux : 0;
		return true;
	case SMC_RMI_REC_CREATE:
		r->x[0] = create(m, x, readable, params);
		return true;
	case SMC_RMI_REC_DESTROY:
		r->x[0] = destroy(m, x[1]);
		return true;
	case SMC_RMI_PSCI_COMPLETE:
		r->x[0] = psci_complete(m, x);
		return true;
	}
	return false;
}

/* ---- enter ---- */

/* 1.0's view of the list registers: no physical interrupts, a number that exists, none twice. */
static bool interrupts_ok(const struct rmi_rec_enter *e)
{
	for (unsigned int i = 0; i < M_LRS; i++) {
		uint64_t lr = e->gicv3_lrs[i];

		if (lr >> 62 == 0)
			continue;
		if ((lr >> 61 & 1) || (lr & 0xffffffff) > 1019)
			return false;
		for (unsigned int j = 0; j < i; j++)
			if (e->gicv3_lrs[j] >> 62 != 0 && (e->gicv3_lrs[j] & 0xffffffff) == (lr & 0xffffffff))
				return false;
	}
	return (e->gicv3_hcr & ~0x40feUL) == 0;
}

/* Of a bound Realm's entry, *e becomes what the policy lets in. */
static uint64_t may_enter(struct model *m, const struct m_rec *rec, struct rmi_rec_enter *e)
{
	uint64_t status;

	switch (m->realm[rec->realm].state) {
	case 0:
		return RMI_RET(RMI_ERROR_REALM, 0);
	case 2:
		return RMI_RET(RMI_ERROR_REALM, 1);
	}
	status = m_active(m, rec);
	if (status != RMI_SUCCESS)
		return status;
	if (!rec->runnable || rec->psci.pending)
		return RMI_ERROR_REC;
	status = m_filter_entry(m, rec, e);
	if (status != RMI_SUCCESS)
		return status;
	if (!interrupts_ok(e))
		return RMI_ERROR_REC;
	if ((e->flags & RMI_ENTER_INJECT_SEA) && !rec->abort.inject)
		return RMI_ERROR_REC;
	if ((e->flags & RMI_ENTER_EMUL_MMIO) && !rec->abort.emulate)
		return RMI_ERROR_REC;
	return RMI_SUCCESS;
}

/* Emulated load or store: value of the access, and on. */
static void complete_mmio(struct m_rec *rec, uint64_t data)
{
	uint64_t esr = rec->abort.esr;
	unsigned int bits = 8U << (esr >> 22 & 3), rt = esr >> 16 & 31;

	rec->pc += 4;
	if ((esr >> 6 & 1) || rt == 31)
		return;
	if (bits < 64)
		data &= (1UL << bits) - 1;
	if ((esr >> 21 & 1) && bits < 64 && (data >> (bits - 1) & 1))
		data |= ~0UL << bits;
	if ((esr >> 21 & 1) && !(esr >> 15 & 1))
		data = (uint32_t)data;
	rec->gpr[rt] = data;
}

static void complete_ripas(struct m_rec *rec, bool reject)
{
	if (rec->ripas.base == rec->ripas.top)
		return;
	rec->gpr[0] = RSI_SUCCESS;
	rec->gpr[1] = rec->ripas.addr;
	rec->gpr[2] = reject && rec->ripas.ripas == RMI_RAM && rec->ripas.addr != rec->ripas.top;
	memset(&rec->ripas, 0, sizeof(rec->ripas));
}

/* False: the structure is not there; the exit says so and the call stays open. */
static bool complete_host_call(struct model *m, struct m_rec *rec, struct rmi_rec_exit *exit)
{
	struct m_walk w;

	if (!rec->host_call.pending)
		return true;
	w = model_walk(m, &m->realm[rec->realm], rec->host_call.ipa, 3);
	if (m_at(&w)->ripas != RMI_EMPTY && !(m_at(&w)->kind == RMI_ASSIGNED && m_at(&w)->ripas == RMI_RAM)) {
		exit->exit_reason = RMI_EXIT_SYNC;
		exit->esr = 0x24UL << 26 | (4 + (uint64_t)w.level);
		exit->hpfar = rec->host_call.ipa >> 12 << 4;
		return false;
	}
	rec->host_call.pending = false;
	rec->gpr[0] = RSI_SUCCESS;
	return true;
}

enum m_enter model_take(struct model *m, uint64_t pa, uint64_t run, uint64_t *status)
{
	struct m_rec *rec = m_rec_at(m, pa);

	*status = RMI_ERROR_INPUT;
	if (!m_is(m, run, M_NS) || rec == NULL)
		return M_REFUSED;
	*status = MICA_POLICY(MICA_RULE_PARKED);	/* whether it runs now or not: a host must not tell the one from the other */
	if (m_parked(m, rec))
		return M_REFUSED;
	*status = RMI_ERROR_REC;
	if (rec->running)
		return M_REFUSED;
	rec->running = 1;
	return M_RUNS;
}

enum m_enter model_enter(struct model *m, uint64_t pa, bool readable, const struct rmi_rec_enter *given, uint64_t *status,
			 struct rmi_rec_exit *exit)
{
	struct m_rec *rec = m_rec_at(m, pa);
	struct rmi_rec_enter filtered = *given, *e = &filtered;

	memset(exit, 0, sizeof(*exit));
	*status = readable ? may_enter(m, rec, e) : RMI_ERROR_INPUT;
	if (*status != RMI_SUCCESS) {
		rec->running = 0;
		return M_REFUSED;
	}
	m_take_interrupts(m, rec, e);
	if ((e->flags & RMI_ENTER_EMUL_MMIO) && !(e->flags & RMI_ENTER_INJECT_SEA))
		complete_mmio(rec, e->gprs[0]);
	complete_ripas(rec, e->flags & RMI_ENTER_RIPAS_REJECT);
	if (!complete_host_call(m, rec, exit)) {
		memset(&rec->abort, 0, sizeof(rec->abort));
		rec->running = 0;
		return M_LEAVES;
	}
	if (e->flags & RMI_ENTER_INJECT_SEA)
		rec->pc = 0x200;	/* VBAR_EL1 is 0, EL1h */
	memset(&rec->abort, 0, sizeof(rec->abort));
	return m_resume(m, rec, exit) ? M_LEAVES : M_RUNS;
}
