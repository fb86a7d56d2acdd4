/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_pairs PAIRS POLICY...: what checking and building each policy takes, the one before it being 1, and the first being 1: the
 * compiler's own functions in this process. Lines "ratio COMMAND POLICY UNIT MEDIAN P10 P90 PAIRS". pairs.h
 */
#include <stdio.h>
#include <stdlib.h>

#include "../../policy/compiler/compile.h"
#include "pairs.h"

static void check_or_build(const char *path, bool build)
{
	const char *why;
	struct policy p;
	struct built b;

	if (policy_open(&p, path, &why) || (build && policy_build(&p, false, NULL, 0, &b))) {
		fprintf(stderr, "policy_pairs: %s is refused\n", path);
		exit(1);
	}
	policy_close(&p);
}

static void check(void *path, unsigned int count)
{
	while (count-- > 0)
		check_or_build(path, false);
}

static void build(void *path, unsigned int count)
{
	while (count-- > 0)
		check_or_build(path, true);
}

static void print(const char *command, pairs_run run, char *policy, char *unit, unsigned int pairs)
{
	struct pairs_ratio r = pairs_measure(run, policy, unit, pairs);

	printf("ratio %s %s %s %.3f %.3f %.3f %u\n", command, policy, unit, r.median, r.p10, r.p90, pairs);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	unsigned int pairs = argc > 1 ? (unsigned int)atoi(argv[1]) : 0;

	if (argc < 3 || pairs < 1 || pairs > PAIRS_MAX) {
		fprintf(stderr, "usage: policy_pairs PAIRS POLICY...\n");
		return 2;
	}
	for (int i = 2; i < argc; i++) {
		print("check", check, argv[i], argv[2], pairs);
		print("build", build, argv[i], argv[2], pairs);
		if (i > 3) {
			print("check", check, argv[i], argv[i - 1], pairs);
			print("build", build, argv[i], argv[i - 1], pairs);
		}
	}
	return 0;
}
