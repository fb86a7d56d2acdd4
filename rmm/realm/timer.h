/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Realm's two EL1 timers. The physical interrupt of an asserted timer serves to leave the Realm once;
 * from then on the host knows the state from the exit record, and the line stays masked.
 * Source: RMM specification, REC entry and exit, timers.
 */
#ifndef RMM_REALM_TIMER_H
#define RMM_REALM_TIMER_H

#include "rec.h"

#define TIMER_V		1U
#define TIMER_P		2U

/* Both lines of the loaded Realm stay low whatever its timers say. */
void timer_mask_all(void);

/* Which of the loaded Realm's timers assert their interrupt. */
unsigned int timer_asserted(void);

/* Before the Realm runs: mask the lines that are known to be up, open the others. */
void timer_set_masks(unsigned int asserted);

/* The same from saved registers. */
unsigned int timer_asserted_saved(const struct rec_sysregs *sys);

#endif
