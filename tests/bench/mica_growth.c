/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What grows with a workflow once it runs: the token, a signal, a message, a call through a gate, an entry, and what a role asks
 * about itself; against roles, channels of the two that talk, channels of two others, and gates.
 */
#include "mica.h"

#include "../bare/realm/realm_abi.h"

#define PAGE		GRANULE_SIZE
#define RUNS		5
#define MAX_GATES	(MICA_MAX_ROLES - 2)

static struct flow_channel channels[MICA_MAX_CHANNELS];
static struct flow_gate gates[MAX_GATES];

/*
 * Gates lead from the first role to as many at the end, the last among them: it reads the channel that is rung, and a reader without a
 * way back costs an exit each time.
 */
static void start(struct flow_plan *plan)
{
	for (unsigned int i = 0; i < plan->n_gates; i++)
		gates[i] = (struct flow_gate){ .callee = (uint8_t)(plan->n_roles - plan->n_gates + i), .args = 8, .results = 8 };
	plan->channels = channels;
	plan->gates = gates;
	plan->level = 3;
	flow_start_plan(&flow, plan, vmids(plan->n_roles));
}

/* The next plan's roles: what the first and the last run. */
static struct flow_role *roles_as(unsigned int n, uint64_t first, uint64_t last)
{
	struct flow_role *roles = many_roles();

	roles[n - 1].rights = roles[0].rights = MICA_RIGHT_HOSTCALL;
	roles[n - 1].arg = last;
	roles[0].arg = first;
	return roles;
}

/* ---- a message: grant 0 of the first role is of the channel to the last ---- */

static void one_signal(const char *against, unsigned int x, unsigned int reader)
{
	for (int i = 0; i < RUNS; i++) {
		order(0, signal);
		add(told(0));
	}
	show_point(against, "signal", x);
	for (int i = 0; i < RUNS; i++) {
		order(0, signal);
		(void)told(0);
		order(reader, wait);
		add(told(reader));
	}
	show_point(against, "wait", x);
}

static void message(const char *against, unsigned int x, struct flow_plan plan)
{
	const unsigned int reader = plan.n_roles - 1;

	plan.roles = roles_as(plan.n_roles, REALM_PROXY, REALM_PROXY);
	start(&plan);
	EXPECT_EQ(flow_enter(&flow, 0), RMI_SUCCESS);
	EXPECT_EQ(flow_enter(&flow, reader), RMI_SUCCESS);
	one_signal(against, x, reader);
	for (int i = 0; i < RUNS; i++)
		add(hop(0, reader));
	show_point(against, "hop", x);
	flow_end(&flow);
}

/* ---- a call through the last gate; one exit ---- */

static void gate_call(const char *against, unsigned int x, struct flow_plan plan)
{
	const unsigned int gate = plan.n_gates - 1, server = plan.n_roles - 1;
	const uint64_t call[11] = { SMC_RSI_MICA_GATE_CALL, gate };

	plan.roles = roles_as(plan.n_roles, REALM_PROXY, REALM_SERVE_GATE(gate, -1));
	start(&plan);
	EXPECT_EQ(flow_enter(&flow, server), RMI_SUCCESS);
	expect_exit(server, RMI_EXIT_MICA_PARKED);
	EXPECT_EQ(flow_enter(&flow, 0), RMI_SUCCESS);
	for (int i = 0; i < RUNS; i++) {
		order(0, call);
		add(told(0));
	}
	show_point(against, "gate_call", x);
	flow_end(&flow);
}

static void one_exit(const char *against, unsigned int x, struct flow_plan plan)
{
	plan.roles = roles_as(plan.n_roles, REALM_PING, REALM_PING);
	start(&plan);
	EXPECT_EQ(flow_enter(&flow, 0), RMI_SUCCESS);
	for (int i = 0; i < RUNS; i++)
		COST(flow_enter(&flow, 0));
	show_point(against, "exit", x);
	flow_end(&flow);
}

/* ---- who am I ---- */

static uint64_t ask(uint64_t fid, uint64_t arg)
{
	const uint64_t x[11] = { fid, arg };

	order(0, x);
	return told(0);
}

static void identity(const char *against, unsigned int x, struct flow_plan plan)
{
	uint64_t sum = 0;

	plan.roles = roles_as(plan.n_roles, REALM_PROXY, REALM_PING);
	start(&plan);
	EXPECT_EQ(flow_enter(&flow, 0), RMI_SUCCESS);
	point(against, "self", x, ask(SMC_RSI_MICA_SELF, MICA_SELF_ROLE));
	for (unsigned int i = 0; i < plan.n_channels && channels[i].from == 0; i++)
		sum += ask(SMC_RSI_MICA_GRANT_INFO, i);
	point(against, "all_grant_info", x, sum);
	sum = 0;
	for (unsigned int i = 0; i < plan.n_gates; i++)
		sum += ask(SMC_RSI_MICA_GATE_INFO, i);
	point(against, "all_gate_info", x, sum);
	point(against, "peer_info", x, ask(SMC_RSI_MICA_PEER_INFO, gates[0].callee));
	flow_end(&flow);
}

/* ---- the token, as libmica fetches it; into the page behind the image ---- */

struct token { uint64_t init, all, bytes, calls; };

static struct token token_of(unsigned int role)
{
	const uint64_t init[11] = { SMC_RSI_ATTEST_TOKEN_INIT, 1, 2, 3 };
	const uint64_t next[11] = { SMC_RSI_ATTEST_TOKEN_CONTINUE, flow_image(), 0, PAGE };
	const struct rmi_rec_exit *exit = &run_of(role)->exit;
	struct token t = { 0 };

