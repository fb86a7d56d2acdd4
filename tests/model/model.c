/* SPDX-License-Identifier: Apache-2.0 */
/* Granules and Realms. */
#include "model.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

void model_init(struct model *m, uint64_t bank, uint64_t pages, uint64_t hole, uint64_t hole_size)
{
	memset(m, 0, sizeof(*m));
	m->bank = bank;
	m->pages = pages;
	m->hole = hole;
	m->hole_size = hole_size;
	if (pages > M_GRANULES)
		abort();
}

/* Tables that are not used are not copied: they are most of it. */
void model_copy(struct model *to, const struct model *from)
{
	memcpy(to, from, offsetof(struct model, table));
	for (unsigned int i = 0; i < M_TABLES; i++) {
		if (from->table[i].used)
			to->table[i] = from->table[i];
		to->table[i].used = from->table[i].used;
	}
}

/* Index of a granule, or M_NONE: unaligned, or not delegable. */
static int index_of(const struct model *m, uint64_t pa)
{
	if (pa % M_PAGE != 0 || pa < m->bank || pa >= m->bank + m->pages * M_PAGE)
		return M_NONE;
	if (pa >= m->hole && pa < m->hole + m->hole_size)
		return M_NONE;
	return (int)((pa - m->bank) / M_PAGE);
}

bool m_is(const struct model *m, uint64_t pa, enum m_state want)
{
	int i = index_of(m, pa);

	return i != M_NONE && m->state[i] == want;
}

void m_set(struct model *m, uint64_t pa, enum m_state to)
{
	m->state[index_of(m, pa)] = (uint8_t)to;
}

struct m_realm *m_realm_at(struct model *m, uint64_t rd)
{
	for (unsigned int i = 0; i < M_REALMS; i++)
		if (m->realm[i].used && m->realm[i].rd == rd)
			return &m->realm[i];
	return NULL;
}

struct m_rec *m_rec_at(struct model *m, uint64_t pa)
{
	for (unsigned int i = 0; i < M_RECS; i++)
		if (m->rec[i].used && m->rec[i].pa == pa)
			return &m->rec[i];
	return NULL;
}

struct m_table *m_table_at(struct model *m, uint64_t pa)
{
	for (unsigned int i = 0; i < M_TABLES; i++)
		if (m->table[i].used && m->table[i].pa == pa)
			return &m->table[i];
	return NULL;
}

/* Every entry UNASSIGNED and EMPTY, which is also what UNASSIGNED_NS looks like. */
struct m_table *m_table_new(struct model *m, uint64_t pa)
{
	for (unsigned int i = 0; i < M_TABLES; i++) {
		struct m_table *t = &m->table[i];

		if (t->used)
			continue;
		memset(t, 0, sizeof(*t));
		t->used = true;
		t->pa = pa;
		m_set(m, pa, M_RTT);
		return t;
	}
	abort();	/* the driver keeps below M_TABLES */
}

/* ---- commands ---- */

static uint64_t delegate(struct model *m, uint64_t pa, bool readable)
{
	if (!m_is(m, pa, M_NS) || !readable)
		return RMI_ERROR_INPUT;
	m_set(m, pa, M_DELEGATED);
	return RMI_SUCCESS;
}

static uint64_t undelegate(struct model *m, uint64_t pa)
{
	if (!m_is(m, pa, M_DELEGATED))
		return RMI_ERROR_INPUT;
	m_set(m, pa, M_NS);
	return RMI_SUCCESS;
}

/* How many tables a start level needs for an IPA width; 0: it does not fit. */
static unsigned int start_tables(unsigned int s2sz, int64_t level)
{
	static const struct { unsigned int min, plain, max; } fits[4] = {
		{ 40, 48, 48 }, { 31, 39, 43 }, { 22, 30, 34 }, { 0, 21, 25 },
	};

	if (level < 0 || level > 3 || s2sz < fits[level].min || s2sz > fits[level].max)
		return 0;
	return s2sz <= fits[level].plain ? 1 : 1U << (s2sz - fits[level].plain);
}

static bool params_ok(struct model *m, uint64_t rd, const struct rmi_realm_params *p)
{
	if ((p->flags & (RMI_REALM_FLAG_LPA2 | RMI_REALM_FLAG_SVE)) != 0 ||
	    ((p->flags & RMI_REALM_FLAG_PMU) && p->pmu_num_ctrs > m->max_ctrs))
		return false;
	if (p->s2sz < 32 || p->s2sz > m->max_s2sz || p->hash_algo > 1)
		return false;
	if (p->num_bps == 0 || p->num_bps > m->max_bps || p->num_wps == 0 || p->num_wps > m->max_wps)
		return false;
	if (p->rtt_num_start == 0 || p->rtt_num_start != start_tables(p->s2sz, p->rtt_level_start))
		return false;
	if (p->rtt_base % (p->rtt_num_start * M_PAGE) != 0)
		return false;
	for (unsigned int i = 0; i < p->rtt_num_start; i++)
		if (!m_is(m, p->rtt_base + i * M_PAGE, M_DELEGATED) || p->rtt_base + i * M_PAGE == rd)
			return false;
	for (unsigned int i = 0; i < M_REALMS; i++)
		if (m->realm[i].used && m->realm[i].vmid == p->vmid)
			return false;
	return true;
}

uint64_t m_realm_may(struct model *m, uint64_t rd, uint64_t params, bool readable, const struct rmi_realm_params *p)
{
	return m_is(m, params, M_NS) && readable && m_is(m, rd, M_DELEGATED) && params_ok(m, rd, p) ? RMI_SUCCESS : RMI_ERROR_INPUT;
}

