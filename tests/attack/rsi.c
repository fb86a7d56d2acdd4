/* SPDX-License-Identifier: Apache-2.0 */
/* What a Realm may ask about itself and others. */
#include "attack.h"

/* The call with a hostile argument: status, and every result zero; with a good one it succeeds. */
static bool asks(bool open, unsigned int i, uint64_t fid, uint64_t good, uint64_t bad, uint64_t want, unsigned int results)
{
	const uint64_t *x = RUN(i, "smc #0", fid, open ? good : bad);
	bool zero = true;

	if (open) {
		EXPECT_EQ(x[0], RSI_SUCCESS);
		return x[0] == RSI_SUCCESS;
	}
	EXPECT_EQ(x[0], want);
	for (unsigned int n = 1; n <= results; n++)
		zero = zero && x[n] == 0;
	EXPECT(zero && only_reasons(i));
	return x[0] == RSI_SUCCESS;
}

/* A role with a grant, two regions and a gate; what lies behind them in the blob belongs to a neighbour. */
static unsigned int neighbours(void)
{
	unsigned int a = role(0), b = role(0);

	(void)channel_between(b, a, 0);
	(void)channel(1, 0);
	grant(1, b, RW);
	grant(1, role(0), R);
	window(b, 3, IN);
	gate(a, b, 0, 1, 1);
	gate(b, 2, 0, 1, 1);
	start();
	return a;
}

