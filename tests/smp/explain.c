/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One order of the steps of several CPUs under which the model answers what the machine did. A call is one step; REC_ENTER is
 * four: the REC is taken, the entry is checked and done, the Realm makes its call, the REC is given back. A bound Realm's is
 * five: before the interrupt that ends it is served, the monitor looks once more whether its role is still there.
 */
#include <string.h>

#include "../../rmm/granule/granule.h"
#include "../../rmm/realm/rec.h"
#include "../fuzz/wf.h"
#include "smp.h"

#define MAX_DEPTH	(5 * SMP_CPUS + 1)

static struct model saved[MAX_DEPTH];

/* But for a RIM, if @rim is not 0: eight registers from there on. */
static bool same_registers(const uint64_t *got, const uint64_t *want, unsigned int rim)
{
	for (unsigned int i = 0; i < 31; i++)
		if (got[i] != want[i] && !(rim != 0 && i >= rim && i < rim + 8))
			return false;
	return true;
}

static bool call_agrees(struct part *p)
{
	const uint64_t pointer = call_pointer(p->call.fid, p->call.x);
	bool host = pointer % M_PAGE == 0 && m_is(&model, pointer, M_NS);
	struct m_result want;

	model_rmi(&model, p->call.fid, p->call.x, host, host ? fake_peek(pa(pointer)) : NULL, &want);
	p->done = true;
	return p->x0 == want.x[0] && memcmp(p->out, &want.x[1], sizeof(p->out)) == 0;
}

static bool take_agrees(struct part *p)
{
	uint64_t status;

	if (model_take(&model, p->rec, p->run, &status) == M_RUNS)
		return true;
	p->done = true;
	return !p->ran && p->x0 == status;
}

static bool entry_agrees(struct part *p)
{
	struct m_rec *rec = m_rec_at(&model, p->rec);
	uint64_t status;
	enum m_enter verdict = model_enter(&model, p->rec, true, &p->entry, &status, &p->want);

	rec->running = 1;		/* given back in a step of its own */
	p->leaves = verdict != M_RUNS;
	if (p->leaves)
		return !p->ran && p->x0 == status;
	return p->ran && p->x0 == RMI_SUCCESS && p->pc == rec->pc && same_registers(p->found, rec->gpr, 0);
}

static struct m_wf *wf_of(const struct m_rec *rec)
{
	int wf = model.realm[rec->realm].wf;

	return wf != M_NONE ? &model.wf[wf] : NULL;
}

/* RIMs the model does not know: what may differ, from X(*first) on. */
static unsigned int rim_at(const struct part *p, const struct m_rec *rec)
{
	const struct m_wf *w = wf_of(rec);

	if (p->script[0] == SMC_RSI_MEASUREMENT_READ && p->script[1] == 0)
		return 1;
	return w != NULL && p->script[0] == SMC_RSI_MICA_PEER_INFO && rec->gpr[0] == RSI_SUCCESS ? 3 : 0;
}

static bool script_agrees(struct part *p)
{
	struct m_rec *rec = m_rec_at(&model, p->rec);
	enum m_trap t = M_SERVE;

	if (p->leaves)
		return true;
	memcpy(rec->gpr, p->script, sizeof(p->script));
	if (wf_of(rec) != NULL)
		t = model_trap(&model, rec, false, false, &p->want);
	p->leaves = t == M_GONE || model_smc(&model, rec, &p->want);
	rec->running = 1;
	if (p->leaves)
		return !p->ran_on;
	if (!p->ran_on || !same_registers(p->after, rec->gpr, rim_at(p, rec)))
		return false;
	memcpy(rec->gpr, p->after, sizeof(p->after));
	return true;
}

static bool interrupt_agrees(struct part *p)
{
	struct m_rec *rec = m_rec_at(&model, p->rec);

	if (p->leaves)
		return true;
	if (wf_of(rec) == NULL || model_trap(&model, rec, false, false, &p->want) == M_SERVE)
		model_leave(&model, rec, &p->want, RMI_EXIT_IRQ, 0);
	rec->running = 1;
	return true;
}

static bool return_agrees(struct part *p)
{
	m_rec_at(&model, p->rec)->running = 0;
	p->done = true;
	if (p->x0 != RMI_SUCCESS)
		return true;
	if (p->want.exit_reason == RMI_EXIT_HOST_CALL)	/* the model has no contents of memory */
		return p->exit.exit_reason == RMI_EXIT_HOST_CALL;
	hide_interrupts(&p->want);
	return memcmp(&p->exit, &p->want, sizeof(p->exit)) == 0;
}

