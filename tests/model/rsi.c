/* SPDX-License-Identifier: Apache-2.0 */
/* What a running REC does: RSI and PSCI calls, faults. */
#include <string.h>

#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>

#include "model.h"

void model_leave(struct model *m, struct m_rec *base, struct rmi_rec_exit *exit, unsigned int reason, uint64_t esr)
{
	memset(exit, 0, sizeof(*exit));
	exit->exit_reason = reason;
	exit->esr = esr;
	m_show(m, base, exit);
	for (unsigned int i = 0; i < base->depth; i++)
		m->rec[base->chain[i]].running--;
	base->depth = 0;
	base->running--;
}

static bool in_par(const struct m_realm *r, uint64_t ipa, uint64_t size)
{
	return ipa < m_par(r) && size <= m_par(r) - ipa;
}

bool m_fail(struct m_rec *rec, uint64_t status, unsigned int outputs)
{
	rec->gpr[0] = status;
	memset(&rec->gpr[1], 0, outputs * sizeof(uint64_t));
	return false;
}

static bool fail(struct m_rec *rec, unsigned int outputs)
{
	return m_fail(rec, RSI_ERROR_INPUT, outputs);
}

static bool range_ok(const struct m_realm *r, uint64_t base, uint64_t top)
{
	return base % M_PAGE == 0 && top % M_PAGE == 0 && base < top && in_par(r, base, top - base);
}

static bool ipa_state_get(struct model *m, struct m_rec *rec)
{
	const struct m_realm *r = &m->realm[rec->realm];
	uint64_t base = rec->gpr[1], top = rec->gpr[2], end;
	struct m_walk w;
	unsigned int i;

	if (!range_ok(r, base, top))
		return fail(rec, 3);
	rec->gpr[0] = RSI_SUCCESS;
	if (r->wf != M_NONE) {
		rec->gpr[2] = m_told_state(m, r, base, &top);
		rec->gpr[1] = top;
		return false;
	}
	w = model_walk(m, r, base, 3);
	end = base / m_size(w.level) * m_size(w.level) + m_size(w.level);
	for (i = w.idx + 1; i < 512 && w.t->e[i].kind != RMI_TABLE && w.t->e[i].ripas == m_at(&w)->ripas; i++)
		end += m_size(w.level);
	rec->gpr[2] = m_at(&w)->ripas;
	rec->gpr[1] = end < top ? end : top;
	return false;
}

static bool ipa_state_set(struct model *m, struct m_rec *rec, struct rmi_rec_exit *exit)
{
	uint64_t base = rec->gpr[1], top = rec->gpr[2];

	if (!range_ok(&m->realm[rec->realm], base, top) || rec->gpr[3] > RMI_RAM)
		return fail(rec, 3);
	rec->ripas.base = rec->ripas.addr = base;
	rec->ripas.top = top;
	rec->ripas.ripas = (unsigned int)rec->gpr[3];
	rec->ripas.change_destroyed = rec->gpr[4] & 1;
	model_leave(m, rec, exit, RMI_EXIT_RIPAS_CHANGE, 0);
	exit->ripas_base = base;
	exit->ripas_top = top;
	exit->ripas_value = rec->gpr[3];
	return true;
}

/* A Realm's page as operand. 0: there; 1: RSI_ERROR_INPUT; 2: left, and the call will be made again. */
static int operand(struct model *m, struct m_rec *rec, uint64_t ipa, struct rmi_rec_exit *exit)
{
	const struct m_realm *r = &m->realm[rec->realm];
	struct m_walk w = model_walk(m, r, ipa, 3);

	if (m_may_ram(m, r, ipa, ipa + M_PAGE) != RMI_SUCCESS || m_at(&w)->ripas == RMI_EMPTY)
		return 1;
	if (m_at(&w)->kind == RMI_ASSIGNED && m_at(&w)->ripas == RMI_RAM)
		return 0;
	rec->pc -= 4;
	model_leave(m, rec, exit, RMI_EXIT_SYNC, 0x24UL << 26 | (4 + (uint64_t)w.level));
	exit->hpfar = ipa >> 12 << 4;
	return 2;
}

