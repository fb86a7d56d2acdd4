/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Realm's EL1 timers: when it leaves because of one, which line is masked, and which accesses are served while it is.
 * Source: rmi.md 7.7; Arm ARM, CNTHCTL_EL2 with E2H.
 */
#include "../../rmm/arch/esr.h"
#include "../../rmm/realm/timer.h"
#include "world.h"

#define ENABLE		1UL
#define IMASK		2UL
#define UP		5UL
#define P_OPEN		(1UL << 11)
#define V_TRAP		(1UL << 13)
#define V_MASK		(1UL << 18)
#define P_MASK		(1UL << 19)

#define REG(crm, op2)	ESR_SYS_REG(3, 3, 14, crm, op2)
#define CNTP_TVAL	REG(2, 0)
#define CNTP_CTL	REG(2, 1)
#define CNTP_CVAL	REG(2, 2)
#define CNTV_TVAL	REG(3, 0)
#define CNTV_CTL	REG(3, 1)
#define CNTV_CVAL	REG(3, 2)

static struct test_realm r;
static struct { uint64_t reg, value; bool read; unsigned int rt; } todo[4];
static unsigned int todos;
static uint64_t seen[31], hcnt;

static int active(void **state)
{
	(void)state;
	fake_reset();
	memset(&r, 0, sizeof(r));
	todos = 0;
	make_realm(&r);
	GRANTED(RMI(REALM_ACTIVATE, r.rd));
	return 0;
}

static void then(uint64_t reg, bool read, unsigned int rt, uint64_t value)
{
	todo[todos].reg = reg;
	todo[todos].read = read;
	todo[todos].rt = rt;
	todo[todos++].value = value;
}

/* The accesses in order, each of them trapped; then the host's interrupt. ISTATUS follows as in hardware. */
static void condition(void)
{
	struct fake_regs *f = fake_regs();

	f->CNTV_CTL_EL02 = (f->CNTV_CTL_EL02 & 3) | ((f->CNTV_CTL_EL02 & 1) && f->CNTV_CVAL_EL02 <= f->CNTPCT_EL0 ? 4 : 0);
	f->CNTP_CTL_EL02 = (f->CNTP_CTL_EL02 & 3) | ((f->CNTP_CTL_EL02 & 1) && f->CNTP_CVAL_EL02 <= f->CNTPCT_EL0 ? 4 : 0);
}

static enum rec_trap accesses(uint64_t gpr[31])
{
	unsigned int n = fake_realm_runs() - 1;

	condition();
	hcnt = fake_regs()->CNTHCTL_EL2;
	if (n >= todos) {
		memcpy(seen, gpr, sizeof(seen));
		return REC_TRAP_IRQ;
	}
	if (!todo[n].read && todo[n].rt < 31)
		gpr[todo[n].rt] = todo[n].value;
	fake_regs()->ESR_EL2 = ESR_EC_VAL(EC_SYSREG) | ESR_IL | todo[n].reg | (uint64_t)todo[n].rt << 5 | todo[n].read;
	return REC_TRAP_SYNC;
}

static enum rec_trap raise_v(uint64_t gpr[31])
{
	(void)gpr;
	fake_regs()->CNTV_CTL_EL02 = UP;
	fake_regs()->CNTV_CVAL_EL02 = 1;
	return REC_TRAP_IRQ;
}

static enum rec_trap raise_p(uint64_t gpr[31])
{
	(void)gpr;
	fake_regs()->CNTP_CTL_EL02 = UP;
	fake_regs()->CNTP_CVAL_EL02 = 1;
	return REC_TRAP_IRQ;
}

static struct rmi_rec_exit *left(void)
{
	return &run_page(&r)->exit;
}

static void up(enum rec_trap (*raise)(uint64_t gpr[31]))
{
	fake_regs()->CNTPCT_EL0 = 1000;
	fake_set_realm(raise);
	GRANTED(enter(&r));
	assert_int_equal(left()->exit_reason, RMI_EXIT_IRQ);
}

static void run(void)
{
	fake_set_realm(accesses);
	GRANTED(enter(&r));
	assert_int_equal(left()->exit_reason, RMI_EXIT_IRQ);
	assert_int_equal(left()->esr, 0);
}

static void lines_are_open_and_registers_untrapped_while_nothing_is_up(void **state)
{
	(void)state;
	run();
	assert_int_equal(hcnt & (P_OPEN | V_TRAP | V_MASK | P_MASK), P_OPEN);
}

static void a_line_that_is_known_is_masked_and_its_registers_trap(void **state)
{
	(void)state;
	up(raise_v);
	assert_int_equal(left()->cntv_ctl, UP);
	run();
	assert_int_equal(hcnt & (P_OPEN | V_TRAP | V_MASK | P_MASK), P_OPEN | V_TRAP | V_MASK);
	assert_int_equal(fake_realm_runs(), 1);
}

