/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bound Realms running: what an exit shows, what an entry may bring, what each act of the Realm gets. The Realm is played by
 * the test: it leaves a syndrome as hardware would.
 */
#include "smc_once.h"

static struct test_wf w;

static uint64_t fault_esr, fault_ipa;

static enum rec_trap abort_once(uint64_t gpr[31])
{
	(void)gpr;
	if (fake_realm_runs() > 1)
		return REC_TRAP_IRQ;
	fake_regs()->ESR_EL2 = fault_esr;
	fake_regs()->HPFAR_EL2 = IPA_TO_HPFAR(fault_ipa);
	fake_regs()->FAR_EL2 = fault_ipa;
	return REC_TRAP_SYNC;
}

static void call(unsigned int role, uint64_t fid, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	memset(x, 0x77, sizeof(x));
	x[0] = fid;
	x[1] = a;
	x[2] = b;
	x[3] = c;
	x[4] = d;
	fake_set_realm(smc_once);
	GRANTED(enter(&w.realm[role]));
}

static uint64_t reason(unsigned int role)
{
	return run_page(&w.realm[role])->exit.exit_reason;
}

static uint32_t audit(unsigned int role, unsigned int rule)
{
	call(role, SMC_RSI_MICA_AUDIT_READ, rule, 0, 0, 0);
	assert_int_equal(result[0], RSI_SUCCESS);
	return (uint32_t)result[1];
}

/* I7: the exit record holds the reason and nothing else. */
static void assert_only_reason(unsigned int role, uint64_t want)
{
	struct rmi_rec_exit zero = { .exit_reason = want };

	assert_memory_equal(&run_page(&w.realm[role])->exit, &zero, sizeof(zero));
}

static int start(void **state)
{
	reset(state);
	start_wf(&w);
	return 0;
}

static enum rec_trap interrupted_with_traces(uint64_t gpr[31])
{
	memset(gpr, 0x33, 31 * sizeof(gpr[0]));
	leave_traces();
	return REC_TRAP_IRQ;
}

static enum rec_trap serror_with_traces(uint64_t gpr[31])
{
	(void)gpr;
	if (fake_realm_runs() > 1)
		return REC_TRAP_IRQ;
	leave_traces();
	fake_regs()->ESR_EL2 = ESR_EC_VAL(EC_SERROR) | 0x11;
	return REC_TRAP_SERROR;
}

static void interrupts_show_only_that_they_came(void **state)
{
	struct test_realm u;

	(void)state;
	fake_set_realm(interrupted_with_traces);
	GRANTED(enter(&w.realm[1]));
	assert_only_reason(1, RMI_EXIT_IRQ);
	fake_set_realm(serror_with_traces);
	GRANTED(enter(&w.realm[1]));
	assert_only_reason(1, RMI_EXIT_SERROR);
	/* the control: an unbound Realm shows them */
	make_realm(&u);
	GRANTED(RMI(REALM_ACTIVATE, u.rd));
	fake_set_realm(interrupted_with_traces);
	GRANTED(enter(&u));
	assert_int_equal(run_page(&u)->exit.cntv_cval, 0x1111);
	assert_int_equal(run_page(&u)->exit.cntp_ctl, 2);
	assert_int_equal(run_page(&u)->exit.gicv3_vmcr, 0xff);
	assert_int_equal(run_page(&u)->exit.gicv3_lrs[0], 1UL << 62 | 40);
}

static uint64_t cnthctl;

/* A timer fires, and a call follows. */
static enum rec_trap timer_then_call(uint64_t gpr[31])
{
	cnthctl = fake_regs()->CNTHCTL_EL2;
	if (fake_realm_runs() > 1)
		return REC_TRAP_IRQ;
	fake_regs()->CNTV_CTL_EL02 = 5;			/* enabled, asserted */
	gpr[0] = SMC_RSI_MICA_VERSION;
	fake_regs()->ESR_EL2 = ESR_EC_VAL(EC_SMC) | ESR_IL;
	return REC_TRAP_SYNC;
}

