/* SPDX-License-Identifier: Apache-2.0 */
/* A policy with every name looked up and every static rule checked: what flow analysis and emitter work on. */
#ifndef MICA_POLICY_MODEL_H
#define MICA_POLICY_MODEL_H

#include "../../abi/mica_blob.h"
#include "ast.h"

struct model;

#define DEFAULT_MEMORY_NATIVE	((uint64_t)16 << 20)
#define DEFAULT_MEMORY_LINUX	((uint64_t)256 << 20)

/* The address space of every role; its upper half is the host's. */
#define IPA_BITS		39
#define UNPROTECTED_BASE	((uint64_t)1 << (IPA_BITS - 1))

enum image_kind { IMAGE_NONE, IMAGE_FILE, IMAGE_HASH, IMAGE_ANY };

struct indices { VEC_FIELDS(uint32_t); };
struct port_names { VEC_FIELDS(const char *); };	/* NULL: the role has no component */

/* ---- component files ---- */

enum port_kind { PORT_CHANNEL, PORT_WINDOW, PORT_GATE };

struct m_port {
	const char *name;
	struct span at;
	enum port_kind kind;
	bool in, out;			/* gate: serves, calls */
	bool ack, signal, keep;
	uint64_t size;			/* at least; 0: any */
	unsigned int args, results;	/* at most */
};

struct m_peer {
	const char *name;
	struct span at;
	const uint8_t *rim;		/* what it must measure; NULL: anything */
	unsigned int hash_size;
};

/* What an author says about a Realm, and the most it may be given. Read once, however many roles come from it. */
struct m_component {
	struct source src;
	struct ast ast;
	struct model *own;		/* its names and numbers; roles.v[0] is the Realm as the author gives it */
	const struct item *control;	/* or NULL */
	struct { VEC_FIELDS(struct m_port); } ports;
	struct { VEC_FIELDS(struct m_peer); } peers;
	struct { VEC_FIELDS(const struct item *); } requirements;
	bool sound;			/* else nothing is said about roles that come from it */
	uint64_t dev, ino;		/* of the file */
};

struct m_wired {			/* of one port of one role */
	const struct item *item;	/* the statement; NULL: not wired */
	uint32_t index;			/* in channels, windows or gates */
	struct span at;			/* role.port in it */
};

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
	const struct m_component *component;	/* or NULL */
	struct m_wired *wired;		/* per port of the component */
	const struct attr **peers;	/* per peer: `peer NAME = ROLE` of its realm, or NULL */
	uint32_t *peer_roles;		/* per peer: the role; NO_ROLE if there is none */
	const struct source *image_src;	/* the file image_at is in */
};

#define NO_ROLE UINT32_MAX

struct m_channel {
	const char *name;
	struct span at;
	const struct item *item;
	uint64_t size;
	bool two_way, ack, signal, keep;
	struct indices writers, readers;	/* roles in order of writing; equal if two_way */
	struct span ack_at;
	struct port_names writer_ports, reader_ports;	/* beside writers and readers */
};

struct m_window {
	const char *name;
	const struct item *item;
	uint32_t role;
	uint64_t size;
	bool in, out;			/* host -> role, role -> host */
	const char *port;		/* of the role's component; NULL */
};

struct m_gate {
	const char *name;
	const struct item *item;
	uint32_t caller, callee;
	unsigned int args, results;
	const char *caller_port, *callee_port;	/* or NULL */
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
	uint32_t role;			/* whose requirement; NO_ROLE: the workflow's own claim */
};

/* SYM_BAD: declared, but by an item in error; what uses it is left out without a word. */
enum sym_kind { SYM_ROLE, SYM_CHANNEL, SYM_WINDOW, SYM_GATE, SYM_MMIO, SYM_SET, SYM_CONST, SYM_BAD,
	SYM_PORT, SYM_PEER };		/* of a component's own model; SYM_WINDOW and SYM_GATE there are ports, too */

