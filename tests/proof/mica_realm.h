/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Realm, bound to a role of any workflow or to none; records are few, and what the decoder's rules 4, 6, 7, 8 and 9 leave of
 * them. The place of its tables where a walk ends, with any entry in it. Stubs of granules and walks that note what is
 * changed. Include it after the sources that are proved.
 */
#ifndef TESTS_PROOF_MICA_REALM_H
#define TESTS_PROOF_MICA_REALM_H

#include "../../rmm/mica/wf.h"
#include "panic.h"

#define ROLE		37	/* a number of no consequence, but a constant, or the prover takes minutes */
#define CHANNELS	2
#define GRANTS		2
#define REGIONS		3

typedef unsigned __int128 wide;

static struct rd rd;
static struct wf wf;
static struct wf_role role_page[ROLES_PER_PAGE], *role;
static struct wf_chan chans[CHANNELS];
static struct mica_blob_role record;
static struct mica_blob_channel channels[CHANNELS];
static struct mica_blob_grant grants[GRANTS];
static struct mica_blob_region regions[REGIONS];
static struct granule g_rd, g_wf, g_rec, g_table, g_page;
static struct rec rec;
static uint64_t page[S2_ENTRIES];	/* contents of g_table and g_page */
static int held;

const struct mica_blob_role *blob_role(const struct blob *b, unsigned int i)
{
	assert(b == &wf.blob && i == rd.mica.role);
	return &record;
}

const struct mica_blob_channel *blob_channel(const struct blob *b, unsigned int i)
{
	assert(b == &wf.blob && i < CHANNELS && i < wf.blob.channels);
	return &channels[i];
}

/* No record of another role is looked at. */
const struct mica_blob_grant *blob_grant(const struct blob *b, unsigned int i)
{
	assert(b == &wf.blob && i >= record.grant_first && i - record.grant_first < record.grant_count);
	return &grants[i - record.grant_first];
}

const struct mica_blob_region *blob_region(const struct blob *b, unsigned int i)
{
	assert(b == &wf.blob && i >= record.region_first && i - record.region_first < record.region_count);
	return &regions[i - record.region_first];
}

/* ---- granules ---- */

static bool found, found_page;
static pa_t page_pa;
static unsigned int released;	/* granules whose state changed */

void *granule_va(const struct granule *g)
{
	assert(g == &g_rd || g == &g_wf || g == &g_rec || g == &g_table || g == &g_page);
	return g == &g_rd ? (void *)&rd : g == &g_wf ? (void *)&wf : g == &g_rec ? (void *)&rec : (void *)page;
}

pa_t granule_pa(const struct granule *g) { assert(g == &g_page || g == &g_table); return page_pa; }

struct granule *granule_find_lock(pa_t a, enum granule_state want)
{
	(void)a;
	if (want == GRANULE_DELEGATED) {
		held += found_page;
		return found_page ? &g_page : NULL;
	}
	assert(want == GRANULE_RD || want == GRANULE_WF);
	held += found;
	return !found ? NULL : want == GRANULE_RD ? &g_rd : &g_wf;
}

bool granule_lock_set(struct granule_req *reqs, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		reqs[i].g = reqs[i].want == GRANULE_RD ? &g_rd : reqs[i].want == GRANULE_REC ? &g_rec : &g_page;
	held += found ? (int)n : 0;
	return found;
}

void granule_lock(struct granule *g, enum granule_state want) { (void)g; (void)want; held++; }
void granule_unlock(struct granule *g) { (void)g; held--; }
void granule_unlock_set(struct granule_req *reqs, unsigned int n) { (void)reqs; held -= (int)n; }
void granule_unlock_to(struct granule *g, enum granule_state next) { (void)g; (void)next; held--; released++; }
void granule_release(struct granule *g) { (void)g; held--; released++; }

/* ---- the walk ---- */

static struct s2_entry entry, set_to;
static int walk_level;		/* where it ended */
static ipa_t walk_at, set_at;
static unsigned int walks, sets;
static enum s2_flush set_flush;

void s2_walk_lock(const struct s2_root *r, ipa_t a, int level, struct s2_walk *w)
{
	assert(r == &rd.s2 && walks == 0);
	walks++;
	walk_at = a;
	ASSUME(walk_level <= level);
	*w = (struct s2_walk){ .g = &g_table, .table = page, .level = walk_level };
	held++;
}

void s2_walk_end(struct s2_walk *w) { assert(w->g == &g_table); held--; }
struct s2_entry s2_walk_entry(const struct s2_walk *w) { assert(w->g == &g_table); return entry; }

