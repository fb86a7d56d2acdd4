/* SPDX-License-Identifier: Apache-2.0 */
/* AES-256-GCM by Mbed TLS: the library of the monitor and of tests/bench/comm, here with AES-NI and PCLMULQDQ and no other code. */
#include "mbedtls/gcm.h"

#include "silicon.h"

static mbedtls_gcm_context side[2];	/* by encrypt */

static void init(const uint8_t key[32])
{
	for (int i = 0; i < 2; i++) {
		mbedtls_gcm_init(&side[i]);
		if (mbedtls_gcm_setkey(&side[i], MBEDTLS_CIPHER_ID_AES, key, 256))
			die("Mbed TLS: key");
	}
}

static void end(void)
{
	for (int i = 0; i < 2; i++)
		mbedtls_gcm_free(&side[i]);
}

static void start(bool encrypt, const uint8_t nonce[12], const uint8_t *aad, size_t size)
{
	if (mbedtls_gcm_starts(&side[encrypt], encrypt ? MBEDTLS_GCM_ENCRYPT : MBEDTLS_GCM_DECRYPT, nonce, 12) ||
	    mbedtls_gcm_update_ad(&side[encrypt], aad, size))
		die("Mbed TLS: start");
}

static void update(bool encrypt, const uint8_t *from, uint8_t *to, size_t n)
{
	size_t done;

	if (mbedtls_gcm_update(&side[encrypt], from, n, to, n, &done) || done != n)
		die("Mbed TLS: update");
}

static void finish(bool encrypt, uint8_t tag[TAG])
{
	size_t none;

	if (mbedtls_gcm_finish(&side[encrypt], NULL, 0, &none, tag, TAG))
		die("Mbed TLS: finish");
}

static void tag_of(uint8_t tag[TAG])
{
	finish(true, tag);
}

static bool right(const uint8_t tag[TAG])
{
	uint8_t own[TAG], differs = 0;

	finish(false, own);
	for (int i = 0; i < TAG; i++)
		differs |= own[i] ^ tag[i];
	return differs == 0;
}

const struct cipher cipher_mbedtls = { init, end, start, update, tag_of, right };
