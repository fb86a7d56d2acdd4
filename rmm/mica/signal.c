/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SIGNAL and WAIT. A signal is an event, not a count. No wake-up is lost: WAIT announces itself and then looks
 * again; SIGNAL sets the bit and then looks for those who announced themselves; all sequentially consistent.
 */
#include "hooks.h"

#include "../rsi/rsi_internal.h"
#include "wf.h"

/* Step b and c of SIGNAL for one reader: set its bit; does it wait? */
static bool post(struct wf_role *role, unsigned int bit)
{
	__atomic_fetch_or(&role->pending, BIT(bit), __ATOMIC_SEQ_CST);
	return __atomic_load_n(&role->waiters, __ATOMIC_SEQ_CST) != 0;
}

static bool may_signal(const struct rd *rd, uint64_t i)
{
	const struct mica_blob_role *rec = rd_record(rd);
	const struct mica_blob_grant *g;

	if (i >= rec->grant_count)
		return false;
	g = role_grant(rd_wf(rd), rec, i);
	return g->rights == MICA_GRANT_RW &&
	       blob_channel(&rd_wf(rd)->blob, g->channel)->flags & MICA_CHAN_SIGNAL;
}

/*
 * Step d: whoever waits is for the host to wake. Whether it waits is a run-time fact of the reader: where no edge leads from it
 * to this role it counts as waiting, so that neither the exit nor its absence tells the writer.
 */
static uint64_t to_wake(const struct rd *rd, unsigned int reader, bool waits)
{
	return (uint64_t)(waits | !may_know(rd, reader)) << reader;
}

enum run_verdict mica_signal(struct run *run)
{
	struct rec *rec = run->rec;
	struct wf *wf = rd_wf(run->rd);
	uint64_t i = rec->gpr[1], wake = 0;
	uint16_t channel;

	if (!may_signal(run->rd, i))
		return mica_refuse(run, MICA_RULE_NO_RIGHT, 0);
	channel = role_grant(wf, rd_record(run->rd), i)->channel;
	for (unsigned int n = 0; n < wf->blob.grants; n++) {
		const struct mica_blob_grant *g = blob_grant(&wf->blob, n);

		if (g->channel == channel && g->role != run->rd->mica.role && g->signal != MICA_NO_SIGNAL)
			wake |= to_wake(run->rd, g->role, post(wf_role(wf, g->role), g->signal));
	}
	rec->gpr[0] = RSI_SUCCESS;
	if (wake == 0)
		return RUN_RESUME;
	run->exit.exit_reason = RMI_EXIT_MICA_WAKE;
	run->exit.gprs[0] = wake;
	return RUN_EXIT;
}

static uint64_t take(struct wf_role *role, uint64_t mask)
{
	return __atomic_fetch_and(&role->pending, ~mask, __ATOMIC_SEQ_CST) & mask;
}

static bool passed(uint64_t deadline)
{
	return deadline != 0 && read_CNTPCT_EL0() >= deadline;
}

static enum run_verdict done(struct rec *rec, uint64_t bits, bool late)
{
	rec->gpr[0] = RSI_SUCCESS;
	rec->gpr[1] = bits;
	rec->gpr[2] = late;
	return RUN_RESUME;
}

/* Step 3, at the call and at every entry after it. */
static enum run_verdict look_again(struct run *run, bool no_wait)
{
	struct rec *rec = run->rec;
	struct wf_role *role = rd_role(run->rd);
	uint64_t bits = take(role, rec->mica_wait.mask);
	bool late = bits == 0 && passed(rec->mica_wait.deadline);

	if (bits != 0 || late || no_wait) {
		__atomic_fetch_and(&role->waiters, ~BIT(rec->index), __ATOMIC_SEQ_CST);
		rec->mica_wait.waiting = false;
		return done(rec, bits, late);
	}
	run->exit.exit_reason = RMI_EXIT_MICA_IDLE;
	return RUN_EXIT;
}

enum run_verdict mica_wait(struct run *run)
{
	struct rec *rec = run->rec;
	struct wf_role *role = rd_role(run->rd);
	uint64_t mask = rec->gpr[1], deadline = rec->gpr[2], flags = rec->gpr[3], bits;

	if ((mask == 0 && deadline == 0) || flags & ~MICA_WAIT_NOWAIT) {
		rsi_fail(run, RSI_ERROR_INPUT, 2);
		return RUN_RESUME;
	}
	rec->takes_signals = true;
	bits = take(role, mask);
	if (bits != 0)
		return done(rec, bits, false);
	rec->mica_wait.mask = mask;
	rec->mica_wait.deadline = deadline;
	rec->mica_wait.waiting = true;
	__atomic_fetch_or(&role->waiters, BIT(rec->index), __ATOMIC_SEQ_CST);
	return look_again(run, flags & MICA_WAIT_NOWAIT);
}

enum run_verdict mica_wait_resume(struct run *run)
{
	return run->rec->mica_wait.waiting ? look_again(run, false) : RUN_RESUME;
}
