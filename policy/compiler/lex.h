/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens of the policy language, one at a time. Source: docs/spec/policy-language.md section 1. */
#ifndef MICA_POLICY_LEX_H
#define MICA_POLICY_LEX_H

#include "diag.h"

#define NAME_BYTES_MAX	31
#define STRING_BYTES_MAX 255

enum token_kind {
	TOK_END,			/* of the file */
	TOK_BAD,			/* already reported */
	TOK_NAME,			/* reserved words included */
	TOK_CONST,
	TOK_INT,			/* value */
	TOK_SIZE,			/* value, in bytes */
	TOK_STRING,			/* text without quotes */
	TOK_HASH,			/* value = 32 or 64, bytes in hash */
	TOK_PUNCT,			/* text: { } ( ) , ; . = -> <-> => ~> */
};

struct spans { VEC_FIELDS(struct span); };

struct token {
	enum token_kind kind;
	struct span at;
	const char *text;		/* NUL terminated, in the arena */
	uint64_t value;
	const uint8_t *hash;		/* TOK_HASH */
	bool first;			/* on its line */
	struct spans doc;		/* the lines of `##` comments before it */
};

struct lexer {
	struct arena *arena;
	struct diags *diags;
	const struct source *src;
	uint32_t pos;
	bool torn;			/* an open string may have swallowed a brace */
	bool fresh;			/* nothing but blanks since the last LF */
	struct spans doc;		/* of the token to come */
};

/* The next token; TOK_END for ever at the end. */
struct token lex_next(struct lexer *l);
bool is_reserved(const char *word);

#endif
