/* SPDX-License-Identifier: Apache-2.0 */
/* `mica build` and `mica measure`: what a tenant compares with what a token says. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../compiler/compile.h"
#include "../run/output.h"
#include "cli.h"

static const char build_usage[] =
"usage: mica build POLICY [-o FILE] [--json]\n"
"\n"
"Compile a policy whose claims hold. Prints the workflow ID and the measurement (RIM)\n"
"of every pinned role; -o writes the blob that the monitor enforces.\n"
"\n"
"Exit status: 0 built, 1 refused, 2 usage or I/O.\n";

static const char measure_usage[] =
"usage: mica measure POLICY ROLE\n"
"       mica measure --image FILE [--memory MIB] [--vcpus N] [--sha512]\n"
"\n"
"The Realm Initial Measurement of a role, or of an image loaded as a native role.\n"
"\n"
"Exit status: 0 measured, 1 refused, 2 usage or I/O.\n";

static int write_file(const char *path, const void *data, size_t size)
{
	struct output out;
	int ret = output_open(&out, path);

	if (ret == 0)
		ret = output_write(&out, data, size);
	if (ret == 0)
		ret = output_commit(&out);
	output_close(&out);
	if (ret == 0)
		return EXIT_HOLDS;
	fprintf(stderr, "mica build: cannot write '%s': %s\n", path, strerror(-ret));
	return EXIT_USAGE;
}

static void print_role(FILE *out, const struct policy *p, const struct built_role *r)
{
	const struct m_role *m = &p->model.roles.v[r->model];
	char size[24];

	fprintf(out, "  role %-16s %s, %u vCPU%s, ", r->name, size_text(size, m->memory, " "), m->vcpus,
		m->vcpus == 1 ? "" : "s");
	if (r->pinned) {
		fprintf(out, "RIM sha%u:", r->hash_size * 8);
		print_hex(out, r->rim, r->hash_size);
		fputc('\n', out);
	} else {
		fprintf(out, "image any: the host chooses the code\n");
	}
}

static void print_built(FILE *out, const struct policy *p, const struct built *b)
{
	fprintf(out, "workflow %s\n  ID   sha256:", p->model.name);
	print_hex(out, b->workflow_id, sizeof(b->workflow_id));
	fprintf(out, "\n  blob %zu bytes\n", b->blob_size);
	for (uint32_t i = 0; i < b->roles.n; i++)
		print_role(out, p, &b->roles.v[i]);
}

static void print_built_json(FILE *out, const struct policy *p, const struct built *b)
{
	fprintf(out, "{ \"schema\": \"mica.build/1\", \"workflow\": \"%s\", \"workflow_id\": \"", p->model.name);
	print_hex(out, b->workflow_id, sizeof(b->workflow_id));
	fprintf(out, "\", \"blob_bytes\": %zu, \"roles\": [", b->blob_size);
	for (uint32_t i = 0; i < b->roles.n; i++) {
		const struct built_role *r = &b->roles.v[i];

		fprintf(out, "%s\n  { \"name\": \"%s\", \"pinned\": %s, \"rim\": ", i ? "," : "", r->name,
			r->pinned ? "true" : "false");
		if (r->pinned) {
			fprintf(out, "\"sha%u:", r->hash_size * 8);
			print_hex(out, r->rim, r->hash_size);
			fputs("\" }", out);
		} else {
			fputs("null }", out);
		}
	}
	fputs(" ] }\n", out);
}

/* Open and build; *ret is final unless 0. */
static bool compiled(const char *command, const char *path, struct policy *p, struct built *b, int *ret)
{
	const char *why = NULL;

	*ret = policy_open(p, path, &why);
	if (*ret == 2)
		fprintf(stderr, "mica %s: %s\n", command, why);
	else if (*ret == 1 || policy_build(p, false, NULL, 0, b) != 0)
		*ret = refused(p);
	return *ret == 0;
}

