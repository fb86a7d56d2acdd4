/* SPDX-License-Identifier: Apache-2.0 */
/* Entry of the bare-metal Realm: EL1, MMU off, IPA 0, X0 = routine. */
#include "../regs.h"

	.section .text.start, "ax"
	.global realm_entry
realm_entry:
	adrp	x1, realm_stack_top
	ubfx	x2, x0, #8, #8			/* a slot's own stack */
	sub	x1, x1, x2, lsl #10
	mov	sp, x1
	adrp	x1, realm_vectors
	msr	vbar_el1, x1
	isb
	bl	realm_main
	b	.

/* void smc_call(uint64_t regs[11]); uint64_t smc_ticks[2]: what the counter advanced over the SMC alone; and the counter then */
	.global smc_call
smc_call:
	stp	x29, x30, [sp, #-32]!
	str	x0, [sp, #16]
	mov	x11, x0
	regs	ldp, 0, 9, x11
	ldr	x10, [x11, #80]
	isb
	mrs	x11, cntvct_el0
	str	x11, [sp, #24]
	smc	#0
	isb
	mrs	x11, cntvct_el0
	ldr	x12, [sp, #24]
	sub	x12, x11, x12
	adrp	x13, smc_ticks
	add	x13, x13, :lo12:smc_ticks
	stp	x12, x11, [x13]
	ldr	x11, [sp, #16]
	regs	stp, 0, 9, x11
	str	x10, [x11, #80]
	ldp	x29, x30, [sp], #32
	ret

/* void regs_smc(uint64_t regs[31]): an SMC with all general registers in and out */
	.global regs_smc
regs_smc:
	frame_push 112
	str	x0, [sp, #96]
	mov	x30, x0
	regs	ldp, 0, 29, x30
	ldr	x30, [x30, #240]
	smc	#0
	stp	x0, x1, [sp, #-16]!
	ldr	x0, [sp, #112]
	regs	stp, 2, 29, x0
	str	x30, [x0, #240]
	ldp	x2, x3, [sp], #16
	stp	x2, x3, [x0]
	frame_pop 112
	ret

/* void vector_set(uint64_t v); uint64_t vector_get(void): D7, after allowing EL1 to use it */
	.arch_extension fp
	.global vector_set
vector_set:
	mov	x1, #(3 << 20)
	msr	cpacr_el1, x1
	isb
	fmov	d7, x0
	ret
	.global vector_get
vector_get:
	fmov	x0, d7
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

/*
 * void serve(uint64_t gate, int64_t next): for ever: answer with the words of the call; before, a call with them through gate
 * @next, unless that is negative.
 */
	.global serve
serve:
	mov	x19, x0
	mov	x20, x1
	mov	x21, #0x4d08			/* GATE_CALL */
	movk	x21, #0xc600, lsl #16
1:	add	x0, x21, #1			/* GATE_RECV */
	mov	x1, x19
	smc	#0
	mov	x9, x8				/* word n comes in X(n+1), and goes from X(n+2) */
	mov	x8, x7
	mov	x7, x6
	mov	x6, x5
	mov	x5, x4
	mov	x4, x3
	mov	x3, x2
	mov	x2, x1
	tbnz	x20, #63, 1b
	mov	x0, x21
	mov	x1, x20
	smc	#0
	mov	x2, x1
	b	1b

/*
 * void exec_run(struct exec_state *s, const void *code): registers from s->in, the code, registers into s->out. [SP] is s
 * meanwhile, the two words above it are scratch. The code ends with a branch to exec_return.
 */
#define OUT		(30 * 8)
#define VECTOR		(61 * 8)
	.global exec_run, exec_return
exec_run:
	frame_push 96
	str	x0, [sp, #-32]!
	mov	x2, #0x3c5			/* PSTATE of every program's start: EL1h, masked, nothing else */
	msr	spsr_el1, x2
	msr	elr_el1, x1
	mov	x30, x1
	regs	ldp, 2, 29, x0
	ldp	x0, x1, [x0]
	eret
exec_return:
	stp	x0, x1, [sp, #8]
	ldr	x0, [sp]
	regs	stp, 2, 29, x0, OUT
	str	x30, [x0, #(OUT + 30 * 8)]
	ldp	x1, x2, [sp, #8]
	stp	x1, x2, [x0, #OUT]
	add	sp, sp, #32
	frame_pop 96
	ret

	.macro	or_in reg
	mrs	x2, \reg
	orr	x1, x1, x2
	.endm
/* An exception of the code: what it was, and the code is over. */
exec_exception:
	ldr	x0, [sp]
	str	x1, [x0, #VECTOR]
	mrs	x1, esr_el1
	str	x1, [x0, #(VECTOR + 8)]
	mrs	x1, far_el1
	str	x1, [x0, #(VECTOR + 16)]
	mrs	x1, elr_el1
	str	x1, [x0, #(VECTOR + 24)]
	mrs	x1, spsr_el1
	str	x1, [x0, #(VECTOR + 32)]
	str	x2, [sp, #24]
	mrs	x1, nzcv
	or_in	daif
	or_in	currentel
	or_in	spsel
	or_in	s3_0_c4_c2_3			/* PAN */
	or_in	s3_0_c4_c2_4			/* UAO */
	or_in	s3_3_c4_c2_5			/* DIT */
	or_in	s3_3_c4_c2_6			/* SSBS */
	or_in	s3_0_c4_c3_0			/* ALLINT */
	str	x1, [x0, #(VECTOR + 40)]
	ldr	x2, [sp, #24]
	ldp	x0, x1, [sp, #8]
	b	exec_return

	.balign	4096
realm_vectors:
	.set	offset, 0
	.rept	16
	.balign	128
	stp	x0, x1, [sp, #8]
	mov	x1, #offset
	b	exec_exception
	.set	offset, offset + 128
	.endr

	.bss
	.balign	8
	.global smc_ticks
smc_ticks:
	.skip	16

	.section .bss.stack, "aw"
	.balign	4096
	.skip	4096
realm_stack_top:
