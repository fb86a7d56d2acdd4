/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_RTT_UNMAP_UNPROTECTED"

static struct realm r;

static void set_up(uint64_t x[REGS])
{
	realm_with_rec(&r, REALM_HELLO);
	x[1] = r.rd;
	x[2] = PAR_END;
	x[3] = 3;
}
static const struct env env = { .fid = SMC_RMI_RTT_UNMAP_UNPROTECTED, .set_up = set_up };
static const struct env env_top = { .fid = SMC_RMI_RTT_UNMAP_UNPROTECTED, .set_up = set_up, .outputs = 1 << 1 };

RD_ROWS;
ROW(level_bound__zero, INPUT, x[3] = 0);
ROW(level_bound__four, INPUT, x[3] = 4);
ROW(level_bound__negative, INPUT, x[3] = ~0UL);
ROW(ipa_align__level3, INPUT, x[2] += 8);
ROW(ipa_align__level2, INPUT, x[2] += PAGE; x[3] = 2);
ROW(ipa_bound__protected, INPUT, x[2] = 0);
ROW(ipa_bound__beyond, INPUT, x[2] = IPA_END);
ROW(level_bound_before_rtt_walk, INPUT, x[2] = PAR_END + GIB; x[3] = 4);
ROW(level_bound_before_rtte_state, INPUT, x[2] += PAGE; x[3] = 4);
ROW(ipa_bound_before_rtt_walk, INPUT, x[2] = 2 * GIB);
ROW(ipa_align_before_rtt_walk, INPUT, x[2] = PAR_END + GIB + 8);
#define env env_top
ROW(rtt_walk__level1, RTT(1), x[2] = PAR_END + GIB);
ROW(rtt_walk__level2, RTT(2), x[2] = PAR_END + BLOCK);
ROW(rtte_state__unassigned, RTT(3), x[2] += PAGE);
ROW(rtte_state__table, RTT(2), x[3] = 2);
#undef env
GOOD(success, , r[1] == PAR_END + BLOCK);
GOOD(success__block, must(RMI0(RTT_MAP_UNPROTECTED, r.rd, PAR_END + BLOCK, 2, RMI_DESC_MEMATTR_WB));
     x[2] = PAR_END + BLOCK; x[3] = 2, r[1] == PAR_END + GIB);
GOOD(success__active, go(&r), r[1] == PAR_END + BLOCK);
