/* SPDX-License-Identifier: Apache-2.0 */
/* `mica run`: options, the event loop, and the one error line at the end. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run.h"

#define STOP_GRACE	20.0		/* seconds the VMM has to take everything down */
#define CONSOLE_TAIL	4096

static const char usage[] =
"usage: mica run POLICY [--in WINDOW=FILE]... [--out WINDOW=FILE]... [options]\n"
"\n"
"Boot an emulated CCA machine, build the workflow of POLICY in it, verify its\n"
"attestation token, and only then stream the inputs through it.\n"
"\n"
"  --in WINDOW=FILE    send FILE (- is standard input) into a host -> role window\n"
"  --out WINDOW=FILE   write a role -> host window to FILE (- is standard output)\n"
"  --image ROLE=FILE   image of an `image any` role; default ROLE.bin beside POLICY\n"
"  --token FILE        keep the verified token\n"
"  --console FILE      keep what firmware and host kernel print\n"
"  --timeout SECONDS   give up after so long without a sign of life (default 180)\n"
"  --cpus N            CPUs of the machine, 1 to 8 (default 2)\n"
"  --icount            count instructions as time: repeatable, one CPU\n"
"  --no-development    refuse the emulated platform's DEVELOPMENT attestation\n"
"  --hostile-host NAME make the host try a forbidden act (see docs/threat-model.md)\n"
"  --qemu PROGRAM      emulator to use (default qemu-system-aarch64)\n"
"  --json              result as one JSON object on standard output\n"
"  --quiet             no progress\n"
"  --help              this text\n"
"\n"
"Exit status: 0 the run is complete, 1 it was refused or failed, 2 usage or I/O.\n"
"A failed run leaves no output file, no process and no temporary file.\n";

enum { OPT_IN = 256, OPT_OUT, OPT_IMAGE, OPT_TOKEN, OPT_CONSOLE, OPT_TIMEOUT, OPT_CPUS, OPT_ICOUNT,
       OPT_NODEV, OPT_HOSTILE, OPT_QEMU, OPT_JSON, OPT_QUIET, OPT_HELP };

static const struct option options[] = {
	{ "in", required_argument, NULL, OPT_IN },
	{ "out", required_argument, NULL, OPT_OUT },
	{ "image", required_argument, NULL, OPT_IMAGE },
	{ "token", required_argument, NULL, OPT_TOKEN },
	{ "console", required_argument, NULL, OPT_CONSOLE },
	{ "timeout", required_argument, NULL, OPT_TIMEOUT },
	{ "cpus", required_argument, NULL, OPT_CPUS },
	{ "icount", no_argument, NULL, OPT_ICOUNT },
	{ "no-development", no_argument, NULL, OPT_NODEV },
	{ "hostile-host", required_argument, NULL, OPT_HOSTILE },
	{ "qemu", required_argument, NULL, OPT_QEMU },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "quiet", no_argument, NULL, OPT_QUIET },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static int usage_error(const char *fmt, const char *arg)
{
	fputs("mica run: ", stderr);
	fprintf(stderr, fmt, arg);
	fputs("\ntry `mica run --help`\n", stderr);
	return 2;
}

static int add_bind(struct run_bind *list, unsigned int *n, char *arg)
{
	char *eq = strchr(arg, '=');

	if (!eq || eq == arg || !eq[1] || *n == RUN_BIND_MAX)
		return usage_error("'%s' is not NAME=FILE", arg);
	*eq = '\0';
	for (unsigned int i = 0; i < *n; i++)
		if (strcmp(list[i].name, arg) == 0)
			return usage_error("'%s' is given twice", arg);
	list[(*n)++] = (struct run_bind){ .name = arg, .value = eq + 1 };
	return 0;
}

static int number(const char *arg, unsigned int min, unsigned int max, unsigned int *out)
{
	char *end;
	unsigned long v = strtoul(arg, &end, 10);

	if (*arg < '0' || *arg > '9' || *end || v < min || v > max)
		return usage_error("'%s' is not a number in range", arg);
	*out = (unsigned int)v;
	return 0;
}

static int set_option(struct run_options *o, int opt, char *arg)
{
	switch (opt) {
	case OPT_IN: return add_bind(o->in, &o->n_in, arg);
	case OPT_OUT: return add_bind(o->out, &o->n_out, arg);
	case OPT_IMAGE: return add_bind(o->image, &o->n_image, arg);
	case OPT_TIMEOUT: return number(arg, 1, 86400, &o->timeout);
	case OPT_CPUS: return number(arg, 1, 8, &o->machine.cpus);
	case OPT_TOKEN: o->token = arg; return 0;
	case OPT_CONSOLE: o->console = arg; return 0;
	case OPT_HOSTILE: o->hostile = arg; return 0;
	case OPT_QEMU: o->machine.qemu = arg; return 0;
	case OPT_ICOUNT: o->machine.icount = true; return 0;
	case OPT_NODEV: o->production = true; return 0;
	case OPT_JSON: o->json = true; return 0;
	case OPT_QUIET: o->quiet = true; return 0;
	default: return usage_error("%s", "bad option");
	}
}

static int parse_options(struct run_options *o, int argc, char **argv)
{
	int opt;

	optind = 0;
	opterr = 0;
	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == OPT_HELP) {
			fputs(usage, stdout);
			exit(0);
		}
		if (opt == '?' || opt == ':')
			return usage_error("unknown option or missing argument: %s", argv[optind - 1]);
		if (set_option(o, opt, optarg))
			return 2;
	}
	if (argc - optind != 1)
		return usage_error("%s", "exactly one policy is needed");
	o->policy = argv[optind];
	return 0;
}

