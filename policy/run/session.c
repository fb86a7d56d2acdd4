/* SPDX-License-Identifier: Apache-2.0 */
/* The dialogue with the VMM: which message may come when, and what answers it. */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../abi/host_call.h"
#include "../../abi/mica.h"
#include "session.h"

#define IMAGE_PIECE	(256U * 1024)
#define INPUT_PIECE	(64U * 1024)
#define QUEUE_MAX	(512U * 1024)	/* stop reading input while so much waits to be sent */

int session_fail(struct session *s, const char *fmt, ...)
{
	va_list ap;

	if (!s->error[0]) {
		va_start(ap, fmt);
		vsnprintf(s->error, sizeof(s->error), fmt, ap);
		va_end(ap);
	}
	return -1;
}

static int send_msg(struct session *s, enum run_msg_type type, uint32_t arg, const void *data,
		    size_t len)
{
	if (wire_send(s->wire, type, arg, data, len))
		return session_fail(s, "out of memory");
	return 0;
}

void session_stop(struct session *s)
{
	if (!s->stopping && s->phase != SESSION_DONE)
		wire_send(s->wire, RUN_STOP, 0, NULL, 0);
	s->stopping = true;
}

static void hex(char *out, const uint8_t *data, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sprintf(out + 2 * i, "%02x", data[i]);
}

/* ---- messages, in the order they come ---- */

static int send_images(struct session *s)
{
	for (unsigned int r = 0; r < s->n_roles; r++) {
		const struct run_role *role = &s->roles[r];

		for (size_t at = 0; at < role->image_size; at += IMAGE_PIECE) {
			size_t n = role->image_size - at;

			if (n > IMAGE_PIECE)
				n = IMAGE_PIECE;
			if (send_msg(s, RUN_IMAGE, r, role->image + at, n))
				return -1;
		}
	}
	return 0;
}

static int on_ready(struct session *s, const struct run_msg *m, const uint8_t *payload)
{
	if (m->len != sizeof(s->ready))
		return session_fail(s, "the VMM's greeting has %u bytes", m->len);
	memcpy(&s->ready, payload, sizeof(s->ready));
	if (s->ready.proto != RUN_PROTO_VERSION)
		return session_fail(s, "the VMM speaks protocol %u, this command %u; rebuild the machine with `make`",
				    s->ready.proto, RUN_PROTO_VERSION);
	if (s->ready.mica_magic != MICA_MAGIC_VERSION)
		return session_fail(s, "the monitor of this machine has no Mica extension (or another version)");
	s->phase = SESSION_LOAD;
	if (send_msg(s, RUN_BLOB, 0, s->blob, s->blob_size) || send_images(s))
		return -1;
	if (s->option && send_msg(s, RUN_OPTION, 0, s->option, strlen(s->option)))
		return -1;
	return send_msg(s, RUN_LOAD, 0, NULL, 0);
}

static int on_loaded(struct session *s, const struct run_msg *m, const uint8_t *payload)
{
	struct run_loaded loaded;
	struct run_role *role;

	if (m->arg >= s->n_roles || m->len != sizeof(loaded) || s->roles[m->arg].loaded)
		return session_fail(s, "the VMM reports a Realm that makes no sense");
	memcpy(&loaded, payload, sizeof(loaded));
	role = &s->roles[m->arg];
	role->loaded = true;
	memcpy(role->loaded_rim, loaded.rim, sizeof(role->loaded_rim));
	if (role->pinned && memcmp(role->rim, role->loaded_rim, sizeof(role->rim)) != 0) {
		char want[129], got[129];

		hex(want, role->rim, role->hash_size);
		hex(got, role->loaded_rim, role->hash_size);
		return session_fail(s, "RIM mismatch: '%s' measures %s, the policy says %s",
				    role->name, got, want);
	}
	return 0;
}

static int on_active(struct session *s)
{
	for (unsigned int r = 0; r < s->n_roles; r++)
		if (!s->roles[r].loaded)
			return session_fail(s, "the VMM claims an active workflow without '%s'",
					    s->roles[r].name);
	s->phase = SESSION_ATTEST;
	return send_msg(s, RUN_CHALLENGE, 0, s->challenge, sizeof(s->challenge));
}

static int on_token(struct session *s, const struct run_msg *m, const uint8_t *payload)
{
	char why[256] = "";

	if (m->arg >= s->n_roles || m->len == 0 || m->len > sizeof(s->token))
		return session_fail(s, "the VMM delivers a token that makes no sense");
	memcpy(s->token, payload, m->len);
	s->token_size = m->len;
	s->token_role = m->arg;
	if (s->verify(s, why, sizeof(why)))
		return session_fail(s, "attestation refused: %s; nothing was sent", why);
	s->phase = SESSION_STREAM;
	return send_msg(s, RUN_BEGIN, 0, NULL, 0);
}

