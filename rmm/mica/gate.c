/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gates: a REC calls into another Realm and is suspended until the server replies, on the CPU and in the entry of the
 * REC that the host entered. A REC of a chain is marked running by a reference: taken under the WF lock while its gate is
 * BUSY, dropped when the chain leaves the CPU or the call ends. A role that ends clears its gates under the same lock, so a link
 * is followed only while gate and caller agree about it, and no stale one is ever followed. Source: extension.md section 7.
 */
#include "../arch/esr.h"
#include "../realm/context.h"
#include "../realm/gic.h"
#include "../realm/run.h"
#include "../rsi/rsi_internal.h"
#include "hooks.h"
#include "wf.h"

#define WORDS	MICA_GATE_WORDS

static bool alive(const struct rec *rec)
{
	return mica_active(rec) == RMI_SUCCESS;
}

/* Without the lock for nobody but the REC's own CPU and mica_may_enter(): which gate it is never changes. */
struct wf_gate *gate_served(const struct rec *rec)
{
	const struct rd *rd = rec_rd(rec);
	const struct wf *wf = rd_wf(rd);

	for (unsigned int i = 0; i < wf->blob.gates; i++) {
		const struct mica_blob_gate *g = blob_gate(&wf->blob, i);

		if (g->callee == rd->mica.role && g->server_rec == rec->index)
			return &wf->gates[i];
	}
	return NULL;
}

static void set_gate(struct wf_gate *gate, enum gate_state state, struct granule *server, struct granule *caller)
{
	gate->server = server;
	gate->caller = caller;
	__atomic_store_n(&gate->state, state, __ATOMIC_SEQ_CST);
}

void gates_end(struct wf *wf, unsigned int role)
{
	for (unsigned int i = 0; i < wf->blob.gates; i++) {
		const struct mica_blob_gate *g = blob_gate(&wf->blob, i);
		struct wf_gate *gate = &wf->gates[i];

		if (g->callee == role)
			set_gate(gate, GATE_NONE, NULL, NULL);
		else if (g->caller == role && gate->state == GATE_BUSY)
			set_gate(gate, GATE_ORPHAN, gate->server, NULL);
	}
}

/* ---- the chain ---- */

/* The server of a BUSY gate comes behind the head. WF locked. */
static struct rec *append(struct run *run, const struct wf_gate *gate)
{
	struct rec *server = granule_va(gate->server);

	RMM_ASSERT(run->depth < MICA_GATE_DEPTH);
	__atomic_fetch_add(&gate->server->refs, 1, __ATOMIC_SEQ_CST);
	run->chain[++run->depth] = server;
	gic_without_host(&server->gic);
	return server;
}

/* Those behind chain[@to] are saved: they do not run any more. */
static void shorten(struct run *run, unsigned int to)
{
	for (; run->depth > to; run->depth--)
		__atomic_fetch_sub(&run->chain[run->depth]->g_rec->refs, 1, __ATOMIC_RELEASE);
}

/* chain[@to], suspended in a call, goes on here and now; shorten() is the caller's. */
static void go_back(struct run *run, unsigned int to)
{
	rec_switch(run, run->chain[to]);
	run->rec->calling = 0;
}

/* Not served now: it comes again when the head goes on, as an orphan. What would not is seen to here. */
static void put_off(struct run *run, enum rec_trap trap)
{
	if (trap == REC_TRAP_SERROR)
		(void)rec_serror(run, read_ESR_EL2());	/* contained: pended for the head */
	if (trap == REC_TRAP_SYNC && ESR_EC(read_ESR_EL2()) == EC_HVC)
		run->rec->pc -= 4;			/* the trap's address is behind it */
}

enum run_verdict mica_bound_still_active(struct run *run, enum rec_trap trap)
{
	unsigned int gone = 0;

	while (gone <= run->depth && alive(run->chain[gone]))
		gone++;
	if (gone > run->depth)
		return RUN_RESUME;
	put_off(run, trap);
	if (gone == 0) {
		memset(&run->exit, 0, sizeof(run->exit));
		run->exit.exit_reason = RMI_EXIT_MICA_STOPPED;
		return RUN_EXIT;
	}
	go_back(run, gone - 1);
	shorten(run, gone - 1);
	mica_refuse(run, MICA_RULE_PEER_GONE, WORDS);
	return trap == REC_TRAP_SERROR ? RUN_EXIT : RUN_AGAIN;	/* an interrupt comes again */
}