struct sym {
	const char *name;
	enum sym_kind kind;
	uint32_t index;
	struct span at;
	struct sym *next;		/* of the hash chain */
	bool used;
	uint32_t mark;			/* of the list that named it last */
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
	struct { VEC_FIELDS(struct m_component *); } components;
	const struct memory_files *memory;	/* instead of the disk; NULL */
	uint32_t *marks;		/* per role; see new_list() */
	uint32_t list;
	uint32_t guesses;		/* names that were unknown so far */
	uint32_t spelled;		/* roles that ends and claims came out as so far */
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

/* names.c: P104 and constants. False after an error. */
bool num_size(struct model *m, const struct num *n, uint64_t *out);
bool num_count(struct model *m, const struct num *n, uint64_t *out);

/*
 * Is something in the list at hand already? new_list() begins one; in_list() says so, list_add() adds and says
 * whether it was new. What a list can hold: roles (by index) and symbols.
 */
void new_list(struct model *m);
bool in_list(const struct model *m, uint32_t role);
bool list_add(struct model *m, uint32_t role);
bool list_add_sym(struct model *m, struct sym *s);
/* A few bytes of text can name many roles many times, by sets and `any`: P028 once there are too many. */
bool spell_out(struct model *m, const struct source *src, struct span at, uint32_t n);

/* realms.c, control.c, wires.c, claims.c */
void resolve_realm(struct model *m, const struct item *it);
void set_attr(struct model *m, struct m_role *r, const struct attr *a, const struct attr **kind);
void default_memory(struct m_role *r);
void resolve_control(struct model *m, const struct item *it);
void check_rights(struct model *m, const struct item *it);	/* the numbers in it: P402 to P404 */
void check_roles(struct model *m);
void resolve_channel(struct model *m, const struct item *it);
void resolve_window(struct model *m, const struct item *it);
void resolve_gate(struct model *m, const struct item *it);
void check_wires(struct model *m);
void resolve_claim(struct model *m, const struct item *it);
void resolve_requirements(struct model *m);
void warn_requirements(struct model *m);	/* W905 */

/* component.c: read the file a realm comes from; NULL after an error of that file or P601. */
const struct m_component *component_of(struct model *m, const struct item *it);
/* Names and numbers of a component, from c->src and c->ast. errors_before: how many there were before its file was read. */
void check_component(struct model *m, struct m_component *c, uint32_t errors_before);
/* What a requirement names, as text: P105, P503 to P507, P617. */
void check_requirement(struct model *own, const struct item *it);

/* narrow.c: what a workflow asks for beyond what the author allows. */
bool narrow_attr(struct model *m, struct m_role *r, const struct attr *a);	/* P611, P612; true: apply it */
bool narrow_port(struct model *m, uint32_t role, const struct end *e, enum port_kind kind, enum port_dir need,
		 const struct item *it, uint32_t index);			/* P603 to P605 */
bool narrow_size(struct model *m, const struct m_role *r, const char *port, const struct item *it);	/* P608, P609 */
bool narrow_words(struct model *m, const struct m_role *r, const char *port, const struct m_gate *g);	/* P616 */
void narrow_rights(struct model *m, const struct m_role *r, const struct item *it);			/* P610 */
void bind_peers(struct model *m);		/* P613, P614 */
bool port_find(const struct m_component *c, const char *name, uint32_t *index);
void need_port(struct model *m, const struct m_role *r, struct span at);				/* P606 */

/* warn.c: W901, W902, W905 to W909, W912. */
void warn_policy(struct model *m);

/* Roles an end means (a set: its members), appended to *out. False after an error. */
bool end_roles(struct model *m, const struct end *e, struct indices *out);
struct span end_span(const struct end *e);
/* "4KiB or 8KiB" for a size that is not whole pages. */
void page_multiple_hint(struct model *m, struct diag *g, uint64_t size);
bool is_page_multiple(uint64_t size);
/* P301; also for windows and ports. */
bool wire_size(struct model *m, const struct num *n, uint64_t *size);

#endif
