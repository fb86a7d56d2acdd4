/* SPDX-License-Identifier: Apache-2.0 */
/* Host memory in the unprotected half as the Realm sees it: mapped, unmapped, in blocks, and the host's other way to it. rmi.md 6. */
#include "../guest.h"
#define COMMAND "UNPROTECTED"

static const struct env env = { .set_up = guest_new };

#define WORD(n)		(0x600d000000000000UL + (n))
#define BLOCK_AT	(AT_UNPROT + 8 * BLOCK)		/* level 2, nothing there */
#define GIB_AT		(AT_UNPROT + 4 * GIB)		/* level 1 */
#define RAM_GIB		0x40000000UL			/* of the machine's memory, aligned */
#define WB_RW		(RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW)

static uint64_t load(uint64_t at) { return run_code(0, CODE("ldr x0, [x1]"), 0, at, 0); }
static void store(uint64_t at, uint64_t v) { run_code(0, CODE("str x0, [x1]"), v, at, 0); }
static uint64_t *word(uint64_t pa) { return page_ptr(pa); }

static void aborts(uint64_t at, uint64_t level)
{
	program(0, CODE("ldr x0, [x1]"))[1] = at;
	enter(0);
	EXIT_IS(0, .esr = EC(EC_DABT) | ISV | SAS(3) | SF | FSC_TRANS | level, .far = at & 0xfff, .hpfar = HPFAR(at));
	entry(0)->flags = RMI_ENTER_EMUL_MMIO;
	finish(0);
}

static void table(uint64_t at, uint64_t level) { must(RMI0(RTT_CREATE, guest.rd, delegated(), at, level)); }

SHOW(page__both_see_it, uint64_t p = host_page(); map_page(AT_WINDOW, p); word(p)[3] = WORD(1); EXPECT_EQ(load(AT_WINDOW + 24), WORD(1));
     store(AT_WINDOW + 32, WORD(2)); EXPECT_EQ(word(p)[4], WORD(2)));
SHOW(page__unmapped, map_page(AT_WINDOW, host_page()); load(AT_WINDOW); no_exception(0); unmap_page(AT_WINDOW); aborts(AT_WINDOW, 3));
SHOW(page__remapped, uint64_t a = host_page(); uint64_t b = host_page(); *word(a) = WORD(1); *word(b) = WORD(2);
     for (int n = 0; n < 8; n++) { map_page(AT_WINDOW, n & 1 ? b : a); EXPECT_EQ(load(AT_WINDOW), WORD(1 + (n & 1)));
     unmap_page(AT_WINDOW); });
SHOW(page__twice, uint64_t p = host_page(); map_page(AT_WINDOW, p); map_page(AT_WINDOW + PAGE, p); store(AT_WINDOW, WORD(5));
     EXPECT_EQ(load(AT_WINDOW + PAGE), WORD(5)));
SHOW(page__permission_changed, uint64_t p = host_page(); map_page(AT_WINDOW, p); store(AT_WINDOW, WORD(1)); unmap_page(AT_WINDOW);
     map_page_as(AT_WINDOW, p, RMI_DESC_S2AP_RO); EXPECT_EQ(load(AT_WINDOW), WORD(1));
     program(0, CODE("str x0, [x1]"))[1] = AT_WINDOW; enter(0);
     EXPECT_EQ(left(0)->esr & 0x3f, FSC_PERM | 3); EXPECT_EQ(left(0)->esr & WNR, WNR));
SHOW(page__delegated_under_it, uint64_t p = host_page(); map_page(AT_WINDOW, p); *word(p) = WORD(1); EXPECT_EQ(load(AT_WINDOW), WORD(1));
     must(RMI0(GRANULE_DELEGATE, p)); run_code(0, CODE("ldr x0, [x1]"), 5, AT_WINDOW, 0); EXPECT_EQ(after(0)->vector, VECTOR_EL1H);
     EXPECT_EQ(after(0)->out[0], 5); must(RMI0(GRANULE_UNDELEGATE, p)); EXPECT_EQ(load(AT_WINDOW), 0));
SHOW(table_destroyed__over_its_window, map_page(AT_WINDOW, host_page()); load(AT_WINDOW); unmap_page(AT_UNPROT);
     must(RMI0(RTT_DESTROY, guest.rd, AT_UNPROT, 3)); EXPECT_EQ(RMI(RTT_READ_ENTRY, guest.rd, AT_WINDOW, 3).x[1], 2));
SHOW(block_2m, uint64_t p = page_alloc(512, BLOCK);
     must(RMI0(RTT_MAP_UNPROTECTED, guest.rd, BLOCK_AT, 2, p | WB_RW)); *word(p + BLOCK - 8) = WORD(1);
     EXPECT_EQ(load(BLOCK_AT + BLOCK - 8), WORD(1));
     store(BLOCK_AT + 0x100000, WORD(2)); EXPECT_EQ(*word(p + 0x100000), WORD(2)));
