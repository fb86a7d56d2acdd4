/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entry from EL3, cold and warm, MMU and caches off. X0 CPU index; cold: X1 interface version,
 * X2 CPUs, X3 shared page. Source: RMM-EL3 interface 0.4, boot ABI; registers: reference values
 * of an EL2&0 regime (E2H = 1, TGE = 0).
 */
#include "layout.h"

#define CPUS		32		/* MAX_CPUS; checked against C in mmu.c */

#define HCR_RMM		(1 << 34 | 1 << 37)		/* E2H, TEA */
#define CPTR_RMM	(1 << 28 | 1 << 30)		/* TTA, TAM; FP, SVE, SME trap */
#define MDCR_RMM	0x10820260			/* no PMU, no debug; HPMN kept */
#define CNTHCTL_RMM	3				/* EL0PCTEN, EL0VCTEN */
#define MAIR_RMM	0x04ff				/* 0: Normal write-back; 1: Device-nGnRE */
#define SCTLR_RMM	0x345dd91d			/* M, C, I, WXN, EIS, EOS; A = SPAN = 0 */
/* T0SZ, walks write-back inner shareable; no TTBR1; TG1 = 4K; HPD0. IPS is added. */
#define TCR_RMM		((64 - VA_BITS) | 1 << 8 | 1 << 10 | 3 << 12 | (64 - VA_BITS) << 16 | \
			 1 << 23 | 2 << 30 | 1 << 41)
#define IPS_48		5

#define EL3_BOOT_COMPLETE	0xc40001cf
#define BOOT_BAD_CPU		-4

	.section .text.boot, "ax"
	.global rmm_entry
rmm_entry:
	cmp	x0, #CPUS
	b.hs	bad_cpu
	mov	x19, x0
	mov	x20, x1
	mov	x21, x2
	mov	x22, x3

	adrp	x1, boot_is_warm
	ldr	w1, [x1, :lo12:boot_is_warm]
	cbnz	w1, warm

	/*
	 * Cold. Nothing of ours may sit in a cache: what follows is written with the MMU off, straight
	 * to memory, and a stale line must not shadow it later. EL3 has cleaned the image.
	 */
	adrp	x0, rmm_image_start
	adrp	x1, rmm_image_end
	mrs	x2, ctr_el0
	ubfx	x2, x2, #16, #4
	mov	x3, #4
	lsl	x2, x3, x2
1:	dc	ivac, x0
	add	x0, x0, x2
	cmp	x0, x1
	b.lo	1b
	dsb	sy

	adrp	x0, rmm_bss_start
	adrp	x1, rmm_bss_end
2:	stp	xzr, xzr, [x0], #16
	cmp	x0, x1
	b.lo	2b

	bl	set_stack
	bl	mmu_build_image
	bl	mmu_on
	mov	x0, x20
	mov	x1, x21
	mov	x2, x22
	bl	boot_cold
	b	.

warm:
	bl	mmu_on
	bl	set_stack
	bl	boot_warm
	b	.

bad_cpu:
	ldr	x0, =EL3_BOOT_COMPLETE
	mov	x1, #BOOT_BAD_CPU
	smc	#0
	b	.

/* SP of CPU x19. */
set_stack:
	adrp	x0, rmm_stacks
	add	x1, x19, #1
	add	x0, x0, x1, lsl #STACK_SLOT_SHIFT
	mov	sp, x0
	ret

/* Every EL2 register the monitor relies on, for CPU x19; EL3 may have zeroed them all. */
mmu_on:
	ldr	x0, =HCR_RMM
	msr	hcr_el2, x0
	isb
	ldr	x0, =CPTR_RMM
	msr	cptr_el2, x0
	mrs	x0, mdcr_el2
	and	x0, x0, #0x1f
	ldr	x1, =MDCR_RMM
	orr	x0, x0, x1
	msr	mdcr_el2, x0
	mov	x0, #CNTHCTL_RMM
	msr	cnthctl_el2, x0
	msr	cntvoff_el2, xzr
	msr	vttbr_el2, xzr
	msr	tpidr_el2, x19
	adrp	x0, rmm_vectors
	add	x0, x0, :lo12:rmm_vectors
	msr	vbar_el2, x0

	ldr	x0, =MAIR_RMM
	msr	mair_el2, x0
	mrs	x1, id_aa64mmfr0_el1
	and	x1, x1, #0xf
	mov	x2, #IPS_48
	cmp	x1, x2
	csel	x1, x1, x2, lo
	ldr	x0, =TCR_RMM
	orr	x0, x0, x1, lsl #32
	msr	tcr_el2, x0
	adrp	x0, mmu_roots
	add	x0, x0, x19, lsl #12
	msr	ttbr0_el2, x0
	isb
	tlbi	alle2
	tlbi	alle1
	ic	iallu
	dsb	nsh
	isb
	ldr	x0, =SCTLR_RMM
	msr	sctlr_el2, x0
	isb
	ret

	.section .data.boot, "aw"
	.balign	64
	.global boot_is_warm
boot_is_warm:
	.word	0
	.balign	64
