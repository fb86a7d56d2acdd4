/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One stream, two places. In a channel: libmica as every component uses it. In host memory: the same ring, checked as
 * strictly, and for the doorbell a host call, after which the host runs the peer: no way with fewer exits is known.
 * One message at a time each place rings at every message. In a stream each rings only when it finds the ring full or empty.
 */
#include "realm.h"

uint8_t message[COMM_MAX + SEAL_TAG] __attribute__((aligned(64)));

static struct rsi_host_call call __attribute__((aligned(256)));

/* Apart: most places of a stream are given back without one, and so without its frame. */
__attribute__((noinline)) void bell(unsigned int imm, uint64_t arg)
{
	uint64_t x[11] = { SMC_RSI_HOST_CALL, (uint64_t)&call };

	call.imm = imm;
	call.gprs[0] = arg;
	asm volatile("dmb ish" : : : "memory");
	mica_smc(x);
}

struct comm_shared *link_open(struct link *l, enum mica_direction direction)
{
	bool writes = direction == MICA_WRITE;
	struct comm_shared *shared;
	struct mica_window w;

	if (mica_window_open(&w, writes ? "front" : "back", direction) || w.size != sizeof(*shared))
		mica_panic("window");
	shared = (struct comm_shared *)w.base;
	l->in_channel = shared->way == COMM_COPY || shared->way == COMM_IN_PLACE;
	l->stream = shared->stream;
	if (l->in_channel) {
		if (mica_channel_open(&l->c, "data", direction))
			mica_panic("channel");
		mica_channel_cork(&l->c, l->stream);
	} else if (writes) {
		ring_writer_init(&l->c.writer, shared->data, sizeof(shared->data), shared->ack);
	} else {
		ring_reader_init(&l->c.reader, shared->data, sizeof(shared->data), shared->ack);
	}
	l->c.direction = direction;
	return shared;
}

static long peek(struct link *l, uint8_t **p)
{
	return l->c.direction == MICA_WRITE ? ring_writer_space(&l->c.writer, p) :
					      ring_reader_data(&l->c.reader, (const uint8_t **)p);
}

size_t link_get(struct link *l, uint8_t **p)
{
	long n;

	if (l->in_channel)
		n = l->c.direction == MICA_WRITE ? mica_channel_reserve(&l->c, p) :
						   mica_channel_acquire(&l->c, (const uint8_t **)p);
	else
		while ((n = peek(l, p)) == 0)
			bell(COMM_DOORBELL, 0);
	if (n <= 0)
		mica_panic("stream");
	return (size_t)n;
}

void link_put(struct link *l, size_t n)
{
	if (l->in_channel) {
		if (l->c.direction == MICA_WRITE)
			mica_channel_commit(&l->c, n);
		else
			mica_channel_release(&l->c, n);
		return;
	}
	if (l->c.direction == MICA_WRITE)
		ring_writer_commit(&l->c.writer, n);
	else
		ring_reader_release(&l->c.reader, n);
	if (!l->stream)
		bell(COMM_DOORBELL, 0);
}

static bool drained(struct link *l)
{
	uint8_t *p;

	if (ring_writer_space(&l->c.writer, &p) < 0)
		mica_panic("stream");
	return l->c.writer.consumed == l->c.writer.written;
}

void link_drain(struct link *l)
{
	while (!drained(l)) {
		if (!l->in_channel) {
			bell(COMM_DOORBELL, 0);
			continue;
		}
		mica_channel_cork(&l->c, false);
		mica_channel_cork(&l->c, true);
		if (!drained(l))
			mica_wait(l->c.wait_mask, mica_ticks_per_second());
	}
}
