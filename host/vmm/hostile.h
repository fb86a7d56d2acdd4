/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host that misbehaves on request: RUN_OPTION "hostile-host=NAME" makes the VMM try one
 * forbidden act (or all of them) at the moment it could hurt, on the way to an ordinary run.
 * Each attempt has to be refused with the status the extension states and must leave no
 * footprint; then the same act is done where it is permitted, and has to succeed.
 */
#ifndef MICA_VMM_HOSTILE_H
#define MICA_VMM_HOSTILE_H

#include "../../lib/hash/hash.h"
#include "vmm.h"

/* When an attempt is made; realm is the one being loaded, or NULL. */
enum hostile_stage {
	STAGE_BLOB,		/* before WF_CREATE */
	STAGE_CHANNELS,		/* workflow NEW, channels full, no Realm */
	STAGE_BIND,		/* before REALM_CREATE of this role */
	STAGE_LOADING,		/* Realm built, before REALM_ACTIVATE */
	STAGE_SEALED,		/* all roles sealed, before WF_ACTIVATE */
	STAGE_ACTIVE,		/* before any REC ran */
};

/* 0 if the name is known. */
int hostile_select(struct vmm *vmm, const char *name);
/* Make the selected attempts of this stage. -1 if one was not refused as it should be. */
int hostile_at(struct vmm *vmm, enum hostile_stage stage, struct realm *realm);
/* At the end of loading: -1 if a selected attempt found no role to be tried on. */
int hostile_all_tried(struct vmm *vmm);

/* digest.c */
int state_digest(struct vmm *vmm, uint8_t digest[HASH_MAX_SIZE]);

/* acts.c: one forbidden thing each; returns X0 of the call that matters. */
typedef uint64_t (*hostile_act)(struct vmm *vmm, struct realm *realm);

struct attempt {
	const char *name;
	enum hostile_stage stage;
	/* Which Realm it is tried on; NULL: any, once. */
	bool (*suits)(const struct realm *realm);
	/* Legal steps before, so that only the act itself can be what is refused. NULL: none. */
	int (*prepare)(struct vmm *vmm, struct realm *realm);
	hostile_act act;
	uint64_t want;			/* X0 */
	/* The same act where it is permitted: this one, or `act` on an unbound Realm; else the load does it. */
	hostile_act control;
	bool unbound;
	const char *control_text;
};

extern const struct attempt attempts[];
extern const unsigned int n_attempts;

/* An unbound Realm, active, for acts no policy opens. NULL on failure; taken down by free. */
struct realm *unbound_make(struct vmm *vmm);
void unbound_free(struct vmm *vmm, struct realm *realm);

#endif
