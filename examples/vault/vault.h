/* SPDX-License-Identifier: Apache-2.0 */
/* What owner, vault and front agree on. */
#ifndef VAULT_H
#define VAULT_H

#include <mica.h>

#define KEY_SIZE	16
#define DIGITS_MIN	9		/* shorter runs of digits are left alone */
#define DIGITS_MAX	48		/* what one call carries: six words */

/* The channel `key`: a page that owner writes once and vault reads in each of its lives. */
struct key_page {
	uint64_t ready;
	uint8_t key[KEY_SIZE];
};

/* The call: number of digits, digits. The result: their token. */
struct token_call {
	uint64_t n;
	uint8_t digits[DIGITS_MAX];
};
_Static_assert(sizeof(struct token_call) == 7 * 8, "args 7");

/* The grant of that name; NULL if the policy gives us none with these rights. */
static inline void *find_grant(const char *name, unsigned int rights)
{
	struct mica_grant g;

	for (unsigned int i = 0; mica_grant(i, &g) == 0; i++)
		if (strcmp(g.name, name) == 0 && (g.rights & rights) == rights)
			return g.base;
	return NULL;
}

#endif
