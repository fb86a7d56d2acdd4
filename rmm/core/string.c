/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory functions a freestanding compiler expects. Built so that the compiler does not
 * recognise the loops and call the function from itself.
 */
#include "types.h"

#define WORD	sizeof(uint64_t)
#define LINE	(8 * WORD)

/* Read all of it, then write: pairs of registers, and what memmove() needs of overlapping lines. */
static void copy_line(uint64_t *d, const uint64_t *s)
{
	uint64_t a = s[0], b = s[1], c = s[2], e = s[3], f = s[4], g = s[5], h = s[6], i = s[7];

	d[0] = a;
	d[1] = b;
	d[2] = c;
	d[3] = e;
	d[4] = f;
	d[5] = g;
	d[6] = h;
	d[7] = i;
}

static void fill_line(uint64_t *d, uint64_t word)
{
	d[0] = d[1] = d[2] = d[3] = word;
	d[4] = d[5] = d[6] = d[7] = word;
}

void *memcpy(void *dst, const void *src, size_t n)
{
	uint8_t *d = dst;
	const uint8_t *s = src;

	if (IS_ALIGNED((uintptr_t)d | (uintptr_t)s, WORD)) {
		for (; n >= LINE; n -= LINE, d += LINE, s += LINE)
			copy_line((uint64_t *)(void *)d, (const uint64_t *)(const void *)s);
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

	for (; n > 0 && !IS_ALIGNED((uintptr_t)d, WORD); n--)
		*d++ = (uint8_t)c;
	for (; n >= LINE; n -= LINE, d += LINE)
		fill_line((uint64_t *)(void *)d, word);
	for (; n >= WORD; n -= WORD, d += WORD)
		*(uint64_t *)(void *)d = word;
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
