/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gates: what crosses and what does not, who may, chains, and what a host can do to them; docs/spec/extension.md section 7.
 */
#include "mica_gate_world.h"

/* ---- what crosses ---- */

static void only_declared_registers_cross(void **state)
{
	(void)state;
	gate(0, 0, 2, 3);
	start_gate();
	RUN(0, 0, RMI_EXIT_IRQ,
	    { 0, 0, SMC, CALL(0, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7), NULL },
	    { 1, 1, SMC, RECV(0, 0xb0, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7), NULL },
	    { 0, 0, IRQ, { 0 }, NULL });
	ONLY_REASON(0, 0);
	/* the server: declared arguments, zeroes, and its own from X9 on; X9 of its RECV was 0 */
	assert_int_equal(seen[1][0], RSI_SUCCESS);
	assert_int_equal(seen[1][1], 0xa0);
	assert_int_equal(seen[1][2], 0xa1);
	for (int i = 3; i <= 9; i++)
		assert_int_equal(seen[1][i], 0);
	for (unsigned int i = 10; i < 31; i++)
		assert_int_equal(seen[1][i], OWN(1, i));
	/* the caller: declared results, zeroes, and its own; a7 was its X9 */
	assert_int_equal(seen[2][0], RSI_SUCCESS);
	assert_int_equal(seen[2][1], 0xb0);
	assert_int_equal(seen[2][2], 0xb1);
	assert_int_equal(seen[2][3], 0xb2);
	for (int i = 4; i <= 8; i++)
		assert_int_equal(seen[2][i], 0);
	assert_int_equal(seen[2][9], 0xa7);
	for (unsigned int i = 10; i < 31; i++)
		assert_int_equal(seen[2][i], OWN(0, i));
	assert_int_equal(gate_is(0), GATE_READY);
	assert_int_equal(refs(0, 0) | refs(1, 1), 0);
}

static void a_gate_without_words_tells_that_it_was_called(void **state)
{
	(void)state;
	gate(0, 0, 0, 0);
	start_gate();
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SMC, CALL(0, 1, 2, 3), NULL }, { 1, 1, SMC, RECV(0, 4, 5, 6), NULL },
	    { 0, 0, IRQ, { 0 }, NULL });
	for (int i = 0; i <= 8; i++)
		assert_int_equal(seen[1][i] | seen[2][i], 0);
}

static uint64_t tpidr[3], vector[3];

static void mark_caller(void)
{
	fake_regs()->TPIDR_EL1 = 0xaaaa;
	fake_regs()->ICH_VMCR_EL2 = 0xa;
	fake_simd()->v[7] = 0xa7a7;
}

static void look_and_mark_server(void)
{
	tpidr[0] = fake_regs()->TPIDR_EL1;
	tpidr[1] = fake_regs()->ICH_VMCR_EL2;
	vector[0] = fake_simd()->v[7];
	fake_regs()->TPIDR_EL1 = 0xbbbb;
	fake_simd()->v[7] = 0xb7b7;
}

static void look_at_caller(void)
{
	tpidr[2] = fake_regs()->TPIDR_EL1;
	vector[2] = fake_simd()->v[7];
}

static void system_and_vector_registers_stay_with_their_rec(void **state)
{
	(void)state;
	gate(0, 0, 1, 1);
	start_gate();
	fake_regs()->TPIDR_EL1 = 0x1111;				/* the host's */
	fake_simd()->v[7] = 0x7777;
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, FP, { 0 }, NULL }, { 0, 0, SMC, CALL(0, 1), mark_caller },
	    { 1, 1, FP, { 0 }, NULL }, { 1, 1, SMC, RECV(0), look_and_mark_server },
	    { 0, 0, FP, { 0 }, NULL }, { 0, 0, IRQ, { 0 }, look_at_caller });
	assert_int_equal(tpidr[0] | tpidr[1], 0);
	assert_int_equal(vector[0], 0);
	assert_int_equal(tpidr[2], 0xaaaa);
	assert_int_equal(vector[2], 0xa7a7);
	assert_int_equal(fake_regs()->TPIDR_EL1, 0x1111);
	assert_int_equal(fake_simd()->v[7], 0x7777);
}