static void a_timer_neither_exits_nor_reaches_its_line(void **state)
{
	const uint64_t masks = 3UL << 18;		/* CNTVMASK, CNTPMASK */
	struct test_realm u;

	(void)state;
	fake_set_realm(timer_then_call);
	GRANTED(enter(&w.realm[1]));
	assert_int_equal(fake_realm_runs(), 2);
	assert_int_equal(cnthctl & masks, masks);
	assert_only_reason(1, RMI_EXIT_IRQ);
	make_realm(&u);
	GRANTED(RMI(REALM_ACTIVATE, u.rd));
	fake_set_realm(timer_then_call);
	GRANTED(enter(&u));
	assert_int_equal(fake_realm_runs(), 1);		/* the host is told before it runs on */
	assert_int_equal(cnthctl & masks, 0);
	assert_int_equal(run_page(&u)->exit.cntv_ctl, 5);
}

/* MSR ICC_SGI1R_EL1, X3 */
static enum rec_trap self_interrupt(uint64_t gpr[31])
{
	if (fake_realm_runs() > 1)
		return REC_TRAP_IRQ;
	gpr[3] = 0x5e1f;
	fake_regs()->ESR_EL2 = ESR_EC_VAL(EC_SYSREG) | ESR_IL | 3UL << 20 | 5UL << 17 | 12UL << 10 | 3UL << 5 | 11UL << 1;
	return REC_TRAP_SYNC;
}

static void interrupts_to_itself_go_nowhere(void **state)
{
	struct test_realm u;

	(void)state;
	fake_set_realm(self_interrupt);
	GRANTED(enter(&w.realm[1]));
	assert_int_equal(fake_realm_runs(), 2);
	assert_only_reason(1, RMI_EXIT_IRQ);
	make_realm(&u);
	GRANTED(RMI(REALM_ACTIVATE, u.rd));
	fake_set_realm(self_interrupt);
	GRANTED(enter(&u));
	assert_int_equal(run_page(&u)->exit.exit_reason, RMI_EXIT_SYNC);
	assert_int_equal(run_page(&u)->exit.gprs[0], 0x5e1f);
}

static void entry_fields_are_ignored_unless_opened(void **state)
{
	struct rmi_rec_enter *e = &run_page(&w.realm[1])->enter;

	(void)state;
	memset(e->gprs, 0x11, sizeof(e->gprs));
	e->gicv3_hcr = ~0UL;			/* 1.0 would refuse these */
	memset(e->gicv3_lrs, 0xff, sizeof(e->gicv3_lrs));
	GRANTED(enter(&w.realm[1]));
	e->flags = RMI_ENTER_EMUL_MMIO;
	REFUSED(RMI(REC_ENTER, w.realm[1].rec, w.realm[1].run), RMI_ERROR_REC);
	e->flags = RMI_ENTER_INJECT_SEA;
	REFUSED(RMI(REC_ENTER, w.realm[1].rec, w.realm[1].run), RMI_ERROR_REC);
}

static void host_calls_need_the_right(void **state)
{
	struct rsi_host_call *hc;
	struct rd *rd;
	struct fake_leaf leaf;

	(void)state;
	call(1, SMC_RSI_HOST_CALL, RAM_BASE, 0, 0, 0);
	assert_int_equal(result[0], POLICY(HOSTCALL));
	assert_only_reason(1, RMI_EXIT_IRQ);
	assert_int_equal(audit(1, MICA_RULE_HOSTCALL), 1);

	rd = arch_granule_va(pa(w.realm[0].rd));
	assert_true(fake_realm_touch(&rd->s2, ipa(RAM_BASE), &leaf));
	hc = arch_granule_va(leaf.pa);
	hc->imm = 7;
	hc->gprs[30] = 0x1234;
	call(0, SMC_RSI_HOST_CALL, RAM_BASE, 0, 0, 0);
	assert_int_equal(reason(0), RMI_EXIT_HOST_CALL);
	assert_int_equal(run_page(&w.realm[0])->exit.imm, 7);
	assert_int_equal(run_page(&w.realm[0])->exit.gprs[30], 0x1234);
	assert_int_equal(run_page(&w.realm[0])->exit.cntv_ctl, 0);
	run_page(&w.realm[0])->enter.gprs[5] = 0x55;
	fake_set_realm(NULL);
	GRANTED(enter(&w.realm[0]));
	assert_int_equal(hc->gprs[5], 0x55);
	assert_int_equal(audit(0, MICA_RULE_HOSTCALL), 0);
}

