/* SPDX-License-Identifier: Apache-2.0 */
/* Self-hosted debug of Realms: its registers through traps, what is in the hardware meanwhile, what comes back to the host. */
#include "../../rmm/arch/esr.h"
#include "world.h"

#define SS		BIT(0)
#define TDCC		BIT(12)
#define KDE		BIT(13)
#define MDE		BIT(15)
#define E		1UL
#define LINKED(n)	(1UL << 20 | (uint64_t)(n) << 16)
#define BT(n)		((uint64_t)(n) << 20)

#define REG(crn, crm, op2)	ESR_SYS_REG(2, 0, crn, crm, op2)
#define BVR(n)		REG(0, n, 4)
#define BCR(n)		REG(0, n, 5)
#define WVR(n)		REG(0, n, 6)
#define WCR(n)		REG(0, n, 7)
#define MDSCR		REG(0, 2, 2)
#define OSLAR		REG(1, 0, 4)
#define OSLSR		REG(1, 1, 4)
#define DFR0		ESR_SYS_REG(3, 0, 0, 5, 0)

static struct test_realm r;

static struct fake_regs *regs(void)
{
	return fake_regs();
}

/* ---- hardware registers by number ---- */

static uint64_t *hw(enum debug_reg kind, unsigned int n)
{
	uint64_t *at[DEBUG_REGS][DEBUG_MAX] = {
#define DEBUG(i) [DEBUG_BVR][i] = &regs()->DBGBVR##i##_EL1, [DEBUG_BCR][i] = &regs()->DBGBCR##i##_EL1, \
		 [DEBUG_WVR][i] = &regs()->DBGWVR##i##_EL1, [DEBUG_WCR][i] = &regs()->DBGWCR##i##_EL1,
#include "../../rmm/arch/numbered_sysregs.def"
	};

	return at[kind][n];
}

static void host_marks(void)
{
	for (unsigned int k = 0; k < DEBUG_REGS; k++)
		for (unsigned int i = 0; i < DEBUG_MAX; i++)
			*hw(k, i) = 0xb0000 + k * 0x100 + i;
	regs()->MDSCR_EL1 = MDE | KDE | SS;
}

/* Also of the registers that this CPU has not: nobody wrote them. */
static void check_host_marks(void)
{
	for (unsigned int k = 0; k < DEBUG_REGS; k++)
		for (unsigned int i = 0; i < DEBUG_MAX; i++)
			assert_int_equal(*hw(k, i), 0xb0000 + k * 0x100 + i);
}

static void check_host_is_back(void)
{
	check_host_marks();
	assert_int_equal(regs()->MDSCR_EL1, MDE | KDE | SS);
}

/* ---- a Realm that makes the accesses of a script ---- */

#define MAX_SCRIPT	48
static struct access { uint64_t reg; bool write; uint64_t value; bool undefined; } script[MAX_SCRIPT];
static unsigned int length;
static void (*at_the_end)(void);

static void begin(void)
{
	memset(script, 0, sizeof(script));
	length = 0;
	at_the_end = NULL;
}

static struct access *add(uint64_t reg, bool write, uint64_t value)
{
	assert_true(length < MAX_SCRIPT);
	script[length] = (struct access){ .reg = reg, .write = write, .value = value };
	return &script[length++];
}

static void W(uint64_t reg, uint64_t value)
{
	add(reg, true, value);
}

static struct access *R(uint64_t reg)
{
	return add(reg, false, 0xdead);
}

#define AT(n)	(RAM_BASE + 0x40 * (n))

static enum rec_trap play(uint64_t gpr[31])
{
	unsigned int n = fake_realm_runs() - 1;

	if (n > 0 && n <= length) {
		struct access *last = &script[n - 1];

		last->undefined = regs()->ELR_EL2 != AT(n - 1) + 4;
		if (!last->write)
			last->value = gpr[7];
	}
	if (n >= length) {
		if (at_the_end != NULL)
			at_the_end();
		return REC_TRAP_IRQ;
	}
	gpr[7] = script[n].value;
	regs()->ELR_EL2 = AT(n);
	regs()->SPSR_EL2 = PSTATE_MODE_EL1H;
	regs()->ESR_EL2 = ESR_EC_VAL(EC_SYSREG) | ESR_IL | script[n].reg | 7UL << 5 | (script[n].write ? 0 : ESR_SYS_READ);
	return REC_TRAP_SYNC;
}

