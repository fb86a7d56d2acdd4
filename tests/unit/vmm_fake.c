/* SPDX-License-Identifier: Apache-2.0 */
/* A stand-in for the monitor: its objects and its commands. See vmm_fake.h. */
#include <string.h>

#include "../../abi/mica_blob.h"
#include "vmm_fake_parts.h"

#define MAX_REALMS	4

struct fake fake;
pthread_mutex_t fake_lock = PTHREAD_MUTEX_INITIALIZER;

static struct fake_realm realms[MAX_REALMS];
static struct { uint64_t pa, aux; unsigned int realm, index; bool used; } recs[8];
static struct { uint64_t base, added; unsigned int mapped; } chans[8];
static uint64_t wf, wf_aux[MICA_WF_MAX_AUX];
static struct mica_blob_role blob_roles[3];
static uint64_t wf_n_aux;

void fake_reset(void)
{
	memory_reset();
	s2_reset();
	memset(&fake, 0, sizeof(fake));
	fake.grant_shift = 20;
	memset(realms, 0, sizeof(realms));
	memset(recs, 0, sizeof(recs));
	memset(chans, 0, sizeof(chans));
	wf = 0;
}

unsigned int fake_objects(void)
{
	unsigned int i, n = wf != 0;

	for (i = 0; i < MAX_REALMS; i++)
		n += realms[i].rd != 0;
	for (i = 0; i < 8; i++)
		n += recs[i].used;
	return n;
}

/* ---- roles ---- */

static enum mica_role_state role_state(unsigned int role)
{
	enum mica_role_state s = fake.role_state[role];

	return s != MICA_ROLE_EMPTY && fake.wf_stopped ? MICA_ROLE_DRAINING : s;
}

void fake_role_dies(unsigned int role)
{
	pthread_mutex_lock(&fake_lock);
	if (fake.role_state[role] == MICA_ROLE_SEALED)
		fake.role_state[role] = MICA_ROLE_DEAD;
	pthread_mutex_unlock(&fake_lock);
}

/* Nothing of a sealed Realm changes; what is being taken down is not added to. */
static uint64_t may_change(const struct fake_realm *r, bool takes_away)
{
	switch (role_state(r->role)) {
	case MICA_ROLE_SEALED:
	case MICA_ROLE_DEAD:
		return MICA_POLICY(MICA_RULE_SEALED);
	case MICA_ROLE_DRAINING:
		return takes_away ? 0 : MICA_POLICY(MICA_RULE_ROLE_STATE);
	default:
		return 0;
	}
}

static uint64_t role_reset(uint64_t role)
{
	if (!fake.wf_active || fake.wf_stopped)
		return MICA_POLICY(MICA_RULE_WF_STATE);
	if (role >= 3 || !(blob_roles[role].flags & MICA_ROLE_RESTART) ||
	    (fake.role_state[role] != MICA_ROLE_SEALED && fake.role_state[role] != MICA_ROLE_DEAD))
		return MICA_POLICY(MICA_RULE_ROLE_STATE);
	fake.role_state[role] = MICA_ROLE_DRAINING;
	fake.resets++;
	return 0;
}

static uint64_t wf_info(uint64_t sel, uint64_t role, uint64_t *out)
{
	if (sel != MICA_INFO_ROLE || role >= 3)
		return RMI_ERROR_INPUT;
	out[0] = role_state((unsigned int)role);
	out[1] = fake.epoch[role];
	return 0;
}

uint64_t fake_may_enter(unsigned int role)
{
	if (fake.wf_stopped)
		return MICA_POLICY(MICA_RULE_WF_STATE);
	if (fake.role_state[role] == MICA_ROLE_DEAD)
		return RMI_RET(RMI_ERROR_REALM, 1);	/* 1.0 looks first */
	return role_state(role) == MICA_ROLE_SEALED ? 0 : MICA_POLICY(MICA_RULE_ROLE_STATE);
}

/* ---- Realms, RECs ---- */

static struct fake_realm *find(uint64_t rd)
{
	unsigned int i;

	for (i = 0; i < MAX_REALMS; i++)
		if (realms[i].rd == rd && rd)
			return &realms[i];
	return NULL;
}

