/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host's registers go out and the Realm's come in as a whole: all counters the hardware has, not only the Realm's share, so that no
 * reading of MDCR_EL2.HPMN makes one of the host's visible. EL3 keeps PMCR_EL0 per world; in this one its E is 0 outside PMU Realms.
 */
#include "pmu.h"

#include "../arch/arch.h"

#define DFR0_PMUVER(v)		((v) >> 8 & 0xf)
#define DFR0_HPMN0(v)		((v) >> 60 & 0xf)
#define PMUVER_NONE		0
#define PMUVER_OTHER		0xf	/* not PMUv3 */
#define PMUVER_V3P5		6	/* the first in which all counters can be kept from counting at EL2 */
#define PMUVER_V3P8		8	/* later ones have registers not switched here */

#define PMCR_E			BIT(0)
#define PMCR_DP			BIT(5)
#define PMCR_LC			BIT(6)
#define PMCR_N(v)		((v) >> 11 & 0x1f)
#define PMCR_READ_ONLY		(0x1fUL << 11 | 0xffffUL << 16)	/* N, IDCODE, IMP */

#define CYCLE_COUNTER		BIT(31)

/* The host's registers while a REC with a PMU is loaded on the CPU. */
static struct pmu_regs host_pmu[MAX_CPUS];

bool pmu_offered(void)
{
	uint64_t version = DFR0_PMUVER(read_ID_AA64DFR0_EL1());

	return version >= PMUVER_V3P5 && version <= PMUVER_V3P8;
}

unsigned int pmu_counters(void)
{
	return (unsigned int)PMCR_N(read_PMCR_EL0());
}

bool pmu_counters_valid(uint64_t n)
{
	return n <= pmu_counters() && (n != 0 || DFR0_HPMN0(read_ID_AA64DFR0_EL1()) == 1);
}

void pmu_init(struct rec_pmu *pmu, unsigned int counters)
{
	pmu->present = true;
	pmu->counters = (uint8_t)counters;
	pmu->pmcr = (read_PMCR_EL0() & PMCR_READ_ONLY) | PMCR_LC | PMCR_DP;
}

static void save(struct pmu_regs *to)
{
	unsigned int n = pmu_counters();

#define PMU(reg)		to->reg = read_##reg();
#define PMU_BITS(reg, el)	to->reg = read_##reg();
#include "../arch/pmu_sysregs.def"
#undef PMU
#undef PMU_BITS
	do {
#define COUNTER(i)	if (i == n) break; to->evcntr[i] = read_PMEVCNTR##i##_EL0(); to->evtyper[i] = read_PMEVTYPER##i##_EL0();
#include "../arch/numbered_sysregs.def"
	} while (0);
}

static void load(const struct pmu_regs *from)
{
	unsigned int n = pmu_counters();

#define PMU(reg)		write_##reg(from->reg);
#define PMU_BITS(reg, el)	write_##reg(from->reg);
#include "../arch/pmu_sysregs.def"
#undef PMU
#undef PMU_BITS
	do {
#define COUNTER(i)	if (i == n) break; write_PMEVCNTR##i##_EL0(from->evcntr[i]); write_PMEVTYPER##i##_EL0(from->evtyper[i]);
#include "../arch/numbered_sysregs.def"
	} while (0);
}

/*
 * The interrupt line follows E and the masks, and must not see those of one world mixed with the other's: no interrupt is enabled while
 * they change. E comes before PMINTEN, since QEMU drives the line when a mask is written and not when PMCR_EL0 is.
 */
void pmu_load(const struct rec_pmu *pmu)
{
	save(&host_pmu[arch_cpu_id()]);
	write_PMINTEN(0);
	write_PMCR_EL0(pmu->pmcr);
	load(&pmu->regs);
}

void pmu_unload(struct rec_pmu *pmu)
{
	uint64_t own = CYCLE_COUNTER | (BIT(pmu->counters) - 1);

	pmu->pmcr = read_PMCR_EL0();
	save(&pmu->regs);
	/* an emulator that does not enforce HPMN would let a Realm assert the line by counters it has not */
	pmu->regs.PMCNTEN &= own;
	pmu->regs.PMINTEN &= own;
	pmu->regs.PMOVS &= own;
	write_PMINTEN(0);
	/* for that reason on, as the host's E, which EL3 has, must be if an interrupt is to come; hardware forgets it below */
	write_PMCR_EL0(pmu->pmcr | PMCR_E);
	load(&host_pmu[arch_cpu_id()]);
	pmu_stop();
}

void pmu_stop(void)
{
	uint64_t version = DFR0_PMUVER(read_ID_AA64DFR0_EL1());

	if (version == PMUVER_NONE || version == PMUVER_OTHER)
		return;			/* no such register */
	write_PMCR_EL0(read_PMCR_EL0() & ~PMCR_E);
}

/* As the line is driven, so PMCNTENSET has no part: a host that masks the line by this never meets it unannounced. */
bool pmu_overflowed(const struct rec_pmu *pmu)
{
	return (pmu->pmcr & PMCR_E) && (pmu->regs.PMOVS & pmu->regs.PMINTEN) != 0;
}
