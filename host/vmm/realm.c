/* SPDX-License-Identifier: Apache-2.0 */
/* One Realm, bound to its role: the load plan carried out, then its windows. */
#include <stdlib.h>
#include <string.h>

#include "vmm.h"

void realm_plan(const struct realm *realm, struct loadplan_realm *plan)
{
	const struct mica_blob_role *rec = realm->rec;

	*plan = (struct loadplan_realm){
		.s2sz = rec->s2sz, .hash = rec->hash, .vcpus = rec->vcpus,
		.num_bps = rec->num_bps, .num_wps = rec->num_wps, .sve_vl = rec->sve_vl,
		.flags = rec->flags & MICA_ROLE_SVE ? RMI_REALM_FLAG_SVE : 0,
		.ram_base = rec->ram_base, .ram_size = rec->ram_size,
		.image = realm->image, .image_size = realm->image_size, .boot_x0 = realm->boot_x0,
	};
	if (realm->os)
		(void)loadplan_linux(realm->os, plan);	/* it went well in take_apart() */
}

/* The image of a linux role is a kernel and more; such a role is one to which the monitor gives its timer. */
static int take_apart(struct vmm *vmm, struct realm *realm)
{
	struct loadplan_realm plan;
	const char *fault;

	if (!(realm->rec->rights & MICA_RIGHT_VTIMER) || realm->os)
		return 0;
	realm_plan(realm, &plan);
	realm->os = vmm_alloc(vmm, sizeof(*realm->os));
	fault = realm->os ? loadplan_linux(realm->os, &plan) : "finds no memory";
	return fault ? vmm_fail(vmm, "role '%s' cannot be loaded: its image %s", realm->name, fault) : 0;
}

uint64_t realm_offer(struct vmm *vmm, struct realm *realm)
{
	uint64_t tables = loadplan_start_tables(realm->rec->s2sz), rd = granule(vmm);
	struct rmi_realm_params *params = vmm->params;
	struct loadplan_realm plan;

	realm_plan(realm, &plan);
	loadplan_params(&plan, params);
	/* Concatenated tables are contiguous and aligned to their total size. */
	params->rtt_base = tables == 1 ? granule(vmm) : granules(vmm, tables, tables * PAGE);
	return params->rtt_base ? rd : 0;
}

static int create(struct vmm *vmm, struct realm *realm)
{
	uint64_t rd = realm_offer(vmm, realm);
	int ret;

	if (rd == 0)
		return -1;
	if (realm->unbound)
		ret = rmi(vmm, SMC_RMI_REALM_CREATE, rd, vmm->params_pa, 0, 0, 0);
	else
		ret = rmi(vmm, SMC_RMI_MICA, MICA_REALM_CREATE, rd, vmm->params_pa, vmm->wf,
			  realm->role);
	if (ret < 0)
		return -1;
	realm->rd = rd;
	realm->start_level = loadplan_start_level(realm->rec->s2sz);
	return 0;
}

static int create_table(struct vmm *vmm, struct realm *realm, uint64_t ipa, int level)
{
	uint64_t rtt = realm->unused.n > 1 ? realm->unused.v[--realm->unused.n].pa : granule(vmm);
	struct entry entry = { .at = ipa, .level = level, .pa = rtt };

	if (rtt == 0 || entries_add(vmm, &realm->tables, entry) < 0)
		return -1;
	return rmi_queue(vmm, SMC_RMI_RTT_CREATE, realm->rd, rtt, ipa, level, 0);
}

bool realm_has_table(const struct realm *realm, uint64_t ipa, int level)
{
	size_t i;

	/* Latest first: neighbours are created one after the other. */
	for (i = realm->tables.n; i > 0; i--)
		if (realm->tables.v[i - 1].at == ipa && realm->tables.v[i - 1].level == level)
			return true;
	return false;
}

/* Tables so that an entry at `level` exists for ipa. */
int realm_need_tables(struct vmm *vmm, struct realm *realm, uint64_t ipa, int level)
{
	int l;

	for (l = realm->start_level + 1; l <= level; l++) {
		uint64_t base = align_down(ipa, entry_size(l - 1));

		if (!realm_has_table(realm, base, l) && create_table(vmm, realm, base, l) < 0)
			return -1;
	}
	return 0;
}

static int init_ripas(struct vmm *vmm, struct realm *realm, const struct loadplan_step *step)
{
	uint64_t ipa = step->ipa;

	if (rmi_flush(vmm) < 0)
		return -1;
	/* The monitor says how far it came; what it did not do at all is a failure. */
	while (ipa < step->top) {
		uint64_t x[6] = { SMC_RMI_RTT_INIT_RIPAS, realm->rd, ipa, step->top };
		char text[256];

		if (rmi_ask(vmm, x) != RMI_SUCCESS || x[1] <= ipa) {
			rmi_describe((uint64_t[6]){ SMC_RMI_RTT_INIT_RIPAS, realm->rd, ipa,
				     step->top }, x[0], x[1], text, sizeof(text));
			return vmm_fail(vmm, "%s: %s", realm->name, text);
		}
		ipa = x[1];
	}
	return 0;
}

