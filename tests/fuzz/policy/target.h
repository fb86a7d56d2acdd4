/* SPDX-License-Identifier: Apache-2.0 */
/* One input of a fuzzer. Aborts if it finds something; libFuzzer and the replay of the corpus both call it. */
#ifndef MICA_TESTS_FUZZ_TARGET_H
#define MICA_TESTS_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that holds for every input. */
#define MUST_HOLD(x) do { if (!(x)) { fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #x); abort(); } } while (0)

#endif
