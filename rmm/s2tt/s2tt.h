/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stage 2 translation tables of one Realm: descriptor encoding, geometry, walk. Knows nothing of RMI.
 * Source: RMM specification, Realm Translation Table; Arm ARM, VMSAv8-64 stage 2, FWB = 1.
 */
#ifndef RMM_S2TT_H
#define RMM_S2TT_H

#include "../../abi/rmi.h"
#include "../granule/granule.h"

#define S2_ENTRIES	512

enum s2_kind {
	S2_UNASSIGNED,			/* PAR, RIPAS as in the entry */
	S2_ASSIGNED,			/* PAR, data; valid iff RIPAS is RAM */
	S2_ASSIGNED_CHAN,		/* PAR, Mica channel page or block; valid */
	S2_UNASSIGNED_NS,		/* unprotected, nothing mapped */
	S2_ASSIGNED_NS,			/* unprotected, valid */
	S2_TABLE,
};

/* A decoded entry. encode(decode(d)) == d for every descriptor the monitor ever wrote. */
struct s2_entry {
	enum s2_kind kind;
	enum rmi_ripas ripas;		/* UNASSIGNED, ASSIGNED; else RMI_EMPTY */
	pa_t pa;			/* ASSIGNED*, TABLE; else 0 */
	uint64_t attr;			/* ASSIGNED_NS: MemAttr and S2AP in host layout; ASSIGNED_CHAN: S2AP */
};
uint64_t s2_encode(const struct s2_entry *e, int level);	/* layout of attr: RMI_DESC_* */
struct s2_entry s2_decode(uint64_t desc, int level);

/* May hardware use the entry as a leaf, so that a TLB may hold it? */
static inline bool s2_is_valid_leaf(const struct s2_entry *e)
{
	return e->kind == S2_ASSIGNED_CHAN || e->kind == S2_ASSIGNED_NS ||
	       (e->kind == S2_ASSIGNED && e->ripas == RMI_RAM);
}
static inline bool s2_is_valid(const struct s2_entry *e)
{
	return e->kind == S2_TABLE || s2_is_valid_leaf(e);
}
/* Does it count in its table's refs, and so keep the table alive? */
static inline bool s2_keeps_table(const struct s2_entry *e)
{
	return e->kind == S2_TABLE || e->kind == S2_ASSIGNED || e->kind == S2_ASSIGNED_CHAN;
}

/* Index of the first entry from @i on that is anything but UNASSIGNED or UNASSIGNED_NS; S2_ENTRIES if none. Table locked. */
unsigned int s2_next_live(const uint64_t *table, unsigned int i);

/* Kept in the RD (and a copy in each REC): constant from REALM_CREATE to REALM_DESTROY. */
struct s2_root {
	pa_t base;			/* first start-level table */
	uint8_t ipa_bits;
	int8_t start_level;
	uint8_t num_start;		/* concatenated start tables */
	uint16_t vmid;
};

static inline uint64_t s2_entry_size(int level) { return 1UL << (12 + 9 * (3 - level)); }
static inline uint64_t s2_par_size(const struct s2_root *r) { return 1UL << (r->ipa_bits - 1); }
/* Is [a, a+size) within the protected half? */
static inline bool s2_in_par(const struct s2_root *r, ipa_t a, uint64_t size)
{
	return a.v < s2_par_size(r) && size <= s2_par_size(r) - a.v;
}

/* Start level and table count that fit ipa_bits (no LPA2), as REALM_CREATE checks them. */
bool s2_geometry_valid(unsigned int ipa_bits, int64_t start_level, uint64_t num_start);

/* Where a walk ended: table locked, entry at idx is the one that covers the address. */
struct s2_walk {
	struct granule *g;		/* locked; release by s2_walk_end() */
	uint64_t *table;
	unsigned int idx;
	int level;
};
/*
 * Walk hand over hand from the root towards @level, stopping at the first entry that is not a TABLE.
 * @a < 2^ipa_bits. Always succeeds.
 */
void s2_walk_lock(const struct s2_root *r, ipa_t a, int level, struct s2_walk *w);
void s2_walk_end(struct s2_walk *w);

/* The entry where the walk ended. */
struct s2_entry s2_walk_entry(const struct s2_walk *w);
/*
 * Replace it, and keep the table's refs right. @flush says what a TLB may hold of the old entry: nothing
 * (it was invalid), the leaf or the walk through the one table at @a, or many leaves below it.
 * Break, invalidate, make - under the table's lock, so no other walker sees the gap; the Realm may
 * fault in it. Complete, all TLBs included, on return.
 */
enum s2_flush { S2_FLUSH_NONE, S2_FLUSH_ENTRY, S2_FLUSH_ALL };
void s2_walk_set(struct s2_walk *w, const struct s2_entry *e, const struct s2_root *r, ipa_t a,
		 enum s2_flush flush);

static inline uint64_t s2_read(const uint64_t *entry)
{
	return __atomic_load_n(entry, __ATOMIC_ACQUIRE);
}
/* One 64-bit store and DSB ISH; valid-to-invalid callers follow with arch_tlbi_*(). */
void s2_write(uint64_t *entry, uint64_t desc);

/*
 * The leaf for an address, for monitor accesses on behalf of the Realm (RSI buffers). True and
 * *w held if it is ASSIGNED with RIPAS RAM; *page = the 4 KiB page of it. False: *w holds where it ended.
 */
bool s2_find_ram(const struct s2_root *r, ipa_t a, struct s2_walk *w, pa_t *page);

#endif
