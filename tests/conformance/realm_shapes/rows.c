/* SPDX-License-Identifier: Apache-2.0 */
/* Realms of each geometry and hash: that they run, where their halves meet, and what the widest addresses do. rmi.md 6.1. */
#include "../guest.h"
#define COMMAND "REALM_SHAPES"

static const struct env env = { .set_up = no_guest };

static uint64_t bits;

static uint64_t half(void) { return 1UL << (bits - 1); }

/* Tables for the 2 MiB at @at, below the start level. */
static void tables(uint64_t at, uint64_t start)
{
	for (uint64_t level = start + 1; level <= 3; level++) {
		uint64_t span = 1UL << (12 + 9 * (4 - level));

		if (RMI(RTT_READ_ENTRY, guest.rd, at & ~(span - 1), level - 1).x[2] != RMI_TABLE)
			must(RMI0(RTT_CREATE, guest.rd, delegated(), at & ~(span - 1), level));
	}
}

static void load_image(void)
{
	uint64_t src = host_page(), size = (uint64_t)(realm_image_end - realm_image);

	must(RMI0(RTT_INIT_RIPAS, guest.rd, 0, size));
	for (uint64_t at = 0; at < size; at += PAGE) {
		memcpy(page_ptr(src), realm_image + at, PAGE);
		must(RMI0(DATA_CREATE, guest.rd, delegated(), at, src, 1));
	}
	guest.shared = host_page();
	must(RMI0(RTT_MAP_UNPROTECTED, guest.rd, half(), 3, guest.shared | RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW));
}

static void make(uint64_t s2sz, int64_t start, uint32_t num, uint8_t hash)
{
	struct rmi_realm_params *p = page_ptr(host_page());

	bits = s2sz;
	memset(&guest, 0, sizeof(guest));
	guest.rd = delegated();
	realm_params_default(p, granule_alloc(num, num * PAGE), next_vmid());
	p->s2sz = (uint8_t)s2sz;
	p->rtt_level_start = start;
	p->rtt_num_start = num;
	p->hash_algo = hash;
	must(RMI0(REALM_CREATE, guest.rd, (uint64_t)p));
	tables(0, (uint64_t)start);
	tables(half() - PAGE, (uint64_t)start);
	tables(half(), (uint64_t)start);
	load_image();
	must(RMI0(RTT_INIT_RIPAS, guest.rd, half() - PAGE, half()));
	must(RMI0(DATA_CREATE_UNKNOWN, guest.rd, delegated(), half() - PAGE));
	guest_run[0] = host_page();
	guest_rec[0] = one_more_rec(&guest, 0, RMI_REC_FLAG_RUNNABLE, REALM_EXEC_IN(0, s2sz));
	guest_go();
}

#define CALL	CODE("smc #0")

/* The width the Realm is told, by a structure in the last page of its protected half. */
static void runs(void)
{
	EXPECT_EQ(run_code(0, CODE("mov x9, x1; smc #0; ldr x10, [x9]; str x10, [x9, #0xff8]; "
          "ldr x11, [x9, #0xff8]"), SMC_RSI_REALM_CONFIG, half() - PAGE, 0), RSI_SUCCESS);
	EXPECT_EQ(after(0)->out[10], bits);
	EXPECT_EQ(after(0)->out[11], bits);
}

/* The last unprotected address is the host's; the one behind it is nobody's. */
static void ends(void)
{
	uint64_t last = 2 * half() - 8;

	program(0, CODE("ldr x0, [x1]"))[1] = last;
	enter(0);
	EXPECT_EQ(left(0)->exit_reason, RMI_EXIT_SYNC);
	EXPECT_EQ(left(0)->hpfar, HPFAR(last));
	EXPECT_EQ(left(0)->far, 0xff8);
	entry(0)->gprs[0] = 7;
	entry(0)->flags = RMI_ENTER_EMUL_MMIO;
	finish(0);
	EXPECT_EQ(after(0)->out[0], 7);
	run_code(0, CODE("ldr x0, [x1]"), 5, 2 * half(), 0);
	EXPECT_EQ(after(0)->vector, VECTOR_EL1H);
	EXPECT_EQ(after(0)->out[0], 5);
}

static void halves(void)
{
	EXPECT_EQ(run_code(0, CALL, SMC_RSI_IPA_STATE_GET, half() - PAGE, half()), RSI_SUCCESS);
	EXPECT_EQ(after(0)->out[2], RMI_RAM);
	EXPECT_EQ(run_code(0, CALL, SMC_RSI_IPA_STATE_GET, half() - PAGE, half() + PAGE), RSI_ERROR_INPUT);
	EXPECT_EQ(run_code(0, CALL, SMC_RSI_IPA_STATE_GET, half(), half() + PAGE), RSI_ERROR_INPUT);
	EXPECT_EQ(run_code(0, CALL, SMC_RSI_HOST_CALL, half(), 0), RSI_ERROR_INPUT);
}

