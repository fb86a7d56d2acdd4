/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the monitor takes of Mbed TLS 3.6: SHA-2, and ECDSA over P-384 in resumable steps. The
 * memory of a signature comes from an arena the monitor owns (arena.c); hashing allocates nothing.
 */
#ifndef RMM_ATTEST_CRYPTO_CONFIG_H
#define RMM_ATTEST_CRYPTO_CONFIG_H

#include <stddef.h>

#define MBEDTLS_SHA256_C
#ifndef FAKE_ARCH
#define MBEDTLS_SHA256_USE_ARMV8_A_CRYPTO_ONLY	/* cpu.c refuses a CPU without */
#endif
#define MBEDTLS_SHA384_C
#define MBEDTLS_SHA512_C

#define MBEDTLS_BIGNUM_C
#define MBEDTLS_ECP_C
#define MBEDTLS_ECP_DP_SECP384R1_ENABLED
#define MBEDTLS_ECP_NIST_OPTIM
#define MBEDTLS_ECP_RESTARTABLE
#define MBEDTLS_ECDSA_C
#define MBEDTLS_ECDSA_DETERMINISTIC	/* RFC 6979: a weak random source cannot betray the key */
#define MBEDTLS_HMAC_DRBG_C		/* RFC 6979 is written in terms of it */
#define MBEDTLS_MD_C
#define MBEDTLS_ASN1_PARSE_C		/* ECDSA_C insists; the linker drops it */
#define MBEDTLS_ASN1_WRITE_C
#define MBEDTLS_HAVE_ASM		/* limb multiplication; general registers only */
#define MBEDTLS_NO_UDBL_DIVISION	/* no 128-bit division of libgcc */

#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_PLATFORM_CALLOC_MACRO	arena_calloc
#define MBEDTLS_PLATFORM_FREE_MACRO	arena_free
#define MBEDTLS_PLATFORM_ZEROIZE_ALT	/* arena.c */

/* That SHA-256 computes in vector registers, which hold a Realm's or the host's values: rmm/arch/arch.h. */
void arch_simd_borrow(void);
void arch_simd_return(void);
#define HASH_BEGIN()			arch_simd_borrow()
#define HASH_END()			arch_simd_return()

void *arena_calloc(size_t n, size_t size);
void arena_free(void *p);

#endif
