/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Load plan: walks plans of many shapes against a small model of the stage 2 tables, so that a
 * step the monitor would refuse fails here, and recomputes the RIM from the model's own view
 * with OpenSSL's hashes and descriptors written from the specification.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "../../loadplan/loadplan.h"

#define PAGE		4096UL
#define BLOCK		(2UL << 20)
#define MAX_TABLES	4096
#define MAX_PAGES	65536

struct table {
	uint64_t base;
	int level;
};

/* What the monitor would hold of the Realm being built. */
struct model {
	const struct loadplan_realm *realm;
	bool created;
	int start;
	struct table tables[MAX_TABLES];
	unsigned int n_tables;
	uint64_t ripas_next;		/* RAM up to here has RIPAS RAM */
	uint64_t data_next;		/* RAM up to here is assigned */
	uint64_t measured;		/* pages with measured contents */
	unsigned int recs;
	uint8_t rim[64];
};

static uint64_t entry_size(int level)
{
	return 1UL << (12 + 9 * (3 - level));
}

static bool has_table(const struct model *m, uint64_t ipa, int level)
{
	unsigned int i;

	if (level == m->start)
		return true;
	for (i = 0; i < m->n_tables; i++)
		if (m->tables[i].level == level &&
		    m->tables[i].base == (ipa & ~(entry_size(level - 1) - 1)))
			return true;
	return false;
}

static int walk_level(const struct model *m, uint64_t ipa)
{
	int level = m->start;

	while (level < 3 && has_table(m, ipa, level + 1))
		level++;
	return level;
}

static unsigned int digest(const struct model *m, const void *data, size_t size, uint8_t out[64])
{
	unsigned int len = 0;

	memset(out, 0, 64);
	assert_int_equal(EVP_Digest(data, size, out, &len,
				    m->realm->hash ? EVP_sha512() : EVP_sha256(), NULL), 1);
	return len;
}

static void put64(uint8_t *at, uint64_t v)
{
	unsigned int i;

	for (i = 0; i < 8; i++)
		at[i] = v >> (8 * i);
}

static void extend(struct model *m, uint8_t type, uint64_t a, uint64_t b, const uint8_t *content)
{
	uint8_t d[256] = { type };

	put64(d + 8, 0x100);
	memcpy(d + 0x10, m->rim, 64);
	if (type == 1) {
		memcpy(d + 0x50, content, 64);
	} else {
		put64(d + 0x50, a);
		put64(d + 0x58, b);
		if (content)
			memcpy(d + 0x60, content, 64);
	}
	digest(m, d, sizeof(d), m->rim);
}

static void on_realm_create(struct model *m)
{
	const struct loadplan_realm *r = m->realm;
	struct rmi_realm_params params;
	uint8_t page[4096] = { 0 };

	assert_false(m->created);
	m->created = true;
	loadplan_params(r, &params);
	m->start = params.rtt_level_start;
	/* Geometry of the specification: one start table spans 9 bits below its entries. */
	assert_in_range(params.rtt_num_start, 1, 16);
	assert_true(entry_size(m->start) * 512 * params.rtt_num_start >= 1UL << r->s2sz);
	assert_true(params.rtt_num_start == 1 ||
		    entry_size(m->start) * 512 * params.rtt_num_start == 1UL << r->s2sz);
	assert_int_equal(params.rtt_base, 0);
	assert_int_equal(params.vmid, 0);

	put64(page, r->flags);
	page[0x08] = r->s2sz;
	page[0x10] = r->sve_vl;
	page[0x18] = r->num_bps;
	page[0x20] = r->num_wps;
	page[0x30] = r->hash;
	digest(m, page, sizeof(page), m->rim);
}

static void on_rtt_create(struct model *m, const struct loadplan_step *s)
{
	assert_true(m->created);
	assert_in_range(s->level, m->start + 1, 3);
	assert_int_equal(s->ipa % entry_size(s->level - 1), 0);
	assert_int_equal(walk_level(m, s->ipa), s->level - 1);
	assert_true(m->n_tables < MAX_TABLES);
	m->tables[m->n_tables++] = (struct table){ s->ipa, s->level };
}

static void on_init_ripas(struct model *m, const struct loadplan_step *s)
{
	uint64_t ipa = s->ipa, size = entry_size(s->level);

	assert_int_equal(s->ipa, m->ripas_next);
	assert_true(s->top > s->ipa);
	assert_true(s->top <= m->realm->ram_base + m->realm->ram_size);
	assert_int_equal((s->top - s->ipa) % size, 0);
	while (ipa < s->top) {
		assert_int_equal(walk_level(m, ipa), s->level);
		assert_int_equal(ipa % size, 0);
		extend(m, 2, ipa, ipa + size, NULL);
		ipa += size;
	}
	m->ripas_next = ipa;
}