enum run_verdict mica_bound_resume(struct run *run)
{
	struct rec *rec = run->rec;
	struct wf_gate *gate;

	granule_lock(run->rd->mica.wf, GRANULE_WF);
	while (rec->calling != 0 && alive(rec)) {
		gate = &rd_wf(run->rd)->gates[rec->calling - 1];
		if (gate->state != GATE_BUSY || gate->caller != rec->g_rec)
			break;
		rec = append(run, gate);
	}
	granule_unlock(run->rd->mica.wf);
	run->rec = rec;
	run->rd = rec_rd(rec);
	if (rec->calling != 0) {
		rec->calling = 0;
		mica_refuse(run, MICA_RULE_PEER_GONE, WORDS);
	}
	return mica_wait_resume(run);
}

void mica_bound_leave(struct run *run)
{
	struct rec *rec = run->rec;

	shorten(run, 0);
	if (run->exit.exit_reason != RMI_EXIT_MICA_PARKED)
		return;
	granule_lock(run->rd->mica.wf, GRANULE_WF);
	if (alive(rec))
		set_gate(gate_served(rec), GATE_READY, rec->g_rec, NULL);
	granule_unlock(run->rd->mica.wf);
}

/* ---- calls ---- */

/* X0 = 0, n words from X2.. to X1.., the rest of X1..X8 zero; no other register crosses. */
static void hand_over(struct rec *to, const struct rec *from, unsigned int n)
{
	to->gpr[0] = RSI_SUCCESS;
	for (unsigned int i = 1; i <= WORDS; i++)
		to->gpr[i] = i <= n ? from->gpr[1 + i] : 0;
}

/* WF locked. 0: the gate is this caller's. */
static enum mica_rule take(struct wf_gate *gate, const struct rec *caller)
{
	if (gate->state == GATE_NONE || !alive(caller))
		return MICA_RULE_PEER_GONE;
	if (gate->state != GATE_READY)
		return MICA_RULE_BUSY;
	set_gate(gate, GATE_BUSY, gate->server, caller->g_rec);
	return 0;
}

enum run_verdict mica_gate_call(struct run *run)
{
	struct wf *wf = rd_wf(run->rd);
	struct rec *caller = run->rec, *server = NULL;
	uint64_t i = caller->gpr[1];
	enum mica_rule rule;

	if (i >= wf->blob.gates || blob_gate(&wf->blob, (unsigned int)i)->caller != run->rd->mica.role)
		return mica_refuse(run, MICA_RULE_NO_RIGHT, WORDS);
	if (run->depth == MICA_GATE_DEPTH)
		return mica_refuse(run, MICA_RULE_LIMIT, WORDS);
	granule_lock(run->rd->mica.wf, GRANULE_WF);
	rule = take(&wf->gates[i], caller);
	if (rule == 0)
		server = append(run, &wf->gates[i]);
	granule_unlock(run->rd->mica.wf);
	if (rule != 0)
		return mica_refuse(run, rule, WORDS);
	caller->calling = (uint32_t)i + 1;
	hand_over(server, caller, blob_gate(&wf->blob, (unsigned int)i)->args);
	rec_switch(run, server);
	return RUN_RESUME;
}

/* The answer, if one is owed; then the server waits for the next call. */
enum run_verdict mica_gate_recv(struct run *run)
{
	struct wf *wf = rd_wf(run->rd);
	struct rec *server = run->rec;
	struct wf_gate *gate = gate_served(server);

	if (gate == NULL || server->gpr[1] != (uint64_t)(gate - wf->gates))
		return mica_refuse(run, MICA_RULE_NO_RIGHT, WORDS);
	if (run->depth == 0) {
		run->exit.exit_reason = RMI_EXIT_MICA_PARKED;	/* and READY once it is saved: mica_leave() */
		return RUN_EXIT;
	}
	hand_over(run->chain[run->depth - 1], server, blob_gate(&wf->blob, (unsigned int)(gate - wf->gates))->results);
	go_back(run, run->depth - 1);
	granule_lock(run->rd->mica.wf, GRANULE_WF);
	if (gate->state != GATE_NONE)
		set_gate(gate, GATE_READY, gate->server, NULL);
	granule_unlock(run->rd->mica.wf);
	shorten(run, run->depth - 1);	/* not before: the gate might be a successor's by then */
	return RUN_RESUME;
}
