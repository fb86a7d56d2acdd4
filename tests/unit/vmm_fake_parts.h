/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the stand-in: vmm_fake.c is the monitor's objects and commands, vmm_fake_s2.c its tables, vmm_fake_dev.c the driver
 * and the memory that it lends. One lock around everything but scripts.
 */
#ifndef VMM_FAKE_PARTS_H
#define VMM_FAKE_PARTS_H

#include <pthread.h>

#include "vmm_fake.h"

#define PAGE		4096UL

extern pthread_mutex_t fake_lock;

/* ---- granules: vmm_fake_dev.c ---- */

enum granule { NS, DELEGATED, RD, REC, AUX, RTT, DATA, WF, WF_AUX, CHAN };

void memory_reset(void);
/* Does it lie in memory lent as granules, and in this state? */
bool granule_is(uint64_t pa, enum granule s);
void granule_set(uint64_t pa, enum granule s);

/* ---- stage 2: vmm_fake_s2.c; what returns uint64_t returns X0 ---- */

struct fake_realm {
	uint64_t rd;
	unsigned int role;
	int start;
	uint64_t rtt_base, rtt_num, ripas_end;
	unsigned int recs;
	bool active;
};

enum fake_kind { TABLE, PAGE_DATA, PAGE_CHAN, PAGE_NS };

void s2_reset(void);
uint64_t s2_map(struct fake_realm *r, uint64_t pa, uint64_t ipa, int level, enum fake_kind kind);
uint64_t s2_unmap(struct fake_realm *r, uint64_t ipa, int level, enum fake_kind kind, uint64_t *pa);
uint64_t s2_create(struct fake_realm *r, uint64_t rtt, uint64_t ipa, int level);
uint64_t s2_fold(struct fake_realm *r, uint64_t ipa, int level, uint64_t *out);
uint64_t s2_destroy(struct fake_realm *r, uint64_t ipa, int level);
uint64_t s2_init_ripas(struct fake_realm *r, uint64_t base, uint64_t top, uint64_t *out);
/* Is anything but the host's pages left below a table of this level? */
bool s2_live_below(const struct fake_realm *r, uint64_t ipa, int level);
/* The Realm is gone, its tables with it. */
void s2_forget(const struct fake_realm *r);

/* ---- commands: vmm_fake.c ---- */

/* x in, results from x[1] on; returns X0 */
uint64_t fake_call(uint64_t x[6]);
uint64_t fake_may_enter(unsigned int role);
/* The role and number of this REC; 0 and 0 of what is none. */
void fake_rec_at(uint64_t pa, unsigned int *role, unsigned int *index);

#endif
