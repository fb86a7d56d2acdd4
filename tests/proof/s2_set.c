/* SPDX-License-Identifier: Apache-2.0 */
/*
 * s2_walk_set(): for any old and new entry that the monitor means exactly one entry is replaced; no TLB invalidation finds a valid one; the table's count of entries that keep it alive stays right. And the descent of a
 * walk: it ends in a table that the one above names, at the index of the address, at an entry that is no table or is at the
 * level asked for, with one lock held. Of each table there are the first four entries, and indices are below four: nothing here
 * knows how long a table is, and whatever touched another would be out of bounds.
 * Options: --unwind 6
 */
#include "../../rmm/s2tt/desc.c"
#include "../../rmm/s2tt/walk.c"
#include "panic.h"

#define FEW	4

static uint64_t tables[4][FEW];		/* by level */
static struct granule g[4];
static unsigned int entered;		/* next level to enter */
static pa_t expected;			/* address of its table */
static int held;

/* Each table is where the entry above says. */
struct granule *granule_find(pa_t a)
{
	assert(entered <= 3 && a.v == expected.v);
	return &g[entered];
}

void granule_lock(struct granule *l, enum granule_state want)
{
	assert(want == GRANULE_RTT && l == &g[entered]);
	held++;
}

void granule_unlock(struct granule *l) { (void)l; held--; }
void *granule_va(const struct granule *l) { return tables[l - g]; }

static ipa_t at;
void *arch_granule_va(pa_t a)
{
	uint64_t *t = tables[entered];

	assert(a.v == expected.v);
	expected = s2_decode(t[at.v >> (39 - 9 * entered) & 511], (int)entered).pa;
	entered++;
	return t;
}

static uint64_t *replaced;		/* the entry, when a TLB is invalidated */
static unsigned int flushed;
void arch_dsb_ish(void) { }
void arch_tlbi_ipa(uint16_t vmid, ipa_t a) { (void)vmid; assert(a.v == at.v && !(*replaced & 1)); flushed++; }
void arch_tlbi_vmid(uint16_t vmid) { (void)vmid; assert(!(*replaced & 1)); flushed++; }

static struct s2_entry any_entry(int level)
{
	struct s2_entry e = { .kind = (enum s2_kind)any_u8(), .ripas = (enum rmi_ripas)any_u8(), .pa = pa(any_u64()), .attr = any_u64() };

	ASSUME((unsigned int)e.kind <= S2_TABLE && (unsigned int)e.ripas <= RMI_DESTROYED && (e.pa.v & ~D_OA) == 0);
	ASSUME(e.kind != S2_TABLE || level < 3);
	ASSUME(level != 0 || !s2_is_valid_leaf(&e));
	return e;
}

static bool keeps(const struct s2_entry *e) { return e->kind == S2_TABLE || e->kind == S2_ASSIGNED || e->kind == S2_ASSIGNED_CHAN; }

static uint64_t one[FEW];

static void one_entry(int level)
{
	struct s2_root r = { .vmid = any_u16() };
	struct s2_walk w = { .g = &g[0], .table = one, .idx = any_u32(), .level = level };
	enum s2_flush flush = (enum s2_flush)any_u8();
	struct s2_entry old, new = any_entry(level);
	unsigned int k = any_u32();
	uint64_t other;
	uint16_t refs;

	__CPROVER_havoc_object(one);
	ASSUME(w.idx < FEW && k < FEW && k != w.idx && (unsigned int)flush <= S2_FLUSH_ALL);
	other = one[k];
	old = s2_walk_entry(&w);
	/* what a walker may hold of it is flushed: each caller's part */
	ASSUME(flush != S2_FLUSH_NONE || !s2_is_valid(&old));
	refs = g[0].refs = any_u16();
	ASSUME(refs <= S2_ENTRIES && (!keeps(&old) || refs != 0) && (keeps(&old) || refs < S2_ENTRIES));
	replaced = &one[w.idx];
	flushed = 0;
	at = ipa(any_u64());
	s2_walk_set(&w, &new, &r, at, flush);
	assert(one[k] == other && one[w.idx] == s2_encode(&new, level));
	assert(flushed == (flush != S2_FLUSH_NONE));
	assert(g[0].refs == refs + keeps(&new) - keeps(&old));
	COVER(s2_is_valid(&old) && s2_is_valid(&new) && flush == S2_FLUSH_ALL);
	COVER(!s2_is_valid(&old) && s2_is_valid(&new) && flush == S2_FLUSH_NONE);
}

void proof_set_page(void) { one_entry(3); }
void proof_set_block(void) { one_entry(2); }

static void descent(int start)
{
	struct s2_root r = { .base = pa(any_u64()), .start_level = (int8_t)start };
	int level = any_int();
	struct s2_entry e;
	struct s2_walk w;

	__CPROVER_havoc_object(tables);
	at = ipa(any_u64());
	ASSUME(level >= start && level <= 3 && at.v < 1UL << 48 && r.base.v < 1UL << 47);
	ASSUME(at.v >> (48 - 9 * start) < 16);
	for (int l = start; l <= 3; l++)
		ASSUME((at.v >> (39 - 9 * l) & 511) < FEW);
	entered = (unsigned int)start;
	expected = pa(r.base.v + (at.v >> (48 - 9 * start)) * 4096);
	held = 0;
	s2_walk_lock(&r, at, level, &w);
	assert(held == 1 && w.level >= start && w.level <= level && w.level == (int)entered - 1);
	assert(w.g == &g[w.level] && w.table == tables[w.level] && w.idx == (at.v >> (39 - 9 * w.level) & 511));
	e = s2_walk_entry(&w);
	assert(w.level == level || e.kind != S2_TABLE);
	COVER(w.level == 3);
	COVER(w.level < level);
	s2_walk_end(&w);
	assert(held == 0);
}

void proof_descent_from_0(void) { descent(0); }
void proof_descent_from_1(void) { descent(1); }
void proof_descent_from_2(void) { descent(2); }
