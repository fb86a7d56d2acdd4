/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every byte is written by the producer and read by the consumer, with general registers, a cache line a step. The monitor
 * switches vector registers only for a Realm that touched them, so a way pays for them only if its cipher uses them.
 */
#include "realm.h"

#define LINE	64

void payload_fill(void *to, size_t n, uint64_t x)
{
	uint64_t *p = to, *end = p + n / 8;

	for (; p < end; p += LINE / 8, x += LINE / 8) {
		p[0] = x;
		p[1] = x + 1;
		p[2] = x + 2;
		p[3] = x + 3;
		p[4] = x + 4;
		p[5] = x + 5;
		p[6] = x + 6;
		p[7] = x + 7;
	}
}

uint64_t payload_sum(const void *from, size_t n)
{
	const uint64_t *p = from, *end = p + n / 8;
	uint64_t sum = 0;

	for (; p < end; p += LINE / 8)
		sum += p[0] + p[1] + p[2] + p[3] + p[4] + p[5] + p[6] + p[7];
	return sum;
}

uint64_t payload_expected(size_t n, uint64_t x)
{
	uint64_t words = n / 8;

	return words * x + words * (words - 1) / 2;
}
