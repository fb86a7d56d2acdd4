/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A workflow in the monitor: contents of a WF granule, its tables in WF_AUX granules. Inside rmm/mica only.
 *
 * Lock: the WF granule's, a leaf: nothing but a granule that the workflow itself owns (aux, channel page) is
 * locked under it, and those nobody else holds for longer than a look at their state. States, pending and waiter words
 * are atomics, read without it. Source: docs/spec/extension.md sections 2 and 8.
 */
#ifndef RMM_MICA_WF_H
#define RMM_MICA_WF_H

#include "../../abi/mica.h"
#include "../../lib/blob/blob.h"
#include "../realm/rec.h"
#include "../rmi/rmi_internal.h"

/* Run-time facts of a role; everything constant about it is its blob record. */
struct wf_role {
	uint32_t state;			/* enum mica_role_state as stored; see role_state() */
	uint32_t epoch;			/* 1.. */
	struct granule *rd;		/* NULL iff EMPTY */
	uint8_t latch[HASH_MAX_SIZE];	/* RIM of the first seal */
	uint8_t latched;
	uint64_t pending;		/* signals not yet taken, one bit a signal-capable grant */
	uint64_t waiters;		/* RECs in WAIT, one bit each */
	uint64_t sources;		/* roles with an edge to this one, and itself: of whom it may know. Constant */
	uint32_t audit[MICA_RULES];	/* acts of this role that hit a rule; saturating */
};

/* A channel's pages: base, base + 4096, ... */
struct wf_chan {
	uint64_t base;			/* PA of the first page, while added > 0 */
	uint32_t added;			/* pages, up to the record's */
	uint32_t mapped;		/* leaves naming them, in pages, over all roles */
};

/* A gate's state and its two RECs. Changes under the WF lock; the state is read without. */
enum gate_state {
	GATE_NONE,			/* no server has come yet, or its role is gone */
	GATE_READY,			/* the server waits, saved, for a call */
	GATE_BUSY,			/* it serves one */
	GATE_ORPHAN,			/* it serves one whose caller is gone */
};
struct wf_gate {
	uint32_t state;			/* enum gate_state */
	struct granule *server;		/* REC, unless NONE */
	struct granule *caller;		/* REC, while BUSY */
};

#define ROLES_PER_PAGE	(GRANULE_SIZE / 256)
#define CHANS_PER_PAGE	(GRANULE_SIZE / 16)

_Static_assert(sizeof(struct wf_role) <= 256, "mica_wf_aux_count()");
_Static_assert(sizeof(struct wf_chan) <= 16, "mica_wf_aux_count()");
_Static_assert(sizeof(struct wf_gate) * MICA_MAX_GATES <= GRANULE_SIZE, "one page, mica_wf_aux_count()");

struct wf {
	uint32_t state;			/* enum mica_wf_state */
	uint32_t bound;			/* roles that are not EMPTY */
	uint64_t populated;		/* channel pages added, over all channels */
	uint8_t id[HASH_MAX_SIZE];	/* SHA-256 of the blob, zero padded */
	uint8_t instance[HASH_MAX_SIZE];
	struct blob blob;		/* over the copy in aux */
	uint32_t n_aux;
	struct granule *aux[MICA_WF_MAX_AUX];
	struct wf_role *roles[MICA_MAX_ROLES / ROLES_PER_PAGE];
	struct wf_chan *chans[MICA_MAX_CHANNELS / CHANS_PER_PAGE];
	struct wf_gate *gates;
};
_Static_assert(sizeof(struct wf) <= GRANULE_SIZE, "a workflow is one granule");

static inline struct wf *wf_of(const struct granule *g)
{
	return granule_va(g);
}

static inline struct wf_role *wf_role(const struct wf *wf, unsigned int i)
{
	return &wf->roles[i / ROLES_PER_PAGE][i % ROLES_PER_PAGE];
}

static inline struct wf_chan *wf_chan(const struct wf *wf, unsigned int i)
{
	return &wf->chans[i / CHANS_PER_PAGE][i % CHANS_PER_PAGE];
}

