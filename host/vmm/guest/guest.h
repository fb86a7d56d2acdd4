/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One unbound Realm that runs a stock operating system: the devices it finds, and a thread for each vCPU.
 * The rest of the VMM loads it. guest->lock guards devices, vCPU states and RMI calls; a vCPU runs without it.
 */
#ifndef MICA_VMM_GUEST_H
#define MICA_VMM_GUEST_H

#include "../vmm.h"
#include "gic.h"
#include "guest_map.h"
#include "pl011.h"

#define PPI_VTIMER	27
#define PPI_PTIMER	30

struct vcpu {
	struct guest *guest;
	struct rec *rec;
	unsigned int index;
	bool on;			/* as far as known: the monitor decides at the next entry */
	bool switched_on;		/* a CPU_ON was completed since the last entry */
	bool running;			/* in the Realm: a kick gets it out */
	bool idle;			/* left by WFI: sleeps until an interrupt */
	pthread_cond_t wake;
};

struct guest {
	struct vmm *vmm;
	struct realm realm;
	struct window alias;		/* unprotected pages behind the Realm's own RAM addresses */
	struct mica_blob_role shape;
	struct gic gic;
	struct pl011 uart;
	struct vcpu vcpu[GIC_MAX_CPUS];
	pthread_mutex_t lock;
	uint64_t page_pa, pages_left;	/* shared pages not yet mapped */
	bool off;			/* SYSTEM_OFF, SYSTEM_RESET or a failure */
	bool reset;
	int in;				/* console; -1 at its end */
	bool starved;			/* the main thread waits for room in the UART */
};

/* guest.c: IMAGE, MiB of RAM, vCPUs, device tree address. Exit status of the program. */
int guest_main(int argc, char **argv);

/* vcpu.c */
void *vcpu_thread(void *arg);
/* Under the lock: let a vCPU look at its interrupts. */
void vcpu_kick(struct vcpu *vcpu);
/* The UART's interrupt has this level now. */
void guest_uart_changed(struct guest *guest);
void guest_flush(struct guest *guest);
/* Under the lock: everything ends. */
void guest_off(struct guest *guest);

/* exits.c: under the lock. False: the guest is over. */
bool vcpu_exit(struct vcpu *vcpu);

/* psci.c */
bool vcpu_psci(struct vcpu *vcpu);

/* memory.c: what the Realm asked about its address space. False after vmm_fail(). */
bool guest_ripas(struct vcpu *vcpu);
bool guest_map_alias(struct guest *guest, uint64_t ipa);

#endif
