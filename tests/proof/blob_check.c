/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decoder as a whole: every rule is asked, each after those it relies on, of the pages that were given; the number of the first that
 * fails is the answer, and 0 if none does. What each rule accepts is blob.c, blob_local.c and blob_distinct.c.
 * Options: --unwind 37
 * Replaced: header_ok:rule_1a zero_fields_ok:rule_1b names_ok:rule_2 sections_ordered:rule_3a local_names_distinct:rule_3b
 * Replaced: roles_ok:rule_4 rights_ok:rule_5 layout_ok:rule_6 check_channels:rule_7_8 regions_ok:rule_9 gates_ok:rule_10
 */
#include "../../lib/blob/blob.c"
#include "proof.h"

static const uint8_t *given[BLOB_MAX_PAGES];
static size_t given_size;
static bool holds[12];			/* rules in their order, 1 and 3 in two halves, 7 and 8 as one */
static enum mica_blob_rule channels;
static unsigned int asked;

static bool ask(const struct blob *b, unsigned int rule)
{
	unsigned int i = any_u32();

	assert(asked++ == rule);
	assert(b->size == given_size);
	if (i < (given_size + PAGE - 1) / PAGE)
		assert(b->pages[i] == given[i]);
	return holds[rule];
}

bool rule_1a(struct blob *b) { return ask(b, 0); }
bool rule_1b(const struct blob *b) { return ask(b, 1); }
bool rule_2(const struct blob *b) { return ask(b, 2); }
bool rule_3a(const struct blob *b) { return ask(b, 3); }
bool rule_3b(const struct blob *b) { return ask(b, 4); }
bool rule_4(const struct blob *b) { return ask(b, 5); }
bool rule_5(const struct blob *b) { return ask(b, 6); }
bool rule_6(const struct blob *b) { return ask(b, 7); }
enum mica_blob_rule rule_7_8(const struct blob *b) { return ask(b, 8) ? MICA_BLOB_OK : channels; }
bool rule_9(const struct blob *b) { return ask(b, 9); }
bool rule_10(const struct blob *b) { return ask(b, 10); }

void proof_whole(void)
{
	static const unsigned int number[] = { 1, 1, 2, 3, 3, 4, 5, 6, 7, 9, 10 };
	unsigned int first = 0;
	uint8_t page;
	struct blob b;
	bool size_ok;
	int rule;

	given_size = any_u32();
	channels = any_bool() ? MICA_BLOB_RULE_GRANT : MICA_BLOB_RULE_CHANNEL;
	for (unsigned int i = 0; i < BLOB_MAX_PAGES; i++)
		given[i] = any_bool() ? &page : NULL;
	for (unsigned int i = 0; i < 11; i++)
		holds[i] = any_bool();
	size_ok = given_size >= 256 && given_size <= 140 * 1024 && given_size % 64 == 0;
	while (first < 11 && holds[first])
		first++;
	rule = blob_open(&b, given, given_size);
	if (!size_ok)
		assert(rule == 1 && asked == 0);
	else if (first == 11)
		assert(rule == 0 && asked == 11);
	else
		assert(rule == (first == 8 ? (int)channels : (int)number[first]) && asked == first + 1);
	COVER(rule == 0 && given_size == 140 * 1024);
	COVER(rule == 8);
	COVER(rule == 10);
	COVER(!size_ok);
}
