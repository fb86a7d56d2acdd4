/* SPDX-License-Identifier: Apache-2.0 */
/* A policy as it was written: items in order, names not looked up yet. */
#ifndef MICA_POLICY_AST_H
#define MICA_POLICY_AST_H

#include "diag.h"

struct ref {				/* a name and where it stands */
	const char *name;
	struct span at;
};

enum num_kind { NUM_NONE, NUM_INT, NUM_SIZE, NUM_CONST };

struct num {
	enum num_kind kind;
	uint64_t value;			/* INT, SIZE */
	const char *name;		/* CONST */
	struct span at;
};

struct end {				/* of a channel, window or gate: role, set, host, or role.port */
	struct ref role;
	struct ref port;		/* name NULL if none */
};

/* What may follow a statement: r_attr, c_attr, right. Which fields are used depends on the word. */
struct attr {
	const char *word;
	struct span at;
	struct num num, place;		/* memory, vcpus; mmio size and `at` */
	struct ref ref, ref2;		/* peer; mmio name */
	const char *path;		/* image "F" */
	const char *algo;		/* sha256, sha512, or NULL */
	bool any;			/* image any */
	const uint8_t *hash;		/* measurement */
	uint32_t hash_size;
	struct { VEC_FIELDS(struct num); } nums;	/* interrupts */
};

enum item_kind {
	ITEM_CONST, ITEM_SET, ITEM_REALM, ITEM_CHANNEL, ITEM_WINDOW, ITEM_GATE, ITEM_CONTROL, ITEM_NEVER,
	ITEM_MUST,
	/* component files only; they have ITEM_CONTROL (without names), ITEM_NEVER and ITEM_MUST, too */
	ITEM_ATTR,			/* image and build attributes: attrs.v[0] */
	ITEM_PORT, ITEM_PORT_WINDOW, ITEM_PORT_GATE, ITEM_PEER,
};

enum port_dir { DIR_IN = 1, DIR_OUT = 2, DIR_INOUT = DIR_IN | DIR_OUT };	/* seen from the component */

struct refs { VEC_FIELDS(struct ref); };
struct ends { VEC_FIELDS(struct end); };
struct lines { VEC_FIELDS(const char *); };

struct item {
	enum item_kind kind;
	struct span word;		/* its first word */
	struct span at;			/* all of it */
	struct refs names;		/* realm: several; set: its members; control: roles; else its name */
	struct ref set;			/* ITEM_SET: its name */
	struct num value;		/* const; size of channel or window; gate args */
	struct num value2;		/* gate results */
	struct ends left, right;
	struct span arrow;
	bool two_way;
	const char *from;		/* realm r from "F" */
	struct span from_at;		/* the path */
	struct { VEC_FIELDS(struct attr); } attrs;
	struct refs a, b, via;		/* claims; `any` and `host` are names here */
	bool has_via;
	const struct source *src;	/* the file all of it stands in */
	struct lines doc;		/* of its `##` comment, without the marks */
	bool require;			/* claim of a component file; not there: P619 */
	enum port_dir dir;		/* ITEM_PORT, ITEM_PORT_WINDOW */
	bool calls;			/* ITEM_PORT_GATE: calls, not serves */
	struct attr peer;		/* ITEM_PEER: its measurement, if hash is not NULL */
};

struct ast {
	struct ref workflow;		/* or component: its name */
	bool component;
	struct lines doc;		/* of the workflow or component itself */
	struct { VEC_FIELDS(struct item); } items;
	struct refs bad;		/* names declared by items in error */
};

/*
 * Parse @src. Items in error are reported and left out; the rest is in *ast. False if nothing useful came
 * out of it (neither workflow nor component). W911 comes from here, too.
 */
bool parse(struct arena *a, struct diags *d, const struct source *src, struct ast *ast);

#endif
