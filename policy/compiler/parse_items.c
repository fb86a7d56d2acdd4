/* SPDX-License-Identifier: Apache-2.0 */
/* The statements of a workflow and of a component, and their bodies. */
#include <string.h>

#include "parse.h"

static const struct statement of_workflow[] = {
	{ "const", ITEM_CONST, "const NAME = SIZE or INT" },
	{ "set", ITEM_SET, "set NAME = { ROLE, ... }" },
	{ "realm", ITEM_REALM, "realm NAME { image \"FILE\" ... }" },
	{ "channel", ITEM_CHANNEL, "channel NAME SIZE WRITERS -> READERS" },
	{ "window", ITEM_WINDOW, "window NAME SIZE host -> ROLE, or ROLE -> host" },
	{ "gate", ITEM_GATE, "gate NAME CALLER => CALLEE (args N, results M)" },
	{ "control", ITEM_CONTROL, "control ROLE { RIGHT, ... }" },
	{ "never", ITEM_NEVER, "never A ~> B except via C" },
	{ "must", ITEM_MUST, "must A ~> B" },
	{ NULL, ITEM_MUST, NULL },
};

static const struct statement of_component[] = {
	{ "image", ITEM_ATTR, "image any, or image \"FILE\"" },
	{ "measurement", ITEM_ATTR, "measurement HASH" },
	{ "memory", ITEM_ATTR, "memory SIZE" },
	{ "vcpus", ITEM_ATTR, "vcpus INT" },
	{ "native", ITEM_ATTR, NULL },
	{ "linux", ITEM_ATTR, NULL },
	{ "restart", ITEM_ATTR, NULL },
	{ "declassifies", ITEM_ATTR, NULL },
	{ "in", ITEM_PORT, "in NAME [SIZE] [(ack, signal, keep)]" },
	{ "out", ITEM_PORT, "out NAME [SIZE] [(ack, signal, keep)]" },
	{ "inout", ITEM_PORT, "inout NAME [SIZE] [(signal, keep)]" },
	{ "window", ITEM_PORT_WINDOW, "window in NAME [SIZE], or out, or inout" },
	{ "gate", ITEM_PORT_GATE, "gate calls NAME (args N, results M), or serves" },
	{ "control", ITEM_CONTROL, "control { RIGHT, ... }" },
	{ "peer", ITEM_PEER, "peer NAME [measurement HASH]" },
	{ "require", ITEM_NEVER, "require never A ~> B except via C, or require must A ~> B" },
	{ "never", ITEM_NEVER, "require never A ~> B except via C" },
	{ "must", ITEM_MUST, "require must A ~> B" },
	{ NULL, ITEM_MUST, NULL },
};

static const struct statement *statements(const struct parser *p)
{
	return p->component ? of_component : of_workflow;
}

const struct statement *statement_at(const struct parser *p)
{
	const struct statement *s = statements(p);

	while (s->word && !is_name(p, s->word))
		s++;
	return s->word ? s : NULL;
}

const char *statement_near(const struct parser *p)
{
	const char *best = NULL;
	unsigned int best_d = 3;

	for (const struct statement *s = statements(p); s->word; s++) {
		unsigned int d = edit_distance(p->t.text, s->word, 2);

		if (d < best_d) {
			best = s->word;
			best_d = d;
		}
	}
	return best;
}

/* ---- workflow ---- */

static struct end one_end(struct parser *p)
{
	struct end e = { .role = use_name(p, "a role", ALSO_HOST) };

	if (!p->failed && take(p, "."))
		e.port = use_name(p, "a port", ALSO_NONE);
	return e;
}

static void ends(struct parser *p, struct ends *out)
{
	if (p->failed || !take(p, "{")) {
		*VEC_ADD(p->lex.arena, out) = one_end(p);
		return;
	}
	if (empty_list(p, "}"))
		return;
	do
		*VEC_ADD(p->lex.arena, out) = one_end(p);
	while (!p->failed && take(p, ","));
	expect(p, "}");
}

