/* Role release: attests the workflow to the tenant, then gives what comes out of `done` to the host. */
#include <mica.h>

static long give(struct mica_channel *done, struct mica_window *output)
{
	long n;

	while ((n = mica_channel_read(done, output->base, output->size)) > 0) {
		int err = mica_window_write(output, (size_t)n);

		if (err)
			return err;
	}
	return n < 0 ? n : mica_window_end(output);
}

int main(void)
{
	struct mica_window output;
	struct mica_channel done;
	long n = mica_window_open(&output, "output", MICA_WRITE);

	if (n == 0)
		n = mica_channel_open(&done, "done", MICA_READ);
	if (n == 0)
		n = mica_attest(&output);
	if (n == 0)
		n = mica_begin();
	if (n == 0)
		n = give(&done, &output);
	return mica_exit_status(n);
}
