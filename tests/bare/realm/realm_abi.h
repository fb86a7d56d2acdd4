/* SPDX-License-Identifier: Apache-2.0 */
/* Between the scenarios and the bare-metal Realm: what X0 selects, and what host calls mean. */
#ifndef BARE_REALM_ABI_H
#define BARE_REALM_ABI_H

#define REALM_HELLO		0	/* the three calls below in order, then SYSTEM_OFF */
#define REALM_UNBOUND		1	/* what a bound Realm may never do, in the order of its calls; SYSTEM_OFF */
#define REALM_PROXY		2	/* for ever: REALM_CALL_PROXY, then an SMC with what the host answered */
#define REALM_SPIN		3	/* second word of the unprotected page := 1; until the first is not 0; SYSTEM_OFF */
#define REALM_PING		4	/* for ever: a host call and nothing else */
#define REALM_GATE_CALLER	5	/* for ever: a call through gate 0, then REALM_CALL_GATE */
#define REALM_GATE_SERVER	6	/* serves gate 0 */
#define REALM_INTERRUPTS	7	/* its timer and an SGI of its own, REALM_CALL_INTERRUPTS; SYSTEM_OFF */
#define REALM_EXEC		8	/* for ever: REALM_CALL_EXEC, then the program in its slot (below) */
#define REALM_SERVE		9	/* answers the calls of a gate with their words (below) */
/* X0 of such a REC: its gate, and a gate that it calls itself, with the first of the words; or -1. */
#define REALM_SERVE_GATE(gate, next)	(REALM_SERVE | (uint64_t)(gate) << 24 | ((uint64_t)(next) & 0xffff) << 32)
/* X0 of a REC that executes: which slot, and the Realm's IPA width if it is not REALM_IPA_BITS. */
#define REALM_EXEC_IN(slot, bits)	(REALM_EXEC | (uint64_t)(slot) << 8 | (uint64_t)(bits) << 16)
#define REALM_ORDERS		32	/* for ever: REALM_CALL_ORDER, then one of the orders below */

#define REALM_CALL_VERSION	1	/* gprs[0..1]: X0, X1 of RSI_VERSION */
#define REALM_CALL_ECHO		2	/* gprs[0]: what the host put into gprs[0] before */
#define REALM_CALL_SHARED	3	/* gprs[0]: first word of the unprotected page */
#define REALM_CALL_RIPAS	4	/* gprs[0..1]: X0, X1 of IPA_STATE_SET of REALM_HOLE to RAM */
#define REALM_CALL_TOUCHED	5	/* gprs[0]: REALM_HOLE read back after a store of REALM_WORD */
#define REALM_CALL_MMIO		6	/* gprs[0]: word loaded from REALM_DEVICE after a store of REALM_WORD */
#define REALM_CALL_LATE		7	/* gprs[0]: X0 of a host call whose structure was not in memory yet */
#define REALM_CALL_PROXY	8	/* gprs[0..10]: X0..X10 after the last SMC, [11]: its ticks, [12]: when it returned; answer: X0..X10 of the next */
#define REALM_CALL_ORDER	32	/* gprs[0]: result of the last order, [1]: exceptions it raised, [2]..[4]: ESR, ELR, FAR
					 * of the last of them; answer: the order and its arguments */

/* Orders. An exception is counted and its instruction skipped; a software step ends stepping. */
#define REALM_READ		1	/* register: value */
#define REALM_WRITE		2	/* register, value */
#define REALM_LOOP		3	/* turns of a loop */
#define REALM_AT_EL1		4	/* run the target at EL1, debug exceptions unmasked */
#define REALM_AT_EL0		5	/* the same at EL0 */
#define REALM_BRK		6
#define REALM_LOAD		8	/* address: the word there */
#define REALM_STORE		9	/* address, value */
#define REALM_BRANCH		10	/* address */
#define REALM_HAMMER		11	/* address, another, how far: counts in both */
#define REALM_WHERE		7	/* addresses: 0 target, 1 the word it stores to, 2 another word, 3 second instruction of the target */

