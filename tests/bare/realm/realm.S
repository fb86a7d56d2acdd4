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

/* void smc_call(uint64_t regs[11]); uint64_t smc_ticks: what the counter advanced over the SMC alone */
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
	isb
	mrs	x11, cntvct_el0
	str	x11, [sp, #24]
	smc	#0
	isb
	mrs	x11, cntvct_el0
	ldr	x12, [sp, #24]
	sub	x11, x11, x12
	adrp	x12, smc_ticks
	str	x11, [x12, :lo12:smc_ticks]
	ldr	x11, [sp, #16]
	stp	x0, x1, [x11]
	stp	x2, x3, [x11, #16]
	stp	x4, x5, [x11, #32]
	stp	x6, x7, [x11, #48]
	stp	x8, x9, [x11, #64]
	str	x10, [x11, #80]
	ldp	x29, x30, [sp], #32
	ret

/* void ping(void *call): the shortest way to the host, again and again */
	.global ping
ping:
	mov	x19, x0
1:	mov	x0, #0x0199
	movk	x0, #0xc400, lsl #16
	mov	x1, x19
	smc	#0
	b	1b

	.balign	4096
realm_vectors:
	.rept	16
	.balign	128
	b	.
	.endr

	.bss
	.balign	8
	.global smc_ticks
smc_ticks:
	.skip	8

	.section .bss.stack, "aw"
	.balign	4096
	.skip	4096
realm_stack_top:
