/* SPDX-License-Identifier: Apache-2.0 */
/* Entry, a handler that counts an exception and skips its instruction, calls. MMU off, IPA 0. */
#include "../../bare/regs.h"

	.section .text.start, "ax"
	.global realm_entry
realm_entry:
	adrp	x1, stack_top
	mov	sp, x1
	adrp	x1, vectors
	add	x1, x1, :lo12:vectors
	msr	vbar_el1, x1
	isb
	bl	realm_main
	b	.

/* void smc(uint64_t x[18]): X0..X17 in and out */
	.global smc
smc:
	stp	x29, x30, [sp, #-32]!
	str	x0, [sp, #16]
	mov	x18, x0
	regs	ldp, 0, 17, x18
	smc	#0
	ldr	x18, [sp, #16]
	regs	stp, 0, 17, x18
	ldp	x29, x30, [sp], #32
	ret

/* void vector_fill(uint64_t v): V0..V31, FPCR, FPSR; void vector_read(uint64_t to[66]) */
	.arch_extension fp
	.arch_extension simd
	.global vector_fill, vector_read
vector_fill:
	mov	x1, #(3 << 20)
	msr	cpacr_el1, x1
	isb
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	dup	v\n\().2d, x0
	.endr
	and	x1, x0, #0x07c00000
	msr	fpcr, x1
	and	x1, x0, #0x1f
	msr	fpsr, x1
	ret
vector_read:
	mov	x1, #(3 << 20)
	msr	cpacr_el1, x1
	isb
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	str	q\n, [x0], #16
	.endr
	mrs	x1, fpcr
	mrs	x2, fpsr
	stp	x1, x2, [x0]
	ret

/* void regs_fill_wfi(uint64_t v): every register but SP holds v when the WFI leaves */
	.global regs_fill_wfi
regs_fill_wfi:
	frame_push 96
	.irp	n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
	mov	x\n, x0
	.endr
	wfi
	frame_pop 96
	ret

	.balign	2048
vectors:
	.rept	16
	.balign	128
	b	fault
	.endr

/* uint64_t faults[3]: count, ESR and FAR of the last. A fetch goes back to its caller. */
	.balign	128
fault:
	stp	x0, x1, [sp, #-32]!
	stp	x2, x3, [sp, #16]
	adrp	x0, faults
	add	x0, x0, :lo12:faults
	ldr	x1, [x0]
	add	x1, x1, #1
	mrs	x2, esr_el1
	stp	x1, x2, [x0]
	mrs	x3, far_el1
	str	x3, [x0, #16]
	lsr	x2, x2, #27			/* EC without its lowest bit */
	mrs	x1, elr_el1
	add	x3, x1, #4
	cmp	x2, #(0x15 >> 1)		/* SVC: it is behind it already */
	csel	x1, x1, x3, eq
	cmp	x2, #(0x20 >> 1)
	csel	x1, x30, x1, eq
	msr	elr_el1, x1
	ldp	x2, x3, [sp, #16]
	ldp	x0, x1, [sp], #32
	eret

	.bss
	.balign	16
	.global faults
faults:
	.skip	32

	.section .bss.stack, "aw"
	.balign	4096
	.skip	4096
stack_top:
