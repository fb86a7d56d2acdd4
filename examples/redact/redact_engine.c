/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words (runs of word characters) are collected and rewritten by four passes in a fixed order;
 * everything between words goes straight through. No pattern can cross a word's border, so a
 * word is all the look-back there is.
 */
#include "redact_engine.h"

enum kind {
	WORD = 1,			/* part of a word at all */
	LOCAL = 2,			/* of an e-mail address, before the @ */
	DOMAIN = 4,			/* after it */
	HEX = 8,			/* hexadecimal digit, dot or colon: of an IPv6 address */
	DIGIT = 16,
	AT = 32,
	COLON = 64,
};

static uint8_t kinds[256];

static void add(const char *chars, unsigned int kind)
{
	for (; *chars; chars++)
		kinds[(uint8_t)*chars] |= (uint8_t)kind;
}

static void kinds_init(void)
{
	for (unsigned int c = 128; c < 256; c++)
		kinds[c] = WORD | LOCAL | DOMAIN;
	add("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", WORD | LOCAL | DOMAIN);
	add("._%+:@-", WORD);
	add("._%+-", LOCAL);
	add(".-", DOMAIN);
	add("0123456789ABCDEFabcdef.:", HEX);
	add("0123456789", DIGIT);
	add("@", AT);
	add(":", COLON);
}

static int flush(struct redact *r)
{
	size_t n = r->out_len;

	r->out_len = 0;
	return n ? r->emit(r->arg, r->out, n) : 0;
}

static int put(struct redact *r, const uint8_t *p, size_t n)
{
	while (n) {
		size_t room = sizeof(r->out) - r->out_len;
		size_t part = n < room ? n : room;
		int err;

		for (size_t i = 0; i < part; i++)
			r->out[r->out_len + i] = p[i];
		r->out_len += part;
		p += part;
		n -= part;
		err = r->out_len == sizeof(r->out) ? flush(r) : 0;
		if (err)
			return err;
	}
	return 0;
}

/* Length of the run of characters of that kind at p. */
static size_t run(const uint8_t *p, size_t n, unsigned int kind)
{
	size_t i = 0;

	while (i < n && kinds[p[i]] & kind)
		i++;
	return i;
}

/* Each matcher: length of the match that begins at p, or 0 and in *skip how far no match begins. */

static size_t match_email(const uint8_t *p, size_t n, size_t *skip)
{
	size_t local = run(p, n, LOCAL), domain;

	*skip = local ? local : 1;
	if (!local || local == n || p[local] != '@')
		return 0;
	domain = run(p + local + 1, n - local - 1, DOMAIN);
	return domain ? local + 1 + domain : 0;
}

static size_t match_ipv6(const uint8_t *p, size_t n, size_t *skip)
{
	size_t len = run(p, n, HEX), colons = 0;
	bool twin = false;

	*skip = len ? len : 1;
	for (size_t i = 0; i < len; i++) {
		colons += p[i] == ':';
		twin |= p[i] == ':' && i && p[i - 1] == ':';
	}
	return twin || colons >= 7 ? len : 0;
}

static size_t match_ipv4(const uint8_t *p, size_t n, size_t *skip)
{
	size_t len = run(p, n, DIGIT), groups = 1;

	*skip = len ? len : 1;
	if (!len)
		return 0;
	for (;;) {
		size_t more = len + 1 < n && p[len] == '.' ? run(p + len + 1, n - len - 1, DIGIT) : 0;

		if (!more)
			break;
		len += 1 + more;
		groups++;
	}
	return groups >= 4 ? len : 0;
}

static size_t match_number(const uint8_t *p, size_t n, size_t *skip)
{
	size_t len = run(p, n, DIGIT);

	*skip = len ? len : 1;
	return len >= 9 ? len : 0;
}

static const struct pass {
	unsigned int needs;		/* kind of character without which nothing can match */
	size_t (*match)(const uint8_t *p, size_t n, size_t *skip);
	const char *marker;
} passes[] = {
	{ AT, match_email, "<email>" },
	{ COLON, match_ipv6, "<ipv6>" },
	{ DIGIT, match_ipv4, "<ipv4>" },
	{ DIGIT, match_number, "<number>" },
};

/* Replace every match in from[0..n) by the marker. Returns the new length. */
static size_t substitute(const struct pass *pass, const uint8_t *from, size_t n, uint8_t *to)
{
	size_t len = 0;

	for (size_t i = 0; i < n; ) {
		size_t skip, match = pass->match(from + i, n - i, &skip);

		if (match) {
			for (const char *m = pass->marker; *m; m++)
				to[len++] = (uint8_t)*m;
			i += match;
		} else {
			while (skip--)
				to[len++] = from[i++];
		}
	}
	return len;
}

static int end_word(struct redact *r)
{
	uint8_t *from = r->word[0], *to = r->word[1], *t;
	unsigned int seen = r->seen;
	size_t n = r->word_len;

	r->seen = 0;
	r->word_len = 0;
	if (r->too_long) {
		r->too_long = false;
		return put(r, (const uint8_t *)"<long>", 6);
	}
	for (const struct pass *p = passes; p < passes + sizeof(passes) / sizeof(*passes); p++) {
		if (!(seen & p->needs))
			continue;
		n = substitute(p, from, n, to);
		t = from;
		from = to;
		to = t;
	}
	return put(r, from, n);
}

void redact_init(struct redact *r, int (*emit)(void *arg, const void *data, size_t n), void *arg)
{
	kinds_init();
	*r = (struct redact){ .emit = emit, .arg = arg };
}

int redact_feed(struct redact *r, const uint8_t *in, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned int kind = kinds[in[i]];
		int err = 0;

		if (kind & WORD) {
			if (r->word_len < REDACT_WORD_MAX)
				r->word[0][r->word_len++] = in[i];
			else
				r->too_long = true;
			r->seen |= kind;
			continue;
		}
		if (r->word_len)
			err = end_word(r);
		if (!err)
			err = put(r, &in[i], 1);
		if (err)
			return err;
	}
	/* What is complete goes on now: a reader should not wait for our buffer to fill. */
	return flush(r);
}

int redact_end(struct redact *r)
{
	int err = r->word_len ? end_word(r) : 0;

	return err ? err : flush(r);
}
