/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of `mica`: argv[0] is the command's name; the result is the exit status. */
#ifndef MICA_CLI_H
#define MICA_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define MICA_VERSION_TEXT	"0.1.0"

#define EXIT_HOLDS	0
#define EXIT_REFUSED	1
#define EXIT_USAGE	2		/* usage or I/O */

int cmd_check(int argc, char **argv);
int cmd_build(int argc, char **argv);
int cmd_measure(int argc, char **argv);

struct policy;
/* Diagnostics of a refused policy, on stderr; the exit status. */
int refused(const struct policy *p);
bool colour_on(FILE *out);
void print_hex(FILE *out, const uint8_t *b, size_t n);

#endif
