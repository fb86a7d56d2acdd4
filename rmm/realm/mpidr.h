/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A REC's index in its two spellings: the host's RmiRecMpidr (aff0 [3:0], aff1 [15:8], aff2 [23:16], aff3 [31:24]) and the
 * Realm's MPIDR_EL1, where aff3 lies at [39:32]. Source: RMM specification, RmiRecMpidr.
 */
#ifndef RMM_REALM_MPIDR_H
#define RMM_REALM_MPIDR_H

#include "../core/types.h"

#define MPIDR_RES1	BIT(31)

static inline bool rmi_mpidr_valid(uint64_t v)
{
	return (v & ~0xffffff0fUL) == 0;
}

static inline uint64_t rmi_mpidr_index(uint64_t v)
{
	return (v & 0xf) | (v >> 8 & 0xff) << 4 | (v >> 16 & 0xff) << 12 | (v >> 24 & 0xff) << 20;
}

static inline uint64_t realm_mpidr_index(uint64_t v)
{
	return (v & 0xf) | (v >> 8 & 0xff) << 4 | (v >> 16 & 0xff) << 12 | (v >> 32 & 0xff) << 20;
}

static inline uint64_t realm_mpidr(uint64_t index)
{
	return MPIDR_RES1 | (index & 0xf) | (index >> 4 & 0xff) << 8 | (index >> 12 & 0xff) << 16 |
	       (index >> 20 & 0xff) << 32;
}

#endif
