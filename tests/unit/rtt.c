/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables, data, RIPAS and unprotected mappings of an unbound Realm: failure conditions with their order, the `top` output,
 * fold and unfold, and what the TLB may still hold.
 */
#include "world.h"

#define RAM		RAM_BASE
#define RTT_ERR(level)	RMI_RET(RMI_ERROR_RTT, (level))
#define BLOCK		(2UL << 20)
#define GIG		(1UL << 30)
#define NSB		WINDOW_BASE		/* first unprotected address */

static struct test_realm r;

/* A new Realm with a level 2 and a level 3 table at RAM, nothing in them. */
static void with_tables(void)
{
	uint64_t params;

	realm_params(&r, &params);
	GRANTED(RMI(REALM_CREATE, r.rd, params));
	map_tables(&r, RAM);
}

struct entry { uint64_t level, state, desc, ripas; };

static struct entry read_entry(uint64_t a, uint64_t level)
{
	uint64_t out[4];

	GRANTED(rmi_call(SMC_RMI_RTT_READ_ENTRY, (const uint64_t[5]){ r.rd, a, level }, out));
	return (struct entry){ out[0], out[1], out[2], out[3] };
}

#define ENTRY_IS(a, lvl, ...) do {							\
		struct entry want_ = { __VA_ARGS__ }, got_ = read_entry((a), (lvl));	\
		assert_memory_equal(&got_, &want_, sizeof(got_));			\
	} while (0)

static struct rd *the_rd(void)
{
	return (struct rd *)(uintptr_t)fake_peek(pa(r.rd));
}

static bool touch(uint64_t a, struct fake_leaf *leaf)
{
	return fake_realm_touch(&the_rd()->s2, ipa(a), leaf);
}

/* X1, X2 of a destroying call. */
static uint64_t call2(uint64_t fid, uint64_t a, uint64_t level, uint64_t *x1, uint64_t *x2)
{
	uint64_t out[4], st = rmi_call(fid, (const uint64_t[5]){ r.rd, a, level }, out);

	*x1 = out[0];
	*x2 = out[1];
	return st;
}

static void rtt_create(void **state)
{
	uint64_t t;

	(void)state;
	with_tables();
	t = granule1();
	REFUSED(RMI(RTT_CREATE, r.rd + 8, t, GIG * 2, 2), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_CREATE, t, r.rd, GIG * 2, 2), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_CREATE, r.rd, t + 8, GIG * 2, 2), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_CREATE, r.rd, ns_page(), GIG * 2, 2), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_CREATE, r.rd, r.rd, GIG * 2, 2), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_CREATE, r.rd, r.rtt, GIG * 2, 2), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_CREATE, r.rd, t, GIG * 2, 1), RMI_ERROR_INPUT);		/* the start level */
	REFUSED(RMI(RTT_CREATE, r.rd, t, GIG * 2, 4), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_CREATE, r.rd, t, GIG * 2, ~0UL), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_CREATE, r.rd, t, GIG * 2, 0x100000002), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_CREATE, r.rd, t, GIG * 2 + BLOCK, 2), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_CREATE, r.rd, t, 1UL << 39, 2), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_CREATE, r.rd, t, 1UL << 63, 2), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_CREATE, r.rd, t, GIG * 2, 3), RTT_ERR(1));		/* walk stops above */
	REFUSED(RMI(RTT_CREATE, r.rd, t, RAM, 2), RTT_ERR(1));			/* a table there */
	REFUSED(RMI(RTT_CREATE, r.rd, t, RAM, 3), RTT_ERR(2));
	GRANTED(RMI(RTT_CREATE, r.rd, t, GIG * 2, 2));
	ENTRY_IS(GIG * 2, 1, 1, RMI_TABLE, t, 0);
	ENTRY_IS(GIG * 2 + BLOCK, 2, 2, RMI_UNASSIGNED, 0, RMI_EMPTY);
	REFUSED(RMI(GRANULE_UNDELEGATE, t), RMI_ERROR_INPUT);
}

