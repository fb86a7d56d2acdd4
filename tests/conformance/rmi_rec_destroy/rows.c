/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_REC_DESTROY"

static struct realm r;

static void set_up(uint64_t x[REGS])
{
	realm_with_rec(&r, REALM_HELLO);
	x[1] = r.rec;
}
static const struct env env = { .fid = SMC_RMI_REC_DESTROY, .set_up = set_up };

REC_ROWS(rec, 1);
GOOD(success__new, , true);
GOOD(success__active, go(&r), true);
GOOD(success__system_off, go(&r); switch_off(&r), true);
LAST(rec_state__destroyed, INPUT, must(RMI0(REC_DESTROY, r.rec)));

static void set_up_running(uint64_t x[REGS])
{
	running_start(&r);
	x[1] = r.rec;
}
static const struct env env_running = { .fid = SMC_RMI_REC_DESTROY, .set_up = set_up_running, .tear_down = running_stop };

#define env env_running
LAST(rec_running, REC, );
#undef env
