/* SPDX-License-Identifier: Apache-2.0 */
/* `mica build` and `mica measure`: what a tenant compares with what a token says. */
#include <errno.h>
#include <string.h>

#include "../compiler/compile.h"
#include "cli.h"
#include "json.h"
#include "new_files.h"

struct build_options { const char *blob; bool json; };

static const struct cli_option build_option[] = {
	{ .name = "output", .letter = 'o', .kind = CLI_TEXT, .value = "FILE", .at = offsetof(struct build_options, blob),
	  .help = "write the compiled policy (- is standard output)" },
	{ .name = "json", .at = offsetof(struct build_options, json), .help = "one JSON object, schema mica.build/1" },
	CLI_OPTION_END,
};

const struct cli_spec build_spec = {
	.name = "build", .usage = "POLICY [-o FILE] [--json]", .operands = "POLICY", .min = 1, .max = 1,
	.about = "Compile a policy whose claims hold. Prints the workflow ID (SHA-256 of the compiled\n"
		 "policy) and the measurement (RIM) of every pinned role.",
	.options = build_option,
	.exit = "0 built, 1 refused, 2 usage or I/O",
	.example = "mica build examples/redact/redact.mica -o redact.blob",
};

struct measure_options { const char *image; uint64_t mib, vcpus; bool linux_guest, sha512, json; };

static const struct cli_option measure_option[] = {
	{ .name = "image", .kind = CLI_TEXT, .value = "FILE", .at = offsetof(struct measure_options, image),
	  .help = "measure this image as a native role" },
	{ .name = "linux", .at = offsetof(struct measure_options, linux_guest), .help = "measure it as a linux role: FILE is of `mica pack`" },
	{ .name = "memory", .kind = CLI_NUMBER, .value = "MIB", .at = offsetof(struct measure_options, mib), .min = 1, .max = 1 << 20,
	  .help = "its memory in MiB (default 16, linux 256)" },
	{ .name = "vcpus", .kind = CLI_NUMBER, .value = "N", .at = offsetof(struct measure_options, vcpus), .min = 1,
	  .max = MICA_MAX_VCPUS, .help = "its vCPUs (default 1)" },
	{ .name = "sha512", .at = offsetof(struct measure_options, sha512), .help = "measure with SHA-512 instead of SHA-256" },
	{ .name = "json", .at = offsetof(struct measure_options, json), .help = "one JSON object, schema mica.measure/1" },
	CLI_OPTION_END,
};

const struct cli_spec measure_spec = {
	.name = "measure", .usage = "POLICY ROLE [--json]\n--image FILE [--linux] [--memory MIB] [--vcpus N] [--sha512] [--json]",
	.operands = "POLICY ROLE", .min = 0, .max = 2,
	.about = "The Realm Initial Measurement (RIM) of a pinned role, or of an image loaded as a native\n"
		 "or linux role: what a token says of a Realm that runs it, and what `measurement` in a policy takes.",
	.options = measure_option,
	.exit = "0 measured, 1 refused, 2 usage or I/O",
	.example = "mica measure examples/redact/redact.mica ingest\nmica measure --image door.bin --memory 32",
};

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

static void json_rim(FILE *out, const uint8_t *rim, unsigned int size)
{
	fprintf(out, "\"sha%u:", size * 8);
	print_hex(out, rim, size);
	fputc('"', out);
}

/* b is NULL if the policy was refused. */
static void print_built_json(FILE *out, const struct policy *p, const struct built *b)
{
	fputs("{ \"schema\": \"mica.build/1\", \"file\": ", out);
	json(out, p->src.path);
	fputs(", \"workflow\": ", out);
	json(out, p->parsed && p->model.name ? p->model.name : "");
	fprintf(out, ", \"ok\": %s, \"workflow_id\": ", b ? "true" : "false");
	if (b) {
		fputc('"', out);
		print_hex(out, b->workflow_id, sizeof(b->workflow_id));
		fputc('"', out);
	} else {
		fputs("null", out);
	}
	fprintf(out, ", \"blob_bytes\": %zu, \"roles\": [", b ? b->blob_size : 0);
	for (uint32_t i = 0; b && i < b->roles.n; i++) {
		const struct built_role *r = &b->roles.v[i];

		fprintf(out, "%s\n  { \"name\": \"%s\", \"pinned\": %s, \"rim\": ", i ? "," : "", r->name,
			r->pinned ? "true" : "false");
		if (r->pinned)
			json_rim(out, r->rim, r->hash_size);
		else
			fputs("null", out);
		fputs(" }", out);
	}
	fputs(" ],\n  \"diagnostics\": ", out);
	json_diags(out, &p->diags);
	fputs(" }\n", out);
}

static void print_refused_json(FILE *out, const struct policy *p)
{
	print_built_json(out, p, NULL);
}

/* Open and build; *ret is final unless 0. Of a refused policy @as_json tells in the command's own schema, NULL on paper. */
static bool compiled(const char *command, const char *path, void (*as_json)(FILE *out, const struct policy *p),
		     struct policy *p, struct built *b, int *ret)
{
	const char *why = NULL;

	*ret = policy_open(p, path, &why);
	if (*ret == 2) {
		fprintf(stderr, "mica %s: %s\n", command, why);
	} else if (*ret == 1 || policy_build(p, false, NULL, 0, b) != 0) {
		*ret = EXIT_REFUSED;
		if (as_json)
			as_json(stdout, p);
		else
			refused(p);
	}
	return *ret == 0;
}

