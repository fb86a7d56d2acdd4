/* SPDX-License-Identifier: Apache-2.0 */
/* A stand-in for driver and monitor: see vmm_fake.h. One lock around everything but scripts. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "../../abi/mica_blob.h"
#include "../../abi/rsi.h"
#include "../../host/vmm/dev.h"
#include "vmm_fake.h"

#define PAGE		4096UL
#define BASE		0x80000000UL
#define PAGES		16384
#define MAX_ENTRIES	8192
#define MAX_REALMS	4

enum state { NS, DELEGATED, RD, REC, AUX, RTT, DATA, WF, WF_AUX, CHAN };

struct entry {
	unsigned int realm;
	uint64_t ipa, pa;
	int level;
	enum { TABLE, PAGE_DATA, PAGE_CHAN, PAGE_NS } kind;
};

struct realm {
	uint64_t rd;
	unsigned int role;
	int start;
	uint64_t rtt_base, rtt_num, ripas_end;
	unsigned int recs;
	bool active;
};

struct fake fake;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t brk_pa;
static uint8_t kinds[PAGES];		/* 1 granules, 2 shared */
static uint8_t states[PAGES];
static uint8_t *memory;			/* behind shared pages */
static struct entry entries[MAX_ENTRIES];
static unsigned int n_entries;
static struct realm realms[MAX_REALMS];
static struct { uint64_t pa, aux; unsigned int realm, index; bool used; } recs[8];
static struct { uint64_t base, added; unsigned int mapped; } chans[8];
static uint64_t wf, wf_aux[MICA_WF_MAX_AUX];
static struct mica_blob_role blob_roles[3];
static uint64_t wf_n_aux;

void fake_free(void)
{
	free(memory);
	memory = NULL;
}

void fake_reset(void)
{
	fake_free();
	memset(&fake, 0, sizeof(fake));
	fake.grant_shift = 20;
	brk_pa = BASE;
	memset(kinds, 0, sizeof(kinds));
	memset(states, 0, sizeof(states));
	n_entries = 0;
	memset(realms, 0, sizeof(realms));
	memset(recs, 0, sizeof(recs));
	memset(chans, 0, sizeof(chans));
	wf = 0;
	memory = calloc(PAGES, PAGE);
}

static bool is(uint64_t pa, enum state s)
{
	uint64_t i = (pa - BASE) / PAGE;

	return pa >= BASE && pa % PAGE == 0 && i < PAGES && kinds[i] == 1 && states[i] == s;
}

static void set(uint64_t pa, enum state s)
{
	states[(pa - BASE) / PAGE] = s;
}

void *fake_shared(uint64_t pa)
{
	uint64_t i = (pa - BASE) / PAGE;

	return pa >= BASE && i < PAGES && kinds[i] == 2 ? memory + (pa - BASE) : NULL;
}

unsigned int fake_delegated(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < PAGES; i++)
		n += states[i] != NS;
	return n;
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
	pthread_mutex_lock(&lock);
	if (fake.role_state[role] == MICA_ROLE_SEALED)
		fake.role_state[role] = MICA_ROLE_DEAD;
	pthread_mutex_unlock(&lock);
}

/* Nothing of a sealed Realm changes; what is being taken down is not added to. */
static uint64_t may_change(const struct realm *r, bool takes_away)
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

/* ---- stage 2 ---- */

static uint64_t size_at(int level)
{
	return PAGE << (9 * (3 - level));
}

static struct realm *find(uint64_t rd)
{
	unsigned int i;

	for (i = 0; i < MAX_REALMS; i++)
		if (realms[i].rd == rd && rd)
			return &realms[i];
	return NULL;
}

static struct entry *look(const struct realm *r, uint64_t ipa, int level, bool table)
{
	unsigned int i;

	for (i = 0; i < n_entries; i++)
		if (entries[i].realm == r - realms && entries[i].ipa == ipa &&
		    entries[i].level == level && (entries[i].kind == TABLE) == table)
			return &entries[i];
	return NULL;
}

static int walk(const struct realm *r, uint64_t ipa)
{
	int level = r->start;

	while (level < 3 && look(r, ipa & ~(size_at(level) - 1), level + 1, true))
		level++;
	return level;
}

static void put(const struct realm *r, uint64_t ipa, uint64_t pa, int level, int kind)
{
	if (n_entries == MAX_ENTRIES)
		abort();
	entries[n_entries++] = (struct entry){ r - realms, ipa, pa, level, kind };
}

