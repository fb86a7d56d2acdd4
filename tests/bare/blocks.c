/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A channel of one leaf of 2 MiB between two bound Realms: what its states and counters say, what each side can do with it, and
 * that taking it away takes it from a CPU that is writing to it.
 */
#include "flow.h"
#include "realm/realm_abi.h"

enum { WRITER, READER };

#define PAGES		512
#define LAST		(FLOW_CHANNELS + FLOW_BLOCK - 8)
#define WORD		0x600dUL
#define RET		0xd65f03c0UL
#define ESR_EC(v)	((v) >> 26)
#define EC_FETCH	0x21		/* from the same level; so are data aborts */
#define EC_DATA		0x25
#define ROUNDS		(1UL << 30)	/* of a writer that nothing stops: seconds */

static const struct flow_role roles[FLOW_ROLES] = {
	[WRITER] = { "from", MICA_RIGHT_HOSTCALL, REALM_ORDERS },
	[READER] = { "to", MICA_RIGHT_HOSTCALL, REALM_ORDERS },
};
static const struct flow_channel channel = { .pages = PAGES, .to = 1 };
static struct flow flow;

static uint64_t rd(unsigned int role)
{
	return flow.realm[role].rd;
}

static void expect_mapped(uint64_t pages)
{
	struct rmi_out out = MICA(WF_INFO, flow.wf, MICA_INFO_CHANNEL, 0);

	EXPECT_EQ(out.x[1], flow.channel[0]);
	EXPECT_EQ(out.x[2], PAGES);
	EXPECT_EQ(out.x[3], pages);
}

/* ---- while it is loaded ---- */

/* A block is mapped and unmapped whole, once, and is no table. */
static void expect_whole(unsigned int role)
{
	uint64_t spare = granule_alloc(1, GRANULE_SIZE);
	struct rmi_out out = RMI(RTT_READ_ENTRY, rd(role), FLOW_CHANNELS, 3);

	EXPECT_EQ(out.x[1], 2);
	EXPECT_EQ(out.x[2], RMI_ASSIGNED);
	EXPECT_EQ(out.x[3], flow.channel[0]);
	EXPECT_EQ(MICA0(CHAN_MAP, rd(role), 0, 0, 2), RMI_RET(RMI_ERROR_RTT, 2));
	EXPECT_EQ(MICA0(CHAN_MAP, rd(role), 0, 0, 3), RMI_RET(RMI_ERROR_RTT, 2));
	EXPECT_EQ(MICA0(CHAN_MAP, rd(role), 0, GRANULE_SIZE, 2), RMI_ERROR_INPUT);
	EXPECT_EQ(MICA0(CHAN_MAP, rd(role), 0, FLOW_BLOCK, 2), RMI_ERROR_INPUT);
	EXPECT_EQ(MICA0(CHAN_MAP, rd(role), 0, 0, 1), RMI_ERROR_INPUT);
	EXPECT_EQ(MICA0(CHAN_UNMAP, rd(role), 0, 0, 3), RMI_RET(RMI_ERROR_RTT, 2));
	EXPECT_EQ(RMI0(RTT_CREATE, rd(role), spare, FLOW_CHANNELS, 3), RMI_RET(RMI_ERROR_RTT, 2));
	EXPECT_EQ(RMI0(DATA_DESTROY, rd(role), FLOW_CHANNELS), RMI_RET(RMI_ERROR_RTT, 2));
	EXPECT_EQ(RMI0(RTT_DESTROY, rd(role), FLOW_CHANNELS, 2), RMI_RET(RMI_ERROR_RTT, 2));
	undelegate(spare);
}

static void load(void)
{
	const struct flow_plan plan = { .roles = roles, .n_roles = 2, .channels = &channel, .n_channels = 1, .level = 2 };

	flow_create(&flow, &plan);
	flow_add(&flow, 0);
	for (unsigned int i = 0; i < FLOW_ROLES; i++) {
		flow_load(&flow, i, (uint16_t)(40 + i));
		EXPECT_EQ(RMI0(REALM_ACTIVATE, rd(i)), MICA_POLICY(MICA_RULE_INCOMPLETE));
		flow_map(&flow, i);
		expect_mapped((i + 1) * PAGES);
		expect_whole(i);
		EXPECT_EQ(MICA0(CHAN_UNMAP, rd(i), 0, 0, 2), RMI_SUCCESS);
		expect_mapped(i * PAGES);
		EXPECT_EQ(RMI0(REALM_ACTIVATE, rd(i)), MICA_POLICY(MICA_RULE_INCOMPLETE));
		EXPECT_EQ(MICA0(CHAN_MAP, rd(i), 0, 0, 2), RMI_SUCCESS);
		realm_activate(&flow.realm[i]);
		EXPECT_EQ(MICA0(CHAN_UNMAP, rd(i), 0, 0, 2), MICA_POLICY(MICA_RULE_ROLE_STATE));
	}
	EXPECT_EQ(MICA0(WF_ACTIVATE, flow.wf), RMI_SUCCESS);
}

/* ---- while it runs ---- */

static struct rmi_rec_exit *order(unsigned int role, uint64_t what, uint64_t a, uint64_t b)
{
	struct rmi_rec_run *run = realm_run(&flow.realm[role]);

