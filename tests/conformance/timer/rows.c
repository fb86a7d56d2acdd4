/* SPDX-License-Identifier: Apache-2.0 */
/* A Realm's virtual and physical EL1 timer: what makes it leave, what the host sees, and when it is left alone. rmi.md 7.7. */
#include "../../bare/gic.h"
#include "../guest.h"
#define COMMAND "TIMER"

static void tear_down(void) { gic_disable_all(); }

/* The host lets both interrupts through, as one that runs Realms does. */
static void lines_open(void)
{
	gic_enable(PPI_V_TIMER);
	gic_enable(PPI_P_TIMER);
}

static void set_up(uint64_t x[REGS])
{
	guest_new(x);
	lines_open();
}

static void set_up_three(uint64_t x[REGS])
{
	guest_of_three(x);
	lines_open();
}

static const struct env env = { .set_up = set_up, .tear_down = tear_down };
static const struct env env_three = { .set_up = set_up_three, .tear_down = tear_down };

#define ENABLE	1UL
#define IMASK	2UL
#define ISTATUS	4UL
#define UP	(ENABLE | ISTATUS)
#define SET_V	"msr cntv_cval_el0, x1; msr cntv_ctl_el0, x2; isb; "
#define SET_P	"msr cntp_cval_el0, x1; msr cntp_ctl_el0, x2; isb; "
#define SET_V4	"msr cntv_cval_el0, x3; msr cntv_ctl_el0, x4; isb; "
#define SET_P4	"msr cntp_cval_el0, x3; msr cntp_ctl_el0, x4; isb; "
#define A_WHILE	"mov x5, #0x10000; 9: subs x5, x5, #1; b.ne 9b; "
#define LONG_ENOUGH	5000000UL	/* us; the host gives up on a Realm that does not leave by itself */

static uint64_t soon(void) { return counter() + counter_us(1000); }
static uint64_t never(void) { return counter() + counter_us(1000000000); }
static uint64_t *start(unsigned int i, struct code c, uint64_t cval, uint64_t ctl)
{
	uint64_t *in = program(i, c);

	in[1] = cval;
	in[2] = ctl;
	return in;
}

/* Left because of a timer: the host's own did not go off. Nothing of it is left pending for the host. */
static void enter_until_timer(unsigned int i)
{
	el2_timer_start(LONG_ENOUGH);
	enter(i);
	EXPECT_EQ(left(i)->exit_reason, RMI_EXIT_IRQ);
	EXPECT(!irq_pending());
	el2_timer_stop();
}

static void v_exit(unsigned int i, uint64_t ctl, uint64_t cval)
{
	EXIT_IS(i, .exit_reason = RMI_EXIT_IRQ, .cntv_ctl = ctl, .cntv_cval = cval);
}

static void p_exit(unsigned int i, uint64_t ctl, uint64_t cval)
{
	EXIT_IS(i, .exit_reason = RMI_EXIT_IRQ, .cntp_ctl = ctl, .cntp_cval = cval);
}

/* Runs to its end by itself, timers or not. */
static void undisturbed(unsigned int i)
{
	finish(i);
	no_exception(i);
}

SHOW(fires__v, uint64_t at = soon(); start(0, CODE(SET_V "b ."), at, ENABLE); enter_until_timer(0); v_exit(0, UP, at));
SHOW(fires__p, uint64_t at = soon(); start(0, CODE(SET_P "b ."), at, ENABLE); enter_until_timer(0); p_exit(0, UP, at));
SHOW(fires__v_long_ago, start(0, CODE(SET_V "b ."), 1, ENABLE); enter_until_timer(0); v_exit(0, UP, 1));
SHOW(fires__p_long_ago, start(0, CODE(SET_P "b ."), 1, ENABLE); enter_until_timer(0); p_exit(0, UP, 1));
SHOW(fires__v_irq_masked_in_realm, start(0, CODE("msr daifset, #15; " SET_V "b ."), 1, ENABLE); enter_until_timer(0); v_exit(0, UP, 1));
SHOW(fires__v_by_tval, start(0, CODE("msr cntv_tval_el0, x1; msr cntv_ctl_el0, x2; isb; b ."), 1000, ENABLE); enter_until_timer(0);
     EXPECT_EQ(left(0)->cntv_ctl, UP); EXPECT(left(0)->cntv_cval <= counter()));
