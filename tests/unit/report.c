/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page of `mica report` as a document: well-formed, alone, and text of a policy, a path or a token is never markup in
 * it. A strict little parser reads the page: elements closed in order, attributes quoted, nothing but known entities.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../policy/view/report.h"

#define DEPTH	64

/* What the page is made of, as a browser would see it. */
struct page {
	unsigned int scripts, articles, loads, handlers;
	char wrong[160];			/* empty: well-formed */
};

static bool name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == ':';
}

static const char *wrong(struct page *p, const char *what, const char *at)
{
	snprintf(p->wrong, sizeof(p->wrong), "%s: %.60s", what, at);
	return NULL;
}

/* &name; or &#digits; */
static const char *entity(struct page *p, const char *s)
{
	static const char *const known[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&#8594;", "&#160;", "&#45;" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strncmp(s, known[i], strlen(known[i])) == 0)
			return s + strlen(known[i]);
	return wrong(p, "entity", s);
}

static const char *attributes(struct page *p, const char *s)
{
	while (s && *s == ' ') {
		const char *name = ++s;

		while (name_char(*s))
			s++;
		p->handlers += strncmp(name, "on", 2) == 0;
		p->loads += strncmp(name, "src", 3) == 0 || (strncmp(name, "href=\"", 6) == 0 && name[6] != '#');
		if (s == name || strncmp(s, "=\"", 2) != 0)
			return wrong(p, "attribute", name);
		for (s += 2; s && *s && *s != '"' && *s != '<'; )
			s = *s == '&' ? entity(p, s) : s + 1;
		if (!s || *s++ != '"')
			return wrong(p, "attribute value", name);
	}
	return s;
}

/* Script and style: up to their end tag, and nothing that XML would read as markup. */
static const char *raw_text(struct page *p, const char *s, const char *tag, size_t n)
{
	for (; *s && *s != '<'; s++)
		if (*s == '&')
			return wrong(p, "& in raw text", s);
	if (strncmp(s, "</", 2) != 0 || strncmp(s + 2, tag, n) != 0)
		return wrong(p, "raw text", s);
	return s;
}

static void count(struct page *p, const char *tag, size_t n)
{
	p->scripts += n == 6 && strncmp(tag, "script", 6) == 0;
	p->articles += n == 7 && strncmp(tag, "article", 7) == 0;
	p->loads += (n == 3 && strncmp(tag, "img", 3) == 0) || (n == 6 && strncmp(tag, "iframe", 6) == 0) ||
		    (n == 4 && strncmp(tag, "link", 4) == 0);
}

static void read_page(struct page *p, const char *s)
{
	struct { const char *tag; size_t n; } open[DEPTH];
	unsigned int depth = 0;

	*p = (struct page){ 0 };
	if (strncmp(s, "<!DOCTYPE html>\n", 16) != 0)
		(void)wrong(p, "no doctype", s);
	for (s += 16; !*p->wrong && s && *s; ) {
		bool end = s[0] == '<' && s[1] == '/';
		const char *tag = s + 1 + end;
		size_t n = 0;

		if (*s != '<') {
			s = *s == '&' ? entity(p, s) : *s == '>' ? wrong(p, "stray >", s) : s + 1;
			continue;
		}
		while (name_char(tag[n]))
			n++;
		if (n == 0) {
			s = wrong(p, "stray <", s);
		} else if (end) {
			if (depth == 0 || open[depth - 1].n != n || strncmp(open[depth - 1].tag, tag, n) != 0 || tag[n] != '>')
				s = wrong(p, "end tag", s);
			else
				s = tag + n + 1, depth--;
		} else {
			count(p, tag, n);
			s = attributes(p, tag + n);
			if (s && s[0] == '/' && s[1] == '>')
				s += 2;
			else if (!s || *s != '>' || depth == DEPTH)
				s = *p->wrong ? NULL : wrong(p, "tag", tag);
			else
				open[depth].tag = tag, open[depth++].n = n, s++;
			if (s && s[-2] != '/' && (strncmp(tag, "script", n) == 0 || strncmp(tag, "style", n) == 0))
				s = raw_text(p, s, tag, n);
		}
	}
	if (!*p->wrong && depth)
		(void)wrong(p, "never closed", open[depth - 1].tag);
}

/* ---- pages ---- */

static void open_policy(struct policy *p, struct graph *g, const char *path, const char *text)
{
	const char *why;
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	assert_int_not_equal(policy_open(p, path, &why), 2);
	unlink(path);
	if (!p->sound) {
		diag_print(&p->diags, stderr, false);
		fail();
	}
	graph_open(g, p);
}

static char *make_page(const struct graph *g, const struct built *b, const struct report_token *t, uint32_t n)
{
	struct report r = { .g = g, .built = b, .tokens = t, .n_tokens = n };
	const char *why;
	char *page = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&page, &size);

	picture_make(&r.pic, g, NULL, false);
	if (picture_svg(&r.pic, true, &r.svg, &r.svg_size, &why))
		fail_msg("%s", why);
	report_print(f, &r);
	fclose(f);
	return page;
}

