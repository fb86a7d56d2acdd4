/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PSCI and timers over the stand-in device: b has the right and three vCPUs, which the test switches on and off;
 * list registers are judged by what the next entry brings.
 */
#include "vmm_peer.h"

#include "../../abi/rsi.h"

#define LR_PENDING	(1UL << 62)
#define LR_ACTIVE	(1UL << 63)
#define LR_INTID(lr)	((uint32_t)(lr))

static atomic_int on[3], entered[3], tried[3], step, release, call_again;

static uint64_t play_until_released(unsigned int role, struct rmi_rec_run *run)
{
	return release ? play_exit_ok(role, run) : play_idle(role, run);
}

static uint64_t exit_psci(struct rmi_rec_run *run, uint64_t fid, uint64_t a)
{
	run->exit.gprs[0] = fid;
	run->exit.gprs[1] = a;
	return exit_with(run, RMI_EXIT_PSCI);
}

static struct peer_blob begin(uint32_t rights)
{
	struct peer_blob b = peer_blob();
	unsigned int i;

	b.role[B].rights = rights;
	b.role[B].vcpus = 3;
	port_open();
	for (i = 0; i < 3; i++)
		on[i] = entered[i] = tried[i] = 0;
	on[0] = 1;
	step = release = call_again = 0;
	fake.play[A] = fake.play[C] = play_until_released;
	return b;
}

/* What the monitor keeps: a REC that is off is not entered. */
static uint64_t may_run(unsigned int rec)
{
	tried[rec]++;
	if (!on[rec])
		return RMI_ERROR_REC;
	entered[rec]++;
	return 0;
}

/* REC 0 switches 1 on (twice, if told), REC 1 switches itself off. */
static uint64_t play_on_off(unsigned int role, unsigned int rec, struct rmi_rec_run *run)
{
	uint64_t st = may_run(rec);

	(void)role;
	if (st)
		return st;
	if (rec == 1) {
		on[1] = 0;
		return exit_psci(run, PSCI_CPU_OFF, 0);
	}
	if (step == 0 || (step == 1 && call_again)) {
		step++;
		on[1] = 1;
		return exit_psci(run, PSCI_CPU_ON_64, 1);
	}
	return exit_with(run, RMI_EXIT_MICA_IDLE);
}

static void on_and_off(void **state)
{
	struct peer_blob b = begin(MICA_RIGHT_PSCI);

	(void)state;
	fake.play_rec[B] = play_on_off;
	peer_load(&b);
	peer_until(&entered[1], 1);
	assert_true(port_quiet(150));
	assert_int_equal(entered[1], 1);
	call_again = 1;
	peer_until(&entered[1], 2);
	assert_true(port_quiet(150));
	assert_int_equal(entered[1], 2);
	assert_int_equal(entered[2], 0);
	assert_int_equal(fake.psci_n, 2);
	assert_int_equal(fake.psci[0].role, B);
	assert_int_equal(fake.psci[0].caller, 0);
	assert_int_equal(fake.psci[0].target, 1);
	assert_int_equal(fake.psci[0].status, PSCI_SUCCESS);
	peer_stop();
}

/* All of its vCPUs off: nobody is left to switch one on, so the run may end. */
static uint64_t play_all_off(unsigned int role, unsigned int rec, struct rmi_rec_run *run)
{
	uint64_t st = may_run(rec);

	(void)role;
	if (st)
		return st;
	on[rec] = 0;
	return exit_psci(run, PSCI_CPU_OFF, 0);
}

static void all_off(void **state)
{
	struct peer_blob b = begin(MICA_RIGHT_PSCI);

	(void)state;
	fake.play_rec[B] = play_all_off;
	peer_load(&b);
	assert_true(port_quiet(100));
	release = 1;
	peer_expect_rest(B, 0);
	peer_end();
}

/* One exit of REC 0, chosen by the test. */
static uint64_t the_fid, the_arg;
static uint64_t play_one(unsigned int role, unsigned int rec, struct rmi_rec_run *run)
{
	uint64_t st = may_run(rec);

	(void)role;
	if (st)
		return st;
	if (call_again && step++ == 0)
		return exit_psci(run, the_fid, the_arg);
	return exit_with(run, RMI_EXIT_MICA_IDLE);
}

