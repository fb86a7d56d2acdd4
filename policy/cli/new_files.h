/* SPDX-License-Identifier: Apache-2.0 */
/* Files that a command makes. */
#ifndef MICA_CLI_NEW_FILES_H
#define MICA_CLI_NEW_FILES_H

#include <stdbool.h>
#include <stdio.h>

#include "../compiler/arena.h"

/* A result into a file (complete or not at all), or to standard output if @path is NULL or "-". The exit status, after an error of `mica @command`. */
int result_file(const char *command, const char *path, const void *data, size_t size);
/* The same with what @print writes about @what. */
int result_print(const char *command, const char *path, void (*print)(FILE *f, const void *what), const void *what);
/* Would a result at @path (or NULL) replace @from, which it is made of? Then an error of `mica @command` says so. */
bool replaces(const char *command, const char *path, const char *from);

/* Several in a folder: all of them or none, and nothing that is there is touched. */
struct new_file {
	const char *name;		/* in the folder */
	const char *text;
	const char *what;		/* a few words on it */
};

/* Make @dir if there is none. EXIT_HOLDS, or EXIT_USAGE after an error of `mica @command`. */
int new_files_dir(const char *command, const char *dir, bool *made);
/* EXIT_HOLDS and a list on standard output; or EXIT_USAGE, and what was made (@made: the folder, too) is gone again. */
int new_files(struct arena *a, const char *command, const char *dir, bool made, const struct new_file *files, unsigned int n);

#endif
