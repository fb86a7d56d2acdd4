/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in the source about a statement: itself on one line, and its doc comment. */
#include <stdlib.h>

#include "graph.h"

const char *graph_text(const struct graph *g, const struct source *src, struct span at)
{
	const char *text = "";
	char *buf = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&buf, &n);

	if (!f)
		return text;
	print_text(f, src, at);
	if (fclose(f) == 0)
		text = arena_strndup(&g->p->arena, buf, n);
	free(buf);
	return text;
}

const char *graph_lines(const struct graph *g, const struct lines *lines)
{
	const char *doc = NULL;

	for (uint32_t i = 0; i < lines->n; i++)
		doc = doc ? arena_printf(&g->p->arena, "%s %s", doc, lines->v[i]) : lines->v[i];
	return doc;
}

const char *graph_doc(const struct graph *g, const struct item *it)
{
	return graph_lines(g, &it->doc);
}
