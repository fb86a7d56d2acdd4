/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host for tests over the fake machine: builds Realms and workflows by RMI alone. Every helper
 * fails the test at once if a call it needs is refused.
 */
#ifndef TESTS_UNIT_WORLD_H
#define TESTS_UNIT_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../abi/mica.h"
#include "../../abi/mica_blob.h"
#include "../../abi/rmi.h"
#include "../../abi/rsi.h"
#include "../../rmm/realm/rec.h"
#include "../fake/fake.h"

#define PAGE		4096UL
#define RAM_BASE	0x40000000UL
#define RAM_PAGES	4
#define GRANT_BASE	0x1000000000UL
#define WINDOW_BASE	(1UL << 38)

#define RMI(fid, ...)	rmi_call(SMC_RMI_##fid, (const uint64_t[5]){ __VA_ARGS__ }, NULL)
#define MICA(op, ...)	rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ MICA_##op, __VA_ARGS__ }, NULL)

/* The call is refused with @want, and nothing but registers has changed. */
#define REFUSED(call, want)						\
	do {								\
		uint64_t before_ = fake_digest();			\
		uint64_t got_ = (call);					\
		if (got_ != (want))					\
			fail_msg("%s: got 0x%lx, want 0x%lx", #call, got_, (uint64_t)(want)); \
		if (fake_digest() != before_)				\
			fail_msg("%s: refused, but the state changed", #call); \
	} while (0)
#define GRANTED(call)	assert_int_equal((call), RMI_SUCCESS)
#define POLICY(rule)	MICA_POLICY(MICA_RULE_##rule)

static inline uint64_t rmi_call(uint64_t fid, const uint64_t x[5], uint64_t out[4])
{
	return fake_rmi(out, fid, x[0], x[1], x[2], x[3], x[4]);
}

/* A page of the host's, and one given to the monitor. */
static inline uint64_t ns_page(void)
{
	return fake_alloc(1, PAGE).v;
}

static inline uint64_t granules(unsigned int n, uint64_t align)
{
	uint64_t a = fake_alloc(n, align).v;

	for (unsigned int i = 0; i < n; i++)
		GRANTED(RMI(GRANULE_DELEGATE, a + i * PAGE));
	return a;
}

static inline uint64_t granule1(void)
{
	return granules(1, PAGE);
}

struct test_realm {
	uint64_t rd, rtt, rec, run;
	uint16_t vmid;
};

static uint16_t next_vmid;

static inline struct rmi_realm_params *realm_params(struct test_realm *r, uint64_t *pa_out)
{
	struct rmi_realm_params *p;

	*pa_out = ns_page();
	r->rd = granule1();
	r->rtt = granule1();
	r->vmid = ++next_vmid;
	p = fake_ns_va(pa(*pa_out));
	memset(p, 0, PAGE);
	p->s2sz = 39;
	p->num_bps = p->num_wps = 1;
	p->hash_algo = RMI_HASH_SHA_256;
	p->vmid = r->vmid;
	p->rtt_base = r->rtt;
	p->rtt_level_start = 1;
	p->rtt_num_start = 1;
	return p;
}

/* Tables down to level 3 for the 2 MiB at @a. */
static inline void map_tables(struct test_realm *r, uint64_t a)
{
	GRANTED(RMI(RTT_CREATE, r->rd, granule1(), a & ~((1UL << 30) - 1), 2));
	GRANTED(RMI(RTT_CREATE, r->rd, granule1(), a & ~((2UL << 20) - 1), 3));
}

/* RAM_PAGES of unmeasured zeroes, RIPAS RAM. */
static inline void give_ram(struct test_realm *r)
{
	map_tables(r, RAM_BASE);
	GRANTED(RMI(RTT_INIT_RIPAS, r->rd, RAM_BASE, RAM_BASE + RAM_PAGES * PAGE));
	for (unsigned int i = 0; i < RAM_PAGES; i++)
		GRANTED(RMI(DATA_CREATE_UNKNOWN, r->rd, granule1(), RAM_BASE + i * PAGE));
}

static inline struct rmi_rec_params *rec_params(struct test_realm *r, uint64_t *pa_out)
{
	uint64_t count[4];
	struct rmi_rec_params *p;

	*pa_out = ns_page();
	p = fake_ns_va(pa(*pa_out));
	memset(p, 0, PAGE);
	p->flags = RMI_REC_FLAG_RUNNABLE;
	p->pc = RAM_BASE;
	GRANTED(rmi_call(SMC_RMI_REC_AUX_COUNT, (const uint64_t[5]){ r->rd }, count));
	p->num_aux = count[0];
	for (unsigned int i = 0; i < p->num_aux; i++)
		p->aux[i] = granule1();
	return p;
}

static inline void give_rec(struct test_realm *r)
{
	uint64_t params;

	rec_params(r, &params);
	r->rec = granule1();
	r->run = ns_page();
	GRANTED(RMI(REC_CREATE, r->rd, r->rec, params));
}

/* An unbound Realm in state NEW with RAM and one REC. */
static inline void make_realm(struct test_realm *r)
{
	uint64_t params;

	realm_params(r, &params);
	GRANTED(RMI(REALM_CREATE, r->rd, params));
	give_ram(r);
	give_rec(r);
}

static inline struct rmi_rec_run *run_page(const struct test_realm *r)
{
	return fake_ns_va(pa(r->run));
}

static inline uint64_t enter(const struct test_realm *r)
{
	memset(&run_page(r)->exit, 0xa5, sizeof(run_page(r)->exit));
	return RMI(REC_ENTER, r->rec, r->run);
}

/* ---- workflows: role a writes channel c to role b; a has window w, and HOSTCALL ---- */

struct test_blob {
	struct mica_blob_header header;
	struct mica_blob_role role[2];
	struct mica_blob_channel channel[1];
	struct mica_blob_region region[1];
	struct mica_blob_grant grant[2];
};

static inline void fill_blob(struct test_blob *b)
{
	memset(b, 0, sizeof(*b));
	memcpy(b->header.magic, MICA_BLOB_MAGIC, 8);
	b->header.total = sizeof(*b);
	b->header.version = MICA_BLOB_VERSION;
	b->header.roles = b->header.grants = 2;
	b->header.channels = b->header.regions = 1;
	strcpy(b->header.name, "pair");
	for (unsigned int i = 0; i < 2; i++) {
		struct mica_blob_role *r = &b->role[i];

		r->s2sz = 39;
		r->vcpus = r->num_bps = r->num_wps = 1;
		r->ram_base = RAM_BASE;
		r->ram_size = RAM_PAGES * PAGE;
		r->grant_first = (uint16_t)i;
		r->grant_count = 1;
		r->region_first = (uint16_t)i;
		r->region_count = i == 0;
		r->name[0] = (char)('a' + i);
		strcpy(b->grant[i].name, "c");
		b->grant[i].role = (uint8_t)i;
		b->grant[i].ipa = GRANT_BASE;
	}
	b->role[0].rights = MICA_RIGHT_HOSTCALL;
	b->grant[0].rights = MICA_GRANT_RW;
	b->grant[0].signal = MICA_NO_SIGNAL;
	b->grant[1].rights = MICA_GRANT_R;
	b->grant[1].signal = 0;
	strcpy(b->channel[0].name, "c");
	b->channel[0].pages = 1;
	b->channel[0].flags = MICA_CHAN_SIGNAL;
	b->channel[0].grants = 2;
	strcpy(b->region[0].name, "w");
	b->region[0].base = WINDOW_BASE;
	b->region[0].pages = 1;
	b->region[0].kind = MICA_REGION_WINDOW;
	b->region[0].rights = MICA_REGION_WRITE;
}

struct test_wf {
	uint64_t wf, params, blob_pa, channel, window;
	struct test_blob *blob;
	struct mica_wf_params *p;
	struct test_realm realm[2];
};

/* Everything WF_CREATE needs, not called yet. */
static inline void prepare_wf(struct test_wf *w)
{
	memset(w, 0, sizeof(*w));
	w->wf = granule1();
	w->params = ns_page();
	w->blob_pa = ns_page();
	w->blob = fake_ns_va(pa(w->blob_pa));
	fill_blob(w->blob);
	w->p = fake_ns_va(pa(w->params));
	memset(w->p, 0, PAGE);
	w->p->blob_pa = w->blob_pa;
	w->p->blob_size = sizeof(*w->blob);
	w->p->n_aux = mica_wf_aux_count(sizeof(*w->blob), 2, 1, 0);
	for (unsigned int i = 0; i < w->p->n_aux; i++)
		w->p->aux[i] = granule1();
}

static inline void make_wf(struct test_wf *w)
{
	prepare_wf(w);
	GRANTED(MICA(WF_CREATE, w->wf, w->params));
	w->channel = granule1();
	GRANTED(MICA(CHAN_ADD, w->wf, 0, w->channel));
}

static inline void bind_role(struct test_wf *w, unsigned int role)
{
	uint64_t params;

	realm_params(&w->realm[role], &params);
	GRANTED(rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ MICA_REALM_CREATE, w->realm[role].rd, params,
							    w->wf, role }, NULL));
}