static void read_entry_arguments(void **state)
{
	(void)state;
	with_tables();
	REFUSED(RMI(RTT_READ_ENTRY, r.rd + 8, 0, 1), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_READ_ENTRY, r.rtt, 0, 1), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_READ_ENTRY, r.rd, 0, 0), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_READ_ENTRY, r.rd, 0, 4), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_READ_ENTRY, r.rd, 1, 3), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_READ_ENTRY, r.rd, PAGE, 2), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_READ_ENTRY, r.rd, 1UL << 39, 3), RMI_ERROR_INPUT);
	ENTRY_IS(0, 3, 1, RMI_UNASSIGNED, 0, RMI_EMPTY);
	ENTRY_IS(RAM, 3, 3, RMI_UNASSIGNED, 0, RMI_EMPTY);
	ENTRY_IS(NSB, 3, 1, RMI_UNASSIGNED, 0, 0);
}

/* What the two commands that take a table out share. */
static void table_arguments(uint64_t fid)
{
	const uint64_t bad[][3] = {
		{ r.rd + 8, RAM, 3 }, { r.rtt, RAM, 3 }, { r.rd, RAM, 1 }, { r.rd, RAM, 4 }, { r.rd, RAM, ~0UL },
		{ r.rd, RAM + PAGE, 3 }, { r.rd, RAM + BLOCK, 2 }, { r.rd, 1UL << 39, 3 },
		{ r.rd, GIG * 2 + PAGE, 4 },		/* bad level before the walk */
	};
	uint64_t x1, x2;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		REFUSED(rmi_call(fid, (const uint64_t[5]){ bad[i][0], bad[i][1], bad[i][2] }, NULL), RMI_ERROR_INPUT);
	REFUSED(call2(fid, GIG * 2, 3, &x1, &x2), RTT_ERR(1));
	assert_int_equal(x1, 0);
	REFUSED(call2(fid, RAM + BLOCK, 3, &x1, &x2), RTT_ERR(2));
}

static void rtt_destroy(void **state)
{
	uint64_t x1, x2, l3, data;

	(void)state;
	with_tables();
	table_arguments(SMC_RMI_RTT_DESTROY);
	/* top: where the entries that are not live end, in the table where the walk ended */
	REFUSED(call2(SMC_RMI_RTT_DESTROY, 0, 2, &x1, &x2), RTT_ERR(1));
	assert_int_equal(x2, RAM);
	REFUSED(call2(SMC_RMI_RTT_DESTROY, GIG * 3, 3, &x1, &x2), RTT_ERR(1));
	assert_int_equal(x2, 1UL << 39);
	REFUSED(call2(SMC_RMI_RTT_DESTROY, RAM, 2, &x1, &x2), RTT_ERR(2));	/* it holds a table */
	assert_int_equal(x2, RAM);
	data = granule1();
	GRANTED(RMI(DATA_CREATE_UNKNOWN, r.rd, data, RAM + PAGE));
	REFUSED(call2(SMC_RMI_RTT_DESTROY, RAM, 3, &x1, &x2), RTT_ERR(3));	/* it holds data, RIPAS EMPTY */
	GRANTED(RMI(DATA_DESTROY, r.rd, RAM + PAGE));
	l3 = read_entry(RAM, 2).desc;
	GRANTED(call2(SMC_RMI_RTT_DESTROY, RAM, 3, &x1, &x2));
	assert_int_equal(x1, l3);
	assert_int_equal(x2, RAM + GIG);
	assert_true(fake_page_is_zero(pa(l3)));
	ENTRY_IS(RAM, 3, 2, RMI_UNASSIGNED, 0, RMI_DESTROYED);
	GRANTED(call2(SMC_RMI_RTT_DESTROY, RAM, 2, &x1, &x2));
	ENTRY_IS(RAM, 3, 1, RMI_UNASSIGNED, 0, RMI_DESTROYED);
}

