/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stage 2 descriptors: the only place that knows their bits. An invalid descriptor is ignored
 * by hardware but for bit 0, so the rest of it keeps what the monitor must remember. A page of
 * zeroes is a table of UNASSIGNED, EMPTY.
 */
#include "s2tt.h"

#define D_VALID		BIT(0)
#define D_TYPE		BIT(1)		/* table above level 3, page at level 3; clear: block */
#define D_ATTR_HOST	(0x7UL << 2 | 0x3UL << 6)	/* MemAttr, S2AP */
#define D_MEMATTR_WB	(6UL << 2)	/* FWB: Normal write-back whatever stage 1 says */
#define D_S2AP		(3UL << 6)
#define D_S2AP_RW	(3UL << 6)
#define D_SH_INNER	(3UL << 8)
#define D_AF		BIT(10)
#define D_OA		0x0000fffffffff000UL
#define D_XN		BIT(54)		/* XN[1:0] = 0b10: no execution at EL1 or EL0 */
#define D_NS		BIT(55)
#define D_CHAN		BIT(56)		/* software: a channel page */

/* invalid descriptors; D_NS marks the unprotected half there too */
#define D_INV_ASSIGNED	BIT(2)
#define D_INV_RIPAS_SHIFT 5
#define D_INV_RIPAS	(3UL << D_INV_RIPAS_SHIFT)

/* What an entry that is not live may have set. */
#define D_NOT_LIVE	(D_INV_RIPAS | D_NS)

static bool live(uint64_t d)
{
	return d & ~D_NOT_LIVE;
}

#define STRIDE	64
_Static_assert(S2_ENTRIES % STRIDE == 0, "a table is whole strides");

static bool any_live(const uint64_t *table)
{
	uint64_t any = 0;

#pragma GCC unroll 64
	for (unsigned int i = 0; i < STRIDE; i++)
		any |= table[i];
	return live(any);
}

/* A stride at a time: tables are mostly empty, and every destroying command looks. */
unsigned int s2_next_live(const uint64_t *table, unsigned int from)
{
	unsigned int i = from;

	while (i + STRIDE <= S2_ENTRIES && !any_live(&table[i]))
		i += STRIDE;
	/* what is left of the table, with some of what has just been seen, is a stride too */
	if (i >= from + STRIDE && i < S2_ENTRIES && i + STRIDE > S2_ENTRIES && !any_live(&table[S2_ENTRIES - STRIDE]))
		return S2_ENTRIES;
	while (i < S2_ENTRIES && !live(table[i]))
		i++;
	return i;
}

static uint64_t leaf_type(int level)
{
	return level == 3 ? D_VALID | D_TYPE : D_VALID;
}

uint64_t s2_encode(const struct s2_entry *e, int level)
{
	uint64_t leaf = e->pa.v | D_AF | D_SH_INNER | leaf_type(level);

	switch (e->kind) {
	case S2_UNASSIGNED:
		return (uint64_t)e->ripas << D_INV_RIPAS_SHIFT;
	case S2_ASSIGNED:
		if (e->ripas != RMI_RAM)
			return e->pa.v | D_INV_ASSIGNED | (uint64_t)e->ripas << D_INV_RIPAS_SHIFT;
		return leaf | D_MEMATTR_WB | D_S2AP_RW;
	case S2_ASSIGNED_CHAN:
		return leaf | D_MEMATTR_WB | (e->attr & D_S2AP) | D_XN | D_CHAN;
	case S2_UNASSIGNED_NS:
		return D_NS;
	case S2_ASSIGNED_NS:
		return leaf | (e->attr & D_ATTR_HOST) | D_XN | D_NS;
	case S2_TABLE:
		return e->pa.v | D_TYPE | D_VALID;
	}
	rmm_panic("s2_encode: kind");
}

static struct s2_entry decode_invalid(uint64_t d)
{
	struct s2_entry e = { .kind = S2_UNASSIGNED, .ripas = RMI_EMPTY };

	if (d & D_NS) {
		e.kind = S2_UNASSIGNED_NS;
		return e;
	}
	e.ripas = (d & D_INV_RIPAS) >> D_INV_RIPAS_SHIFT;
	if (d & D_INV_ASSIGNED) {
		e.kind = S2_ASSIGNED;
		e.pa = pa(d & D_OA);
	}
	return e;
}

struct s2_entry s2_decode(uint64_t d, int level)
{
	struct s2_entry e = { .ripas = RMI_EMPTY, .pa = pa(d & D_OA) };

	if (!(d & D_VALID))
		return decode_invalid(d);
	if (level < 3 && (d & D_TYPE)) {
		e.kind = S2_TABLE;
	} else if (d & D_NS) {
		e.kind = S2_ASSIGNED_NS;
		e.attr = d & D_ATTR_HOST;
	} else if (d & D_CHAN) {
		e.kind = S2_ASSIGNED_CHAN;
		e.attr = d & D_S2AP;
	} else {
		e.kind = S2_ASSIGNED;
		e.ripas = RMI_RAM;
	}
	return e;
}
