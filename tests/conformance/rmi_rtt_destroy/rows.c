/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_RTT_DESTROY"

static struct realm r;
static uint64_t table;

/* An empty level 3 table at 2 MiB. */
static void set_up(uint64_t x[REGS])
{
	realm_with_rec(&r, REALM_HELLO);
	table = delegated();
	must(RMI0(RTT_CREATE, r.rd, table, BLOCK, 3));
	x[1] = r.rd;
	x[2] = BLOCK;
	x[3] = 3;
}
static const struct env env = { .fid = SMC_RMI_RTT_DESTROY, .set_up = set_up };
static const struct env env_top = { .fid = SMC_RMI_RTT_DESTROY, .set_up = set_up, .outputs = 1 << 2 };

RD_ROWS;
ROW(level_bound__start, INPUT, x[3] = 1; x[2] = 0);
ROW(level_bound__zero, INPUT, x[3] = 0; x[2] = 0);
ROW(level_bound__four, INPUT, x[3] = 4);
ROW(level_bound__negative, INPUT, x[3] = ~0UL; x[2] = 0);
ROW(ipa_align__level3, INPUT, x[2] += PAGE);
ROW(ipa_align__level2, INPUT, x[3] = 2);
ROW(ipa_bound, INPUT, x[2] = IPA_END);
ROW(level_bound_before_rtt_walk, INPUT, x[3] = 4; x[2] = 2 * GIB);
ROW(level_bound_before_rtte_state, INPUT, x[3] = 4; x[2] = 2 * BLOCK);
ROW(ipa_align_before_rtt_walk, INPUT, x[2] = 2 * GIB + PAGE);
ROW(ipa_bound_before_rtt_walk, INPUT, x[2] = IPA_END + GIB);
#define env env_top
ROW(rtt_walk, RTT(1), x[2] = 2 * GIB);
ROW(rtte_state__level2, RTT(2), x[2] = 2 * BLOCK);
ROW(rtte_state__level1, RTT(1), x[2] = 2 * GIB; x[3] = 2);
ROW(rtt_live__data, RTT(3), x[2] = 0);
ROW(rtt_live__table, RTT(2), x[2] = 0; x[3] = 2);
#undef env
GOOD(success, , r[1] == table && r[2] == GIB);
GOOD(success__unprotected, x[2] = PAR_END, r[1] != 0);
GOOD(success__active, go(&r), r[1] == table);
