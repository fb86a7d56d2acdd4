/* SPDX-License-Identifier: Apache-2.0 */
/* What a host does, REC_ENTER excepted. */
#include <string.h>

#include "wf.h"

/* The host memory a call points to. */
uint64_t call_pointer(uint64_t fid, const uint64_t x[6])
{
	switch (fid) {
	case SMC_RMI_GRANULE_DELEGATE:
		return x[1];
	case SMC_RMI_REALM_CREATE:
		return x[2];
	case SMC_RMI_REC_CREATE:
		return x[3];
	case SMC_RMI_DATA_CREATE:
		return x[4];
	case SMC_RMI_MICA:
		return x[1] == MICA_WF_CREATE || x[1] == MICA_REALM_CREATE ? x[3] : 0;
	default:
		return 0;
	}
}

struct chosen_call *capture;

uint64_t call(uint64_t fid, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
	if (capture == NULL)
		return call_now(fid, a, b, c, d, e);
	*capture = (struct chosen_call){ fid, { 0, a, b, c, d, e } };
	return RMI_ERROR_INPUT;
}

/* What a role wrote is wiped while its peers use the channel; check_access() looks at what TLBs hold afterwards. */
bool unmapping;

bool wiped_while_shared(pa_t page)
{
	return unmapping && m_is(&model, page.v, M_CHAN);
}

uint64_t call_now(uint64_t fid, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
	const uint64_t x[6] = { 0, a, b, c, d, e };
	uint64_t out[4], x0, before = 0, pointer = call_pointer(fid, x);
	bool readable = pointer % M_PAGE == 0 && fake_pas(pa(pointer)) == FAKE_NS;
	uint8_t params[M_PAGE] __attribute__((aligned(8)));
	struct m_result want;

	if (readable)
		memcpy(params, fake_ns_va(pa(pointer)), sizeof(params));
	steps++;
	unmapping = fid == SMC_RMI_MICA && a == MICA_CHAN_UNMAP;
	model_rmi(&model, fid, x, readable, params, &want);
	if (want.x[0] != RMI_SUCCESS)
		before = fake_digest();
	x0 = fake_rmi(out, fid, a, b, c, d, e);
	trace("%lx(%lx, %lx, %lx, %lx, %lx) = %lx", fid, a, b, c, d, e, x0);
	count(fid, a, x0);
	if (x0 != want.x[0])
		mismatch("X0 is %lx, the model says %lx", x0, want.x[0]);
	for (unsigned int i = 0; i < 4; i++)
		if (out[i] != want.x[i + 1])
			mismatch("X%u is %lx, the model says %lx", i + 1, out[i], want.x[i + 1]);
	if (x0 != RMI_SUCCESS && fake_digest() != before)
		mismatch("refused, but the state changed");
	if (fid == SMC_RMI_REALM_ACTIVATE && x0 == RMI_SUCCESS)
		learn_rim(m_realm_at(&model, a));
	if (fid == SMC_RMI_MICA)
		learn_instances();
	check_machine();
	return x0;
}

/* ---- Realms and RECs ---- */

void make_realm(void)
{
	static const struct { uint8_t s2sz, num; int8_t level; } shape[] = {
		{ 32, 4, 2 }, { 39, 1, 1 }, { 40, 2, 1 }, { 48, 1, 0 }, { 34, 16, 2 }, { 33, 1, 1 }, { 42, 8, 1 },
		{ 31, 2, 2 }, { 49, 1, 0 }, { 39, 2, 1 }, { 40, 1, 1 }, { 39, 1, -1 }, { 39, 1, 4 }, { 32, 0, 2 },
	};
	unsigned int i = one_in(8) ? draw(14) : draw(7), used = 0;
	struct rmi_realm_params *p;
	uint64_t params = HOST_BASE + draw(PARAM_PAGES) * M_PAGE, base, rd;

	for (unsigned int k = 0; k < M_REALMS; k++)
		used += model.realm[k].used;
	p = fake_ns_va(pa(params));
	if (used == pool.realms || p == NULL || !own_pages(shape[i].num, shape[i].num ? shape[i].num : 1, &base))
		return;
	rd = pick_page(M_DELEGATED);
	memset(p, 0, sizeof(*p));
	p->s2sz = shape[i].s2sz;
	p->rtt_num_start = shape[i].num;
	p->rtt_level_start = shape[i].level;
	p->rtt_base = one_in(16) ? base + M_PAGE : base;
	p->num_bps = p->num_wps = (uint8_t)(one_in(32) ? draw(256) : 1);
	p->hash_algo = (uint8_t)(one_in(32) ? draw(4) : draw(2));
	p->flags = one_in(32) ? draw(8) : one_in(3) ? RMI_REALM_FLAG_PMU : 0;
	p->pmu_num_ctrs = (uint8_t)(one_in(32) ? draw(256) : draw(7));
	p->vmid = (uint16_t)(draw(8) * 0x2001);		/* all bits of it count */
	p->rpv[draw(64)] = (uint8_t)draw(256);
	call(SMC_RMI_REALM_CREATE, rd, one_in(32) ? pick_host_page() : params, 0, 0, 0);
}

