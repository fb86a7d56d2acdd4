/* SPDX-License-Identifier: Apache-2.0 */
/* Registers of the host and of each REC: kept, and not shown to one another. el3-interface.md 7, arch.md 6. */
#include "../guest.h"
#define COMMAND "CONTEXT"

static const struct env env = { .set_up = guest_new };
static const struct env env_three = { .set_up = guest_of_three };

#define HOST_READ(reg)		({ uint64_t v_; __asm__ volatile("mrs %0, " reg : "=r"(v_)); v_; })
#define HOST_WRITE(reg, v)	__asm__ volatile("msr " reg ", %0\n\tisb" : : "r"((uint64_t)(v)))

/* It leaves by WFI, and looks again. */
static void over_exit(struct code c, uint64_t v)
{
	program(0, c)[1] = v;
	entry(0)->flags = RMI_ENTER_TRAP_WFI;
	enter(0);
	EXPECT_EQ(left(0)->esr, EC(EC_WFX));
}

static void seen_twice(void)
{
	finish(0);
	no_exception(0);
	EXPECT_EQ(after(0)->out[3], after(0)->out[2]);
}

/*
 * Each register: the host's value outlives a Realm that writes another; the Realm's outlives an exit to a host that writes
 * another; what the host has in it, the Realm does not find. @v sets bits the register has.
 */
#define REG(name, reg, v)									\
	SHOW(host_keeps__##name, uint64_t old = HOST_READ(reg); HOST_WRITE(reg, v); uint64_t had = HOST_READ(reg);	\
	     run_code(0, CODE("mrs x9, " reg "; msr " reg ", x1; isb; msr " reg ", x9"), 0, 0, 0);	\
	     EXPECT_EQ(HOST_READ(reg), had); HOST_WRITE(reg, old));					\
	SHOW(realm_keeps__##name, uint64_t old = HOST_READ(reg);					\
	     over_exit(CODE("mrs x9, " reg "; msr " reg ", x1; isb; mrs x2, " reg "; wfi; mrs x3, " reg "; msr " reg ", x9"), v);	\
	     HOST_WRITE(reg, 0); seen_twice(); EXPECT_EQ(after(0)->out[2], v); HOST_WRITE(reg, old));	\
	SHOW(not_shown__##name, uint64_t old = HOST_READ(reg); HOST_WRITE(reg, v);			\
	     run_code(0, CODE("mrs x0, " reg), 5, 0, 0); EXPECT(after(0)->out[0] != (v) && after(0)->out[0] != 5); HOST_WRITE(reg, old))

#define WORD	0x5ec4e75ec4e75ec4UL
REG(tpidr_el1, "tpidr_el1", WORD);
REG(tpidr_el0, "tpidr_el0", WORD);
REG(tpidrro_el0, "tpidrro_el0", WORD);
REG(sp_el0, "sp_el0", WORD);
REG(ttbr0_el1, "ttbr0_el1", 0x12340000abcd0000UL);
REG(ttbr1_el1, "ttbr1_el1", 0x43210000dcba0000UL);
REG(tcr_el1, "tcr_el1", 0x580800019UL);
REG(mair_el1, "mair_el1", 0xff00444804UL);
REG(vbar_el1, "vbar_el1", 0x7000000000UL);
REG(contextidr_el1, "contextidr_el1", 0x1234UL);
REG(far_el1, "far_el1", WORD);
REG(esr_el1, "esr_el1", 0x5600dead);
REG(par_el1, "par_el1", 0x12345001UL);
REG(csselr_el1, "csselr_el1", 3UL);
REG(cpacr_el1, "cpacr_el1", 3UL << 20);
REG(cntkctl_el1, "cntkctl_el1", 0x303UL);
REG(apiakeylo, "apiakeylo_el1", WORD);
REG(apiakeyhi, "apiakeyhi_el1", WORD + 1);
REG(apibkeylo, "apibkeylo_el1", WORD + 2);
REG(apdakeyhi, "apdakeyhi_el1", WORD + 3);
REG(apgakeylo, "apgakeylo_el1", WORD + 4);
REG(elr_el1, "elr_el1", WORD);
REG(spsr_el1, "spsr_el1", 0x600003c5UL);
REG(cntv_cval, "cntv_cval_el0", WORD);
REG(cntp_cval, "cntp_cval_el0", WORD);

