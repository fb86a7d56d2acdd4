/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps of a native load plan, in the order loadplan.h states. A generator: the plan holds
 * the phase it is in and the next address, and each call yields one RMI call (or one run of
 * INIT_RIPAS over equal entries).
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "loadplan.h"

#define PAGE		4096UL
#define BLOCK		(2UL << 20)
#define MAX_RECS	16		/* RmiRecMpidr.aff0 has four bits */
#define LEVEL_LEAF	3
#define LEVEL_BLOCK	2

/* Bytes one entry of a table at this level spans. */
#define ENTRY_SHIFT(level)	(12 + 9 * (3 - (level)))
#define ENTRY_SIZE(level)	(1UL << ENTRY_SHIFT(level))

enum phase {
	PHASE_CREATE,
	PHASE_UPPER_1,			/* level 1 tables, where the start level is 0 */
	PHASE_UPPER_2,			/* level 2 tables */
	PHASE_EDGE_3,			/* level 3 tables of blocks that are not wholly RAM */
	PHASE_RIPAS,
	PHASE_LEAF_3,			/* level 3 tables of the other blocks */
	PHASE_DATA,
	PHASE_REC,
	PHASE_DONE,
};

static uint64_t align_down(uint64_t v, uint64_t to)
{
	return v & ~(to - 1);
}

static uint64_t min_u64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t ram_end(const struct loadplan_realm *r)
{
	return r->ram_base + r->ram_size;
}

static bool block_is_whole(const struct loadplan_realm *r, uint64_t block)
{
	return block >= r->ram_base && block + BLOCK <= ram_end(r);
}

/* Bits of IPA that one table at the start level translates. */
static unsigned int start_bits(int level)
{
	return ENTRY_SHIFT(level) + 9;
}

int loadplan_start_level(unsigned int s2sz)
{
	/* The deepest start that 16 concatenated tables allow: fewest tables, shortest walks. */
	if (s2sz <= start_bits(2) + 4)
		return 2;
	if (s2sz <= start_bits(1) + 4)
		return 1;
	return 0;
}

unsigned int loadplan_start_tables(unsigned int s2sz)
{
	unsigned int bits = start_bits(loadplan_start_level(s2sz));

	return s2sz <= bits ? 1 : 1U << (s2sz - bits);
}

static bool parts_fit(const struct loadplan_realm *r)
{
	uint64_t free_from = r->image_size;

	if (r->n_parts > LOADPLAN_MAX_PARTS)
		return false;
	for (unsigned int i = 0; i < r->n_parts; i++) {
		const struct loadplan_part *p = &r->parts[i];

		if (p->off % PAGE || p->off < free_from || p->off > r->ram_size || p->data == NULL || p->size == 0 ||
		    p->size > r->ram_size - p->off)
			return false;
		free_from = p->off + p->size;
	}
	return true;
}

int loadplan_begin(struct loadplan *lp, const struct loadplan_realm *r)
{
	uint64_t half;

	memset(lp, 0, sizeof(*lp));
	if (r->s2sz < 32 || r->s2sz > 48 || r->hash > RMI_HASH_SHA_512)
		return -EINVAL;
	if (r->vcpus < 1 || r->vcpus > MAX_RECS)
		return -EINVAL;
	half = 1UL << (r->s2sz - 1);
	if (r->ram_base % PAGE || r->ram_size % PAGE || r->ram_size == 0)
		return -EINVAL;
	if (r->ram_size > half || r->ram_base > half - r->ram_size)
		return -EINVAL;
	if (r->image == NULL || r->image_size == 0 || r->image_size > r->ram_size || !parts_fit(r))
		return -EINVAL;
	lp->realm = r;
	lp->phase = PHASE_CREATE;
	return 0;
}

static void enter_phase(struct loadplan *lp, enum phase phase)
{
	lp->phase = phase;
	lp->next = phase == PHASE_REC ? 0 : lp->realm->ram_base;
}

/* Tables at `level` over all RAM. A table at the start level or above exists already. */
static bool step_upper(struct loadplan *lp, struct loadplan_step *step, int level)
{
	const struct loadplan_realm *r = lp->realm;
	uint64_t span = ENTRY_SIZE(level - 1);

	if (level <= loadplan_start_level(r->s2sz) || lp->next >= ram_end(r))
		return false;
	step->op = LP_RTT_CREATE;
	step->ipa = align_down(lp->next, span);
	step->level = level;
	lp->next = step->ipa + span;
	return true;
}

/* Level 3 tables: of the blocks wholly RAM, or of the others. */
static bool step_leaf(struct loadplan *lp, struct loadplan_step *step, bool whole)
{
	const struct loadplan_realm *r = lp->realm;

	while (lp->next < ram_end(r)) {
		uint64_t block = align_down(lp->next, BLOCK);

		lp->next = block + BLOCK;
		if (block_is_whole(r, block) != whole)
			continue;
		step->op = LP_RTT_CREATE;
		step->ipa = block;
		step->level = LEVEL_LEAF;
		return true;
	}
	return false;
}

