/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files of the two components. */
#ifndef BENCH_REALM_H
#define BENCH_REALM_H

#include "../../../realm/libmica.h"
#include "comm.h"

/* ---- link.c: a stream of bytes, in a channel or in host memory; same ring, same number of doorbells ---- */
struct link {
	bool in_channel;
	bool stream;		/* doorbells only before this side waits */
	struct mica_channel c;		/* its reader or writer serves the ring in host memory, too */
};
struct comm_shared *link_open(struct link *l, enum mica_direction direction);
/* Contiguous bytes to write or to read at *p, > 0. */
size_t link_get(struct link *l, uint8_t **p);
void link_put(struct link *l, size_t n);
/* Writer: until the reader has taken everything. */
void link_drain(struct link *l);
void bell(unsigned int imm, uint64_t arg);

/* ---- payload.c: the same for every way ---- */
/* Writes n bytes, n a multiple of 64: words that count up from x. */
void payload_fill(void *to, size_t n, uint64_t x);
/* Reads n bytes; the sum of their words. */
uint64_t payload_sum(const void *from, size_t n);
/* What that sum is if the words count up from x. */
uint64_t payload_expected(size_t n, uint64_t x);

/* ---- seal.c: records of ciphertext and tag; nonce and associated data from the sequence number ---- */
#define SEAL_TAG	16
void seal_init(enum comm_way cipher);
/* buf (size bytes, private) to the peer. */
void seal_send(struct link *l, uint64_t sequence, const uint8_t *buf, size_t size);
/*
 * The next record into buf, decrypted there. Bytes of the ring that are still to be put back; 0: forged, and buf is worthless.
 */
size_t seal_receive(struct link *l, uint64_t sequence, uint8_t *buf, size_t size);
/* Of what the two are made: one record at a time, in pieces of which all but the last are whole blocks. */
void seal_start(bool encrypt, uint64_t sequence, size_t size);
void seal_update(const uint8_t *from, uint8_t *to, size_t n);
void seal_finish(uint8_t tag[SEAL_TAG]);

extern uint8_t message[COMM_MAX + SEAL_TAG];	/* private memory */

#endif
