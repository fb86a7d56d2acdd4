/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_REALM_DESTROY"

static struct realm r;

static void set_up(uint64_t x[REGS])
{
	realm_create(&r, next_vmid());
	x[1] = r.rd;
}
static const struct env env = { .fid = SMC_RMI_REALM_DESTROY, .set_up = set_up };

RD_ROWS;
LAST(realm_live__table, REALM(0), realm_tables(&r));
LAST(realm_live__rec, REALM(0), realm_rec(&r, REALM_HELLO));
LAST(realm_live__active, REALM(0), realm_tables(&r); realm_load(&r); realm_rec(&r, REALM_HELLO); go(&r));
GOOD(success, , true);
GOOD(success__active, go(&r), true);
GOOD(success__unprotected, must(RMI0(RTT_MAP_UNPROTECTED, r.rd, PAR_END, 1, GIB | RMI_DESC_MEMATTR_WB)), true);
