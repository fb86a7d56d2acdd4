/* SPDX-License-Identifier: Apache-2.0 */
#include "vmm_peer.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define RAM_PAGES	19

struct run_msg peer_msg;
union peer_data peer_data;

static int fd, vmm_fd;
static pthread_t thread;

struct peer_blob peer_blob(void)
{
	struct peer_blob b = {
		.h = { .magic = MICA_BLOB_MAGIC, .version = 1, .roles = ROLES, .name = "life" },
	};
	unsigned int i;

	for (i = 0; i < ROLES; i++) {
		b.role[i] = (struct mica_blob_role){
			.rights = MICA_RIGHT_HOSTCALL, .s2sz = 39, .vcpus = 1, .num_bps = 1, .num_wps = 1,
			.ram_base = 0x40000000, .ram_size = RAM_PAGES * PAGE,
		};
		b.role[i].name[0] = (char)('a' + i);
	}
	return b;
}

void peer_gate(struct peer_blob *b, unsigned int caller, unsigned int callee, unsigned int server)
{
	b->h.gates = 1;
	b->gate[0] = (struct mica_blob_gate){ .caller_name = "g", .callee_name = "g", .caller = (uint8_t)caller,
					      .callee = (uint8_t)callee, .server_rec = (uint8_t)server };
}

void peer_window(struct peer_blob *b)
{
	b->h.regions = 1;
	b->region[0] = (struct mica_blob_region){ .name = "out", .base = 1UL << 38, .pages = 1, .role = A,
						  .kind = MICA_REGION_WINDOW, .rights = MICA_REGION_WRITE };
	b->role[A].region_count = 1;
	b->role[B].region_first = b->role[C].region_first = 1;
}

static void *serve_session(void *arg)
{
	struct vmm *vmm = malloc(sizeof(*vmm));

	(void)arg;
	assert_int_equal(vmm_init(vmm, vmm_fd), 0);
	assert_int_equal(dev_info(&vmm->info), 0);
	session(vmm);
	vmm_free(vmm);
	free(vmm);
	close(vmm_fd);
	return NULL;
}

void peer_begin(void)
{
	int fds[2];

	signal(SIGPIPE, SIG_IGN);	/* as the VMM does */
	fake_reset();
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	fd = fds[0];
	vmm_fd = fds[1];
	assert_int_equal(fcntl(vmm_fd, F_SETFL, O_NONBLOCK), 0);
}

void peer_put(uint32_t type, uint32_t arg, const void *data, uint32_t len)
{
	struct run_msg msg = { .type = type, .arg = arg, .len = len };

	if (send(fd, &msg, sizeof(msg), MSG_NOSIGNAL) == sizeof(msg) && len)
		(void)!send(fd, data, len, MSG_NOSIGNAL);
}

static bool read_all(void *to, size_t n)
{
	uint8_t *p = to;

	while (n) {
		ssize_t got = read(fd, p, n);

		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
	}
	return true;
}

uint32_t peer_get(void)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (poll(&p, 1, 60000) == 0)
		fail_msg("the VMM says nothing for a minute");
	memset(&peer_msg, 0, sizeof(peer_msg));
	if (!read_all(&peer_msg, sizeof(peer_msg)))
		return 0;
	assert_true(peer_msg.len < RUN_MSG_MAX);
	assert_true(read_all(&peer_data, peer_msg.len));
	peer_data.text[peer_msg.len] = '\0';
	return peer_msg.type;
}

bool peer_quiet(int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ms) == 0;
}

void peer_until(const atomic_int *what, int at_least)
{
	while (*what < at_least)
		if (!peer_quiet(1) && peer_get() + 1)
			fail_msg("message %u of role %u came instead: %s", peer_msg.type, peer_msg.arg,
				 peer_msg.type == RUN_FAIL ? peer_data.text : "");
}

