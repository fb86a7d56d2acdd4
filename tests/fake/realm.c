/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Realms of the fake machine run as a function of the test's: it sees and sets general registers and, through fake_regs(),
 * what a trap leaves in ESR_EL2 and the like. Without one, a Realm that runs is at once interrupted.
 */
#include <string.h>

#include "fake_internal.h"

static enum rec_trap (*realm_code)(uint64_t gpr[31]);
static unsigned int runs;

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
	return realm_code ? realm_code(gpr) : REC_TRAP_IRQ;
}

/* The vector registers of this CPU: the host's, or a Realm's while it uses them. */
static struct arch_simd vectors[FAKE_CPUS], host_vectors[FAKE_CPUS];

void arch_simd_enter(const struct arch_simd *realm)
{
	host_vectors[arch_cpu_id()] = vectors[arch_cpu_id()];
	vectors[arch_cpu_id()] = *realm;
}

void arch_simd_leave(struct arch_simd *realm)
{
	*realm = vectors[arch_cpu_id()];
	vectors[arch_cpu_id()] = host_vectors[arch_cpu_id()];
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
