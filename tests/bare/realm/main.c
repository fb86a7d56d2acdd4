/* SPDX-License-Identifier: Apache-2.0 */
/* A Realm that does what a scenario asks and tells by host calls. */
#include <stdint.h>

#include "../../../abi/mica.h"
#include "../../../abi/rsi.h"
#include "realm_abi.h"

void smc_call(uint64_t regs[11]);
void ping(void *call) __attribute__((noreturn));
void orders(void) __attribute__((noreturn));
void regs_smc(uint64_t regs[31]);
void vector_set(uint64_t v);
uint64_t vector_get(void);
void exec(unsigned int slot, unsigned int ipa_bits) __attribute__((noreturn));
void serve(uint64_t gate, int64_t next) __attribute__((noreturn));
extern uint64_t smc_ticks[2];

static struct rsi_host_call call __attribute__((aligned(256)));

static uint64_t host_call(unsigned int imm, uint64_t a, uint64_t b)
{
	uint64_t r[11] = { SMC_RSI_HOST_CALL, (uint64_t)&call };

	call.imm = imm;
	call.gprs[0] = a;
	call.gprs[1] = b;
	smc_call(r);
	return call.gprs[0];
}

static void hello(void)
{
	volatile uint64_t *shared = (volatile uint64_t *)(1UL << (REALM_IPA_BITS - 1));
	uint64_t r[11] = { SMC_RSI_VERSION, RSI_ABI_VERSION_1_0 };
	uint64_t echo, seen;

	smc_call(r);
	echo = host_call(REALM_CALL_VERSION, r[0], r[1]);
	host_call(REALM_CALL_ECHO, echo, 0);
	seen = *shared;
	*shared = 0x4321;
	host_call(REALM_CALL_SHARED, seen, 0);
}

static void unbound(void)
{
	volatile uint64_t *hole = (volatile uint64_t *)REALM_HOLE;
	volatile uint32_t *device = (volatile uint32_t *)REALM_DEVICE;
	uint64_t set[11] = { SMC_RSI_IPA_STATE_SET, REALM_HOLE, REALM_HOLE + 0x1000, 1, 0 };
	uint64_t late[11] = { SMC_RSI_HOST_CALL, REALM_LATE };

	smc_call(set);
	host_call(REALM_CALL_RIPAS, set[0], set[1]);
	*hole = REALM_WORD;
	host_call(REALM_CALL_TOUCHED, *hole, 0);
	*device = REALM_WORD;
	host_call(REALM_CALL_MMIO, *device, 0);
	smc_call(late);
	host_call(REALM_CALL_LATE, late[0], 0);
	*hole = REALM_WORD;			/* by now the host has taken it away */
}

static void proxy(void)
{
	uint64_t r[11] = { 0 };

	for (;;) {
		uint64_t ask[11] = { SMC_RSI_HOST_CALL, (uint64_t)&call };

		call.imm = REALM_CALL_PROXY;
		call.gprs[11] = smc_ticks[0];
		call.gprs[12] = smc_ticks[1];
		for (int i = 0; i < 11; i++)
			call.gprs[i] = r[i];
		smc_call(ask);
		for (int i = 0; i < 11; i++)
			r[i] = call.gprs[i];
		smc_call(r);
	}
}

static void spin(void)
{
	volatile uint64_t *shared = (volatile uint64_t *)(1UL << (REALM_IPA_BITS - 1));

	shared[1] = 1;
	while (shared[0] == 0)
		;
}

static void switch_off(void)
{
	uint64_t off[11] = { PSCI_SYSTEM_OFF };

	smc_call(off);
}

static void fill(uint64_t r[31], uint64_t base)
{
	for (unsigned int i = 0; i < 31; i++)
		r[i] = base + i;
}

static void gate_caller(void)
{
	uint64_t r[31], ask = REALM_ASK_ANSWER;

	vector_set(REALM_CALLER_REGS);
	for (;;) {
		uint64_t tell[11] = { SMC_RSI_HOST_CALL, (uint64_t)&call };

		fill(r, REALM_CALLER_REGS);
		r[0] = SMC_RSI_MICA_GATE_CALL;
		r[1] = 0;
		r[2] = ask;
		regs_smc(r);
		call.imm = REALM_CALL_GATE;
		for (unsigned int i = 0; i < 31; i++)
			call.gprs[i] = r[i];
		if (vector_get() != REALM_CALLER_REGS)
			call.gprs[0] = ~0UL;
		smc_call(tell);
		ask = call.gprs[0];
	}
}

