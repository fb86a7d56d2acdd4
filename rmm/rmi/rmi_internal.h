/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RMI dispatch. A handler decodes, locks, checks, acts, unlocks; it sets out->x[0] and the outputs it
 * defines; all of *out is zero when it starts. A refused call leaves no trace.
 */
#ifndef RMM_RMI_INTERNAL_H
#define RMM_RMI_INTERNAL_H

#include "../../abi/rmi.h"
#include "../core/types.h"

struct rmi_args { uint64_t x[6]; };	/* x[1..5] are X1..X5 */
struct rmi_result { uint64_t x[5]; };	/* X0..X4 */

typedef void rmi_handler(const struct rmi_args *in, struct rmi_result *out);

/* Serve one call: look the FID up in the table, run it, fill what the table says it returns. */
void rmi_dispatch(uint64_t fid, const struct rmi_args *in, struct rmi_result *out);

/* rmi/granule.c */
rmi_handler rmi_version, rmi_features, rmi_granule_delegate, rmi_granule_undelegate;
/* rmi/realm.c */
rmi_handler rmi_realm_create, rmi_realm_activate, rmi_realm_destroy;
/* rmi/rtt.c, rmi/unprotected.c, rmi/ripas.c, rmi/data.c */
rmi_handler rmi_rtt_create, rmi_rtt_destroy, rmi_rtt_fold, rmi_rtt_read_entry;
rmi_handler rmi_rtt_map_unprotected, rmi_rtt_unmap_unprotected;
rmi_handler rmi_rtt_init_ripas, rmi_rtt_set_ripas;
rmi_handler rmi_data_create, rmi_data_create_unknown, rmi_data_destroy;
/* rmi/rec.c, rmi/rec_enter.c, rmi/psci.c */
rmi_handler rmi_rec_aux_count, rmi_rec_create, rmi_rec_destroy, rmi_rec_enter, rmi_psci_complete;
/* mica/rmi.c */
rmi_handler mica_rmi;

struct granule;
struct rd;
/*
 * The body of REALM_CREATE, shared with Mica's: checks everything 1.0 asks of rd and params (copied
 * into *params by the caller's read), and if may() agrees (Mica's check; without hooks nobody is asked), builds the RD.
 * bind is called on the finished RD, still locked, and cannot fail.
 */
struct realm_create_hooks {
	uint64_t (*may)(const struct rmi_realm_params *params, void *arg);
	void (*bind)(struct rd *rd, struct granule *g_rd, void *arg);
	void (*drop)(void *arg);	/* instead of bind(): give back what may() holds */
	void *arg;
};
uint64_t realm_create(uint64_t rd_pa, uint64_t params_pa, const struct realm_create_hooks *hooks);

#endif
