/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Realm's breakpoints are the last ones of the hardware: those are context-aware, and its ID register says that its last ones are. What
 * could match by something that is not the Realm's (VMID, CONTEXTIDR_EL2, a breakpoint it has not) is kept but never loaded.
 */
#include "debug.h"

#include "../arch/esr.h"
#include "rec.h"

#define REG_MDSCR		ESR_SYS_REG(2, 0, 0, 2, 2)
#define REG_OSLAR		ESR_SYS_REG(2, 0, 1, 0, 4)
#define REG_OSLSR		ESR_SYS_REG(2, 0, 1, 1, 4)
#define OP2_FIRST		4		/* DBGBVR; DBGBCR, DBGWVR, DBGWCR follow */

#define MDSCR_SS		BIT(0)
#define MDSCR_TDCC		BIT(12)
#define MDSCR_KDE		BIT(13)
#define MDSCR_MDE		BIT(15)
#define OSLAR_OSLK		BIT(0)
#define OSLSR_OSLK		BIT(1)
#define OSLSR_OSLM		BIT(3)		/* the lock is implemented */

#define CTL_LBN(v)		((v) >> 16 & 0xf)
#define CTL_LBN_SHIFT		16
#define BCR_BT(v)		((v) >> 20 & 0xf)
#define BT_LINKED_ADDRESS	1
#define BT_OF_EL2		8		/* bit: VMID, CONTEXTIDR_EL2 */
#define WCR_LINKED		BIT(20)

#define DFR0_BRPS(v)		((v) >> 12 & 0xf)	/* breakpoints minus 1 */
#define DFR0_WRPS(v)		((v) >> 20 & 0xf)

/* What is not writable is RES0: no SSCE, which tells worlds apart. */
static const uint64_t writable[DEBUG_REGS] = {
	[DEBUG_BVR] = ~0UL,			/* an address, or a context */
	[DEBUG_BCR] = 0x00ffe1e7,		/* BT, LBN, SSC, HMC, BAS, PMC, E */
	[DEBUG_WVR] = ~3UL,
	[DEBUG_WCR] = 0x1f1fffff,		/* MASK, WT, LBN, SSC, HMC, BAS, LSC, PAC, E */
};

static struct debug_regs host_debug[MAX_CPUS];

/* ---- hardware ---- */

static void save(struct debug_regs *to)
{
	unsigned int bps = DFR0_BRPS(read_ID_AA64DFR0_EL1()) + 1, wps = DFR0_WRPS(read_ID_AA64DFR0_EL1()) + 1;

	do {
#define DEBUG(i) if (i == bps) break; to->r[DEBUG_BVR][i] = read_DBGBVR##i##_EL1(); to->r[DEBUG_BCR][i] = read_DBGBCR##i##_EL1();
#include "../arch/numbered_sysregs.def"
	} while (0);
	do {
#define DEBUG(i) if (i == wps) break; to->r[DEBUG_WVR][i] = read_DBGWVR##i##_EL1(); to->r[DEBUG_WCR][i] = read_DBGWCR##i##_EL1();
#include "../arch/numbered_sysregs.def"
	} while (0);
}

static void load(const struct debug_regs *from)
{
	unsigned int bps = DFR0_BRPS(read_ID_AA64DFR0_EL1()) + 1, wps = DFR0_WRPS(read_ID_AA64DFR0_EL1()) + 1;

	do {
#define DEBUG(i) if (i == bps) break; write_DBGBVR##i##_EL1(from->r[DEBUG_BVR][i]); write_DBGBCR##i##_EL1(from->r[DEBUG_BCR][i]);
#include "../arch/numbered_sysregs.def"
	} while (0);
	do {
#define DEBUG(i) if (i == wps) break; write_DBGWVR##i##_EL1(from->r[DEBUG_WVR][i]); write_DBGWCR##i##_EL1(from->r[DEBUG_WCR][i]);
#include "../arch/numbered_sysregs.def"
	} while (0);
}

/* A control register that links to one of the Realm's breakpoints, by the hardware's number; to none: off. */
static uint64_t linked(const struct rd *rd, uint64_t ctl, uint64_t first)
{
	return CTL_LBN(ctl) > rd->num_bps ? 0 : ctl + (first << CTL_LBN_SHIFT);
}

