/* SPDX-License-Identifier: Apache-2.0 */
/* Windows and unprotected memory; RIPAS; memory that is not there. */
#include "attack.h"

#define OURS	3			/* a window beside the mailbox */

/* The Realm loads a word at @at: the host's secret, if it is there. */
static bool loads(unsigned int a, uint64_t at)
{
	uint64_t got = RUN(a, LOAD, at)[0];

	return fine(a) && got == SECRET;
}

static void stores(unsigned int a, uint64_t at)
{
	RUN(a, STORE, at, SECRET);
}

ATTEMPT(window, none_load, "row/unprotected row/window-faults s4/none s4/abort-window rule/1",
	"a Realm loads from an unprotected address of no window", "a window is there")
{
	unsigned int a = role(0);
	bool got;

	if (open)
		window(a, OURS, IN);
	start();
	if (open)
		*window_at(a, AT_WINDOW(OURS)) = SECRET;
	got = loads(a, AT_WINDOW(OURS));
	if (!open)
		aborted(a, MICA_RULE_WINDOW);
	return got;
}

ATTEMPT(window, none_store, "row/unprotected row/window-faults s4/none s4/abort-window",
	"a Realm stores to an unprotected address of no window, to fault where the host looks", "a window is there")
{
	unsigned int a = role(0);

	if (open)
		window(a, OURS, OUT);
	start();
	stores(a, AT_WINDOW(OURS));
	if (!open)
		aborted(a, MICA_RULE_WINDOW);
	return open && *window_at(a, AT_WINDOW(OURS)) == SECRET;
}

/* A role with our window, running. */
static unsigned int with_window(uint8_t rights)
{
	unsigned int a = role(0);

	window(a, OURS, rights);
	start();
	return a;
}

ATTEMPT(window, in_store, "row/unprotected s4/window-in", "a Realm stores into a window from the host",
	"the window is both ways")
{
	unsigned int a = with_window(open ? IN | OUT : IN);

	stores(a, AT_WINDOW(OURS));
	if (!open)
		aborted(a, MICA_RULE_WINDOW);
	return *window_at(a, AT_WINDOW(OURS)) == SECRET;
}

ATTEMPT(window, in_atomic, "row/unprotected s4/window-in", "the same by an atomic addition", "the window is both ways")
{
	unsigned int a = with_window(open ? IN | OUT : IN);

	RUN(a, "ldadd x1, x2, [x0]", AT_WINDOW(OURS), SECRET);
	if (!open)
		aborted(a, MICA_RULE_WINDOW);
	return *window_at(a, AT_WINDOW(OURS)) == SECRET;
}

ATTEMPT(window, in_byte, "row/unprotected s4/window-in", "the same by a byte", "the window is both ways")
{
	unsigned int a = with_window(open ? IN | OUT : IN);

	*window_at(a, AT_WINDOW(OURS)) = SECRET;
	RUN(a, "strb wzr, [x0]", AT_WINDOW(OURS));
	if (!open)
		aborted(a, MICA_RULE_WINDOW);
	return *window_at(a, AT_WINDOW(OURS)) != SECRET;
}

ATTEMPT(window, out_load, "row/unprotected s4/window-out", "a Realm loads from a window to the host",
	"the window is both ways")
{
	unsigned int a = with_window(open ? IN | OUT : OUT);
	bool got;

	*window_at(a, AT_WINDOW(OURS)) = SECRET;
	got = loads(a, AT_WINDOW(OURS));
	if (!open)
		aborted(a, MICA_RULE_WINDOW);
	return got;
}

ATTEMPT(window, out_atomic, "row/unprotected s4/window-out", "the same by an atomic, which returns the old word",
	"the window is both ways")
{
	unsigned int a = with_window(open ? IN | OUT : OUT);
	uint64_t *x;

	*window_at(a, AT_WINDOW(OURS)) = SECRET;
	x = RUN(a, "ldadd x1, x2, [x0]", AT_WINDOW(OURS), 1);
	if (!open)
		aborted(a, MICA_RULE_WINDOW);
	return x[2] == SECRET;
}

