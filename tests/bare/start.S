/* SPDX-License-Identifier: Apache-2.0 */
/* A bare-metal normal world: entered by EL3 at EL2 with the MMU off, at the address of BL33. */

#define CPUS		2
#define STACK_SIZE	0x10000

#define HCR_NS		(1 << 31)			/* E2H = 0, RW */
#define MAIR_NS		0x04ff				/* 0: Normal write-back; 1: Device-nGnRE */
#define TCR_NS		(1 << 31 | 1 << 23 | 2 << 16 | 3 << 12 | 1 << 10 | 1 << 8 | 25)
#define SCTLR_NS	0x30c51835			/* M, C, I */

	.section .text.start, "ax"
	.global bare_entry
bare_entry:
	adrp	x1, bss_start
	adrp	x2, bss_end
1:	stp	xzr, xzr, [x1], #16
	cmp	x1, x2
	b.lo	1b
	mov	x19, #0
	bl	cpu_on
	bl	bare_main
	b	.

/* From PSCI CPU_ON, X0 = CPU number. */
	.global secondary_entry
secondary_entry:
	mov	x19, x0
	bl	cpu_on
	mov	x0, x19
	bl	bare_secondary
	b	.

cpu_on:
	ldr	x0, =HCR_NS
	msr	hcr_el2, x0
	ldr	x0, =MAIR_NS
	msr	mair_el2, x0
	ldr	x0, =TCR_NS
	msr	tcr_el2, x0
	adrp	x0, bare_l1
	msr	ttbr0_el2, x0
	adrp	x0, bare_vectors
	msr	vbar_el2, x0
	msr	cptr_el2, xzr
	isb
	tlbi	alle2
	dsb	nsh
	isb
	ldr	x0, =SCTLR_NS
	msr	sctlr_el2, x0
	isb
	adrp	x0, stacks
	add	x1, x19, #1
	mov	x2, #STACK_SIZE
	madd	x0, x1, x2, x0
	mov	sp, x0
	ret

/*
 * void rmi_smc(uint64_t regs[8]): X0..X7 in and out. Callee-saved registers survive, which the
 * firmware owes us; the rest is the compiler's loss. uint64_t rmi_ticks: what the counter advanced over the SMC alone.
 */
	.global rmi_smc
rmi_smc:
	stp	x29, x30, [sp, #-32]!
	str	x0, [sp, #16]
	mov	x9, x0
	ldp	x0, x1, [x9]
	ldp	x2, x3, [x9, #16]
	ldp	x4, x5, [x9, #32]
	ldp	x6, x7, [x9, #48]
	isb
	mrs	x9, cntpct_el0
	str	x9, [sp, #24]
	smc	#0
	isb
	mrs	x9, cntpct_el0
	ldr	x10, [sp, #24]
	sub	x9, x9, x10
	adrp	x10, rmi_ticks
	str	x9, [x10, :lo12:rmi_ticks]
	ldr	x9, [sp, #16]
	stp	x0, x1, [x9]
	stp	x2, x3, [x9, #16]
	stp	x4, x5, [x9, #32]
	stp	x6, x7, [x9, #48]
	ldp	x29, x30, [sp], #32
	ret

/* bool host_can_read(const void *) / host_can_write(void *): touch, and say whether it faulted. */
	.global host_can_read
host_can_read:
	ldr	x1, [x0]
	mov	w0, #1
	ret
	.global host_can_write
host_can_write:
	str	xzr, [x0]
	mov	w0, #1
	ret
touch_end:
touch_faulted:
	mov	w0, #0
	ret

/* Any other exception ends the run with its syndrome. */
	.macro	ventry target
	.balign	128
	b	\target
	.endm
	.balign	4096
bare_vectors:
	.rept	4
	ventry	unexpected
	.endr
	ventry	sync
	.rept	11
	ventry	unexpected
	.endr
	.balign	128
sync:
	stp	x0, x1, [sp, #-16]!
	mrs	x0, elr_el2
	adr	x1, host_can_read
	cmp	x0, x1
	b.lo	2f
	adr	x1, touch_end
	cmp	x0, x1
	b.hs	2f
	adr	x1, touch_faulted
	msr	elr_el2, x1
	ldp	x0, x1, [sp], #16
	eret
2:	ldp	x0, x1, [sp], #16
unexpected:
	mrs	x0, esr_el2
	mrs	x1, elr_el2
	mrs	x2, far_el2
	bl	bare_exception
	b	.

/* Identity map, 1 GiB blocks: devices, then three of DRAM. */
	.section .data.l1, "aw"
	.balign	4096
bare_l1:
	.quad	0x00000000 | 1 << 10 | 1 << 2 | 1
	.quad	0x40000000 | 1 << 10 | 3 << 8 | 1
	.quad	0x80000000 | 1 << 10 | 3 << 8 | 1
	.quad	0xc0000000 | 1 << 10 | 3 << 8 | 1
	.skip	508 * 8

	.section .bss.stacks, "aw", %nobits
	.balign	4096
stacks:
	.skip	CPUS * STACK_SIZE

/* The Realm image, linked for its own address space. */
	.section .rodata.realm, "a"
	.balign	4096
	.global realm_image, realm_image_end
realm_image:
	.incbin	REALM_IMAGE
	.balign	4096
realm_image_end:

	.bss
	.balign	8
	.global rmi_ticks
rmi_ticks:
	.skip	8