#define ASKS(name, fn, what, bad, want, results)						\
ATTEMPT(rsi, name, "rsi/" #fn, what, "its own")							\
{												\
	return asks(open, neighbours(), SMC_RSI_MICA_##fn, 0, bad, want, results);		\
}
ASKS(self_selector, SELF, "SELF with a selector past the end", 4, RSI_ERROR_INPUT, 6)
ASKS(self_selector_high, SELF, "SELF with a selector beyond 32 bits", 1UL << 32, RSI_ERROR_INPUT, 6)
ASKS(grant_of_other, GRANT_INFO, "a neighbour's grant by number", 1, RSI_ERROR_INPUT, 9)
ASKS(grant_wraps, GRANT_INFO, "a grant number that wraps", ~0UL, RSI_ERROR_INPUT, 9)
ASKS(grant_wraps_32, GRANT_INFO, "a grant number that wraps in 32 bits", 1UL << 32, RSI_ERROR_INPUT, 9)
ASKS(region_of_other, REGION_INFO, "a neighbour's region by number", 1, RSI_ERROR_INPUT, 9)
ASKS(region_wraps, REGION_INFO, "a region number that wraps", ~0UL, RSI_ERROR_INPUT, 9)
ASKS(gate_of_other, GATE_INFO, "a gate between others by number", 1, RSI_ERROR_INPUT, 9)
ASKS(gate_wraps, GATE_INFO, "a gate number that wraps", 1UL << 32, RSI_ERROR_INPUT, 9)

ATTEMPT(rsi, audit_rule_0, "rsi/AUDIT_READ row/audit", "AUDIT_READ of a rule that is none: 0", "rule 1")
{
	return asks(open, neighbours(), SMC_RSI_MICA_AUDIT_READ, 1, 0, RSI_ERROR_INPUT, 1);
}

ATTEMPT(rsi, audit_rule_beyond, "rsi/AUDIT_READ row/audit", "AUDIT_READ of a rule past the end: a neighbour's counter",
	"the last")
{
	return asks(open, neighbours(), SMC_RSI_MICA_AUDIT_READ, 19, 20, RSI_ERROR_INPUT, 1);
}

ATTEMPT(rsi, audit_of_other, "rsi/AUDIT_READ row/audit I11", "a role counts the refused acts of another", "its own")
{
	unsigned int a = role(0), b = role(0);

	start();
	RUN(open ? a : b, LOAD, AT_HOLE);
	return audit(a, MICA_RULE_SEALED) != 0;
}

ATTEMPT(rsi, audit_to_host, "op/AUDIT_READ rule/13 row/audit s5/AUDIT",
	"the host reads how often a role was refused something", "right AUDIT")
{
	unsigned int a = role(open ? MICA_RIGHT_AUDIT : 0);
	struct rmi_out r;

	start();
	for (unsigned int i = 0; i < 3; i++)
		RUN(a, LOAD, AT_HOLE);
	r = MICA(AUDIT_READ, W->wf, a, MICA_RULE_SEALED);
	EXPECT_EQ(r.x[0], open ? RMI_SUCCESS : POLICY(NO_RIGHT));
	return r.x[1] == 3;
}

ATTEMPT(rsi, audit_from_host, "row/audit I12", "the host's refused acts count: a way to write to the Realm",
	"the Realm's own")
{
	unsigned int a = role(0);

	start();
	if (open)
		RUN(a, LOAD, AT_HOLE);
	else
		for (unsigned int i = 0; i < 3; i++)
			EXPECT_EQ(RMI0(DATA_DESTROY, W->m[a].rd, AT_RAM), POLICY(SEALED));
	return audit(a, MICA_RULE_SEALED) != 0;
}

/* ---- peers ---- */

ATTEMPT(rsi, peer_no_edge, "rsi/PEER_INFO rule/13 row/peer I11", "a role asks whether one without a path to it lives",
	"a channel from there")
{
	unsigned int a = role(0), b = role(0);

	if (open)
		(void)channel_between(b, a, 0);
	start();
	return asks(open, a, SMC_RSI_MICA_PEER_INFO, b, b, POLICY(NO_RIGHT), 10);
}

ATTEMPT(rsi, peer_against_edge, "rsi/PEER_INFO rule/13 row/peer I11",
	"a writer asks whether the reader of its one-way channel lives", "a channel back")
{
	unsigned int a = role(0), b = role(0);

	(void)channel_between(a, b, 0);
	if (open)
		(void)channel_between(b, a, 0);
	start();
	return asks(open, a, SMC_RSI_MICA_PEER_INFO, b, b, POLICY(NO_RIGHT), 10);
}

ATTEMPT(rsi, peer_by_neighbour, "rsi/PEER_INFO rule/13 row/peer", "two readers of one channel ask for each other",
	"for the writer")
{
	unsigned int a = role(0), b = role(0), d = role(0), c = channel_between(b, a, 0);

	grant(c, d, R);
	start();
	return asks(open, a, SMC_RSI_MICA_PEER_INFO, b, d, POLICY(NO_RIGHT), 10);
}

ATTEMPT(rsi, peer_number, "rsi/PEER_INFO rule/13", "a role number past the end", "its own")
{
	unsigned int a = role(0);

	start();
	return asks(open, a, SMC_RSI_MICA_PEER_INFO, a, 1, POLICY(NO_RIGHT), 10);
}

ATTEMPT(rsi, peer_number_wraps, "rsi/PEER_INFO rule/13", "a role number that wraps", "its own")
{
	unsigned int a = role(0);

	start();
	return asks(open, a, SMC_RSI_MICA_PEER_INFO, a, 1UL << 32 | a, POLICY(NO_RIGHT), 10);
}

ATTEMPT(rsi, peer_death, "rsi/PEER_INFO row/peer row/exit-count s14/epoch",
	"a role without an edge is reset; another looks for live, epoch and RIM", "an edge")
{
	unsigned int a = role(0), b = role(0);
	uint64_t *x, before;

	W->p.role[b].flags = MICA_ROLE_RESTART;
	if (open)
		(void)channel_between(b, a, 0);
	start();
	before = RSI(a, MICA_PEER_INFO, b)[1];
	must(MICA0(ROLE_RESET, W->wf, b));
	x = RSI(a, MICA_PEER_INFO, b);
	return x[1] != before;
}

ATTEMPT(rsi, unbound_asks, "rsi/SELF rsi/VERSION", "a Realm that no workflow binds asks who it is in one",
	"it is bound")
{
	unsigned int a = open ? role(0) : unbound();
	uint64_t *x;

	start();
	x = RSI(a, MICA_VERSION);
	EXPECT_EQ(x[1], MICA_MAGIC_VERSION);
	EXPECT_EQ(x[2], open);
	x = RSI(a, MICA_SELF, MICA_SELF_WORKFLOW_ID);
	EXPECT_EQ(x[0], open ? RSI_SUCCESS : RSI_ERROR_STATE);
	return x[0] == RSI_SUCCESS;
}

ATTEMPT(rsi, unbound_everything, "rsi/VERSION rsi/SELF rsi/GRANT_INFO rsi/REGION_INFO "
	"rsi/GATE_INFO rsi/PEER_INFO rsi/SIGNAL rsi/WAIT rsi/GATE_CALL rsi/GATE_RECV rsi/AUDIT_READ",
	"a Realm that no workflow binds tries every function", "VERSION, which it may")
{
	unsigned int a = unbound();
	bool got = false;

	start();
	if (open)
		return RSI(a, MICA_VERSION)[0] == RSI_SUCCESS;
	for (uint64_t fid = SMC_RSI_MICA_SELF; fid <= SMC_RSI_MICA_LAST; fid++) {
		uint64_t *x = RUN(a, "smc #0", fid, 1, 1, 1);

		EXPECT_EQ(x[0], RSI_ERROR_STATE);
		got |= x[0] == RSI_SUCCESS;
	}
	return got;
}

ATTEMPT(rsi, no_such_function, "rsi/VERSION", "functions past the last, below the first, and with 32-bit numbers",
	"the last")
{
	unsigned int a = role(0);
	bool got = false;

	start();
	if (open)
		return RUN(a, "smc #0", SMC_RSI_MICA_LAST, 1)[0] == RSI_SUCCESS;
	for (uint64_t n = 0; n < 8; n++) {
		uint64_t fid = (uint64_t[]){ SMC_RSI_MICA_LAST + 1, SMC_RSI_MICA_BASE - 1, SMC_RSI_MICA_BASE + 0xff, 0x86004d00UL, 0xc6004e00UL,
			SMC_RMI_MICA, SMC_RMI_GRANULE_DELEGATE, SMC_RSI_MICA_BASE + 0x8000 }[n];

		EXPECT_EQ(RUN(a, "smc #0", fid, 1)[0], SMCCC_NOT_SUPPORTED);
	}
	EXPECT(only_reasons(a));
	return got;
}

/* ---- measurement, tokens, the platform ---- */

ATTEMPT(rsi, others_measurement, "row/measurement I11",
	"a role looks for what another put into its measurement register", "its own")
{
	unsigned int a = role(0), b = role(0);

	start();
	EXPECT_EQ(RUN(open ? a : b, "smc #0", SMC_RSI_MEASUREMENT_EXTEND, 1, 8, SECRET, SECRET)[0], RSI_SUCCESS);
	return RSI(a, MEASUREMENT_READ, 1)[1] != 0;
}

ATTEMPT(rsi, rim_extended, "row/measurement I6", "a Realm extends its initial measurement: the latch would differ",
	"a register that is extensible")
{
	unsigned int a = role(0);
	uint64_t *x, rim[8];

	start();
	memcpy(rim, RSI(a, MICA_PEER_INFO, a) + 3, sizeof(rim));
	x = RUN(a, "smc #0", SMC_RSI_MEASUREMENT_EXTEND, open ? 1 : 0, 8, SECRET);
	EXPECT_EQ(x[0], open ? RSI_SUCCESS : RSI_ERROR_INPUT);
	if (open)
		return true;
	return memcmp(rim, RSI(a, MICA_PEER_INFO, a) + 3, sizeof(rim)) != 0 || memcmp(rim, RSI(a, MEASUREMENT_READ, 0) + 1, 32) != 0;
}

ATTEMPT(rsi, token_to_host, "row/measurement",
	"the host looks for the token of a confined Realm in what it is shown while it is made",
	"right HOSTCALL: the Realm hands it over")
{
	unsigned int a = role(open ? HOSTCALL : 0);
	uint64_t *x, word;

	start();
	EXPECT_EQ(RUN(a, "smc #0", SMC_RSI_ATTEST_TOKEN_INIT, SECRET, SECRET, 3, 4, 5, 6, 7, 8)[0], RSI_SUCCESS);
	do
		x = RUN(a, "smc #0", SMC_RSI_ATTEST_TOKEN_CONTINUE, AT_RAM, 0, PAGE);
	while (x[0] == RSI_INCOMPLETE && x[1] == 0);
	word = RUN(a, "ldr x0, [x0, #8]", AT_RAM)[0];
	EXPECT(word != 0);
	RUN(a, "mov x1, x0\n\t" HOST_CALL, AT_RAM);
	EXPECT(open || only_reasons(a));
	return host_saw(word);
}
