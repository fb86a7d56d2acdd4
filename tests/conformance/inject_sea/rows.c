/* SPDX-License-Identifier: Apache-2.0 */
/* The host answers a data abort with INJECT_SEA: what the Realm takes, from each exception level. rmi.md 7.6. */
#include "../guest.h"
#define COMMAND "INJECT_SEA"

static const struct env env = { .set_up = guest_new };

#define SPSR_EL0	0x3c0UL
#define SPSR_EL1T	0x3c4UL
#define SPSR_A32	0x1d0UL			/* User mode, A, I, F masked */
#define NZCV		(0xfUL << 28)
#define PAN		(1UL << 22)
#define DIT		(1UL << 24)
#define SSBS		(1UL << 12)
#define ABORTED		(IL | EA | FSC_SEA)
#define LDR_X2		(ISV | SAS(3) | SF | SRT(2))
#define HERE		(AT_DEVICE + 0x128)

/* Drop to EL0 at the word behind. */
#define TO_EL0		"adr x3, 1f; msr elr_el1, x3; msr spsr_el1, x4; isb; eret; 1: "
#define EL0_WORDS	5

static void injected(struct code c, uint64_t x3, uint64_t x4)
{
	uint64_t *in = program(0, c);

	in[1] = HERE;
	in[2] = 0x5ec4e7;
	in[3] = x3;
	in[4] = x4;
	enter(0);
	EXPECT_EQ(left(0)->exit_reason, RMI_EXIT_SYNC);
	EXPECT_EQ(left(0)->hpfar, HPFAR(HERE));
	memset(entry(0)->gprs, 0x5a, sizeof(entry(0)->gprs));
	entry(0)->flags = RMI_ENTER_INJECT_SEA;
	finish(0);
	EXPECT_EQ(after(0)->out[2], 0x5ec4e7);		/* not loaded */
}

static void spsr_is(uint64_t want)
{
	EXPECT_EQ(after(0)->spsr, want);
}

/* ALLINT comes on top where the machine has it, as with every exception; the rows of UNDEFINED compare it. */
#define ALLINT		(1UL << 13)
static void pstate_is(uint64_t want)
{
	EXPECT_EQ(after(0)->pstate & ~ALLINT, want);
}

SHOW(esr__load, injected(CODE("ldr x2, [x1]"), 0, 0); exception_is(0, VECTOR_EL1H, EC(EC_DABT + 1) | ABORTED | LDR_X2, HERE, 0));
SHOW(esr__store, injected(CODE("strb w2, [x1]"), 0, 0);
     exception_is(0, VECTOR_EL1H, EC(EC_DABT + 1) | ABORTED | ISV | SAS(0) | SRT(2) | WNR, HERE, 0));
SHOW(esr__sign, injected(CODE("ldrsh w2, [x1]"), 0, 0);
     exception_is(0, VECTOR_EL1H, EC(EC_DABT + 1) | ABORTED | ISV | SAS(1) | SSE | SRT(2), HERE, 0));
SHOW(esr__no_syndrome, injected(CODE("stp x2, x2, [x1]"), 0, 0); exception_is(0, VECTOR_EL1H, EC(EC_DABT + 1) | ABORTED | WNR, HERE, 0));
SHOW(far__last_byte, uint64_t *in = program(0, CODE("ldrb w2, [x1]")); in[1] = IPA_END - 1; enter(0);
     entry(0)->flags = RMI_ENTER_INJECT_SEA; finish(0);
     exception_is(0, VECTOR_EL1H, EC(EC_DABT + 1) | ABORTED | ISV | SAS(0) | SRT(2), IPA_END - 1, 0));
SHOW(wins_over_emul_mmio, uint64_t *in = program(0, CODE("ldr x2, [x1]")); in[1] = HERE; in[2] = 5; enter(0);
     entry(0)->gprs[0] = 7; entry(0)->flags = RMI_ENTER_INJECT_SEA | RMI_ENTER_EMUL_MMIO; finish(0);
     exception_is(0, VECTOR_EL1H, EC(EC_DABT + 1) | ABORTED | LDR_X2, HERE, 0); EXPECT_EQ(after(0)->out[2], 5));
