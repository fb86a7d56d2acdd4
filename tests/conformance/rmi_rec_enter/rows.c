/* SPDX-License-Identifier: Apache-2.0 */
#include "../conf.h"
#define COMMAND "RMI_REC_ENTER"

static struct realm r;
static struct rmi_rec_enter *e;

static void set_up(uint64_t x[REGS])
{
	realm_with_rec(&r, REALM_HELLO);
	x[1] = r.rec;
	x[2] = r.run;
	e = &realm_run(&r)->enter;
}

static void set_up_active(uint64_t x[REGS])
{
	set_up(x);
	go(&r);
}

/* A second REC that is off. */
static uint64_t sleeping_rec(void) { return one_more_rec(&r, 1, 0, REALM_HELLO); }

static const struct env env_new = { .fid = SMC_RMI_REC_ENTER, .set_up = set_up };
static const struct env env = { .fid = SMC_RMI_REC_ENTER, .set_up = set_up_active };

REC_ROWS(rec, 1);
HOST_ROWS(run, 2);
/* a valid list register */
#define LR(intid)	(1UL << 62 | 1UL << 60 | 0x80UL << 48 | (intid))
LAST(system_off, REALM(1), switch_off(&r));
/* below, the entry record stays spoilt, so the good call cannot follow */
LAST(gicv3_hcr__en, REC, e->gicv3_hcr = 1);
LAST(gicv3_hcr__eoi_count, REC, e->gicv3_hcr = 1UL << 27);
LAST(gicv3_hcr__tc, REC, e->gicv3_hcr = 1 << 10);
LAST(gicv3_hcr__tall1, REC, e->gicv3_hcr = 1 << 12);
LAST(gicv3_hcr__sgi_eoi_count, REC, e->gicv3_hcr = 1 << 8);
LAST(gicv3_hcr__dvim, REC, e->gicv3_hcr = 1 << 15);
LAST(gicv3_hcr__wide, REC, e->gicv3_hcr = 1UL << 40);
LAST(gicv3_lrs__hw, REC, e->gicv3_lrs[0] = LR(40) | 1UL << 61);
LAST(gicv3_lrs__pintid, REC, e->gicv3_lrs[0] = LR(40) | 1UL << 32);
LAST(gicv3_lrs__priority, REC, e->gicv3_lrs[0] = LR(40) | 1UL << 48);
LAST(gicv3_lrs__special_intid, REC, e->gicv3_lrs[0] = LR(1020));
LAST(gicv3_lrs__special_last, REC, e->gicv3_lrs[0] = LR(1023));
LAST(gicv3_lrs__reserved_intid, REC, e->gicv3_lrs[0] = LR(8191));
LAST(gicv3_lrs__duplicate, REC, e->gicv3_lrs[0] = e->gicv3_lrs[1] = LR(40));
LAST(gicv3_lrs__duplicate_apart, REC, e->gicv3_lrs[1] = e->gicv3_lrs[3] = LR(40));
LAST(gicv3_lrs__last, REC, e->gicv3_lrs[3] = LR(1020));
LAST(inject_sea, REC, e->flags = RMI_ENTER_INJECT_SEA);
LAST(emul_mmio, REC, e->flags = RMI_ENTER_EMUL_MMIO);
LAST(inject_sea_and_emul_mmio, REC, e->flags = RMI_ENTER_INJECT_SEA | RMI_ENTER_EMUL_MMIO);
LAST(run_pas_before_system_off, INPUT, switch_off(&r); x[2] = sample.delegated);
LAST(run_bound_before_system_off, INPUT, switch_off(&r); x[2] = PA_NOWHERE);
LAST(rec_align_before_gicv3, INPUT, e->gicv3_hcr = 1; x[1] += 8);
LAST(rec_bound_before_gicv3, INPUT, e->gicv3_hcr = 1; x[1] = PA_NOWHERE);
LAST(rec_state_before_gicv3, INPUT, e->gicv3_hcr = 1; x[1] = sample.rtt);
LAST(system_off_before_gicv3, REALM(1), switch_off(&r); e->gicv3_hcr = 1);
LAST(system_off_before_emul_mmio, REALM(1), switch_off(&r); e->flags = RMI_ENTER_EMUL_MMIO);

/* the exit record of the row's Realm; r[] are the results in a check */
static const struct rmi_rec_exit *left(void) { return &realm_run(&r)->exit; }

