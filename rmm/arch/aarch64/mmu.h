/* SPDX-License-Identifier: Apache-2.0 */
/* The monitor's own translation tables: built once at cold boot, then constant but for the windows. */
#ifndef RMM_ARCH_MMU_H
#define RMM_ARCH_MMU_H

#include "../../core/types.h"

/* MMU off: image, stacks, UART and shared page, for CPU 0. Called from boot.S. */
void mmu_build_image(void);
/* MMU on: both maps of the delegable bank, and the root tables of all CPUs. */
void mmu_map_dram(pa_t base, uint64_t size);

#endif
