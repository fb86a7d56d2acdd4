/* SPDX-License-Identifier: Apache-2.0 */
/*
 * realm/ring.c between two ends in one process. What is done to the bytes is what tests/bench/comm does between Realms: in place; by a
 * copy into the ring and one out of it; as a record of ciphertext and tag, encrypted from private memory into the ring, copied out
 * before it is looked at, decrypted where it then lies, and believed if the tag is right (tests/bench/comm/seal.c).
 */
#include <stdlib.h>
#include <string.h>

#include "silicon.h"

#define PAGE		4096UL

static void *pages(size_t size)
{
	void *p = aligned_alloc(PAGE, (size + PAGE - 1) & ~(PAGE - 1));

	if (!p)
		die("no memory");
	return memset(p, 0, size);	/* there before anything is measured */
}

void stream_open(struct stream *s, enum way way, size_t channel)
{
	static const uint8_t key[32] = "to measure with, and for nothing";
	void *chan = pages(channel), *ack = pages(PAGE);

	*s = (struct stream){ .way = way, .channel = channel, .chan = chan, .ack = ack, .out = pages(MESSAGE_MAX + TAG),
			      .in = pages(MESSAGE_MAX + TAG) };
	ring_writer_init(&s->w, chan, channel, ack);
	ring_reader_init(&s->r, chan, channel, ack);
	if (way == MBEDTLS)
		s->cipher = &cipher_mbedtls;
	else if (way == OPENSSL)
		s->cipher = &cipher_openssl;
	if (s->cipher)
		s->cipher->init(key);
}

void stream_close(struct stream *s)
{
	if (s->cipher)
		s->cipher->end();
	free(s->chan);
	free(s->ack);
	free(s->out);
	free(s->in);
}

static size_t space(struct stream *s, uint8_t **p, size_t most)
{
	long n = ring_writer_space(&s->w, p);

	if (n <= 0)
		die("the ring has no space: a message is not taken at once");
	return (size_t)n < most ? (size_t)n : most;
}

static size_t data(struct stream *s, const uint8_t **p, size_t most)
{
	long n = ring_reader_data(&s->r, p);

	if (n <= 0)
		die("the ring has no data: a message is sent before it is taken");
	return (size_t)n < most ? (size_t)n : most;
}

static void start(const struct stream *s, bool encrypt, uint64_t sequence, size_t size)
{
	uint64_t aad[2] = { size, sequence };
	uint8_t nonce[12] = "p-c";

	memcpy(nonce + 4, &sequence, sizeof(sequence));
	s->cipher->start(encrypt, nonce, (const uint8_t *)aad, sizeof(aad));
}

/* Ring and record are multiples of 16 bytes: the end of the ring never splits a block or the tag. */
static void send_record(struct stream *s, size_t size)
{
	size_t n, body;
	uint8_t *p;

	start(s, true, s->sent, size);
	for (size_t at = 0; at < size + TAG; at += n) {
		n = space(s, &p, size + TAG - at);
		body = at + n > size ? size - at : n;
		if (body)
			s->cipher->update(true, s->out + at, p, body);
		if (body < n)
			s->cipher->tag(p + body);
		ring_writer_commit(&s->w, n);
	}
}

static void send_copy(struct stream *s, size_t size)
{
	uint8_t *p;
	size_t n;

	for (size_t at = 0; at < size; at += n) {
		n = space(s, &p, size - at);
		memcpy(p, s->out + at, n);
		ring_writer_commit(&s->w, n);
	}
}

void stream_send(struct stream *s, size_t size)
{
	uint8_t *p;
	size_t n;

	if (s->way == IN_PLACE) {
		for (size_t at = 0; at < size; at += n) {
			n = space(s, &p, size - at);
			payload_fill(p, n, s->sent + at / 8);
			ring_writer_commit(&s->w, n);
		}
	} else {
		payload_fill(s->out, size, s->sent);
		if (s->cipher)
			send_record(s, size);
		else
			send_copy(s, size);
	}
	s->sent++;
}

static void take_copy(struct stream *s, size_t size)
{
	const uint8_t *p;
	size_t n;

	for (size_t at = 0; at < size; at += n) {
		n = data(s, &p, size - at);
		memcpy(s->in + at, p, n);
		ring_reader_release(&s->r, n);
	}
}

static bool take_record(struct stream *s, size_t size)
{
	take_copy(s, size + TAG);
	start(s, false, s->received, size);
	s->cipher->update(false, s->in, s->in, size);
	return s->cipher->right(s->in + size);
}

static uint64_t sum_in_place(struct stream *s, size_t size)
{
	const uint8_t *p;
	uint64_t sum = 0;
	size_t n;

	for (size_t at = 0; at < size; at += n) {
		n = data(s, &p, size - at);
		sum += payload_sum(p, n);
		ring_reader_release(&s->r, n);
	}
	return sum;
}

bool stream_receive(struct stream *s, size_t size)
{
	bool right = true;
	uint64_t sum = 0;

	if (s->way == IN_PLACE) {
		sum = sum_in_place(s, size);
	} else if (s->cipher) {
		right = take_record(s, size);
	} else {
		take_copy(s, size);
	}
	if (s->way != IN_PLACE && right)
		sum = payload_sum(s->in, size);
	return right && sum == payload_expected(size, s->received++);
}

void stream_flip(struct stream *s, size_t at)
{
	s->w.data[(s->r.at + at) % s->w.size] ^= 0x10;
}
