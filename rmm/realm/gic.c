/* SPDX-License-Identifier: Apache-2.0 */
/*
 * List registers come from the host: each is checked against what the hardware would take as
 * UNPREDICTABLE or as a claim on a physical interrupt. Source: RMM specification, REC entry,
 * GICv3; GIC architecture, ICH_*.
 */
#include "gic.h"

#define HCR_EN			BIT(0)
#define HCR_SGI_EOI_COUNT	BIT(8)
#define HCR_TDIR		BIT(14)
#define HCR_DVIM		BIT(15)
#define HCR_EOI_COUNT		(0x1fUL << 27)
#define HCR_HOST		0x40feUL	/* UIE .. VGrp1DIE, TDIR */
#define HCR_MONITOR		(HCR_EN | HCR_SGI_EOI_COUNT | HCR_DVIM)

#define LR_HW			BIT(61)
#define LR_PRIORITY(lr)		((lr) >> 48 & 0xff)
#define LR_PINTID		(0x1fffUL << 32)
#define LR_EOI			BIT(41)

#define VTR_LRS(v)		(((v) & 0x1f) + 1)
#define VTR_IDBITS(v)		((v) >> 23 & 7)
#define VTR_PREBITS(v)		(((v) >> 26 & 7) + 1)
#define VTR_PRIBITS(v)		(((v) >> 29 & 7) + 1)
#define CTLR_EXT_RANGE		BIT(19)

#define INTID_SPI_LAST		1019
#define INTID_EPPI_FIRST	1056
#define INTID_EPPI_LAST		1119
#define INTID_ESPI_FIRST	4096
#define INTID_ESPI_LAST		5119
#define INTID_LPI_FIRST		8192

static unsigned int num_lrs(uint64_t vtr)
{
	return VTR_LRS(vtr) < 16 ? VTR_LRS(vtr) : 16;
}

unsigned int gic_num_lrs(void)
{
	return num_lrs(read_ICH_VTR_EL2());
}

/* Registers of active priorities per group: one for 5 bits of preemption, two for 6, four for 7. */
static unsigned int num_aprs(uint64_t vtr)
{
	return 1U << ((VTR_PREBITS(vtr) - 5) & 3);
}

static bool vintid_valid(uint64_t vtr, uint64_t id)
{
	if (id <= INTID_SPI_LAST)
		return true;
	if (id >= INTID_LPI_FIRST)
		return id < (VTR_IDBITS(vtr) == 1 ? 1UL << 24 : 1UL << 16);
	if (!(read_ICC_CTLR_EL1() & CTLR_EXT_RANGE))
		return false;
	return (id >= INTID_EPPI_FIRST && id <= INTID_EPPI_LAST) ||
	       (id >= INTID_ESPI_FIRST && id <= INTID_ESPI_LAST);
}

static bool lr_valid(uint64_t vtr, uint64_t lr)
{
	if (lr & (LR_HW | (LR_PINTID & ~LR_EOI)))
		return false;
	if (LR_PRIORITY(lr) & (0xffU >> VTR_PRIBITS(vtr)))
		return false;
	return vintid_valid(vtr, LR_VINTID(lr));
}

bool gic_entry_valid(const struct rmi_rec_enter *enter)
{
	const uint64_t *lr = enter->gicv3_lrs;
	uint64_t vtr = read_ICH_VTR_EL2();

	if (enter->gicv3_hcr & ~HCR_HOST)
		return false;
	for (unsigned int i = 0; i < num_lrs(vtr); i++) {
		if (LR_STATE(lr[i]) == 0)
			continue;
		if (!lr_valid(vtr, lr[i]))
			return false;
		for (unsigned int j = 0; j < i; j++)
			if (LR_STATE(lr[j]) != 0 && LR_VINTID(lr[j]) == LR_VINTID(lr[i]))
				return false;
	}
	return true;
}

