/* SPDX-License-Identifier: Apache-2.0 */
/* SIGNAL, WAIT, and the exits that come of them. */
#include "attack.h"

static unsigned int a, b, d, c;

/* Channel a -> b; d is a stranger, or a second reader if @also. */
static void trio(uint16_t flags, bool also)
{
	a = role(0);
	b = role(0);
	d = role(0);
	c = channel_between(a, b, flags);
	if (also)
		grant(c, d, R);
	else
		(void)channel_between(a, d, 0);
}

/* A role waits for any signal: its first entry ends in IDLE. */
static void waits(unsigned int i)
{
	uint64_t *x = load(i, CODE("smc #0"));

	x[0] = SMC_RSI_MICA_WAIT;
	x[1] = ~0UL;
	EXPECT_EQ(enter_left(i), RMI_EXIT_MICA_IDLE);
	EXPECT(!done(i) && only_reasons(i));
}

ATTEMPT(signal, by_reader, "rsi/SIGNAL rule/13 row/wake", "a reader signals back along a one-way channel",
	"a grant to write it")
{
	uint64_t *x;

	a = role(0);
	b = role(0);
	c = channel(1, MICA_CHAN_SIGNAL);
	grant(c, a, RW);
	grant(c, b, open ? RW : R);
	start();
	waits(a);
	x = RSI(b, MICA_SIGNAL, 0);
	EXPECT_EQ(x[0], open ? RSI_SUCCESS : POLICY(NO_RIGHT));
	EXPECT_EQ(LEFT(b, MICA_WAKE), open);
	must(enter(a));
	return done(a);
}

ATTEMPT(signal, not_opened, "rsi/SIGNAL rule/13 row/wake", "a writer signals on a channel without signals",
	"the channel has them")
{
	uint64_t *x;

	trio(open ? MICA_CHAN_SIGNAL : 0, false);
	start();
	waits(b);
	x = RSI(a, MICA_SIGNAL, grant_index(a, c));
	EXPECT_EQ(x[0], open ? RSI_SUCCESS : POLICY(NO_RIGHT));
	must(enter(b));
	return done(b);
}

ATTEMPT(signal, no_such_grant, "rsi/SIGNAL rule/13", "a grant number past the end reaches another role's grants",
	"its own")
{
	unsigned int n;
	uint64_t *x;

	a = role(0);
	b = role(0);
	d = role(0);
	c = channel_between(a, b, MICA_CHAN_SIGNAL);
	(void)channel_between(b, d, MICA_CHAN_SIGNAL);	/* b's second grant: number 2 of the table */
	start();
	waits(d);
	x = RSI(open ? b : a, MICA_SIGNAL, open ? 1 : 2);
	EXPECT_EQ(x[0], open ? RSI_SUCCESS : POLICY(NO_RIGHT));
	n = !open && RSI(a, MICA_SIGNAL, 1UL << 32)[0] == RSI_SUCCESS;
	must(enter(d));
	return done(d) || n != 0;
}

ATTEMPT(signal, wakes_stranger, "rsi/SIGNAL row/wake I11",
	"a signal wakes, and shows the host, a role that is not of the channel", "it reads the channel")
{
	trio(MICA_CHAN_SIGNAL, open);
	start();
	waits(b);
	waits(d);
	EXPECT_EQ(RSI(a, MICA_SIGNAL, grant_index(a, c))[0], RSI_SUCCESS);
	EXPECT(LEFT(a, MICA_WAKE) && host_saw(1UL << b | (open ? 1UL << d : 0)));
	must(enter(d));
	return done(d) || host_saw(1UL << b | 1UL << d);
}

ATTEMPT(signal, wake_of_sleeper, "row/wake row/exit-kind", "a signal to a role that does not wait is shown to the host",
	"it waits")
{
	trio(MICA_CHAN_SIGNAL, false);
	gate(a, b, 0, 0, 0);		/* an edge back: without one every signal is shown */
	start();
	if (open)
		waits(b);
	else
		RUN(b, "mov x0, #1");
	EXPECT_EQ(RSI(a, MICA_SIGNAL, grant_index(a, c))[0], RSI_SUCCESS);
	return LEFT(a, MICA_WAKE);
}

ATTEMPT(signal, reader_waits, "rsi/SIGNAL rsi/WAIT row/reader-waits I11",
	"a reader tells its writer, against the channel, by waiting or not: SIGNAL is an exit, and takes longer, or it is none",
	"a gate joins the two")
{
	bool shown[2];

	trio(MICA_CHAN_SIGNAL, false);
	if (open)
		gate(a, b, 0, 0, 0);
	start();
	for (unsigned int n = 0; n < 2; n++) {
		if (n == 1)
			waits(b);
		else
			RUN(b, "mov x0, #1");
		forget();
		EXPECT_EQ(RSI(a, MICA_SIGNAL, grant_index(a, c))[0], RSI_SUCCESS);
		shown[n] = LEFT(a, MICA_WAKE);
		EXPECT(n == 0 || shown[n]);
		RSI(b, MICA_WAIT, 1, 0, MICA_WAIT_NOWAIT);
	}
	return shown[0] != shown[1];
}

