/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All system registers by number: S<2 + o0>_<op1>_C<n>_C<m>_<op2> is o0 << 14 | op1 << 11 | n << 7 | m << 3 | op2. Whoever
 * wants to read or write "all" builds the instruction of each and sees which are there. Host and Realms do.
 */
#ifndef NONINT_SYSREGS_H
#define NONINT_SYSREGS_H

#include <stdbool.h>
#include <stdint.h>

#define SYSREGS		0x8000U		/* op0 = 2 and 3 */
#define SYSTEM_INSNS	0x4000U		/* op0 = 1 */
#define INSN_MSR	0xd5100000U	/* | number << 5 | Rt */
#define INSN_MRS	0xd5300000U
#define INSN_SYS	0xd5080000U
#define INSN_RET	0xd65f03c0U

#define SYSREG(op0, op1, n, m, op2)	(((op0) - 2) << 14 | (op1) << 11 | (n) << 7 | (m) << 3 | (op2))

/* Reading them takes an interrupt, or draws a random number: an act, not a look. */
static inline bool sysreg_read_acts(unsigned int r)
{
	return r == SYSREG(3, 0, 12, 12, 0) || r == SYSREG(3, 0, 12, 8, 0) ||	/* ICC_IAR1, IAR0 */
	       r == SYSREG(3, 0, 12, 9, 5) ||					/* ICC_NMIAR1 */
	       r == SYSREG(3, 3, 2, 4, 0) || r == SYSREG(3, 3, 2, 4, 1);		/* RNDR, RNDRRS */
}

/* They count time: part of what a host sees, but recorded apart. */
static inline bool sysreg_is_time(unsigned int r)
{
	unsigned int op1 = r >> 11 & 7, n = r >> 7 & 15, m = r >> 3 & 15, op2 = r & 7;

	if (!(r >> 14))
		return false;
	if (n == 14 && m == 0 && op1 == 3 && (op2 == 1 || op2 == 2 || op2 == 5 || op2 == 6))
		return true;					/* CNTPCT, CNTVCT, CNTPCTSS, CNTVCTSS */
	if (op1 == 4 && n == 14 && m == 2 && op2 == 2)
		return true;					/* CNTHP_CVAL_EL2: set by a host that interrupts at some time */
	return op1 == 3 && n == 9 && m == 13 && op2 == 0;	/* PMCCNTR_EL0 */
}

/* TVAL of every timer: its CVAL minus a count, both of which are looked at. */
static inline bool sysreg_is_difference(unsigned int r)
{
	unsigned int n = r >> 7 & 15, m = r >> 3 & 15;

	return r >> 14 && n == 14 && m >= 2 && m <= 5 && (r & 7) == 0;
}

#endif