static uint64_t realm_create(uint64_t rd, uint64_t params, uint64_t role)
{
	struct rmi_realm_params *p = fake_shared(params);
	struct fake_realm *r = &realms[role];
	uint64_t i;

	if (!p || role >= 3 || r->rd || !granule_is(rd, DELEGATED) || p->rtt_base % (p->rtt_num_start * PAGE))
		return RMI_ERROR_INPUT;
	for (i = 0; i < p->rtt_num_start; i++)
		if (!granule_is(p->rtt_base + i * PAGE, DELEGATED) || p->rtt_base + i * PAGE == rd)
			return RMI_ERROR_INPUT;
	for (i = 0; i < p->rtt_num_start; i++)
		granule_set(p->rtt_base + i * PAGE, RTT);
	granule_set(rd, RD);
	fake.role_state[role] = MICA_ROLE_LOADING;
	*r = (struct fake_realm){ .rd = rd, .role = role, .start = p->rtt_level_start,
			     .rtt_base = p->rtt_base, .rtt_num = p->rtt_num_start };
	return 0;
}

static uint64_t realm_destroy(struct fake_realm *r)
{
	uint64_t i;

	if (r->recs || s2_live_below(r, 0, 1))
		return RMI_ERROR_REALM;
	for (i = 0; i < r->rtt_num; i++)
		granule_set(r->rtt_base + i * PAGE, DELEGATED);
	granule_set(r->rd, DELEGATED);
	s2_forget(r);
	r->rd = 0;
	if (fake.role_state[r->role] == MICA_ROLE_DRAINING)
		fake.epoch[r->role]++;
	fake.role_state[r->role] = MICA_ROLE_EMPTY;
	return 0;
}

static uint64_t rec_create(struct fake_realm *r, uint64_t rec, uint64_t params)
{
	struct rmi_rec_params *p = fake_shared(params);
	unsigned int i;

	if (!p || !granule_is(rec, DELEGATED) || p->num_aux != 1 || !granule_is(p->aux[0], DELEGATED) ||
	    p->aux[0] == rec || p->mpidr != r->recs)
		return RMI_ERROR_INPUT;
	for (i = 0; i < 8 && recs[i].used; i++)
		;
	recs[i].pa = rec;
	recs[i].aux = p->aux[0];
	recs[i].realm = r->role;
	recs[i].index = r->recs;
	recs[i].used = true;
	granule_set(rec, REC);
	granule_set(p->aux[0], AUX);
	r->recs++;
	return 0;
}

static uint64_t rec_destroy(uint64_t rec)
{
	unsigned int i;

	for (i = 0; i < 8; i++) {
		if (!recs[i].used || recs[i].pa != rec)
			continue;
		if (may_change(&realms[recs[i].realm], true))
			return may_change(&realms[recs[i].realm], true);
		if (fake.running_for) {
			fake.running_for--;
			return RMI_ERROR_REC;
		}
		recs[i].used = false;
		realms[recs[i].realm].recs--;
		granule_set(rec, DELEGATED);
		granule_set(recs[i].aux, DELEGATED);
		return 0;
	}
	return RMI_ERROR_INPUT;
}

static int rec_at(uint64_t pa)
{
	int i;

	for (i = 0; i < 8; i++)
		if (recs[i].used && recs[i].pa == pa)
			return i;
	return -1;
}

void fake_rec_at(uint64_t pa, unsigned int *role, unsigned int *index)
{
	int i = rec_at(pa);

	*role = i < 0 ? 0 : realms[recs[i].realm].role;
	*index = i < 0 ? 0 : recs[i].index;
}

static uint64_t psci_complete(uint64_t caller, uint64_t target, uint64_t status)
{
	int c = rec_at(caller), t = rec_at(target);

	if (c < 0 || t < 0 || recs[c].realm != recs[t].realm || fake.psci_n == 64)
		return RMI_ERROR_INPUT;
	fake.psci[fake.psci_n].role = realms[recs[c].realm].role;
	fake.psci[fake.psci_n].caller = recs[c].index;
	fake.psci[fake.psci_n].target = recs[t].index;
	fake.psci[fake.psci_n++].status = status;
	return 0;
}

/* ---- the workflow ---- */

