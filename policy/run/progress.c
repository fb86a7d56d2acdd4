/* SPDX-License-Identifier: Apache-2.0 */
/* Progress of a run, in lines a person can follow. */
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "run.h"

double progress_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void progress_begin(struct progress *p, bool quiet)
{
	memset(p, 0, sizeof(*p));
	p->out = stderr;
	p->terminal = isatty(STDERR_FILENO);
	p->quiet = quiet;
	p->start = progress_now();
}

static void end_moving_line(struct progress *p)
{
	if (p->moving)
		fputs("\r\033[K", p->out);
	p->moving = false;
}

void progress_line(struct progress *p, const char *what, const char *fmt, ...)
{
	va_list ap;

	if (p->quiet)
		return;
	end_moving_line(p);
	if (p->terminal)
		fprintf(p->out, "%6.1fs  \033[1m%-9s\033[0m ", progress_now() - p->start, what);
	else
		fprintf(p->out, "%6.1fs  %-9s ", progress_now() - p->start, what);
	va_start(ap, fmt);
	vfprintf(p->out, fmt, ap);
	va_end(ap);
	fputc('\n', p->out);
	fflush(p->out);
}

static void amount(char out[24], double bytes)
{
	static const char *const unit[] = { "B", "KB", "MB", "GB", "TB" };
	unsigned int u = 0;

	while (bytes >= 1000 && u < 4) {
		bytes /= 1000;
		u++;
	}
	snprintf(out, 24, u ? "%.1f %s" : "%.0f %s", bytes, unit[u]);
}

void progress_bytes(struct progress *p, const struct session *s, bool last)
{
	double now = progress_now(), in = 0, out = 0, since;
	char a[24], b[24], rate[24];

	for (unsigned int i = 0; i < s->n_windows; i++) {
		in += (double)s->windows[i].bytes_in;
		out += (double)s->windows[i].bytes_out;
	}
	since = (last ? p->last_byte : now) - p->attested;
	amount(a, in);
	amount(b, out);
	amount(rate, since > 0.001 ? in / since : 0);
	if (last) {
		progress_line(p, "data", "%s in, %s out, %s/s", a, b, rate);
		return;
	}
	if (p->quiet || !p->terminal || now - p->last_shown < 0.1)
		return;
	p->last_shown = now;
	fprintf(p->out, "\r\033[K%6.1fs  data      %s in, %s out, %s/s", now - p->start, a, b, rate);
	p->moving = true;
	fflush(p->out);
}

static void show_loaded(struct progress *p, const struct run_role *r)
{
	char rim[17];

	for (int i = 0; i < 8; i++)
		snprintf(rim + 2 * i, 3, "%02x", r->loaded_rim[i]);
	progress_line(p, "realm", "%-12s measured %s...  %s", r->name, rim,
		      r->pinned ? "as the policy says" : "image any: unknown code, attested as it is");
}

/* Attested is who works on the data, not how it gets there: windows are memory of the host. */
static void say_plaintext(struct progress *p, const struct session *s)
{
	for (unsigned int i = 0; i < s->n_windows; i++)
		if (s->windows[i].in)
			progress_line(p, "caution", "input '%s' goes in as plaintext, which the machine's host can read: "
				      "there are no attested sessions yet", s->windows[i].name);
}

static void show_restart(struct progress *p, const struct run_role *r)
{
	const struct run_role_restart *x = &r->last_restart;

	progress_line(p, "restart", "%-12s %s; reset and loaded again, %u of at most %u times", r->name,
		      x->how == 1 ? session_exit_text(x->status) : "switched itself off", x->restart, x->of);
}

static bool all_ended(const struct session *s)
{
	for (unsigned int i = 0; i < s->n_roles; i++)
		if (!s->roles[i].ended)
			return false;
	return true;
}

void progress_event(struct progress *p, struct session *s, enum run_msg_type type, uint32_t arg,
		    const char *text)
{
	struct run_ctx *ctx = s->arg;

	switch (type) {
	case RUN_READY:
		progress_line(p, "boot", "monitor answers: RMI %llu.%llu, Mica extension 1",
			      (unsigned long long)s->ready.rmi_version >> 16,
			      (unsigned long long)s->ready.rmi_version & 0xffff);
		break;
	case RUN_LOADED:
		show_loaded(p, &s->roles[arg]);
		break;
	case RUN_ACTIVE:
		progress_line(p, "active", "every role sealed, every channel in place; the workflow runs");
		break;
	case RUN_TOKEN:
		p->attested = p->last_byte = progress_now();
		progress_line(p, "attested", "%s", ctx->attested);
		say_plaintext(p, s);
		break;
	case RUN_OUTPUT:
	case RUN_OUTPUT_END:
		p->last_byte = progress_now();
		break;
	case RUN_ROLE_EXIT:
		if (all_ended(s)) {
			progress_bytes(p, s, true);
			progress_line(p, "teardown", "every role has ended; the monitor wipes and returns its memory");
		}
		break;
	case RUN_ROLE_RESTART:
		show_restart(p, &s->roles[arg]);
		break;
	case RUN_NOTE:
		progress_line(p, "note", "%s", text);
		break;
	default:
		break;
	}
}
