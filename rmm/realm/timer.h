/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Realm's two EL1 timers. The physical interrupt of an asserted timer serves to leave the Realm once;
 * from then on the host knows the state from the exit record, and the line stays masked. While it is, the Realm's
 * accesses to that timer trap: it may let the line go and raise it anew without another exit in between, and the
 * host has to hear of that. Source: RMM specification, REC entry and exit, timers.
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

/* Before the Realm runs: mask the lines that are known to be up and trap their registers, open the others. */
void timer_set_masks(unsigned int asserted);

/* A register of the loaded Realm's timers, by encoding (ESR_SYS_REG). */
bool timer_has_register(uint64_t reg);
uint64_t timer_read(uint64_t reg);
/* Returns the line (TIMER_*) if it went down, were it for a moment. */
unsigned int timer_write(uint64_t reg, uint64_t v);

/* The same from saved registers. */
unsigned int timer_asserted_saved(const struct rec_sysregs *sys);

#endif
