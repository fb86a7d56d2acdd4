/* SPDX-License-Identifier: Apache-2.0 */
/* What is pending and active, and how it gets into list registers and back. */
#include <string.h>

#include "gic.h"

#define CTLR_ENABLE_GRP1	2

#define LR_PENDING	(1UL << 62)
#define LR_ACTIVE	(1UL << 63)
#define LR_GROUP1	(1UL << 60)
#define LR_PRIORITY(p)	((uint64_t)((p) & 0xf8) << 48)
#define LR_VINTID(lr)	((uint32_t)(lr))
#define HCR_UIE		(1UL << 1)	/* exit when hardly anything is left in the list registers */

#define SGI_INTID(v)	((v) >> 24 & 0xf)
#define SGI_IRM(v)	((v) >> 40 & 1)
#define SGI_TARGETS(v)	((v) & 0xffff)
#define SGI_RS(v)	((v) >> 44 & 0xf)
#define SGI_AFF321(v)	(((v) >> 16 & 0xff) | ((v) >> 32 & 0xff) << 8 | ((v) >> 48 & 0xff) << 16)

void gic_init(struct gic *gic, unsigned int cpus, unsigned int lrs)
{
	unsigned int cpu, i;

	memset(gic, 0, sizeof(*gic));
	gic->cpus = cpus;
	gic->lrs = lrs < GIC_MAX_LRS ? lrs : GIC_MAX_LRS;
	for (cpu = 0; cpu < cpus; cpu++) {
		gic->cpu[cpu].asleep = true;
		for (i = 0; i < 16; i++)
			gic->cpu[cpu].irq[i].edge = true;
	}
}

struct gic_irq *gic_irq(struct gic *gic, unsigned int cpu, unsigned int intid)
{
	if (intid < GIC_PRIVATE)
		return &gic->cpu[cpu].irq[intid];
	if (intid < GIC_PRIVATE + GIC_SPIS)
		return &gic->spi[intid - GIC_PRIVATE];
	return NULL;
}

static bool held_by(const struct gic_irq *irq, unsigned int cpu)
{
	return irq->holder == cpu + 1;
}

/* vCPUs are numbered by Aff0; an SPI routed elsewhere goes nowhere. */
static bool routed_to(const struct gic_irq *irq, unsigned int cpu)
{
	return (irq->router >> 31 & 1) ? cpu == 0 : (irq->router & 0xff00ffffffUL) == cpu;
}

static bool pending(const struct gic_irq *irq)
{
	return irq->latched || (!irq->edge && irq->line);
}

static bool deliverable(const struct gic *gic, const struct gic_irq *irq)
{
	return pending(irq) && irq->enabled && irq->group1 && (gic->ctlr & CTLR_ENABLE_GRP1);
}

/*
 * The interrupts a vCPU could see: its own, and the SPIs it holds or that nobody holds and are routed to it. Whoever
 * took an SPI ends it, wherever it is routed meanwhile. NULL for the others.
 */
static const struct gic_irq *seen_by(const struct gic *gic, unsigned int cpu, unsigned int intid)
{
	const struct gic_irq *irq = gic_irq((struct gic *)gic, cpu, intid);

	return intid < GIC_PRIVATE || held_by(irq, cpu) || (irq->holder == 0 && routed_to(irq, cpu)) ? irq : NULL;
}

bool gic_wanted(const struct gic *gic, unsigned int cpu)
{
	unsigned int i;

	for (i = 0; i < GIC_PRIVATE + GIC_SPIS; i++) {
		const struct gic_irq *irq = seen_by(gic, cpu, i);

		if (irq && deliverable(gic, irq))
			return true;
	}
	return false;
}

void gic_ppi(struct gic *gic, unsigned int cpu, unsigned int intid, bool level)
{
	gic->cpu[cpu].irq[intid].line = level;
}

void gic_spi(struct gic *gic, unsigned int intid, bool level)
{
	gic->spi[intid - GIC_PRIVATE].line = level;
}

