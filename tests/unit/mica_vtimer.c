/* SPDX-License-Identifier: Apache-2.0 */
/* Right VTIMER: interrupts that a confined Realm gets without a host. Role a has it, role b lives the same without. */
#include "mica_world.h"

#define PENDING		(1UL << 62)
#define ACTIVE		(1UL << 63)
#define RAISED(id)	(PENDING | 1UL << 60 | 0x80UL << 48 | (uint64_t)(id))
#define SGI		(ESR_EC_VAL(EC_SYSREG) | ESR_IL | ESR_SYS_REG(3, 0, 12, 11, 5) | 3UL << 5)
#define ASGI		(ESR_EC_VAL(EC_SYSREG) | ESR_IL | ESR_SYS_REG(3, 0, 12, 11, 6) | 3UL << 5)

static void two(uint32_t flags)
{
	policy_roles(&policy, 2, 1);
	policy.role[0].rights = MICA_RIGHT_VTIMER;
	policy.role[0].flags = flags;
	start();
}

static uint64_t lr[3], cnthctl;

static void look(void)
{
	lr[0] = fake_regs()->ICH_LR0_EL2;
	lr[1] = fake_regs()->ICH_LR1_EL2;
	lr[2] = fake_regs()->ICH_LR2_EL2;
	cnthctl = fake_regs()->CNTHCTL_EL2;
}

static void timer_up(void)
{
	look();
	fake_regs()->CNTV_CTL_EL02 = 5;
	fake_regs()->CNTV_CVAL_EL02 = 0x1234;
	fake_regs()->CNTP_CTL_EL02 = 5;			/* the physical timer is not offered */
}

static void timer_down(void)
{
	look();
	fake_regs()->CNTV_CTL_EL02 = 0;
}

static void take_timer(void)
{
	look();
	fake_regs()->ICH_LR0_EL2 = (lr[0] & ~PENDING) | ACTIVE;
}

static void end_of_timer(void)
{
	look();
	fake_regs()->ICH_LR0_EL2 = 0;
}

#define TRAP(role, fn)	{ role, 0, SMC, { SMC_RSI_MICA_VERSION }, fn }
#define LEAVE(role, fn)	{ role, 0, IRQ, { 0 }, fn }

static void a_timer_becomes_an_interrupt_and_nothing_else(void **state)
{
	(void)state;
	two(0);
	RUN(0, 0, RMI_EXIT_IRQ, TRAP(0, timer_up), LEAVE(0, look));
	assert_int_equal(lr[0], RAISED(27));
	assert_int_equal(lr[1] | lr[2], 0);
	assert_int_equal(cnthctl >> 18 & 3, 3);			/* no line of its goes up */
	ONLY_REASON(0, 0);
	/* it is kept over exits, and what the host puts there is not looked at */
	memset(entry_of(0, 0)->gicv3_lrs, 0xff, sizeof(entry_of(0, 0)->gicv3_lrs));
	entry_of(0, 0)->gicv3_hcr = ~0UL;
	RUN(0, 0, RMI_EXIT_IRQ, LEAVE(0, look));
	assert_int_equal(lr[0], RAISED(27));
	ONLY_REASON(0, 0);
	RUN(1, 0, RMI_EXIT_IRQ, TRAP(1, timer_up), LEAVE(1, look));
	assert_int_equal(lr[0] | lr[1] | lr[2], 0);
	ONLY_REASON(1, 0);
}

static void a_level_follows_its_line(void **state)
{
	(void)state;
	two(0);
	RUN(0, 0, RMI_EXIT_IRQ, TRAP(0, timer_up), TRAP(0, timer_down), LEAVE(0, look));
	assert_int_equal(lr[0], 0);				/* a pending one is withdrawn */
	RUN(0, 0, RMI_EXIT_IRQ, TRAP(0, timer_up), TRAP(0, take_timer), LEAVE(0, look));
	assert_int_equal(lr[0], (RAISED(27) & ~PENDING) | ACTIVE);	/* taken: not pending again */
	RUN(0, 0, RMI_EXIT_IRQ, TRAP(0, timer_down), LEAVE(0, look));
	assert_int_equal(lr[0], (RAISED(27) & ~PENDING) | ACTIVE);	/* an active one stays */
	RUN(0, 0, RMI_EXIT_IRQ, TRAP(0, end_of_timer), LEAVE(0, look));
	assert_int_equal(lr[0], 0);
	RUN(0, 0, RMI_EXIT_IRQ, TRAP(0, timer_up), TRAP(0, end_of_timer), LEAVE(0, look));
	assert_int_equal(lr[0], RAISED(27));			/* still up after its end */
}

static void an_idle_realm_finds_its_timer_when_entered(void **state)
{
	(void)state;
	two(0);
	RUN(0, 0, RMI_EXIT_MICA_IDLE, { 0, 0, WFI, { 0 }, timer_up });
	ONLY_REASON(0, 0);
	RUN(0, 0, RMI_EXIT_IRQ, LEAVE(0, look));
	assert_int_equal(lr[0], RAISED(27));
}

