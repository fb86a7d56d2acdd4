/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A call of the host with one hostile argument. good() builds the world up to where the call succeeds and gives its
 * arguments; the attack spoils one, must get the status and no results, and then the call as it was must succeed: the
 * refusal left nothing behind. The control is the good call alone.
 */
#ifndef ATTACK_HOSTILE_H
#define ATTACK_HOSTILE_H

#include "attack.h"

#define ARGS	6			/* x[1] is the operation, x[2].. its arguments */

struct hostile {
	void (*good)(uint64_t x[ARGS]);
	void (*did)(const uint64_t x[ARGS]);	/* the good call succeeded: for the end of the world; or NULL */
	bool once;				/* the spoiled argument is in the world: no good call after it */
};

bool hostile(bool open, const struct hostile *h, void (*spoil)(uint64_t x[ARGS]), uint64_t want);

#define HOSTILE(op, name, h, keys, what, want, code)						\
static void spoil_##op##_##name(uint64_t x[ARGS]) { (void)x; code; }				\
ATTEMPT(op, name, "op/" #op " " keys, "the host: " what, "the argument as it should be")	\
{												\
	return hostile(open, &(h), spoil_##op##_##name, want);					\
}

/* Addresses that are no delegable memory */
#define PA_DEVICE	0x09000000UL
#define PA_MONITOR	0x40100000UL
#define PA_NOWHERE	0x100000000UL
#define PA_BEYOND	(1UL << 52)

/* Argument n names a granule in one state: what it may not be. */
#define NOT_A_GRANULE(op, n, h, name)								\
	HOSTILE(op, name##_unaligned, h, "", #name " is unaligned", RMI_ERROR_INPUT, x[n] += 8)	\
	HOSTILE(op, name##_device, h, "", #name " is a device", RMI_ERROR_INPUT, x[n] = PA_DEVICE)	\
	HOSTILE(op, name##_monitor, h, "", #name " is in the monitor", RMI_ERROR_INPUT, x[n] = PA_MONITOR)	\
	HOSTILE(op, name##_nowhere, h, "", #name " is no memory", RMI_ERROR_INPUT, x[n] = PA_NOWHERE)	\
	HOSTILE(op, name##_beyond, h, "", #name " has address bits beyond all", RMI_ERROR_INPUT, x[n] = PA_BEYOND | x[n])	\
	HOSTILE(op, name##_ns, h, "", #name " is memory of the host", RMI_ERROR_INPUT, x[n] = host_page())
/* Argument 2 names a workflow. */
#define NOT_A_WF(op, h)										\
	NOT_A_GRANULE(op, 2, h, wf)								\
	HOSTILE(op, wf_delegated, h, "", "wf is only delegated", RMI_ERROR_INPUT, x[2] = delegated())	\
	HOSTILE(op, wf_aux, h, "I9", "wf is the table of a workflow", RMI_ERROR_INPUT, x[2] = W->aux[1])	\
	HOSTILE(op, wf_rd, h, "", "wf is an RD", RMI_ERROR_INPUT, x[2] = stranger())

uint64_t stranger(void);		/* RD of a Realm that no workflow binds, in the other world */

#endif
