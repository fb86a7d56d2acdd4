/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BARE_CODE_H
#define BARE_CODE_H

#include <stdint.h>

/* Instructions, in the assembler's words, to be put before a Realm. */
struct code { const uint32_t *from, *to; };
#define CODE(text)								\
	({									\
		struct code c_;							\
										\
		__asm__(".arch armv8.7-a+sve\n\tb 772f\n771:\t" text "\n772:\tadr %0, 771b\n\tadr %1, 772b"	\
			: "=r"(c_.from), "=r"(c_.to));				\
		c_;								\
	})

#endif
