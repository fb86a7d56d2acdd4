/* SPDX-License-Identifier: Apache-2.0 */
/* Translation tables: their shape, DATA, RIPAS, unprotected memory. Every check of INPUT precedes the walk. */
#include <string.h>

#include "model.h"

#define ATTR	0xdcUL			/* MemAttr[4:2] and S2AP[7:6] of the host's descriptor */

struct m_walk model_walk(struct model *m, const struct m_realm *r, uint64_t ipa, int level)
{
	uint64_t i = ipa / m_size(r->start_level);
	struct m_walk w = { m_table_at(m, r->rtt_base + i / 512 * M_PAGE), i % 512, r->start_level };

	while (w.level < level && m_at(&w)->kind == RMI_TABLE) {
		w.t = m_table_at(m, m_at(&w)->out);
		w.level++;
		w.idx = ipa / m_size(w.level) % 512;
	}
	return w;
}

static bool is_protected(const struct m_realm *r, uint64_t ipa)
{
	return ipa < m_par(r);
}

/* From the entry of the walk to the next that is live, or the end of its table. */
static uint64_t top_of(const struct m_walk *w, uint64_t ipa)
{
	uint64_t top = ipa / m_size(w->level) * m_size(w->level);

	if (m_at(w)->kind != RMI_UNASSIGNED)
		return ipa;
	for (unsigned int i = w->idx; i < 512 && w->t->e[i].kind == RMI_UNASSIGNED; i++)
		top += m_size(w->level);
	return top;
}

static uint64_t rtt_error(const struct m_walk *w)
{
	return RMI_RET(RMI_ERROR_RTT, w->level);
}

/* ---- tables ---- */

static bool table_args_ok(const struct m_realm *r, uint64_t ipa, int64_t level)
{
	return level > r->start_level && level <= 3 && ipa >> r->s2sz == 0 && ipa % m_size((int)level - 1) == 0;
}

static void create(struct model *m, const uint64_t x[6], struct m_result *res)
{
	struct m_realm *r = m_realm_at(m, x[1]);
	int64_t level = (int64_t)x[4];
	struct m_entry parent;
	struct m_table *t;
	struct m_walk w;

	res->x[0] = RMI_ERROR_INPUT;
	if (r == NULL || !m_is(m, x[2], M_DELEGATED) || !table_args_ok(r, x[3], level))
		return;
	res->x[0] = m_may(m, r, M_SHAPE_TABLES);
	if (res->x[0] != RMI_SUCCESS)
		return;
	w = model_walk(m, r, x[3], (int)level - 1);
	res->x[0] = rtt_error(&w);
	if (w.level < level - 1 || m_at(&w)->kind == RMI_TABLE || m_at(&w)->kind == M_CHAN_LEAF)
		return;
	parent = *m_at(&w);
	t = m_table_new(m, x[2]);
	for (unsigned int i = 0; i < 512; i++) {
		t->e[i] = parent;
		if (parent.kind == RMI_ASSIGNED)
			t->e[i].out += i * m_size((int)level);
	}
	*m_at(&w) = (struct m_entry){ .kind = RMI_TABLE, .out = x[2] };
	res->x[0] = RMI_SUCCESS;
}

/* The parent entry of the table at @level; false: res says why not. */
static bool find_table(struct model *m, const struct m_realm *r, uint64_t ipa, int64_t level, enum m_command c,
		       struct m_walk *w, struct m_result *res)
{
	res->x[0] = RMI_ERROR_INPUT;
	if (r == NULL || !table_args_ok(r, ipa, level))
		return false;
	res->x[0] = m_may(m, r, c);
	if (res->x[0] != RMI_SUCCESS)
		return false;
	*w = model_walk(m, r, ipa, (int)level - 1);
	res->x[0] = rtt_error(w);
	res->x[2] = top_of(w, ipa);
	return w->level == level - 1 && m_at(w)->kind == RMI_TABLE;
}

static bool keeps_table(const struct m_realm *r, const struct m_table *t, uint64_t ipa)
{
	for (unsigned int i = 0; i < 512; i++)
		if (t->e[i].kind == RMI_TABLE || t->e[i].kind == M_CHAN_LEAF || (t->e[i].kind == RMI_ASSIGNED && is_protected(r, ipa)))
			return true;
	return false;
}

static void remove_table(struct model *m, struct m_walk *w, struct m_entry put, struct m_result *res)
{
	res->x[0] = RMI_SUCCESS;
	res->x[1] = m_at(w)->out;
	m_table_at(m, res->x[1])->used = false;
	m_set(m, res->x[1], M_DELEGATED);
	*m_at(w) = put;
}

