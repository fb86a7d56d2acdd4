/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The VMM and leaves of 2 MiB over the stand-in device: RAM is folded where it is whole, channels are mapped in blocks where
 * they can be, and all of it comes down again, whatever failed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../host/vmm/vmm.h"
#include "vmm_fake.h"

#define MIB		(1UL << 20)
#define RAM_BASE	(0x40000000UL + MIB)		/* in the middle of a block */
#define RAM_SIZE	(6 * MIB + 3 * PAGE)		/* half a block, two whole ones, the rest in a fourth */
#define CHANNEL		(64UL << 30)
#define BIG_PAGES	(2 * 512 + 5)

enum { BIG, SMALL };

static struct {
	struct mica_blob_header h;
	struct mica_blob_role role[2];
	struct mica_blob_channel channel[2];
	struct mica_blob_grant grant[4];
} blob;

static struct vmm vmm;
static const uint8_t image[5000] = "component";

static void make_blob(void)
{
	unsigned int role, c;

	memset(&blob, 0, sizeof(blob));
	blob.h = (struct mica_blob_header){ .magic = MICA_BLOB_MAGIC, .total = sizeof(blob), .version = 1, .roles = 2,
		.channels = 2, .grants = 4, .name = "blocks" };
	for (role = 0; role < 2; role++) {
		blob.role[role] = (struct mica_blob_role){ .s2sz = 39, .vcpus = 1, .num_bps = 1, .num_wps = 1,
			.ram_base = role == BIG ? RAM_BASE : RAM_BASE + MIB, .ram_size = role == BIG ? RAM_SIZE : 2 * PAGE,
			.grant_first = 2 * role, .grant_count = 2, .region_first = 0 };
		strcpy(blob.role[role].name, role == BIG ? "big" : "small");
		for (c = 0; c < 2; c++) {
			struct mica_blob_grant *g = &blob.grant[2 * role + c];

			*g = (struct mica_blob_grant){ .channel = c, .role = role, .signal = MICA_NO_SIGNAL,
				.rights = role == BIG ? MICA_GRANT_RW : MICA_GRANT_R, .ipa = CHANNEL + ((uint64_t)c << 24) };
			strcpy(g->name, c == 0 ? "data" : "note");
		}
	}
	for (c = 0; c < 2; c++) {
		blob.channel[c] = (struct mica_blob_channel){ .pages = c == 0 ? BIG_PAGES : 1, .grants = 2 };
		strcpy(blob.channel[c].name, c == 0 ? "data" : "note");
	}
}

static int begin(void **state)
{
	unsigned int role;

	(void)state;
	make_blob();
	fake_reset();
	fake.grant_shift = 24;
	memset(&vmm, 0, sizeof(vmm));
	assert_int_equal(vmm_init(&vmm, -1), 0);
	assert_int_equal(dev_info(&vmm.info), 0);
	vmm.blob_size = sizeof(blob);
	vmm.blob_bytes = malloc(sizeof(blob));
	memcpy(vmm.blob_bytes, &blob, sizeof(blob));
	assert_int_equal(blob_open_flat(&vmm.blob, vmm.blob_bytes, sizeof(blob)), MICA_BLOB_OK);
	assert_int_equal(workflow_prepare(&vmm), 0);
	for (role = 0; role < 2; role++) {
		vmm.realms[role].image = malloc(sizeof(image));
		memcpy(vmm.realms[role].image, image, sizeof(image));
		vmm.realms[role].image_size = sizeof(image);
	}
	return 0;
}

static int end(void **state)
{
	(void)state;
	vmm_free(&vmm);
	fake_free();
	return 0;
}

static void down(void)
{
	fake.wf_stopped = true;
	workflow_teardown(&vmm);
	assert_int_equal(fake_objects(), 0);
	assert_int_equal(fake_delegated(), 0);
}

static void load(void)
{
	assert_int_equal(workflow_load(&vmm), 0);
}

