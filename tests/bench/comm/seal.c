/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AES-256-GCM and ChaCha20-Poly1305 over host memory, with Mbed TLS. The sender encrypts from private memory straight into the
 * ring. The receiver copies the record before it looks at it: the library reads ciphertext twice, once to decrypt and once
 * for the tag, and the host could change it between the two. It decrypts in place and uses nothing before the tag is right.
 *
 * A key for this direction, which both sides have; how they agreed on it (attestation and a handshake) is not measured.
 * Nonce: direction and sequence number, never twice under a key. Associated data: length and sequence number.
 */
#include "gcm8.h"
#include "realm.h"

#include "mbedtls/chachapoly.h"
#include "mbedtls/gcm.h"
#include "mbedtls/platform_util.h"

static const uint8_t key[32] = "to measure with, and for nothing";

static enum comm_way cipher;
static mbedtls_gcm_context gcm;
static mbedtls_chachapoly_context cha;
static struct gcm8 gcm8;

#define CHECK		(21 * 16 + 7)	/* two times eight blocks, five and a part, cut where no eight end */
#define CHECK_CUT	(11 * 16)

struct nonce {
	uint8_t b[12];
};

void mbedtls_platform_zeroize(void *p, size_t n)
{
	memset(p, 0, n);
	asm volatile("" : : "r"(p) : "memory");
}

void seal_start(bool encrypt, uint64_t sequence, size_t size)
{
	uint64_t aad[2] = { size, sequence };
	struct nonce nonce = { { 'p', '-', 'c', 0 } };
	int err = 0;

	memcpy(nonce.b + 4, &sequence, sizeof(sequence));
	switch (cipher) {
	case COMM_AES:
		err = mbedtls_gcm_starts(&gcm, encrypt ? MBEDTLS_GCM_ENCRYPT : MBEDTLS_GCM_DECRYPT, nonce.b, sizeof(nonce.b));
		err |= mbedtls_gcm_update_ad(&gcm, (const uint8_t *)aad, sizeof(aad));
		break;
	case COMM_CHACHA:
		err = mbedtls_chachapoly_starts(&cha, nonce.b, encrypt ? MBEDTLS_CHACHAPOLY_ENCRYPT : MBEDTLS_CHACHAPOLY_DECRYPT);
		err |= mbedtls_chachapoly_update_aad(&cha, (const uint8_t *)aad, sizeof(aad));
		break;
	default:
		gcm8_start(&gcm8, encrypt, nonce.b, (const uint8_t *)aad);
	}
	if (err)
		mica_panic("seal");
}

void seal_update(const uint8_t *from, uint8_t *to, size_t n)
{
	size_t done = n;
	int err = 0;

	switch (cipher) {
	case COMM_AES:
		err = mbedtls_gcm_update(&gcm, from, n, to, n, &done);
		break;
	case COMM_CHACHA:
		err = mbedtls_chachapoly_update(&cha, n, from, to);
		break;
	default:
		gcm8_update(&gcm8, from, to, n);
	}
	if (err || done != n)
		mica_panic("seal");
}

void seal_finish(uint8_t tag[SEAL_TAG])
{
	size_t none;
	int err = 0;

	switch (cipher) {
	case COMM_AES:
		err = mbedtls_gcm_finish(&gcm, NULL, 0, &none, tag, SEAL_TAG);
		break;
	case COMM_CHACHA:
		err = mbedtls_chachapoly_finish(&cha, tag);
		break;
	default:
		gcm8_finish(&gcm8, tag);
	}
	if (err)
		mica_panic("seal");
}

/* Some blocks and their tag by this cipher, in two pieces; by a number that no message has. */
static void try(enum comm_way by, uint8_t out[CHECK + SEAL_TAG])
{
	static const uint8_t in[CHECK] = "every cipher has to say the same about this";

	cipher = by;
	seal_start(true, UINT64_MAX, CHECK);
	seal_update(in, out, CHECK_CUT);
	seal_update(in + CHECK_CUT, out + CHECK_CUT, CHECK - CHECK_CUT);
	seal_finish(out + CHECK);
}

void seal_init(enum comm_way way)
{
	static uint8_t by_library[CHECK + SEAL_TAG], by_gcm8[CHECK + SEAL_TAG];
	uint64_t cpacr;

	asm volatile("mrs %0, cpacr_el1" : "=r"(cpacr));
	asm volatile("msr cpacr_el1, %0\n\tisb" : : "r"(cpacr | 3UL << 20));
	mbedtls_gcm_init(&gcm);
	mbedtls_chachapoly_init(&cha);
	if (mbedtls_gcm_setkey(&gcm, MBEDTLS_CIPHER_ID_AES, key, 256) || mbedtls_chachapoly_setkey(&cha, key))
		mica_panic("key");
	gcm8_setkey(&gcm8, key);
	if (way == COMM_AES8) {
		try(COMM_AES, by_library);
		try(COMM_AES8, by_gcm8);
		if (memcmp(by_library, by_gcm8, sizeof(by_gcm8)) != 0)
			mica_panic("gcm8");
	}
	cipher = way;
}

/* Records and their parts are multiples of 16 bytes, and so is the ring: its end never splits a block. */
void seal_send(struct link *l, uint64_t sequence, const uint8_t *buf, size_t size)
{
	size_t at = 0;

	seal_start(true, sequence, size);
	while (at < size + SEAL_TAG) {
		uint8_t *p;
		size_t n = link_get(l, &p), body;

		if (n > size + SEAL_TAG - at)
			n = size + SEAL_TAG - at;
		body = at + n > size ? size - at : n;
		if (body)
			seal_update(buf + at, p, body);
		if (body < n)
			seal_finish(p + body);
		at += n;
		link_put(l, n);
	}
}

size_t seal_receive(struct link *l, uint64_t sequence, uint8_t *buf, size_t size)
{
	uint8_t tag[SEAL_TAG], differs = 0;
	size_t at = 0, n;

	for (;;) {
		uint8_t *p;

		n = link_get(l, &p);
		if (n > size + SEAL_TAG - at)
			n = size + SEAL_TAG - at;
		memcpy(buf + at, p, n);
		at += n;
		if (at == size + SEAL_TAG)
			break;
		link_put(l, n);
	}
	seal_start(false, sequence, size);
	seal_update(buf, buf, size);
	seal_finish(tag);
	for (unsigned int i = 0; i < SEAL_TAG; i++)
		differs |= tag[i] ^ buf[size + i];
	return differs == 0 ? n : 0;
}
