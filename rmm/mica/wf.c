/* SPDX-License-Identifier: Apache-2.0 */
/* WF_CREATE, WF_ACTIVATE, WF_STOP, WF_DESTROY, WF_INFO. */
#include "wf.h"

#include "../arch/arch.h"

static const char instance_label[13] = "mica-instance";

/* ---- instance IDs: a secret of this boot and a counter, so that no two instances ever share one ---- */

static struct {
	spinlock_t lock;
	bool drawn;
	uint64_t secret[4];
	uint64_t counter;
} instances;

/* Under instances.lock. */
static bool draw_secret(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(instances.secret) && !instances.drawn; i++)
		if (!arch_random(&instances.secret[i]))
			return false;
	instances.drawn = true;
	return true;
}

static bool draw_instance(uint8_t id[HASH_MAX_SIZE])
{
	struct hash_ctx h;
	uint64_t n;

	spin_lock(&instances.lock);
	if (!arch_has_random() || !draw_secret()) {
		spin_unlock(&instances.lock);
		return false;
	}
	n = instances.counter++;
	hash_init(&h, HASH_SHA256);
	hash_update(&h, instance_label, sizeof(instance_label));
	hash_update(&h, instances.secret, sizeof(instances.secret));
	spin_unlock(&instances.lock);
	hash_update(&h, &n, sizeof(n));
	hash_final(&h, id);
	return true;
}

/* ---- WF_CREATE ---- */

static uint64_t pages_of(uint64_t bytes)
{
	return (bytes + GRANULE_SIZE - 1) / GRANULE_SIZE;
}

bool all_zero(const void *p, size_t n)
{
	const uint8_t *b = p;
	uint8_t any = 0;

	while (n-- > 0)
		any |= *b++;
	return any == 0;
}

static bool params_valid(const struct mica_wf_params *p)
{
	return IS_ALIGNED(p->blob_pa, GRANULE_SIZE) && p->blob_size != 0 && p->n_aux != 0 &&
	       p->n_aux <= MICA_WF_MAX_AUX && all_zero(p->z0, sizeof(p->z0)) &&
	       all_zero(p->z1, sizeof(p->z1)) &&
	       all_zero(&p->aux[p->n_aux], (MICA_WF_MAX_AUX - p->n_aux) * sizeof(p->aux[0]));
}

/* reqs[0] is the WF granule, reqs[1..] the aux. Blob pages come first; their slack is zero as they were. */
static bool copy_blob(const struct mica_wf_params *p, const struct granule_req *aux)
{
	for (uint64_t i = 0; i < pages_of(p->blob_size); i++) {
		uint64_t left = p->blob_size - i * GRANULE_SIZE;
		uint64_t n = left < GRANULE_SIZE ? left : GRANULE_SIZE;
		uint8_t *dst = granule_va(aux[i].g);
		uint64_t padded = (n + 7) & ~7UL;

		if (!granule_ns_read(pa(p->blob_pa + i * GRANULE_SIZE), dst, padded))
			return false;
		memset(dst + n, 0, padded - n);
	}
	return true;
}

static bool aux_count_right(const struct mica_wf_params *p, const struct mica_blob_header *h)
{
	return p->n_aux == mica_wf_aux_count(p->blob_size, h->roles, h->channels, h->gates);
}

/* What this version of the monitor cannot enforce, it does not accept. */
static bool supported(const struct blob *b)
{
	const uint32_t not_there = vtimer_supported() ? 0 : MICA_RIGHT_VTIMER;

	for (unsigned int i = 0; i < b->roles; i++)
		if (blob_role(b, i)->rights & not_there || blob_role(b, i)->flags & MICA_ROLE_SVE)
			return false;
	return true;
}

/* Hash and decode the copy. On failure *failed = the canonical rule, if it was one. */
static uint64_t open_blob(struct wf *wf, const struct mica_wf_params *p, const struct granule_req *aux,
			  uint64_t *failed)
{
	const uint8_t *pages[BLOB_MAX_PAGES];
	struct hash_ctx h;
	uint64_t left = p->blob_size;

	if (!aux_count_right(p, granule_va(aux[0].g)))
		return RMI_ERROR_INPUT;
	hash_init(&h, HASH_SHA256);
	for (uint64_t i = 0; i < pages_of(p->blob_size); i++) {
		uint64_t n = left < GRANULE_SIZE ? left : GRANULE_SIZE;

		pages[i] = granule_va(aux[i].g);
		hash_update(&h, pages[i], n);
		left -= n;
	}
	hash_final(&h, wf->id);
	*failed = blob_open(&wf->blob, pages, p->blob_size);
	if (*failed != MICA_BLOB_OK)
		return MICA_POLICY(MICA_RULE_BLOB);
	return supported(&wf->blob) && draw_instance(wf->instance) ? RMI_SUCCESS : SMCCC_NOT_SUPPORTED;
}

