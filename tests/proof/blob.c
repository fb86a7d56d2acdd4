/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decoder of policies. Of any header: what the first rule accepts lays every section inside the blob, and every record
 * into one page. Of few records, with any contents: each rule ends, reads nothing outside the page, and accepts exactly
 * what blob_rules.h calls true, if the rules that it relies on hold.
 * Options: --unwind 5 --unwindset any_records.0:36,proof_header.0:36,header_ok.0:9,header_ok.1:9,zero.0:177,all_zero.0:177
 * Options: --unwindset compare.0:49,name_order.0:49,name_ok.0:49,name_ok.1:49,name_ok.2:49,name_true.0:48,order_true.0:4
 */
#include "../../lib/blob/blob.c"
#include "proof.h"
#include "blob_rules.h"

static struct blob b;

/* ---- any header, any counts ---- */

/* Pages lie apart, so that the bytes behind a page are not those of the next. */
static struct {
	struct mica_blob_header header;
	uint8_t rest[BLOB_MAX_PAGES * 2 * PAGE - sizeof(struct mica_blob_header)];
} apart_pages;

/* At off bytes from the start of the blob, in its page, and no byte of it beyond the blob. */
static void lies(const void *record, unsigned int i, unsigned int count, uint64_t off, uint64_t size)
{
	(void)count;
	assert(off + size <= b.size && off / PAGE == (off + size - 1) / PAGE);
	assert((const uint8_t *)record == (const uint8_t *)&apart_pages + off / PAGE * 2 * PAGE + off % PAGE);
	COVER(off / PAGE == 12 && i + 1 == count);
}

void proof_header(void)
{
	const struct mica_blob_header *h = &apart_pages.header;
	uint64_t off = sizeof(*h);
	unsigned int i = any_u32();
	bool ok;

	__CPROVER_havoc_object(&apart_pages);
	for (unsigned int k = 0; k < BLOB_MAX_PAGES; k++)
		b.pages[k] = (const uint8_t *)&apart_pages + k * 2 * PAGE;
	b.size = any_u32();
	ASSUME(b.size >= sizeof(*h) && b.size <= MICA_BLOB_MAX && b.size % 64 == 0);	/* blob_open() */
	H = h;
	ok = header_ok(&b);
	assert(ok == header_true(b.size));
	COVER(!ok);
	if (!ok)
		return;
	assert(b.roles == h->roles && b.gates == h->gates && b.channels == h->channels && b.regions == h->regions && b.grants == h->grants);
	assert(blob_header(&b) == h);
	COVER(b.roles == 64 && b.gates == 64 && b.channels == 512 && b.regions == 256 && b.grants == 1024);
	COVER(b.roles == 1 && b.size == 512);
	if (i < b.roles)
		lies(blob_role(&b, i), i, b.roles, off + 256 * (uint64_t)i, sizeof(struct mica_blob_role));
	off += 256 * b.roles;
	if (i < b.gates)
		lies(blob_gate(&b, i), i, b.gates, off + 128 * (uint64_t)i, sizeof(struct mica_blob_gate));
	off += 128 * b.gates;
	if (i < b.channels)
		lies(blob_channel(&b, i), i, b.channels, off + 64 * (uint64_t)i, sizeof(struct mica_blob_channel));
	off += 64 * b.channels;
	if (i < b.regions)
		lies(blob_region(&b, i), i, b.regions, off + 64 * (uint64_t)i, sizeof(struct mica_blob_region));
	off += 64 * b.regions;
	if (i < b.grants)
		lies(blob_grant(&b, i), i, b.grants, off + 64 * (uint64_t)i, sizeof(struct mica_blob_grant));
}

/* ---- few records: rule by rule ---- */

static struct {
	struct mica_blob_header header;
	struct mica_blob_role role[ROLES];
	struct mica_blob_gate gate[GATES];
	struct mica_blob_channel channel[CHANNELS];
	struct mica_blob_region region[REGIONS];
	struct mica_blob_grant grant[GRANTS];
} page;
_Static_assert(sizeof(page) <= PAGE, "one page");

/* Sections at fixed places, and any number of records in each, none but of roles too. */
static void any_records(void)
{
	__CPROVER_havoc_object(&page);
	for (unsigned int k = 0; k < BLOB_MAX_PAGES; k++)
		b.pages[k] = (const uint8_t *)&page;
	b.gate_off = offsetof(typeof(page), gate);
	b.channel_off = offsetof(typeof(page), channel);
	b.region_off = offsetof(typeof(page), region);
	b.grant_off = offsetof(typeof(page), grant);
	b.size = sizeof(page);
	n_r = b.roles = any_u16();
	n_g = b.gates = any_u16();
	n_c = b.channels = any_u16();
	n_w = b.regions = any_u16();
	n_a = b.grants = any_u16();
	ASSUME(n_r >= 1 && n_r <= ROLES && n_g <= GATES && n_c <= CHANNELS && n_w <= REGIONS && n_a <= GRANTS);
	H = &page.header;
	R = page.role;
	G = page.gate;
	C = page.channel;
	W = page.region;
	A = page.grant;
}

