/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RSI_IPA_STATE_SET"

static void set_up(uint64_t x[REGS])
{
	caller_new(x);
	x[1] = REALM_HOLE;
	x[2] = REALM_HOLE + PAGE;
	x[3] = RMI_RAM;
}
static const struct env env = { .fid = SMC_RSI_IPA_STATE_SET, .rsi = true, .set_up = set_up };

ROW(base_align, RSI_ERROR_INPUT, x[1] += 8);
ROW(top_align, RSI_ERROR_INPUT, x[2] += 8);
ROW(size_valid__empty, RSI_ERROR_INPUT, x[2] = x[1]);
ROW(size_valid__negative, RSI_ERROR_INPUT, x[2] = x[1] - PAGE);
ROW(rgn_bound__top, RSI_ERROR_INPUT, x[2] = PAR_END + PAGE);
ROW(rgn_bound__both, RSI_ERROR_INPUT, x[1] = PAR_END; x[2] = PAR_END + PAGE);
ROW(rgn_bound__last, RSI_ERROR_INPUT, x[2] = ~0xfffUL);
ROW(ripas_valid__destroyed, RSI_ERROR_INPUT, x[3] = RMI_DESTROYED);
ROW(ripas_valid__3, RSI_ERROR_INPUT, x[3] = 3);
ROW(ripas_valid__wide, RSI_ERROR_INPUT, x[3] = 1UL << 32 | 1);
/* the host does nothing about it: base comes back, and no rejection that was not said */
GOOD(success__no_progress, , r[1] == REALM_HOLE && r[2] == 0);
GOOD(success__rejected, realm_run(&caller)->enter.flags = RMI_ENTER_RIPAS_REJECT, r[1] == REALM_HOLE && r[2] == 1);
GOOD(success__empty_cannot_be_rejected, realm_run(&caller)->enter.flags = RMI_ENTER_RIPAS_REJECT; x[3] = RMI_EMPTY,
     r[1] == REALM_HOLE && r[2] == 0);
