/* SPDX-License-Identifier: Apache-2.0 */
/* A Realm's virtual GIC CPU interface: list registers in and out, what the host may set, what it is shown. rmi.md 7.3. */
#include "../../bare/gic.h"
#include "../guest.h"
#define COMMAND "GIC"

static void tear_down(void) { gic_disable_all(); }
static const struct env env = { .set_up = guest_new, .tear_down = tear_down };
static const struct env env_three = { .set_up = guest_of_three, .tear_down = tear_down };

/* list registers */
#define PENDING		(1UL << 62)
#define ACTIVE		(1UL << 63)
#define GROUP1		(1UL << 60)
#define PRIO(n)		((uint64_t)(n) << 48)
#define ON_EOI		(1UL << 41)
#define IRQ(n)		(GROUP1 | PRIO(0x80) | (n))
/* hcr and misr */
#define UIE		(1UL << 1)
#define LRENPIE		(1UL << 2)
#define NPIE		(1UL << 3)
#define VGRP0EIE	(1UL << 4)
#define VGRP0DIE	(1UL << 5)
#define VGRP1EIE	(1UL << 6)
#define VGRP1DIE	(1UL << 7)
#define TDIR		(1UL << 14)
#define EOI		(1UL << 0)
#define EOI_COUNT(n)	((uint64_t)(n) << 27)

#define OPEN		"mov x9, #0xff; msr s3_0_c4_c6_0, x9; mov x9, #1; msr s3_0_c12_c12_7, x9; isb; "		/* PMR, IGRPEN1 */
#define OPEN0		"mov x9, #0xff; msr s3_0_c4_c6_0, x9; mov x9, #1; msr s3_0_c12_c12_6, x9; isb; "		/* IGRPEN0 */
#define ACK		"mrs x0, s3_0_c12_c12_0; dsb sy; "	/* IAR1 */
#define END		"msr s3_0_c12_c12_1, x1; isb; "		/* EOIR1 */
#define NONE		1023
#define A_WHILE		"mov x5, #0x1000; 9: subs x5, x5, #1; b.ne 9b; "

static uint64_t *lr(void) { return entry(0)->gicv3_lrs; }

/* What the host of a Realm does: the list registers of the exit are those of the next entry. */
static void carry(void)
{
	memcpy(entry(0)->gicv3_lrs, left(0)->gicv3_lrs, sizeof(entry(0)->gicv3_lrs));
}

static void lr0_is(uint64_t want)
{
	EXPECT_EQ(left(0)->gicv3_lrs[0], want);
	for (int i = 1; i < 16; i++)
		EXPECT_EQ(left(0)->gicv3_lrs[i], 0);
}

static void taken(struct code c, uint64_t vector)
{
	program(0, c);
	finish(0);
	EXPECT_EQ(after(0)->vector, vector);
}

SHOW(taken__irq, lr()[0] = PENDING | IRQ(40); taken(CODE(OPEN "msr daifclr, #2; b ."), VECTOR_EL1H_IRQ); lr0_is(PENDING | IRQ(40)));
SHOW(taken__fiq, lr()[0] = PENDING | PRIO(0x80) | 40; taken(CODE(OPEN0 "msr daifclr, #1; b ."), 0x300); lr0_is(PENDING | PRIO(0x80) | 40));
SHOW(taken__el1t, lr()[0] = PENDING | IRQ(40); taken(CODE(OPEN "msr spsel, #0; msr daifclr, #2; b ."), 0x080));
SHOW(taken__el0, lr()[0] = PENDING | IRQ(40);
     taken(CODE(OPEN "adr x3, 1f; msr elr_el1, x3; msr spsr_el1, xzr; isb; eret; 1: b ."), 0x480));
