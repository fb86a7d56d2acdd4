/* SPDX-License-Identifier: Apache-2.0 */
/* Timer lines: CNTx_CTL says what is asserted, CNTHCTL_EL2 whether it may reach the GIC. */
#include "timer.h"

#include "../arch/esr.h"

#define TIMER_REG(crm, op2)	ESR_SYS_REG(3, 3, 14, crm, op2)
#define REG_CNTP_TVAL		TIMER_REG(2, 0)
#define REG_CNTP_CTL		TIMER_REG(2, 1)
#define REG_CNTP_CVAL		TIMER_REG(2, 2)
#define REG_CNTV_TVAL		TIMER_REG(3, 0)
#define REG_CNTV_CTL		TIMER_REG(3, 1)
#define REG_CNTV_CVAL		TIMER_REG(3, 2)

#define CTL_ENABLE	BIT(0)
#define CTL_IMASK	BIT(1)
#define CTL_ISTATUS	BIT(2)

/* E2H layout; a Realm uses its counters and timers without a trap. EL1TVT needs FEAT_ECV, which RME implies. */
#define CNTHCTL_EL1PCTEN	BIT(10)
#define CNTHCTL_EL1PTEN		BIT(11)
#define CNTHCTL_EL1TVT		BIT(13)
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
	uint64_t v = CNTHCTL_EL1PCTEN | (asserted_now & TIMER_V ? CNTHCTL_CNTVMASK | CNTHCTL_EL1TVT : 0) |
		     (asserted_now & TIMER_P ? CNTHCTL_CNTPMASK : CNTHCTL_EL1PTEN);

	if (read_CNTHCTL_EL2() != v)
		write_CNTHCTL_EL2(v);
}

/* ---- accesses of the Realm ---- */

bool timer_has_register(uint64_t reg)
{
	return reg == REG_CNTP_TVAL || reg == REG_CNTP_CTL || reg == REG_CNTP_CVAL ||
	       reg == REG_CNTV_TVAL || reg == REG_CNTV_CTL || reg == REG_CNTV_CVAL;
}

static unsigned int line_of(uint64_t reg)
{
	return reg == REG_CNTV_TVAL || reg == REG_CNTV_CTL || reg == REG_CNTV_CVAL ? TIMER_V : TIMER_P;
}

/* A Realm's counters have no offset: both show the physical count. */
static uint64_t tval_of(uint64_t cval)
{
	return (cval - read_CNTPCT_EL0()) & 0xffffffffUL;
}

uint64_t timer_read(uint64_t reg)
{
	switch (reg) {
	case REG_CNTP_TVAL:
		return tval_of(read_CNTP_CVAL_EL02());
	case REG_CNTP_CTL:
		return read_CNTP_CTL_EL02();
	case REG_CNTP_CVAL:
		return read_CNTP_CVAL_EL02();
	case REG_CNTV_TVAL:
		return tval_of(read_CNTV_CVAL_EL02());
	case REG_CNTV_CTL:
		return read_CNTV_CTL_EL02();
	case REG_CNTV_CVAL:
		return read_CNTV_CVAL_EL02();
	}
	rmm_panic("timer_read: register");
}

static void set_cval(uint64_t reg, uint64_t cval)
{
	if (line_of(reg) == TIMER_V)
		write_CNTV_CVAL_EL02(cval);
	else
		write_CNTP_CVAL_EL02(cval);
	arch_isb();
}

static void set_ctl(uint64_t reg, uint64_t ctl)
{
	ctl &= CTL_ENABLE | CTL_IMASK;
	if (line_of(reg) == TIMER_V)
		write_CNTV_CTL_EL02(ctl);
	else
		write_CNTP_CTL_EL02(ctl);
	arch_isb();
}

unsigned int timer_write(uint64_t reg, uint64_t v)
{
	uint64_t before = read_CNTPCT_EL0();

	switch (reg) {
	case REG_CNTP_CTL:
	case REG_CNTV_CTL:
		set_ctl(reg, v);
		return line_of(reg) & ~timer_asserted();
	case REG_CNTP_TVAL:
	case REG_CNTV_TVAL:
		v = before + (uint64_t)(int64_t)(int32_t)v;
		break;
	}
	set_cval(reg, v);
	return v > before ? line_of(reg) : 0;	/* it may be up again by now: then that is news */
}