void s2_walk_set(struct s2_walk *w, const struct s2_entry *e, const struct s2_root *r, ipa_t a, enum s2_flush flush)
{
	assert(w->g == &g_table && w->level == walk_level && r == &rd.s2 && a.v == walk_at.v && sets == 0);
	sets++;
	set_to = *e;
	set_at = a;
	set_flush = flush;
}

/* ---- any of it ---- */

/* A grant and its channel, a region: as rules 6 to 9 leave them, in numbers that cannot wrap. */
static bool grant_true(const struct mica_blob_grant *g)
{
	return g->channel < wf.blob.channels && (g->rights == 1 || g->rights == 3) && g->ipa % 4096 == 0 &&
	       channels[g->channel].pages >= 1 && channels[g->channel].pages <= 1 << 20 &&
	       (wide)g->ipa + (wide)channels[g->channel].pages * 4096 <= (wide)1 << (record.s2sz - 1);
}

static bool region_true(const struct mica_blob_region *w)
{
	wide half = (wide)1 << (record.s2sz - 1);

	if (w->kind == 2)
		return w->rights == 0 && w->pages != 0 && w->base + w->pages <= 1020 && w->base < 1020;
	return w->kind < 2 && w->rights >= 1 && w->rights <= 3 && w->base % 4096 == 0 && w->pages != 0 &&
	       w->base >= half && (wide)w->base + (wide)w->pages * 4096 <= 2 * half;
}

static void any_realm(void)
{
	__CPROVER_havoc_object(&rd);
	__CPROVER_havoc_object(&record);
	__CPROVER_havoc_object(role_page);
	__CPROVER_havoc_object(chans);
	__CPROVER_havoc_object(channels);
	__CPROVER_havoc_object(grants);
	__CPROVER_havoc_object(regions);
	rd.mica.wf = any_bool() ? &g_wf : NULL;
	wf.blob.channels = CHANNELS;
	wf.blob.roles = MICA_MAX_ROLES;
	rd.mica.role = ROLE;
	wf.roles[ROLE / ROLES_PER_PAGE] = role_page;
	wf.chans[0] = chans;
	role = &role_page[ROLE % ROLES_PER_PAGE];
	wf.state = any_u32();
	ASSUME(wf.state == MICA_WF_NEW || wf.state == MICA_WF_ACTIVE || wf.state == MICA_WF_STOPPED);
	/* a bound Realm's role is not EMPTY: I4 */
	ASSUME(role->state == MICA_ROLE_LOADING || role->state == MICA_ROLE_SEALED || role->state == MICA_ROLE_DEAD ||
	       role->state == MICA_ROLE_DRAINING);
	ASSUME(record.s2sz >= 32 && record.s2sz <= 48 && rd.s2.ipa_bits == record.s2sz);	/* rule 8 of REALM_CREATE */
	ASSUME(record.grant_count <= GRANTS && record.region_count <= REGIONS);
	ASSUME(record.grant_first <= MICA_MAX_GRANTS && record.region_first <= MICA_MAX_REGIONS);
	for (unsigned int i = 0; i < GRANTS; i++)
		ASSUME(grant_true(&grants[i]));
	for (unsigned int i = 0; i < REGIONS; i++)
		ASSUME(region_true(&regions[i]));
	for (unsigned int i = 0; i < CHANNELS; i++)
		ASSUME(chans[i].added <= channels[i].pages && chans[i].base % 4096 == 0 && chans[i].base < 1UL << 47);
	entry = (struct s2_entry){ .kind = (enum s2_kind)any_u8(), .ripas = (enum rmi_ripas)any_u8(), .pa = pa(any_u64()), .attr = any_u64() };
	ASSUME((unsigned int)entry.kind <= S2_TABLE && (unsigned int)entry.ripas <= RMI_DESTROYED);
	walk_level = any_int();
	ASSUME(rd.s2.start_level >= 0 && rd.s2.start_level <= 2 && walk_level >= rd.s2.start_level && walk_level <= 3);
	found = any_bool();
	found_page = any_bool();
	page_pa = pa(any_u64());
	ASSUME(page_pa.v % 4096 == 0 && page_pa.v < 1UL << 47);
	held = 0;
	walks = sets = released = 0;
}

/* Section 2: SEALED and DEAD become DRAINING with the workflow's end, and so does LOADING. */
static bool is(enum mica_role_state s)
{
	return (wf.state == MICA_WF_STOPPED ? MICA_ROLE_DRAINING : role->state) == s;
}

#endif
