/* SPDX-License-Identifier: Apache-2.0 */
/* What a CPU must have. All of it could be done without, by code that no machine at hand would ever run. */
#include "cpu.h"

#include "../arch/arch.h"

#define ISAR0_SHA2(v)		((v) >> 12 & 0xf)
#define PFR0_DIT(v)		((v) >> 48 & 0xf)
#define DCZID_DZP		BIT(4)
#define DCZID_BLOCK(v)		(4UL << ((v) & 0xf))	/* bytes */
#define CTR_IDC			BIT(28)
#define CTR_DIC			BIT(29)

const char *cpu_lacks(void)
{
	uint64_t dczid = read_DCZID_EL0(), ctr = read_CTR_EL0();

	if (ISAR0_SHA2(read_ID_AA64ISAR0_EL1()) == 0)
		return "the SHA-256 instructions (FEAT_SHA256)";
	if ((dczid & DCZID_DZP) || DCZID_BLOCK(dczid) > ARCH_ZERO_BLOCK_MAX)
		return "DC ZVA of blocks up to 512 bytes";
	if (PFR0_DIT(read_ID_AA64PFR0_EL1()) == 0)
		return "data independent timing (FEAT_DIT)";
	/* a page changes hands, and what it then holds is executed: caches of instructions must not remember it otherwise */
	if (!(ctr & CTR_DIC) || !(ctr & CTR_IDC))
		return "coherent instruction caches (CTR_EL0.DIC and IDC)";
	return NULL;
}