/* The next step of @p on the model. */
static bool step_agrees(struct part *p)
{
	if (!p->enter)
		return call_agrees(p);
	switch (p->step++) {
	case 0:
		return take_agrees(p);
	case 1:
		return entry_agrees(p);
	case 2:
		return script_agrees(p);
	case 3:
		if (wf_of(m_rec_at(&model, p->rec)) != NULL)
			return interrupt_agrees(p);
		p->step++;
		return interrupt_agrees(p) && return_agrees(p);	/* nothing to look at between */
	default:
		return return_agrees(p);
	}
}

/* What no answer has shown yet, such as the X0 that PSCI_COMPLETE left for a REC: it tells two orders apart. */
static bool rec_agrees(const struct m_rec *rec)
{
	const struct rec *real;

	if (granule_find(pa(rec->pa))->state != GRANULE_REC)
		return false;
	real = arch_granule_va(pa(rec->pa));
	if (real->mica_wait.waiting != rec->wait.waiting)
		return false;
	return same_registers(real->gpr, rec->gpr, 0) && real->pc == rec->pc && real->runnable == rec->runnable;
}

static bool realm_agrees(const struct m_realm *r)
{
	const struct rd *real;

	if (granule_find(pa(r->rd))->state != GRANULE_RD)
		return false;
	real = arch_granule_va(pa(r->rd));
	return (int)real->state == r->state && memcmp(real->measurement[1], r->rem, sizeof(r->rem)) == 0;
}

/* The RIPAS that DATA_DESTROY and RTT_SET_RIPAS leave depends on their order, their answers need not. */
static bool table_agrees(uint64_t table, int level)
{
	const struct m_table *t = m_table_at(&model, table);
	const uint64_t *raw = fake_peek(pa(table));

	if (granule_find(pa(table))->state != GRANULE_RTT)
		return false;
	for (unsigned int i = 0; i < 512; i++) {
		struct s2_entry e = s2_decode(raw[i], level);

		if (e.ripas != t->e[i].ripas || (e.kind == S2_ASSIGNED_CHAN) != (t->e[i].kind == M_CHAN_LEAF) || (e.kind == S2_TABLE) != (t->e[i].kind == RMI_TABLE))
			return false;
		/* bounded by the levels */
		if (e.kind == S2_TABLE && (e.pa.v != t->e[i].out || !table_agrees(e.pa.v, level + 1)))
			return false;
	}
	return true;
}

static bool tables_agree(const struct m_realm *r)
{
	for (unsigned int i = 0; i < r->num_start; i++)
		if (!table_agrees(r->rtt_base + i * M_PAGE, r->start_level))
			return false;
	return true;
}

static bool state_agrees(void)
{
	for (unsigned int i = 0; i < M_RECS; i++)
		if (model.rec[i].used && !rec_agrees(&model.rec[i]))
			return false;
	for (unsigned int i = 0; i < M_REALMS; i++)
		if (model.realm[i].used && !(realm_agrees(&model.realm[i]) && tables_agree(&model.realm[i])))
			return false;
	return workflows_agree(&(const char *){ NULL });
}

void show_state(void)
{
	const char *why;

	if (!workflows_agree(&why))
		trace("%s", why);
	for (unsigned int i = 0; i < M_RECS; i++) {
		const struct m_rec *rec = &model.rec[i];
		const struct rec *real = rec->used ? arch_granule_va(pa(rec->pa)) : NULL;

		if (real == NULL || rec_agrees(rec))
			continue;
		trace("REC %lx: state %u, pc %lx (model %lx), runnable %d (model %d)", rec->pa,
		      granule_find(pa(rec->pa))->state, real->pc, rec->pc, real->runnable, rec->runnable);
		for (unsigned int k = 0; k < 31; k++)
			if (real->gpr[k] != rec->gpr[k])
				trace("  X%u %lx (model %lx)", k, real->gpr[k], rec->gpr[k]);
	}
	for (unsigned int i = 0; i < M_REALMS; i++)
		if (model.realm[i].used && !realm_agrees(&model.realm[i]))
			trace("Realm %lx: the model has state %d", model.realm[i].rd, model.realm[i].state);
		else if (model.realm[i].used && !tables_agree(&model.realm[i]))
			trace("Realm %lx: its tables are not the model's", model.realm[i].rd);
}

/* Recursion is bounded by the number of steps. */
static bool search(struct part *parts, unsigned int n, unsigned int depth)
{
	bool all = true;

	model_copy(&saved[depth], &model);
	for (unsigned int i = 0; i < n; i++) {
		struct part before = parts[i];

		if (before.done)
			continue;
		all = false;
		if (step_agrees(&parts[i]) && search(parts, n, depth + 1))
			return true;
		parts[i] = before;
		model_copy(&model, &saved[depth]);
	}
	return all && state_agrees();
}

bool explain(struct part *parts, unsigned int n)
{
	return search(parts, n, 0);
}
