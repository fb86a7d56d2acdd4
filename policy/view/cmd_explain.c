/* SPDX-License-Identifier: Apache-2.0 */
/* `mica explain`: arguments, and what they name. */
#include <string.h>

#include "../cli/cli.h"
#include "explain.h"
#include "view.h"

static const char usage[] =
"usage: mica explain POLICY [ROLE | A B] [--json]\n"
"\n"
"What a policy grants, in words: of every role, of one (or of host, or of a channel), or\n"
"how A can influence B: the shortest path of every construct out of A, or why there is\n"
"none.\n"
"\n"
"  --json     one JSON object, schema mica.explain/1\n"
"\n"
"Exit status: 0 explained, 1 the policy is in error, 2 usage or I/O.\n";

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
	if (strcmp(name[0], name[1]) == 0) {
		fprintf(stderr, "mica explain: A and B are both '%s': name two\n", name[0]);
		return EXIT_USAGE;
	}
	(json ? explain_pair_json : explain_pair)(stdout, g, a, b);
	return EXIT_HOLDS;
}

int cmd_explain(int argc, char **argv)
{
	const char *arg[4] = { NULL, NULL, NULL, NULL };	/* the last stays NULL */
	bool json = false;
	struct policy p;
	struct graph g;
	int ret, n = 0;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			fputs(usage, stdout);
			return EXIT_HOLDS;
		}
		if (strcmp(argv[i], "--json") == 0)
			json = true;
		else if (argv[i][0] != '-' && n < 3)
			arg[n++] = argv[i];
		else {
			fprintf(stderr, "mica explain: unexpected '%s'\ntry `mica explain --help`\n", argv[i]);
			return EXIT_USAGE;
		}
	}
	if (n == 0) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (view_open("explain", arg[0], &p, &g, &ret))
		ret = explain(&g, arg + 1, json);
	policy_close(&p);
	return ret;
}
