/* SPDX-License-Identifier: Apache-2.0 */
/* The RECs of an active workflow: a thread each, from entry to exit to service to entry. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "vmm.h"

#define IDLE_MS		50	/* a waiting role looks again after this long, signalled or not */
#define KICK_SIGNAL	SIGUSR1

enum { HOW_OFF = 0, HOW_STOPPED = 2 };

void role_end(struct vmm *vmm, struct realm *realm, uint32_t how, uint32_t status, bool bad)
{
	struct run_role_exit body = { .how = how, .status = status };
	bool first;

	pthread_mutex_lock(&vmm->lock);
	first = !realm->ended && !vmm->stopping;
	if (!realm->ended)
		vmm->roles_left--;
	realm->ended = true;
	if (bad)
		vmm->stopping = true;
	pthread_cond_broadcast(&vmm->changed);
	pthread_mutex_unlock(&vmm->lock);
	if (first)
		send_msg(vmm, RUN_ROLE_EXIT, realm->role, &body, sizeof(body));
	vmm_kick(vmm);
}

static bool over(struct realm *realm)
{
	struct vmm *vmm = realm->vmm;
	bool over;

	pthread_mutex_lock(&vmm->lock);
	over = realm->ended || vmm->stopping;
	pthread_mutex_unlock(&vmm->lock);
	return over;
}

static uint64_t wakes_of(struct realm *realm)
{
	uint64_t n;

	pthread_mutex_lock(&realm->vmm->lock);
	n = realm->wakes;
	pthread_mutex_unlock(&realm->vmm->lock);
	return n;
}

/*
 * Sleep until the role was woken after `seen` was read. That was before the entry, so a signal
 * that came while the REC was on its way out is not slept through.
 */
static void idle(struct realm *realm, uint64_t seen)
{
	struct vmm *vmm = realm->vmm;
	struct timespec until;
	int ret = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += IDLE_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	pthread_mutex_lock(&vmm->lock);
	while (realm->wakes == seen && !vmm->stopping && ret == 0)
		ret = pthread_cond_timedwait(&realm->woken, &vmm->lock, &until);
	pthread_mutex_unlock(&vmm->lock);
}

static void wake(struct vmm *vmm, uint64_t map)
{
	unsigned int i;

	pthread_mutex_lock(&vmm->lock);
	for (i = 0; i < vmm->n_realms; i++) {
		if (!(map >> i & 1))
			continue;
		vmm->realms[i].wakes++;
		pthread_cond_broadcast(&vmm->realms[i].woken);
	}
	pthread_mutex_unlock(&vmm->lock);
}

/* A role that could end its output but did not stopped in the middle of it. */
static bool output_cut(struct realm *realm)
{
	bool cut = false;
	unsigned int i;

	if (!(realm->rec->rights & MICA_RIGHT_HOSTCALL))
		return false;
	pthread_mutex_lock(&realm->vmm->lock);
	for (i = 0; i < realm->n_windows; i++)
		if ((realm->windows[i].rec->rights & MICA_REGION_WRITE) && !realm->windows[i].ended)
			cut = true;
	pthread_mutex_unlock(&realm->vmm->lock);
	return cut;
}

static bool unexpected(struct vmm *vmm, struct rec *rec)
{
	const struct rmi_rec_exit *x = &rec->run->exit;

	vmm_fail(vmm, "role '%s' left with exit reason %#llx (esr %#llx, far %#llx, hpfar %#llx)",
		 rec->realm->name, (unsigned long long)x->exit_reason, (unsigned long long)x->esr,
		 (unsigned long long)x->far, (unsigned long long)x->hpfar);
	return false;
}

/* False: this REC is not entered again. */
static bool serve(struct vmm *vmm, struct rec *rec, uint64_t seen)
{
	struct realm *realm = rec->realm;

	switch (rec->run->exit.exit_reason) {
	case RMI_EXIT_HOST_CALL:
		return hostcall(vmm, rec);
	case RMI_EXIT_MICA_IDLE:
		idle(realm, seen);
		return true;
	case RMI_EXIT_MICA_WAKE:
		wake(vmm, rec->run->exit.gprs[0]);
		return true;
	case RMI_EXIT_MICA_OFF:
		role_end(vmm, realm, HOW_OFF, 0, output_cut(realm));
		return false;
	case RMI_EXIT_MICA_STOPPED:
		role_end(vmm, realm, HOW_STOPPED, 0, false);
		return false;
	}
	return unexpected(vmm, rec);
}

