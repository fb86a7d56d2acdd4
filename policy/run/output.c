/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Result files. Where the filesystem has O_TMPFILE the data has no name at all until it is
 * complete, so not even `kill -9` leaves one; linkat() cannot replace an existing file, hence
 * the short life of a name before rename().
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output.h"

static int open_dir(struct output *o, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");

	o->name = strdup(slash ? slash + 1 : path);
	if (!dir || !o->name) {
		free(dir);
		return -ENOMEM;
	}
	o->dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(dir);
	if (o->dir_fd < 0)
		return -errno;
	return o->name[0] ? 0 : -EISDIR;
}

/* A device or pipe is written in place: there is nothing to replace. *mode becomes that of a file to be replaced. */
static int open_special(struct output *o, mode_t *mode)
{
	struct stat st;

	if (fstatat(o->dir_fd, o->name, &st, 0))
		return 0;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (S_ISREG(st.st_mode)) {
		*mode = st.st_mode & 0777;
		return 0;
	}
	o->fd = openat(o->dir_fd, o->name, O_WRONLY | O_CLOEXEC);
	if (o->fd < 0)
		return -errno;
	free(o->name);
	o->name = NULL;
	return 0;
}

static int open_named(struct output *o)
{
	if (asprintf(&o->tmp, ".%s.%d", o->name, (int)getpid()) < 0) {
		o->tmp = NULL;
		return -ENOMEM;
	}
	o->fd = openat(o->dir_fd, o->tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (o->fd >= 0)
		return 0;
	free(o->tmp);
	o->tmp = NULL;
	return -errno;
}

static int open_regular(struct output *o)
{
	o->fd = openat(o->dir_fd, ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
	if (o->fd >= 0)
		return 0;
	if (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT)
		return -errno;
	return open_named(o);
}

/* The descriptor that @path is another name of; -1 if it names a file of its own. */
static int own_descriptor(const char *path)
{
	static const char *const dirs[] = { "/dev/fd/", "/proc/self/fd/" };
	char *end;
	long fd;

	if (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0)
		return STDOUT_FILENO;
	if (strcmp(path, "/dev/stderr") == 0)
		return STDERR_FILENO;
	for (unsigned int i = 0; i < 2; i++) {
		size_t n = strlen(dirs[i]);

		if (strncmp(path, dirs[i], n) != 0 || path[n] < '0' || path[n] > '9')
			continue;
		fd = strtol(path + n, &end, 10);
		if (!*end && fd <= INT_MAX)
			return (int)fd;
	}
	return -1;
}

static int open_path(struct output *o, const char *path)
{
	mode_t mode = 0;
	int ret = open_dir(o, path);

	if (ret == 0)
		ret = open_special(o, &mode);
	if (ret == 0 && o->fd < 0)
		ret = open_regular(o);
	/* what only its owner could read stays so */
	if (ret == 0 && mode && fchmod(o->fd, mode))
		ret = -errno;
	return ret;
}

int output_open(struct output *o, const char *path)
{
	int ret, fd = own_descriptor(path);
	char *target;

	*o = OUTPUT_NONE;
	if (fd >= 0) {
		int flags = fcntl(fd, F_GETFL);

		if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY)
			return -EBADF;
		o->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
		return o->fd < 0 ? -errno : 0;
	}
	target = realpath(path, NULL);	/* a link stays one: what it leads to is replaced */
	ret = open_path(o, target && path[strlen(path) - 1] != '/' ? target : path);
	free(target);
	if (ret)
		output_close(o);
	return ret;
}

bool output_same(const struct output *a, const struct output *b)
{
	struct stat sa, sb;

	return a->name && b->name && strcmp(a->name, b->name) == 0 && fstat(a->dir_fd, &sa) == 0 &&
	       fstat(b->dir_fd, &sb) == 0 && sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

/* Somebody who has these signals blocked, to take them in order, is asked to end. */
static bool asked_to_end(void)
{
	sigset_t set;

	return sigpending(&set) == 0 && (sigismember(&set, SIGINT) || sigismember(&set, SIGTERM) || sigismember(&set, SIGHUP));
}

/* A pipe or terminal takes what it has room for and no more: a reader that does not read must not keep a Ctrl-C away. */
static int wait_for_room(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	while (poll(&p, 1, 100) == 0)
		if (asked_to_end())
			return -EINTR;
	return 0;
}

int output_write(struct output *o, const void *data, size_t size)
{
	const char *p = data;
	struct stat st;
	bool waits = o->fd >= 0 && fstat(o->fd, &st) == 0 && !S_ISREG(st.st_mode);

	while (o->fd >= 0 && size) {
		ssize_t n;

		if (waits && wait_for_room(o->fd))
			return -EINTR;
		n = write(o->fd, p, waits && size > PIPE_BUF ? PIPE_BUF : size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		p += n;
		size -= (size_t)n;
	}
	return 0;
}

static int give_name(struct output *o)
{
	char self[64];

	if (o->tmp)
		return 0;
	if (asprintf(&o->tmp, ".%s.%d", o->name, (int)getpid()) < 0) {
		o->tmp = NULL;
		return -ENOMEM;
	}
	snprintf(self, sizeof(self), "/proc/self/fd/%d", o->fd);
	if (linkat(AT_FDCWD, self, o->dir_fd, o->tmp, AT_SYMLINK_FOLLOW) == 0)
		return 0;
	free(o->tmp);
	o->tmp = NULL;
	return -errno;
}

int output_ready(struct output *o)
{
	int ret;

	if (o->fd < 0 || !o->name || o->ready)
		return 0;
	if (fsync(o->fd))		/* some filesystems tell only now that there is no room */
		return -errno;
	ret = give_name(o);
	o->ready = ret == 0;
	return ret;
}

int output_commit(struct output *o)
{
	int ret;

	if (o->fd < 0 || !o->name)
		return 0;
	ret = output_ready(o);
	if (ret)
		return ret;
	if (renameat(o->dir_fd, o->tmp, o->dir_fd, o->name))
		return -errno;
	free(o->tmp);
	o->tmp = NULL;
	return 0;
}

void output_close(struct output *o)
{
	if (o->tmp)
		unlinkat(o->dir_fd, o->tmp, 0);
	if (o->fd >= 0)
		close(o->fd);
	if (o->dir_fd >= 0)
		close(o->dir_fd);
	free(o->tmp);
	free(o->name);
	*o = OUTPUT_NONE;
}
