/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Identification registers: what a Realm is told against what the machine has. Fields that a feature's register support
 * would need are zero, fields that need nothing of the monitor are the machine's. rsi.md 5, platform.md 5. The PMU and
 * debug fields of ID_AA64DFR0_EL1 have rows of their own.
 */
#include "../guest.h"
#define COMMAND "IDREG"

static const struct env env = { .set_up = guest_new };

#define FIELD(v, lsb)	((v) >> (lsb) & 0xf)
/* Undefined names to the assembler have their encodings. */
#define PFR0	"s3_0_c0_c4_0"
#define PFR1	"s3_0_c0_c4_1"
#define PFR2	"s3_0_c0_c4_2"
#define ZFR0	"s3_0_c0_c4_4"
#define SMFR0	"s3_0_c0_c4_5"
#define DFR0	"s3_0_c0_c5_0"
#define ISAR0	"s3_0_c0_c6_0"
#define ISAR1	"s3_0_c0_c6_1"
#define ISAR2	"s3_0_c0_c6_2"
#define ISAR3	"s3_0_c0_c6_3"
#define MMFR0	"s3_0_c0_c7_0"
#define MMFR1	"s3_0_c0_c7_1"
#define MMFR2	"s3_0_c0_c7_2"
#define MMFR3	"s3_0_c0_c7_3"
#define MMFR4	"s3_0_c0_c7_4"

#define HOST(reg)	({ uint64_t v_; __asm__ volatile("mrs %0, " reg : "=r"(v_)); v_; })
#define SEEN(reg)	({ uint64_t v_ = run_code(0, CODE("mrs x0, " reg), ~0UL, 0, 0); no_exception(0); v_; })

#define ZERO(reg, name, lsb)	SHOW(reg##__no_##name, EXPECT_EQ(FIELD(SEEN(reg), lsb), 0))
#define SAME(reg, name, lsb)	SHOW(reg##__##name, EXPECT_EQ(FIELD(SEEN(reg), lsb), FIELD(HOST(reg), lsb)))
#define IS(reg, name, lsb, n)	SHOW(reg##__##name, EXPECT_EQ(FIELD(SEEN(reg), lsb), n))
#define AT_MOST(reg, name, lsb, n)	SHOW(reg##__##name, EXPECT(FIELD(SEEN(reg), lsb) <= (n)))

IS(PFR0, el0_aarch64_only, 0, 1);
IS(PFR0, el1_aarch64_only, 4, 1);
SAME(PFR0, el2, 8); SAME(PFR0, el3, 12);
SAME(PFR0, fp, 16); SAME(PFR0, advsimd, 20);
SAME(PFR0, gic, 24);
ZERO(PFR0, sve, 32); ZERO(PFR0, sel2, 36); ZERO(PFR0, mpam, 40); ZERO(PFR0, amu, 44); ZERO(PFR0, rme, 52);
SAME(PFR0, dit, 48);
AT_MOST(PFR0, csv2, 56, 1);
SAME(PFR0, csv3, 60);
SAME(PFR1, bt, 0); SAME(PFR1, ssbs, 4);
ZERO(PFR1, mte, 8); ZERO(PFR1, mpam_frac, 16); ZERO(PFR1, sme, 24); ZERO(PFR1, csv2_frac, 32); ZERO(PFR1, nmi, 36);
     ZERO(PFR1, mte_frac, 40);
