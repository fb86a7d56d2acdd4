/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The VMM: builds the Realms of one workflow, runs their RECs, carries windows to `mica run`.
 * Untrusted: whatever it does wrong costs availability, nothing else.
 *
 * Threads: the main thread reads messages and owns loading, restarting and teardown; one thread per REC.
 * What both touch is marked; it is guarded by vmm->lock. Functions returning int give 0, or -1
 * after vmm_fail() said why.
 */
#ifndef MICA_VMM_H
#define MICA_VMM_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../abi/mica.h"
#include "../../abi/rmi.h"
#include "../../abi/run_proto.h"
#include "../../lib/blob/blob.h"
#include "../../loadplan/linux.h"
#include "dev.h"

#define PAGE		4096UL
#define BLOCK		(2UL << 20)

/* Where something lies: in a Realm's address space, or (grant) in a channel. */
struct entry {
	uint64_t at;
	unsigned int grant;
	int level;
	uint64_t pa;			/* a table's granule */
};

struct entries {
	struct entry *v;
	size_t n, cap;
};

/* Input on its way to a role: bytes the peer sent, never more than the credit it was given. */
struct input {
	uint8_t *buf;
	size_t cap, head, len;
	size_t credit;			/* bytes the peer may still send */
	bool eof;
};

struct window {
	const struct mica_blob_region *rec;
	unsigned int region;		/* blob index */
	uint64_t pa;
	uint8_t *map;
	size_t size;
	struct entries leaves;		/* mapped in the Realm */
	struct input in;		/* vmm->lock */
	bool ended;			/* vmm->lock: output complete */
};

struct rec {
	struct realm *realm;
	uint64_t pa, run_pa;
	struct rmi_rec_run *run;
	pthread_t thread;
	bool started;

	/* vmm->lock */
	bool parked;			/* waits at a gate: the monitor runs it, not we */
	bool off;			/* CPU_OFF, as far as known: the monitor decides at the next entry */
	bool switched_on;		/* a CPU_ON was completed since the last entry */
};

#define RESTART_MS	100UL		/* before the first restart of a role; twice as long before each further one */

/* How a role ended: struct run_role_exit. */
enum { HOW_OFF = 0, HOW_EXIT = 1, HOW_STOPPED = 2, HOW_REFUSED = 3, HOW_REST = 4 };

/* Why a REC left. */
enum seen_kind { SEEN_INTERRUPT, SEEN_IDLE, SEEN_WAKE, SEEN_OFF, SEEN_STOPPED, SEEN_OTHER, SEEN_KINDS };

struct realm {
	struct vmm *vmm;
	unsigned int role;
	bool unbound;			/* a Realm of RMM 1.0, bound to nothing */
	uint64_t boot_x0;		/* an operating system's: X0 of the vCPU that boots; or 0 */
	const struct mica_blob_role *rec;
	char name[MICA_NAME_SIZE];
	uint8_t *image;
	size_t image_size, image_cap;
	struct loadplan_linux *os;	/* of a linux role, once its image is taken apart; or NULL */

	uint64_t rd;			/* 0: not created */
	int start_level;
	struct entries tables;		/* RTTs below the start level, in order of creation */
	struct entries mappings;	/* channel leaves */
	uint64_t data_pages;		/* RAM pages assigned, from ram_base up */
	struct entries blocks;		/* runs of granules for whole blocks of RAM; kept when it is unloaded */
	size_t blocks_used;		/* of them, by RAM in ascending order */
	struct entries unused;		/* tables that folding freed; one stays, for unfolding */
	struct window *windows;
	unsigned int n_windows;
	struct rec recs[MICA_MAX_VCPUS];
	unsigned int n_recs;

	uint64_t wakes;			/* vmm->lock: eventcount, bumped by WAKE and by what else may concern it */
	pthread_cond_t woken;
	bool ended;			/* vmm->lock */

	/* restart.c, vmm->lock */
	bool died;			/* to be reset and loaded again by the main thread */
	struct run_role_exit death;
	unsigned int restarts;
	uint64_t restart_at;		/* ms_now() */
	struct entries granules;	/* main thread: what it was built from, for its next life */

	uint64_t seen[SEEN_KINDS];	/* vmm->lock: exits */
};

struct channel {
	uint64_t pa;
	uint64_t pages;
	uint64_t added;			/* pages the workflow has */
};

/* Granules handed out one by one, delegated in batches as they are needed. */
struct pool {
	uint64_t next, ready, end;	/* PAs: next to hand out, first not delegated, end */
};

/* Delegated runs, for the way back. */
struct span {
	uint64_t pa, pages;
};

struct spans {
	struct span *v;
	size_t n, cap;
};

