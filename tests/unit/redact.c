/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The redaction engine against an independent implementation, sed: the same bytes out for the
 * same bytes in, whatever the input and however it is cut into pieces.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "../../examples/redact/redact_engine.h"

#define MAX_OUT	(8U << 20)

static uint64_t seed = 2463534242ULL;

static uint64_t rnd(uint64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % below;
}

struct bytes {
	uint8_t *p;
	size_t n;
};

static void append(struct bytes *b, const void *p, size_t n)
{
	assert_true(b->n + n <= MAX_OUT);
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

static int collect(void *arg, const void *p, size_t n)
{
	append(arg, p, n);
	return 0;
}

static struct bytes bytes_new(void)
{
	return (struct bytes){ .p = malloc(MAX_OUT) };
}

static void engine(const struct bytes *in, size_t piece, struct bytes *out)
{
	static struct redact r;
	size_t at = 0;

	redact_init(&r, collect, out);
	while (at < in->n) {
		size_t n = piece ? piece : rnd(50) + 1;
		uint8_t *copy;

		if (n > in->n - at)
			n = in->n - at;
		copy = malloc(n);		/* sized to the byte, for the sanitizer */
		memcpy(copy, in->p + at, n);
		assert_int_equal(redact_feed(&r, copy, n), 0);
		free(copy);
		at += n;
	}
	assert_int_equal(redact_end(&r), 0);
}

static void sed(const struct bytes *in, struct bytes *out)
{
	int ifd = memfd_create("in", 0), ofd = memfd_create("out", 0), status;
	pid_t pid;

	assert_int_equal(write(ifd, in->p, in->n), in->n);
	lseek(ifd, 0, SEEK_SET);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(ifd, 0);
		dup2(ofd, 1);
		setenv("LC_ALL", "C", 1);
		execlp("sed", "sed", "-E", "-f", SED_SCRIPT, NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	out->n = (size_t)lseek(ofd, 0, SEEK_END);
	assert_true(out->n <= MAX_OUT);
	assert_int_equal(pread(ofd, out->p, out->n, 0), out->n);
	close(ifd);
	close(ofd);
}

static void compare(const struct bytes *in, size_t piece)
{
	struct bytes a = bytes_new(), b = bytes_new();

	engine(in, piece, &a);
	sed(in, &b);
	if (a.n != b.n || memcmp(a.p, b.p, a.n) != 0) {
		size_t i = 0;

		while (i < a.n && i < b.n && a.p[i] == b.p[i])
			i++;
		print_error("engine and sed differ at output byte %zu: '%.*s' against '%.*s'\n", i,
			    (int)(a.n - i > 60 ? 60 : a.n - i), (char *)a.p + i,
			    (int)(b.n - i > 60 ? 60 : b.n - i), (char *)b.p + i);
		fail();
	}
	free(a.p);
	free(b.p);
}

/* ---- known answers: what a user is promised ---- */

static void test_known_answers(void **state)
{
	static const char *const cases[][2] = {
		{ "", "" },
		{ "no newline", "no newline" },
		{ "mail bob.smith+x@mail.example.org now\n", "mail <email> now\n" },
		{ "<a@b>, (c@d.e)\r\n", "<<email>>, (<email>)\r\n" },
		{ "root@localhost: x@y@z", "<email>: <email>@z" },
		{ "from 10.0.0.1:22 to 192.168.1.254\n", "from <ipv4>:22 to <ipv4>\n" },
		{ "version 1.2.3 of 1.2.3.4.5", "version 1.2.3 of <ipv4>" },
		{ "fe80::1%eth0 ::1 2001:db8:0:0:0:0:0:1 ::ffff:10.0.0.1",
		  "<ipv6>%eth0 <ipv6> <ipv6> <ipv6>" },
		{ "at 12:34:56, mac 52:54:00:12:34:56", "at 12:34:56, mac 52:54:00:12:34:56" },
		{ "12345678 123456789 id0123456789x", "12345678 <number> id<number>x" },
		{ "@ : . 1.2.3. ...", "@ : . 1.2.3. ..." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct bytes in = { (uint8_t *)cases[i][0], strlen(cases[i][0]) };
		struct bytes out = bytes_new();

		engine(&in, 1, &out);
		assert_int_equal(out.n, strlen(cases[i][1]));
		assert_memory_equal(out.p, cases[i][1], out.n);
		compare(&in, 3);
		free(out.p);
	}
}

/* ---- generated inputs ---- */

static void gen_patterns(struct bytes *b)
{
	static const char *const parts[] = {
		"a@b", "x.y@example.com", "@", "@@", ".", "..", ":", "::", ":::", "1.2.3.4", "10.", "255",
		"fe80::", "dead:beef", "a:b:c:d:e:f:0:1", "123456789", "12345678", "0", "-", "_", "%", "+",
		" ", "\t", "\n", "\r\n", "g", "zz", "F", "<", ">", "\xc3\xa9", "\xff", "<email>", "<ipv6>",
	};
	size_t n = rnd(4000);

	for (size_t i = 0; i < n; i++) {
		const char *s = parts[rnd(sizeof(parts) / sizeof(*parts))];

		append(b, s, strlen(s));
		if (rnd(60) == 0)
			append(b, "\0", 1);
	}
}

static void gen_alphabet(struct bytes *b)
{
	static const char few[] = "01a.:@-g \n";
	size_t n = rnd(30000);

	for (size_t i = 0; i < n; i++)
		append(b, &few[rnd(sizeof(few) - 1)], 1);
}

static void gen_binary(struct bytes *b)
{
	size_t n = rnd(60000);

	for (size_t i = 0; i < n; i++) {
		uint8_t c = (uint8_t)rnd(256);

		append(b, &c, 1);
	}
}

/* Words around the limit, of characters that match something. */
static void gen_long(struct bytes *b)
{
	static const char *const fill[] = { "1", "a", ":", "1.", "a@", ".", "ab:", "\xff" };

	for (int i = 0; i < 30; i++) {
		const char *f = fill[rnd(sizeof(fill) / sizeof(*fill))];
		size_t n = REDACT_WORD_MAX - 3 + rnd(7), len = strlen(f);

		for (size_t k = 0; k < n; k++)
			append(b, &f[k % len], 1);
		append(b, rnd(2) ? " " : "\n", 1);
	}
}

static void generated(void (*gen)(struct bytes *b), int rounds)
{
	for (int i = 0; i < rounds; i++) {
		struct bytes in = bytes_new();

		gen(&in);
		compare(&in, i % 3 == 0 ? 1 : i % 3 == 1 ? 4096 : 0);
		free(in.p);
	}
}

static void test_patterns(void **state) { (void)state; generated(gen_patterns, 60); }
static void test_alphabet(void **state) { (void)state; generated(gen_alphabet, 40); }
static void test_binary(void **state) { (void)state; generated(gen_binary, 15); }
static void test_long_words(void **state) { (void)state; generated(gen_long, 30); }

static void test_huge_line(void **state)
{
	struct bytes in = bytes_new();

	(void)state;
	while (in.n < 500000)
		append(&in, "aa 1.2.3.4 b@c 123456789 ", 25);
	for (int i = 0; i < 300000; i++)
		append(&in, "7", 1);
	compare(&in, 65536 - 64);
	free(in.p);
}

/* An error of the channel stops the engine and comes back unchanged. */
static int refuse(void *arg, const void *p, size_t n)
{
	(void)arg;
	(void)p;
	(void)n;
	return -32;
}

static void test_error_is_passed_on(void **state)
{
	static struct redact r;

	(void)state;
	redact_init(&r, refuse, NULL);
	assert_int_equal(redact_feed(&r, (const uint8_t *)"ab", 2), 0);		/* held back */
	assert_int_equal(redact_feed(&r, (const uint8_t *)" ", 1), -32);
	assert_int_equal(redact_feed(&r, (const uint8_t *)"x", 1), 0);
	assert_int_equal(redact_end(&r), -32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_answers),
		cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_alphabet),
		cmocka_unit_test(test_binary),
		cmocka_unit_test(test_long_words),
		cmocka_unit_test(test_huge_line),
		cmocka_unit_test(test_error_is_passed_on),
	};

	return cmocka_run_group_tests_name("redact", tests, NULL, NULL);
}
