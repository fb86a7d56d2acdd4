/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Leaves of 2 MiB of bound Realms: a channel's, with its counters, its rights, its wiping and what a TLB may hold of it; RAM folded
 * while it is loaded, which counts the same in a block as in pages. Source: docs/spec/extension.md sections 3, 4, 8.
 */
#include "mica_world.h"

#define BLOCK		(2UL << 20)
#define BLOCK_PAGES	512
#define RTT(level)	RMI_RET(RMI_ERROR_RTT, level)

enum { FROM, TO };

static uint64_t rd_of(unsigned int role)
{
	return realms[role][0].rd;
}

/* Two roles, a channel of one block and one page; all of its pages added, the Realms made, nothing mapped. */
static void new_pair(uint16_t flags)
{
	policy_roles(&policy, 2, 1);
	policy.role[FROM].flags = flags & MICA_CHAN_KEEP ? MICA_ROLE_RESTART : 0;
	policy_channel(&policy, flags);
	policy.channel[0].pages = BLOCK_PAGES + 1;
	GRANTED(create_wf());
	chan_page = granules(BLOCK_PAGES + 1, BLOCK);
	for (unsigned int i = 0; i <= BLOCK_PAGES; i++)
		GRANTED(MICA(CHAN_ADD, wf, 0, chan_page + i * PAGE));
	for (unsigned int role = FROM; role <= TO; role++) {
		struct test_realm *r = &realms[role][0];
		uint64_t params;

		realm_params(r, &params);
		GRANTED(rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ MICA_REALM_CREATE, r->rd, params, wf, role }, NULL));
		map_tables(r, RAM_BASE);
		GRANTED(RMI(RTT_CREATE, r->rd, granule1(), GRANT_BASE, 2));
		GRANTED(RMI(RTT_CREATE, r->rd, granule1(), GRANT_BASE + BLOCK, 3));
	}
}

static uint64_t mapped(void)
{
	uint64_t out[4];

	GRANTED(rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ MICA_WF_INFO, wf, MICA_INFO_CHANNEL, 0 }, out));
	return out[2];
}

static void a_block_counts_its_pages(void **state)
{
	struct rd *rd;

	(void)state;
	new_pair(0);
	rd = arch_granule_va(pa(rd_of(FROM)));
	GRANTED(MICA(CHAN_MAP, rd_of(FROM), 0, 0, 2));
	assert_int_equal(mapped(), BLOCK_PAGES);
	assert_int_equal(rd->mica.chan_pages, BLOCK_PAGES);
	GRANTED(MICA(CHAN_MAP, rd_of(FROM), 0, BLOCK, 3));
	GRANTED(MICA(CHAN_MAP, rd_of(TO), 0, 0, 2));
	assert_int_equal(mapped(), 2 * BLOCK_PAGES + 1);
	GRANTED(MICA(CHAN_UNMAP, rd_of(FROM), 0, 0, 2));
	assert_int_equal(mapped(), BLOCK_PAGES + 1);
	assert_int_equal(rd->mica.chan_pages, 1);
	GRANTED(MICA(CHAN_UNMAP, rd_of(FROM), 0, BLOCK, 3));
	assert_int_equal(rd->mica.chan_pages, 0);
}

