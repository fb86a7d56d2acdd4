/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workflows from creation to destruction: every refusal of the operations with its rule and without a trace, every
 * grant beside it. Invariants by number are those of docs/spec/extension.md section 13.
 */
#include "world.h"

static void features_tell_magic_limits_and_what_is_there(void **state)
{
	uint64_t out[4];

	(void)state;
	GRANTED(rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ MICA_FEATURES }, out));
	assert_int_equal(out[0], MICA_MAGIC_VERSION);
	assert_int_equal(out[1] & 0xff, MICA_MAX_ROLES);
	assert_int_equal(out[1] >> 40 & 0xff, MICA_MAX_GATES);
	assert_int_equal(out[1] >> 48, MICA_GATE_DEPTH);
	assert_int_equal(out[2], MICA_FEAT_GATES | MICA_FEAT_SIGNALS | MICA_FEAT_VTIMER | MICA_FEAT_AUDIT);
}

static void unknown_operations_are_not_supported(void **state)
{
	(void)state;
	REFUSED(rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ 13 }, NULL), SMCCC_NOT_SUPPORTED);
	REFUSED(rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ ~0UL }, NULL), SMCCC_NOT_SUPPORTED);
}

/* ---- WF_CREATE ---- */

static void create_refuses_bad_arguments(void **state)
{
	struct test_wf w;
	uint64_t save;

	(void)state;
	prepare_wf(&w);
	REFUSED(MICA(WF_CREATE, ns_page(), w.params), RMI_ERROR_INPUT);
	REFUSED(MICA(WF_CREATE, w.wf + 8, w.params), RMI_ERROR_INPUT);
	REFUSED(MICA(WF_CREATE, w.wf, w.wf), RMI_ERROR_INPUT);		/* not host memory */
	REFUSED(MICA(WF_CREATE, w.wf, w.params + 8), RMI_ERROR_INPUT);
#define WITH(field, value) do { save = w.p->field; w.p->field = (value);	\
		REFUSED(MICA(WF_CREATE, w.wf, w.params), RMI_ERROR_INPUT); w.p->field = save; } while (0)
	WITH(blob_pa, w.blob_pa + 64);
	WITH(blob_pa, w.wf);					/* the blob is not host memory */
	WITH(blob_size, 0);
	WITH(n_aux, 0);
	WITH(n_aux, w.p->n_aux - 1);
	WITH(n_aux, MICA_WF_MAX_AUX + 1);
	WITH(z0[3], 1);
	WITH(z1[0], 1);
	WITH(aux[0], w.wf);					/* listed twice */
	WITH(aux[1], w.p->aux[0]);
	WITH(aux[0], ns_page());
	WITH(aux[0], w.p->aux[0] + 1);
	WITH(aux[w.p->n_aux], w.p->aux[0]);			/* beyond n_aux everything is zero */
#undef WITH
	GRANTED(MICA(WF_CREATE, w.wf, w.params));
}

static void create_refuses_a_blob_by_its_rule(void **state)
{
	struct test_wf w;
	uint64_t out[4];

	(void)state;
	prepare_wf(&w);
	w.blob->role[1].name[0] = 'a';		/* names no longer ascend */
	REFUSED(MICA(WF_CREATE, w.wf, w.params), POLICY(BLOB));
	rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ MICA_WF_CREATE, w.wf, w.params }, out);
	assert_int_equal(out[0], MICA_BLOB_RULE_ORDER);
	w.blob->role[1].name[0] = 'b';
	w.p->blob_size = MICA_BLOB_MAX + PAGE;
	REFUSED(MICA(WF_CREATE, w.wf, w.params), POLICY(LIMIT));
	w.p->blob_size = sizeof(*w.blob);
	GRANTED(MICA(WF_CREATE, w.wf, w.params));
}

static void create_refuses_what_it_cannot_enforce(void **state)
{
	struct test_wf w;

	(void)state;
	prepare_wf(&w);
	w.blob->role[0].flags = MICA_ROLE_SVE;
	REFUSED(MICA(WF_CREATE, w.wf, w.params), SMCCC_NOT_SUPPORTED);
	w.blob->role[0].flags = 0;
	w.blob->role[0].rights = MICA_RIGHT_AUDIT | MICA_RIGHT_PSCI | MICA_RIGHT_TIMER;
	GRANTED(MICA(WF_CREATE, w.wf, w.params));
}

