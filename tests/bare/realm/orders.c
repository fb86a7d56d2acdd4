/* SPDX-License-Identifier: Apache-2.0 */
/* A Realm that reads and writes system registers and runs a target of debug exceptions, as the host orders. */
#include <stdint.h>

#include "../../../abi/rsi.h"
#include "realm_abi.h"

void smc_call(uint64_t regs[11]);
void orders(void) __attribute__((noreturn));
void exceptions_on(void);
void at_el1(void);
void at_el0(void);
extern char target[], target_second[];
extern volatile uint64_t exceptions[4], target_word, other_word;

static struct rsi_host_call call __attribute__((aligned(256)));

#define NOT(r)

/* An access that is Undefined is skipped and leaves what was there. */
static uint64_t read_register(uint64_t reg)
{
	uint64_t v = ~0UL;

#define READ(r) case REALM_##r: __asm__ volatile("isb\n\tmrs %0, " #r : "+r"(v)); break;
	switch (reg) {
	REALM_REGS(READ, READ, NOT)
	}
	return v;
}

static void write_register(uint64_t reg, uint64_t v)
{
#define WRITE(r) case REALM_##r: __asm__ volatile("msr " #r ", %0\n\tisb" : : "r"(v) : "memory"); break;
	switch (reg) {
	REALM_REGS(WRITE, NOT, WRITE)
	}
}

static uint64_t where(uint64_t what)
{
	switch (what) {
	case 0:
		return (uint64_t)target;
	case 1:
		return (uint64_t)&target_word;
	case 2:
		return (uint64_t)&other_word;
	default:
		return (uint64_t)target_second;
	}
}

static void hammer(volatile uint64_t *a, volatile uint64_t *b, uint64_t n)
{
	for (uint64_t i = 1; i <= n; i++)
		*a = *b = i;
}

static uint64_t obey(uint64_t order, uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t v = ~0UL;

	exceptions[0] = 0;
	switch (order) {
	case REALM_READ:
		return read_register(a);
	case REALM_WRITE:
		write_register(a, b);
		return 0;
	case REALM_LOOP:
		for (volatile uint64_t i = 0; i < a; i++)
			;
		return 0;
	case REALM_AT_EL1:
		at_el1();
		return target_word;
	case REALM_AT_EL0:
		at_el0();
		return target_word;
	case REALM_BRK:
		__asm__ volatile("brk #0x123");
		return 0;
	case REALM_WHERE:
		return where(a);
	case REALM_LOAD:
		__asm__ volatile("ldr %0, [%1]" : "+r"(v) : "r"(a) : "memory");
		return v;
	case REALM_STORE:
		__asm__ volatile("str %0, [%1]" : : "r"(b), "r"(a) : "memory");
		return 0;
	case REALM_BRANCH:
		__asm__ volatile("blr %0" : : "r"(a) : "x30", "memory");	/* a RET, or no code at all */
		return 0;
	case REALM_HAMMER:
		hammer((volatile uint64_t *)a, (volatile uint64_t *)b, c);
		return 0;
	}
	return v;
}

void orders(void)
{
	uint64_t result = 0;

	exceptions_on();
	for (;;) {
		uint64_t r[11] = { SMC_RSI_HOST_CALL, (uint64_t)&call };

		call.imm = REALM_CALL_ORDER;
		call.gprs[0] = result;
		for (int i = 0; i < 4; i++)
			call.gprs[i + 1] = exceptions[i];
		smc_call(r);
		result = obey(call.gprs[0], call.gprs[1], call.gprs[2], call.gprs[3]);
	}
}