uint32_t gic_sgi(struct gic *gic, unsigned int from, uint64_t v)
{
	uint32_t reached = 0;
	unsigned int cpu;

	for (cpu = 0; cpu < gic->cpus; cpu++) {
		bool named = SGI_AFF321(v) == 0 && SGI_RS(v) == 0 && (SGI_TARGETS(v) >> cpu & 1);

		if (!(SGI_IRM(v) ? cpu != from : named))
			continue;
		gic->cpu[cpu].irq[SGI_INTID(v)].latched = true;
		reached |= 1U << cpu;
	}
	return reached;
}

static uint64_t lr_of(const struct gic_irq *irq, unsigned int intid, bool as_pending)
{
	return intid | LR_PRIORITY(irq->priority) | (irq->group1 ? LR_GROUP1 : 0) |
	       (as_pending ? LR_PENDING : 0) | (irq->active ? LR_ACTIVE : 0);
}

/* The most urgent interrupt above `floor`, in order of (priority, INTID); -1 when there is none. */
static int next_pending(const struct gic *gic, unsigned int cpu, int floor)
{
	int best = -1, best_key = 0x10000;
	unsigned int i;

	for (i = 0; i < GIC_PRIVATE + GIC_SPIS; i++) {
		const struct gic_irq *irq = seen_by(gic, cpu, i);
		int key;

		if (!irq || irq->active || !deliverable(gic, irq))
			continue;
		key = irq->priority << 8 | (int)i;
		if (key > floor && key < best_key) {
			best = (int)i;
			best_key = key;
		}
	}
	return best;
}

/* Active ones first: without them the Realm's end of interrupt would find nothing. */
uint64_t gic_load(struct gic *gic, unsigned int cpu, uint64_t lr[GIC_MAX_LRS])
{
	unsigned int n = 0, i;
	int at, floor = -1;

	memset(lr, 0, GIC_MAX_LRS * sizeof(lr[0]));
	for (i = 0; i < GIC_PRIVATE + GIC_SPIS && n < gic->lrs; i++) {
		const struct gic_irq *irq = seen_by(gic, cpu, i);

		if (irq && irq->active)
			lr[n++] = lr_of(irq, i, irq->edge && deliverable(gic, irq));
	}
	while (n < gic->lrs && (at = next_pending(gic, cpu, floor)) >= 0) {
		struct gic_irq *irq = gic_irq(gic, cpu, (unsigned int)at);

		floor = irq->priority << 8 | at;
		lr[n++] = lr_of(irq, (unsigned int)at, true);
	}
	for (i = 0; i < n; i++) {
		struct gic_irq *irq = gic_irq(gic, cpu, LR_VINTID(lr[i]));

		irq->holder = (uint8_t)(cpu + 1);
		if (lr[i] & LR_PENDING)
			irq->latched = false;
	}
	return next_pending(gic, cpu, floor) >= 0 ? HCR_UIE : 0;
}

/* What the Realm did not take is pending again; a level that is gone meanwhile is not. */
void gic_save(struct gic *gic, unsigned int cpu, const uint64_t lr[GIC_MAX_LRS])
{
	unsigned int i;

	for (i = 0; i < GIC_PRIVATE + GIC_SPIS; i++) {
		struct gic_irq *irq = gic_irq(gic, cpu, i);

		if (held_by(irq, cpu)) {
			irq->active = false;
			irq->holder = 0;
		}
	}
	for (i = 0; i < gic->lrs; i++) {
		struct gic_irq *irq = gic_irq(gic, cpu, LR_VINTID(lr[i]));

		if (!irq || !(lr[i] & (LR_PENDING | LR_ACTIVE)))
			continue;
		irq->active = lr[i] & LR_ACTIVE;
		irq->holder = irq->active ? (uint8_t)(cpu + 1) : 0;
		if (irq->edge && (lr[i] & LR_PENDING))
			irq->latched = true;
	}
}
