/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens to rows. An item stands on one line; it is broken only where a comment stands inside it, where it would be
 * longer than WIDTH, and the body of a realm where its author broke it.
 */
#include <stdlib.h>
#include <string.h>

#include "fmt.h"

#define WIDTH	120
#define STEP	2
#define HANG	4			/* of what follows in the same item */

struct layout {
	struct diags *diags;
	const struct fmt_text *f;
	struct fmt_rows *rows;
	enum fmt_like like;		/* of the run at hand, and its number */
	uint32_t run;
	bool failed;
};

/* ---- text of tokens ---- */

static bool tight(const struct fmt_text *f, uint32_t i)	/* no blank before it */
{
	return fmt_is(f, i, ",") || fmt_is(f, i, ")") || fmt_is(f, i, ".") || fmt_is(f, i, ";") ||
	       fmt_is(f, i - 1, "(") || fmt_is(f, i - 1, ".");
}

static const char *text_of(const struct layout *l, uint32_t begin, uint32_t end)
{
	const struct fmt_text *f = l->f;
	size_t size = 1, n = 0;
	char *s;

	for (uint32_t i = begin; i < end; i++)
		size += f->v[i].at.end - f->v[i].at.begin + 1;
	s = arena_alloc(f->arena, size);
	for (uint32_t i = begin; i < end; i++) {
		struct span at = f->v[i].at;

		if (i > begin && !tight(f, i))
			s[n++] = ' ';
		memcpy(s + n, f->src.text + at.begin, at.end - at.begin);
		n += at.end - at.begin;
	}
	return s;
}

static bool comments_in(const struct layout *l, uint32_t begin, uint32_t end)	/* between those tokens */
{
	for (uint32_t i = begin + 1; i < end; i++)
		if (l->f->v[i].comments)
			return true;
	return false;
}

/* ---- rows ---- */

static struct fmt_row *add_row(struct layout *l, unsigned int indent, uint32_t blanks, uint32_t run)
{
	struct fmt_row *r = VEC_ADD(l->f->arena, l->rows);

	r->indent = indent;
	r->blanks = blanks;
	r->run = run;
	return r;
}

static uint32_t new_run(struct layout *l)
{
	return ++l->rows->runs;
}

static void text_row(struct layout *l, unsigned int indent, uint32_t blanks, uint32_t run, const char *text)
{
	struct fmt_row *r = add_row(l, indent, blanks, run);

	r->cell[r->n++] = text;
}

static const char *comment_text(const struct layout *l, const struct fmt_comment *c)
{
	return arena_strndup(l->f->arena, l->f->src.text + c->at.begin + c->demoted, c->at.end - c->at.begin - c->demoted);
}

/* The comments before a token: one at the end of the last row, the others below. */
static void put_comments(struct layout *l, uint32_t token, unsigned int indent)
{
	const struct fmt_token *t = &l->f->v[token];

	for (uint32_t i = t->comment; i < t->comment + t->comments; i++) {
		const struct fmt_comment *c = &l->f->comments.v[i];

		if (c->trailing) {
			l->rows->v[l->rows->n - 1].comment = comment_text(l, c);
			continue;
		}
		if (c->blanks)
			l->like = LIKE_NOTHING;
		add_row(l, indent, c->blanks, 0)->comment = comment_text(l, c);
	}
}

/* The run of the next item: that of the one before if they are alike and no empty line is between. */
static uint32_t run_for(struct layout *l, enum fmt_like like, uint32_t blanks)
{
	if (like != l->like || like == LIKE_NOTHING || blanks)
		l->run = new_run(l);
	l->like = like;
	return l->run;
}

/* ---- an item in several rows ---- */

struct flow {
	struct layout *l;
	unsigned int indent;		/* of the next row */
	uint32_t begin, blanks;		/* of the row at hand */
	uint32_t run;
	unsigned int parens;		/* open ones */
	uint32_t group_end;		/* a list with a comment in it: one element a row until here */
};

static void end_row(struct flow *w, uint32_t next, unsigned int indent)
{
	if (next > w->begin) {
		text_row(w->l, w->indent, w->blanks, w->run, text_of(w->l, w->begin, next));
		w->blanks = 0;
		w->begin = next;
	}
	w->indent = indent;
}

