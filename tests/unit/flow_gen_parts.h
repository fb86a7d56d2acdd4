/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the generator: what flow_gen.c and flow_gen_component.c have in common. */
#ifndef MICA_TESTS_FLOW_GEN_PARTS_H
#define MICA_TESTS_FLOW_GEN_PARTS_H

#include "flow_gen.h"

bool chance(unsigned int percent);

/* Append to a statement's text; to a file's, as it is or with line ends and comments for blanks. */
void add(char *text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void put(struct world *w, unsigned int file, const char *s);
void put_scattered(struct world *w, unsigned int file, const char *s);
unsigned int line_of(const struct world *w, unsigned int file);

struct statement *statement(struct world *w);
struct opens *opens(struct statement *s, unsigned int from, unsigned int to, const char *fmt, const char *name);

/* The role as an end of a channel; `.PORT` of a role that has a component, and that port in its file. */
void put_end(struct world *w, struct statement *s, unsigned int r, const char *dir, unsigned int channel, const char *attrs);
void put_port(struct world *w, struct statement *s, unsigned int r, const char *dir, const char *what, bool size,
	      const char *attrs);
void put_component(struct world *w, unsigned int file);

/* Complete a claim: `any`, overlaps, exceptions that may release. False: it would be an error. */
bool sensible(const struct world *w, struct gen_claim *c, bool any_a, bool any_b);

#endif
