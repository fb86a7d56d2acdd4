/* SPDX-License-Identifier: Apache-2.0 */
/* Writes messages, each with words that go on where the last one ended. */
#include "realm.h"

static void in_place(struct link *l, size_t size, uint64_t x)
{
	while (size) {
		uint8_t *p;
		size_t n = link_get(l, &p);

		if (n > size)
			n = size;
		payload_fill(p, n, x);
		link_put(l, n);
		size -= n;
		x += n / 8;
	}
}

/* How many messages the other side found wrong so far. */
static uint64_t by_gate(const struct mica_gate *g, uint64_t x)
{
	uint64_t words[MICA_GATE_WORDS];

	payload_fill(words, sizeof(words), x);
	if (mica_gate_call(g, words, words))
		mica_panic("gate");
	return words[0];
}

int main(void)
{
	struct link l;
	struct comm_shared *s = link_open(&l, MICA_WRITE);
	enum comm_way way = s->way;
	uint64_t size = s->size, count = s->count, x = 0, wrong = 0;
	struct mica_gate g;

	if (mica_gate_open(&g, "word") || (!l.stream && count > COMM_SAMPLES) || size > COMM_MAX)
		mica_panic("parameters");
	if (comm_sealed(way))
		seal_init(way);
	for (uint64_t i = 0; i <= COMM_WARM_UP + count; i++, x += size / 8) {
		uint64_t t;

		if (i == COMM_WARM_UP || i == COMM_WARM_UP + count) {
			if (l.stream)
				link_drain(&l);		/* what is counted is sent and read */
			bell(COMM_MARK, 0);
			if (i == COMM_WARM_UP)
				bell(COMM_MARK, 0);	/* again: the host learns what a mark itself costs */
		}
		t = l.stream ? 0 : mica_now();
		switch (way) {
		case COMM_PLAIN:
		case COMM_IN_PLACE:
			in_place(&l, size, x);
			break;
		case COMM_COPY:
			payload_fill(message, size, x);
			if (mica_channel_write(&l.c, message, size))
				mica_panic("write");
			break;
		case COMM_AES:
		case COMM_CHACHA:
		case COMM_AES8:
			payload_fill(message, size, x);
			seal_send(&l, i, message, size);
			break;
		default:
			wrong = by_gate(&g, x);
		}
		if (!l.stream && i >= COMM_WARM_UP && i < COMM_WARM_UP + count)
			s->sent[i - COMM_WARM_UP] = t;
	}
	if (l.stream)
		link_drain(&l);
	bell(COMM_DONE, wrong);
	return 0;
}
