/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mica_channel_*() over memory of the host, in place of realm/channel.c: the same ring, checked as strictly. Who finds
 * nothing to do says so in the ring and sleeps by a host call; only then does the peer ring, by another. A channel needs
 * about as many exits.
 *
 * Sealed, a stream is records: header (size), ciphertext, padding to 16 bytes, tag; an empty record is its end. Size and
 * number are authenticated, so records cannot be changed, dropped, repeated or exchanged, nor the stream be cut. A reader copies
 * a record out of the host's reach before it looks, decrypts it there, and hands on nothing before the tag is right.
 *
 * One channel of each direction in a component.
 */
#include "../comm/realm.h"
#include "pipe.h"

#define RECORD_MAX	16384	/* as TLS's */
#define BLOCK		16UL
#define ROUND(n)	(((n) + BLOCK - 1) & ~(BLOCK - 1))

struct header {
	uint64_t size, zero;
};

static struct end {
	struct pipe_link *link;
	bool sealed, ended;
	uint64_t sequence;		/* of the next record; the channel is in its upper bits, so no nonce serves twice */
	uint64_t *own_sleeps;
	const uint64_t *peer_sleeps;
	size_t at, rest;		/* reader: what is left of the last record */
	uint8_t record[RECORD_MAX];
} ends[2];

static struct end *end_of(const struct mica_channel *c)
{
	return &ends[c->direction == MICA_WRITE];
}

void channels_announce(void)
{
}

