/* SPDX-License-Identifier: Apache-2.0 */
#include "vmm_port.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vmm_fake.h"

struct run_msg port_msg;
union port_data port_data;
int port_fd;

static int vmm_fd;
static pthread_t thread;

void port_open(void)
{
	int fds[2], size = 1 << 16;

	signal(SIGPIPE, SIG_IGN);	/* as the VMM does */
	fake_reset();
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	setsockopt(fds[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	port_fd = fds[0];
	vmm_fd = fds[1];
	assert_int_equal(fcntl(vmm_fd, F_SETFL, O_NONBLOCK), 0);
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

void port_start(void)
{
	assert_int_equal(pthread_create(&thread, NULL, serve_session, NULL), 0);
}

void port_put(uint32_t type, uint32_t arg, const void *data, uint32_t len)
{
	struct run_msg msg = { .type = type, .arg = arg, .len = len };

	if (send(port_fd, &msg, sizeof(msg), MSG_NOSIGNAL) == sizeof(msg) && len)
		(void)!send(port_fd, data, len, MSG_NOSIGNAL);
}

static bool read_all(void *to, size_t n)
{
	uint8_t *p = to;

	while (n) {
		ssize_t got = read(port_fd, p, n);

		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
	}
	return true;
}

uint32_t port_get(void)
{
	struct pollfd p = { .fd = port_fd, .events = POLLIN };

	if (poll(&p, 1, 60000) == 0)
		fail_msg("the VMM says nothing for a minute");
	memset(&port_msg, 0, sizeof(port_msg));
	if (!read_all(&port_msg, sizeof(port_msg)))
		return 0;
	assert_true(port_msg.len <= RUN_MSG_MAX);
	assert_true(read_all(&port_data, port_msg.len));
	port_data.text[port_msg.len] = '\0';
	return port_msg.type;
}

bool port_quiet(int ms)
{
	struct pollfd p = { .fd = port_fd, .events = POLLIN };

	return poll(&p, 1, ms) == 0;
}

void port_abandon(void)
{
	close(port_fd);
	pthread_join(thread, NULL);
	fake_free();
}

void port_end(void)
{
	close(port_fd);
	pthread_join(thread, NULL);
	assert_int_equal(fake_delegated(), 0);
	assert_int_equal(fake_objects(), 0);
	assert_int_equal(fake.entered_early, 0);
	fake_free();
}
