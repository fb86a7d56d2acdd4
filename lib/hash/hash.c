/* SPDX-License-Identifier: Apache-2.0 */
/* One interface over the two hashes RMM 1.0 knows. Mbed TLS' return codes are for hardware backends. */
#include "hash.h"

#include <string.h>

/* What a backend needs around a hash, from init to final; its configuration may say so. */
#ifndef HASH_BEGIN
#define HASH_BEGIN()	((void)0)
#define HASH_END()	((void)0)
#endif

static void start(struct hash_ctx *ctx)
{
	if (ctx->algo == HASH_SHA256)
		(void)mbedtls_sha256_starts(&ctx->u.sha256, 0);
	else
		(void)mbedtls_sha512_starts(&ctx->u.sha512, 0);
}

static void finish(struct hash_ctx *ctx, uint8_t out[HASH_MAX_SIZE])
{
	if (ctx->algo == HASH_SHA256)
		(void)mbedtls_sha256_finish(&ctx->u.sha256, out);
	else
		(void)mbedtls_sha512_finish(&ctx->u.sha512, out);
	memset(out + hash_size(ctx->algo), 0, HASH_MAX_SIZE - hash_size(ctx->algo));
}

void hash_init(struct hash_ctx *ctx, enum hash_algo algo)
{
	ctx->algo = algo;
	HASH_BEGIN();
	if (algo == HASH_SHA256)
		mbedtls_sha256_init(&ctx->u.sha256);
	else
		mbedtls_sha512_init(&ctx->u.sha512);
	start(ctx);
}

void hash_update(struct hash_ctx *ctx, const void *data, size_t size)
{
	if (ctx->algo == HASH_SHA256)
		(void)mbedtls_sha256_update(&ctx->u.sha256, data, size);
	else
		(void)mbedtls_sha512_update(&ctx->u.sha512, data, size);
}

void hash_next(struct hash_ctx *ctx, uint8_t out[HASH_MAX_SIZE])
{
	finish(ctx, out);
	start(ctx);
}

void hash_end(struct hash_ctx *ctx)
{
	if (ctx->algo == HASH_SHA256)
		mbedtls_sha256_free(&ctx->u.sha256);
	else
		mbedtls_sha512_free(&ctx->u.sha512);
	HASH_END();
}

void hash_final(struct hash_ctx *ctx, uint8_t out[HASH_MAX_SIZE])
{
	finish(ctx, out);
	hash_end(ctx);
}

void hash(enum hash_algo algo, const void *data, size_t size, uint8_t out[HASH_MAX_SIZE])
{
	struct hash_ctx ctx;

	hash_init(&ctx, algo);
	hash_update(&ctx, data, size);
	hash_final(&ctx, out);
}
