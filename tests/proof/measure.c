/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measurement descriptors: what is hashed, byte for byte, is what RMM 1.0 lays down. The hash is a recorder of its
 * input; any byte of it is compared with a second description of the layout.
 * Options: --unwind 20
 */
#include "../../lib/measure/measure.c"
#include "proof.h"

/* The recorder: total length, and the byte at one position that may be any; of a row of hashes, in one that may be any. */
static uint64_t fed, watch;
static unsigned int nth, watch_nth;
static uint8_t seen;

static void feed(const uint8_t *data, size_t size)
{
	if (nth == watch_nth && watch >= fed && watch - fed < size)
		seen = data[watch - fed];
	fed += size;
}

void hash_init(struct hash_ctx *ctx, enum hash_algo algo) { ctx->algo = algo; fed = nth = 0; }
void hash_update(struct hash_ctx *ctx, const void *data, size_t size) { (void)ctx; feed(data, size); }

void hash_end(struct hash_ctx *ctx) { (void)ctx; }

static uint8_t digest[HASH_MAX_SIZE];
void hash_next(struct hash_ctx *ctx, uint8_t out[HASH_MAX_SIZE])
{
	hash_final(ctx, out);
	nth++;
	fed = 0;
}

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
	watch_nth = 0;
}

/* One entry or two: each a descriptor of its own, the second over the RIM that the first left. */
static void ripas_descriptors(void)
{
	uint64_t base = any_u64(), size = any_u64();
	bool two = any_bool();
	uint8_t want;

	any_rim();
	watch_nth = two ? any_bool() : 0;
	ASSUME(watch < 0x100 && size != 0 && size < 1UL << 40 && base < 1UL << 48);
	measure_ripas(any_algo(), base, base + size + (two ? size : 0), size, rim);
	base += watch_nth * size;
	want = within(0x50, 8) ? byte_of(base, watch - 0x50) : within(0x58, 8) ? byte_of(base + size, watch - 0x58) :
	       header_byte(2, before);
	assert(nth == (two ? 2U : 1U) && fed == 0);
	if (watch_nth == 0 || !within(0x10, 64))	/* the first digest is the recorder's own */
		assert(seen == want);
	COVER(!two && watch == 0x58 && seen == 0x77);
	COVER(watch_nth == 1 && watch == 0x58 && seen == 0x77);
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
	ripas_descriptors();
	data_descriptor();
	realm_parameters();
	rec_parameters();
}
