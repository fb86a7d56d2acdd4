/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two bound Realms with a gate between them: calls without an exit, what crosses, an interrupt and a stop while the callee
 * runs, a callee that switches itself off.
 */
#include "flow.h"
#include "realm/realm_abi.h"

enum { CALLER, SERVER };

static const struct flow_role roles[FLOW_ROLES] = {
	[CALLER] = { "caller", MICA_RIGHT_HOSTCALL, REALM_GATE_CALLER },
	[SERVER] = { "server", 0, REALM_GATE_SERVER },
};

/* The caller is back from a call with @status and its two results, and tells; it will ask @next then. */
static void expect_told(struct flow *f, uint64_t status, uint64_t first, uint64_t next)
{
	struct rmi_rec_run *run = realm_run(&f->realm[CALLER]);
	unsigned int strange = 0;

	EXPECT_EQ(run->exit.exit_reason, RMI_EXIT_HOST_CALL);
	EXPECT_EQ(run->exit.imm, REALM_CALL_GATE);
	EXPECT_EQ(run->exit.gprs[0], status);
	EXPECT_EQ(run->exit.gprs[1], first);
	EXPECT_EQ(run->exit.gprs[2], 0);		/* what the server found */
	for (unsigned int i = 3; i < 31; i++)
		strange += run->exit.gprs[i] != (i <= 8 ? 0 : REALM_CALLER_REGS + i);
	EXPECT_EQ(strange, 0);
	run->enter.gprs[0] = next;
}

/* ---- the second CPU: waits until the server spins, then interrupts the first ---- */

#define GICD_CTLR	((volatile uint32_t *)0x08000000)
#define GICR_ISENABLER0	((volatile uint32_t *)0x080b0100)	/* SGIs and PPIs of CPU 0 */
#define GRP1_NS		2U
#define SGI		3UL
#define SPURIOUS	1023

static void irq_on(void)
{
	*GICD_CTLR |= GRP1_NS;
	*GICR_ISENABLER0 = 1U << SGI;
	__asm__ volatile("msr s3_4_c12_c9_5, %0\n\tisb\n\t"		/* ICC_SRE_EL2 */
			 "msr s3_0_c4_c6_0, %1\n\t"			/* ICC_PMR_EL1 */
			 "msr s3_0_c12_c12_7, %2\n\tisb"		/* ICC_IGRPEN1_EL1 */
			 : : "r"(0xfUL), "r"(0xffUL), "r"(1UL) : "memory");
}

static void start(struct flow *f, uint16_t vmid)
{
	flow_start(f, roles, true, vmid);
	EXPECT_EQ(flow_enter(f, SERVER), RMI_SUCCESS);
	EXPECT_EQ(flow_left(f, SERVER)->exit_reason, RMI_EXIT_MICA_PARKED);
	EXPECT(only_reason(flow_left(f, SERVER)));
	EXPECT_EQ(flow_enter(f, SERVER), MICA_POLICY(MICA_RULE_PARKED));
}

static uint64_t irq_take(void)
{
	uint64_t id;

	__asm__ volatile("mrs %0, s3_0_c12_c12_0\n\tdsb sy" : "=r"(id) : : "memory");	/* ICC_IAR1_EL1 */
	if (id != SPURIOUS)
		__asm__ volatile("msr s3_0_c12_c12_1, %0\n\tisb" : : "r"(id) : "memory");	/* ICC_EOIR1_EL1 */
	return id;
}

struct kick {
	volatile uint64_t *shared;
	uint64_t wf;			/* stop it first, unless 0 */
	uint64_t server;
	uint64_t seen[3];		/* REC_ENTER, REC_DESTROY of the server meanwhile; WF_STOP */
};

static void kick_cpu0(void *arg)
{
	struct kick *k = arg;

	while (k->shared[1] == 0)
		;
	k->seen[0] = RMI0(REC_ENTER, k->server, page_alloc(1, GRANULE_SIZE));
	if (k->wf != 0)
		k->seen[2] = MICA0(WF_STOP, k->wf);
	k->seen[1] = RMI0(REC_DESTROY, k->server);
	__asm__ volatile("dsb sy\n\tmsr s3_4_c12_c9_5, %0\n\tisb\n\t"
			 "msr s3_0_c12_c11_5, %1\n\tisb"		/* ICC_SGI1R_EL1: to affinity 0 */
			 : : "r"(0xfUL), "r"(SGI << 24 | 1) : "memory");
}