static void refused(struct vmm *vmm, struct rec *rec, uint64_t status)
{
	uint64_t in[6] = { SMC_RMI_REC_ENTER, rec->pa, rec->run_pa };
	char text[256];

	/* Another REC of the role may have switched it off, or a stop is under way. */
	if (over(rec->realm))
		return;
	rmi_describe(in, status, 0, text, sizeof(text));
	vmm_fail(vmm, "role '%s': %s", rec->realm->name, text);
}

static void count(struct vmm *vmm, const struct mica_ioc_run *run)
{
	pthread_mutex_lock(&vmm->lock);
	vmm->rec_entries += run->entries;
	if (run->entries)
		vmm->rec_exits_irq += run->entries - 1;
	pthread_mutex_unlock(&vmm->lock);
}

static void *rec_thread(void *arg)
{
	struct rec *rec = arg;
	struct vmm *vmm = rec->realm->vmm;
	int ret;

	rec->run->enter.flags = RMI_ENTER_TRAP_WFI;
	while (!over(rec->realm)) {
		struct mica_ioc_run run = { .rec = rec->pa, .run_pa = rec->run_pa };
		uint64_t seen = wakes_of(rec->realm);

		ret = dev_run(&run);
		count(vmm, &run);
		if (ret == -EINTR)
			continue;
		if (ret < 0) {
			vmm_fail(vmm, "role '%s': the driver does not run its REC: %s",
				 rec->realm->name, strerror(-ret));
			break;
		}
		if (run.status != RMI_SUCCESS) {
			refused(vmm, rec, run.status);
			break;
		}
		if (!serve(vmm, rec, seen))
			break;
	}
	return NULL;
}

static void on_kick(int sig)
{
	(void)sig;	/* its only use is to interrupt the ioctl */
}

int run_start(struct vmm *vmm)
{
	struct sigaction act = { .sa_handler = on_kick };
	unsigned int i, j;
	int err;

	sigaction(KICK_SIGNAL, &act, NULL);
	vmm->roles_left = vmm->n_realms;
	for (i = 0; i < vmm->n_realms; i++) {
		for (j = 0; j < vmm->realms[i].n_recs; j++) {
			struct rec *rec = &vmm->realms[i].recs[j];

			err = pthread_create(&rec->thread, NULL, rec_thread, rec);
			if (err)
				return vmm_fail(vmm, "no thread for role '%s': %s",
						vmm->realms[i].name, strerror(err));
			rec->started = true;
		}
	}
	return 0;
}

/* A kick can come just before the ioctl it should interrupt, so it is repeated. */
static void join(struct rec *rec)
{
	struct timespec until;

	do {
		pthread_kill(rec->thread, KICK_SIGNAL);
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += 20000000L;
		until.tv_sec += until.tv_nsec / 1000000000L;
		until.tv_nsec %= 1000000000L;
	} while (pthread_timedjoin_np(rec->thread, NULL, &until) == ETIMEDOUT);
	rec->started = false;
}

void run_stop(struct vmm *vmm)
{
	uint64_t stop[6] = { SMC_RMI_MICA, MICA_WF_STOP, vmm->wf };
	unsigned int i, j;

	pthread_mutex_lock(&vmm->lock);
	vmm->stopping = true;
	pthread_cond_broadcast(&vmm->changed);
	for (i = 0; i < vmm->n_realms; i++)
		pthread_cond_broadcast(&vmm->realms[i].woken);
	pthread_mutex_unlock(&vmm->lock);
	if (vmm->wf)
		rmi_ask(vmm, stop);
	for (i = 0; i < vmm->n_realms; i++)
		for (j = 0; j < MICA_MAX_VCPUS; j++)
			if (vmm->realms[i].recs[j].started)
				join(&vmm->realms[i].recs[j]);
}
