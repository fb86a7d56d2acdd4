/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of programs for Realms, and constants that go with them. */
#ifndef ATTACK_PROGRAMS_H
#define ATTACK_PROGRAMS_H

#define LOAD		"ldr x0, [x0]"
#define STORE		"str x1, [x0]"

#define SMC(fid)	"mov x0, #(" #fid " & 0xffff)\n\t movk x0, #(" #fid " >> 16), lsl #16\n\t smc #0\n\t"
#define HOST_CALL	SMC(0xc4000199)		/* X1: structure */
#define RSI_VERSION	"mov x1, #0x10000\n\t" SMC(0xc4000190)
#define SUSPEND		SMC(0xc4000001)
#define CPU_ON		SMC(0xc4000003)
#define SYSTEM_OFF	SMC(0x84000008)
#define GATE_CALL	SMC(0xc6004d08)

/* A host call that carries X1, by a structure at X10. */
#define TELL		"str xzr, [x10]\n\t str x1, [x10, #8]\n\t mov x1, x10\n\t" HOST_CALL

/* A server: RECV, then @act on X1.. with results into X2.., and again. Starts with FID and gate in X0, X1; X20, X21 keep them. */
#define SERVE(act)	"mov x20, x0\n\t mov x21, x1\n\t 9: mov x0, x20\n\t mov x1, x21\n\t smc #0\n\t" act "\n\t b 9b"
#define ADD_ONE		"add x2, x1, #1"

/* The virtual CPU interface open to all that is injected; acknowledge. */
#define GIC_ON		"mov x9, #7\n\t msr s3_0_c12_c12_5, x9\n\t mov x9, #0xff\n\t msr s3_0_c4_c6_0, x9\n\t" \
			"mov x9, #1\n\t msr s3_0_c12_c12_7, x9\n\t isb\n\t"
#define TAKE		"mrs x0, s3_0_c12_c12_0\n\t"	/* ICC_IAR1_EL1 */
#define LR(intid)	(1UL << 62 | 1UL << 60 | 0x80UL << 48 | (intid))	/* pending, group 1 */
#define HCR_UIE		(1UL << 1)
#define HCR_TDIR	(1UL << 14)

#define FP_ON		"mov x3, #0x300000\n\t msr cpacr_el1, x3\n\t isb\n\t"

/* X1, two instructions, to X0; there it runs: X0 = 42 */
#define RUN_THERE	"str x1, [x0]\n\t dc cvau, x0\n\t dsb ish\n\t ic ialluis\n\t dsb ish\n\t isb\n\t" \
			"mov x20, x30\n\t blr x0\n\t mov x30, x20"
#define RETURN_42	(0xd65f03c0UL << 32 | 0xd2800540UL)	/* mov x0, #42; ret */

#endif
