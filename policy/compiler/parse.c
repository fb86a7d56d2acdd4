/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parser: one token of lookahead, no recursion. An item in error is reported once, at its first fault, and
 * left out; parsing goes on at the next item. Source: docs/spec/policy-language.md section 2.
 */
#include <string.h>

#include "parse.h"

/* ---- tokens ---- */

/* `##` before anything but a declaration: W911. Where something is skipped, nothing is said. */
static void lost_doc(struct parser *p)
{
	struct diag *g;

	if (p->t.doc.n == 0 || p->failed)
		return;
	g = diag_warning(p->lex.diags, "W911", p->lex.src, p->t.doc.v[0], "doc comment before nothing");
	diag_hint(p->lex.diags, g, "it belongs before a statement; one `#` starts a plain comment");
	p->t.doc.n = 0;
}

void advance(struct parser *p)
{
	lost_doc(p);
	if (is_punct(p, "{"))
		p->depth++;
	if (is_punct(p, "}") && p->depth > 0)
		p->depth--;
	p->last_end = p->t.at.end;
	p->t = lex_next(&p->lex);
}

bool is_punct(const struct parser *p, const char *s)
{
	return p->t.kind == TOK_PUNCT && strcmp(p->t.text, s) == 0;
}

bool is_name(const struct parser *p, const char *s)
{
	return p->t.kind == TOK_NAME && strcmp(p->t.text, s) == 0;
}

bool take(struct parser *p, const char *s)
{
	if (!is_punct(p, s))
		return false;
	advance(p);
	return true;
}

static const char *found(struct parser *p)
{
	if (p->t.kind == TOK_END)
		return "the end of the file";
	return arena_printf(p->lex.arena, p->t.kind == TOK_STRING ? "\"%s\"" : "'%s'", p->t.text);
}

/* Only the first fault of an item is told; a bad token has been told by the lexer. */
struct diag *fault(struct parser *p, const char *code, const char *message)
{
	struct diag *g = NULL;

	/* at the end of the file the open brace is the one fault, and P022 tells it */
	if (!p->failed && p->t.kind != TOK_BAD && !(p->t.kind == TOK_END && p->depth > 0))
		g = diag_error(p->lex.diags, code, p->lex.src, p->t.at, "%s", message);
	p->failed = true;
	/* a statement's word in the middle of a line is not where the next statement begins */
	if (g && !p->t.first && p->t.kind == TOK_NAME && is_reserved(p->t.text))
		advance(p);
	return g;
}

void expected(struct parser *p, const char *what)
{
	bool capitals = p->t.kind == TOK_CONST && (strcmp(what, "a name") == 0 || strcmp(what, "a role") == 0);
	struct diag *g = fault(p, "P020", arena_printf(p->lex.arena, "expected %s, found %s", what, found(p)));

	if (g && p->syntax)
		diag_hint(p->lex.diags, g, "%s", p->syntax);
	if (g && capitals)
		diag_hint(p->lex.diags, g, "names are small letters; words in capitals are constants");
}

void expect(struct parser *p, const char *punct)
{
	if (!p->failed && !take(p, punct))
		expected(p, arena_printf(p->lex.arena, "'%s'", punct));
}

bool empty_list(struct parser *p, const char *close)
{
	struct diag *g;

	if (p->failed || !is_punct(p, close))
		return false;
	g = fault(p, "P025", "empty list");
	diag_hint(p->lex.diags, g, "leave the statement out: nothing listed is nothing granted");
	return true;
}

/* ---- names and numbers ---- */

static struct ref take_ref(struct parser *p)
{
	struct ref r = { p->t.text, p->t.at };

	advance(p);
	return r;
}

static struct ref no_ref(const struct parser *p)
{
	return (struct ref){ "", p->t.at };
}

struct ref new_name(struct parser *p, const char *what)
{
	const char *word = p->t.text;
	struct diag *g;

	if (p->failed)
		return no_ref(p);
	if (p->t.kind == TOK_NAME && is_reserved(word)) {
		g = fault(p, "P021", arena_printf(p->lex.arena, "'%s' is a reserved word", word));
		diag_hint(p->lex.diags, g, "pick another name, e.g. %s_", word);
	} else if (p->t.kind != TOK_NAME) {
		expected(p, what);
	}
	return p->failed ? no_ref(p) : take_ref(p);
}