static void drop(struct entry *e)
{
	*e = entries[--n_entries];
}

static bool live_below(const struct realm *r, uint64_t ipa, int level)
{
	unsigned int i;

	for (i = 0; i < n_entries; i++) {
		const struct entry *e = &entries[i];
		int at = e->kind == TABLE ? e->level - 1 : e->level;

		if (e->realm == r - realms && at >= level && e->kind != PAGE_NS &&
		    e->ipa >= ipa && e->ipa < ipa + size_at(level - 1))
			return true;
	}
	return false;
}

void *fake_window(unsigned int role, uint64_t ipa)
{
	void *p = NULL;
	unsigned int i;

	pthread_mutex_lock(&lock);
	for (i = 0; i < n_entries; i++)
		if (entries[i].kind == PAGE_NS && realms[entries[i].realm].role == role &&
		    entries[i].ipa == ipa)
			p = fake_shared(entries[i].pa);
	pthread_mutex_unlock(&lock);
	return p;
}

unsigned int fake_count(unsigned int role, enum fake_leaf kind, int level)
{
	static const int kinds_of[] = { [FAKE_RAM] = PAGE_DATA, [FAKE_CHANNEL] = PAGE_CHAN, [FAKE_TABLE] = TABLE };
	unsigned int i, n = 0;

	for (i = 0; i < n_entries; i++)
		n += entries[i].realm == role && entries[i].level == level && (int)entries[i].kind == kinds_of[kind];
	return n;
}

/* ---- commands: x in, results from x[1] on; return X0 ---- */

static uint64_t leaf(struct realm *r, uint64_t pa, uint64_t ipa, int level, int kind)
{
	int at = walk(r, ipa);

	if (ipa % size_at(level) || pa % size_at(level))
		return RMI_ERROR_INPUT;
	if (at != level)
		return RMI_RET(RMI_ERROR_RTT, at);
	if (look(r, ipa, level, false))
		return RMI_RET(RMI_ERROR_RTT, level);
	put(r, ipa, pa, level, kind);
	return 0;
}

static uint64_t unleaf(struct realm *r, uint64_t ipa, int level, int kind, uint64_t *pa)
{
	struct entry *e = look(r, ipa, level, false);

	if (!e || (int)e->kind != kind)
		return RMI_RET(RMI_ERROR_RTT, walk(r, ipa));
	*pa = e->pa;
	drop(e);
	return 0;
}

static uint64_t realm_create(uint64_t rd, uint64_t params, uint64_t role)
{
	struct rmi_realm_params *p = fake_shared(params);
	struct realm *r = &realms[role];
	uint64_t i;

	if (!p || role >= 3 || r->rd || !is(rd, DELEGATED) || p->rtt_base % (p->rtt_num_start * PAGE))
		return RMI_ERROR_INPUT;
	for (i = 0; i < p->rtt_num_start; i++)
		if (!is(p->rtt_base + i * PAGE, DELEGATED) || p->rtt_base + i * PAGE == rd)
			return RMI_ERROR_INPUT;
	for (i = 0; i < p->rtt_num_start; i++)
		set(p->rtt_base + i * PAGE, RTT);
	set(rd, RD);
	fake.role_state[role] = MICA_ROLE_LOADING;
	*r = (struct realm){ .rd = rd, .role = role, .start = p->rtt_level_start,
			     .rtt_base = p->rtt_base, .rtt_num = p->rtt_num_start };
	return 0;
}

static uint64_t realm_destroy(struct realm *r)
{
	uint64_t i;

	if (r->recs || live_below(r, 0, 1))
		return RMI_ERROR_REALM;
	for (i = 0; i < r->rtt_num; i++)
		set(r->rtt_base + i * PAGE, DELEGATED);
	set(r->rd, DELEGATED);
	for (i = 0; i < n_entries;)
		if (entries[i].realm == r - realms)
			drop(&entries[i]);
		else
			i++;
	r->rd = 0;
	if (fake.role_state[r->role] == MICA_ROLE_DRAINING)
		fake.epoch[r->role]++;
	fake.role_state[r->role] = MICA_ROLE_EMPTY;
	return 0;
}