static bool host_call(struct model *m, struct m_rec *rec, struct rmi_rec_exit *exit)
{
	uint64_t ipa = rec->gpr[1];

	if (ipa % 256 != 0 || !in_par(&m->realm[rec->realm], ipa, 256))
		return fail(rec, 3);
	switch (operand(m, rec, ipa & ~(M_PAGE - 1), exit)) {
	case 1:
		return fail(rec, 3);
	case 2:
		return true;
	}
	rec->host_call.pending = true;
	rec->host_call.ipa = ipa;
	model_leave(m, rec, exit, RMI_EXIT_HOST_CALL, 0);	/* the driver adds what the structure holds */
	return true;
}

static bool realm_config(struct model *m, struct m_rec *rec, struct rmi_rec_exit *exit)
{
	uint64_t ipa = rec->gpr[1];

	if (ipa % M_PAGE != 0 || !in_par(&m->realm[rec->realm], ipa, M_PAGE))
		return fail(rec, 3);
	switch (operand(m, rec, ipa, exit)) {
	case 1:
		return fail(rec, 3);
	case 2:
		return true;
	}
	rec->gpr[0] = RSI_SUCCESS;
	return false;
}

static bool measurement_read(struct model *m, struct m_rec *rec)
{
	uint64_t i = rec->gpr[1];

	if (i > 4)
		return fail(rec, 8);
	rec->gpr[0] = RSI_SUCCESS;
	if (i != 0)
		memcpy(&rec->gpr[1], m->realm[rec->realm].rem[i - 1], 64);
	return false;		/* RIM: the driver does not look at gpr[1..8] */
}

/* new = H(old || value), the digest alone counting of old, zero padded to 64 bytes. */
static bool measurement_extend(struct model *m, struct m_rec *rec)
{
	struct m_realm *r = &m->realm[rec->realm];
	uint64_t i = rec->gpr[1], size = rec->gpr[2];
	unsigned int digest = r->hash == RMI_HASH_SHA_256 ? 32 : 64;
	uint8_t in[128];

	if (i < 1 || i > 4 || size > 64)
		return fail(rec, 3);
	memcpy(in, r->rem[i - 1], digest);
	memcpy(in + digest, &rec->gpr[3], size);
	if (digest == 32)
		mbedtls_sha256(in, digest + size, r->rem[i - 1], 0);
	else
		mbedtls_sha512(in, digest + size, r->rem[i - 1], 0);
	rec->gpr[0] = RSI_SUCCESS;
	return false;
}

/* ---- PSCI ---- */

static bool answer(struct m_rec *rec, int64_t value)
{
	rec->gpr[0] = (uint64_t)value;
	return false;
}

static unsigned int realm_index(uint64_t mpidr)
{
	return (unsigned int)((mpidr & 0xf) | (mpidr >> 8 & 0xff) << 4 | (mpidr >> 16 & 0xff) << 12 | (mpidr >> 32 & 0xff) << 20);
}

static bool psci_exit(struct model *m, struct m_rec *rec, struct rmi_rec_exit *exit, uint64_t fid)
{
	model_leave(m, rec, exit, RMI_EXIT_PSCI, 0);
	exit->gprs[0] = fid;
	return true;
}

static bool about_another(struct model *m, struct m_rec *rec, struct rmi_rec_exit *exit, uint64_t fid, bool cpu_on)
{
	uint64_t mask = fid & SMCCC_64 ? ~0UL : 0xffffffffUL, arg[3];
	unsigned int target;

	for (int i = 0; i < 3; i++)
		arg[i] = rec->gpr[1 + i] & mask;
	target = realm_index(arg[0]);
	if (cpu_on && arg[1] >= m_par(&m->realm[rec->realm]))
		return answer(rec, PSCI_INVALID_ADDRESS);
	if (!cpu_on && arg[1] != 0)
		return answer(rec, PSCI_INVALID_PARAMETERS);
	if (target >= m->realm[rec->realm].rec_index)
		return answer(rec, PSCI_INVALID_PARAMETERS);
	if (target == rec->index)
		return answer(rec, cpu_on ? PSCI_ALREADY_ON : PSCI_SUCCESS);
	rec->psci.pending = true;
	rec->psci.cpu_on = cpu_on;
	rec->psci.target = target;
	rec->psci.entry = arg[1];
	rec->psci.context = arg[2];
	psci_exit(m, rec, exit, fid);
	exit->gprs[1] = arg[0];
	return true;
}

