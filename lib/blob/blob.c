/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decoder of compiled policies. blob_open() checks the header first, because its counts place
 * every section; then rule after rule over the records, so that the first rule that fails is
 * the one that is named. Every rule is a loop over records, in time that grows with their number; memory is constant.
 */
#include "blob.h"

#define PAGE		4096U
#define CHECK(cond)	do { if (!(cond)) return false; } while (0)

static const void *at(const struct blob *b, uint32_t off)
{
	return b->pages[off / PAGE] + off % PAGE;
}

const struct mica_blob_header *blob_header(const struct blob *b)
{
	return at(b, 0);
}

const struct mica_blob_role *blob_role(const struct blob *b, unsigned int i)
{
	return at(b, (uint32_t)(sizeof(struct mica_blob_header) + i * sizeof(struct mica_blob_role)));
}

const struct mica_blob_gate *blob_gate(const struct blob *b, unsigned int i)
{
	return at(b, b->gate_off + i * (uint32_t)sizeof(struct mica_blob_gate));
}

const struct mica_blob_channel *blob_channel(const struct blob *b, unsigned int i)
{
	return at(b, b->channel_off + i * (uint32_t)sizeof(struct mica_blob_channel));
}

const struct mica_blob_region *blob_region(const struct blob *b, unsigned int i)
{
	return at(b, b->region_off + i * (uint32_t)sizeof(struct mica_blob_region));
}

const struct mica_blob_grant *blob_grant(const struct blob *b, unsigned int i)
{
	return at(b, b->grant_off + i * (uint32_t)sizeof(struct mica_blob_grant));
}

static bool zero(const void *p, size_t n)
{
	const uint8_t *c = p;

	for (size_t i = 0; i < n; i++)
		if (c[i])
			return false;
	return true;
}

static int compare(const char a[MICA_NAME_SIZE], const char b[MICA_NAME_SIZE])
{
	for (unsigned int i = 0; i < MICA_NAME_SIZE; i++)
		if (a[i] != b[i])
			return (unsigned char)a[i] < (unsigned char)b[i] ? -1 : 1;
	return 0;
}

/* ---- 1: header, zero fields, unknown bits ---- */

static bool header_ok(struct blob *b)
{
	const struct mica_blob_header *h = at(b, 0);
	static const char magic[8] = MICA_BLOB_MAGIC;
	uint32_t off = sizeof(*h);

	for (unsigned int i = 0; i < sizeof(magic); i++)
		CHECK(h->magic[i] == (uint8_t)magic[i]);
	CHECK(h->version == MICA_BLOB_VERSION && h->total == b->size);
	CHECK(h->z0 == 0 && zero(h->z1, sizeof(h->z1)) && zero(h->z2, sizeof(h->z2)));
	CHECK(h->roles >= 1 && h->roles <= MICA_MAX_ROLES && h->channels <= MICA_MAX_CHANNELS &&
	      h->regions <= MICA_MAX_REGIONS && h->gates <= MICA_MAX_GATES &&
	      h->grants <= MICA_MAX_GRANTS);
	b->roles = h->roles;
	b->gates = h->gates;
	b->channels = h->channels;
	b->regions = h->regions;
	b->grants = h->grants;
	b->gate_off = off += b->roles * (uint32_t)sizeof(struct mica_blob_role);
	b->channel_off = off += b->gates * (uint32_t)sizeof(struct mica_blob_gate);
	b->region_off = off += b->channels * (uint32_t)sizeof(struct mica_blob_channel);
	b->grant_off = off += b->regions * (uint32_t)sizeof(struct mica_blob_region);
	off += b->grants * (uint32_t)sizeof(struct mica_blob_grant);
	return off == b->size;
}

static bool zero_fields_ok(const struct blob *b)
{
	for (unsigned int i = 0; i < b->roles; i++) {
		const struct mica_blob_role *r = blob_role(b, i);

		CHECK((r->flags & ~MICA_ROLE_FLAGS_ALL) == 0 && (r->rights & ~MICA_RIGHTS_ALL) == 0);
		CHECK(r->z0 == 0 && zero(r->z1, sizeof(r->z1)));
	}
	for (unsigned int i = 0; i < b->gates; i++)
		CHECK(zero(blob_gate(b, i)->z0, sizeof(blob_gate(b, i)->z0)));
	for (unsigned int i = 0; i < b->channels; i++) {
		const struct mica_blob_channel *c = blob_channel(b, i);

		CHECK((c->flags & ~(MICA_CHAN_SIGNAL | MICA_CHAN_KEEP)) == 0 && zero(c->z0, sizeof(c->z0)));
	}
	for (unsigned int i = 0; i < b->regions; i++)
		CHECK(blob_region(b, i)->z0 == 0 &&
		      (blob_region(b, i)->rights & ~(MICA_REGION_READ | MICA_REGION_WRITE)) == 0);
	for (unsigned int i = 0; i < b->grants; i++)
		CHECK(zero(blob_grant(b, i)->z0, sizeof(blob_grant(b, i)->z0)));
	return true;
}