static void data_create(void **state)
{
	uint64_t data, spare, src = ns_page(), secret = ns_page(), closed = ns_page();
	struct fake_leaf leaf;

	(void)state;
	with_tables();
	data = granule1();
	spare = granule1();
	fake_set_pas(pa(closed), FAKE_ROOT);
	memset(fake_ns_va(pa(src)), 0xa5, PAGE);
	REFUSED(RMI(DATA_CREATE, r.rd, data, RAM, src, 2), RMI_ERROR_INPUT);
	REFUSED(RMI(DATA_CREATE, r.rd, data, RAM, src, 1UL << 63), RMI_ERROR_INPUT);
	REFUSED(RMI(DATA_CREATE, r.rd, data, RAM, src + 8, 1), RMI_ERROR_INPUT);
	REFUSED(RMI(DATA_CREATE, r.rd, data, RAM, r.rtt, 1), RMI_ERROR_INPUT);
	REFUSED(RMI(DATA_CREATE, r.rd, data, RAM, data, 1), RMI_ERROR_INPUT);
	REFUSED(RMI(DATA_CREATE, r.rd, data, RAM, closed, 1), RMI_ERROR_INPUT);	/* the copy faults */
	REFUSED(RMI(DATA_CREATE, r.rd, data, RAM, 0, 1), RMI_ERROR_INPUT);
	REFUSED(RMI(DATA_CREATE, r.rd, data + 8, RAM, src, 1), RMI_ERROR_INPUT);
	REFUSED(RMI(DATA_CREATE, r.rd, secret, RAM, src, 1), RMI_ERROR_INPUT);
	REFUSED(RMI(DATA_CREATE, r.rd, r.rd, RAM, src, 1), RMI_ERROR_INPUT);
	REFUSED(RMI(DATA_CREATE, data, r.rd, RAM, src, 1), RMI_ERROR_INPUT);
	REFUSED(RMI(DATA_CREATE, r.rd, data, RAM + 8, src, 1), RMI_ERROR_INPUT);
	REFUSED(RMI(DATA_CREATE, r.rd, data, NSB, src, 1), RMI_ERROR_INPUT);	/* and not RTT */
	REFUSED(RMI(DATA_CREATE, r.rd, data, 1UL << 39, src, 1), RMI_ERROR_INPUT);
	REFUSED(RMI(DATA_CREATE, r.rd, data, GIG * 2, src, 1), RTT_ERR(1));
	REFUSED(RMI(DATA_CREATE, r.rd, data, RAM + BLOCK, src, 1), RTT_ERR(2));
	assert_false(touch(RAM, &leaf));
	GRANTED(RMI(DATA_CREATE, r.rd, data, RAM, src, 1));
	assert_memory_equal(fake_peek(pa(data)), fake_ns_va(pa(src)), PAGE);
	ENTRY_IS(RAM, 3, 3, RMI_ASSIGNED, data, RMI_RAM);
	assert_true(touch(RAM, &leaf));
	assert_true(leaf.pa.v == data && !leaf.ns && leaf.exec && leaf.s2ap == 3);
	REFUSED(RMI(DATA_CREATE, r.rd, spare, RAM, src, 1), RTT_ERR(3));
	REFUSED(RMI(DATA_CREATE_UNKNOWN, r.rd, spare, RAM), RTT_ERR(3));
	GRANTED(RMI(REALM_ACTIVATE, r.rd));
	REFUSED(RMI(DATA_CREATE, r.rd, spare, RAM + PAGE, src, 1), RMI_ERROR_REALM);
	GRANTED(RMI(DATA_CREATE_UNKNOWN, r.rd, spare, RAM + PAGE));	/* any realm state */
	assert_false(touch(RAM + PAGE, &leaf));					/* RIPAS is still EMPTY */
}

static void data_destroy(void **state)
{
	uint64_t x1, x2, data;
	struct fake_leaf leaf;

	(void)state;
	with_tables();
	GRANTED(RMI(RTT_INIT_RIPAS, r.rd, RAM, RAM + 2 * PAGE));
	data = granule1();
	GRANTED(RMI(DATA_CREATE_UNKNOWN, r.rd, data, RAM));
	GRANTED(RMI(DATA_CREATE_UNKNOWN, r.rd, granule1(), RAM + 5 * PAGE));
	REFUSED(RMI(DATA_DESTROY, r.rd + 8, RAM), RMI_ERROR_INPUT);
	REFUSED(RMI(DATA_DESTROY, r.rtt, RAM), RMI_ERROR_INPUT);
	REFUSED(RMI(DATA_DESTROY, r.rd, RAM + 8), RMI_ERROR_INPUT);
	REFUSED(RMI(DATA_DESTROY, r.rd, NSB), RMI_ERROR_INPUT);
	REFUSED(call2(SMC_RMI_DATA_DESTROY, RAM + PAGE, 0, &x1, &x2), RTT_ERR(3));
	assert_int_equal(x2, RAM + 5 * PAGE);
	REFUSED(call2(SMC_RMI_DATA_DESTROY, RAM + BLOCK, 0, &x1, &x2), RTT_ERR(2));
	assert_int_equal(x2, RAM + GIG);
	assert_true(touch(RAM, &leaf));
	assert_true(fake_tlb_holds(pa(data)));
	memset((void *)(uintptr_t)fake_peek(pa(data)), 0x77, PAGE);
	GRANTED(call2(SMC_RMI_DATA_DESTROY, RAM, 0, &x1, &x2));
	assert_int_equal(x1, data);
	assert_int_equal(x2, RAM + 5 * PAGE);
	assert_false(fake_tlb_holds(pa(data)));
	assert_true(fake_page_is_zero(pa(data)));
	ENTRY_IS(RAM, 3, 3, RMI_UNASSIGNED, 0, RMI_DESTROYED);
	GRANTED(call2(SMC_RMI_DATA_DESTROY, RAM + 5 * PAGE, 0, &x1, &x2));
	ENTRY_IS(RAM + 5 * PAGE, 3, 3, RMI_UNASSIGNED, 0, RMI_EMPTY);
	assert_int_equal(x2, RAM + BLOCK);
}

