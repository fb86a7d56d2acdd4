/* SPDX-License-Identifier: Apache-2.0 */
/* `mica diff`: arguments; a policy in error is a matter of usage here, as 1 means widened. */
#include <string.h>

#include "../cli/cli.h"
#include "diff.h"
#include "view.h"

static const char usage[] =
"usage: mica diff OLD NEW [--json]\n"
"\n"
"What two policies grant, compared: flows, reach, rights, claims, images; not lines.\n"
"+ widens, - narrows, ~ neither. Names, order and file names are no difference in rights.\n"
"\n"
"  --json     one JSON object, schema mica.diff/1\n"
"\n"
"Exit status: 0 nothing widened, 1 widened, 2 usage, I/O, or a policy in error.\n";

static int compare(const char *old_path, const char *new_path, bool json)
{
	struct policy old, new;
	struct graph a, b;
	struct diff d;
	int ret, ret_new;

	(void)view_open("diff", old_path, &old, &a, &ret);
	(void)view_open("diff", new_path, &new, &b, &ret_new);
	if (ret != EXIT_HOLDS || ret_new != EXIT_HOLDS) {
		ret = EXIT_USAGE;
	} else {
		diff_make(&d, &a, &b);
		(json ? diff_print_json : diff_print)(stdout, &d);
		ret = diff_widens(&d) ? EXIT_REFUSED : EXIT_HOLDS;
	}
	policy_close(&old);
	policy_close(&new);
	return ret;
}

int cmd_diff(int argc, char **argv)
{
	const char *arg[2] = { NULL, NULL };
	bool json = false;
	int n = 0;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			fputs(usage, stdout);
			return EXIT_HOLDS;
		}
		if (strcmp(argv[i], "--json") == 0)
			json = true;
		else if (argv[i][0] != '-' && n < 2)
			arg[n++] = argv[i];
		else {
			fprintf(stderr, "mica diff: unexpected '%s'\ntry `mica diff --help`\n", argv[i]);
			return EXIT_USAGE;
		}
	}
	if (n != 2) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	return compare(arg[0], arg[1], json);
}
