/* SPDX-License-Identifier: Apache-2.0 */
#include "vmm_redact.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_BASE	(1UL << 38)
#define OUTPUT_BASE	((1UL << 38) + 0x100000)
#define RAM_PAGES	19

/* ---- a policy, written out record by record ---- */

static struct mica_blob_role role(const char *name, uint32_t rights, int g, int gn, int r, int rn)
{
	struct mica_blob_role b = {
		.rights = rights, .s2sz = 39, .vcpus = 1, .num_bps = 1, .num_wps = 1,
		.ram_base = 0x40000000, .ram_size = RAM_PAGES * PAGE,
		.grant_first = g, .grant_count = gn, .region_first = r, .region_count = rn,
	};

	snprintf(b.name, sizeof(b.name), "%s", name);
	return b;
}

static struct mica_blob_grant grant(const char *name, int role, int index, int chan, int rights,
				    int signal)
{
	struct mica_blob_grant g = { .channel = chan, .role = role, .rights = rights,
		.signal = signal, .ipa = (64UL << 30) + ((uint64_t)index << 20) };

	snprintf(g.name, sizeof(g.name), "%s", name);
	return g;
}

static struct mica_blob_channel channel(const char *name, uint32_t pages)
{
	struct mica_blob_channel c = { .pages = pages, .flags = MICA_CHAN_SIGNAL, .grants = 2 };

	snprintf(c.name, sizeof(c.name), "%s", name);
	return c;
}

static struct mica_blob_region region(const char *name, int role, uint64_t base, int rights)
{
	struct mica_blob_region r = { .base = base, .pages = WINDOW_SIZE / PAGE, .role = role,
		.kind = MICA_REGION_WINDOW, .rights = rights };

	snprintf(r.name, sizeof(r.name), "%s", name);
	return r;
}

struct redact_blob redact_blob(void)
{
	struct redact_blob b = {
		.h = { .magic = MICA_BLOB_MAGIC, .total = sizeof(b), .version = 1, .roles = 3,
		       .channels = 4, .regions = 2, .grants = 8, .name = "redact" },
		.role = {
			role("ingest", MICA_RIGHT_HOSTCALL, 0, 2, 0, 1),
			role("redactor", 0, 2, 4, 1, 0),
			role("sink", MICA_RIGHT_HOSTCALL, 6, 2, 1, 1),
		},
		.channel = {
			channel("clean", 3), channel("clean-ack", 1),
			channel("raw", 3), channel("raw-ack", 1),
		},
		.region = {
			region("input", INGEST, INPUT_BASE, MICA_REGION_READ),
			region("output", SINK, OUTPUT_BASE, MICA_REGION_WRITE),
		},
		.grant = {
			grant("raw", INGEST, 0, 2, MICA_GRANT_RW, MICA_NO_SIGNAL),
			grant("raw-ack", INGEST, 1, 3, MICA_GRANT_R, 0),
			grant("clean", REDACTOR, 0, 0, MICA_GRANT_RW, MICA_NO_SIGNAL),
			grant("clean-ack", REDACTOR, 1, 1, MICA_GRANT_R, 0),
			grant("raw", REDACTOR, 2, 2, MICA_GRANT_R, 1),
			grant("raw-ack", REDACTOR, 3, 3, MICA_GRANT_RW, MICA_NO_SIGNAL),
			grant("clean", SINK, 0, 0, MICA_GRANT_R, 0),
			grant("clean-ack", SINK, 1, 1, MICA_GRANT_RW, MICA_NO_SIGNAL),
		},
	};

	return b;
}

/* ---- components ---- */

struct queue {
	uint8_t *bytes;
	size_t len, cap;
	bool eof;
};

static pthread_mutex_t qlock = PTHREAD_MUTEX_INITIALIZER;
static struct queue raw, clean;
int redact_step[3];
bool redact_no_wakes;
uint64_t redact_sink_exit;

static void queue_push(struct queue *q, const void *data, size_t n)
{
	if (n == 0)
		return;
	pthread_mutex_lock(&qlock);
	if (q->len + n > q->cap) {
		q->cap = 2 * (q->len + n);
		q->bytes = realloc(q->bytes, q->cap);
	}
	memcpy(q->bytes + q->len, data, n);
	q->len += n;
	pthread_mutex_unlock(&qlock);
}

static size_t queue_pop(struct queue *q, void *to, size_t n, bool *eof)
{
	pthread_mutex_lock(&qlock);
	n = n < q->len ? n : q->len;
	if (n) {
		memcpy(to, q->bytes, n);
		q->len -= n;
		memmove(q->bytes, q->bytes + n, q->len);
	}
	*eof = q->eof && n == 0;
	pthread_mutex_unlock(&qlock);
	return n;
}

