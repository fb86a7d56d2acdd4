/* SPDX-License-Identifier: Apache-2.0 */
/* Channels: who reads, who writes, and what the host can do to their pages. */
#include "attack.h"

/* Attacker and two honest roles with a channel from the second to the third; the attacker has a grant if @rights. */
static unsigned int a, b, d, c;

static void trio(uint8_t rights)
{
	a = role(0);
	b = role(0);
	d = role(0);
	c = channel_between(b, d, 0);
	if (rights != 0)
		grant(c, a, rights);
}

/* An honest role's word in the channel. */
static void put(unsigned int i, uint64_t v)
{
	RUN(i, STORE, AT_CHAN(c), v);
	EXPECT(fine(i));
}

static uint64_t get(unsigned int i)
{
	uint64_t v = RUN(i, LOAD, AT_CHAN(c))[0];

	EXPECT(fine(i));
	return v;
}

ATTEMPT(channel, read_no_grant, "s4/none s4/abort-ram rule/5 G2", "a Realm loads from a channel of two others",
	"a grant to read it")
{
	bool got;

	trio(open ? R : 0);
	start();
	put(b, SECRET);
	got = RUN(a, LOAD, AT_CHAN(c))[0] == SECRET && fine(a);
	if (!open)
		aborted(a, MICA_RULE_SEALED);
	return got;
}

ATTEMPT(channel, write_no_grant, "s4/none G2", "a Realm stores into a channel of two others", "a grant to write it")
{
	trio(open ? RW : 0);
	start();
	RUN(a, STORE, AT_CHAN(c), SECRET);
	if (!open)
		aborted(a, MICA_RULE_SEALED);
	return get(d) == SECRET;
}

/* What a reader does to write; it must not reach the other reader. */
#define READER_WRITES(name, what, text)							\
ATTEMPT(channel, name, "s4/channel-r s4/channel-rw s4/abort-channel rule/13", what, "a grant to write")	\
{											\
	trio(open ? RW : R);								\
	start();									\
	put(b, 1);									\
	RUN(a, text, AT_CHAN(c), SECRET, 1);						\
	if (!open)									\
		aborted(a, MICA_RULE_NO_RIGHT);						\
	return get(d) != 1;								\
}
READER_WRITES(reader_store, "a reader stores", STORE)
READER_WRITES(reader_byte, "a reader stores a byte", "strb w1, [x0]")
READER_WRITES(reader_pair, "a reader stores a pair", "stp x1, x1, [x0]")
READER_WRITES(reader_atomic, "a reader adds atomically", "ldadd x1, x2, [x0]")
READER_WRITES(reader_swap, "a reader swaps", "swp x1, x2, [x0]")
READER_WRITES(reader_compare, "a reader compares and swaps", "cas x2, x1, [x0]")
READER_WRITES(reader_exclusive, "a reader stores exclusively", "ldxr x3, [x0]\n\t stxr w4, x1, [x0]")
READER_WRITES(reader_release, "a reader stores with release", "stlr x1, [x0]")

ATTEMPT(channel, fetch, "s4/channel-rw s4/abort-channel row/image-any",
	"a peer puts code into a channel and the Realm runs it there", "the same code in its RAM")
{
	uint64_t at, *x;
	bool got;

	trio(RW);
	start();
	at = open ? AT_RAM : AT_CHAN(c);
	x = RUN(a, RUN_THERE, at, RETURN_42);
	got = fine(a) && x[0] == 42;
	if (!open)
		aborted(a, MICA_RULE_NO_RIGHT);
	return got;
}

ATTEMPT(channel, beyond_end, "s4/channel-r s4/none", "a reader reads on behind the end of its channel", "inside it")
{
	trio(R);
	start();
	put(b, SECRET);
	return RUN(a, LOAD, AT_CHAN(c) + (open ? 0 : PAGE))[0] == SECRET && fine(a);
}

/* ---- the monitor as a deputy: it writes or reads a buffer for the Realm ---- */

