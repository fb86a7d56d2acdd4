/* SPDX-License-Identifier: Apache-2.0 */
/* A Realm with stage 1 on: accesses that are made for it - table walks, access flags, whole cache lines. */
#include "attack.h"

#define BLOCK_DESC	0x701UL			/* Normal write-back, shareable, accessed */
#define TCR		(23UL | 1UL << 8 | 1UL << 10 | 3UL << 12 | 25UL << 16 | 1UL << 24 | 1UL << 26 | 3UL << 28 | 2UL << 30 | \
			 5UL << 32 | 1UL << 39)		/* TTBR0: 41 bits; TTBR1: 39; 48-bit addresses; HA */
#define HIGH		(~0UL << 39)		/* lowest address of TTBR1 */

/* Identity for the two halves of its address space, tables in its free RAM; TTBR1 where the attack wants it. */
static void stage1_on(unsigned int a, uint64_t ttbr1)
{
	RUN(a, "str x1, [x0]\n\t orr x5, x2, x1\n\t add x6, x0, #0x1000\n\t str x5, [x6]\n\t orr x5, x0, #3\n\t"
		"str x5, [x0, #0xf00]\n\t"
	    "orr x5, x6, #3\n\t str x5, [x0, #0xf08]\n\t dsb sy\n\t mov x5, #0xff\n\t msr mair_el1, x5\n\t"
	"msr tcr_el1, x3\n\t add x5, x0, #0xf00\n\t"
	    "msr ttbr0_el1, x5\n\t msr ttbr1_el1, x4\n\t isb\n\t tlbi vmalle1\n\t dsb sy\n\t isb\n\t"
	"mrs x5, sctlr_el1\n\t orr x5, x5, #1\n\t"
	    "orr x5, x5, #4\n\t msr sctlr_el1, x5\n\t isb", AT_RAM, BLOCK_DESC, REALM_UNPROT, TCR, ttbr1);
	EXPECT(fine(a));
}

ATTEMPT(walk, through_window, "row/unprotected s4/window-out s4/abort-window",
	"a Realm has its stage 1 walk read a window that it may not read", "the window is both ways")
{
	unsigned int a = role(0);
	bool got;

	window(a, 3, open ? IN | OUT : OUT);
	start();
	*window_at(a, AT_WINDOW(3)) = BLOCK_DESC;	/* HIGH is address 0 */
	stage1_on(a, AT_WINDOW(3));
	RUN(a, LOAD, HIGH);
	got = fine(a);
	if (!open)
		aborted(a, MICA_RULE_WINDOW);
	return got;
}

ATTEMPT(walk, through_device, "row/mmio s4/abort-device",
	"a Realm has its stage 1 walk read a device: the host would hear of it", "it loads from the device")
{
	unsigned int a = role(0);

	device(a, 0, IN | OUT);
	start();
	stage1_on(a, AT_DEVICE(0));
	load(a, CODE(LOAD))[0] = open ? AT_DEVICE(0) : HIGH;
	must(enter(a));
	EXPECT(open || done(a));
	if (!open)
		aborted(a, MICA_RULE_MMIO);
	return LEFT(a, SYNC);
}

ATTEMPT(walk, through_hole, "row/first-touch s4/abort-ram", "a Realm has its stage 1 walk read where nothing is",
	"a table in its RAM")
{
	unsigned int a = role(0);
	bool got;

	start();
	stage1_on(a, open ? AT_RAM : AT_HOLE);
	RUN(a, LOAD, HIGH);
	got = fine(a);
	if (!open)
		aborted(a, MICA_RULE_SEALED);
	return got;
}

ATTEMPT(walk, access_flag, "s4/channel-r s4/abort-channel",
	"a reader puts its tables into the channel and has the CPU set the access flag there", "a grant to write")
{
	unsigned int a = role(0), b = role(0), d = role(0), c = channel_between(b, d, 0);

	grant(c, a, open ? RW : R);
	start();
	RUN(b, STORE, AT_CHAN(c), BLOCK_DESC & ~0x400UL);
	stage1_on(a, AT_CHAN(c));
	RUN(a, LOAD, HIGH);
	if (!open)
		EXPECT(!fine(a) && only_reasons(a));
	return RUN(d, LOAD, AT_CHAN(c))[0] & 0x400;
}

ATTEMPT(walk, zero_block_channel, "s4/channel-r s4/abort-channel rule/13",
	"a reader zeroes a block of the channel by DC ZVA", "a grant to write")
{
	unsigned int a = role(0), b = role(0), d = role(0), c = channel_between(b, d, 0);

	grant(c, a, open ? RW : R);
	start();
	RUN(b, STORE, AT_CHAN(c), SECRET);
	stage1_on(a, AT_RAM);
	RUN(a, "dc zva, x0", AT_CHAN(c));
	if (!open)
		aborted(a, MICA_RULE_NO_RIGHT);
	return RUN(d, LOAD, AT_CHAN(c))[0] == 0;
}

ATTEMPT(walk, zero_block_window, "row/unprotected s4/window-in",
	"a Realm zeroes a block of a window from the host by DC ZVA", "the window is both ways")
{
	unsigned int a = role(0);

	window(a, 3, open ? IN | OUT : IN);
	start();
	*window_at(a, AT_WINDOW(3)) = SECRET;
	stage1_on(a, AT_RAM);
	RUN(a, "dc zva, x0", AT_WINDOW(3));
	if (!open)
		aborted(a, MICA_RULE_WINDOW);
	return *window_at(a, AT_WINDOW(3)) == 0;
}

ATTEMPT(walk, unaligned_channel, "s4/channel-r rule/13", "a reader stores across two words", "a grant to write")
{
	unsigned int a = role(0), b = role(0), d = role(0), c = channel_between(b, d, 0);

	grant(c, a, open ? RW : R);
	start();
	stage1_on(a, AT_RAM);
	RUN(a, "str x1, [x0]", AT_CHAN(c) + 4, SECRET);
	if (!open)
		aborted(a, MICA_RULE_NO_RIGHT);
	return RUN(d, "ldr x1, [x0]\n\t ldr x2, [x0, #8]\n\t orr x0, x1, x2", AT_CHAN(c))[0] != 0;
}

/* MAIR, TCR and SCTLR are the Realm's own; with FWB no attribute of its makes another view of the memory. */
ATTEMPT(walk, uncached_alias, "s4/channel-rw",
	"a Realm writes a channel as device memory, and would read old cache lines as normal memory",
	"both as normal memory")
{
	unsigned int a = role(0), b = role(0), c = channel_between(a, b, 0);
	bool stale = false;

	start();
	stage1_on(b, AT_RAM);
	if (open)
		stage1_on(a, AT_RAM);
	for (uint64_t i = 1; i < 20; i++) {
		RUN(a, STORE, AT_CHAN(c), SECRET + i);
		stale |= RUN(b, LOAD, AT_CHAN(c))[0] != SECRET + i;
	}
	return open ? !stale : stale;
}
