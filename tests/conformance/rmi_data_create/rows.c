/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_DATA_CREATE"

static struct realm r;

static void set_up(uint64_t x[REGS])
{
	realm_with_rec(&r, REALM_HELLO);
	x[1] = r.rd;
	x[2] = delegated();
	x[3] = REALM_HOLE;
	x[4] = host_page();
	x[5] = 1;
}
static const struct env env = { .fid = SMC_RMI_DATA_CREATE, .set_up = set_up };

RD_ROWS;
DELEGATED_ROWS(data, 2);
HOST_ROWS(src, 4);
ROW(flags_valid__reserved, INPUT, x[5] = 2);
ROW(flags_valid__top, INPUT, x[5] = 1UL << 63 | 1);
ROW(data_alias__rd, INPUT, x[2] = x[1]);
ROW(data_alias__src, INPUT, x[4] = x[2]);
ROW(ipa_align, INPUT, x[3] += 8);
ROW(ipa_bound__unprotected, INPUT, x[3] = PAR_END);
ROW(ipa_bound__beyond, INPUT, x[3] = IPA_END);
ROW(ipa_bound__last, INPUT, x[3] = ~0xfffUL);
LAST(realm_state__active, REALM(0), go(&r));
LAST(realm_state__system_off, REALM(0), go(&r); switch_off(&r));
ROW(rtt_walk__level1, RTT(1), x[3] = 2 * GIB);
ROW(rtt_walk__level2, RTT(2), x[3] = BLOCK);
ROW(rtte_state, RTT(3), x[3] = 0);
ROW(ipa_bound_before_rtt_walk, INPUT, x[3] = PAR_END + GIB);
ROW(ipa_bound_before_rtte_state, INPUT, x[3] = PAR_END);
ROW(ipa_align_before_rtt_walk, INPUT, x[3] = 2 * GIB + 8);
ROW(ipa_align_before_rtte_state, INPUT, x[3] = 8);
LAST(rd_state_before_realm_state, INPUT, go(&r); x[1] = sample.rtt);
LAST(rd_bound_before_realm_state, INPUT, go(&r); x[1] = PA_NOWHERE);
LAST(realm_state_before_rtt_walk, REALM(0), go(&r); x[3] = 2 * GIB);
LAST(realm_state_before_rtte_state, REALM(0), go(&r); x[3] = 0);
ROW(data_state_before_rtt_walk, INPUT, x[2] = sample.ns; x[3] = 2 * GIB);
ROW(src_pas_before_rtt_walk, INPUT, x[4] = sample.delegated; x[3] = 2 * GIB);
GOOD(success, , true);
GOOD(success__unmeasured, x[5] = 0, true);