static void queue_end(struct queue *q)
{
	pthread_mutex_lock(&qlock);
	q->eof = true;
	pthread_mutex_unlock(&qlock);
}

static void drop_queues(void)
{
	free(raw.bytes);
	free(clean.bytes);
	raw = clean = (struct queue){ 0 };
}

uint64_t redact_ask(struct rmi_rec_run *run, uint64_t imm, uint64_t a, uint64_t b)
{
	run->exit.exit_reason = RMI_EXIT_HOST_CALL;
	run->exit.imm = imm;
	run->exit.gprs[0] = a;
	run->exit.gprs[1] = b;
	return 0;
}

static uint64_t leave(struct rmi_rec_run *run, uint64_t reason, uint64_t map)
{
	run->exit.exit_reason = reason == RMI_EXIT_MICA_WAKE && redact_no_wakes ? RMI_EXIT_MICA_IDLE : reason;
	run->exit.gprs[0] = map;
	return 0;
}

static uint64_t play_ingest(unsigned int r, struct rmi_rec_run *run)
{
	int64_t n = run->enter.gprs[0];

	switch (redact_step[r]++) {
	case 0:
		return redact_ask(run, MICA_HC_BEGIN, 0, 0);
	case 1:
		return redact_ask(run, MICA_HC_READ, 0, 0);
	case 2:
		if (n > 0) {
			queue_push(&raw, fake_window(INGEST, INPUT_BASE), n);
			redact_step[r] = 1;
		} else {
			queue_end(&raw);
		}
		return leave(run, RMI_EXIT_MICA_WAKE, 1 << REDACTOR);
	}
	return redact_ask(run, MICA_HC_EXIT, 0, 0);
}

static uint64_t play_redactor(unsigned int r, struct rmi_rec_run *run)
{
	static uint8_t buf[10000];
	bool eof;
	size_t n;

	if (redact_step[r] == 1)
		return leave(run, RMI_EXIT_MICA_OFF, 0);
	n = queue_pop(&raw, buf, sizeof(buf), &eof);
	if (n == 0 && !eof)
		return leave(run, RMI_EXIT_MICA_IDLE, 0);
	if (eof) {
		queue_end(&clean);
		redact_step[r] = 1;
	}
	queue_push(&clean, buf, n);
	return leave(run, RMI_EXIT_MICA_WAKE, 1 << SINK);
}

static uint64_t play_sink(unsigned int r, struct rmi_rec_run *run)
{
	uint8_t *window = fake_window(SINK, OUTPUT_BASE);
	bool eof;
	size_t n;

	switch (redact_step[r]) {
	case 0:
		redact_step[r]++;
		return redact_ask(run, MICA_HC_CHALLENGE, 0, 0);
	case 1:
		redact_step[r]++;
		if (run->enter.gprs[0] == 1) {
			memcpy(window, "token:", 6);
			memcpy(window + 6, &run->enter.gprs[1], 64);
			return redact_ask(run, MICA_HC_TOKEN, 0, 70);
		}
		/* fall through */
	case 2:
		redact_step[r] = 3;
		return redact_ask(run, MICA_HC_BEGIN, 0, 0);
	case 3:
		n = queue_pop(&clean, window, WINDOW_SIZE, &eof);
		if (n)
			return redact_ask(run, MICA_HC_WRITE, 0, n);
		if (!eof)
			return leave(run, RMI_EXIT_MICA_IDLE, 0);
		redact_step[r] = redact_sink_exit ? 4 : 5;
		if (!redact_sink_exit)
			return redact_ask(run, MICA_HC_END, 0, 0);
		/* fall through */
	}
	return redact_ask(run, MICA_HC_EXIT, redact_sink_exit, 0);
}

/* ---- the other end ---- */

const uint8_t redact_image[5000] = "component";
static uint64_t credit;		/* input that the VMM takes without another word */

void redact_begin(void)
{
	drop_queues();
	redact_no_wakes = false;
	redact_sink_exit = 0;
	memset(redact_step, 0, sizeof(redact_step));
	credit = 0;
	port_open();
	fake.play[INGEST] = play_ingest;
	fake.play[REDACTOR] = play_redactor;
	fake.play[SINK] = play_sink;
}

void redact_start(void)
{
	redact_begin();
	port_start();
}

uint32_t redact_get(void)
{
	while (port_get() == RUN_CREDIT) {
		assert_int_equal(port_msg.arg, REGION_INPUT);
		credit += port_data.credit;
	}
	return port_msg.type;
}