static void run(void)
{
	fake_set_realm(play);
	GRANTED(enter(&r));
	assert_int_equal(run_page(&r)->exit.exit_reason, RMI_EXIT_IRQ);
}

static void make(uint8_t bps, uint8_t wps)
{
	struct rmi_realm_params *p;
	uint64_t params;

	p = realm_params(&r, &params);
	p->num_bps = bps;
	p->num_wps = wps;
	GRANTED(RMI(REALM_CREATE, r.rd, params));
	give_ram(&r);
	give_rec(&r);
	GRANTED(RMI(REALM_ACTIVATE, r.rd));
	begin();
}

/* ---- identification ---- */

static uint64_t dfr0(void)
{
	struct access *a;

	begin();
	a = R(DFR0);
	run();
	return a->value;
}

static void the_id_register_says_what_there_is(void **state)
{
	(void)state;
	make(2, 1);
	assert_int_equal(dfr0(), 0xfUL << 36 | 1UL << 28 | 1UL << 20 | 2UL << 12 | 0xa);
	regs()->ID_AA64DFR0_EL1 |= 1;				/* a later version: 0xb */
	assert_int_equal(dfr0() & 0xf, 0xa);
	regs()->ID_AA64DFR0_EL1 = (regs()->ID_AA64DFR0_EL1 & ~0xfUL) | 8;
	assert_int_equal(dfr0() & 0xf, 8);
	regs()->ID_AA64DFR0_EL1 |= 5UL << 28;			/* all six context-aware: of three, all three */
	assert_int_equal(dfr0() >> 28 & 0xf, 2);
}

/* ---- registers ---- */

static void registers_keep_what_is_writable(void **state)
{
	static const struct { uint64_t reg, value, kept; } rows[] = {
		{ BVR(0), ~0UL, ~0UL }, { BVR(2), 0x123456789abcdef0, 0x123456789abcdef0 },
		{ BCR(0), ~0UL, 0x00ffe1e7 }, { BCR(1), 1UL << 29 | 0x1e7, 0x1e7 },	/* SSCE */
		{ WVR(0), ~0UL, ~3UL }, { WVR(1), 7, 4 }, { WCR(0), ~0UL, 0x1f1fffff }, { WCR(1), 0x20001ff8, 0x1ff8 },
		{ MDSCR, ~0UL, MDE | KDE | TDCC | SS }, { MDSCR, 0, 0 }, { MDSCR, MDE, MDE },
	};

	(void)state;
	make(2, 1);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct access *a;

		begin();
		W(rows[i].reg, rows[i].value);
		a = R(rows[i].reg);
		run();
		assert_false(script[0].undefined || a->undefined);
		assert_int_equal(a->value, rows[i].kept);
	}
}

static void registers_beyond_are_undefined(void **state)
{
	static const uint64_t beyond[] = { BVR(3), BCR(3), BVR(5), BCR(15), WVR(2), WCR(2), WVR(3), WCR(15) };
	static const uint64_t last[] = { BVR(2), BCR(2), WVR(1), WCR(1) };

	(void)state;
	make(2, 1);
	host_marks();
	for (size_t i = 0; i < ARRAY_SIZE(beyond); i++) {
		W(beyond[i], 1);
		R(beyond[i]);
	}
	run();
	for (unsigned int i = 0; i < length; i++)
		assert_true(script[i].undefined);
	begin();
	for (size_t i = 0; i < ARRAY_SIZE(last); i++) {
		W(last[i], 4);
		R(last[i]);
	}
	run();
	for (unsigned int i = 0; i < length; i++)
		assert_true(!script[i].undefined && script[i].value == 4);
	check_host_is_back();
}