#define MSR(op2, crm)	(ESR_EC_VAL(EC_SYSREG) | ESR_IL | ESR_SYS_REG(2, 0, 0, crm, op2) | 3UL << 5)

static uint64_t bvr[3];

static void look_at_breakpoint_0(void)
{
	bvr[0] = fake_regs()->DBGBVR4_EL1;
}

static void look_at_breakpoint_1(void)
{
	bvr[1] = fake_regs()->DBGBVR4_EL1;
}

static void look_at_breakpoint_2(void)
{
	bvr[2] = fake_regs()->DBGBVR4_EL1;
}

/* Two of the CPU's six are a Realm's, the last; a server that does not debug finds the host's there, which cannot fire. */
static void breakpoints_stay_with_their_rec(void **state)
{
	(void)state;
	gate(0, 0, 1, 1);
	start_gate();
	fake_regs()->DBGBVR4_EL1 = 0x1110;
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SYNC, { MSR(4, 0), 0, 0xaaa0 }, NULL }, { 0, 0, SYNC, { MSR(2, 2), 0, 1UL << 15 }, NULL },
	    { 0, 0, SMC, CALL(0, 1), look_at_breakpoint_0 }, { 1, 1, SMC, RECV(0), look_at_breakpoint_1 },
	    { 0, 0, IRQ, { 0 }, look_at_breakpoint_2 });
	assert_int_equal(bvr[0], 0xaaa0);
	assert_int_equal(bvr[1], 0x1110);
	assert_int_equal(bvr[2], 0xaaa0);
	assert_int_equal(fake_regs()->DBGBVR4_EL1, 0x1110);
}

/* ---- who may ---- */

static void only_its_roles_use_a_gate(void **state)
{
	static const struct { uint8_t role, rec; uint64_t fid, gate; } acts[] = {
		{ 1, 0, SMC_RSI_MICA_GATE_CALL, 0 },		/* the callee itself */
		{ 2, 0, SMC_RSI_MICA_GATE_CALL, 0 },		/* a third */
		{ 0, 0, SMC_RSI_MICA_GATE_CALL, 1 },		/* somebody else's */
		{ 0, 0, SMC_RSI_MICA_GATE_CALL, 2 }, { 0, 0, SMC_RSI_MICA_GATE_CALL, ~0UL },
		{ 0, 0, SMC_RSI_MICA_GATE_CALL, 1UL << 32 },
		{ 0, 0, SMC_RSI_MICA_GATE_RECV, 0 },		/* the caller */
		{ 2, 0, SMC_RSI_MICA_GATE_RECV, 0 },
		{ 1, 0, SMC_RSI_MICA_GATE_RECV, 0 },		/* another REC of the server */
		{ 1, 1, SMC_RSI_MICA_GATE_RECV, 1 },		/* its REC, another gate */
		{ 1, 1, SMC_RSI_MICA_GATE_RECV, ~0UL },
	};

	(void)state;
	policy_roles(&policy, 3, 2);
	policy_gate(&policy, 0, 1, 1, 8, 8);
	policy_gate(&policy, 1, 2, 1, 8, 8);
	start();
	for (size_t i = 0; i < ARRAY_SIZE(acts); i++) {
		uint8_t r = acts[i].role, v = acts[i].rec;

		RUN(r, v, RMI_EXIT_IRQ, { r, v, SMC, { acts[i].fid, acts[i].gate, 5, 5, 5 }, NULL }, { r, v, IRQ, { 0 }, NULL });
		assert_refused(seen[1], POLICY(NO_RIGHT));
	}
	assert_int_equal(gate_is(0), GATE_NONE);
	park(1, 1, 0);			/* the control: the right REC, the right gate */
	assert_int_equal(gate_is(0), GATE_READY);
}