/* I8: the monitor writes for a Realm only into its RAM. */
static void buffers_are_ram_only(void **state)
{
	(void)state;
	call(1, SMC_RSI_REALM_CONFIG, GRANT_BASE, 0, 0, 0);
	assert_int_equal(result[0], RSI_ERROR_INPUT);
	assert_true(fake_page_is_zero(pa(w.channel)));
	call(1, SMC_RSI_REALM_CONFIG, WINDOW_BASE, 0, 0, 0);
	assert_int_equal(result[0], RSI_ERROR_INPUT);
	call(1, SMC_RSI_REALM_CONFIG, RAM_BASE + RAM_PAGES * PAGE, 0, 0, 0);
	assert_int_equal(result[0], RSI_ERROR_INPUT);
	assert_int_equal(reason(1), RMI_EXIT_IRQ);
	call(1, SMC_RSI_REALM_CONFIG, RAM_BASE, 0, 0, 0);
	assert_int_equal(result[0], RSI_SUCCESS);
}

static void psci_is_answered_here(void **state)
{
	(void)state;
	call(1, PSCI_CPU_ON_64, 1, RAM_BASE, 0, 0);
	assert_int_equal(result[0], (uint64_t)PSCI_DENIED);
	call(1, PSCI_CPU_OFF, 0, 0, 0, 0);
	assert_int_equal(result[0], (uint64_t)PSCI_DENIED);
	call(1, PSCI_AFFINITY_INFO_64, 0, 0, 0, 0);
	assert_int_equal(result[0], (uint64_t)PSCI_NOT_SUPPORTED);
	assert_int_equal(audit(1, MICA_RULE_PSCI), 3);
	call(1, PSCI_VERSION, 0, 0, 0, 0);
	assert_int_equal(result[0], PSCI_VERSION_1_1);
	call(1, PSCI_CPU_SUSPEND_64, 0, 0, 0, 0);
	assert_only_reason(1, RMI_EXIT_MICA_IDLE);
}

static void switching_off_is_an_exit_without_payload(void **state)
{
	(void)state;
	call(1, PSCI_SYSTEM_OFF, 0xdead, 0, 0, 0);
	assert_only_reason(1, RMI_EXIT_MICA_OFF);
	assert_int_equal(role_state_of(&w, 1), MICA_ROLE_DEAD);
	REFUSED(RMI(REC_ENTER, w.realm[1].rec, w.realm[1].run), RMI_RET(RMI_ERROR_REALM, 1));
	REFUSED(RMI(DATA_DESTROY, w.realm[1].rd, RAM_BASE), POLICY(SEALED));
	/* its peer may know, by the edge b -> a that does not exist: it may not; a -> b exists */
	call(0, SMC_RSI_MICA_PEER_INFO, 1, 0, 0, 0);
	assert_int_equal(result[0], POLICY(NO_RIGHT));
}

