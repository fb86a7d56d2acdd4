/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_VERSION"

static void set_up(uint64_t x[REGS]) { x[1] = RMI_ABI_VERSION_1_0; }
/* both versions are reported whatever was asked for */
static const struct env env = { .fid = SMC_RMI_VERSION, .set_up = set_up, .outputs = 1 << 1 | 1 << 2 };

ROW(incompatible__minor, INPUT, x[1] = 0x10001);
ROW(incompatible__higher, INPUT, x[1] = 0x20000);
ROW(incompatible__lower, INPUT, x[1] = 0);
ROW(incompatible__wide, INPUT, x[1] = 0x100010000);
GOOD(success, , r[1] == 0x10000 && r[2] == 0x10000 && r[3] == 0);
GOOD(success__sve_hint, x[0] |= SMCCC_SVE_HINT, r[1] == 0x10000);
