/* SPDX-License-Identifier: Apache-2.0 */
/* `mica diff`: arguments; a policy in error is a matter of usage here, as 1 means widened. */
#include <string.h>

#include "../cli/cli.h"
#include "../cli/json.h"
#include "diff.h"
#include "view.h"

struct diff_options { bool json; };

static const struct cli_option options[] = {
	{ .name = "json", .at = offsetof(struct diff_options, json), .help = "one JSON object, schema mica.diff/1" },
	CLI_OPTION_END,
};

const struct cli_spec diff_spec = {
	.name = "diff", .usage = "OLD NEW [--json]", .operands = "POLICY POLICY", .min = 2, .max = 2,
	.about = "What two policies grant, compared: flows, reach, rights, claims, images; not lines.\n"
		 "+ widens, - narrows, ~ neither. Order, comments and file names are no difference.",
	.options = options,
	.exit = "0 nothing widened, 1 widened, 2 usage, I/O, or a policy in error",
	.example = "mica diff old.mica new.mica",
};

static void in_error_json(FILE *out, const struct policy *old, const struct policy *new)
{
	fputs("{ \"schema\": \"mica.diff/1\", \"old\": ", out);
	json(out, old->src.path);
	fputs(", \"new\": ", out);
	json(out, new->src.path);
	fputs(", \"ok\": false,\n  \"diagnostics\": ", out);
	json_diags_of_two(out, &old->diags, &new->diags);
	fputs(" }\n", out);
}

static int compare(const char *old_path, const char *new_path, bool as_json)
{
	struct policy old, new;
	struct graph a, b;
	struct diff d;
	int ret, ret_new;

	(void)view_open("diff", old_path, &old, &a, &ret);
	(void)view_open("diff", new_path, &new, &b, &ret_new);
	if (ret != EXIT_HOLDS || ret_new != EXIT_HOLDS) {
		if (as_json && ret != EXIT_USAGE && ret_new != EXIT_USAGE)
			in_error_json(stdout, &old, &new);
		ret = EXIT_USAGE;
	} else {
		diff_make(&d, &a, &b);
		(as_json ? diff_print_json : diff_print)(stdout, &d);
		ret = diff_widens(&d) ? EXIT_REFUSED : EXIT_HOLDS;
	}
	policy_close(&old);
	policy_close(&new);
	return ret;
}

int cmd_diff(int argc, char **argv)
{
	struct diff_options o = { 0 };
	struct cli_args args;

	if (!cli_parse(&diff_spec, argc, argv, &o, &args))
		return args.status;
	if (strcmp(args.v[0], "-") == 0 && strcmp(args.v[1], "-") == 0)
		return cli_usage("diff", "standard input can be one of the two policies");
	return compare(args.v[0], args.v[1], o.json);
}
