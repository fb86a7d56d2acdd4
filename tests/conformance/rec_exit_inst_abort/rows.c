/* SPDX-License-Identifier: Apache-2.0 */
/* Instruction fetches of a Realm that leave it. rmi.md 7.4. */
#include "../guest.h"
#define COMMAND "REC_EXIT_INST_ABORT"

static const struct env env = { .set_up = guest_new };

static void jump(uint64_t at)
{
	program(0, CODE("br x1"))[1] = at;
	enter(0);
}

static void refused(uint64_t flags)
{
	entry(0)->flags = flags;
	EXPECT_EQ(RMI0(REC_ENTER, guest_rec[0], guest_run[0]), REC);
	entry(0)->flags = 0;
}

static void fetch(uint64_t at)
{
	jump(at + 8);
	EXIT_IS(0, .esr = EC(EC_IABT) | FSC_TRANS | 3, .hpfar = HPFAR(at));
	refused(RMI_ENTER_EMUL_MMIO);
	refused(RMI_ENTER_INJECT_SEA);
	enter(0);
	EXIT_IS(0, .esr = EC(EC_IABT) | FSC_TRANS | 3, .hpfar = HPFAR(at));
}

SHOW(ram_unassigned, fetch(AT_LATE));
SHOW(destroyed_unassigned, fetch(AT_GONE));
SHOW(destroyed_assigned, fetch(AT_TAKEN));
SHOW(taken_away, run_code(0, CODE("ldr x0, [x1]"), 0, AT_RAM, 0); must(RMI0(DATA_DESTROY, guest.rd, AT_RAM)); jump(AT_RAM);
     EXIT_IS(0, .esr = EC(EC_IABT) | FSC_TRANS | 3, .hpfar = HPFAR(AT_RAM)));
/* the page comes, of zeroes, and its first instruction is undefined: it was fetched */
SHOW(then_given, jump(AT_LATE); must(RMI0(DATA_CREATE_UNKNOWN, guest.rd, delegated(), AT_LATE)); finish(0);
     EXPECT_EQ(after(0)->vector, VECTOR_EL1H); EXPECT_EQ(after(0)->esr, ESR_UNDEFINED); EXPECT_EQ(after(0)->elr, AT_LATE));
/* code the Realm wrote itself runs */
SHOW(executable, run_code(0, CODE("str w0, [x1]; dsb ish; ic ivau, x1; dsb ish; isb; mov x3, x30; blr x1; mov x30, x3"),
			  0xd65f03c0, AT_RAM, 0); no_exception(0));
