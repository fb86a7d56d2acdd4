/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `mica run` against a VMM played by the test: the good dialogue, and a VMM that lies, speaks
 * out of turn, or breaks the framing. No byte of input may leave before the token was accepted.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../../abi/host_call.h"
#include "../../abi/mica.h"
#include "../../policy/run/session.h"

#define IN_REGION	0
#define OUT_REGION	1

struct world {
	struct session s;
	struct wire wire;
	int vmm;			/* the VMM's end */
	int input[2];
	int verdict;			/* what verify answers */
	char dir[64], out_path[96];
};

static int fake_verify(struct session *s, char *why, size_t size)
{
	struct world *w = s->arg;

	snprintf(why, size, "the test says no");
	return w->verdict;
}

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	int sv[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
	fcntl(sv[0], F_SETFL, O_NONBLOCK);
	fcntl(sv[1], F_SETFL, O_NONBLOCK);
	assert_int_equal(wire_open(&w->wire, sv[0]), 0);
	w->vmm = sv[1];
	assert_int_equal(pipe2(w->input, O_NONBLOCK), 0);
	strcpy(w->dir, "/tmp/mica-run-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	snprintf(w->out_path, sizeof(w->out_path), "%s/out", w->dir);

	w->s.wire = &w->wire;
	w->s.verify = fake_verify;
	w->s.arg = w;
	w->s.blob = (const uint8_t *)"blob";
	w->s.blob_size = 4;
	w->s.n_roles = 2;
	w->s.roles[0] = (struct run_role){ .name = "in", .pinned = true, .hash_size = 32, .rim = { 7 },
					   .image = (const uint8_t *)"image", .image_size = 5 };
	w->s.roles[1] = (struct run_role){ .name = "any", .image = (const uint8_t *)"x", .image_size = 1 };
	w->s.n_windows = 2;
	w->s.windows[0] = (struct run_window){ .name = "input", .region = IN_REGION, .in = true,
					       .in_fd = w->input[0], .output = OUTPUT_NONE };
	w->s.windows[1] = (struct run_window){ .name = "output", .role = 1, .region = OUT_REGION,
					       .out = true, .in_fd = -1 };
	assert_int_equal(output_open(&w->s.windows[1].output, w->out_path), 0);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	output_close(&w->s.windows[1].output);
	wire_close(&w->wire);
	close(w->vmm);
	close(w->input[0]);
	close(w->input[1]);
	unlink(w->out_path);
	assert_int_equal(rmdir(w->dir), 0);	/* nothing else may be left there */
	free(w);
	return 0;
}

static int say(struct world *w, uint32_t type, uint32_t arg, const void *data, uint32_t len)
{
	struct run_msg m = { .type = type, .arg = arg, .len = len };

	assert_int_equal(write(w->vmm, &m, sizeof(m)), sizeof(m));
	if (len)
		assert_int_equal(write(w->vmm, data, len), len);
	assert_int_equal(wire_fill(&w->wire), 0);
	return session_receive(&w->s);
}

/* What arrived at the VMM: counts by type. */
static void hear(struct world *w, unsigned int count[RUN_ROLE_RESTART + 1])
{
	struct run_msg m;
	char buf[65536];

	memset(count, 0, sizeof(unsigned int) * (RUN_ROLE_RESTART + 1));
	session_send(&w->s);
	assert_int_equal(wire_flush(&w->wire), 0);
	while (read(w->vmm, &m, sizeof(m)) == (ssize_t)sizeof(m)) {
		assert_true(m.type <= RUN_ROLE_RESTART && m.len <= sizeof(buf));
		if (m.len)
			assert_int_equal(read(w->vmm, buf, m.len), m.len);
		count[m.type]++;
	}
}

static int say_ready(struct world *w)
{
	struct run_ready r = { .proto = RUN_PROTO_VERSION, .mica_magic = MICA_MAGIC_VERSION };

	return say(w, RUN_READY, 0, &r, sizeof(r));
}

static int say_loaded(struct world *w, uint32_t role, uint8_t rim0)
{
	struct run_loaded l = { .rim = { rim0 }, .pages = 1 };

	return say(w, RUN_LOADED, role, &l, sizeof(l));
}

static int say_exit(struct world *w, uint32_t role, uint32_t how, uint32_t status)
{
	struct run_role_exit e = { .how = how, .status = status };

	return say(w, RUN_ROLE_EXIT, role, &e, sizeof(e));
}

static int say_done(struct world *w, uint64_t left)
{
	struct run_done d = { .granules_used = 9, .granules_left = left };

	return say(w, RUN_DONE, 0, &d, sizeof(d));
}

static void to_stream(struct world *w)
{
	assert_int_equal(say_ready(w), 0);
	assert_int_equal(say_loaded(w, 0, 7), 0);
	assert_int_equal(say_loaded(w, 1, 99), 0);	/* image any: whatever it measures */
	assert_int_equal(say(w, RUN_ACTIVE, 0, NULL, 0), 0);
	assert_int_equal(say(w, RUN_TOKEN, 1, "token", 5), 0);
	assert_int_equal(w->s.phase, SESSION_STREAM);
}

static void good_run(void **state)
{
	struct world *w = *state;
	unsigned int n[RUN_ROLE_RESTART + 1];
	uint32_t credit = 65536;
	char text[16] = "";
	int fd;

	assert_int_equal(write(w->input[1], "hello", 5), 5);
	assert_int_equal(say_ready(w), 0);
	hear(w, n);
	assert_int_equal(n[RUN_BLOB], 1);
	assert_int_equal(n[RUN_IMAGE], 2);
	assert_int_equal(n[RUN_LOAD], 1);
	assert_int_equal(say_loaded(w, 0, 7), 0);
	assert_int_equal(say_loaded(w, 1, 99), 0);
	assert_int_equal(say(w, RUN_CREDIT, IN_REGION, &credit, 4), 0);
	assert_int_equal(say(w, RUN_ACTIVE, 0, NULL, 0), 0);
	hear(w, n);
	assert_int_equal(n[RUN_CHALLENGE], 1);
	assert_int_equal(n[RUN_DATA] + n[RUN_EOF] + n[RUN_BEGIN], 0);	/* not attested yet */
	assert_int_equal(say(w, RUN_TOKEN, 1, "token", 5), 0);
	hear(w, n);
	assert_int_equal(n[RUN_BEGIN], 1);
	assert_int_equal(n[RUN_DATA], 1);
	close(w->input[1]);
	hear(w, n);
	assert_int_equal(n[RUN_EOF], 1);
	assert_int_equal(say(w, RUN_OUTPUT, OUT_REGION, "HELLO", 5), 0);
	assert_int_equal(access(w->out_path, F_OK), -1);	/* not before it is complete */
	assert_int_equal(say(w, RUN_OUTPUT_END, OUT_REGION, NULL, 0), 0);
	assert_int_equal(say_exit(w, 0, 1, MICA_EXIT_OK), 0);
	assert_int_equal(say_exit(w, 1, 0, 0), 0);
	assert_int_equal(say_done(w, 0), 0);
	assert_int_equal(session_result(&w->s), 0);
	assert_int_equal(output_commit(&w->s.windows[1].output), 0);
	fd = open(w->out_path, O_RDONLY);
	assert_int_equal(read(fd, text, sizeof(text)), 5);
	assert_string_equal(text, "HELLO");
	close(fd);
	w->input[1] = dup(w->input[0]);
}

static void input_follows_credit(void **state)
{
	struct world *w = *state;
	unsigned int n[RUN_ROLE_RESTART + 1];
	uint32_t credit = 3;

	to_stream(w);
	assert_int_equal(write(w->input[1], "hello", 5), 5);
	hear(w, n);
	assert_int_equal(n[RUN_DATA], 0);
	assert_int_equal(say(w, RUN_CREDIT, IN_REGION, &credit, 4), 0);
	hear(w, n);
	assert_int_equal(n[RUN_DATA], 1);
	assert_int_equal(w->s.windows[0].bytes_in, 3);
	hear(w, n);
	assert_int_equal(n[RUN_DATA], 0);
}

static void refused_token_sends_nothing(void **state)
{
	struct world *w = *state;
	unsigned int n[RUN_ROLE_RESTART + 1];
	uint32_t credit = 100;

	w->verdict = -1;
	assert_int_equal(write(w->input[1], "secret", 6), 6);
	say_ready(w);
	say_loaded(w, 0, 7);
	say_loaded(w, 1, 0);
	say(w, RUN_CREDIT, IN_REGION, &credit, 4);
	say(w, RUN_ACTIVE, 0, NULL, 0);
	hear(w, n);
	assert_int_equal(say(w, RUN_TOKEN, 1, "token", 5), -1);
	assert_non_null(strstr(w->s.error, "the test says no"));
	hear(w, n);
	assert_int_equal(n[RUN_BEGIN] + n[RUN_DATA] + n[RUN_EOF], 0);
	assert_int_equal(w->s.windows[0].bytes_in, 0);
}

static void rim_mismatch_names_both(void **state)
{
	struct world *w = *state;

	say_ready(w);
	assert_int_equal(say_loaded(w, 0, 8), -1);
	assert_non_null(strstr(w->s.error, "RIM mismatch: 'in' measures 0800"));
	assert_non_null(strstr(w->s.error, "the policy says 0700"));
}

static void first_error_stays(void **state)
{
	struct world *w = *state;

	say_ready(w);
	assert_int_equal(say(w, RUN_FAIL, 0, "first\033[2J", 9), -1);
	assert_string_equal(w->s.error, "first [2J");	/* no control characters of the VMM's */
	say(w, RUN_FAIL, 0, "second", 6);
	assert_string_equal(w->s.error, "first [2J");
	session_stop(&w->s);
	say_done(w, 0);
	assert_int_equal(w->s.phase, SESSION_DONE);
	assert_int_equal(session_result(&w->s), -1);
}

static void output_after_failure_is_dropped(void **state)
{
	struct world *w = *state;

	to_stream(w);
	say(w, RUN_FAIL, 0, "gone", 4);
	say(w, RUN_OUTPUT, OUT_REGION, "late", 4);
	assert_int_equal(w->s.windows[1].bytes_out, 0);
}

static void component_failure_is_the_runs(void **state)
{
	struct world *w = *state;

	to_stream(w);
	assert_int_equal(say_exit(w, 1, 1, MICA_EXIT_PEER_GONE), -1);
	assert_non_null(strstr(w->s.error, "'any' ended with status 2: a peer stopped"));
	assert_null(strstr(w->s.error, "off by then"));
}

/* The one that stopped first may be mute: then its peer's end is all there is, and says who was off. */
static void peer_that_stopped_is_named(void **state)
{
	struct world *w = *state;

	to_stream(w);
	assert_int_equal(say_exit(w, 0, 0, 0), 0);
	assert_int_equal(say_exit(w, 1, 1, MICA_EXIT_PEER_GONE), -1);
	assert_non_null(strstr(w->s.error, "of the stream; off by then, and with no way to say why: 'in'"));
}

static void missing_end_of_output(void **state)
{
	struct world *w = *state;

	to_stream(w);
	say_done(w, 0);
	assert_int_equal(session_result(&w->s), -1);
	assert_non_null(strstr(w->s.error, "before output 'output' was complete"));
}

static void lost_granules_fail(void **state)
{
	struct world *w = *state;

	to_stream(w);
	say(w, RUN_OUTPUT_END, OUT_REGION, NULL, 0);
	say_done(w, 3);
	assert_int_equal(session_result(&w->s), -1);
	assert_non_null(strstr(w->s.error, "3 granules"));
}

/* One message that must be refused, from a given phase. */
struct refusal {
	const char *name;
	int from;			/* enum session_phase; SESSION_BOOT or SESSION_STREAM */
	uint32_t type, arg, len;
};

static const struct refusal refusals[] = {
	{ "active before ready", SESSION_BOOT, RUN_ACTIVE, 0, 0 },
	{ "token before active", SESSION_BOOT, RUN_TOKEN, 0, 5 },
	{ "output before ready", SESSION_BOOT, RUN_OUTPUT, OUT_REGION, 5 },
	{ "done before ready", SESSION_BOOT, RUN_DONE, 0, sizeof(struct run_done) },
	{ "short greeting", SESSION_BOOT, RUN_READY, 0, 8 },
	{ "greeting of zeroes", SESSION_BOOT, RUN_READY, 0, sizeof(struct run_ready) },
	{ "second greeting", SESSION_STREAM, RUN_READY, 0, sizeof(struct run_ready) },
	{ "second token", SESSION_STREAM, RUN_TOKEN, 0, 5 },
	{ "second active", SESSION_STREAM, RUN_ACTIVE, 0, 0 },
	{ "loaded too late", SESSION_STREAM, RUN_LOADED, 0, sizeof(struct run_loaded) },
	{ "output of an input window", SESSION_STREAM, RUN_OUTPUT, IN_REGION, 4 },
	{ "output of no window", SESSION_STREAM, RUN_OUTPUT, 77, 4 },
	{ "end of no window", SESSION_STREAM, RUN_OUTPUT_END, 77, 0 },
	{ "credit for an output window", SESSION_STREAM, RUN_CREDIT, OUT_REGION, 4 },
	{ "credit of 3 bytes", SESSION_STREAM, RUN_CREDIT, IN_REGION, 3 },
	{ "end of no role", SESSION_STREAM, RUN_ROLE_EXIT, 2, sizeof(struct run_role_exit) },
	{ "end of a role, short", SESSION_STREAM, RUN_ROLE_EXIT, 0, 4 },
	{ "restart before anything runs", SESSION_BOOT, RUN_ROLE_RESTART, 0, sizeof(struct run_role_restart) },
	{ "restart of no role", SESSION_STREAM, RUN_ROLE_RESTART, 2, sizeof(struct run_role_restart) },
	{ "restart, short", SESSION_STREAM, RUN_ROLE_RESTART, 0, 8 },
	{ "restart, long", SESSION_STREAM, RUN_ROLE_RESTART, 0, sizeof(struct run_role_restart) + 4 },
	{ "short farewell", SESSION_STREAM, RUN_DONE, 0, 8 },
	{ "our own kind of message", SESSION_STREAM, RUN_DATA, 0, 4 },
	{ "type 0", SESSION_STREAM, 0, 0, 0 },
	{ "type beyond the last", SESSION_STREAM, RUN_ROLE_RESTART + 1, 0, 0 },
	{ "length beyond the limit", SESSION_STREAM, RUN_NOTE, 0, RUN_MSG_MAX + 1 },
};

static void refuses(void **state)
{
	static const uint8_t zeroes[256];

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const struct refusal *r = &refusals[i];
		struct run_msg m = { .type = r->type, .arg = r->arg, .len = r->len };
		struct world *w = *state;

		if (r->from == SESSION_STREAM)
			to_stream(w);
		assert_int_equal(write(w->vmm, &m, sizeof(m)), sizeof(m));
		if (r->len <= sizeof(zeroes))
			assert_int_equal(write(w->vmm, zeroes, r->len), r->len);
		wire_fill(&w->wire);
		if (session_receive(&w->s) != -1 || !w->s.error[0])
			fail_msg("%s: not refused", r->name);
		teardown(state);
		setup(state);
	}
}

