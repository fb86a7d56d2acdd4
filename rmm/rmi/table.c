/* SPDX-License-Identifier: Apache-2.0 */
/* Which RMI commands exist, and how many results each has beside X0. */
#include "rmi_internal.h"

struct rmi_command {
	rmi_handler *handler;		/* NULL: unallocated */
	uint8_t outputs;		/* X1.. */
};

#define RMI(name, outs, fn)	[SMC_RMI_##name - SMC_RMI_BASE] = { .handler = (fn), .outputs = (outs) }

static const struct rmi_command commands[] = {
	RMI(VERSION,			2, rmi_version),
	RMI(GRANULE_DELEGATE,		0, rmi_granule_delegate),
	RMI(GRANULE_UNDELEGATE,		0, rmi_granule_undelegate),
	RMI(DATA_CREATE,		0, rmi_data_create),
	RMI(DATA_CREATE_UNKNOWN,	0, rmi_data_create_unknown),
	RMI(DATA_DESTROY,		2, rmi_data_destroy),
	RMI(REALM_ACTIVATE,		0, rmi_realm_activate),
	RMI(REALM_CREATE,		0, rmi_realm_create),
	RMI(REALM_DESTROY,		0, rmi_realm_destroy),
	RMI(REC_CREATE,			0, rmi_rec_create),
	RMI(REC_DESTROY,		0, rmi_rec_destroy),
	RMI(REC_ENTER,			0, rmi_rec_enter),
	RMI(RTT_CREATE,			0, rmi_rtt_create),
	RMI(RTT_DESTROY,		2, rmi_rtt_destroy),
	RMI(RTT_MAP_UNPROTECTED,	0, rmi_rtt_map_unprotected),
	RMI(RTT_READ_ENTRY,		4, rmi_rtt_read_entry),
	RMI(RTT_UNMAP_UNPROTECTED,	1, rmi_rtt_unmap_unprotected),
	RMI(PSCI_COMPLETE,		0, rmi_psci_complete),
	RMI(FEATURES,			1, rmi_features),
	RMI(RTT_FOLD,			1, rmi_rtt_fold),
	RMI(REC_AUX_COUNT,		1, rmi_rec_aux_count),
	RMI(RTT_INIT_RIPAS,		1, rmi_rtt_init_ripas),
	RMI(RTT_SET_RIPAS,		1, rmi_rtt_set_ripas),
	RMI(MICA,			4, mica_rmi),
};

#define X4	4	/* the last result register; the host keeps its own where it is not a result */

void rmi_dispatch(uint64_t fid, const struct rmi_args *in, struct rmi_result *out)
{
	uint64_t n = (fid & ~SMCCC_SVE_HINT) - SMC_RMI_BASE;	/* wraps to a huge number below the range */

	*out = (struct rmi_result){ { 0 } };
	if (n < ARRAY_SIZE(commands) && commands[n].handler != NULL) {
		commands[n].handler(in, out);
		if (commands[n].outputs == X4)
			return;
	} else {
		out->x[0] = SMCCC_NOT_SUPPORTED;
	}
	out->x[X4] = in->x[X4];
}