/* ---- 2: names ---- */

static bool name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static bool name_ok(const char name[MICA_NAME_SIZE])
{
	CHECK(name[0] >= 'a' && name[0] <= 'z');
	for (unsigned int i = 1; i < MICA_NAME_SIZE; i++)
		CHECK(name[i] == '\0' || (name[i - 1] != '\0' && name_char(name[i])));
	return name[MICA_NAME_SIZE - 1] == '\0';
}

static bool names_ok(const struct blob *b)
{
	CHECK(name_ok(blob_header(b)->name));
	for (unsigned int i = 0; i < b->roles; i++)
		CHECK(name_ok(blob_role(b, i)->name));
	for (unsigned int i = 0; i < b->gates; i++)
		CHECK(name_ok(blob_gate(b, i)->caller_name) && name_ok(blob_gate(b, i)->callee_name));
	for (unsigned int i = 0; i < b->channels; i++)
		CHECK(name_ok(blob_channel(b, i)->name));
	for (unsigned int i = 0; i < b->regions; i++)
		CHECK(name_ok(blob_region(b, i)->name));
	for (unsigned int i = 0; i < b->grants; i++)
		CHECK(name_ok(blob_grant(b, i)->name));
	return true;
}

/* ---- 3: order ---- */

/* The records of one role: runs of the sorted sections, found by looking, not by the role's fields. */
struct runs {
	unsigned int grant, grants, region, regions;	/* first and count */
};

static struct runs next_runs(const struct blob *b, const struct runs *prev, unsigned int role)
{
	struct runs r = { .grant = prev->grant + prev->grants, .region = prev->region + prev->regions };

	while (r.grant + r.grants < b->grants && blob_grant(b, r.grant + r.grants)->role == role)
		r.grants++;
	while (r.region + r.regions < b->regions && blob_region(b, r.region + r.regions)->role == role)
		r.regions++;
	return r;
}

/* The i-th local name of a role: of its grants, its regions, then its gates. NULL past the last. */
static const char *local_name(const struct blob *b, const struct runs *r, unsigned int role,
			      unsigned int i)
{
	if (i < r->grants)
		return blob_grant(b, r->grant + i)->name;
	i -= r->grants;
	if (i < r->regions)
		return blob_region(b, r->region + i)->name;
	i -= r->regions;
	for (unsigned int g = 0; g < b->gates; g++) {
		const struct mica_blob_gate *gate = blob_gate(b, g);

		if (gate->caller == role && i-- == 0)
			return gate->caller_name;
		if (gate->callee == role && i-- == 0)
			return gate->callee_name;
	}
	return NULL;
}

/*
 * Names of a role by their hash, the next free slot on a collision: so that the time grows with their number. Names that were chosen
 * to collide cost the square of it, at most what section 12 bounds.
 */
#define SLOTS	2048
_Static_assert(MICA_MAX_GRANTS + MICA_MAX_REGIONS + 2 * MICA_MAX_GATES < SLOTS, "a free slot ends every search");

static unsigned int name_hash(const char name[MICA_NAME_SIZE])
{
	unsigned int h = 0;

	for (; *name != '\0'; name++)
		h = (h ^ (unsigned char)*name) * 0x01000193U;
	return h ^ h >> 16;
}

static bool names_distinct(const struct blob *b, const struct runs *r, unsigned int role)
{
	uint16_t slot[SLOTS] = { 0 };		/* number of a name + 1 */
	const char *x;

	for (unsigned int i = 0; (x = local_name(b, r, role, i)) != NULL; i++) {
		unsigned int h = name_hash(x);

		for (; slot[h % SLOTS] != 0; h++)
			CHECK(compare(x, local_name(b, r, role, slot[h % SLOTS] - 1U)) != 0);
		slot[h % SLOTS] = (uint16_t)(i + 1);
	}
	return true;
}

