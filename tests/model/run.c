/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bound REC on a CPU: what an entry brings in and an exit shows, and the chain of calls that runs on one entry.
 * Source: docs/spec/extension.md sections 5 and 7. For a REC of an unbound Realm everything here agrees and does nothing.
 */
#include <string.h>

#include "model.h"

static struct m_wf *wf_of(struct model *m, const struct m_rec *rec)
{
	return m_wf_of(m, &m->realm[rec->realm]);
}

static unsigned int role_of(const struct model *m, const struct m_rec *rec)
{
	return m->realm[rec->realm].role;
}

uint64_t m_active(struct model *m, const struct m_rec *rec)
{
	const struct m_wf *w = wf_of(m, rec);

	if (w == NULL)
		return RMI_SUCCESS;
	if (w->state != MICA_WF_ACTIVE)
		return MICA_POLICY(MICA_RULE_WF_STATE);
	if (m_role_state(w, role_of(m, rec)) != MICA_ROLE_SEALED)
		return MICA_POLICY(MICA_RULE_ROLE_STATE);
	return RMI_SUCCESS;
}

/* ---- what is open: nothing to a REC that is called, or that waits for an answer ---- */

bool m_opens(struct model *m, const struct m_rec *base, uint32_t rights)
{
	return base->depth == 0 && base->calling == M_NONE && (m_record(m, &m->realm[base->realm])->rights & rights);
}

/* Of the entry record; 0, or rule 19. */
uint64_t m_filter_entry(struct model *m, const struct m_rec *rec, struct rmi_rec_enter *e)
{
	const struct m_wf *w = wf_of(m, rec);

	if (w == NULL)
		return RMI_SUCCESS;
	e->flags &= RMI_ENTER_EMUL_MMIO | RMI_ENTER_INJECT_SEA | RMI_ENTER_TRAP_WFI | RMI_ENTER_TRAP_WFE;
	if (!m_opens(m, rec, MICA_RIGHT_HOSTCALL | MICA_RIGHT_MMIO))
		memset(e->gprs, 0, sizeof(e->gprs));
	if (!m_opens(m, rec, MICA_RIGHT_IRQ))
		e->gicv3_hcr = 0;
	if (!m_opens(m, rec, MICA_RIGHT_IRQ | MICA_RIGHT_TIMER))
		memset(e->gicv3_lrs, 0, sizeof(e->gicv3_lrs));
	for (unsigned int i = 0; i < M_LRS; i++) {
		uint64_t lr = e->gicv3_lrs[i], id = lr & 0xffffffff;
		bool timer = (id == 27 || id == 30) && m_opens(m, rec, MICA_RIGHT_TIMER);

		if (lr >> 62 != 0 && !timer && m_region_at(w, role_of(m, rec), MICA_REGION_INTIDS, id) == NULL)
			return MICA_POLICY(MICA_RULE_IRQ);
	}
	return RMI_SUCCESS;
}

void m_take_interrupts(struct model *m, struct m_rec *rec, const struct rmi_rec_enter *e)
{
	if (wf_of(m, rec) == NULL || !m_opens(m, rec, MICA_RIGHT_IRQ | MICA_RIGHT_TIMER))
		return;
	rec->hcr = e->gicv3_hcr;
	memcpy(rec->lr, e->gicv3_lrs, sizeof(rec->lr));
}

/* The exit of a bound REC has its reason, and what a right opens. HOST_CALL, PSCI, MMIO and WAKE add their payload themselves. */
void m_show(struct model *m, struct m_rec *base, struct rmi_rec_exit *exit)
{
	if (wf_of(m, base) == NULL)
		return;
	if (exit->exit_reason != RMI_EXIT_SYNC)	/* a device access, or interrupts generated: neither is one unless opened */
		exit->esr = 0;
	if (exit->exit_reason == RMI_EXIT_MICA_STOPPED)
		return;
	if (m_opens(m, base, MICA_RIGHT_TIMER)) {
		exit->cntv_ctl = base->timer.v_ctl;
		exit->cntv_cval = base->timer.v_cval;
		exit->cntp_ctl = base->timer.p_ctl;
		exit->cntp_cval = base->timer.p_cval;
	}
	if (m_opens(m, base, MICA_RIGHT_IRQ))
		exit->gicv3_hcr = base->hcr;
	if (m_opens(m, base, MICA_RIGHT_IRQ | MICA_RIGHT_TIMER))
		memcpy(exit->gicv3_lrs, base->lr, sizeof(base->lr));
}

/* ---- rules that a Realm hits ---- */

void m_audit(struct model *m, const struct m_rec *rec, unsigned int rule)
{
	uint32_t *count = &wf_of(m, rec)->role[role_of(m, rec)].audit[rule];

	if (*count != UINT32_MAX)
		(*count)++;
}

bool m_refuse(struct model *m, struct m_rec *rec, unsigned int rule, unsigned int outputs)
{
	m_audit(m, rec, rule);
	return m_fail(rec, MICA_POLICY(rule), outputs);
}

/* ---- the chain ---- */

struct m_rec *model_head(struct model *m, struct m_rec *base)
{
	return base->depth != 0 ? &m->rec[base->chain[base->depth - 1]] : base;
}

/* Index of the REC as gates name it. */
static int number(const struct model *m, const struct m_rec *rec)
{
	return (int)(rec - m->rec);
}

/* The gate that the REC serves; M_NONE: none. */
static int served(const struct model *m, const struct m_wf *w, const struct m_rec *rec)
{
	for (unsigned int i = 0; i < w->policy.gates; i++)
		if (w->policy.gate[i].callee == role_of(m, rec) && w->policy.gate[i].server == rec->index)
			return (int)i;
	return M_NONE;
}

