/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parser: one token of lookahead, no recursion. An item in error is reported once, at its first fault, and
 * left out; parsing goes on at the next item. Source: docs/spec/policy-language.md section 2.
 */
#include <string.h>

#include "ast.h"
#include "lex.h"

struct parser {
	struct lexer lex;
	struct token t;			/* lookahead */
	uint32_t last_end;		/* end of the token before it */
	unsigned int depth;		/* of braces */
	const char *syntax;		/* of the statement at hand, for hints */
	bool failed;			/* the item at hand is in error */
};

static const struct { const char *word; enum item_kind kind; const char *syntax; } statements[] = {
	{ "const", ITEM_CONST, "const NAME = SIZE or INT" },
	{ "set", ITEM_SET, "set NAME = { ROLE, ... }" },
	{ "realm", ITEM_REALM, "realm NAME { image \"FILE\" ... }" },
	{ "channel", ITEM_CHANNEL, "channel NAME SIZE WRITERS -> READERS" },
	{ "window", ITEM_WINDOW, "window NAME SIZE host -> ROLE, or ROLE -> host" },
	{ "gate", ITEM_GATE, "gate NAME CALLER => CALLEE (args N, results M)" },
	{ "control", ITEM_CONTROL, "control ROLE { RIGHT, ... }" },
	{ "never", ITEM_NEVER, "never A ~> B except via C" },
	{ "must", ITEM_MUST, "must A ~> B" },
};
#define N_STATEMENTS (sizeof(statements) / sizeof(statements[0]))

/* ---- tokens ---- */

static void advance(struct parser *p)
{
	if (p->t.kind == TOK_PUNCT && strcmp(p->t.text, "{") == 0)
		p->depth++;
	if (p->t.kind == TOK_PUNCT && strcmp(p->t.text, "}") == 0 && p->depth > 0)
		p->depth--;
	p->last_end = p->t.at.end;
	p->t = lex_next(&p->lex);
}

static bool is_punct(const struct parser *p, const char *s)
{
	return p->t.kind == TOK_PUNCT && strcmp(p->t.text, s) == 0;
}

static bool is_name(const struct parser *p, const char *s)
{
	return p->t.kind == TOK_NAME && strcmp(p->t.text, s) == 0;
}

static bool take(struct parser *p, const char *s)
{
	if (!is_punct(p, s))
		return false;
	advance(p);
	return true;
}

static const char *found(struct parser *p)
{
	return p->t.kind == TOK_END ? "the end of the file" :
	       arena_printf(p->lex.arena, "'%s'", p->t.text);
}

/* Only the first fault of an item is told; a bad token has been told by the lexer. */
static struct diag *fault(struct parser *p, const char *code, const char *message)
{
	struct diag *g = NULL;

	/* at the end of the file the open brace is the one fault, and P022 tells it */
	if (!p->failed && p->t.kind != TOK_BAD && !(p->t.kind == TOK_END && p->depth > 0))
		g = diag_error(p->lex.diags, code, p->lex.src, p->t.at, "%s", message);
	p->failed = true;
	return g;
}

static void expected(struct parser *p, const char *what)
{
	struct diag *g = fault(p, "P020", arena_printf(p->lex.arena, "expected %s, found %s", what, found(p)));

	if (g && p->syntax)
		diag_hint(p->lex.diags, g, "%s", p->syntax);
}

static void expect(struct parser *p, const char *punct)
{
	if (!p->failed && !take(p, punct))
		expected(p, arena_printf(p->lex.arena, "'%s'", punct));
}

static struct ref take_ref(struct parser *p)
{
	struct ref r = { p->t.text, p->t.at };

	advance(p);
	return r;
}

/* A name that declares something. */
static struct ref new_name(struct parser *p, const char *what)
{
	struct diag *g;

	if (p->failed)
		return (struct ref){ "", p->t.at };
	if (p->t.kind == TOK_NAME && is_reserved(p->t.text)) {
		g = fault(p, "P021", arena_printf(p->lex.arena, "'%s' is a reserved word", p->t.text));
		if (g)
			diag_hint(p->lex.diags, g, "pick another name, e.g. %s_", p->t.text);
	} else if (p->t.kind != TOK_NAME) {
		expected(p, what);
	}
	return take_ref(p);
}

