/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in the source about a statement: itself on one line, and the doc comment before it. */
#include <stdlib.h>
#include <string.h>

#include "graph.h"

const char *graph_text(const struct graph *g, struct span at)
{
	const char *text = "";
	char *buf = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&buf, &n);

	if (!f)
		return text;
	print_text(f, graph_src(g), at);
	if (fclose(f) == 0)
		text = arena_strndup(&g->p->arena, buf, n);
	free(buf);
	return text;
}

/* The line without blanks at its ends. */
static struct span trimmed(const struct source *src, uint32_t line)
{
	struct span s = source_line_span(src, line);

	while (s.begin < s.end && (src->text[s.begin] == ' ' || src->text[s.begin] == '\t'))
		s.begin++;
	while (s.begin < s.end && strchr(" \t\r", src->text[s.end - 1]))
		s.end--;
	return s;
}

/* Comments and empty lines may stand between a doc comment and its declaration; anything else ends the search. */
const char *graph_doc(const struct graph *g, struct span at)
{
	const struct source *src = graph_src(g);
	uint32_t line = source_line(src, at.begin);
	const char *doc = NULL;

	if (trimmed(src, line).begin != at.begin)
		return NULL;
	while (--line > 0) {
		struct span s = trimmed(src, line);
		bool two = s.end - s.begin >= 2 && src->text[s.begin] == '#' && src->text[s.begin + 1] == '#';

		if (s.begin != s.end && src->text[s.begin] != '#')
			break;
		if (!two)
			continue;
		s.begin += 2;
		while (s.begin < s.end && src->text[s.begin] == ' ')
			s.begin++;
		doc = arena_printf(&g->p->arena, "%.*s%s%s", (int)(s.end - s.begin), src->text + s.begin,
				   doc ? " " : "", doc ? doc : "");
	}
	return doc;
}
