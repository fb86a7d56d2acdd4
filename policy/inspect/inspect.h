/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a compiled policy back to text. The blob is read by lib/blob alone; what the compiler spelled out (NAME-ack,
 * NAME-0) is folded back; and the text counts only if compiling it gives the same bytes.
 */
#ifndef MICA_INSPECT_H
#define MICA_INSPECT_H

#include "../../lib/blob/blob.h"
#include "../compiler/arena.h"
#include "../cli/new_files.h"
#include "../cli/options.h"

/* "4: a role's record" of a canonical rule. */
const char *rule_text(enum mica_blob_rule rule);

/* The text of a blob: the policy, then a component file for each role whose names only such a file can give. */
struct texts {
	struct new_file v[1 + MICA_MAX_ROLES];
	unsigned int n;
};

/* The text of an opened blob, formatted. False: *why says what no text could say. */
bool source_of(struct arena *a, const struct blob *b, const uint8_t id[32], struct texts *t, const char **why);
/* Does the text compile to exactly these bytes? If not, *why. */
bool compiles_to(struct arena *a, const struct texts *t, const struct blob *b, const uint8_t *bytes, const char **why);

/* json.c: every record as it is; the text or NULL and why. */
void print_blob_json(FILE *out, const char *path, const struct blob *b, const uint8_t id[32], const struct texts *t, const char *why);

/* "a" or "{ a, b }", of bits by role. */
void put_roles(FILE *out, const struct blob *b, uint64_t roles);
/* control.c: the statements that give rights. */
void put_controls(FILE *out, const struct blob *b);
void put_role_rights(FILE *out, const struct blob *b, unsigned int role);	/* nothing if it has none */

/* Rights as the language names them, in its order; ends with a row without a name. */
struct right_name { uint32_t bit; const char *name; };
extern const struct right_name right_names[];

int cmd_inspect(int argc, char **argv);
extern const struct cli_spec inspect_spec;

#endif
