/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs in the machine in mica-vmm's place. Takes policy and images from `mica run`, then plays them to one
 * mica-vmm after the other over a pseudo terminal and ends each with SIGKILL at another moment. After each
 * death the driver must have taken everything back; before it, something must have been out, or the trial showed nothing.
 * The control, first and last: a run that nobody kills completes.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stddef.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../abi/mica_blob.h"
#include "../../abi/mica_ioctl.h"
#include "../../abi/run_proto.h"

#define VMM		"/mica-vmm.true"
#define PORT		"/dev/vport*"		/* there is one */
#define TRIAL_SECONDS	120
#define NEVER		0

struct trial {
	const char *name;
	uint32_t on;			/* kill at the count-th message of this type; NEVER: let it end */
	unsigned int count;
	unsigned int delay_ms;		/* and so long after it */
	bool empty;			/* nothing is delegated yet at that moment */
};

/* examples/redact. RUN_LOAD is ours: so long after we sent it. */
static const struct trial redact[] = {
	{ "nobody kills it", NEVER, 0, 0, false },
	{ "after its first message", RUN_READY, 1, 0, true },
	{ "50 ms into loading", RUN_LOAD, 1, 50, false },
	{ "200 ms into loading", RUN_LOAD, 1, 200, false },
	{ "500 ms into loading", RUN_LOAD, 1, 500, false },
	{ "1 s into loading", RUN_LOAD, 1, 1000, false },
	{ "with one realm loaded", RUN_LOADED, 1, 0, false },
	{ "with two realms loaded", RUN_LOADED, 2, 0, false },
	{ "with three realms loaded", RUN_LOADED, 3, 0, false },
	{ "when active", RUN_ACTIVE, 1, 0, false },
	{ "while it signs the token", RUN_ACTIVE, 1, 30, false },
	{ "when attested", RUN_TOKEN, 1, 0, false },
	{ "in the middle of the stream", RUN_OUTPUT, 20, 0, false },
	{ "in its own teardown", RUN_ROLE_EXIT, 3, 100, false },
	{ "late in its own teardown", RUN_ROLE_EXIT, 3, 700, false },
	{ "nobody kills it, again", NEVER, 0, 0, false },
	{ 0 }
};

/* examples/vault/lives.mica: gates, a role with vCPUs off, resets. */
static const struct trial lives[] = {
	{ "nobody kills it", NEVER, 0, 0, false },
	{ "with a server parked", RUN_TOKEN, 1, 300, false },
	{ "while the first role is reset", RUN_ROLE_RESTART, 1, 0, false },
	{ "20 ms into a reset", RUN_ROLE_RESTART, 1, 20, false },
	{ "60 ms into a reset", RUN_ROLE_RESTART, 2, 60, false },
	{ "120 ms into a reset", RUN_ROLE_RESTART, 1, 120, false },
	{ "250 ms into a reset", RUN_ROLE_RESTART, 2, 250, false },
	{ "500 ms into a reset", RUN_ROLE_RESTART, 3, 500, false },
	{ "1 s into a reset", RUN_ROLE_RESTART, 4, 1000, false },
	{ "when calls are answered", RUN_OUTPUT, 1, 0, false },
	{ "with vCPUs on and off", RUN_OUTPUT, 4, 0, false },
	{ "with roles at rest", RUN_OUTPUT_END, 2, 0, false },
	{ "in its own teardown", RUN_ROLE_EXIT, 4, 100, false },
	{ "nobody kills it, again", NEVER, 0, 0, false },
	{ 0 }
};

/* One of the two, by what policy came. */
static const struct {
	unsigned int roles;
	const struct trial *trials;
	unsigned int outputs;		/* windows */
	unsigned int pieces, piece;	/* of input, for each window: how many, how large at most */
} workflows[] = {
	{ 3, redact, 1, 40, 65536 },
	{ 4, lives, 2, 4, 4000 },
}, *workflow;

static uint8_t script[1 << 20];		/* what `mica run` sent, up to RUN_LOAD */
static size_t script_size;
static int passed, failed;

/* One mica-vmm under test. */
struct vmm {
	pid_t pid;
	int fd;
	uint8_t in[2 * RUN_MSG_MAX];
	size_t have;
	uint8_t out[2 * RUN_MSG_MAX + sizeof(script)];
	size_t queued;
	unsigned int seen[64];		/* messages, by type */
	unsigned int sent_data[MICA_MAX_REGIONS];
	uint64_t left;			/* as it says itself in RUN_DONE */
	double load_at;
};

