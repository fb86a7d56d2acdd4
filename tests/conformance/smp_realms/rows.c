/* SPDX-License-Identifier: Apache-2.0 */
/* RECs that run while the other CPU takes memory, tables or themselves away. A stale translation would show as old or foreign memory. */
#include "../../bare/gic.h"
#include "../guest.h"
#define COMMAND "SMP_REALMS"

#define ROUNDS		8
#define AT_BLOCK	(4 * BLOCK)
#define OURS		0x600d600d600d600dUL

static const struct env env = { .set_up = guest_of_three };

/* words in the unprotected page that Realm and host share */
static volatile uint64_t *shared(unsigned int n) { return page_ptr(guest.shared + 8 * n); }
#define SHARED_AT(n)	(AT_UNPROT + 8 * (n))
#define BEAT		0			/* advances while the Realm on CPU 1 runs */
#define STOP		1

static void enter_there(void *arg)
{
	(void)arg;
	enter(1);
}

/* It does, or the row fails: five seconds are long enough. */
static void until_it_runs(void)
{
	uint64_t from = *shared(BEAT), end = counter() + counter_us(5000000);

	while (*shared(BEAT) < from + 3 && counter() < end)
		;
	EXPECT(*shared(BEAT) >= from + 3);
}

static uint64_t *on_other(struct code c, uint64_t at)
{
	uint64_t *in = program(1, c);

	*shared(STOP) = 0;
	in[1] = at;
	in[2] = OURS;
	in[4] = SHARED_AT(BEAT);
	in[7] = SHARED_AT(STOP);
	on_cpu1(enter_there, NULL);
	until_it_runs();
	return in;
}

/* As long as X1 holds X2, and it is not told to stop; X3 is what it held last. */
#define WATCH	CODE("1: ldr x3, [x1]; ldr x5, [x4]; add x5, x5, #1; str x5, [x4]; ldr x8, [x7]; cbnz x8, 2f; cmp x3, x2; b.eq 1b; 2:")

/* By now it has left. If it still reads, by a translation that should be gone, it stops here, and the row shows it. */
static void wait_it_left(void)
{
	uint64_t end = counter() + counter_us(100000);

	while (counter() < end)
		;
	*shared(STOP) = 1;
	wait_cpu1();
}

/* ---- memory goes while it is read ---- */

static void window_unmapped(void)
{
	uint64_t p = host_page(), other = host_page();

	for (int n = 0; n < ROUNDS; n++) {
		*(volatile uint64_t *)page_ptr(p) = OURS;
		*(volatile uint64_t *)page_ptr(other) = OURS + 1;
		map_page(AT_WINDOW, p);
		on_other(WATCH, AT_WINDOW);
		unmap_page(AT_WINDOW);
		*(volatile uint64_t *)page_ptr(p) = 0xbad;		/* the host's alone again */
		wait_it_left();
		EXPECT_EQ(left(1)->exit_reason, RMI_EXIT_SYNC);
		EXPECT_EQ(left(1)->hpfar, HPFAR(AT_WINDOW));
		EXPECT_EQ(left(1)->esr & 0x3f, FSC_TRANS | 3);
		*shared(STOP) = 0;
		map_page(AT_WINDOW, other);
		finish(1);
		EXPECT_EQ(after(1)->out[3], OURS + 1);
		unmap_page(AT_WINDOW);
	}
}

static void data_destroyed(void)
{
	run_code(1, CODE("str x0, [x1]"), OURS, AT_RAM, 0);
	no_exception(1);
	on_other(WATCH, AT_RAM);
	EXPECT_EQ(RMI(DATA_DESTROY, guest.rd, AT_RAM).x[1], guest_ram);
	must(RMI0(GRANULE_UNDELEGATE, guest_ram));
	*(volatile uint64_t *)page_ptr(guest_ram) = 0xbad;
	wait_it_left();
	EXPECT_EQ(left(1)->exit_reason, RMI_EXIT_SYNC);
	EXPECT_EQ(left(1)->hpfar, HPFAR(AT_RAM));
}