SHOW(taken__wakes_wfi, lr()[0] = PENDING | IRQ(40); program(0, CODE(OPEN "wfi; mov x0, #1")); finish(0); EXPECT_EQ(after(0)->out[0], 1));
SHOW(not_taken__masked, lr()[0] = PENDING | IRQ(40); taken(CODE(OPEN A_WHILE), EXEC_NO_VECTOR));
SHOW(not_taken__group_off, lr()[0] = PENDING | IRQ(40); taken(CODE(OPEN0 "msr daifclr, #3; " A_WHILE), EXEC_NO_VECTOR));
SHOW(not_taken__priority, lr()[0] = PENDING | IRQ(40);
     taken(CODE(OPEN "mov x9, #0x80; msr s3_0_c4_c6_0, x9; isb; msr daifclr, #2; " A_WHILE), EXEC_NO_VECTOR));
SHOW(not_taken__active, lr()[0] = ACTIVE | IRQ(40); taken(CODE(OPEN "msr daifclr, #2; " A_WHILE), EXEC_NO_VECTOR);
     lr0_is(ACTIVE | IRQ(40)));
SHOW(not_taken__invalid, lr()[0] = IRQ(40); taken(CODE(OPEN "msr daifclr, #2; " A_WHILE), EXEC_NO_VECTOR); lr0_is(IRQ(40)));
SHOW(not_taken__next_entry_without, lr()[0] = PENDING | IRQ(40); run_code(0, CODE(OPEN), 0, 0, 0); lr()[0] = 0;
     taken(CODE("msr daifclr, #2; " A_WHILE), EXEC_NO_VECTOR); lr0_is(0));
SHOW(not_taken__beyond_implemented, for (int n = 4; n < 16; n++) lr()[n] = PENDING | IRQ(40 + n);
     taken(CODE(OPEN "msr daifclr, #2; " A_WHILE), EXEC_NO_VECTOR); lr0_is(0));
/* nothing there is looked at either */
SHOW(not_looked_at__beyond_implemented, for (int n = 4; n < 16; n++) lr()[n] = ~0UL; taken(CODE(A_WHILE), EXEC_NO_VECTOR); lr0_is(0));

/* acknowledge, end */
SHOW(acknowledged, lr()[0] = PENDING | IRQ(40); EXPECT_EQ(run_code(0, CODE(OPEN ACK), 0, 0, 0), 40); lr0_is(ACTIVE | IRQ(40)));
SHOW(acknowledged__lpi, lr()[0] = PENDING | IRQ(8192); EXPECT_EQ(run_code(0, CODE(OPEN ACK), 0, 0, 0), 8192));
SHOW(acknowledged__sgi, lr()[0] = PENDING | IRQ(0); EXPECT_EQ(run_code(0, CODE(OPEN ACK), 5, 0, 0), 0); lr0_is(ACTIVE | IRQ(0)));
SHOW(acknowledged__spurious, EXPECT_EQ(run_code(0, CODE(OPEN ACK), 0, 0, 0), NONE));
SHOW(acknowledged__by_priority, lr()[0] = PENDING | GROUP1 | PRIO(0xa0) | 40; lr()[1] = PENDING | GROUP1 | PRIO(0x20) | 41;
     lr()[2] = PENDING | GROUP1 | PRIO(0x60) | 42; lr()[3] = PENDING | GROUP1 | PRIO(0xf0) | 43;
     EXPECT_EQ(run_code(0, CODE(OPEN ACK), 0, 0, 0), 41); EXPECT_EQ(left(0)->gicv3_lrs[1] >> 62, 2);
     EXPECT_EQ(left(0)->gicv3_lrs[0] >> 62, 1);
     EXPECT_EQ(left(0)->gicv3_lrs[2] >> 62, 1); EXPECT_EQ(left(0)->gicv3_lrs[3] >> 62, 1));
SHOW(acknowledged__again_while_active, lr()[0] = PENDING | ACTIVE | IRQ(40); EXPECT_EQ(run_code(0, CODE(OPEN ACK), 0, 0, 0), NONE);
     lr0_is(PENDING | ACTIVE | IRQ(40)));
