/* SPDX-License-Identifier: Apache-2.0 */
/* Scenarios with a running Realm, and with a second CPU. */
#include "bare.h"
#include "realm/realm_abi.h"

/* Enter and expect a host call with this immediate. */
static void enter_expect_call(struct realm *r, unsigned int imm)
{
	struct rmi_rec_run *run = realm_run(r);

	EXPECT_EQ(RMI0(REC_ENTER, r->rec, r->run), RMI_SUCCESS);
	EXPECT_EQ(run->exit.exit_reason, RMI_EXIT_HOST_CALL);
	EXPECT_EQ(run->exit.imm, imm);
}

void test_run(void)
{
	struct rmi_rec_run *run;
	struct realm r;

	realm_create(&r, 4);
	realm_tables(&r);
	realm_load(&r);
	realm_rec(&r, REALM_HELLO);
	run = realm_run(&r);
	EXPECT_EQ(RMI0(REC_ENTER, r.rec, r.run), RMI_RET(RMI_ERROR_REALM, 0));
	realm_activate(&r);
	EXPECT_EQ(RMI0(REC_ENTER, r.rec, r.rd), RMI_ERROR_INPUT);
	*(uint64_t *)page_ptr(r.shared) = 0x1234;

	enter_expect_call(&r, REALM_CALL_VERSION);
	EXPECT_EQ(run->exit.gprs[0], RSI_SUCCESS);
	EXPECT_EQ(run->exit.gprs[1], RSI_ABI_VERSION_1_0);
	run->enter.gprs[0] = 0xabcd;
	enter_expect_call(&r, REALM_CALL_ECHO);
	EXPECT_EQ(run->exit.gprs[0], 0xabcd);
	enter_expect_call(&r, REALM_CALL_SHARED);
	EXPECT_EQ(run->exit.gprs[0], 0x1234);
	EXPECT_EQ(*(uint64_t *)page_ptr(r.shared), 0x4321);

	EXPECT_EQ(RMI0(REC_ENTER, r.rec, r.run), RMI_SUCCESS);
	EXPECT_EQ(run->exit.exit_reason, RMI_EXIT_PSCI);
	EXPECT_EQ(run->exit.gprs[0], PSCI_SYSTEM_OFF);
	EXPECT_EQ(RMI0(REC_ENTER, r.rec, r.run), RMI_RET(RMI_ERROR_REALM, 1));
	realm_teardown(&r);
}

/* CPU 1 takes pages from the host and gives them back while CPU 0 does the same: they collide on purpose. */
struct collide {
	uint64_t pages;
	unsigned int n, rounds;
	volatile unsigned int delegated;
};

static void collide_cpu1(void *arg)
{
	struct collide *c = arg;

	for (unsigned int i = 0; i < c->rounds; i++)
		for (unsigned int p = 0; p < c->n; p++) {
			uint64_t pa = c->pages + p * GRANULE_SIZE;

			if (RMI0(GRANULE_DELEGATE, pa) == RMI_SUCCESS) {
				__atomic_fetch_add(&c->delegated, 1, __ATOMIC_SEQ_CST);
				while (RMI0(GRANULE_UNDELEGATE, pa) != RMI_SUCCESS)
					;
			}
		}
}

void test_smp(void)
{
	struct collide c = { .pages = page_alloc(4, GRANULE_SIZE), .n = 4, .rounds = 50 };

	on_cpu1(collide_cpu1, &c);
	collide_cpu1(&c);
	wait_cpu1();
	EXPECT(c.delegated >= c.n * c.rounds);
	for (unsigned int p = 0; p < c.n; p++) {
		EXPECT(host_can_read(page_ptr(c.pages + p * GRANULE_SIZE)));
		EXPECT_EQ(RMI0(GRANULE_UNDELEGATE, c.pages + p * GRANULE_SIZE), RMI_ERROR_INPUT);
	}
}