static void faults_stay_inside_and_are_counted(void **state)
{
	static const struct { uint64_t ipa; unsigned int rule; } faults[] = {
		{ WINDOW_BASE, MICA_RULE_WINDOW }, { WINDOW_BASE + (1UL << 30), MICA_RULE_WINDOW },
		{ GRANT_BASE, MICA_RULE_NO_RIGHT }, { 0, MICA_RULE_SEALED },
		{ RAM_BASE + RAM_PAGES * PAGE, MICA_RULE_SEALED }, { 1UL << 40, MICA_RULE_SEALED },
	};
	uint32_t before;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		before = audit(1, faults[i].rule);
		fault_ipa = faults[i].ipa;
		fault_esr = ESR_EC_VAL(EC_DATA_ABORT) | ESR_IL | ESR_ISV | ESR_WNR | FSC_KIND_TRANSLATION | 3;
		fake_set_realm(abort_once);
		GRANTED(enter(&w.realm[1]));
		assert_only_reason(1, RMI_EXIT_IRQ);
		assert_int_equal(audit(1, faults[i].rule), before + 1);
	}
	/* the control: an unbound Realm's host hears of such a store, with address and value */
	{
		struct test_realm u;

		make_realm(&u);
		GRANTED(RMI(REALM_ACTIVATE, u.rd));
		fault_ipa = WINDOW_BASE + 0x123000;
		fake_set_realm(abort_once);
		GRANTED(enter(&u));
		assert_int_equal(run_page(&u)->exit.exit_reason, RMI_EXIT_SYNC);
		assert_int_equal(run_page(&u)->exit.hpfar, IPA_TO_HPFAR(fault_ipa));
		assert_true(run_page(&u)->exit.esr & ESR_ISV);
	}
}

static void ripas_changes_never_reach_the_host(void **state)
{
	(void)state;
	call(1, SMC_RSI_IPA_STATE_SET, RAM_BASE, RAM_BASE + PAGE, RMI_EMPTY, 1);
	assert_int_equal(result[0], RSI_ERROR_INPUT);
	assert_int_equal(audit(1, MICA_RULE_SEALED), 1);
	call(1, SMC_RSI_IPA_STATE_SET, RAM_BASE, RAM_BASE + PAGE, RMI_RAM, 0);	/* as it is already */
	assert_int_equal(result[0], RSI_SUCCESS);
	assert_int_equal(result[1], RAM_BASE + PAGE);
	call(1, SMC_RSI_IPA_STATE_GET, GRANT_BASE, GRANT_BASE + PAGE, 0, 0);
	assert_int_equal(result[0], RSI_SUCCESS);
	assert_int_equal(result[2], 3);			/* a channel: device-like, not to be asked for */
	assert_int_equal(reason(1), RMI_EXIT_IRQ);
	{
		struct test_realm u;

		make_realm(&u);
		GRANTED(RMI(REALM_ACTIVATE, u.rd));
		memset(x, 0, sizeof(x));
		x[0] = SMC_RSI_IPA_STATE_SET;
		x[1] = RAM_BASE;
		x[2] = RAM_BASE + PAGE;
		fake_set_realm(smc_once);
		GRANTED(enter(&u));
		assert_int_equal(run_page(&u)->exit.exit_reason, RMI_EXIT_RIPAS_CHANGE);
	}
}