ATTEMPT(window, out_exclusive, "row/unprotected s4/window-out", "the same by an exclusive load",
	"the window is both ways")
{
	unsigned int a = with_window(open ? IN | OUT : OUT);
	uint64_t *x;

	*window_at(a, AT_WINDOW(OURS)) = SECRET;
	x = RUN(a, "ldxr x2, [x0]\n\t clrex", AT_WINDOW(OURS));
	if (!open)
		aborted(a, MICA_RULE_WINDOW);
	return x[2] == SECRET;
}

ATTEMPT(window, out_compare, "row/unprotected s4/window-out", "the same by comparing and swapping: was it that word?",
	"the window is both ways")
{
	unsigned int a = with_window(open ? IN | OUT : OUT);

	*window_at(a, AT_WINDOW(OURS)) = SECRET;
	RUN(a, "cas x1, x2, [x0]", AT_WINDOW(OURS), SECRET, 7);
	if (!open)
		aborted(a, MICA_RULE_WINDOW);
	return *window_at(a, AT_WINDOW(OURS)) == 7;
}

ATTEMPT(window, fetch, "row/unprotected s4/window-both row/image-any",
	"the host puts code into a window and the Realm runs it there", "the same code in the Realm's RAM")
{
	unsigned int a = with_window(IN | OUT);
	uint64_t at = open ? AT_RAM : AT_WINDOW(OURS), *x;
	bool got;

	x = RUN(a, RUN_THERE, at, RETURN_42);
	got = fine(a) && x[0] == 42;
	if (!open)
		aborted(a, MICA_RULE_WINDOW);
	return got;
}

/* ---- a host that maps what it likes ---- */

static uint64_t map(unsigned int a, uint64_t at, int level, uint64_t pa, uint64_t attr)
{
	return RMI0(RTT_MAP_UNPROTECTED, W->m[a].rd, at, level, pa | attr);
}

ATTEMPT(window, host_maps, "row/unprotected cmd/RTT_MAP_UNPROTECTED rule/1",
	"the host maps a page of its own where the policy has no window", "it has")
{
	unsigned int a = role(0);
	uint64_t status;

	if (open)
		window(a, OURS, IN | OUT);
	build(ST_CHANS);
	status = map(a, AT_WINDOW(OURS), 3, host_page(), RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(WINDOW));
	if (status == RMI_SUCCESS)
		must(RMI0(RTT_UNMAP_UNPROTECTED, W->m[a].rd, AT_WINDOW(OURS), 3));
	return status == RMI_SUCCESS;
}

#define MAPS_AS(name, what, control, policy_closed, policy_open, attr_closed, attr_open)		\
ATTEMPT(window, name, "row/unprotected cmd/RTT_MAP_UNPROTECTED", what, control)				\
{													\
	unsigned int a = role(0);									\
	uint64_t status;										\
													\
	window(a, OURS, open ? (policy_open) : (policy_closed));					\
	build(ST_CHANS);										\
	status = map(a, AT_WINDOW(OURS), 3, host_page(), open ? (attr_open) : (attr_closed));		\
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(WINDOW));						\
	if (status == RMI_SUCCESS)									\
		must(RMI0(RTT_UNMAP_UNPROTECTED, W->m[a].rd, AT_WINDOW(OURS), 3));			\
	return status == RMI_SUCCESS;									\
}
MAPS_AS(in_mapped_rw, "the host maps a window from it with the right to write", "the window is both ways",
	IN, IN | OUT, RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW, RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW)
MAPS_AS(out_mapped_rw, "the host maps a window to it with the right to read", "the window is both ways",
	OUT, IN | OUT, RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW, RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW)
MAPS_AS(both_mapped_narrower, "the host maps a window of both ways for reading alone: a fault would tell", "as the policy says",
	IN | OUT, IN | OUT, RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RO, RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW)
