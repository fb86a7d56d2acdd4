/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RSI_REALM_CONFIG"

static void set_up(uint64_t x[REGS]) { caller_new(x); x[1] = CALLER_BUFFER; }
static const struct env env = { .fid = SMC_RSI_REALM_CONFIG, .rsi = true, .set_up = set_up };

ROW(addr_align__8, RSI_ERROR_INPUT, x[1] += 8);
ROW(addr_align__half, RSI_ERROR_INPUT, x[1] += PAGE / 2);
ROW(addr_bound__unprotected, RSI_ERROR_INPUT, x[1] = PAR_END);
ROW(addr_bound__beyond, RSI_ERROR_INPUT, x[1] = IPA_END);
ROW(addr_bound__last, RSI_ERROR_INPUT, x[1] = ~0xfffUL);
ROW(addr_bound__empty, RSI_ERROR_INPUT, x[1] = REALM_HOLE);
GOOD(success, , true);
