/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Identification registers as a Realm sees them: a field passes only if the feature needs nothing of
 * the monitor or is context-switched. Fields not named here read as zero: not implemented.
 * Source: Arm ARM, ID_AA64*; RMM specification, Realm feature discovery.
 */
#include "../arch/esr.h"
#include "run.h"

#define ID_REG(crm, op2)	ESR_SYS_REG(3, 0, 0, crm, op2)
#define FIELD(lsb)		(0xfUL << (lsb))
#define VALUE(v, lsb)		((uint64_t)(v) << (lsb))

#define DEBUG_V8P8		0xa
#define PMU_V3P5		6

/* A field's smaller of hardware's value and max. */
static uint64_t at_most(uint64_t reg, unsigned int lsb, uint64_t max)
{
	uint64_t v = reg >> lsb & 0xf;

	return VALUE(v < max ? v : max, lsb);
}

/* EL0 and EL1 in AArch64 only. No SVE, secure EL2, MPAM, AMU, RME; CSV2 1 hides SCXTNUM. */
static uint64_t pfr0(void)
{
	uint64_t v = read_ID_AA64PFR0_EL1();
	uint64_t pass = FIELD(8) | FIELD(12)	/* EL2, EL3 */
		      | FIELD(16) | FIELD(20)	/* FP, AdvSIMD */
		      | FIELD(24) | FIELD(28)	/* GIC, RAS */
		      | FIELD(48) | FIELD(60);	/* DIT, CSV3 */

	return (v & pass) | VALUE(1, 0) | VALUE(1, 4) | at_most(v, 56, 1);
}

/* BT, SSBS. No MTE, SME, NMI, GCS. */
static uint64_t pfr1(void)
{
	return read_ID_AA64PFR1_EL1() & (FIELD(0) | FIELD(4));
}

/*
 * The Realm's numbers of breakpoints and watchpoints, the last breakpoints context-aware; its PMU. No OS double lock, trace, profiling.
 * Later versions of debug and PMU have registers that are not switched.
 */
static uint64_t dfr0(const struct rd *rd)
{
	uint64_t v = read_ID_AA64DFR0_EL1();

	return at_most(v, 0, DEBUG_V8P8) | VALUE(rd->num_bps, 12) | VALUE(rd->num_wps, 20) | at_most(v, 28, rd->num_bps) |
	       VALUE(0xf, 36) | (rd->flags & RMI_REALM_FLAG_PMU ? at_most(v, 8, PMU_V3P5) : 0);
}

/* All instructions but transactional memory. */
static uint64_t isar0(void)
{
	return read_ID_AA64ISAR0_EL1() & ~(FIELD(0) | FIELD(24));
}

/* All but the 64-byte loads and stores, which HCRX_EL2 would have to enable. */
static uint64_t isar1(void)
{
	return read_ID_AA64ISAR1_EL1() & ~FIELD(60);
}

/* WFxT, RPRES, GPA3, APA3, BC, PAC_frac, CLRBHB. No MOPS: HCRX_EL2 again. */
static uint64_t isar2(void)
{
	return read_ID_AA64ISAR2_EL1() &
	       (FIELD(0) | FIELD(4) | FIELD(8) | FIELD(12) | FIELD(20) | FIELD(24) | FIELD(28));
}

/* Sizes and granules of stage 1. ECV 1: self-synchronised counter views, no scaling. */
static uint64_t mmfr0(void)
{
	uint64_t v = read_ID_AA64MMFR0_EL1();
	uint64_t pass = FIELD(0) | FIELD(4) | FIELD(8)		/* PARange, ASIDBits, BigEnd */
		      | FIELD(16)				/* BigEndEL0 */
		      | FIELD(20) | FIELD(24) | FIELD(28)	/* TGran16, 64, 4 */
		      | FIELD(44);				/* ExS */

	return (v & pass) | at_most(v, 60, 1);
}

/* HAFDBS, HPDS, PAN, SpecSEI, ETS, AFP, nTLBPA, TIDCP1, ECBHB. */
static uint64_t mmfr1(void)
{
	return read_ID_AA64MMFR1_EL1() &
	       (FIELD(0) | FIELD(12) | FIELD(20) | FIELD(24) | FIELD(36) | FIELD(44) | FIELD(48) |
		FIELD(52) | FIELD(60));
}

/* All of stage 1. No NV, FWB, EVT. */
static uint64_t mmfr2(void)
{
	return read_ID_AA64MMFR2_EL1() &
	       (FIELD(0) | FIELD(4) | FIELD(8) | FIELD(12) | FIELD(16)	/* CnP, UAO, LSM, IESB, VARange */
		| FIELD(20) | FIELD(28) | FIELD(32) | FIELD(36)		/* CCIDX, ST, AT, IDS */
		| FIELD(48) | FIELD(52) | FIELD(60));			/* TTL, BBM, E0PD */
}

uint64_t rec_id_register(const struct rd *rd, uint64_t reg)
{
	switch (reg) {
	case ID_REG(4, 0):
		return pfr0();
	case ID_REG(4, 1):
		return pfr1();
	case ID_REG(5, 0):
		return dfr0(rd);
	case ID_REG(6, 0):
		return isar0();
	case ID_REG(6, 1):
		return isar1();
	case ID_REG(6, 2):
		return isar2();
	case ID_REG(7, 0):
		return mmfr0();
	case ID_REG(7, 1):
		return mmfr1();
	case ID_REG(7, 2):
		return mmfr2();
	default:
		return 0;		/* AArch32, SVE, SME, and what is newer */
	}
}
