/* SPDX-License-Identifier: Apache-2.0 */
/*
 * I1 of windows and RAM. RTT_MAP_UNPROTECTED as a whole call, for any arguments: of a bound Realm it writes exactly when one window
 * of the policy holds all of the page or block, S2AP is its rights and MemAttr is write-back, and what it writes is the
 * row of section 4; of an unbound one, as RMM 1.0. DATA_CREATE's rule 6 is the record's range. region_at() is right for every
 * kind, so that devices and interrupt numbers are decided as the policy says, too.
 * Options: --unwind 5
 */
#include "../../rmm/s2tt/desc.c"
#include "../../rmm/mica/hooks.c"
#include "../../rmm/rmi/unprotected.c"

#include "../../rmm/mica/role.c"
#include "mica_realm.h"

struct granule *granule_find(pa_t a) { (void)a; assert(0); return NULL; }
struct granule *wf_find_lock(pa_t a) { (void)a; assert(0); return NULL; }
void gates_end(struct wf *w, unsigned int i) { (void)w; (void)i; assert(0); }
uint64_t rtt_top(const struct s2_walk *w, ipa_t a) { (void)w; (void)a; assert(0); return 0; }

static uint64_t size_of(int64_t level) { return level == 1 ? 1UL << 30 : level == 2 ? 1UL << 21 : 4096; }

/* All of it in one window, and with that window's rights: bit 0 reads, bit 1 writes, as in S2AP. */
static bool window_true(uint64_t a, int64_t level, uint64_t desc)
{
	bool yes = false;

	for (unsigned int i = 0; i < REGIONS; i++)
		yes |= i < record.region_count && regions[i].kind == 0 && a >= regions[i].base &&
		       (wide)a + size_of(level) <= (wide)regions[i].base + (wide)regions[i].pages * 4096 &&
		       (desc >> 6 & 3) == regions[i].rights && (desc >> 2 & 7) == 6;
	return yes;
}

/* RMM 1.0: an address of the upper half, aligned to its level, a descriptor of address, MemAttr and S2AP. */
static bool args_true(uint64_t a, int64_t level, uint64_t desc)
{
	uint64_t oa = desc & ~0xdcUL;

	return level >= 1 && level <= 3 && level >= rd.s2.start_level && a % size_of(level) == 0 && (wide)a >= (wide)1 << (record.s2sz - 1) &&
	       (wide)a < (wide)1 << record.s2sz && oa < 1UL << 48 && oa % size_of(level) == 0 && (desc >> 2 & 7) != 4;
}

/* Regions of a role and kind are disjoint: rule 9. */
static void apart(void)
{
	for (unsigned int j = 1; j < REGIONS; j++)
		for (unsigned int i = 0; i < j; i++) {
			wide x = (wide)regions[i].pages * (regions[i].kind == 2 ? 1 : 4096), y = (wide)regions[j].pages * (regions[j].kind == 2 ? 1 : 4096);

			ASSUME((regions[i].kind == 2) != (regions[j].kind == 2) || (wide)regions[i].base + x <= regions[j].base ||
			       (wide)regions[j].base + y <= regions[i].base);
		}
}

void proof_map(void)
{
	struct rmi_args in = { .x = { 0, any_u64(), any_u64(), any_u64(), any_u64() } };
	struct rmi_result out = { .x = { 0 } };
	uint64_t a = in.x[2], desc = in.x[4], want = RMI_SUCCESS, pages;
	int64_t level = (int64_t)in.x[3];

	any_realm();
	apart();
	pages = rd.mica.window_pages;
	rmi_rtt_map_unprotected(&in, &out);
	if (!found || !args_true(a, level, desc))
		want = RMI_ERROR_INPUT;
	else if (rd.mica.wf != NULL && (is(MICA_ROLE_SEALED) || is(MICA_ROLE_DEAD)))
		want = MICA_POLICY(5);
	else if (rd.mica.wf != NULL && is(MICA_ROLE_DRAINING))
		want = MICA_POLICY(11);
	else if (rd.mica.wf != NULL && !window_true(a, level, desc))
		want = MICA_POLICY(1);
	else if (walk_level < level || entry.kind != S2_UNASSIGNED_NS)
		want = RMI_RET(RMI_ERROR_RTT, walk_level);
	assert(out.x[0] == want && held == 0 && released == 0);
	COVER(want == MICA_POLICY(1) && (desc >> 2 & 7) == 6 && (desc >> 6 & 3) == 2);
	if (want != RMI_SUCCESS) {
		assert(sets == 0 && rd.mica.window_pages == pages);
		return;
	}
	assert(sets == 1 && set_at.v == a && set_flush == S2_FLUSH_NONE && set_to.kind == S2_ASSIGNED_NS);
	/* host memory, no execution, inner shareable, accessed; what the host chose of the rest is the policy's */
	assert(s2_encode(&set_to, walk_level) == ((desc & ~0xdcUL) | (desc & 0xdc) | 3UL << 8 | 1UL << 10 | 1UL << 54 | 1UL << 55 |
						 (level == 3 ? 3UL : 1UL)));
	assert(rd.mica.window_pages == pages + (rd.mica.wf != NULL ? size_of(level) / 4096 : 0));
	COVER(rd.mica.wf != NULL && (desc >> 6 & 3) == 2 && level == 2);
	COVER(rd.mica.wf != NULL && (desc >> 6 & 3) == 1 && level == 3 && record.region_count == REGIONS);
	COVER(rd.mica.wf == NULL && (desc >> 2 & 7) == 0);
}

/* Whatever kind is asked for. */
void proof_region(void)
{
	unsigned int kind = any_u32(), i = any_u32();
	const struct mica_blob_region *r;
	uint64_t v = any_u64();

	any_realm();
	apart();
	ASSUME(rd.mica.wf != NULL && kind <= MICA_REGION_INTIDS && i < REGIONS);
	r = region_at(&rd, (enum mica_region_kind)kind, v);
	if (i < record.region_count && regions[i].kind == kind && v >= regions[i].base &&
	    (wide)v < (wide)regions[i].base + (wide)regions[i].pages * (kind == 2 ? 1 : 4096))
		assert(r == &regions[i]);
	assert(r == NULL || (r->kind == kind && v >= r->base && (wide)v < (wide)r->base + (wide)r->pages * (kind == 2 ? 1 : 4096)));
	COVER(r == &regions[2] && kind == 2);
	COVER(r == NULL && record.region_count == REGIONS);
}

/* Rule 6: [base, top) in the record's range, in numbers that cannot wrap. */
void proof_ram(void)
{
	uint64_t base = any_u64(), top = any_u64();
	bool in;

	any_realm();
	ASSUME((wide)record.ram_base + record.ram_size <= (wide)1 << (record.s2sz - 1));	/* rule 6 of the decoder */
	in = mica_may_ram(&rd, base, top) == RMI_SUCCESS;
	assert(in == (rd.mica.wf == NULL || (base >= record.ram_base && (wide)top <= (wide)record.ram_base + record.ram_size)));
	COVER(in && rd.mica.wf != NULL && top > base);
	COVER(!in && base >= record.ram_base);
}
