/* SPDX-License-Identifier: Apache-2.0 */
/* Mbed TLS 3.6 at its fastest on x86-64: AES and GHASH by instructions, and no other code for them. */
#ifndef BENCH_SILICON_CRYPTO_CONFIG_H
#define BENCH_SILICON_CRYPTO_CONFIG_H

#define MBEDTLS_HAVE_ASM
#define MBEDTLS_AES_C
#define MBEDTLS_AESNI_C
#define MBEDTLS_AES_USE_HARDWARE_ONLY
#define MBEDTLS_GCM_C

#endif
