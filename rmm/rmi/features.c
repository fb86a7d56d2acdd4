/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Feature register 0: only what is context-switched and tested. No LPA2 or SVE.
 * Source: RMM specification, RmiFeatureRegister0, RMI_REALM_CREATE.
 */
#include "features.h"

#include "../arch/arch.h"
#include "../realm/pmu.h"

#define S2SZ_MIN	32
#define S2SZ_MAX	48		/* without LPA2 */
#define DFR0_BRPS(v)	((v) >> 12 & 0xf)	/* breakpoints minus 1 */
#define DFR0_WRPS(v)	((v) >> 20 & 0xf)
#define VTR_LIST_REGS(v) ((v) & 0x1f)		/* list registers minus 1 */

/* ID_AA64MMFR0_EL1.PARange, as a number of bits. */
static unsigned int pa_bits(void)
{
	static const uint8_t bits[] = { 32, 36, 40, 42, 44, 48, 52, 56 };

	return bits[read_ID_AA64MMFR0_EL1() & 7];
}

static unsigned int max_s2sz(void)
{
	return pa_bits() < S2SZ_MAX ? pa_bits() : S2SZ_MAX;
}

static uint64_t pmu_features(void)
{
	return pmu_offered() ? RMI_FEAT0_PMU_EN | (uint64_t)pmu_counters() << RMI_FEAT0_PMU_CTRS_SHIFT : 0;
}

uint64_t rmi_feature_register_0(void)
{
	uint64_t dfr0 = read_ID_AA64DFR0_EL1();

	return RMI_FEAT0_S2SZ(max_s2sz()) |
	       DFR0_BRPS(dfr0) << RMI_FEAT0_BPS_SHIFT |
	       DFR0_WRPS(dfr0) << RMI_FEAT0_WPS_SHIFT |
	       pmu_features() | RMI_FEAT0_SHA_256 | RMI_FEAT0_SHA_512 |
	       VTR_LIST_REGS(read_ICH_VTR_EL2()) << RMI_FEAT0_LRS_SHIFT |
	       (uint64_t)RMM_MAX_RECS_ORDER << RMI_FEAT0_RECS_SHIFT;
}

bool rmi_params_supported(const struct rmi_realm_params *p)
{
	uint64_t dfr0 = read_ID_AA64DFR0_EL1();

	if (p->flags & (RMI_REALM_FLAG_LPA2 | RMI_REALM_FLAG_SVE))
		return false;
	if ((p->flags & RMI_REALM_FLAG_PMU) && !(pmu_offered() && pmu_counters_valid(p->pmu_num_ctrs)))
		return false;
	if (p->s2sz < S2SZ_MIN || p->s2sz > max_s2sz())
		return false;
	if (p->num_bps == 0 || p->num_bps > DFR0_BRPS(dfr0))
		return false;
	if (p->num_wps == 0 || p->num_wps > DFR0_WRPS(dfr0))
		return false;
	return p->hash_algo == RMI_HASH_SHA_256 || p->hash_algo == RMI_HASH_SHA_512;
}
