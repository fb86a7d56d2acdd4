/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reference model of RMM 1.0 and of the Mica extension: what each call of a host and of a Realm must answer and change, as
 * plain data without locks, encodings or hardware. Written from the specifications' command definitions (failure conditions,
 * order, success conditions; docs/spec/extension.md); shares no line with rmm/. It knows one pool of granules, a few Realms,
 * a few workflows (mica.h), one host. Not modelled: the value of a RIM (tests/unit/measure.c; here two RIMs are equal
 * or not), tokens, what an unbound Realm's exit says of timers and GIC.
 */
#ifndef TESTS_MODEL_H
#define TESTS_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../abi/rmi.h"
#include "../../abi/rsi.h"
#include "mica.h"

#define M_PAGE		4096UL
#define M_GRANULES	2048		/* pages of the bank at most */
#define M_TABLES	192
#define M_REALMS	16
#define M_RECS		48
#define M_LRS		4		/* list registers of the machine */

/* Same order as the specification lists them; M_NS is UNDELEGATED. */
enum m_state { M_NS, M_DELEGATED, M_RD, M_REC, M_REC_AUX, M_RTT, M_DATA, M_WF, M_WF_AUX, M_CHAN };

/* A channel's page or block in a bound Realm: READ_ENTRY shows it as ASSIGNED. */
#define M_CHAN_LEAF	3

/* One table entry. Whether it is protected follows from its address. */
struct m_entry {
	uint64_t out;			/* ASSIGNED: PA, with the host's attributes if unprotected; TABLE: PA */
	uint8_t kind;			/* enum rmi_rtt_state, or M_CHAN_LEAF */
	uint8_t ripas;			/* protected, not TABLE; else 0 */
};

struct m_table {
	bool used;
	uint64_t pa;
	struct m_entry e[512];
};

struct m_realm {
	bool used;
	int state;			/* 0 NEW, 1 ACTIVE, 2 SYSTEM_OFF */
	uint64_t rd, rtt_base;
	unsigned int s2sz, num_start, vmid, hash;
	int start_level;
	unsigned int rec_index, recs;
	uint8_t rpv[64], rem[4][64];
	uint64_t rim;			/* of all that is measured, in order: equal if and only if the RIMs are */
	int wf;				/* bound to it, as this role; or M_NONE */
	unsigned int role;
};

struct m_rec {
	bool used, runnable;
	unsigned int running;		/* the host's entry, and each chain of calls that it is in */
	int realm;
	uint64_t pa;
	unsigned int index, num_aux;
	uint64_t aux[RMI_MAX_REC_AUX];
	uint64_t gpr[31], pc;
	/* left open by the last exit */
	struct { bool inject, emulate; uint64_t esr; } abort;
	struct { uint64_t base, top, addr; unsigned int ripas; bool change_destroyed; } ripas;
	struct { bool pending; uint64_t ipa; } host_call;
	struct { bool pending, cpu_on; uint64_t target, entry, context; } psci;
	/* bound only */
	struct { bool waiting; uint64_t mask, deadline; } wait;
	int calling;			/* gate whose answer it waits for; or M_NONE */
	int chain[M_DEPTH];		/* entered by the host: RECs that run on its entry, each called by the one before */
	unsigned int depth;
	uint64_t lr[M_LRS], hcr;	/* as the host gave them last */
	struct { uint64_t v_ctl, v_cval, p_ctl, p_cval; } timer;
};

struct model {
	uint64_t bank, pages;		/* the DRAM bank */
	uint64_t hole, hole_size;	/* the monitor's own part of it */
	unsigned int num_aux, max_s2sz, max_bps, max_wps, max_ctrs, max_recs;	/* FEAT_HPMN0 is there */
	uint64_t features0;
	uint64_t now;			/* the counter that deadlines are compared with */
	bool (*readable)(uint64_t pa);	/* does the host's page belong to the Non-secure world now? */
	const struct m_blob *(*blob_at)(uint64_t pa);	/* what the host's memory there says, read as a policy; NULL: nothing */
	uint8_t state[M_GRANULES];
	uint64_t word[M_GRANULES];	/* of a channel's page: what a Realm wrote last; 0: wiped */
	struct m_wf wf[M_WFS];
	struct m_realm realm[M_REALMS];
	struct m_rec rec[M_RECS];
	struct m_table table[M_TABLES];	/* last: model_copy() */
};

struct m_result {
	uint64_t x[5];			/* X0 status, X1..X4 outputs */
};

