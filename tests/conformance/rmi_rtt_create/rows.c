/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_RTT_CREATE"

static struct realm r;

static void set_up(uint64_t x[REGS])
{
	realm_with_rec(&r, REALM_HELLO);
	x[1] = r.rd;
	x[2] = delegated();
	x[3] = 2 * GIB;
	x[4] = 2;
}
static const struct env env = { .fid = SMC_RMI_RTT_CREATE, .set_up = set_up };

RD_ROWS;
DELEGATED_ROWS(rtt, 2);
ROW(rtt_alias__rd, INPUT, x[2] = x[1]);
ROW(level_bound__start, INPUT, x[4] = 1);
ROW(level_bound__zero, INPUT, x[4] = 0);
ROW(level_bound__four, INPUT, x[4] = 4);
ROW(level_bound__negative, INPUT, x[4] = ~0UL);
ROW(level_bound__wide, INPUT, x[4] = 1UL << 32 | 2);
ROW(ipa_align__level2, INPUT, x[3] += BLOCK);
ROW(ipa_align__level3, INPUT, x[3] = BLOCK + PAGE; x[4] = 3);
ROW(ipa_align__byte, INPUT, x[3] += 1);
ROW(ipa_bound, INPUT, x[3] = IPA_END);
ROW(ipa_bound__top, INPUT, x[3] = 1UL << 63);
ROW(rtt_walk, RTT(1), x[4] = 3);
ROW(rtte_state__level2, RTT(1), x[3] = 0);
ROW(rtte_state__level3, RTT(2), x[3] = 0; x[4] = 3);
ROW(rtte_state__unprotected, RTT(1), x[3] = PAR_END);
ROW(level_bound_before_rtt_walk, INPUT, x[4] = 4; x[3] = 3 * GIB);
ROW(level_bound_before_rtte_state, INPUT, x[3] = 0; x[4] = 1);
ROW(ipa_bound_before_rtt_walk, INPUT, x[3] = IPA_END; x[4] = 3);
ROW(ipa_align_before_rtt_walk, INPUT, x[3] += PAGE; x[4] = 3);
ROW(ipa_align_before_rtte_state, INPUT, x[3] = PAGE; x[4] = 3);
ROW(rtt_state_before_rtt_walk, INPUT, x[2] = sample.ns; x[4] = 3);
ROW(rtt_bound_before_rtte_state, INPUT, x[2] = PA_NOWHERE; x[3] = 0);
GOOD(success__level2, , true);
GOOD(success__level3, x[3] = BLOCK; x[4] = 3, true);
GOOD(success__unprotected, x[3] = PAR_END + GIB, true);
GOOD(success__active, go(&r), true);
GOOD(success__unfold, must(RMI0(RTT_MAP_UNPROTECTED, r.rd, PAR_END + GIB, 1, GIB | RMI_DESC_MEMATTR_WB));
     x[3] = PAR_END + GIB, true);
