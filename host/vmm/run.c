/* SPDX-License-Identifier: Apache-2.0 */
/* The RECs of an active workflow: a thread each, from entry to exit to service to entry. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "vmm.h"

#define IDLE_NS		50000000UL	/* a waiting role looks again after this long, signalled or not */
#define IDLE_VTIMER_NS	2000000UL	/* the monitor raises interrupts when a Realm is entered: this is how late they are */
#define KICK_SIGNAL	SIGUSR1

/* What a REC's thread does next. */
enum next { LEAVE, ENTER };

bool realm_over(struct realm *realm)
{
	struct vmm *vmm = realm->vmm;
	bool over;

	pthread_mutex_lock(&vmm->lock);
	over = realm->ended || realm->died || vmm->stopping;
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

static struct timespec in_ns(uint64_t ns)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_sec += (time_t)(ns / 1000000000UL);
	t.tv_nsec += (long)(ns % 1000000000UL);
	t.tv_sec += t.tv_nsec / 1000000000L;
	t.tv_nsec %= 1000000000L;
	return t;
}

/* `seen` was read before the entry, so a signal that came while the REC was on its way out is not slept through. */
void realm_sleep(struct realm *realm, uint64_t seen, uint64_t ns)
{
	struct vmm *vmm = realm->vmm;
	struct timespec until = in_ns(ns);
	int ret = 0;

	pthread_mutex_lock(&vmm->lock);
	while (realm->wakes == seen && !vmm->stopping && ret == 0)
		ret = pthread_cond_timedwait(&realm->woken, &vmm->lock, &until);
	pthread_mutex_unlock(&vmm->lock);
}

void realm_wake(struct realm *realm)
{
	realm->wakes++;
	pthread_cond_broadcast(&realm->woken);
}

void realms_wake(struct vmm *vmm)
{
	unsigned int i;

	for (i = 0; i < vmm->n_realms; i++)
		realm_wake(&vmm->realms[i]);
}

/* Inside a call a role waits on the REC of whoever called it, so with gates everybody looks. */
static void wake(struct vmm *vmm, uint64_t map)
{
	unsigned int i;

	pthread_mutex_lock(&vmm->lock);
	for (i = 0; i < vmm->n_realms; i++)
		if (vmm->blob.gates || map >> i & 1)
			realm_wake(&vmm->realms[i]);
	pthread_mutex_unlock(&vmm->lock);
}

static const char *reason_name(uint64_t reason)
{
	static const char *const names[] = {
		[RMI_EXIT_SYNC] = "SYNC", [RMI_EXIT_IRQ] = "IRQ", [RMI_EXIT_FIQ] = "FIQ", [RMI_EXIT_PSCI] = "PSCI",
		[RMI_EXIT_RIPAS_CHANGE] = "RIPAS_CHANGE", [RMI_EXIT_HOST_CALL] = "HOST_CALL",
		[RMI_EXIT_SERROR] = "SERROR",
	};

	return reason < sizeof(names) / sizeof(names[0]) && names[reason] ? names[reason] : "unknown";
}

static enum next unexpected(struct rec *rec)
{
	const struct rmi_rec_exit *x = &rec->run->exit;

	vmm_fail(rec->realm->vmm, "role '%s' left with exit reason %#llx (%s; esr %#llx, far %#llx, hpfar %#llx)",
		 rec->realm->name, (unsigned long long)x->exit_reason, reason_name(x->exit_reason),
		 (unsigned long long)x->esr, (unsigned long long)x->far, (unsigned long long)x->hpfar);
	return LEAVE;
}

static enum next serve(struct rec *rec, uint64_t seen)
{
	struct realm *realm = rec->realm;
	struct vmm *vmm = realm->vmm;

	switch (rec->run->exit.exit_reason) {
	case RMI_EXIT_IRQ:
	case RMI_EXIT_FIQ:
		return ENTER;		/* asked for by timer_shown() */
	case RMI_EXIT_HOST_CALL:
		return hostcall(vmm, rec) ? ENTER : LEAVE;
	case RMI_EXIT_PSCI:
		return psci(rec) ? ENTER : LEAVE;
	case RMI_EXIT_MICA_IDLE:
		realm_sleep(realm, seen, timer_within(rec, realm->rec->rights & MICA_RIGHT_VTIMER ? IDLE_VTIMER_NS : IDLE_NS));
		return ENTER;
	case RMI_EXIT_MICA_WAKE:
		wake(vmm, rec->run->exit.gprs[0]);
		return ENTER;
	case RMI_EXIT_MICA_PARKED:
		gate_park(rec, seen);
		return ENTER;
	case RMI_EXIT_MICA_OFF:
		role_end(realm, HOW_OFF, 0, false);
		return LEAVE;
	case RMI_EXIT_MICA_STOPPED:
		if (!role_gone(realm))
			role_end(realm, HOW_STOPPED, 0, false);
		return LEAVE;
	}
	return unexpected(rec);
}

/* Its Realm is off, or its role is not sealed any more. */
static bool is_gone(uint64_t status)
{
	return RMI_RET_STATUS(status) == RMI_ERROR_REALM || status == MICA_POLICY(MICA_RULE_ROLE_STATE);
}

