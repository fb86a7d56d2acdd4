/* SPDX-License-Identifier: Apache-2.0 */
/* The host of the non-interference runs: a workflow of any shape, and the recorder of all that the host can read. */
#ifndef NONINT_H
#define NONINT_H

#include "../../abi/mica.h"
#include "../../abi/mica_blob.h"
#include "../bare/bare.h"
#include "layout.h"

#define MICA(op, ...)	RMI(MICA, MICA_##op, ##__VA_ARGS__)
#define MICA0(op, ...)	MICA(op, ##__VA_ARGS__).x[0]
#define PAGE		GRANULE_SIZE

/* ---- a policy; records are added in the blob's canonical order ---- */
#define PLAN_ROLES	8
#define PLAN_MAX	24
struct plan {
	unsigned int roles, gates, channels, regions, grants;
	struct mica_blob_role role[PLAN_ROLES];
	struct mica_blob_gate gate[2];
	struct mica_blob_channel channel[PLAN_MAX];
	struct mica_blob_region region[PLAN_MAX];
	struct mica_blob_grant grant[PLAN_MAX];
	uint64_t arg[PLAN_ROLES];		/* X0 */
};
void plan_role(struct plan *p, const char *name, uint32_t rights, uint32_t flags, uint64_t arg);
void plan_gate(struct plan *p, unsigned int caller, unsigned int callee);	/* all words both ways */
void plan_channel(struct plan *p, const char *name);				/* a page, with signals */
void plan_region(struct plan *p, unsigned int role, enum mica_region_kind kind, uint64_t base, uint8_t rights);
void plan_grant(struct plan *p, unsigned int role, unsigned int channel, uint8_t rights, uint8_t signal, uint64_t ipa);

/* ---- and the workflow of it ---- */
struct guest {
	uint64_t rd, rtt0, l2, l3, unprot_l2, unprot_l3, rec, run, window;
	uint64_t aux[RMI_MAX_REC_AUX], aux_count;
	uint64_t pages[16];
};
struct world {
	struct plan plan;
	uint64_t wf, aux[MICA_WF_MAX_AUX];
	unsigned int n_aux;
	struct guest guest[PLAN_ROLES];
};
extern struct world world;
/* Each step expects success. @window0: PA of the window of role @window_role, not allocated; others get a page. */
void world_start(unsigned int window_role, uint64_t window);
void world_end(void);				/* stop; every granule back to the host */
void guest_load(unsigned int role);		/* to SEALED */
void guest_unload(unsigned int role);		/* of a role that is DRAINING */
uint64_t guest_enter(unsigned int role);	/* status */
const struct rmi_rec_exit *guest_exit(unsigned int role);

/* ---- the recorder ---- */
void record_start(void);
/* REC_ENTER gets an interrupt of the host's own so many ticks of the counter after it; 0: none. */
extern uint64_t record_irq_after;
/* A page that is recorded in full at every entry. */
void record_page(uint64_t pa, const char *name);
void record_sweep(const char *name);		/* every page of the host's that ever was Realm memory or shown to the monitor */
void record_end(void);				/* and which granules of all DRAM the host can read */

void nonint_run(uint64_t flags);
void residual_run(void);

#endif
