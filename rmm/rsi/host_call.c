/* SPDX-License-Identifier: Apache-2.0 */
/* RSI_HOST_CALL: registers out, and at the next entry registers in. */
#include "../mica/hooks.h"
#include "rsi_internal.h"

#define IMM_MASK	0xffffUL

/* The structure inside its page; it cannot cross one, being aligned to its size. */
static struct rsi_host_call *call_at(void *page, ipa_t a)
{
	return (struct rsi_host_call *)((uint8_t *)page + (a.v & (GRANULE_SIZE - 1)));
}

static void show(struct run *run, const struct rsi_host_call *call)
{
	run->exit.exit_reason = RMI_EXIT_HOST_CALL;
	run->exit.imm = call->imm & IMM_MASK;
	memcpy(run->exit.gprs, call->gprs, sizeof(run->exit.gprs));
}

enum run_verdict rsi_host_call(struct run *run)
{
	struct rec *rec = run->rec;
	ipa_t a = ipa(rec->gpr[1]);
	struct mica_verdict v;
	struct s2_walk w;
	void *page;

	if (!IS_ALIGNED(a.v, sizeof(struct rsi_host_call)) ||
	    !s2_in_par(&rec->s2, a, sizeof(struct rsi_host_call))) {
		rsi_fail(run, RSI_ERROR_INPUT, RSI_RESULTS);
		return RUN_RESUME;
	}
	v = mica_host_call(run);
	if (v.handled)
		return v.run;
	switch (rsi_buffer_map(run, ipa(ALIGN_DOWN(a.v, GRANULE_SIZE)), &w, &page)) {
	case RSI_BUFFER_INPUT:
		rsi_fail(run, RSI_ERROR_INPUT, RSI_RESULTS);
		return RUN_RESUME;
	case RSI_BUFFER_EXIT:
		return RUN_EXIT;
	case RSI_BUFFER_OK:
		break;
	}
	show(run, call_at(page, a));
	s2_walk_end(&w);
	rec->host_call.pending = true;
	rec->host_call.addr = a;
	return RUN_EXIT;
}

enum run_verdict rsi_host_call_complete(struct run *run)
{
	struct rec *rec = run->rec;
	ipa_t a = rec->host_call.addr;
	uint64_t pc = rec->pc;
	struct s2_walk w;
	void *page;

	switch (rsi_buffer_map(run, ipa(ALIGN_DOWN(a.v, GRANULE_SIZE)), &w, &page)) {
	case RSI_BUFFER_EXIT:
		rec->pc = pc;		/* the call was made: only its answer waits */
		return RUN_EXIT;
	case RSI_BUFFER_OK:
		memcpy(call_at(page, a)->gprs, run->enter.gprs, sizeof(run->enter.gprs));
		s2_walk_end(&w);
		break;
	case RSI_BUFFER_INPUT:
		break;			/* the Realm gave the page up itself */
	}
	rec->gpr[0] = RSI_SUCCESS;
	return RUN_RESUME;
}