static inline enum mica_wf_state wf_state(const struct wf *wf)
{
	return __atomic_load_n(&wf->state, __ATOMIC_SEQ_CST);
}

/* A bound Realm's workflow, role and record. */
static inline struct wf *rd_wf(const struct rd *rd)
{
	return wf_of(rd->mica.wf);
}

static inline struct wf_role *rd_role(const struct rd *rd)
{
	return wf_role(rd_wf(rd), rd->mica.role);
}

static inline const struct mica_blob_role *rd_record(const struct rd *rd)
{
	return blob_role(&rd_wf(rd)->blob, rd->mica.role);
}

/*
 * Lock the workflow at a host's address while other granules are held: those are of another state, so one that
 * shows WF is none of them. NULL: no workflow there.
 */
struct granule *wf_find_lock(pa_t a);

/* wf.c */
bool all_zero(const void *p, size_t n);

/* role.c: the state as rules see it: every bound role of a stopped workflow drains. */
enum mica_role_state role_state(const struct wf *wf, const struct wf_role *role);
void role_set_state(struct wf_role *role, enum mica_role_state state);

bool vtimer_supported(void);

/* May this Realm be told run-time facts of the role? Only along an edge from it. */
static inline bool may_know(const struct rd *rd, unsigned int role)
{
	return rd_role(rd)->sources >> role & 1;
}

/* filter.c: does the policy open one of these rights to the bound REC that runs? */
bool mica_opens(const struct run *run, uint32_t rights);

/* One more act of the role that hit a rule. */
void audit_count(const struct rd *rd, enum mica_rule rule);
uint32_t audit_read(const struct wf_role *role, enum mica_rule rule);

/* The role's grant i (below its grant_count), its region i. */
static inline const struct mica_blob_grant *role_grant(const struct wf *wf,
						       const struct mica_blob_role *rec, uint64_t i)
{
	return blob_grant(&wf->blob, rec->grant_first + (unsigned int)i);
}

static inline const struct mica_blob_region *role_region(const struct wf *wf,
							 const struct mica_blob_role *rec, uint64_t i)
{
	return blob_region(&wf->blob, rec->region_first + (unsigned int)i);
}

/* hooks.c: the role's region of this kind that holds an address, or an INTID; NULL: none. */
const struct mica_blob_region *region_at(const struct rd *rd, enum mica_region_kind kind, uint64_t v);

/* Operations, by file. */
typedef uint64_t wf_operation(struct wf *wf, const struct rmi_args *in, struct rmi_result *out);
rmi_handler mica_wf_create, mica_wf_destroy, mica_realm_create, mica_chan_add, mica_chan_map, mica_chan_unmap;
wf_operation mica_wf_activate, mica_wf_stop, mica_wf_info, mica_role_reset, mica_chan_remove, mica_audit_read;

/* rsi.c: X0 = the rule, counted; X1 to X(outputs) = 0. */
enum run_verdict mica_refuse(struct run *run, enum mica_rule rule, unsigned int outputs);

/* signal.c: RSI SIGNAL and WAIT; what an entry does for a REC in WAIT. */
enum run_verdict mica_signal(struct run *run);
enum run_verdict mica_wait(struct run *run);
enum run_verdict mica_wait_resume(struct run *run);

/* gate.c: RSI GATE_CALL and GATE_RECV. */
enum run_verdict mica_gate_call(struct run *run);
enum run_verdict mica_gate_recv(struct run *run);
/* The gate that this REC serves; NULL: none. */
struct wf_gate *gate_served(const struct rec *rec);
static inline enum gate_state gate_state(const struct wf_gate *gate)
{
	return __atomic_load_n(&gate->state, __ATOMIC_SEQ_CST);
}
/* The role has just left SEALED, WF locked: callers into it get PEER_GONE, its own callees are orphans. */
void gates_end(struct wf *wf, unsigned int role);

#endif