static void destroy(struct model *m, const uint64_t x[6], struct m_result *res)
{
	struct m_realm *r = m_realm_at(m, x[1]);
	struct m_entry gone = { .kind = RMI_UNASSIGNED };
	struct m_walk w;

	if (!find_table(m, r, x[2], (int64_t)x[3], M_TAKE_AWAY, &w, res))
		return;
	if (keeps_table(r, m_table_at(m, m_at(&w)->out), x[2])) {
		res->x[0] = RMI_RET(RMI_ERROR_RTT, x[3]);
		res->x[2] = x[2];
		return;
	}
	if (is_protected(r, x[2]))
		gone.ripas = RMI_DESTROYED;
	remove_table(m, &w, gone, res);
	res->x[2] = top_of(&w, x[2]);
}

static bool homogeneous(const struct m_table *t, int level)
{
	const struct m_entry *first = &t->e[0];
	uint64_t step = first->kind == RMI_ASSIGNED ? m_size(level) : 0;

	if (first->kind == RMI_TABLE || first->kind == M_CHAN_LEAF)
		return false;
	if (step != 0 && (first->out & ~ATTR) % m_size(level - 1) != 0)
		return false;
	for (unsigned int i = 1; i < 512; i++)
		if (t->e[i].kind != first->kind || t->e[i].ripas != first->ripas || t->e[i].out != first->out + i * step)
			return false;
	return true;
}

static void fold(struct model *m, const uint64_t x[6], struct m_result *res)
{
	struct m_realm *r = m_realm_at(m, x[1]);
	int64_t level = (int64_t)x[3];
	struct m_table *t;
	struct m_walk w;

	if (!find_table(m, r, x[2], level, M_SHAPE_TABLES, &w, res)) {
		res->x[2] = 0;
		return;
	}
	res->x[2] = 0;
	t = m_table_at(m, m_at(&w)->out);
	if (!homogeneous(t, (int)level))
		res->x[0] = RMI_RET(RMI_ERROR_RTT, level);
	else if (level == 1 && t->e[0].kind == RMI_ASSIGNED)
		res->x[0] = RMI_RET(RMI_ERROR_RTT, 0);	/* no blocks at level 0 */
	else
		remove_table(m, &w, t->e[0], res);
}

static void read_entry(struct model *m, const uint64_t x[6], struct m_result *res)
{
	struct m_realm *r = m_realm_at(m, x[1]);
	int64_t level = (int64_t)x[3];
	struct m_walk w;

	res->x[0] = RMI_ERROR_INPUT;
	if (r == NULL || level < r->start_level || level > 3 || x[2] >> r->s2sz != 0 || x[2] % m_size((int)level) != 0)
		return;
	w = model_walk(m, r, x[2], (int)level);
	res->x[0] = RMI_SUCCESS;
	res->x[1] = (uint64_t)w.level;
	res->x[2] = m_at(&w)->kind == M_CHAN_LEAF ? RMI_ASSIGNED : m_at(&w)->kind;
	res->x[3] = m_at(&w)->kind == RMI_UNASSIGNED ? 0 : m_at(&w)->out;
	res->x[4] = m_at(&w)->ripas;
}

/* ---- unprotected memory ---- */

static bool unprotected_args_ok(const struct m_realm *r, uint64_t ipa, int64_t level)
{
	return r != NULL && level >= 1 && level >= r->start_level && level <= 3 && ipa >> r->s2sz == 0 &&
	       !is_protected(r, ipa) && ipa % m_size((int)level) == 0;
}

static void map_unprotected(struct model *m, const uint64_t x[6], struct m_result *res)
{
	struct m_realm *r = m_realm_at(m, x[1]);
	int64_t level = (int64_t)x[3];
	uint64_t oa = x[4] & ~ATTR;
	struct m_walk w;

	res->x[0] = RMI_ERROR_INPUT;
	if (!unprotected_args_ok(r, x[2], level) || oa % m_size((int)level) != 0 || oa >> 48 != 0 || (x[4] >> 2 & 7) == 4)
		return;
	res->x[0] = m_may(m, r, M_MAP_UNPROTECTED);
	if (res->x[0] == RMI_SUCCESS)
		res->x[0] = m_may_window(m, r, x[2], (int)level, x[4]);
	if (res->x[0] != RMI_SUCCESS)
		return;
	w = model_walk(m, r, x[2], (int)level);
	res->x[0] = rtt_error(&w);
	if (w.level < level || m_at(&w)->kind != RMI_UNASSIGNED)
		return;
	*m_at(&w) = (struct m_entry){ .kind = RMI_ASSIGNED, .out = x[4] };
	res->x[0] = RMI_SUCCESS;
}

