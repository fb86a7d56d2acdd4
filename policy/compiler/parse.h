/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the parser: the state and the small steps that statements (parse_items.c) and their attributes
 * (parse_attrs.c) are made of. An item in error is reported once, at its first fault; all steps do nothing then.
 */
#ifndef MICA_POLICY_PARSE_H
#define MICA_POLICY_PARSE_H

#include "ast.h"
#include "lex.h"

#define WORDS_MAX 16

struct parser {
	struct lexer lex;
	struct token t;			/* lookahead */
	uint32_t last_end;		/* end of the token before it */
	unsigned int depth;		/* of braces */
	const char *syntax;		/* of the statement at hand, for hints */
	bool failed;			/* the item at hand is in error */
	bool component;			/* a component file */
	/* where each word of the list at hand was given, and of the realm or component around it: P027, P402 */
	struct span given[WORDS_MAX], realm_given[WORDS_MAX];
};

struct statement {
	const char *word;
	enum item_kind kind;
	const char *syntax;
};

void advance(struct parser *p);
bool is_punct(const struct parser *p, const char *s);
bool is_name(const struct parser *p, const char *s);
bool take(struct parser *p, const char *punct);

/* Report the first fault of the item; NULL if there was one before. */
struct diag *fault(struct parser *p, const char *code, const char *message);
void expected(struct parser *p, const char *what);	/* P020 */
void expect(struct parser *p, const char *punct);
bool empty_list(struct parser *p, const char *close);	/* P025 if the list closes here */

/* A name that declares something: P021. */
struct ref new_name(struct parser *p, const char *what);
/* A name that is used. `also`: the reserved words that mean something here. */
#define ALSO_NONE 0U
#define ALSO_HOST 1U
#define ALSO_ANY  2U
#define ALSO_SELF 4U
struct ref use_name(struct parser *p, const char *what, unsigned int also);
void use_names(struct parser *p, struct refs *out, const char *what, unsigned int also);
struct num number(struct parser *p, const char *what);
struct num integer(struct parser *p, const char *what);

/* attributes (parse_attrs.c) */
bool listed(const char *word, const char *const *known);
void realm_attr(struct parser *p, struct item *it);
void channel_attrs(struct parser *p, struct item *it);
void control_rights(struct parser *p, struct item *it);
void measurement(struct parser *p, struct attr *a);
void gate_words(struct parser *p, struct item *it);
void claim_body(struct parser *p, struct item *it);

/* The body of one item; its first word is taken. */
void workflow_item(struct parser *p, struct item *it);
void component_item(struct parser *p, struct item *it, const char *word);

/* What begins with the lookahead; NULL: nothing. */
const struct statement *statement_at(const struct parser *p);
/* The nearest word, for P024; NULL. */
const char *statement_near(const struct parser *p);

#endif
