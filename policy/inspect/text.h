/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this folder that make text share: a blob with its channels folded and its names given back. */
#ifndef MICA_INSPECT_TEXT_H
#define MICA_INSPECT_TEXT_H

#include <stdarg.h>

#include "inspect.h"

#define BIT(role) (UINT64_C(1) << (role))

/* A channel of the language: what its parts in the blob have in common. Roles as bits of their index. */
struct folded {
	char name[MICA_NAME_SIZE];
	uint64_t pages, writers, readers;
	bool two_way, ack, signal, keep;
	struct numbered { unsigned int parts, end; } data, acks;	/* how many have a number; the highest, and 1 */
};

struct writer {
	struct arena *arena;
	const struct blob *b;
	FILE *out;
	const char *why;
	struct { VEC_FIELDS(struct folded); } channels;
	uint64_t components;			/* roles whose names only a component file can give */
	const char *window[MICA_MAX_REGIONS];	/* names of statements: the role's own, or made up for a component's */
	const char *gate[MICA_MAX_GATES];
};

/* False, with the reason. */
bool cannot(struct writer *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* fold.c. "raw-ack-1" is the acknowledgement of raw, number 1 (or none: ""). False if no channel is spelled out so. */
bool split(const char *name, char base[MICA_NAME_SIZE], bool *ack, const char **number);
bool fold(struct writer *w);

/* names.c, after fold(): which roles need a file of their own, and what windows and gates are called. */
bool give_names(struct writer *w);
/* What a component's role calls a channel it writes (or reads): the port. */
const char *port_of(struct writer *w, unsigned int role, const struct folded *c, bool writes);

/* component.c: the file of one role. */
void put_component_file(struct writer *w, unsigned int role);

/* source.c: "image any" or "measurement ...", and the attributes that are no default. */
void put_build(struct writer *w, const struct mica_blob_role *r);
/* " (ack, signal, keep)" as far as it has them, and the end of the line. */
void put_attributes(struct writer *w, const struct folded *c);

#endif
