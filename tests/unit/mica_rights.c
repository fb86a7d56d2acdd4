/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rights of `control`: the same act of the same Realm, the same entry of the same host, under two policies that differ in one
 * right. Role a has it, role b does not.
 */
#include "mica_world.h"

#define DEVICE		(WINDOW_BASE + 0x10000)
#define OTHER_DEVICE	(WINDOW_BASE + 0x20000)
#define MASKS		(3UL << 18)		/* CNTVMASK, CNTPMASK */
#define LR(id)		(1UL << 62 | 1UL << 60 | (uint64_t)(id))

/* Roles a with @rights and b without. */
static void two(uint32_t rights)
{
	policy_roles(&policy, 2, 1);
	policy.role[0].rights = rights;
	if (rights & MICA_RIGHT_MMIO) {
		policy_region(&policy, 0, MICA_REGION_DEVICE, DEVICE, 1, MICA_REGION_READ | MICA_REGION_WRITE);
		policy_region(&policy, 0, MICA_REGION_DEVICE, OTHER_DEVICE, 1, MICA_REGION_WRITE);
	}
	if (rights & MICA_RIGHT_IRQ)
		policy_region(&policy, 0, MICA_REGION_INTIDS, 40, 2, 0);
	start();
}

/* ---- PSCI ---- */

static void psci_leaves_only_where_it_is_open(void **state)
{
	(void)state;
	policy_roles(&policy, 2, 2);
	policy.role[0].rights = MICA_RIGHT_PSCI;
	start();
	RUN(0, 0, RMI_EXIT_PSCI, { 0, 0, SMC, { PSCI_AFFINITY_INFO_64, 1, 0, 0x7777 }, NULL });
	assert_int_equal(exit_of(0, 0)->gprs[0], PSCI_AFFINITY_INFO_64);
	assert_int_equal(exit_of(0, 0)->gprs[1], 1);
	for (int i = 2; i < 31; i++)
		assert_int_equal(exit_of(0, 0)->gprs[i], 0);
	REFUSED(ENTER(0, 0), RMI_ERROR_REC);
	GRANTED(RMI(PSCI_COMPLETE, realms[0][0].rec, realms[0][1].rec, 0));
	RUN(0, 0, RMI_EXIT_PSCI, { 0, 0, SMC, { PSCI_CPU_OFF }, NULL });
	assert_int_equal(seen[0][0], 0);		/* AFFINITY_ON */
	REFUSED(ENTER(0, 0), RMI_ERROR_REC);
	/* closed: answered by the monitor, counted, and the REC goes on */
	RUN(1, 0, RMI_EXIT_IRQ, { 1, 0, SMC, { PSCI_AFFINITY_INFO_64, 1, 0 }, NULL }, { 1, 0, SMC, { PSCI_CPU_OFF }, NULL },
	    { 1, 0, SMC, { PSCI_CPU_ON_64, 1, RAM_BASE }, NULL }, { 1, 0, IRQ, { 0 }, NULL });
	ONLY_REASON(1, 0);
	assert_int_equal(seen[1][0], (uint64_t)PSCI_NOT_SUPPORTED);
	assert_int_equal(seen[2][0], (uint64_t)PSCI_DENIED);
	assert_int_equal(seen[3][0], (uint64_t)PSCI_DENIED);
	assert_int_equal(audit_of(1, MICA_RULE_PSCI), 3);
	REFUSED(RMI(PSCI_COMPLETE, realms[1][0].rec, realms[1][1].rec, 0), RMI_ERROR_INPUT);
}

static void suspending_is_idling_for_everybody(void **state)
{
	(void)state;
	two(MICA_RIGHT_PSCI);
	for (uint8_t i = 0; i < 2; i++) {
		RUN(i, 0, RMI_EXIT_MICA_IDLE, { i, 0, SMC, { PSCI_CPU_SUSPEND_64, 0x1234, 0x5678 }, NULL });
		ONLY_REASON(i, 0);
		RUN(i, 0, RMI_EXIT_IRQ, { i, 0, IRQ, { 0 }, NULL });
		assert_int_equal(seen[0][0], 0);
	}
}

