/* SPDX-License-Identifier: Apache-2.0 */
/* A blob's records as JSON, spelled out as they are: schema mica.inspect/1. */
#include <inttypes.h>

#include "../cli/cli.h"
#include "../cli/json.h"
#include "inspect.h"

static const char *yes(bool x) { return x ? "true" : "false"; }

static void roles(FILE *out, const struct blob *b)
{
	for (unsigned int i = 0; i < b->roles; i++) {
		const struct mica_blob_role *r = blob_role(b, i);
		const char *sep = "";

		fprintf(out, "%s\n    { \"name\": \"%s\", \"pinned\": %s, \"rim\": ", i ? "," : "", r->name, yes(r->flags & MICA_ROLE_PINNED));
		if (r->flags & MICA_ROLE_PINNED) {
			fprintf(out, "\"%s:", r->hash ? "sha512" : "sha256");
			print_hex(out, r->rim, r->hash ? 64 : 32);
			fputc('"', out);
		} else {
			fputs("null", out);
		}
		fprintf(out, ", \"memory_bytes\": %" PRIu64 ", \"vcpus\": %u, \"declassifies\": %s, \"restart\": %s, \"rights\": [", r->ram_size,
			r->vcpus, yes(r->flags & MICA_ROLE_DECLASSIFIES), yes(r->flags & MICA_ROLE_RESTART));
		for (const struct right_name *n = right_names; n->name; n++)
			if (r->rights & n->bit) {
				fprintf(out, "%s\"%s\"", sep, n->name);
				sep = ", ";
			}
		fputs("] }", out);
	}
}

static void channels(FILE *out, const struct blob *b)
{
	for (unsigned int i = 0; i < b->channels; i++) {
		const struct mica_blob_channel *c = blob_channel(b, i);
		const char *sep = "";

		fprintf(out, "%s\n    { \"name\": \"%s\", \"bytes\": %" PRIu64 ", \"signal\": %s, \"keep\": %s, \"ends\": [", i ? "," : "", c->name,
			(uint64_t)c->pages * 4096, yes(c->flags & MICA_CHAN_SIGNAL), yes(c->flags & MICA_CHAN_KEEP));
		for (unsigned int k = 0; k < b->grants; k++) {
			const struct mica_blob_grant *g = blob_grant(b, k);

			if (g->channel != i)
				continue;
			fprintf(out, "%s\n      { \"role\": \"%s\", \"name\": \"%s\", \"writes\": %s, \"ipa\": \"0x%" PRIx64 "\" }", sep,
				blob_role(b, g->role)->name, g->name, yes(g->rights == MICA_GRANT_RW), g->ipa);
			sep = ",";
		}
		fputs(" ] }", out);
	}
}

static void regions(FILE *out, const struct blob *b)
{
	static const char *const kinds[] = { "window", "device", "interrupts" };

	for (unsigned int i = 0; i < b->regions; i++) {
		const struct mica_blob_region *r = blob_region(b, i);

		fprintf(out, "%s\n    { \"role\": \"%s\", \"name\": \"%s\", \"kind\": \"%s\", ", i ? "," : "", blob_role(b, r->role)->name, r->name,
			kinds[r->kind]);
		if (r->kind == MICA_REGION_INTIDS)
			fprintf(out, "\"first\": %" PRIu64 ", \"count\": %" PRIu32 " }", r->base, r->pages);
		else
			fprintf(out, "\"ipa\": \"0x%" PRIx64 "\", \"bytes\": %" PRIu64 ", \"reads\": %s, \"writes\": %s }", r->base,
				(uint64_t)r->pages * 4096, yes(r->rights & MICA_REGION_READ), yes(r->rights & MICA_REGION_WRITE));
	}
}

static void gates(FILE *out, const struct blob *b)
{
	for (unsigned int i = 0; i < b->gates; i++) {
		const struct mica_blob_gate *g = blob_gate(b, i);

		fprintf(out, "%s\n    { \"caller\": \"%s\", \"callee\": \"%s\", \"caller_name\": \"%s\", \"callee_name\": \"%s\", \"server\": %u, "
			"\"args\": %u, \"results\": %u }", i ? "," : "", blob_role(b, g->caller)->name, blob_role(b, g->callee)->name,
			g->caller_name, g->callee_name, g->server_rec, g->args, g->results);
	}
}

static void text_or_null(FILE *out, const char *text)
{
	if (text)
		json(out, text);
	else
		fputs("null", out);
}

void print_blob_json(FILE *out, const char *path, const struct blob *b, const uint8_t id[32], const struct texts *t, const char *why)
{
	fputs("{ \"schema\": \"mica.inspect/1\", \"file\": ", out);
	json(out, path);
	fprintf(out, ", \"ok\": %s, \"rule\": 0, \"error\": ", yes(t));
	text_or_null(out, t ? NULL : why);
	fprintf(out, ",\n  \"workflow\": \"%s\", \"workflow_id\": \"", blob_header(b)->name);
	print_hex(out, id, 32);
	fprintf(out, "\", \"blob_bytes\": %" PRIu32 ",\n  \"roles\": [", b->size);
	roles(out, b);
	fputs(" ],\n  \"channels\": [", out);
	channels(out, b);
	fputs(" ],\n  \"regions\": [", out);
	regions(out, b);
	fputs(" ],\n  \"gates\": [", out);
	gates(out, b);
	fputs(" ],\n  \"policy\": ", out);
	text_or_null(out, t ? t->v[0].text : NULL);
	fputs(",\n  \"components\": [", out);
	for (unsigned int i = 1; t && i < t->n; i++) {
		fprintf(out, "%s\n    { \"file\": \"%s\", \"text\": ", i > 1 ? "," : "", t->v[i].name);
		json(out, t->v[i].text);
		fputs(" }", out);
	}
	fputs(" ] }\n", out);
}
