/* SPDX-License-Identifier: Apache-2.0 */
/* RSI_MEASUREMENT_READ, RSI_MEASUREMENT_EXTEND. Slot 0 is the RIM, 1 to 4 the Realm's own. */
#include "../../lib/measure/measure.h"
#include "rsi_internal.h"

#define VALUE_REGS	(HASH_MAX_SIZE / sizeof(uint64_t))

enum run_verdict rsi_measurement_read(struct run *run)
{
	uint64_t *x = run->rec->gpr, slot = x[1];

	if (slot >= REALM_SLOTS) {
		rsi_fail(run, RSI_ERROR_INPUT, VALUE_REGS);
		return RUN_RESUME;
	}
	granule_lock(run->rec->g_rd, GRANULE_RD);
	memcpy(&x[1], run->rd->measurement[slot], HASH_MAX_SIZE);
	granule_unlock(run->rec->g_rd);
	x[0] = RSI_SUCCESS;
	return RUN_RESUME;
}

enum run_verdict rsi_measurement_extend(struct run *run)
{
	uint64_t *x = run->rec->gpr, slot = x[1], size = x[2];

	if (slot == 0 || slot >= REALM_SLOTS || size > HASH_MAX_SIZE) {
		rsi_fail(run, RSI_ERROR_INPUT, RSI_RESULTS);
		return RUN_RESUME;
	}
	granule_lock(run->rec->g_rd, GRANULE_RD);
	measure_extend(run->rd->hash_algo, (const uint8_t *)&x[3], size, run->rd->measurement[slot]);
	granule_unlock(run->rec->g_rd);
	x[0] = RSI_SUCCESS;
	return RUN_RESUME;
}