static void on_data(struct model *m, const struct loadplan_step *s)
{
	const struct loadplan_realm *r = m->realm;
	uint64_t off = s->ipa - r->ram_base;
	uint8_t want[4096] = { 0 }, content[64];
	size_t n;

	assert_int_equal(m->ripas_next, r->ram_base + r->ram_size);
	assert_int_equal(s->ipa, m->data_next);
	assert_int_equal(walk_level(m, s->ipa), 3);
	m->data_next += PAGE;
	if (s->op == LP_DATA_CREATE_UNKNOWN) {
		assert_true(off >= r->image_size);
		return;
	}
	assert_true(off < r->image_size);
	n = r->image_size - off < PAGE ? r->image_size - off : PAGE;
	memcpy(want, r->image + off, n);
	assert_memory_equal(s->data, want, PAGE);
	digest(m, want, sizeof(want), content);
	extend(m, 0, s->ipa, 1, content);
	m->measured++;
}

static void on_rec_create(struct model *m, const struct loadplan_step *s)
{
	uint8_t page[4096] = { 0 }, content[64];
	struct rmi_rec_params params;

	assert_int_equal(m->data_next, m->realm->ram_base + m->realm->ram_size);
	assert_int_equal(s->rec, m->recs);
	m->recs++;
	loadplan_rec_params(m->realm, s->rec, &params);
	assert_int_equal(params.mpidr, s->rec);
	assert_int_equal(params.num_aux, 0);
	put64(page, 1);
	put64(page + 0x200, m->realm->ram_base);
	digest(m, page, sizeof(page), content);
	extend(m, 1, 0, 0, content);
}

static void run_plan(struct model *m, const struct loadplan_realm *r)
{
	struct loadplan_step s;
	struct loadplan lp;
	uint8_t rim[64];

	memset(m, 0, sizeof(*m));
	m->realm = r;
	m->ripas_next = r->ram_base;
	m->data_next = r->ram_base;
	assert_int_equal(loadplan_begin(&lp, r), 0);
	for (;;) {
		loadplan_next(&lp, &s);
		if (s.op == LP_DONE)
			break;
		if (s.op == LP_REALM_CREATE)
			on_realm_create(m);
		else if (s.op == LP_RTT_CREATE)
			on_rtt_create(m, &s);
		else if (s.op == LP_INIT_RIPAS)
			on_init_ripas(m, &s);
		else if (s.op == LP_REC_CREATE)
			on_rec_create(m, &s);
		else
			on_data(m, &s);
	}
	loadplan_next(&lp, &s);
	assert_int_equal(s.op, LP_DONE);
	assert_int_equal(m->recs, r->vcpus);
	assert_int_equal(m->measured, (r->image_size + PAGE - 1) / PAGE);
	assert_int_equal(loadplan_rim(r, rim), 0);
	assert_memory_equal(rim, m->rim, 64);
}

static uint8_t image[9 * 4096 + 123];

static struct loadplan_realm shape(uint8_t s2sz, uint64_t base, uint64_t size, size_t image_size)
{
	return (struct loadplan_realm){
		.s2sz = s2sz, .hash = RMI_HASH_SHA_256, .vcpus = 1, .num_bps = 1, .num_wps = 1,
		.ram_base = base, .ram_size = size, .image = image, .image_size = image_size,
	};
}

static void shapes(void **state)
{
	static const struct {
		uint8_t s2sz;
		uint64_t base, size;
	} rows[] = {
		{ 39, 0x40000000, 16 << 20 },		/* what the compiler emits */
		{ 39, 0x40000000, 0x10000 },		/* less than a block */
		{ 39, 0x40000000, (4 << 20) + 0x5000 },	/* a tail */
		{ 39, 0x401ff000, 0x2000 },		/* across two blocks, none whole */
		{ 39, 0x40001000, 6 << 20 },		/* head and tail */
		{ 39, 0x3fe00000, 4 << 20 },		/* across two level 2 tables */
		{ 39, 0x3ff00000, 4 << 20 },
		{ 32, 0, 2 << 20 }, { 33, 0x40000000, 3 << 20 }, { 34, 0x100000000, 2 << 20 },
		{ 35, 0x40000000, 2 << 20 }, { 40, 0x40000000, 2 << 20 }, { 43, 0x40000000, 2 << 20 },
		{ 44, 0x40000000, 2 << 20 }, { 48, 0x40000000, 3 << 20 },
		{ 48, 0x7fffe00000, 4 << 20 },		/* across two level 1 tables */
		{ 48, 0x7fffffe00000, 2 << 20 },	/* the last block below the half */
		{ 39, 0x40000000, 0x40200000 },		/* more than a level 2 table spans */
	};
	static struct model m;
	struct loadplan_realm r;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(image); i++)
		image[i] = i * 31 + (i >> 8);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t fit = rows[i].size < sizeof(image) ? rows[i].size : sizeof(image);

		r = shape(rows[i].s2sz, rows[i].base, rows[i].size, fit);
		run_plan(&m, &r);
		r.hash = RMI_HASH_SHA_512;
		r.vcpus = 8;
		r.image_size = 1;
		run_plan(&m, &r);
	}
}

