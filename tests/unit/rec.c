/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RECs of unbound Realms: RMI_REC_CREATE, REC_DESTROY, REC_ENTER and PSCI_COMPLETE with their failure conditions in order,
 * and the exits of RMM 1.0. Source: RMM specification; rmi.md sections 5 and 7.
 */
#include "smc_once.h"

#define HCR_VSE		(1UL << 8)

static struct test_realm r;

static void call(uint64_t fid, uint64_t a, uint64_t b, uint64_t c)
{
	memset(x, 0x77, sizeof(x));
	x[0] = fid;
	x[1] = a;
	x[2] = b;
	x[3] = c;
	fake_set_realm(smc_once);
	GRANTED(enter(&r));
}

static struct rmi_rec_exit *exit_of(void)
{
	return &run_page(&r)->exit;
}

static int active(void **state)
{
	reset(state);
	make_realm(&r);
	GRANTED(RMI(REALM_ACTIVATE, r.rd));
	return 0;
}

/* ---- create ---- */

static void create_conditions(void **state)
{
	struct rmi_rec_params *p;
	uint64_t params, rec;

	(void)state;
	realm_params(&r, &params);
	GRANTED(RMI(REALM_CREATE, r.rd, params));
	p = rec_params(&r, &params);
	rec = granule1();
	REFUSED(RMI(REC_CREATE, r.rd, rec, params + 8), RMI_ERROR_INPUT);	/* params_align */
	REFUSED(RMI(REC_CREATE, r.rd, rec, 0x1000), RMI_ERROR_INPUT);		/* params_bound */
	REFUSED(RMI(REC_CREATE, r.rd, rec, rec), RMI_ERROR_INPUT);		/* params_pas */
	REFUSED(RMI(REC_CREATE, r.rd, ns_page(), params), RMI_ERROR_INPUT);	/* rec_state */
	REFUSED(RMI(REC_CREATE, r.rd, rec + 1, params), RMI_ERROR_INPUT);	/* rec_align */
	REFUSED(RMI(REC_CREATE, rec, rec, params), RMI_ERROR_INPUT);		/* rd_state */
	REFUSED(RMI(REC_CREATE, 0, rec, params), RMI_ERROR_INPUT);		/* rd_bound */
	p->mpidr = 1;
	REFUSED(RMI(REC_CREATE, r.rd, rec, params), RMI_ERROR_INPUT);		/* mpidr_index */
	p->mpidr = 0x10;
	REFUSED(RMI(REC_CREATE, r.rd, rec, params), RMI_ERROR_INPUT);
	p->mpidr = 0;
	p->num_aux--;
	REFUSED(RMI(REC_CREATE, r.rd, rec, params), RMI_ERROR_INPUT);		/* num_aux */
	p->num_aux++;
	p->aux[0] ^= p->aux[1];
	REFUSED(RMI(REC_CREATE, r.rd, rec, params), RMI_ERROR_INPUT);		/* aux_bound */
	p->aux[0] ^= p->aux[1];
	p->aux[0]++;
	REFUSED(RMI(REC_CREATE, r.rd, rec, params), RMI_ERROR_INPUT);		/* aux_align */
	p->aux[0]--;
	p->num_aux = RMI_MAX_REC_AUX + 1;
	REFUSED(RMI(REC_CREATE, r.rd, rec, params), RMI_ERROR_INPUT);
	p->num_aux = 8;
	GRANTED(RMI(REC_CREATE, r.rd, rec, params));
	REFUSED(RMI(REALM_DESTROY, r.rd), RMI_ERROR_REALM);			/* a REC lives */
	REFUSED(RMI(GRANULE_UNDELEGATE, rec), RMI_ERROR_INPUT);
	GRANTED(RMI(REC_DESTROY, rec));
	assert_true(fake_page_is_zero(pa(rec)));
	assert_true(fake_page_is_zero(pa(p->aux[7])));
	REFUSED(RMI(REC_DESTROY, rec), RMI_ERROR_INPUT);
	/* its index is not given again */
	REFUSED(RMI(REC_CREATE, r.rd, rec, params), RMI_ERROR_INPUT);
	p->mpidr = 1;
	GRANTED(RMI(REC_CREATE, r.rd, rec, params));
}