/* Where a long item may be broken: before this token. */
static bool may_break(const struct fmt_text *f, uint32_t i)
{
	return fmt_is(f, i - 1, ",") || fmt_is(f, i, "except") || fmt_is(f, i, "->") || fmt_is(f, i, "<->") ||
	       fmt_is(f, i, "~>") || fmt_is(f, i, "=>");
}

static bool too_wide(const struct flow *w, uint32_t i, uint32_t end)
{
	uint32_t stop = i + 1;

	while (stop < end && !may_break(w->l->f, stop))
		stop++;
	return w->indent + fmt_width(text_of(w->l, w->begin, stop)) > WIDTH;
}

static bool in_group(const struct flow *w, uint32_t i)
{
	return i < w->group_end;
}

/* Token @i begins an element of the list that is spread over rows. The numbers of `interrupts (...)` stay together. */
static bool begins_element(const struct flow *w, uint32_t i)
{
	return in_group(w, i) && w->parens == 0 && (fmt_is(w->l->f, i - 1, "{") || fmt_is(w->l->f, i - 1, ","));
}

/* Rows of the tokens of one item, broken at comments, in lists that have some, and where it is too long. */
static void flow(struct layout *l, uint32_t begin, uint32_t end, unsigned int indent, uint32_t blanks)
{
	struct flow w = { .l = l, .indent = indent, .begin = begin, .blanks = blanks, .run = new_run(l) };

	for (uint32_t i = begin; i < end; i++) {
		bool closes = i + 1 == w.group_end;

		if (i > begin && closes)
			end_row(&w, i, l->f->v[i].comments ? indent + STEP : indent);
		else if (i > begin && begins_element(&w, i))
			end_row(&w, i, indent + STEP);
		else if (i > begin && l->f->v[i].comments)
			end_row(&w, i, in_group(&w, i) ? indent + STEP : indent + HANG);
		else if (i > begin && !in_group(&w, i) && may_break(l->f, i) && too_wide(&w, i, end))
			end_row(&w, i, indent + HANG);
		if (i > begin && l->f->v[i].comments)
			put_comments(l, i, w.indent);
		if (closes)
			w.indent = indent;
		w.parens += fmt_is(l->f, i, "(");
		w.parens -= fmt_is(l->f, i, ")");
		if (!in_group(&w, i) && fmt_is(l->f, i, "{") && comments_in(l, i, fmt_group_end(l->f, i)))
			w.group_end = fmt_group_end(l->f, i);
	}
	end_row(&w, end, indent);
	l->like = LIKE_NOTHING;
}

/* ---- an item in one row ---- */

static void put_cells(struct layout *l, const struct fmt_item *it, struct fmt_row *r)
{
	r->columns = it->columns;
	for (unsigned int c = 0; c < it->n; c++)
		r->cell[r->n++] = text_of(l, it->cell[c].begin, it->cell[c].end);
}

static bool has_path(const struct fmt_item *it)
{
	return it->like == LIKE_REALM && it->cell[2].begin != it->cell[2].end;
}

/* "{ image any" and "linux  memory 1GiB }": two blanks part attributes, and the first is a column of its own. */
static unsigned int body_cells(struct layout *l, const struct fmt_item *it, const char *out[2])
{
	uint32_t at = it->body + 1, close = it->end - 1, wrong;
	struct fmt_item a;
	const char *rest = "";

	if (at == close) {
		out[0] = "{ }";
		return 1;
	}
	fmt_item(l->f, IN_REALM, at, &a, &wrong);
	out[0] = arena_printf(l->f->arena, "{ %s%s", text_of(l, a.begin, a.end), a.end == close ? " }" : "");
	if (a.end == close)
		return 1;
	for (at = a.end; at < close && fmt_item(l->f, IN_REALM, at, &a, &wrong); at = a.end)
		rest = arena_printf(l->f->arena, "%s%s%s", rest, *rest ? "  " : "", text_of(l, a.begin, a.end));
	out[1] = arena_printf(l->f->arena, "%s }", rest);
	return 2;
}

/* A realm in one row. A path and what follows it are one cell. */
static void put_realm(struct layout *l, const struct fmt_item *it, struct fmt_row *r)
{
	const char *body[2] = { "", "" };
	unsigned int n = it->body ? body_cells(l, it, body) : 0;

	put_cells(l, it, r);
	r->n = 3;
	if (has_path(it)) {
		r->cell[2] = arena_printf(l->f->arena, "%s%s%s%s%s", r->cell[2], n ? " " : "", body[0], n > 1 ? "  " : "", body[1]);
		return;
	}
	for (unsigned int i = 0; i < n; i++)
		r->cell[2 + i] = body[i];
	r->n = 2 + n;
	r->wide = 1U << 3;
}