static void create_needs_randomness(void **state)
{
	struct test_wf w;

	(void)state;
	prepare_wf(&w);
	fake_random_enable(false);
	REFUSED(MICA(WF_CREATE, w.wf, w.params), SMCCC_NOT_SUPPORTED);
	fake_random_enable(true);
	GRANTED(MICA(WF_CREATE, w.wf, w.params));
}

static void instances_of_one_policy_differ(void **state)
{
	struct test_wf w[2];
	uint64_t id[2][4], instance[2][4];

	(void)state;
	for (int i = 0; i < 2; i++) {
		make_wf(&w[i]);
		GRANTED(wf_info(&w[i], MICA_INFO_WORKFLOW_ID, 0, id[i]));
		GRANTED(wf_info(&w[i], MICA_INFO_INSTANCE_ID, 0, instance[i]));
	}
	assert_memory_equal(id[0], id[1], 32);
	assert_memory_not_equal(instance[0], instance[1], 32);
}

static void a_blob_changed_after_creation_changes_nothing(void **state)
{
	struct test_wf w;
	uint64_t before[4], after[4];

	(void)state;
	make_wf(&w);
	GRANTED(wf_info(&w, MICA_INFO_WORKFLOW_ID, 0, before));
	memset(w.blob, 0xff, sizeof(*w.blob));
	GRANTED(wf_info(&w, MICA_INFO_WORKFLOW_ID, 0, after));
	assert_memory_equal(before, after, 32);
	fill_blob(w.blob);
	bind_role(&w, 0);
}

/* ---- channels ---- */

static void channel_pages_are_taken_in_order_and_once(void **state)
{
	struct test_wf w;
	uint64_t page, out[4];

	(void)state;
	prepare_wf(&w);
	w.blob->channel[0].pages = 3;
	GRANTED(MICA(WF_CREATE, w.wf, w.params));
	page = granules(4, PAGE);
	REFUSED(MICA(CHAN_ADD, w.wf, 1, page), RMI_ERROR_INPUT);
	REFUSED(MICA(CHAN_ADD, w.wf, 0, ns_page()), RMI_ERROR_INPUT);
	REFUSED(MICA(CHAN_ADD, w.wf, 0, w.wf), RMI_ERROR_INPUT);
	REFUSED(MICA(CHAN_ADD, page, 0, page), RMI_ERROR_INPUT);
	GRANTED(MICA(CHAN_ADD, w.wf, 0, page));
	REFUSED(MICA(CHAN_ADD, w.wf, 0, page), RMI_ERROR_INPUT);		/* twice */
	REFUSED(MICA(CHAN_ADD, w.wf, 0, page + 2 * PAGE), RMI_ERROR_INPUT);	/* a hole */
	REFUSED(RMI(GRANULE_UNDELEGATE, page), RMI_ERROR_INPUT);		/* I3 */
	GRANTED(MICA(CHAN_ADD, w.wf, 0, page + PAGE));
	GRANTED(MICA(CHAN_ADD, w.wf, 0, page + 2 * PAGE));
	REFUSED(MICA(CHAN_ADD, w.wf, 0, page + 3 * PAGE), POLICY(LIMIT));
	for (int i = 2; i >= 0; i--) {
		GRANTED(rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ MICA_CHAN_REMOVE, w.wf, 0 }, out));
		assert_int_equal(out[0], page + (uint64_t)i * PAGE);
	}
	REFUSED(MICA(CHAN_REMOVE, w.wf, 0), RMI_ERROR_INPUT);
	GRANTED(RMI(GRANULE_UNDELEGATE, page));
}

