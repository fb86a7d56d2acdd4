/* SPDX-License-Identifier: Apache-2.0 */
/* Ticks of all calls of the host since the last reset, by command. The linker puts the tally around rmi_call(). */
#ifndef BENCH_TALLY_H
#define BENCH_TALLY_H

#include "../bare/flow.h"

void tally_reset(void);
uint64_t tally_rmi(uint64_t fid);
uint64_t tally_mica(uint64_t op);
uint64_t tally_all(void);
void tally_exclude(uint64_t ticks);	/* from tally_all() */

#endif
