/* SPDX-License-Identifier: Apache-2.0 */
/* Gates: what crosses, who may call, what a chain shows. */
#include "attack.h"

static unsigned int a, b;		/* caller, server */

static void pair_of(uint32_t server_rights, uint8_t args, uint8_t results)
{
	a = role(0);
	b = role(server_rights);
	gate(a, b, 0, args, results);
}

static void pair_serving(uint8_t args, uint8_t results, struct code c)
{
	pair_of(0, args, results);
	start();
	park(b, 0, c);
}

#define CALL(i, gate_no, ...)	RSI(i, MICA_GATE_CALL, gate_no, ##__VA_ARGS__)

/* ---- who may call ---- */

ATTEMPT(gate, not_caller, "rsi/GATE_CALL rule/13", "a role calls through a gate of others", "the gate is its own")
{
	unsigned int evil;
	uint64_t *x;

	a = role(0);
	b = role(0);
	evil = role(0);
	gate(open ? evil : a, b, 0, 1, 1);
	start();
	park(b, 0, CODE(SERVE(ADD_ONE)));
	x = CALL(evil, 0, SECRET);
	EXPECT_EQ(x[0], open ? RSI_SUCCESS : POLICY(NO_RIGHT));
	return x[1] == SECRET + 1;
}

ATTEMPT(gate, server_calls_back, "rsi/GATE_CALL rule/13", "the callee calls through the gate it serves",
	"the caller calls")
{
	uint64_t *x;

	pair_of(0, 1, 1);
	W->p.role[b].vcpus = 2;
	start();
	park(b, 0, CODE(SERVE(ADD_ONE)));
	x = CALL(open ? a : REC(b, 1), 0, SECRET);
	EXPECT_EQ(x[0], open ? RSI_SUCCESS : POLICY(NO_RIGHT));
	return x[1] == SECRET + 1;
}

ATTEMPT(gate, no_such_gate, "rsi/GATE_CALL rule/13", "a gate number past the end, and one that wraps",
	"a gate of the role")
{
	uint64_t *x;

	pair_serving(1, 1, CODE(SERVE(ADD_ONE)));
	if (!open) {
		x = CALL(a, 1UL << 32, SECRET);
		EXPECT_EQ(x[0], POLICY(NO_RIGHT));
		x = CALL(a, 1, SECRET);
		EXPECT_EQ(x[0], POLICY(NO_RIGHT));
		EXPECT_EQ(audit(a, MICA_RULE_NO_RIGHT), 2);
	} else {
		x = CALL(a, 0, SECRET);
	}
	return x[1] == SECRET + 1;
}

ATTEMPT(gate, foreign_recv, "rsi/GATE_RECV rule/13", "a role serves the gate of another and takes its calls",
	"its own gate")
{
	unsigned int evil;
	uint64_t *x;

	a = role(0);
	b = role(0);
	evil = role(0);
	gate(a, open ? evil : b, 0, 1, 1);
	start();
	x = load(evil, CODE("smc #0"));
	x[0] = SMC_RSI_MICA_GATE_RECV;
	x[1] = 0;
	must(enter(evil));
	EXPECT(open || (done(evil) && after(evil)->out[0] == POLICY(NO_RIGHT)));
	return LEFT(evil, MICA_PARKED);
}

ATTEMPT(gate, other_rec_serves, "rsi/GATE_RECV rule/13", "another vCPU of the callee takes the gate of the server",
	"the server's vCPU")
{
	uint64_t *x;
	unsigned int who;

	pair_of(0, 1, 1);
	W->p.role[b].vcpus = 2;
	start();
	who = open ? b : REC(b, 1);
	x = load(who, CODE("smc #0"));
	x[0] = SMC_RSI_MICA_GATE_RECV;
	must(enter(who));
	return LEFT(b, MICA_PARKED);
}

ATTEMPT(gate, caller_recv, "rsi/GATE_RECV rule/13", "the caller waits at the gate it calls", "the server does")
{
	uint64_t *x;
	unsigned int who;

	pair_of(0, 1, 1);
	start();
	who = open ? b : a;
	x = load(who, CODE("smc #0"));
	x[0] = SMC_RSI_MICA_GATE_RECV;
	must(enter(who));
	return LEFT(who, MICA_PARKED);
}

/* ---- what crosses ---- */

