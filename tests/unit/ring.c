/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ring between components: order and bytes with an honest peer, and nothing but -EPROTO
 * with one that writes whatever it likes, whenever it likes. Memory is sized to the byte, so
 * that the address sanitizer sees any step outside.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../realm/ring.h"

static uint64_t seed = 88172645463325252ULL;

static uint64_t rnd(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s;
}

struct pair {
	size_t size;
	uint8_t *chan;
	struct ring_rx *ack;
	struct ring_writer w;
	struct ring_reader r;
};

static void pair_open(struct pair *p, size_t data_size)
{
	p->size = data_size;
	p->chan = calloc(1, RING_HEADER + data_size);
	p->ack = calloc(1, sizeof(*p->ack));
	ring_writer_init(&p->w, p->chan, RING_HEADER + data_size, p->ack);
	ring_reader_init(&p->r, p->chan, RING_HEADER + data_size, p->ack);
}

static void pair_close(struct pair *p)
{
	free(p->chan);
	free(p->ack);
}

/* Byte i of the test stream. */
static uint8_t pattern(uint64_t i)
{
	return (uint8_t)(i * 131 ^ i >> 8);
}

static void write_some(struct pair *p, uint64_t *at, size_t want)
{
	uint8_t *to;
	long n = ring_writer_space(&p->w, &to);

	assert_true(n >= 0);
	if ((size_t)n < want)
		want = (size_t)n;
	for (size_t i = 0; i < want; i++)
		to[i] = pattern((*at)++);
	ring_writer_commit(&p->w, want);
}

static long read_some(struct pair *p, uint64_t *at, size_t want)
{
	const uint8_t *from;
	long n = ring_reader_data(&p->r, &from);

	if (n <= 0)
		return n;
	if ((size_t)n < want)
		want = (size_t)n;
	for (size_t i = 0; i < want; i++)
		assert_int_equal(from[i], pattern((*at)++));
	ring_reader_release(&p->r, want);
	return (long)want;
}

static void test_bytes_arrive_in_order(void **state)
{
	(void)state;
	for (size_t size = 1; size < 70; size++) {
		uint64_t wrote = 0, read = 0;
		struct pair p;

		pair_open(&p, size);
		for (int i = 0; i < 2000; i++) {
			write_some(&p, &wrote, rnd(&seed) % (size + 2));
			assert_true(wrote - read <= size);
			read_some(&p, &read, rnd(&seed) % (size + 2));
		}
		assert_true(wrote > size);
		while (read_some(&p, &read, size) > 0)
			;
		assert_int_equal(read, wrote);
		pair_close(&p);
	}
}

static void test_full_and_empty(void **state)
{
	uint64_t wrote = 0, read = 0;
	const uint8_t *from;
	uint8_t *to;
	struct pair p;

	(void)state;
	pair_open(&p, 16);
	assert_int_equal(ring_reader_data(&p.r, &from), 0);
	assert_int_equal(ring_writer_space(&p.w, &to), 16);
	write_some(&p, &wrote, 16);
	assert_int_equal(ring_writer_space(&p.w, &to), 0);
	assert_int_equal(read_some(&p, &read, 5), 5);
	assert_int_equal(ring_writer_space(&p.w, &to), 5);
	write_some(&p, &wrote, 3);
	assert_int_equal(ring_reader_data(&p.r, &from), 11);	/* to the wrap */
	pair_close(&p);
}

static void test_end_of_stream(void **state)
{
	uint64_t wrote = 0, read = 0;
	const uint8_t *from;
	struct pair p;

	(void)state;
	pair_open(&p, 16);
	write_some(&p, &wrote, 10);
	ring_writer_end(&p.w);
	assert_int_equal(read_some(&p, &read, 10), 10);
	assert_int_equal(ring_reader_data(&p.r, &from), RING_END);
	assert_int_equal(ring_reader_data(&p.r, &from), RING_END);
	pair_close(&p);

	pair_open(&p, 16);		/* the empty stream */
	ring_writer_end(&p.w);
	assert_int_equal(ring_reader_data(&p.r, &from), RING_END);
	pair_close(&p);
}

