/* SPDX-License-Identifier: Apache-2.0 */
/* `mica inspect`: what a compiled policy says. */
#include <errno.h>
#include <string.h>

#include "../../lib/hash/hash.h"
#include "../cli/cli.h"
#include "../cli/json.h"
#include "../compiler/compile.h"
#include "inspect.h"

struct inspect_options { bool json; const char *dir; };

static const struct cli_option options[] = {
	{ .name = "json", .at = offsetof(struct inspect_options, json), .help = "every record as one JSON object, schema mica.inspect/1" },
	{ .name = "output-dir", .letter = 'o', .kind = CLI_TEXT, .value = "DIR", .at = offsetof(struct inspect_options, dir),
	  .help = "write workflow.mica and component files into DIR; nothing is overwritten" },
	CLI_OPTION_END,
};

const struct cli_spec inspect_spec = {
	.name = "inspect", .usage = "BLOB [--json | -o DIR]", .operands = "BLOB", .min = 1, .max = 1,
	.about = "Read a compiled policy (- is standard input) back to text. `mica build` of that text\n"
		 "gives the same workflow ID, which was tried before it is printed. A role that knows a\n"
		 "channel, window or gate by another name than the workflow needs a component file: such\n"
		 "a policy is several files, and -o DIR writes them. Refused is a blob that is not\n"
		 "canonical (the rule that fails is named), and one that no text can give: by a layout\n"
		 "that is not `mica build`'s. --json shows the records of the latter, too.",
	.options = options,
	.exit = "0 the text is the policy, 1 refused, 2 usage or I/O",
	.example = "mica build redact.mica -o redact.blob\nmica inspect redact.blob > again.mica\nmica inspect redact.blob -o again",
};

const char *rule_text(enum mica_blob_rule rule)
{
	static const char *const texts[] = {
		[MICA_BLOB_RULE_HEADER] = "size, magic, version, counts, fields that have to be zero",
		[MICA_BLOB_RULE_NAMES] = "a name: 1 to 47 of a-z 0-9 _ -, zero padded",
		[MICA_BLOB_RULE_ORDER] = "order of the records, and names that have to differ",
		[MICA_BLOB_RULE_ROLE] = "a role's record",
		[MICA_BLOB_RULE_RIGHTS] = "rights of a role that exclude or need each other",
		[MICA_BLOB_RULE_LAYOUT] = "memory and channels of a role overlap or leave its address space",
		[MICA_BLOB_RULE_GRANT] = "an end of a channel: rights or signal bit",
		[MICA_BLOB_RULE_CHANNEL] = "a channel: size, participants, keep",
		[MICA_BLOB_RULE_REGION] = "a window, device or interrupt range",
		[MICA_BLOB_RULE_GATE] = "a gate",
	};

	return texts[rule];
}

static bool is_text(const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i] < ' ' && bytes[i] != '\n' && bytes[i] != '\t' && bytes[i] != '\r')
			return false;
	return size != 0;
}

static int not_canonical(const struct inspect_options *o, const char *path, enum mica_blob_rule rule, bool text)
{
	if (o->json) {
		fputs("{ \"schema\": \"mica.inspect/1\", \"file\": ", stdout);
		json(stdout, path);
		printf(", \"ok\": false, \"rule\": %d, \"error\": \"%s\" }\n", rule, rule_text(rule));
	}
	fprintf(stderr, "mica inspect: '%s' is no compiled policy of version %d: rule %d fails (%s)\n", path, MICA_BLOB_VERSION, rule,
		rule_text(rule));
	if (text)
		fprintf(stderr, "hint: it looks like text; `mica check` reads policies, `mica build -o FILE` compiles them\n");
	return EXIT_REFUSED;
}

static int several_files(const char *path, const struct texts *t)
{
	fprintf(stderr, "mica inspect: '%s' is a policy of %u files: in it, roles have names of their own for channels, windows or gates\n"
		"hint: -o DIR writes the policy and its component files\n", path, t->n);
	return EXIT_REFUSED;
}

static int write_files(struct arena *a, const char *dir, const struct texts *t)
{
	bool made;
	int ret = new_files_dir("inspect", dir, &made);

	return ret == EXIT_HOLDS ? new_files(a, "inspect", dir, made, t->v, t->n) : ret;
}

static int no_text(const struct inspect_options *o, const char *path, const char *why)
{
	fprintf(stderr, "mica inspect: '%s' is canonical, but no text gives it back: %s\n", path, why);
	if (!o->json)
		fprintf(stderr, "hint: --json shows its records\n");
	return EXIT_REFUSED;
}

static int inspect(struct arena *a, const struct inspect_options *o, const char *path, const uint8_t *bytes, size_t size)
{
	enum mica_blob_rule rule;
	const char *why = NULL;
	uint8_t id[HASH_MAX_SIZE];
	struct texts t;
	struct blob b;
	bool ok;

	rule = blob_open_flat(&b, bytes, size);
	if (rule != MICA_BLOB_OK)
		return not_canonical(o, path, rule, is_text(bytes, size));
	hash(HASH_SHA256, bytes, size, id);
	ok = source_of(a, &b, id, &t, &why) && compiles_to(a, &t, &b, bytes, &why);
	if (o->json)
		print_blob_json(stdout, path, &b, id, ok ? &t : NULL, why);
	if (!ok)
		return no_text(o, path, why);
	if (o->dir)
		return write_files(a, o->dir, &t);
	if (!o->json && t.n > 1)
		return several_files(path, &t);
	if (!o->json)
		fputs(t.v[0].text, stdout);
	return EXIT_HOLDS;
}

int cmd_inspect(int argc, char **argv)
{
	struct inspect_options o = { 0 };
	struct arena a = { 0 };
	const uint8_t *bytes;
	struct cli_args args;
	size_t size;
	int ret;

	if (!cli_parse(&inspect_spec, argc, argv, &o, &args))
		return args.status;
	if (o.json && o.dir)
		return cli_usage("inspect", "--json and -o exclude each other");
	ret = read_whole(&a, strcmp(args.v[0], "-") == 0 ? "/dev/stdin" : args.v[0], &bytes, &size);
	if (ret) {
		fprintf(stderr, "mica inspect: cannot read '%s': %s\n", args.v[0], strerror(-ret));
		ret = EXIT_USAGE;
	} else {
		ret = inspect(&a, &o, args.v[0], bytes, size);
	}
	arena_free(&a);
	return ret;
}
