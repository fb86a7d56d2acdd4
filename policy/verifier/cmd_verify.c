/* SPDX-License-Identifier: Apache-2.0 */
/* `mica verify`: a token in a file against a policy in a file. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../cli/cli.h"
#include "../cli/json.h"
#include "../compiler/compile.h"
#include "against.h"

struct verify_options { const char *challenge; bool production, json; };

static const struct cli_option options[] = {
	{ .name = "challenge", .kind = CLI_TEXT, .value = "HEX", .at = offsetof(struct verify_options, challenge),
	  .help = "the 64 bytes that were sent, as 128 hex digits; required" },
	{ .name = "no-development", .at = offsetof(struct verify_options, production),
	  .help = "refuse the emulated platform's DEVELOPMENT attestation" },
	{ .name = "json", .at = offsetof(struct verify_options, json), .help = "one JSON object, schema mica.verify/1" },
	CLI_OPTION_END,
};

const struct cli_spec verify_spec = {
	.name = "verify", .usage = "POLICY TOKEN --challenge HEX [--no-development] [--json]", .operands = "POLICY TOKEN",
	.min = 2, .max = 2,
	.about = "Check a CCA token: signatures, platform, binding of the realm key, challenge, and that\n"
		 "it speaks of the workflow that POLICY compiles to, with the components it pins.",
	.options = options,
	.exit = "0 accepted, 1 refused, 2 usage or I/O",
	.example = "mica verify redact.mica token.cbor --challenge $(cat challenge.hex)",
};

static void print_accepted(const struct built *b, const struct verify_result *r)
{
	printf("accepted: workflow ");
	print_hex(stdout, r->workflow_id, 32);
	printf("\n  instance ");
	print_hex(stdout, r->instance_id, 32);
	printf("\n  platform %s\n", r->development ?
	       "DEVELOPMENT: an emulator with a well-known key; it proves nothing about hardware" : "known to the verifier");
	for (unsigned int i = 0; i < r->n_roles; i++) {
		printf("  role %-16s epoch %llu, ", b->roles.v[i].name, (unsigned long long)r->roles[i].epoch);
		print_hex(stdout, r->roles[i].rim, r->roles[i].rim_size);
		printf("%s\n", b->roles.v[i].pinned ? "  (pinned)" : "  (any)");
	}
}

static void json_hex(const char *name, const char *algorithm, const uint8_t *b, size_t n)
{
	printf("\"%s\": \"%s", name, algorithm);
	print_hex(stdout, b, n);
	putchar('"');
}

/* What the token says is printed only if the token was accepted. */
static void print_json(const struct built *b, bool ok, const struct verify_result *r)
{
	printf("{ \"schema\": \"mica.verify/1\", \"ok\": %s, \"error\": ", ok ? "true" : "false");
	if (!ok) {
		json(stdout, r->error);
		puts(" }");
		return;
	}
	printf("null, \"platform\": \"%s\", ", r->development ? "development" : "known");
	json_hex("workflow_id", "", r->workflow_id, sizeof(r->workflow_id));
	fputs(", ", stdout);
	json_hex("instance_id", "", r->instance_id, sizeof(r->instance_id));
	fputs(", \"roles\": [", stdout);
	for (unsigned int i = 0; i < r->n_roles; i++) {
		printf("%s\n  { \"name\": \"%s\", \"pinned\": %s, \"epoch\": %llu, ", i ? "," : "", b->roles.v[i].name,
		       b->roles.v[i].pinned ? "true" : "false", (unsigned long long)r->roles[i].epoch);
		json_hex("rim", r->roles[i].rim_size == 64 ? "sha512:" : "sha256:", r->roles[i].rim, r->roles[i].rim_size);
		fputs(" }", stdout);
	}
	puts(" ] }");
}

static int verify(const struct built *b, const uint8_t *token, size_t size, const uint8_t *challenge,
		  const struct verify_options *o)
{
	static struct verify_result result;
	int ret = verify_against(b, token, size, challenge, !o->production, &result) ? EXIT_REFUSED : EXIT_HOLDS;

	if (o->json)
		print_json(b, ret == EXIT_HOLDS, &result);
	else if (ret == EXIT_HOLDS)
		print_accepted(b, &result);
	if (ret != EXIT_HOLDS)
		fprintf(stderr, "mica verify: refused: %s\n", result.error);
	return ret;
}

static int policy_refused(const struct policy *p, bool as_json)
{
	if (as_json) {
		fputs("{ \"schema\": \"mica.verify/1\", \"ok\": false, \"error\": ", stdout);
		json(stdout, diag_first_error(&p->diags));
		fputs(",\n  \"diagnostics\": ", stdout);
		json_diags(stdout, &p->diags);
		fputs(" }\n", stdout);
	}
	return refused(p);
}

static int verify_files(const char *path, const char *token_path, const uint8_t *challenge,
			const struct verify_options *o)
{
	const char *why = NULL;
	const uint8_t *token;
	struct policy p;
	struct built b;
	size_t size;
	int ret = policy_open(&p, path, &why), err;

	if (ret == 2)
		fprintf(stderr, "mica verify: %s\n", why);
	else if (ret == 1 || policy_build(&p, false, NULL, 0, &b))
		ret = policy_refused(&p, o->json);
	if (ret == 0) {
		err = read_whole(&p.arena, token_path, &token, &size);
		if (err) {
			fprintf(stderr, "mica verify: cannot read '%s': %s\n", token_path, strerror(-err));
			ret = EXIT_USAGE;
		} else {
			ret = verify(&b, token, size, challenge, o);
		}
	}
	policy_close(&p);
	return ret;
}

int cmd_verify(int argc, char **argv)
{
	struct verify_options o = { 0 };
	uint8_t challenge[64] = { 0 };
	struct cli_args args;

	if (!cli_parse(&verify_spec, argc, argv, &o, &args))
		return args.status;
	if (!o.challenge)
		return cli_usage("verify", "missing option: --challenge HEX");
	if (!parse_hex(o.challenge, challenge, sizeof(challenge)))
		return cli_usage("verify", "the challenge is not 128 hex digits");
	return verify_files(args.v[0], args.v[1], challenge, &o);
}