/* Registers that are neither the declared word nor the server's own. */
static unsigned int foreign(const uint64_t r[31])
{
	unsigned int n = (r[0] != RSI_SUCCESS) + (vector_get() != REALM_SERVER_REGS);

	for (unsigned int i = 2; i < 31; i++)
		n += r[i] != (i <= 8 ? 0 : REALM_SERVER_REGS + i);
	return n;
}

static void gate_server(void)
{
	uint64_t r[31], answer = 0, count = 0;

	vector_set(REALM_SERVER_REGS);
	for (;;) {
		fill(r, REALM_SERVER_REGS);
		r[0] = SMC_RSI_MICA_GATE_RECV;
		r[1] = 0;
		r[2] = answer;
		r[3] = count;
		regs_smc(r);
		answer = r[1] + 1;
		count = foreign(r);
		if (r[1] == REALM_ASK_SPIN)
			spin();
		if (r[1] == REALM_ASK_IDLE)
			__asm__ volatile("wfi");
		if (r[1] == REALM_ASK_OFF)
			switch_off();
	}
}

/* ICC registers by encoding: SRE, PMR, IGRPEN1, IAR1, EOIR1, SGI1R */
#define WRITE(reg, v)	__asm__ volatile("msr " reg ", %0\n\tisb" : : "r"((uint64_t)(v)) : "memory")

/* Acknowledge what is pending, though PSTATE.I masks it, and end it if @end. The call before is a trap: the monitor looks then. */
static uint64_t take_interrupt(int end)
{
	uint64_t version[11] = { SMC_RSI_VERSION, RSI_ABI_VERSION_1_0 }, id;

	smc_call(version);
	__asm__ volatile("mrs %0, s3_0_c12_c12_0\n\tdsb sy" : "=r"(id) : : "memory");
	if (end && id < 1020)
		WRITE("s3_0_c12_c12_1", id);
	return id;
}

static void interrupts(void)
{
	uint64_t tell[11] = { SMC_RSI_HOST_CALL, (uint64_t)&call };

	WRITE("s3_0_c12_c12_5", 7);
	WRITE("s3_0_c4_c6_0", 0xff);
	WRITE("s3_0_c12_c12_7", 1);
	call.imm = REALM_CALL_INTERRUPTS;
	call.gprs[0] = take_interrupt(1);
	WRITE("cntv_cval_el0", 0);
	WRITE("cntv_ctl_el0", 1);
	call.gprs[1] = take_interrupt(0);
	call.gprs[2] = take_interrupt(1);	/* active: not again */
	WRITE("cntv_ctl_el0", 0);
	WRITE("s3_0_c12_c12_1", 27);
	WRITE("s3_0_c12_c11_5", 7UL << 24 | 1);
	call.gprs[3] = take_interrupt(1);
	WRITE("cntv_ctl_el0", 1);
	__asm__ volatile("wfi");
	__asm__ volatile("mrs %0, s3_0_c12_c12_0\n\tdsb sy" : "=r"(call.gprs[4]) : : "memory");
	WRITE("cntv_ctl_el0", 0);
	smc_call(tell);
}

void realm_main(uint64_t what)
{

	if (what == REALM_HELLO)
		hello();
	if (what == REALM_UNBOUND)
		unbound();
	if (what == REALM_SPIN)
		spin();
	if (what == REALM_PING)
		ping(&call);
	if (what == REALM_PROXY)
		proxy();
	if (what == REALM_ORDERS)
		orders();
	if (what == REALM_GATE_CALLER)
		gate_caller();
	if (what == REALM_GATE_SERVER)
		gate_server();
	if (what == REALM_INTERRUPTS)
		interrupts();
	if ((what & 0xff) == REALM_SERVE)
		serve(what >> 24 & 0xff, (int16_t)(what >> 32));
	if ((what & 0xff) == REALM_EXEC)
		exec(what >> 8 & 0xff, what >> 16 & 0xff);
	switch_off();
}
