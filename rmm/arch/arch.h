/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the monitor needs of the machine. Two implementations: rmm/arch/aarch64 (the only
 * assembly) and tests/fake (stateful: registers, granule memory, GPT, CPUs as threads).
 */
#ifndef RMM_ARCH_H
#define RMM_ARCH_H

#include "../core/types.h"

/* System registers by their architectural names: read_HCR_EL2(), write_HCR_EL2(v). */
#include "sysreg.h"

/*
 * The cheap ones, inline on the real machine:
 *
 * unsigned int arch_cpu_id(void);	0..MAX_CPUS-1
 * void arch_isb(void);
 * void arch_dsb_ish(void);
 *
 * Physical memory through the monitor's own map (Realm PAS). The page must be a granule the
 * monitor owns (any state but NS).
 * void *arch_granule_va(pa_t pa);
 *
 * Is a physical interrupt pending at this CPU (ISR_EL1 != 0)?
 * bool arch_interrupt_pending(void);
 */
#ifdef FAKE_ARCH
#include "fake_arch.h"
#else
#include "aarch64/inline.h"
#endif

void arch_granule_zero(pa_t pa);	/* 4096 bytes, ends with DSB ISH */
#define ARCH_ZERO_BLOCK_MAX	512	/* largest block of DC ZVA that it takes */

/*
 * Copy between monitor memory and non-secure memory; 8-byte aligned, size a multiple of 8, not crossing
 * a granule. False when the page is not Non-secure any more (granule protection fault) or not
 * there (external abort); a read may then have filled part of dst.
 */
bool arch_ns_read(void *dst, pa_t src, size_t size);
bool arch_ns_write(pa_t dst, const void *src, size_t size);

/*
 * The CPU's private window: n granules side by side, at an address that is the same on every
 * CPU, so that memory mapped here may hold pointers into itself. One window at a time;
 * ARCH_WINDOW_PAGES at most.
 */
#define ARCH_WINDOW_PAGES	16
void *arch_window_map(const pa_t *pages, unsigned int n);
void arch_window_unmap(void);

/*
 * Run the Realm whose system registers are loaded, from ELR_EL2 and SPSR_EL2, until it traps; gpr is loaded
 * before and holds its registers after. The exclusive monitor is clear on both sides.
 */
enum rec_trap { REC_TRAP_SYNC, REC_TRAP_IRQ, REC_TRAP_FIQ, REC_TRAP_SERROR };
enum rec_trap arch_rec_run(uint64_t gpr[31]);

/* FP and Advanced SIMD state of a Realm. */
struct arch_simd {
	uint64_t v[64];			/* V0..V31 */
	uint64_t fpcr, fpsr;
};
/* Keep the host's FP, SIMD, SVE state of this CPU, load a Realm's and let it use it; realm stays in use until the leave. */
void arch_simd_enter(struct arch_simd *realm);
/* The way back: the Realm's state into what was entered, the host's exactly as it was, FP trapped again. */
void arch_simd_leave(void);
/* Code of the monitor that computes in vector registers stands between these two, whoever's values they hold. */
void arch_simd_borrow(void);
void arch_simd_return(void);

/* Stage 1 of the loaded Realm: page of the IPA behind a virtual address, for reads at EL1. PAR_EL1 is preserved. */
bool arch_realm_translate(uint64_t va, uint64_t *ipa);

/* EL3. 0 or a negative RMM-EL3 code. */
struct arch_smc { uint64_t x[8]; };
void arch_smc(struct arch_smc *regs);		/* X0..X7 in and out */
long el3_delegate(pa_t pa);
long el3_undelegate(pa_t pa);
/* The page shared with EL3, for calls that pass a buffer. Cold boot only: no lock. */
void *arch_shared_va(void);
pa_t arch_shared_pa(void);

/*
 * Stage 2 TLB maintenance for a VMID, inner shareable, complete on return. The caller has already
 * written the invalid descriptor; these begin with DSB ISH. HCR_EL2.TGE is 0 and VTTBR_EL2 is preserved.
 */
void arch_tlbi_ipa(uint16_t vmid, ipa_t ipa);	/* one entry, page or block, and combined entries */
void arch_tlbi_vmid(uint16_t vmid);		/* everything of the VMID */
/* Of the loaded Realm's VMID all that depends on stage 1, on this CPU alone. */
void arch_tlbi_stage1_here(void);

/* Hardware random 64 bits (RNDR). False if absent or exhausted. */
bool arch_random(uint64_t *v);
bool arch_has_random(void);

#endif
