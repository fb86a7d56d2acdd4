/* SPDX-License-Identifier: Apache-2.0 */
/* What the host of `make bench` and the two components agree on: how a message goes, and the layout of the pages they share. */
#ifndef BENCH_COMM_H
#define BENCH_COMM_H

#include <stdint.h>

enum comm_way {
	COMM_PLAIN,		/* in place, in host memory: no protection */
	COMM_AES,		/* AES-256-GCM in host memory */
	COMM_CHACHA,		/* ChaCha20-Poly1305 in host memory */
	COMM_COPY,		/* a channel, through a buffer on each side */
	COMM_IN_PLACE,		/* a channel, in place */
	COMM_GATE,		/* eight words in registers */
	COMM_AES8,		/* as COMM_AES, eight blocks at a time: gcm8.h */
	COMM_WAYS,
};

static inline int comm_sealed(enum comm_way way)
{
	return way == COMM_AES || way == COMM_CHACHA || way == COMM_AES8;
}

#define COMM_MIN	64UL
#define COMM_MAX	(1UL << 20)
#define COMM_WARM_UP	8		/* messages before the first mark; one more follows the last */
#define COMM_SAMPLES	2048		/* of latency: one at a time */

/* Immediates of host calls. */
#define COMM_DOORBELL	0x10		/* the peer has something to look at */
#define COMM_MARK	0x11		/* producer: counting begins or ends here */
#define COMM_DONE	0x12		/* gprs[0] = messages that were wrong */

/* The shared host memory, from the start of both windows. */
struct comm_shared {
	uint64_t way, size, count, stream;	/* host to both; stream: 1, or 0 for one message at a time */
	uint8_t z0[4096 - 32];
	uint8_t ack[4096];		/* as a channel's acknowledgement page */
	uint64_t sent[COMM_SAMPLES];	/* producer: counter before the first byte was written */
	uint64_t taken[COMM_SAMPLES];	/* consumer: counter after the last byte was read */
	uint8_t z1[0x20000 - 0x2000 - 16 * COMM_SAMPLES];
	uint8_t data[4UL << 20];	/* as a channel of that size */
};

#endif