ATTEMPT(gate, undeclared_argument, "row/gate-registers rsi/GATE_CALL I10", "a caller adds a word that is not declared",
	"it is declared")
{
	pair_serving(open ? 2 : 1, 1, CODE(SERVE("mov x2, x2")));
	return CALL(a, 0, 1, SECRET)[1] == SECRET;
}

ATTEMPT(gate, undeclared_result, "row/gate-registers rsi/GATE_RECV I10", "a server adds a word that is not declared",
	"it is declared")
{
	uint64_t *x;

	pair_serving(1, open ? 2 : 1, CODE(SERVE("mov x3, x1")));
	x = CALL(a, 0, SECRET);
	EXPECT_EQ(x[0], RSI_SUCCESS);
	return x[2] == SECRET;
}

/* A word beside the call, in a register that the server then looks at. */
#define SMUGGLE(name, what, puts, gets)								\
ATTEMPT(gate, name, "row/gate-registers I10", "a caller leaves a word for the server in " what, \
	"it is the declared argument")	\
{												\
	uint64_t *x;										\
												\
	pair_of(0, 1, 1);									\
	start();										\
	if (open)										\
		park(b, 0, CODE(SERVE("mov x2, x1")));						\
	else											\
		park(b, 0, CODE(SERVE(gets)));							\
	x = RUN(a, puts "mov x2, x8\n\t cbnz x9, 1f\n\t mov x2, #0\n\t 1: smc #0",					\
		SMC_RSI_MICA_GATE_CALL, 0, 0, 0, 0, 0, 0, 0, SECRET, open);			\
	EXPECT_EQ(x[0], RSI_SUCCESS);								\
	return x[1] == SECRET;									\
}
SMUGGLE(by_x8, "X8", "", "mov x2, x8")
SMUGGLE(by_x15, "X15", "mov x15, x8\n\t ", "mov x2, x15")
SMUGGLE(by_x28, "X28", "mov x28, x8\n\t ", "mov x2, x28")
SMUGGLE(by_vector, "D7", FP_ON "fmov d7, x8\n\t ",
	FP_ON "fmov x2, d7")
SMUGGLE(by_fpsr, "FPSR", FP_ON "mov x4, #0x1f\n\t msr fpsr, x4\n\t ",
	FP_ON "mrs x2, fpsr\n\t cbz x2, 8f\n\t movz x2, #0x5ec4, lsl #32\n\t movk x2, #0xe75e, lsl #16\n\t"
		"movk x2, #0xc4e7\n\t 8:")
SMUGGLE(by_tpidr, "TPIDR_EL0", "msr tpidr_el0, x8\n\t ", "mrs x2, tpidr_el0")
SMUGGLE(by_tpidr_el1, "TPIDR_EL1", "msr tpidr_el1, x8\n\t ", "mrs x2, tpidr_el1")
SMUGGLE(by_par, "PAR_EL1", "msr par_el1, x8\n\t ", "mrs x2, par_el1")
SMUGGLE(by_elr, "ELR_EL1", "msr elr_el1, x8\n\t ", "mrs x2, elr_el1")
SMUGGLE(by_timer, "CNTV_CVAL", "msr cntv_cval_el0, x8\n\t ", "mrs x2, cntv_cval_el0")
SMUGGLE(by_breakpoint, "DBGBVR0", "msr dbgbvr0_el1, x8\n\t ", "mrs x2, dbgbvr0_el1\n\t orr x2, x2, #3")

ATTEMPT(gate, server_leftovers, "row/gate-registers I10", "a caller looks for the server's registers after the call",
	"the declared result")
{
	uint64_t *x;
	bool got = false;

	pair_serving(1, 1, CODE(SERVE("mov x2, x1\n\t mov x9, x1\n\t mov x15, x1\n\t mov x27, x1\n\t"
		"mov x28, x1\n\t add x1, x1, #1")));
	x = CALL(a, 0, SECRET);
	EXPECT_EQ(x[0], RSI_SUCCESS);
	for (unsigned int i = open ? 1 : 2; i < 31; i++)
		got |= x[i] == SECRET;
	return got;
}

/* ---- what the host sees, and may do ---- */

ATTEMPT(gate, host_enters_server, "row/gate-state rule/17 cmd/REC_ENTER row/exit-kind",
	"the host enters a server that waits", "before it came to its RECV")
{
	uint64_t status;

	pair_of(0, 1, 1);
	start();
	if (!open)
		park(b, 0, CODE(SERVE(ADD_ONE)));
	for (unsigned int i = 0; i < 3; i++)
		status = enter(b);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(PARKED));
	EXPECT(open || CALL(a, 0, 6)[1] == 7);
	return status == RMI_SUCCESS;
}

