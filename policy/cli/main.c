/* SPDX-License-Identifier: Apache-2.0 */
/* `mica`: finds the command and hands over. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "../compiler/compile.h"
#include "../fmt/cmd_fmt.h"
#include "../init/init.h"
#include "../inspect/inspect.h"
#include "../run/run.h"
#include "../verifier/verify.h"
#include "../view/view.h"
#include "cli.h"

struct version_options { bool json; };

static const struct cli_option version_option[] = {
	{ .name = "json", .at = offsetof(struct version_options, json), .help = "one JSON object, schema mica.version/1" },
	CLI_OPTION_END,
};

static const struct cli_spec version_spec = {
	.name = "version", .usage = "[--json]", .operands = "",
	.about = "Versions of what this program speaks.",
	.options = version_option, .exit = "0, 2 usage or I/O", .example = "mica version",
};

static int cmd_version(int argc, char **argv)
{
	struct version_options o = { 0 };
	struct cli_args args;

	if (!cli_parse(&version_spec, argc, argv, &o, &args))
		return args.status;
	if (o.json)
		printf("{ \"schema\": \"mica.version/1\", \"mica\": \"%s\", \"language\": 1, \"blob\": %d, \"extension\": 1 }\n",
		       MICA_VERSION_TEXT, MICA_BLOB_VERSION);
	else
		printf("mica %s: policy language 1, blob %d, monitor extension 1\n", MICA_VERSION_TEXT, MICA_BLOB_VERSION);
	return EXIT_HOLDS;
}

/* The one list of commands: what `mica help` prints, completion offers and the tests look for in docs/man. */
const struct cli_command cli_commands[] = {
	{ "init", cmd_init, "a workflow to start from", &init_spec },
	{ "check", cmd_check, "prove or refute the claims of a policy", &check_spec },
	{ "build", cmd_build, "compile a policy: blob, workflow ID, measurements", &build_spec },
	{ "explain", cmd_explain, "what a policy grants, in words; how A can influence B", &explain_spec },
	{ "graph", cmd_graph, "the flow graph as SVG or for Graphviz", &graph_spec },
	{ "diff", cmd_diff, "what a new policy grants that the old one does not, and the reverse", &diff_spec },
	{ "report", cmd_report, "a page about a policy: graph, words, proofs, what was attested", &report_spec },
	{ "fmt", cmd_fmt, "format a policy or component file", &fmt_spec },
	{ "inspect", cmd_inspect, "read a compiled policy back to text", &inspect_spec },
	{ "measure", cmd_measure, "the measurement of one role or image", &measure_spec },
	{ "pack", cmd_pack, "kernel, initramfs and command line as the image of a linux role", &pack_spec },
	{ "run", cmd_run, "run a workflow on an emulated CCA machine, attested", &run_spec },
	{ "verify", cmd_verify, "check a token against a policy", &verify_spec },
	{ "version", cmd_version, "versions of what this program speaks", &version_spec },
	{ "help", cmd_help, "this text, or that of one command", &help_spec },
	{ .name = NULL },
};

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

static int run_command(const struct cli_command *c, int argc, char **argv)
{
	int ret = c->run(argc, argv);

	if ((fflush(stdout) != 0 || ferror(stdout)) && ret == 0) {
		fprintf(stderr, "mica: cannot write to standard output\n");
		return EXIT_USAGE;
	}
	return ret;
}

/* A standard stream that is closed stays unusable: no file that is opened later may get its number and what was meant for it. */
static void keep_streams_closed(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			_exit(EXIT_USAGE);
}

/* `mica --help`, `mica --version` and `mica -h` are commands, too. */
static const char *command_name(const char *arg)
{
	if (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0)
		return "help";
	return strcmp(arg, "--version") == 0 ? "version" : arg;
}

int main(int argc, char **argv)
{
	const char *name, *best = NULL;
	unsigned int best_d = 3;

	keep_streams_closed();
	if (argc < 2) {
		print_commands(stderr);
		return EXIT_USAGE;
	}
	name = command_name(argv[1]);
	for (const struct cli_command *c = cli_commands; c->name; c++) {
		unsigned int d = edit_distance(name, c->name, 2);

		if (strcmp(name, c->name) == 0)
			return run_command(c, argc - 1, argv + 1);
		if (d < best_d) {
			best = c->name;
			best_d = d;
		}
	}
	fprintf(stderr, "mica: no command is called '%s'", name);
	if (best)
		fprintf(stderr, ": did you mean %s?", best);
	fprintf(stderr, "\ntry `mica help`\n");
	return EXIT_USAGE;
}
