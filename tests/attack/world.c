/* SPDX-License-Identifier: Apache-2.0 */
/* From a policy to running Realms, and back to nothing. */
#include "attack.h"

static struct world worlds[2];
struct world *W = worlds;

void use(unsigned int n)
{
	W = &worlds[n];
}

uint16_t next_vmid(void)
{
	static uint16_t vmid;

	return ++vmid;
}

/* ---- pages the monitor is asked for ---- */

uint64_t wf_params(uint64_t blob)
{
	struct mica_wf_params *p = page_ptr(host_page());

	W->blob = blob;
	p->blob_pa = blob;
	p->blob_size = blob_bytes();
	W->n_aux = p->n_aux = mica_wf_aux_count(p->blob_size, W->p.roles, W->p.chans, W->p.gates);
	for (unsigned int i = 0; i < p->n_aux; i++)
		p->aux[i] = W->aux[i] = delegated();
	return (uint64_t)p;
}

uint64_t realm_params(unsigned int i)
{
	struct rmi_realm_params *p = page_ptr(host_page());
	struct member *m = &W->m[i];

	m->vmid = next_vmid();
	m->rtt0 = granule_alloc(2, 2 * PAGE);
	memset(p, 0, sizeof(*p));
	p->s2sz = REALM_S2SZ;
	p->num_bps = p->num_wps = 1;
	p->vmid = m->vmid;
	p->rtt_base = m->rtt0;
	p->rtt_level_start = 1;
	p->rtt_num_start = 2;
	p->flags = m->flags;
	p->pmu_num_ctrs = m->pmu_ctrs;
	if (!m->unbound)
		p->hash_algo = W->p.role[i].hash;
	return (uint64_t)p;
}

uint64_t rec_params(unsigned int i, unsigned int rec)
{
	struct rmi_rec_params *p = page_ptr(host_page());
	struct member *m = &W->m[i];

	p->flags = RMI_REC_FLAG_RUNNABLE;
	p->mpidr = rec;
	p->gprs[0] = MAIL_X0(m->confined ? AT_CHAN(m->mail_chan) : AT_WINDOW(0), rec);
	p->gprs[1] = m->arg;
	m->n_aux = p->num_aux = RMI(REC_AUX_COUNT, m->rd).x[1];
	for (unsigned int n = 0; n < p->num_aux; n++)
		p->aux[n] = m->aux[rec][n] = delegated();
	return (uint64_t)p;
}

/* ---- steps ---- */

static void make_wf(void)
{
	uint64_t params = wf_params(encode());

	W->wf = delegated();
	must(MICA0(WF_CREATE, W->wf, params));
}

static void add_pages(void)
{
	for (unsigned int c = 0; c < W->p.chans; c++) {
		unsigned int n = W->p.chan[c].pages;

		W->chan_base[c] = granule_alloc(n, n >= BLOCK / PAGE ? BLOCK : PAGE);
		for (; W->chan_added[c] < n; W->chan_added[c]++)
			must(MICA0(CHAN_ADD, W->wf, c, W->chan_base[c] + W->chan_added[c] * PAGE));
	}
}

static void make_realm(unsigned int i)
{
	struct member *m = &W->m[i];
	uint64_t params = realm_params(i);

	m->rd = delegated();
	must(m->unbound ? RMI0(REALM_CREATE, m->rd, params) : MICA0(REALM_CREATE, m->rd, params, W->wf, i));
}

static void make_tables(unsigned int i)
{
	struct member *m = &W->m[i];

	for (unsigned int t = 0; t < 4; t++) {
		m->table[t] = delegated();
		must(RMI0(RTT_CREATE, m->rd, m->table[t], t < 2 ? 0 : REALM_UNPROT, 2 + t % 2));
	}
}

