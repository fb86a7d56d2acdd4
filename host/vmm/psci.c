/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PSCI exits of roles with the right `psci`; without it the monitor answers itself. Which RECs are on is
 * the monitor's to know: here it is remembered only to not enter one in vain. Source: RMM specification, PSCI.
 */
#include "../../abi/rsi.h"
#include "vmm.h"

#define MPIDR_AFF0	0xfUL

static struct rec *by_mpidr(struct realm *realm, uint64_t mpidr)
{
	uint64_t i = mpidr & MPIDR_AFF0;

	return (mpidr & ~MPIDR_AFF0) == 0 && i < realm->n_recs ? &realm->recs[i] : NULL;
}

static void set_off(struct rec *rec, bool off)
{
	struct vmm *vmm = rec->realm->vmm;

	pthread_mutex_lock(&vmm->lock);
	/* a CPU_ON of another REC may have been quicker than this exit */
	rec->off = off && !rec->switched_on;
	if (!off) {
		rec->switched_on = true;
		realm_wake(rec->realm);
	}
	pthread_mutex_unlock(&vmm->lock);
}

/* The monitor wants the target's REC, and our consent. */
static bool complete(struct rec *rec, bool cpu_on)
{
	struct rec *target = by_mpidr(rec->realm, rec->run->exit.gprs[1]);
	uint64_t in[6] = { SMC_RMI_PSCI_COMPLETE, rec->pa, target ? target->pa : 0, (uint64_t)PSCI_SUCCESS };
	uint64_t x[6] = { in[0], in[1], in[2], in[3] };
	char text[256];

	if (target == NULL) {
		vmm_fail(rec->realm->vmm, "role '%s' names vCPU %#llx, which it does not have", rec->realm->name,
			 (unsigned long long)rec->run->exit.gprs[1]);
		return false;
	}
	if (rmi_ask(rec->realm->vmm, x) != RMI_SUCCESS) {
		if (realm_over(rec->realm))
			return false;
		rmi_describe(in, x[0], 0, text, sizeof(text));
		vmm_fail(rec->realm->vmm, "role '%s': %s", rec->realm->name, text);
		return false;
	}
	if (cpu_on)
		set_off(target, false);
	return true;
}

bool psci_wait_on(struct rec *rec)
{
	struct realm *realm = rec->realm;
	struct vmm *vmm = realm->vmm;
	bool on;

	set_off(rec, true);
	vmm_kick(vmm);			/* perhaps nobody is left to switch it on */
	pthread_mutex_lock(&vmm->lock);
	while (rec->off && !realm->ended && !realm->died && !vmm->stopping)
		pthread_cond_wait(&realm->woken, &vmm->lock);
	on = !rec->off;
	pthread_mutex_unlock(&vmm->lock);
	return on;
}

bool psci(struct rec *rec)
{
	uint64_t fid = rec->run->exit.gprs[0];

	switch (fid) {
	case PSCI_CPU_ON_32:
	case PSCI_CPU_ON_64:
		return complete(rec, true);
	case PSCI_AFFINITY_INFO_32:
	case PSCI_AFFINITY_INFO_64:
		return complete(rec, false);
	case PSCI_CPU_OFF:
		return psci_wait_on(rec);
	case PSCI_CPU_SUSPEND_32:
	case PSCI_CPU_SUSPEND_64:
		return true;
	case PSCI_SYSTEM_OFF:
	case PSCI_SYSTEM_RESET:
		role_end(rec->realm, HOW_OFF, 0, fid == PSCI_SYSTEM_OFF);
		return false;
	}
	vmm_fail(rec->realm->vmm, "role '%s' left with PSCI call %#llx, which is unknown", rec->realm->name,
		 (unsigned long long)fid);
	return false;
}