#define DEPUTY(name, key, what, good_closed, call, fid, arg2)				\
ATTEMPT(channel, name, "row/rsi-buffers rule/13 " key, what, "the buffer is in RAM")			\
{											\
	uint64_t *x, at;								\
											\
	a = role(HOSTCALL);								\
	b = role(0);									\
	d = role(0);									\
	c = channel_between(b, d, 0);							\
	grant(c, a, R);									\
	window(a, 3, OUT);								\
	start();									\
	put(b, SECRET);									\
	at = open ? AT_RAM : (good_closed);						\
	x = call(a, fid, at, arg2);							\
	EXPECT_EQ(x[0], open ? RSI_SUCCESS : RSI_ERROR_INPUT);				\
	EXPECT_EQ(get(d), SECRET);							\
	return x[0] == RSI_SUCCESS || host_saw(SECRET);					\
}
static uint64_t *plain(unsigned int i, uint64_t fid, uint64_t at, uint64_t x2)
{
	return RUN(i, "smc #0", fid, at, x2);
}
DEPUTY(config_into_channel, "s4/buffer-config", "a reader has the monitor write RSI_REALM_CONFIG into the channel",
	AT_CHAN(c), plain, SMC_RSI_REALM_CONFIG, 0)
DEPUTY(config_into_window, "s4/buffer-config", "a Realm has the monitor write RSI_REALM_CONFIG into a window",
	AT_WINDOW(3), plain, SMC_RSI_REALM_CONFIG, 0)
DEPUTY(config_into_hole, "s4/buffer-config", "a Realm has the monitor write to where nothing is", AT_HOLE, plain,
	SMC_RSI_REALM_CONFIG, 0)
DEPUTY(call_from_channel, "s4/buffer-hostcall row/hostcall",
	"a Realm gives the channel as the structure of a host call: the secret would be an immediate", AT_CHAN(c),
	plain, SMC_RSI_HOST_CALL, 0)
DEPUTY(call_from_window, "s4/buffer-hostcall row/hostcall",
	"a Realm gives a window it cannot read as the structure of a host call", AT_WINDOW(3), plain, SMC_RSI_HOST_CALL,
	0)

/* Token: INIT first, then one CONTINUE into the buffer. */
static uint64_t *token(unsigned int i, uint64_t fid, uint64_t at, uint64_t x2)
{
	uint64_t *x;

	(void)x2;
	EXPECT_EQ(RUN(i, "smc #0", SMC_RSI_ATTEST_TOKEN_INIT, 1, 2, 3, 4, 5, 6, 7, 8)[0], RSI_SUCCESS);
	for (unsigned int n = 0; n < 50; n++) {
		x = RUN(i, "smc #0", fid, at, 0, 64);
		if (x[0] != RSI_INCOMPLETE || x[1] != 0)
			break;
	}
	if (x[0] == RSI_INCOMPLETE)
		x[0] = RSI_SUCCESS;
	return x;
}
DEPUTY(token_into_channel, "s4/buffer-token", "a reader has the monitor write a token into the channel", AT_CHAN(c),
	token, SMC_RSI_ATTEST_TOKEN_CONTINUE, 0)
DEPUTY(token_into_window, "s4/buffer-token row/measurement", "a Realm has the monitor write a token into a window",
	AT_WINDOW(3), token, SMC_RSI_ATTEST_TOKEN_CONTINUE, 0)

/* ---- the host and the pages ---- */

ATTEMPT(channel, host_reads, "I3 row/teardown", "the host reads a channel page", "after CHAN_REMOVE and UNDELEGATE")
{
	uint64_t page;
	bool got;

	trio(0);
	start();
	put(b, SECRET);
	page = W->chan_base[c];
	if (open)
		end_world();
	got = host_can_read(page_ptr(page));
	if (open)
		EXPECT(all_zero(page_ptr(page), PAGE));
	return got;
}

ATTEMPT(channel, host_writes, "I3", "the host writes a channel page", "after CHAN_REMOVE and UNDELEGATE")
{
	uint64_t page;

	trio(0);
	start();
	page = W->chan_base[c];
	if (open)
		end_world();
	return host_can_write(page_ptr(page));
}

ATTEMPT(channel, undelegated, "I3 cmd/GRANULE_UNDELEGATE", "the host takes a channel page back that is in use",
	"after CHAN_REMOVE")
{
	uint64_t page, status;

	trio(0);
	start();
	put(b, SECRET);
	page = W->chan_base[c];
	if (open)
		end_world();
	status = open ? RMI0(GRANULE_DELEGATE, page) : RMI_SUCCESS;
	must(status);
	status = RMI0(GRANULE_UNDELEGATE, page);
	if (!open)
		EXPECT_EQ(get(d), SECRET);
	return status == RMI_SUCCESS;
}

