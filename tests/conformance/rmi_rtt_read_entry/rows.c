/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_RTT_READ_ENTRY"

static struct realm r;

static void set_up(uint64_t x[REGS])
{
	realm_with_rec(&r, REALM_HELLO);
	x[1] = r.rd;
	x[2] = 0;
	x[3] = 3;
	x[4] = 0x4444;
}
static const struct env env = { .fid = SMC_RMI_RTT_READ_ENTRY, .set_up = set_up };
#define ENTRY(level, state, desc, ripas) (r[1] == (level) && r[2] == (state) && r[3] == (desc) && r[4] == (ripas))

static struct realm *of_row(void) { return &r; }

RD_ROWS;
ROW(level_bound__start, INPUT, x[3] = 0);
ROW(level_bound__four, INPUT, x[3] = 4);
ROW(level_bound__negative, INPUT, x[3] = ~0UL);
ROW(ipa_align__level3, INPUT, x[2] = 8);
ROW(ipa_align__level2, INPUT, x[2] = PAGE; x[3] = 2);
ROW(ipa_align__level1, INPUT, x[2] = BLOCK; x[3] = 1);
ROW(ipa_bound, INPUT, x[2] = IPA_END);
GOOD(success__assigned_ram, , ENTRY(3, RMI_ASSIGNED, of_row()->pages[0], RMI_RAM));
GOOD(success__unassigned_empty, x[2] = REALM_HOLE, ENTRY(3, RMI_UNASSIGNED, 0, RMI_EMPTY));
GOOD(success__unassigned_ram, must(RMI0(RTT_INIT_RIPAS, x[1], REALM_HOLE, REALM_HOLE + PAGE)); x[2] = REALM_HOLE,
     ENTRY(3, RMI_UNASSIGNED, 0, RMI_RAM));
GOOD(success__unassigned_destroyed, must(RMI0(DATA_DESTROY, x[1], 0)), ENTRY(3, RMI_UNASSIGNED, 0, RMI_DESTROYED));
GOOD(success__table_level2, x[3] = 2, ENTRY(2, RMI_TABLE, of_row()->l3, 0));
GOOD(success__table_level1, x[3] = 1, ENTRY(1, RMI_TABLE, of_row()->l2, 0));
GOOD(success__stops_early, x[2] = 2 * GIB, ENTRY(1, RMI_UNASSIGNED, 0, RMI_EMPTY));
GOOD(success__assigned_ns, x[2] = PAR_END,
     ENTRY(3, RMI_ASSIGNED, of_row()->shared | RMI_DESC_MEMATTR_WB | RMI_DESC_S2AP_RW, 0));
GOOD(success__unassigned_ns, x[2] = PAR_END + PAGE, ENTRY(3, RMI_UNASSIGNED, 0, 0));
GOOD(success__active, go(&r), ENTRY(3, RMI_ASSIGNED, of_row()->pages[0], RMI_RAM));