static inline uint64_t window_desc(const struct test_wf *w)
{
	return w->window | RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_WO;
}

/* Bound, everything in place, not activated. */
static inline void load_role(struct test_wf *w, unsigned int role)
{
	struct test_realm *r = &w->realm[role];

	bind_role(w, role);
	give_ram(r);
	map_tables(r, GRANT_BASE);
	GRANTED(MICA(CHAN_MAP, r->rd, 0, 0, 3));
	if (role == 0) {
		map_tables(r, WINDOW_BASE);
		w->window = ns_page();
		GRANTED(RMI(RTT_MAP_UNPROTECTED, r->rd, WINDOW_BASE, 3, window_desc(w)));
	}
	give_rec(r);
}

/* Both roles sealed and the workflow ACTIVE. */
static inline void start_wf(struct test_wf *w)
{
	make_wf(w);
	for (unsigned int i = 0; i < 2; i++) {
		load_role(w, i);
		GRANTED(RMI(REALM_ACTIVATE, w->realm[i].rd));
	}
	GRANTED(MICA(WF_ACTIVATE, w->wf));
}

static inline uint64_t wf_info(const struct test_wf *w, uint64_t sel, uint64_t index, uint64_t out[4])
{
	return rmi_call(SMC_RMI_MICA, (const uint64_t[5]){ MICA_WF_INFO, w->wf, sel, index }, out);
}

static inline uint64_t role_state_of(const struct test_wf *w, unsigned int role)
{
	uint64_t out[4];

	GRANTED(wf_info(w, MICA_INFO_ROLE, role, out));
	return out[0];
}

static inline int reset(void **state)
{
	(void)state;
	fake_reset();
	fake_set_realm(NULL);
	next_vmid = 0;
	return 0;
}

/* What a Realm leaves in registers that 1.0 reports. */
static inline void leave_traces(void)
{
	fake_regs()->CNTV_CTL_EL02 = 1;
	fake_regs()->CNTV_CVAL_EL02 = 0x1111;
	fake_regs()->CNTP_CTL_EL02 = 2;
	fake_regs()->CNTP_CVAL_EL02 = 0x2222;
	fake_regs()->ICH_VMCR_EL2 = 0xff;
	fake_regs()->ICH_MISR_EL2 = 1;
	fake_regs()->ICH_LR0_EL2 = 1UL << 62 | 40;
	fake_regs()->ICH_HCR_EL2 |= 3UL << 27;
}

#endif
