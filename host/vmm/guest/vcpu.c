/* SPDX-License-Identifier: Apache-2.0 */
/* A vCPU's life: list registers in, a run, list registers and timers out, the exit served; sleep in between. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

#define KICK_SIGNAL	SIGUSR1
#define IDLE_MAX_NS	100000000ULL	/* looks again after this long, kicked or not */

#define TIMER_ENABLE	1UL
#define TIMER_IMASK	2UL
#define TIMER_ISTATUS	4UL

void vcpu_kick(struct vcpu *vcpu)
{
	if (vcpu->running)
		pthread_kill(vcpu->rec->thread, KICK_SIGNAL);
	pthread_cond_signal(&vcpu->wake);
}

void guest_uart_changed(struct guest *guest)
{
	bool level = pl011_line(&guest->uart);
	unsigned int i;

	if (guest->starved && pl011_room(&guest->uart)) {
		guest->starved = false;
		vmm_kick(guest->vmm);
	}
	if (guest->gic.spi[GUEST_UART_SPI - GIC_PRIVATE].line == level)
		return;
	gic_spi(&guest->gic, GUEST_UART_SPI, level);
	for (i = 0; level && i < guest->realm.n_recs; i++)
		if (gic_wanted(&guest->gic, i))
			vcpu_kick(&guest->vcpu[i]);
}

void guest_flush(struct guest *guest)
{
	size_t at = 0;
	ssize_t n;

	while (at < guest->uart.out_len) {
		n = write(STDOUT_FILENO, guest->uart.out + at, guest->uart.out_len - at);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			break;
		if (n > 0)
			at += (size_t)n;
	}
	guest->uart.out_len = 0;
}

void guest_off(struct guest *guest)
{
	unsigned int i;

	guest->off = true;
	guest_flush(guest);
	for (i = 0; i < guest->realm.n_recs; i++)
		vcpu_kick(&guest->vcpu[i]);
	vmm_kick(guest->vmm);
}

static bool asserted(uint64_t ctl)
{
	return (ctl & (TIMER_ENABLE | TIMER_IMASK | TIMER_ISTATUS)) == (TIMER_ENABLE | TIMER_ISTATUS);
}

/* Nanoseconds of `ticks` of the counter Realm and host share. */
static uint64_t ticks_to_ns(uint64_t ticks)
{
	return (uint64_t)((double)ticks * 1e9 / (double)dev_counter_hz());
}

/* Nanoseconds until a timer that is on and not masked fires; at most IDLE_MAX_NS. */
static uint64_t until_timer(uint64_t ctl, uint64_t cval)
{
	uint64_t now = dev_counter();

	if ((ctl & (TIMER_ENABLE | TIMER_IMASK)) != TIMER_ENABLE)
		return IDLE_MAX_NS;
	if (cval <= now)
		return 0;
	return min_u64(IDLE_MAX_NS, ticks_to_ns(cval - now));
}

/* Under the lock. The Realm waits for an interrupt, or is off: until there is one, or it is on. */
static void sleep_idle(struct vcpu *vcpu)
{
	const struct rmi_rec_exit *exit = &vcpu->rec->run->exit;
	struct guest *guest = vcpu->guest;
	struct timespec until;
	uint64_t ns;

	guest_flush(guest);
	while (!guest->off && !vcpu->on)
		pthread_cond_wait(&vcpu->wake, &guest->lock);
	ns = min_u64(until_timer(exit->cntv_ctl, exit->cntv_cval),
		     until_timer(exit->cntp_ctl, exit->cntp_cval));
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += (long)ns;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	while (!guest->off && vcpu->idle && !gic_wanted(&guest->gic, vcpu->index) && ns > 0)
		if (pthread_cond_timedwait(&vcpu->wake, &guest->lock, &until) == ETIMEDOUT)
			break;
	vcpu->idle = false;
}

/* What the exit says about interrupts: list registers back, levels of the timers. */
static void take_back(struct vcpu *vcpu)
{
	const struct rmi_rec_exit *exit = &vcpu->rec->run->exit;
	struct gic *gic = &vcpu->guest->gic;

	gic_save(gic, vcpu->index, exit->gicv3_lrs);
	gic_ppi(gic, vcpu->index, PPI_VTIMER, asserted(exit->cntv_ctl));
	gic_ppi(gic, vcpu->index, PPI_PTIMER, asserted(exit->cntp_ctl));
}

/* Under the lock, which is dropped for the run. False: the guest is over. */
static bool run_once(struct vcpu *vcpu)
{
	struct guest *guest = vcpu->guest;
	struct rmi_rec_run *run = vcpu->rec->run;
	struct mica_ioc_run arg = {
		.rec = vcpu->rec->pa, .run_pa = vcpu->rec->run_pa, .flags = MICA_RUN_IRQ_EXITS,
	};
	int ret;

	run->enter.gicv3_hcr = gic_load(&guest->gic, vcpu->index, run->enter.gicv3_lrs);
	vcpu->running = true;
	vcpu->switched_on = false;
	pthread_mutex_unlock(&guest->lock);
	ret = dev_run(&arg);
	pthread_mutex_lock(&guest->lock);
	vcpu->running = false;
	if (ret < 0 && ret != -EINTR) {
		vmm_fail(guest->vmm, "the driver does not run vCPU %u: %s", vcpu->index, strerror(-ret));
		return false;
	}
	if (RMI_RET_STATUS(arg.status) == RMI_ERROR_REC) {	/* CPU_ON of one that was on, which then went off */
		gic_save(&guest->gic, vcpu->index, run->enter.gicv3_lrs);
		vcpu->on = vcpu->switched_on;
		return true;
	}
	if (arg.status != RMI_SUCCESS) {
		/* a Realm that another vCPU has just switched off, whose thread did not come to say so */
		if (!guest->off && RMI_RET_STATUS(arg.status) != RMI_ERROR_REALM)
			vmm_fail(guest->vmm, "RMI_REC_ENTER of vCPU %u fails with %#llx", vcpu->index,
				 (unsigned long long)arg.status);
		return false;
	}
	if (arg.entries == 0) {
		gic_save(&guest->gic, vcpu->index, run->enter.gicv3_lrs);
		return true;
	}
	take_back(vcpu);
	return vcpu_exit(vcpu);
}

void *vcpu_thread(void *arg)
{
	struct vcpu *vcpu = arg;
	struct guest *guest = vcpu->guest;

	vcpu->rec->run->enter.flags = RMI_ENTER_TRAP_WFI;
	pthread_mutex_lock(&guest->lock);
	while (!guest->off) {
		if (!vcpu->on || vcpu->idle)
			sleep_idle(vcpu);
		if (!guest->off && !run_once(vcpu))
			break;
	}
	guest_off(guest);
	pthread_mutex_unlock(&guest->lock);
	return NULL;
}
