/* SPDX-License-Identifier: Apache-2.0 */
/* RSI calls into memory that is RAM but not there, or destroyed: an exit as if the Realm had touched it; the call comes again. rsi.md 1. */
#include "../guest.h"
#define COMMAND "REC_EXIT_BUFFER"

static const struct env env = { .set_up = guest_new };

#define TOKEN_INIT	"mov x19, x0; mov x20, x1; movz x0, #0x194; movk x0, #0xc400, lsl #16; smc #0; mov x0, x19; mov x1, x20; "
#define CONFIG		CODE("smc #0")
#define CALL		CODE("smc #0")
#define TOKEN		CODE(TOKEN_INIT "mov x2, #0; mov x3, #4096; smc #0")

static void made(struct code c, uint64_t fid, uint64_t at)
{
	uint64_t *in = program(0, c);

	in[0] = fid;
	in[1] = at;
	in[5] = 0x5ec4e7;
	enter(0);
}

static void missing(uint64_t at)
{
	EXIT_IS(0, .esr = EC(EC_DABT) | FSC_TRANS | 3, .hpfar = HPFAR(at));
}

static void missed(struct code c, uint64_t fid, uint64_t at)
{
	made(c, fid, at);
	missing(at);
	for (uint64_t flags = RMI_ENTER_EMUL_MMIO; flags <= RMI_ENTER_INJECT_SEA; flags <<= 1) {
		entry(0)->flags = flags;
		EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC);
	}
	entry(0)->flags = 0;
	memset(entry(0)->gprs, 0x5a, sizeof(entry(0)->gprs));
	enter(0);
	missing(at);
}

#define MISSING(name, code, fid)							\
	SHOW(name##__ram_unassigned, missed(code, fid, AT_LATE));			\
	SHOW(name##__destroyed_unassigned, missed(code, fid, AT_GONE));			\
	SHOW(name##__destroyed_assigned, missed(code, fid, AT_TAKEN));			\
	SHOW(name##__given, missed(code, fid, AT_LATE);					\
	     must(RMI0(DATA_CREATE_UNKNOWN, guest.rd, delegated(), AT_LATE)); enter(0);	\
	     if (!asks(0)) finish(0);							\
	     EXPECT_EQ(after(0)->out[0], RSI_SUCCESS));					\
	SHOW(name##__empty, made(code, fid, AT_HOLE); EXPECT(asks(0)); EXPECT_EQ(after(0)->out[0], RSI_ERROR_INPUT);	\
	     EXPECT_EQ(after(0)->out[1], 0));						\
	SHOW(name##__empty_assigned, made(code, fid, AT_EMPTY); EXPECT(asks(0)); EXPECT_EQ(after(0)->out[0], RSI_ERROR_INPUT))
MISSING(config, CONFIG, SMC_RSI_REALM_CONFIG);
MISSING(host_call, CALL, SMC_RSI_HOST_CALL);
MISSING(token, TOKEN, SMC_RSI_ATTEST_TOKEN_CONTINUE);

/* inside the page: HPFAR names the page, and FAR nothing */
SHOW(host_call__inside_page, made(CALL, SMC_RSI_HOST_CALL, AT_LATE + 0x700); missing(AT_LATE));
SHOW(config__level_2, made(CONFIG, SMC_RSI_REALM_CONFIG, 64 * BLOCK); EXPECT(asks(0)); EXPECT_EQ(after(0)->out[0], RSI_ERROR_INPUT));
/* the whole page is the structure: what was there before is gone */
SHOW(config__fills_page, run_code(0, CODE("mov x3, #512; mov x4, x1; 1: str x2, [x4], #8; subs x3, x3, #1; b.ne 1b; mov x9, x1; smc #0; "
			"mov x10, #0; mov x3, #510; add x4, x9, #16; 2: ldr x5, [x4], #8; orr x10, x10, x5; subs x3, x3, #1; "
          "b.ne 2b; ldp x11, x12, [x9]"),
	SMC_RSI_REALM_CONFIG, AT_RAM, ~0UL); EXPECT_EQ(after(0)->out[0], RSI_SUCCESS); EXPECT_EQ(after(0)->out[10], 0);
     EXPECT_EQ(after(0)->out[11], REALM_S2SZ); EXPECT_EQ(after(0)->out[12], RMI_HASH_SHA_256));
