/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_FEATURES"

static void set_up(uint64_t x[REGS]) { x[1] = 0; }
static const struct env env = { .fid = SMC_RMI_FEATURES, .set_up = set_up };

GOOD(index_0__reserved, , r[1] >> 42 == 0);
GOOD(index_0__s2sz, , (r[1] & 0xff) >= 32 && (r[1] & 0xff) <= 52);
GOOD(index_0__breakpoints, , (r[1] >> 14 & 0x3f) != 0 && (r[1] >> 20 & 0x3f) != 0);
GOOD(index_0__pmu, , (r[1] >> 26 & 1) != 0 || (r[1] >> 27 & 0x1f) == 0);
GOOD(index_0__hashes, , (r[1] >> 32 & 3) != 0);
GOOD(index_0__list_registers, , (r[1] >> 34 & 0xf) < 16);
GOOD(index_other__1, x[1] = 1, r[1] == 0);
GOOD(index_other__last, x[1] = ~0UL, r[1] == 0);
