/* SPDX-License-Identifier: Apache-2.0 */
/* `mica init`: a workflow to start from. All files or none; nothing that is there is touched. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../cli/cli.h"
#include "../cli/new_files.h"
#include "../compiler/lex.h"
#include "init.h"

static const struct cli_option options[] = { CLI_OPTION_END };

const struct cli_spec init_spec = {
	.name = "init", .usage = "[DIR]", .operands = "DIR", .max = 1,
	.about = "Write a workflow to start from into DIR (default: here), which is made if needed: a\n"
		 "policy with comments, three small components in C, a Makefile. The policy is called\n"
		 "after the folder. Nothing is overwritten: if one of the files is there, nothing is done.",
	.options = options,
	.exit = "0 written, 2 usage or I/O",
	.example = "mica init hello && cd hello && mica check hello.mica",
};

struct starter {
	struct arena arena;
	const char *dir;
	const char *name;		/* of the workflow */
	const char *home, *program;	/* @MICA@, @BIN@ */
};

/* ---- what the templates leave open ---- */

/* A workflow's name from a folder's: "My-App 2" gives my_app_2. */
static const char *workflow_name(struct arena *a, const char *folder)
{
	char *s = arena_alloc(a, NAME_BYTES_MAX + 1), *to = s;

	for (; *folder && to < s + NAME_BYTES_MAX; folder++) {
		char c = *folder >= 'A' && *folder <= 'Z' ? (char)(*folder - 'A' + 'a') : *folder;
		bool letter = c >= 'a' && c <= 'z';

		if (to == s && !letter)
			continue;
		*to++ = letter || (c >= '0' && c <= '9') ? c : '_';
	}
	*to = '\0';
	return *s && !is_reserved(s) ? s : "hello";
}

static bool is_home(struct arena *a, const char *dir)
{
	return access(arena_printf(a, "%s/realm/include/mica.h", dir), R_OK) == 0;
}

/* Where libmica is: above build/bin/mica in the tree, or beside bin/mica in share/. */
static void find_home(struct starter *s)
{
	char exe[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	char *bin, *up;

	s->home = "/usr/local/share/mica";
	s->program = "mica";
	if (n <= 0)
		return;
	exe[n] = '\0';
	s->program = arena_strndup(&s->arena, exe, (size_t)n);
	bin = arena_printf(&s->arena, "%.*s", (int)(strrchr(exe, '/') - exe), exe);
	up = arena_printf(&s->arena, "%s/../share/mica", bin);
	if (!is_home(&s->arena, up))
		up = arena_printf(&s->arena, "%s/../..", bin);
	if (is_home(&s->arena, up) && realpath(up, exe))
		s->home = arena_strndup(&s->arena, exe, strlen(exe));
}

/* @text with @WORD@s filled in. */
static const char *filled(struct starter *s, const char *text, const char *end)
{
	const struct { const char *mark, *value; } marks[] = { { "@NAME@", s->name }, { "@MICA@", s->home }, { "@BIN@", s->program } };
	const char *out = "";

	while (text < end) {
		const char *at = memchr(text, '@', (size_t)(end - text));
		size_t n = (size_t)((at ? at : end) - text), skip = 0;
		const char *value = "";

		for (size_t i = 0; at && i < sizeof(marks) / sizeof(marks[0]); i++) {
			size_t len = strlen(marks[i].mark);

			if ((size_t)(end - at) >= len && memcmp(at, marks[i].mark, len) == 0) {
				value = marks[i].value;
				skip = len;
			}
		}
		if (at && !skip) {		/* a make variable like $@ */
			value = "@";
			skip = 1;
		}
		out = arena_printf(&s->arena, "%s%.*s%s", out, (int)n, text, value);
		text += n + skip;
	}
	return out;
}

/* ---- writing ---- */

static int write_all(struct starter *s, bool made)
{
	struct new_file *files = NULL;
	unsigned int n = 0;

	while (templates[n].name)
		n++;
	files = arena_alloc(&s->arena, n * sizeof(*files));
	for (unsigned int i = 0; i < n; i++) {
		const struct template *t = &templates[i];

		files[i] = (struct new_file){ filled(s, t->name, t->name + strlen(t->name)), filled(s, t->text, t->end), t->what };
	}
	return new_files(&s->arena, "init", s->dir, made, files, n);
}

/* What to type to get this very program: `mica` if the shell finds it, else its path. */
static const char *typed(struct starter *s)
{
	const char *path = getenv("PATH");
	char real[PATH_MAX];

	while (path && *path) {
		size_t n = strcspn(path, ":");
		const char *file = arena_printf(&s->arena, "%.*s/mica", (int)n, path);

		if (n && access(file, X_OK) == 0)
			return realpath(file, real) && strcmp(real, s->program) == 0 ? "mica" : s->program;
		path += n + (path[n] == ':');
	}
	return s->program;
}

static void print_next(struct starter *s)
{
	if (!is_home(&s->arena, s->home))
		fprintf(stderr, "mica init: note: libmica is not beside this program; set MICA_HOME in %s/Makefile before `make`\n", s->dir);
	printf("\nnext:\n");
	if (strcmp(s->dir, ".") != 0)
		printf("  cd %s\n", s->dir);
	printf("  %s check %s.mica\n  make run\n  cat result.txt\n", typed(s), s->name);
}

int cmd_init(int argc, char **argv)
{
	struct starter s = { .dir = "." };
	struct cli_args args;
	char real[PATH_MAX];
	char *none = NULL;
	bool made;
	int ret;

	if (!cli_parse(&init_spec, argc, argv, &none, &args))
		return args.status;
	if (args.n)
		s.dir = args.v[0];
	find_home(&s);
	ret = new_files_dir("init", s.dir, &made);
	if (ret == EXIT_HOLDS && !realpath(s.dir, real)) {
		fprintf(stderr, "mica init: cannot find '%s': %s\n", s.dir, strerror(errno));
		ret = EXIT_USAGE;
	}
	if (ret == EXIT_HOLDS) {
		s.name = workflow_name(&s.arena, strrchr(real, '/') + 1);
		ret = write_all(&s, made);
	}
	if (ret == EXIT_HOLDS)
		print_next(&s);
	arena_free(&s.arena);
	return ret;
}
