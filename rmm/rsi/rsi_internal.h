/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RSI dispatch: SMCs of a Realm. The PC has been advanced past the SMC before the handler runs; a handler that
 * wants the call re-executed after the host mended something moves it back (rsi_retry()).
 * A handler reads arguments from and writes results to rec->gpr.
 */
#ifndef RMM_RSI_INTERNAL_H
#define RMM_RSI_INTERNAL_H

#include "../../abi/rsi.h"
#include "../realm/rec.h"
#include "../../abi/mica.h"

typedef enum run_verdict rsi_handler(struct run *run);

enum run_verdict rsi_dispatch(struct run *run);

/* rsi/config.c, rsi/ipa_state.c, rsi/host_call.c, rsi/measurement.c, rsi/psci.c */
rsi_handler rsi_version, rsi_features, rsi_realm_config, rsi_ipa_state_set, rsi_ipa_state_get;
rsi_handler rsi_host_call, rsi_measurement_read, rsi_measurement_extend;
rsi_handler psci_call;
static inline bool is_psci(uint64_t fid)
{
	return (fid & ~(0x1fUL | BIT(30))) == PSCI_VERSION;
}
/* The host answered: its registers into the Realm's structure. RUN_EXIT: the page is gone, exit record filled. */
enum run_verdict rsi_host_call_complete(struct run *run);
/* rsi/token.c */
rsi_handler rsi_token_init, rsi_token_continue;
/* mica/rsi.c */
rsi_handler mica_rsi;

/* Set X0 = status, X1..X(n) = 0. 1.0: X1 to X3 are results of every command. */
#define RSI_RESULTS	3
void rsi_fail(struct run *run, uint64_t status, unsigned int outputs);

/*
 * Map the page of a Realm's buffer at @a (granule aligned by the caller), for an RSI command.
 *   RSI_BUFFER_OK: *va valid, *w held, end with s2_walk_end(w)
 *   RSI_BUFFER_INPUT: RIPAS EMPTY, or not RAM of a bound Realm: answer RSI_ERROR_INPUT
 *   RSI_BUFFER_EXIT: exit record filled with an emulated stage 2 abort and the PC set back: return RUN_EXIT
 */
enum rsi_buffer { RSI_BUFFER_OK, RSI_BUFFER_INPUT, RSI_BUFFER_EXIT };
enum rsi_buffer rsi_buffer_map(struct run *run, ipa_t a, struct s2_walk *w, void **va);

#endif
