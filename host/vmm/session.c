/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The conversation with `mica run`: which message is allowed when, and what it does. The peer
 * drives; anything out of order ends the session with one sentence saying so.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hostile.h"
#include "vmm.h"

enum state {
	WANT_BLOB = 1 << 0,
	WANT_IMAGES = 1 << 1,
	RUNNING = 1 << 2,
	STOPPED = 1 << 3,
};

struct session {
	struct vmm *vmm;
	enum state state;
	struct receiver rx;
};

static int on_blob(struct session *s, const struct run_msg *msg, const uint8_t *data)
{
	struct vmm *vmm = s->vmm;
	enum mica_blob_rule rule;

	vmm->blob_bytes = vmm_alloc(vmm, msg->len ? msg->len : 1);
	if (vmm->blob_bytes == NULL)
		return -1;
	memcpy(vmm->blob_bytes, data, msg->len);
	vmm->blob_size = msg->len;
	rule = blob_open_flat(&vmm->blob, vmm->blob_bytes, msg->len);
	if (rule != MICA_BLOB_OK)
		return vmm_fail(vmm, "the compiled policy breaks canonical rule %u", rule);
	s->state = WANT_IMAGES;
	return workflow_prepare(vmm);
}

static int on_option(struct session *s, const struct run_msg *msg, const uint8_t *data)
{
	static const char hostile[] = "hostile-host=";
	char text[80] = "";

	memcpy(text, data, min_u64(msg->len, sizeof(text) - 1));
	if (strncmp(text, hostile, strlen(hostile)) != 0)
		return vmm_fail(s->vmm, "unknown option '%s'", text);
	if (hostile_select(s->vmm, text + strlen(hostile)) < 0)
		return vmm_fail(s->vmm, "no hostile act '%s'", text + strlen(hostile));
	return 0;
}

static int on_image(struct session *s, const struct run_msg *msg, const uint8_t *data)
{
	struct vmm *vmm = s->vmm;
	struct realm *realm;
	uint8_t *bigger;
	size_t need;

	if (msg->arg >= vmm->n_realms)
		return vmm_fail(vmm, "an image for role %u, which the policy lacks", msg->arg);
	realm = &vmm->realms[msg->arg];
	need = realm->image_size + msg->len;
	if (need > realm->rec->ram_size)
		return vmm_fail(vmm, "the image of role '%s' is larger than its memory", realm->name);
	if (need > realm->image_cap) {
		bigger = realloc(realm->image, 2 * need);
		if (bigger == NULL)
			return vmm_fail(vmm, "out of memory for the image of role '%s'", realm->name);
		realm->image = bigger;
		realm->image_cap = 2 * need;
	}
	memcpy(realm->image + realm->image_size, data, msg->len);
	realm->image_size = need;
	return 0;
}

/* What every input window may send before its role first reads. */
static void send_credits(struct vmm *vmm)
{
	unsigned int i, j;

	for (i = 0; i < vmm->n_realms; i++) {
		for (j = 0; j < vmm->realms[i].n_windows; j++) {
			struct window *w = &vmm->realms[i].windows[j];
			uint32_t credit = w->in.cap;

			if (credit)
				send_msg(vmm, RUN_CREDIT, w->region, &credit, sizeof(credit));
		}
	}
}

static int on_load(struct session *s, const struct run_msg *msg, const uint8_t *data)
{
	struct vmm *vmm = s->vmm;

	(void)data;
	if (msg->len)
		return vmm_fail(vmm, "RUN_LOAD has a payload");
	if (workflow_load(vmm) < 0)
		return -1;
	send_msg(vmm, RUN_ACTIVE, 0, NULL, 0);
	send_credits(vmm);
	s->state = RUNNING;
	return run_start(vmm);
}

static int on_challenge(struct session *s, const struct run_msg *msg, const uint8_t *data)
{
	struct vmm *vmm = s->vmm;

	if (msg->len != sizeof(vmm->challenge))
		return vmm_fail(vmm, "a challenge of %u bytes", msg->len);
	pthread_mutex_lock(&vmm->lock);
	memcpy(vmm->challenge, data, sizeof(vmm->challenge));
	vmm->challenge_set = true;
	pthread_cond_broadcast(&vmm->changed);
	pthread_mutex_unlock(&vmm->lock);
	return 0;
}

static int on_begin(struct session *s, const struct run_msg *msg, const uint8_t *data)
{
	struct vmm *vmm = s->vmm;

	(void)data;
	if (msg->len)
		return vmm_fail(vmm, "RUN_BEGIN has a payload");
	pthread_mutex_lock(&vmm->lock);
	vmm->begun = true;
	pthread_cond_broadcast(&vmm->changed);
	pthread_mutex_unlock(&vmm->lock);
	return 0;
}

static struct window *input_window(struct vmm *vmm, uint32_t region)
{
	unsigned int i, j;

	for (i = 0; i < vmm->n_realms; i++)
		for (j = 0; j < vmm->realms[i].n_windows; j++)
			if (vmm->realms[i].windows[j].region == region &&
			    (vmm->realms[i].windows[j].rec->rights & MICA_REGION_READ))
				return &vmm->realms[i].windows[j];
	return NULL;
}

