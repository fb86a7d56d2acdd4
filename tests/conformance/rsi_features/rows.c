/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RSI_FEATURES"

static const struct env env = { .fid = SMC_RSI_FEATURES, .rsi = true, .set_up = caller_new };

GOOD(index__0, x[1] = 0, r[1] == 0);
GOOD(index__1, x[1] = 1, r[1] == 0);
GOOD(index__last, x[1] = ~0UL, r[1] == 0);