static void mapping_follows_grant_and_state(void **state)
{
	struct test_wf w;
	struct test_realm *r = &w.realm[0];

	(void)state;
	make_wf(&w);
	bind_role(&w, 0);
	REFUSED(MICA(CHAN_MAP, r->rd, 1, 0, 3), POLICY(NO_RIGHT));
	REFUSED(MICA(CHAN_MAP, r->rd, 0, PAGE, 3), RMI_ERROR_INPUT);
	REFUSED(MICA(CHAN_MAP, r->rd, 0, 8, 3), RMI_ERROR_INPUT);
	REFUSED(MICA(CHAN_MAP, r->rd, 0, 0, 1), RMI_ERROR_INPUT);
	REFUSED(MICA(CHAN_MAP, r->rd, 0, 0, 2), RMI_ERROR_INPUT);
	REFUSED(MICA(CHAN_MAP, r->rd, 0, 0, 3), RMI_RET(RMI_ERROR_RTT, 1));
	map_tables(r, GRANT_BASE);
	REFUSED(MICA(CHAN_UNMAP, r->rd, 0, 0, 3), RMI_RET(RMI_ERROR_RTT, 3));
	GRANTED(MICA(CHAN_MAP, r->rd, 0, 0, 3));
	REFUSED(MICA(CHAN_MAP, r->rd, 0, 0, 3), RMI_RET(RMI_ERROR_RTT, 3));
	REFUSED(MICA(CHAN_REMOVE, w.wf, 0), POLICY(IN_USE));
	REFUSED(RMI(DATA_DESTROY, r->rd, GRANT_BASE), RMI_RET(RMI_ERROR_RTT, 3));
	GRANTED(MICA(CHAN_UNMAP, r->rd, 0, 0, 3));
	GRANTED(MICA(CHAN_REMOVE, w.wf, 0));
	REFUSED(MICA(CHAN_MAP, r->rd, 0, 0, 3), POLICY(INCOMPLETE));
}

/* I1: each side's leaf has its own rights and never more. */
static void leaves_have_the_rights_of_the_policy(void **state)
{
	struct test_wf w;
	struct fake_leaf leaf;
	struct rd *rd;

	(void)state;
	start_wf(&w);
	rd = arch_granule_va(pa(w.realm[0].rd));
	assert_true(fake_realm_touch(&rd->s2, ipa(GRANT_BASE), &leaf));
	assert_int_equal(leaf.pa.v, w.channel);
	assert_int_equal(leaf.s2ap, 3);
	assert_false(leaf.exec || leaf.ns);
	assert_true(fake_realm_touch(&rd->s2, ipa(WINDOW_BASE), &leaf));
	assert_int_equal(leaf.s2ap, 2);				/* write only */
	assert_true(leaf.ns && !leaf.exec);
	rd = arch_granule_va(pa(w.realm[1].rd));
	assert_true(fake_realm_touch(&rd->s2, ipa(GRANT_BASE), &leaf));
	assert_int_equal(leaf.pa.v, w.channel);
	assert_int_equal(leaf.s2ap, 1);				/* read only */
	assert_false(fake_realm_touch(&rd->s2, ipa(WINDOW_BASE), &leaf));
}

/* ---- Realms of a workflow ---- */

static void only_the_recorded_shape_is_bound(void **state)
{
	struct rmi_realm_params *p;
	struct test_realm r;
	struct test_wf w;
	uint64_t params;

	(void)state;
	make_wf(&w);
	p = realm_params(&r, &params);
#define BIND(role) rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ MICA_REALM_CREATE, r.rd, params, w.wf, role }, NULL)
	REFUSED(BIND(2), RMI_ERROR_INPUT);
	p->hash_algo = RMI_HASH_SHA_512;
	REFUSED(BIND(0), POLICY(SHAPE));
	p->hash_algo = RMI_HASH_SHA_256;
	p->rpv[63] = 1;
	REFUSED(BIND(0), POLICY(SHAPE));
	p->rpv[63] = 0;
	p->num_bps = 2;
	REFUSED(BIND(0), POLICY(SHAPE));
	p->num_bps = 1;
	p->s2sz = 38;
	REFUSED(BIND(0), POLICY(SHAPE));
	p->s2sz = 39;
	p->flags = RMI_REALM_FLAG_PMU;			/* good for an unbound Realm */
	REFUSED(BIND(0), POLICY(SHAPE));
	p->pmu_num_ctrs = 6;
	REFUSED(BIND(0), POLICY(SHAPE));
	p->pmu_num_ctrs = 7;				/* for none */
	REFUSED(BIND(0), RMI_ERROR_INPUT);
	p->flags = p->pmu_num_ctrs = 0;
	REFUSED(rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ MICA_REALM_CREATE, r.rd, params, r.rd, 0 }, NULL),
		RMI_ERROR_INPUT);
	GRANTED(BIND(0));
	realm_params(&r, &params);
	REFUSED(BIND(0), POLICY(ROLE_STATE));
	GRANTED(MICA(WF_STOP, w.wf));
	REFUSED(BIND(1), POLICY(WF_STATE));
