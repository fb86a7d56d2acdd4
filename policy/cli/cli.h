/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of `mica`: argv[0] is the command's name; the result is the exit status. */
#ifndef MICA_CLI_H
#define MICA_CLI_H

#include "options.h"

#define MICA_VERSION_TEXT	"0.1.0"

#define EXIT_HOLDS	0
#define EXIT_REFUSED	1
#define EXIT_USAGE	2		/* usage or I/O */

/* A command without a spec parses and helps by itself. */
struct cli_command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what;		/* a few words for the list of commands */
	const struct cli_spec *spec;
};

/* In the order of the list; ends with a row without a name. */
extern const struct cli_command cli_commands[];

int cmd_check(int argc, char **argv);
int cmd_build(int argc, char **argv);
int cmd_measure(int argc, char **argv);
int cmd_pack(int argc, char **argv);
int cmd_help(int argc, char **argv);
void print_commands(FILE *out);
extern const struct cli_spec check_spec, build_spec, measure_spec, pack_spec, help_spec;

struct policy;
struct diags;
/* Diagnostics of a refused policy, on stderr; the exit status. */
int refused(const struct policy *p);
void json_diags(FILE *out, const struct diags *d);
/* Those of @a, then those of @b, as one array. */
void json_diags_of_two(FILE *out, const struct diags *a, const struct diags *b);
void print_hex(FILE *out, const uint8_t *b, size_t n);

#endif
