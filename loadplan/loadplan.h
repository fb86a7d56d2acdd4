/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The load plan: the exact order of RMI calls that builds a Realm, and hence its RIM. One
 * library for the VMM, which carries the plan out, and `mica build`, which measures it: a
 * measurement computed offline equals the one in the token because there is one plan.
 * No allocation; the caller owns the image for as long as the plan is used.
 *
 * Native plan, in order (RIM-relevant steps marked *):
 *   * REALM_CREATE with the parameters below
 *     RTT_CREATE of the tables above the RAM, level 2 (and 3 for a tail that is no multiple of 2 MiB)
 *   * INIT_RIPAS over RAM, one descriptor per RTT entry: level 2 where whole blocks, level 3 in the tail
 *     RTT_CREATE of the level 3 tables under the RAM
 *     each page of RAM from ram_base upward:
 *   * DATA_CREATE, measured, of a page of the image, zero padded
 *     DATA_CREATE_UNKNOWN of the others: pages the monitor wiped, so contents are zero
 *   * REC_CREATE 0..vcpus-1, all runnable, pc = ram_base, gprs zero
 * An operating system is booted as its boot protocol says: only REC 0 is runnable, and its X0 is boot_x0; the
 * others come by CPU_ON. Its image may have more parts, which lie above the first. The rest of the plan is the same.
 * Tables for channels and windows are created after, by the VMM; they are not in the RIM.
 */
#ifndef MICA_LOADPLAN_H
#define MICA_LOADPLAN_H

#include <stddef.h>
#include <stdint.h>

#include "../abi/rmi.h"

struct loadplan_part {
	uint64_t off;			/* bytes from ram_base, page aligned */
	const uint8_t *data;
	size_t size;			/* not 0 */
};

#define LOADPLAN_MAX_PARTS	4

struct loadplan_realm {
	uint8_t s2sz;			/* IPA width, bits */
	uint8_t hash;			/* enum rmi_hash */
	uint8_t vcpus;
	uint8_t num_bps, num_wps, sve_vl;
	uint64_t flags;			/* RmiRealmFlags */
	uint64_t ram_base, ram_size;	/* bytes, page aligned */
	const uint8_t *image;
	size_t image_size;		/* 1..ram_size */
	const struct loadplan_part *parts;	/* more of the image, ascending, no page twice; or NULL */
	unsigned int n_parts;
	uint64_t boot_x0;		/* not 0: an operating system's boot, see above */
};

enum loadplan_op {
	LP_REALM_CREATE,
	LP_RTT_CREATE,			/* ipa, level */
	LP_INIT_RIPAS,			/* ipa..top, whose entries are at `level` */
	LP_DATA_CREATE,			/* ipa, data (4096 bytes, already zero padded) */
	LP_DATA_CREATE_UNKNOWN,		/* ipa */
	LP_REC_CREATE,			/* rec */
	LP_DONE,
};

struct loadplan_step {
	enum loadplan_op op;
	uint64_t ipa, top;
	int level;
	unsigned int rec;		/* index = MPIDR.Aff0 */
	const uint8_t *data;		/* points into the image, or into `page` of the plan */
};

struct loadplan {
	const struct loadplan_realm *realm;
	unsigned int phase;
	uint64_t next;
	unsigned int part;		/* DATA: the next part; image comes before all of them */
	uint8_t page[4096];
};

/* 0, or -EINVAL if the shape cannot be loaded (sizes, alignment, image larger than RAM). */
int loadplan_begin(struct loadplan *lp, const struct loadplan_realm *realm);
/* The next step; LP_DONE for ever after the last. */
void loadplan_next(struct loadplan *lp, struct loadplan_step *step);

/* Fill what REALM_CREATE measures, and start level and number of start tables; the rest stays zero. */
void loadplan_params(const struct loadplan_realm *realm, struct rmi_realm_params *params);
void loadplan_rec_params(const struct loadplan_realm *realm, unsigned int rec,
			 struct rmi_rec_params *params);

/* The RIM of the plan: 32 or 64 bytes, zero padded to 64. 0 or -EINVAL. */
int loadplan_rim(const struct loadplan_realm *realm, uint8_t rim[64]);

/* Start level and number of concatenated start tables for an IPA width (no LPA2). */
int loadplan_start_level(unsigned int s2sz);
unsigned int loadplan_start_tables(unsigned int s2sz);

#endif
