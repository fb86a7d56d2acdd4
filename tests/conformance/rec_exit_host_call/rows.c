/* SPDX-License-Identifier: Apache-2.0 */
/* RSI_HOST_CALL: the structure's way to the host and back. rsi.md 2. */
#include "../guest.h"
#define COMMAND "REC_EXIT_HOST_CALL"

static const struct env env = { .set_up = guest_new };

#define WORD(n)		(0x0101010101010101UL * ((n) + 1))
#define OURS		0x1234		/* not the executor's own immediate */

/* The structure at @at, filled by the Realm: imm, then 31 registers; the page is AT_RAM unless a row says so. */
#define FILL		"str x2, [x1]; mov x9, #0x0101010101010101; mov x10, #1; add x11, x1, #8; 1: mul x12, x9, x10; str x12, [x11], #8; " \
			"add x10, x10, #1; cmp x10, #32; b.ne 1b; "
/* answers come back as their sum and the last of them */
#define SUM		"mov x20, #0; mov x10, #31; add x11, x1, #8; 2: ldr x12, [x11], #8; add x20, x20, x12; subs x10, x10, #1; b.ne 2b; ldr x21, [x1]"

static void called(struct code c, uint64_t at, uint64_t imm)
{
	uint64_t *in = program(0, c);

	in[0] = SMC_RSI_HOST_CALL;
	in[1] = at;
	in[2] = imm;
	in[3] = 0x5ec4e7;
	enter(0);
}

static void exited(uint64_t imm)
{
	struct rmi_rec_exit want = { .exit_reason = RMI_EXIT_HOST_CALL, .imm = imm };

	for (int n = 0; n < 31; n++)
		want.gprs[n] = WORD(n);
	exit_is(0, &want);
}

static void answer(void)
{
	for (uint64_t n = 0; n < 31; n++)
		entry(0)->gprs[n] = 1UL << n;
}

static void answered(uint64_t imm)
{
	finish(0);
	no_exception(0);
	EXPECT_EQ(after(0)->out[0], RSI_SUCCESS);
	EXPECT_EQ(after(0)->out[3], 0x5ec4e7);
	EXPECT_EQ(after(0)->out[20], 0x7fffffff);
	EXPECT_EQ(after(0)->out[21], imm);
}

SHOW(whole_record, called(CODE(FILL "smc #0"), AT_RAM, OURS); exited(OURS));
SHOW(imm__16_bits, called(CODE(FILL "smc #0"), AT_RAM, 0xabcdef0123456789UL); exited(0x6789));
SHOW(imm__largest, called(CODE(FILL "smc #0"), AT_RAM, 0xffff); exited(0xffff));
SHOW(place__second, called(CODE(FILL "smc #0"), AT_RAM + 0x100, OURS); exited(OURS));
SHOW(place__end_of_page, called(CODE(FILL "smc #0"), AT_RAM + 0xf00, OURS); exited(OURS));
SHOW(answer__all_registers, called(CODE(FILL "smc #0; " SUM), AT_RAM, OURS); answer(); answered(OURS));
SHOW(answer__end_of_page, called(CODE(FILL "smc #0; " SUM), AT_RAM + 0xf00, OURS); answer(); answered(OURS));
SHOW(answer__own_registers_kept, called(CODE(FILL "smc #0"), AT_RAM, OURS); memset(entry(0)->gprs, 0x5a, sizeof(entry(0)->gprs)); finish(0);
     EXPECT_EQ(after(0)->out[0], RSI_SUCCESS); EXPECT_EQ(after(0)->out[1], AT_RAM); EXPECT_EQ(after(0)->out[3], 0x5ec4e7);
     EXPECT_EQ(after(0)->out[29], 0));
SHOW(no_answer_allowed, called(CODE(FILL "smc #0"), AT_RAM, OURS); entry(0)->flags = RMI_ENTER_EMUL_MMIO;
     EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC); entry(0)->flags = RMI_ENTER_INJECT_SEA;
     EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC));
SHOW(by_another_immediate, called(CODE(FILL "smc #0x7777"), AT_RAM, OURS); exited(OURS));
SHOW(sve_hint, called(CODE(FILL "orr x0, x0, #1 << 16; smc #0"), AT_RAM, OURS); exited(OURS));

/* the host takes the page between exit and entry: it hears of that, and the answer waits */
static void taken_meanwhile(void)
{
	called(CODE(FILL "smc #0; mov x19, x0; ldr x20, [x1, #8]"), AT_RAM, OURS);
	must(RMI0(DATA_DESTROY, guest.rd, AT_RAM));
	answer();
	for (int n = 0; n < 2; n++) {
		enter(0);
		EXIT_IS(0, .esr = EC(EC_DABT) | FSC_TRANS | 3, .hpfar = HPFAR(AT_RAM));
		entry(0)->flags = RMI_ENTER_EMUL_MMIO;
		EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC);
		entry(0)->flags = RMI_ENTER_INJECT_SEA;
		EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC);
		entry(0)->flags = 0;
	}
}
SHOW(page_gone_meanwhile, taken_meanwhile());
SHOW(page_gone_meanwhile__destroyed_stays, taken_meanwhile(); must(RMI0(DATA_CREATE_UNKNOWN, guest.rd, delegated(), AT_RAM)); enter(0);
     EXIT_IS(0, .esr = EC(EC_DABT) | FSC_TRANS | 3, .hpfar = HPFAR(AT_RAM)));