static void descriptors_are_coarse(void **state)
{
	struct loadplan_realm r = shape(39, 0x40000000, 16 << 20, 1);
	struct loadplan_step s;
	struct loadplan lp;
	unsigned int runs = 0;

	(void)state;
	assert_int_equal(loadplan_begin(&lp, &r), 0);
	do {
		loadplan_next(&lp, &s);
		if (s.op != LP_INIT_RIPAS)
			continue;
		runs++;
		assert_int_equal(s.level, 2);
		assert_int_equal(s.ipa, 0x40000000);
		assert_int_equal(s.top, 0x41000000);
	} while (s.op != LP_DONE);
	assert_int_equal(runs, 1);
}

/* Every byte of the image and every field of the shape is in the measurement. */
static void rim_depends_on_all(void **state)
{
	struct loadplan_realm r = shape(39, 0x40000000, 2 << 20, 5000), other;
	uint8_t rim[64], again[64];
	unsigned int i;

	(void)state;
	assert_int_equal(loadplan_rim(&r, rim), 0);
	assert_int_equal(loadplan_rim(&r, again), 0);
	assert_memory_equal(rim, again, 64);
	for (i = 0; i < 5000; i += 499) {
		image[i] ^= 1;
		assert_int_equal(loadplan_rim(&r, again), 0);
		assert_memory_not_equal(rim, again, 64);
		image[i] ^= 1;
	}
#define DIFFERS(field, value) do {					\
		other = r;						\
		other.field = (value);					\
		assert_int_equal(loadplan_rim(&other, again), 0);	\
		assert_memory_not_equal(rim, again, 64);		\
	} while (0)
	DIFFERS(s2sz, 40);
	DIFFERS(hash, RMI_HASH_SHA_512);
	DIFFERS(vcpus, 2);
	DIFFERS(num_bps, 2);
	DIFFERS(num_wps, 2);
	DIFFERS(flags, RMI_REALM_FLAG_SVE);
	DIFFERS(sve_vl, 1);
	DIFFERS(ram_base, 0x40200000);
	DIFFERS(ram_size, 4 << 20);
#undef DIFFERS
}

static void refuses(void **state)
{
	struct loadplan_realm good = shape(39, 0x40000000, 2 << 20, 1), r;
	struct loadplan lp;
	uint8_t rim[64];

	(void)state;
	assert_int_equal(loadplan_begin(&lp, &good), 0);
#define REFUSED(field, value) do {					\
		r = good;						\
		r.field = (value);					\
		assert_int_equal(loadplan_begin(&lp, &r), -EINVAL);	\
		assert_int_equal(loadplan_rim(&r, rim), -EINVAL);	\
	} while (0)
	REFUSED(s2sz, 31);
	REFUSED(s2sz, 49);
	REFUSED(hash, 2);
	REFUSED(vcpus, 0);
	REFUSED(vcpus, 17);
	REFUSED(ram_base, 0x40000800);
	REFUSED(ram_base, (1UL << 38) - PAGE);
	REFUSED(ram_base, ~0UL & ~(PAGE - 1));
	REFUSED(ram_size, 0);
	REFUSED(ram_size, 0x1800);
	REFUSED(ram_size, (1UL << 39));
	REFUSED(image_size, 0);
	REFUSED(image_size, (2 << 20) + 1);
	REFUSED(image, NULL);
#undef REFUSED
}

static uint8_t more[2 * 4096 + 9];

