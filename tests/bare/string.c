/* SPDX-License-Identifier: Apache-2.0 */
/* What the compiler may call. */
#include "bare.h"

void *memset(void *dst, int c, size_t n)
{
	uint64_t word = (uint8_t)c * 0x0101010101010101UL;
	uint8_t *d = dst;

	for (; n >= 8 && (uint64_t)d % 8 == 0; n -= 8, d += 8)
		*(uint64_t *)d = word;
	for (; n > 0; n--)
		*d++ = (uint8_t)c;
	return dst;
}

void *memcpy(void *dst, const void *src, size_t n)
{
	uint8_t *d = dst;

	for (const uint8_t *s = src; n > 0; n--)
		*d++ = *s++;
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *x = a, *y = b;

	for (; n > 0; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}
