/* SPDX-License-Identifier: Apache-2.0 */
/* Vector registers to memory and back. The caller has opened FP, and SVE where it is named, at EL2. */
	.arch	armv8.4-a+sve
	.section .text.simd, "ax"

	.macro	v_regs op
	\op	q0, q1, [x0, #0]
	\op	q2, q3, [x0, #32]
	\op	q4, q5, [x0, #64]
	\op	q6, q7, [x0, #96]
	\op	q8, q9, [x0, #128]
	\op	q10, q11, [x0, #160]
	\op	q12, q13, [x0, #192]
	\op	q14, q15, [x0, #224]
	\op	q16, q17, [x0, #256]
	\op	q18, q19, [x0, #288]
	\op	q20, q21, [x0, #320]
	\op	q22, q23, [x0, #352]
	\op	q24, q25, [x0, #384]
	\op	q26, q27, [x0, #416]
	\op	q28, q29, [x0, #448]
	\op	q30, q31, [x0, #480]
	.endm

	.macro	z_regs op
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	\op	z\n, [x0, #\n, mul vl]
	.endr
	.endm

	.macro	p_regs op
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	\op	p\n, [x1, #\n, mul vl]
	.endr
	.endm

/* void simd_save_v(void *v), simd_load_v(const void *v): V0..V31, 16 bytes each */
	.global	simd_save_v
simd_save_v:
	v_regs	stp
	ret

	.global	simd_load_v
simd_load_v:
	v_regs	ldp
	ret

/* void simd_save_sve(void *z, void *p), simd_load_sve(...): Z0..Z31; P0..P15, FFR; sizes by ZCR_EL2 */
	.global	simd_save_sve
simd_save_sve:
	z_regs	str
	p_regs	str
	rdffr	p0.b
	str	p0, [x1, #16, mul vl]
	ret

	.global	simd_load_sve
simd_load_sve:
	z_regs	ldr
	ldr	p0, [x1, #16, mul vl]
	wrffr	p0.b
	p_regs	ldr
	ret

/* void simd_clear_sve(void): what lies above the V registers, and the predicates; V registers too */
	.global	simd_clear_sve
simd_clear_sve:
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	dup	z\n\().d, #0
	.endr
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	pfalse	p\n\().b
	.endr
	wrffr	p0.b
	ret