struct batch {
	struct mica_rmi_call calls[MICA_RMI_BATCH];
	uint32_t n;
};

struct vmm {
	int ctl;
	pthread_mutex_t lock;
	pthread_cond_t changed;		/* input, begin, challenge, stop */
	pthread_mutex_t tx_lock;
	int kick;			/* eventfd: the main loop should look */

	struct mica_ioc_info info;
	uint8_t *blob_bytes;
	size_t blob_size;
	struct blob blob;
	struct realm *realms;
	struct channel *channels;
	unsigned int n_realms;

	uint64_t wf;			/* 0: not created */
	uint64_t wf_offer;		/* granule it will live in */
	uint8_t *blob_shared;		/* the copy of the blob the monitor reads */
	uint64_t params_pa;
	void *params;			/* one shared page for parameter structures */
	uint64_t stage_pa;
	uint8_t *stage;			/* shared pages image data passes through */
	struct pool pool;
	struct pool blocks;		/* in runs of a block; ready is not used */
	struct spans delegated;
	uint64_t granules_peak;
	struct entries spare;		/* granules of a Realm that is gone, still delegated */
	struct realm *loading;		/* whose granules they are, from now on */
	struct batch batch;
	const char *doing;		/* for messages of failure: role or channel in work */

	/* vmm->lock from here */
	bool begun;
	bool challenge_set;
	uint8_t challenge[64];
	const struct realm *challenged;	/* who was given it */
	bool stopping;
	bool peer_gone;
	char fail[512];			/* the first failure, or "" */
	uint64_t rec_entries, rec_exits_irq;
};