/* VTCR_EL2 says how wide a VMID is: no Realm has run on this CPU, and none need have run there for its calls to reach the Realm's TLB entries. */
static void a_cpu_without_a_realm_removes_translations_of_any_vmid(void **state)
{
	struct fake_leaf leaf;
	uint64_t data;

	(void)state;
	next_vmid = 0x1fe;
	with_tables();
	GRANTED(RMI(RTT_INIT_RIPAS, r.rd, RAM, RAM + PAGE));
	data = granule1();
	GRANTED(RMI(DATA_CREATE_UNKNOWN, r.rd, data, RAM));
	assert_true(touch(RAM, &leaf));
	fake_set_cpu(2);
	GRANTED(RMI(DATA_DESTROY, r.rd, RAM));
	assert_false(fake_tlb_holds(pa(data)));
	fake_set_cpu(0);
}

static void init_ripas(void **state)
{
	uint64_t out[4];

	(void)state;
	with_tables();
	REFUSED(RMI(RTT_INIT_RIPAS, r.rd + 8, RAM, RAM + PAGE), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_INIT_RIPAS, r.rd, RAM, RAM), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_INIT_RIPAS, r.rd, RAM + PAGE, RAM), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_INIT_RIPAS, r.rd, RAM, RAM + 8), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_INIT_RIPAS, r.rd, RAM + 8, RAM + PAGE), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_INIT_RIPAS, r.rd, RAM, NSB + PAGE), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_INIT_RIPAS, r.rd, NSB, NSB + PAGE), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_INIT_RIPAS, r.rd, RAM + BLOCK + PAGE, RAM + 2 * BLOCK), RTT_ERR(2));	/* base in the middle */
	REFUSED(RMI(RTT_INIT_RIPAS, r.rd, RAM + BLOCK, RAM + BLOCK + PAGE), RTT_ERR(2));	/* entry beyond top */
	REFUSED(RMI(RTT_INIT_RIPAS, r.rd, RAM, RAM + BLOCK + 8), RMI_ERROR_INPUT);
	/* stops at the end of the table, and at the first entry that does not fit */
	GRANTED(rmi_call(SMC_RMI_RTT_INIT_RIPAS, (const uint64_t[5]){ r.rd, RAM + BLOCK - 2 * PAGE, RAM + 2 * BLOCK }, out));
	assert_int_equal(out[0], RAM + BLOCK);
	GRANTED(rmi_call(SMC_RMI_RTT_INIT_RIPAS, (const uint64_t[5]){ r.rd, RAM + BLOCK, RAM + 3 * BLOCK + PAGE }, out));
	assert_int_equal(out[0], RAM + 3 * BLOCK);
	ENTRY_IS(RAM + 2 * BLOCK, 3, 2, RMI_UNASSIGNED, 0, RMI_RAM);
	GRANTED(rmi_call(SMC_RMI_RTT_INIT_RIPAS, (const uint64_t[5]){ r.rd, RAM + BLOCK, RAM + 2 * BLOCK }, out));
	GRANTED(RMI(DATA_CREATE_UNKNOWN, r.rd, granule1(), RAM + PAGE));
	REFUSED(RMI(RTT_INIT_RIPAS, r.rd, RAM + PAGE, RAM + 2 * PAGE), RTT_ERR(3));	/* assigned */
	GRANTED(rmi_call(SMC_RMI_RTT_INIT_RIPAS, (const uint64_t[5]){ r.rd, RAM, RAM + 4 * PAGE }, out));
	assert_int_equal(out[0], RAM + PAGE);
	GRANTED(RMI(REALM_ACTIVATE, r.rd));
	REFUSED(RMI(RTT_INIT_RIPAS, r.rd, RAM + 2 * PAGE, RAM + 3 * PAGE), RMI_ERROR_REALM);
	REFUSED(RMI(RTT_INIT_RIPAS, r.rd, RAM + 3 * PAGE, RAM + 2 * PAGE), RMI_ERROR_INPUT);
}

