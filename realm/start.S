/* SPDX-License-Identifier: Apache-2.0 */
/*
 * First instructions of a component, exception vectors, and the switch to the translated
 * address space. Entered at the start of RAM, EL1h, MMU off, every general register zero; by CPU_ON, too.
 */
#include "cpu.h"

	.section .text..start, "ax"	/* no C function can be called that */
	.global	_start
_start:
	mrs	x0, mpidr_el1
	and	x0, x0, #0xffffff
	cbnz	x0, other

	adr	x0, vectors
	msr	vbar_el1, x0
	isb
	/* SP_EL0 serves exceptions, so that a stack that ran into its guard page can be told. */
	adrp	x0, __fault_stack_top
	add	x0, x0, :lo12:__fault_stack_top
	msr	sp_el0, x0
	msr	spsel, #1
	adrp	x0, __stack_top
	add	x0, x0, :lo12:__stack_top
	mov	sp, x0

	bl	mmu_build			/* x0 = table, x1 = TCR */
	bl	mmu_on
	bl	libmica_start
	b	.

mmu_on:						/* x0 = table, x1 = TCR */
	mov	x2, #0xff			/* attribute 0: normal, write-back */
	msr	mair_el1, x2
	msr	ttbr0_el1, x0
	msr	tcr_el1, x1
	isb
	tlbi	vmalle1
	dsb	nsh
	isb
	ldr	x2, =0x30d8181d			/* RES1, WXN, I, SA0, SA, C, M */
	msr	sctlr_el1, x2
	isb
	ret

	/*
	 * Another CPU of the role, x0 = its number: waits for cpu.c to give it a stack. Memory is coherent without the
	 * MMU, too (stage 2 forces write-back). With `psci` it waits switched off, and comes back through _start.
	 */
other:
	cmp	x0, #CPUS
	b.hs	park
	adrp	x19, libmica_cpus
	add	x19, x19, :lo12:libmica_cpus
	add	x20, x19, x0, lsl #3
	add	x20, x20, #CPUS_STACK
	mov	x21, x0
1:	ldar	x2, [x20]
	cbnz	x2, 2f
	add	x1, x19, #CPUS_OFF
	ldar	x1, [x1]
	cbnz	x1, 3f
	wfi
	b	1b
2:	adr	x0, vectors
	msr	vbar_el1, x0
	isb
	sub	x0, x2, #CPU_STACK_MIN
	add	x0, x0, #CPU_FAULT_STACK
	msr	sp_el0, x0
	msr	spsel, #1
	mov	sp, x2
	ldp	x0, x1, [x19]			/* table and TCR of the first CPU */
	bl	mmu_on
	mov	x0, x21
	bl	libmica_cpu
	mov	x0, x21
	b	other
3:	movz	x0, #0x8400, lsl #16		/* PSCI CPU_OFF */
	movk	x0, #0x0002
	smc	#0
	mov	x0, x21				/* denied: wait here */
	b	other

park:
	wfi
	b	park

	.macro	vector name
	.balign	128
	b	\name
	.endm

	.balign	2048
vectors:
	/* SP_EL0: an exception while one is being handled. There is nothing left to trust. */
	vector	dead
	vector	dead
	vector	dead
	vector	dead
	/* SP_EL1: synchronous, IRQ, FIQ, SError */
	vector	fault
	vector	dead
	vector	dead
	vector	dead
	/* EL0: never entered */
	.rept	8
	vector	dead
	.endr

	/* Save everything on the exception stack, let C decide, go on where it says. */
fault:
	msr	spsel, #0
	sub	sp, sp, #(35 * 8 + 8)
	stp	x0, x1, [sp, #0]
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x19, [sp, #144]
	stp	x20, x21, [sp, #160]
	stp	x22, x23, [sp, #176]
	stp	x24, x25, [sp, #192]
	stp	x26, x27, [sp, #208]
	stp	x28, x29, [sp, #224]
	mrs	x0, elr_el1
	stp	x30, x0, [sp, #240]
	mrs	x0, spsr_el1
	mrs	x1, esr_el1
	stp	x0, x1, [sp, #256]
	mrs	x0, far_el1
	str	x0, [sp, #272]
	mov	x0, sp
	bl	libmica_fault			/* returns only if the component repaired it */
	ldp	x30, x0, [sp, #240]
	msr	elr_el1, x0
	ldr	x0, [sp, #256]
	msr	spsr_el1, x0
	ldp	x0, x1, [sp, #0]
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x19, [sp, #144]
	ldp	x20, x21, [sp, #160]
	ldp	x22, x23, [sp, #176]
	ldp	x24, x25, [sp, #192]
	ldp	x26, x27, [sp, #208]
	ldp	x28, x29, [sp, #224]
	add	sp, sp, #(35 * 8 + 8)
	msr	spsel, #1
	eret

dead:
	movz	x0, #0x8400, lsl #16		/* PSCI SYSTEM_OFF */
	movk	x0, #0x0008
	smc	#0
	b	dead

	/* void mica_smc(uint64_t x[11]) */
	.text
	.global	mica_smc
mica_smc:
	stp	x0, x30, [sp, #-16]!
	mov	x16, x0
	ldp	x0, x1, [x16, #0]
	ldp	x2, x3, [x16, #16]
	ldp	x4, x5, [x16, #32]
	ldp	x6, x7, [x16, #48]
	ldp	x8, x9, [x16, #64]
	ldr	x10, [x16, #80]
	smc	#0
	ldp	x16, x30, [sp], #16
	stp	x0, x1, [x16, #0]
	stp	x2, x3, [x16, #16]
	stp	x4, x5, [x16, #32]
	stp	x6, x7, [x16, #48]
	stp	x8, x9, [x16, #64]
	str	x10, [x16, #80]
	ret
	.section .note.GNU-stack, "", %progbits
