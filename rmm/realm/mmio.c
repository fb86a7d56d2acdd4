/* SPDX-License-Identifier: Apache-2.0 */
/* Emulated loads and stores. Source: RMM specification, REC entry following emulatable Data Abort. */
#include "../arch/esr.h"
#include "run.h"

#define XZR	31

static uint64_t access_mask(uint64_t esr)
{
	unsigned int bytes = ESR_ACCESS_BYTES(esr);

	return bytes == 8 ? ~0UL : BIT(8 * bytes) - 1;
}

uint64_t rec_mmio_store_data(const struct rec *rec, uint64_t esr)
{
	unsigned int rt = ESR_SRT(esr);

	return rt == XZR ? 0 : rec->gpr[rt] & access_mask(esr);
}

static uint64_t load_value(uint64_t esr, uint64_t data)
{
	uint64_t mask = access_mask(esr), sign = mask ^ mask >> 1;

	data &= mask;
	if (esr & ESR_SSE) {
		data = (data ^ sign) - sign;
		if (!(esr & ESR_SF))
			data &= 0xffffffffUL;
	}
	return data;
}

void rec_mmio_complete(struct rec *rec, uint64_t data)
{
	uint64_t esr = rec->last_abort.esr;
	unsigned int rt = ESR_SRT(esr);

	if (!(esr & ESR_WNR) && rt != XZR)
		rec->gpr[rt] = load_value(esr, data);
	rec_advance_pc(rec);
}