/* The longest run of entries at one level inside one table. */
static bool step_ripas(struct loadplan *lp, struct loadplan_step *step)
{
	const struct loadplan_realm *r = lp->realm;
	uint64_t block = align_down(lp->next, BLOCK), end = ram_end(r), table;

	if (lp->next >= end)
		return false;
	step->op = LP_INIT_RIPAS;
	step->ipa = lp->next;
	if (block_is_whole(r, block)) {
		table = align_down(block, ENTRY_SIZE(LEVEL_BLOCK - 1)) + ENTRY_SIZE(LEVEL_BLOCK - 1);
		step->top = min_u64(table, align_down(end, BLOCK));
		step->level = LEVEL_BLOCK;
	} else {
		step->top = min_u64(block + BLOCK, end);
		step->level = LEVEL_LEAF;
	}
	lp->next = step->top;
	return true;
}

/* The part that page @off belongs to, or NULL; parts ascend, and so does @off. */
static const struct loadplan_part *part_at(struct loadplan *lp, uint64_t off, struct loadplan_part *first)
{
	const struct loadplan_realm *r = lp->realm;
	const struct loadplan_part *p;

	*first = (struct loadplan_part){ 0, r->image, r->image_size };
	if (off < r->image_size)
		return first;
	while (lp->part < r->n_parts && off >= r->parts[lp->part].off + r->parts[lp->part].size)
		lp->part++;
	p = &r->parts[lp->part];
	return lp->part < r->n_parts && off >= p->off ? p : NULL;
}

/* Every page of RAM, in ascending order: measured where a part of the image lies. */
static bool step_data(struct loadplan *lp, struct loadplan_step *step)
{
	const struct loadplan_part *p;
	struct loadplan_part first;
	uint64_t off;
	size_t left;

	if (lp->next >= ram_end(lp->realm))
		return false;
	off = lp->next - lp->realm->ram_base;
	p = part_at(lp, off, &first);
	step->op = p ? LP_DATA_CREATE : LP_DATA_CREATE_UNKNOWN;
	step->ipa = lp->next;
	lp->next += PAGE;
	if (p == NULL)
		return true;
	off -= p->off;
	left = p->size - off;
	if (left >= PAGE) {
		step->data = p->data + off;
	} else {
		memset(lp->page, 0, sizeof(lp->page));
		memcpy(lp->page, p->data + off, left);
		step->data = lp->page;
	}
	return true;
}

static bool step_rec(struct loadplan *lp, struct loadplan_step *step)
{
	if (lp->next >= lp->realm->vcpus)
		return false;
	step->op = LP_REC_CREATE;
	step->rec = lp->next++;
	return true;
}

/* The next step of the phase; false when the phase has no more. */
static bool step_phase(struct loadplan *lp, struct loadplan_step *step)
{
	switch ((enum phase)lp->phase) {
	case PHASE_CREATE:
		if (lp->next++ != 0)
			return false;
		step->op = LP_REALM_CREATE;
		return true;
	case PHASE_UPPER_1:
		return step_upper(lp, step, 1);
	case PHASE_UPPER_2:
		return step_upper(lp, step, LEVEL_BLOCK);
	case PHASE_EDGE_3:
		return step_leaf(lp, step, false);
	case PHASE_RIPAS:
		return step_ripas(lp, step);
	case PHASE_LEAF_3:
		return step_leaf(lp, step, true);
	case PHASE_DATA:
		return step_data(lp, step);
	case PHASE_REC:
		return step_rec(lp, step);
	case PHASE_DONE:
		break;
	}
	step->op = LP_DONE;
	return true;
}

void loadplan_next(struct loadplan *lp, struct loadplan_step *step)
{
	memset(step, 0, sizeof(*step));
	while (!step_phase(lp, step))
		enter_phase(lp, lp->phase + 1);
}

void loadplan_params(const struct loadplan_realm *r, struct rmi_realm_params *params)
{
	memset(params, 0, sizeof(*params));
	params->flags = r->flags;
	params->s2sz = r->s2sz;
	params->sve_vl = r->sve_vl;
	params->num_bps = r->num_bps;
	params->num_wps = r->num_wps;
	params->hash_algo = r->hash;
	params->rtt_level_start = loadplan_start_level(r->s2sz);
	params->rtt_num_start = loadplan_start_tables(r->s2sz);
}

void loadplan_rec_params(const struct loadplan_realm *r, unsigned int rec,
			 struct rmi_rec_params *params)
{
	memset(params, 0, sizeof(*params));
	params->mpidr = rec;
	params->pc = r->ram_base;
	if (rec == 0)
		params->gprs[0] = r->boot_x0;
	if (rec == 0 || r->boot_x0 == 0)
		params->flags = RMI_REC_FLAG_RUNNABLE;
}
