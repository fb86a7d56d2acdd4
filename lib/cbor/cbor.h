/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deterministic CBOR writer (RFC 8949 4.2.1): shortest heads, definite lengths, bounded buffer.
 * On overflow the writer remembers it and writes nothing more; check once at the end.
 */
#ifndef MICA_LIB_CBOR_H
#define MICA_LIB_CBOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cbor {
	uint8_t *buf;
	size_t size, len;
	bool overflow;
};

void cbor_begin(struct cbor *c, void *buf, size_t size);
void cbor_int(struct cbor *c, int64_t v);
void cbor_uint(struct cbor *c, uint64_t v);
void cbor_bytes(struct cbor *c, const void *data, size_t size);
void cbor_bytes_head(struct cbor *c, size_t size);	/* the caller appends size bytes by cbor_raw */
void cbor_text(struct cbor *c, const char *text);
void cbor_array(struct cbor *c, size_t items);
void cbor_map(struct cbor *c, size_t pairs);
void cbor_tag(struct cbor *c, uint64_t tag);
void cbor_raw(struct cbor *c, const void *data, size_t size);

#endif
