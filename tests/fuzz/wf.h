/* SPDX-License-Identifier: Apache-2.0 */
/* Sequences about workflows: what seq.h has, for the Mica extension. */
#ifndef TESTS_FUZZ_WF_H
#define TESTS_FUZZ_WF_H

#include "seq.h"

/* ---- host memory of their own; BLOCK is for channels and RAM of 2 MiB ---- */

#define BLOB_BASE	0x40120000UL	/* policies, BLOB_PAGES each */
#define BLOB_PAGES	2
#define BLOBS		4
#define IMAGE_BASE	0x40130000UL	/* what Realms are loaded from */
#define IMAGE_PAGES	4
#define WINDOW_BASE	0x40140000UL	/* what windows are opened to */
#define WINDOW_PAGES	8
#define BIG_PAGES	BLOCK_PAGES

/* ---- policies.c ---- */

extern struct m_blob blobs[BLOBS];
extern bool gates_too;				/* policies may have gates */
unsigned int write_policy(void);		/* a policy, sound or not, into a slot of host memory; which */
const struct m_blob *blob_at(uint64_t pa);
uint64_t policy_ipa(const struct m_realm *r);	/* an address that a bound Realm's policy has to do with */
void forget_policies(void);
/* The Realm was sealed: a later policy may pin its RIM. */
void learn_rim(const struct m_realm *r);
const uint8_t *real_rim(uint64_t rim);		/* its 64 bytes; NULL: never sealed */

/* ---- corrupt.c ---- */

/* The records of a blob, before they are put in a row. */
struct records {
	struct mica_blob_header header;
	struct mica_blob_role role[M_ROLES];
	struct mica_blob_gate gate[M_GATES];
	struct mica_blob_channel channel[M_CHANNELS];
	struct mica_blob_region region[M_REGIONS];
	struct mica_blob_grant grant[M_GRANTS];
};
/* Break one rule of section 11, and none before it. Its number; MICA_BLOB_OK: chance found nothing there to break. */
unsigned int corrupt(struct records *r);

/* ---- wf_host.c, wf_build.c: steps of the host ---- */

void mica_step(void);			/* some operation */
void make_workflow(void);
void forget_instances(void);
void load_step(struct m_wf *w, unsigned int role);
void build_step(void);			/* a step towards what a workflow is for, or towards its end */
struct m_wf *pick_wf(void);		/* NULL: there is none */
unsigned int free_wfs(void);
void shape_realm(struct rmi_realm_params *p, const struct m_role *role);
bool wiped_while_shared(pa_t page);
extern bool unmapping;			/* some CPU is in CHAN_UNMAP */
void learn_instances(void);
extern struct m_wf *wf_focus;		/* if not NULL, mostly this one */

/* ---- wf_guest.c: a bound Realm ---- */

/* One REC that the host entered; the innermost is on the highest CPU. */
struct frame {
	struct m_rec *base, *rec;	/* entered; running now */
	bool left;
	unsigned int rim_at;		/* gpr[rim_at..] hold a RIM, which the model does not know; 0: they do not */
	bool rim_known;
	uint64_t rim;
	bool host_call;
	struct rmi_rec_exit exit;	/* the model's, once left */
	uint64_t flags;
};
void choose_mica(struct m_rec *rec, const struct m_rec *base);	/* a call, into its registers */
enum rec_trap bound_act(struct frame *f, uint64_t gpr[31]);
void check_bound_cpu(const struct frame *f);
enum rec_trap sync(struct frame *f, uint64_t esr);
void set_call(struct m_rec *rec, uint64_t fid, uint64_t a, uint64_t b, uint64_t c, uint64_t d);
void fill_interrupts(struct rmi_rec_enter *e, const struct m_rec *rec);
struct m_rec *pick_bound_rec(void);	/* one that can run, mostly; NULL: there is none */

/* ---- wf_check.c ---- */

extern unsigned int access_every;	/* so many steps, one such check; 1 but for tests/smp */
void check_access(void);		/* who reaches which granule; TLBs */
void check_workflows(void);		/* the rest of their state */
bool workflows_agree(const char **why);

/* ---- wf_stats.c ---- */

void count_mica(uint64_t op, uint64_t x0);
void count_act(uint64_t fid, uint64_t x0);
void count_rule(unsigned int rule, unsigned long n);
void count_mica_exit(uint64_t reason);
enum thorough { NOTHING, OPERATIONS, EVERYTHING };
bool report_mica(enum thorough must);	/* false: something of that never happened */

#endif
