/* SPDX-License-Identifier: Apache-2.0 */
/* One bit per VMID, changed atomically: no lock, no order to keep. */
#include "vmid.h"

#define VMIDS		(1U << 16)
#define VMIDS_8BIT	(1U << 8)
#define WORD_BITS	64

static uint64_t in_use[VMIDS / WORD_BITS];

static bool implemented(uint16_t vmid)
{
	return vmid < VMIDS_8BIT || vmid_is_16bit();
}

void vmid_boot(void)
{
	if (vmid_is_16bit())
		write_VTCR_EL2(read_VTCR_EL2() | VTCR_VS);
}

bool vmid_is_free(uint16_t vmid)
{
	uint64_t word = __atomic_load_n(&in_use[vmid / WORD_BITS], __ATOMIC_ACQUIRE);

	return implemented(vmid) && !(word & BIT(vmid % WORD_BITS));
}

bool vmid_reserve(uint16_t vmid)
{
	uint64_t bit = BIT(vmid % WORD_BITS);

	return implemented(vmid) &&
	       !(__atomic_fetch_or(&in_use[vmid / WORD_BITS], bit, __ATOMIC_ACQ_REL) & bit);
}

void vmid_free(uint16_t vmid)
{
	uint64_t bit = BIT(vmid % WORD_BITS);
	uint64_t old = __atomic_fetch_and(&in_use[vmid / WORD_BITS], ~bit, __ATOMIC_ACQ_REL);

	RMM_ASSERT(old & bit);
}
