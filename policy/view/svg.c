/* SPDX-License-Identifier: Apache-2.0 */
/* Graphviz as a program: text into a pipe, SVG out of another. No file, no shell. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "picture.h"

#define SVG_MAX		((size_t)256 << 20)

struct talk {
	int to, from;			/* -1: closed */
	const char *dot;
	size_t left;
	FILE *svg;
	size_t got;
	int err;
};

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void feed(struct talk *t)
{
	ssize_t n = write(t->to, t->dot, t->left);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0) {			/* it died or has had enough: its exit status tells */
		shut(&t->to);
		return;
	}
	t->dot += n;
	t->left -= (size_t)n;
	if (t->left == 0)
		shut(&t->to);
}

static void drain(struct talk *t)
{
	char buf[65536];
	ssize_t n = read(t->from, buf, sizeof(buf));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		shut(&t->from);
		return;
	}
	t->got += (size_t)n;
	if (t->got > SVG_MAX || fwrite(buf, 1, (size_t)n, t->svg) != (size_t)n) {
		t->err = ENOMEM;
		shut(&t->from);
	}
}

static void converse(struct talk *t)
{
	while (t->from >= 0) {
		struct pollfd p[2] = { { t->from, POLLIN, 0 }, { t->to, POLLOUT, 0 } };

		if (poll(p, 2, -1) < 0 && errno != EINTR) {
			t->err = errno;
			break;
		}
		if (t->to >= 0 && p[1].revents)
			feed(t);
		if (p[0].revents)
			drain(t);
	}
	shut(&t->to);
	shut(&t->from);
}

static void become_dot(const int in[2], const int out[2])
{
	if (dup2(in[0], STDIN_FILENO) >= 0 && dup2(out[1], STDOUT_FILENO) >= 0) {
		fcntl(STDIN_FILENO, F_SETFD, 0);	/* the pipe's own ends, if those were free */
		fcntl(STDOUT_FILENO, F_SETFD, 0);
		signal(SIGPIPE, SIG_DFL);
		execlp("dot", "dot", "-Tsvg", (char *)NULL);
	}
	_exit(errno == ENOENT ? 127 : 126);
}

static const char *ended(int status)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return "Graphviz's program `dot` is not installed: install the package graphviz, or use --dot";
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return NULL;
	return "Graphviz's program `dot` failed";
}

static int run_dot(struct talk *t, const char **why)
{
	int in[2], out[2], status;
	pid_t child;

	if (pipe2(in, O_CLOEXEC) < 0)
		return -1;
	if (pipe2(out, O_CLOEXEC) < 0) {
		close(in[0]);
		close(in[1]);
		return -1;
	}
	child = fork();
	if (child == 0)
		become_dot(in, out);
	close(in[0]);
	close(out[1]);
	t->to = in[1];
	t->from = out[0];
	if (child < 0) {
		shut(&t->to);
		shut(&t->from);
		return -1;
	}
	fcntl(t->to, F_SETFL, O_NONBLOCK);
	converse(t);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	*why = t->err ? strerror(t->err) : ended(status);
	return *why ? -1 : 0;
}

int dot_to_svg(const struct graph *g, const char *dot, size_t size, const char **svg, size_t *svg_size, const char **why)
{
	struct talk t = { .to = -1, .from = -1, .dot = dot, .left = size };
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
	char *text = NULL;
	int ret = -1;

	*why = "cannot start Graphviz's program `dot`";
	t.svg = open_memstream(&text, svg_size);
	if (!t.svg)
		return -1;
	sigaction(SIGPIPE, &ignore, &old);
	ret = run_dot(&t, why);
	sigaction(SIGPIPE, &old, NULL);
	if (fclose(t.svg) != 0 && ret == 0) {
		*why = "out of memory";
		ret = -1;
	}
	if (ret == 0)
		*svg = arena_strndup(&g->p->arena, text, *svg_size);
	free(text);
	return ret;
}

int picture_svg(const struct picture *pic, bool for_page, const char **svg, size_t *size, const char **why)
{
	char *dot = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&dot, &n);
	int ret;

	*why = "out of memory";
	if (!f)
		return -1;
	dot_print(f, pic, for_page);
	ret = fclose(f) ? -1 : dot_to_svg(pic->g, dot, n, svg, size, why);
	free(dot);
	return ret;
}
