/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Mica extension in the reference model: a policy in words, a workflow's state, and the rules by which both refuse. Each
 * file is one part of docs/spec/extension.md, by section: wf.c 3, bound.c 2 and 3, chan.c 3 and 8, run.c 5 and 7, acts.c 4
 * and 5, calls.c 6 to 8; access.c is what all of it comes to: who reaches which granule. Included by model.h.
 */
#ifndef TESTS_MODEL_MICA_H
#define TESTS_MODEL_MICA_H

#include "../../abi/mica.h"
#include "../../abi/mica_blob.h"

/* As many as the policies of the tests have; the monitor's own limits are far above. */
#define M_WFS		6
#define M_ROLES		4
#define M_CHANNELS	6
#define M_GRANTS	24
#define M_REGIONS	16
#define M_GATES		6
#define M_DEPTH		4
#define M_NONE		(-1)

/* ---- a policy ---- */

struct m_role {
	uint32_t rights;			/* MICA_RIGHT_* */
	bool pinned, restart, sig_irq;
	uint8_t s2sz, hash, vcpus, num_bps, num_wps;
	uint64_t ram_base, ram_size;
	uint64_t dev_base, dev_size;		/* of its RAM, shown as a device's; or size 0 */
	uint64_t rim;				/* pinned: as in struct m_realm */
};
struct m_channel {
	unsigned int pages;
	bool signal, keep;
};
struct m_grant {
	unsigned int role, channel;
	bool writes;
	int bit;				/* of the role's pending word; or M_NONE */
	uint64_t ipa;
	char name[MICA_NAME_SIZE];
};
struct m_region {
	unsigned int role, kind, rights, pages;	/* MICA_REGION_* */
	uint64_t base;
	char name[MICA_NAME_SIZE];
};
struct m_gate {
	unsigned int caller, callee, server, args, results;
	char caller_name[MICA_NAME_SIZE], callee_name[MICA_NAME_SIZE];
};
/* Grants, regions and gates in the blob's order: by role and address, by role, kind and base, by caller, callee and server. */
struct m_policy {
	unsigned int roles, channels, grants, regions, gates;
	struct m_role role[M_ROLES];
	struct m_channel channel[M_CHANNELS];
	struct m_grant grant[M_GRANTS];
	struct m_region region[M_REGIONS];
	struct m_gate gate[M_GATES];
};

/* Bytes of the host's, read as a blob. */
struct m_blob {
	uint64_t size;
	unsigned int roles, channels, gates;	/* as its header has them */
	unsigned int rule;			/* MICA_BLOB_OK, or the rule of section 11 that it breaks first */
	bool sve;				/* a role has what the monitor cannot enforce */
	uint8_t id[32];				/* its SHA-256 */
	struct m_policy policy;			/* if the rule is OK */
};

/* ---- an instance of it ---- */

enum m_gate_word { M_GATE_NONE, M_GATE_READY, M_GATE_BUSY, M_GATE_ORPHAN };

struct m_wf {
	bool used;
	uint64_t pa;
	unsigned int state;			/* enum mica_wf_state */
	unsigned int n_aux;
	uint64_t aux[MICA_WF_MAX_AUX];
	uint8_t id[32], instance[32];		/* the second is drawn by the machine; the driver notes it */
	struct m_policy policy;
	struct {
		unsigned int state;		/* enum mica_role_state, but for STOP: m_role_state() */
		uint32_t epoch;
		int realm;			/* or M_NONE */
		bool latched;
		uint64_t latch;			/* RIM of the first seal */
		uint64_t pending, waiters;
		uint32_t audit[MICA_RULES];
	} role[M_ROLES];
	struct {
		uint64_t base;
		unsigned int added;
	} channel[M_CHANNELS];
	struct {
		enum m_gate_word word;
		int server, caller;		/* RECs: server unless NONE, caller while BUSY */
	} gate[M_GATES];
};

struct model;
struct m_realm;
struct m_rec;
struct m_result;
struct rmi_rec_enter;
struct rmi_rec_exit;

