/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The arithmetic of a walk: for every geometry that REALM_CREATE accepts and every address below its size, each
 * index lies in its table, the start table is one of the Realm's, and the indices together are the address.
 * Options: --unwind 6
 */
#include "../../rmm/s2tt/desc.c"
#include "../../rmm/s2tt/walk.c"
#include "../../rmm/rmi/rtt_internal.h"
#include "panic.h"

/* never called: the walk itself is not proved here */
struct granule *granule_find(pa_t a) { (void)a; return 0; }
void *granule_va(const struct granule *g) { (void)g; return 0; }
void granule_lock(struct granule *g, enum granule_state want) { (void)g; (void)want; }
void granule_unlock(struct granule *g) { (void)g; }
void arch_tlbi_ipa(uint16_t vmid, ipa_t a) { (void)vmid; (void)a; }
void arch_tlbi_vmid(uint16_t vmid) { (void)vmid; }

#define MAX_IPA_BITS	48

/* Of a start level: a constant, so that what the prover divides by is one. */
static struct s2_root any_root(int level)
{
	struct s2_root r;
	uint64_t num = any_u64();
	unsigned int bits = any_u32();

	ASSUME(bits >= 32 && bits <= MAX_IPA_BITS);
	ASSUME(s2_geometry_valid(bits, level, num));
	assert(num >= 1 && num <= 16);
	r.base = pa(any_u64());
	r.ipa_bits = (uint8_t)bits;
	r.start_level = (int8_t)level;
	r.num_start = (uint8_t)num;
	r.vmid = any_u16();
	return r;
}

static void indices_are_the_address(int start_level)
{
	struct s2_root r = any_root(start_level);
	ipa_t a = ipa(any_u64());
	uint64_t start, sum;
	int level;

	ASSUME(a.v >> r.ipa_bits == 0);
	start = a.v / s2_entry_size(start_level) / S2_ENTRIES;
	assert(start < r.num_start);
	sum = start * S2_ENTRIES * s2_entry_size(start_level);
	for (level = start_level; level <= 3; level++) {
		assert(level_index(a, level) < S2_ENTRIES);
		sum += level_index(a, level) * s2_entry_size(level);
	}
	assert(sum == (a.v & ~0xfffUL));
	COVER(start_level == 0 ? r.num_start == 1 : r.num_start == 16 && start == 15);
	COVER(start_level == 0 ? r.ipa_bits == 48 : start_level == 1 ? r.ipa_bits == 39 : r.ipa_bits == 32);
}

/* Address and size are any 64-bit values: they come from the host or from the Realm. */
static void ranges_do_not_wrap(int start_level)
{
	struct s2_root r = any_root(start_level);
	ipa_t a = ipa(any_u64());
	uint64_t size = any_u64();
	bool in = s2_in_par(&r, a, size);

	assert(in == ((__uint128_t)a.v + size <= 1UL << (r.ipa_bits - 1) && a.v < 1UL << (r.ipa_bits - 1)));
	COVER(in && size > 1UL << 30);
	COVER(!in && a.v + size < a.v);
}

static void accepted_arguments_fit(int start_level)
{
	struct s2_root r = any_root(start_level);
	ipa_t a = ipa(any_u64());
	int64_t level = (int64_t)any_u64();

	if (rtt_table_args_valid(&r, a, level)) {
		assert(level >= 1 && level <= 3 && level > r.start_level && a.v < 1UL << r.ipa_bits);
		assert(a.v % s2_entry_size((int)level - 1) == 0);
		COVER(level == 3);
	}
	if (rtt_entry_args_valid(&r, a, level)) {
		assert(level >= r.start_level && level <= 3 && a.v % s2_entry_size((int)level) == 0);
		COVER(level == r.start_level && a.v != 0);
	}
	if (rtt_page_args_valid(&r, a))
		assert(a.v % GRANULE_SIZE == 0 && a.v + GRANULE_SIZE <= 1UL << (r.ipa_bits - 1));
}

void proof(void)
{
	int64_t level = (int64_t)any_u64();
	bool accepted = s2_geometry_valid(any_u32() % 64, level, any_u64());

	/* 32 bits at least do not start at level 3 */
	assert(!accepted || (level >= 0 && level <= 3));
	for (int start = 0; start <= 2; start++) {
		indices_are_the_address(start);
		ranges_do_not_wrap(start);
		accepted_arguments_fit(start);
	}
}
