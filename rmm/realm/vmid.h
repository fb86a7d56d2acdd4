/* SPDX-License-Identifier: Apache-2.0 */
/* Which VMIDs Realms hold. The host chooses them; two Realms never share one. */
#ifndef RMM_REALM_VMID_H
#define RMM_REALM_VMID_H

#include "../core/types.h"

/* False: beyond what the CPU implements, or in use. */
bool vmid_is_free(uint16_t vmid);	/* now */
bool vmid_reserve(uint16_t vmid);
/* Back in stock; the caller has invalidated its TLB entries. */
void vmid_free(uint16_t vmid);

#endif
