/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libmica's channels over a monitor that is two signal bits: when a side rings. The last test runs both sides as threads that
 * sleep until they are rung, however long that takes: a wake-up that is lost is a test that does not end.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../realm/libmica.h"

enum { DATA, ACK };			/* grants; a side's signal bit has the number of what it reads */

static uint64_t data[512], ack[512];
static unsigned int rung[2];		/* through the grant */
static uint64_t pending;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static void (*instead_of_sleep)(void);

void mica_smc(uint64_t x[11])
{
	assert_int_equal(x[0], SMC_RSI_MICA_SIGNAL);
	pthread_mutex_lock(&lock);
	rung[x[1]]++;
	pending |= 1UL << x[1];
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	x[0] = RSI_SUCCESS;
}

uint64_t mica_wait(uint64_t mask, uint64_t ticks)
{
	uint64_t bits;

	(void)ticks;
	if (instead_of_sleep) {
		instead_of_sleep();
		return 0;
	}
	pthread_mutex_lock(&lock);
	while ((pending & mask) == 0)
		pthread_cond_wait(&changed, &lock);
	bits = pending & mask;
	pending &= ~mask;
	pthread_mutex_unlock(&lock);
	return bits;
}

static unsigned int rights_of_data;	/* who asks */

int mica_grant(unsigned int i, struct mica_grant *g)
{
	const unsigned int other = MICA_GRANT_RW ^ MICA_GRANT_R ^ rights_of_data;

	if (i > ACK)
		return -ENOENT;
	*g = (struct mica_grant){ .base = i == DATA ? (uint8_t *)data : (uint8_t *)ack, .size = sizeof(data), .index = i,
				  .rights = i == DATA ? rights_of_data : other, .signal = i };
	memcpy(g->name, i == DATA ? "s" : "s-ack", i == DATA ? 2 : 6);
	return 0;
}

const struct mica_self *mica_self(void)
{
	static const struct mica_self self;

	return &self;
}

int mica_peer_live(unsigned int role)
{
	(void)role;
	return 1;
}

uint64_t mica_ticks_per_second(void)
{
	return 1000;
}

static void open_end(struct mica_channel *c, enum mica_direction direction)
{
	rights_of_data = direction == MICA_WRITE ? MICA_GRANT_RW : MICA_GRANT_R;
	assert_int_equal(mica_channel_open(c, "s", direction), 0);
}

static struct mica_channel w, r;

static int fresh(void **state)
{
	(void)state;
	memset(data, 0, sizeof(data));
	memset(ack, 0, sizeof(ack));
	rung[DATA] = rung[ACK] = 0;
	pending = 0;
	instead_of_sleep = NULL;
	memset(&w, 0xff, sizeof(w));		/* opening sets all that is looked at */
	memset(&r, 0xff, sizeof(r));
	open_end(&w, MICA_WRITE);
	open_end(&r, MICA_READ);
	return 0;
}

static void every_commit_and_release_rings(void **state)
{
	uint8_t buf[8] = { 0 };

	(void)state;
	for (unsigned int i = 1; i <= 3; i++) {
		assert_int_equal(mica_channel_write(&w, buf, 8), 0);
		assert_int_equal(rung[DATA], i);
		assert_int_equal(mica_channel_read(&r, buf, 8), 8);
		assert_int_equal(rung[ACK], i);
	}
	mica_channel_cork(&w, false);		/* nothing is owed */
	assert_int_equal(rung[DATA], 3);
}

static void corked_it_is_there_but_does_not_ring(void **state)
{
	uint8_t buf[24] = { 0 };

	(void)state;
	mica_channel_cork(&w, true);
	mica_channel_cork(&r, true);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(mica_channel_write(&w, buf, 8), 0);
	assert_int_equal(mica_channel_read(&r, buf, 24), 24);
	assert_int_equal(rung[DATA] + rung[ACK], 0);
	mica_channel_cork(&w, true);		/* still */
	assert_int_equal(rung[DATA], 0);
	for (unsigned int i = 0; i < 2; i++) {	/* one for all, and once */
		mica_channel_cork(&w, false);
		mica_channel_cork(&r, false);
		assert_int_equal(rung[DATA], 1);
		assert_int_equal(rung[ACK], 1);
	}
	assert_int_equal(mica_channel_write(&w, buf, 8), 0);
	assert_int_equal(rung[DATA], 2);
}