static void test_announcement(void **state)
{
	uint64_t word = 0;
	int err;

	(void)state;
	assert_int_equal(ring_peer(&word, &err), RING_ROLE_NONE);
	assert_int_equal(err, 0);
	ring_announce(&word, 0);
	assert_int_equal(ring_peer(&word, &err), 0);
	ring_announce(&word, 63);
	assert_int_equal(ring_peer(&word, &err), 63);
	assert_int_equal(err, 0);
	word ^= 1ULL << 40;
	assert_int_equal(ring_peer(&word, &err), RING_ROLE_NONE);
	assert_int_equal(err, -EPROTO);
	word = (uint64_t)RING_MAGIC << 32;
	ring_peer(&word, &err);
	assert_int_equal(err, -EPROTO);
}

/* ---- lies, one by one; each differs from an honest state by the named word ---- */

static void test_reader_that_lies(void **state)
{
	static const int64_t lies[] = { -1, 1, 5, 100, INT64_MAX, INT64_MIN };
	uint8_t *to;

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
		uint64_t wrote = 0, read = 0;
		struct pair p;

		pair_open(&p, 16);
		write_some(&p, &wrote, 8);
		read_some(&p, &read, 8);
		assert_int_equal(ring_writer_space(&p.w, &to), 8);
		p.ack->consumed += (uint64_t)lies[i];
		assert_int_equal(ring_writer_space(&p.w, &to), -EPROTO);
		p.ack->consumed -= (uint64_t)lies[i];
		assert_int_equal(ring_writer_space(&p.w, &to), 8);
		pair_close(&p);
	}
}

static void test_writer_that_lies(void **state)
{
	static const int64_t lies[] = { -1, -8, 9, 17, 1000, INT64_MAX, INT64_MIN };
	const uint8_t *from;

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
		uint64_t wrote = 0;
		struct ring_tx *tx;
		struct pair p;

		pair_open(&p, 16);
		tx = (struct ring_tx *)p.chan;
		write_some(&p, &wrote, 8);
		assert_int_equal(ring_reader_data(&p.r, &from), 8);
		tx->written += (uint64_t)lies[i];
		assert_int_equal(ring_reader_data(&p.r, &from), -EPROTO);
		tx->written -= (uint64_t)lies[i];
		assert_int_equal(ring_reader_data(&p.r, &from), 8);
		tx->end = 8;				/* one byte fewer than there are */
		assert_int_equal(ring_reader_data(&p.r, &from), -EPROTO);
		tx->end = 10;				/* one more */
		assert_int_equal(ring_reader_data(&p.r, &from), -EPROTO);
		tx->end = 9;
		assert_int_equal(ring_reader_data(&p.r, &from), 8);
		tx->end = 0;				/* no end after all */
		assert_int_equal(ring_reader_data(&p.r, &from), -EPROTO);
		tx->end = 12;				/* a later end, with bytes */
		tx->written = 11;
		assert_int_equal(ring_reader_data(&p.r, &from), -EPROTO);
		pair_close(&p);
	}
}

/* ---- garbage everywhere, at every step ---- */

static uint64_t wild(uint64_t *s, uint64_t near)
{
	switch (rnd(s) % 4) {
	case 0: return rnd(s);
	case 1: return near + rnd(s) % 40 - 20;
	case 2: return near;
	default: return near + rnd(s) % 8;
	}
}

static void test_garbage_at_every_step(void **state)
{
	unsigned int refused = 0, accepted = 0;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		size_t size = rnd(&seed) % 64 + 1;
		struct ring_tx *tx;
		struct pair p;

		pair_open(&p, size);
		tx = (struct ring_tx *)p.chan;
		for (int step = 0; step < 20; step++) {
			const uint8_t *from;
			uint8_t *to;
			long n;

			p.ack->consumed = wild(&seed, p.w.consumed);
			n = ring_writer_space(&p.w, &to);
			assert_true(n == -EPROTO || (n >= 0 && (size_t)n <= size));
			if (n > 0) {
				memset(to, 0xa5, (size_t)n);
				ring_writer_commit(&p.w, rnd(&seed) % ((size_t)n + 1));
			}
			refused += n == -EPROTO;
			accepted += n >= 0;
			tx->written = wild(&seed, p.r.written);
			tx->end = rnd(&seed) % 4 ? 0 : wild(&seed, tx->written + 1);
			n = ring_reader_data(&p.r, &from);
			assert_true(n == -EPROTO || n == RING_END || (n >= 0 && (size_t)n <= size));
			if (n > 0) {
				volatile uint8_t sum = 0;

				for (long i = 0; i < n; i++)
					sum = (uint8_t)(sum + from[i]);
				ring_reader_release(&p.r, rnd(&seed) % ((size_t)n + 1));
			}
			refused += n == -EPROTO;
			accepted += n >= 0;
		}
		pair_close(&p);
	}
	/* The generator is worth nothing if it only ever reaches one side. */
	assert_true(refused > 1000 && accepted > 1000);
}