/* An entry that the monitor did not make. */
static enum next refused(struct rec *rec, uint64_t status, uint64_t seen)
{
	uint64_t in[6] = { SMC_RMI_REC_ENTER, rec->pa, rec->run_pa };
	struct realm *realm = rec->realm;
	char text[256];

	if (status == MICA_POLICY(MICA_RULE_PARKED) && rec->parked) {
		gate_park(rec, seen);
		return ENTER;
	}
	if (RMI_RET_STATUS(status) == RMI_ERROR_REC && realm->rec->rights & MICA_RIGHT_PSCI)
		return psci_wait_on(rec) ? ENTER : LEAVE;
	/* Another REC of the role may have switched it off, a caller may have, or a stop is under way. */
	if (realm_over(realm) || (is_gone(status) && role_gone(realm)))
		return LEAVE;
	rmi_describe(in, status, 0, text, sizeof(text));
	vmm_fail(realm->vmm, "role '%s': %s", realm->name, text);
	return LEAVE;
}

static void count(struct vmm *vmm, const struct mica_ioc_run *run)
{
	pthread_mutex_lock(&vmm->lock);
	vmm->rec_entries += run->entries;
	if (run->entries)
		vmm->rec_exits_irq += run->entries - 1;
	pthread_mutex_unlock(&vmm->lock);
}

/* It ran: whatever it was is over. */
static void ran(struct rec *rec)
{
	pthread_mutex_lock(&rec->realm->vmm->lock);
	rec->parked = false;
	pthread_mutex_unlock(&rec->realm->vmm->lock);
	timer_inject(rec);
}

static enum next run_once(struct rec *rec)
{
	struct mica_ioc_run run = {
		.rec = rec->pa, .run_pa = rec->run_pa, .flags = timer_shown(rec) ? MICA_RUN_IRQ_EXITS : 0,
	};
	struct realm *realm = rec->realm;
	struct vmm *vmm = realm->vmm;
	uint64_t seen = wakes_of(realm);
	int ret;

	pthread_mutex_lock(&vmm->lock);
	rec->switched_on = false;
	pthread_mutex_unlock(&vmm->lock);
	ret = dev_run(&run);
	count(vmm, &run);
	seen_count(rec, &run);
	if (ret < 0 && ret != -EINTR) {
		vmm_fail(vmm, "role '%s': the driver does not run its REC: %s", realm->name, strerror(-ret));
		return LEAVE;
	}
	if (run.status != RMI_SUCCESS)
		return refused(rec, run.status, seen);
	if (run.entries)
		ran(rec);
	return ret == -EINTR ? ENTER : serve(rec, seen);
}

static void *rec_thread(void *arg)
{
	struct rec *rec = arg;

	rec->run->enter.flags = RMI_ENTER_TRAP_WFI;
	while (!realm_over(rec->realm) && run_once(rec) == ENTER)
		;
	seen_tell(rec->realm);
	return NULL;
}

int realm_run(struct vmm *vmm, struct realm *realm)
{
	unsigned int i;
	int err;

	/* All of them before any runs: the first may switch another on at once. */
	pthread_mutex_lock(&vmm->lock);
	for (i = 0; i < realm->n_recs; i++)
		realm->recs[i].parked = realm->recs[i].off = realm->recs[i].switched_on = false;
	pthread_mutex_unlock(&vmm->lock);
	for (i = 0; i < realm->n_recs; i++) {
		struct rec *rec = &realm->recs[i];

		err = pthread_create(&rec->thread, NULL, rec_thread, rec);
		if (err)
			return vmm_fail(vmm, "no thread for role '%s': %s", realm->name, strerror(err));
		rec->started = true;
	}
	return 0;
}

static void on_kick(int sig)
{
	(void)sig;	/* its only use is to interrupt the ioctl */
}

int run_start(struct vmm *vmm)
{
	struct sigaction act = { .sa_handler = on_kick };
	unsigned int i;

	sigaction(KICK_SIGNAL, &act, NULL);
	for (i = 0; i < vmm->n_realms; i++)
		if (realm_run(vmm, &vmm->realms[i]) < 0)
			return -1;
	return 0;
}

/* A kick can come just before the ioctl it should interrupt, so it is repeated. */
static void join(struct rec *rec)
{
	struct timespec until;

	do {
		pthread_kill(rec->thread, KICK_SIGNAL);
		until = in_ns(20000000UL);
	} while (pthread_timedjoin_np(rec->thread, NULL, &until) == ETIMEDOUT);
	rec->started = false;
}

void realm_join(struct realm *realm)
{
	unsigned int i;

	for (i = 0; i < MICA_MAX_VCPUS; i++)
		if (realm->recs[i].started)
			join(&realm->recs[i]);
}

void run_stop(struct vmm *vmm)
{
	uint64_t stop[6] = { SMC_RMI_MICA, MICA_WF_STOP, vmm->wf };
	unsigned int i;

	pthread_mutex_lock(&vmm->lock);
	vmm->stopping = true;
	pthread_cond_broadcast(&vmm->changed);
	for (i = 0; i < vmm->n_realms; i++)
		pthread_cond_broadcast(&vmm->realms[i].woken);
	pthread_mutex_unlock(&vmm->lock);
	if (vmm->wf)
		rmi_ask(vmm, stop);
	for (i = 0; i < vmm->n_realms; i++)
		realm_join(&vmm->realms[i]);
}