static struct num number(struct parser *p, const char *what)
{
	struct num n = { .at = p->t.at, .value = p->t.value, .name = p->t.text };

	switch (p->t.kind) {
	case TOK_INT: n.kind = NUM_INT; break;
	case TOK_SIZE: n.kind = NUM_SIZE; break;
	case TOK_CONST: n.kind = NUM_CONST; break;
	default:
		expected(p, what);
		return n;
	}
	if (!p->failed)
		advance(p);
	return n;
}

/* ---- lists ---- */

static void empty_list(struct parser *p)
{
	struct diag *g = fault(p, "P025", "empty list");

	if (g)
		diag_hint(p->lex.diags, g, "leave the statement out: nothing listed is nothing granted");
}

/* Where a name is used: any NAME, `host` and the like included; what it means is for the resolver. */
static struct ref use_name(struct parser *p, const char *what)
{
	if (!p->failed && p->t.kind != TOK_NAME)
		expected(p, what);
	return p->failed ? (struct ref){ "", p->t.at } : take_ref(p);
}

static void names(struct parser *p, struct refs *out, const char *what)
{
	do
		*VEC_ADD(p->lex.arena, out) = use_name(p, what);
	while (!p->failed && take(p, ","));
}

/* NAME | "{" NAME { "," NAME } "}" */
static void braced_names(struct parser *p, struct refs *out, const char *what)
{
	if (!is_punct(p, "{")) {
		*VEC_ADD(p->lex.arena, out) = use_name(p, what);
		return;
	}
	advance(p);
	if (is_punct(p, "}")) {
		empty_list(p);
		return;
	}
	names(p, out, what);
	expect(p, "}");
}

static struct end one_end(struct parser *p)
{
	struct end e = { .role = use_name(p, "a role") };

	if (!p->failed && take(p, "."))
		e.port = use_name(p, "a port");
	return e;
}

static void ends(struct parser *p, struct ends *out)
{
	if (!is_punct(p, "{")) {
		*VEC_ADD(p->lex.arena, out) = one_end(p);
		return;
	}
	advance(p);
	if (is_punct(p, "}")) {
		empty_list(p);
		return;
	}
	do
		*VEC_ADD(p->lex.arena, out) = one_end(p);
	while (!p->failed && take(p, ","));
	expect(p, "}");
}

static void arrow(struct parser *p, struct item *it)
{
	if (p->failed)
		return;
	it->arrow = p->t.at;
	it->two_way = is_punct(p, "<->");
	if (it->two_way || is_punct(p, "->"))
		advance(p);
	else
		expected(p, "'->' or '<->'");
}

/* ---- attributes ---- */

static struct diag *unknown(struct parser *p, const char *const *known, const char *here)
{
	struct diag *g = fault(p, "P026", arena_printf(p->lex.arena, "unknown attribute '%s'", p->t.text));
	const char *best = NULL;
	unsigned int best_d = 3;

	for (size_t i = 0; known[i]; i++) {
		unsigned int d = edit_distance(p->t.text, known[i], 2);

		if (d < best_d) {
			best = known[i];
			best_d = d;
		}
	}
	if (g && best)
		diag_hint(p->lex.diags, g, "did you mean %s? here: %s", best, here);
	else if (g)
		diag_hint(p->lex.diags, g, "here: %s", here);
	return g;
}

static bool listed(const char *word, const char *const *known)
{
	for (size_t i = 0; known[i]; i++)
		if (strcmp(word, known[i]) == 0)
			return true;
	return false;
}

static struct attr *add_attr(struct parser *p, struct item *it, const char *code)
{
	struct attr *a;

