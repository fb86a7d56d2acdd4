/* SPDX-License-Identifier: Apache-2.0 */
/* The decisions the base monitor asks for on a host's command. Pure but for the page counters. */
#include "hooks.h"

#include "wf.h"

/* Rows of docs/spec/extension.md section 2: LOADING; SEALED and DEAD; DRAINING. */
static const struct { uint64_t loading, sealed, draining; } verdicts[MICA_CMDS] = {
#define SEALED		MICA_POLICY(MICA_RULE_SEALED)
#define DRAINING	MICA_POLICY(MICA_RULE_ROLE_STATE)
	[MICA_CMD_DATA_CREATE]		= { 0, SEALED, DRAINING },
	[MICA_CMD_RTT_CHANGE]		= { 0, SEALED, 0 },
	[MICA_CMD_MAP_UNPROTECTED]	= { 0, SEALED, DRAINING },
	[MICA_CMD_DESTROY]		= { 0, SEALED, 0 },
	[MICA_CMD_SET_RIPAS]		= { 0, SEALED, DRAINING },
	[MICA_CMD_REC_CREATE]		= { 0, RMI_ERROR_REALM, RMI_ERROR_REALM },
	[MICA_CMD_REC_DESTROY]		= { 0, SEALED, 0 },
	[MICA_CMD_REALM_ACTIVATE]	= { 0, RMI_ERROR_REALM, DRAINING },
	[MICA_CMD_REALM_DESTROY]	= { 0, SEALED, 0 },
#undef SEALED
#undef DRAINING
};

uint64_t mica_may(const struct rd *rd, enum mica_cmd cmd)
{
	if (!rd_bound(rd))
		return RMI_SUCCESS;
	switch (role_state(rd_wf(rd), rd_role(rd))) {
	case MICA_ROLE_LOADING:
		return verdicts[cmd].loading;
	case MICA_ROLE_SEALED:
	case MICA_ROLE_DEAD:
		return verdicts[cmd].sealed;
	case MICA_ROLE_DRAINING:
		return verdicts[cmd].draining;
	case MICA_ROLE_EMPTY:
		break;
	}
	rmm_panic("mica_may: a bound Realm in an empty role");
}

uint64_t mica_may_ram(const struct rd *rd, uint64_t base, uint64_t top)
{
	const struct mica_blob_role *rec;

	if (!rd_bound(rd))
		return RMI_SUCCESS;
	rec = rd_record(rd);
	return base >= rec->ram_base && top <= rec->ram_base + rec->ram_size ?
	       RMI_SUCCESS : MICA_POLICY(MICA_RULE_LAYOUT);
}

const struct mica_blob_region *region_at(const struct rd *rd, enum mica_region_kind kind, uint64_t v)
{
	uint64_t unit = kind == MICA_REGION_INTIDS ? 1 : GRANULE_SIZE;
	const struct mica_blob_role *rec = rd_record(rd);

	for (unsigned int i = 0; i < rec->region_count; i++) {
		const struct mica_blob_region *r = role_region(rd_wf(rd), rec, i);

		if (r->kind == kind && v >= r->base && v - r->base < r->pages * unit)
			return r;
	}
	return NULL;
}

/* A region's rights have the encoding of S2AP: bit 0 read, bit 1 write. */
uint64_t mica_may_window(const struct rd *rd, ipa_t a, int level, uint64_t desc)
{
	const struct mica_blob_region *w;

	if (!rd_bound(rd))
		return RMI_SUCCESS;
	w = region_at(rd, MICA_REGION_WINDOW, a.v);
	return w != NULL && s2_entry_size(level) <= w->pages * GRANULE_SIZE - (a.v - w->base) &&
	       (desc >> RMI_DESC_S2AP_SHIFT & 3) == w->rights &&
	       (desc & 7UL << RMI_DESC_MEMATTR_SHIFT) == RMI_DESC_MEMATTR_WB ?
	       RMI_SUCCESS : MICA_POLICY(MICA_RULE_WINDOW);
}

uint64_t mica_may_rec(const struct rd *rd, uint64_t rec_flags)
{
	if (!rd_bound(rd) || rec_flags & RMI_REC_FLAG_RUNNABLE ||
	    rd_record(rd)->rights & MICA_RIGHT_PSCI)
		return RMI_SUCCESS;
	return MICA_POLICY(MICA_RULE_SHAPE);
}

void mica_count_ram(struct rd *rd, int64_t pages)
{
	if (rd_bound(rd))
		rd->mica.ram_pages += (uint64_t)pages;
}

void mica_count_windows(struct rd *rd, int64_t pages)
{
	if (rd_bound(rd))
		rd->mica.window_pages += (uint64_t)pages;
}
