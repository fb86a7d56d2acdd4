/* SPDX-License-Identifier: Apache-2.0 */
/* Scenarios without a running Realm: version, granules, Realms, tables and data. */
#include "bare.h"

void test_version(void)
{
	struct rmi_out r = RMI(VERSION, RMI_ABI_VERSION_1_0);

	EXPECT_EQ(r.x[0], RMI_SUCCESS);
	EXPECT_EQ(r.x[1], RMI_ABI_VERSION_1_0);
	EXPECT_EQ(r.x[2], RMI_ABI_VERSION_1_0);
	r = RMI(VERSION, 0x20000, 2, 3, 0x4444);
	EXPECT_EQ(r.x[0], RMI_ERROR_INPUT);
	EXPECT_EQ(r.x[1], RMI_ABI_VERSION_1_0);
	EXPECT_EQ(r.x[3], 0);
	EXPECT_EQ(r.x[4], 0x4444);	/* no result: preserved */
	EXPECT_EQ(r.x[6], 0x6666);
	EXPECT_EQ(rmi_call(SMC_RMI_VERSION | SMCCC_SVE_HINT, RMI_ABI_VERSION_1_0, 0, 0, 0, 0).x[0],
		  RMI_SUCCESS);
	EXPECT_EQ(rmi_call(SMC_RMI_BASE + 6, 0, 0, 0, 0, 0).x[0], SMCCC_NOT_SUPPORTED);
	r = RMI(FEATURES, 0);
	EXPECT_EQ(r.x[0], RMI_SUCCESS);
	EXPECT_EQ(RMI_FEAT0_S2SZ(r.x[1]), 48);
	EXPECT_EQ(r.x[1] >> 42, 0);
	EXPECT_EQ(RMI(FEATURES, 1).x[1], 0);
}

void test_granules(void)
{
	uint64_t pa = page_alloc(1, GRANULE_SIZE);
	uint8_t *p = page_ptr(pa);

	EXPECT(host_can_read(p));
	memset(p, 0x5a, GRANULE_SIZE);
	EXPECT_EQ(RMI0(GRANULE_DELEGATE, pa + 1), RMI_ERROR_INPUT);
	EXPECT_EQ(RMI0(GRANULE_DELEGATE, 0), RMI_ERROR_INPUT);
	EXPECT_EQ(RMI0(GRANULE_DELEGATE, 0x09000000), RMI_ERROR_INPUT);	/* a device */
	EXPECT_EQ(RMI0(GRANULE_DELEGATE, 0x40100000), RMI_ERROR_INPUT);	/* the monitor itself */
	EXPECT_EQ(RMI0(GRANULE_UNDELEGATE, 0x40100000), RMI_ERROR_INPUT);
	EXPECT_EQ(RMI0(GRANULE_DELEGATE, 0x100000000), RMI_ERROR_INPUT);	/* no memory there */
	EXPECT_EQ(RMI0(GRANULE_DELEGATE, 0x100000000), RMI_ERROR_INPUT);
	EXPECT_EQ(RMI0(GRANULE_UNDELEGATE, pa), RMI_ERROR_INPUT);
	EXPECT_EQ(RMI0(GRANULE_DELEGATE, pa), RMI_SUCCESS);
	EXPECT(!host_can_read(p));
	EXPECT(!host_can_write(p));
	EXPECT_EQ(RMI0(GRANULE_DELEGATE, pa), RMI_ERROR_INPUT);
	EXPECT_EQ(RMI0(GRANULE_UNDELEGATE, pa), RMI_SUCCESS);
	EXPECT(host_can_read(p));
	EXPECT_EQ(p[0] | p[GRANULE_SIZE - 1], 0);
}

