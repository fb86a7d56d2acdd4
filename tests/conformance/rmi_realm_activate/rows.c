/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_REALM_ACTIVATE"

static struct realm r;

static void set_up(uint64_t x[REGS])
{
	realm_with_rec(&r, REALM_HELLO);
	x[1] = r.rd;
}
static const struct env env = { .fid = SMC_RMI_REALM_ACTIVATE, .set_up = set_up };

RD_ROWS;
LAST(realm_state__active, REALM(0), go(&r));
LAST(realm_state__system_off, REALM(0), go(&r); switch_off(&r));
GOOD(success, , true);
