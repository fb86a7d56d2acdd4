/* SPDX-License-Identifier: Apache-2.0 */
/* Calls that want the same thing at the same time. */
#include <string.h>

#include "smp.h"

static void set_call(struct part *p, uint64_t fid, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	memset(p, 0, sizeof(*p));
	p->call = (struct chosen_call){ fid, { 0, a, b, c, d, 0 } };
}

static void set_entry(struct part *p, unsigned int cpu, const struct m_rec *rec, uint64_t fid, uint64_t a, uint64_t b)
{
	memset(p, 0, sizeof(*p));
	p->enter = true;
	p->rec = rec->pa;
	p->run = HOST_BASE + (HOST_PAGES - 1 - cpu) * M_PAGE;
	memcpy(fake_ns_va(pa(p->run)), &p->entry, sizeof(p->entry));
	memcpy(p->script, rec->gpr, sizeof(p->script));
	p->script[0] = fid;
	p->script[1] = a;
	p->script[2] = b;
}

/* The @nth REC of an ACTIVE Realm that could run now; NULL: there is none. */
static const struct m_rec *runnable_of(const struct m_realm *r, unsigned int nth)
{
	for (unsigned int i = 0; i < M_RECS; i++) {
		const struct m_rec *rec = &model.rec[i];

		if (rec->used && rec->runnable && !rec->psci.pending && &model.realm[rec->realm] == r && r->state == 1 && nth-- == 0)
			return rec;
	}
	return NULL;
}

/* Two RECs of one Realm; or twice the same REC. */
static bool two_entries(struct part *p, const struct m_realm *r)
{
	const struct m_rec *a = runnable_of(r, 0), *b = runnable_of(r, one_in(4) ? 0 : 1);
	uint64_t fid = one_in(2) ? SMC_RSI_MEASUREMENT_EXTEND : SMC_RSI_MEASUREMENT_READ, ipa = pick_ipa(r, 2) % m_par(r);

	if (a == NULL || b == NULL)
		return false;
	if (one_in(16)) {
		set_entry(&p[0], 0, a, one_in(2) ? PSCI_CPU_OFF : PSCI_SYSTEM_OFF, 0, 0);
		set_entry(&p[1], 1, b, PSCI_VERSION, 0, 0);
	} else if (one_in(3)) {
		set_entry(&p[0], 0, a, SMC_RSI_IPA_STATE_GET, ipa, ipa + m_size(2));
		set_entry(&p[1], 1, b, SMC_RSI_HOST_CALL, ipa, 0);
	} else {
		set_entry(&p[0], 0, a, SMC_RSI_MEASUREMENT_EXTEND, 1, 64);
		set_entry(&p[1], 1, b, fid, 1, 64);
	}
	return true;
}

/* 2 MiB behind a table that nothing keeps. */
static uint64_t empty_table(const struct m_realm *r)
{
	uint64_t ipa = (2 + draw(2)) * m_size(2), pa;

	for (int level = r->start_level + 1; level <= 3; level++)
		if (model_walk(&model, r, ipa, level).level < level && own_pages(1, 1, &pa))
			call_now(SMC_RMI_RTT_CREATE, r->rd, pa, ipa & ~(m_size(level - 1) - 1), (uint64_t)level, 0);
	return ipa;
}

