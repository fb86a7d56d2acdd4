/* SPDX-License-Identifier: Apache-2.0 */
/* A panic: an error, unless the proof says that here it is right, and the end of what is looked at. */
#ifndef TESTS_PROOF_PANIC_H
#define TESTS_PROOF_PANIC_H

#include "proof.h"

static bool may_panic;

_Noreturn void rmm_panic(const char *what)
{
	(void)what;
	assert(may_panic);
	ASSUME(0);
	for (;;)
		;
}

#endif
