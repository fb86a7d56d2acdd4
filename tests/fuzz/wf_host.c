/* SPDX-License-Identifier: Apache-2.0 */
/* The extension's operations as a host makes them that knows what it does, and sometimes does not care. */
#include <string.h>

#include "wf.h"

struct m_wf *wf_focus;

struct m_wf *pick_wf(void)
{
	unsigned int first = draw(M_WFS);

	if (wf_focus != NULL && !one_in(6))
		return wf_focus;
	for (unsigned int i = 0; i < M_WFS; i++)
		if (model.wf[(first + i) % M_WFS].used)
			return &model.wf[(first + i) % M_WFS];
	return NULL;
}

unsigned int free_wfs(void)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < M_WFS; i++)
		n += !model.wf[i].used;
	return n;
}

static uint64_t mica(uint64_t op, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	return call(SMC_RMI_MICA, op, a, b, c, d);
}

static uint64_t wf_address(const struct m_wf *w)
{
	return w == NULL || one_in(24) ? (one_in(2) ? pick_page(M_WF_AUX) : pick_page(M_DELEGATED)) : w->pa;
}

/* Mostly below @n. */
static uint64_t below(unsigned int n)
{
	return one_in(12) ? draw_any() : draw(n + one_in(6) + (n == 0));
}

/* ---- WF_CREATE ---- */

static bool fill_params(struct mica_wf_params *p, unsigned int slot)
{
	const struct m_blob *b = &blobs[slot];

	memset(p, 0, sizeof(*p));
	p->blob_pa = BLOB_BASE + slot * BLOB_PAGES * M_PAGE;
	p->blob_size = b->size;
	p->n_aux = mica_wf_aux_count(b->size, b->roles, b->channels, b->gates);
	for (unsigned int i = 0, tries = 0; i < p->n_aux; tries++) {
		bool twice = false;

		if (tries == 100 || !own_pages(1, 1, &p->aux[i]))
			return false;
		for (unsigned int k = 0; k < i; k++)
			twice |= p->aux[k] == p->aux[i];
		i += !twice;
	}
	return true;
}

/* One field that is not what it should be; which, the model finds out by itself. */
static void spoil(struct mica_wf_params *p, uint64_t wf)
{
	switch (draw(9)) {
	case 0:
		p->blob_pa = one_in(2) ? p->blob_pa + 1 : pick_page(M_DELEGATED);
		break;
	case 1:
		p->blob_size = one_in(2) ? p->blob_size + 64 : MICA_BLOB_MAX + 1;
		break;
	case 2:
		p->n_aux++;
		p->aux[p->n_aux - 1] = pick_page(M_DELEGATED);
		break;
	case 3:
		p->n_aux = one_in(2) ? 0 : 65;
		break;
	case 4:
		p->z0[draw(sizeof(p->z0))] = 1;
		break;
	case 5:
		p->z1[draw(sizeof(p->z1))] = 1;
		break;
	case 6:
		p->aux[draw((unsigned int)p->n_aux)] = one_in(2) ? p->aux[0] : wf;
		break;
	case 7:
		p->aux[draw((unsigned int)p->n_aux)] = pick_page((enum m_state)draw(M_CHAN + 1));
		break;
	default:
		p->aux[M_ROLES + 20] = wf;
		break;
	}
}

#define INSTANCES	4096
static uint8_t instances[INSTANCES][32];
static unsigned int n_instances;

void forget_instances(void)
{
	n_instances = 0;
}

/* Drawn by the machine, and never twice since it was reset. */
static void learn_instance(struct m_wf *w)
{
	uint64_t out[4];

	if (fake_rmi(out, SMC_RMI_MICA, MICA_WF_INFO, w->pa, MICA_INFO_INSTANCE_ID, 0, 0) != RMI_SUCCESS)
		mismatch("a workflow without an instance ID");
	memcpy(w->instance, out, sizeof(w->instance));
	for (unsigned int i = 0; i < n_instances; i++)
		if (memcmp(instances[i], w->instance, 32) == 0)
			mismatch("an instance ID for the second time");
	if (n_instances < INSTANCES)
		memcpy(instances[n_instances++], w->instance, 32);
}

void learn_instances(void)
{
	static const uint8_t none[32];

	for (unsigned int i = 0; i < M_WFS; i++)
		if (model.wf[i].used && memcmp(model.wf[i].instance, none, sizeof(none)) == 0)
			learn_instance(&model.wf[i]);
}

void make_workflow(void)
{
	uint64_t params = HOST_BASE + draw(PARAM_PAGES) * M_PAGE, wf;
	struct mica_wf_params *p = fake_ns_va(pa(params));
	unsigned int slot;

	if (free_wfs() < 2 || p == NULL || !own_pages(1, 1, &wf))
		return;
	slot = write_policy();
	if (!fill_params(p, slot))
		return;
	if (one_in(5))
		spoil(p, wf);
	mica(MICA_WF_CREATE, wf, one_in(32) ? pick_host_page() : params, 0, 0);
}

/* ---- REALM_CREATE ---- */

