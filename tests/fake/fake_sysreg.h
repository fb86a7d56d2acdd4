/* SPDX-License-Identifier: Apache-2.0 */
/* System registers as members of the CPU the calling thread plays. */
#ifndef FAKE_SYSREG_H
#define FAKE_SYSREG_H

#include <stdint.h>

struct fake_regs {
#define SYSREG(name)		uint64_t name;
#define SYSREG_RO(name)		uint64_t name;
#define SYSREG_ENC(name, enc)	uint64_t name;
#define SYSREG_BITS(name, el)	uint64_t name;
#include "../../rmm/arch/sysregs.def"
#undef SYSREG
#undef SYSREG_RO
#undef SYSREG_ENC
#undef SYSREG_BITS
};

struct fake_regs *fake_regs(void);	/* of this thread's CPU */

#define SYSREG_RO(name)							\
	static inline uint64_t read_##name(void)			\
	{								\
		return fake_regs()->name;				\
	}
#define SYSREG(name)							\
	SYSREG_RO(name)							\
	static inline void write_##name(uint64_t v)			\
	{								\
		fake_regs()->name = v;					\
	}
#define SYSREG_ENC(name, enc)	SYSREG(name)
#define SYSREG_BITS(name, el)	SYSREG(name)
#include "../../rmm/arch/sysregs.def"
#undef SYSREG
#undef SYSREG_RO
#undef SYSREG_ENC
#undef SYSREG_BITS

#endif
