/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blob to text and back: what was built from random policies is read back and builds to the same bytes; what is
 * canonical but no text can give is refused with the reason; damaged blobs never do worse.
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

#include "../../lib/hash/hash.h"
#include "../../policy/inspect/inspect.h"
#include "flow_gen.h"
#include "policy_gen.h"

/* The files of @blob, one after the other, allocated; NULL and why (a copy) if it is refused. */
static char *files_of(const uint8_t *bytes, size_t size, unsigned int *n, char why[512])
{
	const char *reason = "?", *all = "";
	struct arena a = { 0 };
	uint8_t id[HASH_MAX_SIZE];
	struct texts t;
	struct blob b;
	char *copy = NULL;

	assert_int_equal(blob_open_flat(&b, bytes, size), MICA_BLOB_OK);
	hash(HASH_SHA256, bytes, size, id);
	if (source_of(&a, &b, id, &t, &reason) && compiles_to(&a, &t, &b, bytes, &reason)) {
		for (unsigned int i = 0; i < t.n; i++)
			all = arena_printf(&a, "%s%s", all, t.v[i].text);
		copy = strdup(all);
		*n = t.n;
	} else {
		snprintf(why, 512, "%s", reason);
	}
	arena_free(&a);
	return copy;
}

/* The same for a policy that has to be one file. */
static char *read_back(const uint8_t *bytes, size_t size, char why[512])
{
	unsigned int n = 0;
	char *text = files_of(bytes, size, &n, why);

	assert_true(!text || n == 1);
	return text;
}

static char *text_of(const struct list *t, size_t *size)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, size);

	for (unsigned int i = 0; i < t->n; i++)
		fprintf(f, "%s ", t->v[i]);
	fclose(f);
	return text;
}

static void round_trip(const char *text, size_t size)
{
	uint8_t id[32], again[32], *blob;
	char why[512], *back, *twice;
	size_t n;

	if (!build(text, size, id, &blob, &n))
		return;
	back = read_back(blob, n, why);
	if (!back)
		fail_msg("%s\n%.*s", why, (int)size, text);
	assert_true(build(back, strlen(back), again, NULL, NULL));
	assert_memory_equal(id, again, 32);
	twice = read_back(blob, n, why);
	assert_string_equal(back, twice);
	free(blob);
	free(back);
	free(twice);
}

static void random_policies(void **unused)
{
	unsigned int n = runs(2000), built = 0;

	(void)unused;
	for (unsigned int i = 0; i < n; i++) {
		struct list t = { .n = 0 };
		uint8_t id[32];
		size_t size;
		char *text;

		policy(&t);
		text = text_of(&t, &size);
		built += build(text, size, id, NULL, NULL);
		round_trip(text, size);
		drop(&t);
		free(text);
	}
	assert_true(built > n / 2);
}

/* ---- canonical, but not what the compiler makes ---- */

static const char base[] =
"workflow w {\n"
"  realm a { measurement sha256:0101010101010101010101010101010101010101010101010101010101010101 }\n"
"  realm b { image any }\n"
"  channel c 8KiB a -> b (ack, signal)\n"
"  window in 4KiB host -> a\n"
"  window out 4KiB b -> host\n"
"}\n";

static uint8_t *blob_of(const char *text, size_t *n, struct blob *b)
{
	uint8_t id[32], *blob;

	assert_true(build(text, strlen(text), id, &blob, n));
	assert_int_equal(blob_open_flat(b, blob, *n), MICA_BLOB_OK);
	return blob;
}

static void refused_for(uint8_t *blob, size_t n, const char *what)
{
	char why[512] = "", *text = read_back(blob, n, why);

	if (text)
		fail_msg("%s: not refused", what);
	if (!strstr(why, what))
		fail_msg("'%s' does not say '%s'", why, what);
	free(blob);
}

#define RECORD(kind, i) ((struct mica_blob_##kind *)(uintptr_t)blob_##kind(&b, (i)))

/* Of @n files, one of which says @part. */
static void files_say(uint8_t *blob, size_t size, unsigned int n, const char *part)
{
	char why[512] = "", *text;
	unsigned int files = 0;

	text = files_of(blob, size, &files, why);
	if (!text)
		fail_msg("%s", why);
	if (!strstr(text, part))
		fail_msg("no '%s' in\n%s", part, text);
	assert_int_equal(files, n);
	free(text);
	free(blob);
}

