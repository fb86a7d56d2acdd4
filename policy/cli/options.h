/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a command takes, as data: one table serves parsing, `--help`, `mica help --json` and with it shell completion.
 *
 * Options: --name, --name=VALUE, --name VALUE, -n, -nVALUE, -n VALUE; `--` ends them; `-` is an operand. Given twice,
 * the last one counts, but for CLI_CALL, which is called each time.
 */
#ifndef MICA_CLI_OPTIONS_H
#define MICA_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum cli_kind {
	CLI_FLAG,			/* bool := true */
	CLI_TEXT,			/* const char *; if choices is there, one of those */
	CLI_NUMBER,			/* uint64_t, decimal, min to max */
	CLI_CALL,			/* call(into, value) */
};

struct cli_option {
	const char *name;		/* without the dashes */
	char letter;			/* of the short form, or 0 */
	enum cli_kind kind;
	const char *value;		/* metavariable: FILE, ROLE=FILE; NULL for a flag. Completion goes by it */
	const char *help;		/* one line */
	size_t at;			/* offset in what cli_parse() fills */
	uint64_t min, max;
	const char *choices;		/* "auto always never" */
	/* NULL, or what is wrong with the value: "is not NAME=FILE". The value may be kept and changed. */
	const char *(*call)(void *into, char *value);
};

struct cli_spec {
	const char *name;		/* of the command */
	const char *usage;		/* its operands and the options worth showing, one or more lines */
	const char *operands;		/* metavariables, for messages and completion: "POLICY ROLE" */
	unsigned int min, max;		/* how many operands */
	const char *about;		/* a paragraph, lines up to 80 columns */
	const struct cli_option *options;
	const char *exit;		/* "0 built, 1 refused, 2 usage or I/O" */
	const char *example;		/* lines, each a command */
};

#define CLI_OPTION_END { .name = NULL }

struct cli_args {
	char **v;			/* the operands; argv is reordered */
	unsigned int n;
	int status;			/* what the command has to return if cli_parse() is false */
};

/* Fill *into by the table. False: help was printed, or an error was; return args->status. */
bool cli_parse(const struct cli_spec *spec, int argc, char **argv, void *into, struct cli_args *args);

void cli_help(const struct cli_spec *spec, FILE *out);
/* A usage error of a command that parsing cannot see: prints it and where to find help. EXIT_USAGE. */
int cli_usage(const char *command, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Options that every command has: --color, --help. */
extern const struct cli_option cli_common[];

/* Colour on this stream? --color, then NO_COLOR, then whether it is a terminal. */
bool colour_on(FILE *out);
/* auto, always, never: false if it is none of them. */
bool colour_set(const char *when);

#endif