/* vmm.c */
int vmm_init(struct vmm *vmm, int ctl);
void vmm_free(struct vmm *vmm);
/* Remember the first failure, wake the main loop. Always -1. Any thread. */
int vmm_fail(struct vmm *vmm, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool vmm_failed(struct vmm *vmm);
void vmm_kick(struct vmm *vmm);
int entries_add(struct vmm *vmm, struct entries *e, struct entry entry);
void *vmm_alloc(struct vmm *vmm, size_t size);
static inline uint64_t align_down(uint64_t v, uint64_t to) { return v & ~(to - 1); }
static inline uint64_t align_up(uint64_t v, uint64_t to) { return (v + to - 1) & ~(to - 1); }
uint64_t ms_now(void);			/* monotonic */
static inline uint64_t min_u64(uint64_t a, uint64_t b) { return a < b ? a : b; }
/* Bytes one entry of a table at this level spans. */
static inline uint64_t entry_size(int level) { return PAGE << (9 * (3 - level)); }

/* rmi.c */
/* One call; x[0..5] in, x[0..4] out. Returns X0; failure of the driver is reported, ~0 then. */
uint64_t rmi_ask(struct vmm *vmm, uint64_t x[6]);
/* One call that has to succeed. */
int rmi(struct vmm *vmm, uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3, uint64_t x4,
	uint64_t x5);
/* Queue a call that has to succeed; flush makes what is queued. */
int rmi_queue(struct vmm *vmm, uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3, uint64_t x4,
	      uint64_t x5);
int rmi_flush(struct vmm *vmm);
/* The same for the way down: a refused call is skipped; returns how many were refused. */
unsigned int rmi_drain(struct vmm *vmm);
void rmi_describe(const uint64_t in[6], uint64_t x0, uint64_t x1, char *text, size_t size);
void rmi_status_text(uint64_t x0, char *text, size_t size);
const char *rule_name(unsigned int rule);

/* pool.c */
/* A delegated granule; 0 on failure. */
uint64_t granule(struct vmm *vmm);
/* Those of a whole block, aligned to its size; 0 on failure. */
uint64_t block(struct vmm *vmm);
/* Delegated, contiguous pages; 0 on failure. */
uint64_t granules(struct vmm *vmm, uint64_t pages, uint64_t align);
/* Shared memory, mapped and zero; NULL on failure. */
void *shared(struct vmm *vmm, uint64_t size, uint64_t *pa);

/* workflow.c, realm.c, chan.c, teardown.c: main thread only */
int workflow_load(struct vmm *vmm);
int workflow_prepare(struct vmm *vmm);	/* the blob arrived: roles, windows, channels */
int realm_load(struct vmm *vmm, struct realm *realm);
int realm_fill(struct vmm *vmm, struct realm *realm);	/* and its channels */
/* Fill vmm->params for its creation; returns the granule for the RD, 0 on failure. */
uint64_t realm_offer(struct vmm *vmm, struct realm *realm);
int realm_need_tables(struct vmm *vmm, struct realm *realm, uint64_t ipa, int level);
bool realm_has_table(const struct realm *realm, uint64_t ipa, int level);
void realm_plan(const struct realm *realm, struct loadplan_realm *plan);
int chan_add_all(struct vmm *vmm);
int chan_map_all(struct vmm *vmm, struct realm *realm);
/* Take down what is in a Realm; and the Realm, too, to be loaded again. */
void realm_strip(struct vmm *vmm, struct realm *realm);
void realm_unload(struct vmm *vmm, struct realm *realm);
void workflow_teardown(struct vmm *vmm);

/* blocks.c: main thread only */
/* Does a whole block of RAM hold this address? */
bool in_whole_block(const struct realm *realm, uint64_t ipa);
/* The granule for a page of RAM, asked for in ascending order; 0 on failure. */
uint64_t ram_granule(struct vmm *vmm, struct realm *realm, uint64_t ipa);
int ram_fold(struct vmm *vmm, struct realm *realm);	/* all that is whole, once it is loaded */
bool ram_folded(const struct realm *realm, uint64_t ipa);

/* run.c */
int run_start(struct vmm *vmm);
int realm_run(struct vmm *vmm, struct realm *realm);
/* Until no thread of it is left. What its RECs do next has to be that they leave. */
void realm_join(struct realm *realm);
/* Stop the workflow and wait until no thread is left. */
void run_stop(struct vmm *vmm);
/* Nothing more is entered of this Realm: it ended, is about to be reset, or all is being stopped. */
bool realm_over(struct realm *realm);
/* Sleep until the role is woken after `seen` was read, for at most so long. */
void realm_sleep(struct realm *realm, uint64_t seen, uint64_t ns);
/* Under the lock. */
void realm_wake(struct realm *realm);
void realms_wake(struct vmm *vmm);

/* roles.c */
/* The role is over, or will be reset and run again. good: it said that its work is done. */
void role_end(struct realm *realm, uint32_t how, uint32_t status, bool good);
/* The monitor does not run it (rule 11). True: its end is seen to; false: that is no reason. */
bool role_gone(struct realm *realm);
/* Nothing is left that could still do something. Under the lock. */
bool roles_done(const struct vmm *vmm);
/* Roles that only wait for calls, once nobody is left to call. */
void roles_rest(struct vmm *vmm);

/* gate.c: the REC is a server that the monitor runs; sleep until it might be ours again. */
void gate_park(struct rec *rec, uint64_t seen);

/* psci.c: serve the exit in rec->run; false if the REC is not entered again. */
bool psci(struct rec *rec);
/* Sleep while the REC is off. False: it is not on, and everything is over. */
bool psci_wait_on(struct rec *rec);

/* timer.c: for roles with the right `timer`. */
bool timer_shown(const struct rec *rec);
/* From the exit to the next entry: which of the two timers' interrupts the Realm gets. */
void timer_inject(struct rec *rec);
/* Nanoseconds until a timer of the REC fires, at most `ns`. */
uint64_t timer_within(const struct rec *rec, uint64_t ns);

/* restart.c: main thread */
/* May it live again? Under the lock. */
bool restart_allowed(const struct realm *realm);
/* Reset and load what died and is due. -1 after vmm_fail(). */
int restart_due(struct vmm *vmm);
/* Milliseconds until a role is due; -1: none is. */
int restart_wait(struct vmm *vmm);

/* seen.c: count one return of dev_run(); tell the peer about a role that runs an operating system. */
void seen_count(struct rec *rec, const struct mica_ioc_run *run);
void seen_tell(struct realm *realm);

/* hostcall.c: serve the call in rec->run; false if the role has ended. */
bool hostcall(struct vmm *vmm, struct rec *rec);

/* proto.c */
int send_msg(struct vmm *vmm, uint32_t type, uint32_t arg, const void *data, uint32_t len);
struct receiver {
	uint8_t buf[sizeof(struct run_msg) + RUN_MSG_MAX];
	size_t have;
};
/* Read what is there. 1 something came, 0 nothing, -1 the peer is gone. */
int receive(struct vmm *vmm, struct receiver *rx);
/* The first whole message: 1 and *msg, *data; 0 not whole yet; -1 not a message. */
int receive_next(struct receiver *rx, struct run_msg *msg, const uint8_t **data);
void receive_drop(struct receiver *rx);

/* session.c: from the first message to RUN_DONE. */
void session(struct vmm *vmm);

/* input.c: all under vmm->lock */
int input_init(struct vmm *vmm, struct input *in, size_t cap);
int input_put(struct input *in, const uint8_t *data, size_t size);
size_t input_take(struct input *in, uint8_t *to, size_t size);

/* seccomp.c: only what serving a workflow, or a guest and its terminal, needs, from now on. */
int seccomp_enter(bool terminal);

#endif