static void a_role_that_may_switch_off_is_dead_then(void **state)
{
	(void)state;
	two(MICA_RIGHT_PSCI);
	RUN(0, 0, RMI_EXIT_PSCI, { 0, 0, SMC, { PSCI_SYSTEM_RESET, 5, 6 }, NULL });
	assert_int_equal(exit_of(0, 0)->gprs[0], PSCI_SYSTEM_RESET);
	assert_int_equal(exit_of(0, 0)->gprs[1], 0);
	assert_int_equal(state_of(0), MICA_ROLE_DEAD);
	REFUSED(ENTER(0, 0), RMI_RET(RMI_ERROR_REALM, 1));
	RUN(1, 0, RMI_EXIT_MICA_OFF, { 1, 0, SMC, { PSCI_SYSTEM_RESET, 5, 6 }, NULL });
	ONLY_REASON(1, 0);
	assert_int_equal(state_of(1), MICA_ROLE_DEAD);
}

static void completion_ends_with_the_workflow(void **state)
{
	(void)state;
	policy_roles(&policy, 1, 2);
	policy.role[0].rights = MICA_RIGHT_PSCI;
	start();
	RUN(0, 0, RMI_EXIT_PSCI, { 0, 0, SMC, { PSCI_AFFINITY_INFO_64, 1, 0 }, NULL });
	GRANTED(MICA(WF_STOP, wf));
	REFUSED(RMI(PSCI_COMPLETE, realms[0][0].rec, realms[0][1].rec, 0), POLICY(WF_STATE));
}

/* ---- MMIO ---- */

#define LOAD	(ESR_EC_VAL(EC_DATA_ABORT) | ESR_IL | ESR_ISV | 2UL << 22 | 3UL << 16 | FSC_KIND_TRANSLATION | 1)
#define STORE	(LOAD | ESR_WNR)

static uint64_t esr_el1;

static void look_at_esr(void)
{
	esr_el1 = fake_regs()->ESR_EL12;
}

static void device_accesses_leave_in_opened_directions(void **state)
{
	(void)state;
	two(MICA_RIGHT_MMIO);
	RUN(0, 0, RMI_EXIT_SYNC, { 0, 0, SYNC, { STORE, DEVICE + 0x18, 0xcafe }, NULL });
	assert_int_equal(exit_of(0, 0)->hpfar, IPA_TO_HPFAR(DEVICE));
	assert_int_equal(exit_of(0, 0)->far, 0x18);
	assert_int_equal(exit_of(0, 0)->gprs[0], 0xcafe);
	assert_true(exit_of(0, 0)->esr & ESR_WNR);
	assert_int_equal(ESR_SRT(exit_of(0, 0)->esr), 0);	/* which register is nobody's business */
	assert_int_equal(exit_of(0, 0)->gprs[1], 0);
	assert_int_equal(exit_of(0, 0)->cntv_cval, 0);
	entry_of(0, 0)->flags = RMI_ENTER_EMUL_MMIO;
	RUN(0, 0, RMI_EXIT_SYNC, { 0, 0, SYNC, { LOAD, DEVICE, 0x11 }, NULL });
	assert_int_equal(exit_of(0, 0)->gprs[0], 0);
	for (int i = 0; i < 31; i++)
		entry_of(0, 0)->gprs[i] = 0xbeef + (uint64_t)i;
	RUN(0, 0, RMI_EXIT_SYNC, { 0, 0, SYNC, { STORE, OTHER_DEVICE, 1 }, NULL });
	assert_int_equal(seen[0][3], 0xbeef);
	assert_int_equal(seen[0][4], 0);			/* a load takes one register */
	entry_of(0, 0)->flags = RMI_ENTER_INJECT_SEA;
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, IRQ, { 0 }, look_at_esr });
	assert_int_equal(ESR_EC(esr_el1), EC_DATA_ABORT_SAME);
	ONLY_REASON(0, 0);
	REFUSED(ENTER(0, 0), RMI_ERROR_REC);			/* once only */
}

