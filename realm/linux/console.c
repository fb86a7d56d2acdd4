// SPDX-License-Identifier: GPL-2.0 OR Apache-2.0
/* The kernel's console, if the policy gives this role a channel called `console` to write. What finds no room is lost. */
#include <linux/console.h>

#include "guest.h"

static struct mica_stream *stream;

static void console_write(struct console *con, const char *s, unsigned int n)
{
	mica_stream_put(stream, (const u8 *)s, n);
}

static struct console console = {
	.name = "mica",
	.write = console_write,
	.flags = CON_PRINTBUFFER | CON_ENABLED | CON_ANYTIME,
	.index = -1,
};

void mica_console_add(struct mica_stream *s)
{
	stream = s;
	register_console(&console);
}