static void whole_ram_is_folded_and_the_rest_is_pages(void **state)
{
	(void)state;
	load();
	assert_int_equal(fake_count(BIG, FAKE_RAM, 2), 2);
	assert_int_equal(fake_count(BIG, FAKE_RAM, 3), RAM_SIZE / PAGE - 2 * 512);
	assert_int_equal(fake_count(SMALL, FAKE_RAM, 2), 0);
	assert_int_equal(fake_count(SMALL, FAKE_RAM, 3), 2);
	down();
}

static void a_channel_is_mapped_in_blocks_and_its_tail_in_pages(void **state)
{
	unsigned int role;

	(void)state;
	load();
	assert_int_equal(vmm.channels[0].pa % BLOCK, 0);
	for (role = 0; role < 2; role++) {
		assert_int_equal(fake_count(role, FAKE_CHANNEL, 2), 2);
		assert_int_equal(fake_count(role, FAKE_CHANNEL, 3), BIG_PAGES % 512 + 1);
	}
	down();
}

/* Of the tables that folding frees one is kept, the other becomes the next one that is wanted. */
static void a_freed_table_is_used_again(void **state)
{
	const struct realm *big = &vmm.realms[BIG];

	(void)state;
	load();
	assert_int_equal(fake.folds, 2);
	assert_int_equal(big->unused.n, 1);
	assert_int_equal(big->blocks.n, 2);
	down();
}

static void an_unloaded_realm_is_loaded_into_the_same_blocks(void **state)
{
	struct realm *big = &vmm.realms[BIG];
	uint64_t first, second;

	(void)state;
	load();
	first = big->blocks.v[0].at;
	second = big->blocks.v[1].at;
	fake.wf_stopped = true;
	realm_unload(&vmm, big);
	assert_int_equal(fake_count(BIG, FAKE_RAM, 2) + fake_count(BIG, FAKE_RAM, 3), 0);
	fake.wf_stopped = false;	/* as if its role alone had been reset */
	assert_int_equal(realm_load(&vmm, big), 0);
	assert_int_equal(fake_count(BIG, FAKE_RAM, 2), 2);
	assert_int_equal(big->blocks.n, 2);
	assert_int_equal(big->blocks.v[0].at, first);
	assert_int_equal(big->blocks.v[1].at, second);
	down();
}

/* As for a guest that shares a page of a block: from then on it goes page by page. */
static void a_block_that_was_unfolded_is_taken_down_page_by_page(void **state)
{
	struct realm *big = &vmm.realms[BIG];

	(void)state;
	load();
	fake.wf_stopped = true;		/* before, nothing of a sealed Realm changes */
	assert_int_equal(realm_need_tables(&vmm, big, RAM_BASE + 2 * MIB, 3), 0);
	assert_int_equal(rmi_flush(&vmm), 0);
	assert_int_equal(fake_count(BIG, FAKE_RAM, 2), 1);
	down();
}

/* One after the other, each call that folds, and others before and after. */
static void a_load_that_fails_leaves_nothing_behind(void **state)
{
	unsigned int folds[8], n, calls, i;

	load();
	n = fake.folds;
	memcpy(folds, fake.fold_calls, sizeof(folds));
	calls = fake.calls;
	down();
	assert_int_equal(n, 2);
	for (i = 0; i < n + calls / 97; i++) {
		end(state);
		begin(state);
		fake.fail_at = i < n ? folds[i] : 1 + (i - n) * 97;
		fake.fail_with = RMI_ERROR_RTT;
		assert_int_equal(workflow_load(&vmm), -1);
		down();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(whole_ram_is_folded_and_the_rest_is_pages, begin, end),
		cmocka_unit_test_setup_teardown(a_channel_is_mapped_in_blocks_and_its_tail_in_pages, begin, end),
		cmocka_unit_test_setup_teardown(a_freed_table_is_used_again, begin, end),
		cmocka_unit_test_setup_teardown(an_unloaded_realm_is_loaded_into_the_same_blocks, begin, end),
		cmocka_unit_test_setup_teardown(a_block_that_was_unfolded_is_taken_down_page_by_page, begin, end),
		cmocka_unit_test_setup_teardown(a_load_that_fails_leaves_nothing_behind, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
