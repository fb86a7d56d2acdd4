/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the emitter share: emit.c (channels, records), emit_regions.c, emit_gates.c. */
#ifndef MICA_POLICY_EMIT_H
#define MICA_POLICY_EMIT_H

#include "compile.h"

#define PAGE		4096UL
#define BLOCK		(2UL << 20)
#define RAM_BASE	0x40000000UL
#define GRANT_BASE	0x1000000000UL
#define GAP		0x10000UL

struct part {				/* a channel of the blob */
	char name[MICA_NAME_SIZE];
	const char *suffix;		/* what it has beyond the name of the source's channel */
	const struct m_channel *of;
	bool ack;			/* written by readers of that channel */
	uint64_t pages;
	uint16_t flags;
	struct indices writers, readers;	/* blob roles; writers RW, readers R */
};

struct emitter {
	struct policy *p;
	struct built *out;
	uint32_t *blob_role;		/* model role -> blob role */
	struct { VEC_FIELDS(struct part); } parts;
	struct { VEC_FIELDS(struct mica_blob_grant); } grants;
	struct { VEC_FIELDS(struct mica_blob_region); } regions;
	struct { VEC_FIELDS(struct mica_blob_gate); } gates;
};

/* The first address from @at on that suits something of @size. */
uint64_t aligned(uint64_t at, uint64_t size);
/* P702 if there are more than @max. */
void too_many(struct emitter *e, struct span at, const char *what, uint64_t n, uint64_t max);
const struct m_role *role_of(const struct emitter *e, uint32_t blob_index);
/* P703: the sum that does not fit, and what it is made of, line by line. */
struct diag *no_room(struct emitter *e, uint32_t role, const char *what, uint64_t need, uint64_t room);
void sum_line(struct emitter *e, struct diag *g, uint32_t n, uint32_t of, const char *name, uint64_t size);

/* emit_regions.c: windows, devices and interrupts of a role; how many regions the policy takes. */
void regions_of(struct emitter *e, uint32_t role);
uint64_t count_regions(struct emitter *e);

/* emit_gates.c: all gates, in the blob's order. */
void emit_gates(struct emitter *e);

#endif