static bool distinct(const uint64_t *list, unsigned int n, uint64_t pa)
{
	for (unsigned int i = 0; i < n; i++)
		if (list[i] == pa)
			return false;
	return true;
}

void make_rec(struct m_realm *r)
{
	uint64_t params = HOST_BASE + draw(PARAM_PAGES) * M_PAGE, list[RMI_MAX_REC_AUX + 1], rd;
	struct rmi_rec_params *p = fake_ns_va(pa(params));
	unsigned int used = 0, n = 0;

	rd = r != NULL ? r->rd : pick_rd(&r);
	for (unsigned int k = 0; k < M_RECS; k++)
		used += model.rec[k].used;
	if (used == pool.recs || p == NULL)
		return;
	for (unsigned int i = 0; i < 400 && n < model.num_aux + 1; i++)
		if (own_pages(1, 1, &list[n]) && (distinct(list, n, list[n]) || one_in(64)))
			n++;
	if (n < model.num_aux + 1)
		return;
	memset(p, 0, sizeof(*p));
	p->flags = !one_in(3);
	p->mpidr = r != NULL && !one_in(16) ? (r->rec_index & 15) | r->rec_index >> 4 << 8 : draw_any();
	p->pc = draw_any();
	for (unsigned int i = 0; i < 8; i++)
		p->gprs[i] = draw_any();
	p->num_aux = one_in(32) ? draw(20) : model.num_aux;
	memcpy(p->aux, &list[1], model.num_aux * sizeof(uint64_t));
	call(SMC_RMI_REC_CREATE, rd, list[0], one_in(32) ? pick_host_page() : params, 0, 0);
}

static void rec_destroy(void)
{
	struct m_rec *rec = pick_rec();

	call(SMC_RMI_REC_DESTROY, rec != NULL && !one_in(16) ? rec->pa : pick_page(M_REC), 0, 0, 0, 0);
}

static void psci_complete(void)
{
	struct m_rec *calling = pick_rec(), *target = pick_rec();
	const struct m_realm *r;
	static const int64_t status[] = { PSCI_SUCCESS, PSCI_SUCCESS, PSCI_DENIED, PSCI_ALREADY_ON, 7 };

	for (unsigned int i = 0; i < pool.recs && !one_in(8); i++)
		if (model.rec[i].used && model.rec[i].psci.pending)
			calling = &model.rec[i];
	for (unsigned int i = 0; i < pool.recs && calling != NULL && !one_in(8); i++)
		if (model.rec[i].used && model.rec[i].realm == calling->realm && model.rec[i].index == calling->psci.target)
			target = &model.rec[i];
	if (calling == NULL || (!calling->psci.pending && !one_in(8)))
		return;
	r = &model.realm[calling->realm];
	if (r->wf != M_NONE && one_in(4))	/* too late */
		call(SMC_RMI_MICA, MICA_ROLE_RESET, model.wf[r->wf].pa, r->role, 0, 0);
	call(SMC_RMI_PSCI_COMPLETE, one_in(32) ? pick_page(M_REC) : calling->pa, one_in(32) ? pick_page(M_REC) : target->pa,
	     (uint64_t)status[draw(5)], 0, 0);
}

/* ---- tables and memory ---- */

static int table_level(const struct m_realm *r)
{
	int first = r != NULL ? r->start_level + 1 : 2;

	if (one_in(24))
		return (int)draw(9) - 3;
	return first >= 3 || one_in(2) ? 3 : first + (int)draw((unsigned int)(3 - first));
}