/* An edge of the flow graph: what @from does reaches @to. */
static void note_edge(struct wf *wf, unsigned int from, unsigned int to)
{
	wf_role(wf, to)->sources |= BIT(from);
}

static void note_edges(struct wf *wf)
{
	uint64_t writers[MICA_MAX_CHANNELS] = { 0 };

	for (unsigned int i = 0; i < wf->blob.roles; i++)
		note_edge(wf, i, i);
	for (unsigned int i = 0; i < wf->blob.grants; i++) {
		const struct mica_blob_grant *g = blob_grant(&wf->blob, i);

		if (g->rights == MICA_GRANT_RW)
			writers[g->channel] |= BIT(g->role);
	}
	for (unsigned int i = 0; i < wf->blob.grants; i++) {
		const struct mica_blob_grant *g = blob_grant(&wf->blob, i);

		wf_role(wf, g->role)->sources |= writers[g->channel];
	}
	for (unsigned int i = 0; i < wf->blob.gates; i++) {
		const struct mica_blob_gate *g = blob_gate(&wf->blob, i);

		note_edge(wf, g->caller, g->callee);
		note_edge(wf, g->callee, g->caller);
	}
}

static void lay_out_tables(struct wf *wf, const struct mica_wf_params *p, const struct granule_req *aux)
{
	uint64_t next = pages_of(p->blob_size);

	for (unsigned int i = 0; i * ROLES_PER_PAGE < wf->blob.roles; i++)
		wf->roles[i] = granule_va(aux[next++].g);
	for (unsigned int i = 0; i * CHANS_PER_PAGE < wf->blob.channels; i++)
		wf->chans[i] = granule_va(aux[next++].g);
	if (wf->blob.gates != 0)
		wf->gates = granule_va(aux[next++].g);
	for (unsigned int i = 0; i < wf->blob.roles; i++)
		wf_role(wf, i)->epoch = 1;
	wf->n_aux = (uint32_t)p->n_aux;
	for (unsigned int i = 0; i < wf->n_aux; i++)
		wf->aux[i] = aux[i].g;
}

/* All granules locked and DELEGATED. Nothing of a failed attempt stays: they are wiped again. */
static uint64_t create(const struct mica_wf_params *p, struct granule_req *reqs, uint64_t *failed)
{
	struct wf *wf = granule_va(reqs[0].g);
	uint64_t status = RMI_ERROR_INPUT;

	if (p->blob_size > MICA_BLOB_MAX)
		return MICA_POLICY(MICA_RULE_LIMIT);
	if (pages_of(p->blob_size) > p->n_aux)
		return RMI_ERROR_INPUT;
	if (copy_blob(p, reqs + 1))
		status = open_blob(wf, p, reqs + 1, failed);
	if (status != RMI_SUCCESS) {
		for (uint64_t i = 0; i < pages_of(p->blob_size); i++)
			arch_granule_zero(reqs[1 + i].pa);
		arch_granule_zero(reqs[0].pa);
		return status;
	}
	lay_out_tables(wf, p, reqs + 1);
	note_edges(wf);
	__atomic_store_n(&wf->state, MICA_WF_NEW, __ATOMIC_SEQ_CST);
	return RMI_SUCCESS;
}

void mica_wf_create(const struct rmi_args *in, struct rmi_result *out)
{
	struct granule_req reqs[1 + MICA_WF_MAX_AUX];
	struct mica_wf_params p;
	unsigned int n;

	if (!arch_has_random()) {
		out->x[0] = SMCCC_NOT_SUPPORTED;
		return;
	}
	out->x[0] = RMI_ERROR_INPUT;
	if (!IS_ALIGNED(in->x[3], GRANULE_SIZE) || !granule_ns_read(pa(in->x[3]), &p, sizeof(p)) ||
	    !params_valid(&p))
		return;
	n = 1 + (unsigned int)p.n_aux;
	reqs[0] = (struct granule_req){ .pa = pa(in->x[2]), .want = GRANULE_DELEGATED };
	for (unsigned int i = 1; i < n; i++)
		reqs[i] = (struct granule_req){ .pa = pa(p.aux[i - 1]), .want = GRANULE_DELEGATED };
	if (!granule_lock_set(reqs, n))
		return;
	out->x[0] = create(&p, reqs, &out->x[1]);
	if (out->x[0] != RMI_SUCCESS) {
		granule_unlock_set(reqs, n);
		return;
	}
	for (unsigned int i = 1; i < n; i++)
		granule_unlock_to(reqs[i].g, GRANULE_WF_AUX);
	granule_unlock_to(reqs[0].g, GRANULE_WF);
}