#undef BIND
}

static void memory_and_windows_stay_inside_the_policy(void **state)
{
	struct test_wf w;
	struct test_realm *r = &w.realm[0];
	uint64_t page, top = RAM_BASE + RAM_PAGES * PAGE;

	(void)state;
	make_wf(&w);
	load_role(&w, 0);
	page = granule1();
	REFUSED(RMI(DATA_CREATE_UNKNOWN, r->rd, page, top), POLICY(LAYOUT));
	REFUSED(RMI(DATA_CREATE, r->rd, page, top, ns_page(), 0), POLICY(LAYOUT));
	REFUSED(RMI(RTT_INIT_RIPAS, r->rd, top, top + PAGE), POLICY(LAYOUT));
	REFUSED(RMI(DATA_CREATE_UNKNOWN, r->rd, w.channel, RAM_BASE), RMI_ERROR_INPUT);
	GRANTED(RMI(RTT_UNMAP_UNPROTECTED, r->rd, WINDOW_BASE, 3));
	REFUSED(RMI(RTT_MAP_UNPROTECTED, r->rd, WINDOW_BASE, 3, w.window | RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW),
		POLICY(WINDOW));
	REFUSED(RMI(RTT_MAP_UNPROTECTED, r->rd, WINDOW_BASE, 3, w.window | RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RO),
		POLICY(WINDOW));
	REFUSED(RMI(RTT_MAP_UNPROTECTED, r->rd, WINDOW_BASE, 3, w.window | RMI_DESC_S2AP_WO), POLICY(WINDOW));
	REFUSED(RMI(RTT_MAP_UNPROTECTED, r->rd, WINDOW_BASE + PAGE, 3, window_desc(&w)), POLICY(WINDOW));
	/* a block begins in the window and goes beyond it */
	REFUSED(RMI(RTT_MAP_UNPROTECTED, r->rd, WINDOW_BASE, 2, RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_WO), POLICY(WINDOW));
	GRANTED(RMI(RTT_MAP_UNPROTECTED, r->rd, WINDOW_BASE, 3, window_desc(&w)));
}

static void a_role_is_sealed_only_complete(void **state)
{
	struct test_wf w;
	struct test_realm *r = &w.realm[0];

	(void)state;
	make_wf(&w);
	load_role(&w, 0);
	GRANTED(MICA(CHAN_UNMAP, r->rd, 0, 0, 3));
	REFUSED(RMI(REALM_ACTIVATE, r->rd), POLICY(INCOMPLETE));
	GRANTED(MICA(CHAN_MAP, r->rd, 0, 0, 3));
	GRANTED(RMI(RTT_UNMAP_UNPROTECTED, r->rd, WINDOW_BASE, 3));
	REFUSED(RMI(REALM_ACTIVATE, r->rd), POLICY(INCOMPLETE));
	GRANTED(RMI(RTT_MAP_UNPROTECTED, r->rd, WINDOW_BASE, 3, window_desc(&w)));
	GRANTED(RMI(DATA_DESTROY, r->rd, RAM_BASE + PAGE));
	REFUSED(RMI(REALM_ACTIVATE, r->rd), POLICY(INCOMPLETE));
	/* DESTROYED cannot become RAM again by the host alone: this Realm never runs */
	GRANTED(RMI(DATA_CREATE_UNKNOWN, r->rd, granule1(), RAM_BASE + PAGE));
	REFUSED(RMI(REALM_ACTIVATE, r->rd), POLICY(INCOMPLETE));
	load_role(&w, 1);
	GRANTED(RMI(REALM_ACTIVATE, w.realm[1].rd));
}

