/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a CPU: only a bug of the monitor leads here. */
#include "../arch/arch.h"
#include "log.h"

static _Noreturn void stop(void)
{
	for (;;)
		arch_wfe();
}

_Noreturn void rmm_panic(const char *what)
{
	rmm_log("RMM panic, CPU %lu: %s (from %lx)", (uint64_t)arch_cpu_id(), what,
		(uint64_t)__builtin_return_address(0));
	stop();
}

/* An exception in the monitor itself; regs = X0..X30. From vectors.S. */
_Noreturn void panic_exception(const uint64_t *regs)
{
	rmm_log("RMM panic, CPU %lu: exception ESR %lx ELR %lx FAR %lx", (uint64_t)arch_cpu_id(),
		read_ESR_EL2(), read_ELR_EL2(), read_FAR_EL2());
	for (unsigned long i = 0; i < 31; i++)
		rmm_log("  X%lu %lx", i, regs[i]);
	stop();
}