	for (uint32_t i = 0; i < it->attrs.n; i++) {
		struct diag *g;

		if (strcmp(it->attrs.v[i].word, p->t.text) != 0 || it->attrs.v[i].ref.name)
			continue;
		g = diag_error(p->lex.diags, code, p->lex.src, p->t.at,
			       strcmp(code, "P027") == 0 ? "'%s' given twice" : "'%s' is listed twice",
			       p->t.text);
		diag_note(p->lex.diags, g, p->lex.src, it->attrs.v[i].at, "first given here");
		p->failed = true;
	}
	a = VEC_ADD(p->lex.arena, &it->attrs);
	a->word = p->t.text;
	a->at = p->t.at;
	advance(p);
	return a;
}

static void image(struct parser *p, struct attr *a)
{
	if (is_name(p, "any")) {
		a->any = true;
		advance(p);
		return;
	}
	if (p->t.kind != TOK_STRING) {
		expected(p, "any or a path in quotes");
		return;
	}
	a->path = p->t.text;
	advance(p);
	if (is_name(p, "sha256") || is_name(p, "sha512")) {
		a->algo = p->t.text;
		advance(p);
	}
}

static void measurement(struct parser *p, struct attr *a)
{
	uint8_t *hash;

	if (p->t.kind != TOK_HASH) {
		expected(p, "a hash, sha256:... or sha512:...");
		return;
	}
	hash = arena_alloc(p->lex.arena, sizeof(p->t.hash));
	memcpy(hash, p->t.hash, sizeof(p->t.hash));
	a->hash = hash;
	a->hash_size = (uint32_t)p->t.value;
	advance(p);
}

static void realm_attr(struct parser *p, struct item *it)
{
	static const char *const known[] = { "image", "measurement", "memory", "vcpus", "native", "linux",
					     "restart", "declassifies", "peer", NULL };
	struct attr *a;

	if (p->t.kind != TOK_NAME) {
		expected(p, "an attribute of the realm");
		return;
	}
	if (!listed(p->t.text, known)) {
		unknown(p, known, "image, measurement, memory, vcpus, native, linux, restart, declassifies");
		return;
	}
	a = add_attr(p, it, "P027");
	if (p->failed)
		return;
	if (strcmp(a->word, "image") == 0)
		image(p, a);
	else if (strcmp(a->word, "measurement") == 0)
		measurement(p, a);
	else if (strcmp(a->word, "memory") == 0)
		a->num = number(p, "a size");
	else if (strcmp(a->word, "vcpus") == 0)
		a->num = number(p, "a count");
	else if (strcmp(a->word, "peer") == 0) {
		a->ref = use_name(p, "a peer");
		expect(p, "=");
		a->ref2 = use_name(p, "a role");
	}
}

static void channel_attrs(struct parser *p, struct item *it)
{
	static const char *const known[] = { "ack", "signal", "keep", NULL };

	if (p->failed || !take(p, "("))
		return;
	do {
		if (p->t.kind != TOK_NAME)
			expected(p, "ack, signal or keep");
		else if (!listed(p->t.text, known))
			unknown(p, known, "ack, signal, keep");
		else
			add_attr(p, it, "P027");
	} while (!p->failed && take(p, ","));
	expect(p, ")");
}

static void right(struct parser *p, struct item *it)
{
	static const char *const known[] = { "hostcall", "psci", "timer", "audit", "mmio", "interrupts", NULL };
	struct attr *a;

	if (p->t.kind != TOK_NAME) {
		expected(p, "a right");
		return;
	}
	if (!listed(p->t.text, known)) {
		unknown(p, known, "hostcall, psci, timer, audit, mmio, interrupts");
		return;
	}
	a = add_attr(p, it, "P402");
	if (strcmp(a->word, "mmio") == 0) {
		a->ref = new_name(p, "a name");
		a->num = number(p, "a size");
		if (!p->failed && is_name(p, "at")) {
			advance(p);
			a->place = number(p, "an address");
		}
	} else if (strcmp(a->word, "interrupts") == 0) {
		expect(p, "(");
		do
			*VEC_ADD(p->lex.arena, &a->nums) = number(p, "an interrupt number");
		while (!p->failed && take(p, ","));
		expect(p, ")");
	}
}

/* ---- items ---- */

