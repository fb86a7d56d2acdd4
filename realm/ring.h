/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stream of bytes over shared memory between one writer and one reader that do not trust
 * each other. The writer owns the data channel, the reader owns one page of "acknowledgement"
 * memory; neither can write what the other owns. Layout and rules: docs/spec/channels.md.
 *
 * Nothing read from the other side is used before it was fetched once and checked; a peer that
 * breaks the rules is reported as -EPROTO and never makes us touch memory outside the ring.
 * Non-blocking and free of any environment, so the same file is tested on the build machine.
 */
#ifndef MICA_RING_H
#define MICA_RING_H

#include <stddef.h>
#include <stdint.h>

#define RING_MAGIC	0x474E4952U	/* "RING" */
#define RING_HEADER	64		/* bytes before the data */
#define RING_ROLE_NONE	(~0U)		/* peer has not announced itself */

/* At the start of the data channel: written by the writer. */
struct ring_tx {
	uint64_t announce;		/* RING_MAGIC << 32 | role + 1; 0 = not yet */
	uint64_t written;		/* bytes ever written */
	uint64_t end;			/* 0, or 1 + length of the whole stream: no byte follows */
	uint8_t zero[RING_HEADER - 24];
};

/* At the start of the acknowledgement page: written by the reader. */
struct ring_rx {
	uint64_t announce;
	uint64_t consumed;		/* bytes ever taken */
};

struct ring_writer {
	struct ring_tx *tx;
	const struct ring_rx *rx;
	uint8_t *data;
	size_t size;			/* bytes of data space */
	size_t at;			/* next byte to write, < size */
	uint64_t written;		/* private truth; what stands in tx is for the peer */
	uint64_t consumed;		/* last accepted value of the peer */
};

struct ring_reader {
	const struct ring_tx *tx;
	struct ring_rx *rx;
	const uint8_t *data;
	size_t size;
	size_t at;
	uint64_t consumed;
	uint64_t written;		/* last accepted value of the peer */
	uint64_t end;			/* accepted end mark, 0 if none yet */
};

/*
 * Both sides compute the size of the ring from what the monitor says about the channel, never
 * from the peer. chan_size > RING_HEADER. The peer may already be at work on its own side.
 */
void ring_writer_init(struct ring_writer *w, void *chan, size_t chan_size, const void *ack);
void ring_reader_init(struct ring_reader *r, const void *chan, size_t chan_size, void *ack);

/* Tell the peer which role we are, so that it can ask the monitor whether we live. */
void ring_announce(uint64_t *announce, unsigned int role);
/* The role a peer claims to be, RING_ROLE_NONE, or -EPROTO through *err (0 otherwise). */
unsigned int ring_peer(const uint64_t *announce, int *err);

/* Contiguous bytes that may be written at *p: 0 if the ring is full, or -EPROTO. */
long ring_writer_space(struct ring_writer *w, uint8_t **p);
/* n bytes at that place, n <= the space reported, become visible to the peer. */
void ring_writer_commit(struct ring_writer *w, size_t n);
/* No byte follows. */
void ring_writer_end(struct ring_writer *w);

/* ring_reader_data() when the stream is complete and everything was taken. */
#define RING_END	(-1000)
/* Contiguous bytes to read at *p: 0 if there are none now, RING_END, or -EPROTO. */
long ring_reader_data(struct ring_reader *r, const uint8_t **p);
/* n of them are taken: the peer may overwrite them. */
void ring_reader_release(struct ring_reader *r, size_t n);

#endif
