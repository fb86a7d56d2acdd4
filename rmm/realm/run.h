/* SPDX-License-Identifier: Apache-2.0 */
/* The run loop and its trap handlers; each handler says whether the Realm goes on. */
#ifndef RMM_REALM_RUN_H
#define RMM_REALM_RUN_H

#include "rec.h"

/*
 * Run the loaded REC until something is for the host; run->exit then says what, but for the fields that
 * every exit has (rec_exit_common()).
 */
void rec_run(struct run *run);

/* After rec_unload(): GIC, timers and PMU of the exit record. */
void rec_exit_common(struct run *run);

/* trap.c */
enum run_verdict rec_trap(struct run *run, enum rec_trap trap);
/* abort.c */
enum run_verdict rec_data_abort(struct run *run, uint64_t esr);
enum run_verdict rec_inst_abort(struct run *run, uint64_t esr);
enum run_verdict rec_serror(struct run *run, uint64_t esr);
/* sysreg.c */
enum run_verdict rec_sysreg_trap(struct run *run, uint64_t esr);

/* Complete the load or store that the last exit forwarded; data as the host gave it. */
void rec_mmio_complete(struct rec *rec, uint64_t data);
/* The value a store wrote, zero extended. */
uint64_t rec_mmio_store_data(const struct rec *rec, uint64_t esr);

/* An ID register, by encoding (ESR_SYS_REG), as a Realm may see it; zero if nothing of it is offered. */
uint64_t rec_id_register(const struct rd *rd, uint64_t reg);

/* Serves the SMC; in rsi/. */
enum run_verdict rsi_dispatch(struct run *run);

#endif