ZERO(PFR1, gcs, 44); ZERO(PFR1, the, 48); ZERO(PFR1, mtex, 52); ZERO(PFR1, df2, 56);
SHOW(PFR2, EXPECT_EQ(SEEN(PFR2), 0));
SHOW(ZFR0, EXPECT_EQ(SEEN(ZFR0), 0));
SHOW(SMFR0, EXPECT_EQ(SEEN(SMFR0), 0));
ZERO(DFR0, trace, 4); ZERO(DFR0, spe, 32); ZERO(DFR0, trace_filter, 40); ZERO(DFR0, trace_buffer, 44); ZERO(DFR0, brbe, 52);
IS(DFR0, brps, 12, 1); IS(DFR0, wrps, 20, 1);		/* of REALM_CREATE */
SAME(ISAR0, aes, 4); SAME(ISAR0, sha1, 8); SAME(ISAR0, sha2, 12); SAME(ISAR0, crc32, 16); SAME(ISAR0, atomic, 20);
ZERO(ISAR0, tme, 24);
SAME(ISAR0, rdm, 28); SAME(ISAR0, sha3, 32); SAME(ISAR0, dp, 44); SAME(ISAR0, fhm, 48); SAME(ISAR0, ts, 52); SAME(ISAR0, tlb, 56);
SAME(ISAR0, rndr, 60);
SAME(ISAR1, dpb, 0); SAME(ISAR1, apa, 4); SAME(ISAR1, api, 8); SAME(ISAR1, jscvt, 12); SAME(ISAR1, fcma, 16); SAME(ISAR1, lrcpc, 20);
SAME(ISAR1, gpa, 24); SAME(ISAR1, gpi, 28); SAME(ISAR1, sb, 36); SAME(ISAR1, bf16, 44); SAME(ISAR1, i8mm, 52);
ZERO(ISAR1, ls64, 60);
SAME(ISAR2, wfxt, 0); SAME(ISAR2, gpa3, 8); SAME(ISAR2, apa3, 12);
ZERO(ISAR2, mops, 16);
ZERO(ISAR2, sysreg_128, 32); ZERO(ISAR2, sysinstr_128, 36);
SHOW(ISAR3, EXPECT_EQ(SEEN(ISAR3), 0));
SAME(MMFR0, parange, 0); SAME(MMFR0, asidbits, 4); SAME(MMFR0, bigend, 8); SAME(MMFR0, tgran16, 20); SAME(MMFR0, tgran64, 24);
SAME(MMFR0, tgran4, 28);
SAME(MMFR1, hafdbs, 0); SAME(MMFR1, pan, 20);
ZERO(MMFR1, vmidbits, 4); ZERO(MMFR1, vhe, 8); ZERO(MMFR1, lo, 16); ZERO(MMFR1, xnx, 28); ZERO(MMFR1, twed, 32); ZERO(MMFR1, hcx, 40);
ZERO(MMFR1, tidcp1_or_cmow, 56);
SAME(MMFR2, cnp, 0); SAME(MMFR2, uao, 4); SAME(MMFR2, varange, 16); SAME(MMFR2, ttl, 48); SAME(MMFR2, e0pd, 60);
ZERO(MMFR2, nv, 24); ZERO(MMFR2, fwb, 40); ZERO(MMFR2, evt, 56);
SHOW(MMFR3__no_features, EXPECT_EQ(SEEN(MMFR3) & ~(0xfUL << 60), 0));
SHOW(MMFR4, EXPECT_EQ(SEEN(MMFR4), 0));

/* Whole groups: AArch32, and encodings that name no register (yet). */
#define EIGHT(crm)	"mrs x0, s3_0_c0_c" crm "_0; mrs x1, s3_0_c0_c" crm "_1; mrs x2, s3_0_c0_c" crm "_2; mrs x3, s3_0_c0_c" crm "_3; " \
			"mrs x4, s3_0_c0_c" crm "_4; mrs x5, s3_0_c0_c" crm "_5; mrs x6, s3_0_c0_c" crm "_6; mrs x7, s3_0_c0_c" crm "_7"

static void zeroes(struct code c, unsigned int mask)
{
	uint64_t *in = program(0, c);

	for (int i = 0; i < 8; i++)
		in[i] = ~0UL;
	finish(0);
	no_exception(0);
	for (int i = 0; i < 8; i++)
		if (mask >> i & 1)
			EXPECT_EQ(after(0)->out[i], 0);
}
#define ZEROES(id, crm, mask)	SHOW(id, zeroes(CODE(EIGHT(crm)), mask))
ZEROES(aarch32__crm1, "1", 0xff);
ZEROES(aarch32__crm2, "2", 0xff);
ZEROES(aarch32__crm3, "3", 0xff);
ZEROES(reserved__pfr, "4", 0xfc);
ZEROES(reserved__dfr, "5", 0xcc);
ZEROES(reserved__isar, "6", 0xf8);
ZEROES(reserved__mmfr, "7", 0xe0);
SHOW(xzr, run_code(0, CODE("mrs xzr, " PFR0), 5, 0, 0); no_exception(0); EXPECT_EQ(after(0)->out[0], 5));
SHOW(write__is_undefined, run_code(0, CODE("msr " PFR0 ", x0"), 0, 0, 0); undefined_is(0, 0));
SHOW(el0__is_undefined, program(0, CODE("adr x3, 1f; msr elr_el1, x3; mov x4, #0x3c0; msr spsr_el1, x4; isb; eret; "
          "1: mrs x0, " PFR0)); finish(0);
     EXPECT_EQ(after(0)->vector, VECTOR_EL0); EXPECT_EQ(after(0)->out[0], 0));

/* not trapped */
SHOW(midr, EXPECT_EQ(SEEN("midr_el1"), HOST("midr_el1")));
SHOW(mpidr, EXPECT_EQ(SEEN("mpidr_el1"), 1UL << 31));
SHOW(ctr, EXPECT_EQ(SEEN("ctr_el0"), HOST("ctr_el0")));
SHOW(dczid, EXPECT_EQ(SEEN("dczid_el0"), HOST("dczid_el0")));
SHOW(erridr, EXPECT_EQ(SEEN("s3_0_c5_c3_0"), 0));
#undef env
static const struct env env_three = { .set_up = guest_of_three };
#define env env_three
SHOW(mpidr__of_each_rec, EXPECT_EQ(run_code(1, CODE("mrs x0, mpidr_el1"), 0, 0, 0), 1UL << 31 | 1);
     EXPECT_EQ(run_code(2, CODE("mrs x0, mpidr_el1"), 0, 0, 0), 1UL << 31 | 2));
#undef env