SHOW(ended, lr()[0] = PENDING | IRQ(40); EXPECT_EQ(run_code(0, CODE(OPEN ACK END), 0, 40, 0), 40); lr0_is(IRQ(40)));
SHOW(ended__in_next_entry, lr()[0] = PENDING | IRQ(40); EXPECT_EQ(run_code(0, CODE(OPEN ACK), 0, 0, 0), 40); carry();
     run_code(0, CODE(END), 0, 40, 0); lr0_is(IRQ(40)));
SHOW(ended__deactivated_by_dir, lr()[0] = PENDING | IRQ(40);
     EXPECT_EQ(run_code(0, CODE("mov x9, #2; msr s3_0_c12_c12_4, x9; " OPEN ACK END), 0, 40, 0), 40); lr0_is(ACTIVE | IRQ(40)); carry();
     run_code(0, CODE("msr s3_0_c12_c11_1, x1; isb"), 0, 40, 0); lr0_is(IRQ(40)));
SHOW(ended__dir_trapped, lr()[0] = PENDING | IRQ(40); entry(0)->gicv3_hcr = TDIR;
     EXPECT_EQ(run_code(0, CODE("mov x9, #2; msr s3_0_c12_c12_4, x9; " OPEN ACK END), 0, 40, 0), 40); carry();
     program(0, CODE("msr s3_0_c12_c11_1, x1"))[1] = 40; enter(0); EXPECT_EQ(left(0)->exit_reason, RMI_EXIT_SYNC);
     EXPECT_EQ(left(0)->gprs[0], 40); lr0_is(ACTIVE | IRQ(40)));
SHOW(running_priority__kept, lr()[0] = PENDING | IRQ(40); run_code(0, CODE(OPEN ACK), 0, 0, 0); carry();
     EXPECT_EQ(run_code(0, CODE("mrs x0, s3_0_c12_c11_3"), 0, 0, 0), 0x80); carry(); run_code(0, CODE(END), 0, 40, 0); carry();
     EXPECT_EQ(run_code(0, CODE("mrs x0, s3_0_c12_c11_3"), 0, 0, 0), 0xff));

/* vmcr: the Realm's, kept, and shown */
static uint64_t vmcr(void) { return left(0)->gicv3_vmcr; }
SHOW(vmcr__shown, run_code(0, CODE("msr s3_0_c4_c6_0, x1; mov x9, #1; msr s3_0_c12_c12_7, x9; mov x9, #5; "
          "msr s3_0_c12_c12_3, x9; isb"), 0, 0x78, 0);
     EXPECT_EQ(vmcr() >> 24, 0x78); EXPECT_EQ(vmcr() & 3, 2); EXPECT_EQ(vmcr() >> 18 & 7, 5));
SHOW(vmcr__group_0, run_code(0, CODE("mov x9, #1; msr s3_0_c12_c12_6, x9; isb"), 0, 0, 0); EXPECT_EQ(vmcr() & 3, 1));
SHOW(vmcr__eoi_mode, run_code(0, CODE("mov x9, #2; msr s3_0_c12_c12_4, x9; isb"), 0, 0, 0); EXPECT_EQ(vmcr() >> 9 & 1, 1));
SHOW(vmcr__kept, run_code(0, CODE("msr s3_0_c4_c6_0, x1; mov x9, #1; msr s3_0_c12_c12_7, x9; isb"), 0, 0x78, 0);
     EXPECT_EQ(run_code(0, CODE("mrs x0, s3_0_c4_c6_0"), 0, 0, 0), 0x78);
     EXPECT_EQ(run_code(0, CODE("mrs x0, s3_0_c12_c12_7"), 0, 0, 0), 1));
SHOW(vmcr__starts_closed, EXPECT_EQ(run_code(0, CODE("mrs x0, s3_0_c4_c6_0"), 5, 0, 0), 0);
     EXPECT_EQ(run_code(0, CODE("mrs x0, s3_0_c12_c12_7"), 5, 0, 0), 0);
     EXPECT_EQ(run_code(0, CODE("mrs x0, s3_0_c12_c12_6"), 5, 0, 0), 0); EXPECT_EQ(vmcr() >> 24, 0); EXPECT_EQ(vmcr() & 3, 0));

