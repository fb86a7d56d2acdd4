/* SPDX-License-Identifier: Apache-2.0 */
/* A workflow, built and taken down. */
#include "flow.h"

#define PAGE	GRANULE_SIZE

/* ---- the blob ---- */

static void copy_name(char *to, const char *from)
{
	while (*from != '\0')
		*to++ = *from++;
}

/* A letter and three digits. */
static void number_name(char *to, char letter, unsigned int n)
{
	to[0] = letter;
	to[1] = (char)('0' + n / 100);
	to[2] = (char)('0' + n / 10 % 10);
	to[3] = (char)('0' + n % 10);
}

uint64_t flow_image(void)
{
	return (uint64_t)(realm_image_end - realm_image);
}

static uint64_t ram_size(const struct flow_plan *p)
{
	return p->ram != 0 ? p->ram : flow_image();
}

static bool takes_part(const struct flow_plan *p, unsigned int channel, unsigned int role)
{
	return p->channels[channel].from == role || p->channels[channel].to == role;
}

static unsigned int grants_of(const struct flow_plan *p, unsigned int role)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < p->n_channels; i++)
		n += takes_part(p, i, role);
	return n;
}

static void fill_roles(struct mica_blob_role *r, const struct flow_plan *p)
{
	unsigned int grants = 0;

	for (unsigned int i = 0; i < p->n_roles; i++) {
		r[i].rights = p->roles[i].rights;
		r[i].s2sz = REALM_S2SZ;
		r[i].vcpus = r[i].num_bps = r[i].num_wps = 1;
		r[i].ram_size = ram_size(p);
		copy_name(r[i].name, p->roles[i].name);
		r[i].grant_first = (uint16_t)grants;
		r[i].grant_count = (uint16_t)grants_of(p, i);
		r[i].region_first = (uint16_t)i;
		r[i].region_count = 1;
		grants += r[i].grant_count;
	}
}

static void fill_gates(struct mica_blob_gate *g, const struct flow_plan *p)
{
	for (unsigned int i = 0; i < p->n_gates; i++) {
		const struct flow_gate *f = &p->gates[i];

		g[i] = (struct mica_blob_gate){ .caller = f->caller, .callee = f->callee, .args = f->args, .results = f->results };
		number_name(g[i].caller_name, 't', i);
		number_name(g[i].callee_name, 'h', i);
	}
}

static void fill_channels(struct mica_blob_channel *c, const struct flow_plan *p)
{
	for (unsigned int i = 0; i < p->n_channels; i++) {
		c[i] = (struct mica_blob_channel){ .pages = p->channels[i].pages, .flags = p->channels[i].flags, .grants = 2 };
		number_name(c[i].name, 'c', i);
	}
}

static void fill_windows(struct mica_blob_region *w, const struct flow_plan *p)
{
	for (unsigned int i = 0; i < p->n_roles; i++)
		w[i] = (struct mica_blob_region){ .name = "shared", .base = REALM_UNPROT, .pages = 1, .role = (uint8_t)i,
			.kind = MICA_REGION_WINDOW, .rights = MICA_REGION_READ | MICA_REGION_WRITE };
}

static uint64_t channel_bytes(const struct flow *f, unsigned int i)
{
	return (uint64_t)f->plan.channels[i].pages * PAGE;
}

static uint64_t channel_align(const struct flow *f, unsigned int i)
{
	return channel_bytes(f, i) >= FLOW_BLOCK ? FLOW_BLOCK : PAGE;
}

static uint64_t next_ipa(const struct flow *f, unsigned int i, uint64_t at)
{
	return (at + channel_align(f, i) - 1) & ~(channel_align(f, i) - 1);
}

uint64_t flow_channel_ipa(const struct flow *f, unsigned int channel)
{
	uint64_t at = FLOW_CHANNELS;

	for (unsigned int i = 0; i < channel; i++)
		at = next_ipa(f, i, at) + channel_bytes(f, i);
	return next_ipa(f, channel, at);
}

