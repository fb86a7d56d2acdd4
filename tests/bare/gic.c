/* SPDX-License-Identifier: Apache-2.0 */
/* GICv3 as far as a host needs it that masks every interrupt: redistributor and CPU interface. */
#include "gic.h"

#define GICD_CTLR	((volatile uint32_t *)0x08000000)
#define GICD_ARE_GRP1	(1U << 4 | 1U << 1)
#define GICR_SGI_BASE	0x080b0000UL
#define GICR_STRIDE	0x20000UL
#define ISENABLER	0x100
#define ICENABLER	0x180
#define ISPENDR		0x200
#define ICPENDR		0x280
#define ISR_I		(1UL << 7)

static volatile uint32_t *redist(uint64_t reg)
{
	uint64_t mpidr;

	__asm__ volatile("mrs %0, mpidr_el1" : "=r"(mpidr));
	return (volatile uint32_t *)(GICR_SGI_BASE + (mpidr & 0xff) * GICR_STRIDE + reg);
}

static void settle(void)
{
	__asm__ volatile("dsb sy\n\tisb" : : : "memory");
}

void gic_enable(unsigned int intid)
{
	*GICD_CTLR |= GICD_ARE_GRP1;
	__asm__ volatile("msr s3_0_c4_c6_0, %0" : : "r"(0xffUL));	/* ICC_PMR_EL1 */
	__asm__ volatile("msr s3_0_c12_c12_7, %0" : : "r"(1UL));	/* ICC_IGRPEN1_EL1 */
	*redist(ISENABLER) = 1U << intid;
	settle();
}

void gic_disable_all(void)
{
	el2_timer_stop();
	*redist(ICENABLER) = ~0U;
	*redist(ICPENDR) = ~0U;
	settle();
}

void gic_pend(unsigned int intid)
{
	*redist(ISPENDR) = 1U << intid;
	settle();
}

bool irq_pending(void)
{
	uint64_t isr;

	__asm__ volatile("isb\n\tmrs %0, isr_el1" : "=r"(isr));
	return isr & ISR_I;
}

unsigned int gic_take(void)
{
	uint64_t intid;

	__asm__ volatile("mrs %0, s3_0_c12_c12_0" : "=r"(intid));	/* ICC_IAR1_EL1 */
	if (intid < 1020)
		__asm__ volatile("msr s3_0_c12_c12_1, %0\n\tisb" : : "r"(intid));	/* ICC_EOIR1_EL1 */
	return (unsigned int)intid;
}

uint64_t counter(void)
{
	uint64_t v;

	__asm__ volatile("isb\n\tmrs %0, cntpct_el0" : "=r"(v));
	return v;
}

uint64_t counter_us(uint64_t us)
{
	uint64_t hz;

	__asm__ volatile("mrs %0, cntfrq_el0" : "=r"(hz));
	return hz / 1000000 * us;
}

void el2_timer_start(uint64_t us)
{
	gic_enable(PPI_EL2_TIMER);
	__asm__ volatile("msr cnthp_cval_el2, %0" : : "r"(counter() + counter_us(us)));
	__asm__ volatile("msr cnthp_ctl_el2, %0\n\tisb" : : "r"(1UL));
}

void el2_timer_stop(void)
{
	__asm__ volatile("msr cnthp_ctl_el2, xzr\n\tisb");
}
