/* SPDX-License-Identifier: Apache-2.0 */
/* A policy with every name looked up and every static rule checked: what flow analysis and emitter work on. */
#ifndef MICA_POLICY_MODEL_H
#define MICA_POLICY_MODEL_H

#include "../../abi/mica_blob.h"
#include "ast.h"

#define DEFAULT_MEMORY_NATIVE	((uint64_t)16 << 20)
#define DEFAULT_MEMORY_LINUX	((uint64_t)256 << 20)

enum image_kind { IMAGE_NONE, IMAGE_FILE, IMAGE_HASH, IMAGE_ANY };

struct indices { VEC_FIELDS(uint32_t); };

struct m_role {
	const char *name;
	struct span at;
	const struct item *item;
	enum image_kind image;
	struct span image_at;
	const char *path;		/* IMAGE_FILE */
	unsigned int hash_size;		/* 32 or 64 */
	const uint8_t *rim;		/* IMAGE_HASH */
	uint64_t memory;
	unsigned int vcpus;
	bool linux_guest, restart, declassifies;
	struct span declassifies_at;
	uint32_t rights;		/* MICA_RIGHT_* */
	const struct item *control;
	struct indices writes, reads;	/* channels; a two-way one is in both */
	struct indices windows, gates;
	unsigned int serves;		/* gates */
	bool used;			/* has a connection of any kind */
};

struct m_channel {
	const char *name;
	struct span at;
	const struct item *item;
	uint64_t size;
	bool two_way, ack, signal, keep;
	struct indices writers, readers;	/* roles in order of writing; equal if two_way */
	struct span ack_at;
};

struct m_window {
	const char *name;
	const struct item *item;
	uint32_t role;
	uint64_t size;
	bool in, out;			/* host -> role, role -> host */
};

struct m_gate {
	const char *name;
	const struct item *item;
	uint32_t caller, callee;
	unsigned int args, results;
};

struct m_mmio {
	const char *name;
	const struct item *item;
	uint32_t role;
	uint64_t size;
};

/* One side of a claim: roles and channels; host and any apart. */
struct m_side {
	struct indices roles, channels;
	bool host, any;
};

struct m_claim {
	const struct item *item;
	bool must;
	struct m_side a, b;
	struct indices via;
};

/* SYM_BAD: declared, but by an item in error; what uses it is left out without a word. */
enum sym_kind { SYM_ROLE, SYM_CHANNEL, SYM_WINDOW, SYM_GATE, SYM_MMIO, SYM_SET, SYM_CONST, SYM_BAD };

struct sym {
	const char *name;
	enum sym_kind kind;
	uint32_t index;
	struct span at;
	struct sym *next;		/* of the hash chain */
	bool used;
};

struct m_set { struct indices roles; struct span at; const char *name; };

struct model {
	struct arena *arena;
	struct diags *diags;
	const struct source *src;
	const struct ast *ast;
	const char *name;
	struct { VEC_FIELDS(struct m_role); } roles;
	struct { VEC_FIELDS(struct m_channel); } channels;
	struct { VEC_FIELDS(struct m_window); } windows;
	struct { VEC_FIELDS(struct m_gate); } gates;
	struct { VEC_FIELDS(struct m_mmio); } mmios;
	struct { VEC_FIELDS(struct m_claim); } claims;
	struct { VEC_FIELDS(struct m_set); } sets;
	struct { VEC_FIELDS(struct num); } consts;
	struct sym **table;
	uint32_t table_size;		/* power of two */
};

/* Fill *m from @ast. Errors go to m->diags; what is in error is left out of the model. */
void resolve(struct model *m);

/* names.c: the one namespace. */
void sym_init(struct model *m, uint32_t expected);
struct sym *sym_find(const struct model *m, const char *name);
/* Declare; NULL after P101. */
struct sym *sym_add(struct model *m, enum sym_kind kind, struct ref name, uint32_t index);
/* P102, with the nearest name as a hint. */
void sym_unknown(struct model *m, struct ref name);
const char *sym_kind_text(enum sym_kind kind);	/* "a channel" */

/* numbers.c: P104 and constants. False after an error. */
bool num_size(struct model *m, const struct num *n, uint64_t *out);
bool num_count(struct model *m, const struct num *n, uint64_t *out);

/* realms.c, wires.c, claims.c */
void resolve_realm(struct model *m, const struct item *it);
void resolve_control(struct model *m, const struct item *it);
void check_roles(struct model *m);
void resolve_channel(struct model *m, const struct item *it);
void resolve_window(struct model *m, const struct item *it);
void resolve_gate(struct model *m, const struct item *it);
void check_wires(struct model *m);
void resolve_claim(struct model *m, const struct item *it);

/* Roles an end means (a set: its members), appended to *out. False after an error. */
bool end_roles(struct model *m, const struct end *e, struct indices *out);
/* "4KiB or 8KiB" for a size that is not whole pages. */
void page_multiple_hint(struct model *m, struct diag *g, uint64_t size);
bool is_page_multiple(uint64_t size);

#endif
