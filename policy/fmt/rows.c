/* SPDX-License-Identifier: Apache-2.0 */
/* Rows to text: columns and comments of a run stand below each other. */
#include <stdlib.h>
#include <string.h>

#include "fmt.h"

#define CELL_MAX	28		/* a wider cell does not push the others of its column */
#define COMMENT_MAX	96		/* nor a longer row the comments of its run */

struct run {
	unsigned int width[FMT_CELLS];
	unsigned int comment;		/* column */
};

unsigned int fmt_width(const char *s)
{
	unsigned int n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

/* Arrows are aligned at their heads. */
static bool is_arrow(const char *s)
{
	return strcmp(s, "->") == 0 || strcmp(s, "<->") == 0 || strcmp(s, "=>") == 0;
}

static bool aligned(const struct fmt_row *r, unsigned int c)
{
	return c < r->columns && c + 1 < r->n;
}

static void measure(const struct fmt_row *r, struct run *run)
{
	for (unsigned int c = 0; c < r->n; c++) {
		unsigned int w = fmt_width(r->cell[c]);

		if (aligned(r, c) && w <= CELL_MAX && w > run->width[c])
			run->width[c] = w;
	}
}

/* Give @text to @out, or only count. */
static unsigned int put(FILE *out, const char *text)
{
	if (out)
		fputs(text, out);
	return fmt_width(text);
}

static unsigned int pad(FILE *out, unsigned int n)
{
	if (out)
		fprintf(out, "%*s", (int)n, "");
	return n;
}

/* One row without its comment; the width of it. @out may be NULL. */
static unsigned int put_row(FILE *out, const struct fmt_row *r, const struct run *run)
{
	unsigned int width = pad(out, r->indent), owed = 0;

	for (unsigned int c = 0; c < r->n; c++) {
		unsigned int w = fmt_width(r->cell[c]), column = aligned(r, c) ? run->width[c] : 0;
		unsigned int fill = column > w ? column - w : 0;

		if (w == 0 && column == 0)
			continue;
		if (width > r->indent)
			owed += r->wide >> c & 1 ? 2 : 1;
		if (is_arrow(r->cell[c])) {
			owed += fill;
			fill = 0;
		}
		if (w) {
			width += pad(out, owed);
			owed = 0;
		}
		width += put(out, r->cell[c]);
		owed += fill;
	}
	return width;
}

static void put_comment(FILE *out, const struct fmt_row *r, const struct run *run, unsigned int width)
{
	if (!r->comment)
		return;
	if (width > 0)
		pad(out, width > COMMENT_MAX || run->comment < width ? 2 : run->comment - width + 2);
	fputs(r->comment, out);
}

const char *fmt_print(const struct fmt_rows *rows, size_t *size)
{
	struct run *runs = arena_alloc(rows->arena, (rows->runs + 1) * sizeof(*runs));
	char *text = NULL;
	const char *kept;
	FILE *out = open_memstream(&text, size);

	if (!out)
		abort();
	for (uint32_t i = 0; i < rows->n; i++)
		measure(&rows->v[i], &runs[rows->v[i].run]);
	for (uint32_t i = 0; i < rows->n; i++) {
		const struct fmt_row *r = &rows->v[i];
		unsigned int width = r->comment && r->n ? put_row(NULL, r, &runs[r->run]) : 0;

		if (width <= COMMENT_MAX && width > runs[r->run].comment)
			runs[r->run].comment = width;
	}
	for (uint32_t i = 0; i < rows->n; i++) {
		const struct fmt_row *r = &rows->v[i];

		for (uint32_t b = 0; i > 0 && b < r->blanks; b++)
			fputc('\n', out);
		put_comment(out, r, &runs[r->run], put_row(out, r, &runs[r->run]) * (r->n > 0));
		fputc('\n', out);
	}
	if (fclose(out))
		abort();
	kept = arena_strndup(rows->arena, text, *size);
	free(text);
	return kept;
}
