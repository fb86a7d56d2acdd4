/* SPDX-License-Identifier: Apache-2.0 */
/* RMI_DATA_CREATE, RMI_DATA_CREATE_UNKNOWN, RMI_DATA_DESTROY: the pages of a Realm's memory. */
#include "../../lib/measure/measure.h"
#include "../arch/arch.h"
#include "../mica/hooks.h"
#include "rtt_internal.h"

#define DATA_FLAG_MEASURE	(1UL << 0)
#define PAGE_LEVEL		3

static uint64_t may_populate(const struct rd *rd, ipa_t a)
{
	uint64_t status = mica_may(rd, MICA_CMD_DATA_CREATE);

	return status != RMI_SUCCESS ? status : mica_may_ram(rd, a.v, a.v + GRANULE_SIZE);
}

/*
 * Make @data the page at @a, UNASSIGNED until now. known: RIPAS becomes RAM, else it stays as it is.
 */
static uint64_t assign(struct rd *rd, ipa_t a, pa_t data, bool known)
{
	struct s2_entry e;
	struct s2_walk w;
	uint64_t status = RMI_SUCCESS;

	s2_walk_lock(&rd->s2, a, PAGE_LEVEL, &w);
	e = s2_walk_entry(&w);
	if (w.level < PAGE_LEVEL || e.kind != S2_UNASSIGNED) {
		status = RMI_RET(RMI_ERROR_RTT, w.level);
	} else {
		e.kind = S2_ASSIGNED;
		e.pa = data;
		if (known)
			e.ripas = RMI_RAM;
		s2_walk_set(&w, &e, &rd->s2, a, S2_FLUSH_NONE);
		if (e.ripas == RMI_RAM)
			mica_count_ram(rd, 1);
	}
	s2_walk_end(&w);
	return status;
}

/* ---- DATA_CREATE: contents from the host, measured ---- */

static uint64_t create(struct rd *rd, struct granule *g_data, ipa_t a, pa_t src, uint64_t flags)
{
	void *content = granule_va(g_data);
	uint64_t status;

	if (!rtt_page_args_valid(&rd->s2, a))
		return RMI_ERROR_INPUT;
	status = may_populate(rd, a);
	if (status != RMI_SUCCESS)
		return status;
	/* copied once, before anything depends on it; wiped again if the page is not used */
	status = granule_ns_read(src, content, GRANULE_SIZE) ?
		 assign(rd, a, granule_pa(g_data), true) : RMI_ERROR_INPUT;
	if (status != RMI_SUCCESS) {
		arch_granule_zero(granule_pa(g_data));
		return status;
	}
	measure_data(rd->hash_algo, a.v, flags & DATA_FLAG_MEASURE ? content : NULL,
		     rd->measurement[0]);
	return RMI_SUCCESS;
}

static void finish(struct granule_req *reqs, uint64_t status)
{
	if (status == RMI_SUCCESS)
		granule_unlock_to(reqs[1].g, GRANULE_DATA);
	else
		granule_unlock(reqs[1].g);
	granule_unlock(reqs[0].g);
}

void rmi_data_create(const struct rmi_args *in, struct rmi_result *out)
{
	struct granule_req reqs[] = {
		{ .pa = pa(in->x[1]), .want = GRANULE_RD },
		{ .pa = pa(in->x[2]), .want = GRANULE_DELEGATED },
	};
	pa_t src = pa(in->x[4]);
	uint64_t flags = in->x[5];
	struct rd *rd;

	out->x[0] = RMI_ERROR_INPUT;
	if (flags & ~DATA_FLAG_MEASURE || granule_find(src) == NULL ||
	    !granule_lock_set(reqs, ARRAY_SIZE(reqs)))
		return;
	rd = granule_va(reqs[0].g);
	out->x[0] = rd_state(rd) != REALM_NEW ? RMI_ERROR_REALM :
		    create(rd, reqs[1].g, ipa(in->x[3]), src, flags);
	finish(reqs, out->x[0]);
}

/* ---- DATA_CREATE_UNKNOWN: a page of zeroes, not measured ---- */

static uint64_t create_unknown(struct rd *rd, struct granule *g_data, ipa_t a)
{
	uint64_t status;

	if (!rtt_page_args_valid(&rd->s2, a))
		return RMI_ERROR_INPUT;
	status = may_populate(rd, a);
	return status != RMI_SUCCESS ? status : assign(rd, a, granule_pa(g_data), false);
}

void rmi_data_create_unknown(const struct rmi_args *in, struct rmi_result *out)
{
	struct granule_req reqs[] = {
		{ .pa = pa(in->x[1]), .want = GRANULE_RD },
		{ .pa = pa(in->x[2]), .want = GRANULE_DELEGATED },
	};

	if (!granule_lock_set(reqs, ARRAY_SIZE(reqs))) {
		out->x[0] = RMI_ERROR_INPUT;
		return;
	}
	out->x[0] = create_unknown(granule_va(reqs[0].g), reqs[1].g, ipa(in->x[3]));
	finish(reqs, out->x[0]);
}

/* ---- DATA_DESTROY ---- */

static void unassign(struct rd *rd, struct s2_walk *w, ipa_t a, const struct s2_entry *old)
{
	const struct s2_entry gone = {
		.kind = S2_UNASSIGNED,
		.ripas = old->ripas == RMI_EMPTY ? RMI_EMPTY : RMI_DESTROYED,
	};

	s2_walk_set(w, &gone, &rd->s2, a,
		    s2_is_valid_leaf(old) ? S2_FLUSH_ENTRY : S2_FLUSH_NONE);
	if (old->ripas == RMI_RAM)
		mica_count_ram(rd, -1);
}

static uint64_t destroy(struct rd *rd, ipa_t a, struct rmi_result *out)
{
	struct granule *g_data;
	struct s2_entry e;
	struct s2_walk w;
	uint64_t status;

	if (!rtt_page_args_valid(&rd->s2, a))
		return RMI_ERROR_INPUT;
	status = mica_may(rd, MICA_CMD_DESTROY);
	if (status != RMI_SUCCESS)
		return status;
	s2_walk_lock(&rd->s2, a, PAGE_LEVEL, &w);
	e = s2_walk_entry(&w);
	if (w.level < PAGE_LEVEL || e.kind != S2_ASSIGNED) {
		status = RMI_RET(RMI_ERROR_RTT, w.level);
	} else {
		unassign(rd, &w, a, &e);
		g_data = granule_find(e.pa);
		granule_lock(g_data, GRANULE_DATA);
		granule_release(g_data);
		out->x[1] = e.pa.v;
	}
	out->x[2] = rtt_top(&w, a);
	s2_walk_end(&w);
	return status;
}

void rmi_data_destroy(const struct rmi_args *in, struct rmi_result *out)
{
	struct granule *g = granule_find_lock(pa(in->x[1]), GRANULE_RD);

	if (g == NULL) {
		out->x[0] = RMI_ERROR_INPUT;
		return;
	}
	out->x[0] = destroy(granule_va(g), ipa(in->x[2]), out);
	granule_unlock(g);
}
