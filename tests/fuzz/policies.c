/* SPDX-License-Identifier: Apache-2.0 */
/* Policies of chance, as the model has them and as the blob that says so. */
#include <stdio.h>
#include <string.h>

#include <mbedtls/sha256.h>

#include "../../rmm/realm/rd.h"
#include "wf.h"

struct m_blob blobs[BLOBS];
bool gates_too = true;
static struct m_policy made[BLOBS];		/* also of a blob that was broken afterwards */
static struct { bool known[M_ROLES]; uint64_t rim[M_ROLES]; } sealed[BLOBS];

/* ---- RIMs: the model's number and the machine's value belong to each other ---- */

#define RIMS	1024
static struct { uint64_t rim; uint8_t real[64]; } rims[RIMS];
static unsigned int n_rims;

const uint8_t *real_rim(uint64_t rim)
{
	for (unsigned int i = 0; i < n_rims; i++)
		if (rims[i].rim == rim)
			return rims[i].real;
	return NULL;
}

void learn_rim(const struct m_realm *r)
{
	const struct rd *rd = fake_peek(pa(r->rd));
	const uint8_t *known = real_rim(r->rim);

	if (r->wf == M_NONE)
		return;
	if (known != NULL && memcmp(known, rd->measurement[0], 64) != 0)
		mismatch("the same was measured, and the RIM is another one");
	for (unsigned int i = 0; i < n_rims && known == NULL; i++)
		if (memcmp(rims[i].real, rd->measurement[0], 64) == 0)
			mismatch("something else was measured, and the RIM is the same");
	if (known == NULL && n_rims < RIMS) {
		rims[n_rims].rim = r->rim;
		memcpy(rims[n_rims++].real, rd->measurement[0], 64);
	}
	for (unsigned int i = 0; i < BLOBS; i++)
		if (blobs[i].size != 0 && memcmp(blobs[i].id, model.wf[r->wf].id, sizeof(blobs[i].id)) == 0) {
			sealed[i].known[r->role] = true;
			sealed[i].rim[r->role] = r->rim;
		}
}

void forget_policies(void)
{
	memset(blobs, 0, sizeof(blobs));
	memset(made, 0, sizeof(made));
	memset(sealed, 0, sizeof(sealed));
	n_rims = 0;
}

/* ---- a policy ---- */

#define GRANT_AREA	(64UL << 20)
#define BIG_AREA	(128UL << 20)
#define DEVICE_AREA	(64UL << 20)

static void one_role(struct m_role *r)
{
	static const uint8_t s2sz[] = { 32, 33, 34, 39, 40, 48 };
	static const uint64_t ram[] = { 0, 16UL << 20, (2UL << 20) - M_PAGE };

	memset(r, 0, sizeof(*r));
	r->s2sz = s2sz[draw(6)];
	r->hash = (uint8_t)draw(2);
	r->vcpus = one_in(3) ? 2 : 1;
	r->num_bps = (uint8_t)(1 + draw(2));
	r->num_wps = 1;
	r->ram_base = ram[draw(3)];
	r->ram_size = (1 + draw(4)) * M_PAGE;
	r->restart = !one_in(3);
	if (one_in(2))
		r->rights |= MICA_RIGHT_HOSTCALL;
	if (one_in(3))
		r->rights |= MICA_RIGHT_PSCI;
	if (one_in(4))
		r->rights |= MICA_RIGHT_TIMER;
	if (one_in(2))
		r->rights |= MICA_RIGHT_AUDIT;
	if (r->vcpus == 1 && !(r->rights & MICA_RIGHT_TIMER) && one_in(4)) {
		r->rights |= MICA_RIGHT_VTIMER;
		r->sig_irq = one_in(2);
		if (one_in(2)) {
			r->dev_base = r->ram_base + draw((unsigned int)(r->ram_size / M_PAGE)) * M_PAGE;
			r->dev_size = M_PAGE;
		}
	}
}

