/* SPDX-License-Identifier: Apache-2.0 */
/* Control statements of a blob: one a role, but for roles that share a device by its name. */
#include <inttypes.h>
#include <string.h>

#include "../compiler/diag.h"
#include "inspect.h"

#define PAGE 4096UL

const struct right_name right_names[] = {
	{ MICA_RIGHT_HOSTCALL, "hostcall" }, { MICA_RIGHT_PSCI, "psci" }, { MICA_RIGHT_TIMER, "timer" }, { MICA_RIGHT_AUDIT, "audit" },
	{ MICA_RIGHT_MMIO, "mmio" }, { MICA_RIGHT_IRQ, "interrupts" }, { 0, NULL },
};

static const struct mica_blob_region *device_of(const struct blob *b, unsigned int role, const char *name)
{
	const struct mica_blob_role *r = blob_role(b, role);

	for (unsigned int i = 0; i < r->region_count; i++) {
		const struct mica_blob_region *d = blob_region(b, r->region_first + i);

		if (d->kind == MICA_REGION_DEVICE && strcmp(d->name, name) == 0)
			return d;
	}
	return NULL;
}

/* A name is declared once: roles that have a device of one name have it from one statement. */
static uint64_t sharing(const struct blob *b, unsigned int role)
{
	const struct mica_blob_role *r = blob_role(b, role);
	uint64_t roles = 1UL << role;

	for (unsigned int i = 0; i < r->region_count; i++) {
		const struct mica_blob_region *d = blob_region(b, r->region_first + i);

		for (unsigned int k = 0; d->kind == MICA_REGION_DEVICE && k < b->roles; k++)
			if (device_of(b, k, d->name))
				roles |= 1UL << k;
	}
	return roles;
}

/* Without a place that all of them share, `build` laid it out in each. */
static bool same_place(const struct blob *b, uint64_t roles, const struct mica_blob_region *d)
{
	for (unsigned int k = 0; k < b->roles; k++) {
		const struct mica_blob_region *other = roles >> k & 1 ? device_of(b, k, d->name) : NULL;

		if (other && other->base != d->base)
			return false;
	}
	return true;
}

static void put_rights(FILE *out, const struct blob *b, unsigned int role, uint64_t roles)
{
	const struct mica_blob_role *r = blob_role(b, role);
	const char *sep = "{ ", *number = "interrupts (";
	char size[24];

	for (const struct right_name *n = right_names; n->name; n++)
		if (r->rights & n->bit & ~(MICA_RIGHT_MMIO | MICA_RIGHT_IRQ)) {	/* these with what they are for, below */
			fprintf(out, "%s%s", sep, n->name);
			sep = ", ";
		}
	for (unsigned int i = 0; i < r->region_count; i++) {
		const struct mica_blob_region *d = blob_region(b, r->region_first + i);

		if (d->kind == MICA_REGION_DEVICE) {
			fprintf(out, "%smmio %s %s", sep, d->name, size_text(size, d->pages * PAGE, ""));
			if (same_place(b, roles, d))
				fprintf(out, " at 0x%" PRIx64, d->base);
			sep = ", ";
		}
		for (uint32_t n = 0; d->kind == MICA_REGION_INTIDS && n < d->pages; n++) {
			fprintf(out, "%s%s%" PRIu64, sep, number, d->base + n);
			sep = ", ";
			number = "";
		}
	}
	fputs(*number ? " }\n" : ") }\n", out);
}

static bool has_rights(const struct blob *b, unsigned int role)
{
	return blob_role(b, role)->rights & ~MICA_RIGHT_VTIMER;
}

void put_role_rights(FILE *out, const struct blob *b, unsigned int role)
{
	if (!has_rights(b, role))
		return;
	fputs("control ", out);
	put_rights(out, b, role, sharing(b, role));
}

void put_controls(FILE *out, const struct blob *b)
{
	uint64_t done = 0;

	for (unsigned int i = 0; i < b->roles; i++) {
		uint64_t roles = sharing(b, i);

		if (done >> i & 1 || !has_rights(b, i))
			continue;
		fputs("control ", out);
		put_roles(out, b, roles);
		fputc(' ', out);
		put_rights(out, b, i, roles);
		done |= roles;
	}
}
