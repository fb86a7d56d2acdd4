/* SPDX-License-Identifier: Apache-2.0 */
/* The deterministic writer against the examples of RFC 8949 appendix A, and at the end of its buffer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../lib/cbor/cbor.h"

static uint8_t buf[64];
static struct cbor c;

static void assert_bytes(const char *hex)
{
	char got[2 * sizeof(buf) + 1] = "";

	for (size_t i = 0; i < c.len; i++)
		snprintf(got + 2 * i, 3, "%02x", buf[i]);
	assert_false(c.overflow);
	assert_string_equal(got, hex);
}

static void integers_have_their_shortest_form(void **state)
{
	static const struct { int64_t v; const char *hex; } rows[] = {
		{ 0, "00" }, { 23, "17" }, { 24, "1818" }, { 255, "18ff" }, { 256, "190100" }, { 65535, "19ffff" },
		{ 65536, "1a00010000" }, { 1000000000000, "1b000000e8d4a51000" }, { -1, "20" }, { -24, "37" },
		{ -25, "3818" }, { -1000, "3903e7" }, { -70001, "3a00011170" }, { INT64_MIN, "3b7fffffffffffffff" },
		{ INT64_MAX, "1b7fffffffffffffff" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cbor_begin(&c, buf, sizeof(buf));
		cbor_int(&c, rows[i].v);
		assert_bytes(rows[i].hex);
	}
	cbor_begin(&c, buf, sizeof(buf));
	cbor_uint(&c, UINT64_MAX);
	assert_bytes("1bffffffffffffffff");
}

static void strings_arrays_maps_and_tags(void **state)
{
	(void)state;
	cbor_begin(&c, buf, sizeof(buf));
	cbor_map(&c, 2);
	cbor_uint(&c, 1);
	cbor_bytes(&c, "\1\2\3\4", 4);
	cbor_uint(&c, 2);
	cbor_array(&c, 2);
	cbor_text(&c, "IETF");
	cbor_tag(&c, 18);
	cbor_bytes(&c, "", 0);
	assert_bytes("a2014401020304028264" "49455446" "d240");
}

/* Whatever does not fit leaves the bytes before it and the memory behind it alone, and is remembered. */
static void overflow_is_remembered_and_writes_nothing(void **state)
{
	uint8_t guarded[16];

	(void)state;
	for (size_t size = 0; size < 10; size++) {
		memset(guarded, 0xcc, sizeof(guarded));
		cbor_begin(&c, guarded, size);
		cbor_bytes(&c, "123456789", 9);		/* 10 bytes with its head */
		assert_true(c.overflow);
		cbor_uint(&c, 0);
		assert_true(c.overflow);
		assert_true(c.len <= size);
		for (size_t i = size; i < sizeof(guarded); i++)
			assert_int_equal(guarded[i], 0xcc);
	}
	cbor_begin(&c, guarded, 10);
	cbor_bytes(&c, "123456789", 9);
	assert_false(c.overflow);
	assert_int_equal(c.len, 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_have_their_shortest_form),
		cmocka_unit_test(strings_arrays_maps_and_tags),
		cmocka_unit_test(overflow_is_remembered_and_writes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
