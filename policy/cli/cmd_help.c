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

static void print_json(void)
{
	printf("{ \"schema\": \"mica.help/1\", \"commands\": [");
	for (const struct cli_command *c = cli_commands; c->name; c++) {
		const char *sep = "";

		printf("%s\n  { \"name\": \"%s\", \"what\": ", c == cli_commands ? "" : ",", c->name);
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

static void print_words(void)
{
	for (const struct cli_command *c = cli_commands; c->name; c++) {
		printf("command\t%s\t-\t-\t%s\n", c->name, c->what);
		if (!c->spec)
			continue;
		printf("operands\t%s\t-\t-\t%s\n", c->name, c->spec->operands);
		words_of_options(c->name, c->spec->options);
		words_of_options(c->name, cli_common);
	}
}

int cmd_help(int argc, char **argv)
{
	struct help_options o = { 0 };
	struct cli_args args;

	if (!cli_parse(&help_spec, argc, argv, &o, &args))
		return args.status;
	if (o.json || o.words) {
		o.json ? print_json() : print_words();
		return EXIT_HOLDS;
	}
	if (args.n == 0) {
		print_commands(stdout);
		return EXIT_HOLDS;
	}
	for (const struct cli_command *c = cli_commands; c->name; c++) {
		char *help[] = { args.v[0], "--help", NULL };

		if (strcmp(c->name, args.v[0]) == 0)
			return c->run(2, help);
	}
	return cli_usage("help", "no command is called '%s'", args.v[0]);
}