#define NOWAIT(role)	{ role, 0, SMC, { SMC_RSI_MICA_WAIT, 1, 0, MICA_WAIT_NOWAIT }, NULL }

/*
 * A peer that signals while an operating system boots: nobody takes the signal yet, and the interrupt would come for ever. The first
 * WAIT of the REC, a refused one not, says that somebody is there.
 */
static void signals_interrupt_only_who_has_asked_for_them(void **state)
{
	(void)state;
	policy_roles(&policy, 2, 1);
	policy.role[1].rights = MICA_RIGHT_VTIMER;
	policy.role[1].flags = MICA_ROLE_SIG_IRQ;
	policy_channel(&policy, MICA_CHAN_SIGNAL);
	start();
	RUN(0, 0, RMI_EXIT_MICA_WAKE, { 0, 0, SMC, { SMC_RSI_MICA_SIGNAL, 0 }, NULL });
	RUN(1, 0, RMI_EXIT_IRQ, { 1, 0, SMC, { SMC_RSI_MICA_WAIT, 0, 0, MICA_WAIT_NOWAIT }, NULL }, LEAVE(1, look));
	assert_int_equal(lr[1], 0);
	RUN(1, 0, RMI_EXIT_IRQ, NOWAIT(1), LEAVE(1, look));	/* takes the one there was */
	assert_int_equal(seen[1][1], 1);
	assert_int_equal(lr[1], 0);
	RUN(0, 0, RMI_EXIT_MICA_WAKE, { 0, 0, SMC, { SMC_RSI_MICA_SIGNAL, 0 }, NULL });
	RUN(1, 0, RMI_EXIT_IRQ, LEAVE(1, look));
	assert_int_equal(lr[1], RAISED(22));
}

/* a writes to b, and b has the right: with and without SIG_IRQ. */
static void signals_interrupt_where_the_policy_says(void **state)
{
	(void)state;
	for (int sig = 0; sig < 2; sig++) {
		reset(state);
		policy_roles(&policy, 2, 1);
		policy.role[1].rights = MICA_RIGHT_VTIMER;
		policy.role[1].flags = sig ? MICA_ROLE_SIG_IRQ : 0;
		policy_channel(&policy, MICA_CHAN_SIGNAL);
		start();
		RUN(1, 0, RMI_EXIT_IRQ, NOWAIT(1), LEAVE(1, look));
		assert_int_equal(lr[1], 0);
		RUN(0, 0, RMI_EXIT_MICA_WAKE, { 0, 0, SMC, { SMC_RSI_MICA_SIGNAL, 0 }, NULL });
		RUN(1, 0, RMI_EXIT_IRQ, { 1, 0, SMC, { SMC_RSI_MICA_WAIT, 1, 0, MICA_WAIT_NOWAIT }, look }, LEAVE(1, NULL));
		assert_int_equal(lr[1], sig ? RAISED(22) : 0);
		RUN(1, 0, RMI_EXIT_IRQ, LEAVE(1, look));
		assert_int_equal(lr[1], 0);			/* taken by WAIT */
	}
}

static void take_sgi(void)
{
	look();
	fake_regs()->ICH_LR2_EL2 = 0;
}

static void own_sgis_come_back_one_by_one(void **state)
{
	(void)state;
	two(0);
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SYNC, { SGI, 0, 7UL << 24 | 1 }, NULL }, { 0, 0, SYNC, { SGI, 0, 3UL << 24 | 0xffff }, look },
	    { 0, 0, SYNC, { SGI, 0, 3UL << 24 | 1 }, NULL }, TRAP(0, take_sgi), LEAVE(0, take_sgi));
	assert_int_equal(lr[2], RAISED(3));
	ONLY_REASON(0, 0);
	RUN(0, 0, RMI_EXIT_IRQ, LEAVE(0, look));
	assert_int_equal(lr[2], 0);				/* twice the same is one */
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SYNC, { SGI, 0, 7UL << 24 | 1 }, NULL }, LEAVE(0, look));
	assert_int_equal(lr[2], RAISED(7));
}

static void sgis_to_others_go_nowhere(void **state)
{
	static const struct { uint8_t role; uint64_t esr, value; } rows[] = {
		{ 0, SGI, 7UL << 24 },				/* an empty list */
		{ 0, SGI, 7UL << 24 | 2 },
		{ 0, SGI, 7UL << 24 | 1 | 1UL << 16 }, { 0, SGI, 7UL << 24 | 1 | 1UL << 32 }, { 0, SGI, 7UL << 24 | 1 | 1UL << 48 },
		{ 0, SGI, 7UL << 24 | 1 | 1UL << 44 },		/* a list that starts elsewhere */
		{ 0, SGI, 7UL << 24 | 1 | 1UL << 40 },		/* all but itself */
		{ 0, ASGI, 7UL << 24 | 1 },			/* another security state's */
		{ 1, SGI, 7UL << 24 | 1 },			/* no right */
	};

	(void)state;
	two(0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t r = rows[i].role;

		RUN(r, 0, RMI_EXIT_IRQ, { r, 0, SYNC, { rows[i].esr, 0, rows[i].value }, NULL }, LEAVE(r, look));
		assert_int_equal(lr[0] | lr[1] | lr[2], 0);
		ONLY_REASON(r, 0);
	}
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SYNC, { SGI, 0, 7UL << 24 | 1 }, NULL }, LEAVE(0, look));
	assert_int_equal(lr[2], RAISED(7));
}

