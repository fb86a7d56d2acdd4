/* SPDX-License-Identifier: Apache-2.0 */
/* Entry of the bare-metal Realm: EL1, MMU off, IPA 0, X0 = routine. */
	.section .text.start, "ax"
	.global realm_entry
realm_entry:
	adrp	x1, realm_stack_top
	mov	sp, x1
	adrp	x1, realm_vectors
	msr	vbar_el1, x1
	isb
	bl	realm_main
	b	.

/* void smc_call(uint64_t regs[11]) */
	.global smc_call
smc_call:
	stp	x29, x30, [sp, #-32]!
	str	x0, [sp, #16]
	mov	x11, x0
	ldp	x0, x1, [x11]
	ldp	x2, x3, [x11, #16]
	ldp	x4, x5, [x11, #32]
	ldp	x6, x7, [x11, #48]
	ldp	x8, x9, [x11, #64]
	ldr	x10, [x11, #80]
	smc	#0
	ldr	x11, [sp, #16]
	stp	x0, x1, [x11]
	stp	x2, x3, [x11, #16]
	stp	x4, x5, [x11, #32]
	stp	x6, x7, [x11, #48]
	stp	x8, x9, [x11, #64]
	str	x10, [x11, #80]
	ldp	x29, x30, [sp], #32
	ret

	.balign	4096
realm_vectors:
	.rept	16
	.balign	128
	b	.
	.endr

	.section .bss.stack, "aw"
	.balign	4096
	.skip	4096
realm_stack_top:
