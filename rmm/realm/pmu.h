/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The performance monitors of a Realm that was created with them. They are switched at every entry and exit and counters are kept from
 * counting at EL2, so nothing depends on filters that tell worlds apart. Source: Arm ARM, PMUv3; RMM specification, Realm PMU.
 */
#ifndef RMM_REALM_PMU_H
#define RMM_REALM_PMU_H

#include "../core/types.h"

#define PMU_MAX_COUNTERS	31

/* All that PMUv3 has but PMCR_EL0. */
struct pmu_regs {
#define PMU(reg)		uint64_t reg;
#define PMU_BITS(reg, el)	uint64_t reg;
#include "../arch/pmu_sysregs.def"
#undef PMU
#undef PMU_BITS
	uint64_t evcntr[PMU_MAX_COUNTERS], evtyper[PMU_MAX_COUNTERS];
};

/* A REC's: in the hardware while the REC is loaded. */
struct rec_pmu {
	bool present;			/* constant, as is: */
	uint8_t counters;		/* event counters, the cycle counter not among them */
	uint64_t pmcr;
	struct pmu_regs regs;
};

/* What the hardware can give a Realm. */
bool pmu_offered(void);
unsigned int pmu_counters(void);
/* May a Realm have that many counters? */
bool pmu_counters_valid(uint64_t n);

/* As out of reset. */
void pmu_init(struct rec_pmu *pmu, unsigned int counters);

/* Between the two the host's registers are kept per CPU; on both sides none of the host's counters counts. Only if present. */
void pmu_load(const struct rec_pmu *pmu);
void pmu_unload(struct rec_pmu *pmu);
/* For a REC without: counters of this world stand still. */
void pmu_stop(void);

/* Is the overflow interrupt of an unloaded REC asserted? Never without a PMU: all of it is zero. */
bool pmu_overflowed(const struct rec_pmu *pmu);

#endif
