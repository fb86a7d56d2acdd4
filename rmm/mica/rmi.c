/* SPDX-License-Identifier: Apache-2.0 */
/* The extension's one FID: operation in X1, arguments in X2..X5. */
#include "wf.h"

static void features(const struct rmi_args *in, struct rmi_result *out)
{
	(void)in;
	out->x[1] = MICA_MAGIC_VERSION;
	out->x[2] = MICA_MAX_ROLES | (uint64_t)MICA_MAX_CHANNELS << 8 | (uint64_t)MICA_MAX_GRANTS << 24 |
		    (uint64_t)MICA_MAX_GATES << 40 | (uint64_t)MICA_GATE_DEPTH << 48;
	out->x[3] = MICA_FEAT_GATES | MICA_FEAT_SIGNALS | MICA_FEAT_AUDIT | (vtimer_supported() ? MICA_FEAT_VTIMER : 0);
}

/* Those that name a workflow in X2 and need nothing locked before it are called with it locked. */
static const struct {
	rmi_handler *handler;
	wf_operation *on_wf;
} operations[] = {
	[MICA_FEATURES] = { .handler = features },
	[MICA_WF_CREATE] = { .handler = mica_wf_create },
	[MICA_WF_ACTIVATE] = { .on_wf = mica_wf_activate },
	[MICA_WF_STOP] = { .on_wf = mica_wf_stop },
	[MICA_WF_DESTROY] = { .handler = mica_wf_destroy },
	[MICA_REALM_CREATE] = { .handler = mica_realm_create },
	[MICA_ROLE_RESET] = { .on_wf = mica_role_reset },
	[MICA_CHAN_ADD] = { .handler = mica_chan_add },
	[MICA_CHAN_REMOVE] = { .on_wf = mica_chan_remove },
	[MICA_CHAN_MAP] = { .handler = mica_chan_map },
	[MICA_CHAN_UNMAP] = { .handler = mica_chan_unmap },
	[MICA_WF_INFO] = { .on_wf = mica_wf_info },
	[MICA_AUDIT_READ] = { .on_wf = mica_audit_read },
};

void mica_rmi(const struct rmi_args *in, struct rmi_result *out)
{
	uint64_t op = in->x[1];
	struct granule *g;

	if (op >= ARRAY_SIZE(operations)) {
		out->x[0] = SMCCC_NOT_SUPPORTED;
	} else if (operations[op].handler != NULL) {
		operations[op].handler(in, out);
	} else if ((g = wf_find_lock(pa(in->x[2]))) != NULL) {
		out->x[0] = operations[op].on_wf(wf_of(g), in, out);
		granule_unlock(g);
	} else {
		out->x[0] = RMI_ERROR_INPUT;
	}
}
