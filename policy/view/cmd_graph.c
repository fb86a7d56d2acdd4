/* SPDX-License-Identifier: Apache-2.0 */
/* `mica graph`: arguments, and where the picture goes. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../cli/cli.h"
#include "../run/output.h"
#include "picture.h"
#include "view.h"

static const char usage[] =
"usage: mica graph POLICY [--svg | --dot] [--residual] [--claim LINE] [-o FILE]\n"
"\n"
"Draw the flow graph. Host grey, trusted to release: double outline, confined: filled,\n"
"unknown code: dashed; the path of a violated claim red, its hops numbered.\n"
"\n"
"  --svg          SVG, drawn by Graphviz (the default)\n"
"  --dot          the input of Graphviz\n"
"  --residual     also, dotted, what no policy can close: scheduling, exits, death\n"
"  --claim LINE   only what lies between the two ends of the claim in that line\n"
"  -o FILE        into a file instead of standard output\n"
"\n"
"Exit status: 0 drawn, 1 the policy is in error, 2 usage or I/O.\n";

struct options {
	const char *path, *out, *claim;
	bool dot, svg, residual;
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

int view_write(const char *command, const char *path, const char *data, size_t size)
{
	struct output out;
	int ret = output_open(&out, path ? path : "-");

	if (ret == 0)
		ret = output_write(&out, data, size);
	if (ret == 0)
		ret = output_commit(&out);
	output_close(&out);
	if (ret == 0)
		return EXIT_HOLDS;
	fprintf(stderr, "mica %s: cannot write '%s': %s\n", command, path ? path : "standard output", strerror(-ret));
	return EXIT_USAGE;
}

static int draw(const struct graph *g, const struct options *o)
{
	const struct verdict *only = o->claim ? claim_in(g, o->claim) : NULL;
	const char *svg, *why;
	struct picture pic;
	char *dot = NULL;
	size_t n = 0;
	FILE *f;
	int ret;

	if (o->claim && !only)
		return EXIT_USAGE;
	picture_make(&pic, g, only, o->residual);
	if (!o->dot) {
		if (picture_svg(&pic, false, &svg, &n, &why) == 0)
			return view_write("graph", o->out, svg, n);
		fprintf(stderr, "mica graph: %s\n", why);
		return EXIT_USAGE;
	}
	f = open_memstream(&dot, &n);
	if (f)
		dot_print(f, &pic, false);
	if (!f || fclose(f)) {
		fprintf(stderr, "mica graph: out of memory\n");
		return EXIT_USAGE;
	}
	ret = view_write("graph", o->out, dot, n);
	free(dot);
	return ret;
}

static bool option(struct options *o, int argc, char **argv, int *i)
{
	const char *a = argv[*i];
	bool value = *i + 1 < argc;

	if (strcmp(a, "--dot") == 0)
		o->dot = true;
	else if (strcmp(a, "--svg") == 0)
		o->svg = true;
	else if (strcmp(a, "--residual") == 0)
		o->residual = true;
	else if (strcmp(a, "--claim") == 0 && value)
		o->claim = argv[++*i];
	else if (strcmp(a, "-o") == 0 && value)
		o->out = argv[++*i];
	else if (a[0] != '-' && !o->path)
		o->path = a;
	else
		return false;
	return !(o->dot && o->svg);
}

int cmd_graph(int argc, char **argv)
{
	struct options o = { 0 };
	struct policy p;
	struct graph g;
	int ret;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			fputs(usage, stdout);
			return EXIT_HOLDS;
		}
		if (!option(&o, argc, argv, &i)) {
			fprintf(stderr, "mica graph: unexpected '%s'\ntry `mica graph --help`\n", argv[i]);
			return EXIT_USAGE;
		}
	}
	if (!o.path) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (view_open("graph", o.path, &p, &g, &ret))
		ret = draw(&g, &o);
	policy_close(&p);
	return ret;
}
