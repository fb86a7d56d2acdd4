/* SPDX-License-Identifier: Apache-2.0 */
/* Protected tables folded and unfolded under a Realm that uses the memory: contents and RIPAS survive. rmi.md 6.3, 6.5. */
#include "../guest.h"
#define COMMAND "FOLDING"

#define AT_BLOCK	(4 * BLOCK)
#define WORD(n)		(0x600d000000000000UL + (n))

static uint64_t l3, ram;

/* 512 pages side by side, RIPAS RAM, at AT_BLOCK. */
static void set_up(uint64_t x[REGS])
{
	guest_loading(x);
	ram = granule_alloc(512, BLOCK);
	must(RMI0(RTT_CREATE, guest.rd, l3 = delegated(), AT_BLOCK, 3));
	must(RMI0(RTT_INIT_RIPAS, guest.rd, AT_BLOCK, AT_BLOCK + BLOCK));
	for (uint64_t n = 0; n < 512; n++)
		must(RMI0(DATA_CREATE_UNKNOWN, guest.rd, ram + n * PAGE, AT_BLOCK + n * PAGE));
	guest_go();
}
static const struct env env = { .set_up = set_up };

/* The Realm writes each page, or counts the pages that hold what it wrote. */
static void fill(void)
{
	run_code(0, CODE("mov x3, #512; mov x4, x1; 1: str x0, [x4]; add x0, x0, #1; add x4, x4, #0x1000; subs x3, x3, #1; "
          "b.ne 1b"), WORD(0), AT_BLOCK, 0);
	no_exception(0);
}

static void intact(void)
{
	EXPECT_EQ(run_code(0, CODE("mov x3, #512; mov x4, x1; mov x6, #0; 1: ldr x5, [x4]; cmp x5, x0; cinc x6, x6, eq; add x0, x0, #1; "
				   "add x4, x4, #0x1000; subs x3, x3, #1; b.ne 1b; mov x0, x6"), WORD(0), AT_BLOCK, 0), 512);
	no_exception(0);
}

static void fold(void)
{
	struct rmi_out r = RMI(RTT_FOLD, guest.rd, AT_BLOCK, 3);

	must(r.x[0]);
	EXPECT_EQ(r.x[1], l3);
}

static void unfold(void) { must(RMI0(RTT_CREATE, guest.rd, l3, AT_BLOCK, 3)); }

static void state_is(uint64_t state, uint64_t top)
{
	EXPECT_EQ(run_code(0, CODE("smc #0"), SMC_RSI_IPA_STATE_GET, AT_BLOCK, top), RSI_SUCCESS);
	EXPECT_EQ(after(0)->out[1], top);
	EXPECT_EQ(after(0)->out[2], state);
}

SHOW(fold, fill(); fold(); intact());
SHOW(fold__written_as_block, fold(); fill(); intact());
SHOW(fold__block_is_shown, fill(); fold(); struct rmi_out r = RMI(RTT_READ_ENTRY, guest.rd, AT_BLOCK, 2); EXPECT_EQ(r.x[1], 2);
     EXPECT_EQ(r.x[2], RMI_ASSIGNED); EXPECT_EQ(r.x[3], ram); EXPECT_EQ(r.x[4], RMI_RAM));
SHOW(fold__state_of_block, fold(); state_is(RMI_RAM, AT_BLOCK + BLOCK); state_is(RMI_RAM, AT_BLOCK + PAGE));
SHOW(unfold, fill(); fold(); unfold(); intact());
SHOW(unfold__written_as_block, fold(); fill(); unfold(); intact());
SHOW(unfold__pages_are_shown, fold(); unfold();
     for (uint64_t n = 0; n < 512; n += 73) { struct rmi_out r = RMI(RTT_READ_ENTRY, guest.rd, AT_BLOCK + n * PAGE, 3);
     EXPECT_EQ(r.x[1], 3); EXPECT_EQ(r.x[3], ram + n * PAGE); EXPECT_EQ(r.x[4], RMI_RAM); });
SHOW(again_and_again, fill(); for (int n = 0; n < 6; n++) { fold(); intact(); unfold(); intact(); });
SHOW(unfolded_page_taken, fill(); fold(); intact(); unfold();
     EXPECT_EQ(RMI(DATA_DESTROY, guest.rd, AT_BLOCK + 100 * PAGE).x[1], ram + 100 * PAGE);
     program(0, CODE("ldr x0, [x1]"))[1] = AT_BLOCK + 100 * PAGE; enter(0);
     EXIT_IS(0, .esr = EC(EC_DABT) | FSC_TRANS | 3, .hpfar = HPFAR(AT_BLOCK + 100 * PAGE)));
SHOW(not_homogeneous__one_gone, must(RMI0(DATA_DESTROY, guest.rd, AT_BLOCK + 511 * PAGE));
     EXPECT_EQ(RMI0(RTT_FOLD, guest.rd, AT_BLOCK, 3), RTT(3)));
/* an RSI buffer inside a block */
SHOW(buffer_in_block, fold(); EXPECT_EQ(run_code(0, CODE("mov x9, x1; smc #0; "
          "ldr x0, [x9]"), SMC_RSI_REALM_CONFIG, AT_BLOCK + 77 * PAGE, 0), REALM_S2SZ));
SHOW(code_in_block, fold(); run_code(0, CODE("str w0, [x1]; dsb ish; ic ivau, x1; dsb ish; isb; mov x3, x30; blr x1; "
          "mov x30, x3"), 0xd65f03c0, AT_BLOCK + 3 * PAGE, 0);
     no_exception(0));
/* the whole block to EMPTY and back in one step; contents are not promised, but the memory is there */
static void set_block(uint64_t ripas)
{
	uint64_t *in = program(0, CODE("smc #0"));

	in[0] = SMC_RSI_IPA_STATE_SET;
	in[1] = AT_BLOCK;
	in[2] = AT_BLOCK + BLOCK;
	in[3] = ripas;
	enter(0);
	EXPECT_EQ(RMI(RTT_SET_RIPAS, guest.rd, guest_rec[0], AT_BLOCK, AT_BLOCK + BLOCK).x[1], AT_BLOCK + BLOCK);
	finish(0);
	EXPECT_EQ(after(0)->out[1], AT_BLOCK + BLOCK);
}
SHOW(block_to_empty, fill(); fold(); intact(); set_block(RMI_EMPTY); state_is(RMI_EMPTY, AT_BLOCK + BLOCK);
     run_code(0, CODE("ldr x0, [x1]"), 5, AT_BLOCK + 200 * PAGE, 0);
     EXPECT_EQ(after(0)->vector, VECTOR_EL1H); EXPECT_EQ(after(0)->esr & 0x3f, FSC_SEA); EXPECT_EQ(after(0)->out[0], 5));
SHOW(block_to_empty__and_back, fold(); set_block(RMI_EMPTY); set_block(RMI_RAM); fill(); intact());
SHOW(block_to_empty__unfolded, fold(); set_block(RMI_EMPTY); unfold();
     struct rmi_out r = RMI(RTT_READ_ENTRY, guest.rd, AT_BLOCK + 9 * PAGE, 3);
     EXPECT_EQ(r.x[2], RMI_ASSIGNED); EXPECT_EQ(r.x[4], RMI_EMPTY); EXPECT_EQ(r.x[3], ram + 9 * PAGE));
SHOW(host_cannot_read, fill(); fold(); EXPECT(!host_can_read(page_ptr(ram + 5 * PAGE))); unfold();
     EXPECT(!host_can_read(page_ptr(ram + 5 * PAGE))));
