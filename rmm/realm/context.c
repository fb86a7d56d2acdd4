/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The switch of register state between the host's world and a REC. A plain RMI call never comes here.
 * Source: RMM-EL3 interface 0.4, world-switch contract: what EL3 does not keep, we do.
 */
#include "context.h"

#include "../mica/hooks.h"
#include "gic.h"
#include "timer.h"
#include "vmid.h"

/* HCR_EL2: E2H; stage 2 with forced write-back; interrupts and SErrors to EL2; EL1 is AArch64. */
#define HCR_VM			BIT(0)
#define HCR_SWIO		BIT(1)
#define HCR_PTW			BIT(2)
#define HCR_FMO			BIT(3)
#define HCR_IMO			BIT(4)
#define HCR_AMO			BIT(5)
#define HCR_VSE			BIT(8)
#define HCR_FB			BIT(9)
#define HCR_BSU_INNER		BIT(10)
#define HCR_TWI			BIT(13)
#define HCR_TWE			BIT(14)
#define HCR_TID3		BIT(18)
#define HCR_TSC			BIT(19)
#define HCR_TIDCP		BIT(20)
#define HCR_RW			BIT(31)
#define HCR_E2H			BIT(34)
#define HCR_TLOR		BIT(35)
#define HCR_TERR		BIT(36)
#define HCR_TEA			BIT(37)
#define HCR_APK			BIT(40)
#define HCR_API			BIT(41)
#define HCR_FWB			BIT(46)

#define HCR_MONITOR		(HCR_E2H | HCR_TEA)
#define HCR_REALM		(HCR_VM | HCR_SWIO | HCR_PTW | HCR_FMO | HCR_IMO | HCR_AMO | HCR_FB | \
				 HCR_BSU_INNER | HCR_TID3 | HCR_TSC | HCR_TIDCP | HCR_RW | HCR_E2H | \
				 HCR_TLOR | HCR_TERR | HCR_TEA | HCR_APK | HCR_API | HCR_FWB)

/* MDCR_EL2: all of debug, PMU and trace filter traps; no counter runs at EL2; debug exceptions go to EL1 (TDE) */
#define MDCR_HPMN		0x1fUL
#define MDCR_TPMCR		BIT(5)
#define MDCR_TPM		BIT(6)
#define MDCR_TDA		BIT(9)
#define MDCR_TDOSA		BIT(10)
#define MDCR_TDRA		BIT(11)
#define MDCR_HPMD		BIT(17)
#define MDCR_TTRF		BIT(19)
#define MDCR_HCCD		BIT(23)
#define MDCR_MTPME		BIT(28)
#define MDCR_REALM		(MDCR_TPMCR | MDCR_TPM | MDCR_TDA | MDCR_TDOSA | MDCR_TDRA | MDCR_HPMD | \
				 MDCR_TTRF | MDCR_HCCD | MDCR_MTPME)

/* VTCR_EL2: 4 KiB, inner shareable write-back walks */
#define VTCR_SL0_SHIFT		6
#define VTCR_IRGN0_WB		BIT(8)
#define VTCR_ORGN0_WB		BIT(10)
#define VTCR_SH0_INNER		(3UL << 12)
#define VTCR_PS_SHIFT		16
#define VTCR_PS_48		5UL
#define VTCR_NSA		BIT(30)
#define VTCR_RES1		BIT(31)

#define MMFR0_PARANGE(v)	((v) & 0xf)

/* The host's registers while a REC is loaded on the CPU. */
static struct {
#define OWN(field, reg)
#define SWITCHED(field, reg)	uint64_t field;
#include "../arch/rec_sysregs.def"
#undef OWN
#undef SWITCHED
} host_context[MAX_CPUS];

static void host_save(void)
{
	__typeof__(host_context[0]) *host = &host_context[arch_cpu_id()];

#define OWN(field, reg)
#define SWITCHED(field, reg)	host->field = read_##reg();
#include "../arch/rec_sysregs.def"
#undef OWN
#undef SWITCHED
}

static void host_restore(void)
{
	const __typeof__(host_context[0]) *host = &host_context[arch_cpu_id()];

#define OWN(field, reg)
#define SWITCHED(field, reg)	write_##reg(host->field);
#include "../arch/rec_sysregs.def"
#undef OWN
#undef SWITCHED
}

static void sysregs_load(const struct rec_sysregs *sys)
{
#define OWN(field, reg)		write_##reg(sys->field);
#define SWITCHED(field, reg)	write_##reg(sys->field);
#include "../arch/rec_sysregs.def"
#undef OWN
#undef SWITCHED
}