/* A block of RAM whose table is made becomes 512 pages. */
static void split(struct realm *r, uint64_t ipa, int level)
{
	struct entry *e = look(r, ipa, level, false);
	uint64_t i, pa;

	if (!e || e->kind != PAGE_DATA)
		return;
	pa = e->pa;
	drop(e);
	for (i = 0; i < 512; i++)
		put(r, ipa + i * PAGE, pa + i * PAGE, level + 1, PAGE_DATA);
}

static uint64_t rtt_create(struct realm *r, uint64_t rtt, uint64_t ipa, int level)
{
	int at;

	if (level <= r->start || level > 3 || ipa % size_at(level - 1) || !is(rtt, DELEGATED))
		return RMI_ERROR_INPUT;
	at = walk(r, ipa);
	if (at != level - 1)
		return RMI_RET(RMI_ERROR_RTT, at < level - 1 ? at : level - 1);
	split(r, ipa, level - 1);
	put(r, ipa, rtt, level, TABLE);
	set(rtt, RTT);
	return 0;
}

/* 512 pages of RAM side by side become a block. */
static uint64_t rtt_fold(struct realm *r, uint64_t ipa, int level, uint64_t *out)
{
	struct entry *table = look(r, ipa, level, true), *first = look(r, ipa, level, false), *e;
	uint64_t i, pa;

	if (!table)
		return RMI_RET(RMI_ERROR_RTT, level - 1);
	if (level != 3 || !first || first->kind != PAGE_DATA || first->pa % size_at(2))
		return RMI_RET(RMI_ERROR_RTT, level);
	pa = first->pa;
	for (i = 0; i < 512; i++) {
		e = look(r, ipa + i * PAGE, 3, false);
		if (!e || e->kind != PAGE_DATA || e->pa != pa + i * PAGE)
			return RMI_RET(RMI_ERROR_RTT, level);
	}
	for (i = 0; i < 512; i++)
		drop(look(r, ipa + i * PAGE, 3, false));
	table = look(r, ipa, level, true);
	*out = table->pa;
	set(table->pa, DELEGATED);
	drop(table);
	put(r, ipa, pa, 2, PAGE_DATA);
	if (fake.folds < 8)
		fake.fold_calls[fake.folds++] = fake.calls;
	return 0;
}

static uint64_t rtt_destroy(struct realm *r, uint64_t ipa, int level)
{
	struct entry *e = look(r, ipa, level, true);

	if (!e)
		return RMI_RET(RMI_ERROR_RTT, level - 1);
	if (live_below(r, ipa, level))
		return RMI_RET(RMI_ERROR_RTT, level);
	set(e->pa, DELEGATED);
	drop(e);
	return 0;
}

static uint64_t init_ripas(struct realm *r, uint64_t base, uint64_t top, uint64_t *out)
{
	int level = walk(r, base);

	if (top <= base || top % PAGE)
		return RMI_ERROR_INPUT;
	if (base % size_at(level) || base + size_at(level) > top)
		return RMI_RET(RMI_ERROR_RTT, level);
	*out = base + size_at(level);	/* one entry a call: callers have to go on */
	r->ripas_end = *out;
	return 0;
}

static uint64_t rec_create(struct realm *r, uint64_t rec, uint64_t params)
{
	struct rmi_rec_params *p = fake_shared(params);
	unsigned int i;

	if (!p || !is(rec, DELEGATED) || p->num_aux != 1 || !is(p->aux[0], DELEGATED) ||
	    p->aux[0] == rec || p->mpidr != r->recs)
		return RMI_ERROR_INPUT;
	for (i = 0; i < 8 && recs[i].used; i++)
		;
	recs[i].pa = rec;
	recs[i].aux = p->aux[0];
	recs[i].realm = r - realms;
	recs[i].index = r->recs;
	recs[i].used = true;
	set(rec, REC);
	set(p->aux[0], AUX);
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
		set(rec, DELEGATED);
		set(recs[i].aux, DELEGATED);
		return 0;
	}
	return RMI_ERROR_INPUT;
}