/* Communication channel, claim tags, double lock, authentication status: nothing there, nothing kept. */
static void the_rest_reads_as_zero(void **state)
{
	static const uint64_t rest[] = {
		REG(0, 0, 2), REG(0, 2, 0), REG(0, 3, 2), REG(0, 6, 2), REG(1, 0, 0), REG(1, 3, 4), REG(1, 4, 4),
		REG(7, 8, 6), REG(7, 9, 6), REG(7, 14, 6), ESR_SYS_REG(2, 3, 0, 1, 0), ESR_SYS_REG(2, 3, 0, 4, 0), ESR_SYS_REG(2, 3, 0, 5, 0),
	};

	(void)state;
	make(2, 1);
	for (size_t i = 0; i < ARRAY_SIZE(rest); i++) {
		W(rest[i], ~0UL);
		R(rest[i]);
	}
	run();
	for (unsigned int i = 0; i < length; i++)
		assert_true(!script[i].undefined && (script[i].write || script[i].value == 0));
	begin();
	R(ESR_SYS_REG(2, 1, 0, 0, 0));				/* the trace unit is not there at all */
	R(ESR_SYS_REG(2, 4, 0, 7, 0));
	run();
	assert_true(script[0].undefined && script[1].undefined);
}

static void each_rec_has_its_own(void **state)
{
	struct test_realm first;

	(void)state;
	make(2, 1);
	W(BVR(0), 0x1000);
	W(BCR(0), 0x1e7);
	W(MDSCR, MDE | KDE);
	W(OSLAR, 1);
	run();
	first = r;
	make(2, 1);
	R(BVR(0));
	R(BCR(0));
	R(MDSCR);
	R(OSLSR);
	run();
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(script[i].value, 0);
	assert_int_equal(script[3].value, 8);
	r = first;
	run();
	assert_int_equal(script[0].value, 0x1000);
	assert_int_equal(script[1].value, 0x1e7);
	assert_int_equal(script[2].value, MDE | KDE);
	assert_int_equal(script[3].value, 0xa);
}

/* ---- what is in the hardware ---- */

static void host_is_in_the_hardware(void)
{
	check_host_marks();
	assert_int_equal(regs()->MDSCR_EL1 & MDE, 0);		/* so none of it fires */
}

static void without_mde_the_hosts_stay(void **state)
{
	static const uint64_t mdscr[] = { 0, KDE, SS | KDE, TDCC };

	(void)state;
	make(2, 1);
	for (size_t i = 0; i < ARRAY_SIZE(mdscr); i++) {
		host_marks();
		begin();
		W(BVR(0), 0x1000);
		W(BCR(0), 0x1e7);
		W(WCR(0), 0x1fff);
		W(MDSCR, mdscr[i]);
		at_the_end = host_is_in_the_hardware;
		run();
		assert_int_equal(run_page(&r)->exit.exit_reason, RMI_EXIT_IRQ);
		check_host_is_back();
		begin();
		at_the_end = host_is_in_the_hardware;		/* an entry from the start */
		run();
		check_host_is_back();
	}
}

static uint64_t want[DEBUG_REGS][DEBUG_MAX];
static unsigned int hw_bps, hw_wps;

static void realm_is_in_the_hardware(void)
{
	for (unsigned int i = 0; i < hw_bps; i++) {
		assert_int_equal(*hw(DEBUG_BVR, i), want[DEBUG_BVR][i]);
		assert_int_equal(*hw(DEBUG_BCR, i), want[DEBUG_BCR][i]);
	}
	for (unsigned int i = 0; i < hw_wps; i++) {
		assert_int_equal(*hw(DEBUG_WVR, i), want[DEBUG_WVR][i]);
		assert_int_equal(*hw(DEBUG_WCR, i), want[DEBUG_WCR][i]);
	}
	assert_int_equal(regs()->MDSCR_EL1, MDE | KDE);
}

/* Written before or after MDE; and at the next entry, and after a change. */
static void check_loaded(void)
{
	at_the_end = realm_is_in_the_hardware;
	run();
	check_host_is_back();
	begin();
	at_the_end = realm_is_in_the_hardware;
	run();
	check_host_is_back();
}

