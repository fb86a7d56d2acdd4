// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/* A one-way channel with its acknowledgement page as a stream of bytes. */
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "guest.h"

#define LOOK_AGAIN	(HZ / 10)	/* rung or not: does the peer live? */
#define LOOK_UNRUNG	(HZ / 100)	/* a channel without signal */

struct mica_stream *mica_stream_new(struct device *dev, const struct mica_dev *data, const struct mica_dev *ack)
{
	bool writes = data->grant.rights == MICA_GRANT_RW;
	const struct mica_grant *own = writes ? &data->grant : &ack->grant, *other = writes ? &ack->grant : &data->grant;
	struct mica_stream *s = devm_kzalloc(dev, sizeof(*s), GFP_KERNEL);

	if (!s)
		return NULL;
	s->page = devm_kzalloc(dev, PAGE_SIZE, GFP_KERNEL);
	if (!s->page)
		return NULL;
	s->data = &data->grant;
	s->ack = &ack->grant;
	s->writes = writes;
	s->bell = own->index;
	s->signal = other->signal;
	s->rings = other->signal != 0;	/* both parts of a channel have `signal`, or none */
	init_waitqueue_head(&s->wait);
	mutex_init(&s->lock);
	spin_lock_init(&s->ring_lock);
	if (writes)
		ring_writer_init(&s->writer, data->mem, data->grant.size, ack->mem);
	else
		ring_reader_init(&s->reader, data->mem, data->grant.size, ack->mem);
	return s;
}

/* Bytes at *p in one piece, 0, RING_END or an error. Under ring_lock. */
static long peek(struct mica_stream *s, u8 **p)
{
	const u8 *q = NULL;
	long n;

	if (s->writes)
		return ring_writer_space(&s->writer, p);
	n = ring_reader_data(&s->reader, &q);
	*p = (u8 *)q;
	return n;
}

bool mica_stream_ready(struct mica_stream *s)
{
	unsigned long flags;
	bool ready;
	u8 *p;

	spin_lock_irqsave(&s->ring_lock, flags);
	ready = s->ended || peek(s, &p) != 0;
	spin_unlock_irqrestore(&s->ring_lock, flags);
	return ready;
}

static int peer_gone(const struct mica_stream *s)
{
	int err = 0;
	unsigned int role = ring_peer(s->writes ? &s->writer.rx->announce : &s->reader.tx->announce, &err);

	return err ? err : mica_peer(role);
}

/* 0: something to do. What a peer left behind counts, so the ring is looked at once more after the peer is found gone. */
static int wait_ready(struct mica_stream *s, bool nonblock)
{
	long look = s->signal ? LOOK_AGAIN : LOOK_UNRUNG;

	while (!mica_stream_ready(s)) {
		long left;
		int err;

		if (nonblock)
			return -EAGAIN;
		left = wait_event_interruptible_timeout(s->wait, mica_stream_ready(s), look);
		if (left < 0)
			return left;
		err = left ? 0 : peer_gone(s);
		if (err && !mica_stream_ready(s))
			return err;
	}
	return 0;
}

/* Up to a page from the ring to s->page: bytes, RING_END or an error. */
static long take(struct mica_stream *s, size_t want)
{
	unsigned long flags;
	long n;
	u8 *p;

	spin_lock_irqsave(&s->ring_lock, flags);
	n = peek(s, &p);
	if (n > 0) {
		n = min3((size_t)n, want, (size_t)PAGE_SIZE);
		memcpy(s->page, p, n);
	}
	spin_unlock_irqrestore(&s->ring_lock, flags);
	return n;
}

static void release(struct mica_stream *s, size_t n)
{
	unsigned long flags;

	spin_lock_irqsave(&s->ring_lock, flags);
	ring_reader_release(&s->reader, n);
	spin_unlock_irqrestore(&s->ring_lock, flags);
	if (s->rings)
		mica_ring_bell(s->bell);
}

ssize_t mica_stream_read(struct mica_stream *s, char __user *to, size_t want, bool nonblock)
{
	long n;

	if (s->writes)
		return -EBADF;
	if (want == 0)
		return 0;
	if (mutex_lock_interruptible(&s->lock))
		return -ERESTARTSYS;
	n = wait_ready(s, nonblock);
	if (n == 0)
		n = take(s, want);
	if (n == RING_END)
		n = 0;
	if (n > 0 && copy_to_user(to, s->page, n))
		n = -EFAULT;
	if (n > 0)
		release(s, n);
	mutex_unlock(&s->lock);
	return n;
}

long mica_stream_put(struct mica_stream *s, const u8 *from, size_t n)
{
	unsigned long flags;
	size_t done = 0;
	long room = 0;

	spin_lock_irqsave(&s->ring_lock, flags);
	while (done < n) {
		u8 *p;

		room = s->ended ? -ESHUTDOWN : peek(s, &p);
		if (room <= 0)
			break;
		room = min((size_t)room, n - done);
		memcpy(p, from + done, room);
		ring_writer_commit(&s->writer, room);
		done += room;
	}
	spin_unlock_irqrestore(&s->ring_lock, flags);
	if (done && s->rings)
		mica_ring_bell(s->bell);
	return done ? done : room;
}

/* Some of it is written: more than nothing, unless there is an error. */
static ssize_t write_some(struct mica_stream *s, const char __user *from, size_t n, bool nonblock)
{
	size_t piece = min(n, (size_t)PAGE_SIZE);
	long done;

	do {
		int ret = wait_ready(s, nonblock);

		if (ret)
			return ret;
		if (copy_from_user(s->page, from, piece))
			return -EFAULT;
		done = mica_stream_put(s, s->page, piece);
	} while (done == 0);		/* a console took the room */
	return done;
}

ssize_t mica_stream_write(struct mica_stream *s, const char __user *from, size_t n, bool nonblock)
{
	ssize_t done = 0, ret = 0;

	if (!s->writes)
		return -EBADF;
	if (mutex_lock_interruptible(&s->lock))
		return -ERESTARTSYS;
	while ((size_t)done < n) {
		ret = write_some(s, from + done, n - done, nonblock);
		if (ret <= 0)
			break;
		done += ret;
	}
	mutex_unlock(&s->lock);
	return done ? done : ret;
}

/* Never by closing a file: a program that was killed has closed its files, too, and is not complete. */
int mica_stream_end(struct mica_stream *s)
{
	unsigned long flags;

	if (!s->writes)
		return -EBADF;
	spin_lock_irqsave(&s->ring_lock, flags);
	if (!s->ended)
		ring_writer_end(&s->writer);
	s->ended = true;
	spin_unlock_irqrestore(&s->ring_lock, flags);
	if (s->rings)
		mica_ring_bell(s->bell);
	wake_up_interruptible(&s->wait);
	return 0;
}
