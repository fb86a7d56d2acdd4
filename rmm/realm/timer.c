/* SPDX-License-Identifier: Apache-2.0 */
/* Timer lines: CNTx_CTL says what is asserted, CNTHCTL_EL2 whether it may reach the GIC. */
#include "timer.h"

#define CTL_ENABLE	BIT(0)
#define CTL_IMASK	BIT(1)
#define CTL_ISTATUS	BIT(2)

/* E2H layout; a Realm reads its counters and timers without a trap */
#define CNTHCTL_EL1PCTEN	BIT(10)
#define CNTHCTL_EL1PTEN		BIT(11)
#define CNTHCTL_CNTVMASK	BIT(18)
#define CNTHCTL_CNTPMASK	BIT(19)
#define CNTHCTL_OPEN		(CNTHCTL_EL1PCTEN | CNTHCTL_EL1PTEN)

static unsigned int asserted(uint64_t v_ctl, uint64_t p_ctl)
{
	const uint64_t all = CTL_ENABLE | CTL_IMASK | CTL_ISTATUS;
	const uint64_t up = CTL_ENABLE | CTL_ISTATUS;

	return ((v_ctl & all) == up ? TIMER_V : 0) | ((p_ctl & all) == up ? TIMER_P : 0);
}

unsigned int timer_asserted(void)
{
	return asserted(read_CNTV_CTL_EL02(), read_CNTP_CTL_EL02());
}

unsigned int timer_asserted_saved(const struct rec_sysregs *sys)
{
	return asserted(sys->CNTV_CTL, sys->CNTP_CTL);
}

void timer_mask_all(void)
{
	write_CNTHCTL_EL2(CNTHCTL_OPEN | CNTHCTL_CNTVMASK | CNTHCTL_CNTPMASK);
	arch_isb();
}

void timer_set_masks(unsigned int asserted_now)
{
	uint64_t v = CNTHCTL_OPEN | (asserted_now & TIMER_V ? CNTHCTL_CNTVMASK : 0) |
		     (asserted_now & TIMER_P ? CNTHCTL_CNTPMASK : 0);

	if (read_CNTHCTL_EL2() != v)
		write_CNTHCTL_EL2(v);
}