/* hcr and misr: what the host asked to be told */
static void tells(uint64_t hcr, struct code c, uint64_t misr)
{
	entry(0)->gicv3_hcr = hcr;
	program(0, c)[1] = 40;
	finish(0);
	EXPECT_EQ(left(0)->gicv3_hcr, hcr);
	EXPECT_EQ(left(0)->gicv3_misr, misr);
}
SHOW(misr__none, tells(0, CODE(OPEN), 0));
SHOW(misr__underflow, tells(UIE, CODE(OPEN), UIE));
SHOW(misr__underflow_one_left, lr()[0] = PENDING | IRQ(40); tells(UIE, CODE("nop"), UIE));
SHOW(misr__no_underflow, lr()[0] = PENDING | IRQ(40); lr()[1] = PENDING | IRQ(41); tells(UIE, CODE("nop"), 0));
SHOW(misr__none_pending, tells(NPIE, CODE("nop"), NPIE));
SHOW(misr__one_pending, lr()[0] = PENDING | IRQ(40); tells(NPIE, CODE("nop"), 0));
SHOW(misr__group_1_on, tells(VGRP1EIE, CODE(OPEN), VGRP1EIE));
SHOW(misr__group_1_still_off, tells(VGRP1EIE, CODE("nop"), 0));
SHOW(misr__group_1_off, tells(VGRP1DIE, CODE("nop"), VGRP1DIE));
SHOW(misr__group_0_on, tells(VGRP0EIE, CODE(OPEN0), VGRP0EIE));
SHOW(misr__group_0_off, tells(VGRP0DIE, CODE("nop"), VGRP0DIE));
SHOW(misr__eoi, lr()[0] = PENDING | ON_EOI | IRQ(40); tells(0, CODE(OPEN ACK END), EOI));
SHOW(misr__tdir_alone, tells(TDIR, CODE("nop"), 0));
/* the Realm ends what the host has taken out of the list: it is counted, once */
static void end_unlisted(uint64_t hcr)
{
	lr()[0] = PENDING | IRQ(40);
	EXPECT_EQ(run_code(0, CODE(OPEN ACK), 0, 0, 0), 40);
	lr()[0] = 0;
	entry(0)->gicv3_hcr = hcr;
	run_code(0, CODE(END), 0, 40, 0);
}
SHOW(eoi_count__one, end_unlisted(0); EXPECT_EQ(left(0)->gicv3_hcr, EOI_COUNT(1)); EXPECT_EQ(left(0)->gicv3_misr, 0));
SHOW(eoi_count__interrupt, end_unlisted(LRENPIE); EXPECT_EQ(left(0)->gicv3_hcr, LRENPIE | EOI_COUNT(1));
     EXPECT_EQ(left(0)->gicv3_misr, LRENPIE));
SHOW(eoi_count__next_entry, end_unlisted(0); run_code(0, CODE("nop"), 0, 0, 0); EXPECT_EQ(left(0)->gicv3_hcr, 0));
SHOW(eoi_count__listed, lr()[0] = PENDING | IRQ(40); run_code(0, CODE(OPEN ACK END), 0, 40, 0); EXPECT_EQ(left(0)->gicv3_hcr, 0));
/* if it lets the maintenance interrupt through, that is an exit */
SHOW(maintenance__underflow, gic_enable(PPI_MAINTENANCE); program(0, CODE("mov x0, #1")); entry(0)->gicv3_hcr = UIE; enter(0);
     EXIT_IS(0, .exit_reason = RMI_EXIT_IRQ, .gicv3_hcr = UIE, .gicv3_misr = UIE); EXPECT(!irq_pending());
     entry(0)->gicv3_hcr = 0; finish(0);
     EXPECT_EQ(after(0)->out[0], 1));
