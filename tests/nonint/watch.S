/* SPDX-License-Identifier: Apache-2.0 */
/* One SMC with every register of the host's known before and kept after; a look at a register that may not be there. */
#include "../bare/regs.h"
#include "watch.h"

	.arch	armv8.7-a+sve
	.text
/*
 * void smc_watch(struct watch *w). X8 and up hold their number before; an exclusive load is open. W_* are offsets.
 */
	.global smc_watch
smc_watch:
	frame_push 112
	str	x0, [sp, #96]
	mov	x30, x0
	add	x1, x0, #W_EXCLUSIVE
	ldxr	x2, [x1]
	regs	ldp, 0, 7, x30
	isb
	mrs	x8, cntpct_el0
	str	x8, [x30, #W_BEFORE]
	.irp	n, 8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
	mov	x\n, #\n
	.endr
	smc	#0
	stp	x0, x1, [sp, #-16]!
	ldr	x0, [sp, #112]
	isb
	mrs	x1, cntpct_el0
	str	x1, [x0, #W_AFTER]
	mrs	x1, nzcv
	str	x1, [x0, #W_NZCV]
	regs	stp, 2, 29, x0
	str	x30, [x0, #240]
	ldp	x2, x3, [sp], #16
	stp	x2, x3, [x0]
	add	x1, x0, #W_EXCLUSIVE
	stxr	w2, xzr, [x1]
	str	x2, [x0, #W_STORED]
	mrs	x1, fpcr
	mrs	x2, fpsr
	add	x3, x0, #W_VECTORS
	stp	x1, x2, [x3], #16
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	str	z\n, [x3, #\n, mul vl]
	.endr
	rdvl	x1, #31
	add	x3, x3, x1
	rdvl	x1, #1
	add	x3, x3, x1
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	str	p\n, [x3, #\n, mul vl]
	.endr
	rdffr	p0.b
	str	p0, [x3, #16, mul vl]
	ldr	p0, [x3]
	frame_pop 112
	ret

/* void vectors_set(void): all of them known, the longest vectors; uint64_t vector_bytes(void) */
	.global vectors_set, vector_bytes
vectors_set:
	mov	x0, #0xf
	msr	s3_4_c1_c2_0, x0		/* ZCR_EL2 */
	isb
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	mov	w0, #(0x40 + \n)
	mov	z\n\().b, w0
	.endr
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	ptrue	p\n\().b
	.endr
	setffr
	ret
vector_bytes:
	rdvl	x0, #1
	ret

/* While VBAR_EL2 is here, an exception is counted and its instruction skipped. X1 and X2 are lost. */
	.global watch_vectors
	.balign	2048
watch_vectors:
	.rept	16
	.balign	128
	b	skip
	.endr
	.balign	128
skip:
	adrp	x1, watch_faults
	ldr	x2, [x1, :lo12:watch_faults]
	add	x2, x2, #1
	str	x2, [x1, :lo12:watch_faults]
	mrs	x1, elr_el2
	add	x1, x1, #4
	msr	elr_el2, x1
	eret

	.bss
	.balign	8
	.global watch_faults
watch_faults:
	.skip	8
