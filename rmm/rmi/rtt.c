/* SPDX-License-Identifier: Apache-2.0 */
/* RMI_RTT_CREATE, RMI_RTT_DESTROY, RMI_RTT_FOLD, RMI_RTT_READ_ENTRY: the shape of a Realm's tables. */
#include "../arch/arch.h"
#include "../mica/hooks.h"
#include "rtt_internal.h"

uint64_t rtt_top(const struct s2_walk *w, ipa_t a)
{
	uint64_t size = s2_entry_size(w->level), base = ALIGN_DOWN(a.v, size);
	unsigned int i = s2_next_live(w->table, w->idx);

	return i == w->idx ? a.v : base + (i - w->idx) * size;
}

/* By how much the addresses in two neighbouring entries differ. */
static uint64_t address_step(const struct s2_entry *e, int level)
{
	return e->kind == S2_UNASSIGNED || e->kind == S2_UNASSIGNED_NS ? 0 : s2_entry_size(level);
}

/* ---- CREATE ---- */

/* 512 entries that together say what @parent said. The table is all zeroes. */
static void fill_table(struct granule *g, const struct s2_entry *parent, int level)
{
	uint64_t desc = s2_encode(parent, level), step = address_step(parent, level);
	uint64_t *table = granule_va(g);

	if (desc != 0) {
#pragma GCC unroll 8
		for (unsigned int i = 0; i < S2_ENTRIES; i += 2, desc += 2 * step) {
			table[i] = desc;		/* pairs: one store */
			table[i + 1] = desc + step;
		}
		arch_dsb_ish();
	}
	g->refs = s2_keeps_table(parent) ? S2_ENTRIES : 0;
}

/* @g: the new table, locked, DELEGATED. */
static uint64_t create_table(const struct rd *rd, struct granule *g, ipa_t a, int64_t level)
{
	const struct s2_entry table = { .kind = S2_TABLE, .pa = granule_pa(g) };
	struct s2_entry parent;
	struct s2_walk w;
	uint64_t status;

	if (!rtt_table_args_valid(&rd->s2, a, level))
		return RMI_ERROR_INPUT;
	status = mica_may(rd, MICA_CMD_RTT_CHANGE);
	if (status != RMI_SUCCESS)
		return status;
	s2_walk_lock(&rd->s2, a, (int)level - 1, &w);
	parent = s2_walk_entry(&w);
	/* a channel block stays whole: it is unmapped as it was mapped */
	if (w.level < level - 1 || parent.kind == S2_TABLE || parent.kind == S2_ASSIGNED_CHAN) {
		status = RMI_RET(RMI_ERROR_RTT, w.level);
	} else {
		fill_table(g, &parent, (int)level);
		s2_walk_set(&w, &table, &rd->s2, a,
			    s2_is_valid_leaf(&parent) ? S2_FLUSH_ENTRY : S2_FLUSH_NONE);
	}
	s2_walk_end(&w);
	return status;
}

void rmi_rtt_create(const struct rmi_args *in, struct rmi_result *out)
{
	struct granule_req reqs[] = {
		{ .pa = pa(in->x[1]), .want = GRANULE_RD },
		{ .pa = pa(in->x[2]), .want = GRANULE_DELEGATED },
	};

	if (!granule_lock_set(reqs, ARRAY_SIZE(reqs))) {
		out->x[0] = RMI_ERROR_INPUT;
		return;
	}
	out->x[0] = create_table(granule_va(reqs[0].g), reqs[1].g, ipa(in->x[3]),
				 (int64_t)in->x[4]);
	if (out->x[0] == RMI_SUCCESS)
		granule_unlock_to(reqs[1].g, GRANULE_RTT);
	else
		granule_unlock(reqs[1].g);
	granule_unlock(reqs[0].g);
}

/* ---- DESTROY and FOLD: take out the table at @level that serves @a ---- */

/* X0 of everything up to the walk; on success w holds the parent table and *g the table, locked. */
static uint64_t find_table(const struct rd *rd, ipa_t a, int64_t level, enum mica_cmd cmd,
			   struct s2_walk *w, struct granule **g, uint64_t *top)
{
	struct s2_entry parent;
	uint64_t status;

	if (!rtt_table_args_valid(&rd->s2, a, level))
		return RMI_ERROR_INPUT;
	status = mica_may(rd, cmd);
	if (status != RMI_SUCCESS)
		return status;
	s2_walk_lock(&rd->s2, a, (int)level - 1, w);
	parent = s2_walk_entry(w);
	if (w->level < level - 1 || parent.kind != S2_TABLE) {
		*top = rtt_top(w, a);
		s2_walk_end(w);
		return RMI_RET(RMI_ERROR_RTT, w->level);
	}
	*g = granule_find(parent.pa);
	granule_lock(*g, GRANULE_RTT);
	return RMI_SUCCESS;
}

/* Unprotected leaves do not keep a table alive. */
static unsigned int count_valid_leaves(struct granule *g, int level)
{
	const uint64_t *table = granule_va(g);
	unsigned int n = 0;

	for (unsigned int i = 0; i < S2_ENTRIES; i++) {
		struct s2_entry e = s2_decode(s2_read(&table[i]), level);

		n += s2_is_valid_leaf(&e);
	}
	return n;
}

static void unlink_table(struct rd *rd, struct s2_walk *w, struct granule *g, ipa_t a, int level)
{
	bool protected = s2_in_par(&rd->s2, a, 1);
	unsigned int leaves = protected ? 0 : count_valid_leaves(g, level);
	const struct s2_entry gone = {
		.kind = protected ? S2_UNASSIGNED : S2_UNASSIGNED_NS,
		.ripas = protected ? RMI_DESTROYED : RMI_EMPTY,
	};

	s2_walk_set(w, &gone, &rd->s2, a, leaves != 0 ? S2_FLUSH_ALL : S2_FLUSH_ENTRY);
	if (leaves != 0)
		mica_count_windows(rd, -(int64_t)(leaves * (s2_entry_size(level) / GRANULE_SIZE)));
}

