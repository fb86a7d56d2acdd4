/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RSI_MEASUREMENT_EXTEND"

static void set_up(uint64_t x[REGS])
{
	caller_new(x);
	x[1] = 1;
	x[2] = 32;
	for (int i = 3; i < 7; i++)
		x[i] = 0x1111111111111111UL;
}
static const struct env env = { .fid = SMC_RSI_MEASUREMENT_EXTEND, .rsi = true, .set_up = set_up };

/* The reference's vector, big-endian words of the digest. */
static bool rem_is(uint64_t index, uint64_t first)
{
	uint64_t x[REGS] = { SMC_RSI_MEASUREMENT_READ, index }, r[REGS];

	caller_smc(x, r);
	return __builtin_bswap64(r[1]) == first;
}

ROW(index_bound__rim, RSI_ERROR_INPUT, x[1] = 0);
ROW(index_bound__5, RSI_ERROR_INPUT, x[1] = 5);
ROW(index_bound__last, RSI_ERROR_INPUT, x[1] = ~0UL);
ROW(size_bound__65, RSI_ERROR_INPUT, x[2] = 65);
ROW(size_bound__wide, RSI_ERROR_INPUT, x[2] = 1UL << 32);
ROW(size_bound__last, RSI_ERROR_INPUT, x[2] = ~0UL);
GOOD(success__vector, , rem_is(1, 0x8878b15a7d6a3a4f));
GOOD(success__others_untouched, , rem_is(2, 0) && rem_is(4, 0));
GOOD(success__empty, x[2] = 0, !rem_is(1, 0));
GOOD(success__64, x[2] = 64, !rem_is(1, 0));
