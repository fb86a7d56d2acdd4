/* SPDX-License-Identifier: Apache-2.0 */
/* Is the text the policy? Compile it and compare bytes; say which record and field is the first that differs. */
#include <string.h>

#include "../compiler/compile.h"
#include "inspect.h"

struct field { unsigned int at; const char *name; };

static const struct field role_fields[] = {
	{ 0, "flags" }, { 4, "rights" }, { 8, "address space size" }, { 9, "hash" }, { 10, "vCPUs" }, { 11, "SVE" }, { 12, "breakpoints" },
	{ 13, "watchpoints" }, { 16, "address of memory" }, { 24, "size of memory" }, { 32, "RIM" }, { 96, "name" }, { 144, "runs" },
	{ 152, "device pages" }, { 256, NULL },
};
static const struct field gate_fields[] = { { 0, "names" }, { 96, "parties" }, { 98, "server" }, { 99, "words" }, { 128, NULL } };
static const struct field channel_fields[] = { { 0, "name" }, { 48, "size" }, { 52, "flags" }, { 54, "participants" }, { 64, NULL } };
static const struct field region_fields[] = { { 0, "name" }, { 48, "address" }, { 56, "size" }, { 60, "role, kind, rights" }, { 64, NULL } };
static const struct field grant_fields[] = {
	{ 0, "name" }, { 48, "channel" }, { 50, "role" }, { 51, "rights" }, { 52, "signal" }, { 56, "address" }, { 64, NULL },
};
static const struct field header_fields[] = { { 0, "counts" }, { 32, "name" }, { 256, NULL } };

/* "grant 'raw' (address)" of the byte @off. */
static const char *place(struct arena *a, const struct blob *b, const uint8_t *bytes, uint32_t off)
{
	const struct { uint32_t end, size, name; const char *what; const struct field *fields; } sections[] = {
		{ 256, 256, 32, "workflow", header_fields },
		{ b->gate_off, 256, 96, "role", role_fields },
		{ b->channel_off, 128, 0, "gate", gate_fields },
		{ b->region_off, 64, 0, "channel", channel_fields },
		{ b->grant_off, 64, 0, "window, device or interrupts", region_fields },
		{ b->size, 64, 0, "end of channel", grant_fields },
	};
	unsigned int s = 0, f = 0;
	uint32_t in;

	while (off >= sections[s].end)
		s++;
	in = off % sections[s].size;
	while (sections[s].fields[f + 1].at <= in)
		f++;
	return arena_printf(a, "%s '%s' (%s)", sections[s].what, (const char *)bytes + off - in + sections[s].name,
			    sections[s].fields[f].name);
}

static bool differ(struct arena *a, const struct blob *b, const uint8_t *bytes, const struct built *made, const char **why)
{
	uint32_t off = 0;

	if (made->blob_size == b->size && memcmp(made->blob, bytes, b->size) == 0)
		return true;
	if (made->blob_size != b->size) {
		*why = "the text closest to it compiles to other records";
		return false;
	}
	while (made->blob[off] == bytes[off])
		off++;
	*why = arena_printf(a, "`mica build` gives every policy one layout, and this is another: %s differs", place(a, b, bytes, off));
	return false;
}

bool compiles_to(struct arena *a, const struct texts *t, const struct blob *b, const uint8_t *bytes, const char **why)
{
	struct memory_file *files = arena_alloc(a, t->n * sizeof(*files));
	const struct memory_files beside = { files, t->n };
	struct policy p;
	struct built made;
	bool same = false;

	for (unsigned int i = 0; i < t->n; i++)
		files[i] = (struct memory_file){ t->v[i].name, t->v[i].text, strlen(t->v[i].text) };
	*why = "it cannot be read again";
	if (policy_open_text(&p, files[0].path, files[0].text, files[0].size, &beside) == 0 && policy_build(&p, false, NULL, 0, &made) == 0)
		same = differ(a, b, bytes, &made, why);
	else if (p.diags.n)
		*why = arena_printf(a, "`mica build` does not take the text of it: %s: %s", p.diags.v[0]->code, p.diags.v[0]->message);
	policy_close(&p);
	return same;
}