static void item_realm(struct parser *p, struct item *it)
{
	do
		*VEC_ADD(p->lex.arena, &it->names) = new_name(p, "a name");
	while (!p->failed && take(p, ","));
	if (!p->failed && is_name(p, "from")) {
		it->from_at = p->t.at;
		advance(p);
		if (p->t.kind != TOK_STRING)
			expected(p, "a path in quotes");
		it->from = p->t.text;
		if (!p->failed)
			advance(p);
	}
	if (p->failed || !take(p, "{"))
		return;
	while (!p->failed && !is_punct(p, "}")) {
		realm_attr(p, it);
		while (!p->failed && take(p, ";"))
			;
	}
	expect(p, "}");
}

static void item_channel(struct parser *p, struct item *it)
{
	*VEC_ADD(p->lex.arena, &it->names) = new_name(p, "a name");
	if (!p->failed)
		it->value = number(p, "a size");
	ends(p, &it->left);
	arrow(p, it);
	ends(p, &it->right);
	channel_attrs(p, it);
}

static void item_window(struct parser *p, struct item *it)
{
	struct diag *g;

	*VEC_ADD(p->lex.arena, &it->names) = new_name(p, "a name");
	if (!p->failed)
		it->value = number(p, "a size");
	ends(p, &it->left);
	arrow(p, it);
	ends(p, &it->right);
	if (!p->failed && is_punct(p, "(")) {
		g = fault(p, "P313", "a window has no attributes");
		if (g)
			diag_hint(p->lex.diags, g, "declare it `<->`, or `control %s { hostcall }`",
				  strcmp(it->left.v[0].role.name, "host") != 0 ?
				  it->left.v[0].role.name : it->right.v[0].role.name);
	}
}

static void gate_word(struct parser *p, const char *word, struct num *out)
{
	if (p->failed)
		return;
	if (!is_name(p, word)) {
		expected(p, arena_printf(p->lex.arena, "'%s'", word));
		return;
	}
	advance(p);
	*out = number(p, "a count");
}

static void item_gate(struct parser *p, struct item *it)
{
	*VEC_ADD(p->lex.arena, &it->names) = new_name(p, "a name");
	*VEC_ADD(p->lex.arena, &it->left) = one_end(p);
	it->arrow = p->t.at;
	expect(p, "=>");
	*VEC_ADD(p->lex.arena, &it->right) = one_end(p);
	expect(p, "(");
	gate_word(p, "args", &it->value);
	expect(p, ",");
	gate_word(p, "results", &it->value2);
	expect(p, ")");
}

static void item_control(struct parser *p, struct item *it)
{
	braced_names(p, &it->names, "a role");
	expect(p, "{");
	if (!p->failed && is_punct(p, "}")) {
		empty_list(p);
		return;
	}
	while (!p->failed) {
		right(p, it);
		if (p->failed || !take(p, ","))
			break;
	}
	expect(p, "}");
}

static void item_claim(struct parser *p, struct item *it)
{
	struct diag *g;

	braced_names(p, &it->a, "a role, a channel, host or any");
	expect(p, "~>");
	braced_names(p, &it->b, "a role, a channel, host or any");
	if (p->failed || !is_name(p, "except"))
		return;
	if (it->kind == ITEM_MUST) {
		g = fault(p, "P509", "a must claim has no exception");
		(void)g;
		return;
	}
	advance(p);
	if (!is_name(p, "via")) {
		expected(p, "'via'");
		return;
	}
	advance(p);
	it->has_via = true;
	names(p, &it->via, "a role");
}

static void item_body(struct parser *p, struct item *it)
{
	switch (it->kind) {
	case ITEM_CONST:
		if (p->t.kind != TOK_CONST)
			expected(p, "a name in upper case");
		*VEC_ADD(p->lex.arena, &it->names) = take_ref(p);
		expect(p, "=");
		if (!p->failed)
			it->value = number(p, "a size or a number");
		if (!p->failed && it->value.kind == NUM_CONST)
			expected(p, "a size or a number");
		break;
	case ITEM_SET:
		it->set = new_name(p, "a name");
		expect(p, "=");
		if (!p->failed && !is_punct(p, "{"))
			expected(p, "'{'");
		braced_names(p, &it->names, "a role");
		break;
	case ITEM_REALM: item_realm(p, it); break;
	case ITEM_CHANNEL: item_channel(p, it); break;
	case ITEM_WINDOW: item_window(p, it); break;
	case ITEM_GATE: item_gate(p, it); break;
	case ITEM_CONTROL: item_control(p, it); break;
	case ITEM_NEVER:
	case ITEM_MUST: item_claim(p, it); break;
	}
}