SHOW(block_2m__unmapped, uint64_t p = page_alloc(512, BLOCK); must(RMI0(RTT_MAP_UNPROTECTED, guest.rd, BLOCK_AT, 2, p | WB_RW));
     load(BLOCK_AT);
     load(BLOCK_AT + 0x1ff000); must(RMI0(RTT_UNMAP_UNPROTECTED, guest.rd, BLOCK_AT, 2)); aborts(BLOCK_AT, 2);
     aborts(BLOCK_AT + 0x1ff000, 2));
SHOW(block_2m__neighbour, uint64_t p = page_alloc(512, BLOCK); must(RMI0(RTT_MAP_UNPROTECTED, guest.rd, BLOCK_AT, 2, p | WB_RW));
     load(BLOCK_AT);
     aborts(BLOCK_AT + BLOCK, 2); aborts(BLOCK_AT - 8, 2));
SHOW(block_1g, uint64_t p = host_page(); must(RMI0(RTT_MAP_UNPROTECTED, guest.rd, GIB_AT, 1, (p & ~(GIB - 1)) | WB_RW)); *word(p) = WORD(3);
     EXPECT_EQ(load(GIB_AT + (p & (GIB - 1))), WORD(3)));
SHOW(block_1g__unmapped, must(RMI0(RTT_MAP_UNPROTECTED, guest.rd, GIB_AT, 1, RAM_GIB | WB_RW)); load(GIB_AT + 0x20001000);
     must(RMI0(RTT_UNMAP_UNPROTECTED, guest.rd, GIB_AT, 1)); aborts(GIB_AT + 0x20001000, 1));
SHOW(unfolded, uint64_t p = page_alloc(512, BLOCK); must(RMI0(RTT_MAP_UNPROTECTED, guest.rd, BLOCK_AT, 2, p | WB_RW));
     *word(p + 7 * PAGE) = WORD(7);
     EXPECT_EQ(load(BLOCK_AT + 7 * PAGE), WORD(7)); table(BLOCK_AT, 3); EXPECT_EQ(load(BLOCK_AT + 7 * PAGE), WORD(7));
     must(RMI0(RTT_UNMAP_UNPROTECTED, guest.rd, BLOCK_AT + 7 * PAGE, 3)); aborts(BLOCK_AT + 7 * PAGE, 3);
     load(BLOCK_AT + 8 * PAGE); no_exception(0));
SHOW(folded, uint64_t p = page_alloc(512, BLOCK); must(RMI0(RTT_MAP_UNPROTECTED, guest.rd, BLOCK_AT, 2, p | WB_RW)); table(BLOCK_AT, 3);
     *word(p + 9 * PAGE) = WORD(9); EXPECT_EQ(load(BLOCK_AT + 9 * PAGE), WORD(9)); must(RMI0(RTT_FOLD, guest.rd, BLOCK_AT, 3));
     EXPECT_EQ(load(BLOCK_AT + 9 * PAGE), WORD(9)); store(BLOCK_AT + 9 * PAGE, WORD(10)); EXPECT_EQ(*word(p + 9 * PAGE), WORD(10)));
SHOW(table_destroyed__over_pages, uint64_t p = page_alloc(512, BLOCK);
     must(RMI0(RTT_MAP_UNPROTECTED, guest.rd, BLOCK_AT, 2, p | WB_RW)); table(BLOCK_AT, 3);
     load(BLOCK_AT + 300 * PAGE); must(RMI0(RTT_DESTROY, guest.rd, BLOCK_AT, 3)); aborts(BLOCK_AT + 300 * PAGE, 2));
/* every page of a table of blocks leaves the TLBs, not only the first */
SHOW(table_destroyed__over_blocks, uint64_t p = page_alloc(512, BLOCK); table(GIB_AT, 2);
     must(RMI0(RTT_MAP_UNPROTECTED, guest.rd, GIB_AT + 5 * BLOCK, 2, p | WB_RW)); load(GIB_AT + 5 * BLOCK + 0x3000);
     must(RMI0(RTT_DESTROY, guest.rd, GIB_AT, 2)); aborts(GIB_AT + 5 * BLOCK + 0x3000, 1));
SHOW(device_memory, uint64_t p = host_page(); must(RMI0(RTT_MAP_UNPROTECTED, guest.rd, AT_WINDOW, 3, p | 1 << 2 | RMI_DESC_S2AP_RW));
     *word(p) = WORD(4); EXPECT_EQ(load(AT_WINDOW), WORD(4)); no_exception(0));
