/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ring: free-running 64-bit counters, which never wrap, and private positions, so that no
 * value of the peer is ever used as an index. One fetch of each peer word, then checks.
 */
#include "ring.h"
#include "include/mica_errno.h"

static uint64_t fetch(const uint64_t *p)
{
	return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

static void publish(uint64_t *p, uint64_t v)
{
	__atomic_store_n(p, v, __ATOMIC_RELEASE);
}

void ring_writer_init(struct ring_writer *w, void *chan, size_t chan_size, const void *ack)
{
	*w = (struct ring_writer){
		.tx = chan,
		.rx = ack,
		.data = (uint8_t *)chan + RING_HEADER,
		.size = chan_size - RING_HEADER,
	};
}

void ring_reader_init(struct ring_reader *r, const void *chan, size_t chan_size, void *ack)
{
	*r = (struct ring_reader){
		.tx = chan,
		.rx = ack,
		.data = (const uint8_t *)chan + RING_HEADER,
		.size = chan_size - RING_HEADER,
	};
}

void ring_announce(uint64_t *announce, unsigned int role)
{
	publish(announce, (uint64_t)RING_MAGIC << 32 | (role + 1));
}

unsigned int ring_peer(const uint64_t *announce, int *err)
{
	uint64_t v = fetch(announce);

	*err = 0;
	if (v == 0)
		return RING_ROLE_NONE;
	if (v >> 32 != RING_MAGIC || (uint32_t)v == 0) {
		*err = -EPROTO;
		return RING_ROLE_NONE;
	}
	return (uint32_t)v - 1;
}

long ring_writer_space(struct ring_writer *w, uint8_t **p)
{
	uint64_t consumed = fetch(&w->rx->consumed);
	size_t space, to_wrap = w->size - w->at;

	/* It takes bytes in order, and only bytes there were. */
	if (consumed < w->consumed || consumed > w->written)
		return -EPROTO;
	w->consumed = consumed;
	space = w->size - (size_t)(w->written - consumed);
	*p = w->data + w->at;
	return (long)(space < to_wrap ? space : to_wrap);
}

void ring_writer_commit(struct ring_writer *w, size_t n)
{
	w->at += n;
	if (w->at == w->size)
		w->at = 0;
	w->written += n;
	publish(&w->tx->written, w->written);
}

void ring_writer_end(struct ring_writer *w)
{
	publish(&w->tx->end, w->written + 1);
}

/* Take over the peer's words if they obey the rules. */
static int accept_written(struct ring_reader *r)
{
	uint64_t end = fetch(&r->tx->end);	/* first: it is published last */
	uint64_t written = fetch(&r->tx->written);

	if (written < r->written || written - r->consumed > r->size)
		return -EPROTO;
	if (r->end && end != r->end)
		return -EPROTO;
	if (end && end - 1 != written)
		return -EPROTO;
	r->written = written;
	r->end = end;
	return 0;
}

long ring_reader_data(struct ring_reader *r, const uint8_t **p)
{
	size_t have, to_wrap = r->size - r->at;

	if (accept_written(r))
		return -EPROTO;
	have = (size_t)(r->written - r->consumed);
	if (have == 0)
		return r->end ? RING_END : 0;
	*p = r->data + r->at;
	return (long)(have < to_wrap ? have : to_wrap);
}

void ring_reader_release(struct ring_reader *r, size_t n)
{
	r->at += n;
	if (r->at == r->size)
		r->at = 0;
	r->consumed += n;
	publish(&r->rx->consumed, r->consumed);
}
