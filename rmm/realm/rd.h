/* SPDX-License-Identifier: Apache-2.0 */
/* Realm Descriptor: the contents of an RD granule. */
#ifndef RMM_REALM_RD_H
#define RMM_REALM_RD_H

#include "../../lib/hash/hash.h"
#include "../s2tt/s2tt.h"

enum realm_state { REALM_NEW = 0, REALM_ACTIVE = 1, REALM_SYSTEM_OFF = 2 };

#define REALM_SLOTS	5		/* RIM and four REMs */

/* Mica: which role of which workflow this Realm is. wf == NULL: unbound. Constant but for the counters. */
struct mica_binding {
	struct granule *wf;
	uint16_t role;
	uint64_t ram_pages;		/* leaves ASSIGNED with RIPAS RAM, in pages */
	uint64_t chan_pages;		/* channel pages mapped */
	uint64_t window_pages;		/* unprotected pages mapped */
};

/* Under the RD granule's lock, unless said otherwise. */
struct rd {
	uint32_t state;			/* enum realm_state; atomic, may be read without the lock */
	uint32_t rec_index;		/* index of the next REC: number of RECs ever created; constant once ACTIVE */
	struct s2_root s2;		/* constant */
	uint64_t flags;			/* RmiRealmFlags, constant */
	uint8_t hash_algo;		/* constant */
	uint8_t num_bps, num_wps, sve_vl, pmu_num_ctrs;	/* constant */
	uint8_t rpv[64];		/* constant */
	_Alignas(uint64_t) uint8_t measurement[REALM_SLOTS][HASH_MAX_SIZE];
	struct mica_binding mica;
	uint8_t last_rec[MAX_CPUS];	/* who ran on that CPU last: index + 1; 0: none yet. Each CPU its own, without the lock */
};
_Static_assert(sizeof(struct rd) <= GRANULE_SIZE, "an RD is one granule");

static inline enum realm_state rd_state(const struct rd *rd)
{
	return __atomic_load_n(&rd->state, __ATOMIC_SEQ_CST);
}

static inline bool rd_bound(const struct rd *rd)
{
	return rd->mica.wf != NULL;
}

#endif