static void rename_record(char field[MICA_NAME_SIZE], const char *name)
{
	memset(field, 0, MICA_NAME_SIZE);
	strcpy(field, name);
}

static void port_names(void **unused)
{
	struct blob b;
	size_t n;
	uint8_t *blob = blob_of(base, &n, &b);

	(void)unused;
	rename_record(RECORD(grant, 0)->name, "raw");
	rename_record(RECORD(grant, 1)->name, "raw-ack");
	files_say(blob, n, 2, "a.raw -> b (ack, signal)");
	blob = blob_of(base, &n, &b);
	rename_record(RECORD(grant, 0)->name, "raw-ack");
	rename_record(RECORD(grant, 1)->name, "raw");
	refused_for(blob, n, "role 'a' calls channel 'c' 'raw-ack': no port is spelled out so");
	blob = blob_of(base, &n, &b);
	rename_record(RECORD(grant, 1)->name, "raw-ack-x");
	refused_for(blob, n, "role 'a' calls channel 'c-ack' 'raw-ack-x': no port is spelled out so");
	blob = blob_of(base, &n, &b);
	rename_record(RECORD(grant, 0)->name, "raw");
	refused_for(blob, n, "end of channel 'c-ack' (name) differs");
	blob = blob_of(base, &n, &b);
	rename_record(RECORD(region, 1)->name, "in");
	files_say(blob, n, 3, "b.in -> host");
	blob = blob_of(base, &n, &b);
	rename_record(RECORD(region, 1)->name, "a");	/* a role's name */
	files_say(blob, n, 2, "b.a  -> host");
	files_say(blob_of(base, &n, &b), n, 1, "window  out 4KiB b");
}

/* Policies with component files: what is read back has other names for windows and gates, and compiles to the same. */
static void component_files(void **unused)
{
	static struct world w;
	unsigned int n = runs(1000), several = 0;

	(void)unused;
	gen_seed(state);
	for (unsigned int i = 0; i < n; i++) {
		struct memory_file files[FILES];
		unsigned int count = 0;
		char why[512] = "", *text;
		struct built out;
		struct policy p;

		generate(&w, true);
		for (unsigned int f = 0; f < FILES; f++)
			files[f] = (struct memory_file){ file_names[f], w.text[f], w.len[f] };
		(void)policy_open_text(&p, file_names[0], w.text[0], w.len[0], &(struct memory_files){ files, FILES });
		assert_true(p.sound && policy_build(&p, false, NULL, 0, &out) == 0);
		text = files_of(out.blob, out.blob_size, &count, why);
		if (!text)
			fail_msg("%s\n%s", why, w.text[0]);
		several += count > 1;
		free(text);
		policy_close(&p);
	}
	assert_true(several > n / 4);
}

static void another_layout(void **unused)
{
	struct blob b;
	size_t n;
	uint8_t *blob = blob_of(base, &n, &b);

	(void)unused;
	RECORD(role, 1)->s2sz = 40;
	RECORD(region, 1)->base <<= 1;	/* its upper half begins there */
	refused_for(blob, n, "role 'b' (address space size)");
	blob = blob_of(base, &n, &b);
	RECORD(grant, 1)->ipa += 4096;
	refused_for(blob, n, "(address)");
	blob = blob_of(base, &n, &b);
	RECORD(role, 0)->num_bps = 2;
	refused_for(blob, n, "role 'a' (breakpoints)");
	blob = blob_of(base, &n, &b);
	RECORD(role, 1)->hash = 1;
	refused_for(blob, n, "role 'b' (hash)");
	blob = blob_of(base, &n, &b);
	RECORD(region, 0)->base += 0x10000;
	refused_for(blob, n, "'in' (address)");
}