static void region(struct m_policy *p, unsigned int role, unsigned int kind, uint64_t base, unsigned int pages, unsigned int rights)
{
	struct m_region *r = &p->region[p->regions];	/* four a role at most: there is room */

	*r = (struct m_region){ .role = role, .kind = kind, .base = base, .pages = pages, .rights = rights };
	snprintf(r->name, sizeof(r->name), "r%u", p->regions++);
}

static void regions(struct m_policy *p, unsigned int i)
{
	struct m_role *r = &p->role[i];
	uint64_t half = 1UL << (r->s2sz - 1);

	if (!one_in(3))
		region(p, i, MICA_REGION_WINDOW, half, 1 + draw(3), 1 + draw(3));
	if (one_in(3))
		region(p, i, MICA_REGION_WINDOW, half + 4 * M_PAGE, 1, 1 + draw(3));
	if (one_in(3)) {
		region(p, i, MICA_REGION_DEVICE, half + DEVICE_AREA, 1 + draw(2), 1 + draw(3));
		r->rights |= MICA_RIGHT_MMIO;
	}
	if (!(r->rights & MICA_RIGHT_VTIMER) && one_in(3)) {
		region(p, i, MICA_REGION_INTIDS, 40, 1 + draw(3), 0);
		r->rights |= MICA_RIGHT_IRQ;
	}
}

static void channels(struct m_policy *p, bool part[M_CHANNELS][M_ROLES], bool writes[M_CHANNELS][M_ROLES])
{
	p->channels = p->roles > 1 ? 1 + draw(M_CHANNELS - 1) : 0;
	for (unsigned int c = 0; c < p->channels; c++) {
		unsigned int first = draw(p->roles), other = (first + 1 + draw(p->roles - 1)) % p->roles;
		bool restarts = false;

		for (unsigned int r = 0; r < p->roles; r++) {
			part[c][r] = r == first || r == other || one_in(4);
			writes[c][r] = r == first || (part[c][r] && one_in(5));
			restarts |= writes[c][r] && p->role[r].restart;
		}
		p->channel[c].pages = 1 + draw(3);
		p->channel[c].signal = !one_in(3);
		p->channel[c].keep = restarts && one_in(3);
	}
	if (p->channels != 0 && one_in(16))
		p->channel[p->channels - 1].pages = BIG_PAGES;
}

static unsigned int writers(const struct m_policy *p, unsigned int c, bool writes[M_CHANNELS][M_ROLES])
{
	unsigned int n = 0;

	for (unsigned int r = 0; r < p->roles; r++)
		n += writes[c][r];
	return n;
}

static void grants(struct m_policy *p, unsigned int role, bool part[M_CHANNELS][M_ROLES], bool writes[M_CHANNELS][M_ROLES])
{
	uint64_t at = GRANT_AREA;
	int bit = 0;

	for (unsigned int c = 0; c < p->channels; c++) {
		struct m_grant *g = &p->grant[p->grants];

		if (!part[c][role])
			continue;
		if (p->channel[c].pages == BIG_PAGES)
			at = BIG_AREA;		/* the last */
		*g = (struct m_grant){ .role = role, .channel = c, .writes = writes[c][role], .bit = M_NONE, .ipa = at };
		if (p->channel[c].signal && writers(p, c, writes) > (g->writes ? 1U : 0U))
			g->bit = bit++;
		snprintf(g->name, sizeof(g->name), "c%u", c);
		at += (p->channel[c].pages + draw(2)) * M_PAGE;
		p->grants++;
	}
}

static void gate(struct m_policy *p, unsigned int caller, unsigned int callee, unsigned int server)
{
	struct m_gate *g = &p->gate[p->gates];

	for (unsigned int i = 0; i < p->gates; i++)
		if (p->gate[i].callee == callee && p->gate[i].server == server)
			return;
	if (p->gates == M_GATES)
		return;
	*g = (struct m_gate){ .caller = caller, .callee = callee, .server = server, .args = draw(9), .results = draw(9) };
	snprintf(g->caller_name, sizeof(g->caller_name), "to%u", p->gates);
	snprintf(g->callee_name, sizeof(g->callee_name), "from%u", p->gates);
	p->gates++;
}

