/* SPDX-License-Identifier: Apache-2.0 */
/* Moving a REC into the CPU and out of it. Between the two the host's registers are kept per CPU. */
#ifndef RMM_REALM_CONTEXT_H
#define RMM_REALM_CONTEXT_H

#include "rec.h"

/*
 * Load the REC: system registers, timers, GIC, stage 2, traps. trap_wfx = RMI_ENTER_TRAP_* of the entry.
 * With timers closed their interrupts stay masked for the whole run.
 */
void rec_load(struct rec *rec, uint64_t trap_wfx);

/* Another REC takes the place of the one that runs: run->rec and run->rd are then its. The host's registers stay kept. */
void rec_switch(struct run *run, struct rec *to);

/* Save it and put everything of the host's back; nothing of the Realm stays where the host can read it. */
void rec_unload(struct run *run);

/* The loaded REC takes a virtual SError with this syndrome when it next can; pending across exits until then. */
void rec_pend_serror(uint64_t syndrome);

/* First use of FP or SIMD since the entry. */
void rec_simd_load(struct run *run);

#endif
