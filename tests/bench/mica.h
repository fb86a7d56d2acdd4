/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_MICA_H
#define BENCH_MICA_H

#include "sample.h"
#include "tally.h"

extern struct flow flow;		/* the one under measurement */
uint16_t vmids(unsigned int n);		/* the first of so many */

/* mica_setup.c */
void bench_roles(void);
void bench_channels(void);
void bench_pages(void);
void bench_memory(void);

#endif
