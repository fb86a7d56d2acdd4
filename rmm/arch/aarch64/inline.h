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

static inline void arch_wfe(void)
{
	__asm__ volatile("wfe" : : : "memory");
}

/* Write the cache lines of [p, p + size) back to memory, for readers with the MMU off. */
static inline void arch_clean(const void *p, size_t size)
{
	for (size_t i = 0; i < size; i += 16)
		__asm__ volatile("dc cvac, %0" : : "r"((uint64_t)p + i) : "memory");
	__asm__ volatile("dsb sy" : : : "memory");
}

static inline void *arch_granule_va(pa_t pa)
{
	return (void *)(VA_REALM_MAP + pa.v);
}

/* This CPU's own entry for a virtual address of the monitor. */
static inline void arch_tlbi_own(uint64_t va)
{
	__asm__ volatile("tlbi vae2, %0\n\tdsb nsh\n\tisb" : : "r"(va >> 12) : "memory");
}

static inline bool arch_interrupt_pending(void)
{
	return read_ISR_EL1() != 0;
}

#endif