static bool meant(const struct parser *p, unsigned int also)
{
	return !is_reserved(p->t.text) || (also & ALSO_HOST && is_name(p, "host")) ||
	       (also & ALSO_ANY && is_name(p, "any")) || (also & ALSO_SELF && is_name(p, "self"));
}

struct ref use_name(struct parser *p, const char *what, unsigned int also)
{
	struct diag *g;

	if (p->failed)
		return no_ref(p);
	if (also & ALSO_SELF && !p->component && is_name(p, "self")) {
		g = fault(p, "P021", "'self' is a reserved word");
		diag_hint(p->lex.diags, g, "it means something in component files only");
	} else if (p->t.kind != TOK_NAME || !meant(p, also)) {
		expected(p, what);
	}
	return p->failed ? no_ref(p) : take_ref(p);
}

void use_names(struct parser *p, struct refs *out, const char *what, unsigned int also)
{
	do
		*VEC_ADD(p->lex.arena, out) = use_name(p, what, also);
	while (!p->failed && take(p, ","));
}

struct num number(struct parser *p, const char *what)
{
	struct num n = { .at = p->t.at, .value = p->t.value, .name = p->t.text };

	if (p->failed)
		return n;
	switch (p->t.kind) {
	case TOK_INT: n.kind = NUM_INT; break;
	case TOK_SIZE: n.kind = NUM_SIZE; break;
	case TOK_CONST: n.kind = NUM_CONST; break;
	default:
		expected(p, what);
		return n;
	}
	advance(p);
	return n;
}

/* Where the grammar has INT and no CONST. */
struct num integer(struct parser *p, const char *what)
{
	if (!p->failed && p->t.kind != TOK_INT)
		expected(p, what);
	return number(p, what);
}

/* ---- items ---- */

/*
 * To the next thing that begins an item, or to the brace that closes the file. The words of a workflow are reserved: one
 * that stands first on its line begins an item, however many braces are open.
 */
static void recover(struct parser *p)
{
	while (p->t.kind != TOK_END) {
		const struct statement *s = statement_at(p);

		if (s && p->t.first && (p->depth <= 1 || !p->component)) {
			p->depth = 1;
			return;
		}
		if (p->depth <= 1 && ((s && !p->component) || is_punct(p, "}") || is_punct(p, ";")))
			return;
		advance(p);
	}
}

