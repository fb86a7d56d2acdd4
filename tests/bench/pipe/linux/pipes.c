/* SPDX-License-Identifier: Apache-2.0 */
/* Channels are pipes. */
#include "../../../../realm/libmica.h"
#include "sys.h"

void channels_announce(void)
{
}

int mica_channel_open(struct mica_channel *c, const char *name, enum mica_direction direction)
{
	(void)name;
	c->direction = direction;
	return 0;
}

long mica_channel_read(struct mica_channel *c, void *buf, size_t size)
{
	long n = SYSCALL(read, 0, buf, size);

	(void)c;
	return n < 0 ? -EPIPE : n;
}

int mica_channel_write(struct mica_channel *c, const void *buf, size_t size)
{
	(void)c;
	for (size_t at = 0; at < size; ) {
		long n = SYSCALL(write, 1, (const uint8_t *)buf + at, size - at);

		if (n <= 0)
			return -EPIPE;
		at += (size_t)n;
	}
	return 0;
}

/* The end is that of the process. */
void mica_channel_close(struct mica_channel *c)
{
	(void)c;
}
