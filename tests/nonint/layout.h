/* SPDX-License-Identifier: Apache-2.0 */
/* Where the host keeps things in DRAM, and the transcript's format: for the host and for compare.c, which reads the machine's memory. */
#ifndef NONINT_LAYOUT_H
#define NONINT_LAYOUT_H

#include <stdint.h>

#define DRAM_BASE	0x40000000UL
#define DRAM_SIZE	(3UL << 30)
#define HOST_BASE	0x60000000UL	/* the host's program, its variables and stacks */
#define SEED_PAGE	0x6f000000UL	/* put there by the emulator; origin's window; the host never looks, the transcript leaves it out */
#define CONTROL_PAGE	0x6f001000UL	/* struct control, put there by the emulator */
#define POOL_BASE	0x70000000UL	/* pages for Realms and parameters: all that host and monitor share */
#define POOL_END	0xa0000000UL
#define LOG_BASE	0xb0000000UL	/* struct log, then events */
#define LOG_END		0xf0000000UL

/* flags */
#define RUN_VARIABLE	(1UL << 0)	/* time depends on the secret; no interrupts */
#define RUN_CODE_KIND	(1UL << 1)	/* alpha uses what is left open on purpose */
#define RUN_RESIDUAL	(1UL << 2)	/* no recording: covert channels */
#define RUN_SHORT	(1UL << 3)	/* a control: as far as the act it is about */
#define RUN_RIGHTS	8		/* alpha's rights from this bit, MICA_RIGHT_* */
#define RUN_WINDOW	(1UL << 16)	/* alpha has a window to the host */
#define RUN_GRANT	(1UL << 17)	/* outsider may read channel "deliver" */

struct control {
	uint64_t flags;
};

#define LOG_MAGIC	0x4e4f4e494e543031UL
struct log {
	uint64_t magic, end;		/* bytes used, this included */
	uint64_t events;
	uint64_t complete;		/* the run came to its end */
	uint64_t sysregs;		/* numbers of the registers below */
	uint16_t sysreg[1016];
};

/* An event is this header and its sections; a section two words (tag, bytes) and its contents. Times are a section of their own. */
struct event {
	char name[24];
	uint64_t arg;			/* of an RMI call: X1 */
	uint64_t bytes;			/* of all sections */
};
enum section {
	SEC_GPRS = 1,			/* X0..X30, NZCV, result of a store-exclusive */
	SEC_VECTORS,			/* FPCR, FPSR, Z0.., P0..P15, FFR */
	SEC_SYSREGS,			/* as listed in the log's header */
	SEC_GIC,			/* pending and active, distributor and redistributor */
	SEC_EXIT,			/* the exit record */
	SEC_PAGE,			/* name (24), contents */
	SEC_SWEEP,			/* a word for each page from POOL_BASE: 0 cannot be read, else a digest */
	SEC_MAP,			/* a byte for each granule of DRAM, MAP_* */
	SEC_TIME,			/* counter before and after; the registers that count */
};
#define PAGE_NAME	24
#define MAP_FAULTS	0
#define MAP_READABLE	1
#define MAP_NOT_ASKED	2

#endif