SHOW(permission_fault, map_page_as(AT_DEVICE, host_page(), RMI_DESC_S2AP_WO); injected(CODE("ldr x2, [x1]"), 0, 0);
     exception_is(0, VECTOR_EL1H, EC(EC_DABT + 1) | ABORTED | LDR_X2, HERE, 0));

SHOW(vector__el1h, injected(CODE("msr nzcv, x3; ldr x2, [x1]"), 0, 0);
     exception_is(0, VECTOR_EL1H, EC(EC_DABT + 1) | ABORTED | LDR_X2, HERE, 1); spsr_is(PSTATE_EL1H); pstate_is(PSTATE_EL1H));
SHOW(vector__el1t, injected(CODE("msr nzcv, x3; msr spsel, #0; ldr x2, [x1]"), 0, 0);
     exception_is(0, VECTOR_EL1T, EC(EC_DABT + 1) | ABORTED | LDR_X2, HERE, 2); spsr_is(SPSR_EL1T); pstate_is(PSTATE_EL1H));
SHOW(vector__el0, injected(CODE(TO_EL0 "ldr x2, [x1]"), 0, SPSR_EL0);
     exception_is(0, VECTOR_EL0, EC(EC_DABT) | ABORTED | LDR_X2, HERE, EL0_WORDS); spsr_is(SPSR_EL0); pstate_is(PSTATE_EL1H));
SHOW(vector__el0_store, injected(CODE(TO_EL0 "str w2, [x1]"), 0, SPSR_EL0);
     exception_is(0, VECTOR_EL0, EC(EC_DABT) | ABORTED | ISV | SAS(2) | SRT(2) | WNR, HERE, EL0_WORDS));

/* what PSTATE carries into the vector, and what the vector changes */
SHOW(pstate__nzcv_kept, injected(CODE("msr nzcv, x3; ldr x2, [x1]"), NZCV, 0); spsr_is(PSTATE_EL1H | NZCV); pstate_is(PSTATE_EL1H | NZCV));
SHOW(pstate__daif_masked, injected(CODE("msr nzcv, x3; msr daifclr, #15; ldr x2, [x1]"), 0, 0); spsr_is(5); pstate_is(PSTATE_EL1H));
SHOW(pstate__pan_kept, injected(CODE("msr nzcv, x3; msr pan, #1; ldr x2, [x1]"), 0, 0); spsr_is(PSTATE_EL1H | PAN);
     pstate_is(PSTATE_EL1H | PAN));
SHOW(pstate__pan_set_by_span, injected(CODE("msr nzcv, xzr; mrs x4, sctlr_el1; bic x5, x4, #1 << 23; msr sctlr_el1, x5; isb; "
          "ldr x2, [x1]"), 0, 0);
     spsr_is(PSTATE_EL1H); pstate_is(PSTATE_EL1H | PAN));
SHOW(pstate__uao_cleared, injected(CODE("msr nzcv, x3; msr uao, #1; ldr x2, [x1]"), 0, 0);
     spsr_is(PSTATE_EL1H | 1UL << 23); pstate_is(PSTATE_EL1H));
SHOW(pstate__dit_kept, injected(CODE("msr nzcv, x3; msr dit, #1; ldr x2, [x1]"), 0, 0);
     spsr_is(PSTATE_EL1H | DIT); pstate_is(PSTATE_EL1H | DIT));
SHOW(pstate__ssbs_cleared, injected(CODE("msr nzcv, x3; msr ssbs, #1; ldr x2, [x1]"), 0, 0);
     spsr_is(PSTATE_EL1H | SSBS); pstate_is(PSTATE_EL1H));
SHOW(pstate__ssbs_set_by_dssbs, injected(CODE("msr nzcv, xzr; mrs x4, sctlr_el1; orr x5, x4, #1 << 44; msr sctlr_el1, x5; isb; "
          "ldr x2, [x1]"), 0, 0);
     spsr_is(PSTATE_EL1H); pstate_is(PSTATE_EL1H | SSBS));
