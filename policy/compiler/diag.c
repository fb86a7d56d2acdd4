/* SPDX-License-Identifier: Apache-2.0 */
/* The list of diagnostics, and its form as text. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"

static struct diag *add(struct diags *d, enum severity sev, const char *code,
			const struct source *src, struct span at, const char *message)
{
	struct diag *g;

	if (sev == SEV_ERROR)
		d->errors++;
	else
		d->warnings++;
	if (d->n >= DIAG_MAX) {
		d->dropped++;
		memset(&d->spare, 0, sizeof(d->spare));
		g = &d->spare;
	} else {
		g = arena_alloc(d->arena, sizeof(*g));
		*VEC_ADD(d->arena, d) = g;
	}
	memcpy(g->code, code, 4);
	g->severity = sev;
	g->src = src;
	g->at = at;
	g->order = d->n;
	g->message = message;
	return g;
}

struct diag *diag_error(struct diags *d, const char *code, const struct source *src,
			struct span at, const char *fmt, ...)
{
	const char *message;
	va_list ap;

	va_start(ap, fmt);
	message = arena_vprintf(d->arena, fmt, ap);
	va_end(ap);
	return add(d, SEV_ERROR, code, src, at, message);
}

struct diag *diag_warning(struct diags *d, const char *code, const struct source *src,
			  struct span at, const char *fmt, ...)
{
	const char *message;
	va_list ap;

	va_start(ap, fmt);
	message = arena_vprintf(d->arena, fmt, ap);
	va_end(ap);
	return add(d, SEV_WARNING, code, src, at, message);
}

void diag_hint(struct diags *d, struct diag *g, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	*VEC_ADD(d->arena, &g->hints) = arena_vprintf(d->arena, fmt, ap);
	va_end(ap);
}

void diag_note(struct diags *d, struct diag *g, const struct source *src, struct span at,
	       const char *text)
{
	*VEC_ADD(d->arena, &g->notes) = (struct diag_note){ src, at, text };
}

static int by_place(const void *x, const void *y)
{
	const struct diag *a = *(struct diag *const *)x, *b = *(struct diag *const *)y;

	if (a->src->order != b->src->order)
		return a->src->order < b->src->order ? -1 : 1;
	if (a->at.begin != b->at.begin)
		return a->at.begin < b->at.begin ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

void diag_sort(struct diags *d)
{
	if (d->n > 1)
		qsort(d->v, d->n, sizeof(*d->v), by_place);
}

const char *diag_first_error(const struct diags *d)
{
	for (uint32_t i = 0; i < d->n; i++)
		if (d->v[i]->severity == SEV_ERROR)
			return d->v[i]->message;
	return "no reason";
}

void diag_warnings_to_errors(struct diags *d)
{
	uint32_t i;

	for (i = 0; i < d->n; i++)
		d->v[i]->severity = SEV_ERROR;
	d->errors += d->warnings;
	d->warnings = 0;
}

/* Characters that could make a terminal or a reader see another text than the compiler does. */
static bool hides_text(const char *s, unsigned int len)
{
	const unsigned char *u = (const unsigned char *)s;

	if (len == 1)
		return u[0] < 0x20 || u[0] == 0x7f;
	if (len == 2)
		return u[0] == 0xc2 && u[1] < 0xa0;			/* C1 controls */
	if (len != 3 || u[0] != 0xe2)
		return false;
	return (u[1] == 0x80 && (u[2] >= 0xa8 || (u[2] >= 0x8b && u[2] <= 0x8f)) && u[2] <= 0xae) ||
	       (u[1] == 0x81 && u[2] >= 0xa0 && u[2] <= 0xaf);
}

void print_safe(FILE *out, const char *s, size_t n)
{
	size_t i = 0;

	while (i < n) {
		unsigned int len = utf8_len(s + i, n - i);

		if (s[i] == '\t')
			fputc(' ', out);
		else if (len == 0 || hides_text(s + i, len))
			fputc('?', out);
		else
			fwrite(s + i, 1, len, out);
		i += len == 0 ? 1 : len;
	}
}

void print_text(FILE *out, const struct source *src, struct span at)
{
	bool gap = false;

	for (uint32_t i = at.begin; i < at.end; i++) {
		char c = src->text[i];

		if (c == '#')
			while (i + 1 < at.end && src->text[i + 1] != '\n')
				i++;
		if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '#') {
			gap = true;
			continue;
		}
		if (gap)
			fputc(' ', out);
		gap = false;
		fputc(c, out);
	}
}

#define EXCERPT_COLUMNS 160

/* The part of a line that is shown: a long one is cut so that the caret stays in view. */
static uint32_t excerpt_start(const struct source *src, struct span line, uint32_t at)
{
	uint32_t start = line.begin;

	if (at - line.begin > EXCERPT_COLUMNS - 40) {
		start = at - 40;
		while (((unsigned char)src->text[start] & 0xc0) == 0x80)
			start--;
	}
	return start;
}

/* Bytes of the character at @i; what is not UTF-8 counts as one. */
static uint32_t width_at(const struct source *src, uint32_t i)
{
	unsigned int n = utf8_len(src->text + i, src->size - i);

	return n ? n : 1;
}