void gic_from_host(struct rec_gic *gic, const struct rmi_rec_enter *enter)
{
	unsigned int n = num_lrs(read_ICH_VTR_EL2());

	gic->hcr = enter->gicv3_hcr | HCR_MONITOR;
	for (unsigned int i = 0; i < n; i++)
		gic->lr[i] = enter->gicv3_lrs[i];
}

void gic_to_host(const struct rec_gic *gic, struct rmi_rec_exit *exit)
{
	exit->gicv3_hcr = gic->hcr & (HCR_HOST | HCR_EOI_COUNT);
	exit->gicv3_misr = gic->misr;
	exit->gicv3_vmcr = gic->vmcr;
	for (unsigned int i = 0; i < ARRAY_SIZE(gic->lr); i++)
		exit->gicv3_lrs[i] = gic->lr[i];
}

void gic_init(struct rec_gic *gic)
{
	*gic = (struct rec_gic){ .hcr = HCR_MONITOR };
}

void gic_without_host(struct rec_gic *gic)
{
	gic->hcr &= ~HCR_HOST;
}

bool gic_dir_trapped(const struct rec_gic *gic)
{
	return gic->hcr & HCR_TDIR;
}

/*
 * A register's number is part of its instruction, hence the lists. X(n) for each implemented one,
 * highest first; the case labels are the number implemented.
 */
#define EACH_LR(count, X)				\
	switch (count) {				\
	case 16: X(15) __attribute__((fallthrough));	\
	case 15: X(14) __attribute__((fallthrough));	\
	case 14: X(13) __attribute__((fallthrough));	\
	case 13: X(12) __attribute__((fallthrough));	\
	case 12: X(11) __attribute__((fallthrough));	\
	case 11: X(10) __attribute__((fallthrough));	\
	case 10: X(9) __attribute__((fallthrough));	\
	case 9: X(8) __attribute__((fallthrough));	\
	case 8: X(7) __attribute__((fallthrough));	\
	case 7: X(6) __attribute__((fallthrough));	\
	case 6: X(5) __attribute__((fallthrough));	\
	case 5: X(4) __attribute__((fallthrough));	\
	case 4: X(3) __attribute__((fallthrough));	\
	case 3: X(2) __attribute__((fallthrough));	\
	case 2: X(1) __attribute__((fallthrough));	\
	default: X(0)					\
	}
#define EACH_APR(count, X)				\
	switch (count) {				\
	case 4: X(3) X(2) __attribute__((fallthrough));	\
	case 2: X(1) __attribute__((fallthrough));	\
	default: X(0)					\
	}

void gic_load(const struct rec_gic *gic)
{
	uint64_t vtr = read_ICH_VTR_EL2();

#define LOAD_LR(n)	write_ICH_LR##n##_EL2(gic->lr[n]);
#define LOAD_APR(n)	write_ICH_AP0R##n##_EL2(gic->ap0r[n]); write_ICH_AP1R##n##_EL2(gic->ap1r[n]);
	EACH_LR(num_lrs(vtr), LOAD_LR)
	EACH_APR(num_aprs(vtr), LOAD_APR)
	write_ICH_VMCR_EL2(gic->vmcr);
	write_ICH_HCR_EL2(gic->hcr);
}

void gic_save(struct rec_gic *gic)
{
	uint64_t vtr = read_ICH_VTR_EL2();

	gic->misr = read_ICH_MISR_EL2();
	gic->hcr = read_ICH_HCR_EL2();
	gic->vmcr = read_ICH_VMCR_EL2();
	write_ICH_HCR_EL2(0);
#define SAVE_LR(n)	gic->lr[n] = read_ICH_LR##n##_EL2(); write_ICH_LR##n##_EL2(0);
#define SAVE_APR(n)							\
	gic->ap0r[n] = read_ICH_AP0R##n##_EL2(); write_ICH_AP0R##n##_EL2(0);	\
	gic->ap1r[n] = read_ICH_AP1R##n##_EL2(); write_ICH_AP1R##n##_EL2(0);
	EACH_LR(num_lrs(vtr), SAVE_LR)
	EACH_APR(num_aprs(vtr), SAVE_APR)
}
