/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exceptions that the monitor makes a Realm take, as the hardware would have.
 * Source: Arm ARM, AArch64.TakeException; RMM specification, REC entry, injected SEA.
 */
#include "../arch/esr.h"
#include "rec.h"

#define SCTLR_SPAN		BIT(23)
#define SCTLR_DSSBS		BIT(44)
#define SCTLR_SPINTMASK		BIT(62)

#define VECTOR_EL1T		0x000
#define VECTOR_EL1H		0x200
#define VECTOR_EL0_64		0x400
#define VECTOR_EL0_32		0x600

#define PFR1_SSBS(v)		((v) >> 4 & 0xf)
#define PFR1_MTE(v)		((v) >> 8 & 0xf)
#define PFR1_NMI(v)		((v) >> 36 & 0xf)

static uint64_t vector_offset(uint64_t pstate)
{
	if (pstate & PSTATE_AARCH32)
		return VECTOR_EL0_32;
	switch (pstate & PSTATE_MODE) {
	case PSTATE_MODE_EL1T:
		return VECTOR_EL1T;
	case PSTATE_MODE_EL1H:
		return VECTOR_EL1H;
	default:
		return VECTOR_EL0_64;
	}
}

/* PSTATE at the vector. What is not carried over or set here is zero: UAO, SS, IL, BTYPE. */
static uint64_t exception_pstate(uint64_t old)
{
	uint64_t sctlr = read_SCTLR_EL12(), pfr1 = read_ID_AA64PFR1_EL1();
	uint64_t dit = old & PSTATE_AARCH32 ? old & PSTATE_DIT_AARCH32 : old & PSTATE_DIT;
	uint64_t new = PSTATE_MODE_EL1H | PSTATE_DAIF | (old & (PSTATE_NZCV | PSTATE_PAN));

	if (dit)
		new |= PSTATE_DIT;
	if (!(sctlr & SCTLR_SPAN))
		new |= PSTATE_PAN;
	if (PFR1_SSBS(pfr1) && (sctlr & SCTLR_DSSBS))
		new |= PSTATE_SSBS;
	if (PFR1_MTE(pfr1) >= 2)
		new |= PSTATE_TCO;
	if (PFR1_NMI(pfr1) && !(sctlr & SCTLR_SPINTMASK))
		new |= PSTATE_ALLINT;
	return new;
}

static void take_exception(struct rec *rec, uint64_t esr)
{
	write_ESR_EL12(esr);
	write_ELR_EL12(rec->pc);
	write_SPSR_EL12(rec->pstate);
	rec->pc = read_VBAR_EL12() + vector_offset(rec->pstate);
	rec->pstate = exception_pstate(rec->pstate);
}

void rec_inject_undefined(struct rec *rec)
{
	take_exception(rec, ESR_IL);	/* EC 0: unknown reason */
}

void rec_inject_sea(struct rec *rec, uint64_t esr, uint64_t far)
{
	bool from_el1 = !(rec->pstate & PSTATE_AARCH32) && (rec->pstate & PSTATE_MODE) >= PSTATE_MODE_EL1T;
	uint64_t ec = ESR_EC(esr) == EC_INST_ABORT ? EC_INST_ABORT : EC_DATA_ABORT;

	if (from_el1)
		ec++;			/* the "same EL" forms follow the "lower EL" ones */
	esr &= ~(ESR_EC_MASK | ESR_FNV | ESR_S1PTW | ESR_FSC);
	write_FAR_EL12(far);
	take_exception(rec, esr | ESR_EC_VAL(ec) | ESR_EA | FSC_EXTERNAL);
}

void rec_advance_pc(struct rec *rec)
{
	rec->pc += 4;
	rec->pstate &= ~(PSTATE_SS | PSTATE_BTYPE);
}
