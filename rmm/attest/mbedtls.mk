# SPDX-License-Identifier: Apache-2.0
#
# The files of Mbed TLS the monitor needs and how they are compiled, for the firmware and for the
# fake alike. Tools that only hash use Mbed TLS' own configuration and MBEDTLS_HASH_SRCS.

# asn1*.c: named by functions of ecdsa.c that nobody calls; the firmware's linker drops them
MBEDTLS_SRCS := sha256.c sha512.c md.c hmac_drbg.c bignum.c bignum_core.c constant_time.c ecp.c \
	ecp_curves.c ecdsa.c platform_util.c asn1parse.c asn1write.c
MBEDTLS_HASH_SRCS := sha256.c sha512.c platform_util.c constant_time.c
MBEDTLS_CFLAGS := -I$(B)/deps/mbedtls/include -Irmm/attest \
	-DMBEDTLS_CONFIG_FILE='"crypto_config.h"'
