/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * The guest driver: what the policy grants this Realm, as files. /dev/mica/NAME for each channel that a role can see; a one-way
 * channel with `ack` is a stream of bytes (read, write, poll) by the protocol of docs/spec/channels.md, any can be mapped.
 *
 * Peers are not trusted: all that comes from them goes through realm/ring.c, and is copied before anybody looks at it.
 */
#ifndef MICA_REALM_GUEST_H
#define MICA_REALM_GUEST_H

#include <linux/device.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "../../abi/mica.h"
#include "../../abi/mica_blob.h"
#include "../ring.h"

struct mica_grant {			/* as the monitor tells it */
	unsigned int index;
	u64 ipa, size;
	unsigned int channel, rights;
	u64 signal;			/* our bit of the pending word, or 0 */
	char name[MICA_NAME_SIZE];
};

struct mica_stream {
	const struct mica_grant *data, *ack;
	bool writes, ended;
	unsigned int bell;		/* grant to ring through */
	u64 signal;			/* bit that the peer rings, or 0: look from time to time */
	bool rings;
	wait_queue_head_t wait;
	struct mutex lock;		/* one reader or writer at a time */
	spinlock_t ring_lock;		/* around the ring itself: a console writes from anywhere */
	union {
		struct ring_reader reader;
		struct ring_writer writer;
	};
	u8 *page;			/* a page on its way between user and ring; under lock */
};

struct mica_dev {			/* one a grant */
	struct miscdevice misc;
	struct mica_grant grant;
	void *mem;
	struct mica_stream *stream;	/* or NULL */
	char nodename[MICA_NAME_SIZE + 8], devname[MICA_NAME_SIZE + 8];
};

/* rsi.c: results X1.. ; 0 or the status that the monitor gave. */
unsigned long mica_rsi(unsigned long fid, const u64 *in, unsigned int n, u64 *out, unsigned int m);
bool mica_there(void);
int mica_grant_info(unsigned int i, struct mica_grant *g);
int mica_own_role(void);
void mica_ring_bell(unsigned int grant);
/* Signals that came, taken. */
u64 mica_take_signals(void);
/* 0: a role that can reach us and calls itself that lives, -EPIPE, or -EPROTO: there is none of that number. */
int mica_peer(unsigned int role);

/* stream.c */
struct mica_stream *mica_stream_new(struct device *dev, const struct mica_dev *data, const struct mica_dev *ack);
ssize_t mica_stream_read(struct mica_stream *s, char __user *to, size_t n, bool nonblock);
ssize_t mica_stream_write(struct mica_stream *s, const char __user *from, size_t n, bool nonblock);
/* Bytes that the ring takes now, or why it takes none for ever; from any context. */
long mica_stream_put(struct mica_stream *s, const u8 *from, size_t n);
/* Bytes, or room, or the end, or an error: nothing to wait for. */
bool mica_stream_ready(struct mica_stream *s);
int mica_stream_end(struct mica_stream *s);

/* dev.c */
int mica_dev_add(struct device *parent, struct mica_dev *d);
void mica_dev_remove(struct mica_dev *d);

/* console.c: the kernel's messages go there, too. */
void mica_console_add(struct mica_stream *s);

#endif