static void rtt(uint64_t fid)
{
	struct m_realm *r;
	uint64_t rd = pick_rd(&r), level = (uint64_t)table_level(r), a = pick_ipa(r, (int)level - 1), pa;
	unsigned int used = 0;

	for (unsigned int i = 0; i < M_TABLES; i++)
		used += model.table[i].used;
	if (fid != SMC_RMI_RTT_CREATE) {
		call(fid, rd, a, level, 0, 0);
	} else if (used < pool.tables) {
		if (one_in(16) || !own_pages(1, 1, &pa))
			pa = pick_page(M_DELEGATED);
		call(fid, rd, pa, a, level, 0);
	}
}

static void read_entry(void)
{
	struct m_realm *r;
	uint64_t rd = pick_rd(&r);
	int level = one_in(24) ? (int)draw(9) - 3 : 1 + (int)draw(3);

	call(SMC_RMI_RTT_READ_ENTRY, rd, pick_ipa(r, level), (uint64_t)level, 0, 0);
}

static void unprotected(uint64_t fid)
{
	struct m_realm *r;
	uint64_t rd = pick_rd(&r), oa = draw_any() << 12, desc;
	int level = one_in(24) ? (int)draw(9) - 3 : 2 + (int)draw(2);
	uint64_t a = pick_ipa(r, level);

	if (r != NULL && a < m_par(r) && !one_in(8))
		a += m_par(r);
	if (level >= 1 && level <= 3 && !one_in(16))
		oa &= ~(m_size(level) - 1);
	desc = oa | draw(4) << 6 | draw(8) << 2 | (one_in(32) ? 1UL << draw(64) : 0);
	call(fid, rd, a, (uint64_t)level, fid == SMC_RMI_RTT_MAP_UNPROTECTED ? desc : 0, 0);
}

static void data(uint64_t fid)
{
	struct m_realm *r;
	uint64_t rd = pick_rd(&r), a = pick_ipa(r, 3), pa;

	if (r != NULL && a >= m_par(r) && !one_in(8))
		a -= m_par(r);
	if (fid == SMC_RMI_DATA_DESTROY) {
		call(fid, rd, a, 0, 0, 0);
		return;
	}
	if (one_in(16) || !own_pages(1, 1, &pa))
		pa = pick_page(M_DELEGATED);
	if (fid == SMC_RMI_DATA_CREATE)
		call(fid, rd, pa, a, pick_host_page(), one_in(32) ? draw(4) : draw(2));
	else
		call(fid, rd, pa, a, 0, 0);
}

static uint64_t some_size(void)
{
	return (1 + draw(3)) * m_size((int)draw(3) + 1);
}

static void init_ripas(void)
{
	struct m_realm *r;
	uint64_t rd = pick_rd(&r), a = pick_ipa(r, one_in(2) ? 3 : 1 + (int)draw(3));

	if (r != NULL && a >= m_par(r) && !one_in(8))
		a -= m_par(r);
	call(SMC_RMI_RTT_INIT_RIPAS, rd, a, a + (one_in(32) ? draw_any() : some_size()), 0, 0);
}

static void set_ripas(void)
{
	struct m_rec *rec = pick_rec();
	uint64_t rd, base, top;
	struct m_realm *r;

	for (unsigned int i = 0; i < pool.recs && !one_in(8); i++)
		if (model.rec[i].used && model.rec[i].ripas.top != 0)
			rec = &model.rec[i];
	if (rec == NULL || (rec->ripas.top == 0 && !one_in(8)))
		return;
	rd = one_in(16) ? pick_rd(&r) : model.realm[rec->realm].rd;
	base = one_in(16) ? pick_ipa(NULL, 3) : rec->ripas.addr;
	top = one_in(2) ? rec->ripas.top : base + (one_in(32) ? draw_any() : some_size());
	call(SMC_RMI_RTT_SET_RIPAS, rd, one_in(32) ? pick_page(M_REC) : rec->pa, base, top, 0);
}

/* ---- everything ---- */

/* Another world takes a host page, or gives it back. */
static void change_pas(void)
{
	uint64_t page = HOST_BASE + draw(HOST_PAGES) * M_PAGE;

	if (capture != NULL || !m_is(&model, page, M_NS))
		return;
	fake_set_pas(pa(page), fake_pas(pa(page)) == FAKE_NS && one_in(4) ? FAKE_SECURE : FAKE_NS);
	trace("page %lx belongs to world %d", page, fake_pas(pa(page)));
}

