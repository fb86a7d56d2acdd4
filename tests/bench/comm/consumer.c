/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads messages and looks at every word of them. The clock is read before the place is given back: a doorbell runs the peer.
 * In a stream it is not read: what a message waits there is the ring's length.
 */
#include "realm.h"

struct got {
	uint64_t sum, at;	/* of all words; when the last was read */
};

static uint64_t now(const struct link *l)
{
	return l->stream ? 0 : mica_now();
}

static struct got in_place(struct link *l, size_t size)
{
	struct got got = { 0, 0 };

	while (size) {
		uint8_t *p;
		size_t n = link_get(l, &p);

		if (n > size)
			n = size;
		got.sum += payload_sum(p, n);
		got.at = now(l);
		link_put(l, n);
		size -= n;
	}
	return got;
}

static struct got copied(struct link *l, size_t size)
{
	uint64_t sum;

	for (size_t at = 0; at < size; ) {
		long n = mica_channel_read(&l->c, message + at, size - at);

		if (n <= 0)
			mica_panic("read");
		at += (size_t)n;
	}
	sum = payload_sum(message, size);
	return (struct got){ sum, now(l) };
}

static struct got sealed(struct link *l, uint64_t sequence, size_t size)
{
	size_t n = seal_receive(l, sequence, message, size);
	struct got got;

	if (n == 0)
		mica_panic("forged");
	got.sum = payload_sum(message, size);
	got.at = now(l);
	link_put(l, n);
	return got;
}

/* Answers the message before with the number that were wrong so far: while it serves, nothing else gets out. */
static struct got by_gate(const struct mica_gate *g, uint64_t wrong)
{
	const uint64_t results[MICA_GATE_WORDS] = { wrong };
	uint64_t words[MICA_GATE_WORDS], sum;

	if (mica_gate_serve(g, results, words))
		mica_panic("gate");
	sum = payload_sum(words, sizeof(words));
	return (struct got){ sum, mica_now() };
}

int main(void)
{
	struct link l;
	struct comm_shared *s = link_open(&l, MICA_READ);
	enum comm_way way = s->way;
	uint64_t size = s->size, count = s->count, x = 0, wrong = 0;
	struct mica_gate g;

	if (mica_gate_open(&g, "word") || (!l.stream && count > COMM_SAMPLES) || size > COMM_MAX)
		mica_panic("parameters");
	if (comm_sealed(way))
		seal_init(way);
	for (uint64_t i = 0; i <= COMM_WARM_UP + count; i++, x += size / 8) {
		struct got got;

		switch (way) {
		case COMM_PLAIN:
		case COMM_IN_PLACE:
			got = in_place(&l, size);
			break;
		case COMM_COPY:
			got = copied(&l, size);
			break;
		case COMM_AES:
		case COMM_CHACHA:
		case COMM_AES8:
			got = sealed(&l, i, size);
			break;
		default:
			got = by_gate(&g, wrong);
		}
		if (!l.stream && i >= COMM_WARM_UP && i < COMM_WARM_UP + count)
			s->taken[i - COMM_WARM_UP] = got.at;
		wrong += got.sum != payload_expected(size, x);
	}
	if (way == COMM_GATE)
		by_gate(&g, wrong);
	bell(COMM_DONE, wrong);
	return 0;
}
