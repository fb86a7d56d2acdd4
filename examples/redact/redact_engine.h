/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The redaction itself, streaming, in bounded memory, on any bytes. What it replaces is defined
 * in README.md and, once more and independently, in tests/system/redact.sed.
 */
#ifndef REDACT_ENGINE_H
#define REDACT_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REDACT_WORD_MAX	1023	/* longer words are replaced whole */
/* The worst growth of a word: "::" becomes "<ipv6>". */
#define REDACT_GROWTH	3

struct redact {
	int (*emit)(void *arg, const void *data, size_t n);	/* 0, or an error that is passed on */
	void *arg;
	size_t word_len;
	bool too_long;			/* the word is over the limit: swallow its rest */
	unsigned int seen;		/* kinds of characters in the word */
	uint8_t word[2][REDACT_WORD_MAX * REDACT_GROWTH + 16];
	size_t out_len;
	uint8_t out[8192];
};

void redact_init(struct redact *r, int (*emit)(void *arg, const void *data, size_t n), void *arg);
/* Errors are those of emit. */
int redact_feed(struct redact *r, const uint8_t *in, size_t n);
/* End of input: whatever is held back goes out. */
int redact_end(struct redact *r);

#endif