/* 2^MAX_RECS_ORDER - 1: one less than the indices the field could tell apart. */
static void a_realm_has_as_many_recs_as_the_feature_register_says(void **state)
{
	struct rmi_rec_params *p;
	struct test_realm n;
	uint64_t params, rec, out[4];
	unsigned int max;

	(void)state;
	GRANTED(rmi_call(SMC_RMI_FEATURES, (const uint64_t[5]){ 0 }, out));
	max = (1U << (out[0] >> RMI_FEAT0_RECS_SHIFT & 0xf)) - 1;
	realm_params(&n, &params);
	GRANTED(RMI(REALM_CREATE, n.rd, params));
	for (unsigned int i = 0; i <= max; i++) {
		p = rec_params(&n, &params);
		p->mpidr = i & 15;
		rec = granule1();
		if (i < max)
			GRANTED(RMI(REC_CREATE, n.rd, rec, params));
		else
			REFUSED(RMI(REC_CREATE, n.rd, rec, params), RMI_ERROR_REALM);
	}
}

static void no_rec_joins_an_active_realm(void **state)
{
	struct rmi_rec_params *p;
	uint64_t params, rec;

	(void)state;
	p = rec_params(&r, &params);
	rec = granule1();
	p->mpidr = 1;
	REFUSED(RMI(REC_CREATE, r.rd, rec, params), RMI_ERROR_REALM);
	p->mpidr = 0x10;		/* realm_state comes before mpidr */
	REFUSED(RMI(REC_CREATE, r.rd, rec, params), RMI_ERROR_REALM);
}

static void a_runnable_rec_is_measured(void **state)
{
	struct test_realm other;
	struct rmi_rec_params *p;
	uint64_t params;
	struct rd *rd;
	uint8_t before[64];

	(void)state;
	realm_params(&other, &params);
	GRANTED(RMI(REALM_CREATE, other.rd, params));
	rd = arch_granule_va(pa(other.rd));
	memcpy(before, rd->measurement[0], 64);
	p = rec_params(&other, &params);
	p->flags = 0;
	GRANTED(RMI(REC_CREATE, other.rd, granule1(), params));
	assert_memory_equal(before, rd->measurement[0], 64);
	p = rec_params(&other, &params);
	p->mpidr = 1;
	GRANTED(RMI(REC_CREATE, other.rd, granule1(), params));
	assert_memory_not_equal(before, rd->measurement[0], 64);
}

/* ---- enter ---- */

static void enter_conditions(void **state)
{
	struct test_realm n;
	uint64_t elsewhere;

	(void)state;
	REFUSED(RMI(REC_ENTER, r.rec, r.run + 8), RMI_ERROR_INPUT);	/* run_align */
	REFUSED(RMI(REC_ENTER, r.rec, 0x1000), RMI_ERROR_INPUT);	/* run_bound */
	elsewhere = granule1();
	REFUSED(RMI(REC_ENTER, r.rec, elsewhere), RMI_ERROR_INPUT);	/* run_pas */
	REFUSED(RMI(REC_ENTER, r.rec + 8, r.run), RMI_ERROR_INPUT);	/* rec_align */
	REFUSED(RMI(REC_ENTER, r.rd, r.run), RMI_ERROR_INPUT);		/* rec_state */
	fake_set_pas(pa(r.run), FAKE_SECURE);
	REFUSED(RMI(REC_ENTER, r.rec, r.run), RMI_ERROR_INPUT);		/* the access itself faults */
	fake_set_pas(pa(r.run), FAKE_NS);
	make_realm(&n);
	REFUSED(RMI(REC_ENTER, n.rec, n.run), RMI_RET(RMI_ERROR_REALM, 0));
	run_page(&r)->enter.gicv3_hcr = 1;
	REFUSED(RMI(REC_ENTER, r.rec, r.run), RMI_ERROR_REC);
	run_page(&r)->enter.gicv3_hcr = 0;
	run_page(&r)->enter.gicv3_lrs[0] = 1UL << 62 | 1UL << 61;	/* a hardware interrupt */
	REFUSED(RMI(REC_ENTER, r.rec, r.run), RMI_ERROR_REC);
	run_page(&r)->enter.gicv3_lrs[0] = 0;
	run_page(&r)->enter.flags = RMI_ENTER_INJECT_SEA;
	REFUSED(RMI(REC_ENTER, r.rec, r.run), RMI_ERROR_REC);
	run_page(&r)->enter.flags = RMI_ENTER_EMUL_MMIO;
	REFUSED(RMI(REC_ENTER, r.rec, r.run), RMI_ERROR_REC);
	run_page(&r)->enter.flags = 0;
	GRANTED(enter(&r));
	assert_int_equal(exit_of()->exit_reason, RMI_EXIT_IRQ);
	assert_int_equal(exit_of()->esr, 0);
}