static void unmap_unprotected(struct model *m, const uint64_t x[6], struct m_result *res)
{
	struct m_realm *r = m_realm_at(m, x[1]);
	int64_t level = (int64_t)x[3];
	struct m_walk w;

	res->x[0] = RMI_ERROR_INPUT;
	if (!unprotected_args_ok(r, x[2], level))
		return;
	res->x[0] = m_may(m, r, M_TAKE_AWAY);
	if (res->x[0] != RMI_SUCCESS)
		return;
	w = model_walk(m, r, x[2], (int)level);
	res->x[0] = rtt_error(&w);
	if (w.level == level && m_at(&w)->kind == RMI_ASSIGNED) {
		*m_at(&w) = (struct m_entry){ .kind = RMI_UNASSIGNED };
		res->x[0] = RMI_SUCCESS;
	}
	res->x[1] = top_of(&w, x[2]);
}

/* ---- data ---- */

static void measure_data(struct m_realm *r, uint64_t ipa, bool content, const void *source)
{
	m_measure(r, "data", 4);
	m_measure(r, &ipa, sizeof(ipa));
	if (content)
		m_measure(r, source, M_PAGE);
}

static void data_create(struct model *m, const uint64_t x[6], bool known, bool readable, const void *source, struct m_result *res)
{
	struct m_realm *r = m_realm_at(m, x[1]);
	struct m_walk w;

	res->x[0] = RMI_ERROR_INPUT;
	if (r == NULL || !m_is(m, x[2], M_DELEGATED))
		return;
	if (known) {
		if (x[5] > 1 || x[4] % M_PAGE != 0 || x[4] < m->bank || x[4] >= m->bank + m->pages * M_PAGE ||
		    (x[4] >= m->hole && x[4] < m->hole + m->hole_size))
			return;
		if (r->state != 0) {
			res->x[0] = RMI_ERROR_REALM;
			return;
		}
	}
	if (x[3] % M_PAGE != 0 || x[3] >= m_par(r))
		return;
	res->x[0] = m_may(m, r, M_POPULATE);
	if (res->x[0] == RMI_SUCCESS)
		res->x[0] = m_may_ram(m, r, x[3], x[3] + M_PAGE);
	if (res->x[0] != RMI_SUCCESS)
		return;
	res->x[0] = RMI_ERROR_INPUT;
	if (known && (!m_is(m, x[4], M_NS) || !readable))	/* the source is read last */
		return;
	w = model_walk(m, r, x[3], 3);
	res->x[0] = rtt_error(&w);
	if (w.level < 3 || m_at(&w)->kind != RMI_UNASSIGNED)
		return;
	m_at(&w)->kind = RMI_ASSIGNED;
	m_at(&w)->out = x[2];
	if (known) {
		m_at(&w)->ripas = RMI_RAM;
		measure_data(r, x[3], x[5] & 1, source);
	}
	m_set(m, x[2], M_DATA);
	res->x[0] = RMI_SUCCESS;
}

static void data_destroy(struct model *m, const uint64_t x[6], struct m_result *res)
{
	struct m_realm *r = m_realm_at(m, x[1]);
	struct m_walk w;

	res->x[0] = RMI_ERROR_INPUT;
	if (r == NULL || x[2] % M_PAGE != 0 || x[2] >= m_par(r))
		return;
	res->x[0] = m_may(m, r, M_TAKE_AWAY);
	if (res->x[0] != RMI_SUCCESS)
		return;
	w = model_walk(m, r, x[2], 3);
	res->x[0] = rtt_error(&w);
	if (w.level == 3 && m_at(&w)->kind == RMI_ASSIGNED) {
		res->x[0] = RMI_SUCCESS;
		res->x[1] = m_at(&w)->out;
		m_set(m, res->x[1], M_DELEGATED);
		*m_at(&w) = (struct m_entry){ .kind = RMI_UNASSIGNED,
					      .ripas = m_at(&w)->ripas == RMI_EMPTY ? RMI_EMPTY : RMI_DESTROYED };
	}
	res->x[2] = top_of(&w, x[2]);
}

/* ---- RIPAS ---- */

/*
 * Entries of one table from @base while they end at or below @top and may be changed. The end reached; @base: no
 * progress.
 */