static void made_empty(void)
{
	uint64_t *in;

	run_code(1, CODE("str x0, [x1]"), OURS, AT_RAM, 0);
	on_other(WATCH, AT_RAM);
	in = program(0, CODE("smc #0"));
	in[0] = SMC_RSI_IPA_STATE_SET;
	in[1] = AT_RAM;
	in[2] = AT_RAM + PAGE;
	in[3] = RMI_EMPTY;
	enter(0);
	must(RMI0(RTT_SET_RIPAS, guest.rd, guest_rec[0], AT_RAM, AT_RAM + PAGE));
	wait_it_left();
	EXPECT_EQ(after(1)->vector, VECTOR_EL1H);
	EXPECT_EQ(after(1)->esr & 0x3f, FSC_SEA);
	EXPECT_EQ(after(1)->far, AT_RAM);
	EXPECT_EQ(after(1)->out[3], OURS);
	finish(0);
	EXPECT_EQ(after(0)->out[1], AT_RAM + PAGE);
}

static void table_destroyed(void)
{
	uint64_t p = page_alloc(512, BLOCK), at = AT_UNPROT + 8 * BLOCK;

	*(volatile uint64_t *)page_ptr(p + 300 * PAGE) = OURS;
	must(RMI0(RTT_MAP_UNPROTECTED, guest.rd, at, 2, p | RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW));
	must(RMI0(RTT_CREATE, guest.rd, delegated(), at, 3));
	on_other(WATCH, at + 300 * PAGE);
	must(RMI0(RTT_DESTROY, guest.rd, at, 3));
	*(volatile uint64_t *)page_ptr(p + 300 * PAGE) = 0xbad;
	wait_it_left();
	EXPECT_EQ(left(1)->exit_reason, RMI_EXIT_SYNC);
	EXPECT_EQ(left(1)->hpfar, HPFAR(at + 300 * PAGE));
}

/* The page behind an address changes again and again; one that is not mapped any more is poisoned. X6 counts poison seen. */
#define LOOK	CODE("1: ldr x3, [x1]; cmp x3, x2; cinc x6, x6, ne; ldr x5, [x4]; add x5, x5, #1; str x5, [x4]; ldr x8, [x7]; cbz x8, 1b")
static void enter_on_abort(void *arg)
{
	(void)arg;
	do
		enter(1);
	while (left(1)->exit_reason == RMI_EXIT_SYNC);
}

static void page_changes(void)
{
	uint64_t p[2] = { host_page(), host_page() }, *in = program(1, LOOK);

	in[1] = AT_WINDOW;
	in[2] = OURS;
	in[4] = SHARED_AT(BEAT);
	in[7] = SHARED_AT(STOP);
	*shared(STOP) = 0;
	on_cpu1(enter_on_abort, NULL);
	for (int n = 0; n < 40; n++) {
		*(volatile uint64_t *)page_ptr(p[n & 1]) = OURS;
		map_page(AT_WINDOW, p[n & 1]);
		until_it_runs();
		if (n == 39)
			break;
		unmap_page(AT_WINDOW);
		*(volatile uint64_t *)page_ptr(p[n & 1]) = 0xbad;
	}
	*shared(STOP) = 1;
	wait_cpu1();
	EXPECT_EQ(after(1)->out[6], 0);
	no_exception(1);
}

SHOW(taken_while_read__window, window_unmapped());
SHOW(taken_while_read__data, data_destroyed());
SHOW(taken_while_read__ripas_empty, made_empty());
SHOW(taken_while_read__table, table_destroyed());
SHOW(taken_while_read__page_changes, page_changes());

/* ---- a block folds and unfolds under a Realm that reads and writes it ---- */
static void fold_under_it(struct code c)
{
	uint64_t ram = granule_alloc(512, BLOCK), l3 = delegated();

	must(RMI0(RTT_CREATE, guest.rd, l3, AT_BLOCK, 3));
	must(RMI0(RTT_INIT_RIPAS, guest.rd, AT_BLOCK, AT_BLOCK + BLOCK));
	for (uint64_t n = 0; n < 512; n++)
		must(RMI0(DATA_CREATE_UNKNOWN, guest.rd, ram + n * PAGE, AT_BLOCK + n * PAGE));
	guest_go();
	run_code(1, CODE("mov x3, #512; 1: str x0, [x1]; add x1, x1, #0x1000; subs x3, x3, #1; b.ne 1b"), OURS, AT_BLOCK, 0);
	on_other(c, AT_BLOCK);
	for (int n = 0; n < 10; n++) {
		must(RMI0(RTT_FOLD, guest.rd, AT_BLOCK, 3));
		until_it_runs();
		must(RMI0(RTT_CREATE, guest.rd, l3, AT_BLOCK, 3));
		until_it_runs();
	}
	*shared(STOP) = 1;
	wait_cpu1();
	no_exception(1);
	EXPECT_EQ(after(1)->out[6], 0);
}
#define PAGES(body)	"1: mov x9, #512; mov x10, x1; 2: " body "add x10, x10, #0x1000; subs x9, x9, #1; b.ne 2b; " \
			"ldr x5, [x4]; add x5, x5, #1; str x5, [x4]; ldr x8, [x7]; cbz x8, 1b"