static void a_rec_that_is_off_does_not_run(void **state)
{
	(void)state;
	call(PSCI_CPU_OFF, 0, 0, 0);
	assert_int_equal(exit_of()->exit_reason, RMI_EXIT_PSCI);
	assert_int_equal(exit_of()->gprs[0], PSCI_CPU_OFF);
	REFUSED(RMI(REC_ENTER, r.rec, r.run), RMI_ERROR_REC);
}

static enum rec_trap enter_again(uint64_t gpr[31])
{
	(void)gpr;
	assert_int_equal(RMI(REC_ENTER, r.rec, r.run), RMI_ERROR_REC);
	assert_int_equal(RMI(REC_DESTROY, r.rec), RMI_ERROR_REC);
	return REC_TRAP_IRQ;
}

static void a_running_rec_is_nobody_elses(void **state)
{
	(void)state;
	fake_set_realm(enter_again);
	GRANTED(enter(&r));
	GRANTED(RMI(REC_DESTROY, r.rec));
}

static void system_off_is_final(void **state)
{
	(void)state;
	call(PSCI_SYSTEM_OFF, 0, 0, 0);
	assert_int_equal(exit_of()->exit_reason, RMI_EXIT_PSCI);
	REFUSED(RMI(REC_ENTER, r.rec, r.run), RMI_RET(RMI_ERROR_REALM, 1));
	REFUSED(RMI(REALM_ACTIVATE, r.rd), RMI_ERROR_REALM);
}

/* ---- exits ---- */

static void host_call_goes_out_and_comes_back(void **state)
{
	struct rd *rd = arch_granule_va(pa(r.rd));
	struct rsi_host_call *hc;
	struct fake_leaf leaf;

	(void)state;
	assert_true(fake_realm_touch(&rd->s2, ipa(RAM_BASE + PAGE), &leaf));
	hc = (void *)((uint8_t *)arch_granule_va(leaf.pa) + 0x300);
	hc->imm = 0xffffffff;
	for (int i = 0; i < 31; i++)
		hc->gprs[i] = (uint64_t)i;
	call(SMC_RSI_HOST_CALL, RAM_BASE + PAGE + 0x300, 0, 0);
	assert_int_equal(exit_of()->exit_reason, RMI_EXIT_HOST_CALL);
	assert_int_equal(exit_of()->imm, 0xffff);
	assert_int_equal(exit_of()->gprs[30], 30);
	for (int i = 0; i < 31; i++)
		run_page(&r)->enter.gprs[i] = 100 + (uint64_t)i;
	fake_set_realm(NULL);
	GRANTED(enter(&r));
	assert_int_equal(hc->gprs[0], 100);
	assert_int_equal(hc->gprs[30], 130);
	assert_int_equal(((struct rec *)arch_granule_va(pa(r.rec)))->gpr[0], RSI_SUCCESS);
}

static void host_call_arguments(void **state)
{
	(void)state;
	call(SMC_RSI_HOST_CALL, RAM_BASE + 8, 0, 0);
	assert_int_equal(result[0], RSI_ERROR_INPUT);
	call(SMC_RSI_HOST_CALL, WINDOW_BASE, 0, 0);
	assert_int_equal(result[0], RSI_ERROR_INPUT);
	call(SMC_RSI_HOST_CALL, 0, 0, 0);		/* RIPAS EMPTY */
	assert_int_equal(result[0], RSI_ERROR_INPUT);
}