static uint64_t wf_create(uint64_t pa, uint64_t params)
{
	struct mica_wf_params *p = fake_shared(params);
	uint64_t i;

	if (!p || wf || !granule_is(pa, DELEGATED) || !fake_shared(p->blob_pa) || !p->n_aux)
		return RMI_ERROR_INPUT;
	for (i = 0; i < p->n_aux; i++)
		if (!granule_is(p->aux[i], DELEGATED) || p->aux[i] == pa)
			return RMI_ERROR_INPUT;
	wf_n_aux = p->n_aux;
	memcpy(blob_roles, (uint8_t *)fake_shared(p->blob_pa) + sizeof(struct mica_blob_header), sizeof(blob_roles));
	for (i = 0; i < 3; i++)
		fake.epoch[i] = 1;
	for (i = 0; i < wf_n_aux; i++) {
		wf_aux[i] = p->aux[i];
		granule_set(wf_aux[i], WF_AUX);
	}
	granule_set(pa, WF);
	wf = pa;
	return 0;
}

static uint64_t wf_destroy(void)
{
	uint64_t i;

	for (i = 0; i < MAX_REALMS; i++)
		if (realms[i].rd)
			return MICA_POLICY(MICA_RULE_IN_USE);
	for (i = 0; i < 8; i++)
		if (chans[i].added)
			return MICA_POLICY(MICA_RULE_IN_USE);
	if (fake.wf_active && !fake.wf_stopped)
		return MICA_POLICY(MICA_RULE_WF_STATE);
	for (i = 0; i < wf_n_aux; i++)
		granule_set(wf_aux[i], DELEGATED);
	granule_set(wf, DELEGATED);
	wf = 0;
	return 0;
}

static uint64_t chan_add(uint64_t chan, uint64_t pa)
{
	if (chan >= 8 || !granule_is(pa, DELEGATED))
		return RMI_ERROR_INPUT;
	if (chans[chan].added == 0)
		chans[chan].base = pa;
	if (pa != chans[chan].base + chans[chan].added * PAGE)
		return RMI_ERROR_INPUT;
	chans[chan].added++;
	granule_set(pa, CHAN);
	return 0;
}

static uint64_t chan_remove(uint64_t chan)
{
	if (chans[chan].mapped)
		return MICA_POLICY(MICA_RULE_IN_USE);
	if (!chans[chan].added)
		return RMI_ERROR_INPUT;
	granule_set(chans[chan].base + --chans[chan].added * PAGE, DELEGATED);
	return 0;
}

/* Where grants lie is the blob's business; here it is fake.grant_shift's. */
static uint64_t chan_leaf(struct fake_realm *r, uint64_t grant, uint64_t off, int level, bool map)
{
	uint64_t ipa = (64UL << 30) + (grant << fake.grant_shift) + off, pa = 0, st;

	if (may_change(r, !map))
		return MICA_POLICY(MICA_RULE_ROLE_STATE);
	if (map)
		st = s2_map(r, 0, ipa, level, PAGE_CHAN);
	else
		st = s2_unmap(r, ipa, level, PAGE_CHAN, &pa);
	if (!st)
		chans[0].mapped += map ? 1 : -1;	/* one count for all: teardown order */
	return st;
}

/* ---- dispatch ---- */

static uint64_t mica_call(uint64_t x[6])
{
	struct fake_realm *r = find(x[2]);

	if (fake.no_mica)
		return SMCCC_NOT_SUPPORTED;
	switch (x[1]) {
	case MICA_WF_CREATE: return wf_create(x[2], x[3]);
	case MICA_WF_ACTIVATE: fake.wf_active = true; return 0;
	case MICA_WF_STOP: fake.wf_stopped = true; return 0;
	case MICA_WF_DESTROY: return wf_destroy();
	case MICA_REALM_CREATE: return realm_create(x[2], x[3], x[5]);
	case MICA_ROLE_RESET: return role_reset(x[3]);
	case MICA_WF_INFO: return wf_info(x[3], x[4], &x[1]);
	case MICA_CHAN_ADD: return chan_add(x[3], x[4]);
	case MICA_CHAN_REMOVE: return chan_remove(x[3]);
	case MICA_CHAN_MAP: return r ? chan_leaf(r, x[3], x[4], x[5], true) : RMI_ERROR_INPUT;
	case MICA_CHAN_UNMAP: return r ? chan_leaf(r, x[3], x[4], x[5], false) : RMI_ERROR_INPUT;
	}
	return SMCCC_NOT_SUPPORTED;
}

