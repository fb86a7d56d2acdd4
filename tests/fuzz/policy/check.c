/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lexer, parser, resolver, flow and emitter on any bytes. A line "%%" separates the policy from the component files a.mica,
 * b.mica and c.mica that it may use. What is accepted and can be built is taken by the monitor's decoder.
 */
#include <string.h>

#include "../../../lib/blob/blob.h"
#include "../../../policy/compiler/compile.h"
#include "target.h"

#define FILES 4

static const char *const names[FILES] = { "policy.mica", "a.mica", "b.mica", "c.mica" };

static unsigned int split(const uint8_t *data, size_t size, struct memory_file *f)
{
	const char *p = (const char *)data, *end = p + size;
	unsigned int n = 0;

	for (const char *q = p; n + 1 < FILES && q + 4 <= end; q++)
		if (memcmp(q, "\n%%\n", 4) == 0) {
			f[n] = (struct memory_file){ names[n], p, (size_t)(q + 1 - p) };
			p = q + 4;
			n++;
		}
	f[n] = (struct memory_file){ names[n], p, (size_t)(end - p) };
	return n + 1;
}

/* Places are inside their file, text comes out, and the sum is right. */
static void check_diagnostics(const struct policy *p)
{
	uint32_t errors = 0;
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	for (uint32_t i = 0; i < p->diags.n; i++) {
		const struct diag *g = p->diags.v[i];

		MUST_HOLD(g->at.begin <= g->at.end && g->at.end <= g->src->size);
		MUST_HOLD(source_line(g->src, g->at.begin) <= source_line(g->src, g->at.end));
		MUST_HOLD(source_column(g->src, g->at.begin) >= 1);
		errors += g->severity == SEV_ERROR;
		if (i > 0)
			MUST_HOLD(p->diags.v[i - 1]->src->order <= g->src->order);
	}
	MUST_HOLD(p->diags.dropped != 0 || errors == p->diags.errors);
	diag_print(&p->diags, out, true);
	fclose(out);
	free(text);
}

static void check_verdicts(const struct policy *p)
{
	uint32_t violated = 0;

	MUST_HOLD(p->verdicts.n == (p->sound ? p->model.claims.n : 0));
	for (uint32_t i = 0; i < p->verdicts.n; i++) {
		const struct verdict *v = &p->verdicts.v[i];

		MUST_HOLD(v->holds || v->claim->must || v->path.n != 0);
		violated += !v->holds;
		for (uint32_t k = 1; k < v->path.n; k++)
			MUST_HOLD(strcmp(v->path.v[k - 1].to, v->path.v[k].from) == 0);
	}
	MUST_HOLD(!p->sound || p->diags.errors == violated);
}

/* Images are files: only what needs none is built. */
static void check_build(struct policy *p)
{
	struct built out;
	struct blob b;

	for (uint32_t i = 0; i < p->model.roles.n; i++)
		if (p->model.roles.v[i].image == IMAGE_FILE)
			return;
	if (policy_build(p, false, NULL, 0, &out) == 0)
		MUST_HOLD(blob_open_flat(&b, out.blob, out.blob_size) == MICA_BLOB_OK);
	else
		MUST_HOLD(p->diags.errors != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory_file f[FILES];
	struct memory_files files = { f + 1, 0 };
	struct policy p;
	int ret;

	files.n = split(data, size, f) - 1;
	ret = policy_open_text(&p, f[0].path, f[0].text, f[0].size, &files);
	MUST_HOLD(ret == (p.diags.errors != 0));
	check_diagnostics(&p);
	check_verdicts(&p);
	if (ret == 0 && !p.component)
		check_build(&p);
	policy_close(&p);
	return 0;
}
