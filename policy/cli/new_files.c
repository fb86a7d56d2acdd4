/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../run/output.h"
#include "cli.h"
#include "new_files.h"

int result_file(const char *command, const char *path, const void *data, size_t size)
{
	struct output out;
	int ret = output_open(&out, path ? path : "-");

	if (ret == 0)
		ret = output_write(&out, data, size);
	if (ret == 0)
		ret = output_commit(&out);
	output_close(&out);
	if (ret == 0)
		return EXIT_HOLDS;
	fprintf(stderr, "mica %s: cannot write '%s': %s\n", command, path ? path : "standard output", strerror(-ret));
	return EXIT_USAGE;
}

int result_print(const char *command, const char *path, void (*print)(FILE *f, const void *what), const void *what)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	int ret;

	if (f)
		print(f, what);
	if (!f || fclose(f)) {
		fprintf(stderr, "mica %s: out of memory\n", command);
		ret = EXIT_USAGE;
	} else {
		ret = result_file(command, path, text, n);
	}
	free(text);
	return ret;
}

bool replaces(const char *command, const char *path, const char *from)
{
	struct stat a, b;

	if (!path || !from || stat(path, &a) || stat(from, &b) || !S_ISREG(a.st_mode) || a.st_dev != b.st_dev || a.st_ino != b.st_ino)
		return false;
	fprintf(stderr, "mica %s: '%s' would replace what it is made of; name another file\n", command, path);
	return true;
}

/* ---- a folder of files ---- */

struct maker { struct arena *arena; const char *command, *dir; };

static int cannot(const char *command, const char *what, const char *path, int err)
{
	fprintf(stderr, "mica %s: cannot %s '%s': %s\n", command, what, path, strerror(err));
	return EXIT_USAGE;
}

int new_files_dir(const char *command, const char *dir, bool *made)
{
	struct stat st;

	*made = mkdir(dir, 0777) == 0;
	if (*made)
		return EXIT_HOLDS;
	if (errno != EEXIST)
		return cannot(command, "make folder", dir, errno);
	return stat(dir, &st) == 0 && S_ISDIR(st.st_mode) ? EXIT_HOLDS : cannot(command, "write into", dir, ENOTDIR);
}

static const char *path_of(const struct maker *m, const struct new_file *f)
{
	return strcmp(m->dir, ".") == 0 ? f->name : arena_printf(m->arena, "%s/%s", m->dir, f->name);
}

static int write_one(const struct maker *m, const struct new_file *f, unsigned int *written)
{
	const char *path = path_of(m, f), *text = f->text;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666), err = 0;
	size_t size = strlen(text);

	if (fd < 0)
		return cannot(m->command, "write", path, errno);
	++*written;
	while (size && !err) {
		ssize_t n = write(fd, text, size);

		if (n < 0 && errno != EINTR)
			err = errno;
		text += n > 0 ? n : 0;
		size -= n > 0 ? (size_t)n : 0;
	}
	if (close(fd) && !err)
		err = errno;
	return err ? cannot(m->command, "write", path, err) : EXIT_HOLDS;
}

static int nothing_there(const struct maker *m, const struct new_file *files, unsigned int n)
{
	struct stat st;

	for (unsigned int i = 0; i < n; i++)
		if (lstat(path_of(m, &files[i]), &st) == 0) {
			fprintf(stderr, "mica %s: '%s' is there already; nothing was written\n", m->command, path_of(m, &files[i]));
			return EXIT_USAGE;
		}
	return EXIT_HOLDS;
}

int new_files(struct arena *a, const char *command, const char *dir, bool made, const struct new_file *files, unsigned int n)
{
	const struct maker m = { a, command, dir };
	unsigned int written = 0;
	int ret = nothing_there(&m, files, n);

	for (unsigned int i = 0; i < n && ret == EXIT_HOLDS; i++)
		ret = write_one(&m, &files[i], &written);
	for (unsigned int i = 0; i < n && ret == EXIT_HOLDS; i++)
		printf("%-28s %s\n", path_of(&m, &files[i]), files[i].what);
	for (unsigned int i = 0; i < written && ret != EXIT_HOLDS; i++)
		unlink(path_of(&m, &files[i]));
	if (ret != EXIT_HOLDS && made)
		rmdir(dir);
	return ret;
}