/* The grants of one role; the first behind them. */
static struct mica_blob_grant *fill_role_grants(struct mica_blob_grant *g, const struct flow *f, unsigned int role)
{
	const struct flow_plan *p = &f->plan;
	uint64_t at = FLOW_CHANNELS;
	uint8_t bit = 0;

	for (unsigned int i = 0; i < p->n_channels; i++) {
		bool writer = p->channels[i].from == role;

		at = next_ipa(f, i, at);
		if (takes_part(p, i, role)) {
			*g = (struct mica_blob_grant){ .channel = (uint16_t)i, .role = (uint8_t)role, .ipa = at,
				.rights = writer ? MICA_GRANT_RW : MICA_GRANT_R,
				.signal = !writer && p->channels[i].flags & MICA_CHAN_SIGNAL ? bit++ : MICA_NO_SIGNAL };
			number_name(g->name, 'c', i);
			g++;
		}
		at += channel_bytes(f, i);
	}
	return g;
}

static void fill_grants(struct mica_blob_grant *g, const struct flow *f)
{
	for (unsigned int i = 0; i < f->plan.n_roles; i++)
		g = fill_role_grants(g, f, i);
}

static uint32_t fill_blob(struct mica_blob_header *h, const struct flow *f)
{
	const struct flow_plan *p = &f->plan;
	struct mica_blob_role *role = (void *)(h + 1);
	struct mica_blob_gate *gate = (void *)(role + p->n_roles);
	struct mica_blob_channel *channel = (void *)(gate + p->n_gates);
	struct mica_blob_region *window = (void *)(channel + p->n_channels);
	struct mica_blob_grant *grant = (void *)(window + p->n_roles);

	memcpy(h->magic, MICA_BLOB_MAGIC, sizeof(h->magic));
	h->version = MICA_BLOB_VERSION;
	h->roles = h->regions = (uint16_t)p->n_roles;
	h->gates = (uint16_t)p->n_gates;
	h->channels = (uint16_t)p->n_channels;
	h->grants = (uint16_t)(2 * p->n_channels);
	h->total = (uint32_t)((char *)(grant + h->grants) - (char *)h);
	copy_name(h->name, "flow");
	fill_roles(role, p);
	fill_gates(gate, p);
	fill_channels(channel, p);
	fill_windows(window, p);
	fill_grants(grant, f);
	return h->total;
}

/* ---- up ---- */

void flow_create(struct flow *f, const struct flow_plan *plan)
{
	uint64_t blob = page_alloc(MICA_BLOB_MAX / PAGE, PAGE);
	struct mica_wf_params *p;

	f->plan = *plan;
	f->params = page_alloc(1, PAGE);
	p = page_ptr(f->params);
	p->blob_pa = blob;
	p->blob_size = fill_blob(page_ptr(blob), f);
	p->n_aux = f->n_aux = (unsigned int)mica_wf_aux_count(p->blob_size, plan->n_roles, plan->n_channels, plan->n_gates);
	for (unsigned int i = 0; i < f->n_aux; i++)
		p->aux[i] = f->aux[i] = granule_alloc(1, PAGE);
	f->wf = granule_alloc(1, PAGE);
	EXPECT_EQ(MICA0(WF_CREATE, f->wf, f->params), RMI_SUCCESS);
}

void flow_add(struct flow *f, unsigned int channel)
{
	uint32_t pages = f->plan.channels[channel].pages;

	f->channel[channel] = granule_alloc(pages, channel_align(f, channel));
	for (unsigned int i = 0; i < pages; i++)
		EXPECT_EQ(MICA0(CHAN_ADD, f->wf, channel, f->channel[channel] + i * PAGE), RMI_SUCCESS);
}

/* The end of the block an address is in, or of RAM. */
static uint64_t part_end(const struct flow *f, uint64_t a)
{
	uint64_t end = (a & ~(FLOW_BLOCK - 1)) + FLOW_BLOCK, ram = ram_size(&f->plan);

	return end < ram ? end : ram;
}

static bool folded(const struct flow *f, uint64_t a, uint64_t end)
{
	return f->plan.fold && end - a == FLOW_BLOCK;
}

