/* Role intake: what the host puts into the window `input` goes into the channel `todo`. */
#include <mica.h>

int main(void)
{
	struct mica_window input;
	struct mica_channel todo;
	long n = mica_window_open(&input, "input", MICA_READ);

	if (n == 0)
		n = mica_channel_open(&todo, "todo", MICA_WRITE);
	if (n == 0)
		n = mica_begin();	/* waits until the tenant has accepted the workflow's token */
	if (n < 0)
		return mica_exit_status(n);
	while ((n = mica_window_read(&input)) > 0) {
		int err = mica_channel_write(&todo, input.base, (size_t)n);

		if (err)
			return mica_exit_status(err);
	}
	if (n == 0)
		mica_channel_close(&todo);
	return mica_exit_status(n);
}
