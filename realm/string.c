/* SPDX-License-Identifier: Apache-2.0 */
/* The memory and string functions that a compiler or a component takes for granted. */
#include "libmica.h"

/*
 * Words of any alignment: fine once the MMU is on. Before that (mmu.c) everything copied is
 * aligned, and this file is the only one compiled without -mstrict-align.
 */
typedef uint64_t word __attribute__((aligned(1), may_alias));

void *memcpy(void *to, const void *from, size_t n)
{
	uint8_t *t = to;
	const uint8_t *f = from;

	for (; n >= 32; n -= 32, t += 32, f += 32) {
		word a = ((const word *)f)[0], b = ((const word *)f)[1];
		word c = ((const word *)f)[2], d = ((const word *)f)[3];

		((word *)t)[0] = a;
		((word *)t)[1] = b;
		((word *)t)[2] = c;
		((word *)t)[3] = d;
	}
	for (; n >= 8; n -= 8, t += 8, f += 8)
		*(word *)t = *(const word *)f;
	for (; n; n--)
		*t++ = *f++;
	return to;
}

void *memmove(void *to, const void *from, size_t n)
{
	uint8_t *t = to;
	const uint8_t *f = from;

	if (t <= f || t >= f + n)
		return memcpy(to, from, n);
	while (n--)
		t[n] = f[n];
	return to;
}

void *memset(void *to, int c, size_t n)
{
	uint8_t *t = to;

	while (n--)
		*t++ = (uint8_t)c;
	return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *x = a, *y = b;

	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

size_t strlen(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (unsigned char)*a - (unsigned char)*b;
}
