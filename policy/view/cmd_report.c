/* SPDX-License-Identifier: Apache-2.0 */
/* `mica report`: arguments, tokens read and checked, the page written. */
#include <string.h>

#include "../cli/cli.h"
#include "../cli/new_files.h"
#include "../verifier/against.h"
#include "report.h"
#include "view.h"

#define TOKENS_MAX	64

struct report_options {
	const char *out;
	struct { char *token, *challenge; } t[TOKENS_MAX];
	uint32_t n;
};

static const char *add_token(void *into, char *value)
{
	struct report_options *o = into;

	if (o->n == TOKENS_MAX)
		return "is one token too many";
	o->t[o->n++].token = value;
	return NULL;
}

static const char *add_challenge(void *into, char *value)
{
	struct report_options *o = into;

	if (o->n == 0 || o->t[o->n - 1].challenge)
		return "belongs to no --token before it";
	o->t[o->n - 1].challenge = value;
	return NULL;
}

static const struct cli_option options[] = {
	{ .name = "output", .letter = 'o', .kind = CLI_TEXT, .value = "FILE", .at = offsetof(struct report_options, out),
	  .help = "where to, required; - is standard output" },
	{ .name = "token", .kind = CLI_CALL, .value = "FILE", .call = add_token,
	  .help = "a CCA token to check against the policy; may be repeated" },
	{ .name = "challenge", .kind = CLI_CALL, .value = "HEX", .call = add_challenge,
	  .help = "what the token before it answers, as 128 hex digits" },
	CLI_OPTION_END,
};

const struct cli_spec report_spec = {
	.name = "report", .usage = "POLICY -o FILE [--token FILE [--challenge HEX]]...", .operands = "POLICY", .min = 1, .max = 1,
	.about = "One page about a policy that needs no network: the flow graph to click on, what each\n"
		 "component may do in words, the claims with their proofs, what no policy can close, and\n"
		 "what tokens attest. Violated claims and refused tokens are shown as such.",
	.options = options,
	.exit = "0 written, 1 the policy is in error, 2 usage or I/O",
	.example = "mica report redact.mica -o redact.html",
};

static int check_token(struct policy *p, const struct built *b, const struct report_options *o, uint32_t i, struct report_token *t)
{
	uint8_t challenge[64];
	const uint8_t *bytes;
	size_t size;
	int err = read_whole(&p->arena, o->t[i].token, &bytes, &size);

	if (err) {
		fprintf(stderr, "mica report: cannot read '%s': %s\n", o->t[i].token, strerror(-err));
		return EXIT_USAGE;
	}
	if (o->t[i].challenge && !parse_hex(o->t[i].challenge, challenge, sizeof(challenge))) {
		fprintf(stderr, "mica report: the challenge of '%s' is not 128 hex digits\n", o->t[i].token);
		return EXIT_USAGE;
	}
	t->file = o->t[i].token;
	t->challenged = o->t[i].challenge != NULL;
	t->accepted = verify_against(b, bytes, size, t->challenged ? challenge : NULL, true, &t->result) == 0;
	return EXIT_HOLDS;
}

/* Tokens speak of a workflow ID, so the policy has to be built; without tokens it has not. */
static int check_tokens(struct policy *p, struct built *b, const struct report_options *o, struct report *r)
{
	struct report_token *t = arena_alloc(&p->arena, o->n * sizeof(*t) + 1);
	int ret = EXIT_HOLDS;

	for (uint32_t i = 0; i < p->verdicts.n; i++)
		if (!p->verdicts.v[i].holds) {
			fprintf(stderr, "mica report: a policy with violated claims cannot be built, so no token can be about it: "
				"leave --token out\n");
			return EXIT_REFUSED;
		}
	if (policy_build(p, false, NULL, 0, b))
		return refused(p);
	for (uint32_t i = 0; i < o->n && ret == EXIT_HOLDS; i++)
		ret = check_token(p, b, o, i, &t[i]);
	r->built = b;
	r->tokens = t;
	r->n_tokens = o->n;
	return ret;
}

static void print_page(FILE *f, const void *report)
{
	report_print(f, report);
}

static int write_report(struct policy *p, const struct graph *g, const struct report_options *o)
{
	struct report r = { .g = g };
	const char *why;
	struct built b;
	int ret = o->n ? check_tokens(p, &b, o, &r) : EXIT_HOLDS;

	if (ret != EXIT_HOLDS)
		return ret;
	picture_make(&r.pic, g, NULL, false);
	if (picture_svg(&r.pic, true, &r.svg, &r.svg_size, &why)) {
		fprintf(stderr, "mica report: %s\n", why);
		return EXIT_USAGE;
	}
	return result_print("report", o->out, print_page, &r);
}

int cmd_report(int argc, char **argv)
{
	struct report_options o = { 0 };
	struct cli_args args;
	struct policy p;
	struct graph g;
	int ret;

	if (!cli_parse(&report_spec, argc, argv, &o, &args))
		return args.status;
	if (!o.out)
		return cli_usage("report", "missing option: -o FILE");
	if (replaces("report", o.out, args.v[0]))
		return EXIT_USAGE;
	if (view_open("report", args.v[0], &p, &g, &ret))
		ret = write_report(&p, &g, &o);
	policy_close(&p);
	return ret;
}
