/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RSI_MEASUREMENT_READ"

static void set_up(uint64_t x[REGS]) { caller_new(x); x[1] = 0; }
static const struct env env = { .fid = SMC_RSI_MEASUREMENT_READ, .rsi = true, .set_up = set_up };

ROW(index_bound__5, RSI_ERROR_INPUT, x[1] = 5);
ROW(index_bound__wide, RSI_ERROR_INPUT, x[1] = 1UL << 32);
ROW(index_bound__last, RSI_ERROR_INPUT, x[1] = ~0UL);
GOOD(success__rim, , (r[1] | r[2] | r[3] | r[4]) != 0 && (r[5] | r[6] | r[7] | r[8]) == 0);
GOOD(success__rem_zero, x[1] = 4, (r[1] | r[2] | r[3] | r[4]) == 0);