static void a_missing_rec_is_a_wrong_shape(void **state)
{
	struct test_wf w;

	(void)state;
	make_wf(&w);
	load_role(&w, 1);
	GRANTED(RMI(REC_DESTROY, w.realm[1].rec));
	REFUSED(RMI(REALM_ACTIVATE, w.realm[1].rd), POLICY(SHAPE));
}

static void a_pinned_role_takes_one_measurement(void **state)
{
	struct test_wf w;
	struct rd *rd;
	uint8_t rim[64];

	(void)state;
	make_wf(&w);			/* not pinned: learn what this load measures */
	load_role(&w, 1);
	rd = arch_granule_va(pa(w.realm[1].rd));
	memcpy(rim, rd->measurement[0], sizeof(rim));

	for (int wrong = 1; wrong >= 0; wrong--) {
		prepare_wf(&w);
		w.blob->role[1].flags = MICA_ROLE_PINNED;
		memcpy(w.blob->role[1].rim, rim, sizeof(rim));
		w.blob->role[1].rim[31] ^= (uint8_t)wrong;
		GRANTED(MICA(WF_CREATE, w.wf, w.params));
		w.channel = granule1();
		GRANTED(MICA(CHAN_ADD, w.wf, 0, w.channel));
		load_role(&w, 1);
		if (wrong)
			REFUSED(RMI(REALM_ACTIVATE, w.realm[1].rd), POLICY(RIM));
		else
			GRANTED(RMI(REALM_ACTIVATE, w.realm[1].rd));
	}
}

static void a_workflow_starts_only_with_every_role(void **state)
{
	struct test_wf w;

	(void)state;
	make_wf(&w);
	REFUSED(MICA(WF_ACTIVATE, w.wf), POLICY(ROLE_STATE));
	load_role(&w, 0);
	GRANTED(RMI(REALM_ACTIVATE, w.realm[0].rd));
	REFUSED(MICA(WF_ACTIVATE, w.wf), POLICY(ROLE_STATE));
	REFUSED(RMI(REC_ENTER, w.realm[0].rec, w.realm[0].run), POLICY(WF_STATE));	/* I5 */
	load_role(&w, 1);
	GRANTED(RMI(REALM_ACTIVATE, w.realm[1].rd));
	GRANTED(MICA(WF_ACTIVATE, w.wf));
	REFUSED(MICA(WF_ACTIVATE, w.wf), POLICY(WF_STATE));
	GRANTED(enter(&w.realm[0]));
}

/* ---- sealed (I2), and the way down ---- */

static void nothing_of_a_sealed_realm_changes(void **state)
{
	struct test_wf w;
	struct test_realm *r = &w.realm[0];
	uint64_t page;

	(void)state;
	start_wf(&w);
	page = granule1();
	REFUSED(RMI(DATA_DESTROY, r->rd, RAM_BASE), POLICY(SEALED));
	REFUSED(RMI(DATA_CREATE_UNKNOWN, r->rd, page, RAM_BASE), POLICY(SEALED));
	REFUSED(RMI(DATA_CREATE, r->rd, page, RAM_BASE, ns_page(), 0), RMI_ERROR_REALM);
	REFUSED(RMI(RTT_CREATE, r->rd, page, 0x80000000, 2), POLICY(SEALED));
	REFUSED(RMI(RTT_DESTROY, r->rd, RAM_BASE, 3), POLICY(SEALED));
	REFUSED(RMI(RTT_FOLD, r->rd, RAM_BASE, 3), POLICY(SEALED));
	REFUSED(RMI(RTT_MAP_UNPROTECTED, r->rd, WINDOW_BASE + PAGE, 3, window_desc(&w)), POLICY(SEALED));
	REFUSED(RMI(RTT_UNMAP_UNPROTECTED, r->rd, WINDOW_BASE, 3), POLICY(SEALED));
	REFUSED(MICA(CHAN_UNMAP, r->rd, 0, 0, 3), POLICY(ROLE_STATE));
	REFUSED(MICA(CHAN_MAP, r->rd, 0, 0, 3), POLICY(ROLE_STATE));
	REFUSED(MICA(CHAN_REMOVE, w.wf, 0), POLICY(WF_STATE));
	REFUSED(MICA(CHAN_ADD, w.wf, 0, page), POLICY(WF_STATE));
	REFUSED(RMI(REC_DESTROY, r->rec), POLICY(SEALED));
	REFUSED(RMI(REALM_DESTROY, r->rd), POLICY(SEALED));
	REFUSED(RMI(GRANULE_UNDELEGATE, w.channel), RMI_ERROR_INPUT);
	REFUSED(RMI(GRANULE_UNDELEGATE, w.wf), RMI_ERROR_INPUT);
	REFUSED(RMI(GRANULE_UNDELEGATE, w.p->aux[0]), RMI_ERROR_INPUT);
	REFUSED(MICA(WF_DESTROY, w.wf), POLICY(WF_STATE));
	/* the control: an unbound Realm lets the host do it */
	{
		struct test_realm u;

		make_realm(&u);
		GRANTED(RMI(REALM_ACTIVATE, u.rd));
		GRANTED(RMI(DATA_DESTROY, u.rd, RAM_BASE));
		GRANTED(RMI(REC_DESTROY, u.rec));
	}
}

