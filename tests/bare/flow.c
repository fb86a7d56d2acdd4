/* SPDX-License-Identifier: Apache-2.0 */
/* A workflow of two, built and taken down. */
#include "flow.h"

struct blob {
	struct mica_blob_header header;
	struct mica_blob_role role[FLOW_ROLES];
	struct mica_blob_region region[FLOW_ROLES];
};

struct gate_blob {
	struct mica_blob_header header;
	struct mica_blob_role role[FLOW_ROLES];
	struct mica_blob_gate gate;
	struct mica_blob_region region[FLOW_ROLES];
};

static void copy_name(char *to, const char *from)
{
	while (*from != '\0')
		*to++ = *from++;
}

static void fill_roles(struct mica_blob_role *r, struct mica_blob_region *w, const struct flow_role *roles)
{
	for (unsigned int i = 0; i < FLOW_ROLES; i++) {
		r[i].rights = roles[i].rights;
		r[i].s2sz = REALM_S2SZ;
		r[i].vcpus = r[i].num_bps = r[i].num_wps = 1;
		r[i].ram_size = (uint64_t)(realm_image_end - realm_image);
		copy_name(r[i].name, roles[i].name);
		r[i].region_first = (uint16_t)i;
		r[i].region_count = 1;
		w[i] = (struct mica_blob_region){ .name = "shared", .base = REALM_UNPROT, .pages = 1, .role = (uint8_t)i,
			.kind = MICA_REGION_WINDOW, .rights = MICA_REGION_READ | MICA_REGION_WRITE };
	}
}

/* One word there, two back. */
static uint32_t fill_blob(void *at, const struct flow_role *roles, bool gate)
{
	struct mica_blob_header *h = at;
	struct gate_blob *with = at;
	struct blob *without = at;

	memcpy(h->magic, MICA_BLOB_MAGIC, sizeof(h->magic));
	h->version = MICA_BLOB_VERSION;
	h->total = gate ? sizeof(*with) : sizeof(*without);
	h->roles = h->regions = FLOW_ROLES;
	h->gates = gate;
	copy_name(h->name, "flow");
	fill_roles(with->role, gate ? with->region : without->region, roles);
	if (gate)
		with->gate = (struct mica_blob_gate){ .caller_name = "there", .callee_name = "here", .callee = 1, .args = 1, .results = 2 };
	return h->total;
}

static void create_wf(struct flow *f, const struct flow_role *roles, bool gate)
{
	uint64_t blob = page_alloc(1, GRANULE_SIZE), params = page_alloc(1, GRANULE_SIZE);
	struct mica_wf_params *p = page_ptr(params);

	p->blob_pa = blob;
	p->blob_size = fill_blob(page_ptr(blob), roles, gate);
	p->n_aux = f->n_aux = (unsigned int)mica_wf_aux_count(p->blob_size, FLOW_ROLES, 0, gate);
	for (unsigned int i = 0; i < f->n_aux; i++)
		p->aux[i] = f->aux[i] = granule_alloc(1, GRANULE_SIZE);
	f->wf = granule_alloc(1, GRANULE_SIZE);
	EXPECT_EQ(MICA0(WF_CREATE, f->wf, params), RMI_SUCCESS);
}

static void load(struct flow *f, unsigned int role, uint64_t arg, uint16_t vmid)
{
	uint64_t params = page_alloc(1, GRANULE_SIZE);
	struct realm *r = &f->realm[role];

	memset(r, 0, sizeof(*r));
	r->vmid = vmid;
	r->rd = granule_alloc(1, GRANULE_SIZE);
	r->rtt0 = granule_alloc(2, 2 * GRANULE_SIZE);
	realm_params_default(page_ptr(params), r->rtt0, vmid);
	EXPECT_EQ(MICA0(REALM_CREATE, r->rd, params, f->wf, role), RMI_SUCCESS);
	realm_tables(r);
	realm_load(r);
	realm_rec(r, arg);
	realm_activate(r);
}

void flow_start(struct flow *f, const struct flow_role roles[FLOW_ROLES], bool gate, uint16_t vmid)
{
	create_wf(f, roles, gate);
	for (unsigned int i = 0; i < FLOW_ROLES; i++)
		load(f, i, roles[i].arg, (uint16_t)(vmid + i));
	EXPECT_EQ(MICA0(WF_ACTIVATE, f->wf), RMI_SUCCESS);
}

void flow_end(struct flow *f)
{
	EXPECT_EQ(MICA0(WF_STOP, f->wf), RMI_SUCCESS);
	for (unsigned int i = 0; i < FLOW_ROLES; i++)
		realm_teardown(&f->realm[i]);
	EXPECT_EQ(MICA0(WF_DESTROY, f->wf), RMI_SUCCESS);
	EXPECT_EQ(RMI0(GRANULE_UNDELEGATE, f->wf), RMI_SUCCESS);
	for (unsigned int i = 0; i < f->n_aux; i++)
		EXPECT_EQ(RMI0(GRANULE_UNDELEGATE, f->aux[i]), RMI_SUCCESS);
}

uint64_t flow_enter(struct flow *f, unsigned int role)
{
	return RMI0(REC_ENTER, f->realm[role].rec, f->realm[role].run);
}

struct rmi_rec_exit *flow_left(struct flow *f, unsigned int role)
{
	return &realm_run(&f->realm[role])->exit;
}

bool only_reason(const struct rmi_rec_exit *e)
{
	const uint64_t *w = (const uint64_t *)e;
	uint64_t any = 0;

	for (unsigned int i = 1; i < sizeof(*e) / sizeof(*w); i++)
		any |= w[i];
	return any == 0;
}