static void a_block_is_taken_whole_where_it_fits(void **state)
{
	uint64_t table;

	(void)state;
	new_pair(0);
	table = granule1();
	REFUSED(MICA(CHAN_MAP, rd_of(FROM), 0, PAGE, 2), RMI_ERROR_INPUT);		/* not its boundary */
	REFUSED(MICA(CHAN_MAP, rd_of(FROM), 0, BLOCK, 2), RMI_ERROR_INPUT);		/* beyond the end */
	REFUSED(MICA(CHAN_MAP, rd_of(FROM), 0, 0, 1), RMI_ERROR_INPUT);
	REFUSED(MICA(CHAN_MAP, rd_of(FROM), 0, 0, 3), RTT(2));				/* no table there */
	REFUSED(MICA(CHAN_UNMAP, rd_of(FROM), 0, 0, 2), RTT(2));			/* nothing there */
	GRANTED(MICA(CHAN_MAP, rd_of(FROM), 0, 0, 2));
	REFUSED(MICA(CHAN_MAP, rd_of(FROM), 0, 0, 2), RTT(2));
	REFUSED(MICA(CHAN_UNMAP, rd_of(FROM), 0, 0, 3), RTT(2));
	REFUSED(MICA(CHAN_UNMAP, rd_of(FROM), 0, PAGE, 3), RTT(2));
	REFUSED(RMI(RTT_CREATE, rd_of(FROM), table, GRANT_BASE, 3), RTT(2));		/* never split */
	REFUSED(RMI(RTT_DESTROY, rd_of(FROM), GRANT_BASE, 2), RTT(2));			/* live */
	REFUSED(RMI(RTT_FOLD, rd_of(FROM), GRANT_BASE, 2), RTT(2));
	REFUSED(RMI(DATA_DESTROY, rd_of(FROM), GRANT_BASE), RTT(2));
	REFUSED(RMI(RTT_INIT_RIPAS, rd_of(FROM), GRANT_BASE, GRANT_BASE + BLOCK), POLICY(LAYOUT));
	GRANTED(MICA(CHAN_UNMAP, rd_of(FROM), 0, 0, 2));
	GRANTED(RMI(RTT_CREATE, rd_of(FROM), table, GRANT_BASE, 3));			/* pages, now */
	GRANTED(MICA(CHAN_MAP, rd_of(FROM), 0, 0, 3));
	REFUSED(MICA(CHAN_MAP, rd_of(FROM), 0, 0, 2), RTT(2));
}

static void each_side_has_its_rights_on_every_page_of_a_block(void **state)
{
	struct fake_leaf leaf;

	(void)state;
	new_pair(0);
	for (unsigned int role = FROM; role <= TO; role++) {
		struct rd *rd = arch_granule_va(pa(rd_of(role)));

		GRANTED(MICA(CHAN_MAP, rd_of(role), 0, 0, 2));
		for (uint64_t off = 0; off < BLOCK; off += 73 * PAGE) {
			assert_true(fake_realm_touch(&rd->s2, ipa(GRANT_BASE + off), &leaf));
			assert_int_equal(leaf.pa.v, chan_page + off);
			assert_int_equal(leaf.s2ap, role == FROM ? 3 : 1);
			assert_int_equal(leaf.exec, false);
			assert_int_equal(leaf.level, 2);
		}
		assert_false(fake_realm_touch(&rd->s2, ipa(GRANT_BASE + BLOCK), &leaf));
	}
}

static bool all_zero(uint64_t a, uint64_t size)
{
	bool zero = true;

	for (uint64_t off = 0; off < size; off += PAGE)
		zero &= fake_page_is_zero(pa(a + off));
	return zero;
}

/* Of the writer that drains: all of it is wiped, and nothing a page further; of the reader, or with KEEP: nothing is. */
static void a_block_is_wiped_with_its_writer(void **state)
{
	for (int keep = 0; keep < 2; keep++) {
		struct fake_leaf leaf;
		struct rd *rd;

		reset(state);
		new_pair(keep ? MICA_CHAN_KEEP : 0);
		rd = arch_granule_va(pa(rd_of(FROM)));
		for (unsigned int role = FROM; role <= TO; role++)
			GRANTED(MICA(CHAN_MAP, rd_of(role), 0, 0, 2));
		for (unsigned int i = 0; i <= BLOCK_PAGES; i++)
			memset(arch_granule_va(pa(chan_page + i * PAGE)), 0x5a, PAGE);
		assert_true(fake_realm_touch(&rd->s2, ipa(GRANT_BASE + 300 * PAGE), &leaf));
		GRANTED(MICA(WF_STOP, wf));
		GRANTED(MICA(CHAN_UNMAP, rd_of(TO), 0, 0, 2));
		assert_false(fake_page_is_zero(pa(chan_page)));
		assert_true(fake_tlb_holds(pa(chan_page + 300 * PAGE)));
		GRANTED(MICA(CHAN_UNMAP, rd_of(FROM), 0, 0, 2));
		assert_false(fake_tlb_holds(pa(chan_page + 300 * PAGE)));
		assert_int_equal(all_zero(chan_page, BLOCK), !keep);
		assert_false(fake_page_is_zero(pa(chan_page + BLOCK)));
	}
}

/* ---- RAM ---- */

