/* SPDX-License-Identifier: Apache-2.0 */
/* A filter over Graphviz's SVG, which is well-formed; what it drops is dropped whole. */
#include <string.h>

#include "report.h"

/* Past the end of something that begins at @s and ends with @end. */
static const char *past(const char *s, const char *end)
{
	const char *at = strstr(s, end);

	return at ? at + strlen(end) : s + strlen(s);
}

static bool begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* Of the svg element itself only the viewBox is kept: the page decides how large it is. */
static const char *svg_tag(FILE *out, const char *s)
{
	const char *box = strstr(s, "viewBox=\""), *end = past(s, ">"), *close;
	double x, y, w = 0, h = 0;

	fputs("<svg role=\"group\" aria-label=\"flow graph\" ", out);
	if (box && box < end) {
		close = past(box + strlen("viewBox=\""), "\"");
		if (sscanf(box, "viewBox=\"%lf %lf %lf %lf", &x, &y, &w, &h) == 4)
			fprintf(out, "data-width=\"%.0f\" ", w * 4 / 3);
		fwrite(box, 1, (size_t)(close - box), out);
	}
	fputs(">\n", out);
	return end;
}

void report_svg(FILE *out, const char *svg, size_t size)
{
	const char *s = strstr(svg, "<svg"), *end = svg + size;

	if (!s)
		return;
	s = svg_tag(out, s);
	while (s < end) {
		if (begins(s, "<!--"))
			s = past(s, "-->");
		else if (begins(s, "<title>"))
			s = past(s, "</title>");
		else if (begins(s, " xlink:title=\""))		/* the page tells more */
			s = past(s + strlen(" xlink:title=\""), "\"");
		else
			fputc(*s++, out);
	}
}
