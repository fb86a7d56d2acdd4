/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interrupt controller of an unbound Realm: a GICv3 distributor with 32 SPIs and a redistributor for each
 * vCPU, without ITS. Software keeps what is pending and active; list registers carry it into the Realm
 * for one run. Single security state, affinity routing on. The caller has locked it.
 * Source: GIC architecture, version 3; RMM specification, REC entry and exit.
 */
#ifndef MICA_VMM_GIC_H
#define MICA_VMM_GIC_H

#include <stdbool.h>
#include <stdint.h>

#define GIC_MAX_CPUS	8
#define GIC_PRIVATE	32		/* SGIs 0..15 and PPIs 16..31 of each vCPU */
#define GIC_SPIS	32		/* INTIDs 32..63 */
#define GIC_MAX_LRS	16

struct gic_irq {
	bool latched;			/* pending until taken: edges, SGIs, writes of ISPENDR */
	bool line;			/* input of a level interrupt */
	bool active;
	bool enabled;
	bool group1;
	bool edge;
	uint8_t priority;
	uint8_t holder;			/* 1 + vCPU whose list registers it is in, or who has it active; or 0 */
	uint64_t router;		/* SPIs: affinity of the target */
};

struct gic {
	unsigned int cpus;
	unsigned int lrs;		/* of the machine */
	uint32_t ctlr;
	struct gic_irq spi[GIC_SPIS];
	struct gic_cpu {
		bool asleep;		/* GICR_WAKER.ProcessorSleep */
		struct gic_irq irq[GIC_PRIVATE];
	} cpu[GIC_MAX_CPUS];
};

void gic_init(struct gic *gic, unsigned int cpus, unsigned int lrs);

/* Offsets into the distributor, and into the redistributors as one region; size 1, 2, 4 or 8 bytes. */
#define GICD_SIZE	0x10000UL
#define GICR_STRIDE	0x20000UL
uint64_t gic_dist_read(struct gic *gic, uint64_t off, unsigned int size);
void gic_dist_write(struct gic *gic, uint64_t off, unsigned int size, uint64_t value);
uint64_t gic_redist_read(struct gic *gic, uint64_t off, unsigned int size);
void gic_redist_write(struct gic *gic, uint64_t off, unsigned int size, uint64_t value);

/* Level inputs: a PPI of one vCPU, an SPI. */
void gic_ppi(struct gic *gic, unsigned int cpu, unsigned int intid, bool level);
void gic_spi(struct gic *gic, unsigned int intid, bool level);
/* A vCPU wrote ICC_SGI1R_EL1. Bits of the vCPUs it reached. */
uint32_t gic_sgi(struct gic *gic, unsigned int from, uint64_t value);

/* Is there something for this vCPU to take? */
bool gic_wanted(const struct gic *gic, unsigned int cpu);
/* Before a run: fill the list registers, and return ICH_HCR_EL2's bits. After it: take the state back. */
uint64_t gic_load(struct gic *gic, unsigned int cpu, uint64_t lr[GIC_MAX_LRS]);
void gic_save(struct gic *gic, unsigned int cpu, const uint64_t lr[GIC_MAX_LRS]);

/* gic.c, for gic_mmio.c: NULL where there is no such interrupt. */
struct gic_irq *gic_irq(struct gic *gic, unsigned int cpu, unsigned int intid);

#endif
