/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A result file: written under a temporary name beside its destination and renamed when
 * complete, so that a failed run leaves neither a partial file nor a destroyed old one.
 * "-" is standard output, which cannot be taken back; nor can a device, a pipe or another descriptor (/dev/fd/N).
 */
#ifndef MICA_RUN_OUTPUT_H
#define MICA_RUN_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

struct output {
	int fd;				/* -1: discard */
	int dir_fd;			/* directory of the destination */
	char *name;			/* destination, relative to dir_fd; NULL for stdout */
	char *tmp;			/* temporary name, NULL where the file has none until it is linked */
	bool ready;			/* all that may fail is done */
};

#define OUTPUT_NONE	((struct output){ .fd = -1, .dir_fd = -1 })

/* 0 or -errno; nothing is left behind on failure. */
int output_open(struct output *o, const char *path);
/* 0 or -errno; -EINTR if a reader does not read and a blocked signal asks to end. */
int output_write(struct output *o, const void *data, size_t size);
/* Do all that may fail, short of showing the file: of several results either all appear or none. 0 or -errno. */
int output_ready(struct output *o);
/* Would both be the same file? */
bool output_same(const struct output *a, const struct output *b);
/* Make the file appear under its name. 0 or -errno. */
int output_commit(struct output *o);
/* Drop what was written; also the end of a committed output. */
void output_close(struct output *o);

#endif
