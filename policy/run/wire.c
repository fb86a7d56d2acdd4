/* SPDX-License-Identifier: Apache-2.0 */
/* Framing of the dialogue with the VMM. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire.h"

#define IN_CAP	(RUN_MSG_MAX + sizeof(struct run_msg))

int wire_open(struct wire *w, int fd)
{
	memset(w, 0, sizeof(*w));
	w->fd = fd;
	w->in = malloc(IN_CAP);
	return w->in ? 0 : -ENOMEM;
}

void wire_close(struct wire *w)
{
	if (w->fd >= 0)
		close(w->fd);
	free(w->in);
	free(w->out);
	memset(w, 0, sizeof(*w));
	w->fd = -1;
}

size_t wire_queued(const struct wire *w)
{
	return w->out_len - w->out_pos;
}

static int out_reserve(struct wire *w, size_t more)
{
	size_t cap = w->out_cap ? w->out_cap : 65536;
	uint8_t *p;

	if (w->out_pos) {
		memmove(w->out, w->out + w->out_pos, w->out_len - w->out_pos);
		w->out_len -= w->out_pos;
		w->out_pos = 0;
	}
	while (cap - w->out_len < more)
		cap *= 2;
	if (cap == w->out_cap)
		return 0;
	p = realloc(w->out, cap);
	if (!p)
		return -ENOMEM;
	w->out = p;
	w->out_cap = cap;
	return 0;
}

int wire_send(struct wire *w, enum run_msg_type type, uint32_t arg, const void *data, size_t len)
{
	struct run_msg m = { .type = type, .arg = arg, .len = (uint32_t)len };
	int ret;

	if (len > RUN_MSG_MAX)
		return -EMSGSIZE;
	ret = out_reserve(w, sizeof(m) + len);
	if (ret)
		return ret;
	memcpy(w->out + w->out_len, &m, sizeof(m));
	if (len)
		memcpy(w->out + w->out_len + sizeof(m), data, len);
	w->out_len += sizeof(m) + len;
	return 0;
}

int wire_flush(struct wire *w)
{
	while (w->out_pos < w->out_len) {
		ssize_t n = send(w->fd, w->out + w->out_pos, w->out_len - w->out_pos, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		w->out_pos += (size_t)n;
	}
	w->out_pos = w->out_len = 0;
	return 0;
}

int wire_fill(struct wire *w)
{
	while (w->in_len < IN_CAP) {
		ssize_t n = recv(w->fd, w->in + w->in_len, IN_CAP - w->in_len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		if (n == 0) {
			w->eof = true;
			return 0;
		}
		w->in_len += (size_t)n;
	}
	return 0;
}

static bool header_ok(const struct run_msg *m)
{
	return m->zero == 0 && m->len <= RUN_MSG_MAX && m->type >= RUN_READY && m->type <= RUN_ROLE_RESTART;
}

int wire_next(struct wire *w, struct run_msg *m, const uint8_t **payload)
{
	if (w->in_len < sizeof(*m))
		return 0;
	memcpy(m, w->in, sizeof(*m));
	if (!header_ok(m))
		return -EPROTO;
	if (w->in_len - sizeof(*m) < m->len)
		return 0;
	*payload = w->in + sizeof(*m);
	return 1;
}

void wire_consume(struct wire *w, const struct run_msg *m)
{
	size_t used = sizeof(*m) + m->len;

	memmove(w->in, w->in + used, w->in_len - used);
	w->in_len -= used;
}
