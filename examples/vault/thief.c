/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In the place of front: tries to get at the key, one act after the other, and reports to the host. Each is refused under
 * hostile.mica and succeeds under control.mica, which opens it; `ask` is what both permit.
 */
#include "vault.h"

static struct mica_window output;
static struct mica_gate gate;

static void say(size_t *at, const char *text)
{
	size_t n = strlen(text);

	memcpy(output.base + *at, text, n);
	*at += n;
}

static int report(const char *name, bool succeeded)
{
	size_t at = 0;

	say(&at, "attempt ");
	say(&at, name);
	say(&at, succeeded ? ": SUCCEEDED\n" : ": refused\n");
	return mica_window_write(&output, at);
}

/* A call past libmica, so that nothing but the monitor decides what comes back in X1..X8. */
static uint64_t call(unsigned int number, uint64_t x[11])
{
	for (unsigned int i = 0; i < 500; i++) {
		for (unsigned int k = 2; k < 11; k++)
			x[k] = 0;
		x[0] = SMC_RSI_MICA_GATE_CALL;
		x[1] = number;
		mica_smc(x);
		if (x[0] != MICA_POLICY(MICA_RULE_PEER_GONE))
			break;
		mica_sleep(mica_ticks_per_second() / 50);
	}
	return x[0];
}

static bool ask(void)
{
	uint64_t x[11];

	return call(gate.number, x) == RSI_SUCCESS && x[1] != 0;
}

/* More results than the gate has words for. */
static bool more_results(void)
{
	uint64_t x[11];

	return call(gate.number, x) == RSI_SUCCESS && (x[2] | x[3]) != 0;
}

/* The channel itself, by its name, waiting for the key to be in it. */
static bool key_channel(void)
{
	const struct key_page *page = find_grant("key", MICA_GRANT_R);

	return page && ask() && __atomic_load_n(&page->ready, __ATOMIC_ACQUIRE) == 1;
}

/* A gate that another role may call. */
static bool other_gate(void)
{
	struct mica_gate g;
	uint64_t x[11];

	if (mica_gate_open(&g, "spare"))
		g.number = 1 - gate.number;	/* the policy's other gate */
	return call(g.number, x) == RSI_SUCCESS;
}

static void serve_on_this_cpu(void *arg)
{
	uint64_t x[11] = { SMC_RSI_MICA_GATE_RECV, gate.number };
	struct mica_gate g;

	if (mica_gate_open(&g, "back") == 0)
		x[1] = g.number;
	mica_smc(x);
	__atomic_store_n((int *)arg, x[0] == RSI_SUCCESS ? 1 : -1, __ATOMIC_RELEASE);
}

/*
 * To take the calls of a gate that others serve: the arguments would be ours. On another CPU, because whoever serves a
 * call has no way to the host until it has answered.
 */
static bool serve_in_its_place(void)
{
	static uint8_t stack[0x8000] __attribute__((aligned(16)));
	static int outcome;

	if (mica_cpu_start(1, serve_on_this_cpu, &outcome, stack, sizeof(stack)))
		return false;
	for (unsigned int i = 0; i < 500 && __atomic_load_n(&outcome, __ATOMIC_ACQUIRE) == 0; i++)
		mica_sleep(mica_ticks_per_second() / 50);
	return outcome == 1;
}

int main(void)
{
	long n = mica_window_open(&output, "tokens", MICA_WRITE);

	if (n == 0)
		n = mica_gate_open(&gate, "token");
	if (n == 0)
		n = mica_attest(&output);
	if (n == 0)
		n = mica_begin();
	if (n == 0)
		n = report("ask", ask());
	if (n == 0)
		n = report("more-results", more_results());
	if (n == 0)
		n = report("key-channel", key_channel());
	if (n == 0)
		n = report("other-gate", other_gate());
	if (n == 0)
		n = report("serve-in-its-place", serve_in_its_place());
	if (n == 0)
		n = mica_window_end(&output);
	return mica_exit_status(n);
}
