/* SPDX-License-Identifier: Apache-2.0 */
/* Geometry of a Realm's tables and the hand-over-hand walk through them. */
#include "s2tt.h"

#include "../arch/arch.h"

#define S2_STRIDE		9
#define S2_MAX_CONCAT_BITS	4	/* up to 16 start tables side by side */

/* Address bits that one table of this level resolves, with all levels below it. */
static unsigned int level_bits(int level)
{
	return GRANULE_SHIFT + S2_STRIDE * (3 - level) + S2_STRIDE;
}

bool s2_geometry_valid(unsigned int ipa_bits, int64_t start_level, uint64_t num_start)
{
	unsigned int bits;

	if (start_level < 0 || start_level > 3)
		return false;
	bits = level_bits((int)start_level);
	if (ipa_bits + S2_STRIDE <= bits || ipa_bits > bits + S2_MAX_CONCAT_BITS)
		return false;
	return num_start == (ipa_bits <= bits ? 1UL : 1UL << (ipa_bits - bits));
}

static unsigned int level_index(ipa_t a, int level)
{
	return (a.v / s2_entry_size(level)) % S2_ENTRIES;
}

/* Enter a table: lock it, then let go of the one above. */
static void walk_into(struct s2_walk *w, pa_t table, ipa_t a, int level)
{
	struct granule *g = granule_find(table);

	RMM_ASSERT(g != NULL);
	granule_lock(g, GRANULE_RTT);
	if (w->g != NULL)
		granule_unlock(w->g);
	w->g = g;
	w->table = arch_granule_va(table);
	w->idx = level_index(a, level);
	w->level = level;
}

struct s2_entry s2_walk_entry(const struct s2_walk *w)
{
	return s2_decode(s2_read(&w->table[w->idx]), w->level);
}

void s2_walk_set(struct s2_walk *w, const struct s2_entry *e, const struct s2_root *r, ipa_t a,
		 enum s2_flush flush)
{
	struct s2_entry old = s2_walk_entry(w);
	uint64_t *entry = &w->table[w->idx];
	uint64_t desc = s2_encode(e, w->level);

	w->g->refs += s2_keeps_table(e) - s2_keeps_table(&old);
	if (flush != S2_FLUSH_NONE) {
		s2_write(entry, s2_is_valid(e) ? 0 : desc);
		if (flush == S2_FLUSH_ENTRY)
			arch_tlbi_ipa(r->vmid, a);
		else
			arch_tlbi_vmid(r->vmid);
		if (!s2_is_valid(e))
			return;
	}
	s2_write(entry, desc);
}

void s2_walk_lock(const struct s2_root *r, ipa_t a, int level, struct s2_walk *w)
{
	uint64_t start_table = a.v / s2_entry_size(r->start_level) / S2_ENTRIES;

	w->g = NULL;
	walk_into(w, pa(r->base.v + start_table * GRANULE_SIZE), a, r->start_level);
	while (w->level < level) {
		struct s2_entry e = s2_walk_entry(w);

		if (e.kind != S2_TABLE)
			break;
		walk_into(w, e.pa, a, w->level + 1);
	}
}

void s2_walk_end(struct s2_walk *w)
{
	granule_unlock(w->g);
}

void s2_write(uint64_t *entry, uint64_t desc)
{
	__atomic_store_n(entry, desc, __ATOMIC_RELEASE);
	arch_dsb_ish();
}

bool s2_find_ram(const struct s2_root *r, ipa_t a, struct s2_walk *w, pa_t *page)
{
	struct s2_entry e;

	s2_walk_lock(r, a, 3, w);
	e = s2_walk_entry(w);
	if (e.kind != S2_ASSIGNED || e.ripas != RMI_RAM)
		return false;
	*page = pa(e.pa.v + ALIGN_DOWN(a.v & (s2_entry_size(w->level) - 1), GRANULE_SIZE));
	return true;
}