static void must_be_sound(struct page *p, const char *text)
{
	read_page(p, text);
	if (*p->wrong)
		fail_msg("%s", p->wrong);
	assert_null(strstr(text, "http:"));
	assert_null(strstr(text, "https:"));
	assert_null(strstr(text, "url("));
	assert_null(strstr(text, "@import"));
	assert_int_equal(p->handlers, 0);
	assert_int_equal(p->loads, 0);
	assert_int_equal(p->scripts, 2);		/* the data and the page's own */
}

static const char *scratch(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "/dev/shm/mica-report-%d%s.mica", (int)getpid(), name);
	return path;
}

static const char plain[] =
	"workflow w {\n"
	"  realm a { image \"a.bin\" declassifies }\n"
	"  realm b { image any }\n"
	"  realm c, d { image \"c.bin\" }\n"
	"  window in 4KiB host -> a\n"
	"  control a { hostcall }\n"
	"  channel x 4KiB a -> b (ack)\n"
	"  channel y 4KiB { a, b } -> { c, d }\n"
	"  gate g c => d (args 1, results 1)\n"
	"  never b ~> host except via a\n"
	"  never b ~> c\n"
	"  must x ~> b\n"
	"}\n";

static void page_is_a_document(void **state)
{
	struct policy p;
	struct graph g;
	struct page page;
	char *text;

	(void)state;
	open_policy(&p, &g, scratch(""), plain);
	text = make_page(&g, NULL, NULL, 0);
	must_be_sound(&page, text);
	assert_int_equal(page.articles, 5 + 3);		/* four roles and the host, three claims */
	assert_non_null(strstr(text, "2 of 3 claims hold"));
	assert_non_null(strstr(text, "b can reach c in 1 hop"));
	assert_non_null(strstr(text, "No token was given"));
	free(text);
	policy_close(&p);
}

static void no_claim_is_not_green(void **state)
{
	struct policy p;
	struct graph g;
	struct page page;
	char *text;

	(void)state;
	open_policy(&p, &g, scratch(""), "workflow w { realm a { image any } }\n");
	text = make_page(&g, NULL, NULL, 0);
	must_be_sound(&page, text);
	assert_non_null(strstr(text, "makes no claim"));
	assert_null(strstr(text, "verdict good\">"));
	assert_non_null(strstr(text, "1 role, 0 channels"));
	free(text);
	policy_close(&p);
}

