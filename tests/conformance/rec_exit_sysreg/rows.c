/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupt generation that leaves the Realm: ICC_SGI*R_EL1, ICC_DIR_EL1. rmi.md 7.4. */
#include "../guest.h"
#define COMMAND "REC_EXIT_SYSREG"

static const struct env env = { .set_up = guest_new };

/* ESR_EL2 of a write; which register held the value is not shown */
#define WRITE(op2, crm)	(EC(EC_SYSREG) | IL | 3UL << 20 | (uint64_t)(op2) << 17 | 12UL << 10 | (uint64_t)(crm) << 1)
#define SGI1R	WRITE(5, 11)
#define ASGI1R	WRITE(6, 11)
#define SGI0R	WRITE(7, 11)
#define DIR	WRITE(1, 11)
#define VALUE	0x01020003040500f0UL
#define TDIR	(1UL << 14)

static void write_by(struct code c, uint64_t esr, uint64_t want)
{
	uint64_t *in = program(0, c);

	in[2] = in[29] = VALUE;
	enter(0);
	EXIT_IS(0, .esr = esr, .gprs[0] = want, .gicv3_hcr = entry(0)->gicv3_hcr);
	memset(entry(0)->gprs, 0x5a, sizeof(entry(0)->gprs));
	finish(0);
	no_exception(0);
	EXPECT_EQ(after(0)->out[0], 1);		/* went on behind it */
	EXPECT_EQ(after(0)->out[2], VALUE);
}

#define NEXT	"; mov x0, #1"
SHOW(sgi1r, write_by(CODE("msr s3_0_c12_c11_5, x2" NEXT), SGI1R, VALUE));
SHOW(sgi1r__x29, write_by(CODE("msr s3_0_c12_c11_5, x29" NEXT), SGI1R, VALUE));
SHOW(sgi1r__xzr, write_by(CODE("msr s3_0_c12_c11_5, xzr" NEXT), SGI1R, 0));
SHOW(asgi1r, write_by(CODE("msr s3_0_c12_c11_6, x2" NEXT), ASGI1R, VALUE));
SHOW(asgi1r__xzr, write_by(CODE("msr s3_0_c12_c11_6, xzr" NEXT), ASGI1R, 0));
SHOW(sgi0r, write_by(CODE("msr s3_0_c12_c11_7, x2" NEXT), SGI0R, VALUE));
SHOW(sgi0r__xzr, write_by(CODE("msr s3_0_c12_c11_7, xzr" NEXT), SGI0R, 0));
SHOW(dir__tdir, entry(0)->gicv3_hcr = TDIR; write_by(CODE("msr s3_0_c12_c11_1, x2" NEXT), DIR, VALUE));
SHOW(dir__tdir_xzr, entry(0)->gicv3_hcr = TDIR; write_by(CODE("msr s3_0_c12_c11_1, xzr" NEXT), DIR, 0));
SHOW(dir__not_trapped, run_code(0, CODE("msr s3_0_c12_c11_1, x2" NEXT), 0, 0, 40); no_exception(0));
SHOW(dir__tdir_of_one_entry, entry(0)->gicv3_hcr = TDIR;
     uint64_t *in = program(0, CODE("msr s3_0_c12_c11_1, x2; msr s3_0_c12_c11_1, x2" NEXT));
     in[2] = 40; enter(0); EXIT_IS(0, .esr = DIR, .gprs[0] = 40, .gicv3_hcr = TDIR); entry(0)->gicv3_hcr = 0; finish(0); no_exception(0));
/* reads of the write-only registers are Undefined, not an exit */
SHOW(read__sgi1r, run_code(0, CODE("mrs x0, s3_0_c12_c11_5"), 0, 0, 0); undefined_is(0, 0));
SHOW(read__sgi0r, run_code(0, CODE("mrs x0, s3_0_c12_c11_7"), 0, 0, 0); undefined_is(0, 0));
SHOW(read__dir, run_code(0, CODE("mrs x0, s3_0_c12_c11_1"), 0, 0, 0); undefined_is(0, 0));
SHOW(no_answer_allowed, program(0, CODE("msr s3_0_c12_c11_5, x2")); enter(0); entry(0)->flags = RMI_ENTER_EMUL_MMIO;
     EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC); entry(0)->flags = RMI_ENTER_INJECT_SEA;
     EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC));
