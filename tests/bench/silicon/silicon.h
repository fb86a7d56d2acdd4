/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files of the native benchmark: the bytes' way through a ring, and what may be done to them on it. */
#ifndef BENCH_SILICON_H
#define BENCH_SILICON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../../realm/ring.h"

enum way { IN_PLACE, COPY, MBEDTLS, OPENSSL, WAYS };

#define MESSAGE_MAX	(1UL << 20)
#define TAG		16

/* A library's AES-256-GCM; what encrypts and what decrypts have a context each, as two Realms would. */
struct cipher {
	void (*init)(const uint8_t key[32]);
	void (*end)(void);
	void (*start)(bool encrypt, const uint8_t nonce[12], const uint8_t *aad, size_t size);
	void (*update)(bool encrypt, const uint8_t *from, uint8_t *to, size_t n);
	void (*tag)(uint8_t tag[TAG]);			/* of what was encrypted */
	bool (*right)(const uint8_t tag[TAG]);		/* of what was decrypted */
};
extern const struct cipher cipher_mbedtls, cipher_openssl;
const char *openssl_version(void);	/* of the library that is loaded */

/* A channel of one way, with the private memory of both its ends. */
struct stream {
	enum way way;
	const struct cipher *cipher;		/* NULL: none */
	struct ring_writer w;
	struct ring_reader r;
	size_t channel;				/* bytes */
	uint64_t sent, received;		/* messages: sequence numbers */
	void *chan, *ack;
	uint8_t *out, *in;
};

void stream_open(struct stream *s, enum way way, size_t channel);
void stream_close(struct stream *s);
/* A message of size bytes, a multiple of 64, written word by word; and read word by word. */
void stream_send(struct stream *s, size_t size);
/* false: it is not what was sent. */
bool stream_receive(struct stream *s, size_t size);
/* One bit of what was sent and not yet received. */
void stream_flip(struct stream *s, size_t at);

void die(const char *what) __attribute__((noreturn));

/* tests/bench/comm/payload.c */
void payload_fill(void *to, size_t n, uint64_t x);
uint64_t payload_sum(const void *from, size_t n);
uint64_t payload_expected(size_t n, uint64_t x);

#endif
