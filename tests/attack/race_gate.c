/* SPDX-License-Identifier: Apache-2.0 */
/* Gates from two CPUs: two vCPUs that call at once, a host that asks while they do, an end in the middle. */
#include "attack.h"

static unsigned int a, b;

/* X20 = FID, X21 = gate, X22 = first word, X23 = calls. X24 answers to another word, X25 refusals, X26 answers. */
#define CALLS		"1: mov x0, x20\n\t mov x1, x21\n\t mov x2, x22\n\t smc #0\n\t cbz x0, 2f\n\t add x25, x25, #1\n\t mov x27, x0\n\t" \
			"b 3f\n\t 2: add x3, x22, #1\n\t cmp x1, x3\n\t cinc x24, x24, ne\n\t add x26, x26, #1\n\t" \
			"3: add x22, x22, #2\n\t subs x23, x23, #1\n\t b.ne 1b"

static void load_calls(unsigned int i, unsigned int gate_no, uint64_t first, uint64_t n)
{
	uint64_t *x = load(i, CODE(CALLS));

	x[20] = SMC_RSI_MICA_GATE_CALL;
	x[21] = gate_no;
	x[22] = first;
	x[23] = n;
}

static volatile bool stop_there;
static uint64_t there_status;

/* CPU 1 enters the vCPU until its program is done. */
static void run_there(void *arg)
{
	unsigned int i = (unsigned int)(uint64_t)arg;

	there_status = RMI_SUCCESS;
	while (!stop_there && there_status == RMI_SUCCESS && !done(i))
		there_status = RMI0(REC_ENTER, W->m[i & 0xff].rec[i >> 8], W->m[i & 0xff].run[i >> 8]);
}

ATTEMPT(race, two_callers, "race/gates rsi/GATE_CALL I10 s14/gate-contention", "two vCPUs call one gate from two CPUs: one gets the other's answer",
	"a gate each: every call is answered")
{
	const uint64_t n = 400;
	const uint64_t *x, *y;

	a = role(0);
	b = role(0);
	W->p.role[a].vcpus = W->p.role[b].vcpus = 2;
	gate(a, b, 0, 1, 1);
	gate(a, b, 1, 1, 1);
	start();
	park(b, 0, CODE(SERVE(ADD_ONE)));
	park(REC(b, 1), 1, CODE(SERVE(ADD_ONE)));
	load_calls(a, 0, 1UL << 40, n);
	load_calls(REC(a, 1), open ? 1 : 0, 3UL << 40, n);
	stop_there = false;
	on_cpu1(run_there, (void *)(uint64_t)REC(a, 1));
	x = finish(a);
	wait_cpu1();
	must(there_status);
	y = after(REC(a, 1))->out;
	EXPECT_EQ(x[25] + x[26], n);
	EXPECT_EQ(y[25] + y[26], n);
	EXPECT(x[25] == 0 || x[27] == POLICY(BUSY));
	EXPECT(y[25] == 0 || y[27] == POLICY(BUSY));
	return open ? x[26] == n && y[26] == n && x[24] + y[24] == 0 : x[24] + y[24] != 0;
}

/* The host asks for the server on CPU 1 all the while: how often was the answer another than 17? */
static volatile uint64_t asked, odd;
static uint64_t page;

static void ask(void *arg)
{
	(void)arg;
	while (!stop_there) {
		odd += RMI0(REC_ENTER, W->m[b].rec[0], page) != POLICY(PARKED);
		asked++;
	}
}

ATTEMPT(race, host_asks, "race/gates row/gate-state rule/17 cmd/REC_ENTER", "the host enters the server on CPU 1 all the while a caller calls: does it hear of a call?",
	"a server that is not parked")
{
	const uint64_t n = 2000;

	a = role(0);
	b = role(0);
	gate(a, b, 0, 1, 1);
	start();
	if (!open)
		park(b, 0, CODE(SERVE(ADD_ONE)));
	asked = odd = 0;
	stop_there = false;
	page = host_page();
	on_cpu1(ask, NULL);
	while (asked == 0)
		;
	load_calls(a, 0, 0, n);
	finish(a);
	while (asked < 50)
		;
	stop_there = true;
	wait_cpu1();
	if (!open) {
		EXPECT_EQ(after(a)->out[26], n);
		EXPECT_EQ(after(a)->out[24], 0);
	}
	return odd != 0;
}

/* The role of @who ends while calls go on. */
static void reset_there(void *arg)
{
	for (volatile int i = 0; i < 30000; i++)
		;
	must(MICA0(ROLE_RESET, W->wf, (uint64_t)arg));
}

ATTEMPT(race, callee_reset, "race/gates op/ROLE_RESET rule/14 I10", "the callee is reset on another CPU while calls go on: an answer that is none",
	"no reset")
{
	const uint64_t n = 200;
	bool got = false;

	for (unsigned int i = 0; i < 8; i++) {
		const uint64_t *x;

		a = role(0);
		b = role(0);
		W->p.role[b].flags = MICA_ROLE_RESTART;
		gate(a, b, 0, 1, 1);
		start();
		park(b, 0, CODE(SERVE(ADD_ONE)));
		load_calls(a, 0, 1UL << 40, n);
		if (!open)
			on_cpu1(reset_there, (void *)(uint64_t)b);
		x = finish(a);
		if (!open)
			wait_cpu1();
		EXPECT_EQ(x[25] + x[26], n);
		EXPECT(x[25] == 0 || x[27] == POLICY(PEER_GONE));
		got |= open ? x[26] == n : x[24] != 0;
		end_world();
	}
	return got;
}

ATTEMPT(race, signal_lost, "race/signals rsi/SIGNAL rsi/WAIT", "a signal is sent on one CPU at the moment the other begins to wait: it is lost",
	"none is sent")
{
	unsigned int c;
	bool got = false;

	a = role(0);
	b = role(0);
	c = channel_between(a, b, MICA_CHAN_SIGNAL);
	start();
	for (unsigned int i = 0; i < 60; i++) {
		uint64_t *x = load(b, CODE("1: subs x9, x9, #1\n\t b.ne 1b\n\t smc #0"));

		x[0] = SMC_RSI_MICA_WAIT;
		x[1] = 1;
		x[9] = 1 + i * 50;
		stop_there = false;
		on_cpu1(run_there, (void *)(uint64_t)b);
		if (!open)
			EXPECT_EQ(RSI(a, MICA_SIGNAL, grant_index(a, c))[0], RSI_SUCCESS);
		else
			RUN(a, "nop");
		/* it was sent: some entry of the waiter finds it */
		for (volatile unsigned int n = 0; n < (open ? 200000 : 60000000) && !done(b); n++)
			;
		got |= !done(b);
		stop_there = true;
		wait_cpu1();
		if (!done(b))
			break;
	}
	return got;
}