/* The caller is in a call whose server idles: what the host gets of the server now. */
static void in_call(uint32_t caller_flags, uint32_t server_flags)
{
	pair_of(0, 1, 1);
	W->p.role[a].flags = caller_flags;
	W->p.role[b].flags = server_flags;
	start();
	park(b, 0, CODE(SERVE("mov x28, x1\n\t" SUSPEND "add x2, x28, #1")));
	memcpy(load(a, CODE("smc #0")), ((uint64_t[3]){ SMC_RSI_MICA_GATE_CALL, 0, SECRET }), 24);
	EXPECT_EQ(enter_left(a), RMI_EXIT_MICA_IDLE);
	EXPECT(!done(a) && only_reasons(a));
}

ATTEMPT(gate, serving_or_waiting, "row/gate-state rule/17",
	"the host asks again and again whether the server was called", "its caller is reset: the server is an orphan")
{
	uint64_t waits, serves, bad_page, destroy;

	pair_of(0, 1, 1);
	start();
	park(b, 0, CODE(SERVE(ADD_ONE)));
	waits = enter(b);
	EXPECT_EQ(RMI0(REC_DESTROY, W->m[b].rec[0]), POLICY(SEALED));
	end_world();
	in_call(MICA_ROLE_RESTART, 0);
	if (open)
		must(MICA0(ROLE_RESET, W->wf, a));
	serves = enter(b);
	bad_page = RMI0(REC_ENTER, W->m[b].rec[0], delegated());
	destroy = RMI0(REC_DESTROY, W->m[b].rec[0]);
	EXPECT_EQ(destroy, POLICY(SEALED));
	EXPECT_EQ(bad_page, RMI_ERROR_INPUT);
	EXPECT_EQ(waits, POLICY(PARKED));
	return serves != waits;
}

ATTEMPT(gate, run_page_tells, "row/gate-state rule/17",
	"the host enters a server with a run page that is unaligned or not there", "a REC that serves no gate")
{
	uint64_t waits, serves, page;

	pair_of(0, 1, 1);
	start();
	if (open) {
		page = host_page();
		return RMI0(REC_ENTER, W->m[a].rec[0], page) != RMI0(REC_ENTER, W->m[a].rec[0], page + 8);
	}
	park(b, 0, CODE(SERVE(ADD_ONE)));
	waits = RMI0(REC_ENTER, W->m[b].rec[0], host_page() + 8);
	end_world();
	in_call(0, 0);
	serves = RMI0(REC_ENTER, W->m[b].rec[0], host_page() + 8);
	return serves != waits;
}

ATTEMPT(gate, entry_into_chain, "row/gate-registers s5/entry I7",
	"the caller has a device and an exit for it behind it: the host completes a load inside the call",
	"right after the exit")
{
	uint64_t status;

	a = role(0);
	b = role(0);
	device(a, 0, IN | OUT);
	gate(a, b, 0, 1, 1);
	start();
	park(b, 0, CODE(SERVE("mov x28, x1\n\t" SUSPEND "mov x2, x28")));
	memcpy(load(a, CODE("ldr x9, [x10]\n\t"
		"smc #0")), ((uint64_t[11]){ SMC_RSI_MICA_GATE_CALL, 0, 1, [10] = AT_DEVICE(0) }), 11 * 8);
	must(enter(a));
	EXPECT(LEFT(a, SYNC));
	entry(a)->flags |= RMI_ENTER_EMUL_MMIO;
	if (!open)
		must(enter(a));		/* the load is done, the call made: the server idles */
	status = enter(a);
	EXPECT_EQ(status, open ? RMI_SUCCESS : RMI_ERROR_REC);
	return status == RMI_SUCCESS;
}