/* ---- the rest of its life ---- */

struct granule *wf_find_lock(pa_t a)
{
	struct granule *g = granule_find(a);

	if (g == NULL || __atomic_load_n(&g->state, __ATOMIC_RELAXED) != GRANULE_WF)
		return NULL;
	return granule_find_lock(a, GRANULE_WF);
}

static unsigned int count_sealed(const struct wf *wf)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < wf->blob.roles; i++)
		n += role_state(wf, wf_role(wf, i)) == MICA_ROLE_SEALED;
	return n;
}

uint64_t mica_wf_activate(struct wf *wf, const struct rmi_args *in, struct rmi_result *out)
{
	(void)in;
	(void)out;
	if (wf_state(wf) != MICA_WF_NEW)
		return MICA_POLICY(MICA_RULE_WF_STATE);
	if (count_sealed(wf) != wf->blob.roles)
		return MICA_POLICY(MICA_RULE_ROLE_STATE);
	__atomic_store_n(&wf->state, MICA_WF_ACTIVE, __ATOMIC_SEQ_CST);
	return RMI_SUCCESS;
}

uint64_t mica_wf_stop(struct wf *wf, const struct rmi_args *in, struct rmi_result *out)
{
	(void)in;
	(void)out;
	__atomic_store_n(&wf->state, MICA_WF_STOPPED, __ATOMIC_SEQ_CST);
	return RMI_SUCCESS;
}

void mica_wf_destroy(const struct rmi_args *in, struct rmi_result *out)
{
	struct granule *g = wf_find_lock(pa(in->x[2]));
	struct wf *wf;

	if (g == NULL) {
		out->x[0] = RMI_ERROR_INPUT;
		return;
	}
	wf = wf_of(g);
	if (wf_state(wf) == MICA_WF_ACTIVE)
		out->x[0] = MICA_POLICY(MICA_RULE_WF_STATE);
	else if (wf->bound != 0 || wf->populated != 0)
		out->x[0] = MICA_POLICY(MICA_RULE_IN_USE);
	if (out->x[0] != RMI_SUCCESS) {
		granule_unlock(g);
		return;
	}
	for (unsigned int i = 0; i < wf->n_aux; i++) {
		granule_lock(wf->aux[i], GRANULE_WF_AUX);
		granule_release(wf->aux[i]);
	}
	granule_release(g);
}

/* ---- WF_INFO ---- */

static void info_role(const struct wf *wf, const struct wf_role *role, struct rmi_result *out)
{
	out->x[1] = role_state(wf, role);
	out->x[2] = role->epoch;
	out->x[3] = role->rd != NULL ? granule_pa(role->rd).v : 0;
}

static void info_channel(const struct wf_chan *chan, struct rmi_result *out)
{
	out->x[1] = chan->added != 0 ? chan->base : 0;
	out->x[2] = chan->added;
	out->x[3] = chan->mapped;
}

uint64_t mica_wf_info(struct wf *wf, const struct rmi_args *in, struct rmi_result *out)
{
	uint64_t index = in->x[4];

	switch (in->x[3]) {
	case MICA_INFO_STATE:
		out->x[1] = wf_state(wf);
		out->x[2] = wf->blob.roles;
		out->x[3] = count_sealed(wf);
		out->x[4] = wf->bound;
		return RMI_SUCCESS;
	case MICA_INFO_ROLE:
		if (index >= wf->blob.roles)
			return RMI_ERROR_INPUT;
		info_role(wf, wf_role(wf, (unsigned int)index), out);
		return RMI_SUCCESS;
	case MICA_INFO_CHANNEL:
		if (index >= wf->blob.channels)
			return RMI_ERROR_INPUT;
		info_channel(wf_chan(wf, (unsigned int)index), out);
		return RMI_SUCCESS;
	case MICA_INFO_WORKFLOW_ID:
		memcpy(&out->x[1], wf->id, 32);
		return RMI_SUCCESS;
	case MICA_INFO_INSTANCE_ID:
		memcpy(&out->x[1], wf->instance, 32);
		return RMI_SUCCESS;
	default:
		return RMI_ERROR_INPUT;
	}
}
