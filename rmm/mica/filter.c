/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What crosses between a bound REC and the host. The exit record is built from nothing: each field that is
 * shown stands in a row here. Source: docs/spec/extension.md section 5.
 */
#include "hooks.h"

#include "wf.h"

static bool open_for(const struct rec *rec, uint32_t right)
{
	return rd_record(rec_rd(rec))->rights & right;
}

uint64_t mica_may_enter(const struct rec *rec)
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
 * EMUL_MMIO and INJECT_SEA stay: no exit of a bound Realm allows them, so 1.0 refuses the entry. The interrupt
 * fields are not even validated.
 */
uint64_t mica_filter_enter(const struct rec *rec, struct rmi_rec_enter *enter)
{
	if (!rec->bound)
		return RMI_SUCCESS;
	enter->flags &= RMI_ENTER_EMUL_MMIO | RMI_ENTER_INJECT_SEA | RMI_ENTER_TRAP_WFI |
			RMI_ENTER_TRAP_WFE;
	if (!open_for(rec, MICA_RIGHT_HOSTCALL))
		memset(enter->gprs, 0, sizeof(enter->gprs));
	enter->gicv3_hcr = 0;
	memset(enter->gicv3_lrs, 0, sizeof(enter->gicv3_lrs));
	return RMI_SUCCESS;
}

void mica_filter_exit(const struct rec *rec, struct rmi_rec_exit *exit)
{
	uint64_t reason = exit->exit_reason, imm = exit->imm, gprs[31];

	if (!rec->bound)
		return;
	memcpy(gprs, exit->gprs, sizeof(gprs));
	memset(exit, 0, sizeof(*exit));
	exit->exit_reason = reason;
	if (reason == RMI_EXIT_HOST_CALL && open_for(rec, MICA_RIGHT_HOSTCALL)) {
		exit->imm = imm;
		memcpy(exit->gprs, gprs, sizeof(gprs));
	}
	if (reason == RMI_EXIT_MICA_WAKE)
		exit->gprs[0] = gprs[0];
}

enum run_verdict mica_still_active(struct run *run)
{
	if (mica_may_enter(run->rec) == RMI_SUCCESS)
		return RUN_RESUME;
	memset(&run->exit, 0, sizeof(run->exit));
	run->exit.exit_reason = RMI_EXIT_MICA_STOPPED;
	return RUN_EXIT;
}

/* Rights TIMER and IRQ are not there yet: WF_CREATE refuses a policy that opens them. */
bool mica_timers_open(const struct rec *rec)
{
	return !rec->bound;
}

bool mica_gic_open(const struct rec *rec)
{
	return !rec->bound;
}