bool m_parked(struct model *m, const struct m_rec *rec)
{
	const struct m_wf *w = wf_of(m, rec);
	int g = w != NULL && m_active(m, rec) == RMI_SUCCESS ? served(m, w, rec) : M_NONE;

	return g != M_NONE && (w->gate[g].word == M_GATE_READY || w->gate[g].word == M_GATE_BUSY);
}

void m_gates_end(struct m_wf *w, unsigned int role)
{
	for (unsigned int i = 0; i < w->policy.gates; i++) {
		if (w->policy.gate[i].callee == role)
			w->gate[i].word = M_GATE_NONE;
		else if (w->policy.gate[i].caller == role && w->gate[i].word == M_GATE_BUSY)
			w->gate[i].word = M_GATE_ORPHAN;
	}
}

/* Whatever the host wanted to hear of its interrupts ended when it parked. */
static void run_server(struct model *m, struct m_rec *base, const struct m_wf *w, int gate)
{
	base->chain[base->depth++] = w->gate[gate].server;
	m->rec[w->gate[gate].server].running++;
	m->rec[w->gate[gate].server].hcr = 0;
}

/* The chain ends at its @to-th REC, 0 being base, which goes on. */
static struct m_rec *go_back(struct model *m, struct m_rec *base, unsigned int to)
{
	while (base->depth > to)
		m->rec[base->chain[--base->depth]].running--;
	model_head(m, base)->calling = M_NONE;
	return model_head(m, base);
}

/* Before a REC that was suspended runs. True: it waits still, and the CPU is the host's again. */
bool m_resume(struct model *m, struct m_rec *base, struct rmi_rec_exit *exit)
{
	struct m_rec *rec = base;
	struct m_wf *w = wf_of(m, base);

	if (w == NULL)
		return false;
	while (rec->calling != M_NONE && w->gate[rec->calling].word == M_GATE_BUSY &&
	       w->gate[rec->calling].caller == number(m, rec)) {
		run_server(m, base, w, rec->calling);
		rec = model_head(m, base);
	}
	if (rec->calling != M_NONE) {
		rec->calling = M_NONE;
		m_refuse(m, rec, MICA_RULE_PEER_GONE, 8);
	}
	if (!rec->wait.waiting || m_wait_over(m, rec, false))
		return false;
	model_leave(m, base, exit, RMI_EXIT_MICA_IDLE, 0);
	return true;
}

enum m_trap model_trap(struct model *m, struct m_rec *base, bool serror, bool hvc, struct rmi_rec_exit *exit)
{
	unsigned int gone;

	for (gone = 0; gone <= base->depth; gone++)
		if (m_active(m, gone == 0 ? base : &m->rec[base->chain[gone - 1]]) != RMI_SUCCESS)
			break;
	if (gone > base->depth)
		return M_SERVE;
	if (hvc)
		model_head(m, base)->pc -= 4;	/* not served: it comes again, if ever */
	if (gone == 0) {
		model_leave(m, base, exit, RMI_EXIT_MICA_STOPPED, 0);
		return M_GONE;
	}
	m_refuse(m, go_back(m, base, gone - 1), MICA_RULE_PEER_GONE, 8);
	if (!serror)
		return M_AGAIN;
	model_leave(m, base, exit, RMI_EXIT_SERROR, 0);
	return M_GONE;
}

/* X0 = 0, @n registers from X2 on to X1 and on, the others of X1..X8 zero. */
static void hand_over(struct m_rec *to, const struct m_rec *from, unsigned int n)
{
	to->gpr[0] = RSI_SUCCESS;
	for (unsigned int i = 1; i <= 8; i++)
		to->gpr[i] = i <= n ? from->gpr[i + 1] : 0;
}

bool m_gate_call(struct model *m, struct m_rec *base)
{
	struct m_rec *caller = model_head(m, base);
	struct m_wf *w = wf_of(m, caller);
	uint64_t g = caller->gpr[1];

	if (g >= w->policy.gates || w->policy.gate[g].caller != role_of(m, caller))
		return m_refuse(m, caller, MICA_RULE_NO_RIGHT, 8);
	if (base->depth == M_DEPTH)
		return m_refuse(m, caller, MICA_RULE_LIMIT, 8);
	if (w->gate[g].word == M_GATE_NONE)
		return m_refuse(m, caller, MICA_RULE_PEER_GONE, 8);
	if (w->gate[g].word != M_GATE_READY)
		return m_refuse(m, caller, MICA_RULE_BUSY, 8);
	w->gate[g].word = M_GATE_BUSY;
	w->gate[g].caller = number(m, caller);
	caller->calling = (int)g;
	run_server(m, base, w, (int)g);
	hand_over(model_head(m, base), caller, w->policy.gate[g].args);
	return false;
}

bool m_gate_recv(struct model *m, struct m_rec *base, struct rmi_rec_exit *exit)
{
	struct m_rec *server = model_head(m, base);
	struct m_wf *w = wf_of(m, server);
	int g = served(m, w, server);

	if (g == M_NONE || server->gpr[1] != (uint64_t)g)
		return m_refuse(m, server, MICA_RULE_NO_RIGHT, 8);
	w->gate[g].word = M_GATE_READY;
	w->gate[g].server = number(m, server);
	if (base->depth == 0) {
		model_leave(m, base, exit, RMI_EXIT_MICA_PARKED, 0);
		return true;
	}
	hand_over(go_back(m, base, base->depth - 1), server, w->policy.gate[g].results);
	return false;
}