/* RAM behind the image: without contents, contiguous block by block, a table for each that has none yet. */
static void load_rest(const struct flow *f, uint64_t rd)
{
	for (uint64_t a = flow_image(), end; a < ram_size(&f->plan); a = end) {
		uint64_t pa;

		end = part_end(f, a);
		if (a >= FLOW_BLOCK)
			EXPECT_EQ(RMI0(RTT_CREATE, rd, granule_alloc(1, PAGE), a, 3), RMI_SUCCESS);
		EXPECT_EQ(RMI0(RTT_INIT_RIPAS, rd, a, end), RMI_SUCCESS);
		pa = granule_alloc((unsigned int)((end - a) / PAGE), a >= FLOW_BLOCK ? FLOW_BLOCK : PAGE);
		for (uint64_t off = 0; off < end - a; off += PAGE)
			EXPECT_EQ(RMI0(DATA_CREATE_UNKNOWN, rd, pa + off, a + off), RMI_SUCCESS);
		if (folded(f, a, end))
			undelegate(RMI(RTT_FOLD, rd, a, 3).x[1]);
	}
}

static void unload_rest(const struct flow *f, uint64_t rd)
{
	for (uint64_t a = flow_image(), end; a < ram_size(&f->plan); a = end) {
		end = part_end(f, a);
		if (folded(f, a, end))
			EXPECT_EQ(RMI0(RTT_CREATE, rd, granule_alloc(1, PAGE), a, 3), RMI_SUCCESS);
		for (uint64_t off = 0; off < end - a; off += PAGE)
			undelegate(RMI(DATA_DESTROY, rd, a + off).x[1]);
		if (a >= FLOW_BLOCK)
			undelegate(RMI(RTT_DESTROY, rd, a, 3).x[1]);
	}
}

void flow_load(struct flow *f, unsigned int role, uint16_t vmid)
{
	uint64_t params = page_alloc(1, PAGE);
	struct realm *r = &f->realm[role];

	memset(r, 0, sizeof(*r));
	r->vmid = vmid;
	r->rd = granule_alloc(1, PAGE);
	r->rtt0 = granule_alloc(2, 2 * PAGE);
	realm_params_default(page_ptr(params), r->rtt0, vmid);
	EXPECT_EQ(MICA0(REALM_CREATE, r->rd, params, f->wf, role), RMI_SUCCESS);
	realm_tables(r);
	realm_load(r);
	load_rest(f, r->rd);
	realm_rec(r, f->plan.roles[role].arg);
}

/* Past the last channel. */
static uint64_t channels_end(const struct flow *f)
{
	unsigned int n = f->plan.n_channels;

	return flow_channel_ipa(f, n - 1) + channel_bytes(f, n - 1);
}

/* Is there a channel of the role in the block at an address? */
static bool in_block(const struct flow *f, unsigned int role, uint64_t block)
{
	uint64_t at = FLOW_CHANNELS;

	for (unsigned int i = 0; i < f->plan.n_channels; i++) {
		at = next_ipa(f, i, at);
		if (takes_part(&f->plan, i, role) && at < block + FLOW_BLOCK && at + channel_bytes(f, i) > block)
			return true;
		at += channel_bytes(f, i);
	}
	return false;
}

static uint64_t leaf_size(const struct flow *f)
{
	return f->plan.level == 2 ? FLOW_BLOCK : PAGE;
}

void flow_map(struct flow *f, unsigned int role)
{
	uint64_t rd = f->realm[role].rd;

	if (grants_of(&f->plan, role) == 0)
		return;
	EXPECT_EQ(RMI0(RTT_CREATE, rd, granule_alloc(1, PAGE), FLOW_CHANNELS, 2), RMI_SUCCESS);
	for (uint64_t a = FLOW_CHANNELS; f->plan.level == 3 && a < channels_end(f); a += FLOW_BLOCK)
		if (in_block(f, role, a))
			EXPECT_EQ(RMI0(RTT_CREATE, rd, granule_alloc(1, PAGE), a, 3), RMI_SUCCESS);
	for (unsigned int i = 0, grant = 0; i < f->plan.n_channels; i++) {
		if (!takes_part(&f->plan, i, role))
			continue;
		for (uint64_t off = 0; off < channel_bytes(f, i); off += leaf_size(f))
			EXPECT_EQ(MICA0(CHAN_MAP, rd, grant, off, (uint64_t)f->plan.level), RMI_SUCCESS);
		grant++;
	}
}

