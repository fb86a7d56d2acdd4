/* SPDX-License-Identifier: Apache-2.0 */
/* The forbidden acts: what exactly is asked of the monitor, and what it has to answer. */
#include <stdlib.h>
#include <string.h>

#include "hostile.h"

#define FAR		(1UL << 30)	/* from RAM: where no table is */
#define INPUT		RMI_ERROR_INPUT
#define POLICY(rule)	MICA_POLICY(MICA_RULE_##rule)

static uint64_t ask(struct vmm *vmm, uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3,
		    uint64_t x4, uint64_t x5)
{
	uint64_t x[6] = { fid, x1, x2, x3, x4, x5 };

	return rmi_flush(vmm) < 0 ? ~0UL : rmi_ask(vmm, x);
}

static uint64_t ask_mica(struct vmm *vmm, uint64_t op, uint64_t x2, uint64_t x3, uint64_t x4,
			 uint64_t x5)
{
	return ask(vmm, SMC_RMI_MICA, op, x2, x3, x4, x5);
}

static bool has_window(const struct realm *r)
{
	return r && r->n_windows > 0;
}

static bool has_no_window(const struct realm *r)
{
	return r && r->n_windows == 0;
}

static bool has_channel(const struct realm *r)
{
	return r && r->rec->grant_count > 0;
}

static bool is_pinned(const struct realm *r)
{
	return r && (r->rec->flags & MICA_ROLE_PINNED);
}

static uint64_t ram_end(const struct realm *r)
{
	return r->rec->ram_base + r->rec->ram_size;
}

/* ---- the blob ---- */

static uint64_t bad_blob(struct vmm *vmm, struct realm *r)
{
	uint8_t *version = vmm->blob_shared + offsetof(struct mica_blob_header, version);
	uint64_t st;

	(void)r;
	*version ^= 0xff;
	st = ask_mica(vmm, MICA_WF_CREATE, vmm->wf_offer, vmm->params_pa, 0, 0);
	*version ^= 0xff;
	return st;
}

/* ---- channels ---- */

static uint64_t share_page(struct vmm *vmm, struct realm *r)
{
	(void)r;
	return ask_mica(vmm, MICA_CHAN_ADD, vmm->wf, vmm->blob.channels - 1, vmm->channels[0].pa, 0);
}

static uint64_t grow_channel(struct vmm *vmm, struct realm *r)
{
	(void)r;
	return ask_mica(vmm, MICA_CHAN_ADD, vmm->wf, 0, granule(vmm), 0);
}

static uint64_t shrink_channel(struct vmm *vmm, struct realm *r)
{
	(void)r;
	return ask_mica(vmm, MICA_CHAN_REMOVE, vmm->wf, 0, 0, 0);
}

static uint64_t reclaim_page(struct vmm *vmm, struct realm *r)
{
	(void)r;
	return ask(vmm, SMC_RMI_GRANULE_UNDELEGATE, vmm->channels[0].pa, 0, 0, 0, 0);
}

static uint64_t reclaim_free(struct vmm *vmm, struct realm *r)
{
	(void)r;
	return ask(vmm, SMC_RMI_GRANULE_UNDELEGATE, granule(vmm), 0, 0, 0, 0);
}

static uint64_t page_as_ram(struct vmm *vmm, struct realm *r)
{
	return ask(vmm, SMC_RMI_DATA_CREATE_UNKNOWN, r->rd, vmm->channels[0].pa, r->rec->ram_base,
		   0, 0);
}

static uint64_t foreign_channel(struct vmm *vmm, struct realm *r)
{
	return ask_mica(vmm, MICA_CHAN_MAP, r->rd, r->rec->grant_count, 0, 3);
}

static const struct entry *last_mapping(const struct realm *r)
{
	return &r->mappings.v[r->mappings.n - 1];
}

static uint64_t unmap_channel(struct vmm *vmm, struct realm *r)
{
	const struct entry *m = last_mapping(r);

	return ask_mica(vmm, MICA_CHAN_UNMAP, r->rd, m->grant, m->at, m->level);
}

static uint64_t map_channel(struct vmm *vmm, struct realm *r)
{
	const struct entry *m = last_mapping(r);

	return ask_mica(vmm, MICA_CHAN_MAP, r->rd, m->grant, m->at, m->level);
}

