/* SPDX-License-Identifier: Apache-2.0 */
/* Which VMIDs Realms hold. The host chooses them; two Realms never share one. */
#ifndef RMM_REALM_VMID_H
#define RMM_REALM_VMID_H

#include "../arch/arch.h"

static inline bool vmid_is_16bit(void)
{
	return (read_ID_AA64MMFR1_EL1() >> 4 & 0xf) == 2;
}
#define VTCR_VS		BIT(19)		/* hardware takes all 16 bits, wherever it takes a VMID; else 8 */

/* Each CPU that boots, before it serves a call: its TLB maintenance is to name any VMID, whether or not it ever runs a Realm. */
void vmid_boot(void);

/* False: beyond what the CPU implements, or in use. */
bool vmid_is_free(uint16_t vmid);	/* now */
bool vmid_reserve(uint16_t vmid);
/* Back in stock; the caller has invalidated its TLB entries. */
void vmid_free(uint16_t vmid);

#endif
