/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels are memory that processes share, under realm/channel.c as it is: here is what it asks the monitor. A signal is
 * a bit in the peer's word, and a system call only if the peer sleeps.
 */
#include "../../../../realm/libmica.h"
#include "sys.h"

#define FUTEX_WAIT	0
#define FUTEX_WAKE	1

static struct rings *rings;

/* Grants of each role as the policy of examples/redact gives them: of channel 0 (raw) or 1 (clean), data or acknowledgement. */
static const struct grant {
	uint8_t channel, ack, rights, peer;
} grants[3][5] = {
	{ { 0, 0, MICA_GRANT_RW, 1 }, { 0, 1, MICA_GRANT_R, 1 } },
	{ { 0, 0, MICA_GRANT_R, 0 }, { 0, 1, MICA_GRANT_RW, 0 }, { 1, 0, MICA_GRANT_RW, 2 }, { 1, 1, MICA_GRANT_R, 2 } },
	{ { 1, 0, MICA_GRANT_R, 1 }, { 1, 1, MICA_GRANT_RW, 1 } },
};

static struct rings *map(void)
{
	if (rings == NULL)
		rings = (struct rings *)SYSCALL(mmap, 0, sizeof(*rings), 3 /* read, write */, 1 /* shared */, FD_RINGS, 0);
	return rings;
}

int mica_grant(unsigned int i, struct mica_grant *g)
{
	const struct grant *from = &grants[mica_self()->role][i];
	static const char *const names[2][2] = { { "raw", "raw-ack" }, { "clean", "clean-ack" } };

	if (from->rights == 0)
		return -ENOENT;
	*g = (struct mica_grant){ .index = i, .channel = from->channel, .rights = from->rights,
		.base = from->ack ? map()->channel[from->channel].ack : map()->channel[from->channel].data,
		.size = from->ack ? 4096 : PIPE_SIZE, .signal = 2U * from->channel + from->ack };
	memcpy(g->name, names[from->channel][from->ack], strlen(names[from->channel][from->ack]) + 1);
	return 0;
}

int mica_peer_live(unsigned int role)
{
	return role < 3;
}

/* channel.c has one call: SIGNAL, by grant. */
void mica_smc(uint64_t x[11])
{
	const struct grant *g = &grants[mica_self()->role][x[1]];
	uint32_t *word = &rings->role[g->peer].signals, was;

	was = __atomic_fetch_or(word, 1U << (2U * g->channel + g->ack), __ATOMIC_SEQ_CST);
	if (was & RINGS_WAITS) {
		__atomic_fetch_and(word, ~RINGS_WAITS, __ATOMIC_SEQ_CST);
		SYSCALL(futex, word, FUTEX_WAKE, 1);
	}
	x[0] = RSI_SUCCESS;
}

uint64_t mica_wait(uint64_t mask, uint64_t ticks)
{
	uint32_t *word = &rings->role[mica_self()->role].signals, v;
	const int64_t timeout[2] = { 0, (int64_t)ticks };	/* the counter of this machine runs at 1 GHz */

	v = __atomic_load_n(word, __ATOMIC_SEQ_CST);
	if (!(v & mask)) {
		v = __atomic_or_fetch(word, RINGS_WAITS, __ATOMIC_SEQ_CST);
		if (!(v & mask))
			SYSCALL(futex, word, FUTEX_WAIT, v, timeout);
	}
	return __atomic_fetch_and(word, ~((uint32_t)mask | RINGS_WAITS), __ATOMIC_SEQ_CST) & mask;
}

uint64_t mica_now(void)
{
	return clock_now();
}

uint64_t mica_ticks_per_second(void)
{
	return 1000000000;
}
