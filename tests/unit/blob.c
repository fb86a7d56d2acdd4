/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decoder of compiled policies: each canonical rule broken alone, each byte of a good blob changed, truncation,
 * and what `mica build` emits. Source: docs/spec/extension.md section 11.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../lib/blob/blob.h"

#define GRANT_BASE	0x1000000000UL
#define WINDOW_BASE	(1UL << 38)

/* Roles a, b; channel c (a writes) with signal and channel d (b writes); a window of each; a gate a -> b. */
struct good {
	struct mica_blob_header h;
	struct mica_blob_role r[2];
	struct mica_blob_gate g[1];
	struct mica_blob_channel c[2];
	struct mica_blob_region w[2];
	struct mica_blob_grant a[4];
};

static struct good blob;

static int fill(void **state)
{
	(void)state;
	memset(&blob, 0, sizeof(blob));
	memcpy(blob.h.magic, MICA_BLOB_MAGIC, 8);
	blob.h.total = sizeof(blob);
	blob.h.version = 1;
	blob.h.roles = blob.h.channels = blob.h.regions = 2;
	blob.h.gates = 1;
	blob.h.grants = 4;
	strcpy(blob.h.name, "pair-of_2");
	for (unsigned int i = 0; i < 2; i++) {
		struct mica_blob_role *r = &blob.r[i];

		r->s2sz = 39;
		r->vcpus = r->num_bps = r->num_wps = 1;
		r->ram_base = 0x40000000;
		r->ram_size = 0x4000;
		r->name[0] = (char)('a' + i);
		r->grant_first = (uint16_t)(2 * i);
		r->grant_count = 2;
		r->region_first = (uint16_t)i;
		r->region_count = 1;
		blob.c[i].name[0] = (char)('c' + i);
		blob.c[i].pages = 2;
		blob.c[i].grants = 2;
		blob.w[i].name[0] = 'w';
		blob.w[i].base = WINDOW_BASE;
		blob.w[i].pages = 1;
		blob.w[i].role = (uint8_t)i;
		blob.w[i].rights = (uint8_t)(1 + i);
		for (unsigned int k = 0; k < 2; k++) {
			struct mica_blob_grant *a = &blob.a[2 * i + k];

			a->name[0] = (char)('c' + k);
			a->channel = (uint16_t)k;
			a->role = (uint8_t)i;
			a->rights = i == k ? MICA_GRANT_RW : MICA_GRANT_R;
			a->signal = i == 1 && k == 0 ? 0 : MICA_NO_SIGNAL;
			a->ipa = GRANT_BASE + k * 0x10000;
		}
	}
	blob.c[0].flags = MICA_CHAN_SIGNAL;
	strcpy(blob.g[0].caller_name, "ask");
	strcpy(blob.g[0].callee_name, "answer");
	blob.g[0].callee = 1;
	blob.g[0].args = 8;
	return 0;
}

static int decode(void)
{
	struct blob b;

	return blob_open_flat(&b, &blob, sizeof(blob));
}

static void a_good_blob_opens(void **state)
{
	struct blob b;

	(void)state;
	assert_int_equal(blob_open_flat(&b, &blob, sizeof(blob)), MICA_BLOB_OK);
	assert_string_equal(blob_role(&b, 1)->name, "b");
	assert_string_equal(blob_gate(&b, 0)->callee_name, "answer");
	assert_int_equal(blob_grant(&b, 3)->ipa, GRANT_BASE + 0x10000);
	assert_int_equal(blob_region(&b, 1)->rights, MICA_REGION_WRITE);
	assert_int_equal(blob_channel(&b, 0)->flags, MICA_CHAN_SIGNAL);
}

