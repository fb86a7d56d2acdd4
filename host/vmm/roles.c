/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a role is over, and when the workflow is. A role ends by saying so (host call EXIT, PSCI SYSTEM_OFF), or by
 * switching itself off, which tells nothing: a component without `hostcall` that is done looks like one that crashed.
 * So a role with `restart` is reset unless it said that it is done; and one that could not even say so is a
 * service, which lives as long as somebody else is at work.
 */
#include <string.h>

#include "vmm.h"

static bool has(const struct realm *realm, uint32_t right)
{
	return realm->rec->rights & right;
}

/* A role that could end its output but did not stopped in the middle of it. Under the lock. */
static bool output_cut(const struct realm *realm)
{
	unsigned int i;

	if (!has(realm, MICA_RIGHT_HOSTCALL))
		return false;
	for (i = 0; i < realm->n_windows; i++)
		if ((realm->windows[i].rec->rights & MICA_REGION_WRITE) && !realm->windows[i].ended)
			return true;
	return false;
}

/* Under the lock. */
static void end_now(struct realm *realm, const struct run_role_exit *how, bool good)
{
	bool off = how->how == HOW_OFF || how->how == HOW_EXIT;

	if (off && !good && restart_allowed(realm)) {
		realm->died = true;
		realm->death = *how;
		realm->restart_at = ms_now() + (RESTART_MS << realm->restarts);
		return;
	}
	realm->ended = true;
	if (!good && (how->how == HOW_EXIT || output_cut(realm)))
		realm->vmm->stopping = true;
}

void role_end(struct realm *realm, uint32_t how, uint32_t status, bool good)
{
	struct run_role_exit body = { .how = how, .status = status };
	struct vmm *vmm = realm->vmm;
	bool first;

	pthread_mutex_lock(&vmm->lock);
	first = !realm->ended && !realm->died && !vmm->stopping;
	if (first)
		end_now(realm, &body, good);
	first = first && realm->ended;
	/* its other RECs leave; servers it had called can be orphans */
	realms_wake(vmm);
	pthread_cond_broadcast(&vmm->changed);
	pthread_mutex_unlock(&vmm->lock);
	if (first)
		send_msg(vmm, RUN_ROLE_EXIT, realm->role, &body, sizeof(body));
	vmm_kick(vmm);
}

bool role_gone(struct realm *realm)
{
	uint64_t x[6] = { SMC_RMI_MICA, MICA_WF_INFO, realm->vmm->wf, MICA_INFO_ROLE, realm->role };

	if (rmi_ask(realm->vmm, x) != RMI_SUCCESS || x[1] == MICA_ROLE_SEALED)
		return false;
	/* Switched off where no exit of ours could say so: by another REC, or while it served a call. */
	if (x[1] == MICA_ROLE_DEAD)
		role_end(realm, HOW_OFF, 0, false);
	return true;
}

/* Only a call from outside, or nothing at all, can make it run again. */
static bool rests(const struct realm *realm)
{
	unsigned int i;

	for (i = 0; i < realm->n_recs; i++)
		if (!realm->recs[i].parked && !realm->recs[i].off)
			return false;
	return true;
}

static bool is_service(const struct realm *realm)
{
	return (realm->rec->flags & MICA_ROLE_RESTART) && !has(realm, MICA_RIGHT_HOSTCALL);
}

bool roles_done(const struct vmm *vmm)
{
	unsigned int i;

	for (i = 0; i < vmm->n_realms; i++) {
		const struct realm *realm = &vmm->realms[i];

		if (!realm->ended && !is_service(realm) && (realm->died || !rests(realm)))
			return false;
	}
	return true;
}

void roles_rest(struct vmm *vmm)
{
	struct run_role_exit body = { .how = HOW_REST };
	unsigned int i;

	for (i = 0; i < vmm->n_realms; i++) {
		struct realm *realm = &vmm->realms[i];
		bool first;

		pthread_mutex_lock(&vmm->lock);
		first = !realm->ended;
		realm->ended = true;
		realm_wake(realm);
		pthread_mutex_unlock(&vmm->lock);
		if (first)
			send_msg(vmm, RUN_ROLE_EXIT, realm->role, &body, sizeof(body));
	}
}
