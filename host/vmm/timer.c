/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The timers of a role with the right `timer`: every exit shows them, and what of their two interrupts the Realm has
 * taken. A timer that has fired is made pending in a list register; one that has not, or no more, is withdrawn unless the
 * Realm is handling it. Source: RMM specification, REC exit; GIC architecture, ICH_LR<n>_EL2.
 */
#include <string.h>

#include "vmm.h"

#define TIMER_ENABLE	1UL
#define TIMER_IMASK	2UL
#define TIMER_ISTATUS	4UL

#define LR_PENDING	(1UL << 62)
#define LR_ACTIVE	(1UL << 63)
#define LR_GROUP1	(1UL << 60)
#define LR_PRIORITY	(0x80UL << 48)
#define LR_INTID(lr)	((uint32_t)(lr))

#define PPI_VTIMER	27
#define PPI_PTIMER	30
#define TIMERS		2		/* list registers; every GIC has as many */

bool timer_shown(const struct rec *rec)
{
	return rec->realm->rec->rights & MICA_RIGHT_TIMER;
}

static bool fired(uint64_t ctl)
{
	return (ctl & (TIMER_ENABLE | TIMER_IMASK | TIMER_ISTATUS)) == (TIMER_ENABLE | TIMER_ISTATUS);
}

/* The state bits of this interrupt in the exit's list registers. */
static uint64_t state_of(const struct rmi_rec_exit *exit, uint32_t intid)
{
	uint64_t state = 0;
	unsigned int i;

	for (i = 0; i < TIMERS; i++)
		if (LR_INTID(exit->gicv3_lrs[i]) == intid)
			state |= exit->gicv3_lrs[i] & (LR_PENDING | LR_ACTIVE);
	return state;
}

/* One that is being handled stays so and is not made pending a second time: the next exit tells. */
static uint64_t next_lr(const struct rmi_rec_exit *exit, uint32_t intid, bool level)
{
	uint64_t state = state_of(exit, intid) & LR_ACTIVE;

	if (state == 0 && level)
		state = LR_PENDING;
	return state ? state | LR_GROUP1 | LR_PRIORITY | intid : 0;
}

void timer_inject(struct rec *rec)
{
	const struct rmi_rec_exit *exit = &rec->run->exit;
	struct rmi_rec_enter *enter = &rec->run->enter;

	if (!timer_shown(rec))
		return;
	memset(enter->gicv3_lrs, 0, sizeof(enter->gicv3_lrs));
	enter->gicv3_lrs[0] = next_lr(exit, PPI_VTIMER, fired(exit->cntv_ctl));
	enter->gicv3_lrs[1] = next_lr(exit, PPI_PTIMER, fired(exit->cntp_ctl));
}

static uint64_t until(uint64_t ctl, uint64_t cval, uint64_t ns)
{
	uint64_t now = dev_counter();
	double left;

	if ((ctl & (TIMER_ENABLE | TIMER_IMASK)) != TIMER_ENABLE)
		return ns;
	if (cval <= now)
		return 0;
	left = (double)(cval - now) * 1e9 / (double)dev_counter_hz();
	return left < (double)ns ? (uint64_t)left : ns;
}

uint64_t timer_within(const struct rec *rec, uint64_t ns)
{
	const struct rmi_rec_exit *exit = &rec->run->exit;

	if (!timer_shown(rec))
		return ns;
	return until(exit->cntp_ctl, exit->cntp_cval, until(exit->cntv_ctl, exit->cntv_cval, ns));
}