static void unprotected(void **state)
{
	const uint64_t attr = RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW;
	uint64_t host = ns_page(), x1, x2, out[4];
	struct fake_leaf leaf;

	(void)state;
	with_tables();
	map_tables(&r, NSB);
	REFUSED(RMI(RTT_MAP_UNPROTECTED, r.rd + 8, NSB, 3, host | attr), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_MAP_UNPROTECTED, r.rd, NSB, 0, attr), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_MAP_UNPROTECTED, r.rd, NSB, 4, host | attr), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_MAP_UNPROTECTED, r.rd, NSB + 8, 3, host | attr), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_MAP_UNPROTECTED, r.rd, RAM, 3, host | attr), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_MAP_UNPROTECTED, r.rd, 1UL << 39, 3, host | attr), RMI_ERROR_INPUT);
	for (unsigned int bit = 0; bit < 64; bit++)
		if (!(0x0000fffffffff0dcUL >> bit & 1))
			REFUSED(RMI(RTT_MAP_UNPROTECTED, r.rd, NSB, 3, host | attr | 1UL << bit), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_MAP_UNPROTECTED, r.rd, NSB, 3, host | 4UL << 2 | RMI_DESC_S2AP_RW), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_MAP_UNPROTECTED, r.rd, NSB, 2, host | attr), RMI_ERROR_INPUT);	/* address below a block */
	REFUSED(RMI(RTT_MAP_UNPROTECTED, r.rd, NSB + 2 * GIG, 3, host | attr), RTT_ERR(1));
	REFUSED(RMI(RTT_MAP_UNPROTECTED, r.rd, NSB, 2, BLOCK | attr), RTT_ERR(2));	/* a table there */
	GRANTED(RMI(RTT_MAP_UNPROTECTED, r.rd, NSB, 3, host | attr));
	ENTRY_IS(NSB, 3, 3, RMI_ASSIGNED, host | attr, 0);
	REFUSED(RMI(RTT_MAP_UNPROTECTED, r.rd, NSB, 3, host | attr), RTT_ERR(3));
	assert_true(touch(NSB, &leaf));
	assert_true(leaf.ns && !leaf.exec && leaf.pa.v == host);

	REFUSED(RMI(RTT_UNMAP_UNPROTECTED, r.rd + 8, NSB, 3), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_UNMAP_UNPROTECTED, r.rd, NSB, 4), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_UNMAP_UNPROTECTED, r.rd, NSB + 8, 3), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_UNMAP_UNPROTECTED, r.rd, GIG * 2, 3), RMI_ERROR_INPUT);		/* protected, before the walk */
	REFUSED(RMI(RTT_UNMAP_UNPROTECTED, r.rd, NSB + PAGE, 3), RTT_ERR(3));
	REFUSED(RMI(RTT_UNMAP_UNPROTECTED, r.rd, NSB + BLOCK, 3), RTT_ERR(2));
	GRANTED(rmi_call(SMC_RMI_RTT_UNMAP_UNPROTECTED, (const uint64_t[5]){ r.rd, NSB, 3 }, out));
	assert_int_equal(out[0], NSB + BLOCK);
	assert_false(fake_tlb_holds(pa(host)));
	/* a table that holds nothing but unprotected leaves may go, and takes the TLB entries along */
	GRANTED(RMI(RTT_MAP_UNPROTECTED, r.rd, NSB + PAGE, 3, host | attr));
	assert_true(touch(NSB + PAGE, &leaf));
	GRANTED(call2(SMC_RMI_RTT_DESTROY, NSB, 3, &x1, &x2));
	assert_false(fake_tlb_holds(pa(host)));
	ENTRY_IS(NSB, 3, 2, RMI_UNASSIGNED, 0, 0);
}