static void print_excerpt(FILE *out, const struct source *src, struct span at, bool colour)
{
	uint32_t n = source_line(src, at.begin), i, start, end, columns = 0;
	struct span line = source_line_span(src, n);

	start = excerpt_start(src, line, at.begin);
	for (end = start; end < line.end && columns < EXCERPT_COLUMNS; columns++)
		end += width_at(src, end);
	fprintf(out, "%5" PRIu32 " | ", n);
	print_safe(out, src->text + start, end - start);
	fputs("\n      | ", out);
	for (i = start; i < at.begin; i += width_at(src, i))
		fputc(' ', out);
	if (colour)
		fputs("\033[1;32m", out);
	fputc('^', out);
	if (at.begin < end)
		i += width_at(src, i);
	for (; i < at.end && i < end; i += width_at(src, i))
		fputc('^', out);
	fputs(colour ? "\033[0m\n" : "\n", out);
}

static void print_place(FILE *out, const struct source *src, struct span at)
{
	print_safe(out, src->path, strlen(src->path));
	fprintf(out, ":%" PRIu32 ":%" PRIu32 ": ", source_line(src, at.begin),
		source_column(src, at.begin));
}

/* A statement of more than 48 characters is cut to its first words. */
static void print_statement(FILE *out, const struct source *src, struct span at)
{
	struct span line = source_line_span(src, source_line(src, at.begin));
	const char *s = src->text + line.begin;
	size_t n = line.end - line.begin, cut = 0, i;

	while (n > 0 && (*s == ' ' || *s == '\t')) {
		s++;
		n--;
	}
	while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	if (n <= 48) {
		print_safe(out, s, n);
		return;
	}
	for (i = 1; i <= 31; i++)
		if ((s[i] == ' ' || s[i] == '\t') && s[i - 1] != ' ' && s[i - 1] != '\t')
			cut = i;
	print_safe(out, s, cut != 0 ? cut : 31);
	fputs(" ...", out);
}

static void print_hops(FILE *out, const struct diag *g)
{
	size_t wide_pair = 14, wide_by = 21;
	uint32_t i;

	for (i = 0; i < g->hops.n; i++) {
		const struct diag_hop *h = &g->hops.v[i];
		size_t pair = strlen(h->from) + 4 + strlen(h->to), by = strlen(h->by);

		wide_pair = pair > wide_pair ? pair : wide_pair;
		wide_by = by > wide_by ? by : wide_by;
	}
	for (i = 0; i < g->hops.n; i++) {
		const struct diag_hop *h = &g->hops.v[i];
		int pair = fprintf(out, "  hop %" PRIu32 "  %s -> %s", i + 1, h->from, h->to) - 9;

		fprintf(out, "%*s%-*s  line %-3" PRIu32 " ",
			(int)wide_pair + 2 - pair + (i + 1 >= 10) + (i + 1 >= 100), "", (int)wide_by,
			h->by, source_line(h->src, h->at.begin));
		print_statement(out, h->src, h->at);
		fputc('\n', out);
	}
}

static void print_one(FILE *out, const struct diag *g, bool colour)
{
	const char *word = g->severity == SEV_ERROR ? "error" : "warning";
	uint32_t i;

	print_place(out, g->src, g->at);
	if (colour)
		fprintf(out, "\033[1;%dm%s %s:\033[0m ", g->severity == SEV_ERROR ? 31 : 35, word,
			g->code);
	else
		fprintf(out, "%s %s: ", word, g->code);
	print_safe(out, g->message, strlen(g->message));
	fputc('\n', out);
	print_excerpt(out, g->src, g->at, colour);
	print_hops(out, g);
	for (i = 0; i < g->notes.n; i++) {
		print_place(out, g->notes.v[i].src, g->notes.v[i].at);
		fprintf(out, "note: %s\n", g->notes.v[i].text);
		print_excerpt(out, g->notes.v[i].src, g->notes.v[i].at, colour);
	}
	for (i = 0; i < g->hints.n; i++) {
		fputs("hint: ", out);
		print_safe(out, g->hints.v[i], strlen(g->hints.v[i]));
		fputc('\n', out);
	}
}

void diag_print(const struct diags *d, FILE *out, bool colour)
{
	uint32_t i;

	for (i = 0; i < d->n; i++)
		print_one(out, d->v[i], colour);
	if (d->dropped != 0)
		fprintf(out, "and %" PRIu32 " more\n", d->dropped);
}

const char *size_text(char *out, uint64_t bytes, const char *gap)
{
	static const struct { uint64_t unit; const char *name; } units[] = {
		{ (uint64_t)1 << 30, "GiB" }, { (uint64_t)1 << 20, "MiB" }, { 1024, "KiB" },
	};
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (bytes != 0 && bytes % units[i].unit == 0)
			break;
	if (i < sizeof(units) / sizeof(units[0]))
		snprintf(out, 24, "%" PRIu64 "%s%s", bytes / units[i].unit, gap, units[i].name);
	else
		snprintf(out, 24, "%" PRIu64 "%sB", bytes, gap);
	return out;
}

unsigned int edit_distance(const char *a, const char *b, unsigned int max)
{
	unsigned int row[64], i, j, la = (unsigned int)strlen(a), lb = (unsigned int)strlen(b);

	if (la >= 64 || lb >= 64 || (la > lb ? la - lb : lb - la) > max)
		return max + 1;
	for (j = 0; j <= lb; j++)
		row[j] = j;
	for (i = 1; i <= la; i++) {
		unsigned int diagonal = row[0];

		row[0] = i;
		for (j = 1; j <= lb; j++) {
			unsigned int up = row[j], best = diagonal + (a[i - 1] != b[j - 1]);

			best = up + 1 < best ? up + 1 : best;
			best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
			diagonal = up;
			row[j] = best;
		}
	}
	return row[lb] <= max ? row[lb] : max + 1;
}
