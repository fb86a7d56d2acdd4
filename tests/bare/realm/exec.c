/* SPDX-License-Identifier: Apache-2.0 */
/* A Realm that runs what the host puts before it, instruction by instruction, and shows its registers. */
#include <stdint.h>

#include "../../../abi/rsi.h"
#include "realm_abi.h"

#define WORD_B		0x14000000U
#define LINE		64

void smc_call(uint64_t regs[11]);
void exec_run(struct exec_state *s, const void *code);
extern const uint32_t exec_return[];

/* What a slot owns: the RECs of a Realm do not share. */
static struct {
	struct rsi_host_call call __attribute__((aligned(256)));
	struct exec_state state;
	uint32_t code[EXEC_WORDS + 1] __attribute__((aligned(LINE)));
} own[EXEC_SLOTS];

static void copy(volatile uint64_t *to, const volatile uint64_t *from, unsigned int bytes)
{
	for (unsigned int i = 0; i < bytes / 8; i++)
		to[i] = from[i];
}

static void put_code(volatile uint32_t *code, const volatile struct exec_slot *slot)
{
	uint64_t n = slot->words;

	for (uint64_t i = 0; i < n; i++)
		code[i] = slot->code[i];
	code[n] = WORD_B | ((uint32_t)(exec_return - (uint32_t *)&code[n]) & 0x3ffffff);
	for (uint64_t i = 0; i <= n; i += LINE / 4)
		__asm__ volatile("dc cvau, %0\n\tdsb ish\n\tic ivau, %0" : : "r"(&code[i]) : "memory");
	__asm__ volatile("dc cvau, %0\n\tdsb ish\n\tic ivau, %0\n\tdsb ish\n\tisb" : : "r"(&code[n]) : "memory");
}

void exec_slot(unsigned int slot, volatile struct exec_slot *s)
{
	struct exec_state *mine = &own[slot].state;

	copy((volatile uint64_t *)mine, (const volatile uint64_t *)&s->state, sizeof(*mine));
	mine->at = (uint64_t)own[slot].code;
	put_code(own[slot].code, s);
	exec_run(mine, own[slot].code);
	copy((volatile uint64_t *)&s->state, (const volatile uint64_t *)mine, sizeof(*mine));
}

void exec(unsigned int slot, unsigned int ipa_bits)
{
	uint64_t shared = 1UL << ((ipa_bits == 0 ? REALM_IPA_BITS : ipa_bits) - 1);
	volatile struct exec_slot *s = (volatile struct exec_slot *)(shared + EXEC_SLOT_AT * (slot + 1));

	for (;;) {
		uint64_t ask[11] = { SMC_RSI_HOST_CALL, (uint64_t)&own[slot].call };

		own[slot].call.imm = REALM_CALL_EXEC;
		smc_call(ask);
		exec_slot(slot, s);
	}
}
