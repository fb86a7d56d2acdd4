/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CPUs as threads: in each round two or three of them make one call each, at the same time. What came out must be what the reference model
 * gives for one order of the calls' steps; that model is then the truth for the next round.
 */
#ifndef TESTS_SMP_H
#define TESTS_SMP_H

#include "../fuzz/seq.h"

#define SMP_CPUS	3

/* One CPU's part of a round. */
struct part {
	bool enter;
	bool waits;			/* until the Realm of parts[0] runs, if it ever does */
	/* a call */
	struct chosen_call call;
	uint64_t out[4];
	/* REC_ENTER of a Realm that makes one call and is then interrupted */
	uint64_t rec, run;
	struct rmi_rec_enter entry;
	uint64_t script[31];		/* its registers at the call */
	bool ran, ran_on;		/* it ran; the call came back to it */
	uint64_t found[31], after[31];	/* its registers when it ran first, when the call came back */
	uint64_t pc;
	struct rmi_rec_exit exit;
	/* either */
	uint64_t x0;
	unsigned int step;		/* steps the model has taken; explain.c */
	bool done, leaves;
	struct rmi_rec_exit want;
};

/* Two parts that compete; false: nothing there to compete for. */
bool choose_pair(struct part *parts);
bool choose_wf_pair(struct part *parts);

/* Find an order; the model becomes its outcome. False: there is none. */
bool explain(struct part *parts, unsigned int n);
void show_state(void);		/* where machine and model differ now, into the trace */

#endif
