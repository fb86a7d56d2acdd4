/* SPDX-License-Identifier: Apache-2.0 */
/* What is Undefined to a Realm: no service by HVC, nothing of EL2, no register of a feature that its ID registers hide. rsi.md 4. */
#include "../guest.h"
#define COMMAND "UNDEFINED"

static const struct env env = { .set_up = guest_new };

#define TO_EL0		"adr x3, 1f; msr elr_el1, x3; msr spsr_el1, x4; isb; eret; 1: "
#define EL0_WORDS	5
#define FPEN		"mov x3, #0x30000; orr x3, x3, #3 << 20; orr x3, x3, #3 << 24; msr cpacr_el1, x3; isb; "
#define FPEN_WORDS	5

static void refused(struct code c, uint64_t word)
{
	uint64_t *in = program(0, c);

	in[0] = in[2] = 0x5ec4e7;
	in[4] = 0x3c0;
	finish(0);
	undefined_is(0, word);
	EXPECT_EQ(after(0)->out[0], 0x5ec4e7);
}

#define UNDEF(id, insn)		SHOW(id, refused(CODE(insn), 0))
#define UNDEF_RW(id, reg)	UNDEF(id##_read, "mrs x0, " reg); UNDEF(id##_write, "msr " reg ", x0")

UNDEF(hvc__0, "hvc #0");
UNDEF(hvc__ffff, "hvc #0xffff");
/* as an RSI call would look, had it the right conduit */
SHOW(hvc__rsi, program(0, CODE("hvc #0; mov x5, #1"))[0] = SMC_RSI_VERSION; finish(0); undefined_is(0, 0);
     EXPECT_EQ(after(0)->out[0], SMC_RSI_VERSION); EXPECT_EQ(after(0)->out[5], 0));
SHOW(hvc__el0, program(0, CODE(TO_EL0 "hvc #0"))[4] = 0x3c0; finish(0);
     exception_is(0, VECTOR_EL0, ESR_UNDEFINED, after(0)->far, EL0_WORDS); EXPECT_EQ(after(0)->spsr, 0x3c0));
SHOW(smc__el0, program(0, CODE(TO_EL0 "smc #0"))[4] = 0x3c0; finish(0);
     exception_is(0, VECTOR_EL0, ESR_UNDEFINED, after(0)->far, EL0_WORDS));
/*
 * As hardware does it: an instruction that is undefined by itself, in the same state. NZCV and DIT are left out: they stay
 * as they are, but the emulator's own exceptions clear them (rows of INJECT_SEA have them).
 */
#define LEFT_OUT	(0xfUL << 28 | 1UL << 24)
static void same_as_hardware(struct code hvc, struct code udf)
{
	struct exec_state s;

	program(0, udf);
	finish(0);
	s = *after(0);
	program(0, hvc);
	finish(0);
	EXPECT_EQ(after(0)->vector, s.vector);
	EXPECT_EQ(after(0)->esr, s.esr);
	EXPECT_EQ(after(0)->elr, s.elr);
	EXPECT_EQ(after(0)->spsr, s.spsr);
	EXPECT_EQ(after(0)->pstate & ~LEFT_OUT, s.pstate & ~LEFT_OUT);
	EXPECT_EQ(after(0)->far, s.far);
}
#define SAME(id, before)	SHOW(id, same_as_hardware(CODE(before "; hvc #0"), CODE(before "; udf #0")))
SAME(hvc_as_hardware__plain, "nop");
SAME(hvc_as_hardware__flags, "mov x3, #0xf0000000; msr nzcv, x3");
SAME(hvc_as_hardware__open, "msr nzcv, xzr; msr daifclr, #15");
SAME(hvc_as_hardware__el1t, "msr spsel, #0");
SAME(hvc_as_hardware__pan, "msr pan, #1");
SAME(hvc_as_hardware__uao, "msr uao, #1");
SAME(hvc_as_hardware__dit, "msr dit, #1");
SAME(hvc_as_hardware__ssbs, "msr ssbs, #1");
SAME(hvc_as_hardware__span, "mrs x4, sctlr_el1; bic x4, x4, #1 << 23; msr sctlr_el1, x4; isb");
SAME(hvc_as_hardware__dssbs, "mrs x4, sctlr_el1; orr x4, x4, #1 << 44; msr sctlr_el1, x4; isb");
SAME(hvc_as_hardware__el0, "adr x3, 1f; msr elr_el1, x3; mov x4, #0x3c0; msr spsr_el1, x4; isb; eret; 1: nop");

/* EL2 and EL3 are not the Realm's */
UNDEF_RW(el2__hcr, "hcr_el2");
UNDEF_RW(el2__vbar, "vbar_el2");
UNDEF_RW(el2__vttbr, "vttbr_el2");
UNDEF_RW(el2__cnthp_ctl, "cnthp_ctl_el2");
UNDEF_RW(el2__cnthctl, "cnthctl_el2");
UNDEF_RW(el2__ich_hcr, "s3_4_c12_c11_0");
UNDEF_RW(el2__ich_lr0, "s3_4_c12_c12_0");
UNDEF_RW(el2__icc_sre, "s3_4_c12_c9_5");
UNDEF_RW(el2__sctlr_el12, "s3_5_c1_c0_0");
UNDEF_RW(el3__scr, "scr_el3");
UNDEF(el2__tlbi_alle1, "tlbi alle1");
UNDEF(el2__tlbi_ipas2, "tlbi ipas2e1is, x0");
UNDEF(el2__at_s12, "at s12e1r, x0");