static struct run_window *find_window(struct session *s, uint32_t region)
{
	for (unsigned int i = 0; i < s->n_windows; i++)
		if (s->windows[i].region == region)
			return &s->windows[i];
	return NULL;
}

static int on_credit(struct session *s, const struct run_msg *m, const uint8_t *payload)
{
	struct run_window *w = find_window(s, m->arg);
	uint32_t more;

	if (!w || !w->in || m->len != sizeof(more))
		return session_fail(s, "the VMM asks for input of a window that has none");
	memcpy(&more, payload, sizeof(more));
	w->credit += more;
	return 0;
}

static int on_output(struct session *s, const struct run_msg *m, const uint8_t *payload)
{
	struct run_window *w = find_window(s, m->arg);
	int ret;

	if (!w || !w->out || w->out_end)
		return session_fail(s, "the VMM sends output of a window that has none");
	if (m->type == RUN_OUTPUT_END) {
		w->out_end = true;
		return 0;
	}
	w->bytes_out += m->len;
	ret = output_write(&w->output, payload, m->len);
	if (ret && ret != -EINTR)	/* the signal says why, as soon as it is taken */
		return session_fail(s, "cannot write output '%s': %s", w->name, strerror(-ret));
	return 0;
}

const char *session_exit_text(uint32_t status)
{
	switch (status) {
	case MICA_EXIT_PANIC: return "a check inside the component failed";
	case MICA_EXIT_PEER_GONE: return "a peer stopped before the end of the stream";
	case MICA_EXIT_PEER_BROKEN: return "a peer broke the channel protocol";
	case MICA_EXIT_HOST: return "the host's answer made no sense to it";
	case MICA_EXIT_CONFIG: return "the policy lacks a channel or window it needs";
	default: return "its own status";
	}
}

/* Who may be the peer that stopped: what is off has nobody to tell why. */
static void those_off(const struct session *s, char *text, size_t size)
{
	size_t n = 0;

	text[0] = '\0';
	for (unsigned int r = 0; r < s->n_roles && n < size; r++)
		if (s->roles[r].off)
			n += (size_t)snprintf(text + n, size - n, "%s'%s'", n ? ", " : "; off by then, and with no way to say why: ",
					      s->roles[r].name);
}

static int on_role_exit(struct session *s, const struct run_msg *m, const uint8_t *payload)
{
	char off[200] = "";
	struct run_role_exit e;

	if (m->arg >= s->n_roles || m->len != sizeof(e) || s->roles[m->arg].ended)
		return session_fail(s, "the VMM reports the end of a Realm that makes no sense");
	memcpy(&e, payload, sizeof(e));
	s->roles[m->arg].ended = true;
	s->roles[m->arg].off = e.how == 0;
	if (s->stopping)
		return 0;
	if (e.how == 1 && e.status == MICA_EXIT_PEER_GONE)
		those_off(s, off, sizeof(off));
	if (e.how == 1 && e.status != MICA_EXIT_OK)
		return session_fail(s, "'%s' ended with status %u: %s%s", s->roles[m->arg].name,
				    e.status, session_exit_text(e.status), off);
	if (e.how == 3)
		return session_fail(s, "the monitor refused to run '%s': status 0x%x",
				    s->roles[m->arg].name, e.status);
	return 0;
}

/* Its peers have seen it die, and see the next epoch: what that means is theirs to decide. */
static int on_role_restart(struct session *s, const struct run_msg *m, const uint8_t *payload)
{
	struct run_role_restart r;

	if (m->arg >= s->n_roles || m->len != sizeof(r) || s->roles[m->arg].ended)
		return session_fail(s, "the VMM reports the restart of a Realm that makes no sense");
	memcpy(&r, payload, sizeof(r));
	s->roles[m->arg].last_restart = r;
	s->restarts++;
	return 0;
}

static int on_fail(struct session *s, const struct run_msg *m, const uint8_t *payload)
{
	char text[300];
	size_t n = m->len < sizeof(text) - 1 ? m->len : sizeof(text) - 1;

	memcpy(text, payload, n);
	text[n] = '\0';
	for (size_t i = 0; i < n; i++)		/* not ours: nothing that moves a cursor */
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			text[i] = ' ';
	return session_fail(s, "%s", text);
}

static int on_done(struct session *s, const struct run_msg *m, const uint8_t *payload)
{
	if (m->len != sizeof(s->done))
		return session_fail(s, "the VMM's farewell has %u bytes", m->len);
	memcpy(&s->done, payload, sizeof(s->done));
	s->phase = SESSION_DONE;
	return 0;
}

#define IN(phase)	(1U << SESSION_##phase)
#define ANY		(IN(BOOT) | IN(LOAD) | IN(ATTEST) | IN(STREAM))