/* the host's own level */
#define HOST_ONLY(name, reg)	SHOW(host_keeps__##name, uint64_t had = HOST_READ(reg); run_code(0, CODE("wfe; mrs x0, s3_0_c0_c4_0"), 0, 0, 0); EXPECT_EQ(HOST_READ(reg), had))
HOST_ONLY(hcr_el2, "hcr_el2");
HOST_ONLY(cptr_el2, "cptr_el2");
HOST_ONLY(mdcr_el2, "mdcr_el2");
HOST_ONLY(vttbr_el2, "vttbr_el2");
HOST_ONLY(vtcr_el2, "vtcr_el2");
HOST_ONLY(vmpidr_el2, "vmpidr_el2");
HOST_ONLY(vpidr_el2, "vpidr_el2");
HOST_ONLY(cnthctl_el2, "cnthctl_el2");
HOST_ONLY(cntvoff_el2, "cntvoff_el2");
HOST_ONLY(vbar_el2, "vbar_el2");
HOST_ONLY(tpidr_el2, "tpidr_el2");
HOST_ONLY(sctlr_el1, "sctlr_el1");
HOST_ONLY(sp_el1, "sp_el1");
HOST_ONLY(mdscr_el1, "mdscr_el1");
HOST_ONLY(ich_hcr_el2, "s3_4_c12_c11_0");
HOST_ONLY(ich_vmcr_el2, "s3_4_c12_c11_7");

SHOW(realm_keeps__sctlr_el1, over_exit(CODE("mrs x9, sctlr_el1; orr x1, x9, #1 << 26; msr sctlr_el1, x1; isb; "
          "mrs x2, sctlr_el1; wfi; mrs x3, sctlr_el1; "
					     "msr sctlr_el1, x9"), 0); seen_twice(); EXPECT_EQ(after(0)->out[2], 0x00c50878UL | 1UL << 26));
SHOW(realm_keeps__sp, over_exit(CODE("mov x9, sp; wfi; mov x3, sp; mov x2, x9"), 0); seen_twice());
SHOW(realm_keeps__pstate, over_exit(CODE("mov x9, #0xb0000000; msr nzcv, x9; mrs x2, nzcv; wfi; mrs x3, nzcv"), 0); seen_twice();
     EXPECT_EQ(after(0)->out[2], 0xb0000000UL));
SHOW(realm_keeps__gprs, uint64_t *in = program(0, CODE("wfi")); for (uint64_t n = 0; n < 30; n++) in[n] = WORD + n;
     entry(0)->flags = RMI_ENTER_TRAP_WFI; enter(0); memset(entry(0)->gprs, 0x5a, sizeof(entry(0)->gprs)); finish(0);
     for (uint64_t n = 0; n < 30; n++) EXPECT_EQ(after(0)->out[n], WORD + n));
SHOW(host_keeps__gprs, struct rmi_out o; program(0, CODE("nop"));
     o = rmi_call(SMC_RMI_REC_ENTER, guest_rec[0], guest_run[0], 0x3333, 0x4444, 0x5555);
     EXPECT_EQ(o.x[0], RMI_SUCCESS); EXPECT_EQ(o.x[1], 0); EXPECT_EQ(o.x[2], 0); EXPECT_EQ(o.x[3], 0); EXPECT_EQ(o.x[4], 0x4444);
     EXPECT_EQ(o.x[5], 0x5555);
     EXPECT_EQ(o.x[6], 0x6666); EXPECT_EQ(o.x[7], 0x7777));

/* ---- vector registers ---- */

#define ALL_V(X)	X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16) X(17) X(18) X(19) \
			X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31)
#define FP_ON	"mov x9, #3 << 20; msr cpacr_el1, x9; isb; "
#define STR_(n)	#n
#define ARCH	".arch armv8.7-a+sve\n\t"

/* Vector n: both halves @v + n. */
static void host_fill(uint64_t v)
{
#define FILL(n)	__asm__ volatile(ARCH "dup v" #n ".2d, %0" : : "r"(v + n));
	ALL_V(FILL)
	__asm__ volatile(ARCH "msr fpcr, %0\n\tmsr fpsr, %1" : : "r"(1UL << 24), "r"(0x9fUL));
}

static void host_has(uint64_t v)
{
	uint64_t lo, hi;

#define HAS(n)	__asm__ volatile(ARCH "umov %0, v" #n ".d[0]\n\tumov %1, v" #n ".d[1]" : "=r"(lo), "=r"(hi)); EXPECT_EQ(lo, v + n); EXPECT_EQ(hi, v + n);
	ALL_V(HAS)
	__asm__ volatile(ARCH "mrs %0, fpcr\n\tmrs %1, fpsr" : "=r"(lo), "=r"(hi));
	EXPECT_EQ(lo, 1UL << 24);
	EXPECT_EQ(hi, 0x9fUL);
	__asm__ volatile(ARCH "msr fpcr, xzr\n\tmsr fpsr, xzr");
}

