/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The formatter on random layouts: a policy is made token by token, then written with random blanks, line ends,
 * comments and semicolons. What comes out has the same tokens and comments, is a fixed point, does not depend on how
 * the author laid it out (but for the breaks that are his), and builds to the same blob. MICA_RUNS, MICA_SEED.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../policy/fmt/fmt.h"
#include "policy_gen.h"

static void component(struct list *t)
{
	static const char *const items[] = {
		"image any", "linux", "memory 2GiB", "restart", "in image 4KiB", "out memory 1MiB ( ack , signal )", "inout linux",
		"window in peer 4KiB", "window inout native", "gate calls restart ( args 2 , results 0 )",
		"gate serves vcpus ( args 1 , results 1 )", "control { hostcall , mmio uart 4KiB at 0x10000 , interrupts ( 33 , 34 ) }",
		"peer in", "peer out measurement sha256:0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f",
		"require never image ~> host except via peer , self", "require must { in , out } ~> self",
	};

	add(t, "component random {");
	for (unsigned int i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
		if (chance(40))
			continue;
		add(t, items[i]);
		end_item(t);
	}
	add(t, "}");
}

/* ---- writing it down ---- */

struct layout { unsigned int comments, breaks, semicolons; };	/* percent */

static void blank(FILE *f, const struct layout *l)
{
	static const char *const comments[] = { "#", "# why", "## doc", "#!  odd  \t", "# { ; \"", "##", "# \xc3\xa9\xe2\x82\xac" };

	do {
		fputs(chance(20) ? "\t" : " ", f);
		if (chance(l->comments))
			fprintf(f, "%s\n", comments[pick(7)]);
		if (chance(l->breaks))
			fputs(chance(20) ? "\n\n" : chance(10) ? "\r\n" : "\n", f);
	} while (chance(l->comments + l->breaks));
}

static char *write_down(const struct list *t, const struct layout *l, size_t *size)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, size);

	if (chance(10))
		fputs("\xef\xbb\xbf", f);
	for (unsigned int i = 0; i < t->n; i++) {
		bool end = strcmp(t->v[i], "\n") == 0;

		/* between words that would run together there is something */
		if (end && chance(l->semicolons))
			fputs(";", f);
		else if (!end)
			fputs(t->v[i], f);
		if (i + 1 < t->n || chance(50))
			blank(f, l);
	}
	fclose(f);
	return text;
}

/* ---- what must hold ---- */

/* The tokens, without semicolons, and the comments without blanks at their end: one text. */
static char *essence(const char *text, size_t size)
{
	char *out = NULL;
	size_t n;
	FILE *f = open_memstream(&out, &n);
	const char *end = text + size;

	if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	while (text < end) {
		size_t len = strcspn(text, *text == '#' ? "\n" : " \t\r\n#");

		if (*text == '#') {
			while (len && strchr(" \t\r", text[len - 1]))
				len--;
			fprintf(f, "%.*s|", (int)len, text);
			text += strcspn(text, "\n");
		} else if (len) {
			for (size_t i = 0; i < len; i++)
				if (text[i] != ';')
					fputc(text[i], f);
			text += len;
		} else {
			text++;
		}
	}
	fclose(f);
	return out;
}

/* What a `##` after a dropped `;` lost is left out of the comparison. */
static void same_essence(const char *a, size_t an, const char *b, size_t bn)
{
	char *x = essence(a, an), *y = essence(b, bn), *i = x, *j = y;

	while (*i && *j) {
		if (*i == '#' && i[1] == '#' && *j == '#' && j[1] != '#')
			i++;
		if (*i != *j)
			fail_msg("tokens or comments differ:\n%s\n--\n%s\n--\n%.*s\n--\n%.*s", i, j, (int)an, a, (int)bn, b);
		i++;
		j++;
	}
	if (*i || *j)
		fail_msg("something is missing");
	free(x);
	free(y);
}

/* The formatted text, allocated; fails with the diagnostics. */
static char *formatted(const char *text, size_t size, size_t *out_size)
{
	struct arena arena = { 0 };
	struct diags d = { .arena = &arena };
	const char *out;
	char *copy;

	if (!fmt_text(&d, "x.mica", text, size, &out, out_size)) {
		diag_print(&d, stderr, false);
		fail_msg("refused:\n%.*s", (int)size, text);
	}
	copy = strndup(out, *out_size);
	arena_free(&arena);
	return copy;
}

