/* SPDX-License-Identifier: Apache-2.0 */
/* Messages over the control port: whole ones out under a lock, pieces in until one is whole. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "vmm.h"

static bool gone(struct vmm *vmm)
{
	bool gone;

	pthread_mutex_lock(&vmm->lock);
	gone = vmm->peer_gone;
	pthread_mutex_unlock(&vmm->lock);
	return gone;
}

static void set_gone(struct vmm *vmm)
{
	pthread_mutex_lock(&vmm->lock);
	vmm->peer_gone = true;
	pthread_mutex_unlock(&vmm->lock);
	vmm_kick(vmm);
}

/* Wait for room; the time-out lets a sender notice that the peer went away meanwhile. */
static bool wait_writable(struct vmm *vmm)
{
	struct pollfd p = { .fd = vmm->ctl, .events = POLLOUT };

	poll(&p, 1, 200);
	return !(p.revents & (POLLERR | POLLHUP | POLLNVAL)) && !gone(vmm);
}

static int write_all(struct vmm *vmm, struct iovec *iov, int n)
{
	while (n > 0) {
		ssize_t done = iov->iov_len ? writev(vmm->ctl, iov, n) : 0;

		if (done < 0 && errno == EAGAIN && wait_writable(vmm))
			continue;
		if (done < 0 && errno == EINTR && !gone(vmm))
			continue;
		if (done < 0)
			return -1;
		while (n > 0 && (size_t)done >= iov->iov_len) {
			done -= iov->iov_len;
			iov++;
			n--;
		}
		if (n > 0) {
			iov->iov_base = (uint8_t *)iov->iov_base + done;
			iov->iov_len -= done;
		}
	}
	return 0;
}

int send_msg(struct vmm *vmm, uint32_t type, uint32_t arg, const void *data, uint32_t len)
{
	struct run_msg msg = { .type = type, .arg = arg, .len = len };
	struct iovec iov[2] = {
		{ &msg, sizeof(msg) },
		{ (void *)(uintptr_t)data, len },
	};
	int ret;

	if (gone(vmm))
		return -1;
	pthread_mutex_lock(&vmm->tx_lock);
	ret = write_all(vmm, iov, 2);
	pthread_mutex_unlock(&vmm->tx_lock);
	if (ret < 0)
		set_gone(vmm);
	return ret;
}

int receive(struct vmm *vmm, struct receiver *rx)
{
	ssize_t n = read(vmm->ctl, rx->buf + rx->have, sizeof(rx->buf) - rx->have);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0) {
		set_gone(vmm);
		return -1;
	}
	rx->have += n;
	return 1;
}

int receive_next(struct receiver *rx, struct run_msg *msg, const uint8_t **data)
{
	if (rx->have < sizeof(*msg))
		return 0;
	memcpy(msg, rx->buf, sizeof(*msg));
	if (msg->len > RUN_MSG_MAX || msg->zero != 0)
		return -1;
	if (rx->have - sizeof(*msg) < msg->len)
		return 0;
	*data = rx->buf + sizeof(*msg);
	return 1;
}

void receive_drop(struct receiver *rx)
{
	struct run_msg msg;
	size_t size;

	memcpy(&msg, rx->buf, sizeof(msg));
	size = sizeof(msg) + msg.len;
	rx->have -= size;
	memmove(rx->buf, rx->buf + size, rx->have);
}