/* Image pages pass through the stage, one slot per call of a batch. */
static int create_data(struct vmm *vmm, struct realm *realm, const struct loadplan_step *step,
		       unsigned int *slot)
{
	uint64_t data = ram_granule(vmm, realm, step->ipa);

	if (data == 0)
		return -1;
	realm->data_pages++;
	if (step->op == LP_DATA_CREATE_UNKNOWN)
		return rmi_queue(vmm, SMC_RMI_DATA_CREATE_UNKNOWN, realm->rd, data, step->ipa, 0, 0);
	if (*slot == MICA_RMI_BATCH) {
		if (rmi_flush(vmm) < 0)
			return -1;
		*slot = 0;
	}
	memcpy(vmm->stage + *slot * PAGE, step->data, PAGE);
	return rmi_queue(vmm, SMC_RMI_DATA_CREATE, realm->rd, data, step->ipa,
			 vmm->stage_pa + (*slot)++ * PAGE, 1);
}

static int create_rec(struct vmm *vmm, struct realm *realm, const struct loadplan_realm *plan,
		      unsigned int index)
{
	uint64_t count[6] = { SMC_RMI_REC_AUX_COUNT, realm->rd };
	struct rmi_rec_params *params = vmm->params;
	struct rec *rec = &realm->recs[index];
	uint64_t i;

	if (rmi_flush(vmm) < 0)
		return -1;
	if (rmi_ask(vmm, count) != RMI_SUCCESS || count[1] > RMI_MAX_REC_AUX)
		return vmm_fail(vmm, "%s: RMI_REC_AUX_COUNT fails", realm->name);
	loadplan_rec_params(plan, index, params);
	params->num_aux = count[1];
	for (i = 0; i < params->num_aux; i++) {
		params->aux[i] = granule(vmm);
		if (params->aux[i] == 0)
			return -1;
	}
	rec->realm = realm;
	rec->pa = granule(vmm);
	if (rec->run)
		memset(rec->run, 0, PAGE);	/* of its former life */
	else
		rec->run = shared(vmm, PAGE, &rec->run_pa);
	if (rec->pa == 0 || rec->run == NULL ||
	    rmi(vmm, SMC_RMI_REC_CREATE, realm->rd, rec->pa, vmm->params_pa, 0, 0) < 0)
		return -1;
	realm->n_recs++;
	return 0;
}

static int carry_out(struct vmm *vmm, struct realm *realm, const struct loadplan_realm *plan,
		     const struct loadplan_step *step, unsigned int *slot)
{
	switch (step->op) {
	case LP_REALM_CREATE:
		return create(vmm, realm);
	case LP_RTT_CREATE:
		return create_table(vmm, realm, step->ipa, step->level);
	case LP_INIT_RIPAS:
		return init_ripas(vmm, realm, step);
	case LP_DATA_CREATE:
	case LP_DATA_CREATE_UNKNOWN:
		return create_data(vmm, realm, step, slot);
	case LP_REC_CREATE:
		return create_rec(vmm, realm, plan, step->rec);
	case LP_DONE:
		break;
	}
	return 0;
}

static int map_window(struct vmm *vmm, struct realm *realm, struct window *w)
{
	uint64_t off = 0;

	if (w->map)
		memset(w->map, 0, w->size);	/* of the role's former life */
	else
		w->map = shared(vmm, w->size, &w->pa);
	if (w->map == NULL)
		return -1;
	while (off < w->size) {
		uint64_t ipa = w->rec->base + off, pa = w->pa + off;
		bool block = ipa % BLOCK == 0 && pa % BLOCK == 0 && w->size - off >= BLOCK;
		struct entry entry = { .at = ipa, .level = block ? 2 : 3 };
		uint64_t desc = pa | RMI_DESC_MEMATTR_WB |
				(uint64_t)w->rec->rights << RMI_DESC_S2AP_SHIFT;

		if (realm_need_tables(vmm, realm, ipa, entry.level) < 0 ||
		    rmi_queue(vmm, SMC_RMI_RTT_MAP_UNPROTECTED, realm->rd, ipa, entry.level,
			      desc, 0) < 0 ||
		    entries_add(vmm, &w->leaves, entry) < 0)
			return -1;
		off += entry_size(entry.level);
	}
	return rmi_flush(vmm);
}

int realm_load(struct vmm *vmm, struct realm *realm)
{
	static struct loadplan lp;
	struct loadplan_realm plan;
	struct loadplan_step step;
	unsigned int slot = 0, i;

	if (take_apart(vmm, realm) < 0)
		return -1;
	realm_plan(realm, &plan);
	if (loadplan_begin(&lp, &plan) < 0)
		return vmm_fail(vmm, "role '%s' cannot be loaded: its image of %zu bytes does not fit",
				realm->name, realm->image_size);
	do {
		loadplan_next(&lp, &step);
		if (carry_out(vmm, realm, &plan, &step, &slot) < 0)
			return -1;
	} while (step.op != LP_DONE);
	if (ram_fold(vmm, realm) < 0)
		return -1;
	for (i = 0; i < realm->n_windows; i++)
		if (map_window(vmm, realm, &realm->windows[i]) < 0)
			return -1;
	return rmi_flush(vmm);
}
