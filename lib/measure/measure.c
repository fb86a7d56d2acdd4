/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RIM and REM arithmetic. An extension hashes one 256-byte descriptor: type, size, the RIM so
 * far, then fields of the type. Only the initial value hashes something else: the parameters
 * with all but the measured fields zeroed, fed to the hash piece by piece to spare a page of stack.
 */
#include "measure.h"

#include <string.h>

enum { DESC_DATA = 0, DESC_REC = 1, DESC_RIPAS = 2 };

struct descriptor {
	uint64_t type;			/* 0x00 */
	uint64_t size;			/* 0x08 */
	uint8_t rim[64];		/* 0x10 */
	union {
		struct {
			uint64_t ipa;		/* 0x50 */
			uint64_t flags;		/* 0x58 */
			uint8_t content[64];	/* 0x60 */
		} data;
		struct {
			uint8_t content[64];	/* 0x50 */
		} rec;
		struct {
			uint64_t base, top;	/* 0x50, 0x58 */
		} ripas;
		uint8_t bytes[0x100 - 0x50];
	} u;
};
_Static_assert(sizeof(struct descriptor) == 0x100, "measurement descriptor");

static void begin(struct descriptor *d, unsigned int type, const uint8_t rim[64])
{
	*d = (struct descriptor){ .type = type, .size = sizeof(*d) };
	memcpy(d->rim, rim, sizeof(d->rim));
}

/* n bytes of the structure are measured as they are, or as zeroes. */
static void zeroes(struct hash_ctx *ctx, size_t n)
{
	static const uint8_t zero[256];

	while (n) {
		size_t piece = n < sizeof(zero) ? n : sizeof(zero);

		hash_update(ctx, zero, piece);
		n -= piece;
	}
}

#define MEASURED(ctx, at, base, field) do {						\
	zeroes(ctx, __builtin_offsetof(__typeof__(*(base)), field) - (at));		\
	hash_update(ctx, &(base)->field, sizeof((base)->field));			\
	(at) = __builtin_offsetof(__typeof__(*(base)), field) + sizeof((base)->field);	\
} while (0)

void measure_realm_create(enum hash_algo algo, const struct rmi_realm_params *params,
			  uint8_t rim[HASH_MAX_SIZE])
{
	struct hash_ctx ctx;
	size_t at = 0;

	hash_init(&ctx, algo);
	MEASURED(&ctx, at, params, flags);
	MEASURED(&ctx, at, params, s2sz);
	MEASURED(&ctx, at, params, sve_vl);
	MEASURED(&ctx, at, params, num_bps);
	MEASURED(&ctx, at, params, num_wps);
	MEASURED(&ctx, at, params, pmu_num_ctrs);
	MEASURED(&ctx, at, params, hash_algo);
	zeroes(&ctx, sizeof(*params) - at);
	hash_final(&ctx, rim);
}

/* Hundreds in a row, when a table is initialised: what they share is done once. */
void measure_ripas(enum hash_algo algo, uint64_t base, uint64_t top, uint64_t size, uint8_t rim[HASH_MAX_SIZE])
{
	struct hash_ctx ctx;
	struct descriptor d;

	begin(&d, DESC_RIPAS, rim);
	hash_init(&ctx, algo);
	for (; base < top; base += size) {
		d.u.ripas.base = base;
		d.u.ripas.top = base + size;
		hash_update(&ctx, &d, sizeof(d));
		hash_next(&ctx, d.rim);
	}
	hash_end(&ctx);
	memcpy(rim, d.rim, sizeof(d.rim));
}

void measure_data(enum hash_algo algo, uint64_t ipa, const uint8_t *content,
		  uint8_t rim[HASH_MAX_SIZE])
{
	struct descriptor d;

	begin(&d, DESC_DATA, rim);
	d.u.data.ipa = ipa;
	if (content) {
		d.u.data.flags = 1;
		hash(algo, content, GRANULE_SIZE, d.u.data.content);
	}
	hash(algo, &d, sizeof(d), rim);
}

void measure_rec(enum hash_algo algo, const struct rmi_rec_params *params,
		 uint8_t rim[HASH_MAX_SIZE])
{
	struct descriptor d;
	struct hash_ctx ctx;
	size_t at = 0;

	begin(&d, DESC_REC, rim);
	hash_init(&ctx, algo);
	MEASURED(&ctx, at, params, flags);
	MEASURED(&ctx, at, params, pc);
	MEASURED(&ctx, at, params, gprs);
	zeroes(&ctx, sizeof(*params) - at);
	hash_final(&ctx, d.u.rec.content);
	hash(algo, &d, sizeof(d), rim);
}

void measure_extend(enum hash_algo algo, const uint8_t *data, size_t size,
		    uint8_t rem[HASH_MAX_SIZE])
{
	struct hash_ctx ctx;

	hash_init(&ctx, algo);
	hash_update(&ctx, rem, hash_size(algo));
	hash_update(&ctx, data, size);
	hash_final(&ctx, rem);
}