static void sysregs_save(struct rec_sysregs *sys)
{
#define OWN(field, reg)		sys->field = read_##reg();
#define SWITCHED(field, reg)	sys->field = read_##reg();
#include "../arch/rec_sysregs.def"
#undef OWN
#undef SWITCHED
}

static uint64_t vtcr_of(const struct s2_root *s2)
{
	/* SL0: level 2 is 0, 1 is 1, 0 is 2; level 3 is the odd one out */
	uint64_t sl0 = s2->start_level == 3 ? 3 : 2 - (uint64_t)s2->start_level;
	uint64_t ps = MMFR0_PARANGE(read_ID_AA64MMFR0_EL1());

	if (ps > VTCR_PS_48)
		ps = VTCR_PS_48;
	return (64UL - s2->ipa_bits) | sl0 << VTCR_SL0_SHIFT | VTCR_IRGN0_WB | VTCR_ORGN0_WB |
	       VTCR_SH0_INNER | ps << VTCR_PS_SHIFT | VTCR_NSA | VTCR_RES1 |
	       (vmid_is_16bit() ? VTCR_VS : 0);
}

/* A Realm with a PMU has its own counters without a trap; beyond them it has none. */
static uint64_t mdcr_of(const struct rec *rec)
{
	if (!rec->pmu.present)
		return (read_MDCR_EL2() & MDCR_HPMN) | MDCR_REALM;
	return (MDCR_REALM & ~(MDCR_TPM | MDCR_TPMCR)) | rec->pmu.counters;
}

/*
 * All RECs of a Realm have its VMID, and each may have tables of its own under the same ASIDs: translations are an REC's own only as
 * long as no other runs on the CPU. Called when the REC's VMID is in place. Only this CPU looks at its place in last_rec.
 */
static void forget_other_rec(const struct rec *rec)
{
	uint8_t *last = &rec_rd(rec)->last_rec[arch_cpu_id()], self = (uint8_t)(rec->index + 1);

	if (*last == self)
		return;
	if (*last != 0)
		arch_tlbi_stage1_here();
	*last = self;
}

static void install(struct rec *rec, uint64_t trap_wfx)
{
	uint64_t hcr = HCR_REALM;

	if (trap_wfx & RMI_ENTER_TRAP_WFI)
		hcr |= HCR_TWI;
	if (trap_wfx & RMI_ENTER_TRAP_WFE)
		hcr |= HCR_TWE;
	if (rec->vserror)
		hcr |= HCR_VSE;

	timer_mask_all();		/* before a timer that has expired is switched on */
	sysregs_load(&rec->sys);
	gic_load(&rec->gic);
	write_VPIDR_EL2(read_MIDR_EL1());
	write_VMPIDR_EL2(rec->mpidr);
	write_MDCR_EL2(mdcr_of(rec));
	if (rec->pmu.present)
		pmu_load(&rec->pmu);
	else
		pmu_stop();
	debug_load(rec);
	write_VTCR_EL2(vtcr_of(&rec->s2));
	write_VTTBR_EL2((uint64_t)rec->s2.vmid << 48 | rec->s2.base.v);
	write_HCR_EL2(hcr);
	arch_isb();
	forget_other_rec(rec);
}

void rec_load(struct rec *rec, uint64_t trap_wfx)
{
	host_save();
	install(rec, trap_wfx);
}

void rec_simd_load(struct run *run)
{
	arch_simd_enter(&run->rec->simd);
	run->simd = true;
}

void rec_pend_serror(uint64_t syndrome)
{
	write_VSESR_EL2(syndrome);
	write_HCR_EL2(read_HCR_EL2() | HCR_VSE);	/* where rec_unload() finds it */
}

static void save(struct run *run)
{
	struct rec *rec = run->rec;

	rec->vserror = read_HCR_EL2() & HCR_VSE;
	if (run->simd)
		arch_simd_leave();
	run->simd = false;
	sysregs_save(&rec->sys);
	gic_save(&rec->gic);
	if (rec->pmu.present)
		pmu_unload(&rec->pmu);
	debug_unload(rec);
	write_HCR_EL2(HCR_MONITOR);
	write_VTTBR_EL2(0);
	arch_isb();
}

void rec_unload(struct run *run)
{
	save(run);
	host_restore();
}

void rec_switch(struct run *run, struct rec *to)
{
	save(run);
	run->rec = to;
	run->rd = rec_rd(to);
	install(to, run->enter.flags);
}
