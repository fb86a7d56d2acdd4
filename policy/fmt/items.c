/* SPDX-License-Identifier: Apache-2.0 */
/* Where an item ends and what stands in its columns: the grammar as one line of letters an item. */
#include <string.h>

#include "fmt.h"

/*
 * One letter a cell:
 *   w one token   n names, with commas   e a role, role.port, or a group   a an arrow   g a group in braces
 *   S a number    s one, or nothing      = "= ..." of one token or a group     p a group in parentheses, or nothing
 *   f from "F", or nothing     b a body, or nothing     x except via names, or nothing
 *   i any, or a path and perhaps an algorithm     m measurement HASH, or nothing     - an empty column
 */
struct form {
	const char *word, *cells;
	enum fmt_like like;
	unsigned int columns;
};

static const struct form workflow_forms[] = {
	{ "const", "ww=", LIKE_NAMED, 3 },
	{ "set", "ww=", LIKE_NAMED, 3 },
	{ "realm", "wnfb", LIKE_REALM, 4 },
	{ "channel", "wwSeaep", LIKE_WIRE, 7 },
	{ "window", "wwSeae", LIKE_WIRE, 7 },
	{ "gate", "ww-eaep", LIKE_WIRE, 7 },
	{ "control", "weg", LIKE_CONTROL, 3 },
	{ "never", "weaex", LIKE_CLAIM, 1 },
	{ "must", "weaex", LIKE_CLAIM, 1 },
	{ .word = NULL },
};

#define ATTRIBUTES \
	{ "image", "wi", LIKE_NOTHING, 0 }, \
	{ "measurement", "ww", LIKE_NOTHING, 0 }, \
	{ "memory", "wS", LIKE_NOTHING, 0 }, \
	{ "vcpus", "wS", LIKE_NOTHING, 0 }, \
	{ "native", "w", LIKE_NOTHING, 0 }, \
	{ "linux", "w", LIKE_NOTHING, 0 }, \
	{ "restart", "w", LIKE_NOTHING, 0 }, \
	{ "declassifies", "w", LIKE_NOTHING, 0 }

static const struct form realm_forms[] = {
	ATTRIBUTES,
	{ "peer", "ww=", LIKE_NOTHING, 0 },
	{ .word = NULL },
};

static const struct form component_forms[] = {
	ATTRIBUTES,
	{ "in", "wwsp", LIKE_PORT, 4 },
	{ "out", "wwsp", LIKE_PORT, 4 },
	{ "inout", "wwsp", LIKE_PORT, 4 },
	{ "window", "wwws", LIKE_PORT_WIRE, 5 },
	{ "gate", "www-p", LIKE_PORT_WIRE, 5 },
	{ "control", "wg", LIKE_NOTHING, 0 },
	{ "peer", "wwm", LIKE_NOTHING, 0 },
	{ "require", "wweaex", LIKE_CLAIM, 2 },
	{ "never", "weaex", LIKE_CLAIM, 0 },
	{ "must", "weaex", LIKE_CLAIM, 0 },
	{ .word = NULL },
};

static const struct form *form_of(const struct fmt_text *f, enum fmt_place place, uint32_t at)
{
	const struct form *form = place == IN_WORKFLOW ? workflow_forms : place == IN_REALM ? realm_forms : component_forms;

	for (; form->word; form++)
		if (fmt_is(f, at, form->word))
			return form;
	return NULL;
}

uint32_t fmt_group_end(const struct fmt_text *f, uint32_t open)
{
	unsigned int depth = 0;

	for (uint32_t i = open; i < f->n; i++) {
		if (fmt_is(f, i, "{") || fmt_is(f, i, "("))
			depth++;
		else if ((fmt_is(f, i, "}") || fmt_is(f, i, ")")) && --depth == 0)
			return i + 1;
	}
	return 0;
}

/* ---- cells: each gives the token after it, or 0 if it does not begin here ---- */

static uint32_t word(const struct fmt_text *f, uint32_t i)
{
	return f->v[i].kind == TOK_PUNCT || f->v[i].kind == TOK_END ? 0 : i + 1;
}

static uint32_t number(const struct fmt_text *f, uint32_t i)
{
	enum token_kind k = f->v[i].kind;

	return k == TOK_INT || k == TOK_SIZE || k == TOK_CONST ? i + 1 : 0;
}

static uint32_t names(const struct fmt_text *f, uint32_t i)
{
	i = word(f, i);
	while (i && fmt_is(f, i, ","))
		i = word(f, i + 1);
	return i;
}

static uint32_t end_of(const struct fmt_text *f, uint32_t i)
{
	if (fmt_is(f, i, "{"))
		return fmt_group_end(f, i);
	i = word(f, i);
	return i && fmt_is(f, i, ".") ? word(f, i + 1) : i;
}

static uint32_t image(const struct fmt_text *f, uint32_t i)
{
	if (fmt_is(f, i, "any"))
		return i + 1;
	if (f->v[i].kind != TOK_STRING)
		return 0;
	return fmt_is(f, i + 1, "sha256") || fmt_is(f, i + 1, "sha512") ? i + 2 : i + 1;
}

static uint32_t cell(const struct fmt_text *f, uint32_t i, char letter)
{
	switch (letter) {
	case 'w': return word(f, i);
	case 'n': return names(f, i);
	case 'e': return end_of(f, i);
	case 'a': return f->v[i].kind == TOK_PUNCT ? i + 1 : 0;
	case 'g': return fmt_is(f, i, "{") ? fmt_group_end(f, i) : 0;
	case 'S': return number(f, i);
	case 's': return number(f, i) ? i + 1 : i;
	case '=': return !fmt_is(f, i, "=") ? 0 : fmt_is(f, i + 1, "{") ? fmt_group_end(f, i + 1) : word(f, i + 1);
	case 'p': return fmt_is(f, i, "(") ? fmt_group_end(f, i) : i;
	case 'f': return fmt_is(f, i, "from") ? word(f, i + 1) : i;
	case 'b': return fmt_is(f, i, "{") ? fmt_group_end(f, i) : i;
	case 'x': return !fmt_is(f, i, "except") ? i : fmt_is(f, i + 1, "via") ? names(f, i + 2) : 0;
	case 'i': return image(f, i);
	case 'm': return fmt_is(f, i, "measurement") ? word(f, i + 1) : i;
	default: return i;
	}
}

bool fmt_item(const struct fmt_text *f, enum fmt_place place, uint32_t at, struct fmt_item *out, uint32_t *wrong)
{
	const struct form *form = form_of(f, place, at);

	*wrong = at;
	if (!form)
		return false;
	*out = (struct fmt_item){ .like = form->like, .columns = form->columns, .begin = at, .end = at };
	for (const char *c = form->cells; *c; c++) {
		uint32_t next = cell(f, out->end, *c);

		*wrong = out->end;
		if (next == 0)
			return false;
		if (*c == 'b' && next > out->end)
			out->body = out->end;
		out->cell[out->n].begin = out->end;
		out->cell[out->n++].end = out->end = next;
	}
	if (fmt_is(f, out->end, ";")) {	/* one that has to stay: on the last cell that is not empty */
		unsigned int last = out->n - 1;

		out->end++;
		while (last > 0 && out->cell[last].begin == out->cell[last].end)
			out->cell[last].begin = out->cell[last].end = out->end, last--;
		out->cell[last].end = out->end;
	}
	return true;
}