static bool local_names_distinct(const struct blob *b)
{
	struct runs r = { 0 };

	for (unsigned int role = 0; role < b->roles; role++) {
		r = next_runs(b, &r, role);
		CHECK(names_distinct(b, &r, role));
	}
	return true;
}

static bool region_before(const struct mica_blob_region *x, const struct mica_blob_region *y)
{
	if (x->role != y->role)
		return x->role < y->role;
	if (x->kind != y->kind)
		return x->kind < y->kind;
	return x->base < y->base;
}

static bool gate_before(const struct mica_blob_gate *x, const struct mica_blob_gate *y)
{
	if (x->caller != y->caller)
		return x->caller < y->caller;
	if (x->callee != y->callee)
		return x->callee < y->callee;
	return x->server_rec < y->server_rec;
}

static bool grant_before(const struct mica_blob_grant *x, const struct mica_blob_grant *y)
{
	return x->role != y->role ? x->role < y->role : x->ipa < y->ipa;
}

static bool sections_ordered(const struct blob *b)
{
	for (unsigned int i = 1; i < b->roles; i++)
		CHECK(compare(blob_role(b, i - 1)->name, blob_role(b, i)->name) < 0);
	for (unsigned int i = 1; i < b->channels; i++)
		CHECK(compare(blob_channel(b, i - 1)->name, blob_channel(b, i)->name) < 0);
	for (unsigned int i = 1; i < b->regions; i++)
		CHECK(region_before(blob_region(b, i - 1), blob_region(b, i)));
	for (unsigned int i = 1; i < b->gates; i++)
		CHECK(gate_before(blob_gate(b, i - 1), blob_gate(b, i)));
	for (unsigned int i = 1; i < b->grants; i++)
		CHECK(grant_before(blob_grant(b, i - 1), blob_grant(b, i)));
	return true;
}

/* ---- 4 and 5: roles ---- */

static bool role_ok(const struct blob *b, unsigned int i, const struct runs *r)
{
	const struct mica_blob_role *role = blob_role(b, i);

	CHECK(role->s2sz >= 32 && role->s2sz <= 48 && role->hash <= 1);
	CHECK(role->vcpus >= 1 && role->vcpus <= MICA_MAX_VCPUS);
	CHECK(role->num_bps >= 1 && role->num_bps <= 15 && role->num_wps >= 1 && role->num_wps <= 15);
	CHECK(role->sve_vl == 0 || ((role->flags & MICA_ROLE_SVE) && role->sve_vl <= 15));
	CHECK(role->hash == 1 || zero(role->rim + 32, 32));
	CHECK((role->flags & MICA_ROLE_PINNED) || zero(role->rim, sizeof(role->rim)));
	return role->grant_first == r->grant && role->grant_count == r->grants &&
	       role->region_first == r->region && role->region_count == r->regions;
}

static bool roles_ok(const struct blob *b)
{
	struct runs r = { 0 };

	for (unsigned int i = 0; i < b->roles; i++) {
		r = next_runs(b, &r, i);
		CHECK(role_ok(b, i, &r));
	}
	/* grants and regions of roles that do not exist are in no run */
	return r.grant + r.grants == b->grants && r.region + r.regions == b->regions;
}

static bool has_region(const struct blob *b, const struct mica_blob_role *role,
		       enum mica_region_kind kind)
{
	for (unsigned int i = 0; i < role->region_count; i++)
		if (blob_region(b, role->region_first + i)->kind == kind)
			return true;
	return false;
}

static bool rights_ok(const struct blob *b)
{
	for (unsigned int i = 0; i < b->roles; i++) {
		const struct mica_blob_role *r = blob_role(b, i);
		bool vtimer = r->rights & MICA_RIGHT_VTIMER;

		CHECK(!vtimer || (!(r->rights & (MICA_RIGHT_TIMER | MICA_RIGHT_IRQ)) && r->vcpus == 1));
		CHECK(vtimer || (!(r->flags & MICA_ROLE_SIG_IRQ) && r->dev_pages == 0));
		CHECK(r->dev_pages || r->dev_page_off == 0);
		CHECK(has_region(b, r, MICA_REGION_DEVICE) == !!(r->rights & MICA_RIGHT_MMIO));
		CHECK(has_region(b, r, MICA_REGION_INTIDS) == !!(r->rights & MICA_RIGHT_IRQ));
	}
	return true;
}