	order(role, init);
	t.all = t.init = told(role);
	do {
		order(role, next);
		expect_exit(role, RMI_EXIT_HOST_CALL);
		t.all += exit->gprs[11];
		t.bytes += exit->gprs[1];
		t.calls++;
	} while (exit->gprs[0] == RSI_INCOMPLETE && t.calls < 4);
	EXPECT_EQ(exit->gprs[0], RSI_SUCCESS);
	return t;
}

static void token(const char *against, unsigned int x, struct flow_plan plan)
{
	struct token t[RUNS];

	plan.roles = roles_as(plan.n_roles, REALM_PROXY, REALM_PING);
	plan.ram = flow_image() + PAGE;
	start(&plan);
	EXPECT_EQ(flow_enter(&flow, 0), RMI_SUCCESS);
	for (int i = 0; i < RUNS; i++) {
		t[i] = token_of(0);
		add(t[i].init);
	}
	show_point(against, "token_init", x);
	for (int i = 0; i < RUNS; i++)
		add(t[i].all);
	show_point(against, "token", x);
	point(against, "token_bytes", x, t[0].bytes);
	point(against, "token_calls", x, 1 + t[0].calls);
	flow_end(&flow);
}

/* ---- against what ---- */

static void steady(const char *against, unsigned int x, struct flow_plan plan)
{
	const uint64_t free = page_next();

	message(against, x, plan);
	gate_call(against, x, plan);
	one_exit(against, x, plan);
	identity(against, x, plan);
	page_reset(free);
}

static void with_token(const char *against, unsigned int x, struct flow_plan plan)
{
	const uint64_t free = page_next();

	steady(against, x, plan);
	token(against, x, plan);
	page_reset(free);
}

static void channel(unsigned int i, unsigned int from, unsigned int to)
{
	channels[i] = (struct flow_channel){ .pages = 1, .flags = i == 0 ? MICA_CHAN_SIGNAL : 0,
		.from = (uint8_t)from, .to = (uint8_t)to };
}

/* One channel and one gate, from the first to the last. */
static void against_roles(void)
{
	for (unsigned int n = 2; n <= MICA_MAX_ROLES; n *= 2) {
		channel(0, 0, n - 1);
		with_token("roles", n, (struct flow_plan){ .n_roles = n, .n_channels = 1, .n_gates = 1 });
	}
}

static void against_channels(void)
{
	for (unsigned int i = 0; i < MICA_MAX_CHANNELS; i++)
		channel(i, 0, 1);
	for (unsigned int n = 1; n <= MICA_MAX_CHANNELS; n *= 2)
		with_token("channels", n, (struct flow_plan){ .n_roles = 2, .n_channels = n, .n_gates = 1 });
}

/* The same number, all but one of them between the second and the third. */
static void against_others(void)
{
	channel(0, 0, 3);
	for (unsigned int i = 1; i < MICA_MAX_CHANNELS; i++)
		channel(i, 1, 2);
	for (unsigned int n = 1; n <= MICA_MAX_CHANNELS; n *= 2)
		steady("others", n, (struct flow_plan){ .n_roles = 4, .n_channels = n, .n_gates = 1 });
}

static void against_gates(void)
{
	channel(0, 0, MICA_MAX_ROLES - 1);
	for (unsigned int n = 1; n <= MAX_GATES; n = n < 32 ? 2 * n : n + MAX_GATES - 32)
		steady("gates", n, (struct flow_plan){ .n_roles = MICA_MAX_ROLES, .n_channels = 1, .n_gates = n });
}

/* All at once, to hold the sum of the slopes against: channel 0 as ever, the others on from each role to the next. */
static void against_all(void)
{
	channel(0, 0, MICA_MAX_ROLES - 1);
	for (unsigned int i = 1; i < MICA_MAX_CHANNELS; i++)
		channel(i, i % (MICA_MAX_ROLES - 1), i % (MICA_MAX_ROLES - 1) + 1);
	with_token("all", 1, (struct flow_plan){ .n_roles = MICA_MAX_ROLES, .n_channels = MICA_MAX_CHANNELS, .n_gates = MAX_GATES });
}

/* A question that is refused: about a role that writes to many channels, by one that has as many and none of them in common. */
static void against_strangers(void)
{
	const uint64_t question[11] = { SMC_RSI_MICA_PEER_INFO, 1 };

	for (unsigned int n = 1; n <= MICA_MAX_CHANNELS / 2; n *= 2) {
		struct flow_plan plan = { .roles = roles_as(4, REALM_PROXY, REALM_PING), .n_roles = 4, .n_channels = 2 * n };
		const uint64_t free = page_next();

		for (unsigned int i = 0; i < n; i++) {
			channel(i, 0, 3);
			channel(n + i, 1, 2);
		}
		start(&plan);
		EXPECT_EQ(flow_enter(&flow, 0), RMI_SUCCESS);
		order(0, question);
		EXPECT_EQ(run_of(0)->exit.gprs[0], MICA_POLICY(MICA_RULE_NO_RIGHT));
		point("strangers", "peer_info", n, run_of(0)->exit.gprs[11]);
		flow_end(&flow);
		page_reset(free);
	}
}

void bench_growth(void)
{
	against_roles();
	against_channels();
	against_others();
	against_gates();
	against_all();
	against_strangers();
}
