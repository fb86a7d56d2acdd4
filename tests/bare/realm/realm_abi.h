/* SPDX-License-Identifier: Apache-2.0 */
/* Between the scenarios and the bare-metal Realm: what X0 selects, and what host calls mean. */
#ifndef BARE_REALM_ABI_H
#define BARE_REALM_ABI_H

#define REALM_HELLO		0	/* the three calls below in order, then SYSTEM_OFF */
#define REALM_UNBOUND		1	/* what a bound Realm may never do, in the order of its calls; SYSTEM_OFF */
#define REALM_PROXY		2	/* for ever: REALM_CALL_PROXY, then an SMC with what the host answered */
#define REALM_SPIN		3	/* second word of the unprotected page := 1; until the first is not 0; SYSTEM_OFF */
#define REALM_PING		4	/* for ever: a host call and nothing else */

#define REALM_CALL_VERSION	1	/* gprs[0..1]: X0, X1 of RSI_VERSION */
#define REALM_CALL_ECHO		2	/* gprs[0]: what the host put into gprs[0] before */
#define REALM_CALL_SHARED	3	/* gprs[0]: first word of the unprotected page */
#define REALM_CALL_RIPAS	4	/* gprs[0..1]: X0, X1 of IPA_STATE_SET of REALM_HOLE to RAM */
#define REALM_CALL_TOUCHED	5	/* gprs[0]: REALM_HOLE read back after a store of REALM_WORD */
#define REALM_CALL_MMIO		6	/* gprs[0]: word loaded from REALM_DEVICE after a store of REALM_WORD */
#define REALM_CALL_LATE		7	/* gprs[0]: X0 of a host call whose structure was not in memory yet */
#define REALM_CALL_PROXY	8	/* gprs[0..10]: X0..X10 after the last SMC, [11]: its ticks; answer: X0..X10 of the next */

#define REALM_HOLE		0x100000UL	/* RIPAS EMPTY, nothing there */
#define REALM_LATE		0x101000UL	/* RIPAS RAM, nothing there */
#define REALM_DEVICE		(1UL << (REALM_IPA_BITS - 1) | 0x1000UL)
#define REALM_WORD		0x600dUL

#define REALM_IPA_BITS		40

#endif
