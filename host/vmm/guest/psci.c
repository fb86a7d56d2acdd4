/* SPDX-License-Identifier: Apache-2.0 */
/* PSCI calls the monitor passes on. Source: RMM specification, PSCI; Arm PSCI. */
#include "../../../abi/rsi.h"
#include "guest.h"

#define MPIDR_AFF0	0xfUL

static struct vcpu *by_mpidr(struct guest *guest, uint64_t mpidr)
{
	uint64_t i = mpidr & MPIDR_AFF0;

	return (mpidr & ~MPIDR_AFF0) == 0 && i < guest->realm.n_recs ? &guest->vcpu[i] : NULL;
}

/* The monitor knows which of its RECs are on; all it wants is the target. */
static bool complete(struct vcpu *vcpu, bool cpu_on)
{
	struct guest *guest = vcpu->guest;
	struct vcpu *target = by_mpidr(guest, vcpu->rec->run->exit.gprs[1]);
	uint64_t x[6] = { SMC_RMI_PSCI_COMPLETE, vcpu->rec->pa, 0, (uint64_t)PSCI_SUCCESS };

	if (target == NULL) {
		vmm_fail(guest->vmm, "the Realm names a vCPU that the monitor should have refused");
		return false;
	}
	x[2] = target->rec->pa;
	if (rmi_ask(guest->vmm, x) != RMI_SUCCESS) {
		vmm_fail(guest->vmm, "RMI_PSCI_COMPLETE fails with %#llx", (unsigned long long)x[0]);
		return false;
	}
	if (cpu_on) {
		target->on = target->switched_on = true;
		vcpu_kick(target);
	}
	return true;
}

bool vcpu_psci(struct vcpu *vcpu)
{
	struct guest *guest = vcpu->guest;

	switch (vcpu->rec->run->exit.gprs[0]) {
	case PSCI_CPU_ON_32:
	case PSCI_CPU_ON_64:
		return complete(vcpu, true);
	case PSCI_AFFINITY_INFO_32:
	case PSCI_AFFINITY_INFO_64:
		return complete(vcpu, false);
	case PSCI_CPU_OFF:
		vcpu->on = vcpu->switched_on;	/* another may have been quicker than this exit */
		return true;
	case PSCI_SYSTEM_RESET:
		guest->reset = true;
		guest_off(guest);
		return false;
	case PSCI_SYSTEM_OFF:
		guest_off(guest);
		return false;
	default:	/* CPU_SUSPEND: as a WFI would */
		return true;
	}
}
