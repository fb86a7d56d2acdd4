/* SPDX-License-Identifier: Apache-2.0 */
/* `mica check`: verdicts and diagnostics as text or as JSON (schema mica.check/1). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../compiler/compile.h"
#include "cli.h"
#include "json.h"

struct check_options { bool json, strict; };

static const struct cli_option options[] = {
	{ .name = "json", .at = offsetof(struct check_options, json), .help = "one JSON object, schema mica.check/1" },
	{ .name = "strict", .at = offsetof(struct check_options, strict), .help = "warnings are errors" },
	CLI_OPTION_END,
};

const struct cli_spec check_spec = {
	.name = "check", .usage = "POLICY [--json] [--strict]", .operands = "POLICY", .min = 1, .max = 1,
	.about = "Check a policy: report every error in it, and prove each of its claims or show the\n"
		 "shortest path that breaks it.",
	.options = options,
	.exit = "0 every claim holds, 1 refused, 2 usage or I/O",
	.example = "mica check examples/redact/redact.mica",
};

/* ---- text ---- */

static void print_count(FILE *out, uint32_t n, const char *what)
{
	if (n)
		fprintf(out, ", %" PRIu32 " %s%s", n, what, n == 1 ? "" : "s");
}

static void print_names(FILE *out, const struct policy *p, const char *title, bool (*want)(const struct m_role *))
{
	const char *sep = "";

	fprintf(out, "%s: ", title);
	for (uint32_t i = 0; i < p->model.roles.n; i++)
		if (want(&p->model.roles.v[i])) {
			fprintf(out, "%s%s", sep, p->model.roles.v[i].name);
			sep = ", ";
		}
	fprintf(out, "%s.  ", *sep ? "" : "none");
}

static bool releases(const struct m_role *r) { return r->declassifies; }

/* What can be said about a component file without a workflow. */
static void print_component(FILE *out, const struct policy *p)
{
	fprintf(out, "%s: component %s", p->src.path, p->model.name);
	print_count(out, p->component->ports.n, "port");
	print_count(out, p->component->peers.n, "peer");
	print_count(out, p->component->requirements.n, "requirement");
	fputs("\nno error; what it requires is proved in the workflow that uses it\n", out);
}

static void print_report(FILE *out, const struct policy *p)
{
	const struct model *m = &p->model;
	uint32_t held = 0;

	if (p->component && p->diags.errors == 0)
		print_component(out, p);
	if (p->sound) {
		fprintf(out, "%s: workflow %s", p->src.path, m->name);
		print_count(out, m->roles.n, "role");
		print_count(out, m->channels.n, "channel");
		print_count(out, m->windows.n, "window");
		print_count(out, m->gates.n, "gate");
		fputc('\n', out);
		for (uint32_t i = 0; i < p->verdicts.n; i++) {
			const struct verdict *v = &p->verdicts.v[i];

			const struct item *item = v->claim->item;

			held += v->holds;
			fprintf(out, "  %-8s  %2" PRIu32 "  ", v->holds ? "holds" : "VIOLATED",
				source_line(item->src, item->at.begin));
			print_text(out, item->src, item->at);
			if (v->claim->role != NO_ROLE)
				fprintf(out, "  (%s, required by %s)", item->src->path, m->roles.v[v->claim->role].name);
			fputc('\n', out);
		}
	}
	diag_print(&p->diags, out, colour_on(out));
	if (p->component && p->diags.errors == 0)
		return;
	if (!p->sound) {
		fprintf(out, "%" PRIu32 " error%s\n", p->diags.errors, p->diags.errors == 1 ? "" : "s");
		return;
	}
	print_names(out, p, "confined", role_is_confined);
	print_names(out, p, "trusted to release", releases);
	fprintf(out, "%" PRIu32 " of %" PRIu32 " claims hold.\n", held, p->verdicts.n);
}

/* ---- JSON ---- */

