/* SPDX-License-Identifier: Apache-2.0 */
/* System register accessors as instructions. */
#ifndef RMM_ARCH_SYSREG_REAL_H
#define RMM_ARCH_SYSREG_REAL_H

#define SYSREG_ENC(name, enc)						\
	static inline uint64_t read_##name(void)			\
	{								\
		uint64_t v;						\
									\
		__asm__ volatile("mrs %0, " #enc : "=r"(v));		\
		return v;						\
	}								\
	static inline void write_##name(uint64_t v)			\
	{								\
		__asm__ volatile("msr " #enc ", %0" : : "r"(v) : "memory"); \
	}
#define SYSREG(name)		SYSREG_ENC(name, name)
/* read-only registers: the assembler refuses an msr, so the writer must not exist */
#define SYSREG_RO(name)							\
	static inline uint64_t read_##name(void)			\
	{								\
		uint64_t v;						\
									\
		__asm__ volatile("mrs %0, " #name : "=r"(v));		\
		return v;						\
	}
/* in between the mask is empty: nobody may count or be interrupted by it */
#define SYSREG_BITS(name, el)						\
	static inline uint64_t read_##name(void)			\
	{								\
		uint64_t v;						\
									\
		__asm__ volatile("mrs %0, " #name "SET_" #el : "=r"(v));	\
		return v;						\
	}								\
	static inline void write_##name(uint64_t v)			\
	{								\
		__asm__ volatile("msr " #name "CLR_" #el ", %0\n\t"	\
				 "msr " #name "SET_" #el ", %1"		\
				 : : "r"(~0UL), "r"(v) : "memory");	\
	}

#include "../sysregs.def"

#undef SYSREG
#undef SYSREG_ENC
#undef SYSREG_RO
#undef SYSREG_BITS

#endif