static void names_no_text_has(void **unused)
{
	struct blob b;
	size_t n;
	uint8_t *blob = blob_of(base, &n, &b);

	(void)unused;
	strcpy(RECORD(role, 0)->name, "a-b");
	refused_for(blob, n, "P012");
	blob = blob_of(base, &n, &b);
	strcpy(RECORD(role, 0)->name, "any");
	refused_for(blob, n, "P021");
	blob = blob_of(base, &n, &b);
	memset((uint8_t *)blob + 32, 'w', 40);
	refused_for(blob, n, "P012");
	blob = blob_of(base, &n, &b);
	strcpy(RECORD(channel, 1)->name, "c-ack-x");
	strcpy(RECORD(grant, 1)->name, "c-ack-x");
	strcpy(RECORD(grant, 3)->name, "c-ack-x");
	refused_for(blob, n, "spelled out as 'c-ack-x'");
}

static void gate_names(void **unused)
{
	struct blob b;
	size_t n, with = 0;
	uint8_t *blob = blob_of(base, &n, &b), *bigger = calloc(1, n + 128);
	struct mica_blob_gate g = { .caller_name = "ask", .callee_name = "serve", .caller = 0, .callee = 1, .args = 1 };

	(void)unused;
	with = b.gate_off;
	memcpy(bigger, blob, with);
	memcpy(bigger + with, &g, sizeof(g));
	memcpy(bigger + with + sizeof(g), blob + with, n - with);
	((struct mica_blob_header *)(void *)bigger)->gates = 1;
	((struct mica_blob_header *)(void *)bigger)->total = (uint32_t)(n + sizeof(g));
	free(blob);
	files_say(bigger, n + sizeof(g), 3, "a.ask => b.serve (args 1, results 0)");
}

/* ---- gates, devices, interrupts ---- */

static const char rich[] =
"workflow w {\n"
"  realm a, b { image any vcpus 2 }\n"
"  realm s { image any vcpus 4 }\n"
"  gate zulu a => s (args 8, results 0)\n"
"  gate alpha a => s (args 0, results 8)\n"
"  gate mid b => s (args 1, results 1)\n"
"  window in 2MiB host -> a\n"
"  control { a, b } { audit, mmio fixed 4KiB at 0x4000300000, mmio big 2MiB, mmio small 8KiB, interrupts (42, 40, 41, 60) }\n"
"}\n";

static struct mica_blob_region *region_of(const struct blob *of, const char *name, unsigned int role)
{
	struct blob b = *of;

	for (unsigned int i = 0; i < b.regions; i++)
		if (RECORD(region, i)->role == role && strcmp(RECORD(region, i)->name, name) == 0)
			return RECORD(region, i);
	fail_msg("no region '%s'", name);
	return NULL;
}

static void rich_round_trip(void **unused)
{
	char why[512] = "", *text;
	struct blob b;
	size_t n;
	uint8_t *blob = blob_of(rich, &n, &b);

	(void)unused;
	round_trip(rich, sizeof(rich) - 1);
	text = read_back(blob, n, why);
	if (!text)
		fail_msg("%s", why);
	/* one statement for both; a place only where both have the same */
	assert_non_null(strstr(text, "control { a, b } {"));
	assert_non_null(strstr(text, "mmio fixed 4KiB at 0x4000300000"));
	assert_int_not_equal(region_of(&b, "big", 0)->base, region_of(&b, "big", 1)->base);
	assert_non_null(strstr(text, "mmio big 2MiB,"));
	assert_non_null(strstr(text, "interrupts (40"));
	assert_non_null(strstr(text, "60) }"));
	free(text);
	free(blob);
}

/* Canonical, each differing from the above in one thing that no text gives. */
static void rich_another(void **unused)
{
	struct blob b;
	size_t n;
	uint8_t *blob = blob_of(rich, &n, &b);

	(void)unused;
	RECORD(gate, 0)->server_rec = 0;	/* free, and not the next */
	refused_for(blob, n, "gate 'zulu' (server) differs");
	blob = blob_of(rich, &n, &b);
	strcpy(RECORD(gate, 2)->callee_name, "door");
	files_say(blob, n, 3, "gate serves door  (args 1, results 1)");
	blob = blob_of(rich, &n, &b);
	region_of(&b, "interrupts-40", 0)->pages = 4;	/* 43, of one of the two */
	refused_for(blob, n, "size) differs");
	blob = blob_of(rich, &n, &b);
	strcpy(region_of(&b, "interrupts-60", 1)->name, "uart-intid-60");
	refused_for(blob, n, "'uart-intid-60' (name) differs");
	blob = blob_of(rich, &n, &b);
	region_of(&b, "fixed", 0)->rights = MICA_REGION_READ;
	refused_for(blob, n, "'fixed' (role, kind, rights) differs");
	blob = blob_of(rich, &n, &b);
	region_of(&b, "small", 1)->base += 4096;	/* then it has no place that both share */
	refused_for(blob, n, "(address) differs");
	blob = blob_of(rich, &n, &b);
	RECORD(role, 1)->rights &= ~MICA_RIGHT_AUDIT;
	refused_for(blob, n, "role 'b' (rights) differs");
	blob = blob_of(rich, &n, &b);
	strcpy(region_of(&b, "fixed", 1)->name, "in");
	memset(region_of(&b, "in", 1)->name + 2, 0, 5);
	refused_for(blob, n, "differs");
	blob = blob_of(rich, &n, &b);
	strcpy(region_of(&b, "small", 1)->name, "tiny0");
	refused_for(blob, n, "differs");
}