static void each_timer_has_its_own(void **state)
{
	(void)state;
	up(raise_p);
	run();
	assert_int_equal(hcnt & (P_OPEN | V_TRAP | V_MASK | P_MASK), P_MASK);
	up(raise_v);
	run();
	assert_int_equal(hcnt & (P_OPEN | V_TRAP | V_MASK | P_MASK), V_TRAP | V_MASK | P_MASK);
}

static void reads_are_served(void **state)
{
	(void)state;
	up(raise_v);
	then(CNTV_CTL, true, 3, 0);
	then(CNTV_CVAL, true, 4, 0);
	then(CNTV_TVAL, true, 5, 0);
	then(CNTV_CTL, true, 31, 0);
	run();
	assert_int_equal(fake_realm_runs(), 5);
	assert_int_equal(seen[3], UP);
	assert_int_equal(seen[4], 1);
	assert_int_equal(seen[5], 0xfffffc19);			/* 1 - 1000, 32 bits of it */
	assert_int_equal(hcnt & V_MASK, V_MASK);
}

static void a_timer_switched_off_is_open_again(void **state)
{
	(void)state;
	up(raise_v);
	then(CNTV_CTL, false, 31, 0);
	run();
	assert_int_equal(fake_realm_runs(), 2);
	assert_int_equal(left()->cntv_ctl, 0);
	assert_int_equal(hcnt & (P_OPEN | V_TRAP | V_MASK | P_MASK), P_OPEN);
}

static void a_timer_masked_by_the_realm_is_open_again(void **state)
{
	(void)state;
	up(raise_p);
	then(CNTP_CTL, false, 2, ENABLE | IMASK | 0xff00);
	run();
	assert_int_equal(left()->cntp_ctl & 3, ENABLE | IMASK);
	assert_int_equal(left()->cntp_ctl >> 8, 0);
	assert_int_equal(hcnt & (P_OPEN | V_TRAP | V_MASK | P_MASK), P_OPEN);
}

static void a_timer_set_for_later_raises_its_line_once_more(void **state)
{
	(void)state;
	fake_regs()->CNTPCT_EL0 = 1000;
	up(raise_v);
	then(CNTV_CTL, false, 2, IMASK);
	then(CNTV_TVAL, false, 2, 500);
	then(CNTV_CTL, false, 2, ENABLE);
	run();
	assert_int_equal(left()->cntv_cval, 1500);
	assert_int_equal(hcnt & (P_OPEN | V_TRAP | V_MASK | P_MASK), P_OPEN);
}

/* Down, and up again before anybody looks (the fake's ISTATUS stays): without an exit the host would never hear of it. */
static void a_later_compare_value_that_is_past_by_now_is_an_exit(void **state)
{
	static const uint64_t regs[] = { CNTV_CVAL, CNTV_TVAL, CNTP_CVAL, CNTP_TVAL };

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(regs); i++) {
		todos = 0;
		up(i < 2 ? raise_v : raise_p);
		then(regs[i], false, 2, i & 1 ? 1 : 1001);
		run();
		assert_int_equal(fake_realm_runs(), 1);		/* not entered again */
		assert_int_equal(i < 2 ? left()->cntv_ctl : left()->cntp_ctl, UP);
		assert_int_equal(i < 2 ? left()->cntv_cval : left()->cntp_cval, 1001);
	}
}

static void a_compare_value_in_the_past_is_no_news(void **state)
{
	(void)state;
	up(raise_v);
	then(CNTV_CVAL, false, 2, 1000);
	then(CNTV_TVAL, false, 2, 0xfffffff0);
	run();
	assert_int_equal(fake_realm_runs(), 3);
	assert_int_equal(left()->cntv_cval, 1000 - 16);
	assert_int_equal(hcnt & V_MASK, V_MASK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(lines_are_open_and_registers_untrapped_while_nothing_is_up, active),
		cmocka_unit_test_setup(a_line_that_is_known_is_masked_and_its_registers_trap, active),
		cmocka_unit_test_setup(each_timer_has_its_own, active),
		cmocka_unit_test_setup(reads_are_served, active),
		cmocka_unit_test_setup(a_timer_switched_off_is_open_again, active),
		cmocka_unit_test_setup(a_timer_masked_by_the_realm_is_open_again, active),
		cmocka_unit_test_setup(a_timer_set_for_later_raises_its_line_once_more, active),
		cmocka_unit_test_setup(a_later_compare_value_that_is_past_by_now_is_an_exit, active),
		cmocka_unit_test_setup(a_compare_value_in_the_past_is_no_news, active),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