static void make_ram(unsigned int i)
{
	uint64_t size = IMAGE_SIZE + RAM_MORE * PAGE, src = host_page();
	struct member *m = &W->m[i];

	EXPECT(size <= MAX_RAM * PAGE);
	must(RMI0(RTT_INIT_RIPAS, m->rd, 0, size));
	for (uint64_t at = 0; at < size; at += PAGE) {
		uint64_t pa = m->ram[at / PAGE] = at == AT_RAM && m->ram_page != 0 ? m->ram_page : delegated();

		if (at >= IMAGE_SIZE) {
			must(RMI0(DATA_CREATE_UNKNOWN, m->rd, pa, at));
			continue;
		}
		memcpy(page_ptr(src), realm_image + at, PAGE);
		must(RMI0(DATA_CREATE, m->rd, pa, at, src, 1));
	}
}

void map_chan(unsigned int i, unsigned int g)
{
	const struct mica_blob_grant *gr = &W->p.grant[g];

	for (uint64_t n = 0; n < W->p.chan[gr->channel].pages; n++)
		must(MICA0(CHAN_MAP, W->m[i].rd, g - W->p.role[i].grant_first, n * PAGE, 3));
	W->m[i].mapped |= 1UL << g;
}

static void map_chans(unsigned int i)
{
	const struct mica_blob_role *r = &W->p.role[i];

	for (unsigned int g = 0; !W->m[i].unbound && g < r->grant_count; g++)
		map_chan(i, r->grant_first + g);
}

void map_window(unsigned int i, unsigned int r)
{
	const struct mica_blob_region *w = &W->p.region[r];
	uint64_t pa = page_alloc(w->pages, PAGE);

	for (uint64_t n = 0; n < w->pages; n++)
		must(RMI0(RTT_MAP_UNPROTECTED, W->m[i].rd, w->base + n * PAGE, 3, (pa + n * PAGE) | RMI_DESC_MEMATTR_WB |
			  (uint64_t)w->rights << RMI_DESC_S2AP_SHIFT));
	W->m[i].window[r] = pa;
}

/* An unbound Realm has its mailbox as window 0. */
static void map_windows(unsigned int i)
{
	struct member *m = &W->m[i];

	if (m->unbound) {
		m->window[0] = host_page();
		must(RMI0(RTT_MAP_UNPROTECTED, m->rd, AT_WINDOW(0), 3, m->window[0] | RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW));
		return;
	}
	for (unsigned int r = 0; r < W->p.regions; r++)
		if (W->p.region[r].role == i && W->p.region[r].kind == MICA_REGION_WINDOW)
			map_window(i, r);
}

static unsigned int vcpus(unsigned int i)
{
	return W->m[i].unbound ? 1 : W->p.role[i].vcpus;
}

static void make_recs(unsigned int i)
{
	struct member *m = &W->m[i];

	for (unsigned int n = 0; n < vcpus(i); n++) {
		uint64_t params = rec_params(i, n);

		m->rec[n] = delegated();
		m->run[n] = host_page();
		m->posted[n] = 0;
		((struct rmi_rec_enter *)page_ptr(m->run[n]))->flags = RMI_ENTER_TRAP_WFI | RMI_ENTER_TRAP_WFE;
		must(RMI0(REC_CREATE, m->rd, m->rec[n], params));
	}
}

static void steps(unsigned int i, enum stage from, enum stage upto)
{
	static void (*const step[])(unsigned int) = {
		[ST_CREATED] = make_realm, [ST_TABLES] = make_tables, [ST_RAM] = make_ram, [ST_CHANS] = map_chans,
		[ST_LOADED] = map_windows, [ST_RECS] = make_recs,
	};

	for (unsigned int s = from; s <= upto && s <= ST_RECS; s++)
		step[s](i);
	if (upto >= ST_SEALED)
		must(RMI0(REALM_ACTIVATE, W->m[i].rd));
}

void load_role(unsigned int i, enum stage upto)
{
	steps(i, ST_CREATED, upto);
}

void load_rest(unsigned int i, enum stage from)
{
	steps(i, from, ST_SEALED);
}

void build(enum stage upto)
{
	if (W->p.roles != 0)
		make_wf();
	if (W->p.roles != 0 && upto >= ST_ADDED)
		add_pages();
	for (unsigned int i = 0; i < W->members && upto >= ST_CREATED; i++)
		load_role(i, upto);
	if (W->p.roles != 0 && upto >= ST_ACTIVE)
		must(MICA0(WF_ACTIVATE, W->wf));
}

