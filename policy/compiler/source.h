/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One policy file in memory, and places in it. A place is a byte offset; line and column are
 * worked out when somebody asks. Columns count code points from 1, a tab is one column.
 */
#ifndef MICA_POLICY_SOURCE_H
#define MICA_POLICY_SOURCE_H

#include <stdio.h>

#include "arena.h"

#define SOURCE_MAX ((uint32_t)16 * 1024 * 1024)

struct span {
	uint32_t begin, end;		/* byte offsets, end exclusive */
};

struct source {
	const char *path;		/* as the user wrote it */
	const char *text;		/* size bytes and a NUL */
	uint32_t size;
	uint32_t *lines;		/* offset of the start of each line */
	uint32_t n_lines;
	uint32_t *tails;		/* bytes that begin no code point before each multiple of SOURCE_STRIDE */
	uint32_t order;			/* of the files of one compilation; the policy itself is 0 */
};

#define SOURCE_STRIDE 1024U

/* Files that are not on disk: for tests and fuzzers. */
struct memory_file { const char *path, *text; size_t size; };
struct memory_files { const struct memory_file *v; unsigned int n; };

struct diags;

/* @name as a path relative to the file @base stands for. */
const char *source_beside(struct arena *a, const char *base, const char *name);

/*
 * Read @path. 0; 1 if the text cannot be a policy at all, with the reason in @d (P001, P002,
 * P005); -errno if it cannot be read. A byte-order mark and CRs are reported (P003, P004) and
 * then stepped over, so that the other errors of the file still show.
 */
int source_read(struct arena *a, struct diags *d, const char *path, struct source *src);
/* The same from a stream, to its end; @name is what messages call it. */
int source_read_stream(struct arena *a, struct diags *d, FILE *f, const char *name, struct source *src);
/* The same for text in memory; the text is copied. Used by tests and by source_read(). src->order is kept. */
int source_set(struct arena *a, struct diags *d, const char *path, const char *text, size_t size,
	       struct source *src);

uint32_t source_line(const struct source *src, uint32_t offset);	/* from 1 */
uint32_t source_column(const struct source *src, uint32_t offset);	/* from 1 */
/* Bytes of a line without its LF. */
struct span source_line_span(const struct source *src, uint32_t line);

/* Bytes of the code point at @s (of @n > 0 bytes), or 0 if it is not UTF-8. */
unsigned int utf8_len(const char *s, size_t n);

#endif