/* One row an access that stays inside: nothing but a fault of the Realm's own, counted under its rule. */
static void other_accesses_stay_inside(void **state)
{
	static const struct { uint8_t role; uint64_t esr, ipa; unsigned int rule; } faults[] = {
		{ 0, LOAD, OTHER_DEVICE, MICA_RULE_MMIO },			/* only stores are open */
		{ 0, STORE & ~ESR_ISV, DEVICE, MICA_RULE_MMIO },		/* no syndrome to emulate from */
		{ 0, (LOAD | ESR_S1PTW) & ~ESR_ISV, OTHER_DEVICE, MICA_RULE_MMIO },
		{ 0, ESR_EC_VAL(EC_INST_ABORT) | ESR_IL | FSC_KIND_TRANSLATION | 1, DEVICE, MICA_RULE_MMIO },
		{ 0, STORE, DEVICE + PAGE, MICA_RULE_WINDOW },
		{ 0, STORE, DEVICE - PAGE, MICA_RULE_WINDOW },
		{ 1, STORE, DEVICE, MICA_RULE_WINDOW },
		{ 1, LOAD, DEVICE, MICA_RULE_WINDOW },
	};

	(void)state;
	two(MICA_RIGHT_MMIO);
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		uint8_t r = faults[i].role;
		uint64_t before = audit_of(r, faults[i].rule);

		RUN(r, 0, RMI_EXIT_IRQ, { r, 0, SYNC, { faults[i].esr, faults[i].ipa, 0xcafe }, NULL }, { r, 0, IRQ, { 0 }, NULL });
		ONLY_REASON(r, 0);
		assert_int_equal(audit_of(r, faults[i].rule), before + 1);
		entry_of(r, 0)->flags = RMI_ENTER_EMUL_MMIO;
		REFUSED(ENTER(r, 0), RMI_ERROR_REC);
		entry_of(r, 0)->flags = RMI_ENTER_INJECT_SEA;
		REFUSED(ENTER(r, 0), RMI_ERROR_REC);
		entry_of(r, 0)->flags = 0;
	}
}

static void external_aborts_are_the_realms_own_affair(void **state)
{
	const uint64_t external = ESR_EC_VAL(EC_DATA_ABORT) | ESR_IL | ESR_EA | FSC_EXTERNAL;
	struct test_realm u;

	(void)state;
	two(MICA_RIGHT_MMIO);
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SYNC, { external, DEVICE }, NULL }, { 0, 0, IRQ, { 0 }, NULL });
	ONLY_REASON(0, 0);
	RUN(0, 0, RMI_EXIT_SYNC, { 0, 0, SYNC, { external | ESR_SET_UC, DEVICE }, NULL });
	ONLY_REASON(0, 0);
	/* the control: an unbound Realm's host hears of either */
	make_realm(&u);
	GRANTED(RMI(REALM_ACTIVATE, u.rd));
	realms[1][0] = u;
	RUN(1, 0, RMI_EXIT_SYNC, { 1, 0, SYNC, { external, DEVICE }, NULL });
	assert_int_equal(ESR_EC(exit_of(1, 0)->esr), EC_DATA_ABORT);
}

/* ---- TIMER ---- */

static uint64_t cnthctl;

static void look_at_masks(void)
{
	cnthctl = fake_regs()->CNTHCTL_EL2;
}

static void timer_fires(void)
{
	look_at_masks();
	fake_regs()->CNTV_CTL_EL02 = 5;			/* enabled, asserted */
	fake_regs()->CNTV_CVAL_EL02 = 0x1111;
	fake_regs()->CNTP_CVAL_EL02 = 0x2222;
	fake_regs()->ICH_VMCR_EL2 = 0xff;
	fake_regs()->ICH_MISR_EL2 = 1;
}

static void timers_show_where_open(void **state)
{
	(void)state;
	two(MICA_RIGHT_TIMER);
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SMC, { SMC_RSI_MICA_VERSION }, timer_fires });	/* a change is an exit of its own */
	assert_int_equal(cnthctl & MASKS, 0);
	assert_int_equal(exit_of(0, 0)->cntv_ctl, 5);
	assert_int_equal(exit_of(0, 0)->cntv_cval, 0x1111);
	assert_int_equal(exit_of(0, 0)->cntp_cval, 0x2222);
	assert_int_equal(exit_of(0, 0)->gicv3_vmcr, 0);
	assert_int_equal(exit_of(0, 0)->gicv3_misr, 0);
	RUN(0, 0, RMI_EXIT_MICA_IDLE, { 0, 0, WFI, { 0 }, look_at_masks });		/* told once */
	assert_int_equal(cnthctl & MASKS, 1UL << 18);
	assert_int_equal(exit_of(0, 0)->cntv_cval, 0x1111);			/* when to wake it */
	RUN(1, 0, RMI_EXIT_IRQ, { 1, 0, SMC, { SMC_RSI_MICA_VERSION }, timer_fires }, { 1, 0, IRQ, { 0 }, look_at_masks });
	assert_int_equal(cnthctl & MASKS, MASKS);
	ONLY_REASON(1, 0);
}

