/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Self-hosted debug of a Realm: breakpoints, watchpoints, software step. Every access to a debug register traps and is served
 * from the REC; the hardware holds the Realm's breakpoints only while MDSCR_EL1.MDE lets them fire, the host's otherwise.
 * Debug exceptions go to EL1, hence the monitor takes none whatever is loaded. Source: Arm ARM, self-hosted debug.
 */
#ifndef RMM_REALM_DEBUG_H
#define RMM_REALM_DEBUG_H

#include "../core/types.h"

#define DEBUG_MAX	16		/* of each */

/* In the order of op2. */
enum debug_reg { DEBUG_BVR, DEBUG_BCR, DEBUG_WVR, DEBUG_WCR, DEBUG_REGS };

struct debug_regs {
	uint64_t r[DEBUG_REGS][DEBUG_MAX];
};

struct rec_debug {
	struct debug_regs regs;		/* as the Realm wrote them, by its own numbers */
	uint64_t mdscr;			/* likewise; the register has less while the OS lock is on */
	bool os_lock;
	bool loaded;			/* regs are in the hardware, the host's kept per CPU */
};

struct rec;

/*
 * The loaded Realm reads or writes a register of op0 = 2, op1 = 0 or 3, encoded as in ESR_EL2. False: it has none of that number.
 * What is neither breakpoint, watchpoint, MDSCR_EL1 nor OS lock reads as zero and ignores writes.
 */
bool debug_read(const struct rec *rec, uint64_t reg, uint64_t *value);
bool debug_write(struct rec *rec, uint64_t reg, uint64_t value);

/* Once MDSCR_EL1 is loaded, and before the host's is. */
void debug_load(struct rec *rec);
void debug_unload(struct rec *rec);

#endif
