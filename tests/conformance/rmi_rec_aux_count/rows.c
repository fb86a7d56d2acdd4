/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_REC_AUX_COUNT"

static struct realm r;

static void set_up(uint64_t x[REGS])
{
	realm_create(&r, next_vmid());
	x[1] = r.rd;
}
static const struct env env = { .fid = SMC_RMI_REC_AUX_COUNT, .set_up = set_up };

RD_ROWS;
GOOD(success, , r[1] <= RMI_MAX_REC_AUX);