/* The host took the page away: it hears of a fault, mends it, and the call is made then. */
static void a_call_into_a_missing_page_is_made_again(void **state)
{
	struct rec *rec = arch_granule_va(pa(r.rec));
	uint64_t pc = rec->pc;

	(void)state;
	GRANTED(RMI(DATA_DESTROY, r.rd, RAM_BASE));
	call(SMC_RSI_HOST_CALL, RAM_BASE, 0, 0);
	assert_int_equal(exit_of()->exit_reason, RMI_EXIT_SYNC);
	assert_int_equal(exit_of()->esr, ESR_EC_VAL(EC_DATA_ABORT) | (FSC_TRANSLATION_L0 + 3));
	assert_int_equal(exit_of()->hpfar, IPA_TO_HPFAR(RAM_BASE));
	assert_int_equal(rec->pc, pc);
}

static void ripas_change_makes_partial_progress(void **state)
{
	uint64_t out[4];

	(void)state;
	call(SMC_RSI_IPA_STATE_SET, RAM_BASE, RAM_BASE + 4 * PAGE, RMI_EMPTY);
	assert_int_equal(exit_of()->exit_reason, RMI_EXIT_RIPAS_CHANGE);
	assert_int_equal(exit_of()->ripas_base, RAM_BASE);
	assert_int_equal(exit_of()->ripas_top, RAM_BASE + 4 * PAGE);
	REFUSED(RMI(RTT_SET_RIPAS, r.rd, r.rec, RAM_BASE + PAGE, RAM_BASE + 2 * PAGE), RMI_ERROR_INPUT);
	REFUSED(RMI(RTT_SET_RIPAS, r.rd, r.rec, RAM_BASE, RAM_BASE + 5 * PAGE), RMI_ERROR_INPUT);
	GRANTED(rmi_call(SMC_RMI_RTT_SET_RIPAS, (const uint64_t[5]){ r.rd, r.rec, RAM_BASE, RAM_BASE + 2 * PAGE }, out));
	assert_int_equal(out[0], RAM_BASE + 2 * PAGE);
	fake_set_realm(smc_once);
	memset(x, 0, sizeof(x));
	x[0] = SMC_RSI_FEATURES;
	GRANTED(enter(&r));
	REFUSED(RMI(RTT_SET_RIPAS, r.rd, r.rec, RAM_BASE + 2 * PAGE, RAM_BASE + 3 * PAGE), RMI_ERROR_INPUT);
	call(SMC_RSI_IPA_STATE_GET, RAM_BASE, RAM_BASE + 4 * PAGE, 0);
	assert_int_equal(result[1], RAM_BASE + 2 * PAGE);
	assert_int_equal(result[2], RMI_EMPTY);
}

static uint64_t fault_esr, fault_at;

static enum rec_trap abort_once(uint64_t gpr[31])
{
	if (fake_realm_runs() > 1) {
		memcpy(result, gpr, sizeof(result));
		return REC_TRAP_IRQ;
	}
	gpr[3] = 0x1122334455667788;
	fake_regs()->ESR_EL2 = fault_esr;
	fake_regs()->HPFAR_EL2 = IPA_TO_HPFAR(fault_at);
	fake_regs()->FAR_EL2 = fault_at;
	return REC_TRAP_SYNC;
}

static void emulated_accesses_show_and_take_what_they_may(void **state)
{
	const uint64_t half_load_signed = ESR_EC_VAL(EC_DATA_ABORT) | ESR_ISV | 1UL << 22 | ESR_SSE | 3UL << 16 |
					  FSC_KIND_TRANSLATION | 3;

	(void)state;
	fault_at = WINDOW_BASE + 0x5008;
	fault_esr = ESR_EC_VAL(EC_DATA_ABORT) | ESR_ISV | ESR_WNR | 3UL << 16 | FSC_KIND_TRANSLATION | 3;
	fake_set_realm(abort_once);
	GRANTED(enter(&r));
	assert_int_equal(exit_of()->exit_reason, RMI_EXIT_SYNC);
	assert_int_equal(exit_of()->gprs[0], 0x88);		/* a byte, zero extended */
	assert_int_equal(exit_of()->far, 0x008);
	assert_int_equal(exit_of()->esr & (0x1fUL << 16), 0);	/* which register is not shown */

	fault_esr = half_load_signed;
	fake_set_realm(abort_once);
	run_page(&r)->enter.flags = RMI_ENTER_EMUL_MMIO;
	GRANTED(enter(&r));
	run_page(&r)->enter.gprs[0] = 0xffff8001;
	GRANTED(enter(&r));
	assert_int_equal(result[3], 0xffff8001);		/* sign extended to 32 bits */
	run_page(&r)->enter.flags = 0;
}

