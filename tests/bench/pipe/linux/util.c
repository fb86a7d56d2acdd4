/* SPDX-License-Identifier: Apache-2.0 */
/* What PID 1 needs without a C library: the console, files, the variables of the kernel's command line. */
#include "init.h"

char **environment;

void say(const char *s)
{
	SYSCALL(write, 1, s, strlen(s));
}

void put(uint64_t v)
{
	char digits[24], *p = &digits[23];

	*p = '\0';
	do
		*--p = (char)('0' + v % 10);
	while ((v /= 10) != 0);
	say(" ");
	say(p);
}

void power_off(void)
{
	for (;;)
		SYSCALL(reboot, 0xfee1dead, 672274793, 0x4321fedc);
}

void fail(const char *what)
{
	say("FAIL ");
	say(what);
	say("\n");
	power_off();
}

long must(long v, const char *what)
{
	if (v < 0)
		fail(what);
	return v;
}

const char *variable(const char *name)
{
	size_t n = strlen(name);

	for (char **e = environment; *e; e++)
		if (strlen(*e) > n && memcmp(*e, name, n) == 0 && (*e)[n] == '=')
			return *e + n + 1;
	fail(name);
	return NULL;
}

void path(char to[64], const char *a, const char *b, const char *c)
{
	size_t i = strlen(a), j = strlen(b), k = strlen(c);

	if (i + j + k >= 64)
		fail("path");
	memcpy(to, a, i);
	memcpy(to + i, b, j);
	memcpy(to + i + j, c, k + 1);
}

long open_file(const char *name, long flags)
{
	return must(SYSCALL(openat, AT_FDCWD, name, flags, 0600), name);
}

size_t copy_zeroes(long fd, long from)
{
	static uint8_t buf[PIPE_SIZE], zero[PIPE_SIZE];
	size_t bytes = 0;

	for (long n; (n = must(SYSCALL(read, from, buf, sizeof(buf)), "read")) > 0; bytes += (size_t)n)
		must(SYSCALL(write, fd, zero, n), "write");
	return bytes;
}

static long fill(long fd, uint8_t *buf)
{
	long at = 0;

	for (long n; at < (long)PIPE_SIZE && (n = must(SYSCALL(read, fd, buf + at, PIPE_SIZE - (size_t)at), "read")) > 0; at += n)
		;
	return at;
}

/* Bytes of the file if it is as it has to be, up to that length. */
size_t same(const char *file, const char *want)
{
	static uint8_t a[PIPE_SIZE], b[PIPE_SIZE];
	long x = open_file(file, O_RDONLY), y = open_file(want, O_RDONLY), n;
	size_t bytes = 0;

	while ((n = fill(y, b)) > 0) {
		if (fill(x, a) < n || memcmp(a, b, (size_t)n) != 0)
			fail("output");
		bytes += (size_t)n;
	}
	return bytes;
}

/* What the kernel puts off is half a second's work. */
void settle(void)
{
	const int64_t time[2] = { 5, 0 };

	SYSCALL(nanosleep, time, NULL);
}