static void call(struct peer_blob *b, uint64_t fid, uint64_t arg)
{
	the_fid = fid;
	the_arg = arg;
	fake.play_rec[B] = play_one;
	peer_load(b);
	/* the others were found off, and wait */
	peer_until(&tried[1], 1);
	peer_until(&tried[2], 1);
	port_quiet(20);
	call_again = 1;
}

static void affinity_info(void **state)
{
	struct peer_blob b = begin(MICA_RIGHT_PSCI);

	(void)state;
	call(&b, PSCI_AFFINITY_INFO_64, 2);
	peer_until(&step, 2);
	assert_int_equal(fake.psci_n, 1);
	assert_int_equal(fake.psci[0].target, 2);
	assert_true(port_quiet(100));
	assert_int_equal(entered[2], 0);	/* asking is not switching on */
	assert_int_equal(tried[2], 1);
	peer_stop();
}

static void system_off(void **state)
{
	struct peer_blob b = begin(MICA_RIGHT_PSCI);

	(void)state;
	b.role[B].flags = MICA_ROLE_RESTART;
	call(&b, PSCI_SYSTEM_OFF, 0);
	peer_expect_exit(B, HOW_OFF);		/* it said so: no other life */
	assert_true(port_quiet(300));
	assert_int_equal(fake.resets, 0);
	peer_stop();
}

static void system_reset(void **state)
{
	struct peer_blob b = begin(MICA_RIGHT_PSCI);

	(void)state;
	b.role[B].flags = MICA_ROLE_RESTART;
	call(&b, PSCI_SYSTEM_RESET, 0);
	peer_expect_restart(B, 1);
	peer_until(&step, 3);
	assert_int_equal(fake.resets, 1);
	peer_stop();

	b = begin(MICA_RIGHT_PSCI);		/* without `restart` it is the end */
	call(&b, PSCI_SYSTEM_RESET, 0);
	peer_expect_exit(B, HOW_OFF);
	assert_true(port_quiet(300));
	assert_int_equal(fake.resets, 0);
	peer_stop();
}

/* What a sound monitor never passes on is reported with the role's name. */
static void nonsense(void **state)
{
	static const struct { uint64_t fid, arg; const char *text; } rows[] = {
		{ PSCI_CPU_ON_64, 3, "role 'b' names vCPU 0x3" },
		{ PSCI_CPU_ON_64, 0x100, "role 'b' names vCPU 0x100" },
		{ PSCI_CPU_ON_32, ~0UL, "role 'b' names vCPU 0xffffffffffffffff" },
		{ PSCI_AFFINITY_INFO_64, 8, "role 'b' names vCPU 0x8" },
		{ PSCI_VERSION, 0, "role 'b' left with PSCI call 0x84000000" },
		{ 0, 0, "role 'b' left with PSCI call 0" },
		{ ~0UL, 0, "role 'b' left with PSCI call 0xffffffffffffffff" },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct peer_blob b = begin(MICA_RIGHT_PSCI);

		call(&b, rows[i].fid, rows[i].arg);
		peer_expect_fail(rows[i].text);
		peer_end();
	}
}

static uint64_t play_calls_late(unsigned int role, unsigned int rec, struct rmi_rec_run *run)
{
	uint64_t st = may_run(rec);

	(void)role;
	if (st)
		return st;
	return call_again && step++ == 0 ? exit_psci(run, PSCI_CPU_ON_64, 1) : exit_with(run, RMI_EXIT_MICA_IDLE);
}

static void refused_completion(void **state)
{
	struct peer_blob b = begin(MICA_RIGHT_PSCI);

	(void)state;
	fake.play_rec[B] = play_calls_late;
	peer_load(&b);
	peer_until(&entered[0], 1);
	fake.fail_at = fake.calls + 1;
	fake.fail_with = RMI_ERROR_INPUT;
	call_again = 1;
	peer_expect_fail("role 'b': RMI_PSCI_COMPLETE(");
	peer_end();
}