MAPS_AS(other_memattr, "the host maps a window with other cacheability", "write-back",
	IN | OUT, IN | OUT, 1UL << RMI_DESC_MEMATTR_SHIFT | RMI_DESC_S2AP_RW, RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW)
MAPS_AS(device_memattr, "the host maps a window as device memory", "write-back",
	IN | OUT, IN | OUT, 0 | RMI_DESC_S2AP_RW, RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW)

ATTEMPT(window, block_over_page, "row/unprotected s14/rtt-shape cmd/RTT_MAP_UNPROTECTED",
	"the host maps a block where the policy has a window of one page", "a window of 2 MiB")
{
	unsigned int a = role(0);
	uint64_t status, pa = page_alloc(512, BLOCK), at = REALM_UNPROT + BLOCK;

	window(a, 0, IN);
	W->p.region[W->p.regions - 1].base = at;
	W->p.region[W->p.regions - 1].pages = open ? 512 : 1;
	build(ST_CHANS);
	status = map(a, at, 2, pa, RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RO);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(WINDOW));
	if (status == RMI_SUCCESS)
		must(RMI0(RTT_UNMAP_UNPROTECTED, W->m[a].rd, at, 2));
	return status == RMI_SUCCESS;
}

ATTEMPT(window, over_own_ram, "row/window-withdrawn s4/window-both",
	"the host maps a window onto a Realm's own RAM page: two names for it", "onto its own page")
{
	unsigned int a = role(0);
	uint64_t pa;

	window(a, OURS, IN | OUT);
	build(ST_CHANS);
	for (unsigned int r = 0; r < W->p.regions; r++)
		if (W->p.region[r].base == AT_WINDOW(0))
			map_window(a, r);
	pa = open ? host_page() : W->m[a].ram[AT_RAM / PAGE];
	must(map(a, AT_WINDOW(OURS), 3, pa, RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW));
	for (unsigned int r = 0; r < W->p.regions; r++)
		if (W->p.region[r].base == AT_WINDOW(OURS))
			W->m[a].window[r] = pa;
	load_role(a, ST_CREATED - 1);
	must(RMI0(REC_CREATE, W->m[a].rd, W->m[a].rec[0] = delegated(), rec_params(a, 0)));
	W->m[a].run[0] = host_page();
	must(RMI0(REALM_ACTIVATE, W->m[a].rd));
	must(MICA0(WF_ACTIVATE, W->wf));
	stores(a, AT_RAM);
	if (open)
		*window_at(a, AT_WINDOW(OURS)) = SECRET;
	return loads(a, AT_WINDOW(OURS));
}

/* The page becomes a channel of another workflow, with a secret in it. */
static void give_to_channel(uint64_t page)
{
	unsigned int a, b, c;

	must(RMI0(GRANULE_DELEGATE, page));
	use(1);
	a = role(0);
	b = role(0);
	c = channel_between(a, b, 0);
	build(ST_WF);
	must(MICA0(CHAN_ADD, W->wf, c, page));
	W->chan_base[c] = page;
	W->chan_added[c] = 1;
	load_role(a, ST_SEALED);
	load_role(b, ST_SEALED);
	must(MICA0(WF_ACTIVATE, W->wf));
	RUN(a, STORE, AT_CHAN(c), SECRET);
	EXPECT_EQ(RUN(b, LOAD, AT_CHAN(c))[0], SECRET);
	use(0);
}

ATTEMPT(window, withdrawn, "row/window-withdrawn row/teardown",
	"the host makes a window page that is mapped, and in the TLB, a channel page with others' secret",
	"it leaves the page")
{
	unsigned int a = with_window(IN);
	uint64_t *p;
	bool got;

	p = window_at(a, AT_WINDOW(OURS));
	*p = 1;
	EXPECT_EQ(RUN(a, LOAD, AT_WINDOW(OURS))[0], 1);
	*p = SECRET;
	if (!open)
		give_to_channel((uint64_t)p);
	got = loads(a, AT_WINDOW(OURS));
	EXPECT(only_reasons(a));
	EXPECT_EQ(fine(a), open);
	return got;
}

