/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The vector table. From the monitor itself two exceptions are expected: the non-secure copy routine meeting
 * memory that changed its world or is not there, and a translation made for a Realm whose tables lie in such memory.
 * Everything else is a bug of ours and ends in a report. Exceptions from a Realm go to the run loop's entry points.
 */
#include "layout.h"

#define EC_DATA_ABORT_SAME	0x25
#define DFSC_GPF		0x28
#define DFSC_EXTERNAL		0x10

	.macro	vector target
	.balign	128
	b	\target
	.endm

	/*
	 * From the monitor. A stack that ran into its guard cannot hold the report: the guard is the lowest page of
	 * an aligned slot, so SP bits [14:12] are all zero there. No register is free, hence the
	 * detour of x0 through SP: afterwards x0 is SP and SP is SP + x0, and the way back is exact.
	 */
	.macro	vector_self target
	.balign	128
	add	sp, sp, x0
	sub	x0, sp, x0
	tbnz	x0, #14, 1f
	tbnz	x0, #13, 1f
	tbz	x0, #12, stack_overflow
1:	sub	x0, sp, x0
	sub	sp, sp, x0
	b	\target
	.endm

	.section .text.vectors, "ax"
	.balign	2048
	.global rmm_vectors
rmm_vectors:
	/* current EL, SP_EL0: never used */
	vector	unexpected
	vector	unexpected
	vector	unexpected
	vector	unexpected
	/* current EL, SP_EL2 */
	vector_self self_sync
	vector_self unexpected
	vector_self unexpected
	vector_self unexpected
	/* lower EL, AArch64: a Realm */
	vector	rec_trap_sync
	vector	rec_trap_irq
	vector	rec_trap_fiq
	vector	rec_trap_serror
	/* lower EL, AArch32: HCR_EL2.RW is always 1 */
	vector	unexpected
	vector	unexpected
	vector	unexpected
	vector	unexpected
	.balign	128

self_sync:
	stp	x0, x1, [sp, #-16]!
	mrs	x0, esr_el2
	lsr	x1, x0, #26
	cmp	x1, #EC_DATA_ABORT_SAME
	b.ne	2f
	mrs	x1, elr_el2			/* its one access is the walk through the Realm's tables, whatever the fault */
	adr	x0, realm_at
	cmp	x0, x1
	b.eq	realm_at_aborts
	mrs	x0, esr_el2
	and	x0, x0, #0x3f
	cmp	x0, #DFSC_GPF
	ccmp	x0, #DFSC_EXTERNAL, #4, ne
	b.ne	2f
	mrs	x0, far_el2			/* in the non-secure map? */
	lsr	x0, x0, #37
	cmp	x0, #(VA_NS_MAP >> 37)
	b.ne	2f
	mrs	x0, elr_el2
	adr	x1, ns_copy
	cmp	x0, x1
	b.lo	2f
	adr	x1, ns_copy_fault
	cmp	x0, x1
	b.hs	2f
	msr	elr_el2, x1
	ldp	x0, x1, [sp], #16
	eret
2:	ldp	x0, x1, [sp], #16
	b	unexpected

realm_at_aborts:
	adr	x1, realm_at_fault
	msr	elr_el2, x1
	ldp	x0, x1, [sp], #16
	eret

stack_overflow:
	adrp	x0, emergency_stack_top
	mov	sp, x0
	/* x0 is lost; the rest of the report is true */

unexpected:
	sub	sp, sp, #256
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
	str	x30, [sp, #240]
	mov	x0, sp
	bl	panic_exception
	b	.

/*
 * bool ns_copy(void *dst, const void *src, size_t size): one side is in the non-secure map.
 * Both 8-byte aligned, size a multiple of 8. false: an access to the non-secure side faulted.
 */
	.section .text.ns_copy, "ax"
	.global ns_copy
ns_copy:
1:	subs	x2, x2, #16
	b.lo	2f
	ldp	x3, x4, [x1], #16
	stp	x3, x4, [x0], #16
	b	1b
2:	tbz	x2, #3, 3f
	ldr	x3, [x1]
	str	x3, [x0]
3:	mov	w0, #1
	ret
ns_copy_fault:
	mov	w0, #0
	ret

/* bool realm_at(uint64_t va): stage 1 of the loaded Realm, result in PAR_EL1. false: an external abort on the walk. */
	.global realm_at
realm_at:
	at	s1e1r, x0
	isb
	mov	w0, #1
	ret
realm_at_fault:
	mov	w0, #0
	ret

/* One for all CPUs: it only serves to say goodbye. */
	.section .bss.emergency, "aw", %nobits
	.balign	4096
	.skip	4096
emergency_stack_top:
