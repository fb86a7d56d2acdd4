/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A target for breakpoints, watchpoints and steps, at EL1 and at EL0, and the handler that counts what it raises.
 * uint64_t exceptions[4]: count, ESR, ELR, FAR of the last.
 */
#define EC_SVC		0x15
#define EC_FETCH	0x20		/* and 0x21 from the same level */
#define EC_STEP		0x32		/* and 0x33 from the same level */
#define SPSR_SS		(1 << 21)
#define MDSCR_SS	1

	.text
	.global exceptions_on
exceptions_on:
	adrp	x0, order_vectors
	add	x0, x0, :lo12:order_vectors
	msr	vbar_el1, x0
	isb
	ret

/* Any register but x9, x10 and those a call keeps. The stores are what a watchpoint may see. */
	.global target, target_second
target:
	mov	x9, #1
target_second:
	adrp	x10, target_word
	str	x9, [x10, :lo12:target_word]
	ret

	.global at_el1
at_el1:
	stp	x29, x30, [sp, #-16]!
	adrp	x9, target_word
	str	xzr, [x9, :lo12:target_word]
	mrs	x9, mdscr_el1
	tbnz	x9, #0, 1f			/* stepping begins with an exception return, unmasked earlier it would be here */
	msr	daifclr, #8
	bl	target
	b	2f
1:	adr	x9, target
	msr	elr_el1, x9
	ldr	x9, =(SPSR_SS | 0x1c5)		/* EL1h, A, I, F masked, D not */
	msr	spsr_el1, x9
	adr	x30, 2f
	eret
2:	msr	daifset, #8
	ldp	x29, x30, [sp], #16
	ret

	.global at_el0
at_el0:
	stp	x29, x30, [sp, #-16]!
	adrp	x9, target_word
	str	xzr, [x9, :lo12:target_word]
	adr	x30, el0_done
	adr	x9, target
	msr	elr_el1, x9
	ldr	x9, =(SPSR_SS | 0x1c0)		/* EL0t */
	msr	spsr_el1, x9
	eret
el0_done:
	svc	#0
	b	.

	.balign	2048
order_vectors:
	.rept	4
	.balign	128
	b	.
	.endr
	.balign	128
	b	sync
	.rept	3
	.balign	128
	b	.
	.endr
	.balign	128
	b	sync
	.rept	7
	.balign	128
	b	.
	.endr

	.balign	128
sync:
	stp	x0, x1, [sp, #-16]!
	mrs	x1, esr_el1
	lsr	x1, x1, #26
	cmp	x1, #EC_SVC
	b.eq	from_el0
	stp	x2, x3, [sp, #-16]!
	adrp	x0, exceptions
	add	x0, x0, :lo12:exceptions
	ldr	x2, [x0]
	add	x2, x2, #1
	mrs	x3, esr_el1
	stp	x2, x3, [x0]
	mrs	x2, elr_el1
	mrs	x3, far_el1
	stp	x2, x3, [x0, #16]
	and	x1, x1, #~1
	cmp	x1, #EC_STEP
	b.eq	1f
	add	x2, x2, #4
	cmp	x1, #EC_FETCH
	csel	x2, x30, x2, eq			/* the call of what cannot be fetched is skipped */
	msr	elr_el1, x2
	b	2f
1:	mrs	x1, mdscr_el1
	bic	x1, x1, #MDSCR_SS
	msr	mdscr_el1, x1
	mrs	x1, spsr_el1
	bic	x1, x1, #SPSR_SS
	msr	spsr_el1, x1
2:	ldp	x2, x3, [sp], #16
	ldp	x0, x1, [sp], #16
	eret

/* The target came to its end at EL0: at_el0 returns to its caller, at EL1 as before. */
from_el0:
	ldp	x0, x1, [sp], #16
	ldp	x29, x30, [sp], #16
	ret

	.bss
	.balign	8
	.global exceptions, target_word, other_word
exceptions:
	.skip	32
target_word:
	.skip	8
other_word:
	.skip	8
