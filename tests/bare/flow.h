/* SPDX-License-Identifier: Apache-2.0 */
/* Workflows of two bound Realms with the image of tests/bare/realm, a window each, and a gate from the first to the second if wanted. */
#ifndef BARE_FLOW_H
#define BARE_FLOW_H

#include "../../abi/mica.h"
#include "../../abi/mica_blob.h"
#include "bare.h"

#define MICA(op, ...)	RMI(MICA, MICA_##op, ##__VA_ARGS__)
#define MICA0(op, ...)	MICA(op, ##__VA_ARGS__).x[0]

#define FLOW_ROLES	2
struct flow_role {
	const char *name;		/* ascending */
	uint32_t rights;
	uint64_t arg;			/* which realm_* routine */
};

struct flow {
	uint64_t wf, aux[MICA_WF_MAX_AUX];
	unsigned int n_aux;
	struct realm realm[FLOW_ROLES];
};

/* Each step expects success. VMIDs @vmid and the next. */
void flow_start(struct flow *f, const struct flow_role roles[FLOW_ROLES], bool gate, uint16_t vmid);
void flow_end(struct flow *f);		/* stop; every granule back to the host */

uint64_t flow_enter(struct flow *f, unsigned int role);
struct rmi_rec_exit *flow_left(struct flow *f, unsigned int role);
/* Nothing but the exit reason is shown. */
bool only_reason(const struct rmi_rec_exit *e);

#endif
