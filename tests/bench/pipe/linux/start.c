/* SPDX-License-Identifier: Apache-2.0 */
/* A component of libmica as a process: windows are files, the host calls of its beginning and end are nothing. */
#include "../../../../realm/libmica.h"
#include "../pipe.h"
#include "sys.h"

static uint8_t window[PIPE_SIZE] __attribute__((aligned(4096)));
static struct mica_self self;

/* The kernel enters with argc, argv on the stack; argv[1] is one digit, the number of the role. */
__asm__(".text\n\t.global _start\n_start:\n\tmov x0, sp\n\tbl process_start\n");

void process_start(long *stack) __attribute__((noreturn));
void process_start(long *stack)
{
	const char *number = (const char *)stack[2];

	self.role = (unsigned int)(number[0] - '0');
	channels_announce();
	SYSCALL(exit, main());
	__builtin_unreachable();
}

const struct mica_self *mica_self(void)
{
	return &self;
}

int mica_window_open(struct mica_window *w, const char *name, enum mica_direction direction)
{
	(void)name;
	*w = (struct mica_window){ .rights = direction, .base = window, .size = sizeof(window) };
	return 0;
}

long mica_window_read(struct mica_window *w)
{
	long n = SYSCALL(read, 0, w->base, w->size);

	return n < 0 ? -EIO : n;
}

int mica_window_write(struct mica_window *w, size_t n)
{
	return SYSCALL(write, 1, w->base, n) == (long)n ? 0 : -EIO;
}

int mica_window_end(struct mica_window *w)
{
	uint64_t now = clock_now();

	(void)w;
	pipe_mark();
	return SYSCALL(write, FD_END, &now, sizeof(now)) == sizeof(now) ? 0 : -EIO;
}

int mica_attest(struct mica_window *out)
{
	(void)out;
	return 0;
}

int mica_begin(void)
{
	char go;

	return SYSCALL(read, FD_GO, &go, 1) == 1 ? 0 : -EIO;
}
