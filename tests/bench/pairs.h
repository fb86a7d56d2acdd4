/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one thing takes in terms of another, in one process: runs of both follow each other, their order alternating, and each pair
 * gives a ratio. The runs of a pair are equally long, by how often the thing is done, so what disturbs them disturbs both
 * alike. The clock is the thread's own: it stands while others have the CPU. No time is ever told.
 */
#ifndef BENCH_PAIRS_H
#define BENCH_PAIRS_H

#define PAIRS_MAX	10001U

/* Does its thing count times; that it was done right is for it to see to. */
typedef void (*pairs_run)(void *thing, unsigned int count);

struct pairs_ratio { double p10, median, p90; };

/* What thing takes, the unit being 1; 1 <= pairs <= PAIRS_MAX. With thing == unit: the noise. */
struct pairs_ratio pairs_measure(pairs_run run, void *thing, void *unit, unsigned int pairs);

#endif
