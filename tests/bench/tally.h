/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ticks of all calls of the host since the last reset, by command; and what the monitor holds, by what it is, since the machine
 * started. The linker puts the tally around rmi_smc().
 */
#ifndef BENCH_TALLY_H
#define BENCH_TALLY_H

#include "../bare/flow.h"

void tally_reset(void);
uint64_t tally_rmi(uint64_t fid);
uint64_t tally_mica(uint64_t op);
uint64_t tally_all(void);
void tally_exclude(uint64_t ticks);	/* from tally_all() */

/* Granules: all that are delegated; which of them are what. Tables are those of stage 2. */
struct held {
	uint64_t all, data, rd, rec, tables, wf;
};
const struct held *tally_held(void);

#endif
