/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What crosses between a bound REC and the host. The exit record is built from nothing: each field that is
 * shown stands in a row here. Source: docs/spec/extension.md section 5.
 */
#include "../arch/esr.h"
#include "../realm/gic.h"
#include "hooks.h"
#include "wf.h"

#define PPI_VTIMER	27
#define PPI_PTIMER	30

bool mica_opens(const struct run *run, uint32_t rights)
{
	return run->depth == 0 && run->rec->calling == 0 && rd_record(run->rd)->rights & rights;
}

uint64_t mica_active(const struct rec *rec)
{
	const struct rd *rd = rec_rd(rec);

	if (!rec->bound)
		return RMI_SUCCESS;
	if (wf_state(rd_wf(rd)) != MICA_WF_ACTIVE)
		return MICA_POLICY(MICA_RULE_WF_STATE);
	if (role_state(rd_wf(rd), rd_role(rd)) != MICA_ROLE_SEALED)
		return MICA_POLICY(MICA_RULE_ROLE_STATE);
	return RMI_SUCCESS;
}

/*
 * A server that was an orphan a moment ago: called after it was marked for this entry, and orphaned since, its chain may
 * run it still. Under the lock: such a chain makes the gate READY before it lets go of the REC, and then anybody may call it.
 */
static uint64_t orphan_may_enter(const struct rec *rec, const struct wf_gate *gate)
{
	struct granule *wf = rec_rd(rec)->mica.wf;
	uint64_t status = RMI_SUCCESS;

	granule_lock(wf, GRANULE_WF);
	if (gate->state == GATE_NONE)
		status = MICA_POLICY(MICA_RULE_ROLE_STATE);
	else if (gate->state != GATE_ORPHAN)
		status = MICA_POLICY(MICA_RULE_PARKED);
	else if (__atomic_load_n(&rec->g_rec->refs, __ATOMIC_ACQUIRE) != 1)
		status = RMI_ERROR_REC;
	granule_unlock(wf);
	return status;
}

uint64_t mica_bound_may_enter(const struct rec *rec)
{
	const struct wf_gate *gate = gate_served(rec);
	/* first: a role that ends does so before its gates, so that NONE of that kind is seen as rule 11 */
	enum gate_state serving = gate != NULL ? gate_state(gate) : GATE_NONE;
	uint64_t status = mica_active(rec);

	if (status == RMI_SUCCESS && (serving == GATE_READY || serving == GATE_BUSY))
		return MICA_POLICY(MICA_RULE_PARKED);
	return status == RMI_SUCCESS && serving == GATE_ORPHAN ? orphan_may_enter(rec, gate) : status;
}

uint64_t mica_bound_running(const struct rec *rec)
{
	const uint64_t parked = MICA_POLICY(MICA_RULE_PARKED);

	return mica_bound_may_enter(rec) == parked ? parked : RMI_ERROR_REC;
}

/* The role's own timers need no INTIDs in the policy: TIMER is the right to be told that they fired. */
static bool intid_opened(const struct run *run, uint64_t id)
{
	bool timer = id == PPI_VTIMER || id == PPI_PTIMER;

	return (timer && mica_opens(run, MICA_RIGHT_TIMER)) || region_at(run->rd, MICA_REGION_INTIDS, id) != NULL;
}

static bool lrs_opened(const struct run *run)
{
	for (unsigned int i = 0; i < gic_num_lrs(); i++) {
		uint64_t lr = run->enter.gicv3_lrs[i];

		if (LR_STATE(lr) != 0 && !intid_opened(run, LR_VINTID(lr)))
			return false;
	}
	return true;
}

/*
 * EMUL_MMIO and INJECT_SEA stay: without an exit that allows them 1.0 refuses the entry. What is blank is not even
 * validated.
 */
uint64_t mica_bound_filter_enter(struct run *run)
{
	struct rmi_rec_enter *enter = &run->enter;

	enter->flags &= RMI_ENTER_EMUL_MMIO | RMI_ENTER_INJECT_SEA | RMI_ENTER_TRAP_WFI |
			RMI_ENTER_TRAP_WFE;
	if (!mica_opens(run, MICA_RIGHT_HOSTCALL | MICA_RIGHT_MMIO))
		memset(enter->gprs, 0, sizeof(enter->gprs));
	if (!mica_opens(run, MICA_RIGHT_IRQ))
		enter->gicv3_hcr = 0;
	if (!mica_gic_open(run))
		memset(enter->gicv3_lrs, 0, sizeof(enter->gicv3_lrs));
	return lrs_opened(run) ? RMI_SUCCESS : MICA_POLICY(MICA_RULE_IRQ);
}

/* What the reason of the exit brings with it. */
static void show_payload(struct run *run, const struct rmi_rec_exit *was)
{
	struct rmi_rec_exit *exit = &run->exit;
	bool device = run->rec->last_abort.emulatable, trap = ESR_EC(was->esr) == EC_SYSREG;

	switch (was->exit_reason) {
	case RMI_EXIT_HOST_CALL:
		exit->imm = was->imm;
		memcpy(exit->gprs, was->gprs, sizeof(exit->gprs));
		break;
	case RMI_EXIT_PSCI:
		exit->gprs[0] = was->gprs[0];
		exit->gprs[1] = was->gprs[1];
		break;
	case RMI_EXIT_SYNC:
		if (!mica_opens(run, trap ? MICA_RIGHT_IRQ : device ? MICA_RIGHT_MMIO : 0))
			break;
		exit->esr = was->esr;
		exit->far = was->far;
		exit->hpfar = was->hpfar;
		exit->gprs[0] = was->gprs[0];
		break;
	}
}

static void show_timers(struct rmi_rec_exit *exit, const struct rmi_rec_exit *was)
{
	exit->cntv_ctl = was->cntv_ctl;
	exit->cntv_cval = was->cntv_cval;
	exit->cntp_ctl = was->cntp_ctl;
	exit->cntp_cval = was->cntp_cval;
}

static void show_gic(struct rmi_rec_exit *exit, const struct rmi_rec_exit *was)
{
	exit->gicv3_hcr = was->gicv3_hcr;
	exit->gicv3_misr = was->gicv3_misr;
	exit->gicv3_vmcr = was->gicv3_vmcr;
}

/* HOST_CALL and PSCI exits of a bound REC exist only where the right does (acts.c). */
void mica_bound_filter_exit(struct run *run)
{
	const struct rmi_rec_exit was = run->exit;

	run->exit = (struct rmi_rec_exit){ .exit_reason = was.exit_reason };
	if (was.exit_reason == RMI_EXIT_MICA_STOPPED)
		return;
	if (was.exit_reason == RMI_EXIT_MICA_WAKE)
		run->exit.gprs[0] = was.gprs[0];
	show_payload(run, &was);
	if (mica_opens(run, MICA_RIGHT_TIMER))
		show_timers(&run->exit, &was);
	if (mica_opens(run, MICA_RIGHT_IRQ))
		show_gic(&run->exit, &was);
	if (mica_gic_open(run))
		memcpy(run->exit.gicv3_lrs, was.gicv3_lrs, sizeof(was.gicv3_lrs));
}

bool mica_bound_timers_open(const struct run *run)
{
	return mica_opens(run, MICA_RIGHT_TIMER);
}

bool mica_bound_gic_open(const struct run *run)
{
	return mica_opens(run, MICA_RIGHT_IRQ | MICA_RIGHT_TIMER);
}
