/* SPDX-License-Identifier: Apache-2.0 */
/* Formatting a text: read by the parser first, looked at again afterwards. */
#include <string.h>

#include "../compiler/ast.h"
#include "fmt.h"

/* Only what the parser takes is formatted, and refused in its words. */
static bool parses(struct diags *d, const struct fmt_text *f)
{
	uint32_t before = d->errors;
	struct ast ast = { 0 };

	parse(d->arena, d, &f->src, &ast);
	if (fmt_is(f, 0, "component") && d->errors == before + 1 && strcmp(d->v[d->n - 1]->code, "P601") == 0) {
		d->n--;			/* a parser that does not read component files: fmt_layout() looks at their form */
		d->errors--;
	}
	return d->errors == before;
}

bool fmt_text(struct diags *d, const char *path, const char *text, size_t size, const char **out, size_t *out_size)
{
	/* diagnostics point into the source after we have returned */
	struct fmt_text *f = arena_alloc(d->arena, 2 * sizeof(*f)), *again = f + 1;
	struct fmt_rows rows = { 0 };

	if (!fmt_cut(d, path, text, size, f) || !parses(d, f) || !fmt_layout(d, f, &rows))
		return false;
	*out = fmt_print(&rows, out_size);
	/* a formatter that loses something is worse than none */
	if (fmt_cut(d, path, *out, *out_size, again) && fmt_same(f, again))
		return true;
	diag_error(d, "P999", &f->src, f->v[0].at, "internal error: the formatted text has other tokens; nothing was changed");
	return false;
}