#define SHAPE(s2sz, start, num)										\
	SHOW(s##s2sz##_level_##start##__runs, make(s2sz, start, num, RMI_HASH_SHA_256); runs());	\
	SHOW(s##s2sz##_level_##start##__ends, make(s2sz, start, num, RMI_HASH_SHA_256); ends());	\
	SHOW(s##s2sz##_level_##start##__halves, make(s2sz, start, num, RMI_HASH_SHA_256); halves())
SHAPE(32, 1, 1);
SHAPE(32, 2, 4);
SHAPE(33, 2, 8);
SHAPE(34, 2, 16);
SHAPE(36, 1, 1);
SHAPE(39, 1, 1);
SHAPE(40, 1, 2);
SHAPE(40, 0, 1);
SHAPE(42, 1, 8);
SHAPE(43, 1, 16);
SHAPE(44, 0, 1);
SHAPE(48, 0, 1);

/* A32 reaches the unprotected half of a narrow Realm: no syndrome of it is emulated. LDR r2, [r1]. */
SHOW(aarch32__not_emulated, make(32, 1, 1, RMI_HASH_SHA_256);
     uint64_t *in = program(0, CODE("adr x3, 1f; msr elr_el1, x3; msr spsr_el1, x4; isb; eret; 1: .word 0xe5912000"));
     in[1] = half() + PAGE; in[4] = 0x1d0;
     enter(0); EXIT_IS(0, .esr = EC(EC_DABT) | FSC_TRANS | 3, .hpfar = HPFAR(half() + PAGE)); entry(0)->flags = RMI_ENTER_EMUL_MMIO;
     EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC); entry(0)->flags = RMI_ENTER_INJECT_SEA; finish(0);
     EXPECT_EQ(after(0)->vector, VECTOR_EL0_32); EXPECT_EQ(after(0)->esr >> 26, EC_DABT); EXPECT_EQ(after(0)->esr & 0x3f, FSC_SEA));

/* ---- SHA-512: 64 bytes in every register ---- */
#define READ	"movz x0, #0x192; movk x0, #0xc400, lsl #16; smc #0"
#define EXTEND	"movz x0, #0x193; movk x0, #0xc400, lsl #16; mov x1, #2; mov x2, #64; mov x3, #5; smc #0; mov x20, x0; mov x1, #2; " READ
static void measured(uint8_t hash, unsigned int regs)
{
	make(40, 1, 2, hash);
	run_code(0, CODE("mov x1, #0; " READ), 0, 0, 0);
	EXPECT_EQ(after(0)->out[0], RSI_SUCCESS);
	for (unsigned int n = 1; n <= 8; n++)
		EXPECT_EQ(after(0)->out[n] != 0, n <= regs);
}
static void extended(uint8_t hash, unsigned int regs)
{
	make(40, 1, 2, hash);
	run_code(0, CODE(EXTEND), 0, 0, 0);
	EXPECT_EQ(after(0)->out[20], RSI_SUCCESS);
	for (unsigned int n = 1; n <= 8; n++)
		EXPECT_EQ(after(0)->out[n] != 0, n <= regs);
}
static void configured(uint8_t hash)
{
	make(40, 1, 2, hash);
	run_code(0, CODE("mov x9, x1; smc #0; ldr x10, [x9, #8]"), SMC_RSI_REALM_CONFIG, half() - PAGE, 0);
	EXPECT_EQ(after(0)->out[10], hash);
}
SHOW(hash__sha_256_rim, measured(RMI_HASH_SHA_256, 4));
SHOW(hash__sha_512_rim, measured(RMI_HASH_SHA_512, 8));
SHOW(hash__sha_256_rem, extended(RMI_HASH_SHA_256, 4));
SHOW(hash__sha_512_rem, extended(RMI_HASH_SHA_512, 8));
SHOW(hash__sha_256_config, configured(RMI_HASH_SHA_256));
SHOW(hash__sha_512_config, configured(RMI_HASH_SHA_512));
SHOW(hash__sha_512_token, make(40, 1, 2, RMI_HASH_SHA_512);
     run_code(0, CODE("mov x9, x1; movz x0, #0x194; movk x0, #0xc400, lsl #16; smc #0; movz x0, #0x195; "
          "movk x0, #0xc400, lsl #16; mov x1, x9; mov x2, #0; "
		      "mov x3, #4096; smc #0"), 0, half() - PAGE, 0);
     EXPECT_EQ(after(0)->out[0], RSI_SUCCESS); EXPECT(after(0)->out[1] > 1000));
