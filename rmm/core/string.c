/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory functions a freestanding compiler expects. Built so that the compiler does not
 * recognise the loops and call the function from itself.
 */
#include "types.h"

#define WORD	sizeof(uint64_t)

void *memcpy(void *dst, const void *src, size_t n)
{
	uint8_t *d = dst;
	const uint8_t *s = src;

	if (IS_ALIGNED((uintptr_t)d | (uintptr_t)s, WORD)) {
		for (; n >= WORD; n -= WORD, d += WORD, s += WORD)
			*(uint64_t *)(void *)d = *(const uint64_t *)(const void *)s;
	}
	while (n-- > 0)
		*d++ = *s++;
	return dst;
}

void *memmove(void *dst, const void *src, size_t n)
{
	uint8_t *d = dst;
	const uint8_t *s = src;

	if (d <= s)
		return memcpy(dst, src, n);	/* forwards, word by word: never reads what it wrote */
	while (n-- > 0)
		d[n] = s[n];
	return dst;
}

void *memset(void *dst, int c, size_t n)
{
	uint8_t *d = dst;
	uint64_t word = 0x0101010101010101UL * (uint8_t)c;

	if (IS_ALIGNED((uintptr_t)d, WORD)) {
		for (; n >= WORD; n -= WORD, d += WORD)
			*(uint64_t *)(void *)d = word;
	}
	while (n-- > 0)
		*d++ = (uint8_t)c;
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *x = a, *y = b;

	for (size_t i = 0; i < n; i++)
		if (x[i] != y[i])
			return x[i] - y[i];
	return 0;
}

size_t strlen(const char *s)
{
	size_t n = 0;

	while (s[n] != '\0')
		n++;
	return n;
}