SHOW(fires__v_in_wfi, uint64_t at = soon(); start(0, CODE(SET_V "1: wfi; b 1b"), at, ENABLE); enter_until_timer(0); v_exit(0, UP, at));
SHOW(fires__v_el0, start(0, CODE(SET_V "adr x3, 1f; msr elr_el1, x3; mov x4, #0x3c0; msr spsr_el1, x4; isb; eret; 1: b ."), soon(), ENABLE);
     enter_until_timer(0); EXPECT_EQ(left(0)->cntv_ctl, UP));
SHOW(fires__both, uint64_t *in = start(0, CODE(SET_V SET_P4 "b ."), 1, ENABLE); in[3] = 2; in[4] = ENABLE; enter_until_timer(0);
     if (left(0)->cntp_ctl == 0) enter_until_timer(0);
     EXIT_IS(0, .exit_reason = RMI_EXIT_IRQ, .cntv_ctl = UP, .cntv_cval = 1, .cntp_ctl = UP, .cntp_cval = 2));

/* known to the host: the Realm goes on, however long the timer stays up */
static void known(struct code c, bool p)
{
	start(0, c, 1, ENABLE);
	enter_until_timer(0);
	undisturbed(0);
	EXPECT_EQ(p ? left(0)->cntp_ctl : left(0)->cntv_ctl, UP);
	for (int n = 0; n < 5; n++) {
		program(0, CODE(A_WHILE));
		undisturbed(0);
	}
}
SHOW(no_endless_exits__v, known(CODE(SET_V A_WHILE), false));
SHOW(no_endless_exits__p, known(CODE(SET_P A_WHILE), true));
SHOW(no_endless_exits__v_then_p, uint64_t *in = start(0, CODE(SET_V A_WHILE SET_P4 A_WHILE), 1, ENABLE); in[3] = 2; in[4] = ENABLE;
     enter_until_timer(0); v_exit(0, UP, 1); enter_until_timer(0);
     EXIT_IS(0, .exit_reason = RMI_EXIT_IRQ, .cntv_ctl = UP, .cntv_cval = 1, .cntp_ctl = UP, .cntp_cval = 2); undisturbed(0));
/* the host's own interrupt still takes the CPU */
SHOW(no_endless_exits__host_interrupt, start(0, CODE(SET_V "b ."), 1, ENABLE); enter_until_timer(0); el2_timer_start(2000); enter(0);
     v_exit(0, UP, 1); EXPECT_EQ(gic_take(), PPI_EL2_TIMER));

/* not up: no exit, but the registers are shown */
static void quiet(struct code c, uint64_t cval, uint64_t ctl, uint64_t shown, bool p)
{
	start(0, c, cval, ctl);
	undisturbed(0);
	EXPECT_EQ(p ? left(0)->cntp_ctl : left(0)->cntv_ctl, shown);
	EXPECT_EQ(p ? left(0)->cntp_cval : left(0)->cntv_cval, cval);
	EXPECT_EQ(p ? left(0)->cntv_ctl : left(0)->cntp_ctl, 0);
	EXPECT_EQ(p ? left(0)->cntv_cval : left(0)->cntp_cval, 0);
}
SHOW(imask__v, quiet(CODE(SET_V A_WHILE), 1, ENABLE | IMASK, UP | IMASK, false));
SHOW(imask__p, quiet(CODE(SET_P A_WHILE), 1, ENABLE | IMASK, UP | IMASK, true));
SHOW(disabled__v, quiet(CODE(SET_V A_WHILE), 1, 0, 0, false));
SHOW(disabled__p, quiet(CODE(SET_P A_WHILE), 1, 0, 0, true));
SHOW(disabled__v_imask, quiet(CODE(SET_V A_WHILE), 1, IMASK, IMASK, false));
SHOW(future__v, quiet(CODE(SET_V A_WHILE), never(), ENABLE, ENABLE, false));
SHOW(future__p, quiet(CODE(SET_P A_WHILE), never(), ENABLE, ENABLE, true));
SHOW(imask__then_open, uint64_t *in = start(0, CODE(SET_V A_WHILE SET_V4 "b ."), 1, ENABLE | IMASK); in[3] = 1; in[4] = ENABLE;
     enter_until_timer(0); v_exit(0, UP, 1));
