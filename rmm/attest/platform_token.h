/* SPDX-License-Identifier: Apache-2.0 */
/* The platform's part of every token, fetched once. */
#ifndef RMM_ATTEST_PLATFORM_TOKEN_H
#define RMM_ATTEST_PLATFORM_TOKEN_H

#include "../core/types.h"

/*
 * Largest that leaves room for the largest Realm token in what TOKEN_INIT promised (token.c), and smallest whose
 * length takes two bytes in CBOR (any real one is far larger).
 */
#define PLATFORM_TOKEN_MAX	2560
#define PLATFORM_TOKEN_MIN	256

/* Constant after boot. */
const uint8_t *attest_platform_token(size_t *size);

#endif