static uint64_t breakpoint(const struct rd *rd, uint64_t bcr, uint64_t first)
{
	if (BCR_BT(bcr) & BT_OF_EL2)
		return 0;
	return BCR_BT(bcr) == BT_LINKED_ADDRESS ? linked(rd, bcr, first) : bcr;
}

/* The Realm's registers, at the hardware's numbers; all others are off. */
static void load_realm(const struct rec *rec)
{
	const struct rd *rd = rec_rd(rec);
	const struct debug_regs *regs = &rec->debug.regs;
	uint64_t first = DFR0_BRPS(read_ID_AA64DFR0_EL1()) - rd->num_bps;
	struct debug_regs hw;

	memset(&hw, 0, sizeof(hw));
	for (unsigned int i = 0; i <= rd->num_bps; i++) {
		hw.r[DEBUG_BVR][first + i] = regs->r[DEBUG_BVR][i];
		hw.r[DEBUG_BCR][first + i] = breakpoint(rd, regs->r[DEBUG_BCR][i], first);
	}
	for (unsigned int i = 0; i <= rd->num_wps; i++) {
		uint64_t wcr = regs->r[DEBUG_WCR][i];

		hw.r[DEBUG_WVR][i] = regs->r[DEBUG_WVR][i];
		hw.r[DEBUG_WCR][i] = wcr & WCR_LINKED ? linked(rd, wcr, first) : wcr;
	}
	load(&hw);
}

void debug_load(struct rec *rec)
{
	if (!(read_MDSCR_EL1() & MDSCR_MDE))
		return;
	if (!rec->debug.loaded)
		save(&host_debug[arch_cpu_id()]);
	rec->debug.loaded = true;
	load_realm(rec);
}

void debug_unload(struct rec *rec)
{
	if (!rec->debug.loaded)
		return;
	load(&host_debug[arch_cpu_id()]);
	rec->debug.loaded = false;
}

/* ---- accesses ---- */

static bool is_numbered(uint64_t reg)
{
	return ESR_SYS_OP1(reg) == 0 && ESR_SYS_CRN(reg) == 0 && ESR_SYS_OP2(reg) >= OP2_FIRST;
}

static enum debug_reg kind(uint64_t reg)
{
	return (enum debug_reg)(ESR_SYS_OP2(reg) - OP2_FIRST);
}

/* A Realm has the breakpoints and watchpoints that it was created with. */
static bool exists(const struct rec *rec, uint64_t reg)
{
	const struct rd *rd = rec_rd(rec);

	return ESR_SYS_CRM(reg) <= (kind(reg) <= DEBUG_BCR ? rd->num_bps : rd->num_wps);
}

bool debug_read(const struct rec *rec, uint64_t reg, uint64_t *value)
{
	const struct rec_debug *d = &rec->debug;

	*value = 0;
	if (is_numbered(reg)) {
		if (!exists(rec, reg))
			return false;
		*value = d->regs.r[kind(reg)][ESR_SYS_CRM(reg)];
	}
	if (reg == REG_MDSCR)
		*value = d->mdscr;
	if (reg == REG_OSLSR)
		*value = OSLSR_OSLM | (d->os_lock ? OSLSR_OSLK : 0);
	return true;
}

/* Locked, nothing but a BRK raises a debug exception. */
static void set_mdscr(struct rec *rec)
{
	uint64_t off = rec->debug.os_lock ? MDSCR_SS | MDSCR_MDE : 0;

	write_MDSCR_EL1(rec->debug.mdscr & ~off);
}

bool debug_write(struct rec *rec, uint64_t reg, uint64_t value)
{
	struct rec_debug *d = &rec->debug;

	if (is_numbered(reg)) {
		if (!exists(rec, reg))
			return false;
		d->regs.r[kind(reg)][ESR_SYS_CRM(reg)] = value & writable[kind(reg)];
	}
	if (reg == REG_MDSCR)
		d->mdscr = value & (MDSCR_SS | MDSCR_TDCC | MDSCR_KDE | MDSCR_MDE);
	if (reg == REG_OSLAR)
		d->os_lock = value & OSLAR_OSLK;
	set_mdscr(rec);
	debug_load(rec);
	return true;
}
