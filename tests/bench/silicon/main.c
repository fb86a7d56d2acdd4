/* SPDX-License-Identifier: Apache-2.0 */
/*
 * silicon [PAIRS]: what the ways of tests/bench/comm take on this machine, natively, the channel in place being 1. Lines
 * "silicon WAY CHANNEL SIZE MEDIAN P10 P90 PAIRS" (pairs.h). In place against in place is the control: what is not 1 there is noise.
 *
 * One thread writes a message and then reads it. Every message's sum is compared, and before anything is measured bits are
 * flipped in each way and have to be found. "library VERSION" is OpenSSL's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../pairs.h"
#include "silicon.h"

static const char *const names[WAYS] = { "in-place", "copy", "mbedtls", "openssl" };
/* one that the first caches hold, as examples/redact has it; and that of tests/bench/comm */
static const size_t channels[] = { 64UL << 10, 4UL << 20 };
static struct stream streams[WAYS];

void die(const char *what)
{
	fprintf(stderr, "silicon: %s\n", what);
	exit(1);
}

/* ---- what has to be right before it is worth a measurement ---- */

static void check_ways(void)
{
	const size_t size = 1024;

	for (enum way w = IN_PLACE; w < WAYS; w++) {
		struct stream *s = &streams[w];

		stream_send(s, size);
		if (!stream_receive(s, size))
			die("a message does not arrive");
		for (size_t at = 0; at < size; at += 96) {
			stream_send(s, size);
			stream_flip(s, at);
			if (stream_receive(s, size))
				die("a flipped bit is not found");
			s->received = s->sent;
		}
		stream_send(s, size);
		if (!stream_receive(s, size))
			die("a message does not arrive after a forged one");
	}
	/* a bit of the tag, and what two libraries say of the same */
	for (enum way w = MBEDTLS; w < WAYS; w++) {
		struct stream *s = &streams[w];

		stream_send(s, size);
		stream_flip(s, size + TAG - 1);
		if (stream_receive(s, size))
			die("a flipped bit of the tag is not found");
		s->received = s->sent;
		stream_send(s, size);
	}
	if (memcmp(streams[MBEDTLS].r.data + streams[MBEDTLS].r.at, streams[OPENSSL].r.data + streams[OPENSSL].r.at, size + TAG) != 0)
		die("the libraries differ");
	for (enum way w = MBEDTLS; w < WAYS; w++)
		if (!stream_receive(&streams[w], size))
			die("a message does not arrive");
}

/* ---- measure ---- */

struct messages { struct stream *s; size_t size; };

static void run(void *thing, unsigned int count)
{
	const struct messages *m = thing;

	while (count-- > 0) {
		stream_send(m->s, m->size);
		if (!stream_receive(m->s, m->size))
			die("a message is not what was sent");
	}
}

static void measure(enum way way, size_t size, unsigned int pairs)
{
	struct messages unit = { &streams[IN_PLACE], size }, other = { &streams[way], size };
	struct pairs_ratio r = pairs_measure(run, way == IN_PLACE ? &unit : &other, &unit, pairs);

	printf("silicon %s %zu %zu %.3f %.3f %.3f %u\n", names[way], streams[way].channel, size, r.median, r.p10, r.p90, pairs);
	fflush(stdout);
}

static void all(size_t channel, unsigned int pairs)
{
	for (enum way w = IN_PLACE; w < WAYS; w++)
		stream_open(&streams[w], w, channel);
	check_ways();
	for (size_t size = 64; size <= MESSAGE_MAX && size * 4 <= channel; size *= 4)
		for (enum way w = IN_PLACE; w < WAYS; w++)
			measure(w, size, pairs);
	for (enum way w = IN_PLACE; w < WAYS; w++)
		stream_close(&streams[w]);
}

int main(int argc, char **argv)
{
	unsigned int pairs = argc > 1 ? (unsigned int)atoi(argv[1]) : 201;

	if (pairs < 1 || pairs > PAIRS_MAX)
		die("usage: silicon [PAIRS]");
	if (!__builtin_cpu_supports("aes") || !__builtin_cpu_supports("pclmul"))
		die("this CPU has no AES instructions: nothing to compare");
	printf("library %s\n", openssl_version());
	for (unsigned int i = 0; i < sizeof(channels) / sizeof(*channels); i++)
		all(channels[i], pairs);
	return 0;
}
