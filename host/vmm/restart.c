/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A role with `restart` that died lives again: ROLE_RESET, its Realm taken down alone, a new one of the same image in its
 * place. Peers see PEER_GONE meanwhile, then the next epoch; channels it could write are wiped unless they are `keep`.
 * A few times, and later each time: a role that cannot live must not keep the machine busy for ever.
 */
#include <poll.h>
#include <string.h>
#include <time.h>

#include "vmm.h"

#define RESTARTS_MAX	5
#define CHAIN_LEAVES_MS	5000		/* a call that it was serving ends at the next interrupt of that CPU */

uint64_t ms_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

bool restart_allowed(const struct realm *realm)
{
	return (realm->rec->flags & MICA_ROLE_RESTART) && realm->restarts < RESTARTS_MAX;
}

static void announce(struct vmm *vmm, const struct realm *realm)
{
	struct run_role_restart body = {
		.how = realm->death.how, .status = realm->death.status, .restart = realm->restarts, .of = RESTARTS_MAX,
	};

	send_msg(vmm, RUN_ROLE_RESTART, realm->role, &body, sizeof(body));
}

/* A REC that was serving a call runs until its caller's CPU leaves the Realm. */
static int destroy_rec(struct vmm *vmm, struct rec *rec)
{
	uint64_t give_up = ms_now() + CHAIN_LEAVES_MS, x[6];

	for (;;) {
		memcpy(x, (uint64_t[6]){ SMC_RMI_REC_DESTROY, rec->pa }, sizeof(x));
		if (rmi_ask(vmm, x) == RMI_SUCCESS)
			return 0;
		if (RMI_RET_STATUS(x[0]) != RMI_ERROR_REC || ms_now() > give_up)
			return rmi(vmm, SMC_RMI_REC_DESTROY, rec->pa, 0, 0, 0, 0);
		poll(NULL, 0, 1);
	}
}

/* What it was built from is what the next one is built from. */
static int keep_granules(struct vmm *vmm, struct realm *realm)
{
	size_t i;

	for (i = 0; i < realm->granules.n; i++)
		if (entries_add(vmm, &vmm->spare, realm->granules.v[i]) < 0)
			return -1;
	realm->granules.n = 0;
	return 0;
}

static int take_down(struct vmm *vmm, struct realm *realm)
{
	uint64_t info[6] = { SMC_RMI_MICA, MICA_WF_INFO, vmm->wf, MICA_INFO_ROLE, realm->role };

	if (rmi(vmm, SMC_RMI_MICA, MICA_ROLE_RESET, vmm->wf, realm->role, 0, 0) < 0)
		return -1;
	realm_join(realm);
	for (; realm->n_recs; realm->n_recs--)
		if (destroy_rec(vmm, &realm->recs[realm->n_recs - 1]) < 0)
			return -1;
	realm_unload(vmm, realm);
	if (rmi_ask(vmm, info) != RMI_SUCCESS || info[1] != MICA_ROLE_EMPTY)
		return vmm_fail(vmm, "the monitor does not let go of the Realm that was reset");
	return keep_granules(vmm, realm);
}

static int restart(struct vmm *vmm, struct realm *realm)
{
	int ret;

	vmm->doing = realm->name;
	pthread_mutex_lock(&vmm->lock);
	realm->restarts++;
	pthread_mutex_unlock(&vmm->lock);
	announce(vmm, realm);
	if (take_down(vmm, realm) < 0 || realm_fill(vmm, realm) < 0 ||
	    rmi(vmm, SMC_RMI_REALM_ACTIVATE, realm->rd, 0, 0, 0, 0) < 0)
		return -1;
	pthread_mutex_lock(&vmm->lock);
	realm->died = false;
	if (vmm->challenged == realm && !vmm->begun)
		vmm->challenge_set = true;	/* it died with the question */
	realms_wake(vmm);
	pthread_mutex_unlock(&vmm->lock);
	ret = realm_run(vmm, realm);
	vmm->doing = NULL;
	return ret;
}

static bool due(struct vmm *vmm, struct realm *realm)
{
	bool due;

	pthread_mutex_lock(&vmm->lock);
	due = realm->died && realm->restart_at <= ms_now() && !vmm->stopping;
	pthread_mutex_unlock(&vmm->lock);
	return due;
}

int restart_due(struct vmm *vmm)
{
	unsigned int i;

	for (i = 0; i < vmm->n_realms; i++)
		if (due(vmm, &vmm->realms[i]) && restart(vmm, &vmm->realms[i]) < 0)
			return -1;
	return 0;
}

int restart_wait(struct vmm *vmm)
{
	uint64_t now = ms_now(), first = UINT64_MAX;
	unsigned int i;

	pthread_mutex_lock(&vmm->lock);
	for (i = 0; i < vmm->n_realms; i++)
		if (vmm->realms[i].died)
			first = min_u64(first, vmm->realms[i].restart_at);
	pthread_mutex_unlock(&vmm->lock);
	if (first == UINT64_MAX)
		return -1;
	return first <= now ? 0 : (int)(first - now);
}