SHOW(maintenance__eoi, gic_enable(PPI_MAINTENANCE); lr()[0] = PENDING | ON_EOI | IRQ(40);
     program(0, CODE(OPEN ACK END "b ."))[1] = 40; enter(0);
     EXPECT_EQ(left(0)->exit_reason, RMI_EXIT_IRQ); EXPECT_EQ(left(0)->gicv3_misr, EOI); lr0_is(ON_EOI | IRQ(40)); EXPECT(!irq_pending()));
SHOW(maintenance__group_on, gic_enable(PPI_MAINTENANCE); entry(0)->gicv3_hcr = VGRP1EIE; program(0, CODE(OPEN "b .")); enter(0);
     EXPECT_EQ(left(0)->exit_reason, RMI_EXIT_IRQ); EXPECT_EQ(left(0)->gicv3_misr, VGRP1EIE));
/* what is in the entry record of a REC that only leaves again */
SHOW(kept_over_other_exits, lr()[0] = PENDING | IRQ(40); lr()[2] = ACTIVE | IRQ(41);
     program(0, CODE("ldr x0, [x1]"))[1] = AT_DEVICE; enter(0);
     EXIT_IS(0, .esr = EC(EC_DABT) | ISV | SAS(3) | SF | FSC_TRANS | 3, .hpfar = HPFAR(AT_DEVICE), .gicv3_lrs[0] = PENDING | IRQ(40),
	     .gicv3_lrs[2] = ACTIVE | IRQ(41)));
SHOW(system_registers__sre, EXPECT_EQ(run_code(0, CODE("mrs x0, s3_0_c12_c12_5"), 0, 0, 0) & 1, 1));
SHOW(system_registers__priority_bits, EXPECT_EQ(run_code(0, CODE("mrs x0, s3_0_c12_c12_4"), 0, 0, 0) >> 8 & 7, 4));

/* what stays behind for the host: an interface that is off, and empty */
#define HOST_READ(reg)	({ uint64_t v_; __asm__ volatile("mrs %0, " reg : "=r"(v_)); v_; })
SHOW(host__list_registers_empty, for (int n = 0; n < 4; n++) lr()[n] = PENDING | IRQ(40 + n); run_code(0, CODE(OPEN ACK), 0, 0, 0);
     EXPECT_EQ(HOST_READ("s3_4_c12_c12_0"), 0); EXPECT_EQ(HOST_READ("s3_4_c12_c12_1"), 0); EXPECT_EQ(HOST_READ("s3_4_c12_c12_2"), 0);
     EXPECT_EQ(HOST_READ("s3_4_c12_c12_3"), 0); EXPECT_EQ(HOST_READ("s3_4_c12_c9_0"), 0); EXPECT_EQ(HOST_READ("s3_4_c12_c8_0"), 0));
SHOW(host__own_pmr, gic_enable(3); run_code(0, CODE("mov x9, #0x10; msr s3_0_c4_c6_0, x9; msr s3_0_c12_c12_7, xzr"), 0, 0, 0);
     EXPECT_EQ(HOST_READ("s3_0_c4_c6_0"), 0xf8); EXPECT_EQ(HOST_READ("s3_0_c12_c12_7"), 1));
#define env env_three
SHOW(other_rec__own_interface, lr()[0] = PENDING | IRQ(40); run_code(0, CODE(OPEN ACK), 0, 0, 0);
     EXPECT_EQ(run_code(1, CODE("mrs x0, s3_0_c4_c6_0"), 5, 0, 0), 0); EXPECT_EQ(run_code(1, CODE("mrs x0, s3_0_c12_c12_7"), 5, 0, 0), 0);
     EXPECT_EQ(run_code(1, CODE("mrs x0, s3_0_c12_c11_3"), 5, 0, 0), 0xff); EXPECT_EQ(left(1)->gicv3_lrs[0], 0));
#undef env
