/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a policy file: size, encoding, line ends (P001 to P005), line table. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "source.h"

unsigned int utf8_len(const char *s, size_t n)
{
	const unsigned char *u = (const unsigned char *)s;
	unsigned int len, i;
	uint32_t cp;

	if (u[0] < 0x80)
		return 1;
	if (u[0] >= 0xc2 && u[0] <= 0xdf)
		len = 2;
	else if (u[0] >= 0xe0 && u[0] <= 0xef)
		len = 3;
	else if (u[0] >= 0xf0 && u[0] <= 0xf4)
		len = 4;
	else
		return 0;
	if (n < len)
		return 0;
	cp = u[0] & (0x7fu >> len);
	for (i = 1; i < len; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		cp = cp << 6 | (u[i] & 0x3f);
	}
	if ((len == 3 && cp < 0x800) || (len == 4 && cp < 0x10000) || cp > 0x10ffff ||
	    (cp >= 0xd800 && cp <= 0xdfff))
		return 0;
	return len;
}

static bool is_tail(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Columns count code points: how many bytes are none, up to each stride, so that a column of a long line costs little. */
static void index_tails(struct arena *a, struct source *src)
{
	uint32_t n = 0;

	src->tails = arena_alloc(a, (src->size / SOURCE_STRIDE + 1) * sizeof(*src->tails));
	for (uint32_t i = 0; i < src->size; i++) {
		if (i % SOURCE_STRIDE == 0)
			src->tails[i / SOURCE_STRIDE] = n;
		n += is_tail(src->text[i]);
	}
	if (src->size % SOURCE_STRIDE == 0)
		src->tails[src->size / SOURCE_STRIDE] = n;
}

static uint32_t tails_before(const struct source *src, uint32_t offset)
{
	uint32_t i = offset / SOURCE_STRIDE * SOURCE_STRIDE, n = src->tails[offset / SOURCE_STRIDE];

	for (; i < offset; i++)
		n += is_tail(src->text[i]);
	return n;
}

static void index_lines(struct arena *a, struct source *src)
{
	uint32_t i, n = 1;

	for (i = 0; i < src->size; i++)
		n += src->text[i] == '\n';
	src->lines = arena_alloc(a, (size_t)n * sizeof(*src->lines));
	src->n_lines = n;
	n = 1;
	for (i = 0; i < src->size; i++)
		if (src->text[i] == '\n')
			src->lines[n++] = i + 1;
	index_tails(a, src);
}

/* 0, or 1 when nothing after the bad byte can be trusted to be text. */
static int check_encoding(struct diags *d, const struct source *src)
{
	bool cr_reported = false;
	uint32_t i, step;

	for (i = 0; i < src->size; i += step) {
		const char *s = src->text + i;

		step = utf8_len(s, src->size - i);
		if (step == 0) {
			diag_hint(d, diag_error(d, "P001", src, (struct span){ i, i + 1 },
						"not UTF-8: byte 0x%02x", (unsigned char)*s),
				  "save the file as UTF-8");
			return 1;
		}
		if (*s == '\0') {
			diag_hint(d, diag_error(d, "P002", src, (struct span){ i, i + 1 },
						"NUL byte in text"),
				  "is this a compiled policy? try `mica inspect`");
			return 1;
		}
		if (*s == '\r' && !cr_reported) {
			diag_hint(d, diag_error(d, "P004", src, (struct span){ i, i + 1 },
						"carriage return in line end"),
				  "`mica fmt` writes LF");
			cr_reported = true;
		}
	}
	if (src->size >= 3 && memcmp(src->text, "\xef\xbb\xbf", 3) == 0)
		diag_hint(d, diag_error(d, "P003", src, (struct span){ 0, 3 },
					"byte-order mark at the start"), "`mica fmt` removes it");
	return 0;
}

int source_set(struct arena *a, struct diags *d, const char *path, const char *text, size_t size,
	       struct source *src)
{
	uint32_t order = src->order;

	memset(src, 0, sizeof(*src));
	src->order = order;
	src->path = arena_strndup(a, path, strlen(path));
	if (size > SOURCE_MAX) {
		src->text = "";
		index_lines(a, src);
		diag_error(d, "P005", src, (struct span){ 0, 0 }, "file is larger than 16 MiB");
		return 1;
	}
	src->text = arena_strndup(a, text, size);
	src->size = (uint32_t)size;
	index_lines(a, src);
	return check_encoding(d, src);
}

/* All of the file, or as much as shows that it is too large. Freed by the caller, NULL without memory. */
static char *read_stream(FILE *f, size_t *n)
{
	size_t cap = 0, room;
	char *buf = NULL, *bigger;

	*n = 0;
	do {
		cap = cap ? 2 * cap : (size_t)1 << 16;
		if (cap > (size_t)SOURCE_MAX + 1)
			cap = (size_t)SOURCE_MAX + 1;
		bigger = realloc(buf, cap);
		if (bigger == NULL) {
			free(buf);
			return NULL;
		}
		buf = bigger;
		room = cap - *n;
		*n += fread(buf + *n, 1, room, f);
	} while (*n == cap && cap <= SOURCE_MAX);
	return buf;
}

int source_read_stream(struct arena *a, struct diags *d, FILE *f, const char *name, struct source *src)
{
	size_t n;
	char *buf;
	int ret;

	errno = 0;
	buf = read_stream(f, &n);
	if (buf == NULL)
		ret = -ENOMEM;
	else if (ferror(f))
		ret = -(errno != 0 ? errno : EIO);
	else
		ret = source_set(a, d, name, buf, n, src);
	free(buf);
	return ret;
}

int source_read(struct arena *a, struct diags *d, const char *path, struct source *src)
{
	FILE *f = fopen(path, "rb");
	int ret;

	if (f == NULL)
		return -errno;
	ret = source_read_stream(a, d, f, path, src);
	fclose(f);
	return ret;
}

uint32_t source_line(const struct source *src, uint32_t offset)
{
	uint32_t lo = 0, hi = src->n_lines;

	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (src->lines[mid] <= offset)
			lo = mid;
		else
			hi = mid;
	}
	return lo + 1;
}

uint32_t source_column(const struct source *src, uint32_t offset)
{
	uint32_t begin = src->lines[source_line(src, offset) - 1];

	return offset - begin - (tails_before(src, offset) - tails_before(src, begin)) + 1;
}

struct span source_line_span(const struct source *src, uint32_t line)
{
	struct span s;

	s.begin = src->lines[line - 1];
	s.end = line < src->n_lines ? src->lines[line] - 1 : src->size;
	return s;
}

const char *source_beside(struct arena *a, const char *base, const char *name)
{
	const char *slash = strrchr(base, '/');

	if (!slash)
		return name;
	return arena_printf(a, "%.*s/%s", (int)(slash - base), base, name);
}
