/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a compiled policy back to text. The blob is read by lib/blob alone; what the compiler spelled out (NAME-ack,
 * NAME-0) is folded back; and the text counts only if compiling it gives the same bytes.
 */
#ifndef MICA_INSPECT_H
#define MICA_INSPECT_H

#include "../../lib/blob/blob.h"
#include "../compiler/arena.h"
#include "../cli/options.h"

/* "4: a role's record" of a canonical rule. */
const char *rule_text(enum mica_blob_rule rule);

/* The text of an opened blob, formatted. NULL: *why says what no text could say. */
const char *source_of(struct arena *a, const struct blob *b, const uint8_t id[32], const char **why);
/* Does @text compile to exactly these bytes? If not, *why. */
bool compiles_to(struct arena *a, const char *text, const struct blob *b, const uint8_t *bytes, const char **why);

/* json.c: every record as it is; the text or NULL and why. */
void print_blob_json(FILE *out, const char *path, const struct blob *b, const uint8_t id[32], const char *text, const char *why);

/* "a" or "{ a, b }", of bits by role. */
void put_roles(FILE *out, const struct blob *b, uint64_t roles);
/* control.c: the statements that give rights. */
void put_controls(FILE *out, const struct blob *b);

/* Rights as the language names them, in its order; ends with a row without a name. */
struct right_name { uint32_t bit; const char *name; };
extern const struct right_name right_names[];

int cmd_inspect(int argc, char **argv);
extern const struct cli_spec inspect_spec;

#endif
