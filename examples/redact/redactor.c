/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Redacts a log. In the policy this role is `image any`: nobody has to believe what this file
 * says, for the Realm it runs in has no way out but the channel to the sink.
 */
#include <mica.h>

#include "redact_engine.h"

static int to_channel(void *arg, const void *data, size_t n)
{
	return mica_channel_write(arg, data, n);
}

int main(void)
{
	static struct redact redact;
	static uint8_t buf[16384];
	struct mica_channel raw, clean;
	long n = mica_channel_open(&raw, "raw", MICA_READ);

	if (n == 0)
		n = mica_channel_open(&clean, "clean", MICA_WRITE);
	if (n < 0)
		return mica_exit_status(n);
	redact_init(&redact, to_channel, &clean);
	while ((n = mica_channel_read(&raw, buf, sizeof(buf))) > 0) {
		int err = redact_feed(&redact, buf, (size_t)n);

		if (err)
			return mica_exit_status(err);
	}
	if (n == 0)
		n = redact_end(&redact);
	if (n == 0)
		mica_channel_close(&clean);
	return mica_exit_status(n);
}