static const struct env env_loading = { .set_up = guest_three_loading };
#define env env_loading
SHOW(folded_while_read, fold_under_it(CODE(PAGES("ldr x3, [x10]; cmp x3, x2; cinc x6, x6, ne; "))));
SHOW(folded_while_written, fold_under_it(CODE(PAGES("str x2, [x10]; ldr x3, [x10]; cmp x3, x2; cinc x6, x6, ne; "))));
#undef env

/* ---- two RECs at once ---- */
static void together(struct code zero, struct code one, uint64_t at)
{
	uint64_t *in = program(0, zero);

	in[1] = at;
	in[2] = 100000;
	in = program(1, one);
	in[1] = at;
	in[2] = 100000;
	on_cpu1(enter_there, NULL);
	enter(0);
	wait_cpu1();
	EXPECT(asks(0));
	EXPECT(asks(1));
	no_exception(0);
	no_exception(1);
}
#define ADD	CODE("mov x3, #1; 1: ldadd x3, x4, [x1]; subs x2, x2, #1; b.ne 1b")
#define LLSC	CODE("1: ldxr x3, [x1]; add x3, x3, #1; stxr w4, x3, [x1]; cbnz w4, 1b; subs x2, x2, #1; b.ne 1b")
SHOW(together__ldadd, together(ADD, ADD, AT_RAM); EXPECT_EQ(run_code(2, CODE("ldr x0, [x1]"), 0, AT_RAM, 0), 200000));
SHOW(together__exclusives, together(LLSC, LLSC, AT_RAM); EXPECT_EQ(run_code(2, CODE("ldr x0, [x1]"), 0, AT_RAM, 0), 200000));
/* each waits for the other: they run at the same time, or never end */
SHOW(together__each_waits, together(CODE("mov x3, #1; str x3, [x1]; 1: ldr x4, [x1, #64]; cbz x4, 1b"), CODE("mov x3, #1; "
          "str x3, [x1, #64]; 1: ldr x4, [x1]; cbz x4, 1b"), AT_RAM));
SHOW(together__calls, together(CODE("1: movz x0, #0x190; movk x0, #0xc400, lsl #16; mov x1, #0x10000; smc #0; sub x20, x20, #1; "
          "add x21, x21, x0; cmn x20, #200; b.ne 1b"),
			       CODE("1: movz x0, #0x198; movk x0, #0xc400, lsl #16; mov x1, #0; mov x2, #0x1000; smc #0; "
          "sub x20, x20, #1; add x21, x21, x0; cmn x20, #200; b.ne 1b"), 0);
     EXPECT_EQ(after(0)->out[21], 0); EXPECT_EQ(after(1)->out[21], 0));
/* measurements are the Realm's: extensions of both are in, one after the other */
#define EXTEND	CODE("1: movz x0, #0x193; movk x0, #0xc400, lsl #16; mov x1, #1; mov x2, #8; mov x3, #5; smc #0; add x21, x21, x0; add x20, x20, #1; cmp x20, #20; b.ne 1b")
SHOW(together__extend, together(EXTEND, EXTEND, 0); EXPECT_EQ(after(0)->out[21], 0);
     run_code(2, CODE("movz x0, #0x192; movk x0, #0xc400, lsl #16; mov x1, #1; smc #0"), 0, 0, 0); uint64_t both = after(2)->out[1];
     run_code(2, CODE("1: movz x0, #0x193; movk x0, #0xc400, lsl #16; mov x1, #2; mov x2, #8; mov x3, #5; smc #0; "
          "add x20, x20, #1; cmp x20, #40; b.ne 1b; "
		      "movz x0, #0x192; movk x0, #0xc400, lsl #16; mov x1, #2; smc #0"), 0, 0, 0); EXPECT_EQ(after(2)->out[1], both));

