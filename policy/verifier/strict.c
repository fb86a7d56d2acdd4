/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strict CBOR: libcbor builds the tree, but it accepts more than a token may contain - long
 * heads, indefinite lengths, trailing bytes. Its streaming decoder is run over the bytes first
 * with callbacks that refuse those, bound depth and sizes, and check that heads are shortest.
 */
#include <stdlib.h>
#include <string.h>

#include "cose.h"

#define DEPTH_MAX	8

struct scan {
	uint64_t left[DEPTH_MAX];	/* items still to come at each level */
	unsigned int depth;
	bool bad;
	size_t remaining;		/* bytes from this item on */
	uint64_t min;			/* smallest value whose head may be this long */
};

static void item_done(struct scan *s)
{
	while (s->depth && --s->left[s->depth - 1] == 0)
		s->depth--;
}

static void open_level(struct scan *s, uint64_t items)
{
	if (items == 0) {
		item_done(s);
		return;
	}
	/* each item takes a byte at least: no honest count exceeds what is left */
	if (s->depth == DEPTH_MAX || items > s->remaining) {
		s->bad = true;
		return;
	}
	s->left[s->depth++] = items;
}

static void on_value(struct scan *s, uint64_t v)
{
	s->bad |= v < s->min;
	item_done(s);
}

static void on_uint8(void *ctx, uint8_t v) { on_value(ctx, v); }
static void on_uint16(void *ctx, uint16_t v) { on_value(ctx, v); }
static void on_uint32(void *ctx, uint32_t v) { on_value(ctx, v); }
static void on_uint64(void *ctx, uint64_t v) { on_value(ctx, v); }

static void on_string(void *ctx, cbor_data data, size_t size)
{
	(void)data;
	on_value(ctx, size);
}

static void on_array(void *ctx, size_t items)
{
	struct scan *s = ctx;

	s->bad |= items < s->min;
	open_level(s, items);
}

static void on_map(void *ctx, size_t pairs)
{
	struct scan *s = ctx;

	s->bad |= pairs < s->min || pairs > s->remaining;
	if (!s->bad)
		open_level(s, 2 * (uint64_t)pairs);
}

static void on_tag(void *ctx, uint64_t tag)
{
	struct scan *s = ctx;

	s->bad |= tag < s->min;		/* the tagged item follows and counts for both */
}

static void refuse(void *ctx) { ((struct scan *)ctx)->bad = true; }
static void refuse_float(void *ctx, float v) { (void)v; refuse(ctx); }
static void refuse_double(void *ctx, double v) { (void)v; refuse(ctx); }
static void refuse_bool(void *ctx, bool v) { (void)v; refuse(ctx); }

static const struct cbor_callbacks callbacks = {
	.uint8 = on_uint8, .uint16 = on_uint16, .uint32 = on_uint32, .uint64 = on_uint64,
	.negint8 = on_uint8, .negint16 = on_uint16, .negint32 = on_uint32, .negint64 = on_uint64,
	.byte_string = on_string, .string = on_string,
	.array_start = on_array, .map_start = on_map, .tag = on_tag,
	.byte_string_start = refuse, .string_start = refuse,
	.indef_array_start = refuse, .indef_map_start = refuse, .indef_break = refuse,
	.float2 = refuse_float, .float4 = refuse_float, .float8 = refuse_double,
	.undefined = refuse, .null = refuse, .boolean = refuse_bool,
};

/* The smallest value that needs a head with this additional information. */
static uint64_t head_min(uint8_t initial)
{
	switch (initial & 0x1f) {
	case 24: return 24;
	case 25: return 0x100;
	case 26: return 0x10000;
	case 27: return 0x100000000;
	default: return 0;
	}
}

static bool scan_ok(const uint8_t *data, size_t size)
{
	struct scan s = { .depth = 1, .left = { 1 } };
	size_t at = 0;

	while (s.depth) {
		struct cbor_decoder_result r;

		if (at == size)
			return false;
		s.remaining = size - at;
		s.min = head_min(data[at]);
		r = cbor_stream_decode(data + at, size - at, &callbacks, &s);
		if (r.status != CBOR_DECODER_FINISHED || s.bad)
			return false;
		at += r.read;
	}
	return at == size;
}

static int64_t key_of(const cbor_item_t *item)
{
	uint64_t v = cbor_get_int(item);

	return cbor_isa_negint(item) ? (int64_t)~v : (int64_t)v;
}

static bool key_ok(const cbor_item_t *item)
{
	return (cbor_isa_uint(item) || cbor_isa_negint(item)) && cbor_get_int(item) <= INT64_MAX;
}

/* Integer keys only, all distinct; the same of every map the callers look into. */
static bool keys_ok(const cbor_item_t *map)
{
	struct cbor_pair *p = cbor_map_handle(map);
	size_t n = cbor_map_size(map);

	for (size_t i = 0; i < n; i++) {
		if (!key_ok(p[i].key))
			return false;
		for (size_t j = 0; j < i; j++)
			if (key_of(p[i].key) == key_of(p[j].key))
				return false;
	}
	return true;
}

/* As encoded: 0, 1, .. then -1, -2, .. */
static bool key_before(const cbor_item_t *a, const cbor_item_t *b)
{
	if (cbor_isa_negint(a) != cbor_isa_negint(b))
		return cbor_isa_negint(b);
	return cbor_get_int(a) < cbor_get_int(b);
}

bool map_ascending(const cbor_item_t *map)
{
	struct cbor_pair *p = cbor_map_handle(map);

	for (size_t i = 0; i < cbor_map_size(map); i++)
		if (!key_ok(p[i].key) || (i > 0 && !key_before(p[i - 1].key, p[i].key)))
			return false;
	return true;
}

cbor_item_t *cbor_parse_strict(const uint8_t *data, size_t size)
{
	struct cbor_load_result r;
	cbor_item_t *item;

	if (size == 0 || !scan_ok(data, size))
		return NULL;
	item = cbor_load(data, size, &r);
	if (item && r.error.code == CBOR_ERR_NONE && r.read == size)
		return item;
	if (item)
		cbor_decref(&item);
	return NULL;
}

cbor_item_t *map_get(const cbor_item_t *map, int64_t key)
{
	struct cbor_pair *p;

	if (!map || !cbor_isa_map(map) || !keys_ok(map))
		return NULL;
	p = cbor_map_handle(map);
	for (size_t i = 0; i < cbor_map_size(map); i++)
		if (key_of(p[i].key) == key)
			return p[i].value;
	return NULL;
}

bool item_bytes(const cbor_item_t *item, struct bytes *out)
{
	if (!item || !cbor_isa_bytestring(item) || !cbor_bytestring_is_definite(item))
		return false;
	out->data = cbor_bytestring_handle(item);
	out->size = cbor_bytestring_length(item);
	return true;
}

bool item_text_is(const cbor_item_t *item, const char *text)
{
	return item && cbor_isa_string(item) && cbor_string_is_definite(item) &&
	       cbor_string_length(item) == strlen(text) &&
	       memcmp(cbor_string_handle(item), text, strlen(text)) == 0;
}

bool item_uint(const cbor_item_t *item, uint64_t *out)
{
	if (!item || !cbor_isa_uint(item))
		return false;
	*out = cbor_get_int(item);
	return true;
}