static void faults_on_empty_memory_are_the_realms_own(void **state)
{
	(void)state;
	fault_at = 0x1000;
	fault_esr = ESR_EC_VAL(EC_DATA_ABORT) | FSC_KIND_TRANSLATION | 1;
	fake_set_realm(abort_once);
	GRANTED(enter(&r));
	assert_int_equal(exit_of()->exit_reason, RMI_EXIT_IRQ);
	fault_esr = ESR_EC_VAL(EC_INST_ABORT) | FSC_KIND_TRANSLATION | 1;
	fault_at = WINDOW_BASE;				/* nothing unprotected is executed */
	fake_set_realm(abort_once);
	GRANTED(enter(&r));
	assert_int_equal(exit_of()->exit_reason, RMI_EXIT_IRQ);
}

static enum rec_trap other_traps(uint64_t gpr[31])
{
	static const uint64_t esr[] = { ESR_EC_VAL(EC_HVC), ESR_EC_VAL(0x19), ESR_EC_VAL(0x3c), 0,
					ESR_EC_VAL(EC_SYSREG) | ESR_SYS_REG(3, 3, 13, 0, 5) };

	(void)gpr;
	if (fake_realm_runs() > ARRAY_SIZE(esr))
		return REC_TRAP_IRQ;
	fake_regs()->ESR_EL2 = esr[fake_realm_runs() - 1];
	return REC_TRAP_SYNC;
}

static void what_is_not_known_is_undefined_to_the_realm(void **state)
{
	(void)state;
	fake_set_realm(other_traps);
	GRANTED(enter(&r));
	assert_int_equal(fake_realm_runs(), 6);		/* it went on after each */
	assert_int_equal(exit_of()->exit_reason, RMI_EXIT_IRQ);
	assert_int_equal(exit_of()->esr, 0);
}

/* ---- PSCI between RECs ---- */

static uint64_t serror_esr, hcr_seen, vsesr_seen;

/* A SError at the first run; then the Realm has it pending, or has taken it. */
static enum rec_trap serror_once(uint64_t gpr[31])
{
	(void)gpr;
	if (fake_realm_runs() == 1) {
		fake_regs()->ESR_EL2 = serror_esr;
		return REC_TRAP_SERROR;
	}
	hcr_seen = fake_regs()->HCR_EL2;
	vsesr_seen = fake_regs()->VSESR_EL2;
	if (fake_realm_runs() == 3)
		fake_regs()->HCR_EL2 &= ~HCR_VSE;	/* as the hardware does when it is taken */
	return REC_TRAP_IRQ;
}

static void a_contained_serror_is_pending_until_the_realm_takes_it(void **state)
{
	static const uint64_t aet[] = { 0, ESR_AET_UEU, 2UL << 10, ESR_AET_UER, ESR_AET_UEU | ESR_IDS };

	(void)state;
	for (unsigned int i = 0; i < ARRAY_SIZE(aet); i++) {
		bool contained = aet[i] == ESR_AET_UEU || aet[i] == ESR_AET_UER;

		serror_esr = ESR_EC_VAL(EC_SERROR) | ESR_IL | aet[i] | 0x11;
		fake_set_realm(serror_once);
		GRANTED(enter(&r));
		assert_int_equal(exit_of()->exit_reason, RMI_EXIT_SERROR);
		assert_int_equal(exit_of()->esr, serror_esr & ~ESR_IL);
		assert_false(fake_regs()->HCR_EL2 & HCR_VSE);		/* the host's world has none */
		for (unsigned int entry = 2; entry <= 4; entry++) {
			GRANTED(enter(&r));
			assert_int_equal(!!(hcr_seen & HCR_VSE), contained && entry <= 3);
			if (contained)
				assert_int_equal(vsesr_seen, serror_esr & ESR_SERROR_ISS);
		}
	}
}

