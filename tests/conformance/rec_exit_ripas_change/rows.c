/* SPDX-License-Identifier: Apache-2.0 */
/* RSI_IPA_STATE_SET from the request to what memory is afterwards: no answer, part of it, all, a refusal. rmi.md 6.3, 7.2. */
#include "../guest.h"
#define COMMAND "REC_EXIT_RIPAS_CHANGE"

static const struct env env = { .set_up = guest_new };

#define KEEP		0UL			/* NO_CHANGE_DESTROYED */
#define CHANGE		RSI_CHANGE_DESTROYED
#define SMC		CODE("smc #0")

static void request(uint64_t base, uint64_t top, uint64_t ripas, uint64_t flags)
{
	uint64_t *in = program(0, SMC);

	in[0] = SMC_RSI_IPA_STATE_SET;
	in[1] = base;
	in[2] = top;
	in[3] = ripas;
	in[4] = flags;
	in[5] = 0x5ec4e7;
	enter(0);
	EXIT_IS(0, .exit_reason = RMI_EXIT_RIPAS_CHANGE, .ripas_base = base, .ripas_top = top, .ripas_value = ripas);
}

/* The host's answer, @done by now. */
static void set(uint64_t base, uint64_t top, uint64_t done)
{
	struct rmi_out r = RMI(RTT_SET_RIPAS, guest.rd, guest_rec[0], base, top);

	must(r.x[0]);
	EXPECT_EQ(r.x[1], done);
}

static void told(uint64_t flags, uint64_t x1, uint64_t x2)
{
	entry(0)->flags = flags;
	memset(entry(0)->gprs, 0x5a, sizeof(entry(0)->gprs));
	finish(0);
	no_exception(0);
	EXPECT_EQ(after(0)->out[0], RSI_SUCCESS);
	EXPECT_EQ(after(0)->out[1], x1);
	EXPECT_EQ(after(0)->out[2], x2);
	EXPECT_EQ(after(0)->out[5], 0x5ec4e7);
}

static uint64_t state_of(uint64_t at)
{
	EXPECT_EQ(run_code(0, SMC, SMC_RSI_IPA_STATE_GET, at, at + PAGE), RSI_SUCCESS);
	return after(0)->out[2];
}

static void load(uint64_t at)
{
	program(0, CODE("ldr x0, [x1]"))[1] = at;
	enter(0);
}

static void aborts(uint64_t at)
{
	load(at);
	EXIT_IS(0, .esr = EC(EC_DABT) | FSC_TRANS | 3, .hpfar = HPFAR(at));
}

static void is_empty(uint64_t at)
{
	load(at);
	exception_is(0, VECTOR_EL1H, EC(EC_DABT + 1) | IL | EA | FSC_SEA | ISV | SAS(3) | SF, at, 0);
}

#define REJECT	RMI_ENTER_RIPAS_REJECT
/* pages from AT_HOLE on are EMPTY, RAM, RAM, EMPTY, DESTROYED, DESTROYED */
#define TWO	(AT_HOLE + 2 * PAGE)
SHOW(ram__no_answer, request(AT_HOLE, TWO, RMI_RAM, KEEP); told(0, AT_HOLE, 0); EXPECT_EQ(state_of(AT_HOLE), RMI_EMPTY));
SHOW(ram__no_answer_reject, request(AT_HOLE, TWO, RMI_RAM, KEEP); told(REJECT, AT_HOLE, 1); EXPECT_EQ(state_of(AT_HOLE), RMI_EMPTY));
SHOW(ram__partial, request(AT_HOLE, TWO, RMI_RAM, KEEP); set(AT_HOLE, AT_HOLE + PAGE, AT_HOLE + PAGE); told(0, AT_HOLE + PAGE, 0);
     EXPECT_EQ(state_of(AT_HOLE), RMI_RAM));
SHOW(ram__partial_reject, request(AT_HOLE, TWO, RMI_RAM, KEEP); set(AT_HOLE, AT_HOLE + PAGE, AT_HOLE + PAGE);
     told(REJECT, AT_HOLE + PAGE, 1));