/* One number for all that was measured and its order (FNV-1a). */
void m_measure(struct m_realm *r, const void *what, uint64_t size)
{
	const uint8_t *b = what;

	for (uint64_t i = 0; i < size; i++)
		r->rim = (r->rim ^ b[i]) * 0x100000001b3UL;
}

static void measure_params(struct m_realm *r, const struct rmi_realm_params *p)
{
	const uint64_t measured[] = { p->flags, p->s2sz, p->sve_vl, p->num_bps, p->num_wps, p->pmu_num_ctrs, p->hash_algo };

	r->rim = 0xcbf29ce484222325UL;
	m_measure(r, measured, sizeof(measured));
}

struct m_realm *m_realm_new(struct model *m, uint64_t rd, const struct rmi_realm_params *p)
{
	struct m_realm *r = m->realm;

	while (r->used)
		if (++r == m->realm + M_REALMS)
			abort();	/* the driver keeps below */
	memset(r, 0, sizeof(*r));
	r->used = true;
	r->rd = rd;
	r->rtt_base = p->rtt_base;
	r->s2sz = p->s2sz;
	r->num_start = p->rtt_num_start;
	r->start_level = (int)p->rtt_level_start;
	r->vmid = p->vmid;
	r->hash = p->hash_algo;
	r->wf = M_NONE;
	memcpy(r->rpv, p->rpv, sizeof(r->rpv));
	measure_params(r, p);
	m_set(m, rd, M_RD);
	for (unsigned int i = 0; i < r->num_start; i++)
		m_table_new(m, r->rtt_base + i * M_PAGE);
	return r;
}

static uint64_t realm_create(struct model *m, uint64_t rd, uint64_t params, bool readable, const struct rmi_realm_params *p)
{
	uint64_t status = m_realm_may(m, rd, params, readable, p);

	if (status == RMI_SUCCESS)
		m_realm_new(m, rd, p);
	return status;
}

static uint64_t realm_activate(struct model *m, uint64_t rd)
{
	struct m_realm *r = m_realm_at(m, rd);
	uint64_t status;

	if (r == NULL)
		return RMI_ERROR_INPUT;
	if (r->state != 0)
		return RMI_ERROR_REALM;
	status = m_seal(m, r);
	if (status == RMI_SUCCESS)
		r->state = 1;
	return status;
}

static bool start_is_live(struct model *m, const struct m_realm *r)
{
	for (uint64_t i = 0; i < r->num_start * 512UL; i++) {
		const struct m_table *t = m_table_at(m, r->rtt_base + i / 512 * M_PAGE);
		bool unprotected = i * m_size(r->start_level) >= m_par(r);

		if (t->e[i % 512].kind == RMI_TABLE || t->e[i % 512].kind == M_CHAN_LEAF ||
		    (t->e[i % 512].kind == RMI_ASSIGNED && !unprotected))
			return true;
	}
	return false;
}

static uint64_t realm_destroy(struct model *m, uint64_t rd)
{
	struct m_realm *r = m_realm_at(m, rd);
	uint64_t status;

	if (r == NULL)
		return RMI_ERROR_INPUT;
	status = m_may(m, r, M_TAKE_AWAY);
	if (status != RMI_SUCCESS)
		return status;
	if (r->recs != 0 || start_is_live(m, r))
		return RMI_ERROR_REALM;
	m_realm_gone(m, r);
	for (unsigned int i = 0; i < r->num_start; i++) {
		m_table_at(m, r->rtt_base + i * M_PAGE)->used = false;
		m_set(m, r->rtt_base + i * M_PAGE, M_DELEGATED);
	}
	m_set(m, rd, M_DELEGATED);
	r->used = false;
	return RMI_SUCCESS;
}

void model_rmi(struct model *m, uint64_t fid, const uint64_t x[6], bool readable, const void *params, struct m_result *r)
{
	memset(r, 0, sizeof(*r));
	if (fid != SMC_RMI_RTT_READ_ENTRY && fid != SMC_RMI_MICA)
		r->x[4] = x[4];		/* no output: the caller's, as SMCCC has it */
	switch (fid) {
	case SMC_RMI_VERSION:
		r->x[0] = x[1] == RMI_ABI_VERSION_1_0 ? RMI_SUCCESS : RMI_ERROR_INPUT;
		r->x[1] = r->x[2] = RMI_ABI_VERSION_1_0;
		return;
	case SMC_RMI_FEATURES:
		r->x[1] = x[1] == 0 ? m->features0 : 0;
		return;
	case SMC_RMI_GRANULE_DELEGATE:
		r->x[0] = delegate(m, x[1], readable);
		return;
	case SMC_RMI_GRANULE_UNDELEGATE:
		r->x[0] = undelegate(m, x[1]);
		return;
	case SMC_RMI_REALM_CREATE:
		r->x[0] = realm_create(m, x[1], x[2], readable, params);
		return;
	case SMC_RMI_REALM_ACTIVATE:
		r->x[0] = realm_activate(m, x[1]);
		return;
	case SMC_RMI_REALM_DESTROY:
		r->x[0] = realm_destroy(m, x[1]);
		return;
	case SMC_RMI_MICA:
		model_mica(m, x, readable, params, r);
		return;
	}
	if (!model_rec(m, fid, x, readable, params, r) && !model_rtt(m, fid, x, readable, params, r))
		r->x[0] = SMCCC_NOT_SUPPORTED;
}