int cmd_build(int argc, char **argv)
{
	struct build_options o = { 0 };
	struct cli_args args;
	struct policy p;
	struct built b;
	FILE *report;
	int ret;

	if (!cli_parse(&build_spec, argc, argv, &o, &args))
		return args.status;
	/* a blob on standard output leaves the report to the other stream */
	report = o.blob && strcmp(o.blob, "-") == 0 ? stderr : stdout;
	if (report == stderr && o.json)
		return cli_usage("build", "standard output takes the blob or the JSON, not both");
	if (replaces("build", o.blob, args.v[0]))
		return EXIT_USAGE;
	if (compiled("build", args.v[0], o.json ? print_refused_json : NULL, &p, &b, &ret)) {
		if (o.blob)
			ret = result_file("build", o.blob, b.blob, b.blob_size);
		if (ret == 0 && o.json)
			print_built_json(report, &p, &b);
		else if (ret == 0)
			print_built(report, &p, &b);
	}
	policy_close(&p);
	return ret;
}

/* ---- measure ---- */

static void json_or_null(const char *s)
{
	if (s)
		json(stdout, s);
	else
		fputs("null", stdout);
}

static void measure_head(const char *file, const char *role)
{
	fputs("{ \"schema\": \"mica.measure/1\", \"file\": ", stdout);
	json(stdout, file);
	fputs(", \"role\": ", stdout);
	json_or_null(role);
	fputs(", \"rim\": ", stdout);
}

static int print_measure(const struct measure_options *o, const char *file, const char *role, const uint8_t *rim,
			 unsigned int size)
{
	if (!o->json) {
		printf("sha%u:", size * 8);
		print_hex(stdout, rim, size);
		putchar('\n');
		return EXIT_HOLDS;
	}
	measure_head(file, role);
	json_rim(stdout, rim, size);
	fputs(", \"ok\": true, \"error\": null, \"diagnostics\": [] }\n", stdout);
	return EXIT_HOLDS;
}

/* @p: if it is the policy that was refused, else NULL. */
static int no_measure(const struct measure_options *o, const char *file, const char *role, const char *why,
		      const struct policy *p)
{
	if (o->json) {
		measure_head(file, role);
		fputs("null, \"ok\": false, \"error\": ", stdout);
		json(stdout, why);
		fputs(", \"diagnostics\": ", stdout);
		if (p)
			json_diags(stdout, &p->diags);
		else
			fputs("[]", stdout);
		fputs(" }\n", stdout);
	}
	return EXIT_REFUSED;
}

static const struct built_role *built_role(const struct built *b, const char *name)
{
	for (uint32_t i = 0; i < b->roles.n; i++)
		if (strcmp(b->roles.v[i].name, name) == 0)
			return &b->roles.v[i];
	return NULL;
}

static int measure_role(const struct measure_options *o, const char *path, const char *role)
{
	const struct built_role *r;
	struct policy p;
	struct built b;
	int ret;

	if (!compiled("measure", path, NULL, &p, &b, &ret)) {
		if (ret == EXIT_REFUSED)
			no_measure(o, path, role, diag_first_error(&p.diags), &p);
	} else if (!(r = built_role(&b, role))) {
		fprintf(stderr, "mica measure: no role is called '%s' in %s\n", role, path);
		ret = EXIT_USAGE;
	} else if (!r->pinned) {
		const char *why = arena_printf(&p.arena, "'%s' is `image any`: no measurement is demanded of it", role);

		fprintf(stderr, "mica measure: %s\n", why);
		ret = no_measure(o, path, role, why, NULL);
	} else {
		ret = print_measure(o, path, role, r->rim, r->hash_size);
	}
	policy_close(&p);
	return ret;
}

static int refused_image(const struct measure_options *o, struct arena *a, const struct image_fault *fault)
{
	const char *why = arena_printf(a, "image '%s' %s", o->image, fault->what);

	fprintf(stderr, "mica measure: %s\n", why);
	if (fault->need)
		fprintf(stderr, "hint: --memory %llu\n", (unsigned long long)((fault->need + (1 << 20) - 1) >> 20));
	return no_measure(o, o->image, NULL, why, NULL);
}

static int measure_image(const struct measure_options *o)
{
	uint64_t mib = o->mib ? o->mib : (o->linux_guest ? DEFAULT_MEMORY_LINUX : DEFAULT_MEMORY_NATIVE) >> 20;
	const struct image_shape shape = { .linux_guest = o->linux_guest, .memory = mib << 20, .vcpus = (unsigned int)o->vcpus,
					   .hash_size = o->sha512 ? 64 : 32 };
	struct image_fault fault = { "is empty", 0 };
	struct arena a = { 0 };
	const uint8_t *image;
	uint8_t rim[64];
	size_t size;
	int ret = read_whole(&a, o->image, &image, &size);

	if (ret) {
		fprintf(stderr, "mica measure: cannot read '%s': %s\n", o->image, strerror(-ret));
		ret = EXIT_USAGE;
	} else if (size == 0 || image_rim(image, size, &shape, rim, &fault)) {
		ret = refused_image(o, &a, &fault);
	} else {
		ret = print_measure(o, o->image, NULL, rim, shape.hash_size);
	}
	arena_free(&a);
	return ret;
}

int cmd_measure(int argc, char **argv)
{
	struct measure_options o = { .vcpus = 1 };
	struct cli_args args;

	if (!cli_parse(&measure_spec, argc, argv, &o, &args))
		return args.status;
	if (o.image && args.n == 0)
		return measure_image(&o);
	if (o.image)
		return cli_usage("measure", "--image takes the place of POLICY ROLE");
	if (args.n != 2)
		return cli_usage("measure", "missing operand: POLICY ROLE, or --image FILE");
	return measure_role(&o, args.v[0], args.v[1]);
}