static char *strip(const char *text, size_t size, size_t *out)	/* what build() reads needs no BOM, no CR */
{
	char *s = malloc(size + 1);

	*out = 0;
	for (size_t i = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; i < size; i++)
		if (text[i] != '\r')
			s[(*out)++] = text[i];
	s[*out] = '\0';
	return s;
}

static unsigned int one(void (*make)(struct list *), const struct layout *l)
{
	struct list t = { .n = 0 };
	size_t n, once_n, twice_n, plain_n;
	char *text, *once, *twice, *plain;
	uint8_t before[32], after[32];
	unsigned int built = 0;

	make(&t);
	text = write_down(&t, l, &n);
	once = formatted(text, n, &once_n);
	same_essence(text, n, once, once_n);
	twice = formatted(once, once_n, &twice_n);
	if (strcmp(once, twice) != 0)
		fail_msg("not a fixed point:\n%s--\n%s", once, twice);
	assert_null(strchr(once, '\r'));
	plain = strip(text, n, &plain_n);
	if (build(plain, plain_n, before, NULL, NULL)) {
		assert_true(build(once, once_n, after, NULL, NULL));
		assert_memory_equal(before, after, 32);
		built = 1;
	}
	drop(&t);
	free(text);
	free(once);
	free(twice);
	free(plain);
	return built;
}

static void any_layout(void **unused)
{
	unsigned int n = runs(2000), built = 0;

	(void)unused;
	for (unsigned int i = 0; i < n; i++) {
		struct layout l = { pick(3) ? 0 : pick(25), pick(2) ? pick(50) : 0, pick(3) ? 0 : 50 };

		built += one(policy, &l);
	}
	assert_true(built > n / 2);	/* or the blobs show little */
}

static void components(void **unused)
{
	(void)unused;
	for (unsigned int i = 0, n = runs(2000) / 2; i < n; i++) {
		struct layout l = { pick(3) ? 0 : pick(25), pick(2) ? pick(50) : 0, pick(3) ? 0 : 50 };

		one(component, &l);
	}
}

/* Without comments and breaks of his own, the author's blanks do not matter at all. */
static void blanks_do_not_matter(void **unused)
{
	(void)unused;
	for (unsigned int i = 0, n = runs(2000) / 4; i < n; i++) {
		const struct layout tight = { 0, 0, 0 }, loose = { 0, 0, 100 };
		struct list t = { .n = 0 };
		size_t n1, n2;
		char *a, *b, *x, *y;

		policy(&t);
		a = write_down(&t, &tight, &n1);
		b = write_down(&t, &loose, &n2);
		x = formatted(a, n1, &n1);
		y = formatted(b, n2, &n2);
		assert_string_equal(x, y);
		drop(&t);
		free(a);
		free(b);
		free(x);
		free(y);
	}
}

/* Any bytes at all: refused with a diagnostic, or formatted to a fixed point; never a crash. */
static void damaged(void **unused)
{
	unsigned int n = runs(2000), refused = 0;

	(void)unused;
	for (unsigned int i = 0; i < n; i++) {
		const struct layout l = { 10, 20, 30 };
		struct arena arena = { 0 };
		struct diags d = { .arena = &arena };
		struct list t = { .n = 0 };
		const char *out;
		size_t size, out_size;
		char *text;

		i % 2 ? policy(&t) : component(&t);
		text = write_down(&t, &l, &size);
		for (unsigned int k = 1 + pick(4); k > 0; k--) {
			static const char bytes[] = "{}(),;=.#\"\r\n\xff\0ax0>";

			text[pick((unsigned int)size)] = bytes[pick(sizeof(bytes) - 1)];
		}
		if (fmt_text(&d, "x.mica", text, size, &out, &out_size)) {
			char *again = formatted(out, out_size, &size);

			assert_string_equal(again, out);
			free(again);
		} else {
			assert_true(d.errors > 0);
			/* our own check is a safety net, not a way to work */
			for (uint32_t k = 0; k < d.n; k++)
				if (strcmp(d.v[k]->code, "P999") == 0)
					fail_msg("P999:\n%.*s", (int)size, text);
			refused++;
		}
		drop(&t);
		free(text);
		arena_free(&arena);
	}
	assert_true(refused > n / 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_layout),
		cmocka_unit_test(components),
		cmocka_unit_test(blanks_do_not_matter),
		cmocka_unit_test(damaged),
	};

	return cmocka_run_group_tests_name("fmt", tests, NULL, NULL);
}
