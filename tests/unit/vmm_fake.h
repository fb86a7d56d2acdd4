/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device for the VMM's tests: granules with states, Realms with tables, a workflow with
 * channels, strict enough that a wrong order of calls fails as it would in the monitor; and
 * RECs played by scripts of the test.
 */
#ifndef VMM_FAKE_H
#define VMM_FAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "../../abi/mica.h"
#include "../../abi/mica_ioctl.h"
#include "../../abi/rmi.h"

/* Play the REC of a role until its next exit: fill run->exit. Return X0 of REC_ENTER. */
typedef uint64_t (*fake_role)(unsigned int role, struct rmi_rec_run *run);
/* The same for roles of several RECs; used where it is set. */
typedef uint64_t (*fake_rec)(unsigned int role, unsigned int rec, struct rmi_rec_run *run);

struct fake {
	unsigned int fail_at;		/* this RMI call (1..) answers fail_with; 0: none */
	uint64_t fail_with;
	bool no_mica;
	fake_role play[3];
	unsigned int grant_shift;	/* grant g of a role starts at 64 GiB + (g << grant_shift) */
	fake_rec play_rec[3];
	unsigned int running_for;	/* so many REC_DESTROYs find their REC running still */
	uint64_t counter;		/* dev_counter(), at 1 GHz */
	/* seen */
	unsigned int folds, fold_calls[8];	/* numbers of the calls that fold */
	unsigned int calls;
	bool wf_active, wf_stopped;
	unsigned int entered_early;	/* RECs entered while the workflow was not active */
	enum mica_role_state role_state[3];
	unsigned int epoch[3], resets;
	unsigned int irq_exits[3];	/* entries that asked for every exit */
	struct { unsigned int role, caller, target; uint64_t status; } psci[64];	/* PSCI_COMPLETEs */
	unsigned int psci_n;
};

extern struct fake fake;

void fake_reset(void);
/* Granules not back in the non-secure world. */
unsigned int fake_delegated(void);
/* Objects still there: Realms, RECs, workflows. */
unsigned int fake_objects(void);
/* Its role switched itself off, or was, while it was not the one that ran. */
void fake_role_dies(unsigned int role);
/* Host memory behind a shared page; a role's window by its guest address. */
void *fake_shared(uint64_t pa);
void *fake_window(unsigned int role, uint64_t ipa);
/* Leaves of a role's Realm at this level: of RAM, of channels. Tables at this level. */
enum fake_leaf { FAKE_RAM, FAKE_CHANNEL, FAKE_TABLE };
unsigned int fake_count(unsigned int role, enum fake_leaf kind, int level);
void fake_free(void);

#endif