SHOW(ram__in_two_steps, request(AT_HOLE, TWO, RMI_RAM, KEEP); set(AT_HOLE, AT_HOLE + PAGE, AT_HOLE + PAGE);
     set(AT_HOLE + PAGE, TWO, TWO); told(0, TWO, 0));
SHOW(ram__full, request(AT_HOLE, TWO, RMI_RAM, KEEP); set(AT_HOLE, TWO, TWO); told(0, TWO, 0); aborts(AT_HOLE));
SHOW(ram__full_reject_is_void, request(AT_HOLE, TWO, RMI_RAM, KEEP); set(AT_HOLE, TWO, TWO); told(REJECT, TWO, 0));
SHOW(ram__memory_comes, request(AT_HOLE, TWO, RMI_RAM, KEEP); set(AT_HOLE, TWO, TWO); told(0, TWO, 0); aborts(AT_HOLE);
     must(RMI0(DATA_CREATE_UNKNOWN, guest.rd, delegated(), AT_HOLE)); finish(0); no_exception(0); EXPECT_EQ(after(0)->out[0], 0));
SHOW(ram__assigned, request(AT_EMPTY, AT_EMPTY + PAGE, RMI_RAM, KEEP); set(AT_EMPTY, AT_EMPTY + PAGE, AT_EMPTY + PAGE);
     told(0, AT_EMPTY + PAGE, 0);
     EXPECT_EQ(run_code(0, CODE("str x0, [x1]; ldr x0, [x1]"), 7, AT_EMPTY, 0), 7); no_exception(0));
SHOW(ram__stops_at_destroyed, request(AT_EMPTY, AT_GONE + PAGE, RMI_RAM, KEEP); set(AT_EMPTY, AT_GONE + PAGE, AT_GONE);
     told(REJECT, AT_GONE, 1);
     EXPECT_EQ(state_of(AT_GONE), RMI_DESTROYED));
SHOW(ram__changes_destroyed, request(AT_EMPTY, AT_TAKEN + PAGE, RMI_RAM, CHANGE); set(AT_EMPTY, AT_TAKEN + PAGE, AT_TAKEN + PAGE);
     told(0, AT_TAKEN + PAGE, 0); EXPECT_EQ(state_of(AT_GONE), RMI_RAM); EXPECT_EQ(state_of(AT_TAKEN), RMI_RAM); aborts(AT_GONE));
SHOW(ram__changed_destroyed_assigned, request(AT_TAKEN, AT_TAKEN + PAGE, RMI_RAM, CHANGE); set(AT_TAKEN, AT_TAKEN + PAGE, AT_TAKEN + PAGE);
     told(0, AT_TAKEN + PAGE, 0); EXPECT_EQ(run_code(0, CODE("str x0, [x1]; ldr x0, [x1]"), 7, AT_TAKEN, 0), 7); no_exception(0));
SHOW(ram__destroyed_kept, request(AT_GONE, AT_GONE + PAGE, RMI_RAM, KEEP);
     EXPECT_EQ(RMI0(RTT_SET_RIPAS, guest.rd, guest_rec[0], AT_GONE, AT_GONE + PAGE), RTT(3)); told(0, AT_GONE, 0); aborts(AT_GONE));
SHOW(empty__no_answer, request(AT_RAM, AT_RAM + PAGE, RMI_EMPTY, KEEP); told(0, AT_RAM, 0); EXPECT_EQ(state_of(AT_RAM), RMI_RAM));
SHOW(empty__reject_is_not_told, request(AT_RAM, AT_RAM + PAGE, RMI_EMPTY, KEEP); told(REJECT, AT_RAM, 0));
/* touched before, so that a translation may be cached */
SHOW(empty__then_touched, run_code(0, CODE("str x0, [x1]"), 7, AT_RAM, 0); request(AT_RAM, AT_RAM + PAGE, RMI_EMPTY, KEEP);
     set(AT_RAM, AT_RAM + PAGE, AT_RAM + PAGE); told(0, AT_RAM + PAGE, 0); is_empty(AT_RAM));
