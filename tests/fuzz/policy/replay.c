/* SPDX-License-Identifier: Apache-2.0 */
/* Every file of CORPUS through the fuzzer's target, without clang; also cut short, so that each end of file is met. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "target.h"

static size_t read_file(const char *name, uint8_t **out)
{
	char path[512];
	size_t n, cap = 1 << 20;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", CORPUS, name);
	f = fopen(path, "rb");
	assert_non_null(f);
	*out = malloc(cap);
	assert_non_null(*out);
	n = fread(*out, 1, cap, f);
	fclose(f);
	return n;
}

/* A copy of just that size: a read beyond it is seen. */
static void feed(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	assert_non_null(copy);
	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void corpus(void **state)
{
	DIR *dir = opendir(CORPUS);
	unsigned int files = 0;
	struct dirent *e;

	(void)state;
	assert_non_null(dir);
	while ((e = readdir(dir)) != NULL) {
		uint8_t *data;
		size_t n;

		if (e->d_name[0] == '.')
			continue;
		n = read_file(e->d_name, &data);
		feed(data, n);
		for (size_t cut = 0; cut < n; cut += 1 + n / 16)
			feed(data, cut);
		free(data);
		files++;
	}
	closedir(dir);
	printf("%u files of %s\n", files, CORPUS);
	assert_true(files >= 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(corpus) };

	return cmocka_run_group_tests_name(CORPUS, tests, NULL, NULL);
}