static void a_call_needs_a_server_that_waits(void **state)
{
	(void)state;
	gate(0, 0, 8, 8);
	start();
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SMC, CALL(0, 1), NULL }, { 0, 0, IRQ, { 0 }, NULL });
	assert_refused(seen[1], POLICY(PEER_GONE));
	park(1, 1, 0);
	suspend();
	RUN(0, 1, RMI_EXIT_IRQ, { 0, 1, SMC, CALL(0, 1), NULL }, { 0, 1, IRQ, { 0 }, NULL });
	assert_refused(seen[1], POLICY(BUSY));
	RUN(0, 0, RMI_EXIT_IRQ, { 1, 1, SMC, RECV(0, 9), NULL }, { 0, 0, IRQ, { 0 }, NULL });
	RUN(0, 1, RMI_EXIT_IRQ, { 0, 1, SMC, CALL(0, 3), NULL }, { 1, 1, SMC, RECV(0, 4), NULL }, { 0, 1, IRQ, { 0 }, NULL });
	assert_int_equal(seen[2][1], 4);
	assert_int_equal(audit_of(0, MICA_RULE_PEER_GONE), 1);
	assert_int_equal(audit_of(0, MICA_RULE_BUSY), 1);
}

static void the_host_does_not_enter_a_server(void **state)
{
	(void)state;
	gate(0, 0, 8, 8);
	start();
	RUN(1, 1, RMI_EXIT_IRQ, { 1, 1, IRQ, { 0 }, NULL });	/* the control: not a server yet */
	park(1, 1, 0);
	REFUSED(ENTER(1, 1), POLICY(PARKED));
	suspend();
	REFUSED(ENTER(1, 1), POLICY(PARKED));		/* the same answer */
	RUN(1, 0, RMI_EXIT_IRQ, { 1, 0, IRQ, { 0 }, NULL });	/* other RECs of the role run */
	RUN(0, 0, RMI_EXIT_IRQ, { 1, 1, SMC, RECV(0), NULL }, { 0, 0, IRQ, { 0 }, NULL });
	REFUSED(ENTER(1, 1), POLICY(PARKED));
	GRANTED(MICA(WF_STOP, wf));
	REFUSED(ENTER(1, 1), POLICY(WF_STATE));			/* the earlier rule */
}

static void everybody_in_a_chain_is_running(void)
{
	assert_int_equal(RMI(REC_ENTER, realms[0][0].rec, realms[0][0].run), RMI_ERROR_REC);
	assert_int_equal(RMI(REC_ENTER, realms[1][1].rec, realms[1][1].run), POLICY(PARKED));
	assert_int_equal(RMI(REC_DESTROY, realms[0][0].rec), POLICY(SEALED));
	assert_int_equal(RMI(REC_DESTROY, realms[1][1].rec), POLICY(SEALED));
	GRANTED(MICA(WF_STOP, wf));
	assert_int_equal(RMI(REC_ENTER, realms[1][1].rec, realms[1][1].run), RMI_ERROR_REC);
	assert_int_equal(RMI(REC_DESTROY, realms[0][0].rec), RMI_ERROR_REC);
	assert_int_equal(RMI(REC_DESTROY, realms[1][1].rec), RMI_ERROR_REC);
}

static void a_stop_ends_the_chain(void **state)
{
	(void)state;
	gate(0, 0, 8, 8);
	start_gate();
	RUN(0, 0, RMI_EXIT_MICA_STOPPED, { 0, 0, SMC, CALL(0, 1), NULL },
	    { 1, 1, SMC, RECV(0, 0xb0), everybody_in_a_chain_is_running });	/* no service: nobody runs after it */
	ONLY_REASON(0, 0);
	REFUSED(ENTER(0, 0), POLICY(WF_STATE));
	take_down(0);
	take_down(1);
	GRANTED(MICA(WF_DESTROY, wf));
}