/* The caller asks the server to spin; CPU 1 does what @k says; the entry that this ends. */
static void interrupt(struct flow *f, struct kick *k)
{
	k->shared = page_ptr(f->realm[SERVER].shared);
	k->server = f->realm[SERVER].rec;
	k->shared[0] = k->shared[1] = 0;
	on_cpu1(kick_cpu0, k);
	EXPECT_EQ(flow_enter(f, CALLER), RMI_SUCCESS);
	wait_cpu1();
	EXPECT_EQ(irq_take(), SGI);
	/* it runs, in the entry of its caller: no host sees a difference, and none may take it away */
	EXPECT_EQ(k->seen[0], MICA_POLICY(MICA_RULE_PARKED));
	EXPECT_EQ(k->seen[1], k->wf != 0 ? RMI_ERROR_REC : MICA_POLICY(MICA_RULE_SEALED));
	EXPECT(only_reason(flow_left(f, CALLER)));
}

static void calls(struct flow *f)
{
	struct kick k = { .wf = 0 };

	EXPECT_EQ(flow_enter(f, CALLER), RMI_SUCCESS);
	expect_told(f, RSI_SUCCESS, REALM_ASK_ANSWER + 1, REALM_ASK_ANSWER + 1);
	EXPECT_EQ(flow_enter(f, CALLER), RMI_SUCCESS);
	expect_told(f, RSI_SUCCESS, REALM_ASK_ANSWER + 2, REALM_ASK_IDLE);
	realm_run(&f->realm[CALLER])->enter.flags = RMI_ENTER_TRAP_WFI;
	EXPECT_EQ(flow_enter(f, CALLER), RMI_SUCCESS);
	EXPECT_EQ(flow_left(f, CALLER)->exit_reason, RMI_EXIT_MICA_IDLE);
	EXPECT(only_reason(flow_left(f, CALLER)));
	EXPECT_EQ(flow_enter(f, SERVER), MICA_POLICY(MICA_RULE_PARKED));
	EXPECT_EQ(flow_enter(f, CALLER), RMI_SUCCESS);
	expect_told(f, RSI_SUCCESS, REALM_ASK_IDLE + 1, REALM_ASK_SPIN);

	interrupt(f, &k);
	EXPECT_EQ(flow_left(f, CALLER)->exit_reason, RMI_EXIT_IRQ);
	EXPECT_EQ(flow_enter(f, SERVER), MICA_POLICY(MICA_RULE_PARKED));
	k.shared[0] = 1;
	EXPECT_EQ(flow_enter(f, CALLER), RMI_SUCCESS);
	expect_told(f, RSI_SUCCESS, REALM_ASK_SPIN + 1, REALM_ASK_SPIN);
}

void test_gates(void)
{
	struct kick stop = { 0 };
	struct flow f;

	irq_on();
	start(&f, 20);
	calls(&f);
	stop.wf = f.wf;
	interrupt(&f, &stop);
	EXPECT_EQ(stop.seen[2], RMI_SUCCESS);
	EXPECT_EQ(flow_left(&f, CALLER)->exit_reason, RMI_EXIT_MICA_STOPPED);
	EXPECT_EQ(flow_enter(&f, CALLER), MICA_POLICY(MICA_RULE_WF_STATE));
	flow_end(&f);

	start(&f, 22);
	EXPECT_EQ(flow_enter(&f, CALLER), RMI_SUCCESS);
	expect_told(&f, RSI_SUCCESS, REALM_ASK_ANSWER + 1, REALM_ASK_OFF);
	EXPECT_EQ(flow_enter(&f, CALLER), RMI_SUCCESS);
	expect_told(&f, MICA_POLICY(MICA_RULE_PEER_GONE), 0, REALM_ASK_ANSWER);
	EXPECT_EQ(flow_enter(&f, SERVER), RMI_RET(RMI_ERROR_REALM, 1));
	flow_end(&f);
}
