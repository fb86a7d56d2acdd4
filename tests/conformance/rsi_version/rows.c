/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RSI_VERSION"

static void set_up(uint64_t x[REGS]) { caller_new(x); x[1] = RSI_ABI_VERSION_1_0; }
static const struct env env = { .fid = SMC_RSI_VERSION, .rsi = true, .set_up = set_up, .outputs = 1 << 1 | 1 << 2 };

ROW(incompatible__minor, RSI_ERROR_INPUT, x[1] = 0x10001);
ROW(incompatible__higher, RSI_ERROR_INPUT, x[1] = 0x20000);
ROW(incompatible__lower, RSI_ERROR_INPUT, x[1] = 0);
GOOD(success, , r[1] == 0x10000 && r[2] == 0x10000 && r[3] == 0);
GOOD(success__sve_hint, x[0] |= SMCCC_SVE_HINT, r[1] == 0x10000);
LAST(unknown_fid__first_free, SMCCC_NOT_SUPPORTED, x[0] = SMC_RSI_HOST_CALL + 1);
LAST(unknown_fid__rmi, SMCCC_NOT_SUPPORTED, x[0] = SMC_RMI_VERSION);
LAST(unknown_fid__rmi_enter, SMCCC_NOT_SUPPORTED, x[0] = SMC_RMI_REC_ENTER);
LAST(unknown_fid__smc32, SMCCC_NOT_SUPPORTED, x[0] = 0x84000190);
