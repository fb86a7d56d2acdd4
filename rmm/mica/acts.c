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

static uint64_t grant_size(const struct wf *wf, const struct mica_blob_grant *g)
{
	return (uint64_t)blob_channel(&wf->blob, g->channel)->pages * GRANULE_SIZE;
}

static bool in_grant(const struct rd *rd, ipa_t a)
{
	const struct mica_blob_role *rec = rd_record(rd);
	struct wf *wf = rd_wf(rd);

	for (unsigned int i = 0; i < rec->grant_count; i++) {
		const struct mica_blob_grant *g = role_grant(wf, rec, i);

		if (a.v >= g->ipa && a.v - g->ipa < grant_size(wf, g))
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

/* ---- what is where: the policy's answer. Tables have the host's shape, and holes the RIPAS that it left in them ---- */

#define RIPAS_DEVICE	3		/* of channels and device pages: protected, and not to be asked to change */

struct piece {
	uint64_t a, top;		/* [a, top) is in one state */
	uint64_t state;
};

/* [base, end) is in @state: a piece in it ends with it, one below it ends where it begins. */
static void cut(struct piece *p, uint64_t base, uint64_t end, uint64_t state)
{
	uint64_t edge = p->a < base ? base : end;

	if (p->a >= end)
		return;
	if (p->a >= base)
		p->state = state;
	if (p->top > edge)
		p->top = edge;
}

static struct piece piece_at(const struct rd *rd, uint64_t a, uint64_t top)
{
	const struct mica_blob_role *rec = rd_record(rd);
	uint64_t pages = rec->ram_base + (uint64_t)rec->dev_page_off * GRANULE_SIZE;
	struct piece p = { a, top, RMI_EMPTY };
	struct wf *wf = rd_wf(rd);

	cut(&p, rec->ram_base, rec->ram_base + rec->ram_size, RMI_RAM);
	if (rec->dev_pages != 0)
		cut(&p, pages, pages + (uint64_t)rec->dev_pages * GRANULE_SIZE, RIPAS_DEVICE);
	for (unsigned int i = 0; i < rec->grant_count; i++) {
		const struct mica_blob_grant *g = role_grant(wf, rec, i);

		cut(&p, g->ipa, g->ipa + grant_size(wf, g), RIPAS_DEVICE);
	}
	return p;
}

struct mica_verdict mica_ipa_state_get(struct run *run, ipa_t base, ipa_t top)
{
	struct piece p;

	if (!run->rec->bound)
		return not_handled;
	p = piece_at(run->rd, base.v, top.v);
	run->rec->gpr[0] = RSI_SUCCESS;
	run->rec->gpr[1] = p.top;
	run->rec->gpr[2] = p.state;
	return resume;
}

/* Is all of [base, top) in the state already? Pages of a device are RAM to this question. */
static bool already(const struct rd *rd, ipa_t base, ipa_t top, enum rmi_ripas want)
{
	struct piece p = piece_at(rd, base.v, top.v);

	return want == RMI_RAM ? mica_may_ram(rd, base.v, top.v) == RMI_SUCCESS : p.state == RMI_EMPTY && p.top == top.v;
}

struct mica_verdict mica_ipa_state_set(struct run *run, ipa_t base, ipa_t top, enum rmi_ripas want)
{
	struct rec *rec = run->rec;

	if (!rec->bound)
		return not_handled;
	if (already(run->rd, base, top, want)) {
		rec->gpr[0] = RSI_SUCCESS;
		rec->gpr[1] = top.v;
	} else {
		audit_count(run->rd, MICA_RULE_SEALED);
		rec->gpr[0] = RSI_ERROR_INPUT;
		rec->gpr[1] = 0;
	}
	rec->gpr[2] = 0;			/* accepted; zero on failure like every result */
	return resume;
}

bool mica_bound_rsi_buffer_ok(const struct rec *rec, ipa_t a)
{
	return mica_may_ram(rec_rd(rec), ALIGN_DOWN(a.v, GRANULE_SIZE),
			    ALIGN_DOWN(a.v, GRANULE_SIZE) + GRANULE_SIZE) == RMI_SUCCESS;
}
