/* SPDX-License-Identifier: Apache-2.0 */
/* A policy as records, and its one encoding. */
#include "attack.h"

#define OBSERVER_PAGES	(1 + MAX_ROLES)

static void name_it(char *to, char kind, unsigned int n)
{
	to[0] = kind;
	to[1] = (char)('a' + n);
}

static unsigned int add_role(uint32_t rights)
{
	unsigned int i = W->p.roles++;
	struct mica_blob_role *r = &W->p.role[i];

	EXPECT(i < MAX_ROLES && i == W->members);
	W->members++;
	*r = (struct mica_blob_role){ .rights = rights, .s2sz = REALM_S2SZ, .vcpus = 1, .num_bps = 1, .num_wps = 1,
		.ram_size = IMAGE_SIZE + RAM_MORE * PAGE };
	name_it(r->name, 'r', i);
	return i;
}

static void add_region(unsigned int role, enum mica_region_kind kind, uint64_t base, uint32_t pages, uint8_t rights)
{
	struct mica_blob_region *w = &W->p.region[W->p.regions];

	EXPECT(W->p.regions < MAX_REGIONS);
	*w = (struct mica_blob_region){ .base = base, .pages = pages, .role = (uint8_t)role, .kind = (uint8_t)kind, .rights = rights };
	name_it(w->name, 'w', W->p.regions++);
}

unsigned int role(uint32_t rights)
{
	unsigned int i = add_role(rights);

	add_region(i, MICA_REGION_WINDOW, AT_WINDOW(0), 1, IN | OUT);
	return i;
}

unsigned int observer(void)
{
	unsigned int i = add_role(0);

	EXPECT_EQ(i, 0);
	add_region(i, MICA_REGION_WINDOW, AT_WINDOW(0), OBSERVER_PAGES, IN | OUT);
	return i;
}

unsigned int confined(uint32_t rights)
{
	unsigned int i = add_role(rights), c = channel(1, 0);

	W->m[i].confined = true;
	W->m[i].mail_chan = c;
	grant(c, 0, RW);
	grant(c, i, RW);
	return i;
}

unsigned int unbound(void)
{
	unsigned int i = W->members++;

	EXPECT(i < MAX_ROLES);
	W->m[i].unbound = true;
	return i;
}

unsigned int channel(unsigned int pages, uint16_t flags)
{
	unsigned int c = W->p.chans++;

	EXPECT(c < MAX_CHANS);
	W->p.chan[c] = (struct mica_blob_channel){ .pages = pages, .flags = flags };
	name_it(W->p.chan[c].name, 'c', c);
	return c;
}

void grant(unsigned int chan, unsigned int role, uint8_t rights)
{
	struct mica_blob_grant *g = &W->p.grant[W->p.grants++];

	EXPECT(W->p.grants <= MAX_GRANTS);
	*g = (struct mica_blob_grant){ .channel = (uint16_t)chan, .role = (uint8_t)role, .rights = rights, .signal = MICA_NO_SIGNAL,
		.ipa = AT_CHAN(chan) };
	name_it(g->name, 'g', chan);
}

unsigned int channel_between(unsigned int writer, unsigned int reader, uint16_t flags)
{
	unsigned int c = channel(1, flags);

	grant(c, writer, RW);
	grant(c, reader, R);
	return c;
}

void window(unsigned int role, unsigned int n, uint8_t rights)
{
	add_region(role, MICA_REGION_WINDOW, AT_WINDOW(n), 1, rights);
}

void device(unsigned int role, unsigned int n, uint8_t rights)
{
	add_region(role, MICA_REGION_DEVICE, AT_DEVICE(n), 1, rights);
	W->p.role[role].rights |= MICA_RIGHT_MMIO;
}

void intids(unsigned int role, unsigned int first, unsigned int count)
{
	add_region(role, MICA_REGION_INTIDS, first, count, 0);
	W->p.role[role].rights |= MICA_RIGHT_IRQ;
}

void gate(unsigned int caller, unsigned int callee, uint8_t server_rec, uint8_t args, uint8_t results)
{
	struct mica_blob_gate *g = &W->p.gate[W->p.gates];

	EXPECT(W->p.gates < MAX_GATES);
	*g = (struct mica_blob_gate){ .caller = (uint8_t)caller, .callee = (uint8_t)callee, .server_rec = server_rec, .args = args,
		.results = results };
	name_it(g->caller_name, 'x', W->p.gates);
	name_it(g->callee_name, 'y', W->p.gates++);
}

