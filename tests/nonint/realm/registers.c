/* SPDX-License-Identifier: Apache-2.0 */
/* Every system register that there is, written or read: the Realm builds the instructions. */
#include "realm.h"

#include "../sysregs.h"

#define STUBS	256U
#define LINE	64

static uint32_t code[2 * STUBS] __attribute__((aligned(LINE)));

static uint64_t (*stub(unsigned int i))(uint64_t x0)
{
	return (uint64_t (*)(uint64_t))(uintptr_t)&code[2 * i];
}

/* The instructions of the STUBS numbers from @first, each with a return. */
static void build(uint32_t insn, unsigned int first)
{
	for (unsigned int i = 0; i < STUBS; i++) {
		code[2 * i] = insn | (first + i) << 5;
		code[2 * i + 1] = INSN_RET;
	}
	for (unsigned int i = 0; i < sizeof(code); i += LINE)
		__asm__ volatile("dc cvau, %0\n\tdsb ish\n\tic ivau, %0" : : "r"((uint8_t *)code + i) : "memory");
	__asm__ volatile("dsb ish\n\tisb" : : : "memory");
}

/* Without these the program itself would not go on: vectors, MMU, stack pointer, masks, single step. */
static bool keep(unsigned int r)
{
	return r == SYSREG(3, 0, 12, 0, 0) || (r & ~7U) == SYSREG(3, 0, 1, 0, 0) || (r & ~7U) == SYSREG(3, 0, 4, 2, 0) ||
	       (r & ~7U) == SYSREG(3, 3, 4, 2, 0) || (r & ~7U) == SYSREG(3, 0, 4, 3, 0) || r == SYSREG(2, 0, 0, 2, 2);
}

void write_all_registers(uint64_t v)
{
	for (unsigned int r = 0; r < SYSREGS; r++) {
		if (r % STUBS == 0)
			build(INSN_MSR, r);
		if (!keep(r))
			stub(r % STUBS)(v);
	}
}

/* System instructions (cache and TLB maintenance, address translation) with @v as address. */
void do_all_instructions(uint64_t v)
{
	for (unsigned int r = 0; r < SYSTEM_INSNS; r++) {
		if (r % STUBS == 0)
			build(INSN_SYS, r);
		stub(r % STUBS)(v);
	}
}

static uint16_t readable[1024];
static unsigned int n_readable;

static bool faulted(unsigned int r)
{
	uint64_t before = faults[0];

	stub(r % STUBS)(0);
	return faults[0] != before;
}

/* Those of op0 = 3 first: what is shown may end before all are. */
static void find_readable(void)
{
	for (unsigned int i = 0; i < SYSREGS; i++) {
		unsigned int r = (i + SYSREGS / 2) % SYSREGS;

		if (r % STUBS == 0)
			build(INSN_MRS, r);
		if (!sysreg_read_acts(r) && !sysreg_is_time(r) && !sysreg_is_difference(r) &&
		    n_readable < sizeof(readable) / sizeof(readable[0]) && !faulted(r))
			readable[n_readable++] = (uint16_t)r;
	}
}

/* How many there are; the values of the first @max of them, in a fixed order. */
unsigned int read_all_registers(volatile uint64_t *to, unsigned int max)
{
	if (n_readable == 0)
		find_readable();
	for (unsigned int first = 0, i = 0; i < n_readable; i++) {
		if (i == 0 || readable[i] / STUBS != first) {
			first = readable[i] / STUBS;
			build(INSN_MRS, first * STUBS);
		}
		if (i < max)
			to[i] = stub(readable[i] % STUBS)(0);
	}
	return n_readable;
}