/* What the decoder would not take is not what is built. */
static void rich_not_canonical(void **unused)
{
	struct blob b, again;
	size_t n;
	uint8_t *blob = blob_of(rich, &n, &b);

	(void)unused;
	RECORD(gate, 1)->server_rec = RECORD(gate, 0)->server_rec;
	assert_int_equal(blob_open_flat(&again, blob, n), MICA_BLOB_RULE_ORDER);
	free(blob);
	blob = blob_of(rich, &n, &b);
	RECORD(gate, 2)->server_rec = RECORD(gate, 0)->server_rec;
	assert_int_equal(blob_open_flat(&again, blob, n), MICA_BLOB_RULE_GATE);
	free(blob);
	blob = blob_of(rich, &n, &b);
	region_of(&b, "interrupts-60", 0)->base = 42;
	assert_int_equal(blob_open_flat(&again, blob, n), MICA_BLOB_RULE_REGION);
	free(blob);
	blob = blob_of(rich, &n, &b);
	RECORD(role, 0)->rights &= ~MICA_RIGHT_MMIO;
	assert_int_equal(blob_open_flat(&again, blob, n), MICA_BLOB_RULE_RIGHTS);
	free(blob);
	blob = blob_of(rich, &n, &b);
	RECORD(role, 1)->rights &= ~MICA_RIGHT_IRQ;
	assert_int_equal(blob_open_flat(&again, blob, n), MICA_BLOB_RULE_RIGHTS);
	free(blob);
}

/* Bytes changed at random: not canonical, or refused with a reason, or what the text says is what is there. */
static void damaged(void **unused)
{
	unsigned int n = runs(2000), canonical = 0;

	(void)unused;
	for (unsigned int i = 0; i < n; i++) {
		uint8_t id[32], again[32], full[HASH_MAX_SIZE], *blob;
		struct list t = { .n = 0 };
		struct blob b;
		char why[512] = "", *text;
		size_t size, bytes;

		policy(&t);
		text = text_of(&t, &bytes);
		if (build(text, bytes, id, &blob, &size)) {
			for (unsigned int k = 1 + pick(3); k > 0; k--)
				blob[pick((unsigned int)size)] ^= (uint8_t)(1U << pick(8));
			if (blob_open_flat(&b, blob, size) == MICA_BLOB_OK) {
				unsigned int files = 0;
				char *back = files_of(blob, size, &files, why);

				canonical++;
				hash(HASH_SHA256, blob, size, full);
				if (files == 1) {
					assert_true(build(back, strlen(back), again, NULL, NULL));
					assert_memory_equal(again, full, 32);
				} else if (!back) {
					assert_true(why[0] && why[0] != '?');
				}
				free(back);
			}
			free(blob);
		}
		drop(&t);
		free(text);
	}
	assert_true(canonical > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_policies),
		cmocka_unit_test(port_names),
		cmocka_unit_test(component_files),
		cmocka_unit_test(another_layout),
		cmocka_unit_test(names_no_text_has),
		cmocka_unit_test(gate_names),
		cmocka_unit_test(rich_round_trip),
		cmocka_unit_test(rich_another),
		cmocka_unit_test(rich_not_canonical),
		cmocka_unit_test(damaged),
	};

	return cmocka_run_group_tests_name("inspect", tests, NULL, NULL);
}
