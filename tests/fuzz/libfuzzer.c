/* SPDX-License-Identifier: Apache-2.0 */
/* The same sequences, chosen by coverage: how tests/fuzz/corpus was made. Linked instead of main.c. */
#include "seq.h"

#define FILE_STEPS	2000UL

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct stream s = { .data = data, .size = size };

	if (size != 0)
		run_sequence(&s, FILE_STEPS);
	return 0;
}
