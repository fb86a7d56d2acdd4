/* SPDX-License-Identifier: Apache-2.0 */
/* Confined senders over what is left open, and a listener for the other direction. */
#include "realm.h"

#include "../covert.h"

static uint64_t now(void)
{
	uint64_t v;

	__asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(v));
	return v;
}

static void idle(void)
{
	__asm__ volatile("wfi");
}

static void turns(uint64_t n)
{
	__asm__ volatile("1:\tsubs %0, %0, #1\n\tb.pl 1b" : "+r"(n) : : "cc");
}

/* Only an exit and a new entry take so long between two looks. */
static void run_until_interrupted(void)
{
	uint64_t before = now(), t;

	while ((t = now()) - before < RUN_GAP)
		before = t;
}

static _Noreturn void send_exits(void)
{
	static uint16_t message[TIME_SYMBOLS], both[BOTH_SYMBOLS];	/* worked out before: that takes a time, too */

	for (uint64_t i = 0; i < TIME_SYMBOLS; i++)
		message[i] = (uint16_t)timed_symbol(i);
	for (uint64_t i = 0; i < BOTH_SYMBOLS; i++)
		both[i] = (uint16_t)(both_turns(i) << 3 | both_kind(i));
	for (uint64_t i = 0; i < KIND_SYMBOLS; i++)
		if (covert_symbol(i) & 1)
			signal(0);
		else
			idle();
	for (uint64_t i = 0; i < WAKE_SYMBOLS; i++)
		if ((covert_symbol(i) & 7) < SLEEPERS)
			signal(covert_symbol(i) & 7);
		else
			idle();
	for (uint64_t i = 0; i < TIME_SYMBOLS; i++) {
		turns(message[i]);
		idle();
	}
	for (uint64_t i = 0; i < BOTH_SYMBOLS; i++) {
		turns(both[i] >> 3);
		if ((both[i] & 7) < SLEEPERS)
			signal(both[i] & 7);
		else
			idle();
	}
	for (uint64_t i = 0; i < RUN_SYMBOLS; i++)
		if (covert_symbol(i) & 1)
			run_until_interrupted();
		else
			idle();
	wait_for_ever();
}

static uint64_t epoch(void)
{
	return CALL(SMC_RSI_MICA_SELF, MICA_SELF_ROLE).x[6];
}

static _Noreturn void send_a_life(bool call)
{
	if (covert_symbol(epoch()) & 1)
		CALL(call ? SMC_RSI_MICA_GATE_CALL : PSCI_SYSTEM_OFF, 0, 0);
	for (;;)
		idle();
}

static _Noreturn void serve(void)
{
	for (;;) {
		CALL(SMC_RSI_MICA_GATE_RECV, 0);
		idle();
	}
}

/* Delays, calibrating ones first, as symbols; then all of them in one call. */
static _Noreturn void listen(void)
{
	static struct rsi_host_call call __attribute__((aligned(256)));
	static uint64_t took[LISTEN_SYMBOLS];

	for (;;) {
		for (unsigned int i = 0; i < LISTEN_SYMBOLS; i++) {
			uint64_t before = now();

			idle();
			took[i] = now() - before;
		}
		for (unsigned int i = 0; i < LISTEN_SYMBOLS; i++) {
			uint64_t span = took[2] - took[1], above = took[i] > took[1] ? took[i] - took[1] : 0;
			uint64_t symbol = (above * GREATEST + span / 2) / span;

			call.gprs[i / 8] = (i % 8 == 0 ? 0 : call.gprs[i / 8]) | (symbol & 0xff) << (i % 8 * 8);
		}
		CALL(SMC_RSI_HOST_CALL, (uint64_t)&call);
	}
}

/* Against the direction of its channel: a reader that waits makes its writer's SIGNAL an exit, if the writer may know of it. */
static _Noreturn void read_back(void)
{
	for (uint64_t i = 0; ; i++) {
		CALL(SMC_RSI_MICA_WAIT, 1, 0, MICA_WAIT_NOWAIT);	/* what is left of the last one */
		if (covert_symbol(i) & 1)
			wait_for(1);
		else
			idle();
	}
}

static _Noreturn void write_and_look(void)
{
	static struct rsi_host_call call __attribute__((aligned(256)));
	static uint64_t took[WAIT_SYMBOLS];
	uint64_t least = ~0UL, greatest = 0;

	for (unsigned int i = 0; i < WAIT_SYMBOLS; i++) {
		uint64_t before = now();

		signal(0);
		took[i] = now() - before;
		least = took[i] < least ? took[i] : least;
		greatest = took[i] > greatest ? took[i] : greatest;
		idle();
	}
	for (unsigned int i = 0; i < WAIT_SYMBOLS; i++)
		call.gprs[i / 64] |= (uint64_t)(took[i] > (least + greatest) / 2) << i % 64;
	call.gprs[WAIT_SYMBOLS / 64] = greatest - least;
	CALL(SMC_RSI_HOST_CALL, (uint64_t)&call);
	wait_for_ever();
}

_Noreturn void send(unsigned int channel)
{
	switch (channel) {
	case COVERT_EXITS: send_exits();
	case COVERT_CALLER: send_a_life(true);
	case COVERT_OFF: send_a_life(false);
	case COVERT_SERVER: serve();
	case COVERT_LISTENER: listen();
	case COVERT_READER: read_back();
	case COVERT_WRITER: write_and_look();
	default:
		for (;;)
			wait_for(1);
	}
}
