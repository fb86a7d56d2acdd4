/* SPDX-License-Identifier: Apache-2.0 */
/* The extension's one FID: operation in X1, arguments in X2..X5. */
#include "wf.h"

static void features(const struct rmi_args *in, struct rmi_result *out)
{
	(void)in;
	out->x[1] = MICA_MAGIC_VERSION;
	out->x[2] = MICA_MAX_ROLES | (uint64_t)MICA_MAX_CHANNELS << 8 | (uint64_t)MICA_MAX_GRANTS << 24;
	out->x[3] = MICA_FEAT_SIGNALS | MICA_FEAT_AUDIT;
}

/* ROLE_RESET is not there yet: NULL answers NOT_SUPPORTED. */
static rmi_handler *const operations[] = {
	[MICA_FEATURES] = features,
	[MICA_WF_CREATE] = mica_wf_create,
	[MICA_WF_ACTIVATE] = mica_wf_activate,
	[MICA_WF_STOP] = mica_wf_stop,
	[MICA_WF_DESTROY] = mica_wf_destroy,
	[MICA_REALM_CREATE] = mica_realm_create,
	[MICA_CHAN_ADD] = mica_chan_add,
	[MICA_CHAN_REMOVE] = mica_chan_remove,
	[MICA_CHAN_MAP] = mica_chan_map,
	[MICA_CHAN_UNMAP] = mica_chan_unmap,
	[MICA_WF_INFO] = mica_wf_info,
	[MICA_AUDIT_READ] = mica_audit_read,
};

void mica_rmi(const struct rmi_args *in, struct rmi_result *out)
{
	uint64_t op = in->x[1];

	if (op < ARRAY_SIZE(operations) && operations[op] != NULL)
		operations[op](in, out);
	else
		out->x[0] = SMCCC_NOT_SUPPORTED;
}