static void a_realm_learns_what_it_is(void **state)
{
	(void)state;
	call(0, SMC_RSI_MICA_VERSION, 0, 0, 0, 0);
	assert_int_equal(result[1], MICA_MAGIC_VERSION);
	assert_int_equal(result[2], 1);
	call(1, SMC_RSI_MICA_SELF, MICA_SELF_ROLE, 0, 0, 0);
	assert_int_equal(result[1], 1);
	assert_int_equal(result[3], 1);
	assert_int_equal(result[6], 1);
	call(1, SMC_RSI_MICA_SELF, 9, 0, 0, 0);
	assert_int_equal(result[0], RSI_ERROR_INPUT);
	for (int i = 1; i <= 6; i++)
		assert_int_equal(result[i], 0);
	call(1, SMC_RSI_MICA_GRANT_INFO, 0, 0, 0, 0);
	assert_int_equal(result[1], GRANT_BASE);
	assert_int_equal(result[3], 0 | MICA_GRANT_R << 16 | 0UL << 24);
	call(1, SMC_RSI_MICA_GRANT_INFO, 1, 0, 0, 0);
	assert_int_equal(result[0], RSI_ERROR_INPUT);
	call(0, SMC_RSI_MICA_REGION_INFO, 0, 0, 0, 0);
	assert_int_equal(result[1], WINDOW_BASE);
	call(1, SMC_RSI_MICA_REGION_INFO, 0, 0, 0, 0);
	assert_int_equal(result[0], RSI_ERROR_INPUT);
	call(1, SMC_RSI_MICA_PEER_INFO, 0, 0, 0, 0);	/* a -> b: b may know of a */
	assert_int_equal(result[0], RSI_SUCCESS);
	assert_int_equal(result[1], 1);
	call(0, SMC_RSI_MICA_GATE_CALL, 0, 0, 0, 0);	/* this policy has no gate */
	assert_int_equal(result[0], POLICY(NO_RIGHT));
	call(0, SMC_RSI_MICA_GATE_RECV, 0, 0, 0, 0);
	assert_int_equal(result[0], POLICY(NO_RIGHT));
	call(0, SMC_RSI_MICA_GATE_INFO, 0, 0, 0, 0);
	assert_int_equal(result[0], RSI_ERROR_INPUT);
}

static void an_unbound_realm_learns_only_that(void **state)
{
	struct test_realm u;

	(void)state;
	make_realm(&u);
	GRANTED(RMI(REALM_ACTIVATE, u.rd));
	w.realm[0] = u;
	call(0, SMC_RSI_MICA_VERSION, 0, 0, 0, 0);
	assert_int_equal(result[0], RSI_SUCCESS);
	assert_int_equal(result[2], 0);
	call(0, SMC_RSI_MICA_SELF, 0, 0, 0, 0);
	assert_int_equal(result[0], RSI_ERROR_STATE);
	call(0, SMC_RSI_MICA_AUDIT_READ, 1, 0, 0, 0);
	assert_int_equal(result[0], RSI_ERROR_STATE);
}

/* ---- signals ---- */

static void a_signal_wakes_the_one_who_waits(void **state)
{
	(void)state;
	call(1, SMC_RSI_MICA_WAIT, 1, 0, 0, 0);
	assert_only_reason(1, RMI_EXIT_MICA_IDLE);
	fake_set_realm(smc_once);
	GRANTED(enter(&w.realm[1]));			/* still nothing: idle again, the Realm did not run */
	assert_only_reason(1, RMI_EXIT_MICA_IDLE);
	assert_int_equal(fake_realm_runs(), 0);
	call(0, SMC_RSI_MICA_SIGNAL, 0, 0, 0, 0);
	assert_int_equal(reason(0), RMI_EXIT_MICA_WAKE);
	assert_int_equal(run_page(&w.realm[0])->exit.gprs[0], 1UL << 1);
	fake_set_realm(NULL);
	GRANTED(enter(&w.realm[1]));
	assert_int_equal(reason(1), RMI_EXIT_IRQ);
	call(0, SMC_RSI_MICA_SIGNAL, 0, 0, 0, 0);	/* nobody waits, and no edge would let it know */
	assert_int_equal(reason(0), RMI_EXIT_MICA_WAKE);
	fake_set_realm(NULL);
	GRANTED(enter(&w.realm[0]));
	call(1, SMC_RSI_MICA_WAIT, 1, 0, 0, 0);		/* it was kept */
	assert_int_equal(result[0], RSI_SUCCESS);
	assert_int_equal(result[1], 1);
	assert_int_equal(result[2], 0);
}