ATTEMPT(signal, spurious_entry, "rsi/WAIT I12 row/exit-count",
	"the host enters a waiting Realm for nothing, many times: the Realm would count", "a signal came")
{
	trio(MICA_CHAN_SIGNAL, false);
	start();
	waits(b);
	if (open)
		EXPECT_EQ(RSI(a, MICA_SIGNAL, grant_index(a, c))[0], RSI_SUCCESS);
	for (unsigned int n = 0; n < 10 && !done(b); n++)
		EXPECT(enter(b) == RMI_SUCCESS && (open || left(b)->exit_reason == RMI_EXIT_MICA_IDLE));
	EXPECT(only_reasons(b));
	return done(b);
}

ATTEMPT(signal, dropped_wake, "rsi/WAIT row/wake",
	"the host drops a WAKE and enters the waiter late: the signal is lost", "no signal was sent")
{
	trio(MICA_CHAN_SIGNAL, false);
	start();
	waits(b);
	if (!open)
		EXPECT_EQ(RSI(a, MICA_SIGNAL, grant_index(a, c))[0], RSI_SUCCESS);
	for (unsigned int n = 0; n < 5; n++)
		RUN(a, "nop");
	must(enter(b));
	EXPECT(open || after(b)->out[1] == 1);
	return !done(b);
}

ATTEMPT(signal, others_bits, "rsi/WAIT I11", "a role takes signals that were meant for another: all bits of the mask",
	"it reads that channel")
{
	uint64_t taken;

	trio(MICA_CHAN_SIGNAL, open);
	start();
	EXPECT_EQ(RSI(a, MICA_SIGNAL, grant_index(a, c))[0], RSI_SUCCESS);
	taken = RSI(d, MICA_WAIT, ~0UL, 0, MICA_WAIT_NOWAIT)[1];
	EXPECT_EQ(RSI(b, MICA_WAIT, ~0UL, 0, MICA_WAIT_NOWAIT)[1], 1);
	return taken != 0;
}

ATTEMPT(signal, other_instance, "rsi/SIGNAL many/instances",
	"a signal in one instance of a policy reaches the same role of another", "the same instance")
{
	bool got;

	trio(MICA_CHAN_SIGNAL, false);
	start();
	waits(b);
	if (!open) {
		use(1);
		trio(MICA_CHAN_SIGNAL, false);
		start();
	}
	EXPECT_EQ(RSI(a, MICA_SIGNAL, grant_index(a, c))[0], RSI_SUCCESS);
	use(0);
	must(enter(b));
	got = done(b);
	return got;
}

#define WAITS_WRONG(name, what, mask, deadline, flags)							\
ATTEMPT(signal, name, "rsi/WAIT", "WAIT with " what, "a mask and no wait")				\
{													\
	uint64_t *x;											\
													\
	trio(MICA_CHAN_SIGNAL, false);									\
	start();											\
	x = open ? RSI(b, MICA_WAIT, 1, 0, MICA_WAIT_NOWAIT) : RSI(b, MICA_WAIT, mask, deadline, flags);	\
	EXPECT_EQ(x[0], open ? RSI_SUCCESS : RSI_ERROR_INPUT);						\
	EXPECT_EQ(x[1] | x[2], 0);									\
	EXPECT(only_reasons(b));									\
	return x[0] == RSI_SUCCESS;									\
}
WAITS_WRONG(wait_for_nothing, "neither mask nor deadline", 0, 0, 0)
WAITS_WRONG(wait_flags, "a flag that is not there", 1, 0, 2)
WAITS_WRONG(wait_flags_high, "a flag beyond 32 bits", 1, 0, 1UL << 32)

ATTEMPT(signal, deadline_shown, "rsi/WAIT row/timer", "a Realm tells the host a number by the deadline it waits for",
	"right TIMER, and its timer")
{
	uint64_t *x;

	a = role(open ? MICA_RIGHT_TIMER : 0);
	start();
	x = load(a, CODE("cbz x9, 1f\n\t msr cntv_cval_el0, x2\n\t 1: smc #0"));
	x[0] = SMC_RSI_MICA_WAIT;
	x[1] = 1;
	x[2] = SECRET;
	x[9] = open;
	EXPECT_EQ(enter_left(a), RMI_EXIT_MICA_IDLE);
	EXPECT_EQ(only_reasons(a), !open);
	return host_saw(SECRET);
}

ATTEMPT(signal, after_reset, "rsi/SIGNAL op/ROLE_RESET I11",
	"a signal sent before a reset reaches the successor of the role", "sent after it")
{
	uint64_t *x;

	trio(MICA_CHAN_SIGNAL, false);
	W->p.role[b].flags = MICA_ROLE_RESTART;
	start();
	if (!open)
		EXPECT_EQ(RSI(a, MICA_SIGNAL, grant_index(a, c))[0], RSI_SUCCESS);
	must(MICA0(ROLE_RESET, W->wf, b));
	end_role(b);
	load_role(b, ST_SEALED);
	if (open)
		EXPECT_EQ(RSI(a, MICA_SIGNAL, grant_index(a, c))[0], RSI_SUCCESS);
	x = RSI(b, MICA_WAIT, ~0UL, 0, MICA_WAIT_NOWAIT);
	return x[1] != 0;
}
