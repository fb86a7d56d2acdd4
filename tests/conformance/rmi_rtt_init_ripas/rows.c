/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_RTT_INIT_RIPAS"

static struct realm r;

static void set_up(uint64_t x[REGS])
{
	realm_with_rec(&r, REALM_HELLO);
	x[1] = r.rd;
	x[2] = REALM_HOLE;
	x[3] = REALM_HOLE + 4 * PAGE;
}
static const struct env env = { .fid = SMC_RMI_RTT_INIT_RIPAS, .set_up = set_up };

RD_ROWS;
ROW(size_valid__empty, INPUT, x[3] = x[2]);
ROW(size_valid__negative, INPUT, x[3] = x[2] - PAGE);
ROW(top_gran_align, INPUT, x[3] += 8);
ROW(top_bound__unprotected, INPUT, x[3] = PAR_END + PAGE);
ROW(top_bound__beyond, INPUT, x[3] = IPA_END + PAGE);
ROW(base_bound, INPUT, x[2] = PAR_END; x[3] = PAR_END + PAGE);
ROW(base_align__level2, RTT(2), x[2] = BLOCK + PAGE; x[3] = 2 * BLOCK);
ROW(base_align__level1, RTT(1), x[2] = 2 * GIB + BLOCK; x[3] = 3 * GIB);
ROW(rtte_state__assigned, RTT(3), x[2] = 0; x[3] = PAGE);
ROW(rtte_state__destroyed, RTT(3), must(RMI0(DATA_DESTROY, r.rd, 0)); x[2] = 0; x[3] = PAGE);
ROW(no_progress__level2, RTT(2), x[2] = BLOCK; x[3] = BLOCK + PAGE);
ROW(no_progress__level1, RTT(1), x[2] = 2 * GIB; x[3] = 2 * GIB + BLOCK);
LAST(realm_state__active, REALM(0), go(&r));
LAST(realm_state__system_off, REALM(0), go(&r); switch_off(&r));
ROW(top_gran_align_before_no_progress, INPUT, x[2] = BLOCK; x[3] = BLOCK + 8);
ROW(size_valid_before_base_align, INPUT, x[2] = BLOCK + PAGE; x[3] = BLOCK);
ROW(top_bound_before_rtte_state, INPUT, x[2] = 0; x[3] = PAR_END + PAGE);
LAST(size_valid_before_realm_state, INPUT, go(&r); x[3] = x[2]);
LAST(rd_state_before_realm_state, INPUT, go(&r); x[1] = sample.rtt);
LAST(realm_state_before_rtte_state, REALM(0), go(&r); x[2] = 0);
LAST(realm_state_before_base_align, REALM(0), go(&r); x[2] = BLOCK + PAGE; x[3] = 2 * BLOCK);
GOOD(success, , r[1] == REALM_HOLE + 4 * PAGE);
GOOD(success__again, must(RMI0(RTT_INIT_RIPAS, x[1], x[2], x[3])), r[1] == REALM_HOLE + 4 * PAGE);
GOOD(success__end_of_table, x[2] = BLOCK - PAGE; x[3] = 2 * BLOCK, r[1] == BLOCK);
GOOD(success__partial, x[2] = BLOCK; x[3] = 2 * BLOCK + PAGE, r[1] == 2 * BLOCK);
GOOD(success__level1, x[2] = 2 * GIB; x[3] = 4 * GIB, r[1] == 4 * GIB);