static void die(const char *what)
{
	printf("killed: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void read_all(int fd, void *p, size_t n)
{
	for (uint8_t *at = p; n; ) {
		ssize_t got = read(fd, at, n);

		if (got <= 0)
			die("the port");
		at += got;
		n -= (size_t)got;
	}
}

/* Play the VMM's first words, and keep what comes. */
static void record(void)
{
	struct run_msg head = { .type = RUN_READY, .len = sizeof(struct run_ready) };
	struct run_ready ready = { .proto = RUN_PROTO_VERSION };
	struct mica_ioc_info info;
	int port = -1, dev = open("/dev/mica", O_RDWR | O_CLOEXEC);
	struct run_msg msg;
	glob_t ports;

	if (glob(PORT, 0, NULL, &ports) == 0)
		port = open(ports.gl_pathv[0], O_RDWR | O_CLOEXEC);

	if (port < 0 || dev < 0 || ioctl(dev, MICA_IOC_INFO, &info) < 0)
		die("port or device");
	close(dev);
	ready.rmi_version = info.rmi_version;
	ready.mica_magic = info.mica_magic;
	if (write(port, &head, sizeof(head)) != sizeof(head) || write(port, &ready, sizeof(ready)) != sizeof(ready))
		die("the port");
	do {
		read_all(port, &msg, sizeof(msg));
		if (script_size + sizeof(msg) + msg.len > sizeof(script))
			die("policy and images are too large");
		memcpy(script + script_size, &msg, sizeof(msg));
		read_all(port, script + script_size + sizeof(msg), msg.len);
		script_size += sizeof(msg) + msg.len;
	} while (msg.type != RUN_LOAD);
}

/* The first message is the compiled policy. */
static void find_workflow(void)
{
	struct mica_blob_header head;

	memcpy(&head, script + sizeof(struct run_msg), sizeof(head));
	for (size_t i = 0; i < sizeof(workflows) / sizeof(workflows[0]) && !workflow; i++)
		if (workflows[i].roles == head.roles)
			workflow = &workflows[i];
	if (!workflow)
		die("no trials for this policy");
}

static uint64_t delegated(void)
{
	struct mica_ioc_stats stats;
	int dev = open("/dev/mica", O_RDWR | O_CLOEXEC);

	if (dev < 0 || ioctl(dev, MICA_IOC_STATS, &stats) < 0)
		die("/dev/mica");
	close(dev);
	return stats.granules_total;
}

/* ---- a conversation ---- */

static void queue(struct vmm *v, const void *p, size_t n)
{
	if (v->queued + n > sizeof(v->out))
		die("too much to say");
	memcpy(v->out + v->queued, p, n);
	v->queued += n;
}

static void say(struct vmm *v, uint32_t type, uint32_t arg, uint32_t len)
{
	static uint8_t data[RUN_MSG_MAX];
	struct run_msg msg = { .type = type, .arg = arg, .len = len };

	for (uint32_t i = 0; i < len && data[len - 1] == 0; i++)
		data[i] = "4711000815 \n"[i % 12];	/* each a number */
	queue(v, &msg, sizeof(msg));
	queue(v, data, len);
}

static void give_input(struct vmm *v, uint32_t region, uint32_t credit)
{
	unsigned int *sent = &v->sent_data[region % MICA_MAX_REGIONS];

	if (++*sent <= workflow->pieces)
		say(v, RUN_DATA, region, credit < workflow->piece ? credit : workflow->piece);
	if (*sent == workflow->pieces)
		say(v, RUN_EOF, region, 0);
}

static void on_message(struct vmm *v, const struct run_msg *msg, const uint8_t *data)
{
	uint32_t credit;

	if (msg->type < 64)
		v->seen[msg->type]++;
	switch (msg->type) {
	case RUN_READY:
		queue(v, script, script_size);
		v->load_at = now();
		break;
	case RUN_ACTIVE:
		say(v, RUN_CHALLENGE, 0, 64);
		break;
	case RUN_TOKEN:
		say(v, RUN_BEGIN, 0, 0);
		break;
	case RUN_CREDIT:
		memcpy(&credit, data, sizeof(credit));
		give_input(v, msg->arg, credit);
		break;
	case RUN_FAIL:
		printf("killed: mica-vmm says: %.*s\n", (int)msg->len, data);
		break;
	case RUN_DONE:
		memcpy(&v->left, data + offsetof(struct run_done, granules_left), sizeof(v->left));
		break;
	}
}

static void take_messages(struct vmm *v)
{
	struct run_msg msg;

	while (v->have >= sizeof(msg)) {
		memcpy(&msg, v->in, sizeof(msg));
		if (msg.len > RUN_MSG_MAX)
			die("a message of mica-vmm");
		if (v->have < sizeof(msg) + msg.len)
			return;
		on_message(v, &msg, v->in + sizeof(msg));
		v->have -= sizeof(msg) + msg.len;
		memmove(v->in, v->in + sizeof(msg) + msg.len, v->have);
	}
}

/* Up to `ms`; false: the other end is gone. */
static bool exchange(struct vmm *v, int ms)
{
	struct pollfd p = { .fd = v->fd, .events = (short)(POLLIN | (v->queued ? POLLOUT : 0)) };
	ssize_t n;

	if (poll(&p, 1, ms) < 0)
		die("poll");
	if (p.revents & POLLOUT) {
		n = write(v->fd, v->out, v->queued < 4096 ? v->queued : 4096);
		if (n > 0) {
			v->queued -= (size_t)n;
			memmove(v->out, v->out + n, v->queued);
		}
	}
	if (p.revents & POLLIN) {
		n = read(v->fd, v->in + v->have, sizeof(v->in) - v->have);
		if (n > 0) {
			v->have += (size_t)n;
			take_messages(v);
		}
	}
	return !(p.revents & (POLLHUP | POLLERR)) || (p.revents & POLLIN);
}

static void start(struct vmm *v)
{
	struct termios raw;
	char name[64];
	int slave;

	memset(v, 0, sizeof(*v));
	if (openpty(&v->fd, &slave, name, NULL, NULL) < 0 || tcgetattr(slave, &raw) < 0)
		die("pty");
	cfmakeraw(&raw);
	if (tcsetattr(slave, TCSANOW, &raw) < 0 || fcntl(v->fd, F_SETFL, O_NONBLOCK) < 0)
		die("pty");
	v->pid = fork();
	if (v->pid < 0)
		die("fork");
	if (v->pid == 0) {
		close(v->fd);
		execl(VMM, VMM, name, (char *)NULL);
		_exit(127);
	}
	close(slave);
}

/* The moment of the trial has come. */
static bool due(const struct vmm *v, const struct trial *t, double *since)
{
	unsigned int seen = t->on == RUN_LOAD ? v->load_at > 0 && v->queued == 0 : v->seen[t->on];

	if (t->on == NEVER || seen < t->count)
		return false;
	if (*since == 0)
		*since = now();
	return now() - *since >= t->delay_ms / 1e3;
}

static void verdict(const struct trial *t, bool good, const char *why)
{
	printf("killed: %s %s%s%s\n", good ? "ok" : "FAILED", t->name, good ? "" : ": ", good ? "" : why);
	good ? passed++ : failed++;
}

static void judge(const struct trial *t, const struct vmm *v, int status, uint64_t before)
{
	if (t->on == NEVER)
		verdict(t, WIFEXITED(status) && WEXITSTATUS(status) == 0 && v->seen[RUN_OUTPUT_END] == workflow->outputs &&
			v->seen[RUN_DONE] == 1 && v->left == 0 && delegated() == 0, "the run did not complete");
	else if (!WIFSIGNALED(status))
		verdict(t, false, "it ended before its moment came");
	else if ((before == 0) != t->empty)
		verdict(t, false, t->empty ? "something was delegated already" : "nothing was delegated yet");
	else
		verdict(t, delegated() == 0, "granules are still delegated");
}

static void attempt(const struct trial *t)
{
	static struct vmm v;
	double begin = now(), since = 0;
	uint64_t before = 0;
	int status = 0;

	start(&v);
	for (;;) {
		if (due(&v, t, &since) || now() - begin > TRIAL_SECONDS) {
			before = delegated();
			kill(v.pid, SIGKILL);
			break;
		}
		if (!exchange(&v, 10))
			break;
	}
	if (waitpid(v.pid, &status, 0) != v.pid)
		die("wait");
	while (exchange(&v, 0) && v.have)
		;
	close(v.fd);
	judge(t, &v, status, before);
}

/* What came back is the kernel's to use: most of what is free, page by page. */
static void use_memory(void)
{
	static const struct trial t = { .name = "memory that came back can be written" };
	struct sysinfo s;
	size_t size;
	uint8_t *p;

	sysinfo(&s);
	size = s.freeram / 10 * 8 * s.mem_unit;
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		die("mmap");
	for (size_t i = 0; i < size; i += 4096)
		p[i] = 1;
	munmap(p, size);
	verdict(&t, true, "");
}

/* The driver reports what the monitor refused it. */
static void read_log(void)
{
	static const struct trial t = { .name = "the driver was refused nothing in teardown" };
	static char text[1 << 20];
	int n = klogctl(3, text, sizeof(text) - 1);

	verdict(&t, n > 0 && strstr(text, "mica: RMI") && !strstr(text, "mica: teardown"), "see the kernel's log");
}

int main(void)
{
	record();
	find_workflow();
	mkdir("/dev/pts", 0755);
	if (mount("devpts", "/dev/pts", "devpts", 0, NULL) < 0)
		die("devpts");
	for (const struct trial *t = workflow->trials; t->name; t++)
		attempt(t);
	use_memory();
	read_log();
	printf("killed: %d passed, %d failed\n", passed, failed);
	return 0;
}