/* The bank as the host finds it: every page NS. */
void model_init(struct model *m, uint64_t bank, uint64_t pages, uint64_t hole, uint64_t hole_size);

void model_copy(struct model *to, const struct model *from);

/*
 * One call of the host, REC_ENTER excepted; x[1]..x[5] are its arguments. @readable: can the page of host memory that the
 * call points to be read? @params: its contents (parameters, or DATA_CREATE's source), or NULL if the call has none.
 */
void model_rmi(struct model *m, uint64_t fid, const uint64_t x[6], bool readable, const void *params,
	       struct m_result *r);

/*
 * REC_ENTER up to the point where the Realm runs or the call returns, in the two steps other CPUs can tell apart: the REC is taken; the rest
 * is checked and done, or the REC given back. M_REFUSED: *status says why; M_LEAVES: SUCCESS at once, with *exit.
 */
enum m_enter { M_REFUSED, M_RUNS, M_LEAVES };
enum m_enter model_take(struct model *m, uint64_t rec, uint64_t run, uint64_t *status);
enum m_enter model_enter(struct model *m, uint64_t rec, bool readable, const struct rmi_rec_enter *enter,
			 uint64_t *status, struct rmi_rec_exit *exit);

/*
 * What happens while @base, the REC that the host entered, is on a CPU. It is model_head(base) that runs: base itself, or the
 * last of the RECs that it has called through gates. False: it goes on, with gpr and pc of model_head() as they are then;
 * true: base leaves, the exit record is *exit (of unbound Realms all but GIC and timer fields), and no REC of the chain runs.
 */
struct m_rec *model_head(struct model *m, struct m_rec *base);
bool model_smc(struct model *m, struct m_rec *base, struct rmi_rec_exit *exit);	/* FID and arguments in gpr */
/* A stage 2 fault at @ipa; esr as EL2 receives it. */
bool model_abort(struct model *m, struct m_rec *base, uint64_t esr, uint64_t ipa, uint64_t far,
		 struct rmi_rec_exit *exit);
bool model_sgi(struct model *m, struct m_rec *base, uint64_t esr, struct rmi_rec_exit *exit);
void model_leave(struct model *m, struct m_rec *base, struct rmi_rec_exit *exit, unsigned int reason, uint64_t esr);
/*
 * Before any of that: the trap of a bound Realm is served only if every role of the chain is still there (extension.md
 * section 7). M_AGAIN: it is not, a caller runs on instead; M_GONE: it is not, and the CPU is the host's again, with *exit.
 */
enum m_trap { M_SERVE, M_AGAIN, M_GONE };
enum m_trap model_trap(struct model *m, struct m_rec *base, bool serror, bool hvc, struct rmi_rec_exit *exit);

/* Memory of a Realm as it sees it: the entry at @ipa at the deepest level, and that level. */
struct m_walk {
	struct m_table *t;
	unsigned int idx;
	int level;
};
struct m_walk model_walk(struct model *m, const struct m_realm *r, uint64_t ipa, int level);
static inline struct m_entry *m_at(const struct m_walk *w)
{
	return &w->t->e[w->idx];
}
static inline uint64_t m_size(int level)
{
	return 1UL << (39 - 9 * level);
}
static inline uint64_t m_par(const struct m_realm *r)
{
	return 1UL << (r->s2sz - 1);
}

/* Shared by the model's files. */
bool m_is(const struct model *m, uint64_t pa, enum m_state want);
void m_set(struct model *m, uint64_t pa, enum m_state to);
struct m_realm *m_realm_at(struct model *m, uint64_t rd);
struct m_rec *m_rec_at(struct model *m, uint64_t pa);
struct m_table *m_table_at(struct model *m, uint64_t pa);
struct m_table *m_table_new(struct model *m, uint64_t pa);
uint64_t m_realm_may(struct model *m, uint64_t rd, uint64_t params, bool readable, const struct rmi_realm_params *p);
struct m_realm *m_realm_new(struct model *m, uint64_t rd, const struct rmi_realm_params *p);
void m_measure(struct m_realm *r, const void *what, uint64_t size);
bool m_fail(struct m_rec *rec, uint64_t status, unsigned int outputs);	/* of an RSI call */
bool model_rtt(struct model *m, uint64_t fid, const uint64_t x[6], bool readable, const void *params,
	       struct m_result *r);
bool model_rec(struct model *m, uint64_t fid, const uint64_t x[6], bool readable, const void *params,
	       struct m_result *r);

#endif
