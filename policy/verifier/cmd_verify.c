/* SPDX-License-Identifier: Apache-2.0 */
/* `mica verify`: a token in a file against a policy in a file. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../cli/cli.h"
#include "../compiler/compile.h"
#include "against.h"

static const char usage[] =
"usage: mica verify POLICY TOKEN --challenge HEX [--no-development]\n"
"\n"
"Check a CCA token: signatures, platform, binding of the realm key, challenge, and that\n"
"it speaks of the workflow that POLICY compiles to, with the components it pins.\n"
"\n"
"  --challenge HEX     the 64 bytes that were sent, as 128 hex digits\n"
"  --no-development    refuse the emulated platform's DEVELOPMENT attestation\n"
"\n"
"Exit status: 0 accepted, 1 refused, 2 usage or I/O.\n";

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

static int verify(const struct built *b, const uint8_t *token, size_t size, const uint8_t *challenge, bool development)
{
	static struct verify_result result;

	if (verify_against(b, token, size, challenge, development, &result)) {
		fprintf(stderr, "mica verify: refused: %s\n", result.error);
		return EXIT_REFUSED;
	}
	print_accepted(b, &result);
	return EXIT_HOLDS;
}

static int verify_files(const char *path, const char *token_path, const uint8_t *challenge, bool development)
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
		ret = refused(&p);
	if (ret == 0) {
		err = read_whole(&p.arena, token_path, &token, &size);
		if (err) {
			fprintf(stderr, "mica verify: cannot read '%s': %s\n", token_path, strerror(-err));
			ret = EXIT_USAGE;
		} else {
			ret = verify(&b, token, size, challenge, development);
		}
	}
	policy_close(&p);
	return ret;
}

int cmd_verify(int argc, char **argv)
{
	const char *arg[2] = { NULL, NULL }, *hex = NULL;
	bool development = true, ok = true;
	uint8_t challenge[64] = { 0 };
	int n = 0;

	for (int i = 1; i < argc && ok; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			fputs(usage, stdout);
			return EXIT_HOLDS;
		}
		if (strcmp(argv[i], "--no-development") == 0)
			development = false;
		else if (strcmp(argv[i], "--challenge") == 0 && i + 1 < argc)
			hex = argv[++i];
		else if (argv[i][0] != '-' && n < 2)
			arg[n++] = argv[i];
		else
			ok = false;
	}
	if (!ok || n != 2 || !hex) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (!parse_hex(hex, challenge, sizeof(challenge))) {
		fprintf(stderr, "mica verify: the challenge is not 128 hex digits\n");
		return EXIT_USAGE;
	}
	return verify_files(arg[0], arg[1], challenge, development);
}