static void gates(struct m_policy *p)
{
	for (unsigned int caller = 0; caller < p->roles; caller++)
		for (unsigned int callee = 0; callee < p->roles; callee++)
			for (unsigned int server = 0; server < p->role[callee].vcpus; server++)
				if (caller != callee && one_in(4))
					gate(p, caller, callee, server);
}

/* Two roles that call each other, deeper than the limit: a0, b0, a1, b1, a2, b2. */
static void ping_pong(struct m_policy *p)
{
	p->roles = 2;
	for (unsigned int i = 0; i < 2; i++) {
		one_role(&p->role[i]);
		p->role[i].vcpus = 3;
		p->role[i].rights &= ~MICA_RIGHT_VTIMER;
		p->role[i].sig_irq = false;
		p->role[i].dev_size = p->role[i].dev_base = 0;
	}
	for (unsigned int server = 0; server < 3; server++)
		gate(p, 0, 1, server);
	gate(p, 1, 0, 1);
	gate(p, 1, 0, 2);
}

static void make_policy(struct m_policy *p)
{
	bool part[M_CHANNELS][M_ROLES] = { { false } }, writes[M_CHANNELS][M_ROLES] = { { false } };

	memset(p, 0, sizeof(*p));
	if (gates_too && one_in(5)) {
		ping_pong(p);
	} else {
		p->roles = 1 + draw(M_ROLES);
		for (unsigned int i = 0; i < p->roles; i++)
			one_role(&p->role[i]);
		if (gates_too && one_in(2))
			gates(p);
	}
	channels(p, part, writes);
	for (unsigned int i = 0; i < p->roles; i++) {
		grants(p, i, part, writes);
		regions(p, i);
	}
	if (one_in(48))
		p->role[0].ram_base = 0, p->role[0].ram_size = m_size(2), p->role[0].dev_size = p->role[0].dev_base = 0;
}

/* ---- the blob ---- */

static void put_role(struct mica_blob_role *to, const struct m_policy *p, unsigned int i)
{
	const struct m_role *r = &p->role[i];

	*to = (struct mica_blob_role){
		.flags = (r->pinned ? MICA_ROLE_PINNED : 0) | (r->restart ? MICA_ROLE_RESTART : 0) | (r->sig_irq ? MICA_ROLE_SIG_IRQ : 0),
		.rights = r->rights, .s2sz = r->s2sz, .hash = r->hash, .vcpus = r->vcpus, .num_bps = r->num_bps, .num_wps = r->num_wps,
		.ram_base = r->ram_base, .ram_size = r->ram_size,
		.dev_page_off = r->dev_size != 0 ? (uint32_t)((r->dev_base - r->ram_base) / M_PAGE) : 0,
		.dev_pages = (uint32_t)(r->dev_size / M_PAGE),
	};
	to->name[0] = (char)('a' + i);
	if (r->pinned)
		memcpy(to->rim, real_rim(r->rim), sizeof(to->rim));
	for (unsigned int k = 0; k < p->grants; k++) {
		to->grant_first += p->grant[k].role < i;
		to->grant_count += p->grant[k].role == i;
	}
	for (unsigned int k = 0; k < p->regions; k++) {
		to->region_first += p->region[k].role < i;
		to->region_count += p->region[k].role == i;
	}
}

static void put_channel(struct mica_blob_channel *to, const struct m_policy *p, unsigned int i)
{
	*to = (struct mica_blob_channel){ .pages = p->channel[i].pages };
	to->flags = (uint16_t)((p->channel[i].signal ? MICA_CHAN_SIGNAL : 0) | (p->channel[i].keep ? MICA_CHAN_KEEP : 0));
	snprintf(to->name, sizeof(to->name), "c%02u", i);
	for (unsigned int k = 0; k < p->grants; k++)
		to->grants += p->grant[k].channel == i;
}