/* The server does in a call what its right opens outside. X10: free RAM. */
static bool serving(bool open, uint32_t rights, struct code in_server, struct code alone, uint64_t want)
{
	uint64_t *x;

	pair_of(rights, 1, 1);
	start();
	if (open) {
		x = load(b, alone);
		x[1] = SECRET;
		x[10] = AT_RAM;
		must(enter(b));
		return host_saw(SECRET);
	}
	x = load(b, in_server);
	x[0] = SMC_RSI_MICA_GATE_RECV;
	x[10] = AT_RAM;
	EXPECT_EQ(enter_left(b), RMI_EXIT_MICA_PARKED);
	x = CALL(a, 0, SECRET);
	EXPECT(only_reasons(a));
	EXPECT_EQ(x[0], RSI_SUCCESS);
	if (want != 0)
		EXPECT_EQ(x[1], want);
	return host_saw(SECRET);
}


ATTEMPT(gate, host_call_while_serving, "chain/deputy row/hostcall row/gate-registers",
	"a confined caller has a server with HOSTCALL tell the host inside the call",
	"the server tells by itself, outside")
{
	return serving(open, HOSTCALL, CODE(SERVE(TELL "mov x2, x0")), CODE(TELL), POLICY(HOSTCALL));
}

ATTEMPT(gate, device_while_serving, "chain/deputy row/mmio",
	"a confined caller has a server with a device store to it inside the call", "the server does so outside")
{
	uint64_t *x;

	pair_of(0, 1, 1);
	device(b, 0, IN | OUT);
	start();
	if (open) {
		memcpy(load(b, CODE(STORE)), ((uint64_t[2]){ AT_DEVICE(0), SECRET }), 16);
		must(enter(b));
		return host_saw(SECRET);
	}
	x = load(b, CODE(SERVE("str x1, [x11]")));
	x[0] = SMC_RSI_MICA_GATE_RECV;
	x[11] = AT_DEVICE(0);
	EXPECT_EQ(enter_left(b), RMI_EXIT_MICA_PARKED);
	memcpy(load(a, CODE("smc #0")), ((uint64_t[3]){ SMC_RSI_MICA_GATE_CALL, 0, SECRET }), 24);
	EXPECT_EQ(enter_left(a), RMI_EXIT_MICA_IDLE);	/* its program is over by the abort */
	EXPECT(done(b) && sea(b) && only_reasons(a));
	return host_saw(SECRET);
}

ATTEMPT(gate, timer_while_serving, "chain/deputy row/timer",
	"a confined caller has a server with TIMER set its timer to the secret inside the call",
	"the server does so outside")
{
	return serving(open, MICA_RIGHT_TIMER, CODE(SERVE("mov x28, x1\n\t"
		"msr cntv_cval_el0, x1\n\t" SUSPEND "mov x2, x28")),
		       CODE("msr cntv_cval_el0, x1\n\t" SUSPEND), 0);
}

ATTEMPT(gate, psci_while_serving, "chain/deputy row/psci",
	"a confined caller has a server with PSCI make a call with its word inside the call",
	"the server does so outside")
{
	uint64_t *x;

	pair_of(MICA_RIGHT_PSCI, 1, 1);
	W->p.role[b].vcpus = 2;
	start();
	if (open) {
		x = load(b, CODE(CPU_ON));
		x[1] = 1;
		must(enter(b));
		return LEFT(b, PSCI);
	}
	park(b, 0, CODE(SERVE(CPU_ON "mov x2, x0")));
	x = CALL(a, 0, 1);
	EXPECT_EQ(x[1], (uint64_t)PSCI_DENIED);
	return LEFT(a, PSCI) || LEFT(b, PSCI);
}

ATTEMPT(gate, off_while_serving, "row/exit-kind row/gate-state rule/14",
	"a server switches itself off in a call: the host would read it on the caller's page", "outside a call")
{
	uint64_t *x;

	pair_of(0, 1, 1);
	start();
	if (open) {
		load(b, CODE(SYSTEM_OFF));
		must(enter(b));
		return LEFT(b, MICA_OFF);
	}
	park(b, 0, CODE(SERVE(SYSTEM_OFF)));
	x = CALL(a, 0, 1);
	EXPECT_EQ(x[0], POLICY(PEER_GONE));
	EXPECT_EQ(MICA(WF_INFO, W->wf, MICA_INFO_ROLE, b).x[1], MICA_ROLE_DEAD);
	return LEFT(a, MICA_OFF);
}

ATTEMPT(gate, none_there, "rsi/GATE_CALL rule/14", "a caller calls a gate that no server serves yet",
	"the server has come")
{
	uint64_t *x;

	pair_of(0, 1, 1);
	start();
	if (open)
		park(b, 0, CODE(SERVE(ADD_ONE)));
	x = CALL(a, 0, 6);
	EXPECT_EQ(x[0], open ? RSI_SUCCESS : POLICY(PEER_GONE));
	return x[1] == 7;
}

