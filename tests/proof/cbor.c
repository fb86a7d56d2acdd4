/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The token's writer never leaves its buffer, whatever is written; heads are the shortest; overflow is remembered.
 * Options: --unwind 75
 */
#include "../../lib/cbor/cbor.c"
#include "proof.h"

#define BUF	64

static uint8_t buf[BUF + 1];

/* A writer somewhere in a buffer of any size up to BUF. */
static struct cbor any_writer(void)
{
	struct cbor c = { .buf = buf, .size = any_u32(), .len = any_u32(), .overflow = any_bool() };

	ASSUME(c.size <= BUF && c.len <= c.size);
	return c;
}

static void bytes_stay_inside(void)
{
	static uint8_t data[BUF + 8];
	struct cbor c = any_writer(), old = c;
	size_t size = any_u64();
	unsigned int k = any_u32();
	uint8_t guard;

	ASSUME(k < sizeof(buf) && (k < c.len || k >= c.size));
	guard = buf[k];
	__CPROVER_havoc_object(data);
	ASSUME(size <= sizeof(data) || size > c.size);	/* what is longer than the buffer is not read at all */
	cbor_raw(&c, data, size);
	assert(buf[k] == guard && c.len <= c.size);
	assert(c.overflow == (old.overflow || size > old.size - old.len));
	assert(c.len == (c.overflow ? old.len : old.len + size));
	COVER(!c.overflow && size == BUF);
	COVER(c.overflow && !old.overflow && size > 1UL << 40);
}

/* RFC 8949, 4.2.1 */
static void heads_are_shortest(void)
{
	struct cbor c = any_writer();
	uint64_t v = any_u64(), back = 0;
	size_t from = c.len, n;

	ASSUME(!c.overflow && c.size - c.len >= 9);
	cbor_tag(&c, v);
	n = c.len - from;
	assert(!c.overflow && n == (v < 24 ? 1U : v < 256 ? 2U : v < 65536 ? 3U : v < 1UL << 32 ? 5U : 9U));
	assert(buf[from] >> 5 == 6);
	for (size_t i = 1; i < 9; i++)
		if (i < n)
			back = back << 8 | buf[from + i];
	assert(n == 1 ? (buf[from] & 31) == v : back == v);
	COVER(n == 9 && v == ~0UL);
	COVER(n == 1);
}

static void negative_numbers(void)
{
	struct cbor c = any_writer();
	int64_t v = (int64_t)any_u64();
	size_t from = c.len;

	ASSUME(!c.overflow && c.size - c.len >= 9 && v >= -24 && v < 24);
	cbor_int(&c, v);
	assert(c.len == from + 1 && buf[from] == (v < 0 ? 0x20 | (uint8_t)(-1 - v) : (uint8_t)v));
	COVER(v == -1);
}

void proof(void)
{
	bytes_stay_inside();
	heads_are_shortest();
	negative_numbers();
}
