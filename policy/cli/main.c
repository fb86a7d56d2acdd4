/* SPDX-License-Identifier: Apache-2.0 */
/* `mica`: finds the command and hands over. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../compiler/compile.h"
#include "../run/run.h"
#include "../verifier/verify.h"
#include "../view/view.h"
#include "cli.h"

static int cmd_version(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	printf("mica %s: policy language 1, blob %d, monitor extension 1\n", MICA_VERSION_TEXT, MICA_BLOB_VERSION);
	return EXIT_HOLDS;
}

static int cmd_help(int argc, char **argv);

static const struct { const char *name; int (*run)(int argc, char **argv); const char *what; } commands[] = {
	{ "check", cmd_check, "prove or refute the claims of a policy" },
	{ "build", cmd_build, "compile a policy: blob, workflow ID, measurements" },
	{ "measure", cmd_measure, "the measurement of one role or image" },
	{ "explain", cmd_explain, "what a policy grants, in words; how A can influence B" },
	{ "graph", cmd_graph, "the flow graph as SVG or for Graphviz" },
	{ "diff", cmd_diff, "what a new policy grants that the old one does not, and the reverse" },
	{ "report", cmd_report, "a page about a policy: graph, words, proofs, what was attested" },
	{ "run", cmd_run, "run a workflow on an emulated CCA machine, attested" },
	{ "verify", cmd_verify, "check a token against a policy" },
	{ "version", cmd_version, "versions of what this program speaks" },
	{ "help", cmd_help, "this text; `mica COMMAND --help` for one command" },
};

static void print_commands(FILE *out)
{
	fprintf(out, "usage: mica COMMAND [ARGUMENTS]\n\n");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].what);
	fprintf(out, "\nExit status: 0 it holds, 1 it was refused, 2 usage or I/O.\n");
}

static int cmd_help(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	print_commands(stdout);
	return EXIT_HOLDS;
}

bool colour_on(FILE *out)
{
	const char *no = getenv("NO_COLOR");

	return (!no || !*no) && isatty(fileno(out));
}

void print_hex(FILE *out, const uint8_t *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%02x", b[i]);
}

int refused(const struct policy *p)
{
	diag_print(&p->diags, stderr, colour_on(stderr));
	return EXIT_REFUSED;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "help";

	if (argc < 2) {
		print_commands(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		name = "help";
	if (strcmp(name, "--version") == 0)
		name = "version";
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(name, commands[i].name) == 0) {
			int ret = commands[i].run(argc - 1, argv + 1);

			if (fflush(stdout) != 0 && ret == 0) {
				fprintf(stderr, "mica: cannot write to standard output\n");
				return EXIT_USAGE;
			}
			return ret;
		}
	fprintf(stderr, "mica: no command is called '%s'\ntry `mica help`\n", name);
	return EXIT_USAGE;
}
