/* SPDX-License-Identifier: Apache-2.0 */
/* What a REC starts with: the registers its parameters name, everything else as out of reset. rmi.md 5. */
#include "../guest.h"
#define COMMAND "REC_STATE"

#define AT_CODE		0x108000UL		/* a page of the row's code */
#define REPORT		0x400UL			/* in the unprotected page */

static uint64_t rec, pc;
static struct rmi_rec_params *params;

/* A second REC, of the row's own parameters, beside the executor. */
static void set_up(uint64_t x[REGS])
{
	guest_loading(x);
	pc = AT_CODE;
	params = page_ptr(host_page());
	params->flags = RMI_REC_FLAG_RUNNABLE;
	params->mpidr = 1;
	params->num_aux = RMI(REC_AUX_COUNT, guest.rd).x[1];
	for (uint64_t i = 0; i < params->num_aux; i++)
		params->aux[i] = delegated();
	params->gprs[0] = AT_UNPROT + REPORT;
}
static const struct env env = { .set_up = set_up };

static const uint64_t *report(void) { return page_ptr(guest.shared + REPORT); }

/* It leaves its report and switches itself off. */
#define OFF	"; mov x0, #0x84000000; add x0, x0, #2; smc #0"
static void run(struct code c, uint64_t offset)
{
	uint64_t src = host_page();

	for (const uint32_t *w = c.from; w < c.to; w++)
		((uint32_t *)page_ptr(src))[offset / 4 + (uint64_t)(w - c.from)] = *w;
	must(RMI0(RTT_INIT_RIPAS, guest.rd, AT_CODE, AT_CODE + PAGE));
	must(RMI0(DATA_CREATE, guest.rd, delegated(), AT_CODE, src, 1));
	params->pc = AT_CODE + offset;
	rec = delegated();
	must(RMI0(REC_CREATE, guest.rd, rec, (uint64_t)params));
	guest_go();
	must(RMI0(REC_ENTER, rec, guest_run[1]));
	EXIT_IS(1, .exit_reason = RMI_EXIT_PSCI, .gprs[0] = PSCI_CPU_OFF);
}

#define STORE	"stp x0, x1, [x0]; stp x2, x3, [x0, #16]; stp x4, x5, [x0, #32]; stp x6, x7, [x0, #48]; stp x8, x9, [x0, #64]; stp x10, x11, [x0, #80]; " \
		"stp x12, x13, [x0, #96]; stp x14, x15, [x0, #112]; stp x16, x17, [x0, #128]; stp x18, x19, [x0, #144]; stp x20, x21, [x0, #160]; "	\
		"stp x22, x23, [x0, #176]; stp x24, x25, [x0, #192]; stp x26, x27, [x0, #208]; stp x28, x29, [x0, #224]; str x30, [x0, #240]"
SHOW(gprs__of_parameters, for (uint64_t n = 1; n < 8; n++) params->gprs[n] = 0x0101010101010101 * n; run(CODE(STORE OFF), 0);
     for (uint64_t n = 1; n < 8; n++) EXPECT_EQ(report()[n], 0x0101010101010101 * n));
SHOW(gprs__others_zero, run(CODE(STORE OFF), 0); for (int n = 8; n < 31; n++) EXPECT_EQ(report()[n], 0));
SHOW(pc, run(CODE("adr x1, .; str x1, [x0]" OFF), 0); EXPECT_EQ(report()[0], AT_CODE));
SHOW(pc__inside_page, run(CODE("adr x1, .; str x1, [x0]" OFF), 0x800); EXPECT_EQ(report()[0], AT_CODE + 0x800));
SHOW(pstate, run(CODE("mrs x1, daif; mrs x2, currentel; stp x1, x2, [x0]; mrs x1, spsel; mrs x2, nzcv; stp x1, x2, [x0, #16]" OFF), 0);
     EXPECT_EQ(report()[0], 0xf << 6); EXPECT_EQ(report()[1], 1 << 2); EXPECT_EQ(report()[2], 1); EXPECT_EQ(report()[3], 0));
SHOW(mpidr, run(CODE("mrs x1, mpidr_el1; str x1, [x0]" OFF), 0); EXPECT_EQ(report()[0], 1UL << 31 | 1));
#define REG(name, reg, want)	SHOW(reset__##name, run(CODE("mrs x1, " reg "; str x1, [x0]" OFF), 0); EXPECT_EQ(report()[0], want))
REG(sctlr, "sctlr_el1", 0x00c50878UL);
REG(ttbr0, "ttbr0_el1", 0);
REG(ttbr1, "ttbr1_el1", 0);
REG(tcr, "tcr_el1", 0);
REG(mair, "mair_el1", 0);
REG(vbar, "vbar_el1", 0);
REG(elr, "elr_el1", 0);
REG(spsr, "spsr_el1", 0);
REG(esr, "esr_el1", 0);
REG(far, "far_el1", 0);
REG(cpacr, "cpacr_el1", 0);
REG(contextidr, "contextidr_el1", 0);
REG(tpidr_el0, "tpidr_el0", 0);
REG(tpidr_el1, "tpidr_el1", 0);
REG(tpidrro_el0, "tpidrro_el0", 0);
REG(sp_el0, "sp_el0", 0);
REG(sp_el1, "sp_el0; mov x1, sp", 0);
REG(cntkctl, "cntkctl_el1", 0);
REG(cntv_ctl, "cntv_ctl_el0", 0);
REG(cntp_ctl, "cntp_ctl_el0", 0);
REG(par, "par_el1", 0);
SHOW(not_runnable, params->flags = 0; rec = delegated(); must(RMI0(REC_CREATE, guest.rd, rec, (uint64_t)params)); guest_go();
     EXPECT_EQ(RMI0(REC_ENTER, rec, guest_run[1]), REC));
/* RECs up to the number the feature register names, the last of them runs, and no more */
static void as_many_as_promised(void)
{
	uint64_t max = (1UL << (RMI(FEATURES, 0).x[1] >> RMI_FEAT0_RECS_SHIFT & 0xf)) - 1, last = 0;
	struct rmi_rec_params *p = params;

	EXPECT(max <= 255);
	for (uint64_t n = 1; n < max; n++)
		last = one_more_rec(&guest, (n & 15) | n >> 4 << 8, RMI_REC_FLAG_RUNNABLE, REALM_EXEC_IN(1, 0));
	p->mpidr = (max & 15) | max >> 4 << 8;
	EXPECT_EQ(RMI0(REC_CREATE, guest.rd, delegated(), (uint64_t)p), REALM(0));
	guest_go();
	guest_rec[1] = last;
	EXPECT_EQ(run_code(1, CODE("mrs x0, mpidr_el1"), 0, 0, 0), 1UL << 31 | ((max - 1) & 15) | (max - 1) >> 4 << 8);
}
SHOW(as_many_as_promised, as_many_as_promised());