/* A vCPU that is off is no failure only where the policy opens PSCI. */
static uint64_t play_rec_error(unsigned int role, unsigned int rec, struct rmi_rec_run *run)
{
	(void)role;
	return rec == 2 ? RMI_ERROR_REC : exit_with(run, RMI_EXIT_MICA_IDLE);
}

static void off_without_the_right(void **state)
{
	struct peer_blob b = begin(0);

	(void)state;
	fake.play_rec[B] = play_rec_error;
	peer_load(&b);
	peer_expect_fail("role 'b': RMI_REC_ENTER(");
	peer_end();
}

/* Exits of all kinds that nobody asked for. */
static uint64_t the_reason;
static uint64_t play_reason(unsigned int role, struct rmi_rec_run *run)
{
	(void)role;
	return exit_with(run, the_reason);
}

static void odd_reasons(void **state)
{
	static const struct { uint64_t reason; const char *text; } rows[] = {
		{ RMI_EXIT_SYNC, "role 'c' left with exit reason 0 (SYNC;" },
		{ RMI_EXIT_RIPAS_CHANGE, "role 'c' left with exit reason 0x4 (RIPAS_CHANGE;" },
		{ RMI_EXIT_SERROR, "role 'c' left with exit reason 0x6 (SERROR;" },
		{ 7, "role 'c' left with exit reason 0x7 (unknown;" },
		{ 0x45, "role 'c' left with exit reason 0x45 (unknown;" },
		{ ~0UL, "role 'c' left with exit reason 0xffffffffffffffff (unknown;" },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct peer_blob b = begin(0);

		b.role[B].vcpus = 1;
		fake.play[B] = play_idle;
		fake.play[C] = play_reason;
		the_reason = rows[i].reason;
		peer_load(&b);
		peer_expect_fail(rows[i].text);
		peer_end();
	}
}

/* ---- timers ---- */

#define UP	5UL			/* enabled, not masked, fired */

/* What the exit shows, and what the next entry has to bring. */
static const struct timer_row {
	uint64_t v_ctl, p_ctl, lr[2];	/* exit */
	uint64_t want_v, want_p;	/* state of 27 and 30 */
} timer_rows[] = {
	{ 0, 0, { 0 }, 0, 0 },
	{ 1, 1, { 0 }, 0, 0 },					/* not yet */
	{ 4, 4, { 0 }, 0, 0 },					/* disabled */
	{ 7, 7, { 0 }, 0, 0 },					/* masked */
	{ UP, 0, { 0 }, LR_PENDING, 0 },
	{ 0, UP, { 0 }, 0, LR_PENDING },
	{ UP, UP, { 0 }, LR_PENDING, LR_PENDING },
	{ UP, 0, { LR_PENDING | 27 }, LR_PENDING, 0 },		/* not taken yet */
	{ 1, 0, { LR_PENDING | 27 }, 0, 0 },			/* gone before it was taken */
	{ UP, 0, { LR_ACTIVE | 27 }, LR_ACTIVE, 0 },		/* in its handler */
	{ 0, 0, { LR_ACTIVE | 27 }, LR_ACTIVE, 0 },
	{ UP, 0, { LR_PENDING | LR_ACTIVE | 27 }, LR_ACTIVE, 0 },
	{ 0, UP, { LR_ACTIVE | 27, LR_PENDING | 30 }, LR_ACTIVE, LR_PENDING },
	{ 0, 0, { LR_PENDING | 30, LR_PENDING | 27 }, 0, 0 },
	{ UP, 0, { LR_PENDING | 40, LR_ACTIVE | 41 }, LR_PENDING, 0 },	/* none of ours */
};
#define N_TIMER_ROWS	(sizeof(timer_rows) / sizeof(timer_rows[0]))

static bool bad_lrs[N_TIMER_ROWS];
static bool opened;

static uint64_t state_in(const struct rmi_rec_enter *e, uint32_t intid)
{
	uint64_t state = 0;
	unsigned int i;

	for (i = 0; i < 16; i++)
		if (LR_INTID(e->gicv3_lrs[i]) == intid)
			state |= e->gicv3_lrs[i] & (LR_PENDING | LR_ACTIVE);
	return state;
}

