/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gate servers. A REC that exits PARKED is the monitor's from then on: callers run it, on their CPUs, in their entries.
 * An entry of ours is refused by rule 17 (PARKED) as long as that is so. It is ours again when its caller ended in the
 * middle of a call - it finishes it as an orphan, and parks - and when its role ended (the entry fails otherwise). Neither is
 * told to the host, so the REC is tried again when any role ended, and now and then.
 */
#include "vmm.h"

#define PARKED_NS	200000000UL

void gate_park(struct rec *rec, uint64_t seen)
{
	struct vmm *vmm = rec->realm->vmm;
	bool first;

	pthread_mutex_lock(&vmm->lock);
	first = !rec->parked;
	rec->parked = true;
	pthread_mutex_unlock(&vmm->lock);
	if (first)
		vmm_kick(vmm);		/* perhaps nobody is left to call */
	realm_sleep(rec->realm, seen, PARKED_NS);
}