/* ---- 6: protected layout ---- */

/* [base, base + size): page aligned, not empty, below limit, no wrap. */
static bool range_ok(uint64_t base, uint64_t size, uint64_t limit)
{
	return base % PAGE == 0 && size % PAGE == 0 && size != 0 && base < limit && size <= limit - base;
}

static uint64_t grant_size(const struct blob *b, const struct mica_blob_grant *g)
{
	return g->channel < b->channels ? (uint64_t)blob_channel(b, g->channel)->pages * PAGE : PAGE;
}

static bool role_layout_ok(const struct blob *b, const struct mica_blob_role *r)
{
	uint64_t half = 1UL << (r->s2sz - 1), free_from = 0;

	CHECK(range_ok(r->ram_base, r->ram_size, half));
	CHECK((uint64_t)r->dev_page_off + r->dev_pages <= r->ram_size / PAGE);
	/* ascending by ipa, so only neighbours can overlap; RAM is compared with each */
	for (unsigned int i = 0; i < r->grant_count; i++) {
		const struct mica_blob_grant *g = blob_grant(b, r->grant_first + i);
		uint64_t size = grant_size(b, g);

		CHECK(range_ok(g->ipa, size, half) && g->ipa >= free_from);
		CHECK(g->ipa + size <= r->ram_base || g->ipa >= r->ram_base + r->ram_size);
		free_from = g->ipa + size;
	}
	return true;
}

static bool layout_ok(const struct blob *b)
{
	for (unsigned int i = 0; i < b->roles; i++)
		CHECK(role_layout_ok(b, blob_role(b, i)));
	return true;
}

/* ---- 7 and 8: grants and channels ---- */

/* Who takes part in a channel. */
struct parties {
	uint64_t seen;			/* roles, one bit each */
	uint8_t all, writers;
	bool restarting_writer;
};

/* Of each channel, in one look at the grants; of[] is zero. False: a channel is not there, or a role has two grants of one. */
static bool parties_of(const struct blob *b, struct parties of[])
{
	for (unsigned int i = 0; i < b->grants; i++) {
		const struct mica_blob_grant *g = blob_grant(b, i);
		struct parties p;

		CHECK(g->channel < b->channels);
		p = of[g->channel];
		CHECK((p.seen >> g->role & 1) == 0);
		p.seen |= 1UL << g->role;
		p.all++;
		if (g->rights == MICA_GRANT_RW) {
			p.writers++;
			p.restarting_writer |= blob_role(b, g->role)->flags & MICA_ROLE_RESTART;
		}
		of[g->channel] = p;
	}
	return true;
}

static bool grant_ok(const struct blob *b, const struct mica_blob_grant *g, unsigned int writers,
		     unsigned int *next_signal)
{
	bool rung = (blob_channel(b, g->channel)->flags & MICA_CHAN_SIGNAL) &&
		    writers > (g->rights == MICA_GRANT_RW ? 1U : 0U);

	CHECK(g->rights == MICA_GRANT_R || g->rights == MICA_GRANT_RW);
	if (!rung)
		return g->signal == MICA_NO_SIGNAL;
	return *next_signal < MICA_MAX_SIGNALS && g->signal == (*next_signal)++;
}

static bool grants_ok(const struct blob *b, struct parties of[])
{
	CHECK(parties_of(b, of));
	for (unsigned int i = 0; i < b->roles; i++) {
		const struct mica_blob_role *r = blob_role(b, i);
		unsigned int next_signal = 0;

		for (unsigned int k = 0; k < r->grant_count; k++) {
			const struct mica_blob_grant *g = blob_grant(b, r->grant_first + k);

			CHECK(grant_ok(b, g, of[g->channel].writers, &next_signal));
		}
	}
	return true;
}

static bool channels_ok(const struct blob *b, const struct parties of[])
{
	for (unsigned int i = 0; i < b->channels; i++) {
		const struct mica_blob_channel *c = blob_channel(b, i);
		const struct parties *p = &of[i];

		CHECK(c->pages >= 1 && c->pages <= MICA_MAX_CHANNEL_PAGES);
		CHECK(c->grants == p->all && p->all >= 2 && p->writers >= 1);
		CHECK(!(c->flags & MICA_CHAN_KEEP) || p->restarting_writer);
	}
	return true;
}

static enum mica_blob_rule check_channels(const struct blob *b)
{
	struct parties of[MICA_MAX_CHANNELS] = { 0 };

