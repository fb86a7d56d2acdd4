/* SPDX-License-Identifier: Apache-2.0 */
/* A token against a policy that was built here. */
#ifndef MICA_VERIFIER_AGAINST_H
#define MICA_VERIFIER_AGAINST_H

#include "../compiler/compile.h"
#include "verify.h"

/* @challenge NULL: the token's own is taken, res->challenge says which; such a token may be a replayed one. As verify_token(). */
int verify_against(const struct built *b, const uint8_t *token, size_t size, const uint8_t *challenge, bool development,
		   struct verify_result *res);
/* 2 * n hex digits and nothing else. */
bool parse_hex(const char *s, uint8_t *out, size_t n);

#endif