static void cpu_on_is_completed_by_the_host(void **state)
{
	struct rmi_rec_params *p;
	uint64_t params, rec1;
	struct rec *target;

	reset(state);
	realm_params(&r, &params);
	GRANTED(RMI(REALM_CREATE, r.rd, params));
	give_ram(&r);
	give_rec(&r);
	p = rec_params(&r, &params);
	p->mpidr = 1;
	p->flags = 0;
	rec1 = granule1();
	GRANTED(RMI(REC_CREATE, r.rd, rec1, params));
	GRANTED(RMI(REALM_ACTIVATE, r.rd));
	REFUSED(RMI(REC_ENTER, rec1, r.run), RMI_ERROR_REC);		/* not runnable */

	call(PSCI_CPU_ON_64, 1, WINDOW_BASE, 5);
	assert_int_equal(result[0], (uint64_t)PSCI_INVALID_ADDRESS);
	call(PSCI_CPU_ON_64, 2, RAM_BASE, 5);
	assert_int_equal(result[0], (uint64_t)PSCI_INVALID_PARAMETERS);
	call(PSCI_CPU_ON_64, 0, RAM_BASE, 5);
	assert_int_equal(result[0], (uint64_t)PSCI_ALREADY_ON);
	/* the upper halves are no part of a 32-bit call */
	call(PSCI_CPU_ON_32, 0xdead00000000, 0xbeef00000000 | RAM_BASE, 5);
	assert_int_equal(result[0], (uint64_t)PSCI_ALREADY_ON);
	call(PSCI_CPU_ON_64, 0xdead00000000, RAM_BASE, 5);
	assert_int_equal(result[0], (uint64_t)PSCI_INVALID_PARAMETERS);
	call(PSCI_CPU_ON_64, 0, 0xbeef00000000 | RAM_BASE, 5);
	assert_int_equal(result[0], (uint64_t)PSCI_INVALID_ADDRESS);
	call(PSCI_CPU_ON_64, 1, RAM_BASE + 0x40, 5);
	assert_int_equal(exit_of()->exit_reason, RMI_EXIT_PSCI);
	assert_int_equal(exit_of()->gprs[1], 1);
	assert_int_equal(exit_of()->gprs[2], 0);			/* entry and context are not shown */
	REFUSED(RMI(REC_ENTER, r.rec, r.run), RMI_ERROR_REC);		/* pending */
	REFUSED(RMI(PSCI_COMPLETE, r.rec, r.rec, 0), RMI_ERROR_INPUT);
	REFUSED(RMI(PSCI_COMPLETE, rec1, r.rec, 0), RMI_ERROR_INPUT);
	REFUSED(RMI(PSCI_COMPLETE, r.rec, r.rd, 0), RMI_ERROR_INPUT);
	REFUSED(RMI(PSCI_COMPLETE, r.rec, rec1, 1), RMI_ERROR_INPUT);
	GRANTED(RMI(PSCI_COMPLETE, r.rec, rec1, 0));
	target = arch_granule_va(pa(rec1));
	assert_int_equal(target->pc, RAM_BASE + 0x40);
	assert_int_equal(target->gpr[0], 5);
	fake_set_realm(NULL);
	GRANTED(RMI(REC_ENTER, rec1, r.run));
	call(PSCI_AFFINITY_INFO_32, 0xdead00000001, 0xbeef00000000, 0);
	assert_int_equal(exit_of()->gprs[1], 1);
	GRANTED(RMI(PSCI_COMPLETE, r.rec, rec1, 0));
	call(PSCI_AFFINITY_INFO_64, 1, 0, 0);
	REFUSED(RMI(PSCI_COMPLETE, r.rec, rec1, (uint64_t)PSCI_DENIED), RMI_ERROR_INPUT);
	GRANTED(RMI(PSCI_COMPLETE, r.rec, rec1, 0));
	assert_int_equal(((struct rec *)arch_granule_va(pa(r.rec)))->gpr[0], 0);	/* ON */
}

/* ---- measurements, configuration ---- */

/*
 * RECs may have stage 1 tables of their own under the same ASIDs. The host chooses on which CPU each runs; the fake stops the test when
 * one could meet translations of another (fake_stage1_fill()).
 */
