/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The monitor's decoder on any bytes: flat and scattered over pages of their own it answers the same, and what it accepts
 * can be read record by record with every index inside its table.
 */
#include <string.h>

#include "../../../lib/blob/blob.h"
#include "target.h"

#define PAGE 4096U

/* Each page by itself, the last one no longer than it is: a read beyond is a read of something else. */
static enum mica_blob_rule open_scattered(struct blob *b, const uint8_t *data, size_t size, uint8_t **pages)
{
	size_t n = (size + PAGE - 1) / PAGE;

	for (size_t i = 0; i < n; i++) {
		size_t part = size - i * PAGE < PAGE ? size - i * PAGE : PAGE;

		pages[i] = malloc(part);
		MUST_HOLD(pages[i] != NULL);
		memcpy(pages[i], data + i * PAGE, part);
	}
	return blob_open(b, (const uint8_t *const *)pages, size);
}

static bool is_name(const char *s)
{
	size_t n = strnlen(s, MICA_NAME_SIZE);

	return n > 0 && n < MICA_NAME_SIZE && s[0] >= 'a' && s[0] <= 'z';
}

static void check_roles(const struct blob *b)
{
	for (unsigned int i = 0; i < b->roles; i++) {
		const struct mica_blob_role *r = blob_role(b, i);

		MUST_HOLD(is_name(r->name) && r->vcpus >= 1 && r->vcpus <= MICA_MAX_VCPUS);
		MUST_HOLD(r->grant_first + r->grant_count <= b->grants && r->region_first + r->region_count <= b->regions);
		MUST_HOLD(r->ram_base + r->ram_size > r->ram_base);
		for (unsigned int k = 0; k < r->grant_count; k++)
			MUST_HOLD(blob_grant(b, r->grant_first + k)->role == i);
		for (unsigned int k = 0; k < r->region_count; k++)
			MUST_HOLD(blob_region(b, r->region_first + k)->role == i);
	}
}

static void check_tables(const struct blob *b)
{
	MUST_HOLD(is_name(blob_header(b)->name));
	for (unsigned int i = 0; i < b->channels; i++)
		MUST_HOLD(is_name(blob_channel(b, i)->name) && blob_channel(b, i)->pages != 0);
	for (unsigned int i = 0; i < b->grants; i++) {
		const struct mica_blob_grant *g = blob_grant(b, i);

		MUST_HOLD(g->channel < b->channels && g->role < b->roles);
		MUST_HOLD(g->rights == MICA_GRANT_R || g->rights == MICA_GRANT_RW);
		MUST_HOLD(g->signal < MICA_MAX_SIGNALS || g->signal == MICA_NO_SIGNAL);
	}
	for (unsigned int i = 0; i < b->regions; i++)
		MUST_HOLD(blob_region(b, i)->role < b->roles);
	for (unsigned int i = 0; i < b->gates; i++) {
		const struct mica_blob_gate *g = blob_gate(b, i);

		MUST_HOLD(g->caller < b->roles && g->callee < b->roles && g->caller != g->callee);
		MUST_HOLD(g->server_rec < blob_role(b, g->callee)->vcpus);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *pages[BLOB_MAX_PAGES + 2] = { NULL };
	struct blob flat, scattered;
	enum mica_blob_rule rule;

	if (size > MICA_BLOB_MAX + PAGE)
		return 0;
	rule = blob_open_flat(&flat, data, size);
	MUST_HOLD(open_scattered(&scattered, data, size, pages) == rule);
	if (rule == MICA_BLOB_OK) {
		check_roles(&scattered);
		check_tables(&scattered);
	}
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		free(pages[i]);
	return 0;
}
