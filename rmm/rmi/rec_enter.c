/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RMI_REC_ENTER: take the REC, check the host's entry record, finish what the last exit left open, run, report.
 * Source: RMM specification, REC entry; order of checks: rmi.md 7.1.
 */
#include "../mica/hooks.h"
#include "../realm/context.h"
#include "../realm/gic.h"
#include "../realm/run.h"
#include "../rsi/rsi_internal.h"
#include "rmi_internal.h"

/* A REC that runs is held by its reference, not by its lock. Gates (mica/gate.c) count references without that lock. */
static void give_back(struct rec *rec)
{
	__atomic_fetch_sub(&rec->g_rec->refs, 1, __ATOMIC_RELEASE);
}

static uint64_t take_rec(pa_t a, struct rec **rec)
{
	struct granule *g = granule_find_lock(a, GRANULE_REC);
	uint16_t idle = 0;
	uint64_t status;
	bool taken;

	if (g == NULL)
		return RMI_ERROR_INPUT;
	/* sequentially consistent: whoever stops the workflow first is seen below, or waits for us to leave */
	taken = __atomic_compare_exchange_n(&g->refs, &idle, 1, false, __ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE);
	*rec = granule_va(g);
	status = mica_running(*rec);	/* a gate's server hears the same, taken or not, before anything else is looked at */
	if (taken && status == RMI_ERROR_REC)
		status = RMI_SUCCESS;
	else if (taken)
		give_back(*rec);
	granule_unlock(g);
	return status;
}

static uint64_t realm_runs(const struct rd *rd)
{
	switch (rd_state(rd)) {
	case REALM_NEW:
		return RMI_RET(RMI_ERROR_REALM, 0);
	case REALM_SYSTEM_OFF:
		return RMI_RET(RMI_ERROR_REALM, 1);
	case REALM_ACTIVE:
		break;
	}
	return RMI_SUCCESS;
}

static uint64_t may_run(struct run *run)
{
	struct rmi_rec_enter *enter = &run->enter;
	struct rec *rec = run->rec;
	uint64_t status = realm_runs(run->rd);

	if (status == RMI_SUCCESS)
		status = mica_may_enter(rec);
	if (status != RMI_SUCCESS)
		return status;
	if (!__atomic_load_n(&rec->runnable, __ATOMIC_ACQUIRE) || rec->psci.pending)
		return RMI_ERROR_REC;
	status = mica_filter_enter(run);
	if (status != RMI_SUCCESS)
		return status;
	if (!gic_entry_valid(enter))
		return RMI_ERROR_REC;
	if ((enter->flags & RMI_ENTER_INJECT_SEA) && !rec->last_abort.inject_allowed)
		return RMI_ERROR_REC;
	if ((enter->flags & RMI_ENTER_EMUL_MMIO) && !rec->last_abort.emulatable)
		return RMI_ERROR_REC;
	return RMI_SUCCESS;
}

/* The Realm learns how far its request got, and whether the host refused the rest. */
static void complete_ripas(struct run *run)
{
	struct rec *rec = run->rec;
	bool reject = run->enter.flags & RMI_ENTER_RIPAS_REJECT;

	if (rec->ripas.base == rec->ripas.top)
		return;
	rec->gpr[0] = RSI_SUCCESS;
	rec->gpr[1] = rec->ripas.addr;
	rec->gpr[2] = rec->ripas.ripas == RMI_RAM && rec->ripas.addr != rec->ripas.top && reject;
	memset(&rec->ripas, 0, sizeof(rec->ripas));
}

/* RUN_EXIT: the host took the page of the call away; it hears of it and may put it back. */
static enum run_verdict complete_host_call(struct run *run)
{
	struct rec *rec = run->rec;
	enum run_verdict verdict;

	if (!rec->host_call.pending)
		return RUN_RESUME;
	verdict = rsi_host_call_complete(run);
	if (verdict == RUN_RESUME)
		rec->host_call.pending = false;
	return verdict;
}

/* All that an entry does before instructions run. */
static enum run_verdict prepare(struct run *run, bool sea)
{
	struct rec *rec = run->rec;

	if (mica_gic_open(run))
		gic_from_host(&rec->gic, &run->enter);
	if (!sea && (run->enter.flags & RMI_ENTER_EMUL_MMIO))
		rec_mmio_complete(rec, run->enter.gprs[0]);
	complete_ripas(run);
	if (complete_host_call(run) == RUN_EXIT)
		return RUN_EXIT;
	return mica_resume(run);
}

static void run_rec(struct run *run)
{
	struct rec *rec = run->rec;	/* a suspended caller's head runs instead; SEA is not for such */
	bool sea = run->enter.flags & RMI_ENTER_INJECT_SEA;
	uint64_t esr = rec->last_abort.esr, far = rec->last_abort.far;
	enum run_verdict verdict = prepare(run, sea);

	memset(&rec->last_abort, 0, sizeof(rec->last_abort));
	if (verdict == RUN_RESUME) {
		rec_load(run->rec, run->enter.flags);
		if (sea)
			rec_inject_sea(rec, esr, far);
		rec_run(run);
		rec_unload(run);
	}
	rec_exit_common(run);
	mica_filter_exit(run);
}

void rmi_rec_enter(const struct rmi_args *in, struct rmi_result *out)
{
	pa_t run_pa = pa(in->x[2]);
	struct run run = { .rec = NULL };

	out->x[0] = RMI_ERROR_INPUT;
	if (!IS_ALIGNED(run_pa.v, GRANULE_SIZE) || !granule_is_ns(run_pa))
		return;
	out->x[0] = take_rec(pa(in->x[1]), &run.rec);
	if (out->x[0] != RMI_SUCCESS)
		return;
	run.chain[0] = run.rec;
	run.rd = rec_rd(run.rec);
	out->x[0] = granule_ns_read(run_pa, &run.enter, sizeof(run.enter)) ? may_run(&run) :
									     RMI_ERROR_INPUT;
	if (out->x[0] == RMI_SUCCESS) {
		run_rec(&run);
		if (!granule_ns_write(pa(run_pa.v + sizeof(run.enter)), &run.exit, sizeof(run.exit)))
			out->x[0] = RMI_ERROR_INPUT;
		mica_leave(&run);
	}
	give_back(run.chain[0]);
}
