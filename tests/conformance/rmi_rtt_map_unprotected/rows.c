/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_RTT_MAP_UNPROTECTED"

#define ATTR	(RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW)

static struct realm r;

static void set_up(uint64_t x[REGS])
{
	realm_with_rec(&r, REALM_HELLO);
	x[1] = r.rd;
	x[2] = PAR_END + PAGE;
	x[3] = 3;
	x[4] = host_page() | ATTR;
}
static const struct env env = { .fid = SMC_RMI_RTT_MAP_UNPROTECTED, .set_up = set_up };

RD_ROWS;
ROW(attr_valid__valid_bit, INPUT, x[4] |= 1);
ROW(attr_valid__type, INPUT, x[4] |= 2);
ROW(attr_valid__memattr3, INPUT, x[4] |= 1 << 5);
ROW(attr_valid__sh, INPUT, x[4] |= 3 << 8);
ROW(attr_valid__af, INPUT, x[4] |= 1 << 10);
ROW(attr_valid__ng, INPUT, x[4] |= 1 << 11);
ROW(attr_valid__dbm, INPUT, x[4] |= 1UL << 51);
ROW(attr_valid__contiguous, INPUT, x[4] |= 1UL << 52);
ROW(attr_valid__xn, INPUT, x[4] |= 1UL << 54);
ROW(attr_valid__ns, INPUT, x[4] |= 1UL << 55);
ROW(attr_valid__software, INPUT, x[4] |= 1UL << 56);
ROW(attr_valid__top, INPUT, x[4] |= 1UL << 63);
ROW(attr_valid__memattr_reserved, INPUT, x[4] = (x[4] & ~0x1cUL) | 4 << 2);
ROW(level_bound__zero, INPUT, x[3] = 0; x[2] = PAR_END; x[4] = ATTR);
ROW(level_bound__four, INPUT, x[3] = 4);
ROW(level_bound__negative, INPUT, x[3] = ~0UL);
ROW(addr_align__level2, INPUT, x[3] = 2; x[2] = PAR_END + BLOCK; x[4] = PAGE | ATTR);
ROW(addr_align__level1, INPUT, x[3] = 1; x[2] = PAR_END + GIB; x[4] = BLOCK | ATTR);
ROW(addr_bound, INPUT, x[4] |= 1UL << 48);
ROW(ipa_align__level3, INPUT, x[2] += 8);
ROW(ipa_align__level2, INPUT, x[3] = 2; x[4] = ATTR);
ROW(ipa_bound__protected, INPUT, x[2] = BLOCK);
ROW(ipa_bound__beyond, INPUT, x[2] = IPA_END);
ROW(ipa_bound__zero, INPUT, x[2] = 0);
ROW(rtt_walk__level1, RTT(1), x[2] = PAR_END + GIB);
ROW(rtt_walk__level2, RTT(2), x[2] = PAR_END + BLOCK);
ROW(rtte_state__assigned, RTT(3), x[2] = PAR_END);
ROW(rtte_state__table, RTT(2), x[3] = 2; x[2] = PAR_END; x[4] = ATTR);
ROW(attr_valid_before_rtt_walk, INPUT, x[2] = PAR_END + GIB; x[4] |= 1);
ROW(level_bound_before_rtt_walk, INPUT, x[2] = PAR_END + GIB; x[3] = 4);
ROW(addr_align_before_rtte_state, INPUT, x[3] = 2; x[2] = PAR_END; x[4] = PAGE | ATTR);
ROW(ipa_align_before_rtt_walk, INPUT, x[2] = PAR_END + GIB + 8);
ROW(ipa_bound_before_rtt_walk, INPUT, x[2] = 2 * GIB);
GOOD(success__page, , true);
GOOD(success__level2, x[3] = 2; x[2] = PAR_END + BLOCK; x[4] = 4 * BLOCK | ATTR, true);
GOOD(success__level1, x[3] = 1; x[2] = PAR_END + GIB; x[4] = GIB | ATTR, true);
GOOD(success__any_address, x[4] = sample.rd | ATTR, true);	/* the granule protection check guards it */
GOOD(success__active, go(&r), true);