static uint64_t remap_channel(struct vmm *vmm, struct realm *r)
{
	uint64_t st = unmap_channel(vmm, r);

	return st ? st : map_channel(vmm, r);
}

static int without_channel_page(struct vmm *vmm, struct realm *r)
{
	return unmap_channel(vmm, r) ? vmm_fail(vmm, "a channel page cannot be withheld") : 0;
}

/* ---- windows ---- */

static uint64_t map_page(struct vmm *vmm, struct realm *r, uint64_t ipa, uint64_t attr)
{
	return ask(vmm, SMC_RMI_RTT_MAP_UNPROTECTED, r->rd, ipa, 3, vmm->stage_pa | attr, 0);
}

static uint64_t unopened_window(struct vmm *vmm, struct realm *r)
{
	return map_page(vmm, r, 1UL << (r->rec->s2sz - 1), RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW);
}

static uint64_t window_beyond(struct vmm *vmm, struct realm *r)
{
	const struct window *w = &r->windows[r->n_windows - 1];
	uint64_t rights = (uint64_t)w->rec->rights << RMI_DESC_S2AP_SHIFT;

	return map_page(vmm, r, w->rec->base + w->size, RMI_DESC_MEMATTR_WB | rights);
}

static uint64_t map_window_page(struct vmm *vmm, struct realm *r, uint64_t attr)
{
	const struct window *w = &r->windows[0];
	const struct entry *leaf = &w->leaves.v[0];

	return ask(vmm, SMC_RMI_RTT_MAP_UNPROTECTED, r->rd, leaf->at, leaf->level, w->pa | attr, 0);
}

static uint64_t own_rights(const struct realm *r)
{
	return (uint64_t)r->windows[0].rec->rights << RMI_DESC_S2AP_SHIFT;
}

/* The right the policy does not give; a window open both ways has none, so it gets none. */
static uint64_t widen_window(struct vmm *vmm, struct realm *r)
{
	uint64_t rights = own_rights(r) == RMI_DESC_S2AP_RW ? 0 : RMI_DESC_S2AP_RW;

	return map_window_page(vmm, r, RMI_DESC_MEMATTR_WB | rights);
}

static uint64_t uncached_window(struct vmm *vmm, struct realm *r)
{
	return map_window_page(vmm, r, 5UL << RMI_DESC_MEMATTR_SHIFT | own_rights(r));
}

static uint64_t true_window(struct vmm *vmm, struct realm *r)
{
	return map_window_page(vmm, r, RMI_DESC_MEMATTR_WB | own_rights(r));
}

static uint64_t withdraw_window(struct vmm *vmm, struct realm *r)
{
	const struct entry *leaf = &r->windows[0].leaves.v[0];

	return ask(vmm, SMC_RMI_RTT_UNMAP_UNPROTECTED, r->rd, leaf->at, leaf->level, 0, 0);
}

static int without_window_page(struct vmm *vmm, struct realm *r)
{
	return withdraw_window(vmm, r) ? vmm_fail(vmm, "a window page cannot be withheld") : 0;
}

/* ---- binding and loading ---- */

static uint64_t bind(struct vmm *vmm, struct realm *r, uint64_t rd)
{
	return ask_mica(vmm, MICA_REALM_CREATE, rd, vmm->params_pa, vmm->wf, r->role);
}

static uint64_t wrong_shape(struct vmm *vmm, struct realm *r)
{
	struct rmi_realm_params *params = vmm->params;
	uint64_t rd = realm_offer(vmm, r);

	params->num_wps = params->num_wps == 1 ? 2 : 1;
	return bind(vmm, r, rd);
}

static uint64_t personalised(struct vmm *vmm, struct realm *r)
{
	struct rmi_realm_params *params = vmm->params;
	uint64_t rd = realm_offer(vmm, r);

	params->rpv[0] = 1;
	return bind(vmm, r, rd);
}

static uint64_t second_realm(struct vmm *vmm, struct realm *r)
{
	return bind(vmm, r, realm_offer(vmm, r));
}

static uint64_t activate(struct vmm *vmm, struct realm *r)
{
	return ask(vmm, SMC_RMI_REALM_ACTIVATE, r->rd, 0, 0, 0, 0);
}

static int load_all(struct vmm *vmm, struct realm *r)
{
	if (realm_load(vmm, r) < 0)
		return -1;
	return chan_map_all(vmm, r);
}

