/* SPDX-License-Identifier: Apache-2.0 */
/* The virtual GIC CPU interface of a REC: checking what the host supplies, switching registers. */
#ifndef RMM_REALM_GIC_H
#define RMM_REALM_GIC_H

#include "rec.h"

#define LR_STATE(lr)		((lr) >> 62)		/* 0: nothing in it */
#define LR_VINTID(lr)		((lr) & 0xffffffffUL)

unsigned int gic_num_lrs(void);

/* Are gicv3_hcr and the implemented list registers of an entry record valid? RMM specification, RmiRecEnter. */
bool gic_entry_valid(const struct rmi_rec_enter *enter);

/* Take the host's part over into the REC; active priorities and VMCR stay the Realm's. */
void gic_from_host(struct rec_gic *gic, const struct rmi_rec_enter *enter);
void gic_to_host(const struct rec_gic *gic, struct rmi_rec_exit *exit);

void gic_init(struct rec_gic *gic);
void gic_load(const struct rec_gic *gic);
/* Also leaves the interface off and empty. */
void gic_save(struct rec_gic *gic);

/* A REC that no host looks after: no maintenance interrupts, no trap of ICC_DIR_EL1. */
void gic_without_host(struct rec_gic *gic);

/* Does the host trap writes of ICC_DIR_EL1 in this entry? */
bool gic_dir_trapped(const struct rec_gic *gic);

#endif
