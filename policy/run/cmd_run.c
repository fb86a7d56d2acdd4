/* SPDX-License-Identifier: Apache-2.0 */
/* `mica run`: options, the event loop, and the one error line at the end. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../cli/cli.h"
#include "../cli/json.h"
#include "run.h"

#define STOP_GRACE	20.0		/* seconds the VMM has to take everything down */
#define CONSOLE_TAIL	4096

/* ---- options ---- */

static const char *add_bind(struct run_bind *list, unsigned int *n, char *arg)
{
	char *eq = strchr(arg, '=');

	if (!eq || eq == arg || !eq[1])
		return "is not NAME=FILE";
	if (*n == RUN_BIND_MAX)
		return "is one too many";
	*eq = '\0';
	for (unsigned int i = 0; i < *n; i++)
		if (strcmp(list[i].name, arg) == 0)
			return "is given twice";
	list[(*n)++] = (struct run_bind){ .name = arg, .value = eq + 1 };
	return NULL;
}

static const char *add_in(void *into, char *arg)
{
	struct run_options *o = into;

	return add_bind(o->in, &o->n_in, arg);
}

static const char *add_out(void *into, char *arg)
{
	struct run_options *o = into;

	return add_bind(o->out, &o->n_out, arg);
}

static const char *add_image(void *into, char *arg)
{
	struct run_options *o = into;

	return add_bind(o->image, &o->n_image, arg);
}

#define AT(field)	.at = offsetof(struct run_options, field)

static const struct cli_option options[] = {
	{ .name = "in", .kind = CLI_CALL, .value = "WINDOW=FILE", .call = add_in,
	  .help = "send FILE (- is standard input) into a host -> role window" },
	{ .name = "out", .kind = CLI_CALL, .value = "WINDOW=FILE", .call = add_out,
	  .help = "write a role -> host window to FILE (- is standard output)" },
	{ .name = "image", .kind = CLI_CALL, .value = "ROLE=FILE", .call = add_image,
	  .help = "image of an `image any` role; default ROLE.bin beside POLICY" },
	{ .name = "token", .kind = CLI_TEXT, .value = "FILE", AT(token), .help = "keep the verified token" },
	{ .name = "console", .kind = CLI_TEXT, .value = "FILE", AT(console), .help = "keep what firmware and host kernel print" },
	{ .name = "timeout", .kind = CLI_NUMBER, .value = "SECONDS", AT(timeout), .min = 1, .max = 86400,
	  .help = "give up after so long without a sign of life (default 180)" },
	{ .name = "cpus", .kind = CLI_NUMBER, .value = "N", AT(cpus), .min = 1, .max = 8,
	  .help = "CPUs of the machine, 1 to 8 (default 2)" },
	{ .name = "icount", AT(machine.icount), .help = "count instructions as time: repeatable, one CPU" },
	{ .name = "no-development", AT(production), .help = "refuse the emulated platform's DEVELOPMENT attestation" },
	{ .name = "hostile-host", .kind = CLI_TEXT, .value = "NAME", AT(hostile),
	  .help = "forbidden act for the host to try: see `make run-hostile`; or all" },
	{ .name = "qemu", .kind = CLI_TEXT, .value = "PROGRAM", AT(machine.qemu),
	  .help = "emulator to use (default qemu-system-aarch64)" },
	{ .name = "json", AT(json), .help = "result as one JSON object, schema mica.run/1" },
	{ .name = "quiet", AT(quiet), .help = "no progress" },
	CLI_OPTION_END,
};

const struct cli_spec run_spec = {
	.name = "run", .usage = "POLICY [--in WINDOW=FILE]... [--out WINDOW=FILE]... [OPTIONS]", .operands = "POLICY",
	.min = 1, .max = 1,
	.about = "Boot an emulated CCA machine, build the workflow of POLICY in it, verify its\n"
		 "attestation token, and only then stream the inputs through it. A failed run leaves\n"
		 "no output file, no process and no temporary file.",
	.options = options,
	.exit = "0 the run is complete, 1 it was refused or failed, 2 usage or I/O",
	.example = "mica run examples/redact/redact.mica --in input=/var/log/dpkg.log --out output=clean.log",
};

/* ---- the event loop ---- */

struct loop {
	struct session *s;
	struct wire wire;
	struct machine machine;
	const struct run_options *o;
	struct progress *progress;
	int signal_fd;
	struct output console;
	int signalled;			/* number of the signal that ends us */
	char tail[CONSOLE_TAIL];	/* the end of the console, for one telling line */
	size_t tail_len;
	double alive, stop_by;
};