static uint64_t lr0;

static void look_at_lr0(void)
{
	lr0 = fake_regs()->ICH_LR0_EL2;
}

static void a_timer_role_takes_its_own_timers_interrupts(void **state)
{
	(void)state;
	two(MICA_RIGHT_TIMER);
	entry_of(0, 0)->gicv3_hcr = 1UL << 14;			/* TDIR: not opened, ignored */
	for (uint64_t id = 0; id < 64; id++) {
		entry_of(0, 0)->gicv3_lrs[0] = LR(id);
		if (id == 27 || id == 30)
			continue;
		REFUSED(ENTER(0, 0), POLICY(IRQ));
	}
	entry_of(0, 0)->gicv3_lrs[0] = LR(27);
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, IRQ, { 0 }, look_at_lr0 });
	assert_int_equal(lr0, LR(27));
	assert_int_equal(exit_of(0, 0)->gicv3_lrs[0], LR(27));
	assert_int_equal(exit_of(0, 0)->gicv3_hcr, 0);
	entry_of(1, 0)->gicv3_lrs[0] = LR(27);
	RUN(1, 0, RMI_EXIT_IRQ, { 1, 0, IRQ, { 0 }, look_at_lr0 });
	assert_int_equal(lr0, 0);
	ONLY_REASON(1, 0);
}

/* ---- IRQ ---- */

static void interrupts_enter_where_opened(void **state)
{
	uint64_t *lrs;

	(void)state;
	two(MICA_RIGHT_IRQ);
	lrs = entry_of(0, 0)->gicv3_lrs;
	lrs[0] = LR(40);
	lrs[1] = LR(42);
	REFUSED(ENTER(0, 0), POLICY(IRQ));
	lrs[1] = LR(39);
	REFUSED(ENTER(0, 0), POLICY(IRQ));
	lrs[1] = LR(27);				/* its timer is not opened */
	REFUSED(ENTER(0, 0), POLICY(IRQ));
	lrs[1] = LR(40);
	REFUSED(ENTER(0, 0), RMI_ERROR_REC);		/* twice: 1.0 */
	lrs[1] = LR(41) | 1UL << 61;
	REFUSED(ENTER(0, 0), RMI_ERROR_REC);		/* a physical interrupt: 1.0 */
	lrs[1] = 99;					/* invalid: no interrupt */
	lrs[15] = LR(99);				/* a register this CPU does not have */
	entry_of(0, 0)->gicv3_hcr = 1UL << 14;
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, IRQ, { 0 }, look_at_lr0 });
	assert_int_equal(lr0, LR(40));
	assert_int_equal(exit_of(0, 0)->gicv3_lrs[0], LR(40));
	assert_int_equal(exit_of(0, 0)->gicv3_hcr, 1UL << 14);
	/* without the right nothing is even looked at */
	memset(entry_of(1, 0)->gicv3_lrs, 0xff, sizeof(entry_of(1, 0)->gicv3_lrs));
	entry_of(1, 0)->gicv3_hcr = ~0UL;
	RUN(1, 0, RMI_EXIT_IRQ, { 1, 0, IRQ, { 0 }, look_at_lr0 });
	assert_int_equal(lr0, 0);
	ONLY_REASON(1, 0);
}

#define MSR_SGI1R	(ESR_EC_VAL(EC_SYSREG) | ESR_IL | ESR_SYS_REG(3, 0, 12, 11, 5) | 3UL << 5)
#define MSR_DIR		(ESR_EC_VAL(EC_SYSREG) | ESR_IL | ESR_SYS_REG(3, 0, 12, 11, 1) | 3UL << 5)

static void interrupts_of_its_own_leave_where_opened(void **state)
{
	(void)state;
	two(MICA_RIGHT_IRQ | MICA_RIGHT_MMIO);
	entry_of(0, 0)->gicv3_hcr = 1UL << 14;		/* TDIR */
	RUN(0, 0, RMI_EXIT_SYNC, { 0, 0, SYNC, { MSR_SGI1R, DEVICE, 0x5e1f }, NULL });
	assert_int_equal(exit_of(0, 0)->gprs[0], 0x5e1f);
	assert_int_equal(ESR_EC(exit_of(0, 0)->esr), EC_SYSREG);
	assert_int_equal(exit_of(0, 0)->hpfar, 0);
	RUN(0, 0, RMI_EXIT_SYNC, { 0, 0, SYNC, { MSR_DIR, 0, 40 }, NULL });
	assert_int_equal(exit_of(0, 0)->gprs[0], 40);
	RUN(1, 0, RMI_EXIT_IRQ, { 1, 0, SYNC, { MSR_SGI1R, 0, 0x5e1f }, NULL }, { 1, 0, IRQ, { 0 }, NULL });
	ONLY_REASON(1, 0);
}

