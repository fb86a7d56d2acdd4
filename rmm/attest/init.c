/* SPDX-License-Identifier: Apache-2.0 */
/* Attestation at cold boot: what comes from EL3, and whether it fits together. */
#include <mbedtls/platform_util.h>

#include "arena.h"
#include "el3.h"
#include "platform_token.h"
#include "rak.h"

static uint8_t platform_token[PLATFORM_TOKEN_MAX];
static size_t platform_token_size;

const uint8_t *attest_platform_token(size_t *size)
{
	*size = platform_token_size;
	return platform_token;
}

static bool take_key(void)
{
	static uint64_t memory[8 * 1024 / sizeof(uint64_t)] __attribute__((aligned(16)));
	struct arena *arena = (struct arena *)(void *)memory;
	uint8_t scalar[RAK_SCALAR_SIZE];
	bool ok = el3_realm_key(scalar);

	if (ok) {
		arena_init(arena, sizeof(memory));
		arena_enter(arena);
		ok = rak_set(scalar);
		arena_enter(NULL);
		mbedtls_platform_zeroize(memory, sizeof(memory));
	}
	mbedtls_platform_zeroize(scalar, sizeof(scalar));
	return ok;
}

/*
 * The platform vouches for the key by its hash as the challenge claim, {10: bstr .size 32}. This
 * is a self-test, not a verifier: look for the claim's bytes.
 */
static bool token_binds_key(void)
{
	uint8_t claim[3 + 32] = { 0x0a, 0x58, 0x20 };

	memcpy(claim + 3, rak_hash(), 32);
	for (size_t i = 0; i + sizeof(claim) <= platform_token_size; i++)
		if (memcmp(platform_token + i, claim, sizeof(claim)) == 0)
			return true;
	return false;
}

bool attest_init(void)
{
	bool ok = take_key();

	if (ok) {
		platform_token_size = el3_platform_token(rak_hash(), platform_token,
							 sizeof(platform_token));
		ok = platform_token_size >= PLATFORM_TOKEN_MIN && token_binds_key();
	}
	el3_wipe();
	return ok;
}
