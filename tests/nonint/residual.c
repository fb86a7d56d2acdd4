/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measured bounds of what is left open: a confined Realm sends a pseudo-random message to this host, and this host to a Realm. Lines
 * "residual NAME DIRECTION SYMBOLS BITS ERRORS TICKS": bits of a symbol times 100; a tick of the counter is an instruction under -icount
 * shift=0.
 */
#include "nonint.h"

#include "../bare/gic.h"
#include "covert.h"
#include "realm/realm_abi.h"

enum { SENDER };

static struct rmi_rec_enter *entry(unsigned int role)
{
	return page_ptr(world.guest[role].run);
}

static uint64_t enter(unsigned int role)
{
	entry(role)->flags = RMI_ENTER_TRAP_WFI;
	EXPECT_EQ(guest_enter(role), RMI_SUCCESS);
	return guest_exit(role)->exit_reason;
}

static void show(const char *name, const char *direction, uint64_t symbols, uint64_t bits, uint64_t errors, uint64_t ticks)
{
	const uint64_t numbers[] = { symbols, bits, errors, ticks };

	bare_puts("residual ");
	bare_puts(name);
	bare_puts(" ");
	bare_puts(direction);
	for (unsigned int i = 0; i < 4; i++) {
		bare_puts(" ");
		bare_number(numbers[i]);
	}
	bare_puts("\r\n");
	EXPECT_EQ(errors, 0);
}

/* ---- an exit a symbol ---- */

static void kinds(void)
{
	uint64_t begin = counter(), errors = 0;

	for (uint64_t i = 0; i < KIND_SYMBOLS; i++)
		errors += (enter(SENDER) == RMI_EXIT_MICA_WAKE) != (covert_symbol(i) & 1);
	show("kind", "realm-host", KIND_SYMBOLS, 100, errors, counter() - begin);
}

/* Which of the channels, SLEEPERS: none. */
static uint64_t wake_symbol(void)
{
	return enter(SENDER) == RMI_EXIT_MICA_WAKE ? (uint64_t)__builtin_ctzl(guest_exit(SENDER)->gprs[0]) - 1 : SLEEPERS;
}

static void wakes(void)
{
	uint64_t begin = counter(), errors = 0;

	for (uint64_t i = 0; i < WAKE_SYMBOLS; i++)
		errors += wake_symbol() != (covert_symbol(i) & 7);
	show("wake-map", "realm-host", WAKE_SYMBOLS, 300, errors, counter() - begin);
}

static void times(void)
{
	uint64_t begin = counter(), errors = 0, least = 0, span = 1;

	for (uint64_t i = 0; i < TIME_SYMBOLS; i++) {
		uint64_t took;

		enter(SENDER);
		took = rmi_ticks;
		if (i == 1)
			least = took;
		if (i == 2)
			span = took - least;
		if (i >= CALIBRATE)
			errors += ((took - least) * GREATEST + span / 2) / span != timed_symbol(i);
	}
	show("exit-time", "realm-host", TIME_SYMBOLS, 800, errors, counter() - begin);
}

/* A kind takes a time of its own, and so does what is left of the one before. */
static void both(void)
{
	uint64_t begin = counter(), errors = 0, least[2][SLEEPERS + 1], span = 1, before = 0;

	for (uint64_t i = 0; i < BOTH_SYMBOLS; i++) {
		uint64_t kind = wake_symbol(), took = rmi_ticks;

		errors += kind != both_kind(i);
		if (i < BOTH_CALIBRATE - 1)
			least[before][kind] = took;
		else if (i == BOTH_CALIBRATE - 1)
			span = took - least[before][kind];
		else
			errors += ((took - least[before][kind]) * BOTH_GREATEST + span / 2) / span != both_turns(i);
		before = kind < SLEEPERS;
	}
	show("wake-and-time", "realm-host", BOTH_SYMBOLS, 1300, errors, counter() - begin);
}

static void run_ons(void)
{
	uint64_t begin, errors = 0;

	gic_enable(PPI_EL2_TIMER);
	begin = counter();
	for (uint64_t i = 0; i < RUN_SYMBOLS; i++) {
		__asm__ volatile("msr cnthp_cval_el2, %0\n\tmsr cnthp_ctl_el2, %1\n\tisb" : : "r"(counter() + RUN_SLOT), "r"(1UL));
		errors += (enter(SENDER) == RMI_EXIT_IRQ) != (covert_symbol(i) & 1);
		el2_timer_stop();
	}
	show("run-on", "realm-host", RUN_SYMBOLS, 100, errors, counter() - begin);
	gic_disable_all();
}

static void exits(void)
{
	static const char *const names[] = { "reader-0", "reader-1", "reader-2", "reader-3", "reader-4", "reader-5", "reader-6" };
	static const char *const channels[] = { "c0", "c1", "c2", "c3", "c4", "c5", "c6" };
	struct plan *p = &world.plan;

	memset(&world, 0, sizeof(world));
	plan_role(p, "a-sender", 0, 0, REALM_SENDER + COVERT_EXITS);
	for (unsigned int i = 0; i < SLEEPERS; i++) {
		plan_role(p, names[i], 0, 0, REALM_SENDER + COVERT_SLEEPER);
		plan_channel(p, channels[i]);
		plan_grant(p, SENDER, i, MICA_GRANT_RW, MICA_NO_SIGNAL, AT_DELIVER + i * PAGE);
	}
	for (unsigned int i = 0; i < SLEEPERS; i++)
		plan_grant(p, 1 + i, i, MICA_GRANT_R, 0, AT_DELIVER);
	world_start(PLAN_ROLES, 0);
	for (unsigned int i = 0; i < SLEEPERS; i++)
		EXPECT_EQ(enter(1 + i), RMI_EXIT_MICA_IDLE);
	kinds();
	wakes();
	times();
	both();
	run_ons();
	world_end();
}

