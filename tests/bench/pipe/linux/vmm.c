/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pipeline as Realms of the Linux host: driver and VMM as they are. In the place of `mica run`, a process of the same
 * machine at the other end of a socket (abi/run_proto.h), with the log and the output mapped: no virtio, no disk.
 */
#include "../../../../abi/run_proto.h"
#include "init.h"

#define SYS_mount	40
#define SYS_socketpair	199
#define SYS_finit_module 273

enum { INPUT, OUTPUT, REGIONS };	/* in the blob they ascend by role */

static uint8_t payload[RUN_MSG_MAX] __attribute__((aligned(64)));

static void send(long fd, uint32_t type, uint32_t arg, const void *data, size_t size)
{
	const struct run_msg msg = { .type = type, .arg = arg, .len = (uint32_t)size };

	if (SYSCALL(write, fd, &msg, sizeof(msg)) != sizeof(msg))
		fail("send");
	for (size_t at = 0; at < size; )
		at += (size_t)must(SYSCALL(write, fd, (const uint8_t *)data + at, size - at), "send");
}

static void receive(long fd, void *to, size_t size)
{
	for (size_t at = 0; at < size; ) {
		long n = must(SYSCALL(read, fd, (uint8_t *)to + at, size - at), "receive");

		if (n == 0)
			fail("the VMM is gone");
		at += (size_t)n;
	}
}

static void send_file(long fd, uint32_t type, uint32_t arg, const char *name)
{
	long file = open_file(name, O_RDONLY), n = must(SYSCALL(read, file, payload, sizeof(payload)), name);

	if (n == (long)sizeof(payload))
		fail(name);
	send(fd, type, arg, payload, (size_t)n);
}

static void socket_make(int pair[2])
{
	must(SYSCALL(socketpair, 1 /* AF_UNIX */, 1 | O_RDONLY /* stream, closed on exec */, 0, pair), "socket");
}

static long start_vmm(void)
{
	static const char *const argv[] = { "/mica-vmm", "fd:3", NULL };
	int pair[2];
	long module = open_file("/mica.ko", O_RDONLY);

	SYSCALL(mount, "none", "/proc", "proc");
	SYSCALL(mount, "none", "/sys", "sysfs");
	SYSCALL(mount, "none", "/dev", "devtmpfs");
	must(SYSCALL(finit_module, module, "", 0), "mica.ko");
	socket_make(pair);
	if (must(SYSCALL(clone, SIGCHLD), "clone") == 0) {
		must(SYSCALL(dup3, pair[1], 3), "dup");
		SYSCALL(execve, argv[0], argv, environment);
		SYSCALL(exit, 127);
	}
	return pair[0];
}

static uint8_t *map(long fd, size_t bytes, int rights)
{
	long p = must(SYSCALL(mmap, 0, bytes, rights, 0x8001 /* shared, pages there from the start */, fd), "mmap");

	return (uint8_t *)p;
}

struct stream {
	uint8_t *log, *out;
	size_t bytes, sent, written;
	uint32_t credit;
	bool begun, ended;
};

static void feed(long fd, struct stream *s)
{
	while (s->begun && !s->ended && s->credit) {
		size_t n = s->bytes - s->sent;

		if (n > s->credit)
			n = s->credit;
		if (n > PIPE_SIZE)
			n = PIPE_SIZE;
		if (n == 0) {
			s->ended = true;
			send(fd, RUN_EOF, INPUT, NULL, 0);
			return;
		}
		send(fd, RUN_DATA, INPUT, s->log + s->sent, n);
		s->sent += n;
		s->credit -= (uint32_t)n;
	}
}

uint64_t run_realms(const char *work, long in, long out, size_t bytes, uint64_t *began, uint64_t *ended)
{
	struct stream s = { .bytes = bytes, .log = map(in, bytes, 1), .out = map(out, bytes, 3) };
	long fd = start_vmm();
	char name[64];

	for (;;) {
		struct run_msg msg;

		receive(fd, &msg, sizeof(msg));
		if (msg.len > sizeof(payload))
			fail("message");
		if (msg.type == RUN_OUTPUT) {
			if (msg.len > bytes - s.written)
				fail("too much output");
			receive(fd, s.out + s.written, msg.len);
			s.written += msg.len;
			continue;
		}
		receive(fd, payload, msg.len);
		switch (msg.type) {
		case RUN_READY:
			send_file(fd, RUN_BLOB, 0, "/redact.blob");
			send_file(fd, RUN_IMAGE, 0, "/ingest.bin");
			path(name, "/", work, ".bin");
			send_file(fd, RUN_IMAGE, 1, name);
			send_file(fd, RUN_IMAGE, 2, "/sink.bin");
			send(fd, RUN_LOAD, 0, NULL, 0);
			break;
		case RUN_ACTIVE:
			settle();
			*began = clock_now();
			pipe_mark();
			send(fd, RUN_BEGIN, 0, NULL, 0);
			s.begun = true;
			break;
		case RUN_CREDIT:
			s.credit += *(const uint32_t *)payload;
			break;
		case RUN_OUTPUT_END:
			*ended = clock_now();
			pipe_mark();
			break;
		case RUN_FAIL:
			payload[msg.len < sizeof(payload) ? msg.len : sizeof(payload) - 1] = '\0';
			fail((const char *)payload);
		case RUN_DONE:
			return ((const struct run_done *)payload)->rec_entries;
		}
		feed(fd, &s);
	}
}

/* What of a piece goes back: about as much as a redacted log is shorter. */
static size_t back(size_t n)
{
	return n - n / 8;
}

/* The other end of a socket in the VMM's place, with nothing behind it: what the way in and out costs there. */
void run_sockets(long in, size_t bytes, uint64_t *began, uint64_t *ended)
{
	const uint8_t *log = map(in, bytes, 1);
	int pair[2];

	socket_make(pair);
	if (must(SYSCALL(clone, SIGCHLD), "clone") == 0) {
		for (size_t n, left = bytes; left; left -= n) {
			n = left < PIPE_SIZE ? left : PIPE_SIZE;
			receive(pair[1], payload, n);
			send(pair[1], RUN_OUTPUT, OUTPUT, payload, back(n));
		}
		SYSCALL(exit, 0);
	}
	settle();
	*began = clock_now();
	pipe_mark();
	for (size_t n, at = 0; at < bytes; at += n) {
		struct run_msg msg;

		n = bytes - at < PIPE_SIZE ? bytes - at : PIPE_SIZE;
		for (size_t done = 0; done < n; )
			done += (size_t)must(SYSCALL(write, pair[0], log + at + done, n - done), "send");
		receive(pair[0], &msg, sizeof(msg));
		receive(pair[0], payload, back(n));
	}
	*ended = clock_now();
	pipe_mark();
}