void redact_send_policy(void)
{
	struct redact_blob b = redact_blob();

	port_put(RUN_BLOB, 0, &b, sizeof(b));
	port_put(RUN_IMAGE, INGEST, redact_image, 4000);
	port_put(RUN_IMAGE, INGEST, redact_image + 4000, 1000);
	port_put(RUN_IMAGE, REDACTOR, redact_image, 1);
	port_put(RUN_IMAGE, SINK, redact_image, 4096);
}

void redact_load(void)
{
	struct loadplan_realm plan = {
		.s2sz = 39, .vcpus = 1, .num_bps = 1, .num_wps = 1, .ram_base = 0x40000000,
		.ram_size = RAM_PAGES * PAGE, .image = redact_image,
	};
	static const size_t sizes[3] = { 5000, 1, 4096 };
	uint8_t rim[64];
	unsigned int i;

	assert_int_equal(redact_get(), RUN_READY);
	assert_int_equal(port_msg.len, sizeof(port_data.ready));
	assert_int_equal(port_data.ready.proto, RUN_PROTO_VERSION);
	assert_int_equal(port_data.ready.mica_magic, MICA_MAGIC_VERSION);
	redact_send_policy();
	port_put(RUN_LOAD, 0, NULL, 0);
	for (i = 0; i < 3; i++) {
		assert_int_equal(redact_get(), RUN_LOADED);
		assert_int_equal(port_msg.arg, i);
		assert_int_equal(port_data.loaded.pages, RAM_PAGES);
		plan.image_size = sizes[i];
		assert_int_equal(loadplan_rim(&plan, rim), 0);
		assert_memory_equal(port_data.loaded.rim, rim, 64);
	}
	assert_int_equal(redact_get(), RUN_ACTIVE);
}

void redact_attest(void)
{
	uint8_t challenge[64];

	memset(challenge, 0xc3, sizeof(challenge));
	port_put(RUN_CHALLENGE, 0, challenge, sizeof(challenge));
	assert_int_equal(redact_get(), RUN_TOKEN);
	assert_int_equal(port_msg.arg, SINK);
	assert_int_equal(port_msg.len, 70);
	assert_memory_equal(port_data.bytes, "token:", 6);
	assert_memory_equal(port_data.bytes + 6, challenge, 64);
	port_put(RUN_BEGIN, 0, NULL, 0);
}

static uint8_t pattern(size_t i)
{
	return i * 7 + (i >> 9);
}

void redact_stream(size_t size)
{
	uint8_t piece[3001];
	size_t sent = 0, got = 0, i;
	unsigned int exits = 0;
	bool eof = false, ended = false;

	while (exits < 3) {
		size_t n = size - sent < sizeof(piece) ? size - sent : sizeof(piece);

		n = n < credit ? n : credit;
		if (n) {
			for (i = 0; i < n; i++)
				piece[i] = pattern(sent + i);
			port_put(RUN_DATA, REGION_INPUT, piece, n);
			sent += n;
			credit -= n;
		} else if (sent == size && !eof) {
			port_put(RUN_EOF, REGION_INPUT, NULL, 0);
			eof = true;
		}
		if (port_quiet(n ? 0 : 10000)) {
			assert_true(n);		/* no credit, no message: stuck */
			continue;
		}
		switch (redact_get()) {
		case RUN_OUTPUT:
			assert_int_equal(port_msg.arg, REGION_OUTPUT);
			for (i = 0; i < port_msg.len; i++)
				assert_int_equal(port_data.bytes[i], pattern(got + i));
			got += port_msg.len;
			break;
		case RUN_OUTPUT_END:
			ended = true;
			break;
		case RUN_ROLE_EXIT:
			exits++;
			break;
		default:
			fail_msg("message %u: %s", port_msg.type, port_data.text);
		}
	}
	assert_int_equal(got, size);
	assert_true(ended);
}

void redact_finish(void)
{
	assert_int_equal(redact_get(), RUN_DONE);
	assert_int_equal(port_data.done.granules_left, 0);
	assert_true(port_data.done.granules_used > 3 * RAM_PAGES);
	assert_true(port_data.done.rec_entries > 0);
	assert_int_equal(redact_get(), 0);
	port_end();
}

void redact_failed(const char *text)
{
	uint32_t type;

	while ((type = redact_get()) == RUN_READY || type == RUN_LOADED || type == RUN_ACTIVE)
		;
	assert_int_equal(type, RUN_FAIL);
	if (!strstr(port_data.text, text))
		fail_msg("'%s' lacks '%s'", port_data.text, text);
	assert_int_equal(redact_get(), RUN_DONE);
	assert_int_equal(port_data.done.granules_left, 0);
	port_end();
}

int redact_clean_up(void **state)
{
	(void)state;
	drop_queues();
	return 0;
}
