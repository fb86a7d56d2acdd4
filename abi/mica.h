/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Mica extension's calls: RMI operations (FID SMC_RMI_MICA, operation in X1) and RSI
 * functions (vendor hypervisor range). Normative text: docs/spec/extension.md.
 */
#ifndef MICA_ABI_MICA_H
#define MICA_ABI_MICA_H

#include "types.h"

#define MICA_MAGIC_VERSION	0x4D49434100000001UL	/* "MICA", version 1 */

/* RMI operations */
#define MICA_FEATURES		0
#define MICA_WF_CREATE		1	/* wf, params */
#define MICA_WF_ACTIVATE	2	/* wf */
#define MICA_WF_STOP		3	/* wf */
#define MICA_WF_DESTROY		4	/* wf */
#define MICA_REALM_CREATE	5	/* rd, params, wf, role */
#define MICA_ROLE_RESET		6	/* wf, role */
#define MICA_CHAN_ADD		7	/* wf, chan, pa */
#define MICA_CHAN_REMOVE	8	/* wf, chan -> X1 pa */
#define MICA_CHAN_MAP		9	/* rd, grant, off, level */
#define MICA_CHAN_UNMAP		10	/* rd, grant, off, level */
#define MICA_WF_INFO		11	/* wf, sel, index */
#define MICA_AUDIT_READ		12	/* wf, role, rule -> X1 count */

/* FEATURES X3 */
#define MICA_FEAT_GATES		(1UL << 0)
#define MICA_FEAT_SIGNALS	(1UL << 1)
#define MICA_FEAT_VTIMER	(1UL << 2)
#define MICA_FEAT_AUDIT		(1UL << 3)

/* WF_INFO selectors; WF_INFO X1.. in the listed order */
#define MICA_INFO_STATE		0	/* state, roles, sealed, bound */
#define MICA_INFO_ROLE		1	/* role state, epoch, rd PA */
#define MICA_INFO_CHANNEL	2	/* base PA, pages added, pages mapped */
#define MICA_INFO_WORKFLOW_ID	3
#define MICA_INFO_INSTANCE_ID	4

enum mica_wf_state { MICA_WF_NEW = 0, MICA_WF_ACTIVE = 1, MICA_WF_STOPPED = 2 };
enum mica_role_state {
	MICA_ROLE_EMPTY = 0,
	MICA_ROLE_LOADING = 1,
	MICA_ROLE_SEALED = 2,
	MICA_ROLE_DEAD = 3,
	MICA_ROLE_DRAINING = 4,
};

/* Status POLICY carries the number of the rule that refused, in RMI and RSI X0 alike. */
#define MICA_STATUS_POLICY	0x4DUL
#define MICA_POLICY(rule)	(MICA_STATUS_POLICY | ((uint64_t)(rule) << 8))

enum mica_rule {
	MICA_RULE_WINDOW = 1,
	MICA_RULE_MMIO = 2,
	MICA_RULE_HOSTCALL = 3,
	MICA_RULE_PSCI = 4,
	MICA_RULE_SEALED = 5,
	MICA_RULE_LAYOUT = 6,
	MICA_RULE_RIM = 7,
	MICA_RULE_SHAPE = 8,
	MICA_RULE_INCOMPLETE = 9,
	MICA_RULE_WF_STATE = 10,
	MICA_RULE_ROLE_STATE = 11,
	MICA_RULE_BLOB = 12,		/* X1 = failed canonical rule, MICA_BLOB_RULE_* */
	MICA_RULE_NO_RIGHT = 13,
	MICA_RULE_PEER_GONE = 14,
	MICA_RULE_BUSY = 15,
	MICA_RULE_LIMIT = 16,
	MICA_RULE_PARKED = 17,
	MICA_RULE_IN_USE = 18,
	MICA_RULE_IRQ = 19,
	MICA_RULES = 20,		/* one more than the last */
};

#define MICA_WF_MAX_AUX		64

/* WF_CREATE parameters, one non-secure granule */
struct mica_wf_params {
	uint64_t blob_pa;		/* page aligned; the blob is physically contiguous */
	uint64_t blob_size;		/* bytes */
	uint64_t n_aux;			/* mica_wf_aux_count() */
	uint8_t z0[0x100 - 0x18];
	uint64_t aux[MICA_WF_MAX_AUX];	/* 0x100 PAs of DELEGATED granules */
	uint8_t z1[0x1000 - 0x300];
};

/* Auxiliary granules of a workflow: blob copy and run-time tables, each rounded up to pages. */
static inline uint64_t mica_wf_aux_count(uint64_t blob_size, uint64_t roles, uint64_t channels,
					 uint64_t gates)
{
	return (blob_size + 4095) / 4096 + (256 * roles + 4095) / 4096 +
	       (16 * channels + 4095) / 4096 + (32 * gates + 4095) / 4096;
}

/* RSI functions */
#define SMC_RSI_MICA_BASE		0xC6004D00UL
#define SMC_RSI_MICA_VERSION		0xC6004D00UL
#define SMC_RSI_MICA_SELF		0xC6004D01UL	/* sel */
#define SMC_RSI_MICA_GRANT_INFO		0xC6004D02UL	/* i */
#define SMC_RSI_MICA_REGION_INFO	0xC6004D03UL	/* i */
#define SMC_RSI_MICA_GATE_INFO		0xC6004D04UL	/* i */
#define SMC_RSI_MICA_PEER_INFO		0xC6004D05UL	/* role */
#define SMC_RSI_MICA_SIGNAL		0xC6004D06UL	/* grant */
#define SMC_RSI_MICA_WAIT		0xC6004D07UL	/* mask, deadline, flags */
#define SMC_RSI_MICA_GATE_CALL		0xC6004D08UL
#define SMC_RSI_MICA_GATE_RECV		0xC6004D09UL
#define SMC_RSI_MICA_AUDIT_READ		0xC6004D0AUL	/* rule */
#define SMC_RSI_MICA_LAST		0xC6004D0AUL

#define MICA_SELF_ROLE		0	/* role, rights, grants, gates, regions, epoch */
#define MICA_SELF_WORKFLOW_ID	1
#define MICA_SELF_INSTANCE_ID	2
#define MICA_SELF_RAM		3	/* base, size */

#define MICA_WAIT_NOWAIT	(1UL << 0)

/* Realm token: private claim of a bound Realm, docs/spec/extension.md section 10 */
#define MICA_CLAIM_KEY		(-70001)
#define MICA_TOKEN_MAX		8192

#ifndef __KERNEL__
_Static_assert(sizeof(struct mica_wf_params) == 0x1000, "WfParams");
_Static_assert(__builtin_offsetof(struct mica_wf_params, aux) == 0x100, "WfParams");
#endif

#endif
