/* SPDX-License-Identifier: Apache-2.0 */
/* The functions a bound Realm has: what it is, what it may reach, signals. Source: extension.md section 6. */
#include "../rsi/rsi_internal.h"

#include "hooks.h"
#include "wf.h"

#define NAME_REGS	(MICA_NAME_SIZE / sizeof(uint64_t))

static enum run_verdict input(struct run *run, unsigned int outputs)
{
	rsi_fail(run, RSI_ERROR_INPUT, outputs);
	return RUN_RESUME;
}

enum run_verdict mica_refuse(struct run *run, enum mica_rule rule, unsigned int outputs)
{
	audit_count(run->rd, rule);
	rsi_fail(run, MICA_POLICY(rule), outputs);
	return RUN_RESUME;
}

static enum run_verdict version(struct run *run)
{
	run->rec->gpr[0] = RSI_SUCCESS;
	run->rec->gpr[1] = MICA_MAGIC_VERSION;
	run->rec->gpr[2] = run->rec->bound != 0;
	return RUN_RESUME;
}

static bool is_end_of(const struct wf *wf, unsigned int gate, unsigned int role)
{
	const struct mica_blob_gate *g = blob_gate(&wf->blob, gate);

	return g->caller == role || g->callee == role;
}

/* Number of the i-th gate that the role calls or serves; blob.gates past the last. */
static unsigned int gate_of_role(const struct wf *wf, unsigned int role, uint64_t i)
{
	unsigned int n;

	for (n = 0; n < wf->blob.gates; n++)
		if (is_end_of(wf, n, role) && i-- == 0)
			break;
	return n;
}

static enum run_verdict self(struct run *run)
{
	const struct mica_blob_role *rec = rd_record(run->rd);
	const struct wf *wf = rd_wf(run->rd);
	uint64_t *x = run->rec->gpr;

	switch (x[1]) {
	case MICA_SELF_ROLE:
		x[1] = run->rd->mica.role;
		x[2] = rec->rights;
		x[3] = rec->grant_count;
		x[4] = 0;
		for (unsigned int i = 0; i < wf->blob.gates; i++)
			x[4] += is_end_of(wf, i, run->rd->mica.role);
		x[5] = rec->region_count;
		x[6] = rd_role(run->rd)->epoch;
		break;
	case MICA_SELF_WORKFLOW_ID:
		memcpy(&x[1], wf->id, 32);
		break;
	case MICA_SELF_INSTANCE_ID:
		memcpy(&x[1], wf->instance, 32);
		break;
	case MICA_SELF_RAM:
		x[1] = rec->ram_base;
		x[2] = rec->ram_size;
		break;
	default:
		return input(run, 6);
	}
	x[0] = RSI_SUCCESS;
	return RUN_RESUME;
}

static enum run_verdict grant_info(struct run *run)
{
	const struct mica_blob_role *rec = rd_record(run->rd);
	struct wf *wf = rd_wf(run->rd);
	const struct mica_blob_grant *g;
	uint64_t *x = run->rec->gpr;

	if (x[1] >= rec->grant_count)
		return input(run, 3 + NAME_REGS);
	g = role_grant(wf, rec, x[1]);
	x[0] = RSI_SUCCESS;
	x[1] = g->ipa;
	x[2] = (uint64_t)blob_channel(&wf->blob, g->channel)->pages * GRANULE_SIZE;
	x[3] = g->channel | (uint64_t)g->rights << 16 | (uint64_t)g->signal << 24;
	memcpy(&x[4], g->name, MICA_NAME_SIZE);
	return RUN_RESUME;
}

static enum run_verdict region_info(struct run *run)
{
	const struct mica_blob_role *rec = rd_record(run->rd);
	const struct mica_blob_region *r;
	uint64_t *x = run->rec->gpr;

	if (x[1] >= rec->region_count)
		return input(run, 3 + NAME_REGS);
	r = role_region(rd_wf(run->rd), rec, x[1]);
	x[0] = RSI_SUCCESS;
	x[1] = r->base;
	x[2] = r->kind == MICA_REGION_INTIDS ? r->pages : (uint64_t)r->pages * GRANULE_SIZE;
	x[3] = r->kind | (uint64_t)r->rights << 8;
	memcpy(&x[4], r->name, MICA_NAME_SIZE);
	return RUN_RESUME;
}

static enum run_verdict gate_info(struct run *run)
{
	const struct wf *wf = rd_wf(run->rd);
	uint64_t *x = run->rec->gpr;
	unsigned int n = gate_of_role(wf, run->rd->mica.role, x[1]);
	const struct mica_blob_gate *g;

	if (n == wf->blob.gates)
		return input(run, 3 + NAME_REGS);
	g = blob_gate(&wf->blob, n);
	x[0] = RSI_SUCCESS;
	x[1] = n;
	x[2] = g->callee == run->rd->mica.role;
	x[3] = g->args | (uint64_t)g->results << 8 | (uint64_t)g->server_rec << 16;
	memcpy(&x[4], x[2] ? g->callee_name : g->caller_name, MICA_NAME_SIZE);
	return RUN_RESUME;
}

static enum run_verdict peer_info(struct run *run)
{
	const struct wf *wf = rd_wf(run->rd);
	uint64_t *x = run->rec->gpr;
	const struct wf_role *peer;

	if (x[1] >= wf->blob.roles || !may_know(run->rd, (unsigned int)x[1]))
		return mica_refuse(run, MICA_RULE_NO_RIGHT, 10);
	peer = wf_role(wf, (unsigned int)x[1]);
	x[0] = RSI_SUCCESS;
	granule_lock(run->rd->mica.wf, GRANULE_WF);	/* state and epoch of one moment */
	x[1] = role_state(wf, peer) == MICA_ROLE_SEALED;
	x[2] = peer->epoch;
	granule_unlock(run->rd->mica.wf);
	memcpy(&x[3], peer->latch, HASH_MAX_SIZE);
	return RUN_RESUME;
}

static enum run_verdict own_audit(struct run *run)
{
	uint64_t *x = run->rec->gpr;

	if (x[1] == 0 || x[1] >= MICA_RULES)
		return input(run, 1);
	x[1] = audit_read(rd_role(run->rd), (enum mica_rule)x[1]);
	x[0] = RSI_SUCCESS;
	return RUN_RESUME;
}

enum run_verdict mica_rsi(struct run *run)
{
	uint64_t fid = run->rec->gpr[0] & 0xffffffffUL & ~SMCCC_SVE_HINT;

	if (fid == SMC_RSI_MICA_VERSION)
		return version(run);
	if (!run->rec->bound) {
		rsi_fail(run, RSI_ERROR_STATE, 0);
		return RUN_RESUME;
	}
	switch (fid) {
	case SMC_RSI_MICA_SELF: return self(run);
	case SMC_RSI_MICA_GRANT_INFO: return grant_info(run);
	case SMC_RSI_MICA_REGION_INFO: return region_info(run);
	case SMC_RSI_MICA_GATE_INFO: return gate_info(run);
	case SMC_RSI_MICA_PEER_INFO: return peer_info(run);
	case SMC_RSI_MICA_SIGNAL: return mica_signal(run);
	case SMC_RSI_MICA_WAIT: return mica_wait(run);
	case SMC_RSI_MICA_GATE_CALL: return mica_gate_call(run);
	case SMC_RSI_MICA_GATE_RECV: return mica_gate_recv(run);
	default: return own_audit(run);		/* the last; rsi_dispatch() knows the range */
	}
}
