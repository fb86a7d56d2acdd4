/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FP, SIMD and, for the normal world only, SVE state. A Realm is offered no SVE, but touching a V register clears the
 * upper bits of the Z register under it: where the CPU has SVE the normal world's whole vectors are kept.
 * EL3 keeps none of this. Source: RMM-EL3 interface 0.4, world-switch contract.
 */
#include "../arch.h"

#define CPTR_ZEN	(3UL << 16)
#define CPTR_FPEN	(3UL << 20)
#define CPTR_SMEN	(3UL << 24)
#define PFR0_SVE(v)	((v) >> 32 & 0xf)
#define PFR1_SME(v)	((v) >> 24 & 0xf)
#define ZCR_LEN_MAX	0xfUL
#define SVCR_SM		BIT(0)
#define SVE_Z_MAX	256		/* bytes of a Z register at 2048 bits */
#define SVE_P_MAX	32

struct host_simd {
	uint8_t z[32 * SVE_Z_MAX];	/* or 32 V registers of 16 bytes */
	uint8_t p[17 * SVE_P_MAX];	/* P0..P15, FFR */
	uint64_t zcr, fpcr, fpsr;
} __attribute__((aligned(16)));
static struct host_simd host_simd[MAX_CPUS];

/* simd_regs.S */
void simd_save_v(void *v);
void simd_load_v(const void *v);
void simd_save_sve(void *z, void *p);
void simd_load_sve(const void *z, const void *p);
void simd_clear_sve(void);

#define REG(name, enc)								\
	static uint64_t read_##name(void)					\
	{									\
		uint64_t v;							\
		__asm__ volatile("mrs %0, " enc : "=r"(v));			\
		return v;							\
	}									\
	static void write_##name(uint64_t v)					\
	{									\
		__asm__ volatile("msr " enc ", %0" : : "r"(v));			\
	}
REG(FPCR, "s3_3_c4_c4_0")
REG(FPSR, "s3_3_c4_c4_1")
REG(ZCR_EL2, "s3_4_c1_c2_0")
REG(SVCR, "s3_3_c4_c2_2")

static bool has_sve(void)
{
	return PFR0_SVE(read_ID_AA64PFR0_EL1()) != 0;
}

static void allow(uint64_t which)
{
	write_CPTR_EL2((read_CPTR_EL2() & ~(CPTR_FPEN | CPTR_ZEN | CPTR_SMEN)) | which);
	arch_isb();
}

/* A host that left its CPU in streaming mode loses that mode and its streaming vectors (docs/caveats.md). */
static void leave_streaming_mode(void)
{
	if (!PFR1_SME(read_ID_AA64PFR1_EL1()))
		return;
	allow(CPTR_FPEN | CPTR_ZEN | CPTR_SMEN);
	if (read_SVCR() & SVCR_SM)
		write_SVCR(read_SVCR() & ~SVCR_SM);
	arch_isb();
}

/* The Realm whose state the registers hold; else they are the host's. */
static struct arch_simd *entered[MAX_CPUS];

static void host_save(struct host_simd *host)
{
	leave_streaming_mode();
	allow(CPTR_FPEN | CPTR_ZEN);
	host->fpcr = read_FPCR();
	host->fpsr = read_FPSR();
	if (has_sve()) {
		host->zcr = read_ZCR_EL2();
		write_ZCR_EL2(ZCR_LEN_MAX);
		arch_isb();
		simd_save_sve(host->z, host->p);
	} else {
		simd_save_v(host->z);
	}
}

static void host_load(const struct host_simd *host)
{
	if (has_sve()) {
		allow(CPTR_FPEN | CPTR_ZEN);
		simd_load_sve(host->z, host->p);
		write_ZCR_EL2(host->zcr);
	} else {
		simd_load_v(host->z);
	}
	write_FPCR(host->fpcr);
	write_FPSR(host->fpsr);
	allow(0);
}

void arch_simd_enter(struct arch_simd *realm)
{
	host_save(&host_simd[arch_cpu_id()]);
	if (has_sve())
		simd_clear_sve();
	allow(CPTR_FPEN);
	simd_load_v(realm->v);
	write_FPCR(realm->fpcr);
	write_FPSR(realm->fpsr);
	entered[arch_cpu_id()] = realm;
}

void arch_simd_leave(void)
{
	struct arch_simd *realm = entered[arch_cpu_id()];

	entered[arch_cpu_id()] = NULL;
	simd_save_v(realm->v);
	realm->fpcr = read_FPCR();
	realm->fpsr = read_FPSR();
	host_load(&host_simd[arch_cpu_id()]);
}

/* Either way the registers are saved where a switch would save them; a Realm's have nothing above the V registers. */
void arch_simd_borrow(void)
{
	struct arch_simd *realm = entered[arch_cpu_id()];

	if (realm)
		simd_save_v(realm->v);
	else
		host_save(&host_simd[arch_cpu_id()]);
}

void arch_simd_return(void)
{
	const struct arch_simd *realm = entered[arch_cpu_id()];

	if (realm)
		simd_load_v(realm->v);
	else
		host_load(&host_simd[arch_cpu_id()]);
}
