/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_GRANULE_DELEGATE"

static void set_up(uint64_t x[REGS]) { x[1] = host_page(); }
static const struct env env = { .fid = SMC_RMI_GRANULE_DELEGATE, .set_up = set_up };

GRANULE_ROWS(gran, 1);
STATE_ROW(gran, 1, delegated);
STATE_ROW(gran, 1, rd);
STATE_ROW(gran, 1, rec);
STATE_ROW(gran, 1, aux);
STATE_ROW(gran, 1, rtt);
STATE_ROW(gran, 1, data);
ROW(gran_pas__secure, INPUT, x[1] = 0x0e100000);	/* secure memory of the machine */
GOOD(success, , true);