static int statement_of(const struct parser *p)
{
	for (size_t i = 0; i < N_STATEMENTS; i++)
		if (is_name(p, statements[i].word))
			return (int)i;
	return -1;
}

/* To the next thing that begins an item, or to the brace that closes the workflow. */
static void recover(struct parser *p)
{
	while (p->t.kind != TOK_END) {
		if (p->depth <= 1 && (statement_of(p) >= 0 || is_punct(p, "}")))
			return;
		advance(p);
	}
}

static void unknown_statement(struct parser *p)
{
	struct diag *g;

	if (p->t.kind != TOK_NAME && p->t.kind != TOK_CONST) {
		p->syntax = "a statement begins with const, set, realm, channel, window, gate, control, never or must";
		expected(p, "a statement");
		return;
	}
	g = fault(p, "P024", arena_printf(p->lex.arena, "no statement begins with '%s'", p->t.text));
	for (size_t i = 0; g && i < N_STATEMENTS; i++)
		if (edit_distance(p->t.text, statements[i].word, 2) <= 2) {
			diag_hint(p->lex.diags, g, "did you mean %s?", statements[i].word);
			return;
		}
}

static void item(struct parser *p, struct ast *ast)
{
	struct item it = { .word = p->t.at };
	int s = statement_of(p);

	p->failed = false;
	p->syntax = NULL;
	if (s < 0) {
		unknown_statement(p);
		advance(p);
	} else {
		p->syntax = statements[s].syntax;
		it.kind = statements[s].kind;
		advance(p);
		item_body(p, &it);
		p->failed = p->failed || p->t.kind == TOK_BAD;	/* what follows the item belongs to it */
	}
	if (p->failed) {
		for (uint32_t i = 0; s >= 0 && it.kind <= ITEM_GATE && it.kind != ITEM_SET && i < it.names.n; i++)
			*VEC_ADD(p->lex.arena, &ast->bad) = it.names.v[i];
		if (s >= 0 && it.kind == ITEM_SET && it.set.name)
			*VEC_ADD(p->lex.arena, &ast->bad) = it.set;
		recover(p);
		return;
	}
	it.at = (struct span){ it.word.begin, p->last_end };
	*VEC_ADD(p->lex.arena, &ast->items) = it;
}

static void workflow(struct parser *p, struct ast *ast)
{
	struct span open;
	struct diag *g;

	ast->workflow = new_name(p, "a name");
	open = p->t.at;
	expect(p, "{");
	if (p->failed)
		return;
	while (p->t.kind != TOK_END && !is_punct(p, "}")) {
		item(p, ast);
		while (take(p, ";"))
			;
	}
	p->failed = false;
	if (p->t.kind == TOK_END && p->lex.torn)
		return;
	if (p->t.kind == TOK_END) {
		g = diag_error(p->lex.diags, "P022", p->lex.src, p->t.at, "'{' is never closed");
		diag_note(p->lex.diags, g, p->lex.src, open, "opened here");
		return;
	}
	advance(p);
	if (p->t.kind != TOK_END) {
		g = fault(p, "P023", "text after the end of the workflow");
		if (g)
			diag_hint(p->lex.diags, g, "one workflow a file");
	}
}

bool parse(struct arena *a, struct diags *d, const struct source *src, struct ast *ast)
{
	struct parser p = { .lex = { .arena = a, .diags = d, .src = src } };

	p.syntax = "workflow NAME { ... }";
	p.t = lex_next(&p.lex);
	if (is_name(&p, "component")) {
		diag_error(d, "P601", src, p.t.at, "component files are not supported yet");
		return false;
	}
	if (!is_name(&p, "workflow")) {
		expected(&p, "'workflow'");
		return false;
	}
	advance(&p);
	workflow(&p, ast);
	return true;
}
