/* SPDX-License-Identifier: Apache-2.0 */
/* In the redactor's place: hands on what comes, in the redactor's pieces. What is left of a pipeline is the carrying. */
#include <mica.h>

#define OUT	8192	/* as redact_engine.h */

int main(void)
{
	static uint8_t buf[16384];
	struct mica_channel raw, clean;
	long n = mica_channel_open(&raw, "raw", MICA_READ);

	if (n == 0)
		n = mica_channel_open(&clean, "clean", MICA_WRITE);
	while (n == 0 && (n = mica_channel_read(&raw, buf, sizeof(buf))) > 0) {
		long end = n;

		for (long at = 0; at < end && n >= 0; at += OUT) {
			int err = mica_channel_write(&clean, buf + at, end - at < OUT ? (size_t)(end - at) : OUT);

			n = err;
		}
	}
	if (n == 0)
		mica_channel_close(&clean);
	return mica_exit_status(n);
}