	if (!grants_ok(b, of))
		return MICA_BLOB_RULE_GRANT;
	return channels_ok(b, of) ? MICA_BLOB_OK : MICA_BLOB_RULE_CHANNEL;
}

/* ---- 9 and 10: regions and gates ---- */

static bool regions_ok(const struct blob *b)
{
	for (unsigned int i = 0; i < b->roles; i++) {
		const struct mica_blob_role *r = blob_role(b, i);
		uint64_t half = 1UL << (r->s2sz - 1);

		for (unsigned int k = 0; k < r->region_count; k++) {
			const struct mica_blob_region *x = blob_region(b, r->region_first + k);

			if (x->kind == MICA_REGION_INTIDS) {
				CHECK(x->rights == 0 && x->pages != 0 && x->base <= 1019 &&
				      x->pages <= 1020 - x->base);
			} else {
				CHECK(x->kind <= MICA_REGION_DEVICE && x->rights != 0);
				CHECK(x->base >= half &&
				      range_ok(x->base, (uint64_t)x->pages * PAGE, 2 * half));
			}
			/* windows and devices share a space; there are at most 256 of them */
			for (unsigned int j = 0; j < k; j++) {
				const struct mica_blob_region *y = blob_region(b, r->region_first + j);
				uint64_t unit = x->kind == MICA_REGION_INTIDS ? 1 : PAGE;

				if ((x->kind == MICA_REGION_INTIDS) != (y->kind == MICA_REGION_INTIDS))
					continue;
				CHECK(x->base >= y->base + y->pages * unit ||
				      y->base >= x->base + x->pages * unit);
			}
		}
	}
	return true;
}

static bool gates_ok(const struct blob *b)
{
	for (unsigned int i = 0; i < b->gates; i++) {
		const struct mica_blob_gate *g = blob_gate(b, i);

		CHECK(g->caller < b->roles && g->callee < b->roles && g->caller != g->callee);
		CHECK(g->server_rec < blob_role(b, g->callee)->vcpus);
		CHECK(g->args <= MICA_GATE_WORDS && g->results <= MICA_GATE_WORDS);
		for (unsigned int j = 0; j < i; j++)
			CHECK(blob_gate(b, j)->callee != g->callee ||
			      blob_gate(b, j)->server_rec != g->server_rec);
	}
	return true;
}

/* ---- in the order of the numbers; a rule may rely on those before it ---- */

static bool header_and_zeroes_ok(struct blob *b)
{
	return header_ok(b) && zero_fields_ok(b);
}

static enum mica_blob_rule check(struct blob *b)
{
	enum mica_blob_rule rule;

	if (!header_and_zeroes_ok(b))
		return MICA_BLOB_RULE_HEADER;
	if (!names_ok(b))
		return MICA_BLOB_RULE_NAMES;
	if (!sections_ordered(b) || !local_names_distinct(b))
		return MICA_BLOB_RULE_ORDER;
	if (!roles_ok(b))
		return MICA_BLOB_RULE_ROLE;
	if (!rights_ok(b))
		return MICA_BLOB_RULE_RIGHTS;
	if (!layout_ok(b))
		return MICA_BLOB_RULE_LAYOUT;
	rule = check_channels(b);
	if (rule != MICA_BLOB_OK)
		return rule;
	if (!regions_ok(b))
		return MICA_BLOB_RULE_REGION;
	if (!gates_ok(b))
		return MICA_BLOB_RULE_GATE;
	return MICA_BLOB_OK;
}

enum mica_blob_rule blob_open(struct blob *b, const uint8_t *const *pages, size_t size)
{
	if (size < sizeof(struct mica_blob_header) || size > MICA_BLOB_MAX || size % 64)
		return MICA_BLOB_RULE_HEADER;
	*b = (struct blob){ .size = (uint32_t)size };
	for (size_t i = 0; i < (size + PAGE - 1) / PAGE; i++)
		b->pages[i] = pages[i];
	return check(b);
}

enum mica_blob_rule blob_open_flat(struct blob *b, const void *data, size_t size)
{
	const uint8_t *pages[BLOB_MAX_PAGES];

	if (size > MICA_BLOB_MAX)
		return MICA_BLOB_RULE_HEADER;
	for (size_t i = 0; i < (size + PAGE - 1) / PAGE; i++)
		pages[i] = (const uint8_t *)data + i * PAGE;
	return blob_open(b, pages, size);
}