/* ---- canonical order ---- */

static uint64_t region_key(const struct mica_blob_region *r)
{
	return (uint64_t)r->role << 56 | (uint64_t)r->kind << 52 | r->base;
}

static uint64_t grant_key(const struct mica_blob_grant *g)
{
	return (uint64_t)g->role << 56 | g->ipa;
}

static uint64_t gate_key(const struct mica_blob_gate *g)
{
	return (uint64_t)g->caller << 16 | (uint64_t)g->callee << 8 | g->server_rec;
}

#define SORT(array, n, key)							\
	for (unsigned int i_ = 1; i_ < (n); i_++)				\
		for (unsigned int j_ = i_; j_ > 0 && key(&(array)[j_]) < key(&(array)[j_ - 1]); j_--) {	\
			__typeof__((array)[0]) t_ = (array)[j_];		\
										\
			(array)[j_] = (array)[j_ - 1];				\
			(array)[j_ - 1] = t_;					\
		}

static bool other_writer(const struct policy *p, const struct mica_blob_grant *of)
{
	for (unsigned int i = 0; i < p->grants; i++)
		if (p->grant[i].channel == of->channel && p->grant[i].role != of->role && p->grant[i].rights == RW)
			return true;
	return false;
}

static void runs(struct policy *p)
{
	for (unsigned int i = 0; i < p->chans; i++)
		p->chan[i].grants = 0;
	for (unsigned int i = 0, g = 0, r = 0; i < p->roles; i++) {
		struct mica_blob_role *role = &p->role[i];
		uint8_t bit = 0;

		role->grant_first = (uint16_t)g;
		role->region_first = (uint16_t)r;
		for (; g < p->grants && p->grant[g].role == i; g++) {
			struct mica_blob_grant *gr = &p->grant[g];

			p->chan[gr->channel].grants++;
			gr->signal = p->chan[gr->channel].flags & MICA_CHAN_SIGNAL && other_writer(p, gr) ? bit++ : MICA_NO_SIGNAL;
		}
		for (; r < p->regions && p->region[r].role == i; r++)
			;
		role->grant_count = (uint16_t)(g - role->grant_first);
		role->region_count = (uint16_t)(r - role->region_first);
	}
}

uint64_t blob_bytes(void)
{
	const struct policy *p = &W->p;

	return 256 + 256 * p->roles + 128 * p->gates + 64 * (p->chans + p->regions + p->grants);
}

static uint8_t *put(uint8_t *at, const void *from, uint64_t n)
{
	memcpy(at, from, n);
	return at + n;
}

uint64_t encode(void)
{
	struct policy *p = &W->p;
	uint64_t pa = page_alloc((unsigned int)((blob_bytes() + PAGE - 1) / PAGE), PAGE);
	struct mica_blob_header *h = page_ptr(pa);
	uint8_t *at = page_ptr(pa + sizeof(*h));

	SORT(p->region, p->regions, region_key);
	SORT(p->grant, p->grants, grant_key);
	SORT(p->gate, p->gates, gate_key);
	runs(p);
	memcpy(h->magic, MICA_BLOB_MAGIC, sizeof(h->magic));
	h->version = MICA_BLOB_VERSION;
	h->total = (uint32_t)blob_bytes();
	h->roles = (uint16_t)p->roles;
	h->channels = (uint16_t)p->chans;
	h->regions = (uint16_t)p->regions;
	h->gates = (uint16_t)p->gates;
	h->grants = (uint16_t)p->grants;
	h->name[0] = 'f';
	at = put(at, p->role, p->roles * sizeof(p->role[0]));
	at = put(at, p->gate, p->gates * sizeof(p->gate[0]));
	at = put(at, p->chan, p->chans * sizeof(p->chan[0]));
	at = put(at, p->region, p->regions * sizeof(p->region[0]));
	put(at, p->grant, p->grants * sizeof(p->grant[0]));
	return pa;
}

unsigned int grant_index(unsigned int role, unsigned int chan)
{
	const struct policy *p = &W->p;

	for (unsigned int i = 0; i < p->role[role].grant_count; i++)
		if (p->grant[p->role[role].grant_first + i].channel == chan)
			return i;
	EXPECT(!"the role has such a grant");
	return 0;
}