/* Further parts of an image: measured at their places, everything between them not. */
static void parts_lie_where_they_say(void **state)
{
	const struct loadplan_part parts[] = { { 0x8000, more, 9 }, { 0x9000, more, sizeof(more) }, { 0x1ff000, image, 4096 } };
	struct loadplan_realm r = shape(39, 0x40000000, 2 << 20, 5000);
	unsigned int measured = 0, pages = 0;
	struct loadplan_step s;
	struct loadplan lp;

	(void)state;
	memset(more, 7, sizeof(more));
	r.parts = parts;
	r.n_parts = 3;
	assert_int_equal(loadplan_begin(&lp, &r), 0);
	do {
		uint64_t off;

		loadplan_next(&lp, &s);
		off = s.ipa - r.ram_base;
		if (s.op != LP_DATA_CREATE && s.op != LP_DATA_CREATE_UNKNOWN)
			continue;
		assert_int_equal(off, pages++ * PAGE);
		assert_int_equal(s.op == LP_DATA_CREATE, off < 0x2000 || (off >= 0x8000 && off < 0xc000) || off == 0x1ff000);
		measured += s.op == LP_DATA_CREATE;
		if (off == 0x8000 || off == 0xb000) {
			assert_int_equal(s.data[8], 7);
			assert_int_equal(s.data[9], 0);
		}
		if (off == 0x9000)
			assert_memory_equal(s.data, more, PAGE);
		if (off == 0x1ff000)
			assert_memory_equal(s.data, image, PAGE);
	} while (s.op != LP_DONE);
	assert_int_equal(pages, 512);
	assert_int_equal(measured, 7);
}

static void parts_that_overlap_or_leave_memory_are_refused(void **state)
{
	static const struct loadplan_part rows[][2] = {
		{ { 0x1000, more, 1 }, { 0x3000, more, 1 } },		/* in the image's second page */
		{ { 0x2800, more, 1 }, { 0x4000, more, 1 } },		/* not a page */
		{ { 0x4000, more, 4097 }, { 0x5000, more, 1 } },	/* in each other */
		{ { 0x5000, more, 1 }, { 0x4000, more, 1 } },		/* not ascending */
		{ { 0x4000, more, 1 }, { 0x1ff000, more, 4097 } },	/* over the end */
		{ { 0x4000, more, 1 }, { 0x200000, more, 1 } },
		{ { 0x4000, more, 1 }, { ~0xfffUL, more, 1 } },
		{ { 0x4000, more, 1 }, { 0x5000, more, ~0UL } },
		{ { 0x4000, more, 1 }, { 0x5000, more, 0 } },
		{ { 0x4000, more, 1 }, { 0x5000, NULL, 1 } },
	};
	struct loadplan_realm r = shape(39, 0x40000000, 2 << 20, 5000);
	struct loadplan lp;

	(void)state;
	r.n_parts = 2;
	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		r.parts = rows[i];
		assert_int_equal(loadplan_begin(&lp, &r), -EINVAL);
	}
	r.parts = (const struct loadplan_part[2]){ { 0x2000, more, 1 }, { 0x1ff000, more, 4096 } };
	assert_int_equal(loadplan_begin(&lp, &r), 0);
	r.n_parts = LOADPLAN_MAX_PARTS + 1;
	assert_int_equal(loadplan_begin(&lp, &r), -EINVAL);
}

/* Not measured by the monitor: a REC that is not runnable. Found by the token of a Linux Realm with two vCPUs. */
static void rim_leaves_out_recs_that_are_not_runnable(void **state)
{
	static const uint8_t image[4096] = { 1 };
	struct loadplan_realm r = {
		.s2sz = 40, .vcpus = 1, .num_bps = 1, .num_wps = 1, .ram_base = 0x40000000, .ram_size = 2UL << 20,
		.image = image, .image_size = sizeof(image), .boot_x0 = 0x40100000,
	};
	uint8_t one[64], two[64];

	(void)state;
	assert_int_equal(loadplan_rim(&r, one), 0);
	r.vcpus = 2;
	assert_int_equal(loadplan_rim(&r, two), 0);
	assert_memory_equal(one, two, 64);
	r.boot_x0 = 0;				/* native: every REC is runnable, and measured */
	assert_int_equal(loadplan_rim(&r, two), 0);
	assert_memory_not_equal(one, two, 64);
	r.vcpus = 1;
	assert_int_equal(loadplan_rim(&r, one), 0);
	assert_memory_not_equal(one, two, 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rim_leaves_out_recs_that_are_not_runnable),
		cmocka_unit_test(shapes),
		cmocka_unit_test(descriptors_are_coarse),
		cmocka_unit_test(rim_depends_on_all),
		cmocka_unit_test(refuses),
		cmocka_unit_test(parts_lie_where_they_say),
		cmocka_unit_test(parts_that_overlap_or_leave_memory_are_refused),
	};

	return cmocka_run_group_tests_name("loadplan", tests, NULL, NULL);
}
