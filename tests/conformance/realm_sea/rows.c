/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accesses that the monitor answers itself with a synchronous external abort, without an exit: RIPAS EMPTY, beyond the
 * IPA width, fetches from unprotected memory. rmi.md 6.2, 7.4; arch.md 4.
 */
#include "../guest.h"
#define COMMAND "REALM_SEA"

static const struct env env = { .set_up = guest_new };

#define ABORTED		(IL | EA | FSC_SEA)
#define LDR_X2		(ISV | SAS(3) | SF | SRT(2))
#define TO_EL0		"adr x3, 1f; msr elr_el1, x3; msr spsr_el1, x4; isb; eret; 1: "
#define EL0_WORDS	5

static void run_at(struct code c, uint64_t at, uint64_t spsr)
{
	uint64_t *in = program(0, c);

	in[1] = at;
	in[2] = 0x5ec4e7;
	in[4] = spsr;
	finish(0);			/* no exit in between */
	EXPECT_EQ(after(0)->out[2], 0x5ec4e7);
}

static void loads(uint64_t at)
{
	run_at(CODE("ldr x2, [x1]"), at, 0);
	exception_is(0, VECTOR_EL1H, EC(EC_DABT + 1) | ABORTED | LDR_X2, at, 0);
}

static void stores(uint64_t at)
{
	run_at(CODE("strb w2, [x1]"), at, 0);
	exception_is(0, VECTOR_EL1H, EC(EC_DABT + 1) | ABORTED | ISV | SAS(0) | SRT(2) | WNR, at, 0);
}

static void pairs(uint64_t at)
{
	run_at(CODE("stp x2, x2, [x1]"), at, 0);
	exception_is(0, VECTOR_EL1H, EC(EC_DABT + 1) | ABORTED | WNR, at, 0);
}

static void fetches(uint64_t at)
{
	run_at(CODE("br x1"), at, 0);
	EXPECT_EQ(after(0)->vector, VECTOR_EL1H);
	EXPECT_EQ(after(0)->esr, EC(EC_IABT + 1) | ABORTED);
	EXPECT_EQ(after(0)->far, at);
	EXPECT_EQ(after(0)->elr, at);
}

#define ALL(id, at)				\
	SHOW(id##__load, loads(at));		\
	SHOW(id##__store, stores(at));		\
	SHOW(id##__pair, pairs(at));		\
	SHOW(id##__fetch, fetches(at))

ALL(empty_unassigned, AT_HOLE + 0x18);
ALL(empty_assigned, AT_EMPTY + 0xff0);
ALL(empty_no_table, 64 * BLOCK);
ALL(empty_last, PAR_END - 16);
ALL(beyond_width, IPA_END);
ALL(beyond_width_far, (1UL << 48) - 16);

SHOW(empty__el0, run_at(CODE(TO_EL0 "ldr x2, [x1]"), AT_HOLE, 0x3c0);
     exception_is(0, VECTOR_EL0, EC(EC_DABT) | ABORTED | LDR_X2, AT_HOLE, EL0_WORDS));
SHOW(empty__el0_fetch, run_at(CODE("msr elr_el1, x1; msr spsr_el1, x4; isb; eret"), AT_HOLE, 0x3c0);
     EXPECT_EQ(after(0)->vector, VECTOR_EL0); EXPECT_EQ(after(0)->esr, EC(EC_IABT) | ABORTED); EXPECT_EQ(after(0)->elr, AT_HOLE));
SHOW(empty__el1t, run_at(CODE("msr spsel, #0; ldr x2, [x1]"), AT_HOLE, 0);
     exception_is(0, VECTOR_EL1T, EC(EC_DABT + 1) | ABORTED | LDR_X2, AT_HOLE, 1));
/* A32: LDR r2, [r1]; no valid syndrome of it is kept */
SHOW(empty__aarch32, run_at(CODE(TO_EL0 ".word 0xe5912000"), AT_HOLE, 0x1d0);
     EXPECT_EQ(after(0)->vector, VECTOR_EL0_32); EXPECT_EQ(after(0)->esr >> 26, EC_DABT); EXPECT_EQ(after(0)->esr & 0x3f, FSC_SEA);
     EXPECT_EQ(after(0)->far, AT_HOLE));
/* not the monitor's affair: the Realm's own tables end at the physical address size */
SHOW(beyond_pa, run_at(CODE("ldr x2, [x1]"), 1UL << 52, 0); EXPECT_EQ(after(0)->vector, VECTOR_EL1H);
     EXPECT_EQ(after(0)->esr >> 26, EC_DABT + 1); EXPECT_EQ(after(0)->esr & 0x3f, 0));

/* unprotected memory is never executed: neither what is mapped, nor what is not, nor from EL0 */
SHOW(unprotected_fetch__mapped, fetches(AT_UNPROT));
SHOW(unprotected_fetch__unmapped, fetches(AT_DEVICE));
SHOW(unprotected_fetch__no_table, fetches(AT_UNPROT + 4 * GIB));
SHOW(unprotected_fetch__read_only, map_page_as(AT_WINDOW, host_page(), RMI_DESC_S2AP_RO); fetches(AT_WINDOW));
SHOW(unprotected_fetch__el0, run_at(CODE("msr elr_el1, x1; msr spsr_el1, x4; isb; eret"), AT_UNPROT, 0x3c0);
     EXPECT_EQ(after(0)->vector, VECTOR_EL0); EXPECT_EQ(after(0)->esr, EC(EC_IABT) | ABORTED); EXPECT_EQ(after(0)->elr, AT_UNPROT));

/* the page the host mapped is not the host's (any more): a granule protection fault, the Realm's own or an exit, never data */
static void not_host_memory(uint64_t pa)
{
	uint64_t *in = program(0, CODE("ldr x2, [x1]"));

	map_page(AT_WINDOW, pa);
	in[1] = AT_WINDOW;
	in[2] = 0x5ec4e7;
	finish(0);
	EXPECT_EQ(after(0)->vector, VECTOR_EL1H);
	EXPECT_EQ(after(0)->esr >> 26, EC_DABT + 1);
	EXPECT_EQ(after(0)->esr & 0x3f, 0x28);
	EXPECT_EQ(after(0)->far, AT_WINDOW);
	EXPECT_EQ(after(0)->out[2], 0x5ec4e7);
}
SHOW(window_not_host_memory__delegated, not_host_memory(sample.delegated));
SHOW(window_not_host_memory__own_data, not_host_memory(guest_ram));
SHOW(window_not_host_memory__rd, not_host_memory(guest.rd));
SHOW(window_not_host_memory__monitor, not_host_memory(PA_MONITOR));
SHOW(window_not_host_memory__secure, not_host_memory(0x0e100000));
SHOW(window_not_host_memory__root, not_host_memory(0x0e001000));
SHOW(window_not_host_memory__control, uint64_t page = host_page(); map_page(AT_WINDOW, page);
     *(uint64_t *)page_ptr(page) = 0x77; EXPECT_EQ(run_code(0, CODE("ldr x0, [x1]"), 0, AT_WINDOW, 0), 0x77));
