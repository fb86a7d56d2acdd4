/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A redactor that tries to leak. Each attempt is one act; what happened to it is told by the
 * exception it raised, the status it got, and the Realm's own audit counters in the monitor.
 */
#ifndef HOSTILE_H
#define HOSTILE_H

#include <mica.h>

enum outcome {
	DONE,			/* the act happened: on a policy that does not open it, a hole */
	FAULTED,		/* an exception stopped it */
	STATUS,			/* a status refused it */
	NOTHING,		/* the policy gives nothing to try it on */
};

struct result {
	enum outcome outcome;
	uint64_t value;		/* ESR_EL1, or X0 */
};

struct attempt {
	const char *name;
	struct result (*act)(void);
};

extern const struct attempt attempts[];
extern const unsigned int n_attempts;

/* What must not get out: the first bytes of the log. Acts use it as data wherever they can. */
extern uint64_t hostile_secret;

/* One access at any address, caught: FAULTED, or DONE and the value loaded. */
struct result try_load(uint64_t va);
struct result try_load_byte(uint64_t va);
struct result try_load_pair(uint64_t va);
struct result try_store(uint64_t va);
struct result try_store_byte(uint64_t va);
struct result try_store_pair(uint64_t va);
struct result try_atomic(uint64_t va);
struct result try_exclusive(uint64_t va);
struct result try_zero_block(uint64_t va);	/* DC ZVA */
struct result try_call(uint64_t va);		/* instruction fetch; a RET there comes back */
struct result try_hvc(void);
/* SMC: STATUS if X0 is not 0, else DONE. */
struct result try_smc(uint64_t fid, uint64_t a, uint64_t b, uint64_t c, uint64_t d);

/* A first stage that forbids nothing, so that every address reaches the monitor's stage 2. */
void open_first_stage(void);

#endif
