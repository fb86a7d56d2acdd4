/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The byte stream to the VMM: messages of abi/run_proto.h in and out of a non-blocking socket.
 * The VMM is untrusted: a header that breaks the protocol is an error, never an allocation.
 */
#ifndef MICA_RUN_WIRE_H
#define MICA_RUN_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "../../abi/run_proto.h"

struct wire {
	int fd;				/* non-blocking stream socket; owned */
	uint8_t *in;			/* RUN_MSG_MAX + header */
	size_t in_len;
	uint8_t *out;			/* queued bytes [out_pos, out_len) */
	size_t out_pos, out_len, out_cap;
	bool eof;			/* the other side closed */
};

/* 0 or -ENOMEM. The wire owns fd from here on. */
int wire_open(struct wire *w, int fd);
void wire_close(struct wire *w);

/* Queue a message; -ENOMEM or -EMSGSIZE. */
int wire_send(struct wire *w, enum run_msg_type type, uint32_t arg, const void *data, size_t len);
size_t wire_queued(const struct wire *w);

/* Write what the socket takes; read what it has. Negative errno on a broken socket. */
int wire_flush(struct wire *w);
int wire_fill(struct wire *w);

/*
 * The next whole message: 1 and *m, *payload (valid until the next wire call), 0 if there is none
 * yet, -EPROTO if the header is not one the VMM may send.
 */
int wire_next(struct wire *w, struct run_msg *m, const uint8_t **payload);
/* Done with the message wire_next() returned. */
void wire_consume(struct wire *w, const struct run_msg *m);

#endif
