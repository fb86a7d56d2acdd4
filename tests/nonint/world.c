/* SPDX-License-Identifier: Apache-2.0 */
/* A workflow by its plan: blob, Realms, channels; built and taken down. */
#include "nonint.h"
#include "realm/realm_abi.h"

struct world world;

/* ---- the plan ---- */

static void name_of(char *to, const char *from)
{
	while (*from != '\0')
		*to++ = *from++;
}

static uint64_t image_bytes(void)
{
	return (uint64_t)(realm_image_end - realm_image);
}

void plan_role(struct plan *p, const char *name, uint32_t rights, uint32_t flags, uint64_t arg)
{
	struct mica_blob_role *r = &p->role[p->roles];

	r->rights = rights;
	r->flags = flags;
	r->s2sz = IPA_BITS;
	r->vcpus = r->num_bps = r->num_wps = 1;
	r->ram_size = image_bytes();
	name_of(r->name, name);
	p->arg[p->roles++] = arg;
}

void plan_gate(struct plan *p, unsigned int caller, unsigned int callee)
{
	p->gate[p->gates++] = (struct mica_blob_gate){ .caller_name = "there", .callee_name = "here", .caller = (uint8_t)caller,
		.callee = (uint8_t)callee, .args = MICA_GATE_WORDS, .results = MICA_GATE_WORDS };
}

void plan_channel(struct plan *p, const char *name)
{
	struct mica_blob_channel *c = &p->channel[p->channels++];

	c->pages = 1;
	c->flags = MICA_CHAN_SIGNAL;
	name_of(c->name, name);
}

void plan_region(struct plan *p, unsigned int role, enum mica_region_kind kind, uint64_t base, uint8_t rights)
{
	static const char *const names[] = { "window", "device", "interrupts-1" };
	struct mica_blob_region *r = &p->region[p->regions++];

	*r = (struct mica_blob_region){ .base = base, .pages = 1, .role = (uint8_t)role, .kind = (uint8_t)kind, .rights = rights };
	name_of(r->name, names[kind]);
}

void plan_grant(struct plan *p, unsigned int role, unsigned int channel, uint8_t rights, uint8_t signal, uint64_t ipa)
{
	struct mica_blob_grant *g = &p->grant[p->grants++];

	*g = (struct mica_blob_grant){ .channel = (uint16_t)channel, .role = (uint8_t)role, .rights = rights, .signal = signal, .ipa = ipa };
	memcpy(g->name, p->channel[channel].name, sizeof(g->name));
	p->channel[channel].grants++;
}

/* Each role's runs of grants and regions. */
static void index_roles(struct plan *p)
{
	unsigned int g = 0, r = 0;

	for (unsigned int i = 0; i < p->roles; i++) {
		p->role[i].grant_first = (uint16_t)g;
		p->role[i].region_first = (uint16_t)r;
		while (g < p->grants && p->grant[g].role == i)
			g++;
		while (r < p->regions && p->region[r].role == i)
			r++;
		p->role[i].grant_count = (uint16_t)(g - p->role[i].grant_first);
		p->role[i].region_count = (uint16_t)(r - p->role[i].region_first);
	}
}

static uint8_t *put(uint8_t *at, const void *records, unsigned int n, size_t size)
{
	memcpy(at, records, n * size);
	return at + n * size;
}

static uint32_t write_blob(struct plan *p, uint8_t *to)
{
	struct mica_blob_header *h = (void *)to;
	uint8_t *at = to + sizeof(*h);

	index_roles(p);
	at = put(at, p->role, p->roles, sizeof(p->role[0]));
	at = put(at, p->gate, p->gates, sizeof(p->gate[0]));
	at = put(at, p->channel, p->channels, sizeof(p->channel[0]));
	at = put(at, p->region, p->regions, sizeof(p->region[0]));
	at = put(at, p->grant, p->grants, sizeof(p->grant[0]));
	memcpy(h->magic, MICA_BLOB_MAGIC, sizeof(h->magic));
	h->version = MICA_BLOB_VERSION;
	h->total = (uint32_t)(at - to);
	h->roles = (uint16_t)p->roles;
	h->channels = (uint16_t)p->channels;
	h->regions = (uint16_t)p->regions;
	h->gates = (uint16_t)p->gates;
	h->grants = (uint16_t)p->grants;
	name_of(h->name, "nonint");
	return h->total;
}

/* ---- building ---- */

static void must(uint64_t status)
{
	EXPECT_EQ(status, RMI_SUCCESS);
}

static void create_wf(void)
{
	struct plan *p = &world.plan;
	uint64_t blob = page_alloc(3, PAGE), params = page_alloc(1, PAGE);
	struct mica_wf_params *w = page_ptr(params);

	w->blob_pa = blob;
	w->blob_size = write_blob(p, page_ptr(blob));
	w->n_aux = world.n_aux = (unsigned int)mica_wf_aux_count(w->blob_size, p->roles, p->channels, p->gates);
	for (unsigned int i = 0; i < world.n_aux; i++)
		w->aux[i] = world.aux[i] = granule_alloc(1, PAGE);
	world.wf = granule_alloc(1, PAGE);
	must(MICA0(WF_CREATE, world.wf, params));
	for (unsigned int i = 0; i < p->channels; i++)
		must(MICA0(CHAN_ADD, world.wf, i, granule_alloc(1, PAGE)));
}

static void load_image(struct guest *g)
{
	uint64_t src = page_alloc(1, PAGE);

	EXPECT(image_bytes() <= sizeof(g->pages) / sizeof(g->pages[0]) * PAGE);
	must(RMI0(RTT_INIT_RIPAS, g->rd, 0, image_bytes()));
	for (uint64_t at = 0; at < image_bytes(); at += PAGE) {
		memcpy(page_ptr(src), realm_image + at, PAGE);
		g->pages[at / PAGE] = granule_alloc(1, PAGE);
		must(RMI0(DATA_CREATE, g->rd, g->pages[at / PAGE], at, src, 1));
	}
}

