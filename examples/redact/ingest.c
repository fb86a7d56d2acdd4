/* SPDX-License-Identifier: Apache-2.0 */
/* Takes the log from the host, once the verifier has accepted the workflow, and hands it on. */
#include <mica.h>

int main(void)
{
	struct mica_window input;
	struct mica_channel raw;
	long n = mica_window_open(&input, "input", MICA_READ);

	if (n == 0)
		n = mica_channel_open(&raw, "raw", MICA_WRITE);
	if (n == 0)
		n = mica_begin();
	if (n < 0)
		return mica_exit_status(n);
	while ((n = mica_window_read(&input)) > 0) {
		int err = mica_channel_write(&raw, input.base, (size_t)n);

		if (err)
			return mica_exit_status(err);
	}
	if (n == 0)
		mica_channel_close(&raw);
	return mica_exit_status(n);
}
