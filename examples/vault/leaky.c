/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In the place of vault: one that wants to give the key away with every answer, past libmica. Result 1 is what was asked
 * for, 2 and 3 are the key. How many of them cross is the policy's to say. Serves every gate it has, each on
 * the vCPU that is its server, and calls `back` if it may.
 */
#include "vault.h"

#define STACK	0x8000

static const struct key_page *page;
static uint8_t stacks[MICA_MAX_VCPUS][STACK] __attribute__((aligned(16)));

static void serve(void *arg)
{
	const struct mica_gate *gate = arg;
	uint64_t x[11] = { 0 }, key[2];

	do {
		memcpy(key, page->key, sizeof(key));
		x[0] = SMC_RSI_MICA_GATE_RECV;
		x[1] = gate->number;
		x[2] = 0x746f6b656e;
		x[3] = key[0];
		x[4] = key[1];
		mica_smc(x);
	} while (x[0] == RSI_SUCCESS);
}

static int serve_all(void)
{
	static struct mica_gate gates[MICA_MAX_VCPUS];
	int err = 0;

	for (unsigned int i = 0; i < MICA_MAX_VCPUS && mica_gate(i, &gates[i]) == 0 && err == 0; i++)
		if (gates[i].serves)
			err = mica_cpu_start(gates[i].server, serve, &gates[i], stacks[gates[i].server], STACK);
	return err;
}

int main(void)
{
	uint64_t words[MICA_GATE_WORDS] = { 0 };
	struct mica_gate back;
	bool calls = mica_gate_open(&back, "back") == 0;

	page = find_grant("key", MICA_GRANT_R);
	if (page == NULL)
		return MICA_EXIT_CONFIG;
	while (__atomic_load_n(&page->ready, __ATOMIC_ACQUIRE) != 1)
		mica_sleep(mica_ticks_per_second() / 50);
	if (serve_all())
		return MICA_EXIT_CONFIG;
	for (;;) {
		mica_sleep(mica_ticks_per_second() / 50);
		if (calls)
			mica_gate_call(&back, words, words);
	}
}