static bool bad_item(struct layout *l, uint32_t token)
{
	const struct fmt_text *f = l->f;

	if (!l->failed)
		diag_error(l->diags, "P020", &f->src, f->v[token].at, "%s does not belong here",
			   f->v[token].kind == TOK_END ? "the end of the file" : arena_printf(f->arena, "'%s'",
			   text_of(l, token, token + 1)));
	l->failed = true;
	return false;
}

/* ---- realms over several lines ---- */

static bool body_is_open(const struct layout *l, const struct fmt_item *it)
{
	for (uint32_t i = it->body + 1; it->body && i < it->end; i++)
		if (l->f->v[i].newline)
			return true;
	return it->body && fmt_width(text_of(l, it->begin, it->end)) + STEP > WIDTH;
}

static void close_brace(struct layout *l, uint32_t token, unsigned int indent)
{
	put_comments(l, token, indent + STEP);
	text_row(l, indent, l->f->v[token].blanks, new_run(l), "}");
}

static bool put_open_realm(struct layout *l, struct fmt_item *it, unsigned int indent, uint32_t blanks)
{
	uint32_t at = it->body + 1, close = it->end - 1, wrong, run;
	enum fmt_like like;
	struct fmt_item a;
	struct fmt_row *r;

	if (comments_in(l, it->begin, it->body + 1)) {
		flow(l, it->begin, it->body + 1, indent, blanks);
	} else {
		r = add_row(l, indent, blanks, run_for(l, it->like, blanks));
		put_cells(l, it, r);
		r->n = 3;
		r->cell[2] = has_path(it) ? arena_printf(l->f->arena, "%s {", r->cell[2]) : "{";
	}
	like = l->like;
	run = l->run;
	while (at < close) {
		put_comments(l, at, indent + STEP);
		if (!fmt_item(l->f, IN_REALM, at, &a, &wrong))
			return bad_item(l, wrong);
		flow(l, a.begin, a.end, indent + STEP, l->f->v[at].blanks);
		at = a.end;
	}
	close_brace(l, close, indent);
	l->like = like;
	l->run = run;
	return true;
}

/* ---- items of a file ---- */

static bool put_item(struct layout *l, enum fmt_place place, uint32_t *at, unsigned int indent)
{
	uint32_t blanks = l->f->v[*at].blanks, wrong;
	struct fmt_item it;
	struct fmt_row *r;

	if (!fmt_item(l->f, place, *at, &it, &wrong))
		return bad_item(l, wrong);
	*at = it.end;
	if (body_is_open(l, &it))
		return put_open_realm(l, &it, indent, blanks);
	if (comments_in(l, it.begin, it.end) || fmt_width(text_of(l, it.begin, it.end)) + indent > WIDTH) {
		flow(l, it.begin, it.end, indent, blanks);
		return true;
	}
	r = add_row(l, indent, blanks, run_for(l, it.like, blanks));
	if (it.like == LIKE_REALM)
		put_realm(l, &it, r);
	else
		put_cells(l, &it, r);
	return true;
}

bool fmt_layout(struct diags *d, const struct fmt_text *f, struct fmt_rows *rows)
{
	struct layout l = { .diags = d, .f = f, .rows = rows };
	enum fmt_place place = fmt_is(f, 0, "component") ? IN_COMPONENT : IN_WORKFLOW;
	uint32_t at = 3, close;

	rows->arena = f->arena;
	if (f->n < 4 || !fmt_is(f, 2, "{"))
		return bad_item(&l, f->n < 4 ? f->n - 1 : 2);
	put_comments(&l, 0, 0);
	flow(&l, 0, 3, 0, f->v[0].blanks);
	close = fmt_group_end(f, 2);
	if (close == 0 || f->v[close].kind != TOK_END)
		return bad_item(&l, close ? close : f->n - 1);
	while (at < close - 1) {
		put_comments(&l, at, STEP);
		if (!put_item(&l, place, &at, STEP))
			return false;
	}
	close_brace(&l, close - 1, 0);
	put_comments(&l, close, 0);
	return true;
}