/* Registers of REALM_READ and REALM_WRITE, of REALM_READ, of REALM_WRITE. */
#define REALM_REGS(X, RO, WO)								\
	RO(ID_AA64DFR0_EL1) X(CONTEXTIDR_EL1)					\
	X(PMCR_EL0) X(PMCCNTR_EL0) X(PMCCFILTR_EL0) X(PMCNTENSET_EL0) X(PMCNTENCLR_EL0)	\
	X(PMINTENSET_EL1) X(PMINTENCLR_EL1) X(PMOVSSET_EL0) X(PMOVSCLR_EL0) WO(PMSWINC_EL0) X(PMSELR_EL0)	\
	X(PMUSERENR_EL0) X(PMEVCNTR0_EL0) X(PMEVCNTR1_EL0) X(PMEVCNTR5_EL0)		\
	X(PMEVTYPER0_EL0) X(PMEVTYPER1_EL0) X(PMEVTYPER5_EL0)				\
	X(MDSCR_EL1) RO(OSLSR_EL1) WO(OSLAR_EL1)			\
	X(DBGBVR0_EL1) X(DBGBVR1_EL1) X(DBGBVR2_EL1) X(DBGBVR5_EL1)			\
	X(DBGBCR0_EL1) X(DBGBCR1_EL1) X(DBGBCR2_EL1) X(DBGBCR5_EL1)			\
	X(DBGWVR0_EL1) X(DBGWVR1_EL1) X(DBGWVR2_EL1) X(DBGWVR3_EL1)			\
	X(DBGWCR0_EL1) X(DBGWCR1_EL1) X(DBGWCR2_EL1) X(DBGWCR3_EL1)
#define REALM_REG_NUMBER(r)	REALM_##r,
#ifndef __ASSEMBLER__
enum { REALM_REGS(REALM_REG_NUMBER, REALM_REG_NUMBER, REALM_REG_NUMBER) REALM_REGS_END };
#endif

#define REALM_CALL_GATE		9	/* gprs: X0..X30 after the call; answer: gprs[0], the word to call with next */

#define REALM_CALL_INTERRUPTS	10	/* gprs[0..]: ICC_IAR1_EL1 at each look */
#define REALM_INTERRUPT_LOOKS	5

/* Words of a call; the answer is the word + 1, and how many registers the server found that it did not expect. */
#define REALM_ASK_ANSWER	10
#define REALM_ASK_SPIN		20	/* as REALM_SPIN, then answer */
#define REALM_ASK_IDLE		30	/* WFI, then answer */
#define REALM_ASK_OFF		40	/* SYSTEM_OFF */
#define REALM_CALLER_REGS	0xca110000UL	/* + n in Xn: what either side leaves in registers that do not cross */
#define REALM_SERVER_REGS	0x5e4e0000UL

#define REALM_CALL_EXEC		11	/* the program before this call is done, and the next may be put into the slot */

#define REALM_HOLE		0x100000UL	/* RIPAS EMPTY, nothing there */
#define REALM_LATE		0x101000UL	/* RIPAS RAM, nothing there */
#define REALM_DEVICE		(1UL << (REALM_IPA_BITS - 1) | 0x1000UL)
#define REALM_WORD		0x600dUL

#define REALM_IPA_BITS		40

/*
 * A program for REALM_EXEC, in the unprotected page. It starts with X0..X29 as given, X30 the address of its first word
 * in the Realm, and ends behind its last word, or at the first exception, which is recorded. SP_EL1 must be as it was.
 */
#define EXEC_WORDS		96
#define EXEC_SLOTS		3
#define EXEC_SLOT_AT		0x400UL		/* of the first, in the page; each as long */
#define EXEC_NO_VECTOR		(~0UL)
struct exec_state {
	uint64_t in[30];
	uint64_t out[31];
	uint64_t vector;		/* offset from VBAR_EL1, or EXEC_NO_VECTOR */
	uint64_t esr, far, elr, spsr;
	uint64_t pstate;		/* at the vector, laid out as in SPSR_EL1 */
	uint64_t at;			/* of the code's first word, in the Realm */
};
struct exec_slot {
	struct exec_state state;
	uint64_t words;
	uint32_t code[EXEC_WORDS];
};

#endif