/* ---- where the interrupt controller's pages are ---- */

#define STATE_GET(from, to)	{ 0, 0, SMC, { SMC_RSI_IPA_STATE_GET, RAM_BASE + (from) * PAGE, RAM_BASE + (to) * PAGE }, NULL }

static void device_pages_are_reported_as_such(void **state)
{
	(void)state;
	policy_roles(&policy, 2, 1);
	policy.role[0].rights = MICA_RIGHT_VTIMER;
	policy.role[0].dev_page_off = 1;
	policy.role[0].dev_pages = 2;
	start();
	RUN(0, 0, RMI_EXIT_IRQ, STATE_GET(0, 4), STATE_GET(1, 4), STATE_GET(2, 3), STATE_GET(3, 4), STATE_GET(1, 2), LEAVE(0, NULL));
	assert_int_equal(seen[1][1], RAM_BASE + PAGE);
	assert_int_equal(seen[1][2], RMI_RAM);
	assert_int_equal(seen[2][1], RAM_BASE + 3 * PAGE);
	assert_int_equal(seen[2][2], 3);
	assert_int_equal(seen[3][2], 3);
	assert_int_equal(seen[4][1], RAM_BASE + 4 * PAGE);
	assert_int_equal(seen[4][2], RMI_RAM);
	assert_int_equal(seen[5][1], RAM_BASE + 2 * PAGE);
	/* the control: the other role's RAM is one piece */
	RUN(1, 0, RMI_EXIT_IRQ, { 1, 0, SMC, { SMC_RSI_IPA_STATE_GET, RAM_BASE, RAM_BASE + 4 * PAGE }, NULL }, LEAVE(1, NULL));
	assert_int_equal(seen[1][1], RAM_BASE + 4 * PAGE);
	assert_int_equal(seen[1][2], RMI_RAM);
}

static void a_server_has_its_own_timer(void **state)
{
	(void)state;
	policy_roles(&policy, 2, 1);
	policy.role[1].rights = MICA_RIGHT_VTIMER;
	policy_gate(&policy, 0, 1, 0, 1, 1);
	start();
	RUN(1, 0, RMI_EXIT_MICA_PARKED, { 1, 0, SMC, { SMC_RSI_MICA_GATE_RECV, 0 }, timer_up });
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, SMC, { SMC_RSI_MICA_GATE_CALL, 0 }, NULL }, { 1, 0, SMC, { SMC_RSI_MICA_GATE_RECV, 0 }, look },
	    LEAVE(0, NULL));
	assert_int_equal(lr[0], RAISED(27));
	look();
	assert_int_equal(lr[0], 0);				/* not the caller's, not the host's */
	RUN(0, 0, RMI_EXIT_IRQ, LEAVE(0, look));
	assert_int_equal(lr[0], 0);
}

static void too_few_list_registers_are_no_vtimer(void **state)
{
	uint64_t out[4];

	(void)state;
	policy_roles(&policy, 1, 1);
	policy.role[0].rights = MICA_RIGHT_VTIMER;
	fake_regs()->ICH_VTR_EL2 = (fake_regs()->ICH_VTR_EL2 & ~0x1fUL) | 1;	/* two */
	GRANTED(rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ MICA_FEATURES }, out));
	assert_false(out[2] & MICA_FEAT_VTIMER);
	assert_int_equal(create_wf(), SMCCC_NOT_SUPPORTED);
	fake_regs()->ICH_VTR_EL2++;
	GRANTED(rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ MICA_FEATURES }, out));
	assert_true(out[2] & MICA_FEAT_VTIMER);
	GRANTED(create_wf());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_timer_becomes_an_interrupt_and_nothing_else, reset),
		cmocka_unit_test_setup(a_level_follows_its_line, reset),
		cmocka_unit_test_setup(an_idle_realm_finds_its_timer_when_entered, reset),
		cmocka_unit_test_setup(signals_interrupt_only_who_has_asked_for_them, reset),
		cmocka_unit_test_setup(signals_interrupt_where_the_policy_says, reset),
		cmocka_unit_test_setup(own_sgis_come_back_one_by_one, reset),
		cmocka_unit_test_setup(sgis_to_others_go_nowhere, reset),
		cmocka_unit_test_setup(device_pages_are_reported_as_such, reset),
		cmocka_unit_test_setup(a_server_has_its_own_timer, reset),
		cmocka_unit_test_setup(too_few_list_registers_are_no_vtimer, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
