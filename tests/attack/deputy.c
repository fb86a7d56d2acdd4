/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A confined Realm with a secret, and all who might carry it out for it: the host, the monitor, its peers. It has no window:
 * its programs come by a channel from an observer, and go back the same way.
 */
#include "attack.h"

static unsigned int spy, source, chan;

/* The spy is given a secret by @source, which no host may see. */
static void confine(uint32_t rights)
{
	observer();
	spy = confined(rights);
	source = role(0);
	chan = channel_between(source, spy, 0);
}

static uint64_t secret(void)
{
	RUN(source, STORE, AT_CHAN(chan), SECRET);
	return RUN(spy, LOAD, AT_CHAN(chan))[0];
}

/* A host call with the word at X1, by a structure at X0. */
#define CALL_HOST	"ldr x1, [x1]\n\t mov x10, x0\n\t" TELL

ATTEMPT(confined, host_call, "chain/confined row/hostcall G2", "a confined Realm tells its secret by a host call",
	"right HOSTCALL")
{
	confine(open ? HOSTCALL : 0);
	start();
	EXPECT_EQ(secret(), SECRET);
	RUN(spy, CALL_HOST, AT_RAM, AT_CHAN(chan));
	return host_saw(SECRET);
}

/* All it can do without a right, one after the other. The control does the first. */
ATTEMPT(confined, everything, "chain/confined G1 G2 I7 row/exit-kind",
	"a confined Realm tries all it has: calls, timers, addresses, registers, exits", "right HOSTCALL")
{
	static const uint64_t fids[] = {
		SMC_RSI_HOST_CALL, SMC_RSI_IPA_STATE_SET, SMC_RSI_IPA_STATE_GET, SMC_RSI_REALM_CONFIG, SMC_RSI_FEATURES,
		SMC_RSI_MEASUREMENT_EXTEND, SMC_RSI_ATTEST_TOKEN_INIT, SMC_RSI_ATTEST_TOKEN_CONTINUE, PSCI_CPU_ON_64, PSCI_CPU_OFF,
		PSCI_AFFINITY_INFO_64, PSCI_FEATURES, PSCI_CPU_SUSPEND_64, SMC_RSI_MICA_SELF, SMC_RSI_MICA_SIGNAL, SMC_RSI_MICA_GATE_CALL,
		SMC_RSI_MICA_GATE_RECV, SMC_RSI_MICA_AUDIT_READ, SMC_RSI_MICA_PEER_INFO, SMC_RMI_MICA, 0x84000050, SECRET };

	confine(open ? HOSTCALL : 0);
	start();
	EXPECT_EQ(secret(), SECRET);
	RUN(spy, CALL_HOST, AT_RAM, AT_CHAN(chan));
	if (open)
		return host_saw(SECRET);
	for (unsigned int i = 0; i < sizeof(fids) / sizeof(fids[0]); i++) {
		RUN(spy, "smc #0", fids[i], SECRET, SECRET, SECRET, SECRET);
		RUN(spy, "smc #0", fids[i], AT_CHAN(chan), AT_CHAN(chan) + PAGE, 1, 1);
	}
	RUN(spy, "hvc #0x77", SECRET, SECRET);
	RUN(spy, "brk #0x77", SECRET, SECRET);
	RUN(spy, "wfi\n\t wfe\n\t sev\n\t yield", SECRET, SECRET);
	RUN(spy, "msr cntv_cval_el0, x0\n\t msr cntp_cval_el0, x0\n\t mov x1, #3\n\t msr cntv_ctl_el0, x1\n\t"
		"msr cntp_ctl_el0, x1\n\t isb", SECRET);
	RUN(spy, "msr s3_0_c12_c11_5, x0\n\t msr s3_0_c12_c11_6, x0\n\t msr s3_0_c12_c11_7, x0", SECRET);
	RUN(spy, "msr tpidr_el0, x0\n\t msr tpidr_el1, x0\n\t msr contextidr_el1, x0\n\t"
		"msr dbgbvr0_el1, x0\n\t isb", SECRET);
	RUN(spy, "msr pmccntr_el0, x0", SECRET);
	for (uint64_t at = 1UL << 12; at < 1UL << 40; at <<= 1)
		if (at >= AT_RAM + PAGE)
			RUN(spy, STORE, at | 8, SECRET);
	EXPECT(only_reasons(spy));
	return host_saw(SECRET);
}