/* ---- wf.c, chan.c: operations. @params: the page that WF_CREATE and REALM_CREATE point to, if it is @readable ---- */
void model_mica(struct model *m, const uint64_t x[6], bool readable, const void *params, struct m_result *r);
void m_chan_map(struct model *m, const uint64_t x[6], struct m_result *r);
void m_chan_unmap(struct model *m, const uint64_t x[6], struct m_result *r);
unsigned int m_chan_mapped(struct model *m, const struct m_wf *w, unsigned int channel);	/* pages, over all roles */
struct m_wf *m_wf_at(struct model *m, uint64_t pa);
/* Every bound role of a stopped workflow drains. */
unsigned int m_role_state(const struct m_wf *w, unsigned int role);
void m_gates_end(struct m_wf *w, unsigned int role);

/* ---- bound.c: 1.0 commands on a bound Realm. 0: as 1.0, and always for an unbound one ---- */
enum m_command { M_POPULATE, M_SHAPE_TABLES, M_TAKE_AWAY, M_MAP_UNPROTECTED, M_SET_RIPAS, M_ADD_REC };
uint64_t m_may(struct model *m, const struct m_realm *r, enum m_command c);
uint64_t m_may_ram(struct model *m, const struct m_realm *r, uint64_t base, uint64_t top);
uint64_t m_may_window(struct model *m, const struct m_realm *r, uint64_t ipa, int level, uint64_t desc);
uint64_t m_may_rec(struct model *m, const struct m_realm *r, uint64_t flags);
uint64_t m_seal(struct model *m, struct m_realm *r);
void m_realm_gone(struct model *m, struct m_realm *r);
void m_realm_off(struct model *m, struct m_realm *r);
uint64_t m_bind(struct model *m, const uint64_t x[6], bool readable, const void *params);

struct m_wf *m_wf_of(struct model *m, const struct m_realm *r);		/* NULL: unbound */
const struct m_role *m_record(struct model *m, const struct m_realm *r);
const struct m_grant *m_grant(const struct m_wf *w, unsigned int role, uint64_t i);	/* NULL: no such grant */
/* The role's region of this kind around a page, or an INTID. */
const struct m_region *m_region_at(const struct m_wf *w, unsigned int role, unsigned int kind, uint64_t v);

/* ---- run.c ---- */
uint64_t m_active(struct model *m, const struct m_rec *rec);		/* 0, or rules 10 and 11 */
bool m_parked(struct model *m, const struct m_rec *rec);
uint64_t m_filter_entry(struct model *m, const struct m_rec *rec, struct rmi_rec_enter *e);
void m_take_interrupts(struct model *m, struct m_rec *rec, const struct rmi_rec_enter *e);
bool m_resume(struct model *m, struct m_rec *base, struct rmi_rec_exit *exit);	/* true: leaves at once */
bool m_opens(struct model *m, const struct m_rec *base, uint32_t rights);
void m_show(struct model *m, struct m_rec *base, struct rmi_rec_exit *exit);
/* An act of the Realm hit a rule. */
void m_audit(struct model *m, const struct m_rec *rec, unsigned int rule);
bool m_refuse(struct model *m, struct m_rec *rec, unsigned int rule, unsigned int outputs);

/* ---- acts.c, calls.c: what a bound Realm does. True from *_acts: it was one of theirs, and *left says how it ended ---- */
bool m_bound_call(struct model *m, struct m_rec *base, uint64_t fid, struct rmi_rec_exit *exit, bool *left);
bool m_bound_abort(struct model *m, struct m_rec *base, uint64_t esr, uint64_t ipa);	/* false: as 1.0 */
/* What IPA_STATE_GET says of an address of a bound Realm; *end comes down to where that ends. */
unsigned int m_told_state(struct model *m, const struct m_realm *r, uint64_t ipa, uint64_t *end);
bool m_mica_call(struct model *m, struct m_rec *base, uint64_t fid, struct rmi_rec_exit *exit);
bool m_gate_call(struct model *m, struct m_rec *base);
bool m_gate_recv(struct model *m, struct m_rec *base, struct rmi_rec_exit *exit);
bool m_wait_over(struct model *m, struct m_rec *rec, bool no_wait);

/* ---- access.c ---- */
#define M_READ		1
#define M_WRITE		2
#define M_EXECUTE	4
/* What a Realm may do at an address, and with which granule. */
unsigned int model_may(struct model *m, const struct m_realm *r, uint64_t ipa, uint64_t *pa);
/* rights[granule] for one Realm, for all of its addresses. */
void model_access(struct model *m, const struct m_realm *r, uint8_t *rights);

#endif
