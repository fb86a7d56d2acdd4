/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the base monitor asks the Mica extension. The base calls nothing else of rmm/mica.
 * "status" below is 0 (go on) or the X0 to answer: MICA_POLICY(rule). For an unbound Realm every
 * hook is a no-op that permits. Rules and order: docs/spec/extension.md.
 */
#ifndef RMM_MICA_HOOKS_H
#define RMM_MICA_HOOKS_H

#include "../../lib/cbor/cbor.h"
#include "../realm/rec.h"

/* ---- RMI on a bound Realm. Caller holds the RD's lock; asked after the 1.0 checks of rd and realm state,
 *      before all RTT checks. ---- */
enum mica_cmd {
	MICA_CMD_DATA_CREATE,		/* DATA_CREATE, DATA_CREATE_UNKNOWN, RTT_INIT_RIPAS */
	MICA_CMD_RTT_CHANGE,		/* RTT_CREATE, RTT_FOLD */
	MICA_CMD_MAP_UNPROTECTED,
	MICA_CMD_DESTROY,		/* DATA_DESTROY, RTT_DESTROY, RTT_UNMAP_UNPROTECTED */
	MICA_CMD_SET_RIPAS,
	MICA_CMD_REC_CREATE,
	MICA_CMD_REC_DESTROY,
	MICA_CMD_REALM_ACTIVATE,
	MICA_CMD_REALM_DESTROY,
	MICA_CMDS,
};
uint64_t mica_may(const struct rd *rd, enum mica_cmd cmd);
uint64_t mica_may_ram(const struct rd *rd, uint64_t base, uint64_t top);	/* rule 6 */
uint64_t mica_may_window(const struct rd *rd, ipa_t a, int level, uint64_t desc);	/* rule 1 */
uint64_t mica_may_rec(const struct rd *rd, uint64_t rec_flags);			/* rule 8 */

/* Counters for rule 9; delta in pages, negative when leaves go. */
void mica_count_ram(struct rd *rd, int64_t pages);
void mica_count_windows(struct rd *rd, int64_t pages);

/*
 * REALM_ACTIVATE after its 1.0 checks, RD locked, @recs = live RECs: rules 10, 11, 8, 9, 7 in order, then LOADING -> SEALED
 * and the RIM latch. 0: sealed; the caller sets REALM_ACTIVE. Takes the WF lock.
 */
uint64_t mica_seal(struct rd *rd, unsigned int recs);
/* REALM_DESTROY succeeded and rd is about to be wiped: role becomes EMPTY, epoch + 1 if it was DRAINING. */
void mica_realm_gone(struct rd *rd);
/* The Realm switched itself off (PSCI SYSTEM_OFF/RESET): SEALED -> DEAD. */
void mica_realm_off(struct rd *rd);

/* Rules 10, 11: the REC's workflow is ACTIVE and its role SEALED. All that PSCI_COMPLETE asks after its 1.0 checks. */
uint64_t mica_active(const struct rec *rec);

/*
 * ---- REC entry and exit. What is asked every time is answered without a call for a REC that is not bound, and by
 *      mica_bound_NAME() for one that is. ----
 */

/*
 * REC_ENTER of a REC that runs, its granule locked: as 1.0, but 17 for a gate's server. Asked of one that does not run, too,
 * before the entry record is read: a host that asks again and again, with whatever run page, is not told when the server is
 * called and when it has answered.
 */
uint64_t mica_bound_running(const struct rec *rec);
static inline uint64_t mica_running(const struct rec *rec) { return rec->bound ? mica_bound_running(rec) : RMI_ERROR_REC; }
/* After the 1.0 realm checks, REC marked running and fenced: rules 10, 11, 17. */
uint64_t mica_bound_may_enter(const struct rec *rec);
static inline uint64_t mica_may_enter(const struct rec *rec) { return rec->bound ? mica_bound_may_enter(rec) : RMI_SUCCESS; }
/* Blank everything of the host's entry record that is not opened; rule 19 for interrupts. Before GIC validation. */
uint64_t mica_bound_filter_enter(struct run *run);
static inline uint64_t mica_filter_enter(struct run *run) { return run->rec->bound ? mica_bound_filter_enter(run) : RMI_SUCCESS; }
/* Blank everything of the exit record that is not opened: the last step before the copy to the host. */
void mica_bound_filter_exit(struct run *run);
static inline void mica_filter_exit(struct run *run) { if (run->rec->bound) mica_bound_filter_exit(run); }
/*
 * At every trap. RUN_EXIT: exit is STOPPED, all else zero. RUN_AGAIN: a callee is gone, run->rec is its caller, which
 * goes on with PEER_GONE.
 */