/* ---- down again ---- */

bool all_zero(const void *p, uint64_t n)
{
	const uint64_t *w = p;
	uint64_t any = 0;

	for (uint64_t i = 0; i < n / 8; i++)
		any |= w[i];
	return any == 0;
}

void take_back(uint64_t pa)
{
	uint64_t status = RMI0(GRANULE_UNDELEGATE, pa);

	EXPECT_EQ(status, RMI_SUCCESS);
	if (status == RMI_SUCCESS)
		EXPECT(all_zero(page_ptr(pa), PAGE));
}

static void end_granule(uint64_t *pa)
{
	if (*pa != 0)
		take_back(*pa);
	*pa = 0;
}

void end_recs(unsigned int i)
{
	struct member *m = &W->m[i];

	for (unsigned int n = 0; n < MAX_RECS; n++) {
		if (m->rec[n] != 0)
			must(RMI0(REC_DESTROY, m->rec[n]));
		end_granule(&m->rec[n]);
		for (unsigned int a = 0; a < m->n_aux; a++)
			end_granule(&m->aux[n][a]);
	}
}

static void unmap_chans(unsigned int i)
{
	struct member *m = &W->m[i];

	for (unsigned int g = 0; g < W->p.grants; g++) {
		if (!(m->mapped >> g & 1))
			continue;
		for (uint64_t n = 0; n < W->p.chan[W->p.grant[g].channel].pages; n++)
			must(MICA0(CHAN_UNMAP, m->rd, g - W->p.role[i].grant_first, n * PAGE, 3));
	}
	m->mapped = 0;
}

static void unmap_windows(unsigned int i)
{
	struct member *m = &W->m[i];

	for (unsigned int r = 0; r < MAX_REGIONS; r++) {
		uint64_t base = m->unbound ? AT_WINDOW(0) : W->p.region[r].base, n = m->unbound ? 1 : W->p.region[r].pages;

		for (; m->window[r] != 0 && n-- > 0;)
			must(RMI0(RTT_UNMAP_UNPROTECTED, m->rd, base + n * PAGE, 3));
		m->window[r] = 0;
	}
}

void end_role(unsigned int i)
{
	struct member *m = &W->m[i];

	end_recs(i);
	unmap_chans(i);
	unmap_windows(i);
	for (uint64_t n = 0; n < MAX_RAM; n++) {
		if (m->ram[n] != 0)
			EXPECT_EQ(RMI(DATA_DESTROY, m->rd, n * PAGE).x[1], m->ram[n]);
		end_granule(&m->ram[n]);
	}
	for (unsigned int t = 4; t-- > 0;) {
		if (m->table[t] != 0)
			EXPECT_EQ(RMI(RTT_DESTROY, m->rd, t < 2 ? 0 : REALM_UNPROT, 2 + t % 2).x[1], m->table[t]);
		end_granule(&m->table[t]);
	}
	if (m->rd != 0)
		must(RMI0(REALM_DESTROY, m->rd));
	end_granule(&m->rd);
	if (m->rtt0 != 0) {
		take_back(m->rtt0);
		take_back(m->rtt0 + PAGE);
	}
	m->rtt0 = 0;
}

void stop(void)
{
	must(MICA0(WF_STOP, W->wf));
	W->stopped = true;
}

static void remove_pages(void)
{
	for (unsigned int c = 0; c < W->p.chans; c++)
		while (W->chan_added[c] > 0) {
			uint64_t page = W->chan_base[c] + --W->chan_added[c] * PAGE;

			EXPECT_EQ(MICA(CHAN_REMOVE, W->wf, c).x[1], page);
			take_back(page);
		}
}

void end_world(void)
{
	if (W->wf != 0 && !W->stopped)
		stop();
	for (unsigned int i = 0; i < W->members; i++)
		end_role(i);
	if (W->wf != 0) {
		remove_pages();
		must(MICA0(WF_DESTROY, W->wf));
		take_back(W->wf);
	}
	for (unsigned int i = 0; i < W->n_aux; i++)
		end_granule(&W->aux[i]);
	memset(W, 0, sizeof(*W));
}