int mica_channel_open(struct mica_channel *c, const char *name, enum mica_direction direction)
{
	bool writes = direction == MICA_WRITE;
	char window[MICA_NAME_SIZE] = { 0 };
	size_t n = strlen(name);
	struct pipe_link *l;
	struct mica_window w;
	struct end *e;

	c->direction = direction;
	e = end_of(c);
	if (n + 3 > sizeof(window))
		return -ENOENT;
	memcpy(window, name, n);
	memcpy(window + n, writes ? "tx" : "rx", 2);
	if (mica_window_open(&w, window, direction) || w.size != sizeof(*l))
		return -ENOENT;
	l = (struct pipe_link *)w.base;
	*e = (struct end){ .link = l, .sequence = (uint64_t)(uint8_t)name[0] << 56 };
	e->own_sleeps = writes ? &l->writer_sleeps : &l->reader_sleeps;
	e->peer_sleeps = writes ? &l->reader_sleeps : &l->writer_sleeps;
	e->sealed = l->way != PIPE_PLAIN;
	if (e->sealed)
		seal_init(l->way == PIPE_AES ? COMM_AES : COMM_AES8);
	if (writes)
		ring_writer_init(&c->writer, l->data, sizeof(l->data), l->ack);
	else
		ring_reader_init(&c->reader, l->data, sizeof(l->data), l->ack);
	return 0;
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

/* The peer looks again, if it sleeps. What was published before is seen by it, or its sleep by us. */
static void notify(struct mica_channel *c)
{
	asm volatile("dmb ish" : : : "memory");
	if (__atomic_load_n(end_of(c)->peer_sleeps, __ATOMIC_RELAXED))
		bell(PIPE_DOORBELL, c->direction == MICA_WRITE);
}

/* Contiguous bytes at *p, RING_END, or an error; never 0. */
static long wait_for_bytes(struct mica_channel *c, uint8_t **p)
{
	struct end *e = end_of(c);
	long n = peek(c, p);

	if (n)
		return n;
	notify(c);
	while ((n = peek(c, p)) == 0) {
		__atomic_store_n(e->own_sleeps, 1, __ATOMIC_RELAXED);
		asm volatile("dmb ish" : : : "memory");
		n = peek(c, p);
		if (n == 0)
			bell(PIPE_SLEEP, 0);
		__atomic_store_n(e->own_sleeps, 0, __ATOMIC_RELAXED);
		if (n)
			return n;
	}
	return n;
}

static void publish(struct mica_channel *c, size_t n)
{
	if (c->direction == MICA_WRITE)
		ring_writer_commit(&c->writer, n);
	else
		ring_reader_release(&c->reader, n);
}

/* ---- plaintext ---- */

static long plain_read(struct mica_channel *c, void *buf, size_t size)
{
	uint8_t *p;
	long n = wait_for_bytes(c, &p);

	if (n <= 0)
		return n == RING_END ? 0 : n;
	if ((size_t)n > size)
		n = (long)size;
	memcpy(buf, p, (size_t)n);
	publish(c, (size_t)n);
	return n;
}

static int plain_write(struct mica_channel *c, const uint8_t *from, size_t size)
{
	while (size) {
		uint8_t *p;
		long n = wait_for_bytes(c, &p);

		if (n < 0)
			return (int)n;
		if ((size_t)n > size)
			n = (long)size;
		memcpy(p, from, (size_t)n);
		publish(c, (size_t)n);
		from += n;
		size -= (size_t)n;
	}
	return 0;
}

/* ---- sealed ---- */

/* Positions in the ring are multiples of a block, and so is its size: its end splits none. */
static long wait_for_blocks(struct mica_channel *c, uint8_t **p)
{
	long n = wait_for_bytes(c, p);

	/* a sealed stream ends by a record, not by a mark */
	return n == RING_END || (n > 0 && n % (long)BLOCK) ? -EPROTO : n;
}

static int put_block(struct mica_channel *c, const void *block)
{
	uint8_t *p;
	long n = wait_for_blocks(c, &p);

	if (n < 0)
		return (int)n;
	memcpy(p, block, BLOCK);
	publish(c, BLOCK);
	return 0;
}

static int get_block(struct mica_channel *c, void *block)
{
	uint8_t *p;
	long n = wait_for_blocks(c, &p);

	if (n < 0)
		return (int)n;
	memcpy(block, p, BLOCK);
	publish(c, BLOCK);
	return 0;
}

static int put_record(struct mica_channel *c, const uint8_t *from, size_t size)
{
	const struct header header = { size, 0 };
	struct end *e = end_of(c);
	uint8_t tag[SEAL_TAG];
	int err = put_block(c, &header);

	if (err)
		return err;
	seal_start(true, e->sequence++, size);
	for (size_t at = 0; at < size; ) {
		uint8_t *p;
		long n = wait_for_blocks(c, &p);

		if (n < 0)
			return (int)n;
		if ((size_t)n > size - at)
			n = (long)(size - at);
		seal_update(from + at, p, (size_t)n);
		publish(c, ROUND((size_t)n));
		at += (size_t)n;
	}
	seal_finish(tag);
	return put_block(c, tag);
}

/* Ciphertext of size bytes to where the host cannot change it. */
static int copy_out(struct mica_channel *c, uint8_t *to, size_t size)
{
	for (size_t at = 0; at < size; ) {
		uint8_t *p;
		long n = wait_for_blocks(c, &p);

		if (n < 0)
			return (int)n;
		if ((size_t)n > size - at)
			n = (long)(size - at);
		memcpy(to + at, p, (size_t)n);
		publish(c, ROUND((size_t)n));
		at += (size_t)n;
	}
	return 0;
}

static int get_record(struct mica_channel *c, uint8_t *to, size_t size)
{
	uint8_t tag[SEAL_TAG], want[SEAL_TAG], differs = 0;
	int err = copy_out(c, to, size);

	if (!err)
		err = get_block(c, want);
	if (err)
		return err;
	seal_start(false, end_of(c)->sequence++, size);
	seal_update(to, to, size);
	seal_finish(tag);
	for (unsigned int i = 0; i < SEAL_TAG; i++)
		differs |= tag[i] ^ want[i];
	return differs ? -EPROTO : 0;
}

/* Windows lie in the upper half of the address space, and so does the ring: whatever is below its highest bit is ours alone. */
static bool is_private(const struct end *e, const void *p)
{
	return (uint64_t)p < 1UL << (63 - __builtin_clzl((uint64_t)e->link));
}

static size_t take_rest(struct end *e, uint8_t *buf, size_t size)
{
	size_t n = e->rest < size ? e->rest : size;

	memcpy(buf, e->record + e->at, n);
	e->at += n;
	e->rest -= n;
	return n;
}

/* Is the next record there as a whole, in one piece, and does it fit? */
static bool more(struct mica_channel *c, size_t room)
{
	uint8_t *p;
	long n = peek(c, &p);
	struct header h;

	if (n < (long)BLOCK)
		return false;
	memcpy(&h, p, sizeof(h));
	return h.size <= room && h.size <= RECORD_MAX && (size_t)n >= BLOCK + ROUND(h.size) + SEAL_TAG;
}

static long sealed_read(struct mica_channel *c, uint8_t *buf, size_t size)
{
	struct end *e = end_of(c);
	size_t done = take_rest(e, buf, size);

	while (!e->ended && (done == 0 || more(c, size - done))) {
		struct header h;
		uint8_t *to;
		int err = get_block(c, &h);

		if (err)
			return err;
		if (h.size > RECORD_MAX || h.zero)
			return -EPROTO;
		to = h.size <= size - done && is_private(e, buf) ? buf + done : e->record;
		err = get_record(c, to, h.size);
		if (err)
			return err;
		e->ended = h.size == 0;
		e->at = 0;
		e->rest = to == e->record ? h.size : 0;
		done += to == e->record ? take_rest(e, buf + done, size - done) : h.size;
	}
	return (long)done;
}

static int sealed_write(struct mica_channel *c, const uint8_t *from, size_t size)
{
	int err = 0;

	for (size_t n; size && !err; from += n, size -= n) {
		n = size < RECORD_MAX ? size : RECORD_MAX;
		err = put_record(c, from, n);
	}
	return err;
}

/* ---- what the components call ---- */

long mica_channel_read(struct mica_channel *c, void *buf, size_t size)
{
	long n = end_of(c)->sealed ? sealed_read(c, buf, size) : plain_read(c, buf, size);

	notify(c);
	return n;
}

int mica_channel_write(struct mica_channel *c, const void *buf, size_t size)
{
	int err = end_of(c)->sealed ? sealed_write(c, buf, size) : plain_write(c, buf, size);

	notify(c);
	return err;
}

void mica_channel_close(struct mica_channel *c)
{
	if (end_of(c)->sealed)
		put_record(c, NULL, 0);
	else
		ring_writer_end(&c->writer);
	notify(c);
}
