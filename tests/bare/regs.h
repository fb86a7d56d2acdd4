/* SPDX-License-Identifier: Apache-2.0 */
/* For the assembler files of the bare-metal tests: general registers by the pair. */
#ifndef BARE_REGS_H
#define BARE_REGS_H

	.macro	regs_pair op, a, b, first, last, base, at
	.if	\a >= \first && \b <= \last
	\op	x\a, x\b, [\base, #(\at + 8 * \a)]
	.endif
	.endm

/* @op, ldp or stp, of X@first (even) to X@last (odd): Xn lies at @base + @at + 8n. @base is none of them, or the last pair's. */
	.macro	regs op, first, last, base, at=0
	.irp	pair, "0,1", "2,3", "4,5", "6,7", "8,9", "10,11", "12,13", "14,15", "16,17", "18,19", "20,21", "22,23", "24,25", \
		"26,27", "28,29"
	regs_pair \op, \pair, \first, \last, \base, \at
	.endr
	.endm

/* What a function has to keep, X19 to X30, into a new frame of @size bytes, whose first 96 it takes; and back from it. */
	.macro	frame_push size
	stp	x29, x30, [sp, #-\size]!
	stp	x27, x28, [sp, #16]
	stp	x25, x26, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x21, x22, [sp, #64]
	stp	x19, x20, [sp, #80]
	.endm
	.macro	frame_pop size
	ldp	x27, x28, [sp, #16]
	ldp	x25, x26, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x21, x22, [sp, #64]
	ldp	x19, x20, [sp, #80]
	ldp	x29, x30, [sp], #\size
	.endm

#endif
