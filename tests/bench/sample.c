/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#define MAX_RUNS	64

static uint64_t sample[MAX_RUNS];
static unsigned int n;

void add(uint64_t ticks)
{
	if (n < MAX_RUNS)
		sample[n++] = ticks;
}

static void line(const char *kind, const char *name, const uint64_t *v, unsigned int count)
{
	bare_puts(kind);
	bare_puts(name);
	for (unsigned int i = 0; i < count; i++) {
		bare_puts(" ");
		bare_number(v[i]);
	}
	bare_puts("\r\n");
}

static void sort(void)
{
	for (unsigned int i = 1; i < n; i++)
		for (unsigned int j = i; j > 0 && sample[j - 1] > sample[j]; j--) {
			uint64_t t = sample[j];

			sample[j] = sample[j - 1];
			sample[j - 1] = t;
		}
}

void show(const char *name)
{
	sort();
	line("bench ", name, (uint64_t[]){ sample[0], sample[n / 2], sample[n - 1] }, 3);
	n = 0;
}

void point(const char *against, const char *what, uint64_t x, uint64_t y)
{
	bare_puts("point ");
	bare_puts(against);
	line(" ", what, (uint64_t[]){ x, y }, 2);
}

void show_point(const char *against, const char *what, uint64_t x)
{
	sort();
	point(against, what, x, sample[n / 2]);
	n = 0;
}
