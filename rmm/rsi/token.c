/* SPDX-License-Identifier: Apache-2.0 */
/* RSI_ATTESTATION_TOKEN_INIT and _CONTINUE. Source: rsi.md; token itself: attest/token.c. */
#include "../attest/attest.h"
#include "rsi_internal.h"

enum run_verdict rsi_token_init(struct run *run)
{
	struct rec *rec = run->rec;
	uint64_t challenge[RSI_CHALLENGE_SIZE / sizeof(uint64_t)];

	memcpy(challenge, &rec->gpr[1], sizeof(challenge));
	if (!attest_token_start(rec, (const uint8_t *)challenge)) {
		rsi_fail(run, RSI_ERROR_UNKNOWN, RSI_RESULTS);
		return RUN_RESUME;
	}
	rec->gpr[0] = RSI_SUCCESS;
	rec->gpr[1] = rec->bound ? ATTEST_TOKEN_MAX_BOUND : ATTEST_TOKEN_MAX;
	return RUN_RESUME;
}

struct window {
	ipa_t addr;		/* granule of the Realm */
	uint64_t offset, size;	/* inside it */
};

static uint64_t check(const struct rec *rec, const struct window *w)
{
	if (!IS_ALIGNED(w->addr.v, GRANULE_SIZE) || w->offset >= GRANULE_SIZE ||
	    w->size > GRANULE_SIZE - w->offset || !s2_in_par(&rec->s2, w->addr, GRANULE_SIZE))
		return RSI_ERROR_INPUT;
	if (rec->token_state == ATTEST_NONE)
		return RSI_ERROR_STATE;
	return RSI_SUCCESS;
}

/* Sign until done or until the host wants its CPU; at least one step, so that the host cannot starve it. */
static enum attest_step sign(struct rec *rec)
{
	enum attest_step step;

	do {
		step = attest_token_step(rec);
	} while (step == ATTEST_AGAIN && !arch_interrupt_pending());
	return step;
}

/* The Realm gets the next piece of the finished token. */
static enum run_verdict copy(struct run *run, const struct window *w)
{
	struct rec *rec = run->rec;
	struct s2_walk walk;
	bool done;
	void *va;

	switch (rsi_buffer_map(run, w->addr, &walk, &va)) {
	case RSI_BUFFER_EXIT:
		return RUN_EXIT;	/* the call comes again */
	case RSI_BUFFER_INPUT:
		rsi_fail(run, RSI_ERROR_INPUT, RSI_RESULTS);
		return RUN_RESUME;
	case RSI_BUFFER_OK:
		break;
	}
	rec->gpr[1] = attest_token_copy(rec, (uint8_t *)va + w->offset, w->size, &done);
	rec->gpr[0] = done ? RSI_SUCCESS : RSI_INCOMPLETE;
	s2_walk_end(&walk);
	return RUN_RESUME;
}

enum run_verdict rsi_token_continue(struct run *run)
{
	struct rec *rec = run->rec;
	const struct window w = { ipa(rec->gpr[1]), rec->gpr[2], rec->gpr[3] };
	uint64_t status = check(rec, &w);

	if (status != RSI_SUCCESS) {
		rsi_fail(run, status, RSI_RESULTS);
		return RUN_RESUME;
	}
	if (rec->token_state == ATTEST_SIGN) {
		switch (sign(rec)) {
		case ATTEST_AGAIN:
			rsi_fail(run, RSI_INCOMPLETE, RSI_RESULTS);
			run->exit.exit_reason = RMI_EXIT_IRQ;
			return RUN_EXIT;
		case ATTEST_FAILED:
			rsi_fail(run, RSI_ERROR_UNKNOWN, RSI_RESULTS);
			return RUN_RESUME;
		case ATTEST_READY:
			break;
		}
	}
	return copy(run, &w);
}