/* A role with every right but that one hides what that one would show. */
static void each_right_opens_its_own_row_only(void **state)
{
	(void)state;
	two(MICA_RIGHT_PSCI | MICA_RIGHT_MMIO | MICA_RIGHT_IRQ);
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SMC, { SMC_RSI_MICA_VERSION }, timer_fires }, { 0, 0, IRQ, { 0 }, look_at_masks });
	assert_int_equal(cnthctl & MASKS, MASKS);
	assert_int_equal(exit_of(0, 0)->cntv_ctl | exit_of(0, 0)->cntv_cval | exit_of(0, 0)->cntp_cval, 0);
	assert_int_equal(exit_of(0, 0)->gicv3_vmcr, 0xff);
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SMC, { SMC_RSI_HOST_CALL, RAM_BASE }, NULL }, { 0, 0, IRQ, { 0 }, NULL });
	assert_int_equal(seen[1][0], POLICY(HOSTCALL));
	assert_int_equal(exit_of(0, 0)->imm, 0);
}

static void stop_and_fire(void)
{
	timer_fires();
	GRANTED(MICA(WF_STOP, wf));
}

static void nothing_is_shown_of_a_realm_that_was_stopped(void **state)
{
	(void)state;
	two(MICA_RIGHT_TIMER | MICA_RIGHT_IRQ);
	entry_of(0, 0)->gicv3_lrs[0] = LR(40);
	RUN(0, 0, RMI_EXIT_MICA_STOPPED, { 0, 0, IRQ, { 0 }, stop_and_fire });
	ONLY_REASON(0, 0);
}

/* ---- AUDIT ---- */

static uint64_t audit_read(uint64_t role, uint64_t rule, uint64_t *count)
{
	uint64_t out[4], status;

	status = rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ MICA_AUDIT_READ, wf, role, rule }, out);
	*count = out[0];
	return status;
}

static void counts_are_shown_where_opened(void **state)
{
	uint64_t n;

	(void)state;
	two(MICA_RIGHT_AUDIT);
	for (uint8_t i = 0; i < 2; i++)
		RUN(i, 0, RMI_EXIT_IRQ, { i, 0, SMC, { PSCI_CPU_OFF }, NULL }, { i, 0, IRQ, { 0 }, NULL });
	GRANTED(audit_read(0, MICA_RULE_PSCI, &n));
	assert_int_equal(n, 1);
	REFUSED(audit_read(1, MICA_RULE_PSCI, &n), POLICY(NO_RIGHT));
	assert_int_equal(n, 0);
	REFUSED(audit_read(2, MICA_RULE_PSCI, &n), RMI_ERROR_INPUT);
	REFUSED(audit_read(0, 0, &n), RMI_ERROR_INPUT);
	REFUSED(audit_read(0, MICA_RULES, &n), RMI_ERROR_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(psci_leaves_only_where_it_is_open, reset),
		cmocka_unit_test_setup(suspending_is_idling_for_everybody, reset),
		cmocka_unit_test_setup(a_role_that_may_switch_off_is_dead_then, reset),
		cmocka_unit_test_setup(completion_ends_with_the_workflow, reset),
		cmocka_unit_test_setup(device_accesses_leave_in_opened_directions, reset),
		cmocka_unit_test_setup(other_accesses_stay_inside, reset),
		cmocka_unit_test_setup(external_aborts_are_the_realms_own_affair, reset),
		cmocka_unit_test_setup(timers_show_where_open, reset),
		cmocka_unit_test_setup(a_timer_role_takes_its_own_timers_interrupts, reset),
		cmocka_unit_test_setup(interrupts_enter_where_opened, reset),
		cmocka_unit_test_setup(interrupts_of_its_own_leave_where_opened, reset),
		cmocka_unit_test_setup(each_right_opens_its_own_row_only, reset),
		cmocka_unit_test_setup(nothing_is_shown_of_a_realm_that_was_stopped, reset),
		cmocka_unit_test_setup(counts_are_shown_where_opened, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
