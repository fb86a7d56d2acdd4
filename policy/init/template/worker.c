/* Role worker: small letters become capitals. The policy does not ask what this file does: it has no way out. */
#include <mica.h>

static void work(uint8_t *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text[i] >= 'a' && text[i] <= 'z')
			text[i] = (uint8_t)(text[i] - 'a' + 'A');
}

int main(void)
{
	static uint8_t buf[16384];
	struct mica_channel todo, done;
	long n = mica_channel_open(&todo, "todo", MICA_READ);

	if (n == 0)
		n = mica_channel_open(&done, "done", MICA_WRITE);
	if (n < 0)
		return mica_exit_status(n);
	while ((n = mica_channel_read(&todo, buf, sizeof(buf))) > 0) {
		int err;

		work(buf, (size_t)n);
		err = mica_channel_write(&done, buf, (size_t)n);
		if (err)
			return mica_exit_status(err);
	}
	if (n == 0)
		mica_channel_close(&done);
	return mica_exit_status(n);
}