	run->enter.gprs[0] = what;
	run->enter.gprs[1] = a;
	run->enter.gprs[2] = b;
	EXPECT_EQ(flow_enter(&flow, role), RMI_SUCCESS);
	EXPECT_EQ(run->exit.exit_reason, RMI_EXIT_HOST_CALL);
	EXPECT_EQ(run->exit.imm, REALM_CALL_ORDER);
	return &run->exit;
}

static void expect_load(unsigned int role, uint64_t a, uint64_t want)
{
	struct rmi_rec_exit *e = order(role, REALM_LOAD, a, 0);

	EXPECT_EQ(e->gprs[1], 0);
	EXPECT_EQ(e->gprs[0], want);
}

static void expect_fault(unsigned int role, uint64_t what, uint64_t a, uint64_t ec)
{
	struct rmi_rec_exit *e = order(role, what, a, ~0UL);

	EXPECT_EQ(e->gprs[1], 1);
	EXPECT_EQ(ESR_EC(e->gprs[2]), ec);
	EXPECT_EQ(e->gprs[4], a);
}

static void use(void)
{
	static const uint64_t at[] = { FLOW_CHANNELS, FLOW_CHANNELS + 77 * GRANULE_SIZE + 8, LAST };

	EXPECT_EQ(flow_enter(&flow, WRITER), RMI_SUCCESS);
	EXPECT_EQ(flow_enter(&flow, READER), RMI_SUCCESS);
	for (unsigned int i = 0; i < 3; i++) {
		expect_load(READER, at[i], 0);
		EXPECT_EQ(order(WRITER, REALM_STORE, at[i], WORD + i)->gprs[1], 0);
		expect_load(WRITER, at[i], WORD + i);
		expect_load(READER, at[i], WORD + i);
		expect_fault(READER, REALM_STORE, at[i], EC_DATA);
		expect_load(WRITER, at[i], WORD + i);
	}
	EXPECT_EQ(order(WRITER, REALM_STORE, FLOW_CHANNELS, RET)->gprs[1], 0);
	expect_fault(WRITER, REALM_BRANCH, FLOW_CHANNELS, EC_FETCH);
	expect_fault(READER, REALM_BRANCH, FLOW_CHANNELS, EC_FETCH);
	expect_fault(WRITER, REALM_STORE, FLOW_CHANNELS + FLOW_BLOCK, EC_DATA);
	expect_fault(WRITER, REALM_STORE, FLOW_CHANNELS - 8, EC_DATA);
}

/* ---- while it is taken away ---- */

static void hammer_cpu1(void *arg)
{
	struct rmi_rec_run *run = realm_run(&flow.realm[WRITER]);

	(void)arg;
	run->enter.gprs[0] = REALM_HAMMER;
	run->enter.gprs[1] = FLOW_CHANNELS + 300 * GRANULE_SIZE;
	run->enter.gprs[2] = REALM_UNPROT;
	run->enter.gprs[3] = ROUNDS;
	EXPECT_EQ(flow_enter(&flow, WRITER), RMI_SUCCESS);
}

static void wait_for_more(volatile uint64_t *count)
{
	uint64_t seen = *count;

	while (*count < seen + 1000)
		;
}

static void take_away(void)
{
	volatile uint64_t *count = page_ptr(flow.realm[WRITER].shared);
	uint64_t any = 0;

	*count = 0;
	on_cpu1(hammer_cpu1, NULL);
	wait_for_more(count);
	EXPECT_EQ(MICA0(CHAN_UNMAP, rd(WRITER), 0, 0, 2), MICA_POLICY(MICA_RULE_ROLE_STATE));
	EXPECT_EQ(MICA0(WF_STOP, flow.wf), RMI_SUCCESS);
	wait_for_more(count);				/* it traps nowhere: it goes on */
	EXPECT_EQ(MICA0(CHAN_UNMAP, rd(WRITER), 0, 0, 2), RMI_SUCCESS);
	wait_cpu1();
	EXPECT_EQ(flow_left(&flow, WRITER)->exit_reason, RMI_EXIT_MICA_STOPPED);
	EXPECT(*count < ROUNDS);			/* its next store did not go through */
	EXPECT_EQ(MICA0(CHAN_REMOVE, flow.wf, 0), MICA_POLICY(MICA_RULE_IN_USE));
	EXPECT_EQ(MICA0(CHAN_UNMAP, rd(READER), 0, 0, 2), RMI_SUCCESS);
	expect_mapped(0);
	flow_remove(&flow, 0);
	for (unsigned int i = 0; i < FLOW_BLOCK / 8; i++)
		any |= ((volatile uint64_t *)page_ptr(flow.channel[0]))[i];
	EXPECT_EQ(any, 0);
}

void test_blocks(void)
{
	load();
	if (bare_failed != 0)
		return;					/* it would wait for a writer that does not run */
	use();
	take_away();
	for (unsigned int i = 0; i < FLOW_ROLES; i++) {
		undelegate(RMI(RTT_DESTROY, rd(i), FLOW_CHANNELS, 2).x[1]);
		realm_teardown(&flow.realm[i]);
	}
	flow_destroy(&flow);
}