SHOW(empty__and_ram_again, request(AT_RAM, AT_RAM + PAGE, RMI_EMPTY, KEEP); set(AT_RAM, AT_RAM + PAGE, AT_RAM + PAGE);
     told(0, AT_RAM + PAGE, 0);
     request(AT_RAM, AT_RAM + PAGE, RMI_RAM, KEEP); set(AT_RAM, AT_RAM + PAGE, AT_RAM + PAGE); told(0, AT_RAM + PAGE, 0);
     EXPECT_EQ(run_code(0, CODE("str x0, [x1]; ldr x0, [x1]"), 7, AT_RAM, 0), 7));
SHOW(empty__unassigned, request(AT_LATE, AT_LATE + PAGE, RMI_EMPTY, KEEP); set(AT_LATE, AT_LATE + PAGE, AT_LATE + PAGE);
     told(0, AT_LATE + PAGE, 0);
     is_empty(AT_LATE));
SHOW(empty__destroyed_kept, request(AT_GONE, AT_GONE + PAGE, RMI_EMPTY, KEEP);
     EXPECT_EQ(RMI0(RTT_SET_RIPAS, guest.rd, guest_rec[0], AT_GONE, AT_GONE + PAGE), RTT(3)); told(0, AT_GONE, 0));
SHOW(empty__changes_destroyed, request(AT_GONE, AT_GONE + PAGE, RMI_EMPTY, CHANGE); set(AT_GONE, AT_GONE + PAGE, AT_GONE + PAGE);
     told(0, AT_GONE + PAGE, 0); is_empty(AT_GONE));
/* the request ends with the entry */
SHOW(over__after_entry, request(AT_HOLE, TWO, RMI_RAM, KEEP); told(0, AT_HOLE, 0);
     EXPECT_EQ(RMI0(RTT_SET_RIPAS, guest.rd, guest_rec[0], AT_HOLE, TWO), INPUT));
SHOW(over__not_by_a_refused_entry, request(AT_HOLE, TWO, RMI_RAM, KEEP); entry(0)->gicv3_hcr = 1;
     EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC); entry(0)->gicv3_hcr = 0; set(AT_HOLE, TWO, TWO); told(0, TWO, 0));
SHOW(no_answer_allowed, request(AT_HOLE, TWO, RMI_RAM, KEEP); entry(0)->flags = RMI_ENTER_EMUL_MMIO;
     EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC); entry(0)->flags = RMI_ENTER_INJECT_SEA;
     EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC));
/* ---- the host takes memory away ---- */
SHOW(destroyed__data, EXPECT_EQ(run_code(0, CODE("str x0, [x1]; ldr x0, [x1]"), 7, AT_RAM, 0), 7);
     must(RMI0(DATA_DESTROY, guest.rd, AT_RAM));
     EXPECT_EQ(state_of(AT_RAM), RMI_DESTROYED); aborts(AT_RAM); enter(0); EXPECT_EQ(left(0)->hpfar, HPFAR(AT_RAM)));
/* memory in a destroyed place is not RAM: the Realm has to agree first */
SHOW(destroyed__given_again, must(RMI0(DATA_DESTROY, guest.rd, AT_RAM)); must(RMI0(DATA_CREATE_UNKNOWN, guest.rd, delegated(), AT_RAM));
     EXPECT_EQ(state_of(AT_RAM), RMI_DESTROYED); aborts(AT_RAM));
SHOW(destroyed__agreed, must(RMI0(DATA_DESTROY, guest.rd, AT_RAM)); must(RMI0(DATA_CREATE_UNKNOWN, guest.rd, delegated(), AT_RAM));
     request(AT_RAM, AT_RAM + PAGE, RMI_RAM, CHANGE); set(AT_RAM, AT_RAM + PAGE, AT_RAM + PAGE); told(0, AT_RAM + PAGE, 0);
     EXPECT_EQ(run_code(0, CODE("ldr x0, [x1]"), 7, AT_RAM, 0), 0); no_exception(0));
SHOW(destroyed__empty_stays_empty, must(RMI0(DATA_DESTROY, guest.rd, AT_EMPTY)); EXPECT_EQ(state_of(AT_EMPTY), RMI_EMPTY);
     is_empty(AT_EMPTY));
