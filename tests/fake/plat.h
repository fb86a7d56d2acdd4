/* SPDX-License-Identifier: Apache-2.0 */
/* The fake board: a bank of 256 MiB with a hole where the monitor would be. */
#ifndef RMM_PLAT_H
#define RMM_PLAT_H

#define PLAT_RMM_BASE		0x40100000UL
#ifndef PLAT_RMM_SIZE		/* fuzzers use a smaller board */
#define PLAT_RMM_SIZE		0x01800000UL
#define PLAT_SHARED_BASE	0x418ff000UL
#endif

#define FAKE_DRAM_BASE		0x40000000UL
#ifndef FAKE_DRAM_SIZE
#define FAKE_DRAM_SIZE		0x10000000UL
#endif
#define PLAT_MAX_GRANULES	(FAKE_DRAM_SIZE / 4096)

#endif
