/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a bound Realm does that an unbound one would take to the host: each answered here, counted under its rule.
 * Source: docs/spec/extension.md sections 4 and 5.
 */
#include "../../abi/rsi.h"
#include "../arch/esr.h"
#include "hooks.h"
#include "wf.h"

static const struct mica_verdict not_handled = { false, RUN_RESUME };
static const struct mica_verdict resume = { true, RUN_RESUME };

static struct mica_verdict leave(struct run *run, enum rmi_exit_reason reason)
{
	run->exit.exit_reason = reason;
	return (struct mica_verdict){ true, RUN_EXIT };
}

static bool in_grant(const struct rd *rd, ipa_t a)
{
	const struct mica_blob_role *rec = rd_record(rd);
	struct wf *wf = rd_wf(rd);

	for (unsigned int i = 0; i < rec->grant_count; i++) {
		const struct mica_blob_grant *g = role_grant(wf, rec, i);
		uint64_t size = (uint64_t)blob_channel(&wf->blob, g->channel)->pages * GRANULE_SIZE;

		if (a.v >= g->ipa && a.v - g->ipa < size)
			return true;
	}
	return false;
}

/* Which rule an access broke, from its address alone: leaves are frozen, so nothing else can be the cause. */
static enum mica_rule rule_of_fault(const struct rd *rd, ipa_t a)
{
	if (a.v >> rd->s2.ipa_bits != 0)
		return MICA_RULE_SEALED;
	if (region_at(rd, MICA_REGION_DEVICE, a.v) != NULL)
		return MICA_RULE_MMIO;
	if (!s2_in_par(&rd->s2, a, 1))
		return MICA_RULE_WINDOW;
	return in_grant(rd, a) ? MICA_RULE_NO_RIGHT : MICA_RULE_SEALED;
}

/* A load or store that the host can emulate, in a direction that the policy opens. */
static bool device_access(const struct run *run, uint64_t esr, ipa_t a)
{
	const struct mica_blob_region *dev = region_at(run->rd, MICA_REGION_DEVICE, a.v);

	return dev != NULL && mica_opens(run, MICA_RIGHT_MMIO) && ESR_EC(esr) == EC_DATA_ABORT &&
	       (esr & ESR_ISV) && !(run->rec->pstate & PSTATE_AARCH32) &&
	       dev->rights & (esr & ESR_WNR ? MICA_REGION_WRITE : MICA_REGION_READ);
}

struct mica_verdict mica_abort(struct run *run, uint64_t esr, uint64_t far, ipa_t fault)
{
	if (!run->rec->bound || device_access(run, esr, fault))
		return not_handled;
	audit_count(run->rd, rule_of_fault(run->rd, fault));
	rec_inject_sea(run->rec, esr, far);
	return resume;
}

struct mica_verdict mica_bound_host_call(struct run *run)
{
	if (mica_opens(run, MICA_RIGHT_HOSTCALL))
		return not_handled;
	audit_count(run->rd, MICA_RULE_HOSTCALL);
	run->rec->gpr[0] = MICA_POLICY(MICA_RULE_HOSTCALL);
	return resume;
}

static struct mica_verdict psci_refuse(struct run *run, long error)
{
	audit_count(run->rd, MICA_RULE_PSCI);
	run->rec->gpr[0] = (uint64_t)error;
	return resume;
}

struct mica_verdict mica_psci(struct run *run, uint64_t fid)
{
	bool yield = fid == PSCI_CPU_SUSPEND_32 || fid == PSCI_CPU_SUSPEND_64;

	if (!run->rec->bound || (mica_opens(run, MICA_RIGHT_PSCI) && !yield))
		return not_handled;
	switch (fid) {
	case PSCI_CPU_ON_32:
	case PSCI_CPU_ON_64:
	case PSCI_CPU_OFF:
		return psci_refuse(run, PSCI_DENIED);
	case PSCI_AFFINITY_INFO_32:
	case PSCI_AFFINITY_INFO_64:
		return psci_refuse(run, PSCI_NOT_SUPPORTED);
	case PSCI_CPU_SUSPEND_32:
	case PSCI_CPU_SUSPEND_64:
		run->rec->gpr[0] = PSCI_SUCCESS;
		return leave(run, RMI_EXIT_MICA_IDLE);
	case PSCI_SYSTEM_OFF:
	case PSCI_SYSTEM_RESET:
		__atomic_store_n(&run->rd->state, REALM_SYSTEM_OFF, __ATOMIC_SEQ_CST);
		mica_realm_off(run->rd);
		if (run->depth != 0)	/* who called it goes on */
			return (struct mica_verdict){ true, mica_still_active(run, REC_TRAP_SYNC) };
		return leave(run, RMI_EXIT_MICA_OFF);
	default:
		return not_handled;
	}
}

struct mica_verdict mica_wfx(struct run *run)
{
	return run->rec->bound ? leave(run, RMI_EXIT_MICA_IDLE) : not_handled;
}

/*
 * Is all of [base, top) in the state already? Steps by table entries, so holes cost little; stops early for a host
 * that wants its CPU: *reached then tells how far it is true, never less than one entry.
 */
static bool already(const struct s2_root *s2, ipa_t base, ipa_t top, enum rmi_ripas want, uint64_t *reached)
{
	uint64_t a = base.v;

	do {
		struct s2_entry e;
		struct s2_walk w;

		s2_walk_lock(s2, ipa(a), 3, &w);
		e = s2_walk_entry(&w);
		a = ALIGN_DOWN(a, s2_entry_size(w.level)) + s2_entry_size(w.level);
		s2_walk_end(&w);
		if ((e.kind != S2_ASSIGNED && e.kind != S2_UNASSIGNED) || e.ripas != want)
			return false;
	} while (a < top.v && !arch_interrupt_pending());
	*reached = a < top.v ? a : top.v;
	return true;
}

struct mica_verdict mica_ipa_state_set(struct run *run, ipa_t base, ipa_t top, enum rmi_ripas want)
{
	struct rec *rec = run->rec;
	uint64_t reached = 0;

	if (!rec->bound)
		return not_handled;
	if (already(&rec->s2, base, top, want, &reached)) {
		rec->gpr[0] = RSI_SUCCESS;
	} else {
		audit_count(run->rd, MICA_RULE_SEALED);
		rec->gpr[0] = RSI_ERROR_INPUT;
	}
	rec->gpr[1] = reached;
	rec->gpr[2] = 0;			/* accepted; zero on failure like every result */
	return resume;
}

bool mica_bound_rsi_buffer_ok(const struct rec *rec, ipa_t a)
{
	return mica_may_ram(rec_rd(rec), ALIGN_DOWN(a.v, GRANULE_SIZE),
			    ALIGN_DOWN(a.v, GRANULE_SIZE) + GRANULE_SIZE) == RMI_SUCCESS;
}
