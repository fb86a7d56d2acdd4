/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page around its sections. Its content security policy lets run only the script that is in it, by hash, and forbids
 * everything that would need a network: should a text of the policy ever get through unescaped, it is still only text.
 */
#include <inttypes.h>
#include <string.h>

#include "../../lib/hash/hash.h"
#include "../cli/cli.h"
#include "report.h"

static void print_base64(FILE *out, const uint8_t *b, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)b[i] << 16 | (i + 1 < n ? (uint32_t)b[i + 1] << 8 : 0) | (i + 2 < n ? b[i + 2] : 0);

		fprintf(out, "%c%c%c%c", digits[v >> 18], digits[v >> 12 & 63], i + 1 < n ? digits[v >> 6 & 63] : '=',
			i + 2 < n ? digits[v & 63] : '=');
	}
}

static void print_source_hash(FILE *out, const char *text)
{
	uint8_t digest[HASH_MAX_SIZE];

	hash(HASH_SHA256, text, strlen(text), digest);
	fputs("'sha256-", out);
	print_base64(out, digest, 32);
	fputc('\'', out);
}

static void head(FILE *out, const struct report *r)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ", out);
	print_source_hash(out, report_css);
	fputs("; script-src ", out);
	print_source_hash(out, report_js);
	fputs("\"/>\n<title>workflow ", out);
	html(out, r->g->m->name);
	fprintf(out, "</title>\n<style>%s</style>\n</head>\n", report_css);
}

static void count(FILE *out, const char *before, uint32_t n, const char *what)
{
	fprintf(out, "%s%" PRIu32 " %s%s", before, n, what, n == 1 ? "" : "s");
}

/* A policy without claims promises nothing, so there is nothing to be green about. */
static void verdict(FILE *out, const struct verdicts *v)
{
	uint32_t held = 0;

	for (uint32_t i = 0; i < v->n; i++)
		held += v->v[i].holds;
	if (v->n == 0)
		fputs("<p class=\"verdict bad\">makes no claim</p>\n", out);
	else
		fprintf(out, "<p class=\"verdict %s\">%s%" PRIu32 " of %" PRIu32 " claims hold</p>\n", held == v->n ? "good" : "bad",
			held == v->n ? "\u2713 " : "\u2717 ", held, v->n);
}

static void summary(FILE *out, const struct report *r)
{
	const struct model *m = r->g->m;
	const char *doc = words_workflow_doc(r->g);

	fputs("<header>\n<p class=\"kicker\">confidential workflow</p>\n", out);
	html_element(out, "h1", NULL, m->name);
	if (doc)
		html_element(out, "p", "doc", doc);
	verdict(out, &r->g->p->verdicts);
	count(out, "<p class=\"meta\">", m->roles.n, "role");
	count(out, ", ", m->channels.n, "channel");
	count(out, ", ", m->windows.n, "window");
	count(out, ", ", m->gates.n, "gate");
	fputs(". From ", out);
	html_element(out, "code", NULL, graph_src(r->g)->path);
	fputs(".</p>\n<nav aria-label=\"sections\">\n<a href=\"#flow\">Graph</a>\n<a href=\"#components\">Components</a>\n"
	      "<a href=\"#claims\">Claims</a>\n<a href=\"#wires\">Paths</a>\n<a href=\"#residual\">Residual</a>\n"
	      "<a href=\"#attestation\">Attestation</a>\n</nav>\n</header>\n", out);
}

static void legend(FILE *out)
{
	fputs("<ul class=\"legend\" aria-label=\"legend\">\n"
	      "<li><span class=\"key k-declassifies\"></span>trusted to release</li>\n"
	      "<li><span class=\"key k-confined\"></span>confined</li>\n"
	      "<li><span class=\"key k-unknown\"></span>unknown code</li>\n"
	      "<li><span class=\"key k-host\"></span>host</li>\n"
	      "<li><span class=\"stroke s-channel\"></span>channel (thin: acknowledgement)</li>\n"
	      "<li><span class=\"stroke s-gate\"></span>gate (thin: return)</li>\n"
	      "<li><span class=\"stroke s-window\"></span>window</li>\n"
	      "<li><span class=\"stroke s-right\"></span>control right</li>\n"
	      "<li><span class=\"stroke s-image\"></span>host chooses the code</li>\n"
	      "<li><span class=\"stroke s-hop\"></span>violates a claim</li>\n</ul>\n", out);
}

static void picture(FILE *out, const struct report *r)
{
	fputs("<section id=\"flow\">\n<h2>The flow graph</h2>\n<div class=\"stage\">\n<figure>\n<div class=\"tools\">\n"
	      "<span role=\"radiogroup\" aria-label=\"direction\">\n"
	      "<label><input type=\"radio\" name=\"way\" value=\"out\" checked=\"checked\"/>what it can influence</label>\n"
	      "<label><input type=\"radio\" name=\"way\" value=\"in\"/>what can influence it</label>\n</span>\n"
	      "<label><input type=\"checkbox\" id=\"stop\" checked=\"checked\"/>stop at roles trusted to release</label>\n"
	      "<button type=\"button\" id=\"reset\">Show all</button>\n</div>\n<div class=\"canvas\" tabindex=\"0\">\n", out);
	report_svg(out, r->svg, r->svg_size);
	fputs("</div>\n", out);
	legend(out);
	fputs("</figure>\n<aside id=\"panel\" aria-live=\"polite\">\n<p class=\"hint\">Choose a role or a path in the picture: what it may do "
	      "appears here, and what it reaches lights up. Tab moves, Enter chooses, Escape shows all.</p>\n</aside>\n</div>\n</section>\n", out);
}

void report_print(FILE *out, const struct report *r)
{
	head(out, r);
	fputs("<body>\n", out);
	summary(out, r);
	fputs("<main>\n", out);
	picture(out, r);
	report_roles(out, r);
	report_claims(out, r);
	report_wires(out, r);
	report_residual(out, r);
	report_tokens(out, r);
	fputs("</main>\n<footer><p>Written by mica " MICA_VERSION_TEXT ". A page is no proof: <code>mica check</code> proves the claims from the "
	      "policy, <code>mica verify</code> checks a token.</p></footer>\n", out);
	report_data(out, r);
	fprintf(out, "<script>%s</script>\n</body>\n</html>\n", report_js);
}
