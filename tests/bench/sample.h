/* SPDX-License-Identifier: Apache-2.0 */
/* Samples of one figure, and a figure that grows with a number. Ticks are instructions, under -icount shift=0. */
#ifndef BENCH_SAMPLE_H
#define BENCH_SAMPLE_H

#include "../bare/bare.h"

void add(uint64_t ticks);
void show(const char *name);			/* "bench NAME min median max" of what was added; then none */
/* "point AGAINST WHAT x y": what a figure is, against how many of what. */
void point(const char *against, const char *what, uint64_t x, uint64_t y);
void show_point(const char *against, const char *what, uint64_t x);	/* ... the median of what was added; then none */

/* One call that has to succeed; its cost joins the samples. */
#define COST(call)					\
	do {						\
		EXPECT_EQ(call, RMI_SUCCESS);		\
		add(rmi_ticks);				\
	} while (0)

#endif
