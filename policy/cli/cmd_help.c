/* SPDX-License-Identifier: Apache-2.0 */
/* `mica help`: the list of commands, one command, or all of it as data for shell completion and tests. */
#include <string.h>

#include "cli.h"
#include "json.h"

struct help_options { bool json, words; };

static const struct cli_option options[] = {
	{ .name = "json", .at = offsetof(struct help_options, json), .help = "commands and options, schema mica.help/1" },
	{ .name = "words", .at = offsetof(struct help_options, words), .help = "the same as lines of words, for completion" },
	CLI_OPTION_END,
};

const struct cli_spec help_spec = {
	.name = "help", .usage = "[COMMAND] [--json | --words]", .operands = "COMMAND", .max = 1,
	.about = "The list of commands, or how to use one of them.",
	.options = options, .exit = "0, 2 usage or I/O", .example = "mica help check",
};

void print_commands(FILE *out)
{
	fprintf(out, "usage: mica COMMAND [ARGUMENTS]\n\n");
	for (const struct cli_command *c = cli_commands; c->name; c++)
		fprintf(out, "  %-9s %s\n", c->name, c->what);
	fprintf(out, "\n`mica COMMAND --help` explains one. Start with `mica init`.\n"
		"Exit status: 0 it holds, 1 it was refused, 2 usage or I/O.\n");
}

/* ---- as data ---- */

static void json_options(const struct cli_option *o, const char **sep)
{
	for (; o->name; o++) {
		printf("%s\n      { \"name\": \"--%s\", \"letter\": ", *sep, o->name);
		if (o->letter)
			printf("\"-%c\"", o->letter);
		else
			printf("null");
		printf(", \"value\": ");
		if (o->value)
			json(stdout, o->value);
		else
			printf("null");
		printf(", \"help\": ");
		json(stdout, o->help);
		printf(" }");
		*sep = ",";
	}
}

static bool meant(const struct cli_command *c, const char *only)
{
	return !only || strcmp(c->name, only) == 0;
}

/* All commands, or the one called @only. */
static void print_json(const char *only)
{
	const char *between = "";

	printf("{ \"schema\": \"mica.help/1\", \"commands\": [");
	for (const struct cli_command *c = cli_commands; c->name; c++) {
		const char *sep = "";

		if (!meant(c, only))
			continue;
		printf("%s\n  { \"name\": \"%s\", \"what\": ", between, c->name);
		between = ",";
		json(stdout, c->what);
		printf(", \"operands\": ");
		json(stdout, c->spec ? c->spec->operands : "");
		printf(", \"options\": [");
		if (c->spec) {
			json_options(c->spec->options, &sep);
			json_options(cli_common, &sep);
		}
		printf(" ] }");
	}
	printf(" ] }\n");
}

/* "option check --json - text", "operand check POLICY": five fields, split by tabs, the last one free. */
static void words_of_options(const char *command, const struct cli_option *o)
{
	for (; o->name; o++) {
		const char *value = !o->value ? "-" : o->choices ? o->choices : o->value;

		printf("option\t%s\t--%s\t%s\t%s\n", command, o->name, value, o->help);
		if (o->letter)
			printf("option\t%s\t-%c\t%s\t%s\n", command, o->letter, value, o->help);
	}
}

static void print_words(const char *only)
{
	for (const struct cli_command *c = cli_commands; c->name; c++) {
		if (!meant(c, only))
			continue;
		printf("command\t%s\t-\t-\t%s\n", c->name, c->what);
		if (!c->spec)
			continue;
		printf("operands\t%s\t-\t-\t%s\n", c->name, c->spec->operands);
		words_of_options(c->name, c->spec->options);
		words_of_options(c->name, cli_common);
	}
}

static const struct cli_command *find_command(const char *name)
{
	for (const struct cli_command *c = cli_commands; c->name; c++)
		if (meant(c, name))
			return c;
	return NULL;
}

int cmd_help(int argc, char **argv)
{
	struct help_options o = { 0 };
	const struct cli_command *c;
	struct cli_args args;
	char *only;

	if (!cli_parse(&help_spec, argc, argv, &o, &args))
		return args.status;
	only = args.n ? args.v[0] : NULL;
	c = only ? find_command(only) : NULL;
	if (only && !c)
		return cli_usage("help", "no command is called '%s'", only);
	if (o.json) {
		print_json(only);
	} else if (o.words) {
		print_words(only);
	} else if (c) {
		char *help[] = { only, "--help", NULL };

		return c->run(2, help);
	} else {
		print_commands(stdout);
	}
	return EXIT_HOLDS;
}