/* the exit of another reason shows them, too */
SHOW(shown__at_abort, uint64_t at = never(); uint64_t *in = start(0, CODE(SET_V "ldr x9, [x3]"), at, ENABLE); in[3] = AT_DEVICE; enter(0);
     EXIT_IS(0, .esr = EC(EC_DABT) | ISV | SAS(3) | SF | FSC_TRANS | 3, .hpfar = HPFAR(AT_DEVICE), .cntv_ctl = ENABLE, .cntv_cval = at));

/* ---- up while the Realm was away ---- */
static void expires_outside(struct code c, bool p)
{
	uint64_t at = counter() + counter_us(100000);		/* not before it is outside, however slow the machine */

	start(0, c, at, ENABLE);
	undisturbed(0);
	EXPECT_EQ(p ? left(0)->cntp_ctl : left(0)->cntv_ctl, ENABLE);
	program(0, CODE("mov x0, #1"));
	while (counter() <= at)
		;
	EXPECT(!irq_pending());
	enter_until_timer(0);
	if (p)
		p_exit(0, UP, at);
	else
		v_exit(0, UP, at);
	undisturbed(0);
	EXPECT_EQ(after(0)->out[0], 1);
}
SHOW(expires_outside__v, expires_outside(CODE(SET_V), false));
SHOW(expires_outside__p, expires_outside(CODE(SET_P), true));

/* ---- down and up again ---- */
/* with an exit in between */
SHOW(again__v, start(0, CODE(SET_V A_WHILE), 1, ENABLE); enter_until_timer(0); undisturbed(0);
     start(0, CODE(SET_V), 1, 0); undisturbed(0); EXPECT_EQ(left(0)->cntv_ctl, 0);
     start(0, CODE(SET_V "b ."), 2, ENABLE); enter_until_timer(0); v_exit(0, UP, 2));
SHOW(again__p, start(0, CODE(SET_P A_WHILE), 1, ENABLE); enter_until_timer(0); undisturbed(0);
     start(0, CODE(SET_P), 1, 0); undisturbed(0); EXPECT_EQ(left(0)->cntp_ctl, 0);
     start(0, CODE(SET_P "b ."), 2, ENABLE); enter_until_timer(0); p_exit(0, UP, 2));
/* without one: the Realm serves its timer and sets it for the next time, and that must reach the host as well */
#define SERVE(t, write)	"msr cnt" t "_cval_el0, x1; msr cnt" t "_ctl_el0, x2; isb; " A_WHILE write "isb; b ."
static void served_within(struct code c, bool p)
{
	uint64_t next;

	start(0, c, 1, ENABLE);
	enter_until_timer(0);
	next = counter() + counter_us(LONG_ENOUGH);
	enter_until_timer(0);
	EXPECT_EQ(p ? left(0)->cntp_ctl : left(0)->cntv_ctl, UP);
	EXPECT((p ? left(0)->cntp_cval : left(0)->cntv_cval) > 1);
	EXPECT((p ? left(0)->cntp_cval : left(0)->cntv_cval) < next);
}
SHOW(again_within_one_entry__v_tval, served_within(CODE(SERVE("v", "mov x6, #0x100000; msr cntv_tval_el0, x6; ")), false));
SHOW(again_within_one_entry__p_tval, served_within(CODE(SERVE("p", "mov x6, #0x100000; msr cntp_tval_el0, x6; ")), true));
SHOW(again_within_one_entry__v_cval, served_within(CODE(SERVE("v", "mrs x6, cntvct_el0; add x6, x6, #0x100, lsl #12; "
          "msr cntv_cval_el0, x6; ")), false));
SHOW(again_within_one_entry__p_cval, served_within(CODE(SERVE("p", "mrs x6, cntpct_el0; add x6, x6, #0x100, lsl #12; "
          "msr cntp_cval_el0, x6; ")), true));
SHOW(again_within_one_entry__v_off_and_on, served_within(CODE(SERVE("v", "msr cntv_ctl_el0, xzr; mrs x6, cntvct_el0; "
          "msr cntv_cval_el0, x6; msr cntv_ctl_el0, x2; ")), false));