static uint64_t polled[4], no_page;

static void poll_server(void)
{
	polled[0] = RMI(REC_ENTER, realms[1][1].rec, realms[1][1].run);
	polled[1] = RMI(REC_DESTROY, realms[1][1].rec);
	polled[2] = RMI(RTT_SET_RIPAS, realms[1][0].rd, realms[1][1].rec, RAM_BASE, RAM_BASE + PAGE);
	polled[3] = RMI(REC_ENTER, realms[1][1].rec, no_page);
}

/* Waiting, called and running, called and interrupted: one and the same to a host that asks. */
static void a_host_cannot_follow_calls_by_asking(void **state)
{
	(void)state;
	gate(0, 0, 0, 0);
	start_gate();
	no_page = ns_page();
	fake_set_pas(pa(no_page), FAKE_SECURE);		/* tracked as the host's, but nothing can be read there */
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SMC, CALL(0), poll_server }, { 1, 1, IRQ, { 0 }, NULL });
	assert_int_equal(polled[0], POLICY(PARKED));
	assert_int_equal(polled[1], POLICY(SEALED));
	assert_int_equal(polled[2], POLICY(SEALED));
	assert_int_equal(polled[3], POLICY(PARKED));
	poll_server();
	assert_int_equal(polled[0], POLICY(PARKED));
	assert_int_equal(polled[1], POLICY(SEALED));
	assert_int_equal(polled[2], POLICY(SEALED));
	assert_int_equal(polled[3], POLICY(PARKED));
	RUN(0, 0, RMI_EXIT_IRQ, { 1, 1, SMC, RECV(0), poll_server }, { 0, 0, IRQ, { 0 }, NULL });
	assert_int_equal(polled[0], POLICY(PARKED));
	assert_int_equal(polled[1], POLICY(SEALED));
	assert_int_equal(polled[2], POLICY(SEALED));
	assert_int_equal(polled[3], POLICY(PARKED));
	/* the control: a REC that serves no gate */
	REFUSED(RMI(REC_ENTER, realms[1][0].rec, no_page), RMI_ERROR_INPUT);
	RUN(1, 0, RMI_EXIT_IRQ, { 1, 0, IRQ, { 0 }, NULL });
	assert_int_equal(refs(1, 1), 0);
}

/* ---- chains ---- */

static void chains_end_at_the_limit(void **state)
{
	(void)state;
	row(6, 1);
	RUN(0, 0, RMI_EXIT_FIQ, { 0, 0, SMC, CALL(0, 1), NULL }, { 1, 0, SMC, CALL(1, 2), NULL }, { 2, 0, SMC, CALL(2, 3), NULL },
	    { 3, 0, SMC, CALL(3, 4), NULL }, { 4, 0, SMC, CALL(4, 5), NULL }, { 4, 0, FIQ, { 0 }, NULL });
	assert_int_equal(seen[4][1], 4);
	assert_refused(seen[5], POLICY(LIMIT));
	ONLY_REASON(0, 0);
	for (uint8_t i = 1; i < 5; i++)
		REFUSED(ENTER(i, 0), POLICY(PARKED));
	REFUSED(ENTER(5, 0), POLICY(PARKED));
	for (uint8_t i = 0; i < 6; i++)
		assert_int_equal(refs(i, 0), 0);
	RUN(0, 0, RMI_EXIT_IRQ, { 4, 0, SMC, RECV(3, 40), NULL }, { 3, 0, SMC, RECV(2, 30), NULL }, { 2, 0, SMC, RECV(1, 20), NULL },
	    { 1, 0, SMC, RECV(0, 10), NULL }, { 0, 0, IRQ, { 0 }, NULL });
	for (unsigned int i = 1; i < 5; i++)
		assert_int_equal(seen[i][1], 50 - i * 10);
}