/* A word that belongs to a statement but stands outside the brackets it belongs into: how it is written. */
static const char *left_behind(const char *word)
{
	static const struct { const char *words[10], *hint; } rows[] = {
		{ { "ack", "signal", "keep" }, "attributes of a channel stand in parentheses: (ack, signal)" },
		{ { "via", "unless", "without" }, "an exception ends a never claim: never A ~> B except via C" },
		{ { "args", "results" }, "the words of a gate stand in parentheses: (args N, results M)" },
		{ { "hostcall", "psci", "timer", "audit", "mmio", "interrupts" }, "rights stand in braces: control ROLE { RIGHT, ... }" },
		{ { "image", "measurement", "memory", "vcpus", "native", "linux", "restart", "declassifies", "peer" },
		  "attributes of a realm stand in its braces: realm NAME { image \"FILE\" ... }" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t k = 0; rows[i].words[k]; k++)
			if (strcmp(rows[i].words[k], word) == 0)
				return rows[i].hint;
	return NULL;
}

/* What the unknown statement would have declared is not unknown later on. */
static void unknown_statement(struct parser *p, struct ast *ast)
{
	const char *near, *other;
	struct diag *g;

	if (p->t.kind == TOK_BAD)
		p->failed = true;
	if (p->t.kind != TOK_NAME && p->t.kind != TOK_CONST && p->t.kind != TOK_BAD) {
		p->syntax = p->component ?
			"a statement begins with image, memory, in, out, inout, window, gate, control, peer or require" :
			"a statement begins with const, set, realm, channel, window, gate, control, never or must";
		expected(p, "a statement");
		advance(p);
		return;
	}
	near = statement_near(p);
	other = p->component ? NULL : left_behind(p->t.text);
	g = fault(p, "P024", arena_printf(p->lex.arena, "no statement begins with '%s'", p->t.text));
	if (g && (other || near))
		diag_hint(p->lex.diags, g, other ? "%s" : "did you mean %s?", other ? other : near);
	do {
		advance(p);
		if ((p->t.kind == TOK_NAME && !is_reserved(p->t.text)) || p->t.kind == TOK_CONST) {
			*VEC_ADD(p->lex.arena, &ast->bad) = (struct ref){ p->t.text, p->t.at };
			advance(p);
		}
	} while (is_punct(p, ","));
}

static void take_doc(struct parser *p, struct lines *out)
{
	for (uint32_t i = 0; i < p->t.doc.n; i++) {
		const char *text = p->lex.src->text + p->t.doc.v[i].begin;
		uint32_t n = p->t.doc.v[i].end - p->t.doc.v[i].begin, from = 2;

		while (from < n && text[from] == '#')
			from++;
		if (from < n && text[from] == ' ')
			from++;
		while (n > from && (text[n - 1] == ' ' || text[n - 1] == '\t' || text[n - 1] == '\r'))
			n--;
		*VEC_ADD(p->lex.arena, out) = arena_strndup(p->lex.arena, text + from, n - from);
	}
	p->t.doc.n = 0;
}

/* What an item in error would have declared is not unknown later on. */
static void keep_names(struct parser *p, const struct item *it, struct ast *ast)
{
	for (uint32_t i = 0; it->kind != ITEM_SET && it->kind != ITEM_CONTROL && i < it->names.n; i++)
		*VEC_ADD(p->lex.arena, &ast->bad) = it->names.v[i];
	if (it->kind == ITEM_SET && it->set.name)
		*VEC_ADD(p->lex.arena, &ast->bad) = it->set;
	for (uint32_t i = 0; it->kind == ITEM_CONTROL && i < it->attrs.n; i++)
		if (it->attrs.v[i].ref.name)
			*VEC_ADD(p->lex.arena, &ast->bad) = it->attrs.v[i].ref;
}

static void item(struct parser *p, struct ast *ast)
{
	const struct statement *s = statement_at(p);
	struct item it = { .word = p->t.at, .src = p->lex.src };

	p->failed = false;
	p->syntax = NULL;
	take_doc(p, &it.doc);
	if (!s) {
		unknown_statement(p, ast);
		recover(p);
		return;
	}
	p->syntax = s->syntax;
	it.kind = s->kind;
	if (!p->component || s->kind != ITEM_ATTR)	/* those are told apart by their first word, like a realm's */
		advance(p);
	if (p->component)
		component_item(p, &it, s->word);
	else
		workflow_item(p, &it);
	p->failed = p->failed || (p->t.kind == TOK_BAD && !p->t.first);	/* what follows on the line belongs to it */
	if (p->failed) {
		keep_names(p, &it, ast);
		recover(p);
		return;
	}
	it.at = (struct span){ it.word.begin, p->last_end };
	*VEC_ADD(p->lex.arena, &ast->items) = it;
}

static void items(struct parser *p, struct ast *ast)
{
	while (p->t.kind != TOK_END && !is_punct(p, "}")) {
		item(p, ast);
		while (take(p, ";"))
			;
	}
	p->failed = false;
}

static void file(struct parser *p, struct ast *ast)
{
	const char *what = ast->component ? "component" : "workflow";
	struct span open;
	struct diag *g;

	take_doc(p, &ast->doc);
	advance(p);
	ast->workflow = new_name(p, "a name");
	open = p->t.at;
	expect(p, "{");
	if (p->failed)
		return;
	items(p, ast);
	if (p->t.kind == TOK_END && p->lex.torn)
		return;
	if (p->t.kind == TOK_END) {
		g = diag_error(p->lex.diags, "P022", p->lex.src, p->t.at, "'{' is never closed");
		diag_note(p->lex.diags, g, p->lex.src, open, "opened here");
		return;
	}
	advance(p);
	if (p->t.kind != TOK_END) {
		g = fault(p, "P023", arena_printf(p->lex.arena, "text after the end of the %s", what));
		if (g)
			diag_hint(p->lex.diags, g, "one %s a file", what);
	}
	lost_doc(p);
}

bool parse(struct arena *a, struct diags *d, const struct source *src, struct ast *ast)
{
	struct parser p = { .lex = { .arena = a, .diags = d, .src = src } };

	p.syntax = "workflow NAME { ... }";
	p.t = lex_next(&p.lex);
	ast->component = p.component = is_name(&p, "component");
	if (!p.component && !is_name(&p, "workflow")) {
		expected(&p, "'workflow' or 'component'");
		return false;
	}
	file(&p, ast);
	return true;
}