ATTEMPT(confined, host_gives_window, "chain/host-maps row/unprotected cmd/RTT_MAP_UNPROTECTED G2",
	"the host maps a page of its own into a confined Realm", "the policy has the window")
{
	uint64_t status;

	confine(0);
	if (open)
		window(spy, 3, OUT);
	build(ST_CHANS);
	status = RMI0(RTT_MAP_UNPROTECTED, W->m[spy].rd, AT_WINDOW(3), 3, host_page() | RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_WO);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(WINDOW));
	if (status == RMI_SUCCESS)
		must(RMI0(RTT_UNMAP_UNPROTECTED, W->m[spy].rd, AT_WINDOW(3), 3));
	return status == RMI_SUCCESS;
}

ATTEMPT(confined, host_lends_channel, "chain/host-maps op/CHAN_MAP rule/13 G2",
	"the host maps a channel of others into a confined Realm by the number of its grant",
	"the policy has the grant")
{
	unsigned int c;
	uint64_t status, n;

	confine(0);
	c = channel(1, 0);
	grant(c, 0, R);
	grant(c, open ? spy : source, RW);
	build(ST_TABLES);
	n = W->p.role[spy].grant_first + 2;	/* by the table's number; its own are 0, 1 and with the policy 2 */
	status = MICA0(CHAN_MAP, W->m[spy].rd, open ? 2 : n, 0, 3);
	EXPECT_EQ(status, open ? RMI_SUCCESS : POLICY(NO_RIGHT));
	if (status == RMI_SUCCESS)
		W->m[spy].mapped = 1UL << n;
	return status == RMI_SUCCESS;
}

/* The spy calls a helper, whose policy lets it speak or call on. Did it? */
static bool asked(bool open)
{
	EXPECT_EQ(secret(), SECRET);
	if (open)
		RUN(spy, CALL_HOST, AT_RAM, AT_CHAN(chan));
	else
		EXPECT_EQ(RSI(spy, MICA_GATE_CALL, 0, SECRET)[1], POLICY(HOSTCALL));
	return host_saw(SECRET);
}

ATTEMPT(confined, helper_speaks, "chain/deputy row/hostcall row/gate-registers",
	"a confined Realm asks a server with HOSTCALL to speak for it, in the call", "it may speak itself")
{
	unsigned int helper;

	confine(open ? HOSTCALL : 0);
	helper = role(HOSTCALL);
	gate(spy, helper, 0, 1, 1);
	start();
	park(helper, 0, CODE(SERVE(TELL "mov x2, x0")));
	return asked(open);
}

ATTEMPT(confined, helper_of_helper, "chain/deputy row/hostcall row/gate-registers",
	"the same through two servers, the second with HOSTCALL", "it may speak itself")
{
	unsigned int helper, second;

	confine(open ? HOSTCALL : 0);
	helper = role(0);
	second = role(HOSTCALL);
	gate(spy, helper, 0, 1, 1);
	gate(helper, second, 0, 1, 1);
	start();
	park(second, 1, CODE(SERVE(TELL "mov x2, x0")));
	park(helper, 0, CODE(SERVE("mov x2, x1\n\t mov x1, #1\n\t" GATE_CALL "mov x2, x1")));
	return asked(open);
}

ATTEMPT(confined, peer_faults, "chain/confined row/peer I11",
	"a confined Realm makes a peer fault, by what it writes, where the host would hear",
	"the peer touches its own device")
{
	unsigned int peer, c;
	uint64_t at;

	confine(0);
	peer = role(0);
	c = channel_between(spy, peer, 0);
	if (open)
		device(peer, 0, IN | OUT);
	start();
	at = open ? AT_DEVICE(0) : AT_DEVICE(1);
	RUN(spy, STORE, AT_CHAN(c), at);
	load(peer, CODE("ldr x1, [x0]\n\t ldr x0, [x1]"))[0] = AT_CHAN(c);	/* follows the pointer it is given */
	must(enter(peer));
	return LEFT(peer, SYNC);
}

/* ---- exits that are always there say nothing ---- */