/* One field changed, the rule that must answer, the field back. */
#define BREAKS(field, value, rule) do {						\
		__typeof__(blob.field) save_ = blob.field;			\
		blob.field = (value);						\
		if (decode() != MICA_BLOB_RULE_##rule)				\
			fail_msg("%s = %s: rule %d", #field, #value, decode());	\
		blob.field = save_;						\
		assert_int_equal(decode(), MICA_BLOB_OK);			\
	} while (0)

static void rule_1_header(void **state)
{
	(void)state;
	BREAKS(h.magic[0], 'm', HEADER);
	BREAKS(h.magic[7], 2, HEADER);
	BREAKS(h.total, sizeof(blob) - 64, HEADER);
	BREAKS(h.version, 2, HEADER);
	BREAKS(h.roles, 0, HEADER);
	BREAKS(h.roles, 65, HEADER);
	BREAKS(h.channels, 3, HEADER);
	BREAKS(h.z1[5], 1, HEADER);
	BREAKS(h.z2[175], 1, HEADER);
	BREAKS(r[0].z1[95], 1, HEADER);
	BREAKS(r[0].flags, 0x20, HEADER);
	BREAKS(r[0].rights, 0x80, HEADER);
	BREAKS(c[0].flags, 4, HEADER);
	BREAKS(c[1].z0[7], 1, HEADER);
	BREAKS(w[0].z0, 1, HEADER);
	BREAKS(a[0].z0[2], 1, HEADER);
	BREAKS(g[0].z0[26], 1, HEADER);
}

static void rule_2_names(void **state)
{
	(void)state;
	BREAKS(h.name[0], 'P', NAMES);
	BREAKS(h.name[0], '-', NAMES);
	BREAKS(h.name[0], '\0', NAMES);
	BREAKS(h.name[46], 'x', NAMES);		/* after the end */
	BREAKS(r[0].name[1], ' ', NAMES);
	BREAKS(c[0].name[1], 0x80 - 256, NAMES);
	BREAKS(w[0].name[0], '1', NAMES);
	BREAKS(a[0].name[0], '_', NAMES);
	BREAKS(g[0].callee_name[0], 'A', NAMES);
}

static void rule_3_order(void **state)
{
	(void)state;
	BREAKS(r[1].name[0], 'a', ORDER);
	BREAKS(r[0].name[0], 'c', ORDER);
	BREAKS(c[1].name[0], 'c', ORDER);
	BREAKS(a[0].ipa, GRANT_BASE + 0x20000, ORDER);
	BREAKS(a[2].role, 0, ORDER);
	BREAKS(a[1].name[0], 'c', ORDER);	/* a local name twice */
}

/* As many channels and grants as there may be: names of a role meet in its table, and no two of them may be equal. */
static struct {
	struct mica_blob_header h;
	struct mica_blob_role r[2];
	struct mica_blob_channel c[MICA_MAX_CHANNELS];
	struct mica_blob_grant a[MICA_MAX_GRANTS];
} many;

static void fill_many(void)
{
	const unsigned int n = MICA_MAX_CHANNELS;

	memset(&many, 0, sizeof(many));
	many.h = blob.h;
	many.h.total = sizeof(many);
	many.h.regions = many.h.gates = 0;
	many.h.channels = MICA_MAX_CHANNELS;
	many.h.grants = MICA_MAX_GRANTS;
	for (unsigned int i = 0; i < 2; i++) {
		many.r[i] = blob.r[i];
		many.r[i].grant_first = (uint16_t)(i * n);
		many.r[i].grant_count = MICA_MAX_CHANNELS;
		many.r[i].region_first = many.r[i].region_count = 0;
	}
	for (unsigned int k = 0; k < n; k++) {
		many.c[k] = (struct mica_blob_channel){ .pages = 1, .grants = 2 };
		snprintf(many.c[k].name, MICA_NAME_SIZE, "c%03u", k);
		for (unsigned int i = 0; i < 2; i++) {
			struct mica_blob_grant *a = &many.a[i * n + k];

			*a = (struct mica_blob_grant){ .channel = (uint16_t)k, .role = (uint8_t)i, .signal = MICA_NO_SIGNAL,
				.rights = i == k % 2 ? MICA_GRANT_RW : MICA_GRANT_R, .ipa = GRANT_BASE + k * 4096 };
			snprintf(a->name, MICA_NAME_SIZE, "%s%u", k % 3 ? "name" : "a-longer-name_", k * 7919);
		}
	}
}

static int decode_many(void)
{
	struct blob b;

	return blob_open_flat(&b, &many, sizeof(many));
}

static void rule_3_of_as_many_names_as_there_may_be(void **state)
{
	(void)state;
	fill_many();
	assert_int_equal(decode_many(), MICA_BLOB_OK);
	for (unsigned int k = 0; k < MICA_MAX_GRANTS; k += 13) {
		struct mica_blob_grant *a = &many.a[k], save = *a;

		/* another's of the same role, before or behind */
		memcpy(a->name, many.a[k / MICA_MAX_CHANNELS * MICA_MAX_CHANNELS + (k * 31 + 1) % MICA_MAX_CHANNELS].name, MICA_NAME_SIZE);
		assert_int_equal(decode_many(), memcmp(a, &save, sizeof(save)) ? MICA_BLOB_RULE_ORDER : MICA_BLOB_OK);
		*a = save;
	}
	assert_int_equal(decode_many(), MICA_BLOB_OK);
	many.a[3].channel = 5;				/* twice in one role, and channel 3 has one party */
	assert_int_equal(decode_many(), MICA_BLOB_RULE_GRANT);
}

static void rule_4_role(void **state)
{
	(void)state;
	BREAKS(r[0].s2sz, 31, ROLE);
	BREAKS(r[0].s2sz, 49, ROLE);
	BREAKS(r[0].hash, 2, ROLE);
	BREAKS(r[0].vcpus, 0, ROLE);
	BREAKS(r[0].vcpus, 9, ROLE);
	BREAKS(r[0].num_bps, 0, ROLE);
	BREAKS(r[0].num_wps, 16, ROLE);
	BREAKS(r[0].sve_vl, 1, ROLE);
	BREAKS(r[0].rim[0], 1, ROLE);		/* not PINNED */
	BREAKS(r[0].grant_count, 1, ROLE);
	BREAKS(r[1].grant_first, 3, ROLE);
	BREAKS(r[1].region_count, 0, ROLE);
	blob.r[0].flags = MICA_ROLE_PINNED;
	BREAKS(r[0].rim[32], 1, ROLE);		/* SHA-256 */
}

static void rule_5_rights(void **state)
{
	(void)state;
	BREAKS(r[0].rights, MICA_RIGHT_VTIMER | MICA_RIGHT_TIMER, RIGHTS);
	BREAKS(r[0].rights, MICA_RIGHT_MMIO, RIGHTS);
	BREAKS(r[0].rights, MICA_RIGHT_IRQ, RIGHTS);
	BREAKS(r[0].flags, MICA_ROLE_SIG_IRQ, RIGHTS);
	BREAKS(r[0].dev_pages, 1, RIGHTS);
	BREAKS(w[0].kind, MICA_REGION_DEVICE, RIGHTS);
}

static void rule_6_layout(void **state)
{
	(void)state;
	BREAKS(r[0].ram_base, 0x40000800, LAYOUT);
	BREAKS(r[0].ram_size, 0, LAYOUT);
	BREAKS(r[0].ram_size, 0x4001, LAYOUT);
	BREAKS(r[0].ram_size, 1UL << 38, LAYOUT);
	BREAKS(r[0].ram_base, ~0xfffUL, LAYOUT);	/* wraps */
	BREAKS(r[0].ram_base, GRANT_BASE, LAYOUT);	/* over a grant */
	BREAKS(a[0].ipa, GRANT_BASE + 8, LAYOUT);
	BREAKS(a[1].ipa, GRANT_BASE + 0x1000, LAYOUT);	/* into the one before */
	BREAKS(a[1].ipa, WINDOW_BASE - 0x1000, LAYOUT);
}

static void rule_7_grant(void **state)
{
	(void)state;
	BREAKS(a[1].channel, 2, GRANT);
	BREAKS(a[1].channel, 0, GRANT);		/* twice in one role */
	BREAKS(a[0].signal, 0, GRANT);		/* nobody else writes */
	BREAKS(a[2].signal, MICA_NO_SIGNAL, GRANT);
	BREAKS(a[2].signal, 1, GRANT);
	BREAKS(a[3].signal, 1, GRANT);
	BREAKS(a[0].rights, 2, GRANT);
	BREAKS(a[0].rights, 0, GRANT);
}

static void rule_8_channel(void **state)
{
	(void)state;
	BREAKS(c[0].pages, 0, LAYOUT);		/* its grants would be empty */
	BREAKS(c[0].pages, (1U << 20) + 1, LAYOUT);
	BREAKS(c[0].grants, 1, CHANNEL);
	BREAKS(c[0].grants, 3, CHANNEL);
	BREAKS(c[1].flags, MICA_CHAN_KEEP, CHANNEL);
	BREAKS(a[3].rights, MICA_GRANT_R, CHANNEL);	/* d has no writer */
}

static void rule_9_region(void **state)
{
	(void)state;
	BREAKS(w[0].base, WINDOW_BASE - 0x1000, REGION);
	BREAKS(w[0].base, WINDOW_BASE + 1, REGION);
	BREAKS(w[0].base, 1UL << 39, REGION);
	BREAKS(w[0].pages, 0, REGION);
	BREAKS(w[0].rights, 0, REGION);
	BREAKS(w[0].rights, 4, HEADER);		/* an unknown bit */
}

static void rule_10_gate(void **state)
{
	(void)state;
	BREAKS(g[0].callee, 0, GATE);
	BREAKS(g[0].callee, 2, GATE);
	BREAKS(g[0].server_rec, 1, GATE);
	BREAKS(g[0].args, 9, GATE);
	BREAKS(g[0].results, 9, GATE);
}

static void no_shorter_or_longer_blob_opens(void **state)
{
	uint8_t *exact;
	struct blob b;

	(void)state;
	for (size_t n = 0; n <= sizeof(blob) + 64; n++) {
		if (n == sizeof(blob))
			continue;
		exact = calloc(1, n + 1);	/* the sanitizer watches its end */
		memcpy(exact, &blob, n < sizeof(blob) ? n : sizeof(blob));
		exact = realloc(exact, n ? n : 1);
		assert_int_not_equal(blob_open_flat(&b, exact, n), MICA_BLOB_OK);
		free(exact);
	}
}

/* Bytes whose value is the policy's own choice; everything else is fixed by the rest of the blob. */
static int is_free(size_t i, uint8_t v)
{
	struct good *g = &blob;
	uint8_t *p = (uint8_t *)g, old = p[i];
	int ok;

	p[i] = v;
	ok = decode() == MICA_BLOB_OK;
	p[i] = old;
	return ok;
}

static int in(size_t i, const void *field, size_t size)
{
	size_t at = (size_t)((const uint8_t *)field - (const uint8_t *)&blob);

	return i >= at && i < at + size;
}

/* Every byte, every bit: a change that decodes must be in a field that carries a choice. */
static void every_flipped_bit_is_refused_or_another_policy(void **state)
{
	size_t refused = 0, accepted = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(blob); i++)
		for (unsigned int bit = 0; bit < 8; bit++) {
			int choice = in(i, blob.h.name, 48);

			if (!is_free(i, ((uint8_t *)&blob)[i] ^ (uint8_t)(1 << bit))) {
				refused++;
				continue;
			}
			accepted++;
			for (unsigned int k = 0; k < 2; k++) {
				const struct mica_blob_role *r = &blob.r[k];

				choice |= in(i, r->name, 48) || in(i, &r->flags, 4) || in(i, &r->rights, 4) ||
					  in(i, &r->s2sz, 6) || in(i, &r->ram_base, 16) ||
					  in(i, blob.c[k].name, 52) || in(i, blob.w[k].name, 48) ||
					  in(i, &blob.w[k].base, 12) || in(i, &blob.w[k].rights, 1);
			}
			for (unsigned int k = 0; k < 4; k++)
				choice |= in(i, blob.a[k].name, 48) || in(i, &blob.a[k].ipa, 8) ||
					  in(i, &blob.a[k].rights, 1);
			choice |= in(i, &blob.g[0], 101) != 0;
			if (!choice)
				fail_msg("byte %zu bit %u may change unnoticed", i, bit);
		}
	assert_true(refused > 10 * accepted);
}