/* ---- the REC itself ---- */
static uint64_t there_status;
static void enter_until_gone(void *arg)
{
	(void)arg;
	do
		there_status = RMI0(REC_ENTER, guest_rec[1], guest_run[1]);
	while (there_status == RMI_SUCCESS);
}
static void destroyed_while_entered(void)
{
	uint64_t status;
	unsigned int tries = 0;

	on_cpu1(enter_until_gone, NULL);
	do {
		status = RMI0(REC_DESTROY, guest_rec[1]);
		EXPECT(status == RMI_SUCCESS || status == REC);
	} while (status != RMI_SUCCESS && ++tries < 1000000);
	wait_cpu1();
	EXPECT_EQ(status, RMI_SUCCESS);
	EXPECT_EQ(there_status, INPUT);
	must(RMI0(GRANULE_UNDELEGATE, guest_rec[1]));
	run_code(0, CODE("nop"), 0, 0, 0);
}
SHOW(rec__destroyed_while_entered, destroyed_while_entered());

#define WAIT	CODE("1: ldr x5, [x4]; add x5, x5, #1; str x5, [x4]; ldr x8, [x7]; cbz x8, 1b")
SHOW(rec__running_is_refused, on_other(WAIT, 0); EXPECT_EQ(RMI0(REC_ENTER, guest_rec[1], guest_run[2]), REC);
     EXPECT_EQ(RMI0(REC_DESTROY, guest_rec[1]), REC);
     EXPECT_EQ(RMI0(REALM_DESTROY, guest.rd), REALM(0)); EXPECT_EQ(RMI0(GRANULE_UNDELEGATE, guest_rec[1]), INPUT);
     EXPECT_EQ(RMI0(RTT_SET_RIPAS, guest.rd, guest_rec[1], 0, PAGE), REC); run_code(0, CODE("nop"), 0, 0, 0); *shared(STOP) = 1;
     wait_cpu1(); EXPECT(asks(1)));
/* the run page goes to the monitor while the REC runs: the exit is lost with an error, nothing is written to what is no more the host's */
static uint64_t lost_page;
static void enter_lost(void *arg)
{
	(void)arg;
	there_status = RMI0(REC_ENTER, guest_rec[1], lost_page);
}
static void run_page_taken(void)
{
	uint64_t *in = program(1, WAIT);

	lost_page = host_page();
	in[4] = SHARED_AT(BEAT);
	in[7] = SHARED_AT(STOP);
	*shared(STOP) = 0;
	on_cpu1(enter_lost, NULL);
	until_it_runs();
	must(RMI0(GRANULE_DELEGATE, lost_page));
	*shared(STOP) = 1;
	wait_cpu1();
	EXPECT_EQ(there_status, INPUT);
	must(RMI0(GRANULE_UNDELEGATE, lost_page));
	for (int n = 0; n < 512; n++)
		EXPECT_EQ(((uint64_t *)page_ptr(lost_page))[n], 0);
	enter(1);
	EXPECT(asks(1));
	EXPECT_EQ(run_code(1, CODE("mov x0, #7"), 0, 0, 0), 7);
}
SHOW(rec__run_page_taken, run_page_taken());
SHOW(rec__realm_off_while_other_runs, on_other(WAIT, 0); uint64_t *in = program(0, CODE("smc #0")); in[0] = PSCI_SYSTEM_OFF; enter(0);
     EXPECT_EQ(left(0)->gprs[0], PSCI_SYSTEM_OFF); EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REALM(1));
     until_it_runs(); *shared(STOP) = 1; wait_cpu1();
     EXPECT_EQ(RMI0(REC_ENTER, guest_rec[1], guest_run[1]), REALM(1)));
