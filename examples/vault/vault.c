/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds the key and answers calls: what it may say is what the gate carries, one word. It has no window and no way
 * to the host. With nothing to lose but the key, which stays in the channel, it can be restarted at any moment.
 */
#include "siphash.h"
#include "vault.h"

static uint8_t key[KEY_SIZE];

static void take_key(const struct key_page *page)
{
	while (__atomic_load_n(&page->ready, __ATOMIC_ACQUIRE) != 1)
		mica_sleep(mica_ticks_per_second() / 50);
	memcpy(key, page->key, sizeof(key));
}

/* FRAIL: the same vault with a fault, to be seen restarted (tests/system/vault.sh). It dies in the middle of a call. */
static void may_fail(unsigned int calls)
{
#ifdef FRAIL
	if (mica_self()->epoch <= FRAIL && calls == 3)
		__builtin_trap();
#else
	(void)calls;
#endif
}

static uint64_t answer(const struct token_call *call)
{
	return call->n <= DIGITS_MAX ? siphash(key, call->digits, (size_t)call->n) : 0;
}

int main(void)
{
	uint64_t words[MICA_GATE_WORDS] = { 0 }, results[MICA_GATE_WORDS] = { 0 };
	const struct key_page *page = find_grant("key", MICA_GRANT_R);
	struct mica_gate gate;

	if (page == NULL || mica_gate_open(&gate, "token"))
		return MICA_EXIT_CONFIG;
	take_key(page);
	for (unsigned int calls = 0; mica_gate_serve(&gate, results, words) == 0; calls++) {
		may_fail(calls);
		results[0] = answer((const struct token_call *)words);
	}
	return MICA_EXIT_CONFIG;
}