static bool psci(struct model *m, struct m_rec *rec, struct rmi_rec_exit *exit, uint64_t fid)
{
	switch (fid) {
	case PSCI_VERSION:
		return answer(rec, 0x10001);
	case PSCI_CPU_SUSPEND_32:
	case PSCI_CPU_SUSPEND_64:
		answer(rec, PSCI_SUCCESS);
		return psci_exit(m, rec, exit, fid);
	case PSCI_CPU_OFF:
		rec->runnable = false;
		return psci_exit(m, rec, exit, fid);
	case PSCI_CPU_ON_32:
	case PSCI_CPU_ON_64:
		return about_another(m, rec, exit, fid, true);
	case PSCI_AFFINITY_INFO_32:
	case PSCI_AFFINITY_INFO_64:
		return about_another(m, rec, exit, fid, false);
	case PSCI_SYSTEM_OFF:
	case PSCI_SYSTEM_RESET:
		m_realm_off(m, &m->realm[rec->realm]);
		return psci_exit(m, rec, exit, fid);
	default:
		return answer(rec, -1);
	}
}

bool model_smc(struct model *m, struct m_rec *base, struct rmi_rec_exit *exit)
{
	struct m_rec *rec = model_head(m, base);
	uint64_t fid = (uint32_t)rec->gpr[0] & ~SMCCC_SVE_HINT;
	bool left;

	rec->pc += 4;
	if (fid >= SMC_RSI_MICA_BASE && fid <= SMC_RSI_MICA_LAST)
		return m_mica_call(m, base, fid, exit);
	if (m_bound_call(m, base, fid, exit, &left))
		return left;
	/* as 1.0; such an exit, of a bound Realm, is one of no chain: rec is base */
	switch (fid) {
	case SMC_RSI_VERSION:
		rec->gpr[0] = rec->gpr[1] == 0x10000 ? RSI_SUCCESS : RSI_ERROR_INPUT;
		rec->gpr[1] = rec->gpr[2] = 0x10000;
		return false;
	case SMC_RSI_FEATURES:
		rec->gpr[0] = RSI_SUCCESS;
		rec->gpr[1] = 0;
		return false;
	case SMC_RSI_MEASUREMENT_READ:
		return measurement_read(m, rec);
	case SMC_RSI_MEASUREMENT_EXTEND:
		return measurement_extend(m, rec);
	case SMC_RSI_REALM_CONFIG:
		return realm_config(m, rec, exit);
	case SMC_RSI_IPA_STATE_SET:
		return ipa_state_set(m, rec, exit);
	case SMC_RSI_IPA_STATE_GET:
		return ipa_state_get(m, rec);
	case SMC_RSI_HOST_CALL:
		return host_call(m, rec, exit);
	default:
		return psci(m, rec, exit, fid);
	}
}

/* ---- faults ---- */

static bool injected(struct m_rec *rec)
{
	rec->pc = 0x200;	/* VBAR_EL1 is 0, EL1h */
	return false;
}

bool model_abort(struct model *m, struct m_rec *base, uint64_t esr, uint64_t ipa, uint64_t far, struct rmi_rec_exit *exit)
{
	struct m_rec *rec = model_head(m, base);
	const struct m_realm *r = &m->realm[rec->realm];
	uint64_t always = 0x3fUL << 26 | 3UL << 11 | 1UL << 10 | 1UL << 9 | 0x3f;
	uint64_t emulate = always | 1UL << 24 | 3UL << 22 | 1UL << 15 | 1UL << 6;
	bool fetch = (esr >> 26 & 0x3f) == 0x20, isv = esr >> 24 & 1;
	unsigned int rt = esr >> 16 & 31, bits = 8U << (esr >> 22 & 3);
	struct m_walk w;

	if (m_bound_abort(m, base, esr, ipa) || ipa >> r->s2sz != 0)
		return injected(rec);
	if (ipa < m_par(r)) {
		w = model_walk(m, r, ipa, 3);
		if (m_at(&w)->ripas == RMI_EMPTY)
			return injected(rec);
		model_leave(m, rec, exit, RMI_EXIT_SYNC, esr & always);
		exit->hpfar = ipa >> 12 << 4;
		return true;
	}
	if (fetch)
		return injected(rec);
	model_leave(m, rec, exit, RMI_EXIT_SYNC, esr & (isv ? emulate : always));
	exit->hpfar = ipa >> 12 << 4;
	rec->abort.inject = true;
	rec->abort.emulate = isv;
	rec->abort.esr = esr;
	if (!isv)
		return true;
	exit->far = far & 0xfff;
	if ((esr >> 6 & 1) && rt != 31)
		exit->gprs[0] = bits == 64 ? rec->gpr[rt] : rec->gpr[rt] & ((1UL << bits) - 1);
	return true;
}