static int on_data(struct session *s, const struct run_msg *msg, const uint8_t *data)
{
	struct vmm *vmm = s->vmm;
	struct window *w = input_window(vmm, msg->arg);
	int ret = 0;

	if (w == NULL)
		return vmm_fail(vmm, "data for region %u, which is no input window", msg->arg);
	pthread_mutex_lock(&vmm->lock);
	if (msg->type == RUN_EOF)
		w->in.eof = true;
	else
		ret = input_put(&w->in, data, msg->len);
	pthread_cond_broadcast(&vmm->changed);
	pthread_mutex_unlock(&vmm->lock);
	if (ret < 0)
		return vmm_fail(vmm, "window '%.48s' got %u bytes %s", w->rec->name, msg->len,
				ret == -EPIPE ? "after its end" : "beyond the credit given");
	return 0;
}

static int on_stop(struct session *s, const struct run_msg *msg, const uint8_t *data)
{
	(void)msg;
	(void)data;
	s->state = STOPPED;
	return 0;
}

static const struct {
	uint32_t type;
	unsigned int states;
	int (*handle)(struct session *s, const struct run_msg *msg, const uint8_t *data);
} handlers[] = {
	{ RUN_BLOB, WANT_BLOB, on_blob },
	{ RUN_OPTION, WANT_BLOB | WANT_IMAGES, on_option },
	{ RUN_IMAGE, WANT_IMAGES, on_image },
	{ RUN_LOAD, WANT_IMAGES, on_load },
	{ RUN_CHALLENGE, RUNNING, on_challenge },
	{ RUN_BEGIN, RUNNING, on_begin },
	{ RUN_DATA, RUNNING, on_data },
	{ RUN_EOF, RUNNING, on_data },
	{ RUN_STOP, WANT_BLOB | WANT_IMAGES | RUNNING, on_stop },
};

static int dispatch(struct session *s, const struct run_msg *msg, const uint8_t *data)
{
	unsigned int i;

	for (i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++) {
		if (handlers[i].type != msg->type)
			continue;
		if (!(handlers[i].states & s->state))
			return vmm_fail(s->vmm, "message %u came out of order", msg->type);
		return handlers[i].handle(s, msg, data);
	}
	return vmm_fail(s->vmm, "unknown message %u", msg->type);
}

/* Every whole message that has arrived. */
static void handle_messages(struct session *s)
{
	const uint8_t *data;
	struct run_msg msg;
	int ret;

	while (s->state != STOPPED) {
		ret = receive_next(&s->rx, &msg, &data);
		if (ret == 0)
			return;
		if (ret < 0)
			vmm_fail(s->vmm, "a message with a bad header came");
		if (ret < 0 || dispatch(s, &msg, data) < 0) {
			s->state = STOPPED;
			return;
		}
		receive_drop(&s->rx);
	}
}

/* Failed, told to stop by a role, left by the peer, or all roles ended. */
static bool finished(struct session *s)
{
	struct vmm *vmm = s->vmm;
	bool done;

	pthread_mutex_lock(&vmm->lock);
	done = vmm->fail[0] != '\0' || vmm->stopping || vmm->peer_gone ||
	       (s->state == RUNNING && roles_done(vmm));
	pthread_mutex_unlock(&vmm->lock);
	return done || s->state == STOPPED;
}

static void converse(struct session *s)
{
	struct pollfd p[2] = {
		{ .fd = s->vmm->ctl, .events = POLLIN },
		{ .fd = s->vmm->kick, .events = POLLIN },
	};
	uint64_t n;

	while (!finished(s)) {
		if (poll(p, 2, restart_wait(s->vmm)) < 0 && errno != EINTR)
			vmm_fail(s->vmm, "poll: %s", strerror(errno));
		if (p[1].revents && read(s->vmm->kick, &n, sizeof(n)) < 0 && errno != EAGAIN)
			vmm_fail(s->vmm, "eventfd: %s", strerror(errno));
		if (p[0].revents && receive(s->vmm, &s->rx) > 0)
			handle_messages(s);
		if (!finished(s))
			restart_due(s->vmm);	/* a failure ends the loop */
	}
}

/* The work is done: what is left only waited for it. */
static void rest(struct session *s)
{
	bool done;

	pthread_mutex_lock(&s->vmm->lock);
	done = s->state == RUNNING && !s->vmm->stopping && s->vmm->fail[0] == '\0' && roles_done(s->vmm);
	pthread_mutex_unlock(&s->vmm->lock);
	if (done)
		roles_rest(s->vmm);
}

static void report_end(struct vmm *vmm)
{
	struct mica_ioc_stats stats = { 0 };
	struct run_done done = { .granules_used = vmm->granules_peak };

	if (dev_stats(&stats) == 0)
		done.granules_left = stats.granules_delegated;
	done.rec_entries = vmm->rec_entries;
	done.rec_exits_irq = vmm->rec_exits_irq;
	send_msg(vmm, RUN_DONE, 0, &done, sizeof(done));
}

void session(struct vmm *vmm)
{
	struct run_ready ready = {
		.proto = RUN_PROTO_VERSION,
		.rmi_version = vmm->info.rmi_version,
		.mica_magic = vmm->info.mica_magic,
	};
	struct session *s = vmm_alloc(vmm, sizeof(*s));

	if (s) {
		s->vmm = vmm;
		s->state = WANT_BLOB;
		send_msg(vmm, RUN_READY, 0, &ready, sizeof(ready));
		converse(s);
		rest(s);
	}
	run_stop(vmm);
	if (vmm_failed(vmm))
		send_msg(vmm, RUN_FAIL, 0, vmm->fail, strlen(vmm->fail));
	workflow_teardown(vmm);
	report_end(vmm);
	free(s);
}