/* Of a window or gate. A list is read, so that the resolver can say what is wrong with it (P312, P324); braces are not. */
static void lone_end(struct parser *p, struct ends *out)
{
	struct span open = p->t.at;
	bool braces = is_punct(p, "{");
	struct diag *g;

	ends(p, out);
	if (p->failed || !braces || out->n != 1)
		return;
	g = diag_error(p->lex.diags, "P020", p->lex.src, open, "expected a role, found '{'");
	diag_hint(p->lex.diags, g, "%s", p->syntax);
	p->failed = true;
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

static void item_const(struct parser *p, struct item *it)
{
	if (p->t.kind != TOK_CONST) {
		expected(p, "a name in upper case");
		return;
	}
	*VEC_ADD(p->lex.arena, &it->names) = (struct ref){ p->t.text, p->t.at };
	advance(p);
	expect(p, "=");
	if (!p->failed && p->t.kind == TOK_CONST)
		expected(p, "a size or a number");
	it->value = number(p, "a size or a number");
}

static void item_set(struct parser *p, struct item *it)
{
	it->set = new_name(p, "a name");
	expect(p, "=");
	expect(p, "{");
	if (empty_list(p, "}"))
		return;
	use_names(p, &it->names, "a role", ALSO_HOST);
	expect(p, "}");
}

/* The brace that is missing is where the next statement begins, on a line of its own. */
static bool never_closed(struct parser *p, struct span open)
{
	struct diag *g;

	if (p->t.kind != TOK_NAME || !p->t.first || !is_reserved(p->t.text) || !statement_at(p))
		return false;
	g = diag_error(p->lex.diags, "P022", p->lex.src, p->t.at, "'{' is never closed");
	diag_note(p->lex.diags, g, p->lex.src, open, "opened here");
	p->depth--;
	return true;
}

static void item_realm(struct parser *p, struct item *it)
{
	struct span open;

	do
		*VEC_ADD(p->lex.arena, &it->names) = new_name(p, "a name");
	while (!p->failed && take(p, ","));
	if (!p->failed && is_name(p, "from")) {
		advance(p);
		if (p->t.kind != TOK_STRING) {
			expected(p, "a path in quotes");
			return;
		}
		it->from = p->t.text;
		it->from_at = p->t.at;
		advance(p);
	}
	open = p->t.at;
	if (p->failed || !take(p, "{"))
		return;
	memset(p->realm_given, 0, sizeof(p->realm_given));
	while (!p->failed && !is_punct(p, "}")) {
		if (never_closed(p, open))
			return;
		realm_attr(p, it);
		while (!p->failed && take(p, ";"))
			;
	}
	expect(p, "}");
}

static void item_wire(struct parser *p, struct item *it)
{
	void (*side)(struct parser *, struct ends *) = it->kind == ITEM_CHANNEL ? ends : lone_end;
	struct diag *g;

	*VEC_ADD(p->lex.arena, &it->names) = new_name(p, "a name");
	it->value = number(p, "a size");
	side(p, &it->left);
	arrow(p, it);
	side(p, &it->right);
	if (it->kind == ITEM_CHANNEL) {
		channel_attrs(p, it);
	} else if (!p->failed && is_punct(p, "(")) {
		g = fault(p, "P313", "a window has no attributes");
		diag_hint(p->lex.diags, g, "declare it `<->`, or `control %s { hostcall }`",
			  strcmp(it->left.v[0].role.name, "host") != 0 ?
			  it->left.v[0].role.name : it->right.v[0].role.name);
	}
}

static void item_gate(struct parser *p, struct item *it)
{
	*VEC_ADD(p->lex.arena, &it->names) = new_name(p, "a name");
	lone_end(p, &it->left);
	it->arrow = p->t.at;
	expect(p, "=>");
	lone_end(p, &it->right);
	gate_words(p, it);
}

/* roles: NAME | "{" NAME { "," NAME } "}" */
static void item_control(struct parser *p, struct item *it)
{
	if (!p->failed && take(p, "{")) {
		if (empty_list(p, "}"))
			return;
		use_names(p, &it->names, "a role", ALSO_HOST);
		expect(p, "}");
	} else {
		*VEC_ADD(p->lex.arena, &it->names) = use_name(p, "a role", ALSO_HOST);
	}
	control_rights(p, it);
}

void workflow_item(struct parser *p, struct item *it)
{
	switch (it->kind) {
	case ITEM_CONST: item_const(p, it); break;
	case ITEM_SET: item_set(p, it); break;
	case ITEM_REALM: item_realm(p, it); break;
	case ITEM_CHANNEL:
	case ITEM_WINDOW: item_wire(p, it); break;
	case ITEM_GATE: item_gate(p, it); break;
	case ITEM_CONTROL: item_control(p, it); break;
	default: claim_body(p, it); break;
	}
}

/* ---- component ---- */

static bool direction(const char *word, enum port_dir *out)
{
	*out = strcmp(word, "in") == 0 ? DIR_IN : strcmp(word, "out") == 0 ? DIR_OUT : DIR_INOUT;
	return *out != DIR_INOUT || strcmp(word, "inout") == 0;
}

static void port_size(struct parser *p, struct item *it)
{
	if (!p->failed && (p->t.kind == TOK_SIZE || p->t.kind == TOK_INT || p->t.kind == TOK_CONST))
		it->value = number(p, "a size");
}

static void item_port(struct parser *p, struct item *it)
{
	*VEC_ADD(p->lex.arena, &it->names) = new_name(p, "a name");
	port_size(p, it);
	channel_attrs(p, it);
}

static void item_port_window(struct parser *p, struct item *it)
{
	struct diag *g;

	if (p->t.kind != TOK_NAME || !direction(p->t.text, &it->dir)) {
		expected(p, "in, out or inout");
		return;
	}
	advance(p);
	*VEC_ADD(p->lex.arena, &it->names) = new_name(p, "a name");
	port_size(p, it);
	if (!p->failed && is_punct(p, "(")) {
		g = fault(p, "P313", "a window has no attributes");
		diag_hint(p->lex.diags, g, "declare it inout, or `control { hostcall }`");
	}
}

static void item_port_gate(struct parser *p, struct item *it)
{
	it->calls = is_name(p, "calls");
	if (!it->calls && !is_name(p, "serves")) {
		expected(p, "calls or serves");
		return;
	}
	advance(p);
	*VEC_ADD(p->lex.arena, &it->names) = new_name(p, "a name");
	gate_words(p, it);
}

static void item_peer(struct parser *p, struct item *it)
{
	*VEC_ADD(p->lex.arena, &it->names) = new_name(p, "a name");
	if (p->failed || !is_name(p, "measurement"))
		return;
	it->peer.word = p->t.text;
	it->peer.at = p->t.at;
	advance(p);
	measurement(p, &it->peer);
}

/* "require" claim. The item's place is the claim's own. */
static void item_require(struct parser *p, struct item *it)
{
	it->require = true;
	if (!is_name(p, "never") && !is_name(p, "must")) {
		expected(p, "'never' or 'must'");
		return;
	}
	it->kind = is_name(p, "never") ? ITEM_NEVER : ITEM_MUST;
	it->word = p->t.at;
	advance(p);
	claim_body(p, it);
}

void component_item(struct parser *p, struct item *it, const char *word)
{
	switch (it->kind) {
	case ITEM_ATTR: realm_attr(p, it); break;
	case ITEM_PORT:
		(void)direction(word, &it->dir);
		item_port(p, it);
		break;
	case ITEM_PORT_WINDOW: item_port_window(p, it); break;
	case ITEM_PORT_GATE: item_port_gate(p, it); break;
	case ITEM_CONTROL: control_rights(p, it); break;
	case ITEM_PEER: item_peer(p, it); break;
	default:
		if (strcmp(word, "require") == 0) {
			item_require(p, it);
			break;
		}
		diag_error(p->lex.diags, "P619", p->lex.src, it->word, "in a component write `require %s`", word);
		claim_body(p, it);
	}
}