/* The control: the same call, one link nearer to the entered REC. */
static void chains_reach_the_limit(void **state)
{
	(void)state;
	row(6, 2);
	RUN(1, 0, RMI_EXIT_IRQ, { 1, 0, SMC, CALL(1, 2), NULL }, { 2, 0, SMC, CALL(2, 3), NULL }, { 3, 0, SMC, CALL(3, 4), NULL },
	    { 4, 0, SMC, CALL(4, 5), NULL }, { 5, 0, SMC, RECV(4, 50), NULL }, { 4, 0, IRQ, { 0 }, NULL });
	assert_int_equal(seen[4][1], 5);
	assert_int_equal(seen[5][1], 50);
}

/* Whatever interrupts a chain leaves by the run page of the entered REC, and the head goes on at the next entry. */
static void a_chain_is_interrupted_and_goes_on(void **state)
{
	(void)state;
	row(3, 1);
	RUN(0, 0, RMI_EXIT_FIQ, { 0, 0, SMC, CALL(0, 1), NULL }, { 1, 0, SMC, CALL(1, 2), NULL }, { 2, 0, FIQ, { 0 }, NULL });
	ONLY_REASON(0, 0);
	entry_of(0, 0)->gprs[1] = 0xbad;
	RUN(0, 0, RMI_EXIT_IRQ, { 2, 0, IRQ, { 0 }, NULL });
	ONLY_REASON(0, 0);
	RUN(0, 0, RMI_EXIT_SERROR, { 2, 0, SERROR, { 0 }, NULL });
	ONLY_REASON(0, 0);
	RUN(0, 0, RMI_EXIT_MICA_IDLE, { 2, 0, WFI, { 0 }, NULL });
	ONLY_REASON(0, 0);
	RUN(0, 0, RMI_EXIT_MICA_IDLE, { 2, 0, SMC, { PSCI_CPU_SUSPEND_64, 1, 2 }, NULL });
	ONLY_REASON(0, 0);
	entry_of(0, 0)->flags = RMI_ENTER_EMUL_MMIO;
	REFUSED(ENTER(0, 0), RMI_ERROR_REC);
	entry_of(0, 0)->flags = RMI_ENTER_INJECT_SEA;
	REFUSED(ENTER(0, 0), RMI_ERROR_REC);
	entry_of(0, 0)->flags = 0;
	RUN(0, 0, RMI_EXIT_IRQ, { 2, 0, SMC, RECV(1, 0xc0), NULL }, { 1, 0, SMC, RECV(0, 0xb0), NULL }, { 0, 0, IRQ, { 0 }, NULL });
	assert_int_equal(seen[0][0], 0);			/* of its CPU_SUSPEND */
	assert_int_equal(seen[1][1], 0xc0);
	assert_int_equal(seen[2][1], 0xb0);
}

/* ---- a server has no host ---- */

static void while_serving_every_way_to_the_host_is_closed(void **state)
{
	(void)state;
	gate(0, ALL, 1, 1);
	everything_open_to(1);
	start_gate();
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SMC, CALL(0, 1), NULL }, { 1, 1, SMC, { SMC_RSI_HOST_CALL, RAM_BASE }, NULL },
	    { 1, 1, SMC, { PSCI_CPU_OFF }, NULL }, { 1, 1, SMC, { PSCI_AFFINITY_INFO_64, 0 }, NULL },
	    { 1, 1, SYNC, { STORE, DEVICE, 0xcafe }, NULL }, { 1, 1, SYNC, { SGI, 0, 0x5e1f }, fire_timer },
	    { 1, 1, IRQ, { 0 }, fire_timer });
	ONLY_REASON(0, 0);
	assert_int_equal(seen[2][0], POLICY(HOSTCALL));
	assert_int_equal(seen[3][0], (uint64_t)PSCI_DENIED);
	assert_int_equal(seen[4][0], (uint64_t)PSCI_NOT_SUPPORTED);
	assert_int_equal(cnthctl >> 18 & 3, 3);			/* its timer's line stays down */
	assert_int_equal(audit_of(1, MICA_RULE_MMIO), 1);
	/* the control: the same acts of another REC of that role */
	RUN(1, 0, RMI_EXIT_SYNC, { 1, 0, SYNC, { STORE, DEVICE, 0xcafe }, NULL });
	assert_int_equal(exit_of(1, 0)->gprs[0], 0xcafe);
	RUN(1, 0, RMI_EXIT_SYNC, { 1, 0, SYNC, { SGI, 0, 0x5e1f }, fire_timer });
	assert_int_equal(cnthctl >> 18 & 3, 0);
	assert_int_equal(exit_of(1, 0)->cntv_cval, 0x1234);
	RUN(1, 0, RMI_EXIT_PSCI, { 1, 0, SMC, { PSCI_CPU_OFF }, NULL });
}

