/* SPDX-License-Identifier: Apache-2.0 */
/*
 * examples/redact by other ways than channels: what the bare-metal host (main.c) and the components over host memory
 * (hostmem.c) agree on.
 */
#ifndef BENCH_PIPE_H
#define BENCH_PIPE_H

#include <stdint.h>

enum pipe_way {
	PIPE_CHANNEL,		/* channels: realm/channel.c and the policy of examples/redact, as they are */
	PIPE_PLAIN,		/* the same ring in host memory: no protection */
	PIPE_AES,		/* ... with AES-256-GCM by Mbed TLS */
	PIPE_AES8,		/* ... eight blocks at a time: comm/gcm8.h */
	PIPE_WAYS,
};

/* Immediates of host calls, beside those of abi/host_call.h. */
#define PIPE_DOORBELL	0x20		/* gprs[0] = 1: the next component sleeps and has something to look at; 0: the one before */
#define PIPE_SLEEP	0x21		/* nothing to do before a doorbell */

/* What a channel is in host memory: two views of these pages, one for each side. */
struct pipe_link {
	uint64_t way;			/* host to both, before they run */
	uint8_t z0[56];
	uint64_t reader_sleeps;		/* ring the bell: only then */
	uint8_t z1[56];
	uint64_t writer_sleeps;
	uint8_t z2[4096 - 136];
	uint8_t ack[4096];		/* as a channel's acknowledgement page */
	uint8_t data[64 << 10];		/* as the channel of examples/redact */
};

/* A mark for tools/icount: executes as a NOP. */
static inline void pipe_mark(void)
{
	__asm__ volatile("hint #0x7f" : : : "memory");
}

#endif
