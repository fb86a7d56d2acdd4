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

#define EC(esr)		((esr) >> 26)
#define EC_DATA_ABORT	0x24
#define ESR_ISV		(1UL << 24)
#define ESR_WNR		(1UL << 6)

/* Enter and expect a data abort at @ipa. */
static void enter_expect_abort(struct realm *r, uint64_t ipa)
{
	struct rmi_rec_run *run = realm_run(r);

	EXPECT_EQ(RMI0(REC_ENTER, r->rec, r->run), RMI_SUCCESS);
	EXPECT_EQ(run->exit.exit_reason, RMI_EXIT_SYNC);
	EXPECT_EQ(EC(run->exit.esr), EC_DATA_ABORT);
	EXPECT_EQ(run->exit.hpfar, ipa >> 12 << 4);
}

/*
 * The controls of the hostile run for acts that no policy opens: an unbound Realm changes RIPAS, runs into memory that
 * is not there, talks to a device, hands over a buffer that comes late, and loses memory while it lives. The host
 * hears of each and may let it succeed.
 */
void test_unbound(void)
{
	struct rmi_rec_run *run;
	uint64_t hole, late;
	struct realm r;

	realm_create(&r, 9);
	realm_tables(&r);
	realm_load(&r);
	EXPECT_EQ(RMI0(RTT_INIT_RIPAS, r.rd, REALM_LATE, REALM_LATE + GRANULE_SIZE), RMI_SUCCESS);
	realm_rec(&r, REALM_UNBOUND);
	realm_activate(&r);
	run = realm_run(&r);
	hole = granule_alloc(1, GRANULE_SIZE);
	late = granule_alloc(1, GRANULE_SIZE);

	EXPECT_EQ(RMI0(REC_ENTER, r.rec, r.run), RMI_SUCCESS);
	EXPECT_EQ(run->exit.exit_reason, RMI_EXIT_RIPAS_CHANGE);
	EXPECT_EQ(run->exit.ripas_base, REALM_HOLE);
	EXPECT_EQ(run->exit.ripas_top, REALM_HOLE + GRANULE_SIZE);
	EXPECT_EQ(run->exit.ripas_value, RMI_RAM);
	EXPECT_EQ(RMI0(RTT_SET_RIPAS, r.rd, r.rec, REALM_HOLE, REALM_HOLE + GRANULE_SIZE), RMI_SUCCESS);
	enter_expect_call(&r, REALM_CALL_RIPAS);
	EXPECT_EQ(run->exit.gprs[0], RSI_SUCCESS);
	EXPECT_EQ(run->exit.gprs[1], REALM_HOLE + GRANULE_SIZE);

	enter_expect_abort(&r, REALM_HOLE);
	EXPECT_EQ(run->exit.esr & ESR_ISV, 0);
	EXPECT_EQ(RMI0(DATA_CREATE_UNKNOWN, r.rd, hole, REALM_HOLE), RMI_SUCCESS);
	enter_expect_call(&r, REALM_CALL_TOUCHED);
	EXPECT_EQ(run->exit.gprs[0], REALM_WORD);

	enter_expect_abort(&r, REALM_DEVICE);
	EXPECT_EQ(run->exit.esr & (ESR_ISV | ESR_WNR), ESR_ISV | ESR_WNR);
	EXPECT_EQ(run->exit.gprs[0], REALM_WORD);
	run->enter.flags = RMI_ENTER_EMUL_MMIO;
	enter_expect_abort(&r, REALM_DEVICE);
	EXPECT_EQ(run->exit.esr & (ESR_ISV | ESR_WNR), ESR_ISV);
	run->enter.gprs[0] = 0xbeef;
	enter_expect_call(&r, REALM_CALL_MMIO);
	EXPECT_EQ(run->exit.gprs[0], 0xbeef);
	run->enter.flags = 0;

	enter_expect_abort(&r, REALM_LATE);
	EXPECT_EQ(RMI0(DATA_CREATE_UNKNOWN, r.rd, late, REALM_LATE), RMI_SUCCESS);
	enter_expect_call(&r, 0);
	enter_expect_call(&r, REALM_CALL_LATE);
	EXPECT_EQ(run->exit.gprs[0], RSI_SUCCESS);

	EXPECT_EQ(RMI(DATA_DESTROY, r.rd, REALM_HOLE).x[1], hole);
	EXPECT_EQ(RMI(DATA_DESTROY, r.rd, REALM_LATE).x[1], late);
	EXPECT_EQ(RMI0(GRANULE_UNDELEGATE, hole), RMI_SUCCESS);
	EXPECT_EQ(RMI0(GRANULE_UNDELEGATE, late), RMI_SUCCESS);
	EXPECT(host_can_read(page_ptr(hole)));
	EXPECT_EQ(*(uint64_t *)page_ptr(hole), 0);		/* wiped */
	enter_expect_abort(&r, REALM_HOLE);
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
