/* SPDX-License-Identifier: Apache-2.0 */
/* `mica graph`: arguments, and where the picture goes. */
#include <inttypes.h>
#include <string.h>

#include "../cli/cli.h"
#include "../cli/new_files.h"
#include "picture.h"
#include "view.h"

struct graph_options {
	const char *out, *claim;
	bool dot, svg, residual;
};

static const struct cli_option options[] = {
	{ .name = "svg", .at = offsetof(struct graph_options, svg), .help = "SVG, drawn by Graphviz (the default)" },
	{ .name = "dot", .at = offsetof(struct graph_options, dot), .help = "the input of Graphviz" },
	{ .name = "residual", .at = offsetof(struct graph_options, residual),
	  .help = "also, dotted, what no policy can close: scheduling, exits, death" },
	{ .name = "claim", .kind = CLI_TEXT, .value = "LINE", .at = offsetof(struct graph_options, claim),
	  .help = "only what lies between the ends of the claim in that line" },
	{ .name = "output", .letter = 'o', .kind = CLI_TEXT, .value = "FILE", .at = offsetof(struct graph_options, out),
	  .help = "into a file instead of standard output" },
	CLI_OPTION_END,
};

const struct cli_spec graph_spec = {
	.name = "graph", .usage = "POLICY [--svg | --dot] [--residual] [--claim LINE] [-o FILE]", .operands = "POLICY",
	.min = 1, .max = 1,
	.about = "Draw the flow graph. Host grey; trusted to release: double outline; confined: filled;\n"
		 "unknown code: dashed; the path of a violated claim red, its hops numbered.",
	.options = options,
	.exit = "0 drawn, 1 the policy is in error, 2 usage or I/O",
	.example = "mica graph redact.mica -o redact.svg",
};

static const struct verdict *claim_in(const struct graph *g, const char *line)
{
	for (uint32_t i = 0; i < g->p->verdicts.n; i++)
		if (strcmp(arena_printf(&g->p->arena, "%" PRIu32, graph_item_line(g->p->verdicts.v[i].claim->item)), line) == 0)
			return &g->p->verdicts.v[i];
	fprintf(stderr, "mica graph: no claim begins in line %s", line);
	for (uint32_t i = 0; i < g->p->verdicts.n; i++)
		fprintf(stderr, "%s %" PRIu32, i ? "," : "; there are claims in", graph_item_line(g->p->verdicts.v[i].claim->item));
	fputc('\n', stderr);
	return NULL;
}

static void print_dot(FILE *f, const void *pic)
{
	dot_print(f, pic, false);
}

static int draw(const struct graph *g, const struct graph_options *o)
{
	const struct verdict *only = o->claim ? claim_in(g, o->claim) : NULL;
	const char *svg, *why;
	struct picture pic;
	size_t n;

	if (o->claim && !only)
		return EXIT_USAGE;
	picture_make(&pic, g, only, o->residual);
	if (o->dot)
		return result_print("graph", o->out, print_dot, &pic);
	if (picture_svg(&pic, false, &svg, &n, &why) == 0)
		return result_file("graph", o->out, svg, n);
	fprintf(stderr, "mica graph: %s\n", why);
	return EXIT_USAGE;
}

int cmd_graph(int argc, char **argv)
{
	struct graph_options o = { 0 };
	struct cli_args args;
	struct policy p;
	struct graph g;
	int ret;

	if (!cli_parse(&graph_spec, argc, argv, &o, &args))
		return args.status;
	if (o.dot && o.svg)
		return cli_usage("graph", "--dot and --svg: choose one");
	if (replaces("graph", o.out, args.v[0]))
		return EXIT_USAGE;
	if (view_open("graph", args.v[0], &p, &g, &ret))
		ret = draw(&g, &o);
	policy_close(&p);
	return ret;
}
