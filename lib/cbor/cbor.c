/* SPDX-License-Identifier: Apache-2.0 */
/* Deterministic CBOR writer. */
#include "cbor.h"

enum { MAJOR_UINT = 0, MAJOR_NINT = 1, MAJOR_BYTES = 2, MAJOR_TEXT = 3, MAJOR_ARRAY = 4,
       MAJOR_MAP = 5, MAJOR_TAG = 6 };

void cbor_begin(struct cbor *c, void *buf, size_t size)
{
	*c = (struct cbor){ .buf = buf, .size = size };
}

void cbor_raw(struct cbor *c, const void *data, size_t size)
{
	const uint8_t *p = data;

	if (c->overflow || size > c->size - c->len) {
		c->overflow = true;
		return;
	}
	for (size_t i = 0; i < size; i++)
		c->buf[c->len + i] = p[i];
	c->len += size;
}

/* The shortest head: value in the initial byte, or in 1, 2, 4 or 8 bytes, big-endian. */
static void head(struct cbor *c, unsigned int major, uint64_t v)
{
	uint8_t h[9];
	unsigned int bytes = v < 24 ? 0 : v <= 0xff ? 1 : v <= 0xffff ? 2 : v <= 0xffffffff ? 4 : 8;
	unsigned int info = bytes == 0 ? (unsigned int)v : bytes == 1 ? 24 : bytes == 2 ? 25 :
			    bytes == 4 ? 26 : 27;

	h[0] = (uint8_t)(major << 5 | info);
	for (unsigned int i = 0; i < bytes; i++)
		h[1 + i] = (uint8_t)(v >> (8 * (bytes - 1 - i)));
	cbor_raw(c, h, 1 + bytes);
}

void cbor_uint(struct cbor *c, uint64_t v)
{
	head(c, MAJOR_UINT, v);
}

void cbor_int(struct cbor *c, int64_t v)
{
	if (v < 0)
		head(c, MAJOR_NINT, ~(uint64_t)v);	/* -1 - v */
	else
		head(c, MAJOR_UINT, (uint64_t)v);
}

void cbor_bytes_head(struct cbor *c, size_t size)
{
	head(c, MAJOR_BYTES, size);
}

void cbor_bytes(struct cbor *c, const void *data, size_t size)
{
	head(c, MAJOR_BYTES, size);
	cbor_raw(c, data, size);
}

void cbor_text(struct cbor *c, const char *text)
{
	size_t n = 0;

	while (text[n])
		n++;
	head(c, MAJOR_TEXT, n);
	cbor_raw(c, text, n);
}

void cbor_array(struct cbor *c, size_t items)
{
	head(c, MAJOR_ARRAY, items);
}

void cbor_map(struct cbor *c, size_t pairs)
{
	head(c, MAJOR_MAP, pairs);
}

void cbor_tag(struct cbor *c, uint64_t tag)
{
	head(c, MAJOR_TAG, tag);
}
