/* SPDX-License-Identifier: Apache-2.0 */
/* From a compiled policy to an active workflow, in the order the monitor wants. */
#include <stdlib.h>
#include <string.h>

#include "hostile.h"
#include "vmm.h"

#define INPUT_CREDIT_MAX	(16UL << 20)

static int prepare_windows(struct vmm *vmm, struct realm *realm)
{
	unsigned int i, n = realm->rec->region_count;

	realm->windows = vmm_alloc(vmm, n ? n * sizeof(*realm->windows) : 1);
	if (realm->windows == NULL)
		return -1;
	for (i = 0; i < n; i++) {
		unsigned int index = realm->rec->region_first + i;
		const struct mica_blob_region *rec = blob_region(&vmm->blob, index);
		struct window *w = &realm->windows[realm->n_windows];

		if (rec->kind != MICA_REGION_WINDOW)
			continue;
		w->rec = rec;
		w->region = index;
		w->size = rec->pages * PAGE;
		if ((rec->rights & MICA_REGION_READ) &&
		    input_init(vmm, &w->in, min_u64(4 * w->size, INPUT_CREDIT_MAX)) < 0)
			return -1;
		realm->n_windows++;
	}
	return 0;
}

int workflow_prepare(struct vmm *vmm)
{
	unsigned int i;

	vmm->realms = vmm_alloc(vmm, vmm->blob.roles * sizeof(*vmm->realms));
	vmm->channels = vmm_alloc(vmm, (vmm->blob.channels + 1) * sizeof(*vmm->channels));
	if (vmm->realms == NULL || vmm->channels == NULL)
		return -1;
	vmm->n_realms = vmm->blob.roles;
	for (i = 0; i < vmm->n_realms; i++) {
		struct realm *realm = &vmm->realms[i];

		realm->vmm = vmm;
		realm->role = i;
		realm->rec = blob_role(&vmm->blob, i);
		memcpy(realm->name, realm->rec->name, sizeof(realm->name) - 1);
		pthread_cond_init(&realm->woken, NULL);
		if (prepare_windows(vmm, realm) < 0)
			return -1;
	}
	return 0;
}

/* All WF_CREATE needs: the blob where the monitor can read it, granules for what it keeps. */
static int offer(struct vmm *vmm)
{
	const struct blob *b = &vmm->blob;
	struct mica_wf_params *params = vmm->params;
	uint64_t blob_pa, i;

	vmm->blob_shared = shared(vmm, align_up(vmm->blob_size, PAGE), &blob_pa);
	vmm->wf_offer = granule(vmm);
	if (vmm->blob_shared == NULL || vmm->wf_offer == 0)
		return -1;
	memcpy(vmm->blob_shared, vmm->blob_bytes, vmm->blob_size);
	memset(params, 0, sizeof(*params));
	params->blob_pa = blob_pa;
	params->blob_size = vmm->blob_size;
	params->n_aux = mica_wf_aux_count(vmm->blob_size, b->roles, b->channels, b->gates);
	for (i = 0; i < params->n_aux; i++) {
		params->aux[i] = granule(vmm);
		if (params->aux[i] == 0)
			return -1;
	}
	return 0;
}

static int create(struct vmm *vmm)
{
	if (offer(vmm) < 0 || hostile_at(vmm, STAGE_BLOB, NULL) < 0 ||
	    rmi(vmm, SMC_RMI_MICA, MICA_WF_CREATE, vmm->wf_offer, vmm->params_pa, 0, 0) < 0)
		return -1;
	vmm->wf = vmm->wf_offer;
	return 0;
}

/* Its memory and its channels; with the granules noted if it may live again. */
int realm_fill(struct vmm *vmm, struct realm *realm)
{
	int ret;

	vmm->loading = realm->rec->flags & MICA_ROLE_RESTART ? realm : NULL;
	ret = realm_load(vmm, realm) < 0 || chan_map_all(vmm, realm) < 0 ? -1 : 0;
	vmm->loading = NULL;
	return ret;
}

static int send_loaded(struct vmm *vmm, struct realm *realm)
{
	struct loadplan_realm plan;
	struct run_loaded loaded = { .pages = realm->data_pages };

	realm_plan(realm, &plan);
	if (loadplan_rim(&plan, loaded.rim) < 0)
		return vmm_fail(vmm, "no measurement for role '%s'", realm->name);
	send_msg(vmm, RUN_LOADED, realm->role, &loaded, sizeof(loaded));
	return 0;
}

static int load_roles(struct vmm *vmm)
{
	unsigned int i;

	for (i = 0; i < vmm->n_realms; i++) {
		struct realm *realm = &vmm->realms[i];

		vmm->doing = realm->name;
		if (realm->image_size == 0)
			return vmm_fail(vmm, "no image for role '%s'", realm->name);
		if (hostile_at(vmm, STAGE_BIND, realm) < 0 || realm_fill(vmm, realm) < 0 ||
		    hostile_at(vmm, STAGE_LOADING, realm) < 0 ||
		    rmi(vmm, SMC_RMI_REALM_ACTIVATE, realm->rd, 0, 0, 0, 0) < 0 ||
		    send_loaded(vmm, realm) < 0)
			return -1;
	}
	vmm->doing = NULL;
	return 0;
}

int workflow_load(struct vmm *vmm)
{
	unsigned int i;

	if (vmm->info.mica_magic != MICA_MAGIC_VERSION)
		return vmm_fail(vmm, "the monitor of this machine has no Mica extension");
	vmm->params = shared(vmm, PAGE, &vmm->params_pa);
	vmm->stage = shared(vmm, MICA_RMI_BATCH * PAGE, &vmm->stage_pa);
	if (vmm->params == NULL || vmm->stage == NULL)
		return -1;
	if (create(vmm) < 0 || chan_add_all(vmm) < 0 ||
	    hostile_at(vmm, STAGE_CHANNELS, NULL) < 0 || load_roles(vmm) < 0 ||
	    hostile_at(vmm, STAGE_SEALED, &vmm->realms[0]) < 0 ||
	    rmi(vmm, SMC_RMI_MICA, MICA_WF_ACTIVATE, vmm->wf, 0, 0, 0) < 0)
		return -1;
	for (i = 0; i < vmm->n_realms; i++)
		if (hostile_at(vmm, STAGE_ACTIVE, &vmm->realms[i]) < 0)
			return -1;
	return hostile_all_tried(vmm);
}