static void json_source(FILE *out, const struct source *src, struct span at)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	if (!f)
		return;
	print_text(f, src, at);
	fclose(f);
	json_text(out, text, n);
	free(text);
}

static void json_path(FILE *out, const struct verdict *v)
{
	fputs("\"path\": [", out);
	for (uint32_t i = 0; i < v->path.n; i++) {
		const struct hop *h = &v->path.v[i];

		fprintf(out, "%s{ \"from\": \"%s\", \"to\": \"%s\", \"by\": ", i ? ", " : "", h->from, h->to);
		json(out, h->by);
		fputs(", \"file\": ", out);
		json(out, h->src->path);
		fprintf(out, ", \"line\": %" PRIu32 " }", source_line(h->src, h->at.begin));
	}
	fputc(']', out);
}

static void json_claim(FILE *out, const struct policy *p, const struct verdict *v)
{
	const struct item *it = v->claim->item;

	fputs("{ \"file\": ", out);
	json(out, it->src->path);
	fprintf(out, ", \"line\": %" PRIu32 ", \"col\": %" PRIu32 ", \"text\": ",
		source_line(it->src, it->at.begin), source_column(it->src, it->at.begin));
	json_source(out, it->src, it->at);
	fprintf(out, ", \"kind\": \"%s\", \"role\": ", v->claim->must ? "must" : "never");
	if (v->claim->role == NO_ROLE)
		fputs("null", out);
	else
		json(out, p->model.roles.v[v->claim->role].name);
	fprintf(out, ", \"verdict\": \"%s\", ", v->holds ? "holds" : "violated");
	json_path(out, v);
	fputs(" }", out);
}

static void json_claims(FILE *out, const struct policy *p)
{
	for (uint32_t i = 0; p->sound && i < p->verdicts.n; i++) {
		fputs(i ? ",\n    " : "\n    ", out);
		json_claim(out, p, &p->verdicts.v[i]);
	}
}

static void json_roles(FILE *out, const struct policy *p)
{
	for (uint32_t i = 0; p->parsed && i < p->model.roles.n; i++) {
		const struct m_role *r = &p->model.roles.v[i];

		fprintf(out, "%s\n    { \"name\": \"%s\", \"confined\": %s, \"mute\": %s, \"declassifies\": %s }",
			i ? "," : "", r->name, role_is_confined(r) ? "true" : "false",
			role_is_mute(r) ? "true" : "false", r->declassifies ? "true" : "false");
	}
}

static void print_json(FILE *out, const struct policy *p)
{
	fputs("{ \"schema\": \"mica.check/1\", \"file\": ", out);
	json(out, p->src.path);
	fputs(", \"workflow\": ", out);
	json(out, p->parsed && p->model.name ? p->model.name : "");
	fprintf(out, ", \"ok\": %s%s,\n  \"claims\": [", p->diags.errors ? "false" : "true",
		p->component ? ", \"component\": true" : "");
	json_claims(out, p);
	fputs("],\n  \"roles\": [", out);
	json_roles(out, p);
	fputs("],\n  \"diagnostics\": ", out);
	json_diags(out, &p->diags);
	fputs(" }\n", out);
}

int cmd_check(int argc, char **argv)
{
	struct check_options o = { 0 };
	const char *why = NULL;
	struct cli_args args;
	struct policy p;
	int ret;

	if (!cli_parse(&check_spec, argc, argv, &o, &args))
		return args.status;
	ret = policy_open_file(&p, args.v[0], &why);
	if (ret == 2) {
		fprintf(stderr, "mica check: %s\n", why);
	} else {
		if (o.strict)
			diag_warnings_to_errors(&p.diags);
		ret = p.diags.errors ? EXIT_REFUSED : EXIT_HOLDS;
		if (o.json)
			print_json(stdout, &p);
		else
			print_report(stdout, &p);
	}
	policy_close(&p);
	return ret;
}
