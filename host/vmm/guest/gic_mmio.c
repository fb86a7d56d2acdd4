/* SPDX-License-Identifier: Apache-2.0 */
/* Registers of distributor and redistributors. What is not here reads as zero and ignores writes. */
#include <stddef.h>

#include "gic.h"

#define D_CTLR		0x0000
#define D_TYPER		0x0004
#define D_IIDR		0x0008
#define D_TYPER2	0x000c
#define D_IROUTER	0x6000
#define PIDR2		0xffe8
#define PIDR2_GICV3	0x3b

#define CTLR_ENABLES	3UL
#define CTLR_ARE	(1UL << 4)
#define CTLR_DS		(1UL << 6)
#define TYPER_IDBITS	(9UL << 19)
#define TYPER_NO1N	(1UL << 25)

#define R_CTLR		0x0000
#define R_TYPER		0x0008
#define R_WAKER		0x0014
#define R_SGI_FRAME	0x10000
#define TYPER_LAST	(1UL << 4)
#define WAKER_SLEEP	(1UL << 1)
#define WAKER_ASLEEP	(1UL << 2)

/* Arrays with one field for each interrupt, at the same offsets in the distributor and the SGI frame. */
enum field { IGROUP, ISENABLE, ICENABLE, ISPEND, ICPEND, ISACTIVE, ICACTIVE, PRIORITY, CONFIG, FIELDS };
static const struct { uint16_t first, end; uint8_t bits; } arrays[FIELDS] = {
	[IGROUP] = { 0x080, 0x100, 1 },
	[ISENABLE] = { 0x100, 0x180, 1 },
	[ICENABLE] = { 0x180, 0x200, 1 },
	[ISPEND] = { 0x200, 0x280, 1 },
	[ICPEND] = { 0x280, 0x300, 1 },
	[ISACTIVE] = { 0x300, 0x380, 1 },
	[ICACTIVE] = { 0x380, 0x400, 1 },
	[PRIORITY] = { 0x400, 0x800, 8 },
	[CONFIG] = { 0xc00, 0xd00, 2 },
};

static unsigned int get(const struct gic_irq *irq, enum field field)
{
	switch (field) {
	case IGROUP:
		return irq->group1;
	case ISENABLE:
	case ICENABLE:
		return irq->enabled;
	case ISPEND:
	case ICPEND:
		return irq->latched || (!irq->edge && irq->line);
	case ISACTIVE:
	case ICACTIVE:
		return irq->active;
	case PRIORITY:
		return irq->priority;
	case CONFIG:
		return irq->edge ? 2 : 0;
	case FIELDS:
		break;
	}
	return 0;
}

static void set(struct gic_irq *irq, enum field field, unsigned int intid, unsigned int v)
{
	switch (field) {
	case IGROUP:
		irq->group1 = v;
		break;
	case ISENABLE:
		irq->enabled |= v;
		break;
	case ICENABLE:
		irq->enabled &= !v;
		break;
	case ISPEND:
		irq->latched |= v;
		break;
	case ICPEND:
		irq->latched &= !v;
		break;
	case ISACTIVE:
		irq->active |= v;
		break;
	case ICACTIVE:
		irq->active &= !v;
		break;
	case PRIORITY:
		irq->priority = v & 0xf8;
		break;
	case CONFIG:
		if (intid >= 16)	/* SGIs are edges */
			irq->edge = v >> 1;
		break;
	case FIELDS:
		break;
	}
}

/* Fields of one access, read or written. Private interrupts have no place in the distributor's arrays. */
static bool array(struct gic *gic, unsigned int cpu, bool private, uint64_t off, unsigned int size,
		  uint64_t *value, bool write)
{
	unsigned int f, i, first, bits;

	for (f = 0; f < FIELDS; f++)
		if (off >= arrays[f].first && off < arrays[f].end)
			break;
	if (f == FIELDS)
		return false;
	bits = arrays[f].bits;
	first = (unsigned int)(off - arrays[f].first) * 8 / bits;
	for (i = 0; i < size * 8 / bits; i++) {
		unsigned int intid = first + i, mask = (1U << bits) - 1;
		struct gic_irq *irq = gic_irq(gic, cpu, intid);

		if (irq == NULL || (intid < GIC_PRIVATE) != private)
			continue;
		if (write)
			set(irq, f, intid, *value >> (i * bits) & mask);
		else
			*value |= (uint64_t)get(irq, f) << (i * bits);
	}
	return true;
}

/* IROUTER<n> at 8 * n, in one access or in halves. */
static struct gic_irq *router(struct gic *gic, uint64_t off)
{
	uint64_t n = (off - D_IROUTER) / 8;

	return off >= D_IROUTER && n >= GIC_PRIVATE && n < GIC_PRIVATE + GIC_SPIS ?
	       &gic->spi[n - GIC_PRIVATE] : NULL;
}

uint64_t gic_dist_read(struct gic *gic, uint64_t off, unsigned int size)
{
	struct gic_irq *irq = router(gic, off);
	uint64_t value = 0;

	if (irq)
		return irq->router >> (off & 4) * 8;
	if (array(gic, 0, false, off, size, &value, false))
		return value;
	switch (off) {
	case D_CTLR:
		return gic->ctlr | CTLR_ARE | CTLR_DS;
	case D_TYPER:
		return GIC_SPIS / 32 | TYPER_IDBITS | TYPER_NO1N;
	case PIDR2:
		return PIDR2_GICV3;
	}
	return 0;
}

void gic_dist_write(struct gic *gic, uint64_t off, unsigned int size, uint64_t value)
{
	struct gic_irq *irq = router(gic, off);
	unsigned int shift = (off & 4) * 8;

	if (irq && size == 8)
		irq->router = value;
	else if (irq)
		irq->router = (irq->router & ~(0xffffffffUL << shift)) | (value & 0xffffffffUL) << shift;
	else if (!array(gic, 0, false, off, size, &value, true) && off == D_CTLR)
		gic->ctlr = value & CTLR_ENABLES;
}

uint64_t gic_redist_read(struct gic *gic, uint64_t off, unsigned int size)
{
	unsigned int cpu = off / GICR_STRIDE;
	uint64_t value = 0;

	if (cpu >= gic->cpus)
		return 0;
	off %= GICR_STRIDE;
	if (off >= R_SGI_FRAME) {
		array(gic, cpu, true, off - R_SGI_FRAME, size, &value, false);
		return value;
	}
	if ((off & ~7UL) == R_TYPER) {
		value = (uint64_t)cpu << 32 | (uint64_t)cpu << 8 | (cpu + 1 == gic->cpus ? TYPER_LAST : 0);
		return value >> (off & 4) * 8;
	}
	switch (off) {
	case R_WAKER:
		return gic->cpu[cpu].asleep ? WAKER_SLEEP | WAKER_ASLEEP : 0;
	case PIDR2:
		return PIDR2_GICV3;
	}
	return 0;
}

void gic_redist_write(struct gic *gic, uint64_t off, unsigned int size, uint64_t value)
{
	unsigned int cpu = off / GICR_STRIDE;

	if (cpu >= gic->cpus)
		return;
	off %= GICR_STRIDE;
	if (off >= R_SGI_FRAME)
		array(gic, cpu, true, off - R_SGI_FRAME, size, &value, true);
	else if (off == R_WAKER)
		gic->cpu[cpu].asleep = value & WAKER_SLEEP;
}