void shape_realm(struct rmi_realm_params *p, const struct m_role *role)
{
	static const struct { uint8_t s2sz, num; int8_t level; } shape[] = {
		{ 32, 4, 2 }, { 33, 1, 1 }, { 34, 16, 2 }, { 39, 1, 1 }, { 40, 2, 1 }, { 48, 1, 0 },
	};
	unsigned int i = 0;
	uint64_t base = 0;

	while (shape[i].s2sz != role->s2sz)
		i++;
	own_pages(shape[i].num, shape[i].num, &base);
	memset(p, 0, sizeof(*p));
	p->s2sz = role->s2sz;
	p->rtt_num_start = shape[i].num;
	p->rtt_level_start = shape[i].level;
	p->rtt_base = base;
	p->num_bps = role->num_bps;
	p->num_wps = role->num_wps;
	p->hash_algo = role->hash;
	p->vmid = (uint16_t)(draw(64) * 0x0401);	/* all bits of it count */
}

static void realm_create(void)
{
	struct m_wf *w = pick_wf();
	uint64_t params = HOST_BASE + draw(PARAM_PAGES) * M_PAGE, rd;
	struct rmi_realm_params *p = fake_ns_va(pa(params));
	unsigned int used = 0, role;

	for (unsigned int i = 0; i < M_REALMS; i++)
		used += model.realm[i].used;
	if (w == NULL || p == NULL || used >= M_REALMS)
		return;
	role = draw(w->policy.roles);
	shape_realm(p, &w->policy.role[role]);
	if (!own_pages(1, 1, &rd))
		return;
	switch (draw(10)) {
	case 0:
		p->flags = 1UL << draw(6);
		break;
	case 1:
		p->rpv[draw(64)] = 1;
		break;
	case 2:
		p->num_bps ^= 3;
		break;
	case 3:
		p->hash_algo ^= 1;
		break;
	case 4:
		rd = pick_page(M_DELEGATED);
		break;
	}
	mica(MICA_REALM_CREATE, rd, one_in(24) ? pick_host_page() : params, wf_address(w), one_in(16) ? below(M_ROLES) : role);
}

/* ---- channels ---- */

static void chan_pages(uint64_t op)
{
	struct m_wf *w = pick_wf();
	uint64_t c = below(w != NULL ? w->policy.channels : 1), pa;

	if (one_in(8) || !own_pages(1, 1, &pa))
		pa = pick_page((enum m_state)draw(M_CHAN + 1));
	mica(op, wf_address(w), c, op == MICA_CHAN_ADD ? pa : 0, 0);
}

static void chan_leaf(uint64_t op)
{
	struct m_wf *w = pick_wf();
	unsigned int role = w != NULL ? draw(w->policy.roles) : 0;
	struct m_realm *r = NULL;
	uint64_t rd = pick_rd(&r), off = draw(4) * M_PAGE;

	if (w != NULL && w->role[role].realm != M_NONE && !one_in(8))
		rd = model.realm[w->role[role].realm].rd;
	if (one_in(16))
		off = one_in(2) ? draw_any() : 510 * M_PAGE + draw(4) * M_PAGE;
	mica(op, rd, below(3), off, one_in(12) ? draw(5) : 3);
}

/* ---- all ---- */

static void info(void)
{
	struct m_wf *w = pick_wf();

	if (one_in(3))
		mica(MICA_AUDIT_READ, wf_address(w), below(w != NULL ? w->policy.roles : 1), below(MICA_RULES), 0);
	else
		mica(MICA_WF_INFO, wf_address(w), below(5), below(M_ROLES), 0);
}

static void end_something(void)
{
	struct m_wf *w = pick_wf();

	/* without these a host comes farther */
	switch (draw(8)) {
	case 0:
		mica(MICA_WF_STOP, one_in(4) ? wf_address(w) : pick_page(M_WF_AUX), 0, 0, 0);
		break;
	case 1:
		mica(MICA_WF_ACTIVATE, wf_address(w), 0, 0, 0);
		break;
	case 2:
	case 3:
		mica(MICA_WF_DESTROY, wf_address(w), 0, 0, 0);
		break;
	default:
		mica(MICA_ROLE_RESET, wf_address(w), below(w != NULL ? w->policy.roles : 1), 0, 0);
		break;
	}
}

void mica_step(void)
{
	switch (draw(16)) {
	case 0:
		mica(one_in(2) ? MICA_FEATURES : 13 + draw_any(), one_in(2) ? 0 : draw_any(), draw_any(), draw_any(), draw_any());
		break;
	case 1:
	case 2:
		make_workflow();
		break;
	case 3:
	case 4:
		realm_create();
		break;
	case 5:
		chan_pages(MICA_CHAN_ADD);
		break;
	case 6:
		chan_pages(MICA_CHAN_REMOVE);
		break;
	case 7:
	case 8:
		chan_leaf(MICA_CHAN_MAP);
		break;
	case 9:
	case 10:
		chan_leaf(MICA_CHAN_UNMAP);
		break;
	case 11:
	case 12:
		end_something();
		break;
	default:
		info();
		break;
	}
}
