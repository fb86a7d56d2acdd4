/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rmi_sequence [--workflows] [--steps N] [--length N] [--seed N] [FILE...]
 * Replays each FILE, then runs random sequences of --length steps until --steps are done. Without --workflows, as files are, they are
 * about RMM 1.0 alone. The last line is a suite's. A mismatch aborts with the last calls and the seed of the sequence.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "seq.h"

#define FILE_MAX	(1UL << 16)
#define FILE_STEPS	20000UL

static unsigned long number(const char *s, const char *option)
{
	char *end;
	unsigned long v = strtoul(s != NULL ? s : "", &end, 0);

	if (s == NULL || *s == 0 || *end != 0) {
		fprintf(stderr, "rmi_sequence: %s wants a number\n", option);
		exit(2);
	}
	return v;
}

static void replay(const char *path)
{
	static uint8_t data[FILE_MAX];
	struct stream s = { .data = data };
	FILE *f = fopen(path, "rb");

	if (f == NULL) {
		perror(path);
		exit(2);
	}
	s.size = fread(data, 1, sizeof(data), f);
	fclose(f);
	trace("file %s", path);
	run_sequence(&s, FILE_STEPS);
}

int main(int argc, char **argv)
{
	unsigned long max = 0, length = 4000, seed = 1, files = 0, sequences = 0;
	bool ok;

	show_trace_at_abort();
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--steps") == 0) {
			max = number(argv[++i], "--steps");
		} else if (strcmp(argv[i], "--length") == 0) {
			length = number(argv[++i], "--length");
		} else if (strcmp(argv[i], "--seed") == 0) {
			seed = number(argv[++i], "--seed");
		} else if (strcmp(argv[i], "--workflows") == 0) {
			workflows = true;
		} else {
			replay(argv[i]);
			files++;
		}
	}
	for (; steps < max; sequences++, seed++) {
		struct stream s = { .seed = seed * 0xd1342543de82ef95UL };

		trace("seed %lu, length %lu", seed, length);
		fprintf(stderr, "\rseed %lu, %lu steps", seed, steps);
		run_sequence(&s, length);
	}
	fprintf(stderr, "\r%40s\r", "");
	ok = report(max >= 100000);
	printf("%lu steps in %lu random sequences and %lu files\n", steps, sequences, files);
	printf("rmi_sequence: %lu passed, %d failed\n", sequences + files, !ok);
	return !ok;
}
