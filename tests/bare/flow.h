/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workflows of bound Realms with the image of tests/bare/realm and a window each. Steps expect success; scenarios use those they
 * are about.
 */
#ifndef BARE_FLOW_H
#define BARE_FLOW_H

#include "../../abi/mica.h"
#include "../../abi/mica_blob.h"
#include "bare.h"

#define MICA(op, ...)	RMI(MICA, MICA_##op, ##__VA_ARGS__)
#define MICA0(op, ...)	MICA(op, ##__VA_ARGS__).x[0]

#define FLOW_CHANNELS	(1UL << 30)	/* IPA of the first channel; the next follows, on a boundary of 2 MiB if it is that big */
#define FLOW_BLOCK	(2UL << 20)

struct flow_role {
	const char *name;		/* ascending */
	uint32_t rights;
	uint64_t arg;			/* which realm_* routine */
};

/* Between roles, by (caller, callee); a role serves one gate at most. */
struct flow_gate {
	uint8_t caller, callee, args, results;
};

struct flow_channel {
	uint32_t pages;
	uint16_t flags;
	uint8_t from, to;		/* roles */
};

struct flow_plan {
	const struct flow_role *roles;
	const struct flow_gate *gates;
	const struct flow_channel *channels;	/* in both roles in this order */
	unsigned int n_roles, n_gates, n_channels;
	int level;			/* of the leaves that channels are mapped by, 2 or 3; all of them are whole leaves */
	uint64_t ram;			/* of each role, below FLOW_CHANNELS; 0: as much as the image takes */
	bool fold;			/* whole blocks of it, but for the image's */
};

struct flow {
	struct flow_plan plan;
	uint64_t wf, params, aux[MICA_WF_MAX_AUX];
	unsigned int n_aux;
	uint64_t channel[MICA_MAX_CHANNELS];	/* PA of the first page */
	struct realm realm[MICA_MAX_ROLES];
};

void flow_create(struct flow *f, const struct flow_plan *plan);
void flow_add(struct flow *f, unsigned int channel);
/* All but its channels and REALM_ACTIVATE. */
void flow_load(struct flow *f, unsigned int role, uint16_t vmid);
uint64_t flow_channel_ipa(const struct flow *f, unsigned int channel);
uint64_t flow_image(void);		/* its size; what is behind it in a role's RAM, nobody uses */
/* Tables for all channels of a role, if there are any, and their leaves; and back. */
void flow_map(struct flow *f, unsigned int role);
void flow_unmap(struct flow *f, unsigned int role);
void flow_unload(struct flow *f, unsigned int role);
void flow_remove(struct flow *f, unsigned int channel);
void flow_destroy(struct flow *f);	/* stopped and empty; every granule of its own back to the host */

/* All of it. VMIDs @vmid and up. */
void flow_start_plan(struct flow *f, const struct flow_plan *plan, uint16_t vmid);
void flow_end(struct flow *f);		/* stop; every granule back to the host */

/* Of two roles, with a gate of one word there and two back from the first to the second if wanted. */
#define FLOW_ROLES	2
void flow_start(struct flow *f, const struct flow_role roles[FLOW_ROLES], bool gate, uint16_t vmid);

uint64_t flow_enter(struct flow *f, unsigned int role);
struct rmi_rec_exit *flow_left(struct flow *f, unsigned int role);
/* Nothing but the exit reason is shown. */
bool only_reason(const struct rmi_rec_exit *e);

#endif