int cmd_build(int argc, char **argv)
{
	const char *path = NULL, *blob = NULL;
	bool json = false;
	struct policy p;
	struct built b;
	int ret;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			fputs(build_usage, stdout);
			return EXIT_HOLDS;
		}
		if (strcmp(argv[i], "--json") == 0)
			json = true;
		else if (strcmp(argv[i], "-o") == 0 && i + 1 < argc)
			blob = argv[++i];
		else if (argv[i][0] != '-' && !path)
			path = argv[i];
		else {
			fprintf(stderr, "mica build: unexpected '%s'\ntry `mica build --help`\n", argv[i]);
			return EXIT_USAGE;
		}
	}
	if (!path) {
		fputs(build_usage, stderr);
		return EXIT_USAGE;
	}
	if (compiled("build", path, &p, &b, &ret)) {
		if (blob)
			ret = write_file(blob, b.blob, b.blob_size);
		if (ret == 0 && json)
			print_built_json(stdout, &p, &b);
		else if (ret == 0)
			print_built(stdout, &p, &b);
	}
	policy_close(&p);
	return ret;
}

/* ---- measure ---- */

static int measure_role(const char *path, const char *role)
{
	struct policy p;
	struct built b;
	int ret;

	if (compiled("measure", path, &p, &b, &ret)) {
		ret = EXIT_USAGE;
		for (uint32_t i = 0; i < b.roles.n; i++)
			if (strcmp(b.roles.v[i].name, role) == 0) {
				const struct built_role *r = &b.roles.v[i];

				ret = EXIT_REFUSED;
				if (!r->pinned) {
					fprintf(stderr, "mica measure: '%s' is `image any`: no measurement is demanded of it\n", role);
					break;
				}
				printf("sha%u:", r->hash_size * 8);
				print_hex(stdout, r->rim, r->hash_size);
				putchar('\n');
				ret = EXIT_HOLDS;
			}
		if (ret == EXIT_USAGE)
			fprintf(stderr, "mica measure: no role is called '%s' in %s\n", role, path);
	}
	policy_close(&p);
	return ret;
}

static int measure_image(const char *path, uint64_t memory, unsigned int vcpus, unsigned int hash_size)
{
	struct arena a = { 0 };
	const uint8_t *image;
	uint8_t rim[64];
	size_t size;
	int ret = read_whole(&a, path, &image, &size);

	if (ret) {
		fprintf(stderr, "mica measure: cannot read '%s': %s\n", path, strerror(-ret));
		ret = EXIT_USAGE;
	} else if (native_rim(image, size, memory, vcpus, hash_size, rim)) {
		fprintf(stderr, "mica measure: '%s' (%zu bytes) does not fit: it must not be empty, nor larger than memory\n",
			path, size);
		ret = EXIT_REFUSED;
	} else {
		printf("sha%u:", hash_size * 8);
		print_hex(stdout, rim, hash_size);
		putchar('\n');
	}
	arena_free(&a);
	return ret;
}

static bool number(const char *s, uint64_t min, uint64_t max, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(s, &end, 10);
	return *s >= '0' && *s <= '9' && !*end && !errno && *out >= min && *out <= max;
}

int cmd_measure(int argc, char **argv)
{
	const char *image = NULL, *arg[2] = { NULL, NULL };
	uint64_t mib = DEFAULT_MEMORY_NATIVE >> 20, vcpus = 1;
	unsigned int hash_size = 32;
	bool ok = true;
	int n = 0;

	for (int i = 1; i < argc && ok; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			fputs(measure_usage, stdout);
			return EXIT_HOLDS;
		}
		if (strcmp(argv[i], "--image") == 0 && i + 1 < argc)
			image = argv[++i];
		else if (strcmp(argv[i], "--memory") == 0 && i + 1 < argc)
			ok = number(argv[++i], 1, 1 << 20, &mib);
		else if (strcmp(argv[i], "--vcpus") == 0 && i + 1 < argc)
			ok = number(argv[++i], 1, MICA_MAX_VCPUS, &vcpus);
		else if (strcmp(argv[i], "--sha512") == 0)
			hash_size = 64;
		else if (argv[i][0] != '-' && n < 2)
			arg[n++] = argv[i];
		else
			ok = false;
	}
	if (ok && image && n == 0)
		return measure_image(image, mib << 20, (unsigned int)vcpus, hash_size);
	if (ok && !image && n == 2)
		return measure_role(arg[0], arg[1]);
	fputs(measure_usage, stderr);
	return EXIT_USAGE;
}