/* Every place where somebody else's text gets in, with text that would be markup, script, or end of script. */
static void text_is_never_markup(void **state)
{
	static const char hostile[] =
		"## </title></style></script><script>alert(1)</script> \"' &amp; <img src=x onerror=alert(2)>\n"
		"workflow w {\n"
		"  ## </p><iframe></iframe> --> ]]> \xe2\x80\xae turned\n"
		"  realm a { image \"<b>'&amp;</script><img src=x onerror=y>.bin\" }\n"
		"  ## <svg/onload=z> \" onmouseover=\"q\n"
		"  channel c 4KiB a -> b\n"
		"  realm b { image any }\n"
		"  never b ~> a\n"
		"}\n";
	struct report_token tokens[2] = { { .file = "\"><script>alert(3)</script>", .accepted = false },
					  { .file = "ok'\"<&>", .accepted = true } };
	struct built_role roles[2] = { { .name = "a", .pinned = true, .hash_size = 32 }, { .name = "b", .hash_size = 32 } };
	struct built b = { .roles = { .v = roles, .n = 2, .cap = 2 } };
	struct policy p;
	struct graph g;
	struct page page;
	char *text;

	(void)state;
	strcpy(tokens[0].result.error, "</p><script>alert(4)</script>");
	tokens[1].result.n_roles = 2;
	tokens[1].result.development = true;
	open_policy(&p, &g, scratch("<img src=x onerror=\"a\">'&\\"), hostile);
	text = make_page(&g, &b, tokens, 2);
	must_be_sound(&page, text);
	assert_null(strstr(text, "<img"));
	assert_null(strstr(text, "<iframe"));
	assert_null(strstr(text, "\xe2\x80\xae"));		/* turns the direction of reading */
	assert_non_null(strstr(text, "&lt;img src=x onerror=alert(2)&gt;"));
	assert_non_null(strstr(text, "&lt;script&gt;alert(3)"));
	assert_non_null(strstr(text, "&lt;script&gt;alert(4)"));
	assert_non_null(strstr(text, "DEVELOPMENT platform"));
	assert_non_null(strstr(text, "not compared with anything"));
	assert_non_null(strstr(text, "accepted, perhaps old"));
	assert_null(strstr(text, "badge good\">accepted"));
	free(text);
	policy_close(&p);
}

/* The parser above finds what it is there to find. */
static void checker_checks(void **state)
{
	static const char *const bad[] = {
		"<p>", "<p></b>", "<p>a & b</p>", "<p>a < b</p>", "<p a=b></p>", "<p a=\"b></p>", "</p>", "<p>&nope;</p>", "<p>a > b</p>",
		"<script>a && b</script>", "<script>'</scr'</script>",
	};
	char text[128];
	struct page p;

	(void)state;
	read_page(&p, "<!DOCTYPE html>\n<p class=\"a\">&lt;<br/></p>");
	assert_string_equal(p.wrong, "");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "<!DOCTYPE html>\n%s", bad[i]);
		read_page(&p, text);
		if (!*p.wrong)
			fail_msg("'%s' passes", bad[i]);
	}
	read_page(&p, "<!DOCTYPE html>\n<p onclick=\"a\"></p><script></script><img src=\"b\"/><a href=\"c\"></a><a href=\"#d\"></a>");
	assert_int_equal(p.handlers, 1);
	assert_int_equal(p.scripts, 1);
	assert_int_equal(p.loads, 3);			/* the element, its source, the link that leaves the page */
}

/* What a policy may call things does not reach Graphviz's language: its path is the only foreign text there. */
static void dot_text_is_closed(void **state)
{
	struct policy p;
	struct graph g;
	struct picture pic;
	const char *svg, *why;
	size_t size;

	(void)state;
	open_policy(&p, &g, scratch("\"; x [label=\"pwned\"]; \\"), plain);
	picture_make(&pic, &g, NULL, true);
	if (picture_svg(&pic, false, &svg, &size, &why))
		fail_msg("%s", why);
	assert_null(strstr(svg, ">pwned<"));
	assert_non_null(strstr(svg, ">host<"));
	policy_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checker_checks),
		cmocka_unit_test(page_is_a_document),
		cmocka_unit_test(no_claim_is_not_green),
		cmocka_unit_test(text_is_never_markup),
		cmocka_unit_test(dot_text_is_closed),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