/* Sections lie behind one another, so what is not there does not take its place. */
static void send_blob(const struct peer_blob *b)
{
	uint8_t flat[sizeof(*b)];
	struct mica_blob_header h = b->h;
	size_t n = sizeof(h) + sizeof(b->role);

	memcpy(flat + sizeof(h), b->role, sizeof(b->role));
	memcpy(flat + n, b->gate, h.gates * sizeof(b->gate[0]));
	n += h.gates * sizeof(b->gate[0]);
	memcpy(flat + n, b->region, h.regions * sizeof(b->region[0]));
	n += h.regions * sizeof(b->region[0]);
	h.total = (uint32_t)n;
	memcpy(flat, &h, sizeof(h));
	peer_put(RUN_BLOB, 0, flat, (uint32_t)n);
}

void peer_load(const struct peer_blob *b)
{
	unsigned int i;

	assert_int_equal(pthread_create(&thread, NULL, serve_session, NULL), 0);
	send_blob(b);
	for (i = 0; i < ROLES; i++)
		peer_put(RUN_IMAGE, i, "code", 4);
	peer_put(RUN_LOAD, 0, NULL, 0);
	assert_int_equal(peer_get(), RUN_READY);
	for (i = 0; i < ROLES; i++)
		assert_int_equal(peer_get(), RUN_LOADED);
	assert_int_equal(peer_get(), RUN_ACTIVE);
}

void peer_expect_exit(unsigned int role, uint32_t how)
{
	assert_int_equal(peer_get(), RUN_ROLE_EXIT);
	assert_int_equal(peer_msg.arg, role);
	assert_int_equal(peer_data.exit.how, how);
}

void peer_expect_rest(unsigned int role, unsigned int ended)
{
	while (ended != (1U << ROLES) - 1) {
		assert_int_equal(peer_get(), RUN_ROLE_EXIT);
		assert_true(peer_msg.arg < ROLES && !(ended >> peer_msg.arg & 1));
		assert_int_equal(peer_data.exit.how, peer_msg.arg == role ? HOW_REST : HOW_EXIT);
		ended |= 1U << peer_msg.arg;
	}
}

void peer_expect_restart(unsigned int role, unsigned int which)
{
	assert_int_equal(peer_get(), RUN_ROLE_RESTART);
	assert_int_equal(peer_msg.arg, role);
	assert_int_equal(peer_data.restart.restart, which);
}

void peer_expect_fail(const char *text)
{
	assert_int_equal(peer_get(), RUN_FAIL);
	if (!strstr(peer_data.text, text))
		fail_msg("'%s' lacks '%s'", peer_data.text, text);
}

static void gone(void)
{
	close(fd);
	pthread_join(thread, NULL);
	assert_int_equal(fake_delegated(), 0);
	assert_int_equal(fake_objects(), 0);
	assert_int_equal(fake.entered_early, 0);
	fake_free();
}

void peer_end(void)
{
	assert_int_equal(peer_get(), RUN_DONE);
	assert_int_equal(peer_data.done.granules_left, 0);
	assert_int_equal(peer_get(), 0);
	gone();
}

void peer_stop(void)
{
	peer_put(RUN_STOP, 0, NULL, 0);
	while (peer_get() != RUN_DONE)
		assert_int_not_equal(peer_msg.type, 0);
	assert_int_equal(peer_data.done.granules_left, 0);
	gone();
}

void peer_leave(void)
{
	gone();
}

void peer_abandon(void)
{
	close(fd);
	pthread_join(thread, NULL);
	fake_free();
}

uint64_t exit_with(struct rmi_rec_run *run, uint64_t reason)
{
	run->exit.exit_reason = reason;
	return 0;
}

uint64_t exit_call(struct rmi_rec_run *run, uint64_t imm, uint64_t a)
{
	run->exit.imm = imm;
	run->exit.gprs[0] = a;
	return exit_with(run, RMI_EXIT_HOST_CALL);
}

uint64_t play_exit_ok(unsigned int role, struct rmi_rec_run *run)
{
	(void)role;
	return exit_call(run, MICA_HC_EXIT, MICA_EXIT_OK);
}

uint64_t play_idle(unsigned int role, struct rmi_rec_run *run)
{
	(void)role;
	return exit_with(run, RMI_EXIT_MICA_IDLE);
}

uint64_t play_off(unsigned int role, struct rmi_rec_run *run)
{
	(void)role;
	return exit_with(run, RMI_EXIT_MICA_OFF);
}
