/* SPDX-License-Identifier: Apache-2.0 */
/* Attributes of realms, channels and gates, control rights, claims: what workflows and components have in common. */
#include <string.h>

#include "parse.h"

static void unknown(struct parser *p, const char *const *known, const char *here)
{
	const char *word = p->t.text, *best = NULL;
	struct diag *g = fault(p, "P026", arena_printf(p->lex.arena, "unknown attribute '%s'", word));
	unsigned int best_d = 3;

	for (size_t i = 0; known[i]; i++) {
		unsigned int d = edit_distance(word, known[i], 2);

		if (d < best_d) {
			best = known[i];
			best_d = d;
		}
	}
	if (g && best)
		diag_hint(p->lex.diags, g, "did you mean %s? here: %s", best, here);
	else if (g)
		diag_hint(p->lex.diags, g, "here: %s", here);
}

static unsigned int index_of(const char *word, const char *const *known)
{
	unsigned int i = 0;

	while (known[i] && strcmp(word, known[i]) != 0)
		i++;
	return i;
}

bool listed(const char *word, const char *const *known)
{
	return known[index_of(word, known)] != NULL;
}

/* An attribute by its word, which stands once (P027, P402) unless it names something. */
static struct attr *add_attr(struct parser *p, struct item *it, const char *const *known, struct span *given,
			     const char *code)
{
	struct attr *a;
	struct diag *g;

	given += index_of(p->t.text, known);
	if (given->end != 0 && !is_name(p, "mmio") && !is_name(p, "peer")) {
		g = diag_error(p->lex.diags, code, p->lex.src, p->t.at,
			       strcmp(code, "P027") == 0 ? "'%s' given twice" : "'%s' is listed twice", p->t.text);
		diag_note(p->lex.diags, g, p->lex.src, *given, "first given here");
		p->failed = true;
	}
	*given = p->t.at;
	a = VEC_ADD(p->lex.arena, &it->attrs);
	a->word = p->t.text;
	a->at = p->t.at;
	advance(p);
	return a;
}

/* ---- realms ---- */

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

void measurement(struct parser *p, struct attr *a)
{
	if (p->t.kind != TOK_HASH) {
		expected(p, "a hash, sha256:... or sha512:...");
		return;
	}
	a->hash = p->t.hash;
	a->hash_size = (uint32_t)p->t.value;
	advance(p);
}

void realm_attr(struct parser *p, struct item *it)
{
	static const char *const known[] = { "image", "measurement", "memory", "vcpus", "native", "linux",
					     "restart", "declassifies", "peer", NULL };
	struct attr *a;

	if (p->t.kind != TOK_NAME) {
		if (is_punct(p, ","))
			p->syntax = "attributes of a realm stand side by side, without commas";
		expected(p, "an attribute of the realm");
		return;
	}
	if (!listed(p->t.text, known)) {
		unknown(p, known, "image, measurement, memory, vcpus, native, linux, restart, declassifies, peer");
		return;
	}
	a = add_attr(p, it, known, p->realm_given, "P027");
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
		a->ref = use_name(p, "a peer", ALSO_NONE);
		expect(p, "=");
		a->ref2 = use_name(p, "a role", ALSO_HOST);
	}
}

/* ---- channels and gates ---- */

void channel_attrs(struct parser *p, struct item *it)
{
	static const char *const known[] = { "ack", "signal", "keep", NULL };

	if (p->failed || !take(p, "("))
		return;
	memset(p->given, 0, sizeof(p->given));
	if (empty_list(p, ")"))
		return;
	do {
		if (p->t.kind != TOK_NAME)
			expected(p, "ack, signal or keep");
		else if (!listed(p->t.text, known))
			unknown(p, known, "ack, signal, keep");
		else
			add_attr(p, it, known, p->given, "P027");
	} while (!p->failed && take(p, ","));
	expect(p, ")");
}

static void words_of(struct parser *p, const char *word, struct num *out)
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

void gate_words(struct parser *p, struct item *it)
{
	expect(p, "(");
	words_of(p, "args", &it->value);
	expect(p, ",");
	words_of(p, "results", &it->value2);
	expect(p, ")");
}

/* ---- rights ---- */

static void interrupts(struct parser *p, struct attr *a)
{
	expect(p, "(");
	if (empty_list(p, ")"))
		return;
	do
		*VEC_ADD(p->lex.arena, &a->nums) = integer(p, "an interrupt number");
	while (!p->failed && take(p, ","));
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
	a = add_attr(p, it, known, p->given, "P402");
	if (p->failed)
		return;
	if (strcmp(a->word, "mmio") == 0) {
		a->ref = new_name(p, "a name");
		a->num = number(p, "a size");
		if (!p->failed && is_name(p, "at")) {
			advance(p);
			a->place = integer(p, "an address");
		}
	} else if (strcmp(a->word, "interrupts") == 0) {
		interrupts(p, a);
	}
}

void control_rights(struct parser *p, struct item *it)
{
	expect(p, "{");
	if (empty_list(p, "}"))
		return;
	memset(p->given, 0, sizeof(p->given));
	while (!p->failed) {
		right(p, it);
		if (p->failed || !take(p, ","))
			break;
	}
	expect(p, "}");
}

/* ---- claims ---- */

static void who(struct parser *p, struct refs *out)
{
	const char *what = "a role, a channel or host";

	if (p->failed || !take(p, "{")) {
		*VEC_ADD(p->lex.arena, out) = use_name(p, "a role, a channel, host or any",
						       ALSO_HOST | ALSO_ANY | ALSO_SELF);
		return;
	}
	if (empty_list(p, "}"))
		return;
	use_names(p, out, what, ALSO_HOST | ALSO_SELF);
	expect(p, "}");
}

void claim_body(struct parser *p, struct item *it)
{
	who(p, &it->a);
	expect(p, "~>");
	who(p, &it->b);
	if (p->failed || !is_name(p, "except"))
		return;
	if (it->kind == ITEM_MUST) {
		(void)fault(p, "P509", "a must claim has no exception");
		return;
	}
	advance(p);
	if (!is_name(p, "via")) {
		expected(p, "'via'");
		return;
	}
	advance(p);
	it->has_via = true;
	use_names(p, &it->via, "a role", ALSO_HOST | ALSO_ANY | ALSO_SELF);
}
