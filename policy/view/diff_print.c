/* SPDX-License-Identifier: Apache-2.0 */
/* Changes as text, and as JSON of schema mica.diff/1 (docs/policy-tools.md). */
#include <inttypes.h>
#include <string.h>

#include "../cli/json.h"
#include "diff.h"

static void print_change(FILE *out, const struct change *c)
{
	bool by = *c->by, note = *c->note;

	fprintf(out, "%c %-8s", c->sign, change_word(c->kind));
	if (c->kind == CHANGE_CLAIM)
		fprintf(out, "%-48s  %s%s%s\n", c->subject, c->by, note ? "   " : "", c->note);
	else if (!by && !note)
		fprintf(out, "%s\n", c->subject);
	else if (!note)
		fprintf(out, "%-26s  %s\n", c->subject, c->by);
	else if (!by)
		fprintf(out, "%-26s  %s\n", c->subject, c->note);
	else
		fprintf(out, "%-26s  %-33s  %s\n", c->subject, c->by, c->note);
}

static void print_widened(FILE *out, const struct diff *d)
{
	static const struct { enum change_kind kind; char sign; const char *one, *many; } counts[] = {
		{ CHANGE_FLOW, '+', "flow", "flows" }, { CHANGE_RIGHT, '+', "right", "rights" },
		{ CHANGE_CLAIM, '~', "claim weaker", "claims weaker" }, { CHANGE_CLAIM, '+', "claim violated", "claims violated" },
	};
	const char *sep = "widened: ";

	for (size_t k = 0; k < sizeof(counts) / sizeof(counts[0]); k++) {
		uint32_t n = 0;

		for (uint32_t i = 0; i < d->changes.n; i++)
			n += d->changes.v[i].kind == counts[k].kind && d->changes.v[i].sign == counts[k].sign && d->changes.v[i].widens;
		if (n == 0)
			continue;
		fprintf(out, "%s%" PRIu32 " %s", sep, n, n == 1 ? counts[k].one : counts[k].many);
		sep = ", ";
	}
	fputs(*sep == 'w' ? "widened: reach\n" : "\n", out);
}

void diff_print(FILE *out, const struct diff *d)
{
	for (uint32_t i = 0; i < d->changes.n; i++)
		print_change(out, &d->changes.v[i]);
	if (d->changes.n == 0)
		fputs("no difference\n", out);
	else if (diff_widens(d))
		print_widened(out, d);
	else
		fputs("nothing widened\n", out);
}

static void text(FILE *out, const char *key, const char *s)
{
	fprintf(out, ", \"%s\": ", key);
	json(out, s);
}

void diff_print_json(FILE *out, const struct diff *d)
{
	fputs("{ \"schema\": \"mica.diff/1\"", out);
	text(out, "old", graph_src(d->pairs.old)->path);
	text(out, "new", graph_src(d->pairs.new)->path);
	fprintf(out, ", \"ok\": true, \"widened\": %s,\n  \"changes\": [", diff_widens(d) ? "true" : "false");
	for (uint32_t i = 0; i < d->changes.n; i++) {
		const struct change *c = &d->changes.v[i];

		fprintf(out, "%s\n  { \"sign\": \"%c\", \"kind\": \"%s\", \"widens\": %s", i ? "," : "", c->sign, change_word(c->kind),
			c->widens ? "true" : "false");
		text(out, "subject", c->subject);
		text(out, "by", c->by);
		text(out, "note", c->note);
		fputs(" }", out);
	}
	fputs("] }\n", out);
}