static int load_swapped(struct vmm *vmm, struct realm *r)
{
	int ret;

	r->image[r->image_size / 2] ^= 1;
	ret = load_all(vmm, r);
	r->image[r->image_size / 2] ^= 1;
	return ret;
}

static int load_without_page(struct vmm *vmm, struct realm *r)
{
	uint64_t page = ram_end(r) - PAGE;

	if (load_all(vmm, r) < 0 || realm_need_tables(vmm, r, page, 3) < 0 || rmi_flush(vmm) < 0)
		return -1;
	return rmi(vmm, SMC_RMI_DATA_DESTROY, r->rd, page, 0, 0, 0);
}

static int load_without_rec(struct vmm *vmm, struct realm *r)
{
	if (load_all(vmm, r) < 0)
		return -1;
	return rmi(vmm, SMC_RMI_REC_DESTROY, r->recs[0].pa, 0, 0, 0, 0);
}

/* Away with what was loaded wrongly: the ordinary load follows and is the control. */
static uint64_t unload(struct vmm *vmm, struct realm *r)
{
	realm_unload(vmm, r);
	return RMI_SUCCESS;
}

static uint64_t page_outside(struct vmm *vmm, struct realm *r)
{
	uint64_t st = ask(vmm, SMC_RMI_DATA_CREATE_UNKNOWN, r->rd, granule(vmm), ram_end(r), 0, 0);

	if (st == RMI_SUCCESS)
		r->data_pages++;	/* it follows the others: teardown takes it, too */
	return st;
}

static uint64_t enter(struct vmm *vmm, struct realm *r)
{
	struct mica_ioc_run run = { .rec = r->recs[0].pa, .run_pa = r->recs[0].run_pa };

	if (dev_run(&run) < 0)
		vmm_fail(vmm, "the driver does not run the REC of role '%s'", r->name);
	return run.status;
}

/* ---- the workflow ---- */

static uint64_t activate_workflow(struct vmm *vmm, struct realm *r)
{
	(void)r;
	return ask_mica(vmm, MICA_WF_ACTIVATE, vmm->wf, 0, 0, 0);
}

static uint64_t destroy_workflow(struct vmm *vmm, struct realm *r)
{
	(void)r;
	return ask_mica(vmm, MICA_WF_DESTROY, vmm->wf, 0, 0, 0);
}

/* ---- a live Realm; on an unbound one each of these is allowed ---- */

static uint64_t destroy_data(struct vmm *vmm, struct realm *r)
{
	return ask(vmm, SMC_RMI_DATA_DESTROY, r->rd, r->rec->ram_base, 0, 0, 0);
}

static uint64_t far_table(const struct realm *r)
{
	return align_down(r->rec->ram_base, FAR) + FAR;
}

static uint64_t make_table(struct vmm *vmm, struct realm *r)
{
	return ask(vmm, SMC_RMI_RTT_CREATE, r->rd, granule(vmm), far_table(r), 2, 0);
}

static uint64_t new_table(struct vmm *vmm, struct realm *r)
{
	const struct entry table = { .at = far_table(r), .level = 2 };
	uint64_t st = make_table(vmm, r);

	if (st == RMI_SUCCESS && entries_add(vmm, &r->tables, table) < 0)
		return ~0UL;
	return st;
}

static uint64_t destroy_table(struct vmm *vmm, struct realm *r)
{
	if (r->unbound && make_table(vmm, r) != RMI_SUCCESS)
		return ~0UL;
	return ask(vmm, SMC_RMI_RTT_DESTROY, r->rd, far_table(r), 2, 0, 0);
}

static uint64_t fold_table(struct vmm *vmm, struct realm *r)
{
	if (r->unbound && make_table(vmm, r) != RMI_SUCCESS)
		return ~0UL;
	return ask(vmm, SMC_RMI_RTT_FOLD, r->rd, far_table(r), 2, 0, 0);
}

static uint64_t destroy_rec(struct vmm *vmm, struct realm *r)
{
	return ask(vmm, SMC_RMI_REC_DESTROY, r->recs[0].pa, 0, 0, 0, 0);
}

static uint64_t destroy_realm(struct vmm *vmm, struct realm *r)
{
	uint64_t st;

	if (r->unbound)
		realm_strip(vmm, r);
	st = ask(vmm, SMC_RMI_REALM_DESTROY, r->rd, 0, 0, 0, 0);
	if (st == RMI_SUCCESS)
		r->rd = 0;
	return st;
}