SHOW(again_within_one_entry__p_off_and_on, served_within(CODE(SERVE("p", "msr cntp_ctl_el0, xzr; mrs x6, cntpct_el0; "
          "msr cntp_cval_el0, x6; msr cntp_ctl_el0, x2; ")), true));
SHOW(again_within_one_entry__v_at_once, served_within(CODE(SERVE("v", "mov x6, #0x100; msr cntv_tval_el0, x6; ")), false));
SHOW(again_within_one_entry__p_at_once, served_within(CODE(SERVE("p", "mov x6, #0x100; msr cntp_tval_el0, x6; ")), true));
/* what the Realm reads of a timer that is up and known */
#define READS(t)	SHOW(known__##t##_reads, start(0, CODE(SET_V SET_P A_WHILE "mrs x10, cnt" #t "_ctl_el0; mrs x11, cnt" #t "_cval_el0; "	\
		"mrs x12, cnt" #t "_tval_el0; sxtw x12, w12; mrs xzr, cnt" #t "_ctl_el0"), 1, ENABLE); enter_until_timer(0);	\
	if (left(0)->cntp_ctl == 0) enter_until_timer(0);								\
	undisturbed(0); EXPECT_EQ(after(0)->out[10], UP); EXPECT_EQ(after(0)->out[11], 1))
READS(v);
READS(p);
/* never down: no news, and the next value is not late either */
SHOW(known__v_past_value, start(0, CODE(SET_V A_WHILE "msr cntv_cval_el0, x2; mrs x10, cntv_cval_el0; msr cntv_tval_el0, xzr"), 2, ENABLE);
     enter_until_timer(0); undisturbed(0); EXPECT_EQ(after(0)->out[10], 1); EXPECT_EQ(left(0)->cntv_ctl, UP));
SHOW(known__v_masked_by_realm, uint64_t *in = start(0, CODE(SET_V A_WHILE "msr cntv_ctl_el0, x4; isb; mrs x10, cntv_ctl_el0"), 1, ENABLE);
     in[4] = ENABLE | IMASK; enter_until_timer(0); undisturbed(0); EXPECT_EQ(after(0)->out[10], UP | IMASK);
     EXPECT_EQ(left(0)->cntv_ctl, UP | IMASK));
SHOW(known__v_switched_off, start(0, CODE(SET_V A_WHILE "msr cntv_ctl_el0, xzr; isb; mrs x10, cntv_ctl_el0"), 1, ENABLE);
     enter_until_timer(0); undisturbed(0); EXPECT_EQ(after(0)->out[10], 0); EXPECT_EQ(left(0)->cntv_ctl, 0));
SHOW(known__el0_access, uint64_t *in = start(0, CODE("mov x9, #0x303; msr cntkctl_el1, x9; " SET_V A_WHILE
		"adr x3, 1f; msr elr_el1, x3; msr spsr_el1, x4; isb; eret; 1: msr cntv_ctl_el0, xzr; isb; "
          "mrs x10, cntv_ctl_el0; svc #0"), 1, ENABLE);
     in[4] = 0x3c0; in[10] = 9; enter_until_timer(0); finish(0); EXPECT_EQ(after(0)->esr >> 26, 0x15); EXPECT_EQ(after(0)->out[10], 0);
     EXPECT_EQ(left(0)->cntv_ctl, 0));
SHOW(known__el0_access_closed, uint64_t *in = start(0, CODE("msr cntkctl_el1, xzr; " SET_V A_WHILE
		"adr x3, 1f; msr elr_el1, x3; msr spsr_el1, x4; isb; eret; 1: msr cntv_ctl_el0, xzr"), 1, ENABLE);
     in[4] = 0x3c0; enter_until_timer(0); finish(0); EXPECT_EQ(after(0)->vector, VECTOR_EL0); EXPECT_EQ(after(0)->esr >> 26, EC_SYSREG);
     EXPECT_EQ(left(0)->cntv_ctl, UP));

