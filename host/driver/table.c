// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/* The RMI calls user space may make through a file. REC_ENTER is not among them: see run.c. */
#include <linux/kernel.h>

#include "mica_drv.h"

#define V	ARG_VALUE
#define G	ARG_GRANULE

static const struct mica_row rows[] = {
	{ SMC_RMI_VERSION, 0, { V } },
	{ SMC_RMI_FEATURES, 0, { V } },
	{ SMC_RMI_GRANULE_DELEGATE, 0, { G }, NULL, mica_after_delegate },
	{ SMC_RMI_GRANULE_UNDELEGATE, 0, { G }, NULL, mica_after_undelegate },
	{ SMC_RMI_DATA_CREATE, 0, { ARG_RD, G, V, ARG_PAGE, V } },
	{ SMC_RMI_DATA_CREATE_UNKNOWN, 0, { ARG_RD, G, V } },
	{ SMC_RMI_DATA_DESTROY, 0, { ARG_RD, V } },
	{ SMC_RMI_REALM_ACTIVATE, 0, { ARG_RD } },
	{ SMC_RMI_REALM_CREATE, 0, { G, ARG_REALM_PARAMS },
	  mica_before_realm_create, mica_after_realm_create },
	{ SMC_RMI_REALM_DESTROY, 0, { ARG_RD }, NULL, mica_after_realm_destroy },
	{ SMC_RMI_REC_CREATE, 0, { ARG_RD, G, ARG_REC_PARAMS },
	  mica_before_rec_create, mica_after_rec_create },
	{ SMC_RMI_REC_DESTROY, 0, { ARG_REC }, mica_before_rec_destroy, mica_after_rec_destroy },
	{ SMC_RMI_RTT_CREATE, 0, { ARG_RD, G, V, V } },
	{ SMC_RMI_RTT_DESTROY, 0, { ARG_RD, V, V } },
	{ SMC_RMI_RTT_MAP_UNPROTECTED, 0, { ARG_RD, V, V, ARG_DESC } },
	{ SMC_RMI_RTT_READ_ENTRY, 0, { ARG_RD, V, V } },
	{ SMC_RMI_RTT_UNMAP_UNPROTECTED, 0, { ARG_RD, V, V } },
	{ SMC_RMI_PSCI_COMPLETE, 0, { ARG_REC, ARG_REC, V } },
	{ SMC_RMI_RTT_FOLD, 0, { ARG_RD, V, V } },
	{ SMC_RMI_REC_AUX_COUNT, 0, { ARG_RD } },
	{ SMC_RMI_RTT_INIT_RIPAS, 0, { ARG_RD, V, V } },
	{ SMC_RMI_RTT_SET_RIPAS, 0, { ARG_RD, ARG_REC, V, V } },

	/* The extension: X1 is the operation. */
	{ SMC_RMI_MICA, MICA_FEATURES, { V } },
	{ SMC_RMI_MICA, MICA_WF_CREATE, { V, G, ARG_WF_PARAMS },
	  mica_before_wf_create, mica_after_wf_create },
	{ SMC_RMI_MICA, MICA_WF_ACTIVATE, { V, ARG_WF } },
	{ SMC_RMI_MICA, MICA_WF_STOP, { V, ARG_WF } },
	{ SMC_RMI_MICA, MICA_WF_DESTROY, { V, ARG_WF }, NULL, mica_after_wf_destroy },
	{ SMC_RMI_MICA, MICA_REALM_CREATE, { V, G, ARG_REALM_PARAMS, ARG_WF, V },
	  mica_before_realm_create, mica_after_realm_create },
	{ SMC_RMI_MICA, MICA_ROLE_RESET, { V, ARG_WF, V } },
	{ SMC_RMI_MICA, MICA_CHAN_ADD, { V, ARG_WF, V, G },
	  mica_before_chan_add, mica_after_chan_add },
	{ SMC_RMI_MICA, MICA_CHAN_REMOVE, { V, ARG_WF, V }, NULL, mica_after_chan_remove },
	{ SMC_RMI_MICA, MICA_CHAN_MAP, { V, ARG_RD, V, V, V },
	  mica_before_chan_map, mica_after_chan_map },
	{ SMC_RMI_MICA, MICA_CHAN_UNMAP, { V, ARG_RD, V, V, V } },
	{ SMC_RMI_MICA, MICA_WF_INFO, { V, ARG_WF, V, V } },
	{ SMC_RMI_MICA, MICA_AUDIT_READ, { V, ARG_WF, V, V } },
};

const struct mica_row *mica_row(u64 fid, u64 op)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].fid == fid && (fid != SMC_RMI_MICA || rows[i].op == op))
			return &rows[i];
	return NULL;
}
