/* SPDX-License-Identifier: Apache-2.0 */
/* Runs of calls that chance alone would hardly put together. */
#include "seq.h"

static bool block_is_free(void)
{
	for (unsigned int i = 0; i < BLOCK_PAGES; i++)
		if (!m_is(&model, BLOCK_BASE + i * M_PAGE, M_NS) && !m_is(&model, BLOCK_BASE + i * M_PAGE, M_DELEGATED))
			return false;
	return true;
}

void build_block(void)
{
	struct m_realm *r;
	struct m_walk w;
	uint64_t a;

	pick_rd(&r);
	if (r == NULL || !block_is_free())
		return;
	a = pick_ipa(r, 2) % m_par(r) & ~(m_size(2) - 1);
	w = model_walk(&model, r, a, 3);
	if (w.level != 3)
		return;
	if (one_in(2))
		call(SMC_RMI_RTT_INIT_RIPAS, r->rd, a, a + m_size(2), 0, 0);
	for (unsigned int i = 0; i < BLOCK_PAGES; i++) {
		if (m_is(&model, BLOCK_BASE + i * M_PAGE, M_NS))
			call(SMC_RMI_GRANULE_DELEGATE, BLOCK_BASE + i * M_PAGE, 0, 0, 0, 0);
		call(SMC_RMI_DATA_CREATE_UNKNOWN, r->rd, BLOCK_BASE + i * M_PAGE, a + i * M_PAGE, 0, 0);
	}
	call(SMC_RMI_RTT_FOLD, r->rd, a, 3, 0, 0);
}

/* From nothing to an ACTIVE Realm with some memory and two RECs, if every call goes well. */
void boot_realm(void)
{
	struct m_realm *r;
	uint64_t pa;

	make_realm();
	pick_rd(&r);
	if (r == NULL || r->state != 0)
		return;
	for (int level = r->start_level + 1; level <= 3; level++)
		if (own_pages(1, 1, &pa))
			call(SMC_RMI_RTT_CREATE, r->rd, pa, 0, (uint64_t)level, 0);
	for (unsigned int i = 0; i < 3; i++)
		if (own_pages(1, 1, &pa))
			call(SMC_RMI_DATA_CREATE, r->rd, pa, i * M_PAGE, HOST_BASE + i * M_PAGE, i % 2);
	call(SMC_RMI_RTT_INIT_RIPAS, r->rd, 0, m_size(2), 0, 0);
	make_rec(r);
	make_rec(r);
	call(SMC_RMI_REALM_ACTIVATE, r->rd, 0, 0, 0, 0);
}

static void tear_table(struct m_realm *r, struct m_table *t, uint64_t base, int level)
{
	for (unsigned int i = 0; i < 512 && !stream_ended(); i++) {
		uint64_t a = base + i * m_size(level), out = t->e[i].out, pa;

		if (t->e[i].kind == RMI_TABLE) {
			tear_table(r, m_table_at(&model, out), a, level + 1);
			call(SMC_RMI_RTT_DESTROY, r->rd, a, (uint64_t)level + 1, 0, 0);
		} else if (t->e[i].kind == RMI_ASSIGNED && a >= m_par(r)) {
			if (one_in(8))
				call(SMC_RMI_RTT_UNMAP_UNPROTECTED, r->rd, a, (uint64_t)level, 0, 0);
			/* else it goes with its table */
		} else if (t->e[i].kind == RMI_ASSIGNED && level == 3) {
			call(SMC_RMI_DATA_DESTROY, r->rd, a, 0, 0, 0);
			call(SMC_RMI_GRANULE_UNDELEGATE, out, 0, 0, 0, 0);
		} else if (t->e[i].kind == RMI_ASSIGNED && own_pages(1, 1, &pa)) {
			/* a block: unfolded, it is a table like any other */
			call(SMC_RMI_RTT_CREATE, r->rd, pa, a, (uint64_t)level + 1, 0);
			i -= capture == NULL;
		}
	}
}

/* Recursion is bounded by the levels. */
void tear_down(struct m_realm *r)
{
	uint64_t rd = r->rd;

	for (unsigned int i = 0; i < M_RECS; i++)
		if (model.rec[i].used && &model.realm[model.rec[i].realm] == r)
			call(SMC_RMI_REC_DESTROY, model.rec[i].pa, 0, 0, 0, 0);
	for (unsigned int i = 0; i < r->num_start; i++)
		tear_table(r, m_table_at(&model, r->rtt_base + i * M_PAGE), i * 512UL * m_size(r->start_level), r->start_level);
	call(SMC_RMI_REALM_DESTROY, rd, 0, 0, 0, 0);
}
