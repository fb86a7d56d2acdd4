/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_DATA_DESTROY"

static struct realm r;

static void set_up(uint64_t x[REGS])
{
	realm_with_rec(&r, REALM_HELLO);
	x[1] = r.rd;
	x[2] = 0;
}
static const struct env env = { .fid = SMC_RMI_DATA_DESTROY, .set_up = set_up };
static const struct env env_top = { .fid = SMC_RMI_DATA_DESTROY, .set_up = set_up, .outputs = 1 << 2 };

RD_ROWS;
ROW(ipa_align, INPUT, x[2] += 8);
ROW(ipa_bound__unprotected, INPUT, x[2] = PAR_END);
ROW(ipa_bound__beyond, INPUT, x[2] = IPA_END);
ROW(ipa_bound_before_rtt_walk, INPUT, x[2] = PAR_END + GIB);
ROW(ipa_bound_before_rtte_state, INPUT, x[2] = PAR_END);
ROW(ipa_align_before_rtt_walk, INPUT, x[2] = 2 * GIB + 8);
#define env env_top
ROW(rtt_walk__level1, RTT(1), x[2] = 2 * GIB);
ROW(rtt_walk__level2, RTT(2), x[2] = BLOCK);
ROW(rtte_state, RTT(3), x[2] = REALM_HOLE);
#undef env
GOOD(success, , r[1] != 0 && r[2] == PAGE);
GOOD(success__active, go(&r), r[1] != 0);
