/* SPDX-License-Identifier: Apache-2.0 */
/*
 * files OUT: a program of a Linux role that uses its channels as files do: the whole of `raw`, polled and without blocking, goes to
 * OUT; then what may be opened and mapped how. One line a result.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HEADER	64	/* of a ring */

static void say(const char *what, bool done)
{
	printf("%s: %s\n", what, done ? "done" : "refused");
}

/* How many bytes came; the first of them are in @begin. */
static size_t drain(int fd, int out, char *begin, size_t keep)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	unsigned int early = 0;
	size_t total = 0;
	char buf[1000];
	ssize_t n;

	for (;;) {
		if (poll(&p, 1, 60000) != 1)
			return 0;
		n = read(fd, buf, sizeof(buf));
		if (n == 0)
			break;
		if (n < 0 && errno == EAGAIN && early++ < 1000)
			continue;
		if (n < 0 || write(out, buf, (size_t)n) != n)
			return 0;
		if (total < keep)
			memcpy(begin + total, buf, (size_t)n < keep - total ? (size_t)n : keep - total);
		total += (size_t)n;
	}
	return total;
}

static void *map(const char *path, int flags, int prot, int how)
{
	int fd = open(path, flags);
	void *p = fd < 0 ? MAP_FAILED : mmap(NULL, 4096, prot, how, fd, 0);

	if (fd >= 0)
		close(fd);
	return p;
}

int main(int argc, char **argv)
{
	int fd = open("/dev/mica/raw", O_RDONLY | O_NONBLOCK), out = argc == 2 ? open(argv[1], O_WRONLY | O_CREAT, 0600) : -1;
	char begin[8] = "";
	const char *ring;

	if (fd < 0 || out < 0)
		return 1;
	say("poll and read to the end", drain(fd, out, begin, sizeof(begin)) >= sizeof(begin));
	say("open raw to write", open("/dev/mica/raw", O_WRONLY) >= 0);
	ring = map("/dev/mica/raw", O_RDONLY, PROT_READ, MAP_SHARED);
	say("map raw to read", ring != MAP_FAILED);
	say("find there what was read", ring != MAP_FAILED && memcmp(ring + HEADER, begin, sizeof(begin)) == 0);
	say("make that map writable", ring != MAP_FAILED && mprotect((void *)ring, 4096, PROT_READ | PROT_WRITE) == 0);
	say("map raw to execute", map("/dev/mica/raw", O_RDONLY, PROT_READ | PROT_EXEC, MAP_SHARED) != MAP_FAILED);
	say("map raw privately", map("/dev/mica/raw", O_RDONLY, PROT_READ, MAP_PRIVATE) != MAP_FAILED);
	say("map raw-ack to write", map("/dev/mica/raw-ack", O_RDWR, PROT_READ | PROT_WRITE, MAP_SHARED) != MAP_FAILED);
	return 0;
}
