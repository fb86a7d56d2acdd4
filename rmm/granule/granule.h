/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every 4 KiB page of delegable DRAM: state, lock, reference count. Knows nothing of Realms.
 * Invariant: an unlocked DELEGATED granule holds only zeroes.
 * Source: RMM specification, Granule; extension states: docs/spec/extension.md section 2.
 */
#ifndef RMM_GRANULE_H
#define RMM_GRANULE_H

#include "../core/spinlock.h"
#include "../core/types.h"

enum granule_state {
	GRANULE_NS = 0,			/* undelegated: non-secure, or not ours to ask */
	GRANULE_DELEGATED,
	GRANULE_RD,
	GRANULE_REC,
	GRANULE_REC_AUX,
	GRANULE_RTT,
	GRANULE_DATA,
	GRANULE_WF,			/* Mica: workflow */
	GRANULE_WF_AUX,			/* Mica: blob copy and run-time tables */
	GRANULE_CHAN,			/* Mica: channel page */
	GRANULE_NSTATES,
};

/* All fields under lock, except that refs of a REC (running) may be read without. */
struct granule {
	spinlock_t lock;
	uint8_t state;			/* enum granule_state */
	/*
	 * RD: live RECs. REC: > 0 while running. RTT: live entries (TABLE, ASSIGNED of any RIPAS, ASSIGNED_CHAN;
	 * not ASSIGNED_NS). WF, others: 0.
	 */
	uint16_t refs;
};

void granule_init(pa_t base, uint64_t size);	/* the DRAM bank; the monitor's own image excluded */

/* NULL if unaligned, or not delegable DRAM. */
struct granule *granule_find(pa_t pa);
pa_t granule_pa(const struct granule *g);
/* Contents, through the monitor's map. Any state but NS. */
void *granule_va(const struct granule *g);

/*
 * Lock the granule at @pa if it is in state @want; any value of @pa, it comes from the host.
 * NULL if unaligned, not delegable or in another state. Held until granule_unlock().
 */
struct granule *granule_find_lock(pa_t pa, enum granule_state want);
/* Lock a granule known to be in @want (a pointer kept in monitor memory); other states are a bug. */
void granule_lock(struct granule *g, enum granule_state want);
void granule_unlock(struct granule *g);
/* Change state and unlock; asserts that the transition is one of the table. */
void granule_unlock_to(struct granule *g, enum granule_state next);
/* Wipe contents, go to DELEGATED, unlock. */
void granule_release(struct granule *g);

/*
 * Lock several host-named granules: sorted by address, duplicates refused, all or none.
 * False: nothing is locked. reqs is left in the caller's order.
 */
struct granule_req {
	pa_t pa;
	enum granule_state want;
	struct granule *g;		/* out */
};
#define GRANULE_REQ_MAX	68		/* WF_CREATE: wf and 64 aux */
bool granule_lock_set(struct granule_req *reqs, unsigned int n);
void granule_unlock_set(struct granule_req *reqs, unsigned int n);

/* Does the tracking say that the page of @pa is the host's? Unlocked: a look, not a promise. */
bool granule_is_ns(pa_t pa);
/* Read size bytes at @pa if its granule is NS: tracking first, then the access itself. */
bool granule_ns_read(pa_t pa, void *dst, size_t size);
bool granule_ns_write(pa_t pa, const void *src, size_t size);

#endif