ATTEMPT(window, withdrawn_store, "row/window-withdrawn", "the same, and the Realm writes there", "it leaves the page")
{
	unsigned int a = with_window(IN | OUT);
	uint64_t *p;
	bool got;

	p = window_at(a, AT_WINDOW(OURS));
	RUN(a, STORE, AT_WINDOW(OURS), 1);
	if (!open)
		give_to_channel((uint64_t)p);
	RUN(a, STORE, AT_WINDOW(OURS), 7);
	EXPECT_EQ(fine(a), open);
	if (open)
		return *p == 7;
	use(1);
	got = RUN(1, LOAD, AT_CHAN(0))[0] != SECRET;
	use(0);
	return got;
}

/* ---- RIPAS, holes, first touch ---- */

ATTEMPT(memory, ripas_change, "row/ripas s5/ripas s4/state-set",
	"a Realm asks for a RIPAS change: base and top would tell the host", "a Realm that no workflow binds")
{
	unsigned int a = open ? unbound() : role(0);
	uint64_t *x;

	start();
	x = load(a, CODE("smc #0"));
	x[0] = SMC_RSI_IPA_STATE_SET;
	x[1] = AT_HOLE;
	x[2] = AT_HOLE + PAGE;
	x[3] = RMI_RAM;
	must(enter(a));
	if (!open) {
		EXPECT(done(a));
		EXPECT_EQ(after(a)->out[0], RSI_ERROR_INPUT);
		EXPECT_EQ(after(a)->out[1], 0);
		EXPECT_EQ(audit(a, MICA_RULE_SEALED), 1);
	}
	return LEFT(a, RIPAS_CHANGE) && host_saw(AT_HOLE);
}

ATTEMPT(memory, ripas_to_empty, "row/ripas s4/state-set", "a Realm gives RAM back, page by page, as a message",
	"a Realm that no workflow binds")
{
	unsigned int a = open ? unbound() : role(0);
	uint64_t *x;

	start();
	x = load(a, CODE("smc #0"));
	x[0] = SMC_RSI_IPA_STATE_SET;
	x[1] = AT_RAM;
	x[2] = AT_RAM + PAGE;
	x[3] = RMI_EMPTY;
	must(enter(a));
	EXPECT(open || (done(a) && after(a)->out[0] == RSI_ERROR_INPUT));
	return LEFT(a, RIPAS_CHANGE);
}

ATTEMPT(memory, ripas_of_channel, "row/ripas s4/state-set", "a Realm asks that its channel becomes RAM of its own",
	"RAM, which it is already")
{
	unsigned int a = role(0), b = role(0), c = channel_between(b, a, 0);
	uint64_t at, *x;

	start();
	at = open ? AT_RAM : AT_CHAN(c);
	x = RSI(a, IPA_STATE_SET, at, at + PAGE, RMI_RAM, 0);
	EXPECT_EQ(x[0], open ? RSI_SUCCESS : RSI_ERROR_INPUT);
	EXPECT(only_reasons(a));
	return x[0] == RSI_SUCCESS;
}

ATTEMPT(memory, set_ripas, "row/ripas cmd/RTT_SET_RIPAS rule/5",
	"the host changes RIPAS of a sealed Realm that asked for it", "a Realm that no workflow binds")
{
	unsigned int a = open ? unbound() : role(0);
	uint64_t status, *x;

	start();
	x = load(a, CODE("smc #0"));
	x[0] = SMC_RSI_IPA_STATE_SET;
	x[1] = AT_HOLE;
	x[2] = AT_HOLE + PAGE;
	x[3] = RMI_RAM;
	must(enter(a));
	status = RMI0(RTT_SET_RIPAS, W->m[a].rd, W->m[a].rec[0], AT_HOLE, AT_HOLE + PAGE);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(SEALED));
	return status == RMI_SUCCESS;
}

