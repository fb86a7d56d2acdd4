/* SPDX-License-Identifier: Apache-2.0 */
/* Why a vCPU left the Realm, and what the machine around it does about that. */
#include "guest.h"

#define ESR_EC(esr)		((esr) >> 26 & 0x3f)
#define EC_WFX			0x01
#define EC_SYSREG		0x18
#define EC_DATA_ABORT		0x24
#define ESR_ISV			(1UL << 24)
#define ESR_SIZE(esr)		(1U << ((esr) >> 22 & 3))
#define ESR_WNR			(1UL << 6)
#define ESR_SYSREG(esr)		((esr) & 0x3ffc1eUL)
#define ICC_SGI1R		(3UL << 20 | 5UL << 17 | 12UL << 10 | 11UL << 1)
#define WFE			1UL		/* ESR.TI */

static bool within(uint64_t ipa, uint64_t base, uint64_t size)
{
	return ipa >= base && ipa < base + size;
}

static void send_sgi(struct vcpu *vcpu, uint64_t value)
{
	struct guest *guest = vcpu->guest;
	uint32_t reached = gic_sgi(&guest->gic, vcpu->index, value);
	unsigned int i;

	for (i = 0; i < guest->realm.n_recs; i++)
		if ((reached >> i & 1) && i != vcpu->index)
			vcpu_kick(&guest->vcpu[i]);
}

/* A write can make interrupts deliverable anywhere. */
static void interrupts_changed(struct vcpu *vcpu)
{
	struct guest *guest = vcpu->guest;
	unsigned int i;

	for (i = 0; i < guest->realm.n_recs; i++)
		if (i != vcpu->index && gic_wanted(&guest->gic, i))
			vcpu_kick(&guest->vcpu[i]);
}

static bool device_read(struct guest *guest, uint64_t at, unsigned int size, uint64_t *value)
{
	if (within(at, GUEST_GICD, GICD_SIZE))
		*value = gic_dist_read(&guest->gic, at - GUEST_GICD, size);
	else if (within(at, GUEST_GICR, GICR_STRIDE * guest->gic.cpus))
		*value = gic_redist_read(&guest->gic, at - GUEST_GICR, size);
	else if (within(at, GUEST_UART, PL011_SIZE))
		*value = pl011_read(&guest->uart, at - GUEST_UART);
	else
		return false;
	return true;
}

static bool device_write(struct vcpu *vcpu, uint64_t at, unsigned int size, uint64_t value)
{
	struct guest *guest = vcpu->guest;

	if (within(at, GUEST_GICD, GICD_SIZE))
		gic_dist_write(&guest->gic, at - GUEST_GICD, size, value);
	else if (within(at, GUEST_GICR, GICR_STRIDE * guest->gic.cpus))
		gic_redist_write(&guest->gic, at - GUEST_GICR, size, value);
	else if (!within(at, GUEST_UART, PL011_SIZE))
		return false;
	else if (pl011_write(&guest->uart, at - GUEST_UART, (uint32_t)value))
		guest_flush(guest);
	interrupts_changed(vcpu);
	return true;
}

/* A device the Realm finds in the lower half is reached through the upper, which is ours. */
static bool data_abort(struct vcpu *vcpu, uint64_t esr)
{
	struct guest *guest = vcpu->guest;
	struct rmi_rec_run *run = vcpu->rec->run;
	uint64_t ipa = (run->exit.hpfar >> 4) << 12 | (run->exit.far & (PAGE - 1));
	uint64_t half = 1UL << (guest->shape.s2sz - 1), at = ipa & (half - 1);
	bool ours = ipa >= half && ipa < 2 * half, done;

	if (ours && within(at, guest->shape.ram_base, guest->shape.ram_size))
		return guest_map_alias(guest, ipa);
	if (!ours || !(esr & ESR_ISV)) {
		run->enter.flags |= RMI_ENTER_INJECT_SEA;
		return true;
	}
	if (esr & ESR_WNR)
		done = device_write(vcpu, at, ESR_SIZE(esr), run->exit.gprs[0]);
	else
		done = device_read(guest, at, ESR_SIZE(esr), &run->enter.gprs[0]);
	run->enter.flags |= done ? RMI_ENTER_EMUL_MMIO : RMI_ENTER_INJECT_SEA;
	guest_uart_changed(guest);
	return true;
}

static bool unexpected(struct vcpu *vcpu)
{
	const struct rmi_rec_exit *x = &vcpu->rec->run->exit;

	vmm_fail(vcpu->guest->vmm, "vCPU %u left with exit reason %#llx (esr %#llx, far %#llx, hpfar %#llx)",
		 vcpu->index, (unsigned long long)x->exit_reason, (unsigned long long)x->esr,
		 (unsigned long long)x->far, (unsigned long long)x->hpfar);
	return false;
}

static bool sync_exit(struct vcpu *vcpu)
{
	const struct rmi_rec_exit *exit = &vcpu->rec->run->exit;

	switch (ESR_EC(exit->esr)) {
	case EC_WFX:
		vcpu->idle = !(exit->esr & WFE);
		return true;
	case EC_SYSREG:
		if (ESR_SYSREG(exit->esr) == ICC_SGI1R)
			send_sgi(vcpu, exit->gprs[0]);
		return true;
	case EC_DATA_ABORT:
		return data_abort(vcpu, exit->esr);
	}
	return unexpected(vcpu);
}

bool vcpu_exit(struct vcpu *vcpu)
{
	struct rmi_rec_run *run = vcpu->rec->run;

	run->enter.flags = RMI_ENTER_TRAP_WFI;
	switch (run->exit.exit_reason) {
	case RMI_EXIT_IRQ:
	case RMI_EXIT_FIQ:
		return true;
	case RMI_EXIT_SYNC:
		return sync_exit(vcpu);
	case RMI_EXIT_PSCI:
		return vcpu_psci(vcpu);
	case RMI_EXIT_RIPAS_CHANGE:
		return guest_ripas(vcpu);
	case RMI_EXIT_HOST_CALL:
		return true;	/* none is offered; the Realm's registers stay as they are */
	}
	return unexpected(vcpu);
}