static uint64_t reclaim_ram(struct vmm *vmm, struct realm *r)
{
	uint64_t x[6] = { SMC_RMI_RTT_READ_ENTRY, r->rd, r->rec->ram_base, 3 };

	if (rmi_ask(vmm, x) != RMI_SUCCESS)
		return ~0UL;
	return ask(vmm, SMC_RMI_GRANULE_UNDELEGATE, x[3], 0, 0, 0, 0);
}

#define NEXT(text)		NULL, false, text
#define UNBOUND			NULL, true, "the same on an unbound Realm succeeds"
#define OWN(act, text)		act, false, text

const struct attempt attempts[] = {
	{ "bad-blob", STAGE_BLOB, NULL, NULL, bad_blob, POLICY(BLOB),
	  NEXT("the true blob is taken next, with the same granules") },

	{ "share-channel-page", STAGE_CHANNELS, NULL, NULL, share_page, INPUT,
	  NEXT("each channel got pages of its own before") },
	{ "overfill-channel", STAGE_CHANNELS, NULL, NULL, grow_channel, POLICY(LIMIT),
	  NEXT("each channel took as many pages as the policy says") },
	{ "reclaim-channel-page", STAGE_CHANNELS, NULL, NULL, reclaim_page, INPUT,
	  OWN(reclaim_free, "a granule nobody uses is given back") },
	{ "activate-empty", STAGE_CHANNELS, NULL, NULL, activate_workflow, POLICY(ROLE_STATE),
	  NEXT("the workflow is activated once all roles are sealed") },

	{ "wrong-shape", STAGE_BIND, NULL, NULL, wrong_shape, POLICY(SHAPE),
	  NEXT("the shape of the policy is taken next") },
	{ "personalised", STAGE_BIND, NULL, NULL, personalised, POLICY(SHAPE),
	  NEXT("without a personalisation value it is taken next") },
	{ "swap-image", STAGE_BIND, is_pinned, load_swapped, activate, POLICY(RIM),
	  OWN(unload, "the true image is sealed next") },
	{ "omit-memory-page", STAGE_BIND, NULL, load_without_page, activate, POLICY(INCOMPLETE),
	  OWN(unload, "with all its memory the role is sealed next") },
	{ "omit-rec", STAGE_BIND, NULL, load_without_rec, activate, POLICY(SHAPE),
	  OWN(unload, "with its REC the role is sealed next") },

	{ "unopened-window", STAGE_LOADING, has_no_window, NULL, unopened_window, POLICY(WINDOW),
	  NEXT("a role whose policy has a window maps it") },
	{ "widen-window", STAGE_LOADING, has_window, without_window_page, widen_window,
	  POLICY(WINDOW), OWN(true_window, "with the rights of the policy it is mapped") },
	{ "uncached-window", STAGE_LOADING, has_window, without_window_page, uncached_window,
	  POLICY(WINDOW), OWN(true_window, "with write-back memory it is mapped") },
	{ "window-beyond-end", STAGE_LOADING, has_window, NULL, window_beyond, POLICY(WINDOW),
	  NEXT("its pages up to the end were mapped before") },
	{ "memory-outside", STAGE_LOADING, NULL, NULL, page_outside, POLICY(LAYOUT),
	  NEXT("the pages inside its RAM were taken before") },
	{ "channel-page-as-memory", STAGE_LOADING, NULL, NULL, page_as_ram, INPUT,
	  NEXT("granules nobody uses were taken before") },
	{ "foreign-channel", STAGE_LOADING, has_channel, NULL, foreign_channel, POLICY(NO_RIGHT),
	  OWN(remap_channel, "a channel of its own is unmapped and mapped again") },
	{ "omit-channel-page", STAGE_LOADING, has_channel, without_channel_page, activate,
	  POLICY(INCOMPLETE), OWN(map_channel, "with the page mapped the role is sealed next") },
	{ "omit-window-page", STAGE_LOADING, has_window, without_window_page, activate,
	  POLICY(INCOMPLETE), OWN(true_window, "with the page mapped the role is sealed next") },
	{ "enter-new", STAGE_LOADING, NULL, NULL, enter, RMI_ERROR_REALM,
	  NEXT("the REC runs once the workflow is active") },

	{ "enter-early", STAGE_SEALED, NULL, NULL, enter, POLICY(WF_STATE),
	  NEXT("the REC runs once the workflow is active") },
	{ "second-realm", STAGE_SEALED, NULL, NULL, second_realm, POLICY(ROLE_STATE),
	  NEXT("the first Realm of the role was bound before") },

	{ "destroy-data", STAGE_ACTIVE, NULL, NULL, destroy_data, POLICY(SEALED), UNBOUND },
	{ "new-data", STAGE_ACTIVE, NULL, NULL, page_outside, POLICY(SEALED), UNBOUND },
	{ "new-table", STAGE_ACTIVE, NULL, NULL, new_table, POLICY(SEALED), UNBOUND },
	{ "destroy-table", STAGE_ACTIVE, NULL, NULL, destroy_table, POLICY(SEALED), UNBOUND },
	{ "fold-table", STAGE_ACTIVE, NULL, NULL, fold_table, POLICY(SEALED), UNBOUND },
	{ "withdraw-window", STAGE_ACTIVE, has_window, NULL, withdraw_window, POLICY(SEALED),
	  UNBOUND },
	{ "late-window", STAGE_ACTIVE, has_window, NULL, window_beyond, POLICY(SEALED), UNBOUND },
	{ "destroy-rec", STAGE_ACTIVE, NULL, NULL, destroy_rec, POLICY(SEALED), UNBOUND },
	{ "destroy-realm", STAGE_ACTIVE, NULL, NULL, destroy_realm, POLICY(SEALED), UNBOUND },
	{ "reclaim-memory", STAGE_ACTIVE, NULL, NULL, reclaim_ram, INPUT,
	  OWN(reclaim_free, "a granule nobody uses is given back") },
	{ "withdraw-channel", STAGE_ACTIVE, has_channel, NULL, unmap_channel, POLICY(ROLE_STATE),
	  NEXT("it was unmapped and mapped again while loading, and will be after the stop") },
	{ "late-channel-page", STAGE_ACTIVE, NULL, NULL, grow_channel, POLICY(WF_STATE),
	  NEXT("the pages were taken while the workflow was new") },
	{ "remove-channel-page", STAGE_ACTIVE, NULL, NULL, shrink_channel, POLICY(WF_STATE),
	  NEXT("they are removed after the stop") },
	{ "activate-twice", STAGE_ACTIVE, NULL, NULL, activate_workflow, POLICY(WF_STATE),
	  NEXT("the first time it was granted") },
	{ "destroy-workflow", STAGE_ACTIVE, NULL, NULL, destroy_workflow, POLICY(WF_STATE),
	  NEXT("it is destroyed after the stop") },
};