static void map_outside(struct guest *g, unsigned int role)
{
	const struct mica_blob_role *r = &world.plan.role[role];

	for (unsigned int i = 0; i < r->grant_count; i++)
		must(MICA0(CHAN_MAP, g->rd, i, 0, 3));
	for (unsigned int i = 0; i < r->region_count; i++) {
		const struct mica_blob_region *w = &world.plan.region[r->region_first + i];

		if (w->kind != MICA_REGION_WINDOW)
			continue;
		if (g->window == 0)
			g->window = page_alloc(1, PAGE);
		must(RMI0(RTT_MAP_UNPROTECTED, g->rd, w->base, 3,
			  g->window | RMI_DESC_MEMATTR_WB | (uint64_t)w->rights << RMI_DESC_S2AP_SHIFT));
	}
}

static void make_rec(struct guest *g, uint64_t arg)
{
	struct rmi_rec_params *p = page_ptr(page_alloc(1, PAGE));

	g->rec = granule_alloc(1, PAGE);
	if (g->run == 0)
		g->run = page_alloc(1, PAGE);
	p->flags = RMI_REC_FLAG_RUNNABLE;
	p->gprs[0] = arg;
	p->num_aux = g->aux_count = RMI(REC_AUX_COUNT, g->rd).x[1];
	for (unsigned int i = 0; i < g->aux_count; i++)
		p->aux[i] = g->aux[i] = granule_alloc(1, PAGE);
	must(RMI0(REC_CREATE, g->rd, g->rec, (uint64_t)p));
}

static void make_tables(struct guest *g)
{
	must(RMI0(RTT_CREATE, g->rd, g->l2 = granule_alloc(1, PAGE), 0, 2));
	must(RMI0(RTT_CREATE, g->rd, g->l3 = granule_alloc(1, PAGE), 0, 3));
	must(RMI0(RTT_CREATE, g->rd, g->unprot_l2 = granule_alloc(1, PAGE), UNPROT, 2));
	must(RMI0(RTT_CREATE, g->rd, g->unprot_l3 = granule_alloc(1, PAGE), UNPROT, 3));
}

void guest_load(unsigned int role)
{
	struct guest *g = &world.guest[role];
	uint64_t params = page_alloc(1, PAGE);
	static uint16_t vmid;

	g->rd = granule_alloc(1, PAGE);
	g->rtt0 = granule_alloc(2, 2 * PAGE);
	realm_params_default(page_ptr(params), g->rtt0, ++vmid);
	must(MICA0(REALM_CREATE, g->rd, params, world.wf, role));
	make_tables(g);
	load_image(g);
	map_outside(g, role);
	make_rec(g, world.plan.arg[role]);
	must(RMI0(REALM_ACTIVATE, g->rd));
}

void world_start(unsigned int window_role, uint64_t window)
{
	create_wf();
	for (unsigned int i = 0; i < world.plan.roles; i++) {
		world.guest[i] = (struct guest){ .window = i == window_role ? window : 0 };
		guest_load(i);
	}
	must(MICA0(WF_ACTIVATE, world.wf));
}

/* ---- taking down ---- */

static void back(uint64_t pa)
{
	must(RMI0(GRANULE_UNDELEGATE, pa));
}

static void unmap_outside(struct guest *g, unsigned int role)
{
	const struct mica_blob_role *r = &world.plan.role[role];

	for (unsigned int i = 0; i < r->grant_count; i++)
		must(MICA0(CHAN_UNMAP, g->rd, i, 0, 3));
	if (g->window != 0)
		must(RMI0(RTT_UNMAP_UNPROTECTED, g->rd, AT_WINDOW, 3));
}

void guest_unload(unsigned int role)
{
	struct guest *g = &world.guest[role];

	must(RMI0(REC_DESTROY, g->rec));
	back(g->rec);
	for (unsigned int i = 0; i < g->aux_count; i++)
		back(g->aux[i]);
	unmap_outside(g, role);
	for (uint64_t at = 0; at < image_bytes(); at += PAGE) {
		must(RMI0(DATA_DESTROY, g->rd, at));
		back(g->pages[at / PAGE]);
	}
	for (int level = 3; level >= 2; level--) {
		must(RMI0(RTT_DESTROY, g->rd, 0, (uint64_t)level));
		must(RMI0(RTT_DESTROY, g->rd, UNPROT, (uint64_t)level));
	}
	back(g->l2);
	back(g->l3);
	back(g->unprot_l2);
	back(g->unprot_l3);
	must(RMI0(REALM_DESTROY, g->rd));
	back(g->rd);
	back(g->rtt0);
	back(g->rtt0 + PAGE);
}

void world_end(void)
{
	must(MICA0(WF_STOP, world.wf));
	for (unsigned int i = 0; i < world.plan.roles; i++)
		guest_unload(i);
	for (unsigned int i = 0; i < world.plan.channels; i++) {
		struct rmi_out r = MICA(CHAN_REMOVE, world.wf, i);

		must(r.x[0]);
		back(r.x[1]);
	}
	must(MICA0(WF_DESTROY, world.wf));
	back(world.wf);
	for (unsigned int i = 0; i < world.n_aux; i++)
		back(world.aux[i]);
}

/* ---- running ---- */

uint64_t guest_enter(unsigned int role)
{
	return RMI0(REC_ENTER, world.guest[role].rec, world.guest[role].run);
}

const struct rmi_rec_exit *guest_exit(unsigned int role)
{
	return page_ptr(world.guest[role].run + sizeof(struct rmi_rec_enter));
}
