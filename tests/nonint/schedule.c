/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The recorded run. The host knows nothing of the secret: what it does next depends on what it was shown alone, and on flags that two runs
 * share. Confined: alpha, keeper, vault.
 */
#include "nonint.h"
#include "realm/realm_abi.h"

#define IRQ_AFTER	3000000UL	/* ticks: an entry that runs so long is interrupted */
#define TURNS		12
#define TURNS_SHORT	3

static uint64_t flags;
static bool gone[ROLES];		/* off, or stuck in an exit that this host does not complete */

static void plan(void)
{
	struct plan *p = &world.plan;
	uint32_t rights = (uint32_t)(flags >> RUN_RIGHTS) & MICA_RIGHTS_ALL;
	uint64_t how = (flags & RUN_VARIABLE ? ARG_VARIABLE : 0) | (flags & RUN_CODE_KIND ? ARG_CODE_KIND : 0) |
		       (flags & RUN_SHORT ? ARG_SHORT : 0);

	plan_role(p, "alpha", rights, 0, ROLE_ALPHA | how);
	plan_role(p, "keeper", 0, MICA_ROLE_RESTART, ROLE_KEEPER | how);
	plan_role(p, "origin", 0, 0, ROLE_ORIGIN);
	plan_role(p, "outsider", MICA_RIGHT_HOSTCALL, 0, ROLE_OUTSIDER | how);
	plan_role(p, "teller", 0, MICA_ROLE_DECLASSIFIES, ROLE_TELLER);
	plan_role(p, "vault", 0, 0, ROLE_VAULT);
	plan_gate(p, ROLE_ALPHA, ROLE_VAULT);
	plan_channel(p, "deliver");
	plan_channel(p, "kept");
	plan_channel(p, "report");
	plan_channel(p, "secret");
	if (flags & RUN_WINDOW)
		plan_region(p, ROLE_ALPHA, MICA_REGION_WINDOW, AT_WINDOW, MICA_REGION_WRITE);
	if (rights & MICA_RIGHT_MMIO)
		plan_region(p, ROLE_ALPHA, MICA_REGION_DEVICE, AT_DEVICE, MICA_REGION_WRITE);
	if (rights & MICA_RIGHT_IRQ)
		plan_region(p, ROLE_ALPHA, MICA_REGION_INTIDS, 40, 0);
	plan_region(p, ROLE_ORIGIN, MICA_REGION_WINDOW, AT_WINDOW, MICA_REGION_READ);
	plan_region(p, ROLE_OUTSIDER, MICA_REGION_WINDOW, AT_WINDOW, MICA_REGION_READ | MICA_REGION_WRITE);
	plan_region(p, ROLE_TELLER, MICA_REGION_WINDOW, AT_WINDOW, MICA_REGION_WRITE);
	plan_grant(p, ROLE_ALPHA, 0, MICA_GRANT_RW, MICA_NO_SIGNAL, AT_DELIVER);
	plan_grant(p, ROLE_ALPHA, 2, MICA_GRANT_RW, MICA_NO_SIGNAL, AT_REPORT);
	plan_grant(p, ROLE_ALPHA, 3, MICA_GRANT_R, 0, AT_SECRET);
	plan_grant(p, ROLE_KEEPER, 0, MICA_GRANT_R, 0, AT_DELIVER);
	plan_grant(p, ROLE_KEEPER, 1, MICA_GRANT_RW, MICA_NO_SIGNAL, AT_KEPT);
	plan_grant(p, ROLE_ORIGIN, 3, MICA_GRANT_RW, MICA_NO_SIGNAL, AT_SECRET);
	if (flags & RUN_GRANT)
		plan_grant(p, ROLE_OUTSIDER, 0, MICA_GRANT_R, 0, AT_DELIVER);
	plan_grant(p, ROLE_TELLER, 1, MICA_GRANT_R, 0, AT_KEPT);
	plan_grant(p, ROLE_TELLER, 2, MICA_GRANT_R, 1, AT_REPORT);
}

/* ---- entries ---- */

static struct rmi_rec_enter *entry(unsigned int role)
{
	return page_ptr(world.guest[role].run);
}

/* One entry; false: this role's turn is over. */
static bool enter(unsigned int role)
{
	struct rmi_rec_enter *e = entry(role);
	const struct rmi_rec_exit *x = guest_exit(role);

	if (gone[role])
		return false;
	e->flags |= RMI_ENTER_TRAP_WFI | RMI_ENTER_TRAP_WFE;
	if (guest_enter(role) != RMI_SUCCESS)
		return false;
	e->flags = 0;
	if (x->exit_reason == RMI_EXIT_MICA_OFF || x->exit_reason == RMI_EXIT_PSCI)
		gone[role] = true;
	if (x->exit_reason == RMI_EXIT_SYNC && x->hpfar != 0)
		e->flags = RMI_ENTER_EMUL_MMIO;
	return !gone[role] && x->exit_reason != RMI_EXIT_MICA_PARKED;
}

