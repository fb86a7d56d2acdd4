/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The role's other CPUs. Each runs one function at a time on a stack that the component gives it, and rests otherwise:
 * switched off where the policy opens `psci`, else in WFI, where it looks for work now and then.
 */
#include "cpu.h"
#include "libmica.h"

/* start.S reads it without MMU; everything there is written before the stack that makes a CPU go. */
struct cpus {
	uint64_t table, tcr;
	uint64_t off;			/* rest by CPU_OFF */
	uint64_t stack[CPUS];		/* top; 0: nothing to do */
};
_Static_assert(offsetof(struct cpus, off) == CPUS_OFF && offsetof(struct cpus, stack) == CPUS_STACK, "start.S");
_Static_assert(CPUS == MICA_MAX_VCPUS, "start.S");

struct cpus libmica_cpus;

static struct {
	void (*run)(void *arg);
	void *arg;
	uint32_t busy;			/* from mica_cpu_start() until run returned */
	uint32_t taken;			/* it is on its way */
} work[CPUS];

void cpus_init(uint64_t table, uint64_t tcr)
{
	libmica_cpus.table = table;
	libmica_cpus.tcr = tcr;
	__atomic_store_n(&libmica_cpus.off, mica_self()->rights & MICA_RIGHT_PSCI ? 1 : 0, __ATOMIC_RELEASE);
}

/* start.S: the CPU is awake, its MMU on. */
void libmica_cpu(uint64_t cpu);
void libmica_cpu(uint64_t cpu)
{
	__atomic_store_n(&libmica_cpus.stack[cpu], 0, __ATOMIC_RELAXED);
	__atomic_store_n(&work[cpu].taken, 1, __ATOMIC_RELEASE);
	work[cpu].run(work[cpu].arg);
	__atomic_store_n(&work[cpu].busy, 0, __ATOMIC_RELEASE);
}

static bool taken(unsigned int cpu)
{
	return __atomic_load_n(&work[cpu].taken, __ATOMIC_ACQUIRE) != 0;
}

/* It may be on still, on its way to switch itself off without having seen its work: then once more. */
static int power_on(unsigned int cpu)
{
	while (!taken(cpu)) {
		uint64_t x[11] = { PSCI_CPU_ON_64, cpu, (uint64_t)__text };

		mica_smc(x);
		if ((int64_t)x[0] != PSCI_SUCCESS && (int64_t)x[0] != PSCI_ALREADY_ON)
			return (int64_t)x[0] == PSCI_INVALID_PARAMETERS ? -ENOENT : -EACCES;
		mica_wait(0, mica_ticks_per_second() / 1000);
	}
	return 0;
}

int mica_cpu_start(unsigned int cpu, void (*run)(void *arg), void *arg, void *stack, size_t size)
{
	uint64_t top = ((uint64_t)stack + size) & ~15UL;
	uint32_t idle = 0;
	int err = 0;

	if (cpu == 0 || cpu >= CPUS || size < CPU_STACK_MIN + 16)
		return -EINVAL;
	if (!__atomic_compare_exchange_n(&work[cpu].busy, &idle, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return -EBUSY;
	work[cpu].run = run;
	work[cpu].arg = arg;
	work[cpu].taken = 0;
	__atomic_store_n(&libmica_cpus.stack[cpu], top, __ATOMIC_RELEASE);
	if (mica_self()->rights & MICA_RIGHT_PSCI)
		err = power_on(cpu);
	if (err) {
		libmica_cpus.stack[cpu] = 0;
		__atomic_store_n(&work[cpu].busy, 0, __ATOMIC_RELEASE);
	}
	return err;
}

bool mica_cpu_busy(unsigned int cpu)
{
	return cpu < CPUS && __atomic_load_n(&work[cpu].busy, __ATOMIC_ACQUIRE) != 0;
}