static void take_down(struct test_wf *w, unsigned int role)
{
	struct test_realm *r = &w->realm[role];

	GRANTED(RMI(REC_DESTROY, r->rec));
	GRANTED(MICA(CHAN_UNMAP, r->rd, 0, 0, 3));
	for (unsigned int i = 0; i < RAM_PAGES; i++)
		GRANTED(RMI(DATA_DESTROY, r->rd, RAM_BASE + i * PAGE));
	if (role == 0)
		GRANTED(RMI(RTT_UNMAP_UNPROTECTED, r->rd, WINDOW_BASE, 3));
	for (uint64_t a = RAM_BASE; ; a = a == RAM_BASE ? GRANT_BASE : WINDOW_BASE) {
		GRANTED(RMI(RTT_DESTROY, r->rd, a, 3));
		GRANTED(RMI(RTT_DESTROY, r->rd, a & ~((1UL << 30) - 1), 2));
		if (a == (role == 0 ? WINDOW_BASE : GRANT_BASE))
			break;
	}
	GRANTED(RMI(REALM_DESTROY, r->rd));
}

/* A role that drains loses its channels before its tables: no TLB entry and, if it could write, no byte stays behind. */
static void unmapping_flushes_and_wipes(void **state)
{
	struct test_wf w;
	struct fake_leaf leaf;
	uint8_t *page;

	(void)state;
	start_wf(&w);
	page = arch_granule_va(pa(w.channel));
	for (unsigned int i = 0; i < 2; i++) {
		struct rd *rd = arch_granule_va(pa(w.realm[i].rd));

		assert_true(fake_realm_touch(&rd->s2, ipa(GRANT_BASE), &leaf));
	}
	GRANTED(MICA(WF_STOP, w.wf));
	memset(page, 0x5a, PAGE);
	GRANTED(MICA(CHAN_UNMAP, w.realm[1].rd, 0, 0, 3));
	assert_int_equal(page[7], 0x5a);			/* the reader has written nothing */
	assert_true(fake_tlb_holds(pa(w.channel)));		/* the writer's entry */
	GRANTED(MICA(CHAN_UNMAP, w.realm[0].rd, 0, 0, 3));
	assert_false(fake_tlb_holds(pa(w.channel)));
	assert_true(fake_page_is_zero(pa(w.channel)));
	REFUSED(MICA(CHAN_UNMAP, w.realm[0].rd, 0, 0, 3), RMI_RET(RMI_ERROR_RTT, 3));
}