SHOW(rec__moves_between_cpus, for (uint64_t n = 0; n < 10; n++) { program(1, CODE("msr tpidr_el1, x1; mov x0, x1"))[1] = n;
     on_cpu1(enter_there, NULL); wait_cpu1();
     EXPECT_EQ(after(1)->out[0], n); EXPECT_EQ(run_code(1, CODE("mrs x0, tpidr_el1"), 5, 0, 0), n); });

/*
 * REC 1 turns an entry of the other's stage 1 between a block and a table in memory that is not there. REC 0 stores through it to
 * what the host mapped read-only: the monitor, which has the address translated again, may then meet the table.
 */
#define S1_BLOCK	0x701UL			/* Normal write-back, shareable, accessed */
#define S1_TABLE	3UL
#define S1_TCR		(23UL | 1UL << 8 | 1UL << 10 | 3UL << 12 | 1UL << 23 | 2UL << 30 | 5UL << 32)	/* TTBR0: 41 bits; 48-bit addresses */
#define S1_ON		CODE("str x1, [x0]; add x6, x0, #0x1000; orr x5, x2, x1; str x5, [x6]; str x5, [x0, #8]; orr x5, x0, #3; " \
			     "str x5, [x0, #0xf00]; orr x5, x6, #3; str x5, [x0, #0xf08]; dsb sy; mov x5, #0xff; msr mair_el1, x5; " \
			     "msr tcr_el1, x3; add x5, x0, #0xf00; msr ttbr0_el1, x5; isb; tlbi vmalle1; dsb sy; isb; " \
			     "mrs x5, sctlr_el1; orr x5, x5, #1; orr x5, x5, #4; msr sctlr_el1, x5; isb")
#define TURN		CODE("1: str x1, [x0]; add x9, x9, #13; and x10, x9, #127; 2: sub x10, x10, #1; tbz x10, #63, 2b; " \
			     "str x2, [x0]; and x10, x9, #127; 3: sub x10, x10, #1; tbz x10, #63, 3b; " \
			     "ldr x5, [x4]; add x5, x5, #1; str x5, [x4]; ldr x8, [x7]; cbz x8, 1b")	/* each state for a while, never the same */
#define S1_LOOKS	2000

/* REC 0's tables: AT_RAM for the protected half, the page behind it for the other; the entry for the GiB at GIB leads there, too. */
static void stage1_on(void)
{
	uint64_t *in;

	must(RMI0(DATA_CREATE_UNKNOWN, guest.rd, delegated(), AT_RAM + PAGE));
	in = program(0, S1_ON);
	in[0] = AT_RAM;
	in[1] = S1_BLOCK;
	in[2] = AT_UNPROT;
	in[3] = S1_TCR;
	finish(0);
	no_exception(0);
}

static void turn_the_entry(void)
{
	uint64_t *in = program(1, TURN);

	*shared(STOP) = 0;
	in[0] = AT_RAM + 8;
	in[1] = AT_DEVICE | S1_TABLE;
	in[2] = AT_UNPROT | S1_BLOCK;
	in[4] = SHARED_AT(BEAT);
	in[7] = SHARED_AT(STOP);
	on_cpu1(enter_there, NULL);
	until_it_runs();
}

static void tables_go_under_a_fault(void)
{
	unsigned int faults = 0, aborts = 0;

	stage1_on();
	map_page_as(AT_WINDOW, host_page(), RMI_DESC_S2AP_RO);
	map_page(AT_DEVICE, PA_NOWHERE);
	turn_the_entry();
	for (unsigned int n = 0; n < S1_LOOKS; n++) {
		program(0, CODE("str x2, [x1]"))[1] = GIB + AT_WINDOW - AT_UNPROT;
		enter(0);
		if (asks(0)) {				/* its own walk met the table */
			EXPECT_EQ(after(0)->esr >> 26, EC_DABT + 1);
			aborts++;
			continue;
		}
		EXPECT_EQ(left(0)->hpfar, HPFAR(AT_WINDOW));
		EXPECT_EQ(left(0)->esr & 0x3f, FSC_PERM | 3);
		faults++;
		entry(0)->flags = RMI_ENTER_EMUL_MMIO;
		finish(0);
	}
	EXPECT(faults != 0 && aborts != 0);
	*shared(STOP) = 1;
	wait_cpu1();
}
SHOW(stage1__tables_go_under_a_fault, tables_go_under_a_fault());
