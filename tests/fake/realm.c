/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Realms of the fake machine run as a function of the test's: it sees and sets general registers and, through fake_regs(),
 * what a trap leaves in ESR_EL2 and the like. Without one, a Realm that runs is at once interrupted.
 */
#include <assert.h>
#include <stdatomic.h>
#include <string.h>

#include "fake_internal.h"

static enum rec_trap (*realm_code)(uint64_t gpr[31]);
static atomic_uint runs;

void fake_set_realm(enum rec_trap (*code)(uint64_t gpr[31]))
{
	realm_code = code;
	runs = 0;
}

unsigned int fake_realm_runs(void)
{
	return runs;
}

enum rec_trap arch_rec_run(uint64_t gpr[31])
{
	runs++;
	fake_stage1_fill();
	return realm_code ? realm_code(gpr) : REC_TRAP_IRQ;
}

/* The vector registers of this CPU: the host's, a Realm's while it uses them, or junk while they are borrowed. */
static struct arch_simd vectors[FAKE_CPUS], host_vectors[FAKE_CPUS], lent[FAKE_CPUS];
static struct arch_simd *entered[FAKE_CPUS];
static bool borrowed[FAKE_CPUS];

void arch_simd_enter(struct arch_simd *realm)
{
	unsigned int cpu = arch_cpu_id();

	assert(!entered[cpu] && !borrowed[cpu]);
	host_vectors[cpu] = vectors[cpu];
	vectors[cpu] = *realm;
	entered[cpu] = realm;
}

void arch_simd_leave(void)
{
	unsigned int cpu = arch_cpu_id();

	assert(entered[cpu] && !borrowed[cpu]);
	*entered[cpu] = vectors[cpu];
	entered[cpu] = NULL;
	vectors[cpu] = host_vectors[cpu];
}

void arch_simd_borrow(void)
{
	unsigned int cpu = arch_cpu_id();

	assert(!borrowed[cpu]);
	borrowed[cpu] = true;
	lent[cpu] = vectors[cpu];
	memset(&vectors[cpu], 0xa5, sizeof(vectors[cpu]));
}

void arch_simd_return(void)
{
	unsigned int cpu = arch_cpu_id();

	assert(borrowed[cpu]);
	borrowed[cpu] = false;
	vectors[cpu] = lent[cpu];
}

struct arch_simd *fake_simd(void)
{
	return &vectors[arch_cpu_id()];
}

/* Stage 1 is off in the Realms of the fake: virtual is intermediate physical. */
bool arch_realm_translate(uint64_t va, uint64_t *ipa_page)
{
	*ipa_page = va & ~0xfffUL;
	return true;
}