static bool lrs_as_they_should_be(const struct timer_row *r, const struct rmi_rec_enter *e)
{
	unsigned int i, used = 0;

	for (i = 0; i < 16; i++)
		used += e->gicv3_lrs[i] != 0;
	if (!opened)
		return used == 0;
	return state_in(e, 27) == r->want_v && state_in(e, 30) == r->want_p &&
	       used == (r->want_v != 0) + (unsigned int)(r->want_p != 0);
}

static uint64_t play_timers(unsigned int role, struct rmi_rec_run *run)
{
	unsigned int i = (unsigned int)step;

	(void)role;
	if (i > 0 && i <= N_TIMER_ROWS)
		bad_lrs[i - 1] = !lrs_as_they_should_be(&timer_rows[i - 1], &run->enter);
	step++;
	if (i >= N_TIMER_ROWS)
		return exit_with(run, RMI_EXIT_MICA_IDLE);
	run->exit.cntv_ctl = timer_rows[i].v_ctl;
	run->exit.cntp_ctl = timer_rows[i].p_ctl;
	memcpy(run->exit.gicv3_lrs, timer_rows[i].lr, sizeof(timer_rows[i].lr));
	return exit_with(run, opened ? RMI_EXIT_IRQ : RMI_EXIT_MICA_IDLE);
}

static void timers(uint32_t rights)
{
	struct peer_blob b = begin(rights);
	unsigned int i;

	opened = rights & MICA_RIGHT_TIMER;
	b.role[B].vcpus = 1;
	fake.play[B] = play_timers;
	peer_load(&b);
	peer_until(&step, N_TIMER_ROWS + 1);
	for (i = 0; i < N_TIMER_ROWS; i++)
		if (bad_lrs[i])
			fail_msg("row %u: other list registers than it should be", i);
	assert_true(opened ? fake.irq_exits[B] > N_TIMER_ROWS : fake.irq_exits[B] == 0);
	assert_int_equal(fake.irq_exits[A], 0);
	peer_stop();
}

static void timer_interrupts(void **state)
{
	(void)state;
	timers(MICA_RIGHT_TIMER);
}

/* The same exits without the right: nothing is ever put in. */
static void no_right_no_interrupt(void **state)
{
	(void)state;
	timers(MICA_RIGHT_PSCI);
	timers(0);
}

static void how_long_to_sleep(void **state)
{
	static struct mica_blob_role rec = { .rights = MICA_RIGHT_TIMER }, none;
	static struct realm realm;
	static struct rmi_rec_run run;
	struct rec r = { .realm = &realm, .run = &run };

	(void)state;
	fake_reset();
	realm.rec = &rec;
	fake.counter = 1000;
	assert_int_equal(timer_within(&r, 50), 50);
	run.exit.cntv_ctl = 1;
	run.exit.cntv_cval = 1030;
	assert_int_equal(timer_within(&r, 50), 30);
	assert_int_equal(timer_within(&r, 20), 20);
	run.exit.cntp_ctl = 1;
	run.exit.cntp_cval = 1007;
	assert_int_equal(timer_within(&r, 50), 7);
	run.exit.cntp_ctl = 3;
	assert_int_equal(timer_within(&r, 50), 30);
	run.exit.cntv_cval = 1000;
	assert_int_equal(timer_within(&r, 50), 0);
	run.exit.cntv_cval = 1;
	assert_int_equal(timer_within(&r, 50), 0);
	run.exit.cntv_cval = ~0UL;
	assert_int_equal(timer_within(&r, 50), 50);
	run.exit.cntv_cval = 1;
	realm.rec = &none;		/* not shown, not known */
	assert_int_equal(timer_within(&r, 50), 50);
	fake_free();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(on_and_off),
		cmocka_unit_test(all_off),
		cmocka_unit_test(affinity_info),
		cmocka_unit_test(system_off),
		cmocka_unit_test(system_reset),
		cmocka_unit_test(nonsense),
		cmocka_unit_test(refused_completion),
		cmocka_unit_test(off_without_the_right),
		cmocka_unit_test(odd_reasons),
		cmocka_unit_test(timer_interrupts),
		cmocka_unit_test(no_right_no_interrupt),
		cmocka_unit_test(how_long_to_sleep),
	};

	return cmocka_run_group_tests_name("vmm_psci", tests, NULL, NULL);
}
