/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RSI_ATTESTATION_TOKEN_CONTINUE"

static void set_up(uint64_t x[REGS])
{
	const uint64_t init[REGS] = { SMC_RSI_ATTEST_TOKEN_INIT, 1, 2, 3 };
	uint64_t r[REGS];

	caller_new(x);
	caller_smc(init, r);
	EXPECT_EQ(r[0], RSI_SUCCESS);
	x[1] = CALLER_BUFFER;
	x[2] = 0;
	x[3] = PAGE;
}

static void set_up_idle(uint64_t x[REGS])
{
	caller_new(x);
	x[1] = CALLER_BUFFER;
	x[3] = PAGE;
}

static const struct env env = { .fid = SMC_RSI_ATTEST_TOKEN_CONTINUE, .rsi = true, .set_up = set_up };
static const struct env env_idle = { .fid = SMC_RSI_ATTEST_TOKEN_CONTINUE, .rsi = true, .set_up = set_up_idle };

ROW(addr_align, RSI_ERROR_INPUT, x[1] += 8);
ROW(addr_bound__unprotected, RSI_ERROR_INPUT, x[1] = PAR_END);
ROW(addr_bound__beyond, RSI_ERROR_INPUT, x[1] = IPA_END);
ROW(addr_bound__empty, RSI_ERROR_INPUT, x[1] = REALM_HOLE);
ROW(offset_bound__4096, RSI_ERROR_INPUT, x[2] = PAGE; x[3] = 0);
ROW(offset_bound__last, RSI_ERROR_INPUT, x[2] = ~0UL);
ROW(size_overflow, RSI_ERROR_INPUT, x[2] = 8; x[3] = ~0UL);
ROW(size_bound, RSI_ERROR_INPUT, x[2] = 1);
ROW(size_bound__4097, RSI_ERROR_INPUT, x[3] = PAGE + 1);
GOOD(success, , r[1] == 2124);
LAST(incomplete, RSI_INCOMPLETE, x[3] = 0);
#define env env_idle
LAST(state__none, RSI_ERROR_STATE, );
LAST(addr_align_before_state, RSI_ERROR_INPUT, x[1] += 8);
LAST(addr_bound_before_state, RSI_ERROR_INPUT, x[1] = PAR_END);
LAST(offset_bound_before_state, RSI_ERROR_INPUT, x[2] = PAGE);
LAST(size_bound_before_state, RSI_ERROR_INPUT, x[3] = PAGE + 1);
#undef env
