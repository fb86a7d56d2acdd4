/* SPDX-License-Identifier: Apache-2.0 */
/* Proves to the verifier what runs here, then releases the redacted log to the host. */
#include <mica.h>

static long release(struct mica_channel *clean, struct mica_window *output)
{
	long n;

	while ((n = mica_channel_read(clean, output->base, output->size)) > 0) {
		int err = mica_window_write(output, (size_t)n);

		if (err)
			return err;
	}
	return n < 0 ? n : mica_window_end(output);
}

int main(void)
{
	struct mica_window output;
	struct mica_channel clean;
	long n = mica_window_open(&output, "output", MICA_WRITE);

	if (n == 0)
		n = mica_channel_open(&clean, "clean", MICA_READ);
	if (n == 0)
		n = mica_attest(&output);
	if (n == 0)
		n = mica_begin();
	if (n == 0)
		n = release(&clean, &output);
	return mica_exit_status(n);
}