/* 512 pages in order become a block; creating a table below makes pages of it again. */
static void fold_and_unfold(void **state)
{
	uint64_t data = granules(512, BLOCK), table, out[4], x1, x2;
	struct fake_leaf leaf;

	(void)state;
	with_tables();
	table_arguments(SMC_RMI_RTT_FOLD);
	table = read_entry(RAM, 2).desc;
	GRANTED(RMI(RTT_INIT_RIPAS, r.rd, RAM, RAM + BLOCK));
	for (unsigned int i = 0; i < 512; i++) {
		/* the last two exchanged at first: their addresses do not follow */
		unsigned int at = i < 510 ? i : 1021 - i;

		GRANTED(RMI(DATA_CREATE_UNKNOWN, r.rd, data + i * PAGE, RAM + at * PAGE));
	}
	REFUSED(RMI(RTT_FOLD, r.rd, RAM, 3), RTT_ERR(3));
	GRANTED(RMI(DATA_DESTROY, r.rd, RAM + 510 * PAGE));
	GRANTED(RMI(DATA_DESTROY, r.rd, RAM + 511 * PAGE));
	GRANTED(RMI(DATA_CREATE_UNKNOWN, r.rd, data + 510 * PAGE, RAM + 510 * PAGE));
	GRANTED(RMI(DATA_CREATE_UNKNOWN, r.rd, data + 511 * PAGE, RAM + 511 * PAGE));
	REFUSED(RMI(RTT_FOLD, r.rd, RAM, 3), RTT_ERR(3));		/* RIPAS differs: DESTROYED */
	for (unsigned int i = 0; i < 512; i++)
		GRANTED(RMI(DATA_DESTROY, r.rd, RAM + i * PAGE));
	GRANTED(RMI(RTT_DESTROY, r.rd, RAM, 3));
	GRANTED(RMI(RTT_DESTROY, r.rd, RAM, 2));
	REFUSED(RMI(RTT_INIT_RIPAS, r.rd, RAM, RAM + GIG), RTT_ERR(1));	/* DESTROYED stays */

	/* once more, elsewhere, in order */
	map_tables(&r, 4 * GIG);
	table = read_entry(4 * GIG, 2).desc;
	GRANTED(RMI(RTT_INIT_RIPAS, r.rd, 4 * GIG, 4 * GIG + BLOCK));
	for (unsigned int i = 0; i < 512; i++)
		GRANTED(RMI(DATA_CREATE_UNKNOWN, r.rd, data + i * PAGE, 4 * GIG + i * PAGE));
	assert_true(touch(4 * GIG + 7 * PAGE, &leaf));
	GRANTED(rmi_call(SMC_RMI_RTT_FOLD, (const uint64_t[5]){ r.rd, 4 * GIG, 3 }, out));
	assert_int_equal(out[0], table);
	assert_true(fake_page_is_zero(pa(table)));
	ENTRY_IS(4 * GIG, 3, 2, RMI_ASSIGNED, data, RMI_RAM);
	assert_true(touch(4 * GIG + 7 * PAGE, &leaf));
	assert_true(leaf.level == 2 && leaf.pa.v == data + 7 * PAGE);
	REFUSED(call2(SMC_RMI_DATA_DESTROY, 4 * GIG, 0, &x1, &x2), RTT_ERR(2));
	REFUSED(RMI(RTT_FOLD, r.rd, 4 * GIG, 2), RTT_ERR(2));		/* its neighbours are not the same */
	GRANTED(RMI(RTT_CREATE, r.rd, table, 4 * GIG, 3));
	for (unsigned int i = 0; i < 512; i += 73)
		ENTRY_IS(4 * GIG + i * PAGE, 3, 3, RMI_ASSIGNED, data + i * PAGE, RMI_RAM);
	GRANTED(call2(SMC_RMI_DATA_DESTROY, 4 * GIG + 7 * PAGE, 0, &x1, &x2));
	assert_int_equal(x1, data + 7 * PAGE);
	assert_false(fake_tlb_holds(pa(data + 7 * PAGE)));
}

