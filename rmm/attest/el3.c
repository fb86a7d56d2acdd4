/* SPDX-License-Identifier: Apache-2.0 */
/* Source: RMM-EL3 interface, RMM_ATTEST_GET_REALM_KEY, RMM_ATTEST_GET_PLAT_TOKEN. */
#include "el3.h"

#include <mbedtls/platform_util.h>

#include "../arch/arch.h"

#define ATTEST_GET_REALM_KEY	0xc40001b2UL
#define ATTEST_GET_PLAT_TOKEN	0xc40001b3UL
#define CURVE_P384		0
#define KEY_SIZE		48
#define CHALLENGE_SIZE		32

bool el3_realm_key(uint8_t key[KEY_SIZE])
{
	struct arch_smc r = { { ATTEST_GET_REALM_KEY, arch_shared_pa().v, GRANULE_SIZE, CURVE_P384 } };

	arch_smc(&r);
	if (r.x[0] != 0 || r.x[1] != KEY_SIZE)
		return false;
	memcpy(key, arch_shared_va(), KEY_SIZE);
	return true;
}

size_t el3_platform_token(const uint8_t challenge[CHALLENGE_SIZE], uint8_t *buf, size_t size)
{
	uint64_t challenge_size = CHALLENGE_SIZE;	/* 0: go on with the token begun */
	size_t len = 0;
	struct arch_smc r;

	memcpy(arch_shared_va(), challenge, CHALLENGE_SIZE);
	do {
		r = (struct arch_smc){ { ATTEST_GET_PLAT_TOKEN, arch_shared_pa().v, GRANULE_SIZE,
					 challenge_size } };
		arch_smc(&r);
		/* every piece brings something, so the loop ends: what is asked for is bounded */
		if (r.x[0] != 0 || r.x[1] == 0 || r.x[1] > GRANULE_SIZE || r.x[1] > size - len)
			return 0;
		memcpy(buf + len, arch_shared_va(), r.x[1]);
		len += r.x[1];
		challenge_size = 0;
	} while (r.x[2] != 0);
	return len;
}

void el3_wipe(void)
{
	mbedtls_platform_zeroize(arch_shared_va(), GRANULE_SIZE);
}
