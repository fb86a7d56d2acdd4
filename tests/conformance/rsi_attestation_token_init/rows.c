/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RSI_ATTESTATION_TOKEN_INIT"

static const struct env env = { .fid = SMC_RSI_ATTEST_TOKEN_INIT, .rsi = true, .set_up = caller_new };

GOOD(success, , r[1] >= 2124 && r[1] <= 4096);
GOOD(success__again, uint64_t out[REGS]; const uint64_t in[REGS] = { SMC_RSI_ATTEST_TOKEN_INIT }; caller_smc(in, out), r[1] != 0);