/* hidden features */
UNDEF_RW(hidden__mpam1, "s3_0_c10_c5_0");
UNDEF_RW(hidden__mpam0, "s3_0_c10_c5_1");
UNDEF_RW(hidden__amcr, "s3_3_c13_c2_0");
UNDEF_RW(hidden__tpidr2, "s3_3_c13_c0_5");
UNDEF_RW(hidden__smpri, "s3_0_c1_c2_4");
UNDEF_RW(hidden__scxtnum_el1, "s3_0_c13_c0_7");
UNDEF_RW(hidden__scxtnum_el0, "s3_3_c13_c0_7");
UNDEF_RW(hidden__lorc, "s3_0_c10_c4_3");
UNDEF_RW(hidden__lorsa, "s3_0_c10_c4_0");
UNDEF(hidden__lorid_read, "mrs x0, s3_0_c10_c4_7");
UNDEF_RW(hidden__gcr, "s3_0_c1_c0_6");
UNDEF_RW(hidden__rgsr, "s3_0_c1_c0_5");
UNDEF_RW(hidden__trfcr, "s3_0_c1_c2_1");
UNDEF_RW(hidden__brbcr, "s2_1_c9_c0_0");
UNDEF_RW(hidden__pmscr, "s3_0_c9_c9_0");
UNDEF_RW(hidden__trblimitr, "s3_0_c9_c11_0");
UNDEF_RW(hidden__tcr2, "s3_0_c2_c0_3");
UNDEF_RW(hidden__sctlr2, "s3_0_c1_c0_3");
UNDEF_RW(hidden__pir, "s3_0_c10_c2_3");
UNDEF_RW(hidden__por, "s3_0_c10_c2_4");
UNDEF_RW(hidden__gcscr, "s3_0_c2_c5_0");
UNDEF_RW(hidden__accdata, "s3_0_c13_c0_5");
SHOW(hidden__zcr_read, refused(CODE(FPEN "mrs x0, s3_0_c1_c2_0"), FPEN_WORDS));
SHOW(hidden__zcr_write, refused(CODE(FPEN "msr s3_0_c1_c2_0, x0"), FPEN_WORDS));
SHOW(hidden__smcr_read, refused(CODE(FPEN "mrs x0, s3_0_c1_c2_6"), FPEN_WORDS));
SHOW(hidden__smcr_write, refused(CODE(FPEN "msr s3_0_c1_c2_6, x0"), FPEN_WORDS));
SHOW(hidden__svcr_read, refused(CODE(FPEN "mrs x0, s3_3_c4_c2_2"), FPEN_WORDS));
SHOW(hidden__svcr_write, refused(CODE(FPEN "msr s3_3_c4_c2_2, x0"), FPEN_WORDS));
UNDEF_RW(hidden__tfsr, "s3_0_c5_c6_0");
UNDEF_RW(hidden__erxstatus, "s3_0_c5_c4_2");
UNDEF_RW(hidden__implementation_defined, "s3_0_c15_c0_0");
UNDEF_RW(hidden__implementation_defined_el0, "s3_3_c15_c2_7");
SHOW(hidden__sve, refused(CODE(FPEN ".inst 0x04bf5020"), FPEN_WORDS));			/* RDVL x0, #1 */
SHOW(hidden__sve_after_fp, refused(CODE(FPEN "fmov d0, xzr; .inst 0x04bf5020"), FPEN_WORDS + 1));
SHOW(hidden__sme, refused(CODE(FPEN ".inst 0xd503477f"), FPEN_WORDS));			/* SMSTART */
SHOW(hidden__mops, refused(CODE(".inst 0x19010442"), 0));				/* CPYFP [x2]!, [x1]!, x2! */

/* and what is offered works */
SHOW(offered__fp, run_code(0, CODE(FPEN "fmov d0, x1; fmov x0, d0"), 0, 0x77, 0); no_exception(0); EXPECT_EQ(after(0)->out[0], 0x77));
SHOW(offered__fp_trapped_by_realm, program(0, CODE("msr cpacr_el1, xzr; isb; fmov d0, x1")); finish(0);
     EXPECT_EQ(after(0)->vector, VECTOR_EL1H); EXPECT_EQ(after(0)->esr >> 26, 7));
SHOW(offered__pauth, run_code(0, CODE("pacia x1, x2; autia x1, x2; mov x0, x1"), 0, 0x77, 1); no_exception(0);
     EXPECT_EQ(after(0)->out[0], 0x77));
SHOW(offered__tlbi, run_code(0, CODE("tlbi vmalle1is; dsb ish; tlbi alle1is"), 0, 0, 0); undefined_is(0, 2));
SHOW(offered__icc, run_code(0, CODE("mrs x0, s3_0_c12_c12_5; msr s3_0_c12_c12_7, x1; mrs x0, s3_0_c12_c12_7"), 0, 1, 0); no_exception(0);
     EXPECT_EQ(after(0)->out[0], 1));
SHOW(offered__counters, run_code(0, CODE("isb; mrs x0, cntpct_el0; mrs x1, cntvct_el0; sub x0, x1, x0; "
          "mrs x2, cntfrq_el0"), 0, 0, 0); no_exception(0);
     EXPECT(after(0)->out[0] < 100000000); EXPECT(after(0)->out[2] > 0));
SHOW(offered__smc_immediate, EXPECT_EQ(run_code(0, CODE("smc #0x123"), PSCI_VERSION, 0, 0), PSCI_VERSION_1_1); no_exception(0));