static uint64_t destroy_table(struct rd *rd, ipa_t a, int64_t level, struct rmi_result *out)
{
	struct granule *g;
	struct s2_walk w;
	uint64_t status = find_table(rd, a, level, MICA_CMD_DESTROY, &w, &g, &out->x[2]);

	if (status != RMI_SUCCESS)
		return status;
	if (g->refs != 0) {
		granule_unlock(g);
		out->x[2] = a.v;
		status = RMI_RET(RMI_ERROR_RTT, level);
	} else {
		unlink_table(rd, &w, g, a, (int)level);
		out->x[1] = granule_pa(g).v;
		out->x[2] = rtt_top(&w, a);
		granule_release(g);
	}
	s2_walk_end(&w);
	return status;
}

void rmi_rtt_destroy(const struct rmi_args *in, struct rmi_result *out)
{
	struct granule *g = granule_find_lock(pa(in->x[1]), GRANULE_RD);

	if (g == NULL) {
		out->x[0] = RMI_ERROR_INPUT;
		return;
	}
	out->x[0] = destroy_table(granule_va(g), ipa(in->x[2]), (int64_t)in->x[3], out);
	granule_unlock(g);
}

/*
 * Do the 512 entries say together what one entry above them could? Tables and channel pages never
 * do; addresses must be contiguous and start where a larger leaf may.
 */
static bool homogeneous(struct granule *g, int level, struct s2_entry *whole)
{
	const uint64_t *table = granule_va(g);
	uint64_t first = s2_read(&table[0]), step;

	*whole = s2_decode(first, level);
	if (whole->kind == S2_TABLE || whole->kind == S2_ASSIGNED_CHAN)
		return false;
	step = address_step(whole, level);
	if (!IS_ALIGNED(whole->pa.v, s2_entry_size(level - 1)))
		return false;
	for (unsigned int i = 1; i < S2_ENTRIES; i++)
		if (s2_read(&table[i]) != first + i * step)
			return false;
	return true;
}

static uint64_t fold_table(struct rd *rd, ipa_t a, int64_t level, struct rmi_result *out)
{
	struct s2_entry whole;
	struct granule *g;
	struct s2_walk w;
	uint64_t unused_top;
	uint64_t status = find_table(rd, a, level, MICA_CMD_RTT_CHANGE, &w, &g, &unused_top);

	if (status != RMI_SUCCESS)
		return status;
	if (!homogeneous(g, (int)level, &whole)) {
		status = RMI_RET(RMI_ERROR_RTT, level);
	} else if (level == 1 && (whole.kind == S2_ASSIGNED || whole.kind == S2_ASSIGNED_NS)) {
		status = RMI_RET(RMI_ERROR_RTT, level - 1);	/* no blocks at level 0 */
	}
	if (status != RMI_SUCCESS) {
		granule_unlock(g);
	} else {
		s2_walk_set(&w, &whole, &rd->s2, a,
			    s2_is_valid_leaf(&whole) ? S2_FLUSH_ALL : S2_FLUSH_ENTRY);
		out->x[1] = granule_pa(g).v;
		g->refs = 0;
		granule_release(g);
	}
	s2_walk_end(&w);
	return status;
}

void rmi_rtt_fold(const struct rmi_args *in, struct rmi_result *out)
{
	struct granule *g = granule_find_lock(pa(in->x[1]), GRANULE_RD);

	if (g == NULL) {
		out->x[0] = RMI_ERROR_INPUT;
		return;
	}
	out->x[0] = fold_table(granule_va(g), ipa(in->x[2]), (int64_t)in->x[3], out);
	granule_unlock(g);
}

/* ---- READ_ENTRY ---- */

static void report_entry(const struct s2_entry *e, struct rmi_result *out)
{
	switch (e->kind) {
	case S2_UNASSIGNED:
	case S2_UNASSIGNED_NS:
		out->x[2] = RMI_UNASSIGNED;
		break;
	case S2_ASSIGNED:
	case S2_ASSIGNED_CHAN:
		out->x[2] = RMI_ASSIGNED;
		out->x[3] = e->pa.v;
		break;
	case S2_ASSIGNED_NS:
		out->x[2] = RMI_ASSIGNED;
		out->x[3] = e->pa.v | e->attr;
		break;
	case S2_TABLE:
		out->x[2] = RMI_TABLE;
		out->x[3] = e->pa.v;
		break;
	}
	out->x[4] = e->ripas;
}

void rmi_rtt_read_entry(const struct rmi_args *in, struct rmi_result *out)
{
	struct granule *g = granule_find_lock(pa(in->x[1]), GRANULE_RD);
	int64_t level = (int64_t)in->x[3];
	ipa_t a = ipa(in->x[2]);
	struct s2_entry e;
	struct s2_walk w;
	struct rd *rd;

	out->x[0] = RMI_ERROR_INPUT;
	if (g == NULL)
		return;
	rd = granule_va(g);
	if (rtt_entry_args_valid(&rd->s2, a, level)) {
		s2_walk_lock(&rd->s2, a, (int)level, &w);
		e = s2_walk_entry(&w);
		out->x[0] = RMI_SUCCESS;
		out->x[1] = (uint64_t)w.level;
		report_entry(&e, out);
		s2_walk_end(&w);
	}
	granule_unlock(g);
}