static void waiting_ends_at_the_deadline(void **state)
{
	(void)state;
	fake_regs()->CNTPCT_EL0 = 100;
	call(1, SMC_RSI_MICA_WAIT, 1, 200, 0, 0);
	assert_only_reason(1, RMI_EXIT_MICA_IDLE);
	fake_regs()->CNTPCT_EL0 = 200;
	memset(x, 0, sizeof(x));
	x[0] = SMC_RSI_VERSION;
	fake_set_realm(NULL);
	GRANTED(enter(&w.realm[1]));
	assert_int_equal(reason(1), RMI_EXIT_IRQ);
	call(1, SMC_RSI_MICA_WAIT, 1, 0, MICA_WAIT_NOWAIT, 0);
	assert_int_equal(result[0], RSI_SUCCESS);
	assert_int_equal(result[1], 0);
	call(1, SMC_RSI_MICA_WAIT, 0, 0, 0, 0);
	assert_int_equal(result[0], RSI_ERROR_INPUT);
}

static void only_writers_signal(void **state)
{
	(void)state;
	call(1, SMC_RSI_MICA_SIGNAL, 0, 0, 0, 0);
	assert_int_equal(result[0], POLICY(NO_RIGHT));
	call(0, SMC_RSI_MICA_SIGNAL, 1, 0, 0, 0);
	assert_int_equal(result[0], POLICY(NO_RIGHT));
	call(0, SMC_RSI_MICA_SIGNAL, ~0UL, 0, 0, 0);
	assert_int_equal(result[0], POLICY(NO_RIGHT));
}

/* ---- stopping ---- */

static enum rec_trap stopped_while_running(uint64_t gpr[31])
{
	GRANTED(MICA(WF_STOP, w.wf));
	return smc_once(gpr);
}

static void a_stop_is_seen_at_the_next_trap(void **state)
{
	(void)state;
	memset(x, 0, sizeof(x));
	x[0] = PSCI_SYSTEM_OFF;
	fake_set_realm(stopped_while_running);
	GRANTED(enter(&w.realm[0]));
	assert_only_reason(0, RMI_EXIT_MICA_STOPPED);
	assert_int_equal(fake_realm_runs(), 1);			/* no service, no further instruction */
	assert_int_equal(role_state_of(&w, 0), MICA_ROLE_DRAINING);
}

static void registers_of_realms_stay_apart(void **state)
{
	(void)state;
	fake_regs()->TPIDR_EL1 = 0xaaaa;			/* the host's */
	fake_simd()->v[5] = 0xbbbb;
	fake_set_realm(NULL);
	GRANTED(enter(&w.realm[0]));
	assert_int_equal(fake_regs()->TPIDR_EL1, 0xaaaa);
	GRANTED(enter(&w.realm[1]));
	assert_int_equal(fake_regs()->TPIDR_EL1, 0xaaaa);
	assert_int_equal(fake_simd()->v[5], 0xbbbb);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(interrupts_show_only_that_they_came, start),
		cmocka_unit_test_setup(a_timer_neither_exits_nor_reaches_its_line, start),
		cmocka_unit_test_setup(interrupts_to_itself_go_nowhere, start),
		cmocka_unit_test_setup(entry_fields_are_ignored_unless_opened, start),
		cmocka_unit_test_setup(host_calls_need_the_right, start),
		cmocka_unit_test_setup(buffers_are_ram_only, start),
		cmocka_unit_test_setup(psci_is_answered_here, start),
		cmocka_unit_test_setup(switching_off_is_an_exit_without_payload, start),
		cmocka_unit_test_setup(faults_stay_inside_and_are_counted, start),
		cmocka_unit_test_setup(ripas_changes_never_reach_the_host, start),
		cmocka_unit_test_setup(a_realm_learns_what_it_is, start),
		cmocka_unit_test_setup(an_unbound_realm_learns_only_that, start),
		cmocka_unit_test_setup(a_signal_wakes_the_one_who_waits, start),
		cmocka_unit_test_setup(waiting_ends_at_the_deadline, start),
		cmocka_unit_test_setup(only_writers_signal, start),
		cmocka_unit_test_setup(a_stop_is_seen_at_the_next_trap, start),
		cmocka_unit_test_setup(registers_of_realms_stay_apart, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
