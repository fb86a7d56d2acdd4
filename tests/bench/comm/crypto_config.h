/* SPDX-License-Identifier: Apache-2.0 */
/* Mbed TLS 3.6 for `make bench`: its fastest on this architecture. AES and GHASH by instructions, and no other code for them. */
#ifndef BENCH_CRYPTO_CONFIG_H
#define BENCH_CRYPTO_CONFIG_H

#define MBEDTLS_HAVE_ASM
#define MBEDTLS_AES_C
#define MBEDTLS_AESCE_C
#define MBEDTLS_AES_USE_HARDWARE_ONLY
#define MBEDTLS_GCM_C
#define MBEDTLS_CHACHA20_C
#define MBEDTLS_POLY1305_C
#define MBEDTLS_CHACHAPOLY_C
#define MBEDTLS_PLATFORM_ZEROIZE_ALT	/* seal.c */

#endif
