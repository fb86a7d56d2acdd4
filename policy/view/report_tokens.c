/* SPDX-License-Identifier: Apache-2.0 */
/* What was attested, token by token, or the first check that failed. */
#include <inttypes.h>
#include <stdlib.h>

#include "report.h"

static void hex_row(FILE *out, const char *what, const uint8_t *b, size_t n, const char *note)
{
	html_element(out, "dt", NULL, what);
	fputs("<dd><code>", out);
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%02x", b[i]);
	fputs("</code>", out);
	if (*note)
		html_element(out, "p", "hint", note);
	fputs("</dd>\n", out);
}

static void roles(FILE *out, const struct built *b, const struct verify_result *v)
{
	fputs("<div class=\"scroll\"><table>\n<thead><tr><th>Role</th><th>Epoch</th><th>Measurement in the token</th><th>Policy</th></tr></thead>\n"
	      "<tbody>\n", out);
	for (unsigned int i = 0; i < v->n_roles; i++) {
		fputs("<tr>", out);
		html_element(out, "th", NULL, b->roles.v[i].name);
		fprintf(out, "<td>%" PRIu64 "</td><td><code>", v->roles[i].epoch);
		for (unsigned int k = 0; k < v->roles[i].rim_size; k++)
			fprintf(out, "%02x", v->roles[i].rim[k]);
		fprintf(out, "</code></td><td>%s</td></tr>\n", b->roles.v[i].pinned ? "pinned: the same" : "image any: the host chose it");
	}
	fputs("</tbody></table></div>\n", out);
}

static void accepted(FILE *out, const struct report *r, const struct report_token *t)
{
	const struct verify_result *v = &t->result;

	if (v->development)
		fputs("<p class=\"alarm\">DEVELOPMENT platform: an emulator with a well-known key. This proves nothing about hardware.</p>\n", out);
	fputs("<dl>\n", out);
	hex_row(out, "workflow ID", v->workflow_id, sizeof(v->workflow_id), "");
	hex_row(out, "instance ID", v->instance_id, sizeof(v->instance_id), "");
	hex_row(out, "challenge", v->challenge, sizeof(v->challenge), t->challenged ? "the one that was given" :
		"not compared with anything: the token may be an old one. Whoever sent the challenge can tell.");
	html_element(out, "dt", NULL, "delivered by");
	fputs("<dd>", out);
	html(out, r->built->roles.v[v->holder].name);
	fprintf(out, ", epoch %" PRIu32 "</dd>\n</dl>\n", v->holder_epoch);
	roles(out, r->built, v);
}

void report_tokens(FILE *out, const struct report *r)
{
	fputs("<section id=\"attestation\">\n<h2>What was attested</h2>\n", out);
	if (r->n_tokens == 0)
		fputs("<p>No token was given. This page says what the policy allows, not that anything runs under it.</p>\n", out);
	for (uint32_t i = 0; i < r->n_tokens; i++) {
		const struct report_token *t = &r->tokens[i];

		bool good = t->accepted && t->challenged;	/* an old token is no reason for green */

		fprintf(out, "<article class=\"claim %s\">\n<h3><span class=\"badge%s\">%s</span> ", good ? "holds" : t->accepted ? "open" :
			"violated", good ? " good" : t->accepted ? "" : " bad", good ? "accepted" : t->accepted ? "accepted, perhaps old" : "refused");
		html(out, t->file);
		fputs("</h3>\n", out);
		if (t->accepted)
			accepted(out, r, t);
		else
			html_element(out, "p", NULL, t->result.error);
		fputs("</article>\n", out);
	}
	fputs("</section>\n", out);
}
