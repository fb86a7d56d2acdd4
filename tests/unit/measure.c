/* SPDX-License-Identifier: Apache-2.0 */
/* Measurement arithmetic against vectors computed from the specification's tables alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../lib/measure/measure.h"

struct vectors {
	enum hash_algo algo;
	const char *initial, *ripas, *data, *unmeasured, *rec, *rem;
};

static const struct vectors sha256 = {
	HASH_SHA256,
	"f33498f22eed8d51fb28b95769b27275a8c69a469e26b0050f1e809c4e0146b4",
	"087581d9372c53f2afc0f52e1c91ccc010d14e1e46eadcdbc2e6d93e2e5612f1",
	"12031c135ddffe476a4672b4c3ae6cb548c0921414d858b46fb9446981d9d795",
	"b4d9bcd8bee8901f74f0d379f1d27c263651a1f16007ef9c8cc216b428116ba1",
	"4d597559f764c0c698280968b6422d4f2c4b5559a5096222195d0cb7eeb2044e",
	"8878b15a7d6a3a4f464e8f9f42591dbc0cf4bedea0ec309003d2b2ee53655ef8",
};

static const struct vectors sha512 = {
	HASH_SHA512,
	"1cda1fc639e5604da537f04e7f2d6f8e18894c86f4b64f3397783b090053ba0d"
	"81dd585810b5aad1e5c2ac5c65fa0c8ad8b125031ae2d3a987f0d84dd775c4c6",
	"c80f7658677f28f506d14899501e8322a29e74b976e6b3a36ad8763ce917330a"
	"e314a712907ccfd081e8c75d5cd2a486e02c015c94ab9db42ae49dfe7e1f9226",
	"25bc88578d4b75567ee738909984593ca2c1f082afabfdd3ed3bc3b81e9e3d89"
	"301842243334161030eb3c0e5a2cb9a1a4f553934e1f2b12d73c0cbab2f0da18",
	"c48901ac31578fff9e6b13e8a002fd8b6d33a45c397773d2aa0237d72c7ef18e"
	"5a1a4f9f0633ceaccb722d914317a0cb0caf17a6da8748b3dd1a0d94b9a5a9b6",
	"53fff700bc9bb7e1018f68e53a81c10564380de8758806d3e2c9bdafed0dcd02"
	"3df4237e3dee1ad465cdec7663d72e2ff67819e54f1230da307e31e2c54f3324",
	"cc1b2590c45f2efc4ecbc3679379539dc614d48203742fea847a0953e07a82fe"
	"36bbb45c01eba2d36b693963c4a706e92c011a0c9734820c8bb372fb18ee6eaa",
};

static void expect(const char *hex, enum hash_algo algo, const uint8_t value[64])
{
	static const uint8_t zero[64];
	char got[129];
	size_t n = hash_size(algo);

	for (size_t i = 0; i < n; i++)
		sprintf(got + 2 * i, "%02x", value[i]);
	assert_string_equal(got, hex);
	assert_memory_equal(value + n, zero, 64 - n);
}

static void follow(const struct vectors *v)
{
	static struct rmi_realm_params params;
	static struct rmi_rec_params rec;
	static uint8_t page[4096], rem[64], ones[32];
	uint8_t rim[64];

	/* What must not be measured is filled with noise. */
	memset(&params, 0x5a, sizeof(params));
	params.flags = 0;
	params.s2sz = 40;
	params.sve_vl = 0;
	params.num_bps = 5;
	params.num_wps = 3;
	params.pmu_num_ctrs = 0;
	params.hash_algo = 0;
	/* the vectors keep hash_algo of the parameters equal to the hash in use */
	params.hash_algo = (uint8_t)v->algo;
	measure_realm_create(v->algo, &params, rim);
	expect(v->initial, v->algo, rim);

	measure_ripas(v->algo, 0, 0x200000, 0x200000, rim);
	expect(v->ripas, v->algo, rim);

	memset(page, 0xa5, sizeof(page));
	measure_data(v->algo, 0x1000, page, rim);
	expect(v->data, v->algo, rim);
	measure_data(v->algo, 0x2000, NULL, rim);
	expect(v->unmeasured, v->algo, rim);

	memset(&rec, 0x5a, sizeof(rec));
	rec.flags = RMI_REC_FLAG_RUNNABLE;
	rec.pc = 0x1000;
	for (unsigned int i = 0; i < 8; i++)
		rec.gprs[i] = i + 1;
	measure_rec(v->algo, &rec, rim);
	expect(v->rec, v->algo, rim);

	memset(rem, 0, sizeof(rem));
	memset(ones, 0x11, sizeof(ones));
	measure_extend(v->algo, ones, sizeof(ones), rem);
	expect(v->rem, v->algo, rem);
}

static void vectors_sha256(void **state)
{
	(void)state;
	follow(&sha256);
}

static void vectors_sha512(void **state)
{
	(void)state;
	follow(&sha512);
}

/* Each measured field changes the RIM; nothing else of the page does. */
static void only_measured_fields(void **state)
{
	static const size_t measured[] = { 0x000, 0x007, 0x008, 0x010, 0x018, 0x020, 0x028, 0x030 };
	static struct rmi_realm_params params;
	uint8_t base[64], rim[64];

	(void)state;
	measure_realm_create(HASH_SHA256, &params, base);
	for (size_t at = 0; at < sizeof(params); at++) {
		bool changes = at < 8;

		for (size_t i = 0; i < sizeof(measured) / sizeof(measured[0]); i++)
			changes |= measured[i] == at;
		((uint8_t *)&params)[at] ^= 1;
		measure_realm_create(HASH_SHA256, &params, rim);
		((uint8_t *)&params)[at] ^= 1;
		if ((memcmp(rim, base, 64) != 0) != changes)
			fail_msg("offset 0x%zx", at);
	}
}

static void extend_takes_0_to_64_bytes(void **state)
{
	uint8_t data[64] = { 0 }, seen[65][64];

	(void)state;
	for (size_t n = 0; n <= 64; n++) {
		memset(seen[n], 0, 64);
		measure_extend(HASH_SHA256, data, n, seen[n]);
		for (size_t i = 0; i < n; i++)
			assert_memory_not_equal(seen[i], seen[n], 32);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors_sha256),
		cmocka_unit_test(vectors_sha512),
		cmocka_unit_test(only_measured_fields),
		cmocka_unit_test(extend_takes_0_to_64_bytes),
	};

	return cmocka_run_group_tests_name("measure", tests, NULL, NULL);
}