const unsigned int n_attempts = sizeof(attempts) / sizeof(attempts[0]);

/* ---- unbound Realms ---- */

static const uint8_t spin[4] = { 0x00, 0x00, 0x00, 0x14 };	/* b . */

static const struct mica_blob_role unbound_role = {
	.s2sz = 39, .hash = RMI_HASH_SHA_256, .vcpus = 1, .num_bps = 1, .num_wps = 1,
	.ram_base = 0x40000000, .ram_size = 16 * PAGE, .name = "unbound",
};

static const struct mica_blob_region unbound_window = {
	.name = "window", .base = 1UL << 38, .pages = 1, .rights = MICA_REGION_READ,
};

struct realm *unbound_make(struct vmm *vmm)
{
	struct realm *r = vmm_alloc(vmm, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->vmm = vmm;
	r->unbound = true;
	r->rec = &unbound_role;
	memcpy(r->name, unbound_role.name, sizeof(r->name));
	r->image = (uint8_t *)(uintptr_t)spin;
	r->image_size = sizeof(spin);
	r->windows = vmm_alloc(vmm, sizeof(*r->windows));
	if (r->windows) {
		r->windows[0].rec = &unbound_window;
		r->windows[0].size = unbound_window.pages * PAGE;
		r->n_windows = 1;
		if (realm_load(vmm, r) == 0 && activate(vmm, r) == RMI_SUCCESS)
			return r;
	}
	unbound_free(vmm, r);
	return NULL;
}

void unbound_free(struct vmm *vmm, struct realm *r)
{
	if (r->rd)
		realm_unload(vmm, r);
	if (r->windows)
		free(r->windows[0].leaves.v);
	free(r->windows);
	free(r->tables.v);
	free(r->blocks.v);
	free(r->unused.v);
	free(r);
}