static uint64_t wf_create(uint64_t pa, uint64_t params)
{
	struct mica_wf_params *p = fake_shared(params);
	uint64_t i;

	if (!p || wf || !is(pa, DELEGATED) || !fake_shared(p->blob_pa) || !p->n_aux)
		return RMI_ERROR_INPUT;
	for (i = 0; i < p->n_aux; i++)
		if (!is(p->aux[i], DELEGATED) || p->aux[i] == pa)
			return RMI_ERROR_INPUT;
	wf_n_aux = p->n_aux;
	memcpy(blob_roles, (uint8_t *)fake_shared(p->blob_pa) + sizeof(struct mica_blob_header), sizeof(blob_roles));
	for (i = 0; i < 3; i++)
		fake.epoch[i] = 1;
	for (i = 0; i < wf_n_aux; i++) {
		wf_aux[i] = p->aux[i];
		set(wf_aux[i], WF_AUX);
	}
	set(pa, WF);
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
		set(wf_aux[i], DELEGATED);
	set(wf, DELEGATED);
	wf = 0;
	return 0;
}

static uint64_t chan_add(uint64_t chan, uint64_t pa)
{
	if (chan >= 8 || !is(pa, DELEGATED))
		return RMI_ERROR_INPUT;
	if (chans[chan].added == 0)
		chans[chan].base = pa;
	if (pa != chans[chan].base + chans[chan].added * PAGE)
		return RMI_ERROR_INPUT;
	chans[chan].added++;
	set(pa, CHAN);
	return 0;
}

static uint64_t chan_remove(uint64_t chan)
{
	if (chans[chan].mapped)
		return MICA_POLICY(MICA_RULE_IN_USE);
	if (!chans[chan].added)
		return RMI_ERROR_INPUT;
	set(chans[chan].base + --chans[chan].added * PAGE, DELEGATED);
	return 0;
}

/* Where grants lie is the blob's business; here it is fake.grant_shift's. */
static uint64_t chan_leaf(struct realm *r, uint64_t grant, uint64_t off, int level, bool map)
{
	uint64_t ipa = (64UL << 30) + (grant << fake.grant_shift) + off, pa = 0, st;

	if (may_change(r, !map))
		return MICA_POLICY(MICA_RULE_ROLE_STATE);
	if (map)
		st = leaf(r, 0, ipa, level, PAGE_CHAN);
	else
		st = unleaf(r, ipa, level, PAGE_CHAN, &pa);
	if (!st)
		chans[0].mapped += map ? 1 : -1;	/* one count for all: teardown order */
	return st;
}

static uint64_t mica_call(uint64_t x[6])
{
	struct realm *r = find(x[2]);

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

static uint64_t data_create(struct realm *r, uint64_t pa, uint64_t ipa)
{
	uint64_t st;

	if (!is(pa, DELEGATED))
		return RMI_ERROR_INPUT;
	st = leaf(r, pa, ipa, 3, PAGE_DATA);
	if (!st)
		set(pa, DATA);
	return st;
}

static uint64_t data_destroy(struct realm *r, uint64_t ipa, uint64_t *pa)
{
	uint64_t st = unleaf(r, ipa, 3, PAGE_DATA, pa);

	if (!st)
		set(*pa, DELEGATED);
	return st;
}

static uint64_t realm_call(uint64_t x[6])
{
	struct realm *r = find(x[1]);
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
	case SMC_RMI_RTT_CREATE: return rtt_create(r, x[2], x[3], x[4]);
	case SMC_RMI_RTT_DESTROY: return rtt_destroy(r, x[2], x[3]);
	case SMC_RMI_RTT_FOLD: return rtt_fold(r, x[2], x[3], &x[1]);
	case SMC_RMI_RTT_INIT_RIPAS: return init_ripas(r, x[2], x[3], &x[1]);
	case SMC_RMI_DATA_CREATE: return fake_shared(x[4]) ? data_create(r, x[2], x[3]) : 1;
	case SMC_RMI_DATA_CREATE_UNKNOWN: return data_create(r, x[2], x[3]);
	case SMC_RMI_DATA_DESTROY: return data_destroy(r, x[2], &x[1]);
	case SMC_RMI_REC_AUX_COUNT:
		x[1] = 1;
		return 0;
	case SMC_RMI_REC_CREATE: return rec_create(r, x[2], x[3]);
	case SMC_RMI_RTT_MAP_UNPROTECTED:
		return leaf(r, x[4] & ~0xfffUL, x[2], x[3], PAGE_NS);
	case SMC_RMI_RTT_UNMAP_UNPROTECTED: return unleaf(r, x[2], x[3], PAGE_NS, &x[1]);
	}
	return SMCCC_NOT_SUPPORTED;
}

