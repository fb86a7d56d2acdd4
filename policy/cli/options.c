/* SPDX-License-Identifier: Apache-2.0 */
/* Options by table: parsing, help, colour. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../compiler/diag.h"
#include "cli.h"
#include "options.h"

/* ---- colour ---- */

static enum { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER } colour;

bool colour_on(FILE *out)
{
	const char *no = getenv("NO_COLOR");

	if (colour != COLOUR_AUTO)
		return colour == COLOUR_ALWAYS;
	return (!no || !*no) && isatty(fileno(out));
}

bool colour_set(const char *when)
{
	if (strcmp(when, "auto") == 0)
		colour = COLOUR_AUTO;
	else if (strcmp(when, "always") == 0)
		colour = COLOUR_ALWAYS;
	else if (strcmp(when, "never") == 0)
		colour = COLOUR_NEVER;
	else
		return false;
	return true;
}

static const char *set_colour(void *into, char *value)
{
	(void)into;
	return colour_set(value) ? NULL : "is not auto, always or never";
}

const struct cli_option cli_common[] = {
	{ .name = "color", .kind = CLI_CALL, .value = "WHEN", .call = set_colour, .choices = "auto always never",
	  .help = "auto (on a terminal, unless NO_COLOR is set), always or never" },
	{ .name = "help", .letter = 'h', .kind = CLI_FLAG, .help = "this text" },
	CLI_OPTION_END,
};

/* ---- errors ---- */

int cli_usage(const char *command, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "mica %s: ", command);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\ntry `mica %s --help`\n", command);
	return EXIT_USAGE;
}

static bool fail(const struct cli_spec *spec, struct cli_args *args, const char *what, const char *arg, const char *more)
{
	args->status = cli_usage(spec->name, "%s '%s'%s", what, arg, more);
	return false;
}

static void nearest(const struct cli_option *o, const char *name, const char **best, unsigned int *best_d)
{
	for (; o->name; o++) {
		unsigned int d = edit_distance(name, o->name, 2);

		if (d < *best_d) {
			*best = o->name;
			*best_d = d;
		}
	}
}

static bool unknown_option(const struct cli_spec *spec, struct cli_args *args, const char *arg)
{
	const char *best = NULL;
	unsigned int best_d = 3;
	char name[64], more[96] = "";

	if (arg[1] == '-') {
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(arg + 2, "="), arg + 2);
		nearest(spec->options, name, &best, &best_d);
		nearest(cli_common, name, &best, &best_d);
	}
	if (best)
		snprintf(more, sizeof(more), ": did you mean --%s?", best);
	return fail(spec, args, "unknown option", arg, more);
}

/* ---- parsing ---- */

/* The option that @arg begins with; *value is what is glued to it, or NULL. */
static const struct cli_option *match(const struct cli_option *o, char *arg, char **value)
{
	for (; o->name; o++) {
		size_t n = strlen(o->name);

		if (arg[1] != '-' && o->letter == arg[1]) {
			*value = arg[2] ? arg + 2 : NULL;
			return o;
		}
		if (arg[1] == '-' && strncmp(arg + 2, o->name, n) == 0 && (!arg[2 + n] || arg[2 + n] == '=')) {
			*value = arg[2 + n] ? arg + 3 + n : NULL;
			return o;
		}
	}
	return NULL;
}

static bool number(const char *s, const struct cli_option *o, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(s, &end, 10);
	return *s >= '0' && *s <= '9' && !*end && !errno && *out >= o->min && *out <= o->max;
}

static bool set(const struct cli_spec *spec, const struct cli_option *o, char *value, void *into, struct cli_args *args)
{
	char *to = (char *)into + o->at, more[128];
	const char *wrong = NULL;

	switch (o->kind) {
	case CLI_FLAG:
		*(bool *)to = true;
		break;
	case CLI_TEXT:
		*(const char **)to = value;
		break;
	case CLI_NUMBER:
		snprintf(more, sizeof(more), " is not a number from %llu to %llu", (unsigned long long)o->min,
			 (unsigned long long)o->max);
		wrong = number(value, o, (uint64_t *)to) ? NULL : more;
		break;
	case CLI_CALL:
		wrong = o->call(into, value);
		if (wrong)
			snprintf(more, sizeof(more), " %s", wrong);
		break;
	}
	if (!wrong)
		return true;
	args->status = cli_usage(spec->name, "--%s: '%s'%s", o->name, value, more);
	return false;
}

/* One option at argv[*i], and its value if that is the next word. */
static bool option(const struct cli_spec *spec, int argc, char **argv, int *i, void *into, struct cli_args *args)
{
	char *arg = argv[*i], *value = NULL;
	const struct cli_option *o = match(spec->options, arg, &value);
	bool common = !o;

	if (!o)
		o = match(cli_common, arg, &value);
	if (!o)
		return unknown_option(spec, args, arg);
	if (!o->value && value)
		return fail(spec, args, "no value is taken by", arg, "");
	if (common && o->kind == CLI_FLAG) {
		cli_help(spec, stdout);
		args->status = EXIT_HOLDS;
		return false;
	}
	if (o->value && !value && ++*i == argc) {
		args->status = cli_usage(spec->name, "option '%s' needs a value: %s", arg, o->value);
		return false;
	}
	return set(spec, o, value ? value : argv[*i], into, args);
}

static bool check_count(const struct cli_spec *spec, struct cli_args *args)
{
	if (args->n >= spec->min && args->n <= spec->max)
		return true;
	if (args->n > spec->max)
		return fail(spec, args, "unexpected", args->v[spec->max], "");
	args->status = cli_usage(spec->name, "missing operand: %s", spec->operands);
	return false;
}

bool cli_parse(const struct cli_spec *spec, int argc, char **argv, void *into, struct cli_args *args)
{
	bool options = true;

	*args = (struct cli_args){ .v = argv + 1 };
	for (int i = 1; i < argc; i++) {
		if (options && strcmp(argv[i], "--") == 0)
			options = false;
		else if (!options || argv[i][0] != '-' || !argv[i][1])
			args->v[args->n++] = argv[i];
		else if (!option(spec, argc, argv, &i, into, args))
			return false;
	}
	return check_count(spec, args);
}

/* ---- help ---- */

static void print_options(FILE *out, const struct cli_option *o)
{
	for (; o->name; o++) {
		char left[64], letter[8] = "";

		if (o->letter)
			snprintf(letter, sizeof(letter), "-%c, ", o->letter);
		snprintf(left, sizeof(left), "%s--%s%s%s", letter, o->name, o->value ? " " : "", o->value ? o->value : "");
		fprintf(out, "  %-22s %s\n", left, o->help);
	}
}

/* Each line of @text behind @before. */
static void print_lines(FILE *out, const char *first, const char *others, const char *text)
{
	const char *before = first;

	while (*text) {
		size_t n = strcspn(text, "\n");

		fprintf(out, "%s%.*s\n", before, (int)n, text);
		text += n + (text[n] == '\n');
		before = others;
	}
}

void cli_help(const struct cli_spec *spec, FILE *out)
{
	char usage[64], others[64];

	snprintf(usage, sizeof(usage), "usage: mica %s ", spec->name);
	snprintf(others, sizeof(others), "       mica %s ", spec->name);
	print_lines(out, usage, others, spec->usage);
	fprintf(out, "\n%s\n\n", spec->about);
	print_options(out, spec->options);
	print_options(out, cli_common);
	fprintf(out, "\nExit status: %s.\n\nExample:\n", spec->exit);
	print_lines(out, "  ", "  ", spec->example);
}
