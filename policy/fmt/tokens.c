/* SPDX-License-Identifier: Apache-2.0 */
/* Text to tokens and what stands between them; what can be repaired is: byte-order mark, CR, `;`. */
#include <string.h>

#include "fmt.h"

/* ---- repairs of the text ---- */

/*
 * Without byte-order mark and CRs. A CR that does not end a line is a blank, but in a string it is left for the
 * lexer to refuse: a blank there would be another path.
 */
static char *repair(struct arena *a, const char *text, size_t size, size_t *out_size)
{
	char *out = arena_alloc(a, size + 1), *to = out;
	bool comment = false, string = false;
	size_t i = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	for (; i < size; i++) {
		char c = text[i];

		if (c == '\r' && i + 1 < size && text[i + 1] == '\n')
			continue;
		if (c == '\n')
			comment = string = false;
		else if (c == '#' && !string)
			comment = true;
		else if (c == '"' && !comment)
			string = !string;
		else if (c == '\r' && !string)
			c = ' ';
		*to++ = c;
	}
	*out_size = (size_t)(to - out);
	return out;
}

/* ---- the blanks between two tokens ---- */

static struct span trimmed(const struct source *src, uint32_t begin, uint32_t end)
{
	while (end > begin && (src->text[end - 1] == ' ' || src->text[end - 1] == '\t'))
		end--;
	return (struct span){ begin, end };
}

static void cut_gap(struct fmt_text *f, uint32_t from, struct fmt_token *t)
{
	const char *text = f->src.text;
	uint32_t lines = 0;		/* ends of lines since the last thing */

	t->comment = f->comments.n;
	for (uint32_t i = from; i < t->at.begin; i++) {
		uint32_t begin = i;

		if (text[i] == '\n') {
			t->newline = true;
			lines++;
		} else if (text[i] == '#') {
			while (i + 1 < t->at.begin && text[i + 1] != '\n')
				i++;
			*VEC_ADD(f->arena, &f->comments) = (struct fmt_comment){
				.at = trimmed(&f->src, begin, i + 1), .blanks = lines > 1 ? lines - 1 : 0,
				.trailing = !t->newline && from != 0 };
			lines = 0;
		}
	}
	t->comments = f->comments.n - t->comment;
	t->blanks = lines > 1 ? lines - 1 : 0;
}

/* ---- semicolons ---- */

/* `peer p; measurement H` is two items; without `;` it would be one. @kept tokens came before, @next follows. */
static bool must_stay(const struct fmt_text *f, uint32_t kept, uint32_t next)
{
	return kept >= 2 && fmt_is(f, kept - 2, "peer") && fmt_is(f, next, "measurement");
}

/* What stood before a `;` that goes stands before the next token now. */
static void join_gaps(struct fmt_text *f, const struct fmt_token *gone, struct fmt_token *next)
{
	for (uint32_t i = 0; i < next->comments; i++) {
		struct fmt_comment *c = &f->comments.v[next->comment + i];

		if (c->trailing && (gone->newline || gone->comments)) {
			c->trailing = false;
			c->demoted = f->src.text[c->at.begin + 1] == '#';
			c->blanks = gone->comments ? 0 : gone->blanks;
		}
	}
	if (gone->comments) {
		next->comment = gone->comment;
		next->comments += gone->comments;
	}
	if (!next->newline)
		next->blanks = gone->blanks;
	next->newline |= gone->newline;
}

static void drop_semicolons(struct fmt_text *f)
{
	uint32_t to = 0;

	for (uint32_t i = 0; i < f->n; i++) {
		if (fmt_is(f, i, ";") && !must_stay(f, to, i + 1))
			join_gaps(f, &f->v[i], &f->v[i + 1]);
		else
			f->v[to++] = f->v[i];
	}
	f->n = to;
}

/* ---- all of it ---- */

bool fmt_is(const struct fmt_text *f, uint32_t i, const char *text)
{
	struct span at = f->v[i].at;
	size_t n = strlen(text);

	return at.end - at.begin == n && memcmp(f->src.text + at.begin, text, n) == 0;
}

bool fmt_cut(struct diags *d, const char *path, const char *text, size_t size, struct fmt_text *f)
{
	uint32_t before = d->errors, end = 0;
	struct lexer l = { .arena = d->arena, .diags = d, .src = &f->src };
	char *repaired;
	struct token t;

	memset(f, 0, sizeof(*f));
	f->arena = d->arena;
	if (size <= SOURCE_MAX) {
		repaired = repair(d->arena, text, size, &size);
		text = repaired;
	}
	if (source_set(d->arena, d, path, text, size, &f->src))
		return false;
	do {
		struct fmt_token *to = VEC_ADD(f->arena, f);

		t = lex_next(&l);
		to->at = t.at;
		to->kind = t.kind;
		cut_gap(f, end, to);
		end = t.at.end;
	} while (t.kind != TOK_END);
	if (d->errors != before)
		return false;
	drop_semicolons(f);
	return true;
}

/* ---- comparing ---- */

static bool same_text(const struct fmt_text *a, struct span x, const struct fmt_text *b, struct span y)
{
	return x.end - x.begin == y.end - y.begin && memcmp(a->src.text + x.begin, b->src.text + y.begin, x.end - x.begin) == 0;
}

bool fmt_same(const struct fmt_text *a, const struct fmt_text *b)
{
	if (a->n != b->n || a->comments.n != b->comments.n)
		return false;
	for (uint32_t i = 0; i < a->n; i++)
		if (!same_text(a, a->v[i].at, b, b->v[i].at) || a->v[i].comments != b->v[i].comments)
			return false;
	for (uint32_t i = 0; i < a->comments.n; i++) {
		struct span x = a->comments.v[i].at;

		x.begin += a->comments.v[i].demoted;
		if (!same_text(a, x, b, b->comments.v[i].at) || a->comments.v[i].trailing != b->comments.v[i].trailing)
			return false;
	}
	return true;
}
