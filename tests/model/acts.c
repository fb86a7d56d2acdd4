/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a bound Realm does that an unbound one would take to the host: calls of 1.0 and PSCI, and aborts. Source:
 * docs/spec/extension.md sections 4 and 5.
 */
#include "model.h"

static struct m_realm *realm_of(struct model *m, const struct m_rec *rec)
{
	return &m->realm[rec->realm];
}

/* Refused like a call of 1.0 is, with a count. */
static bool answer(struct model *m, struct m_rec *rec, unsigned int rule, uint64_t x0)
{
	m_audit(m, rec, rule);
	rec->gpr[0] = x0;
	return false;
}

/* ---- calls ---- */

static bool in_grant(const struct m_wf *w, unsigned int role, uint64_t ipa)
{
	for (unsigned int i = 0; i < w->policy.grants; i++) {
		const struct m_grant *g = &w->policy.grant[i];

		if (g->role == role && ipa >= g->ipa && ipa - g->ipa < w->policy.channel[g->channel].pages * M_PAGE)
			return true;
	}
	return false;
}

static bool within(uint64_t a, uint64_t base, uint64_t size)
{
	return a >= base && a - base < size;
}

static uint64_t sooner(uint64_t end, uint64_t a, uint64_t base, uint64_t size)
{
	if (a < base && base < end)
		end = base;
	return a < base + size && base + size < end ? base + size : end;
}

/* The policy's answer. Channels and the pages of a confined system's interrupt controller look like a device's. */
unsigned int m_told_state(struct model *m, const struct m_realm *r, uint64_t ipa, uint64_t *end)
{
	const struct m_wf *w = m_wf_of(m, r);
	const struct m_role *role = m_record(m, r);

	*end = sooner(*end, ipa, role->ram_base, role->ram_size);
	*end = sooner(*end, ipa, role->dev_base, role->dev_size);
	for (unsigned int i = 0; m_grant(w, r->role, i) != NULL; i++)
		*end = sooner(*end, ipa, m_grant(w, r->role, i)->ipa,
			      w->policy.channel[m_grant(w, r->role, i)->channel].pages * M_PAGE);
	if (within(ipa, role->dev_base, role->dev_size) || in_grant(w, r->role, ipa))
		return 3;
	return within(ipa, role->ram_base, role->ram_size) ? RMI_RAM : RMI_EMPTY;
}

/* Everything in [base, top) in the state already: that is all it can be told. */
static bool ipa_state_set(struct model *m, struct m_rec *rec)
{
	const struct m_realm *r = realm_of(m, rec);
	const struct m_role *role = m_record(m, r);
	uint64_t base = rec->gpr[1], top = rec->gpr[2], end = top;
	bool is_so = rec->gpr[3] == RMI_RAM ? base >= role->ram_base && top <= role->ram_base + role->ram_size :
					      m_told_state(m, r, base, &end) == RMI_EMPTY && end == top;

	if (!is_so) {
		m_audit(m, rec, MICA_RULE_SEALED);
		return m_fail(rec, RSI_ERROR_INPUT, 2);
	}
	rec->gpr[0] = RSI_SUCCESS;
	rec->gpr[1] = top;
	rec->gpr[2] = 0;
	return false;
}

static bool ipa_state_args_ok(const struct m_realm *r, const uint64_t *x)
{
	return x[1] % M_PAGE == 0 && x[2] % M_PAGE == 0 && x[1] < x[2] && x[2] <= m_par(r) && x[3] <= RMI_RAM;
}

/* Off: who called it, if anybody did, goes on without an answer; else the host is told. */
static bool system_off(struct model *m, struct m_rec *base, struct rmi_rec_exit *exit)
{
	m_realm_off(m, realm_of(m, model_head(m, base)));
	if (base->depth != 0)
		return model_trap(m, base, false, false, exit) == M_GONE;
	model_leave(m, base, exit, RMI_EXIT_MICA_OFF, 0);
	return true;
}

