/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The VMM over the stand-in device: a whole run, every RMI call failing once, a peer that leaves
 * or lies at any moment, components that ask nonsense. After each, nothing may be left behind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../abi/host_call.h"
#include "../../host/vmm/vmm.h"
#include "vmm_fake.h"

#define INPUT_BASE	(1UL << 38)
#define OUTPUT_BASE	((1UL << 38) + 0x100000)
#define WINDOW_SIZE	(2 * PAGE)
#define CREDIT		(4 * WINDOW_SIZE)
#define RAM_PAGES	19
enum { INGEST, REDACTOR, SINK };
enum { REGION_INPUT, REGION_OUTPUT };

/* ---- a policy, written out record by record ---- */

struct test_blob {
	struct mica_blob_header h;
	struct mica_blob_role role[3];
	struct mica_blob_channel channel[4];
	struct mica_blob_region region[2];
	struct mica_blob_grant grant[8];
};

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

static struct test_blob make_blob(void)
{
	struct test_blob b = {
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
static int step[3];
static bool no_wakes;
static uint64_t sink_exit;

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

static uint64_t ask(struct rmi_rec_run *run, uint64_t imm, uint64_t a, uint64_t b)
{
	run->exit.exit_reason = RMI_EXIT_HOST_CALL;
	run->exit.imm = imm;
	run->exit.gprs[0] = a;
	run->exit.gprs[1] = b;
	return 0;
}

static uint64_t leave(struct rmi_rec_run *run, uint64_t reason, uint64_t map)
{
	run->exit.exit_reason = reason == RMI_EXIT_MICA_WAKE && no_wakes ? RMI_EXIT_MICA_IDLE : reason;
	run->exit.gprs[0] = map;
	return 0;
}

static uint64_t play_ingest(unsigned int r, struct rmi_rec_run *run)
{
	int64_t n = run->enter.gprs[0];

	switch (step[r]++) {
	case 0:
		return ask(run, MICA_HC_BEGIN, 0, 0);
	case 1:
		return ask(run, MICA_HC_READ, 0, 0);
	case 2:
		if (n > 0) {
			queue_push(&raw, fake_window(INGEST, INPUT_BASE), n);
			step[r] = 1;
		} else {
			queue_end(&raw);
		}
		return leave(run, RMI_EXIT_MICA_WAKE, 1 << REDACTOR);
	}
	return ask(run, MICA_HC_EXIT, 0, 0);
}

static uint64_t play_redactor(unsigned int r, struct rmi_rec_run *run)
{
	static uint8_t buf[10000];
	bool eof;
	size_t n;

	if (step[r] == 1)
		return leave(run, RMI_EXIT_MICA_OFF, 0);
	n = queue_pop(&raw, buf, sizeof(buf), &eof);
	if (n == 0 && !eof)
		return leave(run, RMI_EXIT_MICA_IDLE, 0);
	if (eof) {
		queue_end(&clean);
		step[r] = 1;
	}
	queue_push(&clean, buf, n);
	return leave(run, RMI_EXIT_MICA_WAKE, 1 << SINK);
}

static uint64_t play_sink(unsigned int r, struct rmi_rec_run *run)
{
	uint8_t *window = fake_window(SINK, OUTPUT_BASE);
	bool eof;
	size_t n;

	switch (step[r]) {
	case 0:
		step[r]++;
		return ask(run, MICA_HC_CHALLENGE, 0, 0);
	case 1:
		step[r]++;
		if (run->enter.gprs[0] == 1) {
			memcpy(window, "token:", 6);
			memcpy(window + 6, &run->enter.gprs[1], 64);
			return ask(run, MICA_HC_TOKEN, 0, 70);
		}
		/* fall through */
	case 2:
		step[r] = 3;
		return ask(run, MICA_HC_BEGIN, 0, 0);
	case 3:
		n = queue_pop(&clean, window, WINDOW_SIZE, &eof);
		if (n)
			return ask(run, MICA_HC_WRITE, 0, n);
		if (!eof)
			return leave(run, RMI_EXIT_MICA_IDLE, 0);
		step[r] = sink_exit ? 4 : 5;
		if (!sink_exit)
			return ask(run, MICA_HC_END, 0, 0);
		/* fall through */
	}
	return ask(run, MICA_HC_EXIT, sink_exit, 0);
}

/* ---- the other end ---- */

struct peer {
	int fd;
	int vmm_fd;
	pthread_t thread;
	struct run_msg msg;
	uint8_t data[RUN_MSG_MAX];
	uint64_t credit;
};

static struct peer peer;

static void *serve_session(void *arg)
{
	struct vmm *vmm = malloc(sizeof(*vmm));

	(void)arg;
	assert_int_equal(vmm_init(vmm, peer.vmm_fd), 0);
	assert_int_equal(dev_info(&vmm->info), 0);
	session(vmm);
	vmm_free(vmm);
	free(vmm);
	close(peer.vmm_fd);
	return NULL;
}

static void begin(void)
{
	int fds[2], size = 1 << 16;

	free(raw.bytes);
	free(clean.bytes);
	raw = clean = (struct queue){ 0 };
	memset(step, 0, sizeof(step));
	no_wakes = false;
	sink_exit = 0;
	fake_reset();
	fake.play[INGEST] = play_ingest;
	fake.play[REDACTOR] = play_redactor;
	fake.play[SINK] = play_sink;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	setsockopt(fds[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	peer.fd = fds[0];
	peer.vmm_fd = fds[1];
	peer.credit = 0;
	assert_int_equal(fcntl(fds[1], F_SETFL, O_NONBLOCK), 0);
}

static void start(void)
{
	assert_int_equal(pthread_create(&peer.thread, NULL, serve_session, NULL), 0);
}

static void put(uint32_t type, uint32_t arg, const void *data, uint32_t len)
{
	struct run_msg msg = { .type = type, .arg = arg, .len = len };

	/* The VMM may be gone by design of the test. */
	if (send(peer.fd, &msg, sizeof(msg), MSG_NOSIGNAL) == sizeof(msg) && len)
		(void)!send(peer.fd, data, len, MSG_NOSIGNAL);
}

static bool read_all(void *to, size_t n)
{
	uint8_t *p = to;

	while (n) {
		ssize_t got = read(peer.fd, p, n);

		if (got <= 0)
			return false;
		p += got;
		n -= got;
	}
	return true;
}

/* Next message but credit, which is counted. 0 at the end of the stream. */
static uint32_t get(void)
{
	uint32_t credit;

	do {
		if (!read_all(&peer.msg, sizeof(peer.msg)))
			return 0;
		assert_true(peer.msg.len <= RUN_MSG_MAX);
		assert_true(read_all(peer.data, peer.msg.len));
		if (peer.msg.type == RUN_CREDIT) {
			assert_int_equal(peer.msg.arg, REGION_INPUT);
			memcpy(&credit, peer.data, 4);
			peer.credit += credit;
		}
	} while (peer.msg.type == RUN_CREDIT);
	peer.data[peer.msg.len < RUN_MSG_MAX ? peer.msg.len : RUN_MSG_MAX - 1] = '\0';
	return peer.msg.type;
}

/* The session is over: all taken down, whatever happened before. */
static void end(void)
{
	close(peer.fd);
	pthread_join(peer.thread, NULL);
	assert_int_equal(fake_delegated(), 0);
	assert_int_equal(fake_objects(), 0);
	assert_int_equal(fake.entered_early, 0);
}

static const uint8_t image[5000] = "component";

static void send_policy(void)
{
	struct test_blob b = make_blob();

	put(RUN_BLOB, 0, &b, sizeof(b));
	put(RUN_IMAGE, INGEST, image, 4000);
	put(RUN_IMAGE, INGEST, image + 4000, 1000);
	put(RUN_IMAGE, REDACTOR, image, 1);
	put(RUN_IMAGE, SINK, image, 4096);
}

static void load(void)
{
	struct loadplan_realm plan = {
		.s2sz = 39, .vcpus = 1, .num_bps = 1, .num_wps = 1, .ram_base = 0x40000000,
		.ram_size = RAM_PAGES * PAGE, .image = image,
	};
	static const size_t sizes[3] = { 5000, 1, 4096 };
	struct run_loaded loaded;
	struct run_ready ready;
	uint8_t rim[64];
	unsigned int i;

	assert_int_equal(get(), RUN_READY);
	assert_int_equal(peer.msg.len, sizeof(ready));
	memcpy(&ready, peer.data, sizeof(ready));
	assert_int_equal(ready.proto, RUN_PROTO_VERSION);
	assert_int_equal(ready.mica_magic, MICA_MAGIC_VERSION);
	send_policy();
	put(RUN_LOAD, 0, NULL, 0);
	for (i = 0; i < 3; i++) {
		assert_int_equal(get(), RUN_LOADED);
		assert_int_equal(peer.msg.arg, i);
		memcpy(&loaded, peer.data, sizeof(loaded));
		assert_int_equal(loaded.pages, RAM_PAGES);
		plan.image_size = sizes[i];
		assert_int_equal(loadplan_rim(&plan, rim), 0);
		assert_memory_equal(loaded.rim, rim, 64);
	}
	assert_int_equal(get(), RUN_ACTIVE);
}

static void attest(void)
{
	uint8_t challenge[64];

	memset(challenge, 0xc3, sizeof(challenge));
	put(RUN_CHALLENGE, 0, challenge, sizeof(challenge));
	assert_int_equal(get(), RUN_TOKEN);
	assert_int_equal(peer.msg.arg, SINK);
	assert_int_equal(peer.msg.len, 70);
	assert_memory_equal(peer.data, "token:", 6);
	assert_memory_equal(peer.data + 6, challenge, 64);
	put(RUN_BEGIN, 0, NULL, 0);
}

static uint8_t pattern(size_t i)
{
	return i * 7 + (i >> 9);
}

/* Push `size` bytes through within the credit, in odd pieces; compare what comes back. */
static void stream(size_t size)
{
	uint8_t piece[3001];
	size_t sent = 0, got = 0, i;
	unsigned int exits = 0;
	bool eof = false, ended = false;
	struct pollfd p = { .fd = peer.fd, .events = POLLIN };

	while (exits < 3) {
		size_t n = size - sent < sizeof(piece) ? size - sent : sizeof(piece);

		n = n < peer.credit ? n : peer.credit;
		if (n) {
			for (i = 0; i < n; i++)
				piece[i] = pattern(sent + i);
			put(RUN_DATA, REGION_INPUT, piece, n);
			sent += n;
			peer.credit -= n;
		} else if (sent == size && !eof) {
			put(RUN_EOF, REGION_INPUT, NULL, 0);
			eof = true;
		}
		if (poll(&p, 1, n ? 0 : 10000) == 0) {
			assert_true(n);		/* no credit, no message: stuck */
			continue;
		}
		switch (get()) {
		case RUN_OUTPUT:
			assert_int_equal(peer.msg.arg, REGION_OUTPUT);
			for (i = 0; i < peer.msg.len; i++)
				assert_int_equal(peer.data[i], pattern(got + i));
			got += peer.msg.len;
			break;
		case RUN_OUTPUT_END:
			ended = true;
			break;
		case RUN_ROLE_EXIT:
			exits++;
			break;
		default:
			fail_msg("message %u: %s", peer.msg.type, peer.data);
		}
	}
	assert_int_equal(got, size);
	assert_true(ended);
}

static void finish(void)
{
	struct run_done done;

	assert_int_equal(get(), RUN_DONE);
	memcpy(&done, peer.data, sizeof(done));
	assert_int_equal(done.granules_left, 0);
	assert_true(done.granules_used > 3 * RAM_PAGES);
	assert_true(done.rec_entries > 0);
	assert_int_equal(get(), 0);
	end();
}

/* RUN_FAIL with this in its text, then RUN_DONE with nothing left. */
static void failed(const char *text)
{
	struct run_done done;
	uint32_t type;

	while ((type = get()) == RUN_READY || type == RUN_LOADED || type == RUN_ACTIVE)
		;
	assert_int_equal(type, RUN_FAIL);
	if (!strstr((char *)peer.data, text))
		fail_msg("'%s' lacks '%s'", peer.data, text);
	assert_int_equal(get(), RUN_DONE);
	memcpy(&done, peer.data, sizeof(done));
	assert_int_equal(done.granules_left, 0);
	end();
}

static void run_whole(size_t size)
{
	start();
	load();
	attest();
	stream(size);
	finish();
}

static void whole_run(void **state)
{
	(void)state;
	begin();
	run_whole(0);
	begin();
	run_whole(1);
	begin();
	run_whole(WINDOW_SIZE);
	begin();
	run_whole(300000);
}

/* A host that drops every WAKE only delays. */
static void lost_wakes(void **state)
{
	(void)state;
	begin();
	no_wakes = true;
	run_whole(60000);
}

static void every_call_fails_once(void **state)
{
	unsigned int total, i;

	(void)state;
	begin();
	start();
	load();
	total = fake.calls;
	put(RUN_STOP, 0, NULL, 0);
	assert_int_equal(get(), RUN_DONE);
	end();
	assert_true(total > 200);
	for (i = 1; i <= total; i += i < 40 || i > total - 40 ? 1 : 7) {
		begin();
		fake.fail_at = i;
		fake.fail_with = MICA_POLICY(MICA_RULE_SHAPE);
		start();
		send_policy();
		put(RUN_LOAD, 0, NULL, 0);
		failed(i == 2 ? "rule 8 (SHAPE)" : "");
	}
}

static void refusals_are_named(void **state)
{
	(void)state;
	begin();
	fake.fail_at = 66;	/* 64 granules, the blob's four aux pages come from them */
	fake.fail_with = MICA_POLICY(MICA_RULE_WF_STATE);
	start();
	send_policy();
	put(RUN_LOAD, 0, NULL, 0);
	failed("refused by rule 10 (WF_STATE)");

	begin();
	fake.fail_at = 65;
	fake.fail_with = MICA_POLICY(MICA_RULE_BLOB);
	start();
	send_policy();
	put(RUN_LOAD, 0, NULL, 0);
	failed("WF_CREATE(");

	begin();
	fake.no_mica = true;
	start();
	send_policy();
	put(RUN_LOAD, 0, NULL, 0);
	failed("no Mica extension");
}

static void peer_leaves(void **state)
{
	int when;

	(void)state;
	for (when = 0; when < 6; when++) {
		begin();
		start();
		if (when >= 1)
			send_policy();
		if (when == 2)
			put(RUN_LOAD, 0, NULL, 0);
		if (when >= 3) {
			/* load() sends the policy itself */
			close(peer.fd);
			pthread_join(peer.thread, NULL);
			begin();
			start();
			load();
		}
		if (when >= 4)
			attest();
		if (when >= 5)
			put(RUN_DATA, REGION_INPUT, image, sizeof(image));
		end();
	}
}

static void peer_stops(void **state)
{
	(void)state;
	begin();
	start();
	put(RUN_STOP, 0, NULL, 0);
	assert_int_equal(get(), RUN_READY);
	assert_int_equal(get(), RUN_DONE);
	end();

	begin();
	start();
	load();
	attest();
	put(RUN_STOP, 0, NULL, 0);
	assert_int_equal(get(), RUN_DONE);
	end();
}

static void bad_messages(void **state)
{
	static uint8_t zeroes[CREDIT + 1];
	struct test_blob b = make_blob();
	struct run_msg huge = { .type = RUN_BLOB, .len = RUN_MSG_MAX + 1 };

	(void)state;
	begin();
	start();
	put(RUN_BEGIN, 0, NULL, 0);
	failed("out of order");

	begin();
	start();
	put(77, 0, NULL, 0);
	failed("unknown message 77");

	begin();
	start();
	assert_int_equal(write(peer.fd, &huge, sizeof(huge)), sizeof(huge));
	failed("bad header");

	begin();
	start();
	put(RUN_BLOB, 0, &b, sizeof(b) - 1);
	failed("canonical rule 1");

	begin();
	start();
	put(RUN_BLOB, 0, &b, sizeof(b));
	put(RUN_IMAGE, 3, image, 1);
	failed("role 3");

	begin();
	start();
	put(RUN_BLOB, 0, &b, sizeof(b));
	put(RUN_IMAGE, 0, zeroes, sizeof(zeroes));
	put(RUN_IMAGE, 0, zeroes, sizeof(zeroes));
	put(RUN_IMAGE, 0, zeroes, sizeof(zeroes));
	failed("larger than its memory");

	begin();
	start();
	put(RUN_BLOB, 0, &b, sizeof(b));
	put(RUN_LOAD, 0, NULL, 0);
	failed("no image for role 'ingest'");

	begin();
	start();
	load();
	put(RUN_CHALLENGE, 0, zeroes, 63);
	failed("63 bytes");

	begin();
	start();
	load();
	put(RUN_DATA, REGION_OUTPUT, zeroes, 1);
	failed("no input window");

	begin();
	start();
	load();
	put(RUN_DATA, REGION_INPUT, zeroes, CREDIT + 1);
	failed("beyond the credit");

	/* control: exactly the credit is fine, and so is the end after it; nothing after that */
	begin();
	start();
	load();
	put(RUN_DATA, REGION_INPUT, zeroes, CREDIT);
	put(RUN_EOF, REGION_INPUT, NULL, 0);
	put(RUN_DATA, REGION_INPUT, zeroes, 1);
	failed("after its end");
}

static void bad_role_exit(void **state)
{
	struct run_role_exit e;

	(void)state;
	begin();
	sink_exit = MICA_EXIT_PEER_GONE;
	start();
	load();
	attest();
	put(RUN_EOF, REGION_INPUT, NULL, 0);
	do {
		assert_int_equal(get(), RUN_ROLE_EXIT);
	} while (peer.msg.arg != SINK);
	memcpy(&e, peer.data, sizeof(e));
	assert_int_equal(e.how, 1);
	assert_int_equal(e.status, MICA_EXIT_PEER_GONE);
	do {
		assert_int_not_equal(get(), 0);
	} while (peer.msg.type == RUN_ROLE_EXIT);
	assert_int_equal(peer.msg.type, RUN_DONE);
	end();
}

static uint64_t play_sync(unsigned int r, struct rmi_rec_run *run)
{
	(void)r;
	run->exit.exit_reason = RMI_EXIT_SYNC;
	run->exit.esr = 0x93000007;
	return 0;
}

static uint64_t play_refused(unsigned int r, struct rmi_rec_run *run)
{
	(void)r;
	(void)run;
	return MICA_POLICY(MICA_RULE_PARKED);
}

static void odd_exits(void **state)
{
	(void)state;
	begin();
	fake.play[REDACTOR] = play_sync;
	start();
	load();
	failed("role 'redactor' left with exit reason 0 (SYNC; esr 0x93000007");

	begin();
	fake.play[REDACTOR] = play_refused;
	start();
	load();
	failed("refused by rule 17 (PARKED)");
}

static int64_t answers[12];

/* Host calls that make no sense, one after the other, then a clean exit. */
static uint64_t play_nonsense(unsigned int r, struct rmi_rec_run *run)
{
	static const uint64_t asks[][3] = {
		{ 0, 0, 0 }, { 99, 0, 0 }, { 0xfff7, 0, 0 },
		{ MICA_HC_READ, 0, 0 },			/* its window is for output */
		{ MICA_HC_READ, 1, 0 }, { MICA_HC_READ, ~0UL, 0 },
		{ MICA_HC_WRITE, 0, WINDOW_SIZE + 1 }, { MICA_HC_WRITE, 0, ~0UL },
		{ MICA_HC_WRITE, 7, 1 }, { MICA_HC_TOKEN, 0, WINDOW_SIZE + 1 },
		{ MICA_HC_END, 1UL << 40, 0 },
		{ MICA_HC_WRITE, 0, WINDOW_SIZE },	/* control */
	};
	int i = step[r]++;

	if (i > 0 && i <= 12)
		answers[i - 1] = run->enter.gprs[0];
	if (i < 12)
		return ask(run, asks[i][0], asks[i][1], asks[i][2]);
	return ask(run, MICA_HC_EXIT, 0, 0);
}

static void nonsense_host_calls(void **state)
{
	unsigned int i;

	(void)state;
	begin();
	fake.play[SINK] = play_nonsense;
	start();
	load();
	assert_int_equal(get(), RUN_OUTPUT);
	assert_int_equal(peer.msg.len, WINDOW_SIZE);
	assert_int_equal(get(), RUN_ROLE_EXIT);
	for (i = 0; i < 11; i++)
		assert_true(answers[i] < 0);
	assert_int_equal(answers[11], 0);
	put(RUN_STOP, 0, NULL, 0);
	assert_int_equal(get(), RUN_DONE);
	end();
}

/* ---- a linux role: its image is taken apart, and what was seen of it is told ---- */

#define LINUX_PAGES	600

static struct test_blob linux_blob(void)
{
	struct test_blob b = make_blob();
	struct mica_blob_role *r = &b.role[REDACTOR];

	r->rights = MICA_RIGHT_VTIMER;
	r->flags = MICA_ROLE_SIG_IRQ;
	r->ram_size = LINUX_PAGES * PAGE;
	r->dev_page_off = (uint32_t)(linux_devices_at(r->ram_size) / PAGE);
	r->dev_pages = LINUX_DEVICES_SIZE / PAGE;
	return b;
}

/* Nothing but the headers: of the file, and of a kernel in it. */
static void pack(uint8_t file[2 * PAGE])
{
	const struct linux_image_header h = { .magic = LINUX_IMAGE_MAGIC, .kernel_size = 64, .cmdline = "quiet" };
	const uint64_t size = 4096, flags = 2;

	memset(file, 0, 2 * PAGE);
	memcpy(file, &h, sizeof(h));
	memcpy(file + PAGE + 16, &size, 8);
	memcpy(file + PAGE + 24, &flags, 8);
	memcpy(file + PAGE + 56, "ARM\x64", 4);
}

static uint64_t play_exits(unsigned int r, struct rmi_rec_run *run)
{
	static const uint64_t reasons[] = { RMI_EXIT_MICA_IDLE, RMI_EXIT_MICA_WAKE, RMI_EXIT_MICA_IDLE, RMI_EXIT_MICA_OFF };

	run->exit.exit_reason = reasons[step[r]++];
	return 0;
}

static void linux_load(const uint8_t *file, size_t size)
{
	struct test_blob b = linux_blob();

	begin();
	fake.play[REDACTOR] = play_exits;
	start();
	assert_int_equal(get(), RUN_READY);
	put(RUN_BLOB, 0, &b, sizeof(b));
	put(RUN_IMAGE, INGEST, image, 1);
	put(RUN_IMAGE, REDACTOR, file, size);
	put(RUN_IMAGE, SINK, image, 1);
	put(RUN_LOAD, 0, NULL, 0);
}

static void linux_role(void **state)
{
	static struct loadplan_linux os;
	static uint8_t file[2 * PAGE];
	struct loadplan_realm plan = {
		.s2sz = 39, .vcpus = 1, .num_bps = 1, .num_wps = 1, .ram_base = 0x40000000, .ram_size = LINUX_PAGES * PAGE,
		.image = file, .image_size = sizeof(file),
	};
	struct run_loaded loaded;
	uint8_t rim[64];

	(void)state;
	pack(file);
	linux_load(file, sizeof(file));
	assert_int_equal(get(), RUN_LOADED);
	assert_int_equal(get(), RUN_LOADED);
	memcpy(&loaded, peer.data, sizeof(loaded));
	assert_int_equal(loaded.pages, LINUX_PAGES);
	assert_null(loadplan_linux(&os, &plan));
	assert_int_equal(loadplan_rim(&plan, rim), 0);
	assert_memory_equal(loaded.rim, rim, 64);
	put(RUN_STOP, 0, NULL, 0);
	while (get() != RUN_DONE)
		assert_int_not_equal(peer.msg.type, RUN_FAIL);
	end();

	file[0]++;
	linux_load(file, sizeof(file));
	failed("role 'redactor' cannot be loaded: its image is no packed Linux image");
	pack(file);
	linux_load(file, PAGE);
	failed("role 'redactor' cannot be loaded: its image is a packed Linux image that was cut off");
}

static void what_was_seen_of_a_linux_role(void **state)
{
	static uint8_t file[2 * PAGE];

	(void)state;
	pack(file);
	linux_load(file, sizeof(file));
	while (get() != RUN_NOTE)
		assert_int_not_equal(peer.msg.type, 0);
	assert_non_null(strstr((char *)peer.data, "of 'redactor': 0 interrupts of its own, idle 2 times, 1 wake-ups of others, off 1, "
			       "stopped 0, anything else 0"));
	put(RUN_STOP, 0, NULL, 0);
	while (get() != RUN_DONE)
		assert_int_not_equal(peer.msg.type, 0);
	end();
}

static int clean_up(void **state)
{
	(void)state;
	fake_free();
	free(raw.bytes);
	free(clean.bytes);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_run),
		cmocka_unit_test(lost_wakes),
		cmocka_unit_test(every_call_fails_once),
		cmocka_unit_test(refusals_are_named),
		cmocka_unit_test(peer_leaves),
		cmocka_unit_test(peer_stops),
		cmocka_unit_test(bad_messages),
		cmocka_unit_test(bad_role_exit),
		cmocka_unit_test(odd_exits),
		cmocka_unit_test(nonsense_host_calls),
		cmocka_unit_test(linux_role),
		cmocka_unit_test(what_was_seen_of_a_linux_role),
	};

	signal(SIGPIPE, SIG_IGN);	/* as the VMM does */
	return cmocka_run_group_tests_name("vmm", tests, NULL, clean_up);
}
