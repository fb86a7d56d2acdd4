/* SPDX-License-Identifier: Apache-2.0 */
/* `mica fmt`: files in place and at once, or standard input to standard output. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../cli/cli.h"
#include "../run/output.h"
#include "cmd_fmt.h"
#include "fmt.h"

struct fmt_options { bool check; };

static const struct cli_option options[] = {
	{ .name = "check", .at = offsetof(struct fmt_options, check), .help = "change nothing; name the files that would change, exit 1" },
	CLI_OPTION_END,
};

const struct cli_spec fmt_spec = {
	.name = "fmt", .usage = "[--check] FILE...\n[--check] -", .operands = "POLICY...", .min = 1, .max = ~0U,
	.about = "Format workflow and component files in place, or standard input (-) to standard output:\n"
		 "one item a line, columns aligned; order, comments and blank lines stay. Prints the names\n"
		 "of the files it changed. A file with an error stays as it is.",
	.options = options,
	.exit = "0 formatted, 1 a file was refused or (--check) would change, 2 usage or I/O",
	.example = "mica fmt examples/redact/redact.mica\nmica fmt - < draft.mica > tidy.mica",
};

#define FILE_LIMIT	((size_t)SOURCE_MAX + 1)

/* All of it, or as much as shows that it is too large. 0 or -errno. */
static int read_fd(struct arena *a, int fd, const char **text, size_t *size)
{
	uint32_t cap = 0;
	char *buf = arena_grow(a, NULL, &cap, 1);
	ssize_t n = 1;

	*size = 0;
	while (n > 0 && *size < FILE_LIMIT) {
		if (*size == cap)
			buf = arena_grow(a, buf, &cap, 1);
		n = read(fd, buf + *size, cap - *size);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n < 0)
			return -errno;
		else
			*size += (size_t)n;
	}
	*text = buf;
	return 0;
}

/* A new file with the owner and mode of the old one takes its name. 0 or -errno. */
static int replace(const char *path, const struct stat *st, const char *text, size_t size)
{
	char *real = realpath(path, NULL);	/* a link stays a link */
	struct output out = OUTPUT_NONE;
	int ret = real ? output_open(&out, real) : -errno;

	if (ret == 0)
		ret = output_write(&out, text, size);
	if (ret == 0 && (st->st_uid != geteuid() || st->st_gid != getegid()) && fchown(out.fd, st->st_uid, st->st_gid))
		ret = -errno;
	if (ret == 0 && (fchmod(out.fd, st->st_mode & 07777) || fdatasync(out.fd)))
		ret = -errno;
	if (ret == 0)
		ret = output_commit(&out);
	output_close(&out);
	free(real);
	return ret;
}

static int cannot(const char *what, const char *path, const char *why)
{
	fprintf(stderr, "mica fmt: cannot %s '%s': %s\n", what, path, why);
	return EXIT_USAGE;
}

static int open_file(const char *path, struct stat *st, int *fd)
{
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*fd < 0 || fstat(*fd, st))
		return cannot("read", path, strerror(errno));
	if (!S_ISREG(st->st_mode))
		return cannot("format", path, S_ISDIR(st->st_mode) ? strerror(EISDIR) : "not a regular file; use `-` for a stream");
	return EXIT_HOLDS;
}

/* What is to be done with text that came out well. */
static int deliver(const struct fmt_options *o, const char *path, bool stream, const struct stat *st, bool same,
		   const char *text, size_t size)
{
	int ret;

	if (o->check) {
		if (!same)
			puts(path);
		return same ? EXIT_HOLDS : EXIT_REFUSED;
	}
	if (stream) {
		fwrite(text, 1, size, stdout);
		return EXIT_HOLDS;
	}
	if (same)
		return EXIT_HOLDS;
	if (access(path, W_OK))		/* a rename would not ask */
		return cannot("write", path, strerror(errno));
	ret = replace(path, st, text, size);
	if (ret)
		return cannot("write", path, strerror(-ret));
	puts(path);
	return EXIT_HOLDS;
}

static int format(const struct fmt_options *o, const char *path)
{
	bool stream = strcmp(path, "-") == 0;
	const char *name = stream ? "<stdin>" : path, *text = "", *out;
	struct arena arena = { 0 };
	struct diags d = { .arena = &arena };
	int fd = STDIN_FILENO, ret = EXIT_HOLDS, err;
	size_t size, out_size;
	struct stat st = { 0 };

	if (!stream)
		ret = open_file(path, &st, &fd);
	if (ret == EXIT_HOLDS) {
		err = read_fd(&arena, fd, &text, &size);
		if (err) {
			ret = cannot("read", name, strerror(-err));
		} else if (fmt_text(&d, name, text, size, &out, &out_size)) {
			ret = deliver(o, name, stream, &st, size == out_size && memcmp(text, out, size) == 0, out, out_size);
		} else {
			diag_sort(&d);
			diag_print(&d, stderr, colour_on(stderr));
			ret = EXIT_REFUSED;
		}
	}
	if (!stream && fd >= 0)
		close(fd);
	arena_free(&arena);
	return ret;
}

int cmd_fmt(int argc, char **argv)
{
	struct fmt_options o = { 0 };
	struct cli_args args;
	int worst = EXIT_HOLDS;

	if (!cli_parse(&fmt_spec, argc, argv, &o, &args))
		return args.status;
	for (unsigned int i = 0; i < args.n; i++)
		if (args.n > 1 && strcmp(args.v[i], "-") == 0)
			return cli_usage("fmt", "`-` stands alone");
	for (unsigned int i = 0; i < args.n; i++) {
		int ret = format(&o, args.v[i]);

		worst = ret > worst ? ret : worst;
	}
	return worst;
}
