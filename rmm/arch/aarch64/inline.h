/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of arch.h that are an instruction or two; and where the monitor's maps of DRAM lie. */
#ifndef RMM_ARCH_INLINE_H
#define RMM_ARCH_INLINE_H

#include "layout.h"

static inline unsigned int arch_cpu_id(void)
{
	return (unsigned int)read_TPIDR_EL2();
}

static inline void arch_isb(void)
{
	__asm__ volatile("isb" : : : "memory");
}

static inline void arch_dsb_ish(void)
{
	__asm__ volatile("dsb ish" : : : "memory");
}

static inline void *arch_granule_va(pa_t pa)
{
	return (void *)(VA_REALM_MAP + pa.v);
}

static inline bool arch_interrupt_pending(void)
{
	return read_ISR_EL1() != 0;
}

#endif