static void with_mde_the_realms_are_in(void **state)
{
	(void)state;
	hw_bps = 6;
	hw_wps = 4;
	for (unsigned int late = 0; late < 2; late++) {
		make(2, 1);					/* three of six: the last ones, 3, 4, 5 */
		host_marks();
		memset(want, 0, sizeof(want));
		want[DEBUG_BVR][3] = 0x1000;
		want[DEBUG_BCR][3] = 0x1e7;
		want[DEBUG_BVR][5] = 0x3000;
		want[DEBUG_BCR][5] = 0x1e3;
		want[DEBUG_WVR][1] = 0x2000;
		want[DEBUG_WCR][1] = 0x1fff;
		if (late)
			W(MDSCR, MDE | KDE);
		W(BVR(0), 0x1000);
		W(BCR(0), 0x1e7);
		W(BVR(2), 0x3000);
		W(BCR(2), 0x1e3);
		W(WVR(1), 0x2000);
		W(WCR(1), 0x1fff);
		if (!late)
			W(MDSCR, MDE | KDE);
		check_loaded();
		begin();
		W(BCR(2), 0);
		want[DEBUG_BCR][5] = 0;
		check_loaded();
	}
}

static void links_go_to_the_realms_own(void **state)
{
	(void)state;
	hw_bps = 6;
	hw_wps = 4;
	make(2, 3);
	host_marks();
	memset(want, 0, sizeof(want));
	W(BCR(0), E | LINKED(2));
	want[DEBUG_BCR][3] = E | LINKED(5);
	W(BCR(1), E | LINKED(3));		/* it has none of that number */
	W(BCR(2), E | BT(3) | 2UL << 16);	/* links to nothing: no number to change */
	want[DEBUG_BCR][5] = E | BT(3) | 2UL << 16;
	W(WCR(0), E | LINKED(0));
	want[DEBUG_WCR][0] = E | LINKED(3);
	W(WCR(1), E | LINKED(15));
	W(WCR(2), E | 15UL << 16);		/* not linked */
	want[DEBUG_WCR][2] = E | 15UL << 16;
	W(WCR(3), E | LINKED(2));
	want[DEBUG_WCR][3] = E | LINKED(5);
	W(MDSCR, MDE | KDE);
	check_loaded();
}

/* VMID and CONTEXTIDR_EL2 are not the Realm's: nothing of them is to be found out. */
static void nothing_matches_by_vmid(void **state)
{
	(void)state;
	hw_bps = 6;
	hw_wps = 4;
	for (unsigned int bt = 0; bt < 16; bt++) {
		make(5, 1);
		host_marks();
		memset(want, 0, sizeof(want));
		W(BVR(4), 0x500000001);
		W(BCR(4), E | BT(bt));
		want[DEBUG_BVR][4] = 0x500000001;
		want[DEBUG_BCR][4] = bt & 8 ? 0 : E | BT(bt);
		W(MDSCR, MDE | KDE);
		R(BCR(4));
		check_loaded();
	}
}

static void sixteen_of_each(void **state)
{
	(void)state;
	hw_bps = hw_wps = 16;
	regs()->ID_AA64DFR0_EL1 |= 0xfUL << 12 | 0xfUL << 20;
	make(15, 15);
	host_marks();
	memset(want, 0, sizeof(want));
	W(BVR(15), 0x1000);
	W(BCR(15), 0x1e7);
	W(WVR(15), 0x2000);
	W(WCR(15), 0x1fff);
	want[DEBUG_BVR][15] = 0x1000;
	want[DEBUG_BCR][15] = 0x1e7;
	want[DEBUG_WVR][15] = 0x2000;
	want[DEBUG_WCR][15] = 0x1fff;
	W(MDSCR, MDE | KDE);
	check_loaded();
}

/* What comes back is what was there at this entry, not at an earlier one. */
static void the_hosts_may_change(void **state)
{
	(void)state;
	make(2, 1);
	for (uint64_t i = 1; i < 4; i++) {
		begin();
		W(MDSCR, MDE | KDE);
		host_marks();
		regs()->DBGBVR0_EL1 = i;
		regs()->DBGWCR3_EL1 = i;
		run();
		assert_int_equal(regs()->DBGBVR0_EL1, i);
		assert_int_equal(regs()->DBGWCR3_EL1, i);
	}
}