static void info(void)
{
	for (unsigned int i = 0; i < ROLES; i++) {
		MICA(WF_INFO, world.wf, MICA_INFO_ROLE, i);
		if (!gone[i])
			RMI(RTT_READ_ENTRY, world.guest[i].rd, AT_DELIVER, 3);
		for (unsigned int rule = 1; rule < MICA_RULES; rule++)
			if (flags >> RUN_RIGHTS & MICA_RIGHT_AUDIT || rule == MICA_RULE_HOSTCALL)
				MICA(AUDIT_READ, world.wf, i, rule);
	}
	for (unsigned int i = 0; i < world.plan.channels; i++)
		MICA(WF_INFO, world.wf, MICA_INFO_CHANNEL, i);
	MICA(WF_INFO, world.wf, MICA_INFO_STATE, 0);
}

/* So many entries, unless the role is parked or gone. */
static void turn(unsigned int role, unsigned int entries)
{
	for (unsigned int i = 0; i < entries && enter(role); i++)
		;
}

static void round_of_all(unsigned int alphas)
{
	turn(ROLE_ORIGIN, 2);
	for (unsigned int i = 0; i < alphas; i++) {
		turn(ROLE_ALPHA, 4);
		turn(ROLE_KEEPER, 4);
		turn(ROLE_TELLER, 2);
	}
	turn(ROLE_OUTSIDER, 1);
	info();
}

/* ---- the run ---- */

/* Refused, and the answer is recorded: what a host may try at any time. */
static void cheat(void)
{
	const struct guest *g = &world.guest[ROLE_ALPHA];

	for (unsigned int i = 0; i < ROLES; i++) {
		RMI(REC_DESTROY, world.guest[i].rec);
		RMI(RTT_SET_RIPAS, world.guest[i].rd, world.guest[i].rec, 0, PAGE);
		RMI(PSCI_COMPLETE, world.guest[i].rec, world.guest[i].rec, 0);
		RMI(REALM_DESTROY, world.guest[i].rd);
	}
	RMI(DATA_DESTROY, g->rd, 0);
	RMI(RTT_DESTROY, g->rd, 0, 3);
	RMI(GRANULE_UNDELEGATE, g->pages[0]);
	RMI(GRANULE_UNDELEGATE, g->rec);
	RMI(REC_ENTER, world.guest[ROLE_VAULT].rec, world.guest[ROLE_VAULT].run);
}

static void reset_keeper(void)
{
	EXPECT_EQ(MICA0(ROLE_RESET, world.wf, ROLE_KEEPER), RMI_SUCCESS);
	enter(ROLE_KEEPER);
	guest_unload(ROLE_KEEPER);
	record_sweep("keeper is gone");
	guest_load(ROLE_KEEPER);
}

static void see_tallies(void)
{
	const struct tally *t = page_ptr(world.guest[ROLE_TELLER].window);

	for (unsigned int i = 0; i < 2; i++) {
		EXPECT(t[i].rounds > 1);
		EXPECT_EQ(t[i].unexpected, 0);
		EXPECT_EQ(t[i].first, ~0UL);
		EXPECT_EQ(t[i].had_secret, 1);
		EXPECT_EQ(t[i].residue, 0);
		bare_puts(i == TELL_ALPHA ? "attempts of alpha " : "attempts of keeper ");
		bare_number(t[i].attempts);
		bare_puts("\r\n");
	}
}

void nonint_run(uint64_t run_flags)
{
	unsigned int turns;

	flags = run_flags;
	turns = flags & RUN_SHORT ? TURNS_SHORT : TURNS;
	plan();
	record_start();
	world_start(ROLE_ORIGIN, SEED_PAGE);
	record_page(world.guest[ROLE_OUTSIDER].window, "outsider's window");
	record_page(world.guest[ROLE_TELLER].window, "teller's window");
	if (flags & RUN_WINDOW)
		record_page(world.guest[ROLE_ALPHA].window, "alpha's window");
	record_sweep("built");
	record_irq_after = flags & RUN_VARIABLE ? 0 : IRQ_AFTER;

	turn(ROLE_OUTSIDER, 1);
	turn(ROLE_VAULT, 2);
	for (unsigned int i = ROLE_ALPHA; i <= ROLE_TELLER; i++)
		if (i != ROLE_OUTSIDER)
			turn(i, 1);
	for (unsigned int i = 0; i < turns; i++) {
		round_of_all(i == 0 ? 10 : 2);
		cheat();
		record_sweep("round");
		if (i == turns / 2 && !(flags & RUN_SHORT))
			reset_keeper();
	}
	if (!(flags & RUN_SHORT))
		see_tallies();
	record_irq_after = 0;
	world_end();
	record_sweep("taken down");
	record_end();
}