ATTEMPT(channel, as_data, "I3 cmd/DATA_CREATE", "the host gives a channel page of one workflow to another Realm as RAM",
	"a page that is free")
{
	unsigned int evil;
	uint64_t page, status;

	trio(0);
	start();
	put(b, SECRET);
	page = open ? delegated() : W->chan_base[c];
	use(1);
	evil = unbound();
	build(ST_TABLES);
	status = RMI0(DATA_CREATE_UNKNOWN, W->m[evil].rd, page, 0);
	EXPECT_EQ(status, open ? RMI_SUCCESS : RMI_ERROR_INPUT);
	if (status == RMI_SUCCESS)
		W->m[evil].ram[0] = page;
	return status == RMI_SUCCESS;
}

ATTEMPT(channel, stale_contents, "row/teardown op/CHAN_ADD",
	"the host fills a page before it adds it: the Realm's first look", "a peer writes it by the channel")
{
	uint64_t page;

	trio(R);
	build(ST_WF);
	page = page_alloc(4, PAGE);
	for (unsigned int i = 0; i < PAGE / 8; i++)
		((uint64_t *)page_ptr(page))[i] = SECRET;
	must(RMI0(GRANULE_DELEGATE, page));
	must(MICA0(CHAN_ADD, W->wf, c, page));
	W->chan_base[c] = page;
	W->chan_added[c] = 1;
	for (unsigned int i = 0; i < 3; i++)
		load_role(i, ST_SEALED);
	must(MICA0(WF_ACTIVATE, W->wf));
	if (open)
		put(b, SECRET);
	return RUN(a, LOAD, AT_CHAN(c))[0] == SECRET;
}

ATTEMPT(channel, added_twice, "op/CHAN_ADD I3", "the host adds the page of one workflow's channel to another's",
	"a page that is free")
{
	uint64_t page, status;

	trio(0);
	start();
	page = open ? delegated() : W->chan_base[c];
	use(1);
	trio(0);
	build(ST_WF);
	status = MICA0(CHAN_ADD, W->wf, c, page);
	EXPECT_EQ(status, open ? RMI_SUCCESS : RMI_ERROR_INPUT);
	if (status == RMI_SUCCESS) {
		W->chan_base[c] = page;
		W->chan_added[c] = 1;
	}
	return status == RMI_SUCCESS;
}

ATTEMPT(channel, data_destroy, "I1 cmd/DATA_DESTROY",
	"the host removes a channel leaf by DATA_DESTROY, which would free the page", "a leaf of RAM")
{
	struct rmi_out r;

	trio(R);
	build(ST_RECS);
	r = RMI(DATA_DESTROY, W->m[a].rd, open ? AT_RAM : AT_CHAN(c));
	if (r.x[0] == RMI_SUCCESS) {
		take_back(r.x[1]);
		W->m[a].ram[AT_RAM / PAGE] = 0;
	}
	return r.x[0] == RMI_SUCCESS;
}

ATTEMPT(channel, table_destroy, "I1 cmd/RTT_DESTROY", "the host destroys the table that holds channel leaves",
	"after CHAN_UNMAP")
{
	uint64_t status;

	a = role(0);
	b = role(0);
	c = channel_between(b, a, 0);
	build(ST_TABLES);
	map_chan(a, W->p.role[a].grant_first);
	if (open) {
		must(MICA0(CHAN_UNMAP, W->m[a].rd, 0, 0, 3));
		W->m[a].mapped = 0;
	}
	status = RMI(RTT_DESTROY, W->m[a].rd, 0, 3).x[0];
	if (status == RMI_SUCCESS) {
		take_back(W->m[a].table[1]);
		W->m[a].table[1] = 0;
	}
	return status == RMI_SUCCESS;
}

ATTEMPT(channel, ram_over_it, "I1 cmd/DATA_CREATE rule/6",
	"the host puts RAM of its choice at the address of a channel", "inside the RAM range")
{
	uint64_t status, page = delegated();

	trio(R);
	build(ST_TABLES);
	status = RMI0(DATA_CREATE_UNKNOWN, W->m[a].rd, page, open ? AT_RAM : AT_CHAN(c));
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(LAYOUT));
	if (status == RMI_SUCCESS)
		W->m[a].ram[AT_RAM / PAGE] = page;
	return status == RMI_SUCCESS;
}

ATTEMPT(channel, ripas_over_it, "I1 cmd/RTT_INIT_RIPAS rule/6", "the host makes the address of a channel RAM",
	"inside the RAM range")
{
	uint64_t status, at;

	trio(R);
	build(ST_TABLES);
	at = open ? AT_RAM : AT_CHAN(c);
	status = RMI0(RTT_INIT_RIPAS, W->m[a].rd, at, at + PAGE);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(LAYOUT));
	return status == RMI_SUCCESS;
}