static void realm_call(uint64_t fid)
{
	struct m_realm *r;
	uint64_t rd = pick_rd(&r);

	/* a Realm without RECs is of little use once it is ACTIVE */
	if (fid == SMC_RMI_REALM_ACTIVATE && r != NULL && r->recs < 2 && !one_in(16))
		return;
	call(fid, rd, draw_any(), draw_any(), 0, 0);
}

static void structure_step(void)
{
	switch (draw(12)) {
	case 0:
	case 1:
	case 2:
		rtt(SMC_RMI_RTT_CREATE);
		break;
	case 3:
		rtt(SMC_RMI_RTT_DESTROY);
		break;
	case 4:
		rtt(SMC_RMI_RTT_FOLD);
		break;
	case 5:
		read_entry();
		break;
	case 6:
	case 7:
		unprotected(SMC_RMI_RTT_MAP_UNPROTECTED);
		break;
	case 8:
		unprotected(SMC_RMI_RTT_UNMAP_UNPROTECTED);
		break;
	case 9:
		data(SMC_RMI_DATA_CREATE);
		break;
	case 10:
		data(SMC_RMI_DATA_CREATE_UNKNOWN);
		break;
	default:
		data(SMC_RMI_DATA_DESTROY);
		break;
	}
}

/* VERSION, or a number that may not be one of a command. */
static void any_call(void)
{
	uint64_t fid = one_in(2) ? SMC_RMI_VERSION : SMC_RMI_BASE + draw(48);

	if (fid != SMC_RMI_REC_ENTER)
		call(fid, one_in(2) ? RMI_ABI_VERSION_1_0 : draw_any(), 0, 0, 0, 0);
}

static void life_step(void)
{
	struct m_realm *r;

	switch (draw(20)) {
	case 0:
	case 1:
		make_realm();
		break;
	case 2:
		realm_call(SMC_RMI_REALM_DESTROY);
		break;
	case 3:
		realm_call(SMC_RMI_REALM_ACTIVATE);
		break;
	case 4:
		realm_call(SMC_RMI_REC_AUX_COUNT);
		break;
	case 5:
	case 6:
	case 7:
		make_rec(NULL);
		break;
	case 8:
		rec_destroy();
		break;
	case 9:
		if (capture != NULL)
			break;		/* plans are made of calls that wait for each other */
		if (one_in(2))
			boot_realm();
		else if (one_in(8) && (pick_rd(&r), r) != NULL && r->wf == M_NONE)
			tear_down(r);
		break;
	case 10:
		if (capture == NULL && one_in(64))
			build_block();
		break;
	case 11:
		change_pas();
		break;
	case 12:
		any_call();
		break;
	case 13:
	case 14:
	case 15:
		call(SMC_RMI_GRANULE_DELEGATE, one_in(16) ? pick_host_page() : pick_page(M_NS), 0, 0, 0, 0);
		break;
	case 16:
		call(SMC_RMI_GRANULE_UNDELEGATE, one_in(4) ? pick_host_page() : pick_page(M_DELEGATED), 0, 0, 0, 0);
		break;
	default:
		init_ripas();
		break;
	}
}

void call_step(void)
{
	switch (draw(6)) {
	case 0:
	case 1:
	case 2:
		structure_step();
		break;
	case 3:
	case 4:
		life_step();
		break;
	default:
		if (one_in(2))
			set_ripas();
		else
			psci_complete();
		break;
	}
}

static void boot_unbound(void)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < M_REALMS; i++)
		n += model.realm[i].used && model.realm[i].wf == M_NONE;
	if (n < 3)
		boot_realm();
}

/* Most of what happens is about workflows; there are unbound Realms beside them. */
static void workflow_step(void)
{
	switch (draw(16)) {
	case 0:
		if (one_in(3))
			psci_complete();
		else
			mica_step();
		break;
	case 1:
		if (one_in(8))
			boot_unbound();
		else if (one_in(2))
			call_step();
		else
			mica_step();
		break;
	case 2:
	case 3:
	case 4:
	case 5:
		enter_step();
		break;
	default:
		build_step();
		break;
	}
}

void host_step(void)
{
	if (workflows)
		workflow_step();
	else if (one_in(4))
		enter_step();
	else
		call_step();
}