static void on_console(struct loop *l)
{
	char buf[4096];
	ssize_t n;
	int ret;

	while ((n = read(l->machine.console_fd, buf, sizeof(buf))) > 0) {
		size_t keep = l->tail_len, add = (size_t)n;

		if (l->o->console && !l->s->error[0] && (ret = output_write(&l->console, buf, add)))
			session_fail(l->s, "cannot write console to '%s': %s", l->o->console, strerror(-ret));
		if (keep + add > sizeof(l->tail)) {
			size_t drop = keep + add - sizeof(l->tail);

			memmove(l->tail, l->tail + drop, keep - drop);
			keep -= drop;
		}
		memcpy(l->tail + keep, buf, add);
		l->tail_len = keep + add;
	}
}

/* The line of the console that says why, if there is one. */
static void console_reason(const struct loop *l, char *out, size_t size)
{
	static const char *const marks[] = { "panic", "Panic", "PANIC", "Unhandled", "ERROR" };
	const char *end = l->tail + l->tail_len;

	out[0] = '\0';
	for (size_t m = 0; m < sizeof(marks) / sizeof(marks[0]); m++) {
		const char *at = memmem(l->tail, l->tail_len, marks[m], strlen(marks[m])), *eol;

		if (!at)
			continue;
		while (at > l->tail && at[-1] != '\n')
			at--;
		for (eol = at; eol < end && *eol != '\n' && *eol != '\r'; eol++)
			;
		snprintf(out, size, "%.*s", (int)(eol - at), at);
		return;
	}
}

static void on_machine_end(struct loop *l, int status)
{
	char reason[200];

	if (l->s->phase == SESSION_DONE)
		return;
	on_console(l);
	console_reason(l, reason, sizeof(reason));
	if (WIFSIGNALED(status))
		session_fail(l->s, "the machine was killed by signal %d", WTERMSIG(status));
	else
		session_fail(l->s, "the machine stopped by itself (status %d)%s%s",
			     WEXITSTATUS(status), reason[0] ? ": " : "", reason);
}

static void on_signal(struct loop *l)
{
	struct signalfd_siginfo si;
	int status;

	while (read(l->signal_fd, &si, sizeof(si)) == sizeof(si)) {
		if (si.ssi_signo == SIGCHLD) {
			if (machine_ended(&l->machine, &status))
				on_machine_end(l, status);
		} else if (!l->signalled) {
			l->signalled = (int)si.ssi_signo;
			session_fail(l->s, "interrupted by %s", strsignal(l->signalled));
		} else {
			l->stop_by = 0;		/* asked twice: at once */
		}
	}
}

static void check_time(struct loop *l)
{
	double now = progress_now();

	if (l->s->error[0]) {
		if (!l->s->stopping) {
			session_stop(l->s);
			/* Before the VMM talks there is nothing to take down. */
			l->stop_by = l->s->phase == SESSION_BOOT ? 0 : now + STOP_GRACE;
		}
		return;
	}
	if (now - l->alive > l->o->timeout)
		session_fail(l->s, "no sign of life for %u seconds (%s)", (unsigned int)l->o->timeout,
			     l->s->phase == SESSION_BOOT ? "the machine does not boot; see --console" :
			     "the workflow is stuck");
}

static int poll_once(struct loop *l)
{
	int input = session_wants_input(l->s);
	struct pollfd p[] = {
		{ .fd = l->machine.ctl_fd, .events = POLLIN },
		{ .fd = l->machine.console_fd, .events = POLLIN },
		{ .fd = l->signal_fd, .events = POLLIN },
		{ .fd = input, .events = POLLIN },
	};

	if (wire_queued(&l->wire))
		p[0].events |= POLLOUT;
	if (poll(p, 4, 100) < 0 && errno != EINTR)
		return session_fail(l->s, "poll: %s", strerror(errno));
	if (input >= 0 && !p[3].revents)
		l->alive = progress_now();	/* it is we who keep the workflow waiting */
	if (p[1].revents)
		on_console(l);
	if (p[2].revents)
		on_signal(l);
	if (p[0].revents & (POLLIN | POLLHUP | POLLERR)) {
		size_t before = l->wire.in_len;
		bool more;

		if (wire_fill(&l->wire))
			l->wire.eof = true;
		more = l->wire.in_len != before;
		session_receive(l->s);		/* takes as long as who reads an output does */
		if (more)
			l->alive = progress_now();
	}
	if (l->s->phase != SESSION_DONE && !l->s->error[0])
		session_send(l->s);
	if (wire_flush(&l->wire))
		l->wire.eof = true;
	return 0;
}

