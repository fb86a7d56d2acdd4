/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stand-in for rmm/arch with state: DRAM, the physical address space of each page, EL3, per-CPU
 * registers, stage 2 TLBs. A test acts as the host and as hardware through these calls; what the
 * monitor must never do aborts the test with a message. CPUs are threads.
 */
#ifndef FAKE_H
#define FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../rmm/arch/arch.h"
#include "../../rmm/s2tt/s2tt.h"
#include "plat.h"

#define FAKE_CPUS	4

/* A fresh machine: all DRAM zero and Non-secure, registers as QEMU's `max` CPU has them,
 * the monitor's own variables as at reset, granule_init() and each CPU's vmid_boot() done. */
void fake_reset(void);
/* Which CPU the calling thread plays from now on; 0 until said. */
void fake_set_cpu(unsigned int cpu);

/* The physical address space of a page. */
enum fake_pas { FAKE_NS, FAKE_REALM, FAKE_SECURE, FAKE_ROOT, FAKE_ABSENT };
void fake_set_pas(pa_t pa, enum fake_pas pas);
enum fake_pas fake_pas(pa_t pa);

/* Host's view: NULL where the host would take a granule protection fault. */
void *fake_ns_va(pa_t pa);
/* The bytes whatever the PAS, for assertions. */
const void *fake_peek(pa_t pa);
bool fake_page_is_zero(pa_t pa);

/* A page of DRAM that nobody used since the reset; ascending, contiguous, @align bytes. */
pa_t fake_alloc(unsigned int pages, uint64_t align);

/*
 * Digest of all that a refused call may not change: the monitor's variables, DRAM, every page's
 * PAS, TLBs. Not the CPU registers: fake_regs_digest().
 */
uint64_t fake_digest(void);
uint64_t fake_regs_digest(void);

/*
 * The Realm of @root touches @a: walk the tables as hardware does and, if a valid leaf is
 * found, keep the translation in the TLB until an invalidation covers it. False: it faults.
 */
struct fake_leaf {
	pa_t pa;		/* of the page */
	bool ns;
	bool exec;
	uint8_t s2ap;		/* bit 0 read, bit 1 write */
	uint8_t memattr;
	int level;
};
bool fake_realm_touch(const struct s2_root *root, ipa_t a, struct fake_leaf *leaf);
bool fake_tlb_holds(pa_t pa);
/* Every translation that a TLB holds. rights: S2AP, and 4 if it executes. */
void fake_tlb_each(void (*see)(uint16_t vmid, uint64_t ipa, uint64_t size, uint64_t pa, bool ns, unsigned int rights));
bool fake_tlb_reaches_realm(pa_t pa);	/* by a translation to Realm memory */

/* Knobs */
void fake_set_shared(bool (*shared)(pa_t pa));	/* pages that may be wiped while a Realm reaches them; NULL: none */
void fake_jitter(bool on);			/* CPUs dawdle at random: more interleavings */
void fake_random_enable(bool on);		/* RNDR present and willing; on after reset */
void fake_interrupt(bool pending);		/* at this CPU */
void fake_el3_refuse_next(long code);		/* next delegate answers this */

/* SMCs other than delegate and undelegate (attestation): a test installs its EL3; NULL: all
 * answer -1. fake_shared_page() is the page shared with EL3. */
void fake_set_el3(void (*smc)(struct arch_smc *regs));
void *fake_shared_page(void);

/* What the Realm does when it runs next; NULL: it is interrupted at once. */
void fake_set_realm(enum rec_trap (*code)(uint64_t gpr[31]));
unsigned int fake_realm_runs(void);	/* since then */
struct arch_simd *fake_simd(void);	/* this CPU's vector registers */

/* One RMI call through the dispatcher: X0 returned, X1..X4 in out[0..3] if out is not NULL. */
uint64_t fake_rmi(uint64_t *out, uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3,
		  uint64_t x4, uint64_t x5);

#endif