enum run_verdict mica_bound_still_active(struct run *run, enum rec_trap trap);
static inline enum run_verdict mica_still_active(struct run *run, enum rec_trap trap)
{
	return run->rec->bound ? mica_bound_still_active(run, trap) : RUN_RESUME;
}

/*
 * Before the Realm runs: run->rec becomes the head of the chain of calls that the REC is suspended in; a REC in WAIT whose
 * condition does not hold leaves again with IDLE.
 */
enum run_verdict mica_bound_resume(struct run *run);
static inline enum run_verdict mica_resume(struct run *run) { return run->rec->bound ? mica_bound_resume(run) : RUN_RESUME; }
/* The exit record is written: callees are not running any more, a REC that parks may be called. chain[0] is still ours. */
void mica_bound_leave(struct run *run);
static inline void mica_leave(struct run *run) { if (run->rec->bound) mica_bound_leave(run); }
/* The host hears of this REC's timers (right TIMER, or unbound). If not: CNTV and CNTP stay masked. */
bool mica_bound_timers_open(const struct run *run);
static inline bool mica_timers_open(const struct run *run) { return run->rec->bound ? mica_bound_timers_open(run) : true; }
/* List registers come from the host (rights IRQ, TIMER). */
bool mica_bound_gic_open(const struct run *run);
static inline bool mica_gic_open(const struct run *run) { return run->rec->bound ? mica_bound_gic_open(run) : true; }
/* Generated interrupts and DIR go to the host (right IRQ); a VTIMER role's own SGI is kept. @sgi1r: 0 for other registers. */
bool mica_sgi_open(struct run *run, uint64_t sgi1r);
/* Before the Realm runs, timers closed: the interrupts that a VTIMER role gets from the monitor. */
void mica_raise(struct run *run);

/* ---- What a bound Realm does. handled = false: the base goes on as 1.0. ---- */
struct mica_verdict { bool handled; enum run_verdict run; };
/* Stage 2 abort (data or fetch, not external); fault = IPA. Acts: SEA with an audit count, or not handled (emulatable device exit). */
struct mica_verdict mica_abort(struct run *run, uint64_t esr, uint64_t far, ipa_t fault);
/* Closed: X0 = POLICY 3. */
struct mica_verdict mica_bound_host_call(struct run *run);
static inline struct mica_verdict mica_host_call(struct run *run)
{
	return run->rec->bound ? mica_bound_host_call(run) : (struct mica_verdict){ false, RUN_RESUME };
}

struct mica_verdict mica_psci(struct run *run, uint64_t fid);	/* closed: local answers, OFF, IDLE */
struct mica_verdict mica_wfx(struct run *run);			/* IDLE */
/* Answered from the policy: neither the tables' shape nor what RIPAS a hole has is the Realm's to see, the host chose both. */
struct mica_verdict mica_ipa_state_get(struct run *run, ipa_t base, ipa_t top);
struct mica_verdict mica_ipa_state_set(struct run *run, ipa_t base, ipa_t top, enum rmi_ripas want);
/* May the monitor use this leaf as an RSI buffer of a bound Realm? Only RAM; unbound: 1.0. */
bool mica_bound_rsi_buffer_ok(const struct rec *rec, ipa_t a);
static inline bool mica_rsi_buffer_ok(const struct rec *rec, ipa_t a)
{
	return rec->bound ? mica_bound_rsi_buffer_ok(rec, a) : true;
}

/* ---- Attestation. Writes key -70001 and its map if the Realm is bound, nothing else. RD locked, takes the WF lock. ---- */
bool mica_token_claim(const struct rd *rd, struct cbor *c);	/* true: one more map entry was written */

#endif
