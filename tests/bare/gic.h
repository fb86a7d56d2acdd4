/* SPDX-License-Identifier: Apache-2.0 */
/* The host's interrupts, on the CPU that asks. It keeps them masked: they are there to take CPUs from Realms. */
#ifndef BARE_GIC_H
#define BARE_GIC_H

#include <stdbool.h>
#include <stdint.h>

#define PPI_MAINTENANCE	25
#define PPI_EL2_TIMER	26
#define PPI_V_TIMER	27
#define PPI_P_TIMER	30
#define INTID_NONE	1023

void gic_enable(unsigned int intid);	/* an SGI or PPI */
void gic_disable_all(void);		/* nothing enabled, nothing pending */
void gic_pend(unsigned int intid);
bool irq_pending(void);
/* Take the pending interrupt and end it; which one it was. */
unsigned int gic_take(void);
/* PPI_EL2_TIMER goes off after @us microseconds. */
void el2_timer_start(uint64_t us);
void el2_timer_stop(void);
uint64_t counter(void);
uint64_t counter_us(uint64_t us);	/* that long, in ticks */

#endif
