/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the extension costs a Realm that talks to another: calls through gates against the same by way of the host, signals. Ticks
 * of a Realm's own calls are from its SMC to its next instruction.
 */
#include "mica.h"

#include "../bare/realm/realm_abi.h"

#define RUNS	20

struct flow flow;

uint16_t vmids(unsigned int n)
{
	static uint16_t next = 1;
	uint16_t first;

	if (next + n > 256)
		next = 1;
	first = next;
	next = (uint16_t)(next + n);
	return first;
}

struct rmi_rec_run *run_of(unsigned int role)
{
	return realm_run(&flow.realm[role]);
}

/* ---- a proxy's calls ---- */

void order(unsigned int role, const uint64_t x[11])
{
	memcpy(run_of(role)->enter.gprs, x, 11 * sizeof(x[0]));
	EXPECT_EQ(flow_enter(&flow, role), RMI_SUCCESS);
}

uint64_t told(unsigned int role)
{
	EXPECT_EQ(run_of(role)->exit.exit_reason, RMI_EXIT_HOST_CALL);
	EXPECT_EQ(run_of(role)->exit.gprs[0], RSI_SUCCESS);
	return run_of(role)->exit.gprs[11];
}

uint64_t returned_at(unsigned int role)
{
	return run_of(role)->exit.gprs[12];
}

void expect_exit(unsigned int role, uint64_t reason)
{
	EXPECT_EQ(run_of(role)->exit.exit_reason, reason);
}

/* ---- gates ---- */

#define CALLER	{ "r0", MICA_RIGHT_HOSTCALL, REALM_PROXY }

static void bench_call(const char *name, const struct flow_plan *plan, unsigned int gate)
{
	const uint64_t call[11] = { SMC_RSI_MICA_GATE_CALL, gate, 11, 12, 13, 14, 15, 16, 17, 18 };
	const struct flow_gate *g = &plan->gates[gate];

	flow_start_plan(&flow, plan, vmids(plan->n_roles));
	for (unsigned int i = 1; i < plan->n_roles; i++) {
		EXPECT_EQ(flow_enter(&flow, i), RMI_SUCCESS);
		expect_exit(i, RMI_EXIT_MICA_PARKED);
	}
	EXPECT_EQ(flow_enter(&flow, 0), RMI_SUCCESS);
	for (int i = 0; i < RUNS; i++) {
		order(0, call);
		add(told(0));
		for (unsigned int w = 0; w < MICA_GATE_WORDS; w++)
			EXPECT_EQ(run_of(0)->exit.gprs[1 + w], w < g->args && w < g->results ? 11 + w : 0);
	}
	show(name);
	flow_end(&flow);
}

static void bench_gates(void)
{
	static const struct flow_role roles[] = {
		CALLER, { "r1", 0, REALM_SERVE_GATE(0, -1) }, { "r2", 0, REALM_SERVE_GATE(1, -1) },
	};
	static const struct flow_gate gates[] = { { 0, 1, 0, 0 }, { 0, 2, 8, 8 } };
	const struct flow_plan plan = { .roles = roles, .n_roles = 3, .gates = gates, .n_gates = 2 };

	bench_call("gate_call_0_words", &plan, 0);
	bench_call("gate_call_8_words", &plan, 1);
}

/* Server n serves gate n - 1 and calls on through gate n; the last answers. */
static void bench_chains(void)
{
	static const char *const names[] = { "chain_of_1", "chain_of_2", "chain_of_3", "chain_of_4" };
	static const struct flow_gate gates[] = { { 0, 1, 1, 1 }, { 1, 2, 1, 1 }, { 2, 3, 1, 1 }, { 3, 4, 1, 1 } };

	for (unsigned int depth = 1; depth <= MICA_GATE_DEPTH; depth++) {
		struct flow_role roles[1 + MICA_GATE_DEPTH] = {
			CALLER, { "r1", 0, 0 }, { "r2", 0, 0 }, { "r3", 0, 0 }, { "r4", 0, 0 },
		};
		const struct flow_plan plan = { .roles = roles, .n_roles = 1 + depth, .gates = gates, .n_gates = depth };

		for (unsigned int i = 1; i <= depth; i++)
			roles[i].arg = REALM_SERVE_GATE(i - 1, i < depth ? (int)i : -1);
		bench_call(names[depth - 1], &plan, 0);
	}
}

/*
 * The same by way of the host: out of the first by a host call, eight registers carried over, into the second, out of it, back. Of
 * the host itself nothing is counted.
 */