/* ---- the event loop ---- */

struct loop {
	struct session *s;
	struct wire wire;
	struct machine machine;
	const struct run_options *o;
	struct progress *progress;
	int signal_fd, console_file;
	int signalled;			/* number of the signal that ends us */
	char tail[CONSOLE_TAIL];	/* the end of the console, for one telling line */
	size_t tail_len;
	double alive, stop_by;
};

static void on_console(struct loop *l)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(l->machine.console_fd, buf, sizeof(buf))) > 0) {
		size_t keep = l->tail_len, add = (size_t)n;

		if (l->console_file >= 0 && write(l->console_file, buf, add) < 0)
			l->console_file = -1;	/* a full disk must not stop the run */
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
		session_fail(l->s, "no sign of life for %u seconds (%s)", l->o->timeout,
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
	if (p[1].revents)
		on_console(l);
	if (p[2].revents)
		on_signal(l);
	if (p[0].revents & (POLLIN | POLLHUP | POLLERR)) {
		size_t before = l->wire.in_len;

		if (wire_fill(&l->wire))
			l->wire.eof = true;
		if (l->wire.in_len != before)
			l->alive = progress_now();
		session_receive(l->s);
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
	struct loop l = { .s = s, .o = o, .progress = &ctx->progress, .console_file = -1 };
	char why[PATH_MAX];
	sigset_t old;

	l.signal_fd = signals_open(&old);
	if (o->console) {
		l.console_file = open(o->console, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
		if (l.console_file < 0)
			session_fail(s, "cannot write console to '%s': %s", o->console, strerror(errno));
	}
	if (!s->error[0] && machine_start(&l.machine, &o->machine, why, sizeof(why)))
		session_fail(s, "%s", why);
	if (!s->error[0]) {
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
	if (l.console_file >= 0)
		close(l.console_file);
	close(l.signal_fd);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return l.signalled;
}

/* ---- results ---- */

static int commit_outputs(struct session *s)
{
	for (unsigned int i = 0; i < s->n_windows; i++) {
		int ret = output_commit(&s->windows[i].output);

		if (ret)
			return session_fail(s, "cannot write output '%s': %s", s->windows[i].name,
					    strerror(-ret));
	}
	return 0;
}

static int keep_token(struct session *s, const char *path)
{
	struct output out;
	int ret = output_open(&out, path);

	if (ret == 0)
		ret = output_write(&out, s->token, s->token_size);
	if (ret == 0)
		ret = output_commit(&out);
	output_close(&out);
	return ret ? session_fail(s, "cannot write token to '%s': %s", path, strerror(-ret)) : 0;
}

static void json_string(const char *s)
{
	putchar('"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			printf("\\%c", *s);
		else if ((unsigned char)*s < ' ')
			printf("\\u%04x", *s);
		else
			putchar(*s);
	}
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
		json_string(s->error);
	else
		printf("null");
	printf(", \"workflow_id\": \"");
	for (int i = 0; ctx->plan && i < 32; i++)
		printf("%02x", plan_workflow_id(ctx->plan)[i]);
	printf("\", \"bytes_in\": %llu, \"bytes_out\": %llu, \"seconds_to_attested\": %.3f, "
	       "\"seconds_to_last_byte\": %.3f, \"token_bytes\": %zu, \"granules\": %llu, "
	       "\"rec_entries\": %llu }\n", in, out,
	       p->attested > 0 ? p->attested - p->start : 0.0,
	       p->last_byte > 0 ? p->last_byte - p->start : 0.0, s->token_size,
	       (unsigned long long)s->done.granules_used, (unsigned long long)s->done.rec_entries);
}

static int finish(struct session *s, struct run_ctx *ctx, const struct run_options *o, bool started)
{
	if (!s->error[0] && session_result(s) == 0 && (!o->token || keep_token(s, o->token) == 0) &&
	    commit_outputs(s) == 0) {
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
	return started || s->refused ? 1 : 2;
}

int cmd_run(int argc, char **argv)
{
	static struct session session;	/* large */
	struct run_options o = {
		.timeout = 180,
		.machine = { .qemu = "qemu-system-aarch64", .cpus = 2 },
	};
	struct run_ctx ctx = { .options = &o };
	char dir[PATH_MAX / 2];
	int ret, sig = 0;

	ret = parse_options(&o, argc, argv);
	if (ret)
		return ret;
	memset(&session, 0, sizeof(session));
	session.arg = &ctx;
	progress_begin(&ctx.progress, o.quiet);
	if (machine_find_dir(dir, sizeof(dir)))
		return usage_error("%s", "cannot find the machine's images; set MICA_MACHINE");
	o.machine.dir = dir;

	ctx.plan = plan_open(&session, &o);
	ret = ctx.plan != NULL && !session.error[0];
	if (ret && getrandom(session.challenge, sizeof(session.challenge), 0) != sizeof(session.challenge))
		session_fail(&session, "no random challenge: %s", strerror(errno));
	if (!session.error[0])
		sig = run_machine(&session, &o, &ctx);
	ret = finish(&session, &ctx, &o, ret);
	for (unsigned int i = 0; i < session.n_windows; i++) {
		output_close(&session.windows[i].output);
		if (session.windows[i].in_fd > STDERR_FILENO)
			close(session.windows[i].in_fd);
	}
	plan_close(ctx.plan);
	return sig ? 128 + sig : ret;
}