/* A REC runs while the host is at it, or at its tables. */
static bool entry_and_call(struct part *p, const struct m_realm *r)
{
	const struct m_rec *a = runnable_of(r, draw(2)), *b = runnable_of(r, 0);
	uint64_t ipa = one_in(2) ? empty_table(r) : pick_ipa(r, 2) % m_par(r);

	if (a == NULL)
		return false;
	set_entry(&p[0], 0, a, one_in(2) ? SMC_RSI_IPA_STATE_GET : SMC_RSI_HOST_CALL, ipa, ipa + m_size(2));
	switch (draw(6)) {
	case 0:
		set_call(&p[1], SMC_RMI_REC_DESTROY, a->pa, 0, 0, 0);
		break;
	case 1:
		set_call(&p[1], SMC_RMI_RTT_DESTROY, r->rd, ipa, 3, 0);
		break;
	case 2:
		set_call(&p[1], SMC_RMI_RTT_FOLD, r->rd, ipa, 3, 0);
		break;
	case 3:
		set_call(&p[1], SMC_RMI_DATA_DESTROY, r->rd, ipa, 0, 0);
		break;
	case 4:
		p[0].script[0] = PSCI_CPU_OFF;
		for (unsigned int i = 0; i < M_RECS; i++)
			if (model.rec[i].used && model.rec[i].psci.pending && &model.realm[model.rec[i].realm] == r)
				b = &model.rec[i];
		set_call(&p[1], SMC_RMI_PSCI_COMPLETE, b->pa, a->pa, 0, 0);
		break;
	default:
		set_call(&p[1], SMC_RMI_RTT_SET_RIPAS, r->rd, a->pa, a->ripas.addr, a->ripas.top);
		break;
	}
	p[1].waits = one_in(2);
	return true;
}

/* Two hosts at one table, one page, one Realm. */
static bool two_calls(struct part *p, const struct m_realm *r)
{
	uint64_t ipa = pick_ipa(r, 2) % m_par(r), a, b;
	bool same = one_in(3);

	if (!own_pages(2, 2, &a))
		return false;
	b = same ? a : a + M_PAGE;
	switch (draw(8)) {
	case 0:
		set_call(&p[0], SMC_RMI_RTT_CREATE, r->rd, a, ipa, 3);
		set_call(&p[1], SMC_RMI_RTT_CREATE, r->rd, b, ipa, 3);
		break;
	case 1:
		set_call(&p[0], SMC_RMI_DATA_CREATE_UNKNOWN, r->rd, a, ipa, 0);
		set_call(&p[1], SMC_RMI_DATA_CREATE_UNKNOWN, r->rd, b, ipa, 0);
		break;
	case 2:
		set_call(&p[0], SMC_RMI_DATA_DESTROY, r->rd, ipa, 0, 0);
		set_call(&p[1], SMC_RMI_DATA_DESTROY, r->rd, ipa, 0, 0);
		break;
	case 3:
		set_call(&p[0], SMC_RMI_RTT_DESTROY, r->rd, ipa, 3, 0);
		set_call(&p[1], SMC_RMI_DATA_CREATE_UNKNOWN, r->rd, b, ipa, 0);
		break;
	case 4:
		set_call(&p[0], SMC_RMI_RTT_FOLD, r->rd, ipa, 3, 0);
		set_call(&p[1], SMC_RMI_RTT_DESTROY, r->rd, ipa, 3, 0);
		break;
	case 5:
		set_call(&p[0], SMC_RMI_GRANULE_UNDELEGATE, a, 0, 0, 0);
		set_call(&p[1], SMC_RMI_DATA_CREATE_UNKNOWN, r->rd, b, ipa, 0);
		break;
	case 6:
		if (r->state == 1 && !one_in(8))
			return false;
		set_call(&p[0], SMC_RMI_REALM_DESTROY, r->rd, 0, 0, 0);
		set_call(&p[1], one_in(2) ? SMC_RMI_REALM_ACTIVATE : SMC_RMI_REALM_DESTROY, r->rd, 0, 0, 0);
		break;
	default:
		call_now(SMC_RMI_GRANULE_UNDELEGATE, a, 0, 0, 0, 0);
		set_call(&p[0], SMC_RMI_GRANULE_DELEGATE, a, 0, 0, 0);
		set_call(&p[1], one_in(2) ? SMC_RMI_GRANULE_DELEGATE : SMC_RMI_GRANULE_UNDELEGATE, a, 0, 0, 0);
		break;
	}
	return true;
}

bool choose_pair(struct part *p)
{
	struct m_realm *r;

	pick_rd(&r);
	if (r == NULL)
		return false;
	switch (draw(3)) {
	case 0:
		return two_entries(p, r);
	case 1:
		return entry_and_call(p, r);
	default:
		return two_calls(p, r);
	}
}