static void close_rings_though_corked(void **state)
{
	uint8_t buf[8] = { 0 };

	(void)state;
	mica_channel_cork(&w, true);
	assert_int_equal(mica_channel_write(&w, buf, 8), 0);
	mica_channel_close(&w);
	assert_int_equal(rung[DATA], 1);
	mica_channel_cork(&w, false);		/* that one was for all */
	assert_int_equal(rung[DATA], 1);
	assert_int_equal(mica_channel_read(&r, buf, 8), 8);
	assert_int_equal(mica_channel_read(&r, buf, 8), 0);
}

static void the_reader_takes_all(void)
{
	const uint8_t *p;

	assert_int_equal(rung[DATA], 1);	/* before the writer sleeps */
	mica_channel_release(&r, (size_t)mica_channel_acquire(&r, &p));
}

static void a_writer_rings_before_it_waits(void **state)
{
	uint8_t *p;

	(void)state;
	mica_channel_cork(&w, true);
	mica_channel_commit(&w, (size_t)mica_channel_reserve(&w, &p));	/* full */
	assert_int_equal(rung[DATA], 0);
	instead_of_sleep = the_reader_takes_all;
	assert_true(mica_channel_reserve(&w, &p) > 0);
	assert_int_equal(rung[DATA], 1);
}

static void the_writer_writes(void)
{
	uint8_t buf[8] = { 0 };

	assert_int_equal(rung[ACK], 1);
	assert_int_equal(mica_channel_write(&w, buf, 8), 0);
}

static void a_reader_rings_before_it_waits(void **state)
{
	uint8_t buf[8] = { 0 };

	(void)state;
	mica_channel_cork(&r, true);
	assert_int_equal(mica_channel_write(&w, buf, 8), 0);
	assert_int_equal(mica_channel_read(&r, buf, 8), 8);
	assert_int_equal(rung[ACK], 0);
	instead_of_sleep = the_writer_writes;
	assert_int_equal(mica_channel_read(&r, buf, 8), 8);
	assert_int_equal(rung[ACK], 1);
}

#define BYTES	(1U << 20)

static void now_and_then(struct mica_channel *c, unsigned int *seed)
{
	if (rand_r(seed) % 8 == 0)
		mica_channel_cork(c, rand_r(seed) % 4 != 0);
}

static void *write_all(void *arg)
{
	unsigned int seed = 1;

	(void)arg;
	for (unsigned int at = 0; at < BYTES; ) {
		unsigned int n = 1 + (unsigned int)rand_r(&seed) % 300;
		uint8_t buf[300];

		n = n < BYTES - at ? n : BYTES - at;
		for (unsigned int i = 0; i < n; i++)
			buf[i] = (uint8_t)((at + i) * 7);
		assert_int_equal(mica_channel_write(&w, buf, n), 0);
		at += n;
		now_and_then(&w, &seed);
	}
	mica_channel_close(&w);
	return NULL;
}

static void no_wake_up_is_lost(void **state)
{
	unsigned int seed = 2, at = 0, wrong = 0;
	pthread_t writer;

	(void)state;
	alarm(60);
	assert_int_equal(pthread_create(&writer, NULL, write_all, NULL), 0);
	for (;;) {
		uint8_t buf[300];
		long n = mica_channel_read(&r, buf, 1 + (size_t)rand_r(&seed) % sizeof(buf));

		if (n <= 0) {
			assert_int_equal(n, 0);
			break;
		}
		for (long i = 0; i < n; i++)
			wrong += buf[i] != (uint8_t)(at++ * 7);
		now_and_then(&r, &seed);
	}
	pthread_join(writer, NULL);
	alarm(0);
	assert_int_equal(at, BYTES);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(every_commit_and_release_rings, fresh),
		cmocka_unit_test_setup(corked_it_is_there_but_does_not_ring, fresh),
		cmocka_unit_test_setup(close_rings_though_corked, fresh),
		cmocka_unit_test_setup(a_writer_rings_before_it_waits, fresh),
		cmocka_unit_test_setup(a_reader_rings_before_it_waits, fresh),
		cmocka_unit_test_setup(no_wake_up_is_lost, fresh),
	};

	return cmocka_run_group_tests_name("libmica_channel", tests, NULL, NULL);
}