/* Its timer fired while it served and nobody was told: the first entry of its own begins with that. */
static void a_timer_that_fired_inside_is_told_outside(void **state)
{
	(void)state;
	gate(0, MICA_RIGHT_TIMER, 1, 1);
	start_gate();
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SMC, CALL(0, 1), NULL }, { 1, 1, IRQ, { 0 }, fire_timer });
	ONLY_REASON(0, 0);
	GRANTED(MICA(ROLE_RESET, wf, 0));
	RUN_NOTHING(1, 1, RMI_EXIT_IRQ);
	assert_int_equal(exit_of(1, 1)->cntv_cval, 0x1234);
	RUN(1, 1, RMI_EXIT_IRQ, { 1, 1, IRQ, { 0 }, NULL });
}

static uint64_t lr0;

static void look_at_lr0(void)
{
	lr0 = fake_regs()->ICH_LR0_EL2;
}

static void interrupts_of_the_caller_wait_for_the_caller(void **state)
{
	const uint64_t lr = 3UL << 62 | 1UL << 60 | 40;

	(void)state;
	gate(ALL, 0, 1, 1);
	everything_open_to(0);
	start_gate();
	entry_of(0, 0)->gicv3_lrs[0] = lr;
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SMC, CALL(0, 1), look_at_lr0 }, { 1, 1, IRQ, { 0 }, NULL });
	assert_int_equal(lr0, lr);
	ONLY_REASON(0, 0);
	entry_of(0, 0)->gicv3_lrs[0] = 1UL << 62 | 99;		/* not opened: but nothing is taken anyway */
	RUN(0, 0, RMI_EXIT_IRQ, { 1, 1, IRQ, { 0 }, look_at_lr0 });
	assert_int_equal(lr0, 0);
	RUN(0, 0, RMI_EXIT_IRQ, { 1, 1, SMC, RECV(0), NULL }, { 0, 0, IRQ, { 0 }, look_at_lr0 });
	assert_int_equal(lr0, lr);
	assert_int_equal(exit_of(0, 0)->gicv3_lrs[0], lr);
	REFUSED(ENTER(0, 0), POLICY(IRQ));			/* the control: now it would be */
}

#define HCR_UIE		(1UL << 1)		/* a maintenance interrupt while list registers are free */
#define HCR_TDIR	(1UL << 14)
#define HCR_ASKED	(HCR_UIE | HCR_TDIR)

static uint64_t ich_hcr[3];

static void look_at_hcr_0(void)
{
	ich_hcr[0] = fake_regs()->ICH_HCR_EL2;
}

static void look_at_hcr_1(void)
{
	ich_hcr[1] = fake_regs()->ICH_HCR_EL2;
}

static void look_at_hcr_2(void)
{
	ich_hcr[2] = fake_regs()->ICH_HCR_EL2;
}