static int say_restart(struct world *w, uint32_t role)
{
	struct run_role_restart r = { .how = 1, .status = 1, .restart = 1, .of = 5 };

	return say(w, RUN_ROLE_RESTART, role, &r, sizeof(r));
}

/* A role lives again as often as the VMM says, but not after its end. */
static void restarts(void **state)
{
	struct world *w = *state;

	to_stream(w);
	assert_int_equal(say_restart(w, 1), 0);
	assert_int_equal(say_restart(w, 1), 0);
	assert_int_equal(w->s.restarts, 2);
	assert_int_equal(w->s.roles[1].last_restart.of, 5);
	assert_int_equal(say_exit(w, 1, 4, 0), 0);		/* at rest: no failure */
	assert_int_equal(say_restart(w, 1), -1);
	assert_non_null(strstr(w->s.error, "makes no sense"));
}

static void active_without_a_role(void **state)
{
	struct world *w = *state;

	say_ready(w);
	say_loaded(w, 1, 0);
	assert_int_equal(say(w, RUN_ACTIVE, 0, NULL, 0), -1);
	assert_non_null(strstr(w->s.error, "without 'in'"));
}

static void role_loaded_twice(void **state)
{
	struct world *w = *state;

	say_ready(w);
	assert_int_equal(say_loaded(w, 0, 7), 0);
	assert_int_equal(say_loaded(w, 0, 7), -1);
}

