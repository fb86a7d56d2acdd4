/* SPDX-License-Identifier: Apache-2.0 */
/* A small Realm step by step: scenarios use the steps they are about and get the rest for free. */
#include "bare.h"

void realm_params_default(struct rmi_realm_params *p, uint64_t rtt0, uint16_t vmid)
{
	memset(p, 0, sizeof(*p));
	p->s2sz = REALM_S2SZ;
	p->num_bps = 1;
	p->num_wps = 1;
	p->hash_algo = RMI_HASH_SHA_256;
	p->vmid = vmid;
	p->rtt_base = rtt0;
	p->rtt_level_start = 1;
	p->rtt_num_start = 2;
}

void realm_create(struct realm *r, uint16_t vmid)
{
	struct rmi_realm_params *p = page_ptr(page_alloc(1, GRANULE_SIZE));

	realm_params_default(p, 0, vmid);
	realm_create_as(r, p);
}

void realm_create_as(struct realm *r, struct rmi_realm_params *p)
{
	memset(r, 0, sizeof(*r));
	r->vmid = p->vmid;
	r->rd = granule_alloc(1, GRANULE_SIZE);
	r->rtt0 = granule_alloc(2, 2 * GRANULE_SIZE);
	p->rtt_base = r->rtt0;
	EXPECT_EQ(RMI0(REALM_CREATE, r->rd, (uint64_t)p), RMI_SUCCESS);
}

void realm_tables(struct realm *r)
{
	r->l2 = granule_alloc(1, GRANULE_SIZE);
	r->l3 = granule_alloc(1, GRANULE_SIZE);
	r->unprot_l2 = granule_alloc(1, GRANULE_SIZE);
	r->unprot_l3 = granule_alloc(1, GRANULE_SIZE);
	EXPECT_EQ(RMI0(RTT_CREATE, r->rd, r->l2, 0, 2), RMI_SUCCESS);
	EXPECT_EQ(RMI0(RTT_CREATE, r->rd, r->l3, 0, 3), RMI_SUCCESS);
	EXPECT_EQ(RMI0(RTT_CREATE, r->rd, r->unprot_l2, REALM_UNPROT, 2), RMI_SUCCESS);
	EXPECT_EQ(RMI0(RTT_CREATE, r->rd, r->unprot_l3, REALM_UNPROT, 3), RMI_SUCCESS);
}

void realm_load(struct realm *r)
{
	uint64_t src = page_alloc(1, GRANULE_SIZE);
	struct rmi_out out;

	r->n_pages = (unsigned int)((realm_image_end - realm_image) / GRANULE_SIZE);
	EXPECT(r->n_pages > 0 && r->n_pages <= sizeof(r->pages) / sizeof(r->pages[0]));
	out = RMI(RTT_INIT_RIPAS, r->rd, 0, r->n_pages * GRANULE_SIZE);
	EXPECT_EQ(out.x[0], RMI_SUCCESS);
	EXPECT_EQ(out.x[1], r->n_pages * GRANULE_SIZE);
	for (unsigned int i = 0; i < r->n_pages; i++) {
		memcpy(page_ptr(src), realm_image + i * GRANULE_SIZE, GRANULE_SIZE);
		r->pages[i] = granule_alloc(1, GRANULE_SIZE);
		EXPECT_EQ(RMI0(DATA_CREATE, r->rd, r->pages[i], i * GRANULE_SIZE, src, 1),
			  RMI_SUCCESS);
	}
	r->shared = page_alloc(1, GRANULE_SIZE);
	EXPECT_EQ(RMI0(RTT_MAP_UNPROTECTED, r->rd, REALM_UNPROT, 3,
		       r->shared | RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW), RMI_SUCCESS);
}

void realm_rec(struct realm *r, uint64_t arg)
{
	struct rmi_rec_params *p = page_ptr(page_alloc(1, GRANULE_SIZE));
	struct rmi_out out = RMI(REC_AUX_COUNT, r->rd);

	EXPECT_EQ(out.x[0], RMI_SUCCESS);
	r->aux_count = out.x[1];
	EXPECT(r->aux_count <= RMI_MAX_REC_AUX);
	r->rec = granule_alloc(1, GRANULE_SIZE);
	r->run = page_alloc(1, GRANULE_SIZE);
	p->flags = RMI_REC_FLAG_RUNNABLE;
	p->gprs[0] = arg;
	p->num_aux = r->aux_count;
	for (unsigned int i = 0; i < r->aux_count; i++)
		p->aux[i] = r->aux[i] = granule_alloc(1, GRANULE_SIZE);
	EXPECT_EQ(RMI0(REC_CREATE, r->rd, r->rec, (uint64_t)p), RMI_SUCCESS);
}

void realm_activate(struct realm *r)
{
	EXPECT_EQ(RMI0(REALM_ACTIVATE, r->rd), RMI_SUCCESS);
}

struct rmi_rec_run *realm_run(struct realm *r)
{
	return page_ptr(r->run);
}

void undelegate(uint64_t pa)
{
	EXPECT_EQ(RMI0(GRANULE_UNDELEGATE, pa), RMI_SUCCESS);
}

/* Everything the steps above made, as far as they were made; every granule back to the host. */
void realm_teardown(struct realm *r)
{
	if (r->rec != 0) {
		EXPECT_EQ(RMI0(REC_DESTROY, r->rec), RMI_SUCCESS);
		undelegate(r->rec);
		for (unsigned int i = 0; i < r->aux_count; i++)
			undelegate(r->aux[i]);
	}
	if (r->shared != 0)
		EXPECT_EQ(RMI0(RTT_UNMAP_UNPROTECTED, r->rd, REALM_UNPROT, 3), RMI_SUCCESS);
	for (unsigned int i = 0; i < r->n_pages; i++) {
		EXPECT_EQ(RMI(DATA_DESTROY, r->rd, i * GRANULE_SIZE).x[1], r->pages[i]);
		undelegate(r->pages[i]);
	}
	if (r->l2 != 0) {
		EXPECT_EQ(RMI(RTT_DESTROY, r->rd, 0, 3).x[1], r->l3);
		EXPECT_EQ(RMI(RTT_DESTROY, r->rd, 0, 2).x[1], r->l2);
		EXPECT_EQ(RMI(RTT_DESTROY, r->rd, REALM_UNPROT, 3).x[1], r->unprot_l3);
		EXPECT_EQ(RMI(RTT_DESTROY, r->rd, REALM_UNPROT, 2).x[1], r->unprot_l2);
		undelegate(r->l2);
		undelegate(r->l3);
		undelegate(r->unprot_l2);
		undelegate(r->unprot_l3);
	}
	EXPECT_EQ(RMI0(REALM_DESTROY, r->rd), RMI_SUCCESS);
	undelegate(r->rd);
	undelegate(r->rtt0);
	undelegate(r->rtt0 + GRANULE_SIZE);
}
