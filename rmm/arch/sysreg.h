/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accessors of system registers, expanded from one list. The fake layer gives the same names over
 * per-CPU storage (compile with -DFAKE_ARCH and tests/fake in the include path).
 */
#ifndef RMM_ARCH_SYSREG_H
#define RMM_ARCH_SYSREG_H

#include <stdint.h>

#ifdef FAKE_ARCH
#include "fake_sysreg.h"
#else
#include "aarch64/sysreg_real.h"
#endif

#endif