/* Which message may come in which phase. */
static const uint8_t allowed[RUN_ROLE_RESTART + 1] = {
	[RUN_READY] = IN(BOOT),
	[RUN_LOADED] = IN(LOAD),
	[RUN_ACTIVE] = IN(LOAD),
	[RUN_TOKEN] = IN(ATTEST),
	[RUN_CREDIT] = IN(LOAD) | IN(ATTEST) | IN(STREAM),
	[RUN_OUTPUT] = IN(STREAM),
	[RUN_OUTPUT_END] = IN(STREAM),
	[RUN_ROLE_EXIT] = IN(ATTEST) | IN(STREAM) | IN(LOAD),
	[RUN_DONE] = IN(LOAD) | IN(ATTEST) | IN(STREAM),
	[RUN_FAIL] = ANY,
	[RUN_NOTE] = ANY,
	[RUN_ROLE_RESTART] = IN(ATTEST) | IN(STREAM),
};

static int dispatch(struct session *s, const struct run_msg *m, const uint8_t *payload)
{
	switch (m->type) {
	case RUN_READY: return on_ready(s, m, payload);
	case RUN_LOADED: return on_loaded(s, m, payload);
	case RUN_ACTIVE: return on_active(s);
	case RUN_TOKEN: return on_token(s, m, payload);
	case RUN_CREDIT: return on_credit(s, m, payload);
	case RUN_OUTPUT:
	case RUN_OUTPUT_END: return on_output(s, m, payload);
	case RUN_ROLE_EXIT: return on_role_exit(s, m, payload);
	case RUN_ROLE_RESTART: return on_role_restart(s, m, payload);
	case RUN_DONE: return on_done(s, m, payload);
	case RUN_FAIL: return on_fail(s, m, payload);
	default: return 0;			/* RUN_NOTE: shown by the event below */
	}
}

static void tell(struct session *s, const struct run_msg *m, const uint8_t *payload)
{
	char text[300] = "";
	size_t n = m->len < sizeof(text) - 1 ? m->len : sizeof(text) - 1;

	if (m->type == RUN_NOTE) {
		for (size_t i = 0; i < n; i++)
			text[i] = payload[i] < ' ' || payload[i] == 0x7f ? ' ' : (char)payload[i];
		text[n] = '\0';
	}
	if (s->event)
		s->event(s, (enum run_msg_type)m->type, m->arg, text);
}

int session_receive(struct session *s)
{
	const uint8_t *payload;
	struct run_msg m;
	int ret;

	while ((ret = wire_next(s->wire, &m, &payload)) > 0) {
		/* After a failure only the end matters; late output must not reach a file. */
		if (s->error[0] && m.type != RUN_DONE) {
			wire_consume(s->wire, &m);
			continue;
		}
		if (!(allowed[m.type] & (1U << s->phase)))
			session_fail(s, "the VMM sent message %u out of turn", m.type);
		else if (dispatch(s, &m, payload) == 0)
			tell(s, &m, payload);
		wire_consume(s->wire, &m);
	}
	if (ret < 0)
		session_fail(s, "the VMM broke the protocol");
	return s->error[0] ? -1 : 0;
}

/* ---- input ---- */

static bool may_send(const struct session *s, const struct run_window *w)
{
	return s->phase == SESSION_STREAM && !s->stopping && w->in && !w->in_eof && w->credit > 0 &&
	       wire_queued(s->wire) < QUEUE_MAX;
}

int session_wants_input(const struct session *s)
{
	for (unsigned int i = 0; i < s->n_windows; i++)
		if (may_send(s, &s->windows[i]))
			return s->windows[i].in_fd;
	return -1;
}

/* A read of what has nothing yet would wait, or take a FIFO that nobody has opened to write for one at its end. */
static bool has_input(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) != 0;
}

static int send_input(struct session *s, struct run_window *w)
{
	static uint8_t buf[INPUT_PIECE];
	ssize_t n = 0;

	if (w->in_fd >= 0) {
		if (!has_input(w->in_fd))
			return 0;
		n = read(w->in_fd, buf, w->credit < sizeof(buf) ? w->credit : sizeof(buf));
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			return 0;
		if (n < 0)
			return session_fail(s, "cannot read input '%s': %s", w->name, strerror(errno));
	}
	if (n == 0) {
		w->in_eof = true;
		return send_msg(s, RUN_EOF, w->region, NULL, 0);
	}
	w->credit -= (uint64_t)n;
	w->bytes_in += (uint64_t)n;
	return send_msg(s, RUN_DATA, w->region, buf, (size_t)n);
}

int session_send(struct session *s)
{
	for (unsigned int i = 0; i < s->n_windows; i++)
		if (may_send(s, &s->windows[i]) && send_input(s, &s->windows[i]))
			return -1;
	return 0;
}

int session_result(struct session *s)
{
	if (s->error[0])
		return -1;
	for (unsigned int i = 0; i < s->n_windows; i++)
		if (s->windows[i].out && !s->windows[i].out_end)
			return session_fail(s, "the workflow ended before output '%s' was complete",
					    s->windows[i].name);
	if (s->done.granules_left)
		return session_fail(s, "%llu granules were not returned to the host",
				    (unsigned long long)s->done.granules_left);
	return 0;
}