ATTEMPT(memory, first_touch, "row/first-touch s4/abort-ram",
	"a Realm touches protected addresses where nothing is: the host would hear which",
	"a Realm that no workflow binds")
{
	unsigned int a = open ? unbound() : role(0);

	start();
	load(a, CODE(STORE))[0] = AT_HOLE;
	must(enter(a));
	if (!open) {
		EXPECT(done(a) && sea(a) && only_reasons(a));
		EXPECT_EQ(audit(a, MICA_RULE_SEALED), 1);
		return LEFT(a, SYNC);
	}
	/* EMPTY: an abort of its own there, too. DESTROYED is what the host hears of. */
	EXPECT(done(a) && sea(a));
	EXPECT_EQ(RMI(DATA_DESTROY, W->m[a].rd, AT_RAM).x[1], W->m[a].ram[AT_RAM / PAGE]);
	take_back(W->m[a].ram[AT_RAM / PAGE]);
	W->m[a].ram[AT_RAM / PAGE] = 0;
	load(a, CODE(STORE))[0] = AT_RAM;
	must(enter(a));
	return LEFT(a, SYNC) && host_saw(AT_RAM >> 12 << 4);
}

ATTEMPT(memory, hole_fetch, "row/first-touch s4/abort-ram", "a Realm jumps to an address where nothing is",
	"to its own code")
{
	unsigned int a = role(0);
	uint64_t *x;

	start();
	x = RUN(a, "mov x20, x30\n\t cbz x1, 1f\n\t blr x0\n\t 1: mov x30, x20\n\t mov x2, #7", AT_HOLE, !open);
	EXPECT(open || (sea(a) && only_reasons(a)));
	return fine(a) && x[2] == 7;
}

ATTEMPT(memory, state_get, "s4/state-get", "a Realm asks what is at an address of a channel that it has no grant for",
	"it has a grant")
{
	unsigned int a = role(0), b = role(0), d = role(0), c = channel_between(b, d, 0);
	uint64_t *x;

	if (open)
		grant(c, a, R);
	start();
	x = RSI(a, IPA_STATE_GET, AT_CHAN(c), AT_CHAN(c) + PAGE);
	EXPECT_EQ(x[0], RSI_SUCCESS);
	EXPECT_EQ(x[2], open ? 3 : RMI_EMPTY);
	return x[2] == 3;
}

ATTEMPT(memory, told_shape, "s4/state-get s4/state-set row/shape",
	"the host leaves a message in tables of holes, before activation, for a Realm without any way in", "a Realm that no workflow binds")
{
	const uint64_t once = 2 * BLOCK, now = 3 * BLOCK, end = 8 * BLOCK;
	uint64_t gone = delegated(), kept = delegated(), *x;
	unsigned int a = open ? unbound() : role(0);
	bool told;

	build(ST_RECS);
	must(RMI0(RTT_CREATE, W->m[a].rd, gone, once, 3));
	must(RMI0(RTT_DESTROY, W->m[a].rd, once, 3));	/* RIPAS DESTROYED */
	must(RMI0(RTT_CREATE, W->m[a].rd, kept, now, 3));
	load_rest(a, ST_SEALED);
	if (!open)
		must(MICA0(WF_ACTIVATE, W->wf));
	x = RSI(a, IPA_STATE_GET, once, end);
	EXPECT_EQ(x[0], RSI_SUCCESS);
	told = x[2] != RMI_EMPTY || x[1] != end;
	x = RSI(a, IPA_STATE_GET, once + BLOCK, end);
	told |= x[2] != RMI_EMPTY || x[1] != end;
	if (!open)
		EXPECT_EQ(RSI(a, IPA_STATE_SET, once, end, RMI_EMPTY)[0], RSI_SUCCESS);
	if (!open)
		stop();
	EXPECT_EQ(RMI(RTT_DESTROY, W->m[a].rd, now, 3).x[1], kept);
	take_back(kept);
	take_back(gone);
	return told;
}
