/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rule 3, its last part, second half (the first is blob_local.c): what is said of a role's names, up to three of any contents.
 * Their hashes, which decide where the decoder keeps and finds a name, are any that equal names have in common.
 * Options: --unwind 5 --unwindset compare.0:49,same.0:49
 * Replaced: name_hash:any_hash local_name:nth_name
 */
#include "../../lib/blob/blob.c"
#include "proof.h"

#define NAMES	3

static char name[NAMES][MICA_NAME_SIZE];
static unsigned int names;
static uint32_t hashes[NAMES];

static bool same(const char *x, const char *y)
{
	bool yes = true;

	for (unsigned int i = 0; i < MICA_NAME_SIZE; i++)
		yes &= x[i] == y[i];
	return yes;
}

const char *nth_name(const struct blob *b, const struct runs *r, unsigned int role, unsigned int i)
{
	(void)b;
	(void)r;
	(void)role;
	return i < names ? name[i] : NULL;
}

unsigned int any_hash(const char x[MICA_NAME_SIZE])
{
	for (unsigned int i = 0; i < NAMES; i++)
		if (x == name[i])
			return hashes[i];
	assert(false);
	return 0;
}

void proof_distinct(void)
{
	const struct runs r = { 0 };
	bool distinct = true, ok;
	struct blob b;

	__CPROVER_havoc_object(name);
	names = any_u32();
	ASSUME(names <= NAMES);
	for (unsigned int i = 0; i < NAMES; i++) {
		hashes[i] = any_u32();
		for (unsigned int k = 0; k < i; k++) {
			ASSUME(!same(name[i], name[k]) || hashes[i] == hashes[k]);
			distinct &= i >= names || !same(name[i], name[k]);
		}
	}
	ok = names_distinct(&b, &r, 0);
	assert(ok == distinct);
	COVER(ok && names == NAMES && hashes[0] % SLOTS == SLOTS - 1 && hashes[1] == hashes[0] && hashes[2] == hashes[0]);
	COVER(!ok && names == NAMES && same(name[0], name[2]) && hashes[1] == hashes[0]);
}