/* the whole way: the host hears, injects, the Realm takes it, serves the timer, and is left alone */
SHOW(injected, start(0, CODE(SET_V "mov x9, #0xff; msr s3_0_c4_c6_0, x9; mov x9, #1; msr s3_0_c12_c12_7, x9; isb; "
          "msr daifclr, #2; b ."), 1, ENABLE);
     enter_until_timer(0); entry(0)->gicv3_lrs[0] = 1UL << 62 | 1UL << 60 | 0x80UL << 48 | PPI_V_TIMER; finish(0);
     EXPECT_EQ(after(0)->vector, VECTOR_EL1H_IRQ);
     EXPECT_EQ(run_code(0, CODE("mrs x0, s3_0_c12_c12_0; msr cntv_ctl_el0, xzr; msr s3_0_c12_c12_1, x0; isb"), 0, 0, 0), PPI_V_TIMER);
     EXPECT_EQ(left(0)->cntv_ctl, 0); EXPECT_EQ(left(0)->gicv3_lrs[0] >> 62, 0));

/* ---- whose timer it is ---- */
#define HOST_TIMER(t, cval, ctl)	__asm__ volatile("msr cnt" t "_cval_el0, %0\n\tmsr cnt" t "_ctl_el0, %1\n\tisb" : : "r"(cval), "r"(ctl))
#define HOST_READ(reg)	({ uint64_t v_; __asm__ volatile("mrs %0, " reg : "=r"(v_)); v_; })
static void host_keeps(void)
{
	uint64_t at = never();

	HOST_TIMER("v", at, ENABLE);
	HOST_TIMER("p", at + 7, ENABLE | IMASK);
	start(0, CODE(SET_V SET_P "b ."), 1, ENABLE);
	enter_until_timer(0);
	EXPECT_EQ(HOST_READ("cntv_ctl_el0"), ENABLE);
	EXPECT_EQ(HOST_READ("cntv_cval_el0"), at);
	EXPECT_EQ(HOST_READ("cntp_ctl_el0"), ENABLE | IMASK);
	EXPECT_EQ(HOST_READ("cntp_cval_el0"), at + 7);
	HOST_TIMER("v", 0UL, 0UL);
	HOST_TIMER("p", 0UL, 0UL);
}
SHOW(host_keeps_its_own, host_keeps());
SHOW(realm_does_not_see_hosts, HOST_TIMER("v", 0x777UL, ENABLE | IMASK); HOST_TIMER("p", 0x778UL, ENABLE | IMASK);
     run_code(0, CODE("mrs x0, cntv_cval_el0; mrs x1, cntv_ctl_el0; mrs x2, cntp_cval_el0; mrs x3, cntp_ctl_el0"), 5, 5, 5);
     for (int n = 0; n < 4; n++) EXPECT_EQ(after(0)->out[n], 0);
     HOST_TIMER("v", 0UL, 0UL); HOST_TIMER("p", 0UL, 0UL));
/* the host's own EL1 timer, up while a Realm runs, stays the host's */
SHOW(hosts_timer_up, HOST_TIMER("v", 1UL, ENABLE); program(0, CODE(A_WHILE)); el2_timer_start(LONG_ENOUGH); enter(0); el2_timer_stop();
     EXPECT(asks(0)); EXPECT(irq_pending()); EXPECT_EQ(gic_take(), PPI_V_TIMER); HOST_TIMER("v", 0UL, 0UL));
#define env env_three
SHOW(other_rec__unaffected, start(0, CODE(SET_V SET_P "b ."), 1, ENABLE); enter_until_timer(0);
     run_code(1, CODE(A_WHILE "mrs x0, cntv_ctl_el0; mrs x1, cntp_cval_el0"), 5, 5, 0); EXPECT_EQ(after(1)->out[0], 0);
     EXPECT_EQ(after(1)->out[1], 0);
     EXPECT_EQ(left(1)->cntv_ctl, 0); EXPECT_EQ(left(1)->cntp_ctl, 0));
SHOW(other_rec__its_own, start(0, CODE(SET_V A_WHILE), 1, ENABLE); enter_until_timer(0); start(1, CODE(SET_V A_WHILE), 2, ENABLE);
     enter_until_timer(1); v_exit(1, UP, 2); undisturbed(0); EXPECT_EQ(left(0)->cntv_cval, 1); undisturbed(1);
     EXPECT_EQ(left(1)->cntv_cval, 2));
#undef env