/*
 * The same, but grants and regions of each role in known numbers, as rules 3 and 4 leave them: where the prover does not
 * come to an end with all numbers at once.
 */
static void any_records_of(unsigned int roles, const unsigned int grants[ROLES], const unsigned int regions[ROLES])
{
	unsigned int a = 0, w = 0;

	any_records();
	n_r = b.roles = (uint16_t)roles;
	n_a = b.grants = (uint16_t)(grants[0] + grants[1]);
	n_w = b.regions = (uint16_t)(regions[0] + regions[1]);
	for (unsigned int i = 0; i < roles; i++) {
		page.role[i].grant_first = (uint16_t)a;
		page.role[i].grant_count = (uint16_t)grants[i];
		for (unsigned int k = 0; k < grants[i]; k++)
			page.grant[a++].role = (uint8_t)i;
		page.role[i].region_first = (uint16_t)w;
		page.role[i].region_count = (uint16_t)regions[i];
		for (unsigned int k = 0; k < regions[i]; k++)
			page.region[w++].role = (uint8_t)i;
	}
	ASSUME(order_true() && roles_true());
}

#define COUNTS(x, y)	((const unsigned int[ROLES]){ (x), (y) })
#define NONE		COUNTS(0, 0)

static bool full(void) { return n_r == ROLES && n_g == GATES && n_c == CHANNELS && n_w == REGIONS && n_a == GRANTS; }

void proof_zeroes(void)
{
	bool ok;

	any_records();
	ok = zero_fields_ok(&b);
	assert(ok == zeroes_true());
	COVER(ok && full());
	COVER(!ok);
}

void proof_name(void)
{
	char name[MICA_NAME_SIZE];
	bool ok;

	__CPROVER_havoc_object(name);
	ok = name_ok(name);
	assert(ok == name_true(name));
	COVER(ok && name[1] == 0);
	COVER(ok && name[46] == '-');
	COVER(!ok && name[47] != 0);
}

static void names(void)
{
	bool ok = names_ok(&b);

	assert(ok == names_true());
	COVER(ok);
	COVER(!ok);
}

/* Names of the policy and of a role and channel; names that a role has for what it uses. Half at a time, for the prover. */
void proof_names(void)
{
	any_records();
	ASSUME(n_r == ROLES && n_c == CHANNELS);
	n_g = b.gates = n_w = b.regions = n_a = b.grants = 0;
	names();
}

void proof_local_names(void)
{
	any_records();
	n_r = b.roles = 1;
	n_c = b.channels = 0;
	n_g = b.gates = GATES;
	n_w = b.regions = REGIONS;
	n_a = b.grants = 1;
	names();
}

void proof_order(void)
{
	bool ok;

	any_records();
	ok = sections_ordered(&b);
	assert(ok == order_true());
	COVER(ok && full());
	COVER(!ok);
}

void proof_roles(void)
{
	bool ok;

	any_records();
	ASSUME(order_true());
	ok = roles_ok(&b);
	assert(ok == roles_true());
	COVER(ok && full());
	COVER(!ok);
}

void proof_rights(void)
{
	bool ok;

	any_records();
	ASSUME(order_true() && roles_true());
	ok = rights_ok(&b);
	assert(ok == rights_true());
	COVER(ok && full());
	COVER(!ok);
}

static void layout(unsigned int roles, const unsigned int counts[ROLES])
{
	bool ok;

	any_records_of(roles, counts, NONE);
	ok = layout_ok(&b);
	assert(ok == layout_true());
	COVER(ok && n_a == 2);
	COVER(!ok);
}

void proof_layout(void)
{
	layout(1, COUNTS(2, 0));
}

/* As many as there are channels: none behind them is touched. */
static struct parties of[CHANNELS];

static void grants(unsigned int roles, const unsigned int counts[ROLES])
{
	bool ok;

	any_records_of(roles, counts, NONE);
	ok = grants_ok(&b, of);
	assert(ok == grants_true());
	COVER(ok && n_a == GRANTS);
	COVER(!ok);
}

void proof_grants(void)
{
	grants(2, COUNTS(2, 1));
}

void proof_channels(void)
{
	bool ok;

	any_records();
	ASSUME(order_true() && roles_true() && grants_true());
	ok = parties_of(&b, of);
	assert(ok);
	ok = channels_ok(&b, of);
	assert(ok == channels_true());
	COVER(ok && n_c == 1 && n_a == 2);	/* two channels need four grants */
	COVER(!ok);
}

static void regions(unsigned int roles, const unsigned int counts[ROLES])
{
	bool ok;

	any_records_of(roles, NONE, counts);
	ASSUME(zeroes_true());
	ok = regions_ok(&b);
	assert(ok == regions_true());
	COVER(ok && n_w == REGIONS);
	COVER(!ok);
}

void proof_regions(void)
{
	regions(1, COUNTS(2, 0));
}

void proof_gates(void)
{
	bool ok;

	any_records();
	ASSUME(roles_true());
	ok = gates_ok(&b);
	assert(ok == gates_true());
	COVER(ok && full());
	COVER(!ok);
}
