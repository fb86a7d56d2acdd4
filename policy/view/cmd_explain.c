/* SPDX-License-Identifier: Apache-2.0 */
/* `mica explain`: arguments, and what they name. */
#include <string.h>

#include "../cli/cli.h"
#include "../cli/json.h"
#include "explain.h"
#include "view.h"

struct explain_options { bool json; };

static const struct cli_option options[] = {
	{ .name = "json", .at = offsetof(struct explain_options, json), .help = "one JSON object, schema mica.explain/1" },
	CLI_OPTION_END,
};

const struct cli_spec explain_spec = {
	.name = "explain", .usage = "POLICY [ROLE | A B] [--json]", .operands = "POLICY ROLE ROLE", .min = 1, .max = 3,
	.about = "What a policy grants, in words: of every role, of one (or of host, or of a channel), or\n"
		 "how A can influence B: the shortest path of every construct out of A, or why there is\n"
		 "none. Violated claims are no obstacle.",
	.options = options,
	.exit = "0 explained, 1 the policy is in error, 2 usage or I/O",
	.example = "mica explain redact.mica redactor",
};

bool view_open(const char *command, const char *path, struct policy *p, struct graph *g, int *ret)
{
	const char *why = NULL;

	*ret = policy_open(p, path, &why);
	if (*ret == 2)
		fprintf(stderr, "mica %s: %s\n", command, why);
	else if (!p->sound)
		*ret = refused(p);
	else
		*ret = EXIT_HOLDS;
	if (*ret == EXIT_HOLDS)
		graph_open(g, p);
	return *ret == EXIT_HOLDS;
}

/* Of a policy in error there is nothing to explain: what is wrong takes the place. */
static void in_error_json(FILE *out, const struct policy *p)
{
	fputs("{ \"schema\": \"mica.explain/1\", \"file\": ", out);
	json(out, p->src.path);
	fputs(", \"workflow\": ", out);
	json(out, p->parsed && p->model.name ? p->model.name : "");
	fputs(", \"ok\": false,\n  \"diagnostics\": ", out);
	json_diags(out, &p->diags);
	fputs(" }\n", out);
}

static bool find(const struct graph *g, const char *name, struct place *out)
{
	if (graph_find(g, name, out))
		return true;
	fprintf(stderr, "mica explain: no role or channel is called '%s'; there are", name);
	for (uint32_t i = 0; i < g->m->roles.n; i++)
		fprintf(stderr, "%s %s", i ? "," : "", g->m->roles.v[i].name);
	fputc('\n', stderr);
	return false;
}

static int explain(const struct graph *g, const char *const *name, bool json)
{
	struct place a, b;

	if (!name[0])
		(json ? explain_all_json : explain_all)(stdout, g);
	if (!name[0])
		return EXIT_HOLDS;
	if (!find(g, name[0], &a) || (name[1] && !find(g, name[1], &b)))
		return EXIT_USAGE;
	if (!name[1]) {
		(json ? explain_place_json : explain_place)(stdout, g, a);
		return EXIT_HOLDS;
	}
	if (strcmp(name[0], name[1]) == 0)
		return cli_usage("explain", "A and B are both '%s': name two", name[0]);
	(json ? explain_pair_json : explain_pair)(stdout, g, a, b);
	return EXIT_HOLDS;
}

int cmd_explain(int argc, char **argv)
{
	const char *name[3] = { NULL, NULL, NULL };
	struct explain_options o = { 0 };
	struct cli_args args;
	struct policy p;
	struct graph g;
	int ret;

	if (!cli_parse(&explain_spec, argc, argv, &o, &args))
		return args.status;
	for (unsigned int i = 1; i < args.n; i++)
		name[i - 1] = args.v[i];
	if (view_open("explain", args.v[0], &p, &g, &ret))
		ret = explain(&g, name, o.json);
	else if (ret == EXIT_REFUSED && o.json)
		in_error_json(stdout, &p);
	policy_close(&p);
	return ret;
}