/* ---- threads ---- */

struct vandal {
	uint64_t *words[3];
	bool stop;
};

static void *vandal_main(void *arg)
{
	struct vandal *v = arg;
	uint64_t s = 1234567;

	while (!__atomic_load_n(&v->stop, __ATOMIC_RELAXED))
		__atomic_store_n(v->words[rnd(&s) % 3], rnd(&s) % 4 ? rnd(&s) % 100 : rnd(&s),
				 __ATOMIC_RELAXED);
	return NULL;
}

/* A few steps of both sides; the counters of a longer run would outgrow what the vandal writes. */
static void look_at(struct pair *p)
{
	for (int i = 0; i < 300; i++) {
		const uint8_t *from;
		uint8_t *to;
		long n = ring_writer_space(&p->w, &to);

		assert_true(n == -EPROTO || (n >= 0 && n <= 61));
		if (n > 0) {
			memset(to, 1, (size_t)n);
			ring_writer_commit(&p->w, (size_t)n);
		}
		n = ring_reader_data(&p->r, &from);
		assert_true(n == -EPROTO || n == RING_END || (n >= 0 && n <= 61));
		if (n > 0) {
			volatile uint8_t sum = from[0] + from[n - 1];

			(void)sum;
			ring_reader_release(&p->r, (size_t)n);
		}
	}
}

static void test_peer_writes_while_we_look(void **state)
{
	(void)state;
	for (int round = 0; round < 500; round++) {
		struct vandal v = { .stop = false };
		pthread_t thread;
		struct pair p;

		pair_open(&p, 61);
		v.words[0] = &p.w.tx->written;
		v.words[1] = &p.w.tx->end;
		v.words[2] = &p.ack->consumed;
		assert_int_equal(pthread_create(&thread, NULL, vandal_main, &v), 0);
		look_at(&p);
		__atomic_store_n(&v.stop, true, __ATOMIC_RELAXED);
		pthread_join(thread, NULL);
		pair_close(&p);
	}
}

#define STRESS_BYTES	3000000

static void *stress_writer(void *arg)
{
	struct pair *p = arg;
	uint64_t at = 0, s = 42;

	while (at < STRESS_BYTES) {
		uint64_t before = at;

		write_some(p, &at, rnd(&s) % 300 % (STRESS_BYTES - at + 1));
		if (at == before)
			sched_yield();
	}
	ring_writer_end(&p->w);
	return NULL;
}

static void test_two_threads(void **state)
{
	uint64_t at = 0, s = 7;
	pthread_t thread;
	struct pair p;
	long n;

	(void)state;
	pair_open(&p, 1021);
	assert_int_equal(pthread_create(&thread, NULL, stress_writer, &p), 0);
	while ((n = read_some(&p, &at, rnd(&s) % 300)) != RING_END) {
		assert_true(n >= 0);
		if (n == 0)
			sched_yield();
	}
	pthread_join(thread, NULL);
	assert_int_equal(at, STRESS_BYTES);
	pair_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes_arrive_in_order),
		cmocka_unit_test(test_full_and_empty),
		cmocka_unit_test(test_end_of_stream),
		cmocka_unit_test(test_announcement),
		cmocka_unit_test(test_reader_that_lies),
		cmocka_unit_test(test_writer_that_lies),
		cmocka_unit_test(test_garbage_at_every_step),
		cmocka_unit_test(test_peer_writes_while_we_look),
		cmocka_unit_test(test_two_threads),
	};

	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