static void bench_by_host(void)
{
	static const struct flow_role roles[] = {
		{ "r0", MICA_RIGHT_HOSTCALL, REALM_PING }, { "r1", MICA_RIGHT_HOSTCALL, REALM_PING },
	};
	const struct flow_plan plan = { .roles = roles, .n_roles = 2 };

	flow_start_plan(&flow, &plan, vmids(2));
	EXPECT_EQ(flow_enter(&flow, 0), RMI_SUCCESS);
	EXPECT_EQ(flow_enter(&flow, 1), RMI_SUCCESS);
	for (int i = 0; i < RUNS; i++)
		COST(flow_enter(&flow, 0));
	show("exit_bound");
	for (int i = 0; i < RUNS; i++) {
		uint64_t sum = 0;

		for (unsigned int role = 0; role < 2; role++) {
			memcpy(run_of(1 - role)->enter.gprs, run_of(role)->exit.gprs, 8 * sizeof(uint64_t));
			EXPECT_EQ(flow_enter(&flow, 1 - role), RMI_SUCCESS);
			sum += rmi_ticks;
		}
		add(sum);
	}
	show("call_by_host");
	flow_end(&flow);
}

/* ---- signals ---- */

enum { WRITER, READER };
static const struct flow_role pair[] = {
	[WRITER] = { "r0", MICA_RIGHT_HOSTCALL, REALM_PROXY },
	[READER] = { "r1", MICA_RIGHT_HOSTCALL, REALM_PROXY },
};
const uint64_t signal[11] = { SMC_RSI_MICA_SIGNAL, 0 };
const uint64_t wait[11] = { SMC_RSI_MICA_WAIT, 1, 0, 0 };
static const uint64_t look[11] = { SMC_RSI_MICA_WAIT, 1, 0, MICA_WAIT_NOWAIT };

static void start_pair(const struct flow_plan *plan)
{
	flow_start_plan(&flow, plan, vmids(2));
	EXPECT_EQ(flow_enter(&flow, WRITER), RMI_SUCCESS);
	EXPECT_EQ(flow_enter(&flow, READER), RMI_SUCCESS);
}

static void bench_signal(const char *name, const struct flow_plan *plan)
{
	start_pair(plan);
	for (int i = 0; i < RUNS; i++) {
		order(WRITER, signal);
		add(told(WRITER));
	}
	show(name);
	flow_end(&flow);
}

static void bench_waits(void)
{
	for (int i = 0; i < RUNS; i++) {
		order(WRITER, signal);
		(void)told(WRITER);
		order(READER, wait);
		add(told(READER));
		EXPECT_EQ(run_of(READER)->exit.gprs[1], 1);
	}
	show("wait_finds_bit");
	for (int i = 0; i < RUNS; i++) {
		order(READER, look);
		add(told(READER));
		EXPECT_EQ(run_of(READER)->exit.gprs[1], 0);
	}
	show("wait_nowait_no_bit");
}

uint64_t hop(unsigned int writer, unsigned int reader)
{
	uint64_t end;

	order(reader, wait);
	expect_exit(reader, RMI_EXIT_MICA_IDLE);
	order(writer, signal);
	expect_exit(writer, RMI_EXIT_MICA_WAKE);
	EXPECT_EQ(run_of(writer)->exit.gprs[0], 1UL << reader);
	EXPECT_EQ(flow_enter(&flow, reader), RMI_SUCCESS);
	(void)told(reader);
	end = returned_at(reader);
	EXPECT_EQ(flow_enter(&flow, writer), RMI_SUCCESS);
	return end - (returned_at(writer) - told(writer));
}

static void bench_wake(void)
{
	for (int i = 0; i < RUNS; i++)
		add(hop(WRITER, READER));
	show("signal_to_wake_up");
}

static void bench_signals(void)
{
	static struct flow_channel channels[MICA_MAX_CHANNELS];
	/* never called: an edge back, as an ack is; without one each signal is an exit */
	static const struct flow_gate back = { READER, WRITER, 0, 0 };
	struct flow_plan plan = { .roles = pair, .n_roles = 2, .channels = channels, .n_channels = 1, .level = 3,
				  .gates = &back, .n_gates = 1 };

	for (unsigned int i = 0; i < MICA_MAX_CHANNELS; i++)
		channels[i] = (struct flow_channel){ .pages = 1, .flags = i == 0 ? MICA_CHAN_SIGNAL : 0, .to = 1 };
	bench_signal("signal_no_waiter", &plan);
	plan.n_channels = MICA_MAX_CHANNELS;
	bench_signal("signal_1024_grants", &plan);
	plan.n_channels = 1;
	start_pair(&plan);
	bench_waits();
	bench_wake();
	flow_end(&flow);
}

_Noreturn void bare_main(void)
{
	bench_by_host();
	bench_gates();
	bench_chains();
	bench_signals();
	bench_roles();
	bench_channels();
	bench_pages();
	bench_memory();
	bench_growth();
	bench_granules();
	bare_report("bench");
	bare_power_off();
}