static void random_bytes_never_open(void **state)
{
	struct good save = blob;
	struct blob b;

	(void)state;
	srand(1);
	for (int n = 0; n < 20000; n++) {
		for (int k = 0; k < 1 + rand() % 20; k++)
			((uint8_t *)&blob)[rand() % sizeof(blob)] = (uint8_t)rand();
		(void)blob_open_flat(&b, &blob, sizeof(blob));	/* the sanitizers judge */
		blob = save;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_good_blob_opens, fill),
		cmocka_unit_test_setup(rule_1_header, fill),
		cmocka_unit_test_setup(rule_2_names, fill),
		cmocka_unit_test_setup(rule_3_order, fill),
		cmocka_unit_test_setup(rule_3_of_as_many_names_as_there_may_be, fill),
		cmocka_unit_test_setup(rule_4_role, fill),
		cmocka_unit_test_setup(rule_5_rights, fill),
		cmocka_unit_test_setup(rule_6_layout, fill),
		cmocka_unit_test_setup(rule_7_grant, fill),
		cmocka_unit_test_setup(rule_8_channel, fill),
		cmocka_unit_test_setup(rule_9_region, fill),
		cmocka_unit_test_setup(rule_10_gate, fill),
		cmocka_unit_test_setup(no_shorter_or_longer_blob_opens, fill),
		cmocka_unit_test_setup(every_flipped_bit_is_refused_or_another_policy, fill),
		cmocka_unit_test_setup(random_bytes_never_open, fill),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