/* What the host asked of the server's GIC it could not take back in a chain: one interrupt for ever, and DIR of no effect. */
static void traps_and_maintenance_of_a_server_rest_in_a_chain(void **state)
{
	(void)state;
	gate(ALL, ALL, 1, 1);
	everything_open_to(0);
	policy_region(&policy, 1, MICA_REGION_DEVICE, DEVICE, 1, MICA_REGION_READ | MICA_REGION_WRITE);
	policy_region(&policy, 1, MICA_REGION_INTIDS, 40, 2, 0);
	start();
	entry_of(1, 1)->gicv3_hcr = HCR_ASKED;
	RUN(1, 1, RMI_EXIT_MICA_PARKED, { 1, 1, SMC, RECV(0), look_at_hcr_0 });
	assert_int_equal(ich_hcr[0] & HCR_ASKED, HCR_ASKED);
	entry_of(0, 0)->gicv3_hcr = HCR_ASKED;
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SMC, CALL(0, 1), look_at_hcr_0 }, { 1, 1, SMC, RECV(0), look_at_hcr_1 },
	    { 0, 0, IRQ, { 0 }, look_at_hcr_2 });
	assert_int_equal(ich_hcr[0] & HCR_ASKED, HCR_ASKED);
	assert_int_equal(ich_hcr[1] & HCR_ASKED, 0);
	assert_int_equal(ich_hcr[1], ich_hcr[0] & ~HCR_ASKED);
	assert_int_equal(ich_hcr[2] & HCR_ASKED, HCR_ASKED);	/* the caller's are its own entry's */
}

static void timer_is_up(void)
{
	fake_regs()->CNTV_CTL_EL02 = 5;
}

/* The exit from inside the chain showed no timer: what the host knew of the caller's before is not so any more. */
static void the_callers_timer_is_told_again_after_an_exit_inside(void **state)
{
	(void)state;
	gate(MICA_RIGHT_TIMER, 0, 1, 1);
	start_gate();
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, IRQ, { 0 }, timer_is_up });
	assert_int_equal(exit_of(0, 0)->cntv_ctl, 5);
	/* the control: no exit inside, nothing new */
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SMC, CALL(0, 1), NULL }, { 1, 1, SMC, RECV(0), NULL }, { 0, 0, SMC, CALL(0, 1), NULL },
	    { 1, 1, IRQ, { 0 }, NULL });
	ONLY_REASON(0, 0);
	RUN(0, 0, RMI_EXIT_IRQ, { 1, 1, SMC, RECV(0), NULL });
	assert_int_equal(exit_of(0, 0)->cntv_ctl, 5);
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, IRQ, { 0 }, NULL });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(only_declared_registers_cross, reset),
		cmocka_unit_test_setup(a_gate_without_words_tells_that_it_was_called, reset),
		cmocka_unit_test_setup(system_and_vector_registers_stay_with_their_rec, reset),
		cmocka_unit_test_setup(breakpoints_stay_with_their_rec, reset),
		cmocka_unit_test_setup(only_its_roles_use_a_gate, reset),
		cmocka_unit_test_setup(a_call_needs_a_server_that_waits, reset),
		cmocka_unit_test_setup(the_host_does_not_enter_a_server, reset),
		cmocka_unit_test_setup(a_stop_ends_the_chain, reset),
		cmocka_unit_test_setup(a_host_cannot_follow_calls_by_asking, reset),
		cmocka_unit_test_setup(chains_end_at_the_limit, reset),
		cmocka_unit_test_setup(chains_reach_the_limit, reset),
		cmocka_unit_test_setup(a_chain_is_interrupted_and_goes_on, reset),
		cmocka_unit_test_setup(while_serving_every_way_to_the_host_is_closed, reset),
		cmocka_unit_test_setup(a_timer_that_fired_inside_is_told_outside, reset),
		cmocka_unit_test_setup(interrupts_of_the_caller_wait_for_the_caller, reset),
		cmocka_unit_test_setup(traps_and_maintenance_of_a_server_rest_in_a_chain, reset),
		cmocka_unit_test_setup(the_callers_timer_is_told_again_after_an_exit_inside, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
