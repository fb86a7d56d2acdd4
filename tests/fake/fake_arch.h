/* SPDX-License-Identifier: Apache-2.0 */
/* The part of arch.h that is inline on the real machine. */
#ifndef FAKE_ARCH_H
#define FAKE_ARCH_H

#include <stdbool.h>

#include "../../rmm/core/types.h"

unsigned int arch_cpu_id(void);
void *arch_granule_va(pa_t pa);
bool arch_interrupt_pending(void);

void arch_dsb_ish(void);

static inline void arch_isb(void) {}

#endif
