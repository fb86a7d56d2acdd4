/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels as blocking streams: a ring, a signal to sleep on, and the question to the monitor
 * whether the peer still lives. The peer says in the ring which role it is; if it lies, it only
 * makes itself look dead or alive, which it can do anyway.
 */
#include "libmica.h"

#define ACK_SUFFIX	"-ack"
#define POLL_PER_SECOND	1000	/* without a signal bit */
#define CHECK_PER_SECOND 10	/* with one: only to notice a peer that stopped */

static int find_grant(const char *name, const char *suffix, struct mica_grant *g)
{
	size_t n = strlen(name);

	for (unsigned int i = 0; mica_grant(i, g) == 0; i++)
		if (strlen(g->name) >= n && memcmp(g->name, name, n) == 0 &&
		    strcmp(g->name + n, suffix) == 0)
			return 0;
	return -ENOENT;
}

static bool is_ack(const struct mica_grant *g)
{
	size_t n = strlen(g->name);

	return n > 4 && strcmp(g->name + n - 4, ACK_SUFFIX) == 0;
}

/* Data and acknowledgement pages both begin with the word of the side that writes them. */
void channels_announce(void)
{
	struct mica_grant g, data;

	for (unsigned int i = 0; mica_grant(i, &g) == 0; i++)
		if (g.rights == MICA_GRANT_RW && (is_ack(&g) || find_grant(g.name, ACK_SUFFIX, &data) == 0))
			ring_announce((uint64_t *)g.base, mica_self()->role);
}

int mica_channel_open(struct mica_channel *c, const char *name, enum mica_direction direction)
{
	unsigned int writes = direction == MICA_WRITE;
	struct mica_grant data, ack;

	if (find_grant(name, "", &data) || find_grant(name, ACK_SUFFIX, &ack))
		return -ENOENT;
	if ((data.rights == MICA_GRANT_RW) != writes || (ack.rights == MICA_GRANT_RW) == writes)
		return -EACCES;
	c->direction = direction;
	c->corked = c->owed = false;
	if (writes) {
		ring_writer_init(&c->writer, data.base, data.size, ack.base);
		c->signal_grant = data.index;
		c->wait_mask = ack.signal < 64 ? 1UL << ack.signal : 0;
	} else {
		ring_reader_init(&c->reader, data.base, data.size, ack.base);
		c->signal_grant = ack.index;
		c->wait_mask = data.signal < 64 ? 1UL << data.signal : 0;
	}
	return 0;
}

/* Does any role live that can write to us? Asked while the peer has not said who it is. */
static bool anybody_lives(void)
{
	for (unsigned int r = 0; r < MICA_MAX_ROLES; r++)
		if (r != mica_self()->role && mica_peer_live(r) == 1)
			return true;
	return false;
}

/* 0 if the peer may still do something, else the error. */
static int check_peer(const struct mica_channel *c)
{
	unsigned int role;
	int err;

	role = ring_peer(c->direction == MICA_WRITE ? &c->writer.rx->announce :
			 &c->reader.tx->announce, &err);
	if (err)
		return err;
	if (role == RING_ROLE_NONE)
		return anybody_lives() ? 0 : -EPIPE;
	switch (mica_peer_live(role)) {
	case 1: return 0;
	case 0: return -EPIPE;
	default: return -EPROTO;	/* it names a role that cannot reach us */
	}
}

/*
 * Sleep until the peer rings or it is time to look whether it lives. A signal that came before
 * is kept by the monitor, so looking at the ring first and sleeping then loses nothing.
 */
static void sleep_a_little(const struct mica_channel *c)
{
	mica_wait(c->wait_mask, mica_ticks_per_second() /
		  (c->wait_mask ? CHECK_PER_SECOND : POLL_PER_SECOND));
}

static void ring_the_bell(struct mica_channel *c)
{
	uint64_t x[11] = { SMC_RSI_MICA_SIGNAL, c->signal_grant };

	c->owed = false;
	/* Refused where the channel has no `signal`: the peer polls then. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (c->wait_mask)
		mica_smc(x);
}

/* The peer has something to look at. What it is stands in the ring already: a peer that is awake sees it without a bell. */
static void published(struct mica_channel *c)
{
	if (c->corked)
		c->owed = true;
	else
		ring_the_bell(c);
}

void mica_channel_cork(struct mica_channel *c, bool cork)
{
	c->corked = cork;
	if (!cork && c->owed)
		ring_the_bell(c);
}

static long peek(struct mica_channel *c, uint8_t **p)
{
	const uint8_t *q = NULL;
	long n;

	if (c->direction == MICA_WRITE)
		return ring_writer_space(&c->writer, p);
	n = ring_reader_data(&c->reader, &q);
	*p = (uint8_t *)q;
	return n;
}

/* Nothing is there. Bytes at *p, RING_END, or an error; never 0. */
static long wait_for_bytes(struct mica_channel *c, uint8_t **p)
{
	for (;;) {
		long n;
		int err;

		if (c->owed)
			ring_the_bell(c);	/* or both sides sleep */
		sleep_a_little(c);
		n = peek(c, p);
		if (n)
			return n;
		/* What a peer wrote before it stopped counts: look once more after asking. */
		err = check_peer(c);
		n = peek(c, p);
		if (n)
			return n;
		if (err)
			return err;
	}
}

/* Most calls find something: they do without the frame of those that wait. */
static inline long bytes(struct mica_channel *c, uint8_t **p)
{
	long n = peek(c, p);

	return n ? n : wait_for_bytes(c, p);
}

long mica_channel_acquire(struct mica_channel *c, const uint8_t **p)
{
	uint8_t *q = NULL;
	long n;

	if (c->direction != MICA_READ)
		return -EINVAL;
	n = bytes(c, &q);
	*p = q;
	return n == RING_END ? 0 : n;
}

void mica_channel_release(struct mica_channel *c, size_t n)
{
	ring_reader_release(&c->reader, n);
	published(c);
}

long mica_channel_read(struct mica_channel *c, void *buf, size_t size)
{
	const uint8_t *p;
	long n = mica_channel_acquire(c, &p);

	if (n <= 0)
		return n;
	if ((size_t)n > size)
		n = (long)size;
	memcpy(buf, p, (size_t)n);
	mica_channel_release(c, (size_t)n);
	return n;
}

long mica_channel_reserve(struct mica_channel *c, uint8_t **p)
{
	if (c->direction != MICA_WRITE)
		return -EINVAL;
	return bytes(c, p);
}

void mica_channel_commit(struct mica_channel *c, size_t n)
{
	ring_writer_commit(&c->writer, n);
	published(c);
}

int mica_channel_write(struct mica_channel *c, const void *buf, size_t size)
{
	const uint8_t *from = buf;

	while (size) {
		uint8_t *p;
		long n = mica_channel_reserve(c, &p);

		if (n < 0)
			return (int)n;
		if ((size_t)n > size)
			n = (long)size;
		memcpy(p, from, (size_t)n);
		mica_channel_commit(c, (size_t)n);
		from += n;
		size -= (size_t)n;
	}
	return 0;
}

void mica_channel_close(struct mica_channel *c)
{
	if (c->direction != MICA_WRITE)
		return;
	ring_writer_end(&c->writer);
	ring_the_bell(c);
}
