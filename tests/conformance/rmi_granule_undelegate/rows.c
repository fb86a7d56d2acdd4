/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_GRANULE_UNDELEGATE"

static uint64_t page;

static void set_up(uint64_t x[REGS]) { x[1] = page = delegated(); }
static const struct env env = { .fid = SMC_RMI_GRANULE_UNDELEGATE, .set_up = set_up };

GRANULE_ROWS(gran, 1);
STATE_ROW(gran, 1, ns);
STATE_ROW(gran, 1, rd);
STATE_ROW(gran, 1, rec);
STATE_ROW(gran, 1, aux);
STATE_ROW(gran, 1, rtt);
STATE_ROW(gran, 1, data);
GOOD(success__wiped, , host_can_read(page_ptr(page)) && *(uint64_t *)page_ptr(page) == 0);
