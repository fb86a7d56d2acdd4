/* SPDX-License-Identifier: Apache-2.0 */
/* `mica report`: arguments, tokens read and checked, the page written. */
#include <stdlib.h>
#include <string.h>

#include "../cli/cli.h"
#include "../verifier/against.h"
#include "report.h"
#include "view.h"

static const char usage[] =
"usage: mica report POLICY -o OUT.html [--token FILE [--challenge HEX]]...\n"
"\n"
"One page about a policy that needs no network: the flow graph to click on, what each\n"
"component may do in words, the claims with their proofs, what no policy can close, and\n"
"what tokens attest. Violated claims and refused tokens are shown as such.\n"
"\n"
"  --token FILE       a CCA token, checked against the policy, which is built for that\n"
"  --challenge HEX    the 64 bytes that the token before it answers, as 128 hex digits;\n"
"                     without it the page says that nobody knows whether it is fresh\n"
"  -o FILE            where to; - is standard output\n"
"\n"
"Exit status: 0 written, 1 the policy is in error, 2 usage or I/O.\n";

#define TOKENS_MAX	64

struct options {
	const char *path, *out;
	const char *token[TOKENS_MAX], *challenge[TOKENS_MAX];
	uint32_t n;
};

static int check_token(struct policy *p, const struct built *b, const struct options *o, uint32_t i, struct report_token *t)
{
	uint8_t challenge[64];
	const uint8_t *bytes;
	size_t size;
	int err = read_whole(&p->arena, o->token[i], &bytes, &size);

	if (err) {
		fprintf(stderr, "mica report: cannot read '%s': %s\n", o->token[i], strerror(-err));
		return EXIT_USAGE;
	}
	if (o->challenge[i] && !parse_hex(o->challenge[i], challenge, sizeof(challenge))) {
		fprintf(stderr, "mica report: the challenge of '%s' is not 128 hex digits\n", o->token[i]);
		return EXIT_USAGE;
	}
	t->file = o->token[i];
	t->challenged = o->challenge[i] != NULL;
	t->accepted = verify_against(b, bytes, size, t->challenged ? challenge : NULL, true, &t->result) == 0;
	return EXIT_HOLDS;
}

/* Tokens speak of a workflow ID, so the policy has to be built; without tokens it has not. */
static int check_tokens(struct policy *p, struct built *b, const struct options *o, struct report *r)
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

static int write_report(struct policy *p, const struct graph *g, const struct options *o)
{
	struct report r = { .g = g };
	const char *why;
	struct built b;
	char *page = NULL;
	size_t n = 0;
	FILE *f;
	int ret = o->n ? check_tokens(p, &b, o, &r) : EXIT_HOLDS;

	if (ret != EXIT_HOLDS)
		return ret;
	picture_make(&r.pic, g, NULL, false);
	if (picture_svg(&r.pic, true, &r.svg, &r.svg_size, &why)) {
		fprintf(stderr, "mica report: %s\n", why);
		return EXIT_USAGE;
	}
	f = open_memstream(&page, &n);
	if (f)
		report_print(f, &r);
	if (!f || fclose(f)) {
		fprintf(stderr, "mica report: out of memory\n");
		return EXIT_USAGE;
	}
	ret = view_write("report", o->out, page, n);
	free(page);
	return ret;
}

static bool option(struct options *o, int argc, char **argv, int *i)
{
	const char *a = argv[*i];
	bool value = *i + 1 < argc;

	if (strcmp(a, "-o") == 0 && value)
		o->out = argv[++*i];
	else if (strcmp(a, "--token") == 0 && value && o->n < TOKENS_MAX)
		o->token[o->n++] = argv[++*i];
	else if (strcmp(a, "--challenge") == 0 && value && o->n && !o->challenge[o->n - 1])
		o->challenge[o->n - 1] = argv[++*i];
	else if (a[0] != '-' && !o->path)
		o->path = a;
	else
		return false;
	return true;
}

int cmd_report(int argc, char **argv)
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
			fprintf(stderr, "mica report: unexpected '%s'\ntry `mica report --help`\n", argv[i]);
			return EXIT_USAGE;
		}
	}
	if (!o.path || !o.out) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (view_open("report", o.path, &p, &g, &ret))
		ret = write_report(&p, &g, &o);
	policy_close(&p);
	return ret;
}
