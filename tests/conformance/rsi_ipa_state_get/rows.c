/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RSI_IPA_STATE_GET"

static void set_up(uint64_t x[REGS])
{
	caller_new(x);
	x[1] = 0;
	x[2] = PAGE;
}
static const struct env env = { .fid = SMC_RSI_IPA_STATE_GET, .rsi = true, .set_up = set_up };

ROW(base_align, RSI_ERROR_INPUT, x[1] += 8);
ROW(top_align, RSI_ERROR_INPUT, x[2] += 8);
ROW(size_valid__empty, RSI_ERROR_INPUT, x[2] = x[1]);
ROW(size_valid__negative, RSI_ERROR_INPUT, x[1] = 2 * PAGE);
ROW(rgn_bound__top, RSI_ERROR_INPUT, x[2] = PAR_END + PAGE);
ROW(rgn_bound__both, RSI_ERROR_INPUT, x[1] = PAR_END; x[2] = PAR_END + PAGE);
ROW(rgn_bound__last, RSI_ERROR_INPUT, x[2] = ~0xfffUL);
GOOD(success__ram, , r[1] == PAGE && r[2] == RMI_RAM);
GOOD(success__empty, x[1] = REALM_HOLE; x[2] = REALM_HOLE + PAGE, r[1] == REALM_HOLE + PAGE && r[2] == RMI_EMPTY);
GOOD(success__ends_with_the_state, x[1] = REALM_HOLE; x[2] = BLOCK, r[1] == CALLER_BUFFER && r[2] == RMI_EMPTY);
GOOD(success__ends_with_the_table, x[1] = CALLER_BUFFER + PAGE; x[2] = PAR_END, r[1] == BLOCK && r[2] == RMI_EMPTY);
GOOD(success__large_entries, x[1] = 2 * GIB; x[2] = 4 * GIB, r[1] == 4 * GIB && r[2] == RMI_EMPTY);
GOOD(success__destroyed, must(RMI0(DATA_DESTROY, caller.rd, CALLER_BUFFER)); x[1] = CALLER_BUFFER; x[2] = CALLER_BUFFER + PAGE,
     r[2] == RMI_DESTROYED);