static uint64_t data_create(struct fake_realm *r, uint64_t pa, uint64_t ipa)
{
	uint64_t st;

	if (!granule_is(pa, DELEGATED))
		return RMI_ERROR_INPUT;
	st = s2_map(r, pa, ipa, 3, PAGE_DATA);
	if (!st)
		granule_set(pa, DATA);
	return st;
}

static uint64_t data_destroy(struct fake_realm *r, uint64_t ipa, uint64_t *pa)
{
	uint64_t st = s2_unmap(r, ipa, 3, PAGE_DATA, pa);

	if (!st)
		granule_set(*pa, DELEGATED);
	return st;
}

static uint64_t realm_call(uint64_t x[6])
{
	struct fake_realm *r = find(x[1]);
	uint64_t st;

	if (!r)
		return RMI_ERROR_INPUT;
	if (x[0] == SMC_RMI_REALM_ACTIVATE) {
		if (role_state(r->role) != MICA_ROLE_LOADING)
			return MICA_POLICY(MICA_RULE_ROLE_STATE);
		fake.role_state[r->role] = MICA_ROLE_SEALED;
		r->active = true;
		return 0;
	}
	st = may_change(r, x[0] == SMC_RMI_REALM_DESTROY || x[0] == SMC_RMI_RTT_DESTROY || x[0] == SMC_RMI_RTT_CREATE || x[0] == SMC_RMI_RTT_FOLD ||
			   x[0] == SMC_RMI_DATA_DESTROY || x[0] == SMC_RMI_RTT_UNMAP_UNPROTECTED);
	if (st && x[0] != SMC_RMI_REC_AUX_COUNT)
		return st;
	switch (x[0]) {
	case SMC_RMI_REALM_DESTROY: return realm_destroy(r);
	case SMC_RMI_RTT_CREATE: return s2_create(r, x[2], x[3], x[4]);
	case SMC_RMI_RTT_DESTROY: return s2_destroy(r, x[2], x[3]);
	case SMC_RMI_RTT_FOLD: return s2_fold(r, x[2], x[3], &x[1]);
	case SMC_RMI_RTT_INIT_RIPAS: return s2_init_ripas(r, x[2], x[3], &x[1]);
	case SMC_RMI_DATA_CREATE: return fake_shared(x[4]) ? data_create(r, x[2], x[3]) : 1;
	case SMC_RMI_DATA_CREATE_UNKNOWN: return data_create(r, x[2], x[3]);
	case SMC_RMI_DATA_DESTROY: return data_destroy(r, x[2], &x[1]);
	case SMC_RMI_REC_AUX_COUNT:
		x[1] = 1;
		return 0;
	case SMC_RMI_REC_CREATE: return rec_create(r, x[2], x[3]);
	case SMC_RMI_RTT_MAP_UNPROTECTED:
		return s2_map(r, x[4] & ~0xfffUL, x[2], x[3], PAGE_NS);
	case SMC_RMI_RTT_UNMAP_UNPROTECTED: return s2_unmap(r, x[2], x[3], PAGE_NS, &x[1]);
	}
	return SMCCC_NOT_SUPPORTED;
}

static uint64_t granule_call(uint64_t fid, uint64_t pa)
{
	enum granule from = fid == SMC_RMI_GRANULE_DELEGATE ? NS : DELEGATED;

	if (!granule_is(pa, from))
		return RMI_ERROR_INPUT;
	granule_set(pa, from == NS ? DELEGATED : NS);
	return 0;
}

uint64_t fake_call(uint64_t x[6])
{
	fake.calls++;
	if (fake.calls == fake.fail_at)
		return fake.fail_with;
	switch (x[0]) {
	case SMC_RMI_GRANULE_DELEGATE:
	case SMC_RMI_GRANULE_UNDELEGATE: return granule_call(x[0], x[1]);
	case SMC_RMI_REC_DESTROY: return rec_destroy(x[1]);
	case SMC_RMI_PSCI_COMPLETE: return psci_complete(x[1], x[2], x[3]);
	case SMC_RMI_MICA: return mica_call(x);
	}
	return realm_call(x);
}
