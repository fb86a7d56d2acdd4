/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stage 2 descriptors: every entry survives encoding; hardware sees of it what its kind allows and no more.
 * Options: --unwind 66 --unwindset s2_next_live.2:10
 */
#include "../../rmm/s2tt/desc.c"
#include "panic.h"

#define OA(level)	(0x0000fffffffff000UL & ~(s2_entry_size(level) - 1))

/* Any entry the monitor may mean at this level. */
static struct s2_entry any_entry(int level)
{
	struct s2_entry e;

	e.kind = (enum s2_kind)any_u8();
	e.ripas = (enum rmi_ripas)any_u8();
	e.pa = pa(any_u64());
	e.attr = any_u64();
	ASSUME(e.kind <= S2_TABLE);
	ASSUME(e.ripas <= RMI_DESTROYED);
	if (e.kind != S2_UNASSIGNED && e.kind != S2_ASSIGNED)
		ASSUME(e.ripas == RMI_EMPTY);
	if (e.kind == S2_UNASSIGNED || e.kind == S2_UNASSIGNED_NS)
		ASSUME(e.pa.v == 0);
	else if (e.kind == S2_TABLE)
		ASSUME((e.pa.v & ~OA(3)) == 0 && level < 3);
	else
		ASSUME((e.pa.v & ~OA(level)) == 0 && level >= 1);
	if (e.kind == S2_ASSIGNED_NS)
		ASSUME((e.attr & ~D_ATTR_HOST) == 0);
	else if (e.kind == S2_ASSIGNED_CHAN)
		ASSUME((e.attr & ~D_S2AP) == 0);
	else
		ASSUME(e.attr == 0);
	return e;
}

static void an_entry_survives(int level)
{
	struct s2_entry e = any_entry(level), back;
	uint64_t d;

	d = s2_encode(&e, level);
	back = s2_decode(d, level);
	assert(back.kind == e.kind && back.ripas == e.ripas && back.pa.v == e.pa.v && back.attr == e.attr);
	assert(s2_encode(&back, level) == d);
	COVER(level == 0 ? e.kind == S2_TABLE : e.kind == S2_ASSIGNED && e.ripas == RMI_DESTROYED && e.pa.v != 0);
	COVER(level == 0 ? e.kind == S2_UNASSIGNED : e.kind == S2_ASSIGNED_CHAN);
	COVER(level == 0 ? e.kind == S2_UNASSIGNED_NS : e.kind == S2_ASSIGNED_NS && e.attr != 0);

	/* as hardware reads it: Arm ARM, VMSAv8-64 */
	assert((d & 1) == s2_is_valid(&e));
	if (e.kind == S2_TABLE)
		assert((d & 3) == 3);
	if (s2_is_valid_leaf(&e)) {
		assert((d >> 1 & 1) == (level == 3));
		assert((d & OA(level)) == e.pa.v && (d >> 10 & 1) == 1 && (d >> 8 & 3) == 3);
		assert((d >> 55 & 1) == (e.kind == S2_ASSIGNED_NS));	/* host memory, and nothing else, is Non-secure */
		assert((d >> 53 & 3) == (e.kind == S2_ASSIGNED ? 0U : 2U));	/* code is the Realm's own */
	}
	assert(live(d) == (e.kind != S2_UNASSIGNED && e.kind != S2_UNASSIGNED_NS));
}

static void any_descriptor_decodes(int level)
{
	uint64_t d = any_u64();
	struct s2_entry e = s2_decode(d, level);

	assert((unsigned int)e.kind <= S2_TABLE && (e.pa.v & 0xfff) == 0);
	if (s2_encode(&e, level) == d)	/* one that the monitor may have written */
		assert(s2_is_valid(&e) == (d & 1));
	COVER(d != 0 && e.kind == S2_UNASSIGNED_NS);
}

/* Any table; from its start, from one that leaves a part of a stride, and from its end. */
static void next_live_is_the_next(unsigned int from)
{
	static uint64_t table[S2_ENTRIES];
	unsigned int k = any_u32(), i;

	__CPROVER_havoc_object(table);
	ASSUME(k >= from && k < S2_ENTRIES);
	i = s2_next_live(table, from);
	assert(i >= from && i <= S2_ENTRIES);
	assert(k >= i || !live(table[k]));
	assert(i == S2_ENTRIES || live(table[i]));
	COVER(i == S2_ENTRIES);
	COVER(i == 511);
	COVER(i == from);
}

void proof(void)
{
	for (int level = 0; level <= 3; level++) {
		an_entry_survives(level);
		any_descriptor_decodes(level);
	}
	next_live_is_the_next(0);
	next_live_is_the_next(259);
	next_live_is_the_next(510);
}