#define REALM_FILL	FP_ON "fmov d0, x1; fmov d1, x1; fmov d15, x1; fmov d16, x1; fmov d31, x1; mov x9, #2 << 22; msr fpcr, x9; mov x9, #0x10; msr fpsr, x9; "
#define REALM_SUM	"fmov x10, d0; fmov x11, d1; fmov x12, d15; fmov x13, d16; fmov x14, d31; mrs x15, fpcr; mrs x16, fpsr"
static void realm_has(unsigned int i, uint64_t v, uint64_t fpcr, uint64_t fpsr)
{
	for (int n = 10; n <= 14; n++)
		EXPECT_EQ(after(i)->out[n], v);
	EXPECT_EQ(after(i)->out[15], fpcr);
	EXPECT_EQ(after(i)->out[16], fpsr);
}

SHOW(host_keeps__v_unused, program(0, CODE("nop")); host_fill(WORD); finish(0); host_has(WORD));
SHOW(host_keeps__v_used, program(0, CODE(REALM_FILL))[1] = 7; host_fill(WORD); finish(0); host_has(WORD));
SHOW(host_keeps__v_used_over_exit, program(0, CODE(REALM_FILL "wfi; " REALM_SUM))[1] = 7; host_fill(WORD);
     entry(0)->flags = RMI_ENTER_TRAP_WFI; enter(0);
     host_has(WORD); host_fill(WORD + 99); finish(0); host_has(WORD + 99); realm_has(0, 7, 2UL << 22, 0x10));
SHOW(realm_keeps__v, program(0, CODE(REALM_FILL "wfi; " REALM_SUM))[1] = WORD; entry(0)->flags = RMI_ENTER_TRAP_WFI; enter(0);
     host_fill(9); finish(0);
     realm_has(0, WORD, 2UL << 22, 0x10); host_has(9));
SHOW(not_shown__v, program(0, CODE(FP_ON REALM_SUM)); host_fill(WORD); finish(0); realm_has(0, 0, 0, 0); host_has(WORD));
/* measuring borrows them */
SHOW(host_keeps__v_while_hashing, host_fill(WORD); (void)one_more_rec; struct realm r; realm_new(&r); host_has(WORD));
SHOW(realm_keeps__v_while_hashing, program(0, CODE(REALM_FILL "movz x0, #0x193; movk x0, #0xc400, lsl #16; mov x1, #1; "
          "mov x2, #64; smc #0; " REALM_SUM))[1] = WORD;
     finish(0); EXPECT_EQ(after(0)->out[0], 0); for (int n = 12; n <= 14; n++) EXPECT_EQ(after(0)->out[n], 0x5ec4e75ec4e75ec4UL));
/* SVE state beyond the vectors above: lengths and predicates */
SHOW(host_keeps__z_and_p, uint64_t z; uint64_t p; uint64_t len; __asm__ volatile(ARCH "ptrue p3.b\n\tdup z5.d, %0" : : "r"(WORD));
     program(0, CODE(REALM_FILL)); finish(0);
     __asm__ volatile(ARCH "rdvl %1, #1\n\tpfalse p0.b\n\tptrue p1.d\n\tlastb %0, p3, z5.d\n\tcntp %2, p1, p3.d" : "=r"(z), "=r"(len), "=r"(p));
     EXPECT_EQ(z, WORD); EXPECT_EQ(p, len / 8));

/* ---- RECs among themselves ---- */
#define env env_three
#define APART(name, reg)									\
	SHOW(recs_apart__##name, run_code(0, CODE("msr " reg ", x1"), 0, 0x5ec4e7, 0);		\
	     run_code(1, CODE("mrs x0, " reg), 5, 0, 0); EXPECT_EQ(after(1)->out[0], 0);	\
	     run_code(0, CODE("mrs x0, " reg), 5, 0, 0); EXPECT_EQ(after(0)->out[0], 0x5ec4e7))
APART(tpidr_el0, "tpidr_el0");
APART(tpidr_el1, "tpidr_el1");
APART(tpidrro_el0, "tpidrro_el0");
APART(mair_el1, "mair_el1");
APART(sp_el0, "sp_el0");
APART(apiakeylo, "apiakeylo_el1");
APART(apgakeyhi, "apgakeyhi_el1");
APART(far_el1, "far_el1");
APART(contextidr_el1, "contextidr_el1");
APART(cntv_cval, "cntv_cval_el0");
SHOW(recs_apart__v, program(0, CODE(REALM_FILL))[1] = WORD; finish(0); program(1, CODE(FP_ON REALM_SUM)); finish(1); realm_has(1, 0, 0, 0);
     program(0, CODE(REALM_SUM)); finish(0); realm_has(0, WORD, 2UL << 22, 0x10));
SHOW(recs_apart__exclusive, program(0, CODE("ldxr x2, [x1]; wfi; stxr w3, x2, [x1]"))[1] = AT_RAM;
     entry(0)->flags = RMI_ENTER_TRAP_WFI; enter(0);
     run_code(1, CODE("ldxr x2, [x1]"), 0, AT_RAM, 0); finish(0); EXPECT_EQ(after(0)->out[3], 1));
#undef env
