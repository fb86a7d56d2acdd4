/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "against.h"

bool parse_hex(const char *s, uint8_t *out, size_t n)
{
	if (strlen(s) != 2 * n)
		return false;
	for (size_t i = 0; i < 2 * n; i++) {
		char c = s[i] >= 'A' && s[i] <= 'F' ? s[i] | 0x20 : s[i];
		const char *digits = "0123456789abcdef", *at = strchr(digits, c);

		if (!at)
			return false;
		out[i / 2] = (uint8_t)(out[i / 2] << 4 | (at - digits));
	}
	return true;
}

int verify_against(const struct built *b, const uint8_t *token, size_t size, const uint8_t *challenge, bool development,
		   struct verify_result *res)
{
	struct verify_role roles[MICA_MAX_ROLES];
	const struct verify_expect want = {
		.challenge = challenge, .any_challenge = !challenge, .workflow_id = b->workflow_id, .roles = roles,
		.n_roles = b->roles.n, .accept_development = development,
	};

	for (uint32_t i = 0; i < b->roles.n; i++) {		/* build refuses more than MICA_MAX_ROLES */
		roles[i] = (struct verify_role){ .name = b->roles.v[i].name, .pinned = b->roles.v[i].pinned,
						 .hash_size = b->roles.v[i].hash_size };
		memcpy(roles[i].rim, b->roles.v[i].rim, sizeof(roles[i].rim));
	}
	return verify_token(token, size, &want, res);
}
