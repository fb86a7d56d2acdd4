/* SPDX-License-Identifier: Apache-2.0 */
/* A workflow as `mica build` compiled it, loaded by a bare-metal host: each Realm by its load plan, channels, windows. */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include "../../bare/bare.h"

#define LOAD_ROLES	3		/* at most */

struct load {
	uint64_t wf;
	struct { uint64_t rd, rec, run; } role[LOAD_ROLES];
};

/* Granules delegated so far, by what they became. */
enum load_memory { LOAD_WORKFLOW, LOAD_RD, LOAD_REC, LOAD_TABLES, LOAD_RAM, LOAD_CHANNEL, LOAD_KINDS };
extern uint64_t load_granules[LOAD_KINDS];

struct load_image {
	const uint8_t *start, *end;
};

/* Each step expects success. All windows show the same host pages, from @window on. Up to WF_ACTIVATE. */
void load_workflow(struct load *l, const struct load_image *blob, const struct load_image images[LOAD_ROLES], uint64_t window);

/* The same with host pages of its own for each window: windows[], up to one without a name. */
struct load_window {
	const char *name;
	uint64_t pa;
};
void load_workflow_at(struct load *l, const struct load_image *blob, const struct load_image images[LOAD_ROLES],
		      const struct load_window *windows);

#endif
