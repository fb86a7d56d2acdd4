/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fake machine: reset, CPUs, randomness, digests. The monitor's objects are linked with
 * their .bss and .data renamed (fake.mk), so that its variables can be reset and digested whole.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "../../rmm/granule/granule.h"
#include "../../rmm/rmi/rmi_internal.h"
#include "../../rmm/realm/vmid.h"
#include "fake_internal.h"

void fake_dram_reset(void);
uint64_t fake_dram_digest(void);

/* bounds of the monitor's variables, from the linker; absent where no linked object has any */
extern uint8_t __start_rmm_bss[] __attribute__((weak)), __stop_rmm_bss[] __attribute__((weak));
extern uint8_t __start_rmm_data[] __attribute__((weak)), __stop_rmm_data[] __attribute__((weak));

static struct fake_cpu cpus[FAKE_CPUS];
static _Thread_local unsigned int this_cpu;
static atomic_ulong random_state;
static bool random_on;

struct fake_cpu *fake_cpu(void)
{
	return &cpus[this_cpu];
}

struct fake_regs *fake_regs(void)
{
	return &fake_cpu()->regs;
}

void fake_set_cpu(unsigned int cpu)
{
	if (cpu >= FAKE_CPUS)
		fake_fail("CPU %u", cpu);
	this_cpu = cpu;
}

unsigned int arch_cpu_id(void)
{
	return this_cpu;
}

bool arch_interrupt_pending(void)
{
	return fake_cpu()->interrupt;
}

void fake_interrupt(bool pending)
{
	fake_cpu()->interrupt = pending;
}

/* ---- hardware among threads ---- */

static bool jitter;

void fake_jitter(bool on)
{
	jitter = on;
}

FAKE_HARDWARE void fake_dither(void)
{
	static _Thread_local uint32_t x;

	if (!jitter)
		return;
	x = x * 1664525 + 1013904223 + this_cpu;
	if (x >> 30 == 0)
		for (volatile unsigned int i = 0; i < (x >> 8 & 0x3ff); i++)
			;
}

FAKE_HARDWARE void fake_hw_lock(uint8_t *l)
{
	while (__atomic_exchange_n(l, 1, __ATOMIC_ACQUIRE))
		;
}

FAKE_HARDWARE void fake_hw_unlock(uint8_t *l)
{
	__atomic_store_n(l, 0, __ATOMIC_RELEASE);
}

/* The fence orders what the monitor wrote before what a table walker reads: no edge between threads. */
FAKE_HARDWARE void arch_dsb_ish(void)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	fake_dither();
}

void fake_random_enable(bool on)
{
	random_on = on;
}

bool arch_has_random(void)
{
	return random_on;
}

bool arch_random(uint64_t *v)
{
	uint64_t x;

	if (!random_on)
		return false;
	x = atomic_fetch_add(&random_state, 0x9e3779b97f4a7c15UL);
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9UL;
	*v = x ^ x >> 29;
	return true;
}

void rmm_panic(const char *what)
{
	fake_fail("monitor panics: %s", what);
}

/* What QEMU 10 `-cpu max,x-rme=on` answers. */
static void cpu_reset(struct fake_cpu *cpu, unsigned int id)
{
	memset(cpu, 0, sizeof(*cpu));
	cpu->regs.TPIDR_EL2 = id;
	cpu->regs.HCR_EL2 = 1UL << 34 | 1UL << 37;
	cpu->regs.ICH_VTR_EL2 = 0x90b80003;
	cpu->regs.MPIDR_EL1 = 1UL << 31 | id;
	cpu->regs.MIDR_EL1 = 0x000f0510;
	cpu->regs.CTR_EL0 = 0xb444c004;
	cpu->regs.DCZID_EL0 = 4;
	cpu->regs.CNTFRQ_EL0 = 1000000000;
	cpu->regs.ID_AA64PFR0_EL1 = 0x1311001121112222;
	cpu->regs.ID_AA64PFR1_EL1 = 0x0000001001000121;
	cpu->regs.ID_AA64DFR0_EL1 = 0x100000001030560a;
	cpu->regs.PMCR_EL0 = 0x41013000;
	cpu->regs.ID_AA64ISAR0_EL1 = 0x1221111110212120;
	cpu->regs.ID_AA64ISAR1_EL1 = 0x0111211110211502;
	cpu->regs.ID_AA64MMFR0_EL1 = 0x2100032310201126;
	cpu->regs.ID_AA64MMFR1_EL1 = 0x0110112010312122;
	cpu->regs.ID_AA64MMFR2_EL1 = 0x1221011112011011;
}

/* The renamed sections hold the sanitizer's red zones too: plain byte loops, unchecked. */
__attribute__((no_sanitize("address")))
static void raw_copy(uint8_t *dst, const uint8_t *src, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((volatile uint8_t *)dst)[i] = src != NULL ? src[i] : 0;
}

static void variables_reset(void)
{
	static uint8_t *initial;
	size_t n = (size_t)(__stop_rmm_data - __start_rmm_data);

	if (initial == NULL) {
		initial = malloc(n + 1);
		raw_copy(initial, __start_rmm_data, n);
	}
	raw_copy(__start_rmm_data, initial, n);
	raw_copy(__start_rmm_bss, NULL, (size_t)(__stop_rmm_bss - __start_rmm_bss));
}

void fake_reset(void)
{
	fake_dram_reset();
	fake_tlb_reset();
	for (this_cpu = 0; this_cpu < FAKE_CPUS; this_cpu++) {
		cpu_reset(&cpus[this_cpu], this_cpu);
		vmid_boot();
	}
	this_cpu = 0;
	atomic_store(&random_state, 1);
	random_on = true;
	variables_reset();
	granule_init(pa(FAKE_DRAM_BASE), FAKE_DRAM_SIZE);
}

__attribute__((no_sanitize("address", "undefined")))	/* as its caller, to be inlined there */
static inline uint64_t mix_word(uint64_t h, uint64_t word)
{
	h = (h ^ word) * 0x9fb21c651e98df25UL;
	return h ^ h >> 32;
}

#define LANES	4		/* words next to each other do not wait for each other's multiplication */

__attribute__((no_sanitize("address", "undefined")))
uint64_t fake_mix(uint64_t h, const void *data, size_t size)
{
	uint64_t lane[LANES] = { h, h + 1, h + 2, h + 3 };
	const uint8_t *p = data, *end = p + size;

	for (; end - p >= LANES * 8; p += LANES * 8)
		for (unsigned int i = 0; i < LANES; i++)
			lane[i] = mix_word(lane[i], ((const volatile uint64_t *)p)[i]);
	for (; p < end; p++)
		lane[0] = mix_word(lane[0], *(const volatile uint8_t *)p);
	for (unsigned int i = 1; i < LANES; i++)
		lane[0] = mix_word(lane[0], lane[i]);
	return lane[0];
}

uint64_t fake_digest(void)
{
	uint64_t h = fake_dram_digest();

	h = h * 31 + fake_tlb_digest();
	h = fake_mix(h, __start_rmm_bss, (size_t)(__stop_rmm_bss - __start_rmm_bss));
	return fake_mix(h, __start_rmm_data, (size_t)(__stop_rmm_data - __start_rmm_data));
}

uint64_t fake_regs_digest(void)
{
	return fake_mix(0, cpus, sizeof(cpus));
}
