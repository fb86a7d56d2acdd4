/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Into a Realm and back. To C, arch_rec_run() is a call: it keeps what the procedure call standard wants kept, leaves
 * the pointer to the Realm's registers on the stack, and erets; a trap finds the stack as it was left.
 *
 * enum rec_trap arch_rec_run(uint64_t gpr[31])
 */
#define FRAME		112
#define FRAME_GPR	96

#define TRAP_SYNC	0	/* enum rec_trap */
#define TRAP_IRQ	1
#define TRAP_FIQ	2
#define TRAP_SERROR	3

	.section .text.run, "ax"

	.global arch_rec_run
arch_rec_run:
	stp	x29, x30, [sp, #-FRAME]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	str	x0, [sp, #FRAME_GPR]
	isb
	clrex
	ldp	x2, x3, [x0, #16]
	ldp	x4, x5, [x0, #32]
	ldp	x6, x7, [x0, #48]
	ldp	x8, x9, [x0, #64]
	ldp	x10, x11, [x0, #80]
	ldp	x12, x13, [x0, #96]
	ldp	x14, x15, [x0, #112]
	ldp	x16, x17, [x0, #128]
	ldp	x18, x19, [x0, #144]
	ldp	x20, x21, [x0, #160]
	ldp	x22, x23, [x0, #176]
	ldp	x24, x25, [x0, #192]
	ldp	x26, x27, [x0, #208]
	ldp	x28, x29, [x0, #224]
	ldr	x30, [x0, #240]
	ldp	x0, x1, [x0]
	eret
	dsb	nsh			/* nothing is fetched past the eret */
	isb

	.macro	trap name, cause
	.global	\name
\name:
	stp	x0, x1, [sp, #-16]!
	mov	x1, #\cause
	b	leave
	.endm

	trap	rec_trap_sync, TRAP_SYNC
	trap	rec_trap_irq, TRAP_IRQ
	trap	rec_trap_fiq, TRAP_FIQ
	trap	rec_trap_serror, TRAP_SERROR

/* x1 is the cause; the Realm's x0 and x1 lie on top of the frame. */
leave:
	ldr	x0, [sp, #(16 + FRAME_GPR)]
	stp	x2, x3, [x0, #16]
	stp	x4, x5, [x0, #32]
	stp	x6, x7, [x0, #48]
	stp	x8, x9, [x0, #64]
	stp	x10, x11, [x0, #80]
	stp	x12, x13, [x0, #96]
	stp	x14, x15, [x0, #112]
	stp	x16, x17, [x0, #128]
	stp	x18, x19, [x0, #144]
	stp	x20, x21, [x0, #160]
	stp	x22, x23, [x0, #176]
	stp	x24, x25, [x0, #192]
	stp	x26, x27, [x0, #208]
	stp	x28, x29, [x0, #224]
	str	x30, [x0, #240]
	ldp	x2, x3, [sp], #16
	stp	x2, x3, [x0]
	clrex

	mov	x0, x1
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	x29, x30, [sp], #FRAME
	ret
