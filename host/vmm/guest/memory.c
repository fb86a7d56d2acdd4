/* SPDX-License-Identifier: Apache-2.0 */
/* The Realm's address space while it runs: RIPAS changes, and pages it wants to share. */
#include <string.h>

#include "guest.h"

#define CHUNK_PAGES	256

/* The table the monitor misses: its status names the level the walk reached. */
static bool deeper(struct guest *guest, uint64_t ipa, uint64_t status)
{
	int level = (int)RMI_RET_INDEX(status) + 1;

	return level <= 3 && realm_need_tables(guest->vmm, &guest->realm, ipa, level) == 0 &&
	       rmi_flush(guest->vmm) == 0;
}

/* As far as it goes: the Realm asks again for the rest. */
bool guest_ripas(struct vcpu *vcpu)
{
	struct guest *guest = vcpu->guest;
	const struct rmi_rec_exit *exit = &vcpu->rec->run->exit;
	uint64_t base = exit->ripas_base, top = exit->ripas_top;

	while (base < top) {
		uint64_t x[6] = { SMC_RMI_RTT_SET_RIPAS, guest->realm.rd, vcpu->rec->pa, base, top };
		uint64_t status = rmi_ask(guest->vmm, x);

		if (status == RMI_SUCCESS && x[1] > base)
			base = x[1];
		else if (RMI_RET_STATUS(status) != RMI_ERROR_RTT || !deeper(guest, base, status))
			break;
	}
	return !vmm_failed(guest->vmm);
}

static uint64_t shared_page(struct guest *guest)
{
	uint64_t pa;

	if (guest->pages_left == 0) {
		if (shared(guest->vmm, CHUNK_PAGES * PAGE, &guest->page_pa) == NULL)
			return 0;
		guest->pages_left = CHUNK_PAGES;
	}
	pa = guest->page_pa;
	guest->page_pa += PAGE;
	guest->pages_left--;
	return pa;
}

/* Two vCPUs can run into the same page. */
static bool is_mapped(const struct guest *guest, uint64_t at)
{
	size_t i;

	for (i = 0; i < guest->alias.leaves.n; i++)
		if (guest->alias.leaves.v[i].at == at)
			return true;
	return false;
}

bool guest_map_alias(struct guest *guest, uint64_t ipa)
{
	struct vmm *vmm = guest->vmm;
	struct entry entry = { .at = align_down(ipa, PAGE), .level = 3 };
	uint64_t pa;

	if (is_mapped(guest, entry.at))
		return true;
	pa = shared_page(guest);
	return pa && realm_need_tables(vmm, &guest->realm, entry.at, 3) == 0 &&
	       rmi_queue(vmm, SMC_RMI_RTT_MAP_UNPROTECTED, guest->realm.rd, entry.at, 3,
			 pa | RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW, 0) == 0 &&
	       rmi_flush(vmm) == 0 && entries_add(vmm, &guest->alias.leaves, entry) == 0;
}
