/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rule 3, its last part: the names that one role has for its channels, windows and gates are distinct. In two halves: which
 * names are looked at, and what is said of those that are - up to four, with any contents and whatever their hashes, which
 * decide where the decoder keeps and finds them.
 * Options: --unwind 8 --unwindset any_records.0:36,compare.0:49,name_order.0:49,name_true.0:48,all_zero.0:177,same.0:49,lists.0:12,distinct.0:4
 */
#include "blob.c"

/* ---- which names ---- */

#define KINDS	(GRANTS + REGIONS + 2 * GATES)

/* Name @i of role @role over all kinds of records, NULL if that record is not there or is another's. */
static const char *own_name(unsigned int role, unsigned int i)
{
	if (i < GRANTS)
		return i < n_a && A[i].role == role ? A[i].name : NULL;
	i -= GRANTS;
	if (i < REGIONS)
		return i < n_w && W[i].role == role ? W[i].name : NULL;
	i -= REGIONS;
	if (i / 2 >= n_g)
		return NULL;
	if (i % 2 == 0)
		return G[i / 2].caller == role ? G[i / 2].caller_name : NULL;
	return G[i / 2].callee == role ? G[i / 2].callee_name : NULL;
}

/* Each of the role's, once, and then the end. */
static void lists(unsigned int role, const struct runs *r)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < KINDS; i++)
		if (own_name(role, i) != NULL)
			assert(local_name(&b, r, role, n++) == own_name(role, i));
	assert(local_name(&b, r, role, n) == NULL);
	COVER(n == KINDS);
	COVER(n == 0);
}

void proof_names_of_roles(void)
{
	struct runs r = { 0 };

	any_records();
	ASSUME(order_true());
	for (unsigned int role = 0; role < n_r; role++) {
		r = next_runs(&b, &r, role);
		lists(role, &r);
	}
}