/* Until the workflow is done and taken down, the machine is gone, or patience is. */
static void loop_run(struct loop *l)
{
	l->alive = progress_now();
	while (l->s->phase != SESSION_DONE && l->machine.pid) {
		check_time(l);
		if (l->s->stopping && progress_now() >= l->stop_by)
			break;
		poll_once(l);
		if (l->wire.eof && l->s->phase != SESSION_DONE) {
			int status = 0;

			/* Its end explains itself better than ours. */
			poll(NULL, 0, 50);
			if (machine_ended(&l->machine, &status))
				on_machine_end(l, status);
			else
				session_fail(l->s, "the machine closed the connection");
			break;
		}
		if (l->s->phase == SESSION_STREAM)
			progress_bytes(l->progress, l->s, false);
	}
}

static int signals_open(sigset_t *old)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, old);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static int run_machine(struct session *s, const struct run_options *o, struct run_ctx *ctx)
{
	struct loop l = { .s = s, .o = o, .progress = &ctx->progress, .console = OUTPUT_NONE };
	char why[PATH_MAX];
	sigset_t old;

	l.signal_fd = signals_open(&old);
	if (o->console) {
		l.console.fd = open(o->console, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
		if (l.console.fd < 0)
			session_fail(s, "cannot write console to '%s': %s", o->console, strerror(errno));
	}
	if (!s->error[0] && machine_start(&l.machine, &o->machine, why, sizeof(why)))
		session_fail(s, "%s", why);
	if (!s->error[0]) {
		ctx->started = true;
		progress_line(&ctx->progress, "start", "the machine boots: firmware, monitor, the host's Linux");
		if (wire_open(&l.wire, l.machine.ctl_fd))
			session_fail(s, "out of memory");
		l.machine.ctl_fd = l.wire.fd;
		s->wire = &l.wire;
		loop_run(&l);
		/* wire and machine share the socket: the machine closes it */
		machine_stop(&l.machine, s->error[0] ? 0 : 3000);
		l.wire.fd = -1;
		wire_close(&l.wire);
	}
	output_close(&l.console);
	close(l.signal_fd);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return l.signalled;
}

/* ---- results ---- */

static int each_output(struct session *s, int (*act)(struct output *o))
{
	for (unsigned int i = 0; i < s->n_windows; i++) {
		int ret = act(&s->windows[i].output);

		if (ret)
			return session_fail(s, "cannot write output '%s': %s", s->windows[i].name,
					    strerror(-ret));
	}
	return 0;
}

static int token_failed(struct session *s, const char *path, int ret)
{
	return ret ? session_fail(s, "cannot write token to '%s': %s", path, strerror(-ret)) : 0;
}

/* All results or none: first everything that may fail, then the names. */
static int commit_results(struct session *s, struct run_ctx *ctx, const char *token)
{
	int ret = 0;

	if (token)
		ret = output_write(&ctx->token, s->token, s->token_size);
	if (token && ret == 0)
		ret = output_ready(&ctx->token);
	if (token_failed(s, token, ret) || each_output(s, output_ready))
		return -1;
	return token_failed(s, token, output_commit(&ctx->token)) || each_output(s, output_commit) ? -1 : 0;
}

static void show_token(struct session *s, struct run_ctx *ctx, const struct run_options *o)
{
	char hex[2 * sizeof(s->challenge) + 1];

	for (size_t i = 0; i < sizeof(s->challenge); i++)
		sprintf(hex + 2 * i, "%02x", s->challenge[i]);
	progress_line(&ctx->progress, "token", "kept; to check it again: mica verify %s %s --challenge %s", o->policy, o->token, hex);
}

static void json_id(const uint8_t *id, size_t n)
{
	if (!id) {
		printf("null");
		return;
	}
	putchar('"');
	print_hex(stdout, id, n);
	putchar('"');
}

static void print_json(const struct session *s, const struct run_ctx *ctx)
{
	const struct progress *p = &ctx->progress;
	unsigned long long in = 0, out = 0;

	for (unsigned int i = 0; i < s->n_windows; i++) {
		in += s->windows[i].bytes_in;
		out += s->windows[i].bytes_out;
	}
	printf("{ \"schema\": \"mica.run/1\", \"ok\": %s, \"error\": ", s->error[0] ? "false" : "true");
	if (s->error[0])
		json(stdout, s->error);
	else
		printf("null");
	printf(", \"workflow_id\": ");
	json_id(s->blob ? plan_workflow_id(ctx->plan) : NULL, 32);
	printf(", \"bytes_in\": %llu, \"bytes_out\": %llu, \"seconds_to_attested\": %.3f, "
	       "\"seconds_to_last_byte\": %.3f, \"token_bytes\": %zu, \"granules\": %llu, "
	       "\"rec_entries\": %llu, \"restarts\": %llu, \"challenge\": ", in, out,
	       p->attested > 0 ? p->attested - p->start : 0.0,
	       p->last_byte > 0 ? p->last_byte - p->start : 0.0, s->token_size,
	       (unsigned long long)s->done.granules_used, (unsigned long long)s->done.rec_entries,
	       (unsigned long long)s->restarts);
	json_id(ctx->started ? s->challenge : NULL, sizeof(s->challenge));
	printf(",\n  \"diagnostics\": ");
	if (ctx->plan)
		json_diags(stdout, plan_diags(ctx->plan));
	else
		printf("[]");
	printf(" }\n");
}

static int finish(struct session *s, struct run_ctx *ctx, const struct run_options *o)
{
	if (!s->error[0] && session_result(s) == 0 && commit_results(s, ctx, o->token) == 0) {
		if (o->token)
			show_token(s, ctx, o);
		progress_line(&ctx->progress, "done", "%llu granules given, all returned; %llu REC entries",
			      (unsigned long long)s->done.granules_used,
			      (unsigned long long)s->done.rec_entries);
	}
	if (o->json)
		print_json(s, ctx);
	if (!s->error[0])
		return 0;
	if (ctx->progress.moving)
		fputs("\r\033[K", stderr);
	fprintf(stderr, "mica run: error: %s\n", s->error);
	return ctx->started || s->refused ? 1 : 2;
}

static bool stdin_twice(const struct run_options *o)
{
	unsigned int n = strcmp(o->policy, "-") == 0;

	for (unsigned int i = 0; i < o->n_in; i++)
		n += strcmp(o->in[i].value, "-") == 0;
	return n > 1;
}

static bool stdout_twice(const struct run_options *o)
{
	unsigned int n = o->json + (o->token && strcmp(o->token, "-") == 0);

	for (unsigned int i = 0; i < o->n_out; i++)
		n += strcmp(o->out[i].value, "-") == 0;
	return n > 1;
}

int cmd_run(int argc, char **argv)
{
	static struct session session;	/* large */
	struct run_options o = {
		.timeout = 180, .cpus = 2,
		.machine = { .qemu = "qemu-system-aarch64" },
	};
	struct run_ctx ctx = { .options = &o, .token = OUTPUT_NONE };
	struct cli_args args;
	char dir[PATH_MAX / 2];
	int ret, sig = 0;

	signal(SIGPIPE, SIG_IGN);	/* a reader that left is an error like any other: said, and the machine taken down */
	if (!cli_parse(&run_spec, argc, argv, &o, &args))
		return args.status;
	o.policy = args.v[0];
	if (stdin_twice(&o))
		return cli_usage("run", "standard input can be read once: as the policy or for one window");
	if (stdout_twice(&o))
		return cli_usage("run", "standard output takes one of: a window, the token, the JSON");
	o.machine.cpus = (unsigned int)o.cpus;
	memset(&session, 0, sizeof(session));
	session.arg = &ctx;
	progress_begin(&ctx.progress, o.quiet);
	if (machine_find_dir(dir, sizeof(dir)))
		return cli_usage("run", "cannot find the machine's images; set MICA_MACHINE");
	o.machine.dir = dir;

	ctx.plan = plan_open(&session, &o);
	if (!session.error[0] && getrandom(session.challenge, sizeof(session.challenge), 0) != sizeof(session.challenge))
		session_fail(&session, "no random challenge: %s", strerror(errno));
	if (!session.error[0])
		sig = run_machine(&session, &o, &ctx);
	ret = finish(&session, &ctx, &o);
	output_close(&ctx.token);
	for (unsigned int i = 0; i < session.n_windows; i++) {
		output_close(&session.windows[i].output);
		if (session.windows[i].in_fd > STDERR_FILENO)
			close(session.windows[i].in_fd);
	}
	plan_close(ctx.plan);
	return sig ? 128 + sig : ret;
}
