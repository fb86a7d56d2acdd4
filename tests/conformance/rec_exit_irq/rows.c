/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts of the host take the CPU from the Realm; the Realm and the interrupt are as they were. rmi.md 7.4. */
#include "../../bare/gic.h"
#include "../guest.h"
#define COMMAND "REC_EXIT_IRQ"

static void tear_down(void) { gic_disable_all(); }
static const struct env env = { .set_up = guest_new, .tear_down = tear_down };

#define SGI	3

static void pending(unsigned int intid)
{
	gic_enable(intid);
	gic_pend(intid);
	EXPECT(irq_pending());
}

static void left_by_irq(void)
{
	EXIT_IS(0, .exit_reason = RMI_EXIT_IRQ);
}

SHOW(pending__before_entry, program(0, CODE("mov x0, #1")); pending(SGI); enter(0); left_by_irq(); EXPECT(irq_pending());
     EXPECT_EQ(gic_take(), SGI); EXPECT_EQ(gic_take(), INTID_NONE); finish(0); EXPECT_EQ(after(0)->out[0], 1));
/* no progress is promised, and none is needed, while the host does not take its interrupt */
SHOW(pending__again_until_taken, program(0, CODE("mov x0, #1")); pending(SGI); for (int n = 0; n < 3; n++) { enter(0); left_by_irq(); }
     EXPECT_EQ(gic_take(), SGI); finish(0));
SHOW(pending__disabled_is_none, program(0, CODE("mov x0, #1")); gic_pend(SGI); finish(0));
SHOW(timer__in_a_loop, program(0, CODE("b .")); el2_timer_start(2000); enter(0); left_by_irq(); EXPECT(irq_pending());
     EXPECT_EQ(gic_take(), PPI_EL2_TIMER));
SHOW(timer__realm_masks_irq, program(0, CODE("msr daifset, #15; b .")); el2_timer_start(2000); enter(0); left_by_irq());
SHOW(timer__realm_unmasks_irq, program(0, CODE("msr daifclr, #15; b .")); el2_timer_start(2000); enter(0); left_by_irq());
SHOW(timer__el0, program(0, CODE("adr x3, 1f; msr elr_el1, x3; mov x4, #0; msr spsr_el1, x4; isb; eret; 1: b .")); el2_timer_start(2000);
     enter(0); left_by_irq());
SHOW(timer__registers_kept, uint64_t *in = program(0, CODE("msr nzcv, x28; 1: subs x0, x0, #1; b.ne 1b; mrs x27, nzcv"));
     for (uint64_t n = 0; n < 29; n++) in[n] = 0x1111111111111111 * (n & 15) + n;
     in[0] = 40000000; el2_timer_start(2000); enter(0); left_by_irq(); el2_timer_stop();
     memset(entry(0)->gprs, 0x5a, sizeof(entry(0)->gprs)); finish(0);
     for (uint64_t n = 1; n < 27; n++) EXPECT_EQ(after(0)->out[n], 0x1111111111111111 * (n & 15) + n);
     EXPECT_EQ(after(0)->out[0], 0); EXPECT_EQ(after(0)->out[27], 6UL << 28));
SHOW(no_answer_allowed, program(0, CODE("b .")); el2_timer_start(1000); enter(0); entry(0)->flags = RMI_ENTER_EMUL_MMIO;
     EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC); entry(0)->flags = RMI_ENTER_INJECT_SEA;
     EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC));
/* the monitor signs for a long time: an interrupt stops it, the Realm is told to call again, and gets its token in the end */
#define TOKEN_INIT	"movz x0, #0x194; movk x0, #0xc400, lsl #16; smc #0"
#define CONTINUE	"movz x0, #0x195; movk x0, #0xc400, lsl #16; mov x1, x19; mov x2, #0; mov x3, #4096; smc #0;"

/*
 * How often CONTINUE was INCOMPLETE. The interrupt may also find the Realm before it calls, or come when all is done: that
 * is no more than a try that did not meet.
 */
static uint64_t token_interrupted(uint64_t us)
{
	EXPECT_EQ(run_code(0, CODE(TOKEN_INIT), 0, 0, 0), RSI_SUCCESS);
	program(0, CODE("2:" CONTINUE "cmp x0, #3; b.ne 3f; add x20, x20, #1; orr x21, x21, x1; b 2b; 3:"))[19] = AT_RAM;
	el2_timer_start(us);
	enter(0);
	el2_timer_stop();
	if (!asks(0)) {
		left_by_irq();
		finish(0);
	}
	EXPECT_EQ(after(0)->out[0], RSI_SUCCESS);
	EXPECT(after(0)->out[1] > 1000);
	EXPECT_EQ(after(0)->out[21], 0);
	return after(0)->out[20];
}

static void token_continue(void)
{
	for (uint64_t tries = 0; tries < 40; tries++)
		if (token_interrupted(500 * (1 + tries % 8)) == 1)
			return;
	EXPECT(!"CONTINUE was interrupted");
}
SHOW(token_continue, token_continue());