/* Until somebody has opened it to write, a FIFO reads as empty and is not at its end. */
static void fifo_without_a_writer_is_not_at_its_end(void **state)
{
	struct world *w = *state;
	unsigned int heard[RUN_ROLE_RESTART + 1];
	uint32_t credit = 100;
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/fifo", w->dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	close(w->input[0]);
	w->s.windows[0].in_fd = w->input[0] = open(path, O_RDONLY | O_NONBLOCK);
	to_stream(w);
	assert_int_equal(say(w, RUN_CREDIT, IN_REGION, &credit, 4), 0);
	hear(w, heard);
	assert_int_equal(heard[RUN_EOF], 0);
	assert_false(w->s.windows[0].in_eof);
	fd = open(path, O_WRONLY);
	assert_int_equal(write(fd, "late", 4), 4);
	hear(w, heard);
	assert_int_equal(heard[RUN_DATA], 1);
	close(fd);
	hear(w, heard);
	assert_int_equal(heard[RUN_EOF], 1);
	unlink(path);
}

/* ---- results ---- */

static void put(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void holds(const char *path, const char *want)
{
	char text[64] = "";
	int fd = open(path, O_RDONLY);

	assert_true(fd >= 0);
	assert_true(read(fd, text, sizeof(text) - 1) >= 0);
	assert_string_equal(text, want);
	close(fd);
}

static void replace(struct output *o, const char *path, const char *text)
{
	assert_int_equal(output_open(o, path), 0);
	assert_int_equal(output_write(o, text, strlen(text)), 0);
}

static void result_keeps_mode_and_link(void **state)
{
	struct world *w = *state;
	char link[128];
	struct stat st;
	struct output o;

	snprintf(link, sizeof(link), "%s/link", w->dir);
	put(w->out_path, "old", 0640);
	assert_int_equal(symlink("out", link), 0);
	replace(&o, link, "new");
	assert_int_equal(output_ready(&o), 0);
	holds(w->out_path, "old");
	assert_int_equal(output_commit(&o), 0);
	output_close(&o);
	holds(w->out_path, "new");
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat(w->out_path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	unlink(link);
}

static void ready_result_that_is_dropped_leaves_the_old_one(void **state)
{
	struct world *w = *state;
	struct output o;

	put(w->out_path, "old", 0600);
	replace(&o, w->out_path, "new");
	assert_int_equal(output_ready(&o), 0);
	assert_int_equal(output_ready(&o), 0);
	output_close(&o);
	holds(w->out_path, "old");
}

static void results_under_one_name_are_the_same(void **state)
{
	struct world *w = *state;
	char longer[160], other[160];
	struct output a, b, c;

	snprintf(longer, sizeof(longer), "%s/./out", w->dir);
	snprintf(other, sizeof(other), "%s/other", w->dir);
	assert_int_equal(output_open(&a, w->out_path), 0);
	assert_int_equal(output_open(&b, longer), 0);
	assert_int_equal(output_open(&c, other), 0);
	assert_true(output_same(&a, &b));
	assert_false(output_same(&a, &c));
	output_close(&a);
	output_close(&b);
	output_close(&c);
}

/* A name of a descriptor: written through it, so behind what is there, and the name stays what it was. */
static void descriptor_is_written_in_place(void **state)
{
	struct world *w = *state;
	char name[64];
	struct output o;
	int fd;

	put(w->out_path, "", 0600);
	fd = open(w->out_path, O_WRONLY);
	assert_int_equal(write(fd, "one ", 4), 4);
	snprintf(name, sizeof(name), "/dev/fd/%d", fd);
	replace(&o, name, "two");
	assert_int_equal(output_commit(&o), 0);
	output_close(&o);
	close(fd);
	holds(w->out_path, "one two");
	assert_int_equal(output_open(&o, "/dev/fd/999999"), -EBADF);
}

/* A reader that does not read, and a Ctrl-C that the event loop has yet to take. */
static void full_pipe_does_not_keep_a_signal_away(void **state)
{
	static uint8_t much[1 << 20];
	sigset_t set, old;
	char name[64];
	struct output o;
	int p[2];

	(void)state;
	assert_int_equal(pipe(p), 0);
	snprintf(name, sizeof(name), "/dev/fd/%d", p[1]);
	assert_int_equal(output_open(&o, name), 0);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, &old);
	raise(SIGINT);
	assert_int_equal(output_write(&o, "short", 5), 0);	/* there is room */
	assert_int_equal(output_write(&o, much, sizeof(much)), -EINTR);
	assert_int_equal(sigtimedwait(&set, NULL, &(struct timespec){ 0, 0 }), SIGINT);
	sigprocmask(SIG_SETMASK, &old, NULL);
	output_close(&o);
	close(p[0]);
	close(p[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(good_run), T(input_follows_credit), T(refused_token_sends_nothing),
		T(rim_mismatch_names_both), T(first_error_stays), T(output_after_failure_is_dropped),
		T(component_failure_is_the_runs), T(peer_that_stopped_is_named), T(missing_end_of_output), T(lost_granules_fail),
		T(fifo_without_a_writer_is_not_at_its_end), T(result_keeps_mode_and_link),
		T(ready_result_that_is_dropped_leaves_the_old_one), T(results_under_one_name_are_the_same),
		T(descriptor_is_written_in_place), T(full_pipe_does_not_keep_a_signal_away),
		T(refuses), T(restarts), T(active_without_a_role), T(role_loaded_twice),
	};

	return cmocka_run_group_tests_name("run_session", tests, NULL, NULL);
}
