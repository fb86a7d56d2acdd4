/* SPDX-License-Identifier: Apache-2.0 */
#include "pairs.h"

#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#define RUN_NS		200000U		/* less than a time slice */
#define COUNT_MAX	(1U << 24)
#define WARM		3		/* runs and pairs that do not count */

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static uint64_t timed(pairs_run run, void *thing, unsigned int count)
{
	uint64_t begin = now();

	run(thing, count);
	return now() - begin;
}

/* So often that it takes ns; at least once. */
static unsigned int often(pairs_run run, void *thing, uint64_t ns)
{
	unsigned int count = 1;

	while (timed(run, thing, count) < ns && count < COUNT_MAX)
		count *= 2;
	return count;
}

/* The shortest of some runs: what the other of the pair should take. */
static uint64_t length(pairs_run run, void *thing, unsigned int count)
{
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < WARM; i++) {
		uint64_t t = timed(run, thing, count);

		least = t < least ? t : least;
	}
	return least;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

struct pairs_ratio pairs_measure(pairs_run run, void *thing, void *unit, unsigned int pairs)
{
	static double ratio[PAIRS_MAX];
	void *both[2] = { unit, thing };
	unsigned int count[2];
	uint64_t t[2];

	count[1] = often(run, thing, RUN_NS);
	count[0] = thing == unit ? count[1] : often(run, unit, length(run, thing, count[1]));
	for (unsigned int i = 0; i < WARM + pairs; i++) {
		unsigned int first = i & 1;

		t[first] = timed(run, both[first], count[first]);
		t[!first] = timed(run, both[!first], count[!first]);
		if (i >= WARM)
			ratio[i - WARM] = (double)t[1] / count[1] / ((double)t[0] / count[0]);
	}
	qsort(ratio, pairs, sizeof(*ratio), by_value);
	return (struct pairs_ratio){ ratio[pairs / 10], ratio[pairs / 2], ratio[pairs - 1 - pairs / 10] };
}