static void everything_comes_back_wiped(void **state)
{
	struct test_wf w;
	struct rd *rd;
	struct fake_leaf leaf;

	(void)state;
	start_wf(&w);
	rd = arch_granule_va(pa(w.realm[1].rd));
	assert_true(fake_realm_touch(&rd->s2, ipa(GRANT_BASE), &leaf));		/* into the TLB */
	memset(arch_granule_va(pa(w.channel)), 0x5a, PAGE);			/* a secret of the roles */
	GRANTED(MICA(WF_STOP, w.wf));
	GRANTED(MICA(WF_STOP, w.wf));						/* idempotent */
	REFUSED(RMI(REC_ENTER, w.realm[0].rec, w.realm[0].run), POLICY(WF_STATE));
	REFUSED(MICA(WF_DESTROY, w.wf), POLICY(IN_USE));			/* I4 */
	REFUSED(MICA(CHAN_REMOVE, w.wf, 0), POLICY(IN_USE));
	assert_int_equal(role_state_of(&w, 0), MICA_ROLE_DRAINING);
	take_down(&w, 1);
	assert_int_equal(role_state_of(&w, 1), MICA_ROLE_EMPTY);
	REFUSED(MICA(CHAN_REMOVE, w.wf, 0), POLICY(IN_USE));			/* the other sharer has it mapped */
	take_down(&w, 0);
	assert_false(fake_tlb_holds(pa(w.channel)));				/* I3 */
	REFUSED(MICA(WF_DESTROY, w.wf), POLICY(IN_USE));			/* a channel page is left */
	GRANTED(MICA(CHAN_REMOVE, w.wf, 0));
	assert_true(fake_page_is_zero(pa(w.channel)));
	GRANTED(MICA(WF_DESTROY, w.wf));
	assert_true(fake_page_is_zero(pa(w.wf)));
	assert_true(fake_page_is_zero(pa(w.p->aux[0])));
	GRANTED(RMI(GRANULE_UNDELEGATE, w.wf));
	GRANTED(RMI(GRANULE_UNDELEGATE, w.p->aux[0]));
	GRANTED(RMI(GRANULE_UNDELEGATE, w.channel));
}

static void info_refuses_what_is_not_there(void **state)
{
	struct test_wf w;
	uint64_t out[4];

	(void)state;
	make_wf(&w);
	REFUSED(wf_info(&w, MICA_INFO_ROLE, 2, out), RMI_ERROR_INPUT);
	REFUSED(wf_info(&w, MICA_INFO_CHANNEL, 1, out), RMI_ERROR_INPUT);
	REFUSED(wf_info(&w, 5, 0, out), RMI_ERROR_INPUT);
	GRANTED(wf_info(&w, MICA_INFO_CHANNEL, 0, out));
	assert_int_equal(out[0], w.channel);
	assert_int_equal(out[1], 1);
	REFUSED(MICA(AUDIT_READ, w.wf, 0, MICA_RULE_PSCI), POLICY(NO_RIGHT));
	REFUSED(MICA(AUDIT_READ, w.wf, 0, 0), RMI_ERROR_INPUT);
	REFUSED(MICA(AUDIT_READ, w.wf, 0, MICA_RULES), RMI_ERROR_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(features_tell_magic_limits_and_what_is_there, reset),
		cmocka_unit_test_setup(unknown_operations_are_not_supported, reset),
		cmocka_unit_test_setup(create_refuses_bad_arguments, reset),
		cmocka_unit_test_setup(create_refuses_a_blob_by_its_rule, reset),
		cmocka_unit_test_setup(create_refuses_what_it_cannot_enforce, reset),
		cmocka_unit_test_setup(create_needs_randomness, reset),
		cmocka_unit_test_setup(instances_of_one_policy_differ, reset),
		cmocka_unit_test_setup(a_blob_changed_after_creation_changes_nothing, reset),
		cmocka_unit_test_setup(channel_pages_are_taken_in_order_and_once, reset),
		cmocka_unit_test_setup(mapping_follows_grant_and_state, reset),
		cmocka_unit_test_setup(leaves_have_the_rights_of_the_policy, reset),
		cmocka_unit_test_setup(only_the_recorded_shape_is_bound, reset),
		cmocka_unit_test_setup(memory_and_windows_stay_inside_the_policy, reset),
		cmocka_unit_test_setup(a_role_is_sealed_only_complete, reset),
		cmocka_unit_test_setup(a_missing_rec_is_a_wrong_shape, reset),
		cmocka_unit_test_setup(a_pinned_role_takes_one_measurement, reset),
		cmocka_unit_test_setup(a_workflow_starts_only_with_every_role, reset),
		cmocka_unit_test_setup(nothing_of_a_sealed_realm_changes, reset),
		cmocka_unit_test_setup(unmapping_flushes_and_wipes, reset),
		cmocka_unit_test_setup(everything_comes_back_wiped, reset),
		cmocka_unit_test_setup(info_refuses_what_is_not_there, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
