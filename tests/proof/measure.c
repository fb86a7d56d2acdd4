/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measurement descriptors: what is hashed, byte for byte, is what RMM 1.0 lays down. The hash is a recorder of its
 * input; any byte of it is compared with a second description of the layout.
 * Options: --unwind 20
 */
#include "../../lib/measure/measure.c"
#include "proof.h"

/* The recorder: total length, and the byte at one position that may be any. */
static uint64_t fed, watch;
static uint8_t seen;

static void feed(const uint8_t *data, size_t size)
{
	if (watch >= fed && watch - fed < size)
		seen = data[watch - fed];
	fed += size;
}

void hash_init(struct hash_ctx *ctx, enum hash_algo algo) { ctx->algo = algo; fed = 0; }
void hash_update(struct hash_ctx *ctx, const void *data, size_t size) { (void)ctx; feed(data, size); }

static uint8_t digest[HASH_MAX_SIZE];
void hash_final(struct hash_ctx *ctx, uint8_t out[HASH_MAX_SIZE])
{
	(void)ctx;
	__CPROVER_havoc_object(digest);
	memcpy(out, digest, HASH_MAX_SIZE);
}

void hash(enum hash_algo algo, const void *data, size_t size, uint8_t out[HASH_MAX_SIZE])
{
	struct hash_ctx ctx;

	hash_init(&ctx, algo);
	hash_update(&ctx, data, size);
	hash_final(&ctx, out);
}

static uint8_t byte_of(uint64_t v, uint64_t i) { return (uint8_t)(v >> (8 * i)); }
static bool within(uint64_t from, uint64_t size) { return watch >= from && watch - from < size; }

/* Type, size and RIM begin every descriptor; zero is all that is not said. */
static uint8_t header_byte(unsigned int type, const uint8_t *rim)
{
	if (within(0, 8))
		return byte_of(type, watch);
	if (within(8, 8))
		return byte_of(0x100, watch - 8);
	return within(0x10, 64) ? rim[watch - 0x10] : 0;
}

static enum hash_algo any_algo(void)
{
	return any_bool() ? HASH_SHA256 : HASH_SHA512;
}

static uint8_t rim[HASH_MAX_SIZE], before[HASH_MAX_SIZE];

static void any_rim(void)
{
	__CPROVER_havoc_object(rim);
	memcpy(before, rim, sizeof(rim));
	watch = any_u64();
}

static void ripas_descriptor(void)
{
	uint64_t base = any_u64(), top = any_u64();
	uint8_t want;

	any_rim();
	ASSUME(watch < 0x100);
	measure_ripas(any_algo(), base, top, rim);
	want = within(0x50, 8) ? byte_of(base, watch - 0x50) : within(0x58, 8) ? byte_of(top, watch - 0x58) :
	       header_byte(2, before);
	assert(fed == 0x100 && seen == want);
	COVER(watch == 0x58 && seen == 0x77);
}

static void data_descriptor(void)
{
	static uint8_t content[GRANULE_SIZE];
	uint64_t at = any_u64();
	bool measured = any_bool();
	uint8_t want;

	any_rim();
	ASSUME(watch < 0x100);
	measure_data(any_algo(), at, measured ? content : NULL, rim);
	assert(fed == 0x100);
	want = within(0x50, 8) ? byte_of(at, watch - 0x50) : within(0x58, 8) ? byte_of(measured, watch - 0x58) :
	       header_byte(0, before);
	if (!measured || !within(0x60, 64))	/* the digest of the page is the recorder's own */
		assert(seen == want);
	COVER(measured && watch == 0x58 && seen == 1);
	COVER(!measured && watch == 0x60);
}

static void realm_parameters(void)
{
	static struct rmi_realm_params p;
	const uint8_t *raw = (const uint8_t *)&p;
	bool kept;

	__CPROVER_havoc_object(&p);
	watch = any_u64();
	ASSUME(watch < GRANULE_SIZE);
	measure_realm_create(any_algo(), &p, rim);
	/* offsets of RmiRealmParams: flags, s2sz, sve_vl, num_bps, num_wps, pmu_num_ctrs, hash_algo */
	kept = within(0, 8) || watch == 0x8 || watch == 0x10 || watch == 0x18 || watch == 0x20 || watch == 0x28 ||
	       watch == 0x30;
	assert(fed == GRANULE_SIZE && seen == (kept ? raw[watch] : 0));
	COVER(watch == 0x30 && seen != 0);
	COVER(watch == 0x400 && raw[watch] != 0);
}

static void rec_parameters(void)
{
	static struct rmi_rec_params p;

	__CPROVER_havoc_object(&p);
	any_rim();
	ASSUME(watch < 0x100);
	measure_rec(any_algo(), &p, rim);
	assert(fed == 0x100);
	if (!within(0x50, 64))
		assert(seen == header_byte(1, before));
	COVER(watch == 0 && seen == 1);
}

void proof(void)
{
	ripas_descriptor();
	data_descriptor();
	realm_parameters();
	rec_parameters();
}