/* A table of nothing folds at any level, and keeps its RIPAS. */
static void fold_empty(void **state)
{
	uint64_t out[4], x1, x2;

	(void)state;
	with_tables();
	REFUSED(RMI(RTT_FOLD, r.rd, RAM, 2), RTT_ERR(2));		/* a table below */
	GRANTED(RMI(RTT_INIT_RIPAS, r.rd, RAM, RAM + BLOCK));
	GRANTED(rmi_call(SMC_RMI_RTT_FOLD, (const uint64_t[5]){ r.rd, RAM, 3 }, out));
	ENTRY_IS(RAM, 3, 2, RMI_UNASSIGNED, 0, RMI_RAM);
	REFUSED(RMI(RTT_FOLD, r.rd, RAM, 2), RTT_ERR(2));		/* RAM, EMPTY, EMPTY .. */
	GRANTED(RMI(RTT_INIT_RIPAS, r.rd, RAM + BLOCK, RAM + GIG));
	GRANTED(RMI(RTT_FOLD, r.rd, RAM, 2));
	ENTRY_IS(RAM, 3, 1, RMI_UNASSIGNED, 0, RMI_RAM);
	GRANTED(RMI(RTT_CREATE, r.rd, granule1(), RAM, 2));
	ENTRY_IS(RAM + 9 * BLOCK, 2, 2, RMI_UNASSIGNED, 0, RMI_RAM);
	GRANTED(call2(SMC_RMI_RTT_DESTROY, RAM, 2, &x1, &x2));
}

/* Unprotected pages fold only with one set of attributes. */
static void fold_unprotected(void **state)
{
	uint64_t host = fake_alloc(512, BLOCK).v;
	const uint64_t rw = RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW, ro = RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RO;
	struct fake_leaf leaf;

	(void)state;
	with_tables();
	map_tables(&r, NSB);
	for (unsigned int i = 0; i < 512; i++)
		GRANTED(RMI(RTT_MAP_UNPROTECTED, r.rd, NSB + i * PAGE, 3, (host + i * PAGE) | (i == 100 ? ro : rw)));
	REFUSED(RMI(RTT_FOLD, r.rd, NSB, 3), RTT_ERR(3));
	GRANTED(RMI(RTT_UNMAP_UNPROTECTED, r.rd, NSB + 100 * PAGE, 3));
	REFUSED(RMI(RTT_FOLD, r.rd, NSB, 3), RTT_ERR(3));
	GRANTED(RMI(RTT_MAP_UNPROTECTED, r.rd, NSB + 100 * PAGE, 3, (host + 100 * PAGE) | rw));
	assert_true(touch(NSB + 100 * PAGE, &leaf));
	GRANTED(RMI(RTT_FOLD, r.rd, NSB, 3));
	ENTRY_IS(NSB, 3, 2, RMI_ASSIGNED, host | rw, 0);
	assert_true(touch(NSB + 100 * PAGE, &leaf));
	assert_int_equal(leaf.level, 2);
	GRANTED(RMI(RTT_UNMAP_UNPROTECTED, r.rd, NSB, 2));
	assert_false(fake_tlb_holds(pa(host + 100 * PAGE)));
}

/* Unprotected blocks in the start table do not keep a Realm alive, but their TLB entries may not outlive it. */
static void realm_destroy_flushes(void **state)
{
	const uint64_t host = GIG * 1;
	struct fake_leaf leaf;
	uint64_t params;

	(void)state;
	realm_params(&r, &params);
	GRANTED(RMI(REALM_CREATE, r.rd, params));
	GRANTED(RMI(RTT_MAP_UNPROTECTED, r.rd, NSB, 1, host | RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW));
	assert_true(touch(NSB + 5 * PAGE, &leaf));
	assert_true(fake_tlb_holds(pa(host + 5 * PAGE)));
	GRANTED(RMI(REALM_DESTROY, r.rd));
	assert_false(fake_tlb_holds(pa(host + 5 * PAGE)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(rtt_create, reset),
		cmocka_unit_test_setup(read_entry_arguments, reset),
		cmocka_unit_test_setup(rtt_destroy, reset),
		cmocka_unit_test_setup(data_create, reset),
		cmocka_unit_test_setup(data_destroy, reset),
		cmocka_unit_test_setup(a_cpu_without_a_realm_removes_translations_of_any_vmid, reset),
		cmocka_unit_test_setup(init_ripas, reset),
		cmocka_unit_test_setup(unprotected, reset),
		cmocka_unit_test_setup(fold_and_unfold, reset),
		cmocka_unit_test_setup(fold_empty, reset),
		cmocka_unit_test_setup(fold_unprotected, reset),
		cmocka_unit_test_setup(realm_destroy_flushes, reset),
	};

	return cmocka_run_group_tests_name("rtt", tests, NULL, NULL);
}