static uint64_t granule_call(uint64_t fid, uint64_t pa)
{
	enum state from = fid == SMC_RMI_GRANULE_DELEGATE ? NS : DELEGATED;

	if (!is(pa, from))
		return RMI_ERROR_INPUT;
	set(pa, from == NS ? DELEGATED : NS);
	return 0;
}

static int rec_at(uint64_t pa)
{
	int i;

	for (i = 0; i < 8; i++)
		if (recs[i].used && recs[i].pa == pa)
			return i;
	return -1;
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

static uint64_t call(uint64_t x[6])
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

/* ---- the device ---- */

int dev_open(void)
{
	return 0;
}

void dev_close(void)
{
}

int dev_info(struct mica_ioc_info *info)
{
	*info = (struct mica_ioc_info){ .version = MICA_IOCTL_VERSION, .rmi_version = 0x10000,
		.mica_magic = fake.no_mica ? 0 : MICA_MAGIC_VERSION };
	return 0;
}

int dev_stats(struct mica_ioc_stats *stats)
{
	pthread_mutex_lock(&lock);
	*stats = (struct mica_ioc_stats){ .granules_delegated = fake_delegated() };
	pthread_mutex_unlock(&lock);
	return 0;
}

int dev_mem(enum mica_mem_kind kind, uint64_t size, uint64_t align, uint64_t *pa)
{
	uint64_t i;

	pthread_mutex_lock(&lock);
	*pa = (brk_pa + align - 1) & ~(align - 1);
	brk_pa = *pa + size;
	for (i = *pa; i < brk_pa && (i - BASE) / PAGE < PAGES; i += PAGE)
		kinds[(i - BASE) / PAGE] = kind == MICA_MEM_GRANULES ? 1 : 2;
	pthread_mutex_unlock(&lock);
	return brk_pa <= BASE + PAGES * PAGE ? 0 : -ENOMEM;
}

void *dev_map(uint64_t pa, size_t size)
{
	(void)size;
	return fake_shared(pa);
}

int dev_rmi(struct mica_rmi_call *calls, uint32_t count, uint32_t *done)
{
	uint64_t st = 0;

	pthread_mutex_lock(&lock);
	for (*done = 0; *done < count && st == 0; ++*done) {
		st = call(calls[*done].x);
		calls[*done].x[0] = st;
	}
	pthread_mutex_unlock(&lock);
	return 0;
}

static uint64_t may_enter(unsigned int role)
{
	if (fake.wf_stopped)
		return MICA_POLICY(MICA_RULE_WF_STATE);
	if (fake.role_state[role] == MICA_ROLE_DEAD)
		return RMI_RET(RMI_ERROR_REALM, 1);	/* 1.0 looks first */
	return role_state(role) == MICA_ROLE_SEALED ? 0 : MICA_POLICY(MICA_RULE_ROLE_STATE);
}

static bool switches_off(const struct rmi_rec_exit *exit)
{
	return exit->exit_reason == RMI_EXIT_MICA_OFF ||
	       (exit->exit_reason == RMI_EXIT_PSCI &&
		(exit->gprs[0] == PSCI_SYSTEM_OFF || exit->gprs[0] == PSCI_SYSTEM_RESET));
}

int dev_run(struct mica_ioc_run *run)
{
	unsigned int role = 0, index = 0;
	struct rmi_rec_run *page;
	fake_rec play_rec;
	fake_role play;
	int i;

	pthread_mutex_lock(&lock);
	i = rec_at(run->rec);
	if (i >= 0) {
		role = realms[recs[i].realm].role;
		index = recs[i].index;
	}
	page = fake_shared(run->run_pa);
	fake.entered_early += !fake.wf_active;
	fake.irq_exits[role] += run->flags & MICA_RUN_IRQ_EXITS ? 1 : 0;
	play = fake.play[role];
	play_rec = fake.play_rec[role];
	run->status = may_enter(role);
	pthread_mutex_unlock(&lock);
	run->entries = 1;
	if (run->status)
		return 0;
	memset(&page->exit, 0, sizeof(page->exit));
	run->status = play_rec ? play_rec(role, index, page) : play(role, page);
	if (run->status == 0 && switches_off(&page->exit))
		fake_role_dies(role);
	return 0;
}

uint64_t dev_counter(void)
{
	return fake.counter;
}

uint64_t dev_counter_hz(void)
{
	return 1000000000;
}