static void recs_of_a_realm_do_not_meet_each_others_translations(void **state)
{
	struct test_realm one, two, other;
	struct rmi_rec_params *p;
	uint64_t params;

	(void)state;
	make_realm(&one);
	make_realm(&other);
	two = one;
	p = rec_params(&two, &params);
	p->mpidr = 1;
	two.rec = granule1();
	two.run = ns_page();
	GRANTED(RMI(REC_CREATE, two.rd, two.rec, params));
	GRANTED(RMI(REALM_ACTIVATE, one.rd));
	GRANTED(RMI(REALM_ACTIVATE, other.rd));
	fake_set_realm(NULL);
	for (unsigned int i = 0; i < 12; i++) {
		fake_set_cpu(i / 2 % 2);
		GRANTED(enter(&one));
		if (i % 3 == 0)
			GRANTED(enter(&other));		/* it is still one's that lies there */
		GRANTED(enter(&two));
		GRANTED(enter(&two));
	}
	fake_set_cpu(0);
}

static void measurement_slots(void **state)
{
	(void)state;
	call(SMC_RSI_MEASUREMENT_READ, 5, 0, 0);
	assert_int_equal(result[0], RSI_ERROR_INPUT);
	call(SMC_RSI_MEASUREMENT_EXTEND, 0, 8, 1);
	assert_int_equal(result[0], RSI_ERROR_INPUT);
	call(SMC_RSI_MEASUREMENT_EXTEND, 1, 65, 1);
	assert_int_equal(result[0], RSI_ERROR_INPUT);
	call(SMC_RSI_MEASUREMENT_READ, 1, 0, 0);
	assert_int_equal(result[1], 0);
	call(SMC_RSI_MEASUREMENT_EXTEND, 1, 8, 1);
	assert_int_equal(result[0], RSI_SUCCESS);
	call(SMC_RSI_MEASUREMENT_READ, 1, 0, 0);
	assert_int_not_equal(result[1], 0);
	assert_int_equal(result[5], 0);			/* SHA-256: the rest is zero */
}

static void versions_and_unknown_functions(void **state)
{
	(void)state;
	call(SMC_RSI_VERSION, 0x10000, 0, 0);
	assert_int_equal(result[0], RSI_SUCCESS);
	call(SMC_RSI_VERSION, 0x20000, 0, 0);
	assert_int_equal(result[0], RSI_ERROR_INPUT);
	assert_int_equal(result[1], 0x10000);
	call(0xC400019A, 0, 0, 0);
	assert_int_equal(result[0], SMCCC_NOT_SUPPORTED);
	call(SMC_RMI_VERSION, 0x10000, 0, 0);
	assert_int_equal(result[0], SMCCC_NOT_SUPPORTED);
	call(SMCCC_VERSION, 0, 0, 0);
	assert_int_equal(result[0], SMCCC_VERSION_1_2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(create_conditions, reset),
		cmocka_unit_test_setup(a_realm_has_as_many_recs_as_the_feature_register_says, reset),
		cmocka_unit_test_setup(no_rec_joins_an_active_realm, active),
		cmocka_unit_test_setup(a_runnable_rec_is_measured, reset),
		cmocka_unit_test_setup(enter_conditions, active),
		cmocka_unit_test_setup(a_rec_that_is_off_does_not_run, active),
		cmocka_unit_test_setup(a_running_rec_is_nobody_elses, active),
		cmocka_unit_test_setup(system_off_is_final, active),
		cmocka_unit_test_setup(host_call_goes_out_and_comes_back, active),
		cmocka_unit_test_setup(host_call_arguments, active),
		cmocka_unit_test_setup(a_call_into_a_missing_page_is_made_again, active),
		cmocka_unit_test_setup(ripas_change_makes_partial_progress, active),
		cmocka_unit_test_setup(emulated_accesses_show_and_take_what_they_may, active),
		cmocka_unit_test_setup(faults_on_empty_memory_are_the_realms_own, active),
		cmocka_unit_test_setup(what_is_not_known_is_undefined_to_the_realm, active),
		cmocka_unit_test_setup(a_contained_serror_is_pending_until_the_realm_takes_it, active),
		cmocka_unit_test_setup(cpu_on_is_completed_by_the_host, reset),
		cmocka_unit_test_setup(recs_of_a_realm_do_not_meet_each_others_translations, reset),
		cmocka_unit_test_setup(measurement_slots, active),
		cmocka_unit_test_setup(versions_and_unknown_functions, active),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