static void put_records(struct records *to, const struct m_policy *p)
{
	memset(to, 0, sizeof(*to));
	memcpy(to->header.magic, MICA_BLOB_MAGIC, 8);
	to->header.version = MICA_BLOB_VERSION;
	strcpy(to->header.name, "chance");
	to->header.roles = (uint16_t)p->roles;
	to->header.gates = (uint16_t)p->gates;
	to->header.channels = (uint16_t)p->channels;
	to->header.regions = (uint16_t)p->regions;
	to->header.grants = (uint16_t)p->grants;
	for (unsigned int i = 0; i < p->roles; i++)
		put_role(&to->role[i], p, i);
	for (unsigned int i = 0; i < p->channels; i++)
		put_channel(&to->channel[i], p, i);
	for (unsigned int i = 0; i < p->gates; i++) {
		const struct m_gate *g = &p->gate[i];

		to->gate[i] = (struct mica_blob_gate){ .caller = (uint8_t)g->caller, .callee = (uint8_t)g->callee,
			.server_rec = (uint8_t)g->server, .args = (uint8_t)g->args, .results = (uint8_t)g->results };
		memcpy(to->gate[i].caller_name, g->caller_name, MICA_NAME_SIZE);
		memcpy(to->gate[i].callee_name, g->callee_name, MICA_NAME_SIZE);
	}
	for (unsigned int i = 0; i < p->regions; i++) {
		const struct m_region *r = &p->region[i];

		to->region[i] = (struct mica_blob_region){ .base = r->base, .pages = r->pages, .role = (uint8_t)r->role,
			.kind = (uint8_t)r->kind, .rights = (uint8_t)r->rights };
		memcpy(to->region[i].name, r->name, MICA_NAME_SIZE);
	}
	for (unsigned int i = 0; i < p->grants; i++) {
		const struct m_grant *g = &p->grant[i];

		to->grant[i] = (struct mica_blob_grant){ .channel = (uint16_t)g->channel, .role = (uint8_t)g->role, .ipa = g->ipa,
			.rights = g->writes ? MICA_GRANT_RW : MICA_GRANT_R,
			.signal = g->bit == M_NONE ? MICA_NO_SIGNAL : (uint8_t)g->bit };
		memcpy(to->grant[i].name, g->name, MICA_NAME_SIZE);
	}
}

static uint32_t put(uint8_t *at, uint32_t off, const void *from, size_t n)
{
	memcpy(at + off, from, n);
	return off + (uint32_t)n;
}

/* All records in a row; the size is the header's business. */
static uint32_t serialize(uint8_t *at, struct records *r, const struct m_policy *p, bool total_wrong)
{
	uint32_t off = sizeof(r->header);

	off = put(at, off, r->role, p->roles * sizeof(r->role[0]));
	off = put(at, off, r->gate, p->gates * sizeof(r->gate[0]));
	off = put(at, off, r->channel, p->channels * sizeof(r->channel[0]));
	off = put(at, off, r->region, p->regions * sizeof(r->region[0]));
	off = put(at, off, r->grant, p->grants * sizeof(r->grant[0]));
	r->header.total = off + total_wrong;
	put(at, 0, &r->header, sizeof(r->header));
	return off;
}

/* The policy of another slot, with the RIMs that were sealed: whatever is loaded now has to be that. */
static bool pin(struct m_policy *p)
{
	unsigned int slot = draw(BLOBS);
	bool any = false;

	*p = made[slot];
	for (unsigned int i = 0; i < p->roles; i++) {
		if (!sealed[slot].known[i] || real_rim(sealed[slot].rim[i]) == NULL)
			continue;
		p->role[i].pinned = any = true;
		p->role[i].rim = sealed[slot].rim[i];
	}
	return any;
}

