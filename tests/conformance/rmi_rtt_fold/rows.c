/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_RTT_FOLD"

static struct realm r;
static uint64_t table;

static void set_up(uint64_t x[REGS])
{
	realm_with_rec(&r, REALM_HELLO);
	table = delegated();
	must(RMI0(RTT_CREATE, r.rd, table, BLOCK, 3));
	x[1] = r.rd;
	x[2] = BLOCK;
	x[3] = 3;
}
static const struct env env = { .fid = SMC_RMI_RTT_FOLD, .set_up = set_up };

/* 512 unprotected pages at PAR_END + 2 MiB; entry @odd gets another attribute (512: none). */
static void unprotected_pages(uint64_t x[REGS], unsigned int odd, uint64_t base)
{
	x[2] = PAR_END + BLOCK;
	must(RMI0(RTT_CREATE, r.rd, delegated(), x[2], 3));
	for (uint64_t i = 0; i < 512; i++)
		must(RMI0(RTT_MAP_UNPROTECTED, r.rd, x[2] + i * PAGE, 3,
			       (base + i * PAGE) | (i == odd ? 5UL << 2 : RMI_DESC_MEMATTR_WB)));
}

RD_ROWS;
ROW(level_bound__start, INPUT, x[3] = 1; x[2] = 0);
ROW(level_bound__zero, INPUT, x[3] = 0; x[2] = 0);
ROW(level_bound__four, INPUT, x[3] = 4);
ROW(level_bound__negative, INPUT, x[3] = ~0UL; x[2] = 0);
ROW(ipa_align__level3, INPUT, x[2] += PAGE);
ROW(ipa_align__level2, INPUT, x[3] = 2);
ROW(ipa_bound, INPUT, x[2] = IPA_END);
ROW(rtt_walk, RTT(1), x[2] = 2 * GIB);
ROW(rtte_state__level2, RTT(2), x[2] = 2 * BLOCK);
ROW(rtte_state__level1, RTT(1), x[2] = 2 * GIB; x[3] = 2);
ROW(rtt_homo__data, RTT(3), x[2] = 0);
ROW(rtt_homo__table, RTT(2), x[2] = 0; x[3] = 2);
ROW(rtt_homo__ripas, RTT(3), must(RMI0(RTT_CREATE, r.rd, delegated(), 2 * BLOCK, 3));
    must(RMI0(RTT_INIT_RIPAS, r.rd, 2 * BLOCK, 2 * BLOCK + PAGE)); x[2] = 2 * BLOCK);
ROW(rtt_homo__attributes, RTT(3), unprotected_pages(x, 100, BLOCK));
ROW(rtt_homo__alignment, RTT(3), unprotected_pages(x, 512, BLOCK + PAGE));
ROW(level_bound_before_rtt_walk, INPUT, x[3] = 4; x[2] = 2 * GIB);
ROW(level_bound_before_rtte_state, INPUT, x[3] = 1; x[2] = 2 * GIB);
ROW(ipa_align_before_rtt_walk, INPUT, x[2] = 2 * GIB + PAGE);
ROW(ipa_bound_before_rtt_walk, INPUT, x[2] = IPA_END + GIB);
GOOD(success, , r[1] == table);
GOOD(success__unprotected, unprotected_pages(x, 512, BLOCK), r[1] != 0);
GOOD(success__empty_unprotected, must(RMI0(RTT_CREATE, r.rd, table = delegated(), PAR_END + GIB, 2));
     x[2] = PAR_END + GIB; x[3] = 2, r[1] == table);
GOOD(success__active, go(&r), r[1] == table);