ATTEMPT(exits, wfi, "row/exit-kind s5/idle", "a Realm has a WFI of its trapped, with a register that tells",
	"a Realm that no workflow binds: its syndrome is shown")
{
	unsigned int a = open ? unbound() : role(0);

	start();
	memcpy(load(a, CODE("wfi")), ((uint64_t[2]){ SECRET, SECRET }), 16);
	must(enter(a));
	EXPECT_EQ(LEFT(a, MICA_IDLE), !open);
	EXPECT_EQ(only_reasons(a), !open);
	return LEFT(a, SYNC);
}

ATTEMPT(exits, interrupt, "row/exit-count row/timer s5/irq I7",
	"the host interrupts a Realm again and again and looks at what it shows", "right TIMER: its timers are shown")
{
	unsigned int a = role(open ? MICA_RIGHT_TIMER : 0);
	uint64_t *x;

	window(a, 3, IN | OUT);
	start();
	x = load(a, CODE("msr cntv_cval_el0, x0\n\t mov x1, x0\n\t mov x2, x0\n\t mov x30, x0\n\t"
		"1: ldr x4, [x3]\n\t cbz x4, 1b\n\t adr x30, 1b"));
	x[0] = SECRET;
	x[3] = AT_WINDOW(3);
	for (unsigned int i = 0; i < 5; i++) {
		kick_us = 3000;
		EXPECT_EQ(enter_left(a), RMI_EXIT_IRQ);
	}
	EXPECT_EQ(only_reasons(a), !open);
	*window_at(a, AT_WINDOW(3)) = 1;
	finish(a);
	return host_saw(SECRET);
}

ATTEMPT(exits, interrupted_registers, "row/exit-rest row/exit-count s5/irq s14/stop-between",
	"the host interrupts a Realm a hundred times and fills the entry record: do its registers or memory change?",
	"the window, which it writes")
{
	unsigned int a = role(0);
	uint64_t *x;
	bool got = false;

	window(a, 3, IN | OUT);
	start();
	x = load(a, CODE("1: add x5, x5, #1\n\t ldr x4, [x3]\n\t cbz x4, 1b"));
	for (unsigned int i = 6; i < 30; i++)
		x[i] = SECRET + i;
	x[3] = AT_WINDOW(3);
	for (unsigned int i = 0; i < 30; i++) {
		memset(entry(a)->gprs, (int)i, sizeof(entry(a)->gprs));
		memset(entry(a)->gicv3_lrs, (int)i, sizeof(entry(a)->gicv3_lrs));
		kick_us = 500;
		must(enter(a));
	}
	*window_at(a, AT_WINDOW(3)) = open ? SECRET : 1;
	x = finish(a);
	for (unsigned int i = 6; i < 30; i++)
		got |= x[i] != SECRET + i;
	return open ? x[4] == SECRET : got;
}

ATTEMPT(exits, read_entry, "row/read-entry cmd/RTT_READ_ENTRY row/live-memory I7",
	"the host reads a Realm's entries before and after it touched its memory",
	"before and after the host changed one")
{
	unsigned int a = role(0);
	struct rmi_out before, after_it;

	build(open ? ST_RAM : ST_ACTIVE);
	before = RMI(RTT_READ_ENTRY, W->m[a].rd, AT_RAM, 3);
	must(before.x[0]);
	if (open) {
		EXPECT_EQ(RMI(DATA_DESTROY, W->m[a].rd, AT_RAM).x[1], W->m[a].ram[AT_RAM / PAGE]);
		take_back(W->m[a].ram[AT_RAM / PAGE]);
		W->m[a].ram[AT_RAM / PAGE] = 0;
	} else {
		RUN(a, STORE, AT_RAM, SECRET);
	}
	after_it = RMI(RTT_READ_ENTRY, W->m[a].rd, AT_RAM, 3);
	return memcmp(&before.x[1], &after_it.x[1], 4 * 8) != 0;
}

ATTEMPT(exits, delegate_again, "row/granules cmd/GRANULE_DELEGATE I3",
	"the host delegates a channel page again, to have it as its own", "a page of its own")
{
	unsigned int a = role(0), b = role(0), c = channel_between(a, b, 0);
	uint64_t status, page;

	start();
	page = open ? host_page() : W->chan_base[c];
	status = RMI0(GRANULE_DELEGATE, page);
	EXPECT_EQ(status, open ? RMI_SUCCESS : RMI_ERROR_INPUT);
	if (status == RMI_SUCCESS)
		take_back(page);
	return status == RMI_SUCCESS;
}
