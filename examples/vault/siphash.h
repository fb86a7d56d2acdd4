/* SPDX-License-Identifier: Apache-2.0 */
/* SipHash-2-4 with a 64-bit result: Aumasson and Bernstein, "SipHash: a fast short-input PRF". */
#ifndef SIPHASH_H
#define SIPHASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t siphash(const uint8_t key[16], const uint8_t *data, size_t n);

#endif