ATTEMPT(gate, busy, "rsi/GATE_CALL rule/15 s14/gate-contention",
	"a second vCPU calls while the server serves the first", "a server of its own")
{
	uint64_t *x;

	pair_of(0, 1, 1);
	W->p.role[a].vcpus = W->p.role[b].vcpus = 2;
	gate(a, b, 1, 1, 1);
	start();
	park(b, 0, CODE(SERVE("mov x28, x1\n\t" SUSPEND "add x2, x28, #1")));
	park(REC(b, 1), 1, CODE(SERVE(ADD_ONE)));
	memcpy(load(a, CODE("smc #0")), ((uint64_t[3]){ SMC_RSI_MICA_GATE_CALL, 0, 8 }), 24);
	EXPECT_EQ(enter_left(a), RMI_EXIT_MICA_IDLE);
	x = CALL(REC(a, 1), open, 6);
	EXPECT_EQ(x[0], open ? RSI_SUCCESS : POLICY(BUSY));
	EXPECT_EQ(finish(a)[1], 9);
	return CALL(REC(a, 1), open ? 1 : 0, 6)[1] == 7 && open;
}

ATTEMPT(gate, too_deep, "rsi/GATE_CALL rule/16", "a chain of five calls", "of four")
{
	unsigned int n = open ? 5 : 6, i;
	uint64_t *x;

	for (i = 0; i < n; i++)
		role(0);
	for (i = 0; i + 1 < n; i++)
		gate(i, i + 1, 0, 1, 2);
	start();
	park(n - 1, n - 2, CODE(SERVE(ADD_ONE)));
	/* each calls through the gate behind its own, and passes the answer or the refusal on */
	for (i = n - 2; i > 0; i--)
		park(i, i - 1, CODE(SERVE("mov x2, x1\n\t add x1, x21, #1\n\t" GATE_CALL "mov x3, x2\n\t"
			"cbz x0, 8f\n\t mov x3, x0\n\t 8: mov x2, x1\n\t cbz x3, 7f\n\t nop\n\t 7:")));
	x = CALL(0, 0, 6);
	EXPECT_EQ(x[0], RSI_SUCCESS);
	EXPECT_EQ(x[2], open ? 0 : POLICY(LIMIT));
	return x[1] == 7;
}

ATTEMPT(gate, stale_answer, "row/gate-state I10 op/ROLE_RESET rule/15",
	"the caller is reset in a call: its successor gets the answer meant for it", "the successor's own call")
{
	uint64_t *x, got;

	in_call(MICA_ROLE_RESTART, 0);
	must(MICA0(ROLE_RESET, W->wf, a));
	end_role(a);
	load_role(a, ST_SEALED);
	x = CALL(a, 0, 6);
	EXPECT_EQ(x[0], POLICY(BUSY));
	got = x[1];
	EXPECT_EQ(enter_left(b), RMI_EXIT_MICA_PARKED);		/* the orphan ends; nobody gets its answer */
	EXPECT(only_reasons(b));
	if (open)
		got = CALL(a, 0, SECRET)[1];
	return got == SECRET + 1;
}

ATTEMPT(gate, callee_reset, "row/gate-state rule/14 op/ROLE_RESET",
	"the host resets a server in a call: the caller would hang, or take its words for an answer", "no reset")
{
	uint64_t *x;

	in_call(0, MICA_ROLE_RESTART);
	if (!open)
		must(MICA0(ROLE_RESET, W->wf, b));
	x = finish(a);
	EXPECT_EQ(x[0], open ? RSI_SUCCESS : POLICY(PEER_GONE));
	return x[1] == SECRET + 1;
}

ATTEMPT(gate, destroyed_in_call, "row/gate-state cmd/REC_DESTROY I10", "the host destroys a server's vCPU in a call",
	"workflow stopped")
{
	uint64_t status;

	in_call(0, 0);
	if (open)
		stop();
	status = RMI0(REC_DESTROY, W->m[b].rec[0]);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(SEALED));
	if (status == RMI_SUCCESS) {
		take_back(W->m[b].rec[0]);
		W->m[b].rec[0] = 0;
	} else {
		EXPECT_EQ(finish(a)[1], SECRET + 1);
	}
	return status == RMI_SUCCESS;
}