/* ---- the OS lock ---- */

static void locked_nothing_is_enabled(void)
{
	assert_int_equal(regs()->MDSCR_EL1, KDE | TDCC);
	check_host_marks();
}

static void the_lock_keeps_exceptions_off(void **state)
{
	struct access *seen;

	(void)state;
	make(2, 1);
	host_marks();
	W(OSLAR, 1);
	W(BCR(0), 0x1e7);
	W(MDSCR, MDE | KDE | SS | TDCC);
	seen = R(MDSCR);
	at_the_end = locked_nothing_is_enabled;
	run();
	assert_int_equal(seen->value, MDE | KDE | SS | TDCC);
	check_host_is_back();
	begin();
	at_the_end = locked_nothing_is_enabled;
	run();
	check_host_is_back();
	begin();
	W(OSLAR, 2);				/* bit 0 alone is the lock: this unlocks */
	seen = R(OSLSR);
	run();
	assert_int_equal(seen->value, 8);
	check_host_is_back();
}

/* ---- step, traps ---- */

static uint64_t spsr_then, mdcr;

static enum rec_trap step_over_a_trapped_access(uint64_t gpr[31])
{
	(void)gpr;
	mdcr = regs()->MDCR_EL2;
	if (fake_realm_runs() > 1) {
		spsr_then = regs()->SPSR_EL2;
		return REC_TRAP_IRQ;
	}
	regs()->SPSR_EL2 = PSTATE_MODE_EL1H | PSTATE_SS;
	regs()->ESR_EL2 = ESR_EC_VAL(EC_SYSREG) | ESR_IL | OSLSR | ESR_SYS_READ;
	return REC_TRAP_SYNC;
}

/* The access was the one instruction to be executed. */
static void a_step_ends_with_the_access(void **state)
{
	(void)state;
	make(2, 1);
	W(MDSCR, SS | KDE);
	run();
	fake_set_realm(step_over_a_trapped_access);
	GRANTED(enter(&r));
	assert_int_equal(spsr_then & PSTATE_SS, 0);
}

static void accesses_trap_and_exceptions_do_not(void **state)
{
	const uint64_t traps = BIT(9) | BIT(10) | BIT(11) | BIT(19), tde = BIT(8);	/* TDA, TDOSA, TDRA, TTRF */

	(void)state;
	make(2, 1);
	regs()->MDCR_EL2 |= tde;
	for (unsigned int mde = 0; mde < 2; mde++) {
		begin();
		W(MDSCR, mde ? MDE : 0);
		run();
		fake_set_realm(step_over_a_trapped_access);
		GRANTED(enter(&r));
		assert_int_equal(mdcr & (traps | tde), traps);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_id_register_says_what_there_is, reset),
		cmocka_unit_test_setup(registers_keep_what_is_writable, reset),
		cmocka_unit_test_setup(registers_beyond_are_undefined, reset),
		cmocka_unit_test_setup(the_rest_reads_as_zero, reset),
		cmocka_unit_test_setup(each_rec_has_its_own, reset),
		cmocka_unit_test_setup(without_mde_the_hosts_stay, reset),
		cmocka_unit_test_setup(with_mde_the_realms_are_in, reset),
		cmocka_unit_test_setup(links_go_to_the_realms_own, reset),
		cmocka_unit_test_setup(nothing_matches_by_vmid, reset),
		cmocka_unit_test_setup(sixteen_of_each, reset),
		cmocka_unit_test_setup(the_hosts_may_change, reset),
		cmocka_unit_test_setup(the_lock_keeps_exceptions_off, reset),
		cmocka_unit_test_setup(a_step_ends_with_the_access, reset),
		cmocka_unit_test_setup(accesses_trap_and_exceptions_do_not, reset),
	};

	return cmocka_run_group_tests_name("debug", tests, NULL, NULL);
}
