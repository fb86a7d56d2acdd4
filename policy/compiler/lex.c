/* SPDX-License-Identifier: Apache-2.0 */
/* The lexer: P006 to P013. A bad token is reported once and comes out as TOK_BAD. */
#include <string.h>

#include "lex.h"

bool is_reserved(const char *word)
{
	static const char *const words[] = {
		"any", "channel", "component", "const", "control", "except", "from", "gate", "host", "must",
		"never", "realm", "require", "self", "set", "via", "window", "workflow",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

static bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_word(char c) { return is_lower(c) || is_upper(c) || is_digit(c) || c == '_'; }
static bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

static char peek(const struct lexer *l, uint32_t ahead)
{
	return l->pos + ahead < l->src->size ? l->src->text[l->pos + ahead] : '\0';
}

static struct token finish(struct lexer *l, enum token_kind kind, uint32_t begin)
{
	struct token t = { .kind = kind, .at = { begin, l->pos } };

	if (kind != TOK_PUNCT)
		t.text = arena_strndup(l->arena, l->src->text + begin, l->pos - begin);
	return t;
}

static struct token bad(struct lexer *l, uint32_t begin)
{
	return finish(l, TOK_BAD, begin);
}

static void skip_comment(struct lexer *l)
{
	uint32_t begin = l->pos;

	while (l->pos < l->src->size && peek(l, 0) != '\n')
		l->pos++;
	if (l->fresh && l->src->text[begin + 1] == '#')
		*VEC_ADD(l->arena, &l->doc) = (struct span){ begin, l->pos };
}

static void skip_blank(struct lexer *l)
{
	if (l->pos == 0)
		l->fresh = true;
	if (l->pos == 0 && l->src->size >= 3 && memcmp(l->src->text, "\xef\xbb\xbf", 3) == 0)
		l->pos = 3;		/* reported when the file was read */
	for (;;) {
		char c = peek(l, 0);

		if (l->pos < l->src->size && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) {
			l->fresh = l->fresh || c == '\n';
			l->pos++;
		} else if (c == '#') {
			skip_comment(l);
		} else {
			return;
		}
	}
}

/* ---- names ---- */

/* The first character that keeps the word from being a NAME or a CONST; 0 if it is one. */
static char first_wrong(const char *w, enum token_kind *kind)
{
	bool upper = is_upper(w[0]);

	*kind = upper ? TOK_CONST : TOK_NAME;
	if (*w == '_')
		return *w;
	for (; *w; w++)
		if (!is_digit(*w) && *w != '_' && !(upper ? is_upper(*w) : is_lower(*w)))
			return *w;
	return '\0';
}

/* log-in -> log_in; LogIn -> logIn is left: only what is mechanical is proposed. */
static const char *repaired(struct lexer *l, const char *w)
{
	char *s = arena_strndup(l->arena, w, strlen(w));

	while (*s == '_' && s[1])
		s++;
	for (char *p = s; *p; p++) {
		if (*p == '-')
			*p = '_';
		else if (is_upper(*p))
			*p = (char)(*p - 'A' + 'a');
	}
	return s;
}

static struct token lex_hash(struct lexer *l, uint32_t begin, unsigned int bytes)
{
	uint32_t digits_at = ++l->pos, n;
	struct token t;
	uint8_t *hash;

	while (is_hex(peek(l, 0)))
		l->pos++;
	n = l->pos - digits_at;
	while (is_word(peek(l, 0)))
		l->pos++;
	if (n != 2 * bytes || l->pos - digits_at != n) {
		diag_error(l->diags, "P013", l->src, (struct span){ begin, l->pos },
			   "hash has %u of %u digits", n, 2 * bytes);
		return bad(l, begin);
	}
	t = finish(l, TOK_HASH, begin);
	t.value = bytes;
	t.hash = hash = arena_alloc(l->arena, bytes);
	for (uint32_t i = 0; i < n; i++) {
		char c = l->src->text[digits_at + i];
		uint8_t v = (uint8_t)(is_digit(c) ? c - '0' : c - 'a' + 10);

		hash[i / 2] = (uint8_t)(hash[i / 2] << 4 | v);
	}
	return t;
}

static uint64_t unit_bytes(const char *unit)
{
	if (strcmp(unit, "KiB") == 0)
		return (uint64_t)1 << 10;
	if (strcmp(unit, "MiB") == 0)
		return (uint64_t)1 << 20;
	if (strcmp(unit, "GiB") == 0)
		return (uint64_t)1 << 30;
	return 0;
}

static struct token lex_word(struct lexer *l)
{
	uint32_t begin = l->pos;
	enum token_kind kind;
	struct token t;
	struct diag *g;
	char wrong;

	/* a '-' inside a word is the commonest slip: take the whole word, so that it is one error */
	while (is_word(peek(l, 0)) || (peek(l, 0) == '-' && is_word(peek(l, 1))))
		l->pos++;
	t = finish(l, TOK_NAME, begin);
	if (peek(l, 0) == ':' && strcmp(t.text, "sha256") == 0)
		return lex_hash(l, begin, 32);
	if (peek(l, 0) == ':' && strcmp(t.text, "sha512") == 0)
		return lex_hash(l, begin, 64);
	wrong = first_wrong(t.text, &kind);
	t.kind = kind;
	if (wrong == '\0' && l->pos - begin <= NAME_BYTES_MAX)
		return t;
	if (wrong != '\0') {
		g = diag_error(l->diags, "P012", l->src, t.at, "not a name: '%c'", wrong);
		if (unit_bytes(t.text))
			diag_hint(l->diags, g, "a unit stands directly behind its number: 16%s", t.text);
		else
			diag_hint(l->diags, g, "a-z, 0-9 and _ ; try %s. CONSTs are all upper case", repaired(l, t.text));
	} else {
		g = diag_error(l->diags, "P012", l->src, t.at, "not a name: longer than %d bytes",
			       NAME_BYTES_MAX);
		diag_hint(l->diags, g, "shorten it");
	}
	return bad(l, begin);
}

/* ---- numbers ---- */

static struct token bad_number(struct lexer *l, uint32_t begin, const char *why, const char *hint)
{
	struct diag *g = diag_error(l->diags, "P010", l->src, (struct span){ begin, l->pos },
				    "not a number: %s", why);

	if (hint)
		diag_hint(l->diags, g, "%s", hint);
	return bad(l, begin);
}

static bool accumulate(uint64_t *v, unsigned int base, char c)
{
	unsigned int d = (unsigned int)(is_digit(c) ? c - '0' : c - 'a' + 10);

	if (*v > (UINT64_MAX - d) / base)
		return false;
	*v = *v * base + d;
	return true;
}

static struct token bad_unit(struct lexer *l, uint32_t begin, const char *digits, const char *unit)
{
	struct diag *g = diag_error(l->diags, "P011", l->src, (struct span){ begin, l->pos },
				    "unknown unit '%s'", unit);
	char first = unit[0];

	if (is_lower(first))
		first = (char)(first - 'a' + 'A');
	if (first == 'K' || first == 'M' || first == 'G')
		diag_hint(l->diags, g, "KiB, MiB or GiB: did you mean %s%ciB?", digits, first);
	else
		diag_hint(l->diags, g, "KiB, MiB or GiB");
	return bad(l, begin);
}

static struct token lex_number(struct lexer *l)
{
	uint32_t begin = l->pos, digits = begin;
	unsigned int base = 10;
	uint64_t v = 0, unit = 1;
	const char *number, *suffix;
	struct token t;
	bool fits = true;

	if (peek(l, 0) == '0' && peek(l, 1) == 'x') {
		base = 16;
		digits = l->pos += 2;
	}
	for (; base == 16 ? is_hex(peek(l, 0)) : is_digit(peek(l, 0)); l->pos++)
		fits = fits && accumulate(&v, base, peek(l, 0));
	number = arena_strndup(l->arena, l->src->text + begin, l->pos - begin);
	suffix = NULL;
	if (is_word(peek(l, 0))) {
		uint32_t at = l->pos;

		while (is_word(peek(l, 0)))
			l->pos++;
		suffix = arena_strndup(l->arena, l->src->text + at, l->pos - at);
		unit = unit_bytes(suffix);
	}
	if (base == 16 && (l->pos == digits || suffix))
		return bad_number(l, begin, "hexadecimal digits are 0-9 and a-f", "0x, then lower-case digits");
	if (base == 10 && number[0] == '0' && number[1])
		return bad_number(l, begin, "leading zero",
				  arena_printf(l->arena, "write %s; hexadecimal starts with 0x",
					       number + strspn(number, "0") - (number[strspn(number, "0")] == '\0')));
	if (suffix && unit == 0)
		return bad_unit(l, begin, number, suffix);
	if (!fits || v > UINT64_MAX / unit)
		return bad_number(l, begin, "more than 64 bits", NULL);
	t = finish(l, suffix ? TOK_SIZE : TOK_INT, begin);
	t.value = v * unit;
	return t;
}

/* ---- strings ---- */

/* Why a string is no path a policy may name; NULL if it is one. */
static const char *path_fault(const char *s, size_t n)
{
	if (n == 0)
		return "empty";
	if (n > STRING_BYTES_MAX)
		return "longer than 255 bytes";
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f || s[i] == '\\')
			return "has a control character or a backslash";
	if (s[0] == '/')
		return "absolute";
	for (const char *p = s; p; p = strchr(p, '/') ? strchr(p, '/') + 1 : NULL)
		if (strncmp(p, "..", 2) == 0 && (p[2] == '/' || p[2] == '\0'))
			return "leaves the folder by '..'";
	return NULL;
}

static struct token lex_string(struct lexer *l)
{
	uint32_t begin = l->pos++;
	const char *fault;
	struct token t;
	struct diag *g;

	while (l->pos < l->src->size && peek(l, 0) != '"' && peek(l, 0) != '\n')
		l->pos++;
	if (peek(l, 0) != '"') {
		g = diag_error(l->diags, "P008", l->src, (struct span){ begin, l->pos },
			       "string is not closed on this line");
		diag_hint(l->diags, g, "add `\"`");
		l->torn = true;
		return bad(l, begin);
	}
	l->pos++;
	t = finish(l, TOK_STRING, begin);
	t.text = arena_strndup(l->arena, l->src->text + begin + 1, l->pos - begin - 2);
	fault = path_fault(t.text, l->pos - begin - 2);
	if (!fault)
		return t;
	g = diag_error(l->diags, "P009", l->src, t.at, "not a usable path: %s", fault);
	diag_hint(l->diags, g, "paths are relative to this file, `/`, without `..`");
	t.kind = TOK_BAD;
	return t;
}

/* ---- the rest ---- */

static struct token lex_punct(struct lexer *l)
{
	static const char *const puncts[] = { "<->", "->", "=>", "~>", "{", "}", "(", ")", ",", ";", ".", "=" };
	uint32_t begin = l->pos;
	struct token t;
	struct diag *g;
	bool arrow;

	for (size_t i = 0; i < sizeof(puncts) / sizeof(puncts[0]); i++) {
		size_t n = strlen(puncts[i]);

		if (l->src->size - begin >= n && memcmp(l->src->text + begin, puncts[i], n) == 0) {
			l->pos += (uint32_t)n;
			t = finish(l, TOK_PUNCT, begin);
			t.text = puncts[i];
			return t;
		}
	}
	l->pos += utf8_len(l->src->text + begin, l->src->size - begin);
	if ((unsigned char)l->src->text[begin] >= 0x80) {
		while (l->pos < l->src->size && (unsigned char)peek(l, 0) >= 0x80)
			l->pos++;	/* one error for a run of them */
		diag_error(l->diags, "P007", l->src, (struct span){ begin, l->pos },
			   "only ASCII outside comments and strings");
		return bad(l, begin);
	}
	if (l->src->text[begin] == '/')
		while (peek(l, 0) == '/' || peek(l, 0) == '*')
			l->pos++;	/* a comment of another language is one slip */
	arrow = memchr("<>-~", l->src->text[begin], 4) != NULL;
	if (arrow)
		while (memchr("<>-=~", peek(l, 0), 5))
			l->pos++;	/* and so is an arrow */
	g = diag_error(l->diags, "P006", l->src, (struct span){ begin, l->pos },
		       "unexpected character '%c'", l->src->text[begin]);
	diag_hint(l->diags, g, arrow ? "arrows are -> and <-> (channel, window), => (gate), ~> (claim)" :
				       "`#` starts a comment; `//` and `/*` do not");
	return bad(l, begin);
}

static struct token lex_token(struct lexer *l)
{
	char c;

	if (l->pos >= l->src->size)
		return finish(l, TOK_END, l->pos);
	c = peek(l, 0);
	if (is_digit(c))
		return lex_number(l);
	if (is_lower(c) || is_upper(c) || c == '_')
		return lex_word(l);
	if (c == '"')
		return lex_string(l);
	return lex_punct(l);
}

struct token lex_next(struct lexer *l)
{
	struct token t;
	bool first;

	skip_blank(l);
	first = l->fresh;
	l->fresh = false;
	t = lex_token(l);
	t.first = first;
	t.doc = l->doc;
	l->doc = (struct spans){ 0 };
	return t;
}