static bool wants_block(const struct m_policy *p)
{
	return p->role[0].ram_size == m_size(2) || (p->channels != 0 && p->channel[p->channels - 1].pages == BIG_PAGES);
}

/* There is one block of memory for all. */
static bool block_wanted(void)
{
	for (unsigned int i = 0; i < M_WFS; i++)
		if (model.wf[i].used && wants_block(&model.wf[i].policy))
			return true;
	return false;
}

unsigned int write_policy(void)
{
	unsigned int slot = draw(BLOBS);
	struct m_blob *b = &blobs[slot];
	uint8_t *at = fake_ns_va(pa(BLOB_BASE + slot * BLOB_PAGES * M_PAGE));
	bool total_wrong = one_in(128);
	struct records r;

	if (b->size != 0 && one_in(4) && !(wants_block(&made[slot]) && block_wanted()))
		return slot;		/* a second instance */
	if (!one_in(3) || !pin(&made[slot]))
		make_policy(&made[slot]);
	while (wants_block(&made[slot]) && block_wanted())
		make_policy(&made[slot]);
	memset(&sealed[slot], 0, sizeof(sealed[slot]));
	memset(b, 0, sizeof(*b));
	put_records(&r, &made[slot]);
	if (total_wrong)
		b->rule = MICA_BLOB_RULE_HEADER;
	else if (one_in(3))
		b->rule = corrupt(&r);
	if (one_in(24))
		r.role[draw(made[slot].roles)].flags |= MICA_ROLE_SVE, b->sve = true;
	memset(at, 0, BLOB_PAGES * M_PAGE);
	b->size = serialize(at, &r, &made[slot], total_wrong);
	b->roles = made[slot].roles;
	b->gates = made[slot].gates;
	b->channels = made[slot].channels;
	b->policy = made[slot];
	mbedtls_sha256(at, b->size, b->id, 0);
	return slot;
}

const struct m_blob *blob_at(uint64_t pa)
{
	static struct m_blob other;
	uint64_t slot = (pa - BLOB_BASE) / (BLOB_PAGES * M_PAGE);
	const struct mica_blob_header *h = fake_ns_va((pa_t){ pa });

	if (pa >= BLOB_BASE && slot < BLOBS && pa == BLOB_BASE + slot * BLOB_PAGES * M_PAGE)
		return &blobs[slot];
	/* no policy: its counts are those of whatever lies there, and then it is refused for its first bytes */
	memset(&other, 0, sizeof(other));
	if (h != NULL) {
		other.roles = h->roles;
		other.channels = h->channels;
		other.gates = h->gates;
	}
	other.rule = MICA_BLOB_RULE_HEADER;
	return &other;
}

/* ---- addresses ---- */

uint64_t policy_ipa(const struct m_realm *r)
{
	const struct m_policy *p = &model.wf[r->wf].policy;
	const struct m_role *role = &p->role[r->role];
	unsigned int i;

	switch (draw(4)) {
	case 0:
		return role->ram_base + draw((unsigned int)(role->ram_size / M_PAGE) + 1) * M_PAGE;
	case 1:
		i = draw(M_REGIONS);
		for (unsigned int k = 0; k < p->regions; k++) {
			const struct m_region *x = &p->region[(i + k) % p->regions];

			if (x->role == r->role && x->kind != MICA_REGION_INTIDS)
				return x->base + draw(x->pages + 1) * M_PAGE;
		}
		return m_par(r) + draw(8) * M_PAGE;
	default:
		i = draw(M_GRANTS);
		for (unsigned int k = 0; k < p->grants; k++) {
			const struct m_grant *g = &p->grant[(i + k) % p->grants];
			unsigned int pages = p->channel[g->channel].pages;

			if (g->role == r->role)
				return g->ipa + (pages > 8 ? draw(2) * (pages - 1) : draw(pages + 1)) * M_PAGE;
		}
		return GRANT_AREA + draw(4) * M_PAGE;
	}
}
