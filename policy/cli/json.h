/* SPDX-License-Identifier: Apache-2.0 */
/* Strings of JSON: quoted, escaped, bytes that are not UTF-8 replaced. */
#ifndef MICA_CLI_JSON_H
#define MICA_CLI_JSON_H

#include <stddef.h>
#include <stdio.h>

void json_text(FILE *out, const char *s, size_t n);
void json(FILE *out, const char *s);

#endif