#define RAM(i)	(RAM_BASE + (uint64_t)(i) * PAGE)

static uint64_t ram;

/* A role whose RAM is one block, loaded page by page. */
static void new_block_of_ram(void)
{
	struct test_realm *r = &realms[0][0];
	uint64_t params;

	policy_roles(&policy, 1, 1);
	policy.role[0].ram_size = BLOCK;
	GRANTED(create_wf());
	realm_params(r, &params);
	GRANTED(rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ MICA_REALM_CREATE, r->rd, params, wf, 0 }, NULL));
	map_tables(r, RAM_BASE);
	GRANTED(RMI(RTT_INIT_RIPAS, r->rd, RAM_BASE, RAM_BASE + BLOCK));
	ram = granules(BLOCK_PAGES, BLOCK);
	for (unsigned int i = 0; i < BLOCK_PAGES; i++)
		GRANTED(RMI(DATA_CREATE_UNKNOWN, r->rd, ram + i * PAGE, RAM(i)));
	add_recs(0);
}

static void folded_ram_counts_as_pages_do(void **state)
{
	uint64_t out[4], rd;

	(void)state;
	new_block_of_ram();
	rd = rd_of(0);
	GRANTED(rmi_call(SMC_RMI_RTT_FOLD, (const uint64_t[5]){ rd, RAM_BASE, 3 }, out));
	assert_int_equal(((struct rd *)arch_granule_va(pa(rd)))->mica.ram_pages, BLOCK_PAGES);
	REFUSED(RMI(DATA_DESTROY, rd, RAM(7)), RTT(2));
	GRANTED(RMI(RTT_CREATE, rd, out[0], RAM_BASE, 3));
	GRANTED(RMI(DATA_DESTROY, rd, RAM(7)));
	REFUSED(RMI(RTT_FOLD, rd, RAM_BASE, 3), RTT(3));
	REFUSED(RMI(REALM_ACTIVATE, rd), POLICY(INCOMPLETE));
	/* back, but DESTROYED is not RAM: it does not count, and does not fold */
	GRANTED(RMI(DATA_CREATE_UNKNOWN, rd, ram + 7 * PAGE, RAM(7)));
	REFUSED(RMI(RTT_FOLD, rd, RAM_BASE, 3), RTT(3));
	REFUSED(RMI(REALM_ACTIVATE, rd), POLICY(INCOMPLETE));
}

static void folded_ram_is_sealed_and_runs(void **state)
{
	struct fake_leaf leaf;
	struct rd *rd;
	uint64_t out[4];

	(void)state;
	new_block_of_ram();
	GRANTED(rmi_call(SMC_RMI_RTT_FOLD, (const uint64_t[5]){ rd_of(0), RAM_BASE, 3 }, out));
	GRANTED(RMI(REALM_ACTIVATE, rd_of(0)));
	GRANTED(MICA(WF_ACTIVATE, wf));
	REFUSED(RMI(RTT_CREATE, rd_of(0), out[0], RAM_BASE, 3), POLICY(SEALED));
	rd = arch_granule_va(pa(rd_of(0)));
	assert_true(fake_realm_touch(&rd->s2, ipa(RAM(77)), &leaf));
	assert_int_equal(leaf.pa.v, ram + 77 * PAGE);
	RUN(0, 0, RMI_EXIT_IRQ, { 0, 0, IRQ, { 0 }, NULL });
	GRANTED(MICA(WF_STOP, wf));
	GRANTED(RMI(RTT_CREATE, rd_of(0), out[0], RAM_BASE, 3));		/* for taking it down */
	assert_false(fake_tlb_holds(pa(ram + 77 * PAGE)));
	GRANTED(RMI(DATA_DESTROY, rd_of(0), RAM(77)));
	assert_true(fake_page_is_zero(pa(ram + 77 * PAGE)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_block_counts_its_pages, reset),
		cmocka_unit_test_setup(a_block_is_taken_whole_where_it_fits, reset),
		cmocka_unit_test_setup(each_side_has_its_rights_on_every_page_of_a_block, reset),
		cmocka_unit_test_setup(a_block_is_wiped_with_its_writer, reset),
		cmocka_unit_test_setup(folded_ram_counts_as_pages_do, reset),
		cmocka_unit_test_setup(folded_ram_is_sealed_and_runs, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
