/* SPDX-License-Identifier: Apache-2.0 */
/* AES-256-GCM by OpenSSL's EVP, which takes the widest instructions the CPU has (VAES, VPCLMULQDQ). */
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "silicon.h"

static EVP_CIPHER_CTX *side[2];		/* by encrypt */

static void need(int ok)
{
	if (ok != 1)
		die("OpenSSL refuses");
}

static void init(const uint8_t key[32])
{
	for (int i = 0; i < 2; i++) {
		side[i] = EVP_CIPHER_CTX_new();
		need(side[i] != NULL);
		need(EVP_CipherInit_ex(side[i], EVP_aes_256_gcm(), NULL, key, NULL, i));
	}
}

static void end(void)
{
	for (int i = 0; i < 2; i++)
		EVP_CIPHER_CTX_free(side[i]);
}

static void start(bool encrypt, const uint8_t nonce[12], const uint8_t *aad, size_t size)
{
	int n;

	need(EVP_CipherInit_ex(side[encrypt], NULL, NULL, NULL, nonce, encrypt));
	need(EVP_CipherUpdate(side[encrypt], NULL, &n, aad, (int)size));
}

static void update(bool encrypt, const uint8_t *from, uint8_t *to, size_t n)
{
	int done;

	need(EVP_CipherUpdate(side[encrypt], to, &done, from, (int)n) == 1 && done == (int)n);
}

static void tag_of(uint8_t tag[TAG])
{
	uint8_t none[TAG];
	int n;

	need(EVP_CipherFinal_ex(side[true], none, &n));
	need(EVP_CIPHER_CTX_ctrl(side[true], EVP_CTRL_GCM_GET_TAG, TAG, tag));
}

static bool right(const uint8_t tag[TAG])
{
	uint8_t none[TAG];
	int n;

	need(EVP_CIPHER_CTX_ctrl(side[false], EVP_CTRL_GCM_SET_TAG, TAG, (void *)tag));
	return EVP_CipherFinal_ex(side[false], none, &n) == 1;
}

const char *openssl_version(void)
{
	return OpenSSL_version(OPENSSL_VERSION);
}

const struct cipher cipher_openssl = { init, end, start, update, tag_of, right };