static uint64_t change_ripas(const struct m_walk *w, uint64_t base, uint64_t top, uint8_t to, bool init, bool destroyed_too)
{
	uint64_t at = base, size = m_size(w->level);

	if (base % size != 0)
		return base;
	for (unsigned int i = w->idx; i < 512 && at + size <= top; i++, at += size) {
		struct m_entry *e = &w->t->e[i];

		if (e->kind == RMI_TABLE || e->kind == M_CHAN_LEAF || (init && e->kind != RMI_UNASSIGNED))
			break;
		if (e->ripas == RMI_DESTROYED && !destroyed_too)
			break;
		e->ripas = to;
	}
	return at;
}

static void init_ripas(struct model *m, const uint64_t x[6], struct m_result *res)
{
	struct m_realm *r = m_realm_at(m, x[1]);
	struct m_walk w;
	uint64_t end;

	res->x[0] = RMI_ERROR_INPUT;
	if (r == NULL || x[3] <= x[2] || x[3] % M_PAGE != 0 || x[2] % M_PAGE != 0 || x[3] > m_par(r))
		return;
	res->x[0] = RMI_ERROR_REALM;
	if (r->state != 0)
		return;
	res->x[0] = m_may(m, r, M_POPULATE);
	if (res->x[0] == RMI_SUCCESS)
		res->x[0] = m_may_ram(m, r, x[2], x[3]);
	if (res->x[0] != RMI_SUCCESS)
		return;
	w = model_walk(m, r, x[2], 3);
	end = change_ripas(&w, x[2], x[3], RMI_RAM, true, false);
	res->x[0] = end == x[2] ? rtt_error(&w) : RMI_SUCCESS;
	res->x[1] = end == x[2] ? 0 : end;
	for (uint64_t a = x[2]; a < end; a += m_size(w.level)) {	/* each entry by itself */
		m_measure(r, "ripas", 5);
		m_measure(r, &a, sizeof(a));
	}
}

static void set_ripas(struct model *m, const uint64_t x[6], struct m_result *res)
{
	struct m_realm *r = m_realm_at(m, x[1]);
	struct m_rec *rec = m_rec_at(m, x[2]);
	struct m_walk w;
	uint64_t end;

	res->x[0] = RMI_ERROR_INPUT;
	if (r == NULL || rec == NULL || x[4] <= x[3] || x[4] % M_PAGE != 0)
		return;
	res->x[0] = m_may(m, r, M_SET_RIPAS);
	if (res->x[0] != RMI_SUCCESS)
		return;
	res->x[0] = RMI_ERROR_REC;
	if (rec->running || &m->realm[rec->realm] != r)
		return;
	res->x[0] = RMI_ERROR_INPUT;
	if (x[3] != rec->ripas.addr || x[4] > rec->ripas.top)
		return;
	w = model_walk(m, r, x[3], 3);
	end = change_ripas(&w, x[3], x[4], (uint8_t)rec->ripas.ripas, false, rec->ripas.change_destroyed);
	res->x[0] = end == x[3] ? rtt_error(&w) : RMI_SUCCESS;
	if (end == x[3])
		return;
	res->x[1] = rec->ripas.addr = end;
}

bool model_rtt(struct model *m, uint64_t fid, const uint64_t x[6], bool readable, const void *params, struct m_result *res)
{
	switch (fid) {
	case SMC_RMI_RTT_CREATE:
		create(m, x, res);
		return true;
	case SMC_RMI_RTT_DESTROY:
		destroy(m, x, res);
		return true;
	case SMC_RMI_RTT_FOLD:
		fold(m, x, res);
		return true;
	case SMC_RMI_RTT_READ_ENTRY:
		read_entry(m, x, res);
		return true;
	case SMC_RMI_RTT_MAP_UNPROTECTED:
		map_unprotected(m, x, res);
		return true;
	case SMC_RMI_RTT_UNMAP_UNPROTECTED:
		unmap_unprotected(m, x, res);
		return true;
	case SMC_RMI_DATA_CREATE:
		data_create(m, x, true, readable, params, res);
		return true;
	case SMC_RMI_DATA_CREATE_UNKNOWN:
		data_create(m, x, false, true, NULL, res);
		return true;
	case SMC_RMI_DATA_DESTROY:
		data_destroy(m, x, res);
		return true;
	case SMC_RMI_RTT_INIT_RIPAS:
		init_ripas(m, x, res);
		return true;
	case SMC_RMI_RTT_SET_RIPAS:
		set_ripas(m, x, res);
		return true;
	}
	return false;
}