/* True: answered here; what is open and has no other meaning for a bound Realm is 1.0's. */
static bool psci(struct model *m, struct m_rec *base, uint64_t fid, struct rmi_rec_exit *exit, bool *left)
{
	struct m_rec *rec = model_head(m, base);

	if (fid == PSCI_CPU_SUSPEND_32 || fid == PSCI_CPU_SUSPEND_64) {
		rec->gpr[0] = PSCI_SUCCESS;
		model_leave(m, base, exit, RMI_EXIT_MICA_IDLE, 0);
		*left = true;
		return true;
	}
	if (m_opens(m, base, MICA_RIGHT_PSCI))
		return false;
	switch (fid) {
	case PSCI_CPU_ON_32:
	case PSCI_CPU_ON_64:
	case PSCI_CPU_OFF:
		*left = answer(m, rec, MICA_RULE_PSCI, (uint64_t)PSCI_DENIED);
		return true;
	case PSCI_AFFINITY_INFO_32:
	case PSCI_AFFINITY_INFO_64:
		*left = answer(m, rec, MICA_RULE_PSCI, (uint64_t)PSCI_NOT_SUPPORTED);
		return true;
	case PSCI_SYSTEM_OFF:
	case PSCI_SYSTEM_RESET:
		*left = system_off(m, base, exit);
		return true;
	}
	return false;
}

bool m_bound_call(struct model *m, struct m_rec *base, uint64_t fid, struct rmi_rec_exit *exit, bool *left)
{
	struct m_rec *rec = model_head(m, base);
	const struct m_realm *r = realm_of(m, rec);

	if (r->wf == M_NONE)
		return false;
	switch (fid) {
	case SMC_RSI_HOST_CALL:
		if (m_opens(m, base, MICA_RIGHT_HOSTCALL) || rec->gpr[1] % 256 != 0 || rec->gpr[1] >= m_par(r))
			return false;
		*left = answer(m, rec, MICA_RULE_HOSTCALL, MICA_POLICY(MICA_RULE_HOSTCALL));
		return true;
	case SMC_RSI_IPA_STATE_SET:
		if (!ipa_state_args_ok(r, rec->gpr))
			return false;
		*left = ipa_state_set(m, rec);
		return true;
	default:
		return psci(m, base, fid, exit, left);
	}
}

/* A write of ICC_SGI1R_EL1: generated interrupts go to the host, or nowhere. */
bool model_sgi(struct model *m, struct m_rec *base, uint64_t esr, struct rmi_rec_exit *exit)
{
	struct m_rec *rec = model_head(m, base);
	unsigned int rt = esr >> 5 & 31;

	rec->pc += 4;
	if (realm_of(m, rec)->wf != M_NONE && !m_opens(m, base, MICA_RIGHT_IRQ))
		return false;
	model_leave(m, base, exit, RMI_EXIT_SYNC, esr & ~(31UL << 5));
	exit->gprs[0] = rt == 31 ? 0 : rec->gpr[rt];
	return true;
}

/* ---- aborts ---- */

/* True: the Realm gets a SEA, and a count. False: as 1.0, which means the exit of a device access. */
bool m_bound_abort(struct model *m, struct m_rec *base, uint64_t esr, uint64_t ipa)
{
	struct m_rec *rec = model_head(m, base);
	const struct m_realm *r = realm_of(m, rec);
	bool data = (esr >> 26 & 0x3f) == 0x24, isv = esr >> 24 & 1, write = esr >> 6 & 1;
	const struct m_region *device;
	struct m_wf *w = m_wf_of(m, r);
	unsigned int rule;

	if (w == NULL)
		return false;
	device = m_region_at(w, r->role, MICA_REGION_DEVICE, ipa);
	if (device != NULL && data && isv && (device->rights & (write ? MICA_REGION_WRITE : MICA_REGION_READ)) &&
	    m_opens(m, base, MICA_RIGHT_MMIO))
		return false;
	if (ipa >> r->s2sz != 0)
		rule = MICA_RULE_SEALED;
	else if (device != NULL)
		rule = MICA_RULE_MMIO;
	else if (ipa >= m_par(r))
		rule = MICA_RULE_WINDOW;
	else
		rule = in_grant(w, r->role, ipa) ? MICA_RULE_NO_RIGHT : MICA_RULE_SEALED;
	m_audit(m, rec, rule);
	return true;
}