void flow_start_plan(struct flow *f, const struct flow_plan *plan, uint16_t vmid)
{
	flow_create(f, plan);
	for (unsigned int i = 0; i < plan->n_channels; i++)
		flow_add(f, i);
	for (unsigned int i = 0; i < plan->n_roles; i++) {
		flow_load(f, i, (uint16_t)(vmid + i));
		flow_map(f, i);
		realm_activate(&f->realm[i]);
	}
	EXPECT_EQ(MICA0(WF_ACTIVATE, f->wf), RMI_SUCCESS);
}

void flow_start(struct flow *f, const struct flow_role roles[FLOW_ROLES], bool gate, uint16_t vmid)
{
	static const struct flow_gate there = { .caller = 0, .callee = 1, .args = 1, .results = 2 };
	const struct flow_plan plan = { .roles = roles, .n_roles = FLOW_ROLES, .gates = &there, .n_gates = gate };

	flow_start_plan(f, &plan, vmid);
}

/* ---- down ---- */

void flow_unmap(struct flow *f, unsigned int role)
{
	uint64_t rd = f->realm[role].rd;

	if (grants_of(&f->plan, role) == 0)
		return;
	for (unsigned int i = 0, grant = 0; i < f->plan.n_channels; i++) {
		if (!takes_part(&f->plan, i, role))
			continue;
		for (uint64_t off = 0; off < channel_bytes(f, i); off += leaf_size(f))
			EXPECT_EQ(MICA0(CHAN_UNMAP, rd, grant, off, (uint64_t)f->plan.level), RMI_SUCCESS);
		grant++;
	}
	for (uint64_t a = FLOW_CHANNELS; f->plan.level == 3 && a < channels_end(f); a += FLOW_BLOCK)
		if (in_block(f, role, a))
			undelegate(RMI(RTT_DESTROY, rd, a, 3).x[1]);
	undelegate(RMI(RTT_DESTROY, rd, FLOW_CHANNELS, 2).x[1]);
}

void flow_unload(struct flow *f, unsigned int role)
{
	unload_rest(f, f->realm[role].rd);
	realm_teardown(&f->realm[role]);
}

void flow_remove(struct flow *f, unsigned int channel)
{
	for (unsigned int i = f->plan.channels[channel].pages; i > 0; i--) {
		EXPECT_EQ(MICA(CHAN_REMOVE, f->wf, channel).x[1], f->channel[channel] + (i - 1) * PAGE);
		undelegate(f->channel[channel] + (i - 1) * PAGE);
	}
}

void flow_destroy(struct flow *f)
{
	EXPECT_EQ(MICA0(WF_DESTROY, f->wf), RMI_SUCCESS);
	undelegate(f->wf);
	for (unsigned int i = 0; i < f->n_aux; i++)
		undelegate(f->aux[i]);
}

void flow_end(struct flow *f)
{
	EXPECT_EQ(MICA0(WF_STOP, f->wf), RMI_SUCCESS);
	for (unsigned int i = 0; i < f->plan.n_roles; i++) {
		flow_unmap(f, i);
		flow_unload(f, i);
	}
	for (unsigned int i = 0; i < f->plan.n_channels; i++)
		flow_remove(f, i);
	flow_destroy(f);
}

/* ---- running ---- */

uint64_t flow_enter(struct flow *f, unsigned int role)
{
	return RMI0(REC_ENTER, f->realm[role].rec, f->realm[role].run);
}

struct rmi_rec_exit *flow_left(struct flow *f, unsigned int role)
{
	return &realm_run(&f->realm[role])->exit;
}

bool only_reason(const struct rmi_rec_exit *e)
{
	const uint64_t *w = (const uint64_t *)e;
	uint64_t any = 0;

	for (unsigned int i = 1; i < sizeof(*e) / sizeof(*w); i++)
		any |= w[i];
	return any == 0;
}