/* ---- a life a symbol ---- */

enum { CALLER, SERVER };

static void replace_caller(void)
{
	EXPECT_EQ(MICA0(ROLE_RESET, world.wf, CALLER), RMI_SUCCESS);
}

/* The server has an answer for nobody if it was in a call: then, and then only, it may be entered. */
static bool server_was_called(void)
{
	if (guest_enter(SERVER) != RMI_SUCCESS)
		return false;
	while (guest_exit(SERVER)->exit_reason != RMI_EXIT_MICA_PARKED)
		enter(SERVER);
	return true;
}

static void lives(const char *name, unsigned int what)
{
	struct plan *p = &world.plan;
	uint64_t begin, errors = 0;

	memset(&world, 0, sizeof(world));
	plan_role(p, "caller", 0, MICA_ROLE_RESTART, REALM_SENDER + what);
	plan_role(p, "server", 0, 0, REALM_SENDER + COVERT_SERVER);
	plan_gate(p, CALLER, SERVER);
	world_start(PLAN_ROLES, 0);
	EXPECT_EQ(enter(SERVER), RMI_EXIT_MICA_PARKED);
	begin = counter();
	for (uint64_t i = 0; i < LIVES; i++) {
		uint64_t kind = enter(CALLER), bit;

		replace_caller();
		bit = what == COVERT_OFF ? kind == RMI_EXIT_MICA_OFF : server_was_called();
		errors += bit != (covert_symbol(i + 1) & 1);	/* epochs begin with 1 */
		guest_unload(CALLER);
		guest_load(CALLER);
	}
	show(name, "realm-host", LIVES, 100, errors, counter() - begin);
	world_end();
}

/* ---- the other way ---- */

static void delays(void)
{
	struct plan *p = &world.plan;
	uint64_t begin, errors = 0;
	const uint64_t *told;

	memset(&world, 0, sizeof(world));
	plan_role(p, "listener", MICA_RIGHT_HOSTCALL, 0, REALM_SENDER + COVERT_LISTENER);
	world_start(PLAN_ROLES, 0);
	EXPECT_EQ(enter(0), RMI_EXIT_MICA_IDLE);
	begin = counter();
	for (uint64_t i = 0; i < LISTEN_SYMBOLS; i++) {
		uint64_t until = counter() + timed_symbol(i) * LISTEN_STEP;

		while (counter() < until)
			;
		enter(0);
	}
	begin = counter() - begin;
	told = guest_exit(0)->gprs;
	EXPECT_EQ(guest_exit(0)->exit_reason, RMI_EXIT_HOST_CALL);
	for (uint64_t i = CALIBRATE; i < LISTEN_SYMBOLS; i++)
		errors += (told[i / 8] >> (i % 8 * 8) & 0xff) != timed_symbol(i);
	show("entry-time", "host-realm", LISTEN_SYMBOLS, 800, errors, begin);
	world_end();
}

/* ---- between Realms, against the channel's direction: where another edge goes that way. Else nothing is seen ---- */

enum { READER, WRITER };

static void waits(bool back)
{
	struct plan *p = &world.plan;
	uint64_t begin, errors = 0;
	const uint64_t *told;

	memset(&world, 0, sizeof(world));
	plan_role(p, "reader", 0, 0, REALM_SENDER + COVERT_READER);
	plan_role(p, "writer", MICA_RIGHT_HOSTCALL, 0, REALM_SENDER + COVERT_WRITER);
	plan_channel(p, "c0");
	if (back)
		plan_gate(p, READER, WRITER);
	plan_grant(p, READER, 0, MICA_GRANT_R, 0, AT_DELIVER);
	plan_grant(p, WRITER, 0, MICA_GRANT_RW, MICA_NO_SIGNAL, AT_DELIVER);
	world_start(PLAN_ROLES, 0);
	begin = counter();
	for (unsigned int i = 0; i < WAIT_SYMBOLS; i++) {
		enter(READER);
		while (enter(WRITER) != RMI_EXIT_MICA_IDLE)
			;
	}
	begin = counter() - begin;
	EXPECT_EQ(enter(WRITER), RMI_EXIT_HOST_CALL);
	told = guest_exit(WRITER)->gprs;
	for (uint64_t i = 0; i < WAIT_SYMBOLS; i++)
		errors += (told[i / 64] >> i % 64 & 1) != (covert_symbol(i) & 1);
	if (back)
		show("reader-waits", "realm-realm", WAIT_SYMBOLS, 100, errors, begin);
	else
		EXPECT_EQ(told[WAIT_SYMBOLS / 64], 0);	/* all signals took the same time */
	world_end();
}

void residual_run(void)
{
	uint64_t hz;

	__asm__ volatile("mrs %0, cntfrq_el0" : "=r"(hz));
	bare_puts("residual-frequency ");
	bare_number(hz);
	bare_puts("\r\n");
	exits();
	lives("in-call-at-reset", COVERT_CALLER);
	lives("off-or-not", COVERT_OFF);
	delays();
	waits(true);
	waits(false);
}
