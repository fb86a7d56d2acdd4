/* SPDX-License-Identifier: Apache-2.0 */
/* A Realm over the fake machine that makes one call. */
#ifndef TESTS_UNIT_SMC_ONCE_H
#define TESTS_UNIT_SMC_ONCE_H

#include "../../rmm/arch/esr.h"
#include "world.h"

static uint64_t x[31];			/* registers of the next SMC */
static uint64_t result[31];		/* registers after it */

/* One SMC with x, then an interrupt. */
static enum rec_trap smc_once(uint64_t gpr[31])
{
	if (fake_realm_runs() == 1) {
		memcpy(gpr, x, sizeof(x));
		fake_regs()->ESR_EL2 = ESR_EC_VAL(EC_SMC) | ESR_IL;
		return REC_TRAP_SYNC;
	}
	memcpy(result, gpr, sizeof(result));
	return REC_TRAP_IRQ;
}

#endif
