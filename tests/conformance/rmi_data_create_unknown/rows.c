/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_DATA_CREATE_UNKNOWN"

static struct realm r;

static void set_up(uint64_t x[REGS])
{
	realm_with_rec(&r, REALM_HELLO);
	x[1] = r.rd;
	x[2] = delegated();
	x[3] = REALM_HOLE;
}
static const struct env env = { .fid = SMC_RMI_DATA_CREATE_UNKNOWN, .set_up = set_up };

RD_ROWS;
DELEGATED_ROWS(data, 2);
ROW(data_alias__rd, INPUT, x[2] = x[1]);
ROW(ipa_align, INPUT, x[3] += 8);
ROW(ipa_bound__unprotected, INPUT, x[3] = PAR_END);
ROW(ipa_bound__beyond, INPUT, x[3] = IPA_END);
ROW(rtt_walk__level1, RTT(1), x[3] = 2 * GIB);
ROW(rtt_walk__level2, RTT(2), x[3] = BLOCK);
ROW(rtte_state, RTT(3), x[3] = 0);
ROW(ipa_bound_before_rtt_walk, INPUT, x[3] = PAR_END + GIB);
ROW(ipa_bound_before_rtte_state, INPUT, x[3] = PAR_END);
ROW(ipa_align_before_rtt_walk, INPUT, x[3] = 2 * GIB + 8);
ROW(data_state_before_rtt_walk, INPUT, x[2] = sample.ns; x[3] = 2 * GIB);
GOOD(success__new, , true);
GOOD(success__active, go(&r), true);
GOOD(success__system_off, go(&r); switch_off(&r), true);
