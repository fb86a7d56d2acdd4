/* SPDX-License-Identifier: Apache-2.0 */
/* Takes the key from the host, once the verifier has accepted the workflow, and puts it where only vault can read it. */
#include "vault.h"

int main(void)
{
	struct key_page *page = find_grant("key", MICA_GRANT_RW);
	struct mica_window secret;
	size_t have = 0;
	long n;

	if (page == NULL || mica_window_open(&secret, "secret", MICA_READ))
		return MICA_EXIT_CONFIG;
	n = mica_begin();
	if (n < 0)
		return mica_exit_status(n);
	while ((n = mica_window_read(&secret)) > 0) {
		size_t take = (size_t)n < KEY_SIZE - have ? (size_t)n : KEY_SIZE - have;

		memcpy(page->key + have, secret.base, take);
		have += take;
	}
	if (n < 0 || have < KEY_SIZE)
		return n < 0 ? mica_exit_status(n) : MICA_EXIT_HOST;
	__atomic_store_n(&page->ready, 1, __ATOMIC_RELEASE);
	return MICA_EXIT_OK;
}