void test_realm(void)
{
	struct realm a, b;
	uint64_t params = page_alloc(1, GRANULE_SIZE);

	realm_create(&a, 1);
	/* a second Realm with the first one's VMID, with its tables, over its RD; then a good one */
	b.rd = granule_alloc(1, GRANULE_SIZE);
	b.rtt0 = granule_alloc(2, 2 * GRANULE_SIZE);
	realm_params_default(page_ptr(params), b.rtt0, 1);
	EXPECT_EQ(RMI0(REALM_CREATE, b.rd, params), RMI_ERROR_INPUT);
	realm_params_default(page_ptr(params), a.rtt0, 2);
	EXPECT_EQ(RMI0(REALM_CREATE, b.rd, params), RMI_ERROR_INPUT);
	realm_params_default(page_ptr(params), b.rtt0, 2);
	EXPECT_EQ(RMI0(REALM_CREATE, a.rd, params), RMI_ERROR_INPUT);
	EXPECT_EQ(RMI0(REALM_CREATE, b.rtt0, params), RMI_ERROR_INPUT);
	/* parameters in memory that is not the host's: delegated; the monitor's; not there */
	EXPECT_EQ(RMI0(REALM_CREATE, b.rd, b.rtt0), RMI_ERROR_INPUT);
	EXPECT_EQ(RMI0(REALM_CREATE, b.rd, 0x40100000), RMI_ERROR_INPUT);
	EXPECT_EQ(RMI0(REALM_CREATE, b.rd, 0x100000000), RMI_ERROR_INPUT);
	EXPECT_EQ(RMI0(REALM_CREATE, b.rd, params), RMI_SUCCESS);
	EXPECT_EQ(RMI0(REALM_DESTROY, b.rd), RMI_SUCCESS);
	EXPECT_EQ(RMI0(REALM_DESTROY, b.rd), RMI_ERROR_INPUT);

	EXPECT_EQ(RMI0(GRANULE_UNDELEGATE, a.rd), RMI_ERROR_INPUT);
	realm_activate(&a);
	EXPECT_EQ(RMI0(REALM_ACTIVATE, a.rd), RMI_ERROR_REALM);
	realm_teardown(&a);
}

void test_tables(void)
{
	const uint64_t mib2 = 0x200000;
	struct rmi_out r;
	struct realm a;

	realm_create(&a, 3);
	EXPECT_EQ(RMI0(DATA_CREATE_UNKNOWN, a.rd, granule_alloc(1, GRANULE_SIZE), 0),
		  RMI_RET(RMI_ERROR_RTT, 1));
	realm_tables(&a);
	EXPECT_EQ(RMI0(REALM_DESTROY, a.rd), RMI_ERROR_REALM);
	realm_load(&a);
	r = RMI(RTT_READ_ENTRY, a.rd, 0, 3);
	EXPECT_EQ(r.x[1], 3);
	EXPECT_EQ(r.x[2], RMI_ASSIGNED);
	EXPECT_EQ(r.x[3], a.pages[0]);
	EXPECT_EQ(r.x[4], RMI_RAM);
	r = RMI(RTT_READ_ENTRY, a.rd, REALM_UNPROT, 3);
	EXPECT_EQ(r.x[3], a.shared | RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW);
	EXPECT(!host_can_read(page_ptr(a.pages[0])));
	EXPECT_EQ(RMI0(RTT_DESTROY, a.rd, 0, 3), RMI_RET(RMI_ERROR_RTT, 3));

	/* 512 pages side by side fold into a block and unfold again */
	uint64_t block = granule_alloc(512, mib2), l3 = granule_alloc(1, GRANULE_SIZE);

	EXPECT_EQ(RMI0(RTT_CREATE, a.rd, l3, mib2, 3), RMI_SUCCESS);
	for (unsigned int i = 0; i < 512; i++)
		EXPECT_EQ(RMI0(DATA_CREATE_UNKNOWN, a.rd, block + i * GRANULE_SIZE,
			       mib2 + i * GRANULE_SIZE), RMI_SUCCESS);
	r = RMI(RTT_FOLD, a.rd, mib2, 3);
	EXPECT_EQ(r.x[0], RMI_SUCCESS);
	EXPECT_EQ(r.x[1], l3);
	EXPECT_EQ(RMI(RTT_READ_ENTRY, a.rd, mib2, 3).x[1], 2);
	EXPECT_EQ(RMI0(DATA_DESTROY, a.rd, mib2), RMI_RET(RMI_ERROR_RTT, 2));
	EXPECT_EQ(RMI0(RTT_CREATE, a.rd, l3, mib2, 3), RMI_SUCCESS);
	for (unsigned int i = 0; i < 512; i++)
		EXPECT_EQ(RMI(DATA_DESTROY, a.rd, mib2 + i * GRANULE_SIZE).x[1],
			  block + i * GRANULE_SIZE);
	EXPECT_EQ(RMI(RTT_DESTROY, a.rd, mib2, 3).x[1], l3);
	realm_teardown(&a);
}
