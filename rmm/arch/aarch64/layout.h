/* SPDX-License-Identifier: Apache-2.0 */
/* The monitor's virtual addresses: 39 bits, TTBR0 only. Read by C and by assembly. docs/architecture.md */
#ifndef RMM_ARCH_LAYOUT_H
#define RMM_ARCH_LAYOUT_H

#define VA_BITS		39
#define VA_REALM_MAP	0x1000000000	/* 64 GiB + PA: delegable DRAM, Realm PAS */
#define VA_NS_MAP	0x2000000000	/* 128 GiB + PA: the same, Non-secure PAS */
#define VA_WINDOW	0x7fc0000000	/* the last GiB: this CPU's window */

/* A CPU's stack slot: the lowest page is the guard, never mapped. */
#define STACK_SLOT_SHIFT 15
#define STACK_SLOT	(1 << STACK_SLOT_SHIFT)

#endif
