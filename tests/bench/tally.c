/* SPDX-License-Identifier: Apache-2.0 */
#include "tally.h"

#define COMMANDS	64		/* from SMC_RMI_BASE; then the extension's operations */

static uint64_t ticks[2 * COMMANDS], all;

struct rmi_out __real_rmi_call(uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3, uint64_t x4, uint64_t x5);
struct rmi_out __wrap_rmi_call(uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3, uint64_t x4, uint64_t x5);

struct rmi_out __wrap_rmi_call(uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3, uint64_t x4, uint64_t x5)
{
	struct rmi_out out = __real_rmi_call(fid, x1, x2, x3, x4, x5);

	ticks[fid == SMC_RMI_MICA ? COMMANDS + x1 % COMMANDS : fid % COMMANDS] += rmi_ticks;
	all += rmi_ticks;
	return out;
}

void tally_reset(void)
{
	memset(ticks, 0, sizeof(ticks));
	all = 0;
}

uint64_t tally_rmi(uint64_t fid)
{
	return ticks[fid % COMMANDS];
}

uint64_t tally_mica(uint64_t op)
{
	return ticks[COMMANDS + op];
}

uint64_t tally_all(void)
{
	return all;
}

void tally_exclude(uint64_t n)
{
	all -= n;
}