GOOD(success, , left()->exit_reason == RMI_EXIT_HOST_CALL && left()->imm == REALM_CALL_VERSION);
GOOD(success__gprs_ignored, memset(e->gprs, 0x5a, sizeof(e->gprs)), left()->imm == REALM_CALL_VERSION);
GOOD(success__hcr_allowed, e->gicv3_hcr = 0x40fe, left()->exit_reason == RMI_EXIT_HOST_CALL);
GOOD(success__lr_valid, e->gicv3_lrs[0] = LR(40), left()->gicv3_lrs[0] == LR(40));
GOOD(success__lr_lpi, e->gicv3_lrs[0] = LR(8192), left()->gicv3_lrs[0] == LR(8192));
GOOD(success__lr_invalid_ignored, e->gicv3_lrs[0] = 1UL << 61 | 1023, left()->exit_reason == RMI_EXIT_HOST_CALL);
GOOD(success__response_without_request, e->flags = RMI_ENTER_RIPAS_REJECT, left()->imm == REALM_CALL_VERSION);
GOOD(success__undefined_zero, memset(&realm_run(&r)->exit, 0xa5, 0x800),
     left()->esr == 0 && left()->far == 0 && left()->hpfar == 0 && left()->ripas_base == 0 && left()->ripas_top == 0 &&
     left()->pmu_ovf_status == 0 && left()->z0[0] == 0 && left()->z7[0xf7] == 0);

#define env env_new
LAST(realm_new, REALM(0), );
LAST(rec_runnable, REC, x[1] = sleeping_rec(); go(&r));
LAST(realm_new_before_rec_runnable, REALM(0), x[1] = sleeping_rec());
LAST(realm_new_before_gicv3, REALM(0), e->gicv3_hcr = 1);
LAST(run_pas_before_realm_new, INPUT, x[2] = sample.delegated);
LAST(run_bound_before_realm_new, INPUT, x[2] = PA_NOWHERE);
LAST(run_align_before_realm_new, INPUT, x[2] += 8);
LAST(run_pas_before_rec_runnable, INPUT, x[1] = sleeping_rec(); go(&r); x[2] = sample.data);
LAST(run_bound_before_rec_runnable, INPUT, x[1] = sleeping_rec(); go(&r); x[2] = PA_DEVICE);
LAST(rec_runnable_before_gicv3, REC, x[1] = sleeping_rec(); go(&r); e->gicv3_hcr = 1);
LAST(rec_state_before_realm_new, INPUT, x[1] = sample.aux);
#undef env

/* ---- a REC that asked for PSCI, or that left by an abort ---- */

static void set_up_pending(uint64_t x[REGS])
{
	const uint64_t on[REGS] = { PSCI_CPU_ON_64, 1, 0, 0 };

	caller_of_three();
	make_call(on);
	EXPECT_EQ(realm_run(&caller)->exit.exit_reason, RMI_EXIT_PSCI);
	x[1] = caller.rec;
	x[2] = caller.run;
	e = &realm_run(&caller)->enter;
}
static const struct env env_pending = { .fid = SMC_RMI_REC_ENTER, .set_up = set_up_pending };

/* Stopped at a store to a device of the host's, which it may emulate. */
static void set_up_abort(uint64_t x[REGS])
{
	realm_with_rec(&r, REALM_UNBOUND);
	must(RMI0(RTT_INIT_RIPAS, r.rd, REALM_LATE, REALM_LATE + PAGE));
	go(&r);
	must(RMI0(REC_ENTER, r.rec, r.run));
	must(RMI0(RTT_SET_RIPAS, r.rd, r.rec, REALM_HOLE, REALM_HOLE + PAGE));
	must(RMI0(DATA_CREATE_UNKNOWN, r.rd, delegated(), REALM_HOLE));
	for (int i = 0; i < 3; i++)
		must(RMI0(REC_ENTER, r.rec, r.run));
	EXPECT_EQ(realm_run(&r)->exit.hpfar, REALM_DEVICE >> 12 << 4);
	x[1] = r.rec;
	x[2] = r.run;
	e = &realm_run(&r)->enter;
}
static const struct env env_abort = { .fid = SMC_RMI_REC_ENTER, .set_up = set_up_abort };

#define env env_pending
LAST(psci_pending, REC, );
LAST(run_pas_before_psci_pending, INPUT, x[2] = sample.delegated);
LAST(psci_pending_before_gicv3, REC, e->gicv3_hcr = 1);
#undef env
#define env env_abort
GOOD(success__emul_mmio_store, e->flags = RMI_ENTER_EMUL_MMIO,
     left()->exit_reason == RMI_EXIT_SYNC && left()->esr >> 24 == 0x91 && !(left()->esr & 1 << 6));
GOOD(success__not_emulated_comes_again, , left()->exit_reason == RMI_EXIT_SYNC && left()->esr & 1 << 6);
#undef env

/* ---- a REC that runs on another CPU ---- */

static void set_up_running(uint64_t x[REGS])
{
	running_start(&r);
	x[1] = r.rec;
	x[2] = host_page();
	e = page_ptr(x[2]);
}
static const struct env env_running = { .fid = SMC_RMI_REC_ENTER, .set_up = set_up_running, .tear_down = running_stop };

#define env env_running
LAST(rec_running, REC, );
LAST(rec_running_before_gicv3, REC, e->gicv3_hcr = 1);
LAST(run_bound_before_rec_running, INPUT, x[2] = PA_NOWHERE);
#undef env
